"""Words, tables, figures and edits of the Journeys page, on two models counted on fingers.

Ten patients make 100 trips at the treatment centre and 60 with all care near home; a half and
twice as many at the low and the high end. One group is nobody's.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import (
    journey_edits,
    journey_figures,
    journey_study,
    journey_tables,
    journey_text,
    url_settings,
)
from dashboard.journey_state import MEASURES, MOST_VALUE, SHARES, Edit, JourneySettings
from dashboard.journeys import COMPONENTS, Totals
from dashboard.queries import UNKNOWN
from dashboard.state import Selection

RANGE = np.array([0.5, 1.0, 2.0])
TEN = np.full(3, 10.0)
VIEW = Selection()
TRIPS = JourneySettings(model="local", measure="trips")


def one(model: str, trips: float, saved: float, unreachable: float = 0.0) -> Totals:
    return Totals(
        model=model,  # type: ignore[arg-type]
        reached=TEN,
        unreachable=np.full(3, unreachable),
        no_data=np.zeros(3),
        amounts=dict.fromkeys(MEASURES, trips * RANGE),
        components=dict.fromkeys(COMPONENTS, trips / 5 * RANGE),
        saved=dict.fromkeys(MEASURES, saved * RANGE),
        saved_of=TEN,
        hospital_nights=5.0 * RANGE,
        income_share=0.1 * RANGE,
    )


@pytest.fixture
def totals() -> dict[str, Totals]:
    return {"hub": one("hub", 100.0, 0.0), "local": one("local", 60.0, 40.0, 3.0)}


def test_the_finding_and_its_share(totals):
    assert journey_text.headline(totals, TRIPS, VIEW) == (
        "All near home would save 10 patients 40 trips a year, 40.0% of what all care at the "
        "treatment centre takes."
    )
    worse = totals | {"local": one("local", 125.0, -25.0)}
    assert journey_text.headline(worse, TRIPS, Selection(state="TX")) == (
        "All near home would cost 10 patients in Texas 25 trips more a year, 25.0% of what all "
        "care at the treatment centre takes."
    )


def test_the_bound_chooses_the_end(totals):
    low = JourneySettings(model="local", measure="dollars", bound="low")
    assert "save 10 patients $20 a year" in journey_text.headline(totals, low, VIEW)
    said = journey_text.detail(totals, TRIPS)
    assert "6 trips instead of 10" in said
    assert "cost $6 instead of $10 ($3 to $12 with" in said
    assert "3 patients a year have no road to some place" in said


def test_nobody_reached_is_said(totals):
    lost = {name: replace(found, reached=np.zeros(3)) for name, found in totals.items()}
    assert journey_text.headline(lost, TRIPS, VIEW).startswith("No patients can reach every place")
    assert journey_text.detail(lost, TRIPS) == ""
    assert journey_text.models_sentence(lost, TRIPS).startswith("No patient can reach")
    assert np.isnan(journey_tables.per_patient(lost, "central")["trips"]).all()


def test_models_sentence_names_the_least(totals):
    assert journey_text.models_sentence(totals, TRIPS) == (
        "Least with all near home: 6 trips a patient instead of 10 with all care at the treatment "
        "centre."
    )
    assert journey_text.mean_saved(totals, TRIPS) == 4


def test_tables_by_hand(totals):
    each = journey_tables.per_patient(totals, "central")
    assert each["trips"].tolist() == [10, 6]
    assert each["hospital_nights"].tolist() == [0.5, 0.5]
    assert each["income_percent"].tolist() == [10, 10]
    every = journey_tables.together(totals, "high")
    assert every["trips"].tolist() == [200, 120]
    assert every["saved_trips"].tolist() == [0, 80]
    spans = journey_tables.ranges(totals, "trips")
    assert spans[["low", "central", "high"]].to_numpy().tolist() == [[5, 10, 20], [3, 6, 12]]
    parts = journey_tables.components(totals, "central")
    assert parts.groupby("model", sort=False)["usd"].sum().tolist() == pytest.approx([10, 6])


GROUPS = pd.DataFrame(
    {
        "label": ["Few", "Most", UNKNOWN, "Least", "Lost"],
        "patients": [0.5, 20.0, 30.0, 40.0, 5.0],
        "trips_hub": [9.0, 8.04, 7.0, 6.0, np.nan],
        "trips": [1.0, 2.0, 3.0, 4.0, np.nan],
        "trips_saved_per_patient": [8.0, 6.04, 4.0, 2.0, np.nan],
    }
)


def test_groups_of_nobody_are_listed_but_not_ranked():
    ranked = journey_tables.ranked(GROUPS, "trips")
    assert ranked["label"].tolist() == ["Most", "Least"]
    shown = journey_tables.groups_shown(GROUPS, "trips")
    assert shown["label"].tolist() == ["Few", "Most", UNKNOWN, "Least", "Lost"]
    assert shown["trips_hub"].iloc[1] == 8.0
    said = journey_text.groups_sentence(ranked, TRIPS)
    assert said == "Saved most by a patient of: Most, 6 trips; Least, 2 trips."
    assert journey_text.groups_sentence(ranked.iloc[:0], TRIPS).startswith("Nobody here")


def test_a_bar_that_dwarfs_the_others_is_cut_and_says_its_value():
    frame = pd.DataFrame({"label": ["A", "B"], "patients": [1, 2], "x": [400.0, 50.0]})
    figure = journey_figures.groups(frame, "x", unit="Trips", average=60.0)
    assert tuple(figure.layout.xaxis.range) == (0, 60)
    assert list(figure.data[0].text) == ["400, cut", ""]
    plain = journey_figures.groups(frame.assign(x=[90.0, 50.0]), "x", unit="Trips", average=60.0)
    assert plain.layout.xaxis.range is None


def test_figures_hold_the_numbers_of_their_tables(totals):
    bars = journey_figures.by_model(journey_tables.ranges(totals, "trips"), unit="Trips").data[0]
    assert list(bars.x) == [10, 6]
    assert list(bars.error_x.array) == [10, 6]
    assert list(bars.error_x.arrayminus) == [5, 3]
    parts = journey_figures.components(journey_tables.components(totals, "central"))
    assert len(parts.data) == len(COMPONENTS)
    assert sum(trace.x[0] for trace in parts.data) == pytest.approx(10)


def row(key: str, value: float, low: float, high: float) -> pd.Series:
    return pd.Series({"key": key, "value": value, "low": low, "high": high})


@pytest.mark.parametrize(
    ("changes", "edit"),
    [
        ({"value": 3}, Edit("room", 3.0, 1.0, 4.0)),
        ({"value": 9}, Edit("room", 9.0, 1.0, 9.0)),
        ({"low": 3}, Edit("room", 3.0, 3.0, 4.0)),
        ({"low": 5}, Edit("room", 5.0, 5.0, 5.0)),
        ({"high": 1.5}, Edit("room", 1.5, 1.0, 1.5)),
        ({"high": 0.5}, Edit("room", 0.5, 0.5, 0.5)),
        ({"value": None}, Edit("room", 2.0, 1.0, 4.0)),
        ({"value": -1}, Edit("room", 2.0, 1.0, 4.0)),
        ({"value": MOST_VALUE * 2}, Edit("room", 2.0, 1.0, 4.0)),
    ],
)
def test_an_edit_drags_the_range_along(changes, edit):
    found = journey_edits.apply(JourneySettings(), row("room", 2, 1, 4), changes)
    assert found.edits == (edit,)


@given(
    key=st.sampled_from(["room", *sorted(SHARES)]),
    ends=st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted),
    changes=st.dictionaries(
        st.sampled_from(["value", "low", "high"]), st.floats(-1, 2e5) | st.none(), min_size=1
    ),
)
def test_every_edit_can_stand_in_a_link(key, ends, changes):
    low, value, high = ends
    found = journey_edits.apply(JourneySettings(), row(key, value, low, high), changes)
    read, problems = url_settings.parse_one(url_settings.JOURNEYS, found.query())
    assert problems == ()
    assert read.edits[0].key == key


def test_assumptions_are_counted():
    frame = pd.DataFrame({"evidence": ["recall", "verified", "recall"], "edited": [True, False, 0]})
    said = journey_text.parameters_sentence(frame)
    assert said.startswith("2 of 3 numbers are assumptions (recall)")
    assert "1 of them is your own" in said


def test_words_of_the_published_study():
    frame = pd.DataFrame(
        {
            "label": ["A", "A", "A", "B", "B", "B"],
            "centres": [57, 57, 57, 83, 83, 83],
            "expanded_centres": 126,
            "measure": ["Change of mean travel time", "Cost, expanded", "Change of cost"] * 2,
            "unit": ["share", "million USD a year", "share"] * 2,
            "published": [-0.23, 14.7, -0.3] * 2,
            "atlas": [-0.33, 27.94, -0.18, -0.16, 27.94, -0.1],
            "error": [-0.1, 13.24, 0.12, 0.07, 13.24, 0.2],
        }
    )
    assert journey_study.headline(frame) == (
        "Opening the network beyond academic hospitals cuts mean travel by 16% to 33% here, by 23% "
        "in the published study."
    )
    said = journey_study.detail(frame)
    assert "$27.9 million a year with our assumptions, $14.7 million in the study" in said
    assert "fall by 10% to 18% against 30%" in said
    assert journey_study.class_sentence(frame.iloc[:3]).endswith(
        "33.0%, 10.0 points more than published."
    )
    assert journey_study.class_sentence(frame.iloc[3:]).endswith(
        "16.0%, 7.0 points less than published."
    )
    shown = journey_study.shown(frame.iloc[:3])
    assert shown["error"].tolist() == ["-10.0 points", "+13.2", "+12.0 points"]
    assert shown["atlas"].tolist() == ["-33.0%", "27.9", "-18.0%"]
