import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data import boundaries
from data.boundaries import Detail
from data.points import mend_points


@pytest.fixture
def counties():
    """Four squares of one degree in two states with wavy shared sides, and islands."""
    wave = [(-99 + 0.002 * (i % 2), 30 + i / 100) for i in range(101)]
    left = shapely.Polygon([(-100, 30), *wave, (-100, 31)])
    right = shapely.Polygon([(-98, 31), (-98, 30), *wave])
    upper = shapely.box(-100, 31, -99, 32)
    islet = shapely.box(-97.50, 30.50, -97.49, 30.51)  # about 1 km²
    island = shapely.box(-97.5, 30, -97.2, 30.3)  # about 960 km²
    remote = shapely.box(179.0, 30, 179.5, 30.5)
    # a corner where the two lower squares touch the upper ones must be a vertex of each
    upper_right = shapely.union(shapely.box(-99, 31, -98, 32), shapely.Polygon())
    geometry = [
        shapely.set_precision(shape, 1e-9)
        for shape in (
            left,
            shapely.MultiPolygon([right, islet, island, remote]),
            upper,
            upper_right,
        )
    ]
    return gpd.GeoDataFrame(
        {"county_fips": ["48001", "48003", "40001", "40003"]}, geometry=geometry, crs="EPSG:4326"
    )


def test_simplified_neighbours_still_share_their_border(counties):
    simple = boundaries.simplify(counties)
    geometry = simple.geometry.to_numpy()
    assert shapely.coverage_is_valid(geometry)
    assert simple.is_valid.all()
    assert simple["county_fips"].tolist() == counties["county_fips"].tolist()
    before, after = (shapely.get_num_coordinates(f.geometry.to_numpy()) for f in (counties, simple))
    assert after[0] < before[0] / 5
    # the common border of the two lower squares is one line, as long as it should be
    shared = shapely.intersection(geometry[0].boundary, geometry[1].boundary)
    assert shared.length == pytest.approx(1, rel=0.02)


def test_small_and_remote_islands_go_large_ones_stay(counties):
    simple = boundaries.simplify(counties)
    assert len(shapely.get_parts(simple.geometry.iloc[1])) == 2
    assert simple.total_bounds[2] < 0


def test_a_county_that_is_only_a_small_island_stays(counties):
    islet = counties.iloc[[0]].set_geometry(
        gpd.GeoSeries([shapely.box(-90, 28, -89.99, 28.01)], index=[0], crs="EPSG:4326")
    )
    simple = boundaries.simplify(islet)
    assert not simple.is_empty.any()


def test_states_are_merged_from_their_counties(counties):
    simple = boundaries.simplify(counties)
    wanted = pd.DataFrame({"state_fips": ["40", "48"], "state": ["OK", "TX"]})
    states = boundaries.dissolve_states(simple, wanted)
    assert states["state"].tolist() == ["OK", "TX"]
    assert shapely.coverage_is_valid(states.geometry.to_numpy())
    assert states.geometry.iloc[0].equals(shapely.union_all(simple.geometry.to_numpy()[2:]))


def test_counties_get_name_state_and_cbsa(counties):
    areas = pd.DataFrame(
        {
            "county_fips": ["40001", "40003", "48001", "48003"],
            "name": ["A County", "B County", "C County", "D County"],
            "cbsa_code": ["10000", None, None, None],
            "cbsa_name": ["Town, OK", None, None, None],
        }
    )
    states = pd.DataFrame({"state_fips": ["40", "48"], "state": ["OK", "TX"]})
    frame = boundaries.describe_counties(counties, areas, states)
    assert frame["county_fips"].tolist() == ["40001", "40003", "48001", "48003"]
    assert frame["name"].tolist() == ["A County", "B County", "C County", "D County"]
    assert frame["state"].tolist() == ["OK", "OK", "TX", "TX"]
    assert isinstance(frame, gpd.GeoDataFrame)


def test_detail_is_chosen_by_state():
    assert set(boundaries.DETAILS) == {"02", "15", "72"}
    assert all(isinstance(detail, Detail) for detail in boundaries.DETAILS.values())


def test_only_far_centres_with_a_town_in_the_county_are_moved(counties):
    zcta = pd.DataFrame(
        {
            "city": ["Inside", "Far", "Far, no town", "Near", "Town elsewhere"],
            "state": "TX",
            "county_fips": "48001",
            "land_area_km2": 100.0,
            "lat": [30.5, 40.0, 40.0, 30.5, 40.0],
            "lon": [-99.5, -99.5, -99.5, -98.9, -99.5],
        }
    )
    places = pd.DataFrame(
        {
            "name": ["Far", "Far", "Inside", "Near", "Town elsewhere"],
            "state": "TX",
            "lat": [30.2, 31.9, 30.1, 30.1, 45.0],
            "lon": [-99.2, -99.2, -99.1, -99.1, -99.1],
        }
    )
    mended = mend_points(zcta, counties, places)
    assert mended["coord_quality"].tolist() == [
        "area_centre",
        "named_place",
        "area_centre",
        "area_centre",  # 10 km outside its county is not far
        "area_centre",
    ]
    np.testing.assert_array_equal(mended["lat"], [30.5, 30.2, 40.0, 30.5, 40.0])
    np.testing.assert_array_equal(mended["lon"], [-99.5, -99.2, -99.5, -98.9, -99.5])


def test_a_wide_area_is_put_at_its_town_if_the_name_is_its_own(counties):
    zcta = pd.DataFrame(
        {
            "city": ["Town", "Shared", "Shared", "Narrow", "Close"],
            "state": "TX",
            "county_fips": "48001",
            "land_area_km2": [2000.0, 2000.0, 2000.0, 400.0, 2000.0],
            "lat": 30.5,
            "lon": -99.5,
        }
    )
    places = pd.DataFrame(
        {
            "name": ["Town", "Shared", "Narrow", "Close"],
            "state": "TX",
            "lat": [30.4, 30.4, 30.4, 30.49],
            "lon": -99.5,
        }
    )
    mended = mend_points(zcta, counties, places)
    # The town is 11 km from the centre: moved. Two areas share a name, one is narrow, one is
    # 1 km from its town: left.
    assert mended["lat"].tolist() == [30.4, 30.5, 30.5, 30.5, 30.5]
    assert mended["coord_quality"].tolist()[0] == "named_place"
