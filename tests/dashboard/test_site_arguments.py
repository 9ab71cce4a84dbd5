"""Arguments of the command `site` become the view and the plan of a page, or one list of problems."""

from pathlib import Path

import pytest

from dashboard import plan_state, site_arguments, state
from dashboard.plan_state import PlanSettings
from dashboard.site_arguments import parse
from dashboard.state import Selection
from geo.errors import InputError


def problems_of(line: str) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        parse(line.split())
    return tuple(caught.value.problems)


def test_nothing_given_is_the_page() -> None:
    request = parse([])
    assert request.plan == plan_state.DEFAULT
    assert request.selection == state.DEFAULT
    assert (request.candidates_file, request.facilities) == (None, None)
    assert (request.time_limit, request.json) == (60.0, False)


def test_every_option_reaches_its_field() -> None:
    line = (
        "--count 30 --minutes 90 --candidates blood_centers --objective p-median --role mixed "
        "--budget 60 --cost-infusion 4 --cost-collection 2 --cost-both 5 --capacity 1000 --patient-capacity 20 "
        "--backup-weight 0.25 --rural-weight 2 --low-income-weight 3 --no-vehicle-weight 4 "
        "--worst-by race --demand patients --indication hct_allo --indication dlbcl "
        "--one-per cbsa --force-in BC001 --force-in @29.7600,-95.37 --force-out BC002 "
        "--smallest 100000 --counties 50000 --from-role apheresis --from-network Vitalant "
        "--from-low-confidence --collect-minutes 45 --spacing-miles 25 --state tx "
        "--model straight --ages adult --therapy car_t --evidence any --low-confidence "
        "--time-limit 5 --json"
    )
    request = parse(line.split())
    assert request.plan == PlanSettings(
        source="blood_centers", where="state:TX", size=100_000, county_people=50_000,
        from_role="apheresis", from_network="Vitalant", from_low=True, site_role="mixed",
        collect_within=45.0, objective="p-median", count=30, budget=60.0, cost_infusion=4.0,
        cost_collection=2.0, cost_both=5.0, capacity=1000, patient_capacity=20, backup_weight=0.25, rural=2.0,
        low_income=3.0, no_vehicle=4.0, worst_by="race", demand="patients",
        indications=("dlbcl", "hct_allo"), one_per="cbsa", spacing_km=40.2336,
        keep_in=("BC001", "@29.76,-95.37"), keep_out=("BC002",),
    )  # fmt: skip
    assert request.selection == Selection(
        within=90, model="straight", ages="adult", therapy="car_t", evidence="any",
        low_confidence=True, state="TX",
    )  # fmt: skip
    assert (request.time_limit, request.json) == (5.0, True)


def test_every_field_of_a_plan_has_an_option() -> None:
    elsewhere = {
        "source",
        "where",
        "spacing_km",
        "from_low",
        "hand",
        *plan_state.SAMPLED,
    }  # hand: nothing is edited here
    assert set(plan_state.KEYS) - set(site_arguments.OPTIONS) == elsewhere


def test_files_and_miles() -> None:
    request = parse(["--candidates", "sites.csv", "--miles", "80", "--facilities", "mine.csv"])
    assert request.candidates_file == Path("sites.csv")
    assert (request.plan.source, request.plan.own_file) == ("file", "sites.csv")
    assert (request.selection.metric, request.selection.within) == ("miles", 80.0)
    assert request.selection.facilities == "mine.csv"


def test_all_problems_are_told_at_once() -> None:
    assert problems_of(
        "--minutes 400 --candidates nowhere --state ZZ --count 3 --count 4 --objective best "
        "--budget -1 --force-in <b> --spacing-miles 1000"
    ) == (
        "argument --minutes: '400' is not a number from 1 to 300",
        (
            "argument --candidates: 'nowhere' is not one of blood_centers, communities, nor a file "
            "such as FILE.csv"
        ),
        "argument --spacing-miles: '1000' is not a number from 0 to 310.686",
        "argument --state: 'ZZ' is not the name or the two letters of a state, DC or PR",
        "argument --count: '3', '4' is given more than once",
        (
            "argument --objective: 'best' is not one of mclp, patients, hours, dollars, "
            "lscp, p-median, p-center, backup, "
            "capacitated, worst-off"
        ),
        "argument --budget: '-1' is not a number from 0 to 10000",
        "argument --force-in: '<b>' holds what is no name of a site: \"?b?\"",
    )


def test_options_that_exclude_each_other() -> None:
    assert problems_of(
        "--minutes 30 --miles 30 --facilities a.csv --therapy hct --from-low-confidence "
        "--count 1 --force-in A --force-in B --force-in C --force-out C"
    ) == (
        "argument --miles: not allowed with argument --minutes",
        (
            "--therapy, --evidence and --low-confidence choose among the built-in centres: leave "
            "them out with --facilities"
        ),
        (
            "--from-role, --from-network and --from-low-confidence choose among blood centres: give "
            "them with --candidates blood_centers"
        ),
        "C cannot be both in and out",
        "2 sites are forced in, more than the 1 to be opened",
    )


def test_an_option_that_does_not_exist_ends_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(["--sites", "3"])
    assert caught.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1
