"""What a map shows, and how it travels."""

import json
import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from dashboard import palette
from dashboard.map_assets import AssetPaths, decode_integers
from dashboard.map_key import MapKey
from dashboard.map_layers import (
    LOWER_48,
    MapEvent,
    MapSpec,
    Origin,
    PolygonStyle,
    Route,
    SiteStyle,
    area_layer,
    band_codes,
    band_labels,
    bounds_around,
    county_bounds,
    parse_event,
    polygon_layer,
    resolve_level,
    site_layer,
    state_bounds,
)
from geo.errors import InputError

ASSETS = AssetPaths(
    leaflet_js="l.js",
    leaflet_css="l.css",
    script="a.js",
    areas="areas.json",
    counties=("01001", "01003", "02001"),
    states=("AK", "AL"),
    county_bounds=((30, -88, 31, -87), (31, -88, 32, -87), (55, -170, 60, -150)),
    state_bounds=((51, -187, 71, -130), (30, -88, 35, -85)),
    silhouette="0",
)
STYLES = (SiteStyle("weak", "circle", "#fff", "#d00"), SiteStyle("strong", "diamond", "#d00"))


def spec(**changes: Any) -> MapSpec:
    areas = area_layer(
        ASSETS, "county", {"01001": 30.0, "01003": math.inf}, edges=(30, 60), unit=" min",
        colours=("#a", "#b", "#c"),
    )  # fmt: skip
    sites = site_layer([33.5], [-86.8], ["TC001"], ["UAB"], styles=STYLES)
    return replace(MapSpec(ASSETS, "Minutes", areas, (sites,)), **changes)


def test_labels_that_were_published_are_sent_as_numbers_and_others_as_text() -> None:
    published = replace(ASSETS, label_texts=("Mayo", "UAB", "Fred Hutch"))
    sites = site_layer([33, 34], [-86, -87], ["a", "b"], ["Fred Hutch", "UAB"], styles=STYLES)
    known = json.loads(replace(spec(), assets=published, sites=(sites,)).payload)["sites"][0]
    assert decode_integers(known["names"]) == [2, 1]
    assert known["labels"] == ""
    own = site_layer([33, 34], [-86, -87], ["a", "b"], ["Fred Hutch", "Mine"], styles=STYLES)
    other = json.loads(replace(spec(), assets=published, sites=(own,)).payload)["sites"][0]
    assert (other["labels"], "names" in other) == ("Fred Hutch\nMine", False)


def test_a_value_on_an_edge_is_within() -> None:
    assert band_codes([0, 30, 30.001, 60, 61], (30, 60)) == "00112"


def test_no_data_and_unreachable_have_codes_of_their_own() -> None:
    assert band_codes([math.nan, math.inf, 5], (30,)) == "_~0"
    assert band_codes([], (30,)) == ""


@given(
    st.lists(st.floats(0, 1e6), max_size=20),
    st.lists(st.floats(1, 1e5), min_size=1, max_size=10, unique=True).map(sorted),
)
def test_codes_match_a_plain_count_of_the_edges_below(
    values: list[float], edges: list[float]
) -> None:
    assert band_codes(values, edges) == "".join(str(sum(e < v for e in edges))[-1] if
        sum(e < v for e in edges) < 10 else "A" for v in values)  # fmt: skip


@pytest.mark.parametrize("edges", [(60, 30), (30, 30), (30, math.inf), tuple(range(64))])
def test_unusable_edges_are_refused(edges: tuple[float, ...]) -> None:
    with pytest.raises(InputError, match="edges"):
        band_codes([1.0], edges)


def test_areas_are_sent_in_the_order_of_the_outlines() -> None:
    layer = area_layer(
        ASSETS, "county", {"02001": 61.26, "01001": 29.0}, edges=(30, 60), unit=" min", decimals=1,
        colours=("#a", "#b", "#c"),
    )  # fmt: skip
    assert layer.codes == "0_2"
    assert decode_integers(layer.values) == [290, 0, 613]


def test_area_problems_are_listed_together() -> None:
    with pytest.raises(InputError) as caught:
        area_layer(ASSETS, "state", {"ZZ": 1.0}, edges=(30,), unit="", colours=("#a",))
    assert caught.value.problems == ("1 edges make 2 bands, not 1", "no outline for state ZZ")


def test_sites_are_ordered_by_class_and_those_without_a_place_are_left_out() -> None:
    layer = site_layer(
        [33.50361, 40.0, math.nan], [-86.80208, -75.5, -80.0], ["a", "b", "c"],
        ["A\n one", "B", "C"], styles=STYLES, style=[1, 0, 1],
    )  # fmt: skip
    assert layer.codes == "01"
    assert layer.ids == ("b", "a")
    assert layer.labels == ("B", "A one")
    # 40.0, -75.5, then the way from there to 33.5036, -86.8021
    assert decode_integers(layer.points) == [400_000, -755_000, -64_964, -113_021]


