"""Difference of two situations: counted by hand, against drawn errors, and what must always hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coverage import coverage
from geo.errors import InputError
from geo.paired import Travels, covered_difference
from geo.uncertainty import Uncertainty

NONE = Uncertainty(0, 0)
SOME = Uncertainty(0.03, 0.1)


def travels(way, threshold=60.0, uncertainty=NONE):
    return Travels(np.array(way, float), threshold, uncertainty)


def test_counted_by_hand():
    first = travels([70, 10, 60, 61, np.inf, np.nan])
    second = travels([60, 10, 61, 65, 30, 20])
    found = covered_difference(
        first, second, [1, 2, 4, 8, 16, 32], group=np.array([0, 0, 1, 1, 1, 0]), n_groups=2
    )
    # group 0: the first row comes in, and the last, of which the first situation knows nothing
    assert found.value.tolist() == [33, 12]
    assert found.low.tolist() == found.high.tolist() == [33, 12]


def test_two_thresholds():
    way = [50, 70, 100]
    found = covered_difference(travels(way, 60), travels(way, 90), [1, 2, 4])
    assert found.value.tolist() == [2]


def test_the_same_situation_differs_by_nothing_surely():
    side = travels([10, 59, 61, 200, np.inf], uncertainty=SOME)
    found = covered_difference(side, side, [5, 4, 3, 2, 1])
    assert (found.low[0], found.value[0], found.high[0]) == (0, 0, 0)


def test_what_both_share_cancels():
    """One of a hundred places gets a site; the others are all at the threshold, in both."""
    before = np.full(100, 60.0)
    after = before.copy()
    after[0] = 1.0
    people = np.full(100, 10.0)
    found = covered_difference(
        travels(before, uncertainty=SOME), travels(after, uncertainty=SOME), people
    )
    own = coverage(before, people, threshold=60.0, uncertainty=SOME)
    assert own.covered_high[0] - own.covered_low[0] > 200
    assert -10 <= found.low[0] <= found.high[0] <= 25


def test_band_holds_what_drawn_errors_give():
    rng = np.random.default_rng(5)
    before = rng.uniform(20, 120, 400)
    after = np.where(rng.random(400) < 0.5, before, rng.uniform(20, 120, 400))
    people = rng.integers(1, 100, 400).astype(float)
    found = covered_difference(
        travels(before, uncertainty=SOME), travels(after, uncertainty=SOME), people
    )
    drawn = []
    for _ in range(4000):
        shared = np.exp(rng.normal(0, 0.03))
        own, new = np.exp(rng.normal(0, 0.1, (2, 400)))
        one = before * shared * own <= 60
        two = after * shared * np.where(after == before, own, new) <= 60
        drawn.append((people * (two.astype(float) - one)).sum())
    low, high = np.quantile(drawn, [0.05, 0.95])
    width = high - low
    # the band is made to hold the computed difference, so it may only be wider
    assert found.low[0] <= low + 0.1 * width
    assert found.high[0] >= high - 0.1 * width
    assert found.high[0] - found.low[0] <= 1.5 * width


def test_people_on_one_trip_share_its_error():
    together = Uncertainty(0.0, 0.1, trip=np.zeros(2, np.intp))
    apart = Uncertainty(0.0, 0.1)
    wide, narrow = (
        covered_difference(
            Travels(np.array([60.0, 60.0]), 60.0, errors),
            Travels(np.array([1.0, 1.0]), 60.0, errors),
            [100, 100],
        )
        for errors in (together, apart)
    )
    assert wide.high[0] - wide.low[0] > narrow.high[0] - narrow.low[0]


def test_every_problem_is_told():
    with pytest.raises(InputError) as caught:
        covered_difference(
            travels([1, 2], 0, SOME), travels([-1, 2], 60, Uncertainty(0.1, 0.1)), [1, -2]
        )
    assert len(caught.value.problems) >= 4


way = st.one_of(st.floats(0, 300), st.just(float("inf")), st.just(float("nan")))


@given(st.lists(st.tuples(way, way, st.integers(0, 1000), st.integers(0, 2)), max_size=12))
def test_properties(rows):
    one = travels([row[0] for row in rows], 60, SOME)
    two = travels([row[1] for row in rows], 80, SOME)
    people, group = [row[2] for row in rows], np.array([row[3] for row in rows], np.intp)
    by_group = covered_difference(one, two, people, group=group, n_groups=3)
    total = covered_difference(one, two, people)
    back = covered_difference(two, one, people, group=group, n_groups=3)
    assert by_group.value.sum() == total.value[0]
    assert np.all(by_group.low <= by_group.value)
    assert np.all(by_group.value <= by_group.high)
    assert np.allclose(back.value, -by_group.value)
    assert np.allclose(back.low, -by_group.high)
    assert np.allclose(back.high, -by_group.low)
    brute = sum(row[2] * (float(row[1] <= 80) - float(row[0] <= 60)) for row in rows)
    assert total.value[0] == brute
