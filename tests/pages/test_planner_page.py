"""The Expansion planner, through the whole app, in straight lines."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest
from opening import WAIT_S, Open, sent_late, waited
from streamlit.testing.v1 import AppTest

from dashboard.jobs import Job
from dashboard.plan_state import LABELS, PlanSettings
from dashboard.services import plan_pages, planner
from dashboard.state import Selection

VIEW: Final = Selection(model="straight", state="TX")
GOOD: Final = b"name,lat,lon,cost,forced\nLubbock,33.57,-101.85,2,in\nLaredo,27.53,-99.48,,\n"
BAD: Final = b"name,lat,lon,cost\nA,133.5,-101.8,1\nB,27.5,-99.4,cheap\n"


@pytest.fixture
def plan(open_page: Open) -> Callable[..., AppTest]:
    """Open the planner for Texas, a small question."""

    def opened(**query: str | list[str]) -> AppTest:
        return waited(open_page("planner.py", **({"state": "TX", "count": "4"} | query)))

    return opened


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption, *app.info))


def headline(app: AppTest) -> str:
    return next(m.value for m in app.markdown if m.value.startswith("## "))


def button(app: AppTest, label: str) -> Any:
    return next(button for button in app.button if button.label == label)


def query(app: AppTest) -> dict[str, list[str]]:
    return {
        key: [value] if isinstance(value, str) else list(value)
        for key, value in app.query_params.items()
    }


def site_table(app: AppTest) -> Any:
    return next(d.value for d in app.dataframe if "people_added" in d.value)


def best() -> Any:
    job = planner.solving(VIEW, PlanSettings(count=4))
    assert job.wait(WAIT_S)
    return job.outcome()


def test_an_answer_at_once_with_its_proof(open_page: Open) -> None:
    app = waited(open_page("planner.py"))
    assert headline(app).startswith("## 20 infusion sites would bring ")
    assert "within 60 minutes: " in headline(app)
    assert "**Proven best** among all choices of 933 candidates: bound " in said(app)
    assert "All 933 together would bring " in said(app)
    assert not app.warning
    assert not app.error
    assert len(site_table(app)) == 20


def test_the_table_and_headline_are_those_of_the_solver(plan: Callable[..., AppTest]) -> None:
    app, answer = plan(), best()
    found = planner.outcome_of(VIEW, PlanSettings(count=4), answer)
    assert site_table(app)["id"].tolist() == found.sites["id"].tolist()
    assert f"{found.totals['gained'] / 1e6:.1f} million more people in Texas" in headline(app)
    assert found.totals["gained"] == pytest.approx(answer.objective)


@pytest.mark.parametrize("objective", LABELS["objective"])
def test_every_objective(objective: str, plan: Callable[..., AppTest]) -> None:
    app = plan(objective=objective)
    assert headline(app)
    assert "**Proven best**" in said(app)
    assert not app.error
    assert len(site_table(app)) >= (1 if objective == "lscp" else 4)


def test_hours_and_dollars_are_said_and_listed(plan: Callable[..., AppTest]) -> None:
    app = plan(objective="dollars")
    assert "would save patients in Texas" in headline(app)
    assert "many of them assumptions" in said(app) + " ".join(c.value for c in app.caption)
    table = site_table(app)
    assert (table[["hours_added", "dollars_added"]] > 0).all(axis=None)
    assert (table["rests_on"].str.startswith("assumptions")).all()
    assert "plan_demand" not in app.session_state  # they are about patients


def test_patients_lead_where_they_are_counted(plan: Callable[..., AppTest]) -> None:
    assert "patients a year in Texas, among" in headline(plan(objective="patients"))
    slots = plan(objective="capacitated", demand="patients")
    assert "without a slot today" in headline(slots)


@pytest.mark.parametrize("opens", LABELS["opens"])
def test_every_role(opens: str, plan: Callable[..., AppTest]) -> None:
    app = plan(opens=opens, collect="45")
    assert "**Proven best**" in said(app)
    assert ("45 minutes" in headline(app)) == (opens != "infusion")


def test_a_plan_that_cannot_be_says_why(plan: Callable[..., AppTest]) -> None:
    app = plan(budget="3", **{"in": ["cbsa:26420", "cbsa:19100"]})
    assert headline(app) == "## No plan keeps to these rules"
    assert "the sites forced in cost 6, more than the budget 3" in app.warning[0].value
    assert "larger budget" in app.warning[0].value


def test_without_candidates_the_way_out_is_said(plan: Callable[..., AppTest]) -> None:
    app = plan(where="state:WY", size="900000")
    problems = [box.value for box in app.error]
    assert len(problems) == 1
    assert "widen the region" in problems[0]


def test_settings_that_exclude_one_another(plan: Callable[..., AppTest]) -> None:
    app = plan(objective="p-center", opens="both")
    assert "This objective is about one role" in app.error[0].value


def test_a_link_reopens_every_setting(plan: Callable[..., AppTest]) -> None:
    link: dict[str, str | list[str]] = {
        "objective": "p-median",
        "count": "3",
        "where": "state:TX",
        "size": "50000",
        "budget": "9",
        "rural": "2",
        "demand": "patients",
        "indications": ["myeloma", "fl"],
        "one_per": "county",
        "spacing_km": "40",
        "out": ["cbsa:26420"],
        "shown": "Change",
    }
    app = plan(**link)
    assert not app.warning
    assert app.selectbox(key="plan_objective").value == "p-median"
    assert app.number_input(key="plan_count").value == 3
    assert app.number_input(key="plan_budget").value == 9
    assert app.multiselect(key="plan_indications").value == ["fl", "myeloma"]
    assert app.multiselect(key="plan_out").value == ["cbsa:26420"]
    after = query(app)
    for key, value in link.items():
        assert sorted(after[key]) == sorted([value] if isinstance(value, str) else value), key
    assert "cbsa:26420" not in site_table(app)["id"].tolist()


def test_widgets_write_the_link(plan: Callable[..., AppTest]) -> None:
    app = plan()
    app.number_input(key="plan_count").set_value(2).run()
    waited(app)
    assert query(app)["count"] == ["2"]
    assert headline(app).startswith("## 2 infusion sites")
    app.selectbox(key="plan_opens").set_value("collection").run()
    waited(app)
    assert query(app)["opens"] == ["collection"]
    button(app, "Defaults").click().run()
    waited(app)
    assert not {"count", "opens"} & set(query(app))


def test_the_plan_is_there_after_a_look_at_another_page(plan: Callable[..., AppTest]) -> None:
    app = plan(count="2", out=["cbsa:26420"])
    app.switch_page("../pages/map.py").run()
    app.switch_page("../pages/planner.py").run()
    waited(app)
    assert app.number_input(key="plan_count").value == 2
    assert query(app)["out"] == ["cbsa:26420"]


def test_work_that_was_stopped_says_so_and_can_go_on(
    plan: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = planner.solving(VIEW, PlanSettings(count=4))
    assert job.wait(WAIT_S)
    stopped = Job(result=replace(job.outcome(), status="cancelled", gap=0.02))
    stopped.cancel()
    monkeypatch.setattr(Job, "done", True)
    monkeypatch.setattr(planner, "solving", lambda *_: stopped)
    app = plan()
    assert "**Best found before it was cancelled**" in said(app)
    assert "at most 2.0% below the best possible" in said(app)
    monkeypatch.setattr(planner, "solving", lambda *_: job)
    button(app, "Search again").click().run()
    assert "**Proven best**" in said(waited(app))


def test_a_hidden_setting_stays(plan: Callable[..., AppTest]) -> None:
    app = plan(opens="collection", collect="30")
    app.selectbox(key="plan_opens").set_value("infusion").run()
    waited(app)
    app.selectbox(key="plan_opens").set_value("collection").run()
    assert waited(app).number_input(key="plan_collect").value == 30


def test_edits_by_hand_with_undo_and_redo(plan: Callable[..., AppTest]) -> None:
    app = plan()
    sites = site_table(app)["id"].tolist()
    proven = headline(app)
    assert button(app, "Undo").disabled
    app.multiselect(key="plan_by_name").set_value([*sites[1:], "cbsa:26420"]).run()
    changed = [*sites[1:], "cbsa:26420"]
    assert site_table(app)["id"].tolist() == changed
    assert query(app)["hand"] == changed
    assert headline(app).startswith("## Your 4 infusion sites")
    found = planner.by_hand(VIEW, PlanSettings(count=4), changed)
    loss = best().objective - found.totals["gained"]
    assert (
        f"fewer** than the proven plan of 4 sites: a loss of {loss / best().objective:.1%}"
        in said(app)
    )
    button(app, "Undo").click().run()
    assert headline(app) == proven
    assert "hand" not in query(app)
    button(app, "Redo").click().run()
    assert query(app)["hand"] == changed
    button(app, "Back to the proven plan").click().run()
    assert headline(app) == proven
    button(app, "Undo").click().run()
    assert query(app)["hand"] == changed


def test_edits_of_a_plan_without_a_number_of_sites_are_undone_too(
    plan: Callable[..., AppTest],
) -> None:
    app = plan(objective="lscp", model="straight", within="120")
    proven, sites = headline(app), site_table(app)["id"].tolist()
    app.multiselect(key="plan_by_name").set_value(sites[1:]).run()
    app.run()
    button(app, "Undo").click().run()
    assert headline(app) == proven
    assert "hand" not in query(app)


def test_what_a_browser_sends_late_takes_no_edit_back(plan: Callable[..., AppTest]) -> None:
    app = plan()
    proven, sites = headline(app), site_table(app)["id"].tolist()
    app.multiselect(key="plan_by_name").set_value(sites[:3]).run()
    sent_late(app, lambda: button(app, "Undo").click().run())
    assert headline(app) == proven
    sent_late(app, lambda: button(app, "Redo").click().run())
    assert query(app)["hand"] == sites[:3]
    app.multiselect[-1].set_value(sites[:2]).run()  # the list goes on to be heard
    assert query(app)["hand"] == sites[:2]
    button(app, "Back to the proven plan").click().run()
    app.number_input(key="plan_count").set_value(3).run()
    sent_late(app, lambda: waited(button(app, "Defaults").click().run()))
    assert "count" not in query(app)
    assert headline(app).startswith("## 20 infusion sites")


def test_a_site_is_forced_in_and_out_from_its_card(plan: Callable[..., AppTest]) -> None:
    app = plan()
    app.session_state["_plan_picked"] = ("site", "cbsa:26420")
    app.run()
    app.button(key="plan_keep_in").click().run()
    waited(app)
    assert query(app)["in"] == ["cbsa:26420"]
    assert "cbsa:26420" in site_table(app)["id"].tolist()
    app.button(key="plan_keep_out").click().run()
    waited(app)
    assert "in" not in query(app)
    assert query(app)["out"] == ["cbsa:26420"]
    app.button(key="plan_keep_out").click().run()
    assert "out" not in query(app)


def test_a_link_with_a_plan_by_hand(plan: Callable[..., AppTest]) -> None:
    app = plan(hand=["@31.5,-99.5", "cbsa:26420"])
    assert site_table(app)["id"].tolist() == ["@31.5,-99.5", "cbsa:26420"]
    assert site_table(app)["name"].iloc[0].startswith("Point near ")
    assert "It has 2 fewer." in said(app)


def test_an_empty_plan_by_hand(plan: Callable[..., AppTest]) -> None:
    app = plan(hand="")
    assert headline(app).startswith("## No new site: ")
    assert "There is no site in this plan." in said(app)


def test_hostile_values_are_listed_and_the_rest_is_used(plan: Callable[..., AppTest]) -> None:
    app = plan(
        count="-5", hand=["<script>"], budget="nan", objective="x" * 500, candidates="file",
        spacing_km="1e9", rural="2", **{"in": "../../etc"},
    )  # fmt: skip
    first = app.warning[0].value
    for key in ("count", "hand", "budget", "objective", "spacing_km", "in"):
        assert f"- {key} = " in first
    assert "<script>" not in said(app) + first
    assert "Upload your table" in said(app)
    assert app.number_input(key="plan_rural").value == 2
    assert "**Proven best**" in said(app)


def test_names_that_no_candidate_has(plan: Callable[..., AppTest]) -> None:
    app = plan(hand=["cbsa:26420", "nothing"], out=["nobody"])
    assert "nobody, nothing are not among the candidates" in app.warning[0].value
    assert site_table(app)["id"].tolist() == ["cbsa:26420"]


def test_an_own_file_becomes_the_candidates(plan: Callable[..., AppTest]) -> None:
    app = plan(candidates="file")
    app.file_uploader(key="plan_upload_file").upload("sites.csv", GOOD, "text/csv").run()
    waited(app)
    assert set(site_table(app)["id"]) == {"own:1", "own:2"}
    assert "among all choices of 2 candidates" in said(app)
    assert "A link to this page does not carry it." in said(app)


def test_every_problem_of_an_own_file_is_listed(plan: Callable[..., AppTest]) -> None:
    app = plan(candidates="file")
    app.file_uploader(key="plan_upload_file").upload("sites.csv", BAD, "text/csv").run()
    problem = waited(app).error[0].value
    assert "row 2" in problem
    assert "row 3" in problem
    assert "nothing has changed" in problem


def test_only_hospitals_known_by_their_columns(plan: Callable[..., AppTest]) -> None:
    app = plan(candidates="hospitals")
    app.file_uploader(key="plan_upload_hospitals").upload("h.csv", GOOD, "text/csv").run()
    assert waited(app).error


def test_the_curve_is_proven_to_beyond_the_plan(plan: Callable[..., AppTest]) -> None:
    app = plan()
    table = next(d.value for d in app.dataframe if "keeps_earlier_sites" in d.value)
    assert table["sites"].tolist() == list(range(len(table)))
    assert table["gain"].is_monotonic_increasing
    assert (table["greedy"] <= table["gain"] * (1 + 1e-9)).all()
    assert table["gain"].iloc[4] == pytest.approx(best().objective)


def test_samples_say_which_sites_belong_in_every_plan(plan: Callable[..., AppTest]) -> None:
    app = plan()
    app.number_input(key="plan_samples").set_value(10).run()
    button(app, "Draw 10 samples").click().run()
    waited(app)
    table = next(d.value for d in app.dataframe if "percent_low" in d.value)
    assert table["percent"].is_monotonic_decreasing
    assert table["frequency"].sum() == pytest.approx(4)
    assert "(10 samples)" in said(app)


def test_groups_and_uncovered_add_up(plan: Callable[..., AppTest]) -> None:
    app = plan(by="rurality")
    groups = next(d.value for d in app.dataframe if "share_after" in d.value)
    assert set(groups["group"]) >= {"rural", "urban"}
    assert groups["gained"].sum() == pytest.approx(best().objective, rel=1e-6)
    left = next(d.value for d in app.dataframe if "reason" in d.value)
    people = groups["population"].sum() - groups["covered_after"].sum()
    assert left["persons"].sum() == pytest.approx(people, rel=1e-6)


def test_files_carry_the_link() -> None:
    settings = PlanSettings(count=4, hand=("cbsa:26420",))
    found = planner.by_hand(VIEW, settings, ("cbsa:26420",))
    points = json.loads(plan_pages.layer_of(found.sites, VIEW, settings).geojson())
    feature = points["features"][0]
    assert feature["properties"]["id"] == "cbsa:26420"
    assert feature["properties"]["atlas_view"].endswith("count=4&hand=cbsa%3A26420")
    lon, lat = feature["geometry"]["coordinates"]
    assert (lat, lon) == pytest.approx((29.74, -95.45), abs=0.2)
    rows = plan_pages.table_of(lambda: found.sites, VIEW, settings).csv().decode()
    assert "hand=cbsa%3A26420" in rows
