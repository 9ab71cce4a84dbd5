"""Percentiles and groups against expanded samples and plain counting."""

import math

import numpy as np
import pytest
from coverage_oracle import impedances, populations, uncertainties
from hypothesis import given
from hypothesis import strategies as st

from geo.coverage import coverage, coverage_of_columns
from geo.equity import (
    group_summary,
    quantile_band,
    split_persons,
    summary_of_columns,
    weighted_median,
    weighted_quantile,
    weighted_quantile_by_group,
    weighted_quantile_groups,
)
from geo.errors import InputError
from geo.uncertainty import Uncertainty

tenths = st.integers(0, 20).map(lambda k: k / 20)
samples = st.lists(st.tuples(impedances, st.integers(0, 6)), max_size=25)


def expanded_quantile(values, weights, q):
    """Quantile of the sample with every value repeated, as ranks: no interpolation."""
    people = sorted(
        v for v, w in zip(values, weights, strict=True) for _ in range(w) if not math.isnan(v)
    )
    if not people:
        return math.nan
    # round() undoes the binary error of q, so that 0.1 of 10 people is 1.
    rank = math.ceil(round(q * len(people), 9))
    return people[max(rank, 1) - 1]


@given(samples, tenths)
def test_weighted_quantile_is_that_of_the_expanded_sample(sample, q):
    values, weights = [v for v, _ in sample], [w for _, w in sample]
    expected = expanded_quantile(values, weights, q)
    np.testing.assert_equal(weighted_quantile(values, weights, q), expected)


@given(samples, st.lists(st.integers(0, 3), min_size=25, max_size=25))
def test_quantiles_by_group_equal_one_group_at_a_time(sample, codes):
    values = np.array([v for v, _ in sample], dtype=float)
    weights = np.array([w for _, w in sample], dtype=float)
    group = np.array(codes[: values.size], dtype=np.intp)
    found = weighted_quantile_by_group(values, weights, [0, 0.1, 0.5, 1], group=group, n_groups=5)
    assert found.shape == (5, 4)
    for g in range(5):
        alone = weighted_quantile(
            values[group == g], weights[group == g], np.array([0, 0.1, 0.5, 1])
        )
        np.testing.assert_array_equal(found[g], alone)


@given(populations(min_size=1), st.sampled_from([0.1, 0.5, 0.9]))
def test_at_least_q_of_the_people_live_within_the_quantile(population, q):
    minutes, persons = population
    value = weighted_quantile(minutes, persons, q)
    if np.isfinite(value) and value > 0:
        at = coverage(minutes, persons, threshold=value)
        below = coverage(minutes, persons, threshold=np.nextafter(value, 0))
        assert at.covered[0] >= q * at.known[0] * (1 - 1e-9)
        assert below.covered[0] < q * at.known[0]


def test_median_of_few():
    assert weighted_median([30.0, 10.0, 20.0], [1, 1, 1]) == 20
    assert weighted_median([10.0, 20.0], [1, 1]) == 10  # half of the people live within 10
    assert weighted_median([10.0, 20.0], [0, 1]) == 20
    assert weighted_median([10.0, np.inf], [1, 2]) == np.inf
    assert weighted_median([10.0, np.nan], [1, 9]) == 10
    assert math.isnan(weighted_median([], []))
    assert math.isnan(weighted_median([np.nan], [1]))


def test_shape_of_quantiles_follows_q():
    assert isinstance(weighted_quantile([1.0], [1], 0.5), float)
    assert weighted_quantile([1.0], [1], np.full((2, 3), 0.5)).shape == (2, 3)


def test_quantile_lists_every_problem():
    with pytest.raises(InputError) as caught:
        weighted_quantile([1.0, 2.0], [1.0, -1.0, np.nan], 1.5)
    assert caught.value.problems == (
        "lengths differ: values 2, weights 3, group 2",
        "weights is missing or infinite in 1 row (index 2)",
        "weights is negative in 1 row (index 1)",
        "q is outside 0 to 1 in 1 row (index 0)",
    )


@given(st.integers(0, 2**32 - 1))
def test_income_quintiles_hold_a_fifth_of_the_people_each(seed):
    draw = np.random.default_rng(seed)
    income = np.round(draw.lognormal(11, 0.4, 2000), -2)
    income[::50] = np.nan
    persons = np.round(draw.lognormal(7, 1.2, 2000))
    codes = weighted_quantile_groups(income, persons)
    known = np.isfinite(income)
    assert (codes[~known] == 5).all()
    assert set(codes[known]) == {0, 1, 2, 3, 4}
    largest = max(persons[income == value].sum() for value in np.unique(income[known]))
    totals = np.bincount(codes[known], persons[known])
    assert np.abs(totals - persons[known].sum() / 5).max() <= largest
    # Poorer areas never come after richer ones, and equal ones are together.
    order = np.argsort(income[known], kind="stable")
    assert (np.diff(codes[known][order]) >= 0).all()
    pairs = set(zip(income[known], codes[known], strict=True))
    assert len(pairs) == np.unique(income[known]).size


