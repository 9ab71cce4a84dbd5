"""Equity of the four-area country of conftest.py, counted by hand; findings as sentences."""

import numpy as np
import pandas as pd
import pytest
from four_areas import DEGREE_MINUTES

from dashboard import fairness, fairness_text, queries
from dashboard.fairness import Ground, Inequality
from dashboard.queries import Areas, Rows
from dashboard.state import Selection

VIEW = Selection(within=100.0, model="straight", by="race")
EXACT = Selection(within=100.0, model="straight", metric="miles")
"""A straight line is exact as a straight line: bands then have no width."""


@pytest.fixture(autouse=True)
def _small_groups_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fairness, "FEWEST", 1.0)
    monkeypatch.setattr(fairness_text, "FEWEST", 1.0)


@pytest.fixture
def found(areas: Areas, rows: Rows) -> Ground:
    return fairness.ground(areas, rows, VIEW)


def group(frame: pd.DataFrame, dimension: str, name: str) -> pd.Series:
    return frame[(frame["dimension"] == dimension) & (frame["group"] == name)].iloc[0]


def test_every_dimension_counts_everybody_once(found: Ground) -> None:
    frame = fairness.spread(found, VIEW)
    assert set(frame["dimension"]) == set(fairness.DIMENSIONS)
    totals = frame.groupby("dimension")["population"].sum()
    assert totals.to_numpy() == pytest.approx(np.full(6, 1100.0))
    assert group(frame, "income", queries.UNKNOWN)["people"] == 440
    assert group(frame, "income", "Highest fifth")["label"] == "Highest fifth ($90,000-90,000)"


def test_medians_counted_by_hand(found: Ground) -> None:
    frame = fairness.spread(found, VIEW)
    # Black people: 50 adults at the hospital's door, 5 children two degrees away.
    black = group(frame, "race", "Black")
    assert black["median"] == 0
    # Hispanic people: 15 children at the door, 110 one degree away, 150 two degrees away.
    hispanic = group(frame, "race", "Hispanic")
    assert hispanic["people"] == 275
    assert hispanic["median"] == pytest.approx(2 * DEGREE_MINUTES)
    assert hispanic["p10"] == pytest.approx(DEGREE_MINUTES)
    assert hispanic["median_low"] < hispanic["median"] < hispanic["median_high"]


def test_gap_counted_by_hand(found: Ground) -> None:
    frame = fairness.dimension_gaps(found, fairness.spread(found, VIEW), VIEW)
    race = frame[frame["dimension"] == "race"].iloc[0]
    # Beyond 100 minutes: of 770 White people 5 + 150 + 440, of 275 Hispanic people 150.
    assert (race["group"], race["reference"]) == ("Hispanic", "White")
    assert (race["beyond"], race["beyond_reference"]) == (pytest.approx(150), pytest.approx(595))
    assert race["gap"] == pytest.approx(150 / 275 - 595 / 770)
    assert race["ratio"] == pytest.approx((150 / 275) / (595 / 770))
    assert race["gap_low"] < race["gap"] < race["gap_high"]
    assert race["median_difference"] == pytest.approx(race["median"] - race["median_reference"])
    rural = frame[frame["dimension"] == "rurality"].iloc[0]
    assert (rural["group"], rural["share"]) == ("rural", pytest.approx(740 / 770))
    assert rural["share_reference"] == pytest.approx(10 / 330)


def test_states_with_both_groups_are_compared(found: Ground, areas: Areas, rows: Rows) -> None:
    view = Selection(within=100.0, model="straight", by="rurality")
    frame = fairness.state_gaps(found, view)
    assert frame["state"].tolist() == ["AL"]  # nobody in Wyoming lives in an urban area
    assert frame["gap"].iloc[0] == pytest.approx(300 / 330 - 10 / 330)
    here = fairness.ground(areas, queries.in_state(areas, rows, "AL"), view)
    both = fairness.against_nation(here, found, Selection(within=100.0, by="rurality", state="AL"))
    assert both["label"].tolist() == ["Alabama", "United States"]
    assert both["gap"].iloc[0] == pytest.approx(frame["gap"].iloc[0])
    assert both["gap"].iloc[1] == pytest.approx(740 / 770 - 10 / 330)
    said = fairness_text.against_nation(both, view)
    assert said.startswith("In Alabama the gap between people in rural areas and people in urban")
    assert "in the whole country it is 93.1 points" in said
    wyoming = fairness.ground(areas, queries.in_state(areas, rows, "WY"), view)
    none = fairness.against_nation(wyoming, found, Selection(by="rurality", state="WY"))
    assert none.empty
    assert "no two groups" in fairness_text.against_nation(none, view)


def test_small_groups_are_left_out(found: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fairness, "FEWEST", 276.0)
    frame = fairness.dimension_gaps(found, fairness.spread(found, VIEW), VIEW)
    assert "race" not in set(frame["dimension"])
    said = fairness_text.lead(frame, VIEW)
    assert said.startswith("Race and ethnicity: no two groups")
    assert fairness_text.states(fairness.state_gaps(found, VIEW), VIEW).startswith("In no state")


