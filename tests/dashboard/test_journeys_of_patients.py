"""Journeys of all patients: small cases by hand, row by row, then the committed tables."""

from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import journey_courses, journeys, queries, snyder
from dashboard.journey_courses import STEPS, THERAPIES, phases
from dashboard.journey_state import COURSES, MEASURES, MODELS, Edit, JourneySettings
from dashboard.journeys import Parts, Ways
from dashboard.patient_diseases import EVERY
from dashboard.patient_growth import projection
from dashboard.patient_state import PatientSettings
from dashboard.patients import Patients
from dashboard.services import journeys as answers
from dashboard.services import patients as patients_answers
from dashboard.state import Selection
from data import load
from geo import burden
from geo import journeys as engine
from geo.travel import Nearest

TABLE = load.journey_parameters()
BOUNDS = ("low", "central", "high")
VALUES = {
    bound: journey_courses.values_of(journey_courses.parameters(TABLE, ()), bound)
    for bound in BOUNDS
}
VIEW = Selection(model="straight")


def ways_at(minutes, incomes=None):
    """Ways of rows to the three places; a minute is a kilometre."""
    ways = np.array(minutes, dtype=float).reshape(3, -1)
    size = ways.shape[1]
    rows = queries.Rows(
        area=np.arange(size),
        adult=np.ones(size, dtype=bool),
        persons=np.ones(size),
        minutes=ways[0],
        distance_km=ways[0],
        site=np.zeros(size, dtype=np.intp),
        trip=np.arange(size),
        spread_km=np.zeros(size),
    )
    income = np.full(size, 50_000.0) if incomes is None else np.array(incomes, dtype=float)
    return Ways(rows, ways, ways, income)


def nearest(way):
    """The nearest site of every area; a minute is a kilometre."""
    return Nearest(site=np.zeros(len(way), dtype=np.intp), minutes=way, distance_km=way)


def apart(size):
    names = [str(i) for i in range(size)]
    return Parts(np.arange(size), np.ones(size), np.arange(size), names, names)


def test_one_patient_near_everything_by_hand():
    """CAR-T as outpatient, 10 minutes away: every day a trip, but four days in hospital."""
    found = journeys.spent(
        ways_at([10, 10, 10]), {"cart_outpatient": np.ones(1)}, VALUES["central"], apart(1)
    )
    trips = 2 + 1 + 1 + 1 + 3 + 1 + 8.5 + 4 + 6 + 2
    for one in found.values():
        assert one.amounts[engine.TRIPS, 0] == trips
        assert one.amounts[engine.MINUTES, 0] == pytest.approx(20 * trips)
        assert one.amounts[engine.ADMITTED_NEAR, 0] == 4
        assert engine.nights(one.amounts)[0] == 0
        assert one.saved[:, 0] == pytest.approx(0, abs=1e-9)


def test_one_patient_far_from_the_centre_by_hand():
    """100 minutes away, all else 10: what is near home is a trip of 20 minutes."""
    found = journeys.spent(
        ways_at([100, 10, 10]), {"cart_outpatient": np.ones(1)}, VALUES["central"], apart(1)
    )
    # Consultation 2, line 1, collection 1, bridging 1, one stay from day -5 on, visits 6 and 2.
    hub = 2 + 1 + 1 + 1 + 1 + 6 + 2
    assert found["hub"].amounts[engine.TRIPS, 0] == hub
    assert found["hub"].amounts[engine.MINUTES, 0] == 200 * hub
    assert engine.nights(found["hub"].amounts)[0] == 1 + 3 + 1 + 8.5 + 4
    # The line and the collection move; the night of the collection is saved.
    assert found["collection"].saved[engine.MINUTES, 0] == pytest.approx(2 * 180)
    assert engine.nights(found["collection"].saved)[0] == pytest.approx(1)
    # The stay ends with the infusion; the days in hospital are a stay of their own.
    shared = found["shared"].amounts
    assert engine.nights(shared)[0] == 3 + 1 + 4
    assert shared[engine.MINUTES, 0] == pytest.approx(200 * (2 + 1 + 1 + 1) + 20 * (2 + 8.5 + 8))
    assert engine.nights(found["local"].amounts)[0] == 0


