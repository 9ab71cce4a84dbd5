"""The histogram behind long curves of many areas agrees with coverage() row by row."""

import numpy as np
import pytest

from geo import coverage as module
from geo.coverage import coverage, coverage_curve
from geo.uncertainty import Uncertainty, histogram_moments, probability_within

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
    assert minutes.size * limits.size > module.EXACT_PAIRS  # so the histogram is used
    curve = coverage_curve(minutes, persons, thresholds=limits, uncertainty=errors)
    points = [coverage(minutes, persons, threshold=t, uncertainty=errors) for t in limits]
    for name, tolerance in {"share_covered": 1e-9, "share_low": 1e-3, "share_high": 1e-3}.items():
        expected = [getattr(point, name)[0] for point in points]
        np.testing.assert_allclose(getattr(curve, name), expected, rtol=0, atol=tolerance)
    assert (curve.share_low <= curve.share_covered).all()
    assert (curve.share_covered <= curve.share_high).all()


@pytest.mark.parametrize("sigma", [0.001, 0.0123, 0.1, 0.37, 1.4])
def test_histogram_of_one_row_is_its_probability(sigma):
    # The worst case: nothing to average over. Thresholds from surely beyond to surely within.
    one = np.ones(1)
    limits = 60.0 * np.exp(sigma * np.linspace(-9, 9, 301))
    expected, variance = histogram_moments(60.0 * one, sigma * one, 3 * one, 9 * one, limits)
    q = np.array([probability_within(60.0 * one, sigma * one, t)[0] for t in limits])
    np.testing.assert_allclose(expected, 3 * q, atol=3e-3)
    np.testing.assert_allclose(variance, 9 * q * (1 - q), atol=9e-3)


def test_histogram_between_two_classes_of_sigma():
    # Two rows span the classes, so the second lies anywhere between two of them.
    limits = np.linspace(20.0, 120.0, 201)
    for sigma in np.linspace(0.1, 0.2, 17):
        location, spread = np.array([60.0, 60.0]), np.array([0.1, sigma])
        expected, _ = histogram_moments(location, spread, np.array([0.0, 1.0]), np.zeros(2), limits)
        q = [probability_within(location, spread, t)[1] for t in limits]
        np.testing.assert_allclose(expected, q, atol=1.5e-3)


def test_histogram_sends_certain_rows_to_the_step():
    location, sigma = np.array([0.0, 60.0, 60.1]), np.zeros(3)
    expected, variance = histogram_moments(
        location,
        sigma,
        np.array([1.0, 2.0, 4.0]),
        np.ones(3),
        np.array([[59.9, 60.0], [60.05, 61.0]]),
    )
    assert expected.tolist() == [[1, 3], [3, 7]]
    assert variance.tolist() == [[0, 0], [0, 0]]


def test_histogram_without_rows_or_thresholds():
    nothing = np.empty(0)
    expected, variance = histogram_moments(nothing, nothing, nothing, nothing, np.array([5.0]))
    assert (expected.tolist(), variance.tolist()) == ([0], [0])
    one = np.ones(1)
    expected, variance = histogram_moments(one, one, one, one, nothing)
    assert (expected.size, variance.size) == (0, 0)