def test_quantile_groups_at_the_edges():
    assert weighted_quantile_groups([], []).shape == (0,)
    assert weighted_quantile_groups([np.nan, np.nan], [1, 1]).tolist() == [5, 5]
    assert weighted_quantile_groups([1.0, 2.0], [0, 0], n_groups=2).tolist() == [0, 1]
    assert weighted_quantile_groups([7.0, 7.0, 7.0], [1, 2, 3]).tolist() == [2, 2, 2]
    with pytest.raises(InputError, match="n_groups must be at least 1"):
        weighted_quantile_groups([1.0], [1], n_groups=0)


@given(st.data(), st.integers(1, 20))
def test_split_persons_keeps_everybody(data, size):
    people = np.array(data.draw(st.lists(st.integers(0, 9999), min_size=size, max_size=size)))
    share = np.array(
        data.draw(
            st.lists(st.one_of(st.just(np.nan), st.floats(0, 1)), min_size=size, max_size=size)
        )
    )
    parts = split_persons(people, np.column_stack([share, 1 - share]))
    np.testing.assert_allclose(parts.sum(axis=1), people, rtol=1e-12)
    assert parts[np.isnan(share), 2].tolist() == people[np.isnan(share)].tolist()
    assert (parts[~np.isnan(share), 2] == 0).all()


def test_split_persons_refuses_what_is_no_share():
    with pytest.raises(InputError, match="shares is outside 0 to 1 in 1 row"):
        split_persons([10], [[1.5]])


def test_shares_of_a_race_by_hand():
    # 100 people at 30 minutes, a quarter of group X; 300 at 90 minutes, half of group X.
    persons = split_persons([100, 300], [[0.25, 0.75], [0.5, 0.5]])
    result = coverage_of_columns([30, 90], persons, threshold=60)
    assert result.covered.tolist() == [25, 75, 0]
    assert result.share_covered[:2].tolist() == [25 / (25 + 150), 75 / (75 + 150)]
    assert np.isnan(result.share_covered[2])


@given(st.data(), populations(), st.integers(1, 120))
def test_summaries_agree_with_their_parts(data, population, threshold):
    minutes, persons = population
    errors = data.draw(uncertainties(minutes.size))
    one = group_summary(minutes, persons, threshold=threshold, uncertainty=errors)
    columns = summary_of_columns(
        minutes, np.column_stack([persons, persons]), threshold=threshold, uncertainty=errors
    )
    for q, name in ((0.1, "p10"), (0.5, "median"), (0.9, "p90")):
        expected = weighted_quantile(minutes, persons, q)
        np.testing.assert_equal(getattr(one, name), [expected])
        np.testing.assert_equal(getattr(columns, name), [expected, expected])
    np.testing.assert_allclose(columns.coverage.share_low[1], one.coverage.share_low[0], atol=1e-9)
    assert columns.coverage.covered[0] == one.coverage.covered[0]


def test_summary_of_no_columns():
    assert summary_of_columns([1.0], np.empty((1, 0)), threshold=1).median.shape == (0,)


def test_median_band_of_a_common_error_is_the_median_times_the_error():
    minutes = np.linspace(1, 200, 4000)
    found = quantile_band(minutes, np.ones(4000), q=0.5, uncertainty=Uncertainty(0.1, 0))
    assert found.low == pytest.approx(found.value * np.exp(-0.1645), rel=0.004)
    assert found.high == pytest.approx(found.value * np.exp(0.1645), rel=0.004)


def test_median_band_agrees_with_draws_of_the_model():
    draw = np.random.default_rng(3)
    minutes, persons = draw.lognormal(4, 0.8, 300), np.round(draw.lognormal(8, 1, 300))
    found = quantile_band(minutes, persons, q=0.5, uncertainty=Uncertainty(0.05, 0.2))
    medians = [
        weighted_median(minutes * np.exp(draw.normal(0, 0.05) + draw.normal(0, 0.2, 300)), persons)
        for _ in range(1500)
    ]
    low, high = np.quantile(medians, [0.05, 0.95])
    assert found.low == pytest.approx(low, rel=0.05)
    assert found.high == pytest.approx(high, rel=0.05)


@given(st.data(), populations(), st.sampled_from([0.1, 0.5, 0.9]))
def test_quantile_band_contains_the_quantile(data, population, q):
    minutes, persons = population
    errors = data.draw(uncertainties(minutes.size))
    found = quantile_band(minutes, persons, q=q, uncertainty=errors)
    np.testing.assert_equal(found.value, weighted_quantile(minutes, persons, q))
    if not math.isnan(found.value):
        assert found.low <= found.value <= found.high


def test_quantile_band_without_errors_or_people():
    assert quantile_band([5.0, 9.0], [1, 1], q=0.5).low == 5
    assert math.isnan(quantile_band([], [], q=0.5, uncertainty=Uncertainty(0.1, 0.1)).value)
    far = quantile_band([5.0, np.inf], [1, 3], q=0.5, uncertainty=Uncertainty(0.1, 0.1))
    assert (far.value, far.low, far.high) == (np.inf, np.inf, np.inf)
    # Half can reach a site, but whether half are within any time is never sure: no upper end.
    edge = quantile_band([5.0, np.inf], [1, 1], q=0.5, uncertainty=Uncertainty(0.0, 1.0))
    assert edge.value == 5
    assert edge.high > 50