WAY = st.sampled_from([5.0, 30.0, 45.0, 120.0, 121.0, 200.0, 300.0, np.inf, np.nan])
ROWS = st.lists(st.tuples(WAY, WAY, WAY), min_size=1, max_size=12)


@given(ROWS, st.sampled_from(BOUNDS), st.randoms(use_true_random=False))
def test_against_following_every_row(ways, bound, random):
    minutes = np.array(ways).T
    size = minutes.shape[1]
    patients = {course: np.array([random.random() for _ in range(size)]) for course in COURSES}
    values = VALUES[bound]
    found = journeys.spent(ways_at(minutes), patients, values, apart(size))
    rules = journey_courses.rules_of(values)
    for model, one in found.items():
        amounts, saved, reached = np.zeros((8, size)), np.zeros((8, size)), np.zeros(size)
        for course, persons in patients.items():
            each, hub = (
                engine.journey(minutes, minutes, phases(course, name, values), rules)
                for name in (model, "hub")
            )
            here = np.isfinite(each[0])
            both = here & np.isfinite(hub[0])
            amounts[:, here] += persons[here] * each[:, here]
            saved[:, both] += persons[both] * (hub[:, both] - each[:, both])
            reached += persons * here
        np.testing.assert_allclose(one.amounts, amounts, atol=1e-6)
        np.testing.assert_allclose(one.saved, saved, atol=1e-6)
        np.testing.assert_allclose(one.reached, reached)


@given(ROWS, st.lists(st.integers(0, 2), min_size=12, max_size=12))
def test_groups_add_up(ways, codes):
    minutes = np.array(ways).T
    size = minutes.shape[1]
    patients = {"cart_inpatient": np.arange(1.0, size + 1)}
    parts = Parts(np.arange(size), np.ones(size), np.array(codes[:size]), list("abc"), list("abc"))
    grouped = journeys.spent(ways_at(minutes), patients, VALUES["central"], parts)
    single = journeys.spent(ways_at(minutes), patients, VALUES["central"], apart(size))
    for model in MODELS:
        for field in fields(journeys.Spent):
            one, other = (getattr(found[model], field.name) for found in (grouped, single))
            np.testing.assert_allclose(one.sum(axis=-1), other.sum(axis=-1), atol=1e-6)


@given(ROWS)
def test_patients_are_conserved_and_dollars_are_their_components(ways):
    minutes = np.array(ways).T
    size = minutes.shape[1]
    patients = {b: {course: np.full(size, 2.0) for course in COURSES} for b in BOUNDS}
    found = journeys.totals(ways_at(minutes), patients, VALUES)
    for one in found.values():
        np.testing.assert_allclose(one.reached + one.unreachable + one.no_data, 2 * 5 * size)
        parts = np.sum([one.components[name] for name in journeys.COMPONENTS], axis=0)
        np.testing.assert_allclose(parts, one.amounts["dollars"])
        saved = found["hub"].amounts["dollars"] - one.amounts["dollars"]
        if (one.saved_of == one.reached).all() and (one.reached == found["hub"].reached).all():
            np.testing.assert_allclose(saved, one.saved["dollars"], rtol=1e-6, atol=1e-3)


def test_share_of_income_by_hand():
    """The one with an income of 10,000 counts, the one without does not."""
    found = journeys.totals(
        ways_at([[50, 50], [50, 50], [50, 50]], [10_000, np.nan]),
        {bound: {"gene": np.array([1.0, 5.0])} for bound in BOUNDS},
        VALUES,
    )
    one = found["hub"]
    np.testing.assert_allclose(one.income_share, one.per_patient("dollars") / 10_000)


