"""The band against its own definition: limits, order, and draws of the stated model."""

import numpy as np
import pytest
from coverage_oracle import populations
from hypothesis import given
from hypothesis import strategies as st

from geo.coverage import coverage, coverage_curve
from geo.errors import InputError
from geo.uncertainty import BAND_LEVEL, BAND_Z, Uncertainty, band, probability_within, trip_errors

DRAWS = 4_000


def simulate(minutes, persons, threshold, errors, seed):
    """Shares covered in seeded draws of the model: one S a draw, one e a trip."""
    draw = np.random.default_rng(seed)
    spread = np.zeros(minutes.size) if errors.centroid is None else errors.centroid
    location = np.maximum(minutes, spread)
    sigma = np.hypot(errors.trip_sigma, spread / location)
    trip = np.arange(minutes.size) if errors.trip is None else errors.trip
    common = draw.normal(0, errors.systematic_sigma, (DRAWS, 1))
    own = draw.normal(size=(DRAWS, minutes.size))[:, trip] * sigma
    return (location * np.exp(common + own) <= threshold) @ persons / persons.sum()


def area_sample(n, seed, centre=4.0, width=0.8):
    draw = np.random.default_rng(seed)
    minutes = draw.lognormal(centre, width, n)
    return minutes, np.round(draw.lognormal(8, 1.2, n)), draw.lognormal(1, 0.7, n)


def width(result):
    return (result.share_high - result.share_low)[0]


@pytest.mark.parametrize("n", [40, 400, 3000])
@pytest.mark.parametrize(
    ("systematic", "trip", "spread"),
    [(0.05, 0.1, True), (0.0, 0.15, True), (0.08, 0.0, False), (0.03, 0.2, False)],
)
def test_band_agrees_with_draws_of_the_model(n, systematic, trip, spread):
    minutes, persons, centroid = area_sample(n, seed=n)
    errors = Uncertainty(systematic, trip, centroid if spread else None)
    result = coverage(minutes, persons, threshold=60, uncertainty=errors)
    shares = simulate(minutes, persons, 60, errors, seed=1)
    low, high = np.quantile(shares, [(1 - BAND_LEVEL) / 2, (1 + BAND_LEVEL) / 2])
    # Steps of few areas are the limit of a smooth formula; the point estimate may widen the band.
    tolerance = 0.004 + 0.5 / n + 0.08 * (high - low)
    assert result.share_low[0] == pytest.approx(min(low, result.share_covered[0]), abs=tolerance)
    assert result.share_high[0] == pytest.approx(max(high, result.share_covered[0]), abs=tolerance)
    inside = (shares >= result.share_low[0] - 1e-9) & (shares <= result.share_high[0] + 1e-9)
    assert inside.mean() >= BAND_LEVEL - 0.025


def test_band_is_centred_on_the_expected_share_not_on_the_estimate():
    # All areas a little within the threshold: errors can only lose people, and the model knows.
    minutes, persons = np.full(500, 57.0), np.full(500, 100.0)
    errors = Uncertainty(0.0, 0.1)
    result = coverage(minutes, persons, threshold=60, uncertainty=errors)
    shares = simulate(minutes, persons, 60, errors, seed=2)
    assert result.share_covered[0] == result.share_high[0] == 1
    assert result.share_low[0] == pytest.approx(np.quantile(shares, 0.05), abs=0.005)
    assert result.share_low[0] < 0.7  # a band of half-width z s around 1 would start at 0.97


def test_rows_of_one_trip_err_together():
    # 30 areas, adults and children on two rows each. As 60 trips the errors would cancel more.
    # Evenly around the threshold, so that as many areas are likely to be lost as gained.
    minutes, persons = 60 * np.exp(np.linspace(-0.5, 0.5, 30)), np.full(30, 100.0)
    minutes, persons = np.tile(minutes, 2), np.concatenate([persons, persons])
    trip = np.tile(np.arange(30), 2)
    apart = coverage(minutes, persons, threshold=60, uncertainty=Uncertainty(0, 0.2))
    errors = Uncertainty(0, 0.2, trip=trip)
    joined = coverage(minutes, persons, threshold=60, uncertainty=errors)
    alone = coverage(minutes[:30], persons[:30] * 2, threshold=60, uncertainty=Uncertainty(0, 0.2))
    assert width(joined) == pytest.approx(width(alone), abs=1e-12)
    assert width(joined) == pytest.approx(width(apart) * np.sqrt(2), rel=0.02)
    shares = simulate(minutes, persons, 60, errors, seed=6)
    assert np.subtract(*np.quantile(shares, [0.95, 0.05])) == pytest.approx(
        width(joined), abs=1 / 30
    )


