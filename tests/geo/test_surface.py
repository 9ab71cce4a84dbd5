"""The grid over the land, and minutes in its cells."""

import numpy as np
import pytest
import shapely

import geo.surface
from geo.errors import InputError
from geo.network import RoadNetwork, RoadParameters, great_circle_km, unit_vectors
from geo.surface import Grid, Surface, Window, grid_access, surface
from geo.travel import Points, Road, StraightLine

WEST = Window("West", -100.0, 40.0, 0.1, 0.1, 30, 30)
EAST = Window("East", -90.0, 40.0, 0.2, 0.1, 30, 30)
SQUARE = shapely.box(-99.0, 41.0, -98.0, 42.0)
ISLAND = shapely.box(-88.0, 41.0, -87.0, 41.5)


def grid(*land):
    return Grid.over(np.array(land, dtype=object), (WEST, EAST))


def sphere_km2(west, south, east, north):
    band = np.sin(np.radians(north)) - np.sin(np.radians(south))
    return 6371.0088**2 * np.radians(east - west) * band


def road_grid(step=0.1, n=21):
    """Roads along meridians and parallels of a square, one in five of them a freeway."""
    row, column = np.divmod(np.arange(n * n), n)
    lat, lon = 40.5 + step * row, -99.5 + step * column
    east, north = np.flatnonzero(column < n - 1), np.flatnonzero(row < n - 1)
    u, v = np.r_[east, north], np.r_[east + 1, north + n]
    freeway = np.r_[row[east] % 5 == 0, column[north] % 5 == 0]
    vectors = unit_vectors(lat, lon)
    return RoadNetwork(
        lat, lon, u, v, great_circle_km(vectors[u], vectors[v]), np.zeros(len(u)), freeway,
        np.zeros(len(u)), parameters=RoadParameters(),
    )  # fmt: skip


def test_cells_hold_the_land_and_a_ring_around_it():
    found = grid(SQUARE, ISLAND)
    assert found.windows == (WEST, EAST)
    # 10 by 10 cells, and 5 by 5 wider ones.
    assert found.land[found.window == 0].sum() == 100
    assert found.land[found.window == 1].sum() == 25
    assert found.area_km2[found.window == 0].sum() == pytest.approx(
        sphere_km2(-99, 41, -98, 42), rel=1e-9
    )
    assert found.area_km2[found.window == 1].sum() == pytest.approx(
        sphere_km2(-88, 41, -87, 41.5), rel=1e-9
    )
    ring = found.window == 0
    assert found.lat[ring].min() < 41 < found.lat[ring & found.land].min()


def test_a_cell_on_the_coast_counts_the_land_in_it():
    found = grid(shapely.box(-99.0, 41.0, -98.06, 42.0))
    coast = found.land & (found.lon > -98.1)
    inner = found.land & (found.lon < -98.1)
    assert coast.sum() == 10
    # Two of five samples lie on land: the cell's share is 0.4, as it should be.
    assert found.area_km2[coast].sum() / found.area_km2[inner].sum() == pytest.approx(0.4 / 9)


def test_an_island_smaller_than_a_cell_is_not_lost():
    found = grid(SQUARE, shapely.Point(-88.5, 42.05).buffer(0.03))
    assert found.land[found.window == 1].sum() == 1


def test_a_point_finds_its_cell():
    found = grid(SQUARE, ISLAND)
    numbers = found.cell_of(found.lat, found.lon)
    assert numbers.tolist() == list(range(len(found)))
    inside = found.cell_of(np.array([41.01, 41.09]), np.array([-98.99, -98.91]))
    assert inside[0] == inside[1] >= 0
    outside = found.cell_of(np.array([41.5, 20.0, np.nan]), np.array([-95.0, -98.5, -98.5]))
    assert outside.tolist() == [-1, -1, -1]


