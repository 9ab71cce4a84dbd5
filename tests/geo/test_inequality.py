"""Gini and concentration indexes against counting pairs, hand-counted cases and seeded draws."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.errors import InputError
from geo.inequality import (
    concentration_curve,
    concentration_index,
    concentration_of_beyond,
    concentration_of_travel,
    fractional_ranks,
    gini,
    gini_of_travel,
)
from geo.uncertainty import Uncertainty

minutes_ = st.one_of(st.integers(0, 300).map(float), st.floats(0.001, 400))
people_of = st.integers(0, 9)
incomes = st.integers(1, 6).map(float)  # few values, so that many are equal
populations = st.lists(st.tuples(minutes_, people_of, incomes), min_size=1, max_size=20)
DRAWS = 2_000


def columns(rows):
    values, weights, income = np.array(rows, dtype=float).T
    assume((values * weights).sum() > 0)
    return values, weights, income


def persons_one_by_one(values, weights, income):
    return [(v, y) for v, w, y in zip(values, weights, income, strict=True) for _ in range(int(w))]


def index_by_counting(values, weights, income):
    """Concentration index from every pair of persons: sum of (a - b) over pairs with a ranked above."""
    people = persons_one_by_one(values, weights, income)
    total = 0.0
    for amount, rank in people:
        below = sum(1 for _, other in people if other < rank)
        above = sum(1 for _, other in people if other > rank)
        total += amount * (below - above)
    return total / (len(people) * sum(amount for amount, _ in people))


@given(populations)
def test_gini_is_that_of_all_pairs(rows):
    values, weights, _ = columns(rows)
    mean = values @ weights / weights.sum()
    pairs = sum(
        a * b * abs(x - y)
        for x, a in zip(values, weights, strict=True)
        for y, b in zip(values, weights, strict=True)
    )
    expected = pairs / (2 * mean * weights.sum() ** 2)
    assert gini(values, weights) == pytest.approx(expected, abs=1e-12)


@given(populations)
def test_concentration_index_is_that_of_counting_who_is_above_and_below(rows):
    values, weights, income = columns(rows)
    expected = index_by_counting(values, weights, income)
    assert concentration_index(values, weights, income) == pytest.approx(expected, abs=1e-12)


def test_concentration_index_counted_by_hand():
    # Ten people in the order of income: two with 9 min, three with 4, five with 1; sum 35.
    # Middles of their ranks 0.1, 0.35, 0.75; so (18 * -0.8 + 12 * -0.3 + 5 * 0.5) / 35.
    found = concentration_index([1, 4, 9], [5, 3, 2], rank_by=[30, 20, 10])
    assert found == pytest.approx((-14.4 - 3.6 + 2.5) / 35)
    # The two poorer groups have one income: rank 0.25 for five people with 30 minutes in all.
    found = concentration_index([1, 4, 9], [5, 3, 2], rank_by=[30, 10, 10])
    assert found == pytest.approx((30 * -0.5 + 5 * 0.5) / 35)


@given(populations, st.floats(0.01, 100), st.integers(2, 4))
def test_units_and_copies_of_everybody_do_not_matter(rows, factor, copies):
    values, weights, income = columns(rows)
    found = concentration_index(values, weights, income)
    assert concentration_index(values * factor, weights, income) == pytest.approx(found, abs=1e-9)
    assert concentration_index(values, weights * copies, income) == pytest.approx(found, abs=1e-9)
    again = [np.tile(column, copies) for column in (values, weights, income)]
    assert concentration_index(*again) == pytest.approx(found, abs=1e-9)
    assert gini(*again[:2]) == pytest.approx(gini(values, weights), abs=1e-9)


@given(populations)
def test_the_index_turns_round_with_the_ranking_and_is_never_beyond_the_gini(rows):
    values, weights, income = columns(rows)
    found = concentration_index(values, weights, income)
    assert concentration_index(values, weights, -income) == pytest.approx(-found, abs=1e-12)
    assert abs(found) <= gini(values, weights) + 1e-12 <= 1 + 1e-12


@given(populations)
def test_nothing_is_unequal_when_all_are_alike(rows):
    _, weights, income = columns(rows)
    assume(weights.sum() > 0)
    same = np.full(weights.shape, 17.0)
    assert concentration_index(same, weights, income) == pytest.approx(0, abs=1e-12)
    assert gini(same, weights) == pytest.approx(0, abs=1e-12)


@given(populations)
def test_the_index_is_twice_the_area_between_curve_and_equality(rows):
    values, weights, income = columns(rows)
    order = np.unique(income[weights > 0])
    ends = np.array([0, *np.cumsum([weights[income == y].sum() for y in order])]) / weights.sum()
    ends[-1] = 1.0
    curve = concentration_curve(values, weights, income, ends)
    assert curve[0] == 0
    assert curve[-1] == 1
    area = np.trapezoid(ends - curve, ends)
    assert concentration_index(values, weights, income) == pytest.approx(2 * area, abs=1e-9)


@given(populations, st.lists(st.floats(0, 1), min_size=2, max_size=6).map(sorted))
def test_lorenz_curve_rises_ever_faster_below_the_line_of_equality(rows, shares):
    values, weights, _ = columns(rows)
    curve = concentration_curve(values, weights, values, shares)
    assert (np.diff(curve) >= -1e-12).all()
    assert (curve <= np.array(shares) + 1e-12).all()


@given(populations)
def test_the_mean_rank_is_a_half(rows):
    _, weights, income = columns(rows)
    ranks = fractional_ranks(income, weights)
    assert ranks @ weights / weights.sum() == pytest.approx(0.5)
    assert ((ranks >= 0) & (ranks <= 1)).all()


def test_nobody_and_nothing_to_share():
    assert math.isnan(gini([], []))
    assert math.isnan(gini([1.0], [0]))
    assert math.isnan(gini([0.0, 0.0], [1, 1]))
    assert np.isnan(concentration_curve([0.0], [1], [1], [0.5])).all()
    nobody = concentration_of_beyond([], [], [], threshold=60)
    assert math.isnan(nobody.erreygers.value)
    assert nobody.erreygers.counted.people == 0
    assert math.isnan(concentration_of_travel([np.inf], [3], [1]).value)


def test_all_problems_are_listed():
    with pytest.raises(InputError) as caught:
        concentration_index([1.0, -1.0], [1, 1, 1], [1, 2])
    assert caught.value.problems == (
        "lengths differ: values 2, weights 3",
        "values is negative in 1 row (index 1)",
    )
    with pytest.raises(InputError, match="rank_by is missing"):
        concentration_curve([1.0], [1], [np.nan], [0.5])


def test_who_is_left_out_is_counted():
    minutes = [10.0, 20.0, np.inf, np.nan, 40.0, np.inf]
    persons = [1, 2, 4, 8, 16, 32]
    income = [1.0, 2.0, 3.0, 4.0, np.nan, np.nan]
    by_minutes = concentration_of_travel(minutes, persons, income).counted
    assert (by_minutes.people, by_minutes.unreachable) == (3, 36)
    assert (by_minutes.no_data, by_minutes.unranked) == (8, 16)
    beyond = concentration_of_beyond(minutes, persons, income, threshold=15)
    assert (beyond.erreygers.counted.people, beyond.erreygers.counted.unreachable) == (7, 0)
    assert (beyond.erreygers.counted.no_data, beyond.erreygers.counted.unranked) == (8, 48)
    whole = gini_of_travel(minutes, persons).counted
    assert (whole.people, whole.unreachable, whole.no_data, whole.unranked) == (19, 36, 8, 0)


@given(populations)
def test_counting_those_within_instead_only_turns_the_sign(rows):
    values, weights, income = columns(rows)
    found = concentration_of_beyond(values, weights, income, threshold=60)
    within = (values <= 60).astype(float)
    share = within @ weights / weights.sum()
    other = concentration_index(within, weights, income)
    if 0 < share < 1:
        assert found.erreygers.value == pytest.approx(-4 * share * other, abs=1e-9)
        assert found.wagstaff.value == pytest.approx(-other / (1 - share), abs=1e-9)
        assert found.concentration.value == pytest.approx(
            concentration_index(1 - within, weights, income), abs=1e-9
        )
        assert abs(found.erreygers.value) <= abs(found.wagstaff.value) + 1e-9 <= 1 + 2e-9
    else:
        assert found.erreygers.value == pytest.approx(0, abs=1e-12)


def test_unreachable_people_are_beyond():
    found = concentration_of_beyond([30, np.inf], [1, 1], [20, 10], threshold=60)
    assert found.wagstaff.value == found.erreygers.value == -1
    assert found.concentration.value == -0.5


def country(size, seed, *, spread):
    draw = np.random.default_rng(seed)
    minutes = draw.lognormal(3.6, 0.9, size)
    persons = np.round(draw.lognormal(6, 1, size))
    income = np.round(draw.lognormal(11, 0.3, size) * minutes**-0.2, -2)
    centroid = draw.uniform(0, 12, size) if spread else None
    return minutes, persons, income, Uncertainty(0.05, 0.2, centroid)


def draws_of(minutes, errors, seed):
    """Draws of the model of docs/methods.md, shape (draws, n)."""
    draw = np.random.default_rng(seed)
    centroid = np.zeros(minutes.size) if errors.centroid is None else errors.centroid
    location = np.maximum(minutes, centroid)
    sigma = np.hypot(errors.trip_sigma, centroid / location)
    shared = draw.normal(0, errors.systematic_sigma, (DRAWS, 1))
    return location * np.exp(shared + sigma * draw.normal(size=(DRAWS, minutes.size)))


@pytest.mark.parametrize("size", [40, 300])
@pytest.mark.parametrize("spread", [False, True])
def test_bands_are_those_of_draws(size, spread):
    minutes, persons, income, errors = country(size, size, spread=spread)
    drawn = draws_of(minutes, errors, 7)
    beyond = concentration_of_beyond(minutes, persons, income, threshold=45, uncertainty=errors)
    drawn_beyond = [concentration_of_beyond(m, persons, income, threshold=45) for m in drawn]
    cases = [
        (concentration_of_travel(minutes, persons, income, uncertainty=errors),
         [concentration_index(one, persons, income) for one in drawn]),
        (gini_of_travel(minutes, persons, uncertainty=errors),
         [gini(one, persons) for one in drawn]),
        (beyond.erreygers, [one.erreygers.value for one in drawn_beyond]),
        (beyond.wagstaff, [one.wagstaff.value for one in drawn_beyond]),
        (beyond.concentration, [one.concentration.value for one in drawn_beyond]),
    ]  # fmt: skip
    for found, values in cases:
        low, high = np.quantile(values, [0.05, 0.95])
        off = 0.2 * (high - low)
        assert found.low == pytest.approx(min(low, found.value), abs=off)
        assert found.high == pytest.approx(max(high, found.value), abs=off)


def test_a_common_error_of_speed_moves_no_index_of_minutes():
    minutes, persons, income, _ = country(100, 3, spread=False)
    errors = Uncertainty(0.3, 0.0)
    for found in (
        concentration_of_travel(minutes, persons, income, uncertainty=errors),
        gini_of_travel(minutes, persons, uncertainty=errors),
    ):
        assert found.low == pytest.approx(found.value)
        assert found.high == pytest.approx(found.value)
    beyond = concentration_of_beyond(minutes, persons, income, threshold=45, uncertainty=errors)
    assert beyond.erreygers.high - beyond.erreygers.low > 0.01


def test_adults_and_children_of_one_trip_share_its_error():
    minutes, persons, income, errors = country(60, 5, spread=False)
    twice = [np.repeat(column, 2) for column in (minutes, persons / 2, income)]
    shared = Uncertainty(0.05, 0.2, trip=np.repeat(np.arange(60), 2))
    for ask in (
        lambda m, p, y, u: concentration_of_travel(m, p, y, uncertainty=u),
        lambda m, p, _, u: gini_of_travel(m, p, uncertainty=u),
        lambda m, p, y, u: concentration_of_beyond(m, p, y, threshold=45, uncertainty=u).erreygers,
    ):
        one, two = ask(minutes, persons, income, errors), ask(*twice, shared)
        assert two.low == pytest.approx(one.low)
        assert two.high == pytest.approx(one.high)
        apart = ask(*twice, Uncertainty(0.05, 0.2))
        assert apart.high - apart.low < two.high - two.low