def test_the_centre_stands_in_for_what_is_further():
    areas = queries.load_areas()
    size = len(areas.frame)

    def at(minutes):
        return nearest(np.full(size, minutes))

    rows = queries.stack_rows(areas, "adult", lambda _: at(40.0))
    found = journeys.ways_of(areas, rows, at(60.0), at(10.0))
    assert found.minutes[:, 0].tolist() == [40.0, 40.0, 10.0]
    assert found.income.shape == (size,)


def test_every_disease_has_one_course():
    listed = [key for keys in THERAPIES.values() for key in keys]
    assert sorted(listed) == sorted(entry.key for entry in EVERY)


def test_every_parameter_is_used_and_every_step_has_one():
    used = {step.key for steps in STEPS.values() for step in steps}
    used |= {step.times for steps in STEPS.values() for step in steps} - {""}
    prices = set(burden.Prices.__slots__) - {"mile"} | {"mileage"}
    rules = {"daily_limit", "radius", "day_trip", "outpatient_share"}
    assert used | prices | rules == set(TABLE["key"])


def test_parameters_are_those_of_the_facts():
    facts = load.burden_parameters()
    derived = {
        "cart_inpatient.admitted",
        "allogeneic.admitted",
        "gene.admitted",
    }
    linked = TABLE[TABLE["fact"].notna() & ~TABLE["key"].isin(derived)]
    assert len(linked) > 20
    for row in linked.itertuples():
        assert row.value in set(facts.loc[facts["parameter"] == row.fact, "value"]), row.key


def test_own_values_stand_in_and_rules_keep_their_centre():
    found = journey_courses.parameters(TABLE, (Edit("room", 90.0, 80.0, 100.0),))
    assert found.loc[found["edited"], "key"].tolist() == ["room"]
    assert [journey_courses.values_of(found, bound)["room"] for bound in BOUNDS] == [80, 90, 100]
    assert {journey_courses.values_of(found, bound)["daily_limit"] for bound in BOUNDS} == {30}


def test_therapies_share_out_all_patients():
    counts = {who: np.ones((len(EVERY), 3, 1)) for who in ("adult", "pediatric")}
    every = Patients(EVERY, counts, (), ())
    therapies = journeys.patients_by_therapy(
        ways_at([1, 1, 1]).rows,
        projection(every, load.uptake_assumptions(), PatientSettings()),
        "central",
        2026,
    )
    found = journeys.by_course(therapies, 0.25)
    assert found["cart_outpatient"] * 3 == found["cart_inpatient"]
    assert sum(values.sum() for values in found.values()) == pytest.approx(11)


def test_the_country_low_central_high():
    found = answers.totals(VIEW, JourneySettings())
    expected = [
        sum(patients_answers.by_audience()[who][at].sum() for who in ("adult", "pediatric"))
        for at in range(3)
    ]
    for one in found.values():
        np.testing.assert_allclose(one.reached + one.unreachable + one.no_data, expected)
        for name in MEASURES:
            low, central, high = one.amounts[name]
            assert low < central < high
    assert (found["local"].amounts["hours"] < found["hub"].amounts["hours"]).all()


@pytest.mark.parametrize("split", ["state", "county", "income"])
def test_groups_of_the_country_add_up(split):
    settings = JourneySettings(split=split)
    found = answers.report(VIEW, settings)
    total = found.totals["shared"]
    assert found.groups["patients"].sum() == pytest.approx(total.reached[1])
    for name in MEASURES:
        saved = found.groups[f"{name}_saved"].sum()
        assert saved == pytest.approx(total.saved[name][1], abs=1e-3)
    assert len(found.comparison) == len(MODELS) * len(BOUNDS)


def test_one_state_and_its_neighbours_on_the_map():
    settings = JourneySettings()
    texas = answers.totals(replace(VIEW, state="TX"), settings)["hub"]
    frame = answers.groups(VIEW, settings)
    assert frame.loc[frame["group"] == "TX", "patients"].item() == pytest.approx(texas.reached[1])
    assert len(answers.county_values(replace(VIEW, state="TX"), settings)) > 3000