def test_neighbours_share_a_side_and_are_land():
    found = grid(SQUARE, ISLAND)
    low, high = found.adjacent
    # 10 x 9 pairs each way in the square; 5 x 4 and 4 x 5 in the island of 5 by 5 wide cells.
    assert len(low) == 2 * 90 + 2 * 20
    assert (low < high).all()
    assert found.land[low].all()
    assert found.land[high].all()
    apart = np.abs(found.lat[low] - found.lat[high]) / 0.1
    width = np.where(found.window[low] == 0, 0.1, 0.2)
    apart += np.abs(found.lon[low] - found.lon[high]) / width
    np.testing.assert_allclose(apart, 1)


def test_no_land_is_refused():
    with pytest.raises(InputError, match="touches land"):
        grid(shapely.box(0, 0, 1, 1))


def test_a_plane_is_interpolated_exactly_and_unreachable_stays_so():
    cells = grid(SQUARE)
    plane = Surface(cells, 100 + 10 * cells.lon + 20 * cells.lat)
    rng = np.random.default_rng(1)
    lat, lon = rng.uniform(41, 42, 200), rng.uniform(-99, -98, 200)
    np.testing.assert_allclose(plane.at(lat, lon), 100 + 10 * lon + 20 * lat)
    np.testing.assert_allclose(
        plane.at(cells.lat, cells.lon)[cells.land], plane.minutes[cells.land]
    )
    cut = Surface(cells, np.where(cells.lon > -98.5, np.inf, 50.0))
    found = cut.at(np.array([41.5, 41.5, 41.5, 60.0]), np.array([-98.52, -98.48, -99.0, -98.5]))
    assert found[:3].tolist() == [50.0, np.inf, 50.0]
    assert np.isnan(found[3])


def test_straight_minutes_are_those_of_the_centres():
    cells = grid(SQUARE, ISLAND)
    site = Points(np.array([41.5, 41.2]), np.array([-98.5, -87.5]))
    found = surface(StraightLine(), cells, site)
    np.testing.assert_array_equal(found.minutes, StraightLine().nearest(cells.points, site).minutes)


def test_no_site_makes_every_cell_unreachable():
    cells = grid(SQUARE)
    none = Points(np.empty(0), np.empty(0))
    assert np.isinf(surface(StraightLine(), cells, none).minutes).all()
    assert np.isinf(surface(Road(road_grid()), cells, none).minutes).all()


def test_road_minutes_are_exact_at_centres_and_close_between(monkeypatch):
    fine = Window("Fine", -100.0, 40.0, 0.04, 0.04, 75, 75)
    road = Road(road_grid())
    cells = Grid.over(np.array([shapely.box(-99.4, 40.6, -97.6, 42.4)]), (fine,))
    sites = Points(np.array([41.02, 42.2]), np.array([-99.03, -97.9]))
    monkeypatch.setattr(geo.surface, "_ACCESS_BATCH", 70)
    legs = grid_access(road, cells)
    found = surface(road, cells, sites, legs)
    np.testing.assert_array_equal(found.minutes, road.nearest(cells.points, sites).minutes)
    assert np.array_equal(found.minutes, surface(road, cells, sites).minutes)
    rng = np.random.default_rng(2)
    points = Points(rng.uniform(40.7, 42.3, 500), rng.uniform(-99.3, -97.7, 500))
    exact = road.nearest(points, sites).minutes
    error = np.abs(found.at(points.lat, points.lon) - exact)
    assert np.median(error) < 1
    assert np.quantile(error, 0.9) < 3


def test_cells_without_a_road_stay_unreachable():
    network = road_grid()
    lonely = grid(shapely.box(-99.4, 40.6, -97.6, 42.4), ISLAND)
    found = surface(Road(network), lonely, Points(np.array([41.0]), np.array([-99.0])))
    assert np.isfinite(found.minutes[lonely.window == 0]).all()
    assert np.isinf(found.minutes[lonely.window == 1]).all()
