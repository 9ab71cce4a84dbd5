"""Bands for the reader: typed edges, people, drawing, file."""

import json
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from dashboard import bands, palette, queries
from dashboard.exports import Provenance
from dashboard.exports_layer import geojson_bytes
from dashboard.map_assets import decode_integers
from dashboard.state import BANDS, Selection, parse
from geo.contours import Bands

STAMP = Provenance("The Atlas", "2026", "abc", "level=bands")
NEAR, MIDDLE, FAR, NONE = (shapely.box(x, 40, x + 1, 41) for x in (-100, -99, -98, -97))


def cut(*shapes: shapely.Polygon) -> Bands:
    many = [shapely.MultiPolygon([one] if one.area else []) for one in shapes]
    return Bands((30.0, 60.0), np.array(many[:-1], dtype=object), many[-1])


def counted(persons: Any = (1, 2, 4, 8, 16)) -> Any:
    minutes = np.array([30.0, 60.0, 61.0, np.inf, np.nan])
    return bands.people(minutes, np.array(persons, dtype=float), (30.0, 60.0))


@pytest.mark.parametrize(
    ("written", "complaints"),
    [
        ("30,abc", ["“abc” is not a number"]),
        ("30,,60", ["A number is missing"]),
        ("", ["A number is missing"]),
        ("0,30", ["0 is not between 1 and 300"]),
        ("30,nan", ["nan is not between"]),
        ("90,60,60", ["60 comes after 90", "60 comes after 60"]),
        ("1,2,3,4,5,6,7,8,9,10", ["There are 10 numbers; at most 9"]),
        ("x,500,400", ["“x”", "500 is not", "400 is not", "400 comes after 500"]),
    ],
)
def test_everything_wrong_with_typed_edges_is_listed(written: str, complaints: list[str]) -> None:
    edges, problems = bands.read_edges(written)
    assert edges == ()
    assert len(problems) == len(complaints)
    for problem, complaint in zip(problems, complaints, strict=True):
        assert complaint in problem
    message = bands.problem_message(problems, BANDS)
    assert message.endswith("still shows 30,60,90,120,180,240.")


@given(st.lists(st.integers(1, 300), min_size=1, max_size=9, unique=True).map(sorted))
def test_what_is_accepted_is_what_the_url_accepts(edges: list[int]) -> None:
    written = bands.written_edges(edges)
    read, problems = bands.read_edges(written.replace(",", " , "))
    assert not problems
    assert read == parse({"bands": written}).selection.bands


@given(st.text(alphabet="0123456789,. -x", max_size=30))
def test_the_url_and_the_input_agree_on_any_text(written: str) -> None:
    accepted = not parse({"bands": written}).problems
    assert accepted == (not bands.read_edges(written)[1])


def test_adults_travel_is_drawn_for_all_people_if_any_centre_treats_them() -> None:
    centres = pd.DataFrame(
        {"treats_adults": [True, False, True], "treats_children": [True, True, False]}
    )
    assert bands.for_surface(centres, "all").index.tolist() == [0, 2]
    assert bands.for_surface(centres, "adult").index.tolist() == [0, 2]
    assert bands.for_surface(centres, "pediatric").index.tolist() == [0, 1]
    children = centres.iloc[[1]]
    assert bands.for_surface(children, "all").index.tolist() == [1]
    assert bands.for_surface(children, "adult").empty


def test_people_on_an_edge_are_within_and_everybody_is_counted_once() -> None:
    frame = bands.table(counted())
    assert frame["people"].tolist() == [1, 2, 4, 8, 16]
    assert frame["people_within"].tolist()[:3] == [1, 3, 7]
    assert frame["minutes_to"].tolist()[:2] == [30, 60]
    assert frame["state"].tolist() == ["reachable"] * 3 + ["unreachable", "no_data"]
    reading = bands.reading_table(counted())
    assert reading["People"].tolist() == ["1", "2", "4", "8", "16"]
    assert reading["Minutes"].tolist()[:3] == [
        "Within 30 minutes", "30 to 60 minutes", "More than 60 minutes",
    ]  # fmt: skip


def test_the_sentence_counts_upwards_and_covers_empty_cases() -> None:
    view = Selection(state="TX")
    said = bands.sentence(counted(), view, "Moffitt")
    assert said == (
        "**1** people in Texas live within 30 minutes of Moffitt and 3 within 60 (9.7% of all)."
    )
    nobody = bands.sentence(counted((0, 0, 0, 0, 0)), view)
    assert "hold nobody" in nobody
    assert bands.sentence(counted((0, 0, 0, 0, 0)), view, "Moffitt").startswith("Moffitt treats")
    assert "No people in Texas live within 60 minutes" in bands.sentence(
        counted((0, 0, 4, 8, 0)), view
    )


