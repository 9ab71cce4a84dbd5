"""Blood-centre opportunity on the country of four areas: every number counted on fingers.

Adults are treated at A, children at C. 83.4 minutes a degree: with 100 minutes, adults of C and D
and children of A and D are beyond: 300 + 400 + 10 + 40 = 750. Blood centres stand at C and D.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dashboard import opportunity
from dashboard.opportunity import Headline
from dashboard.queries import nearest_for, points_of, stack_rows
from dashboard.state import Selection
from geo.travel import StraightLine

VIEW = Selection(within=100.0, blood_within=30.0, model="straight")
NOBODY = (0.0, 0.0, 0.0)


@pytest.fixture
def blood() -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "id": ["BC001", "BC002", "BC003"],
            "org": ["First", "Second", "Third"],
            "facility": "Donor centre",
            "city": ["Cville", "Dville", "Aville"],
            "state": ["AL", "WY", "AL"],
            "lat": 0.0,
            "lon": [2.0, 10.0, 0.0],
            "roles": "collection",
            "hpc_cell_therapy_evidence": [None, "documented", None],
            "apheresis_evidence": ["believed", None, None],
            "network_group": "Own",
            "confidence": ["high", "medium", "low"],
            "coord_quality": ["rooftop", "zip_centroid", "city_centroid"],
        }
    )
    return frame.iloc[:2]


@pytest.fixture
def people(areas, rows, blood):
    found = StraightLine().nearest(areas.points, points_of(blood))
    patients = {
        "adult": np.array([[1, 1, 1, 1], [2, 2, 2, 2], [3, 3, 3, 3]]) * 1.0,
        "pediatric": np.array([[0, 0, 0, 0], [1, 1, 1, 1], [5, 5, 5, 5]]) * 1.0,
    }
    return opportunity.people_of(rows, found, patients)


def test_headline_counted_by_hand(people):
    found = opportunity.headline(people, VIEW)
    # C (300 adults) and D (400 + 40) have a blood centre at the door; A's 10 children have not
    assert (found.population, found.beyond, found.near, found.far) == (1100, 750, 740, 10)
    assert found.share == pytest.approx(740 / 750)
    assert found.beyond == found.near + found.far + found.unknown
    assert found.near_low <= 740 <= found.near_high
    # beyond: adults of C and D, children of A and D; near: all of them but the children of A
    assert found.patients_beyond == (2, 6, 16)
    assert found.patients_near == (2, 5, 11)


def test_the_threshold_to_the_blood_centre_is_inclusive_and_moves_the_number(people):
    way = float(people.blood.minutes[0])  # two degrees, from A to C
    assert opportunity.headline(people, replace(VIEW, blood_within=way)).near == 750
    assert opportunity.headline(people, replace(VIEW, blood_within=way - 0.1)).near == 740


def test_no_blood_centre_leaves_everybody_far(areas, rows, blood):
    found = StraightLine().nearest(areas.points, points_of(blood.iloc[:0]))
    nobody = {who: np.zeros((3, 4)) for who in ("adult", "pediatric")}
    result = opportunity.headline(opportunity.people_of(rows, found, nobody), VIEW)
    assert (result.near, result.far) == (0, 750)
    assert opportunity.sentence(result, VIEW).startswith("None of the 750 people")


def test_no_way_to_treatment_counts_as_beyond_and_is_named(areas, centres, people):
    nowhere = stack_rows(
        areas, "all", lambda who: nearest_for(StraightLine(), areas, centres.iloc[:0], who)
    )
    lost = replace(people, treatment=nowhere)
    found = opportunity.headline(lost, VIEW)
    assert (found.beyond, found.unreachable) == (1100, 1100)
    assert found.near_unreachable == found.near == 330 + 440
    assert "770 of them are near a blood centre" in opportunity.detail(found, VIEW)


@pytest.mark.parametrize("kind", ["state", "county", "cbsa"])
def test_places_add_up_to_the_headline(areas, people, kind):
    frame = opportunity.places(areas, people, replace(VIEW, places=kind))
    found = opportunity.headline(people, VIEW)
    for name in ("population", "beyond", "near", "far", "unknown", "no_data"):
        assert frame[name].sum() == getattr(found, name), name
    assert (frame["beyond"] == frame["near"] + frame["far"] + frame["unknown"]).all()
    assert frame["patients_near"].sum() == pytest.approx(found.patients_near[1])
    assert frame["near"].is_monotonic_decreasing


def test_places_by_hand(areas, people):
    frame = opportunity.places(areas, people, replace(VIEW, places="state")).set_index("group")
    assert frame.loc["WY", ["beyond", "near"]].tolist() == [440, 440]
    assert frame.loc["AL", ["beyond", "near"]].tolist() == [310, 300]
    # in Wyoming all live at the blood centre; the adults are ten degrees from treatment
    assert frame.loc["WY", "blood_minutes"] == 0
    assert frame.loc["WY", "treatment_minutes"] == pytest.approx(834, abs=1)


def test_county_shares_leave_out_counties_without_people_beyond(areas, people):
    view = replace(VIEW, places="county")
    shares = opportunity.county_shares(opportunity.places(areas, people, view))
    assert shares["56001"] == 100
    assert shares["01001"] == 0  # ten children of A; no blood centre near
    some = opportunity.county_shares(opportunity.places(areas, people, replace(view, within=300.0)))
    assert set(some) == {"56001"}


def test_candidates_by_hand_add_up_to_the_people_near(blood, people):
    frame = opportunity.candidates(blood, people, VIEW)
    assert frame[["id", "people"]].to_numpy().tolist() == [["BC002", 440], ["BC001", 300]]
    assert frame["people"].sum() == opportunity.headline(people, VIEW).near
    assert frame["patients"].tolist() == [3, 2]
    assert frame["cell_evidence"].tolist() == ["documented", "unknown"]
    assert frame["coordinates"].tolist() == [
        "middle of the ZIP area (some km off)",
        "at the building",
    ]
    assert "2 blood centres" in opportunity.candidates_sentence(frame, VIEW)


def test_sentences_of_empty_answers_say_what_to_do(areas, blood, people):
    near_all = replace(VIEW, within=300.0 * 80)
    found = opportunity.headline(people, near_all)
    assert found.beyond == 0
    assert np.isnan(found.share)
    assert opportunity.sentence(found, near_all).startswith("No people in the United States live")
    assert opportunity.detail(found, near_all).startswith("Choose")
    frame = opportunity.places(areas, people, replace(near_all, places="state"))
    assert "Allow more minutes" in opportunity.places_sentence(frame, near_all)
    empty = opportunity.candidates(blood, people, near_all)
    assert opportunity.candidates_sentence(empty, near_all).startswith("No blood centre")


def test_roles_side_by_side():
    answers = {
        "any": Headline(100, 50, 40, 10, 0, 0, 38, 41, 0.8, 0, 0, NOBODY, NOBODY),
        "apheresis": Headline(100, 50, 10, 40, 0, 0, 8, 12, 0.2, 0, 0, NOBODY, NOBODY),
    }
    frame = opportunity.roles_frame(answers)
    assert frame["share_near"].tolist() == [0.8, 0.2]
    assert frame["near_high"].tolist() == [41, 12]
    assert opportunity.roles_sentence(frame, VIEW) == (
        "Of those beyond, 80.0% live within 30 minutes of any blood centre, 20.0% of one with "
        "apheresis."
    )
