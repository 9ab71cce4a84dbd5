"""The histogram behind long curves of many areas agrees with coverage() row by row."""

import numpy as np
import pytest

from geo import coverage as module
from geo.coverage import coverage, coverage_curve
from geo.equity import weighted_quantile
from geo.errors import InputError
from geo.uncertainty import Histogram, Uncertainty, probability_within

LIMITS = np.array([1.0, 4.0, 12.5, 30.0, 60.0, 90.0, 180.0, 300.0])


@pytest.fixture(scope="module")
def country():
    """12,000 areas with heavy-tailed populations, islands, gaps and areas at the site's door."""
    draw = np.random.default_rng(20261122)
    n = 12_000
    minutes = draw.lognormal(3.9, 1.0, n)
    minutes[::97], minutes[::89], minutes[::83] = np.inf, np.nan, 0.0
    # A town of many areas exactly at a threshold is the hardest case for a histogram.
    minutes[5000:5400] = 60.0
    persons = np.round(draw.lognormal(7.5, 1.8, n))
    spread = draw.lognormal(1.0, 1.0, n)
    return minutes, persons, spread


@pytest.mark.parametrize(
    ("systematic", "trip", "spread"),
    [
        (0.03, 0.1, True),
        (0.05, 0.2, False),
        (0.0, 0.002, False),
        (0.03, 0.0, True),
        (0.03, 0, False),
    ],
)
@pytest.mark.parametrize("paired", [False, True])
def test_long_curve_equals_coverage(country, systematic, trip, spread, paired):
    minutes, persons, centroid = country
    same_trip = np.arange(minutes.size)
    if paired:
        minutes, persons, centroid = (np.concatenate([a, a]) for a in country)
        same_trip = np.concatenate([same_trip, same_trip])
    errors = Uncertainty(
        systematic, trip, centroid if spread else None, same_trip if paired else None
    )
    limits = np.concatenate([LIMITS, LIMITS * 0.97, LIMITS * 1.01])
    assert np.isfinite(minutes).sum() / 2 > module.EXACT_ROWS  # so the histogram is used
    curve = coverage_curve(minutes, persons, thresholds=limits, uncertainty=errors)
    points = [coverage(minutes, persons, threshold=t, uncertainty=errors) for t in limits]
    for name, tolerance in {"share_covered": 1e-9, "share_low": 1e-3, "share_high": 1e-3}.items():
        expected = [getattr(point, name)[0] for point in points]
        np.testing.assert_allclose(getattr(curve, name), expected, rtol=0, atol=tolerance)
    prepared = module.CoverageCurve(minutes, persons, errors)
    for limit, point in zip(limits, points, strict=True):
        alone = prepared.coverage(limit)
        for name in ("population", "covered", "uncovered", "unreachable", "no_data"):
            np.testing.assert_array_equal(getattr(alone, name), getattr(point, name))
        for name in ("share_covered", "share_low", "share_high"):
            np.testing.assert_allclose(getattr(alone, name), getattr(point, name), atol=1e-12)
    assert (curve.share_low <= curve.share_covered).all()
    assert (curve.share_covered <= curve.share_high).all()


@pytest.mark.parametrize("sigma", [0.001, 0.0123, 0.1, 0.37, 1.4])
def test_histogram_of_one_row_is_its_probability(sigma):
    # The worst case: nothing to average over. Thresholds from surely beyond to surely within.
    one = np.ones(1)
    limits = 60.0 * np.exp(sigma * np.linspace(-9, 9, 301))
    expected, variance = Histogram.of(60.0 * one, sigma * one, 3 * one, 9 * one).moments(limits)
    q = np.array([probability_within(60.0 * one, sigma * one, t)[0] for t in limits])
    np.testing.assert_allclose(expected, 3 * q, atol=3e-3)
    np.testing.assert_allclose(variance, 9 * q * (1 - q), atol=9e-3)


def test_histogram_between_two_classes_of_sigma():
    # Two rows span the classes, so the second lies anywhere between two of them.
    limits = np.linspace(20.0, 120.0, 201)
    for sigma in np.linspace(0.1, 0.2, 17):
        location, spread = np.array([60.0, 60.0]), np.array([0.1, sigma])
        histogram = Histogram.of(location, spread, np.array([0.0, 1.0]), np.zeros(2))
        expected, _ = histogram.moments(limits)
        q = [probability_within(location, spread, t)[1] for t in limits]
        np.testing.assert_allclose(expected, q, atol=1.5e-3)


def test_histogram_sends_certain_rows_to_the_step():
    location, sigma = np.array([0.0, 60.0, 60.1]), np.zeros(3)
    expected, variance = Histogram.of(
        location, sigma, np.array([1.0, 2.0, 4.0]), np.ones(3)
    ).moments(np.array([59.9, 60.0, 60.05, 61.0]))
    assert expected.tolist() == [1, 3, 3, 7]
    assert variance.tolist() == [0, 0, 0, 0]


def test_histogram_without_rows_or_thresholds():
    nothing = np.empty(0)
    expected, variance = Histogram.of(nothing, nothing, nothing, nothing).moments(np.array([5.0]))
    assert (expected.tolist(), variance.tolist()) == ([0], [0])
    one = np.ones(1)
    expected, variance = Histogram.of(one, one, one, one).moments(nothing)
    assert (expected.size, variance.size) == (0, 0)


def test_rows_far_below_the_farthest_are_within_any_threshold():
    location, sigma = np.array([0.0, 1e-9, 60.0]), np.full(3, 0.1)
    found = Histogram.of(location, sigma, np.array([1.0, 2.0, 4.0]), np.ones(3))
    expected = found.expected(np.array([1e-3, 1.0, 60.0, 1e9]))
    np.testing.assert_allclose(expected, [3, 3, 5, 7], atol=1e-3)


def test_prepared_curve_by_group_is_coverage_by_group(country):
    minutes, persons, centroid = (np.concatenate([a, a]) for a in country)
    half = minutes.size // 2
    group = np.tile(np.arange(half) % 7, 2)
    errors = Uncertainty(0.03, 0.1, centroid, np.tile(np.arange(half), 2))
    curve = module.CoverageCurve(minutes, persons, errors)
    for limit in (30.0, 90.0):
        one = curve.coverage(limit, group=group, n_groups=8)
        other = coverage(
            minutes, persons, threshold=limit, group=group, n_groups=8, uncertainty=errors
        )
        np.testing.assert_array_equal(one.covered, other.covered)
        np.testing.assert_allclose(one.share_low, other.share_low, rtol=0, atol=1e-12)
        np.testing.assert_allclose(one.share_high, other.share_high, rtol=0, atol=1e-12)


def test_quantile_of_a_curve_is_the_weighted_quantile(country):
    minutes, persons, _ = country
    persons = np.where(np.arange(persons.size) % 5, persons, 0.0)
    curve = module.CoverageCurve(minutes, persons)
    shares = np.array([0.0, 0.1, 0.5, 0.9, 0.985, 1.0])
    assert [curve.quantile(q) for q in shares] == weighted_quantile(
        minutes, persons, shares
    ).tolist()
    with pytest.raises(InputError, match="outside 0 to 1"):
        curve.quantile(1.1)


def test_rows_of_one_trip_in_two_groups_need_coverage_itself():
    errors = Uncertainty(0.03, 0.1, None, np.array([0, 0]))
    curve = module.CoverageCurve([30.0, 30.0], [1, 1], errors)
    with pytest.raises(InputError, match="one trip"):
        curve.coverage(30.0, group=np.array([0, 1]), n_groups=2)
