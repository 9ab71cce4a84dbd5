"""Bad input is refused at the public edge, all of it in one message."""

import numpy as np
import pytest
from geopandas import GeoSeries
from shapely import Point

from geo.coverage import coverage, coverage_curve, coverage_of_columns, travel_distribution
from geo.crs import EQUAL_AREA_CRS, GEOGRAPHIC_CRS, require_geographic, require_projected_metres
from geo.errors import CrsError, InputError
from geo.validate import Problems, floats


def problems_of(call, *args, **kwargs):
    with pytest.raises(InputError) as caught:
        call(*args, **kwargs)
    return caught.value.problems


def test_coverage_lists_all_problems_at_once():
    assert problems_of(
        coverage,
        [1.0, -2.0, np.nan],
        [1.0, -1.0, np.nan, np.inf],
        threshold=np.nan,
        group=np.array([0, 5, -1]),
        n_groups=2,
    ) == (
        "lengths differ: impedance 3, persons 4",
        "impedance is negative in 1 row (index 1)",
        "persons is missing or infinite in 2 rows (index 2, 3)",
        "persons is negative in 1 row (index 1)",
        "threshold must be positive and finite, got nan",
        "group code is outside 0 to 1 in 2 rows (index 1, 2)",
    )


@pytest.mark.parametrize("threshold", [0.0, -1.0, np.inf, np.nan])
def test_threshold_is_positive_and_finite(threshold):
    for call in (
        lambda: coverage([1.0], [1], threshold=threshold),
        lambda: coverage_of_columns([1.0], [[1]], threshold=threshold),
    ):
        assert problems_of(call) == (f"threshold must be positive and finite, got {threshold}",)
    assert problems_of(lambda: coverage_curve([1.0], [1], thresholds=[60, threshold])) == (
        "thresholds is not positive and finite in 1 row (index 1)",
    )


def test_thresholds_beyond_three_hundred_are_the_callers_rule():
    assert coverage([500.0], [1], threshold=1000.0).covered.tolist() == [1]


def test_groups_are_integers_and_their_number_is_not_negative():
    assert problems_of(coverage, [1.0], [1], threshold=1, group=np.array([0.0]), n_groups=1) == (
        "group codes must be integers, got float64",
    )
    assert problems_of(coverage, [1.0], [1], threshold=1, n_groups=-1) == (
        "n_groups must not be negative, got -1",
    )
    assert problems_of(
        coverage, [1.0], [1], threshold=1, group=np.array([0, 1], dtype=np.intp)
    ) == ("lengths differ: impedance 1, group 2",)


def test_dimensions_are_checked():
    assert "impedance must have 1 dimension(s), got 2" in problems_of(
        coverage, [[1.0]], [1], threshold=1
    )
    assert problems_of(coverage_of_columns, [1.0], [1], threshold=1) == (
        "persons must have 2 dimension(s), got 1",
    )
    assert problems_of(coverage_curve, [1.0], [1], thresholds=60) == (
        "thresholds must have 1 dimension(s), got 0",
    )


@pytest.mark.parametrize("edges", [[1], [0, 0], [1, 0], [0, np.inf], [0, np.nan, 1], []])
def test_edges_increase(edges):
    assert problems_of(travel_distribution, [1.0], [1], edges=edges) == (
        "edges must be at least two, finite and strictly increasing",
    )


def test_text_is_no_number():
    assert problems_of(coverage, ["near"], [1], threshold=1)[0].startswith(
        "not an array of numbers"
    )
    assert floats([1, 2]).dtype == np.float64
    same = np.zeros(3)
    assert floats(same) is same


def test_long_lists_of_rows_are_cut_but_counted():
    found = Problems().where(np.ones(9, dtype=bool), "bad").found
    assert found == ["bad in 9 rows (index 0, 1, 2, ...)"]
    assert Problems().where(np.array([[False, True], [False, False]]), "bad").found == [
        "bad in 1 row (index 0)"
    ]


def test_nothing_found_raises_nothing():
    Problems().lengths(a=[1], b=None, c=[2]).shares(np.array([0.0, 1.0, np.nan])).raise_if_any()


def test_shares_outside_zero_to_one_are_found():
    assert Problems().shares(np.array([0.5, 1.01, -0.1])).found == [
        "shares is outside 0 to 1 in 2 rows (index 1, 2)"
    ]


def points(crs):
    return GeoSeries([Point(-95.4, 29.7)], crs=crs)


def test_geographic_means_4326():
    require_geographic(points(GEOGRAPHIC_CRS))
    require_geographic(points("OGC:CRS84"))
    for crs in (None, EQUAL_AREA_CRS, "EPSG:3857"):
        with pytest.raises(CrsError, match="EPSG:4326"):
            require_geographic(points(crs))


def test_projected_means_metres():
    require_projected_metres(points(EQUAL_AREA_CRS))
    with pytest.raises(CrsError, match="no CRS"):
        require_projected_metres(points(None))
    with pytest.raises(CrsError, match="degrees"):
        require_projected_metres(points(GEOGRAPHIC_CRS))
    with pytest.raises(CrsError, match="US survey foot; expected metres"):
        require_projected_metres(points("EPSG:2278"))
