"""Two ways of measuring the same travel: by hand, against loops, and what must hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.comparison import STATES, circuity, compare, hidden_band
from geo.coverage import coverage
from geo.errors import InputError
from geo.uncertainty import Uncertainty

odd = st.sampled_from([0.0, 60.0, np.inf, np.nan]) | st.floats(0, 200)


@st.composite
def countries(draw):
    n = draw(st.integers(0, 12))
    first, second = (draw(st.lists(odd, min_size=n, max_size=n)) for _ in range(2))
    persons = draw(st.lists(st.integers(0, 1000), min_size=n, max_size=n))
    group = draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))
    return (
        np.array(first, dtype=float),
        np.array(second, dtype=float),
        np.array(persons, dtype=float),
        np.array(group, dtype=np.intp),
    )


def test_six_areas_counted_by_hand():
    found = compare(
        [60, 60.1, 30, np.inf, np.inf, np.nan],
        [60, 60.0, 61, 10, 90, 10],
        [1, 2, 4, 8, 16, 32],
        threshold=60,
    )
    assert found.within.tolist() == [1]
    assert found.hidden.tolist() == [10]  # no road at all is hidden by a short line too
    assert found.added.tolist() == [4]
    assert found.beyond.tolist() == [16]
    assert found.no_data.tolist() == [32]


@given(countries())
def test_agrees_with_a_loop_and_reconciles_to_the_person(country):
    first, second, persons, group = country
    counted = np.zeros((3, 5))
    for a, b, p, g in zip(first, second, persons, group, strict=True):
        if np.isnan(a) or np.isnan(b):
            state = "no_data"
        elif a <= 60:
            state = "within" if b <= 60 else "added"
        else:
            state = "hidden" if b <= 60 else "beyond"
        counted[g, STATES.index(state)] += p
    found = compare(first, second, persons, threshold=60, group=group, n_groups=3)
    np.testing.assert_array_equal(
        np.column_stack([getattr(found, name) for name in STATES]), counted
    )
    assert found.population.sum() == persons.sum()


@given(countries())
def test_the_two_answers_differ_by_hidden_less_added(country):
    first, second, persons, _ = country
    both = ~np.isnan(first) & ~np.isnan(second)
    by_first, by_second = (
        coverage(way[both], persons[both], threshold=60).covered[0] for way in (first, second)
    )
    found = compare(first, second, persons, threshold=60)
    assert by_second - by_first == found.hidden[0] - found.added[0]


@given(countries())
def test_the_other_way_round_swaps_hidden_and_added(country):
    first, second, persons, _ = country
    there = compare(first, second, persons, threshold=60)
    back = compare(second, first, persons, threshold=60)
    assert (there.hidden, there.added) == (back.added, back.hidden)


@given(countries(), st.floats(0, 0.2), st.floats(0, 0.4))
def test_the_band_holds_the_hidden(country, shared, own):
    first, second, persons, _ = country
    found = compare(first, second, persons, threshold=60)
    low, high = hidden_band(
        first, second, persons, threshold=60, uncertainty=Uncertainty(shared, own)
    )
    most = persons[(second <= 60) & ~np.isnan(first)].sum()
    assert -1e-9 <= low <= found.hidden[0] + 1e-9
    assert found.hidden[0] - 1e-9 <= high <= most + 1e-9


@given(st.lists(st.tuples(st.floats(1, 500), st.floats(1, 2), st.integers(1, 99)), min_size=1))
def test_circuity_lies_between_the_ratios_of_its_trips(trips):
    line, ratio, persons = map(np.array, zip(*trips, strict=True))
    found = circuity(line * ratio, line, persons)[0]
    assert ratio.min() - 1e-9 <= found <= ratio.max() + 1e-9


def test_circuity_by_hand_and_of_nobody():
    found = circuity([12, 28, 5], [10, 20, 5], [1, 2, 0], group=np.array([0, 0, 1]), n_groups=3)
    assert found[0] == pytest.approx((12 + 56) / (10 + 40))
    assert np.isnan(found[1:]).all()


def test_every_problem_is_listed():
    with pytest.raises(InputError) as caught:
        compare([-1.0], [1.0], [-2.0], threshold=0)
    assert len(caught.value.problems) == 3