def test_same_trip_in_two_groups_stays_in_each():
    minutes, persons = np.array([55.0, 55.0, 70.0]), np.array([10.0, 30.0, 5.0])
    group, trip = np.array([0, 1, 1]), np.array([0, 0, 2])
    errors = Uncertainty(0.02, 0.2, trip=trip)
    both = coverage(minutes, persons, threshold=60, group=group, uncertainty=errors)
    for g in (0, 1):
        rows = group == g
        alone = coverage(minutes[rows], persons[rows], threshold=60, uncertainty=errors.take(rows))
        assert both.share_low[g] == pytest.approx(alone.share_low[0])
        assert both.share_high[g] == pytest.approx(alone.share_high[0])


def test_rows_of_one_trip_must_have_one_impedance():
    errors = Uncertainty(0.0, 0.1, trip=np.array([0, 0, 1]))
    with pytest.raises(InputError, match="another row of the same trip in 1 row"):
        coverage([50.0, 51.0, 50.0], [1, 1, 1], threshold=60, uncertainty=errors)
    # Two rows without data do have the same: none.
    unknown = Uncertainty(0.0, 0.1, trip=np.array([0, 0, 2]))
    result = coverage([np.nan, np.nan, 50.0], [1, 1, 1], threshold=60, uncertainty=unknown)
    assert result.no_data.tolist() == [2]


@given(populations(), st.floats(1, 300))
def test_no_errors_no_width(population, threshold):
    minutes, persons = population
    for errors in (None, Uncertainty(0, 0), Uncertainty(0, 0, np.zeros(minutes.size))):
        result = coverage(minutes, persons, threshold=threshold, uncertainty=errors)
        np.testing.assert_array_equal(result.share_low, result.share_covered)
        np.testing.assert_array_equal(result.share_high, result.share_covered)


@given(populations(), st.floats(1, 300), st.floats(0, 0.3), st.floats(0, 0.3), st.floats(0.01, 0.3))
def test_larger_systematic_error_never_narrows_either_side(population, threshold, one, more, trip):
    small = coverage(
        *population, threshold=threshold, uncertainty=Uncertainty(min(one, more), trip)
    )
    large = coverage(
        *population, threshold=threshold, uncertainty=Uncertainty(max(one, more), trip)
    )
    if np.isfinite(small.share_covered[0]):
        assert large.share_low[0] <= small.share_low[0] + 1e-12
        assert large.share_high[0] >= small.share_high[0] - 1e-12


def test_larger_trip_error_widens_a_typical_band():
    # Not a law: an error so large that every area is a coin toss narrows it again, in the model too.
    minutes, persons, _ = area_sample(400, seed=8)
    bands = [
        coverage(minutes, persons, threshold=60, uncertainty=Uncertainty(0.02, sigma))
        for sigma in (0.0, 0.05, 0.1, 0.2, 0.4)
    ]
    widths = [width(result) for result in bands]
    assert widths == sorted(widths)
    assert widths[0] < widths[-1]


def test_more_areas_leave_only_the_common_error():
    errors = Uncertainty(0.05, 0.3)
    common = Uncertainty(0.05, 0.0)
    few, many = (area_sample(n, seed=9)[:2] for n in (50, 50_000))
    excess = [
        width(coverage(*sample, threshold=60, uncertainty=errors))
        - width(coverage(*sample, threshold=60, uncertainty=common))
        for sample in (few, many)
    ]
    assert excess[0] > 0.02
    assert abs(excess[1]) < 0.01


def test_group_of_one_area():
    errors = Uncertainty(0.03, 0.1)
    # Surely within, a coin toss, surely beyond, an island, unknown: each a group of its own.
    result = coverage(
        [20.0, 60.0, 200.0, np.inf, np.nan],
        [7, 7, 7, 7, 7],
        threshold=60,
        group=np.arange(5),
        uncertainty=errors,
    )
    assert result.share_low[0] == pytest.approx(1)
    assert (result.share_low[1], result.share_high[1]) == (0, 1)
    assert result.share_high[2] == pytest.approx(0)
    assert (result.share_low[3], result.share_high[3]) == (0, 0)
    assert np.isnan([result.share_low[4], result.share_high[4]]).all()


