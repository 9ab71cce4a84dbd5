"""Road against straight line on the country of four areas, with roads 30% longer than lines."""

from dataclasses import replace

import numpy as np
import pytest

from dashboard import models
from dashboard.queries import nearest_for, points_of, stack_rows
from dashboard.state import Selection
from geo.travel import STRAIGHT_KMH, Detour, StraightLine

VIEW = Selection(within=100.0)
BY_COUNTY = replace(VIEW, places="county")


@pytest.fixture
def travel(areas, centres, rows):
    two = centres.iloc[:2]
    # A detour of 30% stands in for the roads: one degree is 83.4 minutes, or 108.5 by "road".
    road = stack_rows(
        areas, "all", lambda who: nearest_for(Detour(1.3, STRAIGHT_KMH), areas, two, who)
    )
    return models.travel_of(road, rows, areas.points, points_of(two))


def test_headline_counted_by_hand(travel):
    found = models.headline(travel, VIEW)
    # one degree away: adults (200) and children (20) of B are within 100 minutes by line only
    slower = travel.road.minutes[1] > 100
    assert slower
    assert (found.within, found.hidden, found.added) == (100 + 30, 220, 0)
    assert found.beyond == 300 + 400 + 10 + 40
    assert found.population == 1100
    assert found.hidden_low <= 220 <= found.hidden_high
    assert found.circuity == pytest.approx(1.3, abs=1e-6)


def test_a_line_slower_than_the_road_adds_people(travel):
    swapped = replace(travel, road=travel.straight, straight=travel.road)
    found = models.headline(swapped, VIEW)
    assert (found.hidden, found.added) == (0, 220)
    assert models.sentence(found, VIEW).startswith("A straight line hides no people")
    assert "220 are within it by road" in models.detail(found, VIEW)


@pytest.mark.parametrize("kind", ["state", "county", "cbsa"])
def test_places_add_up_to_the_headline(areas, travel, kind):
    frame = models.places(areas, travel, replace(VIEW, places=kind))
    found = models.headline(travel, VIEW)
    for name in ("population", "within", "hidden", "added", "beyond", "no_data"):
        assert frame[name].sum() == getattr(found, name), name
    assert frame["misjudged"].sum() == 220
    assert (frame["circuity"].dropna() - 1.3).abs().max() < 1e-6


def test_counties_by_hand(areas, travel):
    frame = models.places(areas, travel, BY_COUNTY).set_index("group")
    # a quarter of B's 220 people live in county 01001
    assert frame.loc["01001", "hidden"] == 55
    assert frame.loc["01003", "hidden"] == 165
    assert frame.loc["56001", "share_misjudged"] == 0
    change = models.county_differences(models.places(areas, travel, BY_COUNTY))
    # most of D are adults, ten degrees away: 834 minutes by line
    assert change["56001"] == pytest.approx(0.3 * 834, abs=20)


def test_differences_in_miles_for_a_distance(areas, travel):
    view = replace(VIEW, metric="miles", within=70.0, places="state")
    frame = models.places(areas, travel, view).set_index("group")
    assert frame.loc["WY", "straight"] == pytest.approx(691, abs=1)
    assert frame.loc["WY", "road"] == pytest.approx(1.3 * 691, abs=2)
    assert models.headline(travel, view).hidden == 220
    assert "nobody is added" in models.fairness(view)


def test_no_way_by_road_is_hidden_where_the_line_is_short(areas, centres, rows):
    none = stack_rows(
        areas, "all", lambda who: nearest_for(StraightLine(), areas, centres.iloc[:0], who)
    )
    lost = models.travel_of(none, rows, areas.points, points_of(centres))
    found = models.headline(lost, VIEW)
    assert found.hidden == 100 + 200 + 20 + 30
    assert np.isnan(found.circuity)
    assert "miles by road" not in models.detail(found, VIEW)
    assert np.isinf(models.county_differences(models.places(areas, lost, BY_COUNTY))["56001"])
    nowhere = models.travel_of(none, none, areas.points, points_of(centres))
    assert models.county_differences(models.places(areas, nowhere, BY_COUNTY)) == {}


def test_sentences_name_the_places_and_say_when_there_are_none(areas, travel):
    frame = models.places(areas, travel, replace(VIEW, places="county"))
    assert "(165 of" in models.places_sentence(frame, VIEW)
    agreed = models.places(areas, travel, replace(VIEW, within=1.0))
    assert "Choose another threshold" in models.places_sentence(agreed, VIEW)


def test_models_side_by_side(travel):
    frame = models.by_model({"road": travel.road, "straight": travel.straight}, VIEW)
    assert frame["beyond"].tolist() == [220 + 750, 750]
    assert frame["label"].tolist() == ["Road network", "Straight line"]
    assert (frame["share_low"] <= frame["share_beyond"]).all()
    assert models.model_sentence(frame, VIEW) == (
        "Share beyond 100 minutes by travel model: road network 88.2% and straight line 68.2%."
    )