def test_a_dearer_mile_costs_more_and_changes_nothing_else():
    before = answers.totals(VIEW, JourneySettings())["hub"]
    after = answers.totals(VIEW, JourneySettings(edits=(Edit("mileage", 0.41, 0.26, 1.45),)))["hub"]
    np.testing.assert_allclose(after.components["mileage"], 2 * before.components["mileage"])
    np.testing.assert_allclose(after.components["lodging"], before.components["lodging"])
    np.testing.assert_allclose(after.amounts["hours"], before.amounts["hours"])


def test_one_course_alone():
    every = answers.totals(VIEW, JourneySettings())["hub"]
    alone = [answers.totals(VIEW, JourneySettings(course=course))["hub"] for course in COURSES]
    np.testing.assert_allclose(sum(one.reached for one in alone), every.reached)
    np.testing.assert_allclose(
        sum(one.amounts["dollars"] for one in alone), every.amounts["dollars"]
    )


def test_files_say_what_they_rest_on():
    settings = JourneySettings(edits=(Edit("room", 90.0, 90.0, 90.0),))
    written = answers.table_of(lambda: answers.parameters(settings), VIEW, settings).csv().decode()
    assert "assume=room%3A90" in written
    assert "rests_on" in written


def test_courses_are_listed_with_their_places():
    frame = answers.courses(JourneySettings())
    row = frame[(frame["course"] == "gene") & (frame["stage"] == "Collection of cells")].iloc[0]
    assert row["count"] == 5
    assert (row["hub"], row["collection"]) == ("treatment centre", "collection site")


def test_the_published_study_by_hand():
    """Two areas of one patient: 100 and 50 minutes to a class, 50 and 25 to all sites."""
    areas = queries.load_areas()
    size = len(areas.frame)

    def at(*minutes):
        way = np.full(size, np.inf)
        way[: len(minutes)] = minutes
        return nearest(way)

    patients = np.zeros(size)
    patients[:3] = 1
    networks = {kind: (1, at(100.0, 50.0)) for kind in snyder.CLASSES}
    networks["expanded"] = (2, at(50.0, 25.0, 10.0))
    said = snyder.published(load.validation_studies(), load.burden_parameters())
    frame = snyder.compare(areas, networks, patients, VALUES["central"], said)
    found = frame[frame["class"] == "fact"].set_index("measure")
    assert found.loc["Mean travel time, academic only", "atlas"] == 75
    assert found.loc["Change of mean travel time", "atlas"] == -0.5
    assert found.loc["Change of mean travel time", "published"] == -0.23
    assert found.loc["Change of mean travel time", "error"] == pytest.approx(-0.27)
    assert found.loc["Share over 60 minutes, academic only", "atlas"] == pytest.approx(2 / 3)
    assert found.loc["Cost, expanded", "atlas"] < found.loc["Cost, academic only", "atlas"]


def test_the_classes_are_within_the_expanded_network():
    centres = load.treatment_centers()
    wide = snyder.expanded(centres)
    for kind in snyder.CLASSES:
        inside = snyder.academic(centres, kind)
        assert inside.any()
        assert (wide | ~inside).all()
        assert inside.sum() < wide.sum()


def test_the_comparison_shows_signed_errors():
    frame = answers.published_comparison(JourneySettings())
    known = frame.dropna(subset=["published"])
    pd.testing.assert_series_equal(
        known["error"], known["atlas"] - known["published"], check_names=False
    )
    assert len(frame) == 7 * len(snyder.CLASSES)


def test_where_all_is_free_a_change_of_cost_means_nothing():
    free = ("mileage", "room", "meals", "patient_wage", "caregiver_wage")
    edits = tuple(Edit(name, 0.0, 0.0, 0.0) for name in sorted(free))
    frame = answers.published_comparison(JourneySettings(edits=edits)).set_index("measure")
    assert (frame.loc["Cost, expanded", "atlas"] == 0).all()
    assert frame.loc["Change of cost", "atlas"].isna().all()