def test_site_problems_are_listed_together() -> None:
    with pytest.raises(InputError) as caught:
        site_layer([1.0], [2.0], ["a", "b"], ["A"], styles=STYLES, style=[2])
    assert len(caught.value.problems) == 2


def test_no_sites_is_a_layer_too() -> None:
    assert site_layer([], [], [], [], styles=STYLES).points == ""


def test_same_spec_same_revision() -> None:
    assert spec() == spec()
    assert hash(spec()) == hash(spec())
    assert spec().revision == spec().revision


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Miles"},
        {"areas": None},
        {"sites": ()},
        {"bounds": (1.0, 2.0, 3.0, 4.0)},
        {"view_token": "again"},
        {"focus": "AL"},
        {"selected": ("site", "TC001")},
        {"catchment": ("01001",)},
        {"origin": Origin(30, -90)},
        {"routes": (Route(((30, -90), (31, -91)), "20 min"),)},
        {"online_tiles": True},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_every_part_of_a_spec_changes_the_revision(changes: dict[str, Any]) -> None:
    assert spec(**changes).revision != spec().revision


def test_only_bounds_and_token_ask_the_map_to_move() -> None:
    def view(**changes: Any) -> str:
        return json.loads(spec(**changes).payload)["view"]

    assert view(focus="AL", selected=("county", "01001"), title="x") == view()
    assert len({view(), view(view_token="1"), view(bounds=(1.0, 2.0, 3.0, 4.0))}) == 3


def test_payload_is_ascii_without_not_a_numbers_and_names_no_foreign_address() -> None:
    text = spec().payload
    assert text.isascii()
    assert "NaN" not in text
    assert "Infinity" not in text
    assert "http" not in text
    assert "tile.openstreetmap.org" in spec(online_tiles=True).payload


def test_a_full_national_map_stays_below_the_budget_on_the_wire() -> None:
    counties = tuple(f"{i:05d}" for i in range(3220))
    assets = replace(ASSETS, counties=counties, county_bounds=((0, 0, 1, 1),) * 3220)
    areas = area_layer(
        assets, "county", {c: float(i % 900) for i, c in enumerate(counties)},
        edges=palette.MINUTE_EDGES, unit=" min",
    )  # fmt: skip
    n = 760
    sites = site_layer(
        [25 + i / 40 for i in range(n)], [-120 + i / 15 for i in range(n)],
        [f"BC{i:03d}" for i in range(n)], ["Organisation of some length: a donor centre"] * n,
        styles=STYLES,
    )  # fmt: skip
    assert len(MapSpec(assets, "t", areas, (sites,)).payload) < 70_000


@pytest.mark.parametrize(("level", "focus", "drawn"), [
    ("auto", "", "county"), ("county", "", "county"), ("state", "", "state"),
    ("state", "TX", "county"), ("nonsense", "", "county"),
])  # fmt: skip
def test_level(level: str, focus: str, drawn: str) -> None:
    assert resolve_level(level, focus=focus) == drawn


def test_bounds() -> None:
    assert state_bounds(ASSETS, "AL") == (30, -88, 35, -85)
    assert state_bounds(ASSETS, "AK")[1] == -180.0  # without the farthest islands
    assert state_bounds(ASSETS, "") == state_bounds(ASSETS, "ZZ") == LOWER_48
    assert county_bounds(ASSETS, "01003", margin=2) == (29, -90, 34, -85)
    assert county_bounds(ASSETS, "nowhere") == LOWER_48
    assert bounds_around([(30, -90), (32, -95), (math.nan, -1)], margin=1) == (29, -96, 33, -89)
    assert bounds_around([]) == LOWER_48


def test_a_click_is_read() -> None:
    sent = json.dumps({"kind": "site", "id": "TC001", "at": 17})
    assert parse_event(sent) == MapEvent("site", "TC001", 17)
    sent = json.dumps({"kind": "background", "id": "", "at": 17})
    assert parse_event(sent) == MapEvent("background", "", 17)
    for name in ("cbsa:26420", "cms:010001", "Site 4/b", "@29.76,-95.37"):
        assert parse_event(json.dumps({"kind": "site", "id": name, "at": 1})) is not None


@pytest.mark.parametrize(
    ("lat", "lon", "spot"),
    [(29.76, -95.3, (29.76, -95.3)), (90, 180, (90.0, 180.0)), (91, 0, None), ("x", 0, None),
     (float("nan"), 0, None), (None, None, None)],
)  # fmt: skip
def test_a_click_may_say_where_it_was(lat: object, lon: object, spot: object) -> None:
    sent = json.dumps({"kind": "county", "id": "01001", "at": 1, "lat": lat, "lon": lon})
    found = parse_event(sent)
    assert found is not None
    assert found.spot == spot


