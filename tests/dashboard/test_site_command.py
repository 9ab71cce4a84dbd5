"""`python -m dashboard site`: hand-counted plans of the four areas, Texas on the real tables, errors.

Four areas: see test_planning.py. Own candidates stand at B, C and D (1, 2 and 10 degrees).
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

from dashboard import __main__ as command_line
from dashboard import kept, patients, planning, queries, services, site_command
from dashboard.patients import Patients
from dashboard.plan_state import PlanSettings
from dashboard.services import planner
from dashboard.site_arguments import parse
from dashboard.state import Selection
from data import load
from data.fingerprint import fingerprint
from geo.siting.problem import Control, Plan, Progress

ROOT = Path(__file__).resolve().parents[2]
REQUIRED = (
    "status",
    "objective",
    "bound",
    "gap",
    "seconds",
    "ceiling",
    "greedy_objective",
    "sites",
)
OF_SITE = ("id", "name", "lat", "lon", "people_added", "role", "state", "patients_added", "minutes_saved")  # fmt: skip
SITES = "id,name,lat,lon\nb,B site,0,1\nc,C site,0,2\nd,D site,0,10\n"
COUNTED = ("site", "--model", "straight", "--minutes", "84", "--count", "2")


def run(*arguments: str) -> int:
    """Exit code of the command line, however it ends."""
    try:
        return command_line.main(arguments)
    except SystemExit as end:
        return int(end.code or 0)


def answer(capsys, *arguments: str, code: int = 0) -> dict:
    assert run(*arguments, "--json") == code
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def small_country(monkeypatch, areas, centres, tmp_path):
    """The country of conftest.py instead of the committed tables, and a file of three candidates."""
    counties = areas.frame.assign(county_fips=["01001", "01003", "01003", "56001"])
    monkeypatch.setattr(queries, "load_areas", lambda: replace(areas, frame=counties))
    monkeypatch.setattr(load, "treatment_centers", lambda: centres.iloc[:2])
    monkeypatch.setattr(queries, "county_labels", lambda: {"01003": "Adam, AL"})
    one = replace(patients.TODAY[0], key="dlbcl", label="dlbcl")
    sick = np.array([15.0, 30.0, 45.0, 60.0])
    bounds = np.array([0.0, 1.0, 3.0])[:, None]
    counts = {"adult": np.array([sick * bounds]), "pediatric": np.array([sick / 5 * bounds])}
    expected = Patients((one,), counts, (), np.zeros((1, 3)))
    monkeypatch.setattr(patients, "load_facts", lambda _: None)
    monkeypatch.setattr(patients, "expected", lambda _: expected)
    read, write = kept.read, kept.write
    monkeypatch.setattr(kept, "read", lambda key, size: read(key, size, tmp_path))
    monkeypatch.setattr(kept, "write", lambda key, found: write(key, found, tmp_path))
    file = tmp_path / "sites.csv"
    file.write_text(SITES)
    return file


# --- Counted ------------------------------------------------------------------------------------


def test_the_answer_counted_by_hand(capsys, small_country):
    found = answer(capsys, *COUNTED, "--candidates", str(small_country))
    assert set(REQUIRED) <= set(found)
    assert found["status"] == "optimal"
    assert (found["objective"], found["bound"], found["ceiling"]) == (750, 750, 750)
    assert (found["greedy_objective"], found["gap"]) == (750, 0)
    assert (found["greedy_share"], found["share_of_ceiling"]) == (1, 1)
    assert (found["people"], found["baseline"], found["covered_after"]) == (1100, 350, 1100)
    assert found["question"] == {
        "objective": "mclp", "label": "Most people within the threshold", "unit": "persons",
        "better": "more", "role": "infusion",
    }  # fmt: skip
    assert (found["count"], found["minutes"], found["miles"], found["demand"]) == (
        2, 84, None, "people",
    )  # fmt: skip
    assert found["candidates"] == {"source": "file", "number": 3, "left_out": {}}
    assert found["tables"] == fingerprint()
    first, second = found["sites"]
    assert set(OF_SITE) <= set(first)
    assert (first["id"], first["name"], first["role"]) == ("d", "D site", "infusion")
    assert (first["lat"], first["lon"], first["state"]) == (0, 10, "WY")
    assert (first["people_added"], first["patients_added"]) == (440, 72)
    assert first["minutes_saved"] == 300
    assert (second["id"], second["people_added"]) == ("b", 310)
    assert second["minutes_saved"] == pytest.approx(83.4)
    assert (found["left"], found["reasons"]) == ([], [])


@pytest.mark.parametrize(
    ("arguments", "objective", "unit"),
    [
        (("--objective", "mclp"), 750, "persons"),
        (("--objective", "lscp"), 2, "sites"),
        (("--objective", "lscp", "--budget", "8"), 6, "million USD"),
        (("--objective", "p-center"), 83.39631, "minutes"),
        (("--objective", "backup", "--backup-weight", "0"), 750, "persons"),
        (("--objective", "capacitated", "--capacity", "250"), 500, "persons"),
        (("--objective", "worst-off", "--count", "1"), 470 / 770, "share"),
        (
            ("--role", "both", "--collect-minutes", "84"),
            (440 + 310 + 440) / 2,
            "persons, half for each role",
        ),
        (("--demand", "patients"), 120, "patients a year"),
        (("--objective", "patients"), 120, "patients a year"),
        (("--rural-weight", "2"), 880 + 610, "weighted persons"),
    ],
)
def test_every_objective(capsys, small_country, arguments, objective, unit, monkeypatch):
    # Cells are collected at B, so of collection only D adds anything: 440.
    blood = load.blood_centers().iloc[:1].assign(lat=0.0, lon=1.0, roles="cell_collection")
    monkeypatch.setattr(load, "blood_centers", lambda: blood)
    monkeypatch.setattr(site_command.map_spec, "choose_blood", lambda table, _: table)
    line = [*COUNTED, "--candidates", str(small_country), *arguments]
    if "--count" in arguments:
        line[line.index("--count") : line.index("--count") + 2] = []
    found = answer(capsys, *line)
    assert found["status"] == "optimal"
    assert found["objective"] == pytest.approx(objective, abs=1e-5)
    assert found["bound"] == pytest.approx(found["objective"], abs=1e-5)
    assert found["question"]["unit"] == unit
    less = found["question"]["better"] == "less"
    assert less == (arguments[1] in planning.LESS_IS_BETTER)
    if found["greedy_objective"] is not None:
        worse = found["greedy_objective"] >= found["objective"] - 1e-6
        assert worse if less else found["greedy_objective"] <= found["objective"] + 1e-6
    # The same in words.
    assert run(*line) == 0
    printed = capsys.readouterr().out
    assert "proven best" in printed
    assert all(site["id"] in printed for site in found["sites"])


@pytest.mark.parametrize("objective", ["hours", "dollars"])
def test_courses_of_care(capsys, small_country, objective):
    line = [*COUNTED, "--objective", objective, "--candidates", str(small_country)]
    found = answer(capsys, *line)
    assert found["status"] == "optimal"
    assert found["demand"] == "patients"
    assert found["objective"] == pytest.approx(found[f"{objective}_saved"], abs=0.1)
    each = [site[f"{objective}_saved"] for site in found["sites"]]
    assert sum(each) == pytest.approx(found["objective"], abs=0.2)
    assert 0 < found[f"{objective}_saved"] < found[f"{objective}_before"]
    assert run(*line) == 0
    assert f"patient {objective} saved" in capsys.readouterr().out


def test_slots_of_todays_centres_are_those_of_the_pages(capsys):
    plan = PlanSettings(objective="capacitated", demand="patients", count=2, where="state:NM")
    asked = ("--objective", "capacitated", "--demand", "patients")
    found = answer(capsys, "site", "--state", "NM", "--count", "2", *asked)
    question = planner.setup_of(Selection(state="NM"), plan)
    outcome = planner.outcome_of(
        Selection(state="NM"),
        plan,
        planning.options_of(question, [s["id"] for s in found["sites"]]),
    )
    assert found["without_slot"] == pytest.approx(outcome.totals["without_slot"], abs=0.1)
    assert 0 < found["objective"] <= found["without_slot"]


def test_least_travel_tells_the_mean_before_and_after(capsys, small_country):
    found = answer(capsys, *COUNTED, "--objective", "p-median", "--candidates", str(small_country))
    degree = 83.39631
    assert found["question"]["unit"] == "persons x minutes saved"
    assert found["objective"] == pytest.approx(440 * 300 + 600 * degree, rel=1e-6)
    assert found["mean_before"] == pytest.approx((840 * degree + 440 * 300) / 1100, abs=0.01)
    assert found["mean_after"] == pytest.approx(240 * degree / 1100, abs=0.01)
    assert found["mean_before"] - found["mean_after"] == pytest.approx(
        found["objective"] / 1100, abs=0.02
    )


def test_a_distance(capsys, small_country):
    found = answer(
        capsys, "site", "--model", "straight", "--miles", "70", "--candidates", str(small_country)
    )
    assert (found["miles"], found["minutes"], found["objective"]) == (70, None, 750)
    saved = {site["id"]: site["miles_saved"] for site in found["sites"]}
    assert saved["b"] == pytest.approx(69.1, abs=0.01)
    assert saved["d"] == pytest.approx(300 / 1.609344, abs=0.01)  # km count up to 300
    minutes = {site["id"]: site["minutes_saved"] for site in found["sites"]}
    assert minutes == {"d": 300.0, "b": pytest.approx(83.4)}


def test_forced_sites_and_points(capsys, small_country):
    line = (*COUNTED, "--candidates", str(small_country))
    found = answer(capsys, *line, "--force-in", "c", "--force-out", "d")
    assert {site["id"] for site in found["sites"]} == {"c", "b"}
    assert found["left"] == [{"reason": "The only candidates near are kept out", "persons": 440}]
    found = answer(capsys, *line, "--force-in", "@0,10.5")
    assert {site["id"] for site in found["sites"]} == {"@0,10.5", "b"}
    assert found["objective"] == 750


def test_a_budget_is_kept_and_what_breaks_it_is_told(capsys, small_country):
    line = (*COUNTED, "--candidates", str(small_country), "--cost-infusion", "3")
    found = answer(capsys, *line, "--budget", "5")
    assert [site["id"] for site in found["sites"]] == ["d"]
    assert (found["cost_million_usd"], found["budget_million_usd"]) == (3, 5)
    line = (*line, "--budget", "5", "--force-in", "b", "--force-in", "c")
    found = answer(capsys, *line, code=1)
    assert found["status"] == "infeasible"
    assert found["reasons"] == ["the sites forced in cost 6, more than the budget 5"]
    assert (found["objective"], found["bound"], found["gap"], found["ceiling"]) == (None,) * 4
    assert (found["sites"], found["covered_after"], found["baseline"]) == ([], None, 350)
    assert run(*line) == 1
    assert "- the sites forced in cost 6, more than the budget 5" in capsys.readouterr().out


def test_all_that_is_wrong_is_told_at_once(capsys, small_country):
    assert run(*COUNTED, "--count", "3", "--state", "ZZ", "--capacity", "0") == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    for option in ("--count", "--state", "--capacity"):
        assert f"argument {option}:" in told
    line = (*COUNTED, "--candidates", str(small_country))
    assert run(*line, "--force-in", "x", "--force-out", "y") == 2
    assert "x, y are not among the candidates" in capsys.readouterr().err
    assert run(*line, "--objective", "p-center", "--role", "both") == 2
    assert "This objective is about one role" in capsys.readouterr().err


def test_a_file_with_problems_is_named(capsys, small_country):
    small_country.write_text("id,name,lat,lon\nb,B,0,1\nc,C,95,2\nd,,0,999\n")
    assert run(*COUNTED, "--candidates", str(small_country)) == 2
    told = capsys.readouterr().err
    assert str(small_country) in told
    assert "row 3" in told
    assert "row 4" in told
    assert run(*COUNTED, "--candidates", "nowhere.csv") == 2
    assert "nowhere.csv" in capsys.readouterr().err


@pytest.mark.usefixtures("small_country")
def test_a_table_of_hospitals_is_known_by_its_columns(capsys, monkeypatch):
    hospitals = ROOT / "tests" / "golden" / "hospitals_hifld.csv"
    monkeypatch.setattr(site_command.candidates, "ABROAD", "far away")
    assert run(*COUNTED, "--candidates", str(hospitals)) == 2
    assert "far away" in capsys.readouterr().err  # no hospital stands on the equator


# --- On the real tables -------------------------------------------------------------------------

TEXAS = ("site", "--state", "TX", "--count", "4")


@pytest.fixture(scope="module")
def texas() -> dict:
    code = "from dashboard.__main__ import main; raise SystemExit(main())"
    command = [sys.executable, "-c", code, *TEXAS, "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == ""  # progress is for terminals
    return json.loads(done.stdout)


def test_texas_adds_up(texas):
    assert texas["status"] == "optimal"
    assert 0 <= texas["gap"] <= 1e-6
    assert len(texas["sites"]) == 4
    assert all(isinstance(site["people_added"], int) for site in texas["sites"])
    assert sum(site["people_added"] for site in texas["sites"]) == texas["objective"]
    assert texas["baseline"] + texas["objective"] == texas["covered_after"]
    left = sum(reason["persons"] for reason in texas["left"])
    assert texas["covered_after"] + left == texas["people"]
    assert texas["greedy_objective"] <= texas["objective"] <= texas["ceiling"]
    assert {site["state"] for site in texas["sites"]} == {"TX"}
    assert texas["candidates"]["left_out"] == {"outside the region": 933 - texas["candidates"]["number"]}  # fmt: skip


def test_the_same_call_gives_the_same_plan(capsys, texas):
    again = answer(capsys, *TEXAS)
    assert again | {"seconds": 0} == texas | {"seconds": 0}


def test_the_pages_give_the_same_plan(texas):
    view = Selection(within=60, state="TX")
    plan = PlanSettings(where="state:TX", count=4)
    question = planner.setup_of(view, plan)
    found = planning.solve(question, Control(30))
    outcome = services.planner.outcome_of(view, plan, found)
    assert found.objective == texas["objective"]
    assert list(outcome.sites["id"]) == [site["id"] for site in texas["sites"]]
    assert outcome.sites["people_added"].tolist() == [s["people_added"] for s in texas["sites"]]


def test_second_sites_are_those_of_the_pages(capsys):
    found = answer(capsys, *TEXAS, "--objective", "backup")
    view = Selection(within=60, state="TX")
    plan = PlanSettings(where="state:TX", count=4, objective="backup")
    page = planning.solve(planner.setup_of(view, plan), Control(30))
    assert found["objective"] == pytest.approx(page.objective)


def test_collection_is_that_of_the_pages(capsys):
    line = (*TEXAS, "--role", "mixed", "--budget", "8", "--candidates", "blood_centers")
    found = answer(capsys, *line)
    view = Selection(within=60, state="TX")
    plan = PlanSettings(
        source="blood_centers", where="state:TX", count=4, site_role="mixed", budget=8.0
    )
    page = planning.solve(planner.setup_of(view, plan), Control(30))
    assert found["objective"] == pytest.approx(page.objective)
    assert found["cost_million_usd"] <= 8
    assert found["collection_before"] <= found["collection_after"]


# --- Waiting and stopping -----------------------------------------------------------------------


@pytest.fixture
def question(small_country):
    request = parse([*COUNTED[1:], "--candidates", str(small_country)])
    return site_command.question_of(request, lambda _: None)


def slow(plan: Plan, begun: threading.Event):
    """Search that ends when it is told to, with a plan that is not proven."""

    def solve(_: planning.Setup, control: Control) -> Plan:
        control.report(Progress("Searching", 0.25, 440.0, 900.0))
        begun.set()
        while control.stopped() is None:
            time.sleep(0.005)
        return replace(plan, status=control.stopped(), bound=900.0, gap=150 / 750)

    return solve


def test_a_time_limit_gives_the_best_plan_with_its_gap(monkeypatch, question):
    plan = planning.solve(question, Control(5))
    monkeypatch.setattr(planning, "solve", slow(plan, threading.Event()))
    told: list[Progress] = []
    found = site_command.solved(question, 0.5, told.append)
    assert (found.status, found.gap) == ("time_limit", 0.2)
    assert Progress("Searching", 0.25, 440.0, 900.0) in told


@pytest.mark.usefixtures("heard")
def test_ctrl_c_gives_the_best_plan_so_far(monkeypatch, question, capsys, small_country):
    plan, begun = planning.solve(question, Control(5)), threading.Event()
    monkeypatch.setattr(planning, "solve", slow(plan, begun))

    def interrupt() -> None:
        assert begun.wait(20)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    found = answer(capsys, *COUNTED, "--candidates", str(small_country))
    assert (found["status"], found["objective"], found["bound"]) == ("cancelled", 750, 900)
    assert found["gap"] == pytest.approx(0.2)


@pytest.mark.usefixtures("heard")
def test_a_second_ctrl_c_ends(monkeypatch, question):
    begun = threading.Event()

    def deaf(_: planning.Setup, control: Control) -> None:
        begun.set()
        while not control.cancelled():
            time.sleep(0.005)
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.5)

    def interrupt() -> None:
        assert begun.wait(20)
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(planning, "solve", deaf)
    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        site_command.solved(question, 30.0, lambda _: None)


def test_progress_is_shown_on_terminals_only():
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    progress = Progress("Searching", 0.25, 1234.0, 5678.0)
    for stream, shown in ((Terminal(), True), (StringIO(), False)):
        line = site_command.Line(stream)
        line.say(progress)
        assert ("Searching: 25%; best 1,234, bound 5,678" in stream.getvalue()) == shown
        line.clear()
        assert stream.getvalue().endswith("\r" if shown else "")
        assert "\n" not in stream.getvalue()