def test_curves_are_what_coverage_says(found: Ground, areas: Areas, rows: Rows) -> None:
    for metric in ("minutes", "miles"):
        view = Selection(within=100.0, metric=metric, model="straight", by="race")
        ground = fairness.ground(areas, rows, view)
        curve = fairness.cumulative(ground, view, np.array([0.0, 50.0, 100.0]))
        for at in (1, 2):
            shares = queries.breakdown(
                areas, rows, Selection(within=curve["within"][at], metric=metric, by="race")
            ).set_index("group")["share_covered"]
            for name in ("White", "Black", "Hispanic"):
                assert curve[name][at] == pytest.approx(shares[name])
        assert "Asian" not in curve.columns  # nobody
    at_door = fairness.cumulative(found, VIEW, np.array([0.0]))
    assert at_door["Black"][0] == pytest.approx(50 / 55)


def test_indexes_counted_by_hand(areas: Areas, rows: Rows) -> None:
    found = fairness.inequality(areas, rows, EXACT)
    # In the order of income: 330 people who go 600 degrees in all, 220 who go 220, 110 who go 20;
    # the middles of their ranks are 1/4, 2/3 and 11/12. D has no income.
    assert found.travel.value == pytest.approx((-300 + 220 / 3 + 20 * 5 / 6) / 840)
    assert found.travel.counted.unranked == 440
    assert found.travel.low == found.travel.value == found.travel.high
    # 69 miles to a degree: beyond 100 miles are those two degrees away, 300 of the poorest and 10.
    assert found.erreygers.value == pytest.approx(4 * (300 * -0.5 + 10 * 5 / 6) / 660)
    assert fairness.share_at(found.curves, "travel_by_income", 0.5) == pytest.approx(600 / 840)
    table = fairness.index_table(found, VIEW)
    assert table["people"].tolist() == [660, 1100, 660, 660, 660]


def test_findings_are_sentences(found: Ground, areas: Areas, rows: Rows) -> None:
    spreads = fairness.spread(found, VIEW)
    gaps = fairness.dimension_gaps(found, spreads, VIEW)
    assert fairness_text.lead(gaps, VIEW).startswith("No group is more likely than White people to")
    rural = Selection(within=100.0, model="straight", by="rurality")
    said = fairness_text.lead(gaps, rural)
    assert said.startswith("People in rural areas are 32 times as likely as people in urban areas")
    assert "96.1% against 3.0%, a gap of 93.1 points (90% band " in said
    shares = fairness.cumulative(found, VIEW, np.array([100.0]))
    assert fairness_text.within(shares, VIEW) == (
        "Within 100 minutes live 90.9% of Black people, and 22.7% of White people."
    )
    assert fairness_text.widest_dimension(gaps, VIEW).startswith("The gap is widest by rurality: ")
    assert "half of people" in fairness_text.medians(spreads, VIEW)
    states = fairness.state_gaps(found, rural)
    assert fairness_text.states(states, rural).startswith("The gap is widest in Alabama: 90.9%")
    indexes = fairness.inequality(areas, rows, VIEW)
    assert "Concentration index of travel -0.250 (90% band" in fairness_text.concentration(
        indexes, VIEW
    )
    assert "of all minutes. Gini index 0." in fairness_text.gini(indexes, VIEW)
    assert fairness_text.left_out(indexes, VIEW).startswith("0 people (0.00%) have no road")


def test_a_ratio_needs_somebody_beyond_in_the_reference(found: Ground) -> None:
    view = Selection(within=200.0, model="straight", by="rurality")
    gaps = fairness.dimension_gaps(found, fairness.spread(found, view), view)
    said = fairness_text.lead(gaps, view)
    assert said.startswith("People in rural areas are more likely than people in urban areas")
    assert "against 0.0%" in said


def test_nobody_at_all(areas: Areas, rows: Rows) -> None:
    nobody = rows.take(np.zeros(rows.area.size, dtype=bool))
    empty = fairness.ground(areas, nobody, VIEW)
    spreads = fairness.spread(empty, VIEW)
    assert spreads.empty
    gaps = fairness.dimension_gaps(empty, spreads, VIEW)
    assert gaps.empty
    assert "no two groups" in fairness_text.lead(gaps, VIEW)
    assert fairness_text.widest_dimension(gaps, VIEW).startswith("No dimension")
    assert fairness_text.medians(spreads, VIEW).startswith("No group")
    only = fairness.cumulative(empty, VIEW)
    assert list(only.columns) == ["within"]
    assert fairness_text.within(only, VIEW).startswith("There is nobody")
    indexes = fairness.inequality(areas, nobody, VIEW)
    assert fairness_text.concentration(indexes, VIEW).startswith("Nobody here")
    assert fairness_text.gini(indexes, VIEW).startswith("Nobody here")


def test_without_a_centre_all_are_beyond_and_nobody_has_minutes(areas: Areas, rows: Rows) -> None:
    lost = Rows(
        **{
            name: getattr(rows, name)
            for name in Rows.__slots__
            if name not in ("minutes", "distance_km")
        },
        minutes=np.full(rows.area.size, np.inf),
        distance_km=np.full(rows.area.size, np.inf),
    )
    ground = fairness.ground(areas, lost, VIEW)
    spreads = fairness.spread(ground, VIEW)
    assert np.isposinf(spreads["median"]).all()
    gaps = fairness.dimension_gaps(ground, spreads, VIEW)
    assert gaps["gap"].tolist() == [0.0] * len(gaps)
    assert fairness_text.lead(gaps, VIEW).startswith("No group is more likely than White people")
    found: Inequality = fairness.inequality(areas, lost, VIEW)
    assert np.isnan(found.gini.value)
    assert found.erreygers.value == pytest.approx(0)
    assert "1,100 people (100.00%) have no road" in fairness_text.left_out(found, VIEW)