def test_marks_follow_their_sites() -> None:
    layer = site_layer(
        [1, 2, 3], [1, 2, 3], "abc", "ABC", styles=STYLES, style=[1, 0, 1], marks="123"
    )
    assert (layer.ids, layer.marks) == (("b", "a", "c"), ("2", "1", "3"))
    with pytest.raises(InputError, match="3 sites cannot have 1 marks"):
        site_layer([1, 2, 3], [1, 2, 3], "abc", "ABC", styles=STYLES, marks="1")


@pytest.mark.parametrize(
    "value",
    [
        None, 3, "", "{", "[]", "null",
        '{"kind":"site","id":"","at":1}',
        '{"kind":"zone","id":"TC001","at":1}',
        '{"kind":["site"],"id":"TC001","at":1}',
        '{"kind":"site","id":"<b>x</b>","at":1}',
        '{"kind":"site","id":"' + "x" * 61 + '","at":1}',
        '{"kind":"site","id":7,"at":1}',
        '{"kind":"site","id":"TC001","at":"now"}',
        '{"kind":"site","id":"TC001"}',
    ],
)  # fmt: skip
def test_anything_else_from_the_browser_is_no_click(value: object) -> None:
    assert parse_event(value) is None


def test_legend_names_every_band_every_class_and_the_two_gaps() -> None:
    html = MapKey(title="Minutes & more", sites=STYLES).html
    assert "Minutes &amp; more" in html
    labels = band_labels(palette.MINUTE_EDGES)
    assert labels[0] == "up to 30"
    assert labels[-1] == "over 240"
    assert len(labels) == len(palette.BAND_COLOURS)
    for text in (*labels, "weak", "strong", "No data", "No road to any centre"):
        assert text in html
    plain = MapKey(title="x", sites=STYLES, shaded=False).html
    assert "No data" not in plain
    assert "weak" in plain
    assert band_labels([]) == ("all",)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_bands_darken_at_every_step_so_that_they_read_in_greyscale() -> None:
    lightness = [116 * _luminance(c) ** (1 / 3) - 16 for c in palette.BAND_COLOURS]
    assert all(a - b > 7 for a, b in pairwise(lightness))


def test_treatment_symbols_stand_out_from_every_band_by_one_of_their_edges() -> None:
    def contrast(a: str, b: str) -> float:
        bright, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
        return (bright + 0.05) / (dark + 0.05)

    assert contrast(palette.ACCENT, palette.WHITE) > 4.5
    for band in palette.BAND_COLOURS:
        assert max(contrast(palette.ACCENT_DARK, band), contrast(palette.WHITE, band)) > 3


def test_polygons_travel_as_rings_and_differences() -> None:
    square = shapely.box(-100, 40, -99, 41)
    holed = shapely.box(-98, 40, -95, 43) - shapely.box(-97, 41, -96, 42)
    sliver = shapely.box(-90, 40, -89.9999, 40.0001)
    layer = polygon_layer(
        [square, shapely.union_all([holed, sliver])],
        PolygonStyle(("#111111", "#222222")),
        fill=[1, -1],
        ids=["a", "b"],
        labels=["first  one", "second"],
        kind="desert",
    )
    assert layer.codes == "1~"
    assert layer.labels == ("first one", "second")
    # One ring of four vertices; then two rings of four, the sliver having vanished.
    assert decode_integers(layer.rings) == [1, 4, 2, 4, 4]
    points = np.cumsum(np.reshape(decode_integers(layer.points), (-1, 2)), axis=0) / 1000
    assert sorted(map(tuple, points[:4].tolist())) == [
        (-100, 40), (-100, 41), (-99, 40), (-99, 41),
    ]  # fmt: skip
    rings = [shapely.Polygon(points[i : i + 4]).area for i in (0, 4, 8)]
    assert sorted(rings) == [1, 1, 9]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"ids": ["a", "b"], "kind": "desert"}, "cannot have 2 ids"),
        ({"labels": ["a", "b"]}, "cannot have 2 labels"),
        ({"fill": [1]}, "between -1 and 0"),
        ({"fill": [0, 0]}, "cannot have 2 fills"),
        ({"ids": ["a"]}, "kind of event"),
    ],
)
def test_polygons_that_do_not_fit_are_refused(changes: dict[str, object], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        polygon_layer([shapely.box(0, 0, 1, 1)], PolygonStyle(("#111111",)), **changes)  # type: ignore[arg-type]


def test_polygons_are_part_of_the_payload_and_of_the_revision() -> None:
    layer = polygon_layer([shapely.box(-90, 40, -89, 41)], PolygonStyle(("#111111",), "#000000"))
    sent = json.loads(spec(polygons=(layer,)).payload)["polygons"]
    assert [one["colours"] for one in sent] == [["#111111"]]
    assert spec(polygons=(layer,)).revision != spec().revision