def test_nearer_bands_are_drawn_above_farther_ones() -> None:
    within = np.array([shapely.MultiPolygon([one]) for one in (NEAR, shapely.union(NEAR, MIDDLE))])
    drawn = bands.layer(within, shapely.MultiPolygon([NONE]), (30, 60), one_site=False)
    assert drawn.codes == "210~"
    assert drawn.labels == (
        "more than 60 minutes", "30 to 60 minutes", "within 30 minutes", "no road to any centre",
    )  # fmt: skip
    assert drawn.style.on_land
    assert not drawn.ids
    alone = bands.layer(within, shapely.MultiPolygon([NEAR]), (30, 60), one_site=True)
    assert alone.codes == "10"
    assert decode_integers(alone.rings) == [1, 4, 0]  # the nearest band has no road at all


def test_colours_are_the_scale_of_the_map_and_always_darken() -> None:
    assert bands.colours(BANDS) == palette.BAND_COLOURS
    for count in range(2, 11):
        shades = [
            sum(int(colour[at : at + 2], 16) * part for at, part in ((1, 3), (3, 6), (5, 1)))
            for colour in palette.sequential(count)
        ]
        assert shades == sorted(shades, reverse=True)
        assert len(set(shades)) == count


def test_geojson_opens_with_its_properties_and_follows_the_right_hand_rule(tmp_path: Any) -> None:
    holed = MIDDLE - shapely.box(-98.7, 40.2, -98.2, 40.7)
    content = geojson_bytes(
        bands.features(cut(NEAR, holed, FAR, NONE), counted(), one_site=False), STAMP
    )
    path = tmp_path / "bands.geojson"
    path.write_bytes(content)
    frame = gpd.read_file(path)
    assert frame.crs.to_epsg() == 4326
    assert frame["people"].tolist() == [1, 2, 4, 8]
    assert frame["minutes_from"].tolist()[:3] == [0, 30, 60]
    assert frame["state"].tolist() == ["reachable"] * 3 + ["no road"]
    assert set(frame["atlas_view"]) == {"level=bands"}
    assert shapely.area(frame.geometry.to_numpy()).tolist() == pytest.approx([1, 0.75, 1, 1])
    for feature in json.loads(content)["features"]:
        assert "crs" not in feature
        for outer, *holes in feature["geometry"]["coordinates"]:
            assert shapely.LinearRing(outer).is_ccw
            assert not any(shapely.LinearRing(hole).is_ccw for hole in holes)


def test_geojson_of_one_site_ends_at_the_last_edge_and_empty_bands_keep_their_people() -> None:
    layer = bands.features(cut(NEAR, shapely.Polygon(), FAR, NONE), counted(), one_site=True)
    content = geojson_bytes(layer, STAMP)
    features = json.loads(content)["features"]
    assert [one["properties"]["minutes_to"] for one in features] == [30, 60]
    assert features[1]["geometry"] is None
    none = bands.features(
        cut(NEAR, shapely.Polygon(), FAR, NONE), counted((1, 0, 4, 8, 0)), one_site=True
    )
    assert len(none) == 1


def test_titles_name_the_audience_and_the_model() -> None:
    view = Selection(ages="pediatric", model="straight")
    assert bands.title(view) == (
        "Minutes in a straight line to the nearest hospital that treats children"
    )
    own = replace(Selection(), facilities="abc")
    assert bands.title(own).endswith("the nearest of your facilities that treats adults")


def test_one_site_counts_those_whom_it_treats_in_the_state_in_focus(areas: queries.Areas) -> None:
    adults, children = areas.persons["adult"], areas.persons["pediatric"]
    hospital = pd.Series({"treats_adults": False, "treats_children": True})
    blood = pd.Series({"org": "A blood centre"})
    np.testing.assert_array_equal(bands.treated_persons(areas, hospital, "all", ""), children)
    assert not bands.treated_persons(areas, hospital, "adult", "").any()
    np.testing.assert_array_equal(bands.treated_persons(areas, blood, "all", ""), adults + children)
    state = areas.frame["state"].iloc[0]
    here = (areas.frame["state"] == state).to_numpy()
    found = bands.treated_persons(areas, blood, "adult", state)
    np.testing.assert_array_equal(found, np.where(here, adults, 0))
