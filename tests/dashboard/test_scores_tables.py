"""Accessibility scores of the four-area country, counted by hand."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from four_areas import DEGREE_KM, DEGREE_MINUTES

from dashboard import scores
from dashboard.queries import Areas, Rows, matrix_for
from dashboard.state import Selection
from geo.accessibility import Gaussian, Gravity, Steps
from geo.network import pack
from geo.travel import MAX_WAY_SITES, NO_WAY, StraightLine

ONE_DEGREE = Selection(within=90.0, score="2sfca")
"""A threshold that one degree of longitude, 83.4 minutes, is within, and two degrees are not."""


@pytest.fixture
def hospitals(centres: pd.DataFrame) -> pd.DataFrame:
    """One for adults at A, one for children at C, one for both at D, with beds."""
    return centres.assign(beds=pd.array([60, 10, None], dtype="Int64"))


@pytest.fixture
def found(areas: Areas, hospitals: pd.DataFrame, rows: Rows) -> scores.Scored:
    """2SFCA within a degree, of the first two hospitals."""
    return scored(areas, hospitals.iloc[:2], rows, ONE_DEGREE)


def scored(areas: Areas, chosen: pd.DataFrame, rows: Rows, view: Selection) -> scores.Scored:
    travel = matrix_for(StraightLine(), areas, chosen)
    supply = scores.supply_of(chosen, chosen)
    capacity = scores.divided(supply, chosen, areas.persons)
    ways = travel.minutes if view.metric == "minutes" else travel.distance_km
    by_audience = {
        who: scores.score(ways, areas.persons[who], capacity[who], view) for who in capacity
    }
    return scores.scored(rows, by_audience, supply.unit, view)


def test_unknown_beds_are_the_median_of_the_same_ages(hospitals: pd.DataFrame) -> None:
    everybody = pd.concat([hospitals, hospitals.assign(beds=100), hospitals.assign(beds=200)])
    supply = scores.supply_of(hospitals, everybody)
    assert supply.capacity.tolist() == [60, 10, 150]
    assert (supply.assumed, supply.unit) == (1, "beds")
    own = scores.supply_of(hospitals.drop(columns="beds"), everybody)
    assert own.capacity.tolist() == [1, 1, 1]
    assert (own.assumed, own.unit) == (0, "facilities")


def test_a_hospital_for_both_divides_its_beds_by_people(
    areas: Areas, hospitals: pd.DataFrame
) -> None:
    supply = scores.Supply(np.array([60.0, 10.0, 110.0]), 0, "beds")
    parts = scores.divided(supply, hospitals, areas.persons)
    # 1,000 adults and 100 children: ten of eleven beds.
    assert parts["adult"].tolist() == pytest.approx([60, 0, 100])
    assert parts["pediatric"].tolist() == pytest.approx([0, 10, 10])


def test_two_step_on_paper(found: scores.Scored) -> None:
    # Adults: 60 beds for A and B, 300 people. Children: 10 beds for B and C, 50 people.
    assert found.score.tolist() == pytest.approx([20_000, 20_000, 0, 0, 0, 20_000, 20_000, 0])


def test_summary_and_sentences(found: scores.Scored) -> None:
    summary = scores.summary(found)
    assert summary == scores.Summary(1_100, 750, 0, pytest.approx(70 / 1_100 * 1e5), 0)
    said = scores.finding(summary, "beds", ONE_DEGREE)
    assert said == (
        "750 people in the United States, at least half of all, have no beds within 90 minutes."
    )
    assert "6,364 beds per 100,000 people" in scores.detail(summary, "beds", ONE_DEGREE)
    everybody = replace(summary, median=12.0, none=0.0)
    assert scores.finding(everybody, "beds", ONE_DEGREE).endswith("everybody has some.")
    nobody = replace(summary, none=1_100.0)
    assert scores.finding(nobody, "beds", ONE_DEGREE).startswith("Nobody of the people")
    empty = replace(summary, population=0.0)
    assert "choose another on the left" in scores.finding(empty, "beds", ONE_DEGREE)


def test_areas_combine_adults_and_children_by_people(found: scores.Scored, areas: Areas) -> None:
    frame = scores.by_area(found, areas, "beds", ONE_DEGREE)
    assert frame["population"].tolist() == [110, 220, 330, 440]
    expected = [20_000 * 100 / 110, 20_000, 20_000 * 30 / 330, 0]
    assert frame["score"].tolist() == pytest.approx(expected)
    assert set(frame["unit"]) == {"beds per 100,000 people"}


def test_places_worst_first(found: scores.Scored, areas: Areas) -> None:
    frame = scores.by_place(found, areas, ONE_DEGREE)
    assert frame["id"].tolist() == ["WY", "AL"]
    assert frame["mean"].tolist() == pytest.approx([0, 70 / 660 * 1e5])
    assert frame["none"].tolist() == [440, 310]
    assert frame["share_none"].tolist() == pytest.approx([1, 310 / 660])
    assert frame["median"].tolist() == pytest.approx([0, 20_000])
    said = scores.places_sentence(frame, "beds", ONE_DEGREE)
    assert said == "It is worst in Wyoming: 0 beds per 100,000 people."
    counties = scores.by_place(found, areas, replace(ONE_DEGREE, places="county"))
    people = counties.set_index("id")["population"]
    assert people.to_dict() == {"01001": 165, "01003": 495, "56001": 440}
    assert (counties["population"] * counties["mean"]).sum() == pytest.approx(70 * 1e5)
    assert scores.shown(frame)["percent_none"].iloc[0] == 100


@pytest.mark.parametrize("score", ["2sfca", "e2sfca", "3sfca"])
@pytest.mark.parametrize("decay", ["step", "gaussian", "gravity"])
@pytest.mark.parametrize("metric", ["minutes", "miles"])
def test_all_beds_are_given_out(areas, hospitals, rows, score, decay, metric) -> None:
    view = Selection(within=90.0, score=score, decay=decay, metric=metric)
    two = hospitals.iloc[:2]
    found = scored(areas, two, rows, view)
    assert (rows.persons * found.score).sum() / 1e5 == pytest.approx(70)


def test_raam_on_paper(areas: Areas, hospitals: pd.DataFrame, rows: Rows) -> None:
    view = Selection(within=60.0, score="raam")
    # One site for each audience: all use it, so crowding is 1, the worth of the threshold.
    found = scored(areas, hospitals.iloc[:2], rows, view)
    degrees = np.array([0, 1, 2, 10, 2, 1, 0, 8])
    assert found.score == pytest.approx(degrees * DEGREE_MINUTES + 60, rel=1e-6)
    in_miles = scored(areas, hospitals.iloc[:2], rows, replace(view, metric="miles"))
    miles = DEGREE_KM / 1.609344
    assert in_miles.score == pytest.approx(degrees * miles + 60, rel=1e-6)
    frame = scores.by_place(found, areas, view)
    assert frame["id"].tolist() == ["WY", "AL"]
    assert "for the mean person who reaches a centre" in scores.places_sentence(frame, "beds", view)


def test_who_cannot_reach_a_centre_has_no_cost_and_is_counted(
    areas: Areas, hospitals: pd.DataFrame, rows: Rows
) -> None:
    view = Selection(score="raam")
    none = hospitals.iloc[:0]
    found = scored(areas, none, rows, view)
    summary = scores.summary(found)
    assert summary.none == summary.population == 1_100
    assert math.isnan(summary.mean)
    assert "Most people" in scores.finding(summary, "beds", view)
    assert text_of_mean(summary, view) == "The mean of those who reach a centre is no data"
    frame = scores.by_place(found, areas, view)
    assert frame["mean"].isna().all()
    assert scores.places_sentence(frame, "beds", view) == "No place has a score here."
    assert scores.by_area(found, areas, "beds", view)["score"].isna().all()


def text_of_mean(summary: scores.Summary, view: Selection) -> str:
    return scores.detail(summary, "beds", view).split(",")[0]


def test_kernels_scale_with_the_threshold() -> None:
    view = Selection(within=90.0)
    assert scores.kernel_of(view) == Steps((30.0, 60.0, 90.0), (1.0, 0.68, 0.22))
    three = scores.kernel_of(replace(view, score="3sfca"))
    assert three == Steps((15.0, 30.0, 45.0, 90.0), (0.962, 0.704, 0.377, 0.042))
    assert scores.kernel_of(replace(view, decay="gaussian")) == Gaussian(30.0)
    assert scores.kernel_of(replace(view, decay="gravity")) == Gravity(90.0, 1.0, 15.0)


def test_kept_ways_are_read_as_travel() -> None:
    weights = pack(np.array([60.0, 0.5]), np.array([80.0, 0.4])).astype(np.int64)
    ways = np.array([weights * MAX_WAY_SITES, [NO_WAY, weights[1] * MAX_WAY_SITES + 1]])
    minutes = scores.travel_in(ways, np.array([1, 0]), "minutes")
    assert minutes.tolist() == [[math.inf, 60.0], [0.5, 0.5]]
    km = scores.travel_in(ways, np.array([0]), "miles")
    assert km[:, 0].tolist() == pytest.approx([80.0, 0.4])


def test_map_shades_none_darkest_and_high_costs_darkest(found: scores.Scored, areas: Areas) -> None:
    counties = scores.by_place(found, areas, replace(ONE_DEGREE, places="county"))
    assets = Assets(["01001", "01003", "56001"])
    layer = scores.layer(assets, counties, 6_364.0, "beds", ONE_DEGREE)
    codes = dict(zip(assets.counties, layer.codes, strict=True))
    assert layer.colours[int(codes["56001"])] == min(layer.colours)
    assert codes["01001"] > codes["56001"]
    assert layer.unit == " beds per 100,000 people"
    costs = scores.layer(
        assets,
        counties.assign(mean=[math.nan, 70.0, 500.0], none=[440, 0, 0]),
        90.0,
        "beds",
        Selection(score="raam"),
    )
    assert sorted(costs.codes) == ["1", "6", "~"]
    assert "none" in scores.legend(6_364.0, "beds", ONE_DEGREE).html
    assert "No road" in scores.legend(90.0, "beds", Selection(score="raam")).html


class Assets:
    """Outlines of three counties, as far as shading asks."""

    def __init__(self, counties: list[str]) -> None:
        self.counties, self.states = counties, ["AL", "WY"]


def test_edges_rise_whatever_the_mean() -> None:
    for mean in (0.0, math.nan, 0.004, 1.0, 39.4, 1e6):
        edges = scores.edges_of(mean, Selection())
        assert edges[0] == 0
        assert (np.diff(edges) > 0).all()


def test_every_score_has_its_reference() -> None:
    for doi in ("b29120", "2009.06.002", "2011.624987", "2019.1629870"):
        assert doi in scores.explanation()
    assert "median of hospitals" in scores.note(scores.Supply(np.ones(3), 1, "beds"), Selection())
    own = scores.note(scores.Supply(np.ones(3), 0, "facilities"), Selection())
    assert own.startswith("Each of your own")
