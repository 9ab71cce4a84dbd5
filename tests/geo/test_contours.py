"""Bands as polygons: counted on paper, valid, without gap or overlap."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.contours import bands, regions
from geo.errors import InputError
from geo.surface import Grid, Surface, Window, surface
from geo.travel import Points, StraightLine
from geo.units import EARTH_RADIUS_KM

WINDOW = Window("All", -100.0, 40.0, 0.05, 0.05, 60, 60)
LAND = np.array([shapely.box(-99.5, 40.5, -98.5, 42.5), shapely.box(-98.5, 40.5, -97.5, 42.5)])
AREA = 4.0
CELLS = Grid.over(LAND, (WINDOW,))
COARSE = Grid.over(LAND, (Window("All", -100.0, 40.0, 0.25, 0.25, 12, 12),))


def sphere_km2(shape):
    """Area on the sphere: that of Lambert's cylindrical projection."""
    flat = shapely.transform(
        shape, lambda xy: np.stack([np.radians(xy[:, 0]), np.sin(np.radians(xy[:, 1]))], axis=1)
    )
    return flat.area * EARTH_RADIUS_KM**2


def require_partition(found, land=LAND, area=AREA):
    assert shapely.is_valid(found.coverage).all()
    assert shapely.coverage_is_valid(found.coverage)
    assert sum(one.area for one in found.coverage) == pytest.approx(area, abs=1e-4)
    whole = shapely.union_all(found.coverage)
    assert shapely.symmetric_difference(whole, shapely.union_all(land)).area < 1e-4


def test_straight_line_bands_are_rings_around_the_site():
    site = Points(np.array([41.5]), np.array([-98.5]))
    found = bands(surface(StraightLine(), CELLS, site), (15, 30, 45), LAND)
    # 80 km/h: discs of 20, 40 and 60 km.
    discs = np.array([np.pi * r**2 for r in (20, 40, 60)])
    measured = np.array([sphere_km2(one) for one in found.bands[:3]])
    np.testing.assert_allclose(np.cumsum(measured), discs, rtol=0.02)
    require_partition(found)
    assert found.no_road.is_empty
    assert found.bands[0].contains(shapely.Point(-98.5, 41.5))


def test_a_plane_is_cut_along_straight_lines():
    plane = Surface(CELLS, 60 * (CELLS.lon + 99.5))
    found = bands(plane, (30, 60, 90), LAND)
    for number, (west, east) in enumerate([(-99.5, -99), (-99, -98.5), (-98.5, -98), (-98, -97.5)]):
        wanted = shapely.box(west, 40.5, east, 42.5)
        assert shapely.symmetric_difference(found.bands[number], wanted).area < 1e-3
    require_partition(found)


def test_a_value_on_an_edge_is_within():
    found = bands(Surface(CELLS, np.full(len(CELLS), 30.0)), (30, 60), LAND)
    assert found.bands[0].area == pytest.approx(AREA, abs=1e-4)
    assert found.bands[1].is_empty
    within, _ = regions(Surface(CELLS, np.full(len(CELLS), 30.0)), (30, 60), 0.01)
    assert shapely.contains(within[0], LAND).all()


def test_land_without_a_road_is_a_class_of_its_own():
    minutes = np.where(CELLS.lon > -98.5, np.inf, 10.0)
    found = bands(Surface(CELLS, minutes), (30,), LAND)
    assert found.bands[0].area == pytest.approx(2, abs=1e-3)
    assert found.no_road.area == pytest.approx(2, abs=1e-3)
    require_partition(found)
    _, no_road = regions(Surface(CELLS, minutes), (30,), 0.01)
    assert shapely.intersection(no_road, LAND[1]).area == pytest.approx(2, abs=0.01)
    assert shapely.intersection(no_road, LAND[0]).area < 0.01


def test_without_sites_all_land_is_without_a_road():
    none = Points(np.empty(0), np.empty(0))
    found = bands(surface(StraightLine(), CELLS, none), (30, 60), LAND)
    assert all(one.is_empty for one in found.bands)
    require_partition(found)
    within, no_road = regions(surface(StraightLine(), CELLS, none), (30, 60), 0.01)
    assert all(one.is_empty for one in within)
    assert shapely.contains(no_road, LAND).all()


@given(
    minutes=arrays(
        np.float64,
        len(COARSE),
        elements=st.one_of(st.floats(0, 400), st.sampled_from([30.0, 60.0, np.inf])),
    )
)
def test_any_surface_is_cut_without_gap_or_overlap(minutes):
    require_partition(bands(Surface(COARSE, minutes), (30, 60, 120), LAND))


def test_bands_agree_with_the_surface_at_random_points():
    rng = np.random.default_rng(3)
    hills = Surface(CELLS, 75 + 70 * np.sin(4 * CELLS.lon) * np.cos(5 * CELLS.lat))
    edges = (30, 60, 90, 120)
    found = bands(hills, edges, LAND)
    lat, lon = rng.uniform(40.5, 42.5, 400), rng.uniform(-99.5, -97.5, 400)
    expected = np.searchsorted(edges, hills.at(lat, lon), side="left")
    inside = np.array([shapely.contains_xy(one, lon, lat) for one in found.bands])
    assert (inside.sum(axis=0) == 1).all()
    # Contours are straight within a cell, a surface is not.
    assert (inside.argmax(axis=0) == expected).mean() > 0.99


def test_regions_contain_each_other_and_end_where_bands_do():
    rng = np.random.default_rng(4)
    site = Points(rng.uniform(40.5, 42.5, 3), rng.uniform(-99.5, -97.5, 3))
    measured = surface(StraightLine(), CELLS, site)
    within, _ = regions(measured, (15, 30, 45), 0.001)
    found = bands(measured, (15, 30, 45), LAND)
    land = shapely.union_all(LAND)
    for number, region in enumerate(within):
        assert region.is_valid
        upto = shapely.union_all(found.bands[: number + 1])
        assert shapely.symmetric_difference(shapely.intersection(region, land), upto).area < 0.02


def test_specks_are_left_out_of_the_drawing_but_not_of_the_bands():
    minutes = np.full(len(CELLS), 100.0)
    minutes[CELLS.cell_of(np.array([41.51]), np.array([-98.49]))] = 10.0
    speck = Surface(CELLS, minutes)
    assert regions(speck, (30,), 0.01)[0][0].is_empty
    assert 0 < bands(speck, (30,), LAND).bands[0].area < 0.004


@pytest.mark.parametrize("edges", [(), (60, 30), (30, 30), (30, np.inf), (np.nan,)])
def test_edges_must_be_finite_and_increase(edges):
    with pytest.raises(InputError, match="increase"):
        bands(Surface(CELLS, np.zeros(len(CELLS))), edges, LAND)
