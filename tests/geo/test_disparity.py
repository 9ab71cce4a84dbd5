"""Gaps between groups against plain counting, single bands and seeded draws of the errors."""

import numpy as np
import pytest
from coverage_oracle import uncertainties
from hypothesis import given
from hypothesis import strategies as st

from geo.coverage import coverage_of_columns
from geo.disparity import Trips, gaps, medians, quantiles
from geo.equity import quantile_band, weighted_quantile
from geo.errors import InputError
from geo.uncertainty import BAND_Z, Uncertainty

minutes_ = st.one_of(st.integers(0, 120).map(float), st.sampled_from([60.0, np.inf, np.nan]))
THREE = slice(0, 3)
DRAWS = 4_000


@st.composite
def places(draw, groups=3):
    """(minutes, persons by group, place code) of some areas."""
    size = draw(st.integers(1, 20))
    minutes = draw(st.lists(minutes_, min_size=size, max_size=size))
    persons = draw(
        st.lists(
            st.lists(st.integers(0, 9), min_size=groups, max_size=groups),
            min_size=size,
            max_size=size,
        )
    )
    place = draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))
    return np.array(minutes), np.array(persons, dtype=float), np.array(place, dtype=np.intp)


def share_by_counting(minutes, persons, threshold):
    known = sum(p for t, p in zip(minutes, persons, strict=True) if not np.isnan(t))
    beyond = sum(
        p for t, p in zip(minutes, persons, strict=True) if not np.isnan(t) and not t <= threshold
    )
    return known, beyond


@given(places(), st.integers(0, 30))
def test_gap_is_that_of_plain_counting(case, fewest):
    minutes, persons, place = case
    trips = Trips.of(minutes, persons)
    found = gaps(
        trips, trips.within(60.0), columns=THREE, reference=0, place=place[trips.row],
        n_places=3, fewest=fewest,
    )  # fmt: skip
    for at in range(3):
        here = place == at
        counts = [share_by_counting(minutes[here], persons[here, k], 60.0) for k in range(3)]
        assert found.people[at].tolist() == [known for known, _ in counts]
        assert found.beyond[at].tolist() == [beyond for _, beyond in counts]
        enough = [known > 0 and known >= fewest for known, _ in counts]
        others = [k for k in (1, 2) if enough[k]]
        if not enough[0] or not others:
            assert found.worst[at] == -1
            assert np.isnan(found.gap.value[at])
            continue
        shares = [beyond / known if known else np.nan for known, beyond in counts]
        worst = max(others, key=lambda k: shares[k])
        assert found.worst[at] == worst
        assert found.gap.value[at] == pytest.approx(shares[worst] - shares[0])
        if shares[0] > 0:
            assert found.ratio.value[at] == pytest.approx(shares[worst] / shares[0])
        else:
            assert np.isnan(found.ratio.value[at])


@given(places().flatmap(lambda case: st.tuples(st.just(case), uncertainties(case[0].size))))
def test_places_at_once_equal_one_place_at_a_time(both):
    (minutes, persons, place), errors = both
    trips = Trips.of(minutes, persons, errors)
    within = trips.within(60.0)
    found = gaps(
        trips, within, columns=THREE, reference=0, place=place[trips.row], n_places=3
    )  # fmt: skip
    for at in range(3):
        here = np.flatnonzero(place == at)
        alone = Trips.of(minutes[here], persons[here], errors.take(here))
        one = gaps(alone, alone.within(60.0), columns=THREE, reference=0)
        assert one.worst[0] == found.worst[at]
        for name in ("gap", "ratio"):
            many, single = getattr(found, name), getattr(one, name)
            for end in ("value", "low", "high"):
                expected = pytest.approx(getattr(single, end)[0], abs=1e-9, nan_ok=True)
                assert getattr(many, end)[at] == expected
            if not np.isnan(many.value[at]):
                assert many.low[at] <= many.value[at] <= many.high[at]


def country(seed, size=300, groups=3):
    draw = np.random.default_rng(seed)
    minutes = draw.lognormal(3.8, 0.7, size)
    persons = np.round(draw.lognormal(5, 1, (size, groups)) * minutes[:, None] ** [0.0, 0.4, 0.8])
    errors = Uncertainty(0.05, 0.2, draw.uniform(0, 10, size))
    return minutes, persons, errors


