"""Product legs in the country of four areas: every number counted on fingers.

Adults are treated at A (0 degrees), children at C (2). Blood centres stand at C and D (10), so cells
of A, B and C are collected at C, those of D at D. A degree is 83.4 minutes: adults' legs are 2, 2, 2
and 10 degrees, children's 0, 0, 0 and 8. An airport stands at 3 degrees, another one at 20.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from four_areas import DEGREE_KM, DEGREE_MINUTES

from dashboard import logistics
from dashboard.logistics import Legs
from dashboard.queries import nearest_for, points_of, stack_rows
from dashboard.state import Selection
from geo.travel import StraightLine, TravelMatrix
from geo.units import km_to_miles

VIEW = Selection(model="straight")
LIMIT = 240.0
PATIENTS = {
    "adult": np.array([[1, 1, 1, 1], [2, 2, 2, 2], [3, 3, 3, 3]]) * 1.0,
    "pediatric": np.array([[0, 0, 0, 0], [1, 1, 1, 1], [5, 5, 5, 5]]) * 1.0,
}


@pytest.fixture
def blood() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": ["BC001", "BC002"],
            "org": ["First", "Second"],
            "city": ["Cville", "Dville"],
            "state": ["AL", "WY"],
            "lat": 0.0,
            "lon": [2.0, 10.0],
            "role_cell_collection": [False, True],
            "hpc_cell_therapy_evidence": [None, "documented"],
            "role_apheresis": [True, False],
            "apheresis_evidence": [None, None],
        }
    )


@pytest.fixture
def airports() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "iata": ["AAA", "ZZZ"],
            "city": ["Bville", "Zville"],
            "state": ["AL", "WY"],
            "lat": 0.0,
            "lon": [3.0, 20.0],
        }
    )


@pytest.fixture
def ways(blood, centres, airports):
    start = points_of(blood)
    return tuple(
        StraightLine().matrix(start, points_of(sites)) for sites in (centres.iloc[:2], airports)
    )


@pytest.fixture
def legs(areas, rows, blood, ways) -> Legs:
    collection = StraightLine().nearest(areas.points, points_of(blood))
    return logistics.legs(rows, collection, ways[0], PATIENTS)


@pytest.fixture
def report(blood, centres, airports, legs, ways):
    return logistics.report(blood, centres.iloc[:2], airports, legs, ways, VIEW, LIMIT)


def test_each_leg_goes_from_the_nearest_site_to_the_own_centre(legs):
    assert legs.source.tolist() == [0, 0, 0, 1] * 2
    assert legs.target.tolist() == [0] * 4 + [1] * 4
    degrees = np.array([2, 2, 2, 10, 0, 0, 0, 8])
    np.testing.assert_allclose(legs.minutes, degrees * DEGREE_MINUTES, rtol=1e-6, atol=1e-4)
    np.testing.assert_allclose(legs.distance_km, degrees * DEGREE_KM, rtol=1e-6, atol=1e-4)


def test_shares_by_hand(report):
    # two adult patients and one child in each of the four areas; only those of D are too far
    found = report.patients
    assert (found.within, found.beyond, found.unreachable, found.no_data) == (9, 3, 0, 0)
    assert found.share == 0.75
    # C to A and C to C are within four hours, D to A and D to C are not: in use, and all pairs
    assert (report.used.within, report.used.total) == (2, 4)
    assert (report.pairs.within, report.pairs.total) == (2, 4)
    # the airport is one degree from C, seven from D: 83 and 584 minutes
    assert (report.airport.within, report.airport.total) == (1, 2)
    assert report.flown_to_airport == pytest.approx(7 * DEGREE_MINUTES, rel=1e-6)


def test_the_limit_is_inclusive(blood, centres, airports, legs, ways):
    at = float(legs.minutes[0])
    some = [
        logistics.report(blood, centres.iloc[:2], airports, legs, ways, VIEW, limit).patients.within
        for limit in (at, at - 0.01)
    ]
    assert some == [9, 3]  # without the adults of A, B and C, only the three children


def test_legs_in_use_add_up_to_the_patients(report):
    frame = report.legs
    assert frame[["site_id", "centre_id", "patients"]].to_numpy().tolist() == [
        ["BC001", "TC001", 6], ["BC001", "TC002", 3], ["BC002", "TC001", 2], ["BC002", "TC002", 1],
    ]  # fmt: skip
    assert frame["patients"].sum() == report.patients.total
    assert frame["patients_low"].tolist() == [3, 0, 1, 0]
    assert frame["patients_high"].tolist() == [9, 15, 3, 5]
    assert frame["drivable"].tolist() == [True, True, False, False]
    assert frame["miles"].iloc[0] == pytest.approx(km_to_miles(2 * DEGREE_KM), rel=1e-6)


def test_sites_by_hand(report):
    first, second = report.sites.to_dict("records")
    assert first["site"] == "First, Cville, AL"
    assert (first["centre"], first["centre_minutes"]) == ("Children's hospital, Cville, AL", 0)
    assert (first["centres_within"], second["centres_within"]) == (2, 0)
    assert (first["airport"], second["airport"]) == ("AAA, Bville, AL",) * 2
    assert (first["patients"], first["share_within"]) == (9, 1)
    assert (second["patients"], second["share_within"]) == (3, 0)
    assert (first["cell_collection"], second["cell_collection"]) == ("not recorded", "documented")
    assert (first["apheresis"], second["apheresis"]) == ("believed", "not recorded")


def test_no_site_no_road_and_no_data_are_three_things(areas, centres, blood, airports, ways):
    nobody = StraightLine().nearest(areas.points, points_of(blood.iloc[:0]))
    two = centres.iloc[:2]
    rows = stack_rows(areas, "all", lambda who: nearest_for(StraightLine(), areas, two, who))
    lost = logistics.legs(rows, nobody, ways[0], PATIENTS)
    assert np.isposinf(lost.minutes).all()

    roadless = TravelMatrix(np.full((2, 2), np.inf, np.float32), ways[0].distance_km)
    some = StraightLine().nearest(areas.points, points_of(blood))
    cut = logistics.legs(rows, some, roadless, PATIENTS)
    found = logistics.report(blood, two, airports, cut, (roadless, ways[1]), VIEW, LIMIT)
    assert (found.patients.unreachable, found.patients.share) == (12, 0)
    assert found.sites["centre"].tolist() == ["", ""]
    assert np.isposinf(found.sites["centre_minutes"]).all()
    assert "For 12 patients a year no road" in logistics.detail(found, VIEW, LIMIT)
    assert logistics.sentence(found, "any", VIEW, LIMIT).startswith("No patient's cells could be")

    minutes = rows.minutes.copy()
    minutes[0] = np.nan
    unknown = logistics.legs(replace(rows, minutes=minutes), some, ways[0], PATIENTS)
    found = logistics.report(blood, two, airports, unknown, ways, VIEW, LIMIT)
    assert (found.patients.no_data, found.patients.total) == (2, 12)
    assert found.patients.share == 7 / 10  # of those with data


def test_a_state_keeps_its_sites_and_those_that_collect_for_it(areas, rows, blood, ways):
    collection = StraightLine().nearest(areas.points, points_of(blood))
    wyoming = rows.take(areas.frame["state"].to_numpy()[rows.area] == "WY")
    found = logistics.legs(wyoming, collection, ways[0], PATIENTS)
    kept, moved, fewer = logistics.concerning(blood, found, ways, "WY")
    assert kept["id"].tolist() == ["BC002"]
    assert moved.source.tolist() == [0, 0]
    np.testing.assert_array_equal(fewer[0].minutes, ways[0].minutes[1:])
    # a site over the border stays while it collects for somebody here, and no site stays none
    afar = blood.assign(state="TX")
    assert logistics.concerning(afar, found, ways, "WY")[0]["id"].tolist() == ["BC002"]
    nobody = replace(found, source=np.full(2, -1))
    kept, moved, _ = logistics.concerning(afar, nobody, ways, "WY")
    assert kept.empty
    assert moved.source.tolist() == [-1, -1]


def test_every_pair_is_listed_with_its_state(blood, centres, airports, ways):
    frame = logistics.every_pair(blood, centres.iloc[:2], ways[0], VIEW)
    assert frame[["site_id", "to_id"]].to_numpy().tolist() == [
        ["BC001", "TC001"], ["BC001", "TC002"], ["BC002", "TC001"], ["BC002", "TC002"],
    ]  # fmt: skip
    assert frame["minutes"].iloc[2] == pytest.approx(10 * DEGREE_MINUTES, abs=0.06)
    flights = logistics.every_pair(blood, airports, ways[1], replace(VIEW, units="km"))
    assert flights["to"].tolist()[:2] == ["AAA, Bville, AL", "ZZZ, Zville, WY"]
    assert flights["km"].iloc[0] == pytest.approx(DEGREE_KM, abs=0.06)
    broken = TravelMatrix(np.array([[np.inf, np.nan], [1, 1]], np.float32), ways[0].distance_km)
    states = logistics.every_pair(blood, centres.iloc[:2], broken, VIEW)
    assert states["state"].tolist() == ["unreachable", "no_data", "ok", "ok"]
    assert states["minutes"].isna().tolist() == [True, True, False, False]


def test_counties_have_the_median_leg_of_their_patients(areas, rows, legs):
    found = logistics.county_minutes(areas, rows, legs)
    # two adults for one child everywhere: the adults' leg is the median
    assert found == pytest.approx(
        {"01001": 2 * DEGREE_MINUTES, "01003": 2 * DEGREE_MINUTES, "56001": 10 * DEGREE_MINUTES},
        rel=1e-6,
    )


def test_sentences(report, legs, blood, centres, airports, ways):
    assert logistics.sentence(report, "apheresis", replace(VIEW, state="AL"), LIMIT) == (
        "Cells of 75.0% of patients in Alabama could be driven from the nearest blood centre with "
        "apheresis to their treatment centre within 4 hours; 25.0% need a flight or have no road."
    )
    said = logistics.detail(report, VIEW, LIMIT)
    assert "4 different legs are in use, 50.0% of them within 4 hours" in said
    assert "the nearest large airport is 9 h 44 min from the collection site" in said
    # patients of A, B, C and D live two, one, no and no degrees from where they are collected
    assert report.to_collection == pytest.approx(0, abs=1e-4)
    assert "half of the patients live within 0 min of theirs" in said
    everybody = replace(report, patients=logistics.shares(np.ones(1), np.ones(1), LIMIT))
    assert logistics.sentence(everybody, "any", VIEW, LIMIT) == (
        "Cells of all patients could be driven from the nearest blood centre to their treatment "
        "centre within 4 hours."
    )
    nobody = replace(legs, patients=np.zeros((3, 8)))
    none = logistics.report(blood, centres.iloc[:2], airports, nobody, ways, VIEW, LIMIT)
    assert logistics.sentence(none, "any", VIEW, LIMIT).startswith("There are no patients in")
    assert none.legs.empty
    assert np.isnan(none.patients.share)
    assert "apheresis" in logistics.note("any")


def test_parts_add_up(report):
    frame = logistics.parts_table(report)
    parts = frame[["within", "beyond", "unreachable", "no_data"]].sum(axis=1)
    assert (parts == frame["total"]).all()
    assert frame["percent"].tolist() == [75, 50, 50, 50]
