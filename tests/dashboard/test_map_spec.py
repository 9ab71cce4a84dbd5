"""From a view to what the map draws."""

from dataclasses import replace

import pandas as pd
import pytest
import shapely

from dashboard import map_spec, palette, queries, services
from dashboard.map_layers import PolygonStyle, polygon_layer
from dashboard.places import Place
from dashboard.state import CentreQuery, Selection
from data import load

VIEW = Selection(model="straight")


def test_layers_are_drawn_as_switched_with_hospitals_on_top() -> None:
    full = services.maps.full_map(VIEW)
    assert full.areas is not None
    assert [layer.styles for layer in full.sites] == [
        map_spec.BLOOD_STYLES, map_spec.TREATMENT_STYLES
    ]  # fmt: skip
    bare = services.maps.full_map(replace(VIEW, layers=("treatment",)))
    assert bare.areas is None
    assert len(bare.sites) == 1


def test_every_chosen_centre_is_on_the_map() -> None:
    layer = services.maps.full_map(VIEW).sites[-1]
    assert set(layer.ids) == set(services.engine.centres(VIEW)["id"])


def test_overview_has_no_blood_centres() -> None:
    assert len(services.maps.overview_map(VIEW).sites) == 1


def test_style_tells_evidence_and_ages() -> None:
    table = load.treatment_centers()
    view = Selection(model="straight", evidence="any", low_confidence=True)
    layer = services.maps.full_map(view).sites[-1]
    style = dict(zip(layer.ids, layer.codes, strict=True))
    documented = queries.gives(table, "any", "documented")
    for site, adults, good in zip(table["id"], table["treats_adults"], documented, strict=True):
        assert style[site] == str(2 * good + adults)


@pytest.mark.parametrize("role", map_spec.ROLES)
def test_blood_centres_by_role(role: str) -> None:
    view = replace(VIEW, role=role, low_confidence=True)
    kept = map_spec.choose_blood(load.blood_centers(), view)
    assert kept[f"role_{role}"].all()
    assert len(kept) == load.blood_centers()[f"role_{role}"].sum()


def test_low_confidence_blood_centres_are_left_out_by_default() -> None:
    kept = map_spec.choose_blood(load.blood_centers(), VIEW)
    assert not (kept["confidence"] == "low").any()


def test_values_cover_every_inhabited_county_and_name_their_unit() -> None:
    frame = services.maps.areas_frame(VIEW)
    assert frame.columns.tolist() == ["county", "median_minutes"]
    assert set(frame["county"]) == set(load.zcta_county()["county_fips"])
    by_state = services.maps.areas_frame(replace(VIEW, level="state", metric="miles", units="km"))
    assert by_state.columns.tolist() == ["state", "median_km"]
    assert len(by_state) == 52


def test_catchment_of_a_site_is_the_counties_it_is_nearest_to() -> None:
    site = str(services.engine.centres(VIEW)["id"].iloc[0])
    spec = services.maps.full_map(replace(VIEW, site=site))
    assert spec.selected == ("site", site)
    assert spec.catchment
    home = services.engine.centres(VIEW)["state"].iloc[0]
    states = load.counties().set_index("county_fips").loc[list(spec.catchment), "state"]
    assert home in set(states)


def test_search_draws_lines_to_the_centres_it_found() -> None:
    view = replace(VIEW, near="77030")
    spec = services.maps.full_map(view)
    assert spec.origin is not None
    assert len(spec.routes) == 4
    south, west, north, east = spec.bounds
    for route in spec.routes:
        for lat, lon in route.path:
            assert south < lat < north
            assert west < lon < east


def test_focus_and_county_move_the_map() -> None:
    texas = services.maps.full_map(replace(VIEW, state="TX"))
    assert texas.focus == "TX"
    assert texas.bounds != services.maps.full_map(VIEW).bounds
    harris = services.maps.full_map(replace(VIEW, county="48201"))
    assert harris.selected == ("county", "48201")


def test_legend_names_only_what_is_drawn() -> None:
    plain = map_spec.legend(replace(VIEW, evidence="documented"), blood=False).html
    assert "treats children only" in plain
    assert "weaker evidence" not in plain
    assert "Blood centre" not in plain
    weaker = map_spec.legend(replace(VIEW, evidence="any"), blood=True).html
    assert "weaker evidence" in weaker
    assert "Blood centre" in weaker
    assert "treats" not in map_spec.legend(replace(VIEW, layers=("areas",)), blood=True).html


def test_own_facilities_have_their_own_symbol() -> None:
    frame = pd.DataFrame(
        {"id": ["U001"], "name": ["Mine"], "lat": [40.0], "lon": [-100.0],
         "treats_adults": [True], "treats_children": [True]}
    )  # fmt: skip
    view = replace(VIEW, facilities=services.engine.hold_facilities(frame))
    spec = services.maps.full_map(view)
    assert spec.sites[-1].ids == ("U001",)
    assert spec.sites[-1].styles == (map_spec.OWN_STYLE,)
    assert services.engine.centres(view)["name"].tolist() == ["Mine"]
    assert view.centres != CentreQuery()


def test_routes_carry_their_time() -> None:
    sites = pd.DataFrame({"lat": [1.0], "lon": [2.0], "minutes": [75.0]})
    (route,) = map_spec.routes_to(Place("here", 0.0, 0.0), sites)
    assert route.label == "75 min"
    assert route.path == ((0.0, 0.0), (1.0, 2.0))


def test_bands_take_the_place_of_shaded_areas_and_follow_their_switch() -> None:
    layer = polygon_layer([shapely.box(-100, 30, -99, 31)], PolygonStyle(("#111111",)))
    view = replace(VIEW, level="bands", site="TC001")
    plain = services.maps.full_map(view)
    assert plain.areas is not None
    shown = map_spec.with_bands(plain, layer, view, site_name="Moffitt")
    assert shown.areas is None
    assert shown.polygons == (layer,)
    assert shown.title == "Minutes in a straight line to Moffitt"
    assert shown.bounds[0] < plain.bounds[0]
    assert shown.bounds[3] > plain.bounds[3]
    near = replace(view, bands=(30.0,))
    assert map_spec.with_bands(plain, layer, near, site_name="Moffitt").bounds == plain.bounds
    everywhere = map_spec.with_bands(plain, layer, view)
    assert everywhere.bounds == plain.bounds
    assert "nearest hospital" in everywhere.title
    off = replace(view, layers=("blood",))
    assert map_spec.with_bands(plain, layer, off).polygons == ()


def test_legend_of_bands_names_their_edges() -> None:
    view = replace(VIEW, level="bands", bands=(15.0, 45.0))
    html = map_spec.legend(view, blood=True, bands_of="").html
    for text in (
        "up to 15",
        "15\N{EN DASH}45",
        "over 45",
        "No road to any centre",
        "treats adults",
    ):
        assert text in html
    assert "No data" not in html
    alone = map_spec.legend(view, blood=True, bands_of="Moffitt").html
    assert "No road" not in alone
    assert palette.LAND in alone
    assert palette.BAND_COLOURS[-1] not in alone


def test_all_labels_of_the_map_are_among_those_published() -> None:
    texts = set(map_spec.every_label(load.treatment_centers(), load.blood_centers()))
    for therapy in ("any", "car_t"):
        shown = services.maps.full_map(replace(VIEW, therapy=therapy, low_confidence=True))
        assert shown.sites
        for layer in shown.sites:
            assert set(layer.labels) <= texts
