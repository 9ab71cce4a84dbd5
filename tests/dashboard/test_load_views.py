"""Load by year, site and place: by hand, and conservation of patients."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.sparse import csr_array

from dashboard import load_map, load_text, load_views
from dashboard.patient_state import PatientSettings
from dashboard.patient_views import Split
from dashboard.state import Selection
from geo import capacity

YEARS = np.array([2026, 2027])
SITES = pd.DataFrame(
    {
        "id": ["A", "B"],
        "name": ["Near", "Far"],
        "state": ["TX", "OK"],
        "lat": [30.0, 35.0],
        "lon": [-95.0, -97.0],
        "new": [False, True],
        "slots": [10.0, 5.0],
    }
)
INF = np.inf
WAYS = np.array([[10.0, 20.0, 90.0, INF], [30.0, 25.0, 90.0, INF]])
"""Two sites; the third row is too far, the fourth has no road."""
DEMAND = np.array([[8.0, 4.0, 2.0, 1.0], [12.0, 6.0, 2.0, 1.0]])
EVERYBODY = np.ones(4, dtype=bool)
BOTH = np.ones(2, dtype=bool)


def answer(rule: capacity.Rule, demand: np.ndarray = DEMAND) -> load_views.Course:
    found = capacity.series(rule, WAYS, demand, SITES["slots"].to_numpy(), 60.0)
    return load_views.course(YEARS[: len(demand)], SITES, demand, found)


def test_two_years_by_hand():
    found = load_views.by_year(answer("least-travel"), EVERYBODY, BOTH)
    first, second = found.to_dict("records")
    # 2026: 12 patients in reach of 15 slots. 2027: 18 of them, three find none.
    assert (first["patients"], first["treated"], first["left_over"]) == (15.0, 12.0, 0.0)
    assert (second["patients"], second["treated"], second["left_over"]) == (21.0, 15.0, 3.0)
    assert (first["too_far"], first["unreachable"], first["no_data"]) == (2.0, 1.0, 0.0)
    assert (first["full"], second["full"]) == (1, 2)
    assert second["left_share"] == pytest.approx(3 / 18)


def test_the_first_year_in_which_sites_and_network_are_full():
    found = answer("least-travel")
    assert load_views.first_full(found).tolist() == [2026, 2027]
    years = load_views.by_year(found, EVERYBODY, BOTH)
    assert load_views.network_full(years, 5.0) == 2027
    assert load_views.network_full(years, 20.0) == load_views.NEVER


def test_sites_are_listed_fullest_first_with_those_beyond_their_slots():
    frame = load_views.by_site(answer("nearest"), 2027, None)
    # All 18 go to the near site, which has 10 slots.
    assert frame["id"].to_list() == ["A", "B"]
    assert frame["load"].to_list() == [18.0, 0.0]
    assert frame["over"].to_list() == [8.0, 0.0]
    assert frame["share"].to_list() == [1.8, 0.0]
    assert frame["fills"].isna().all()


def test_a_site_without_slots_is_full_and_has_no_share():
    sites = SITES.assign(slots=[0.0, 5.0])
    found = capacity.series("overflow", WAYS, DEMAND, sites["slots"].to_numpy(), 60.0)
    course = load_views.course(YEARS, sites, DEMAND, found)
    frame = load_views.by_site(course, 2026, load_views.first_full(course)).set_index("id")
    assert np.isnan(frame.loc["A", "share"])
    assert frame.loc["A", "fills"] == 2026


def test_places_add_up_what_befalls_their_patients():
    split = Split(["x", "y"], ["X", "Y"], csr_array([[1.0, 0, 1, 0], [0, 1.0, 0, 1]]), {})
    frame = load_views.by_place(answer("nearest"), 2027, split, EVERYBODY).set_index("id")
    # The near site treats 10 of its 18: eight are left over, in proportion.
    assert frame.loc["x", "left_over"] == pytest.approx(12 * 8 / 18)
    assert frame.loc["y", "left_over"] == pytest.approx(6 * 8 / 18)
    assert frame.loc["x", "too_far"] == 2.0
    assert frame.loc["y", "unreachable"] == 1.0
    assert frame.index.to_list() == ["x", "y"]


@given(
    demand=hnp.arrays(float, (2, 4), elements=st.floats(0, 50)),
    rule=st.sampled_from(capacity.RULES),
)
def test_no_patient_is_lost_or_counted_twice(demand, rule):
    course = answer(rule, demand)
    frame = load_views.by_year(course, EVERYBODY, BOTH)
    parts = frame[["treated", *load_views.STATES]]
    assert (parts >= -1e-9).all(axis=None)
    assert parts.sum(axis=1).to_numpy() == pytest.approx(demand.sum(axis=1), abs=1e-6)
    here = np.array([True, True, False, False])
    half = load_views.by_year(course, here, BOTH)
    rest = load_views.by_year(course, ~here, BOTH)
    for name in ("patients", "treated", *load_views.STATES):
        assert (half[name] + rest[name]).to_numpy() == pytest.approx(
            frame[name].to_numpy(), abs=1e-6
        )
    if rule != "nearest":
        assert frame["load"].to_numpy() == pytest.approx(frame["treated"].to_numpy(), abs=1e-6)


def test_sites_on_the_map_are_in_the_class_of_their_load():
    share = pd.Series([0.0, 0.49, 0.5, 0.79, 0.8, 1.0, 1.01])
    assert load_map.class_of(share).tolist() == [0, 0, 1, 1, 2, 3, 4]


def test_sentences_name_who_finds_a_slot_and_who_does_not():
    settings, view = PatientSettings(year=2027, limit=60.0), Selection()
    row = load_views.by_year(answer("least-travel"), EVERYBODY, BOTH).iloc[1]
    assert load_text.finding(row, view, settings) == (
        "15 of 21 patients in the US find a slot in 2027; 3 have a centre within 60 minutes, and "
        "no slot there."
    )
    row = load_views.by_year(answer("least-travel"), EVERYBODY, BOTH).iloc[0]
    assert "nobody with a centre within 60 minutes is left over" in load_text.finding(
        row, view, PatientSettings(limit=60.0)
    )
    cut = load_views.by_year(answer("least-travel"), np.array([False] * 3 + [True]), BOTH)
    assert load_text.finding(cut.iloc[0], Selection(state="AK"), settings) == (
        "None of 1 patients in Alaska has a centre within 60 minutes in 2027."
    )
    none = load_views.by_year(answer("overflow", np.zeros((1, 4))), EVERYBODY, BOTH).iloc[0]
    assert load_text.finding(none, view, PatientSettings()) == (
        "No patients are counted in the US in 2026."
    )


def test_sites_beyond_their_slots_are_named():
    settings = PatientSettings(year=2027, rule="nearest")
    frame = load_views.by_site(answer("nearest"), 2027, None)
    assert load_text.sites(frame, settings, Selection()) == (
        "1 of 2 centres in the US is full in 2027. Farthest beyond their slots: Near (8 too many)."
    )
    assert "No centre" in load_text.sites(frame.iloc[:0], settings, Selection(state="WY"))
