"""Settings of a plan to URL and back; whatever a URL says, usable settings come out."""

from dataclasses import fields, replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import patients, plan_state, state
from dashboard.plan_state import DEFAULT, KEYS, LABELS, PlanSettings, checked, labelled_query, parse
from dashboard.state import Selection
from data import candidate_ids

NAMES = ("BC001", "BC002", "cbsa:26420", "county:48201", "cms:010001", "own:3", "Site 4", "Café")
POINTS = ("@29.76,-95.37", "@0,0", "@-12.5,170.00001")
ids = st.lists(st.sampled_from([*NAMES, *POINTS]), unique=True, max_size=5).map(tuple)
money = st.one_of(st.integers(0, 10_000).map(float), st.floats(0, 10_000))
weights = st.one_of(st.integers(1, 10).map(float), st.floats(1, 10))
plans = st.builds(
    PlanSettings,
    source=st.sampled_from(list(LABELS["candidates"])),
    where=st.sampled_from(["", "state:TX", "hrr:226", "cbsa:26420", "county:48201"]),
    size=st.integers(0, plan_state.MOST_PERSONS),
    county_people=st.integers(0, plan_state.MOST_PERSONS),
    from_role=st.sampled_from(list(LABELS["from_role"])),
    from_network=st.sampled_from(["", "American Red Cross", "ABC/BCA"]),
    from_low=st.booleans(),
    site_role=st.sampled_from(list(LABELS["opens"])),
    collect_within=st.floats(1, 300),
    objective=st.sampled_from(list(LABELS["objective"])),
    count=st.integers(0, 100),
    budget=st.one_of(st.none(), money),
    cost_infusion=money,
    cost_collection=money,
    cost_both=money,
    capacity=st.integers(1, plan_state.MOST_PERSONS),
    patient_capacity=st.integers(1, plan_state.MOST_PATIENTS),
    backup_weight=st.floats(0, 1),
    rural=weights,
    low_income=weights,
    no_vehicle=weights,
    worst_by=st.sampled_from(list(LABELS["worst_by"])),
    demand=st.sampled_from(list(LABELS["demand"])),
    indications=st.sets(st.sampled_from(list(plan_state.INDICATIONS))).map(
        lambda chosen: tuple(key for key in plan_state.INDICATIONS if key in chosen)
    ),
    one_per=st.sampled_from(list(LABELS["one_per"])),
    spacing_km=st.floats(0, 500),
    keep_in=ids,
    keep_out=ids,
    hand=st.one_of(st.none(), ids),
    samples=st.integers(10, 1000),
    speed_error=st.floats(0, 50),
    trip_error=st.floats(0, 50),
    demand_error=st.floats(0, 50),
    threshold_error=st.floats(0, 50),
)
texts = st.text(max_size=60)
queries = st.dictionaries(
    st.one_of(st.sampled_from([*KEYS.values(), *state.KEYS.values()]), texts),
    st.one_of(texts, st.lists(texts, max_size=3)),
    max_size=8,
)


@given(plans)
def test_url_reopens_the_same_plan_beside_its_view(plan: PlanSettings) -> None:
    view = Selection(within=90, state="TX", therapy="car_t", facilities="")
    parsed = parse(plan_state.query_of(view, plan))
    assert parsed.problems == ()
    assert parsed.plan == plan
    assert parsed.selection == view


@given(plans)
def test_labels_reopen_the_same_plan(plan: PlanSettings) -> None:
    parsed = parse(labelled_query(plan_state.query_of(state.DEFAULT, plan)))
    assert parsed.problems == ()
    assert parsed.plan == plan


@given(queries)
def test_any_url_gives_usable_settings(query: dict[str, str | list[str]]) -> None:
    parsed = parse(query)
    again = parse(plan_state.query_of(parsed.selection, parsed.plan))
    assert (again.selection, again.plan) == (parsed.selection, parsed.plan)
    assert again.problems == ()
    unused = [key for key in query if key not in state.RESERVED and key not in parsed.given]
    assert len(parsed.problems) == len(unused)
    assert all(len(problem) < 400 for problem in parsed.problems)
    assert not any("<" in problem for problem in parsed.problems)


@given(plans)
def test_checked_settings_go_together_and_are_left_alone(plan: PlanSettings) -> None:
    known = {*NAMES[:4], "own:3"}
    found = checked(plan, known)
    again = checked(found.plan, known)
    assert again.plan == found.plan
    assert again.problems == ()
    assert not set(found.plan.keep_in) & set(found.plan.keep_out)
    assert found.plan.objective == "lscp" or len(found.plan.keep_in) <= found.plan.count
    assert {name for name in found.plan.named if name[0] != "@"} <= known
    assert (found.plan.hand is None) == (plan.hand is None)
    assert (found.plan == plan) == (found.problems == ())


@pytest.mark.parametrize("text", ["state:tx", "STATE:TX", "State:Tx"])
def test_regions_in_any_case(text: str) -> None:
    parsed = parse({"where": text, "region": text})
    assert parsed.problems == ()
    assert (parsed.plan.where, parsed.selection.region) == ("state:TX", "state:TX")


def test_no_plan_depends_on_the_samples() -> None:
    asked = PlanSettings(count=3, samples=50, trip_error=1.0)
    assert plan_state.sampled(asked) == PlanSettings(count=3)
    assert plan_state.sampled(PlanSettings(count=3), asked) == asked


def test_default_plan_has_an_empty_url() -> None:
    assert DEFAULT.query() == {}
    assert parse({}).plan == DEFAULT


