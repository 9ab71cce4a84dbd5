"""What must hold for any input, and a plain-loop oracle for all of it."""

import numpy as np
import pytest
from coverage_oracle import count_states, populations, slow_band, uncertainties
from hypothesis import given
from hypothesis import strategies as st

from geo.coverage import coverage, coverage_curve, coverage_of_columns, travel_distribution
from geo.results import STATES, whole_persons

thresholds = st.one_of(st.integers(1, 300).map(float), st.floats(0.5, 300))


def states(result):
    return np.stack([getattr(result, name) for name in STATES], axis=1)


@given(st.data(), populations(), thresholds)
def test_equals_plain_loops(data, population, threshold):
    minutes, persons = population
    errors = data.draw(uncertainties(minutes.size))
    n_groups = 3
    codes = np.array(
        data.draw(st.lists(st.integers(0, 2), min_size=minutes.size, max_size=minutes.size)),
        dtype=np.intp,
    )
    result = coverage(
        minutes, persons, threshold=threshold, group=codes, n_groups=n_groups, uncertainty=errors
    )
    for g in range(n_groups):
        rows = codes == g
        expected = count_states(minutes[rows], persons[rows], threshold)
        assert states(result)[g].tolist() == list(expected)
        assert result.population[g] == sum(expected)
        low, high = slow_band(minutes[rows], persons[rows], threshold, errors.take(rows))
        np.testing.assert_allclose(result.share_low[g], low, atol=1e-9)
        np.testing.assert_allclose(result.share_high[g], high, atol=1e-9)


@given(st.data(), populations(), thresholds)
def test_band_contains_the_estimate_and_stays_possible(data, population, threshold):
    minutes, persons = population
    errors = data.draw(uncertainties(minutes.size))
    result = coverage(minutes, persons, threshold=threshold, uncertainty=errors)
    if np.isnan(result.share_covered[0]):
        assert np.isnan(result.share_low[0])
        assert np.isnan(result.share_high[0])
        return
    reachable = (result.covered + result.uncovered) / result.known
    assert 0 <= result.share_low[0] <= result.share_covered[0] <= result.share_high[0]
    assert result.share_high[0] <= reachable[0]
    assert result.covered_low[0] - 1e-6 <= result.covered[0] <= result.covered_high[0] + 1e-6
    assert result.beyond_low[0] - 1e-6 <= result.beyond[0] <= result.beyond_high[0] + 1e-6


@given(populations(), thresholds, thresholds)
def test_longer_threshold_never_covers_less(population, one, other):
    near = coverage(*population, threshold=min(one, other))
    far = coverage(*population, threshold=max(one, other))
    assert near.covered[0] <= far.covered[0]
    assert near.no_data[0] == far.no_data[0]
    assert near.unreachable[0] == far.unreachable[0]


@given(st.data(), populations(), thresholds)
def test_one_more_site_never_covers_less(data, population, threshold):
    minutes, persons = population
    size = minutes.size
    other = np.array(data.draw(st.lists(st.floats(0, 400), min_size=size, max_size=size)))
    before = coverage(minutes, persons, threshold=threshold)
    after = coverage(np.minimum(minutes, other.reshape(size)), persons, threshold=threshold)
    assert before.covered[0] <= after.covered[0]
    assert before.unreachable[0] >= after.unreachable[0]
    assert before.no_data[0] == after.no_data[0]


@given(st.data(), populations(), thresholds)
def test_order_of_rows_does_not_matter(data, population, threshold):
    minutes, persons = population
    errors = data.draw(uncertainties(minutes.size))
    order = np.array(data.draw(st.permutations(range(minutes.size))), dtype=np.intp)
    one = coverage(minutes, persons, threshold=threshold, uncertainty=errors)
    two = coverage(
        minutes[order], persons[order], threshold=threshold, uncertainty=errors.take(order)
    )
    assert states(one).tolist() == states(two).tolist()
    np.testing.assert_allclose(one.share_low, two.share_low, atol=1e-12)
    np.testing.assert_allclose(one.share_high, two.share_high, atol=1e-12)


@given(populations(), thresholds)
def test_everybody_is_in_exactly_one_state(population, threshold):
    result = coverage(*population, threshold=threshold)
    assert states(result).sum() == population[1].sum() == result.population.sum()
    assert (result.known + result.no_data == result.population).all()
    assert (result.beyond + result.covered == result.known).all()


@given(st.data(), populations(min_size=1), thresholds, st.sampled_from([0.25, 0.5, 2.0, 8.0]))
def test_other_units_give_the_same_answer(data, population, threshold, factor):
    # Powers of two: an exact change of unit, so the boundary stays where it is.
    minutes, persons = population
    errors = data.draw(uncertainties(minutes.size))
    scaled = type(errors)(
        errors.systematic_sigma,
        errors.trip_sigma,
        None if errors.centroid is None else errors.centroid * factor,
    )
    one = coverage(minutes, persons, threshold=threshold, uncertainty=errors)
    two = coverage(minutes * factor, persons, threshold=threshold * factor, uncertainty=scaled)
    assert states(one).tolist() == states(two).tolist()
    np.testing.assert_allclose(one.share_low, two.share_low, atol=1e-9)
    np.testing.assert_allclose(one.share_high, two.share_high, atol=1e-9)