@pytest.mark.parametrize("size", [40, 300])
def test_bands_of_gaps_are_those_of_draws(size):
    minutes, persons, errors = country(size, size)
    trips = Trips.of(minutes, persons, errors)
    found = gaps(trips, trips.within(60.0), columns=THREE, reference=0)
    assert found.worst[0] == 2
    draw = np.random.default_rng(11)
    sigma = np.hypot(0.2, errors.centroid / np.maximum(minutes, errors.centroid))
    factor = np.exp(draw.normal(0, 0.05, (DRAWS, 1)) + sigma * draw.normal(size=(DRAWS, size)))
    beyond = np.maximum(minutes, errors.centroid) * factor > 60
    shares = beyond @ persons / persons.sum(axis=0)
    for estimate, drawn in (
        (found.gap, shares[:, 2] - shares[:, 0]),
        (found.ratio, shares[:, 2] / shares[:, 0]),
    ):
        low, high = np.quantile(drawn, [0.05, 0.95])
        assert estimate.low[0] == pytest.approx(min(low, estimate.value[0]), abs=0.2 * (high - low))
        assert estimate.high[0] == pytest.approx(
            max(high, estimate.value[0]), abs=0.2 * (high - low)
        )


def test_errors_that_groups_have_in_common_cancel():
    minutes, persons, errors = country(1)
    same = persons[:, [0, 0]] * [1, 2]
    trips = Trips.of(minutes, same, errors)
    found = gaps(trips, trips.within(60.0), columns=slice(0, 2), reference=0)
    assert found.gap.low[0] == pytest.approx(0, abs=1e-12)
    assert found.gap.high[0] == pytest.approx(0, abs=1e-12)
    assert found.ratio.low[0] == pytest.approx(1)
    assert found.ratio.high[0] == pytest.approx(1)
    trips = Trips.of(minutes, persons, errors)
    gap = gaps(trips, trips.within(60.0), columns=THREE, reference=0).gap
    alone = coverage_of_columns(minutes, persons, threshold=60.0, uncertainty=errors)
    widths = alone.share_high - alone.share_low
    assert 0 < gap.high[0] - gap.low[0] < 0.8 * (widths[0] + widths[2])


def test_a_group_can_be_compared_by_name():
    minutes, persons, errors = country(2)
    trips = Trips.of(minutes, persons, errors)
    within = trips.within(60.0)
    worst = gaps(trips, within, columns=THREE, reference=0)
    named = gaps(trips, within, columns=THREE, reference=0, against=np.array([1]))
    assert worst.worst.tolist() == [2]
    assert named.worst.tolist() == [1]
    assert named.gap.value[0] < worst.gap.value[0]
    assert named.share[0] == pytest.approx(worst.share[0])


def test_slower_trips_may_narrow_a_gap_and_the_band_shows_it():
    # Everybody of group 1 is beyond already; those of group 0 would follow if trips were slower.
    trips = Trips.of([58.0, 200.0], [[1, 0], [0, 1]], Uncertainty(0.1, 0.0))
    gap = gaps(trips, trips.within(60.0), columns=slice(0, 2), reference=0).gap
    assert (gap.value[0], gap.low[0], gap.high[0]) == (1, 0, 1)


@given(places().flatmap(lambda case: st.tuples(st.just(case), uncertainties(case[0].size))))
def test_medians_have_the_bands_of_single_groups(both):
    (minutes, persons, _), errors = both
    found = medians(Trips.of(minutes, persons, errors))
    for k in range(3):
        alone = quantile_band(minutes, persons[:, k], q=0.5, uncertainty=errors)
        np.testing.assert_equal(found.value[k], alone.value)
        assert np.isnan(alone.value) or found.low[k] <= found.value[k] <= found.high[k]


@given(places(), st.lists(st.integers(0, 20).map(lambda k: k / 20), min_size=1, max_size=4))
def test_percentiles_are_those_of_single_groups(case, shares):
    minutes, persons, _ = case
    found = quantiles(Trips.of(minutes, persons), shares)
    for k in range(3):
        alone = weighted_quantile(minutes, persons[:, k], np.array(shares))
        np.testing.assert_array_equal(found[k], alone)


@pytest.mark.parametrize("seed", range(4))
def test_medians_have_the_bands_of_single_groups_in_a_country(seed):
    minutes, persons, errors = country(seed, size=2000)
    minutes[:40] = np.inf
    minutes[40:60] = np.nan
    found = medians(Trips.of(minutes, persons, errors))
    for k in range(3):
        alone = quantile_band(minutes, persons[:, k], q=0.5, uncertainty=errors)
        assert found.low[k] == pytest.approx(alone.low, rel=0.005)
        assert found.high[k] == pytest.approx(alone.high, rel=0.005)
        assert found.low[k] < found.value[k] < found.high[k]