def test_no_key_is_one_of_the_views_and_every_choice_has_labels() -> None:
    assert not set(KEYS.values()) & (set(state.KEYS.values()) | state.RESERVED)
    assert len(set(KEYS.values())) == len(KEYS)
    assert set(LABELS) <= set(KEYS.values())
    assert {f.name for f in fields(PlanSettings)} - set(KEYS) == {"own_file", "hospital_file"}
    for key, literal in plan_state._LITERALS.items():
        assert set(get_args(literal)) == set(LABELS[key])


def test_a_choice_has_a_label_and_a_number_has_none() -> None:
    assert plan_state.label("objective", "p-median") == "Least travel"
    assert plan_state.label("count", "20") == "20"


def test_indications_are_those_of_the_patients_tables() -> None:
    assert {entry.key: entry.label for entry in patients.TODAY} == plan_state.INDICATIONS


def test_a_plan_by_hand_without_sites_is_not_the_solvers_plan() -> None:
    empty = PlanSettings(hand=())
    assert empty.query() == {"hand": ""}
    assert parse({"hand": ""}).plan.hand == ()
    assert parse({}).plan.hand is None


def test_points_are_written_one_way() -> None:
    parsed = parse({"hand": ["@29.7600,-95.370000001", " @29.76,-95.37 ", "BC001"]})
    assert parsed.plan.hand == ("@29.76,-95.37", "BC001")


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("candidates", "pharmacies", "blood_centers"),
        ("where", "planet:3", "is not a region such as"),
        ("count", "101", "whole number from 0 to 100"),
        ("count", "2.5", "whole number"),
        ("count", "9" * 5000, "whole number"),
        ("budget", "nan", "0 to 10000"),
        ("collect", "0", "1 to 300"),
        ("backup", "1.1", "0 to 1"),
        ("rural", "0.5", "1 to 10"),
        ("capacity", "0", "from 1 to"),
        ("spacing_km", "inf", "0 to 500"),
        ("from_low", "perhaps", "true nor false"),
        ("from_network", "<i>", "name of a network"),
        ("in", "[x](y)", "no name of a site"),
        ("hand", "@91,0", "no name of a site"),
        ("hand", "@29.76", "no name of a site"),
        ("indications", "flu", "is not one of"),
        ("worst_by", "county", "is not one of"),
    ],
)
def test_unusable_values_say_what_is_wanted(key: str, value: str, words: str) -> None:
    parsed = parse({key: value})
    assert parsed.plan == DEFAULT
    (problem,) = parsed.problems
    assert words in problem
    assert problem.startswith(f"{key} = ")


def test_lists_have_an_end() -> None:
    many = [f"own:{n}" for n in range(plan_state.MOST_IDS + 1)]
    assert parse({"hand": many[1:]}).plan.hand == tuple(many[1:])
    assert "more than 200" in parse({"hand": many}).problems[0]


def test_names_are_found_against_the_tables() -> None:
    known = {"network": {"Vitalant"}, "region": {"state:TX"}}
    good = parse({"from_network": "Vitalant", "where": "state:TX"}, known=known)
    assert good.problems == ()
    bad = parse({"from_network": "Nobody", "where": "state:ZZ"}, known=known)
    assert len(bad.problems) == 2
    assert bad.plan == DEFAULT


def test_unknown_keys_are_told_once() -> None:
    parsed = parse({"what": "ever", "count": "5", "within": "90"})
    assert parsed.problems == ('"what" is not a setting of the Atlas; ignored.',)
    assert parsed.given == {"count", "within"}


def test_what_does_not_go_together_is_told_and_mended() -> None:
    plan = PlanSettings(count=1, keep_in=("A", "B", "C", "@1,2"), keep_out=("C", "D"), hand=("E",))
    found = checked(plan, {"A", "B", "C"})
    assert found.problems == (
        "D, E are not among the candidates: left out of the plan.",
        "C cannot be both in and out: neither is kept.",
        "3 sites are forced in, more than the 1 to be opened: up to 3 may be opened.",
    )
    assert found.plan == PlanSettings(count=3, keep_in=("A", "B", "@1,2"), hand=())


def test_no_more_sites_are_forced_in_than_a_plan_may_have() -> None:
    names = tuple(f"own:{n}" for n in range(101))
    found = checked(PlanSettings(keep_in=names))
    assert found.plan == PlanSettings(count=100, keep_in=names[:100])
    assert found.problems == (
        "At most 100 sites can be forced in: the others are left out.",
        "100 sites are forced in, more than the 20 to be opened: up to 100 may be opened.",
    )


@pytest.mark.parametrize(("text", "value"), [("Yes", True), ("1", True), ("off", False)])
def test_switches(text: str, value: bool) -> None:
    parsed = parse({"from_low": text})
    assert parsed.plan.from_low is value
    assert parsed.problems == ()


def test_set_covering_has_no_number_of_sites() -> None:
    plan = PlanSettings(objective="lscp", count=1, keep_in=("A", "B"))
    assert checked(plan) == plan_state.Checked(plan, ())


@pytest.mark.parametrize("source", ["file", "hospitals"])
def test_tables_that_the_session_does_not_have(source: str) -> None:
    plan = replace(DEFAULT, source=source)
    found = checked(plan)
    assert found.plan == DEFAULT
    assert "in this session: communities are the candidates." in found.problems[0]
    given_now = replace(plan, own_file="d1", hospital_file="d2")
    assert checked(given_now).plan == given_now


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_points_name_gives_the_point_back(lat: float, lon: float) -> None:
    name = candidate_ids.point_id(lat, lon)
    assert candidate_ids.point_of(name) == pytest.approx((lat, lon), abs=0.5000001e-5)
    assert candidate_ids.tidy(name) == name
    assert parse({"in": name}).plan.keep_in == (name,)


@given(st.text(max_size=70))
def test_tidy_names_stay_tidy(text: str) -> None:
    name = candidate_ids.tidy(text)
    assert name is None or candidate_ids.tidy(name) == name