@given(populations(min_size=1), thresholds, st.sampled_from([2.0, 1024.0]))
def test_more_people_everywhere_give_the_same_shares(population, threshold, factor):
    minutes, persons = population
    one = coverage(minutes, persons, threshold=threshold)
    many = coverage(minutes, persons * factor, threshold=threshold)
    assert (many.covered == one.covered * factor).all()
    np.testing.assert_array_equal(many.share_covered, one.share_covered)


@given(st.data(), populations(), thresholds)
def test_columns_equal_one_call_each(data, population, threshold):
    minutes, persons = population
    errors = data.draw(uncertainties(minutes.size))
    columns = np.column_stack([persons, np.flip(persons), np.zeros(minutes.size)])
    together = coverage_of_columns(minutes, columns, threshold=threshold, uncertainty=errors)
    for k in range(3):
        alone = coverage(minutes, columns[:, k], threshold=threshold, uncertainty=errors)
        assert states(together)[k].tolist() == states(alone)[0].tolist()
        np.testing.assert_allclose(together.share_low[k], alone.share_low[0], atol=1e-9)
        np.testing.assert_allclose(together.share_high[k], alone.share_high[0], atol=1e-9)


@given(st.data(), populations())
def test_curve_is_coverage_at_each_threshold(data, population):
    minutes, persons = population
    errors = data.draw(uncertainties(minutes.size))
    limits = data.draw(st.lists(thresholds, max_size=6))
    curve = coverage_curve(minutes, persons, thresholds=np.array(limits), uncertainty=errors)
    for j, limit in enumerate(limits):
        point = coverage(minutes, persons, threshold=limit, uncertainty=errors)
        assert curve.covered[j] == point.covered[0]
        assert curve.uncovered[j] == point.uncovered[0]
        assert (curve.unreachable, curve.no_data) == (point.unreachable[0], point.no_data[0])
        assert curve.population == point.population[0]
        np.testing.assert_allclose(curve.share_covered[j], point.share_covered[0], atol=1e-12)
        np.testing.assert_allclose(curve.share_low[j], point.share_low[0], atol=1e-9)
        np.testing.assert_allclose(curve.share_high[j], point.share_high[0], atol=1e-9)


@given(populations())
def test_running_total_of_the_distribution_is_coverage(population):
    minutes, persons = population
    edges = np.array([0.0, 15.0, 60.0, 61.5, 300.0])
    result = travel_distribution(minutes, persons, edges=edges)
    reached = [coverage(minutes, persons, threshold=edge).covered[0] for edge in edges[1:]]
    assert np.cumsum(result.persons).tolist() == reached
    everybody = result.below + result.persons.sum() + result.above
    assert everybody + result.unreachable + result.no_data == result.population == persons.sum()


@given(st.lists(st.lists(st.floats(0, 1e6), min_size=4, max_size=4), min_size=1, max_size=5))
def test_whole_persons_add_up(parts):
    parts = np.array(parts)
    whole = whole_persons(parts)
    assert (whole == np.rint(whole)).all()
    assert (whole.sum(axis=1) == np.rint(parts.sum(axis=1))).all()
    assert (np.abs(whole - parts) < 1).all()


def test_at_the_threshold_is_covered():
    result = coverage([60.0, np.nextafter(60.0, 61.0)], [1, 1], threshold=60.0)
    assert result.covered.tolist() == [1]


def test_no_rows_give_zero_people_and_no_share():
    result = coverage([], [], threshold=60)
    assert result.population.tolist() == [0]
    assert np.isnan(result.share_covered).all()
    codes = np.array([], dtype=np.intp)
    assert coverage([], [], threshold=60, group=codes).population.shape == (0,)
    assert coverage([], [], threshold=60, group=codes, n_groups=2).covered.tolist() == [0, 0]
    assert coverage_of_columns([], np.empty((0, 2)), threshold=60).covered.tolist() == [0, 0]
    curve = coverage_curve([], [], thresholds=[30, 60])
    assert curve.covered.tolist() == [0, 0]
    assert np.isnan(curve.share_covered).all()
    assert coverage_curve([1.0], [1], thresholds=[]).covered.shape == (0,)
    assert travel_distribution([], [], edges=[0, 1]).persons.tolist() == [0]


def test_frame_has_the_columns_of_the_command_line_and_whole_persons():
    result = coverage_of_columns(
        [30.0, 90.0, np.inf, np.nan], np.tile([0.5, 1.5], (4, 1)), threshold=60
    )
    frame = result.to_frame(["half", "one and a half"])
    assert frame.columns.tolist() == [
        *("group", "population", "covered", "uncovered", "unreachable", "no_data"),
        *("share_covered", "share_low", "share_high"),
    ]
    # 4 x 0.5 are 2 persons and 4 x 1.5 are 6: the first states get the ones that are left over.
    assert frame["population"].tolist() == [2, 6]
    assert frame["covered"].tolist() == [1, 2]
    assert frame["no_data"].tolist() == [0, 1]
    assert frame["share_covered"].tolist() == [pytest.approx(1 / 3), pytest.approx(1 / 3)]
    assert result.to_frame()["group"].tolist() == [0, 1]