def test_medians_far_apart_and_at_the_edges():
    minutes = np.array([1.0, 1.1, 900.0, 950.0, np.inf, np.nan, 0.0])
    persons = np.zeros((7, 6))
    persons[[0, 1], 0] = 1
    persons[[2, 3], 1] = 1
    persons[[0, 4], 2] = 1  # half within 1 minute, half without a road
    persons[4, 3] = 1
    persons[5, 4] = 1
    persons[6, 5] = 1  # at the door
    errors = Uncertainty(0.02, 0.1)
    found = medians(Trips.of(minutes, persons, errors))
    np.testing.assert_equal(found.value, [1.0, 900.0, 1.0, np.inf, np.nan, 0.0])
    for k in range(2):
        alone = quantile_band(minutes, persons[:, k], q=0.5, uncertainty=errors)
        assert found.low[k] == pytest.approx(alone.low, rel=0.005)
        assert found.high[k] == pytest.approx(alone.high, rel=0.005)
    assert 1.0 < found.high[2] < np.inf
    np.testing.assert_equal(found.high[3:], [np.inf, np.nan, 0.0])


def test_without_errors_bands_have_no_width():
    minutes, persons, _ = country(3)
    trips = Trips.of(minutes, persons)
    found = medians(trips)
    np.testing.assert_array_equal(found.low, found.high)
    gap = gaps(trips, trips.within(60.0), columns=THREE, reference=0).gap
    assert gap.low[0] == gap.value[0] == gap.high[0]


def test_rows_of_one_trip_are_put_together():
    minutes, persons, errors = country(4, size=50)
    half = np.repeat(persons / 2, 2, axis=0)
    twice = Uncertainty(
        0.05, 0.2, np.repeat(errors.centroid, 2), trip=2 * np.repeat(np.arange(50), 2)
    )
    one, two = Trips.of(minutes, persons, errors), Trips.of(np.repeat(minutes, 2), half, twice)
    assert two.row.tolist() == list(range(0, 100, 2))
    assert two.weights == pytest.approx(one.weights)
    gap = [gaps(t, t.within(60.0), columns=THREE, reference=0).gap for t in (one, two)]
    assert gap[1].low[0] == pytest.approx(gap[0].low[0])
    apart = Uncertainty(0.05, 0.2, twice.centroid)
    loose = Trips.of(np.repeat(minutes, 2), half, apart)
    independent = gaps(loose, loose.within(60.0), columns=THREE, reference=0).gap
    assert independent.high[0] - independent.low[0] < gap[0].high[0] - gap[0].low[0]


def test_band_of_one_group_against_nobody_beyond_is_that_of_coverage():
    minutes, persons, errors = country(5)
    near = np.full(minutes.size, 1.0)
    both = np.concatenate([near, minutes])
    empty = np.zeros(minutes.size)
    columns = np.column_stack(
        [np.concatenate([persons[:, 0], empty]), np.concatenate([empty, persons[:, 0]])]
    )
    both_errors = Uncertainty(0.05, 0.2, np.concatenate([empty, errors.centroid]))
    trips = Trips.of(both, columns, both_errors)
    gap = gaps(trips, trips.within(60.0), columns=slice(0, 2), reference=0).gap
    alone = coverage_of_columns(minutes, persons[:, :1], threshold=60.0, uncertainty=errors)
    assert gap.value[0] == pytest.approx(1 - alone.share_covered[0])
    assert gap.low[0] == pytest.approx(1 - alone.share_high[0])
    assert gap.high[0] == pytest.approx(1 - alone.share_low[0])
    assert BAND_Z == 1.645


def test_all_problems_are_listed():
    with pytest.raises(InputError) as caught:
        Trips.of([1.0, -2.0], [[1.0], [2.0], [-3.0]])
    assert caught.value.problems == (
        "lengths differ: impedance 2, persons 3",
        "impedance is negative in 1 row (index 1)",
        "persons is negative in 1 row (index 2)",
    )
    with pytest.raises(InputError, match="another row of the same trip"):
        Trips.of([1.0, 2.0], [[1.0], [1.0]], Uncertainty(0.1, 0.1, trip=np.array([0, 0])))
    with pytest.raises(InputError, match="threshold must be positive"):
        Trips.of([1.0], [[1.0]]).within(0.0)