def test_band_never_reaches_the_islands():
    result = coverage([59.0, np.inf], [1, 1], threshold=60, uncertainty=Uncertainty(0.2, 0.2))
    assert result.share_high.tolist() == [0.5]


def test_site_inside_a_wide_area():
    # Computed as 0 minutes, but people are some 30 minutes away: 10 minutes do not cover all.
    errors = Uncertainty(0.0, 0.0, centroid=np.array([30.0]))
    near = coverage([0.0], [100], threshold=10, uncertainty=errors)
    far = coverage([0.0], [100], threshold=3000, uncertainty=errors)
    assert near.share_covered.tolist() == [1]
    assert near.share_low[0] < 0.5
    assert far.share_low[0] == pytest.approx(1, abs=0.01)
    assert coverage([0.0], [1], threshold=1, uncertainty=Uncertainty(0.1, 0.1)).share_low[0] == 1


def test_trip_errors_take_the_larger_of_trip_and_spread_as_scale():
    location, sigma = trip_errors(
        np.array([0.0, 0.0, 30.0, 40.0]), trip_sigma=0.3, centroid=np.array([0.0, 5.0, 30.0, 16.0])
    )
    assert location.tolist() == [0, 5, 30, 40]
    np.testing.assert_allclose(sigma, [0.3, np.hypot(0.3, 1), np.hypot(0.3, 1), 0.5])
    assert trip_errors(np.ones(1), trip_sigma=0.0009, centroid=None)[1].tolist() == [0]


def test_probability_is_a_step_without_error_and_half_at_the_threshold():
    sigma = np.array([0.0, 0.0, 0.2, 0.2])
    location = np.array([60.0, 60.01, 60.0, 60.0 * np.exp(0.2)])
    np.testing.assert_allclose(
        probability_within(location, sigma, 60.0), [1, 0, 0.5, 0.15865525], atol=1e-8
    )


def test_band_z_is_the_normal_quantile():
    # 90% between -z and z.
    inside = np.diff(probability_within(np.exp([BAND_Z, -BAND_Z]), np.ones(2), 1.0))[0]
    assert inside == pytest.approx(BAND_LEVEL, abs=1e-4)


def test_band_combines_both_parts_in_quadrature():
    half = np.array([0.5])
    low, high = band(
        half,
        expected=half,
        expected_slow=half - 0.03,
        expected_fast=half + 0.03,
        sd=np.array([0.04 / BAND_Z]),
        reachable=np.array([1.0]),
    )
    assert low[0] == pytest.approx(0.45)  # 3, 4, 5
    assert high[0] == pytest.approx(0.55)


def test_take_keeps_what_belongs_to_the_rows():
    errors = Uncertainty(0.1, 0.2, np.array([1.0, 2.0, 3.0]), np.array([0, 2, 2]))
    some = errors.take(np.array([1, 2]))
    assert (some.systematic_sigma, some.trip_sigma) == (0.1, 0.2)
    assert some.centroid.tolist() == [2, 3]
    assert some.trip.tolist() == [0, 0]
    assert Uncertainty(0.1, 0.2).take(np.array([0])).centroid is None


def test_every_problem_is_listed():
    with pytest.raises(InputError) as caught:
        Uncertainty(5, np.nan, np.array([1.0, -1.0, np.nan]), np.array([0, 9]))
    assert caught.value.problems == (
        "systematic_sigma must be a share from 0 to 1, got 5",
        "trip_sigma must be a share from 0 to 1, got nan",
        "centroid spread is missing or infinite in 1 row (index 2)",
        "centroid spread is negative in 1 row (index 1)",
        "trip code is outside 0 to 1 in 1 row (index 1)",
        "lengths differ: centroid 3, trip 2",
    )


def test_lengths_of_errors_and_rows_must_match():
    errors = Uncertainty(0.1, 0.2, np.zeros(2))
    with pytest.raises(InputError, match=r"impedance 3, uncertainty\.centroid 2"):
        coverage([1, 2, 3], [1, 1, 1], threshold=60, uncertainty=errors)
    with pytest.raises(InputError, match=r"impedance 3, uncertainty\.centroid 2"):
        coverage_curve([1, 2, 3], [1, 1, 1], thresholds=[60], uncertainty=errors)
