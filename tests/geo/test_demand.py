"""Expected patients: counted by hand, against a loop, and what must hold for any numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from geo.demand import (
    eligible,
    expected_cases,
    level_factor,
    over_sexes,
    split_by_sex,
    spread_over_groups,
)
from geo.errors import InputError

PERSONS = np.array([[1000.0, 4000.0], [0.0, 2000.0]])
SHARES = np.array([[0.75, 0.25], [0.0, 1.0]])


def made(seed: int, n: int = 5, k: int = 3, g: int = 4):
    rng = np.random.default_rng(seed)
    shares = rng.random((n, g))
    rates = np.sort(rng.random((k, g, 3)) * 50, axis=2)
    return rng.integers(0, 10_000, (n, k)).astype(float), shares / shares.sum(1)[:, None], rates


def test_two_areas_counted_by_hand():
    rates = np.zeros((2, 2, 3))
    rates[0, :, 1] = 100.0, 200.0  # children: of the first and the second race
    rates[1, :, 1] = 300.0, 400.0
    cases = expected_cases(PERSONS, SHARES, rates)[:, :, 1]
    # 1,000 children, 750 at 100 and 250 at 200 per 100,000; 4,000 adults, 3,000 and 1,000
    np.testing.assert_allclose(cases, [[0.75 + 0.5, 9.0 + 4.0], [0.0, 8.0]])


@given(st.integers(0, 2**32 - 1))
def test_agrees_with_a_loop_over_strata(seed):
    persons, shares, rates = made(seed)
    expected = np.zeros((5, 3, 3))
    for i in range(5):
        for k in range(3):
            for g in range(4):
                expected[i, k] += persons[i, k] * shares[i, g] * rates[k, g] / 100_000
    np.testing.assert_allclose(expected_cases(persons, shares, rates), expected, rtol=1e-12)


@given(st.integers(0, 2**32 - 1))
def test_low_central_high_stay_in_order_through_the_share(seed):
    persons, shares, rates = made(seed)
    fraction = np.sort(np.random.default_rng(seed).random((3, 3)), axis=1)
    patients = eligible(expected_cases(persons, shares, rates), fraction)
    assert (np.diff(patients, axis=2) >= 0).all()


@given(
    st.integers(0, 2**32 - 1),
    hnp.arrays(float, 4, elements=st.floats(0.1, 10)),
)
def test_spreading_over_races_keeps_the_national_cases(seed, ratios):
    persons, shares, by_race = made(seed)
    rates = by_race[:, 0]
    spread = spread_over_groups(rates, ratios, persons, shares)
    together = expected_cases(persons, shares, spread)[:, :, 1].sum()
    np.testing.assert_allclose(together, (persons @ rates[:, 1]).sum() / 100_000, rtol=1e-9)
    np.testing.assert_allclose(
        spread[:, 1] * ratios[0], spread[:, 0] * ratios[1], rtol=1e-9, atol=1e-12
    )


def test_nobody_with_the_disease_stays_nobody():
    spread = spread_over_groups(np.zeros((2, 3)), np.array([1.0, 2.0]), PERSONS, SHARES)
    assert not spread.any()


def test_level_is_the_published_count_over_the_computed_one():
    rates, reference = np.array([10.0, 30.0]), np.array([1e6, 2e6])  # 100 and 600 cases
    assert level_factor(1400.0, rates, reference) == pytest.approx(2.0)


def test_every_problem_is_listed():
    with pytest.raises(InputError, match="lengths differ"):
        expected_cases(PERSONS, SHARES[:1], np.zeros((2, 2, 3)))
    with pytest.raises(InputError) as caught:
        expected_cases(-PERSONS, SHARES * np.nan, np.zeros((2, 3, 3)))
    assert len(caught.value.problems) == 3


def test_sexes_by_hand():
    # 60% men, who have it twice as often: 0.6 x 2w + 0.4 w = 32, so w = 20
    split = split_by_sex(np.full((1, 3), 32.0), 2.0, np.array([0.6]))
    np.testing.assert_allclose(split[0, :, 1], [40.0, 20.0])
    np.testing.assert_allclose(over_sexes(split[:, :, None, :], np.array([0.6])), 32.0)


@given(
    hnp.arrays(float, (3, 3), elements=st.floats(0, 1000)),
    st.floats(0.05, 20),
    hnp.arrays(float, 3, elements=st.floats(0, 1)),
)
def test_splitting_by_sex_and_putting_together_gives_the_rates_again(rates, ratio, men):
    split = split_by_sex(rates, ratio, men)
    np.testing.assert_allclose(over_sexes(split[:, :, None, :], men)[:, 0], rates, 1e-9, 1e-12)
    np.testing.assert_allclose(split[:, 0], ratio * split[:, 1], 1e-9, 1e-12)


@given(st.integers(0, 2**32 - 1), hnp.arrays(float, 4, elements=st.floats(0.1, 10)))
def test_spreading_over_races_keeps_the_national_cases_of_every_age(seed, ratios):
    persons, shares, by_race = made(seed)
    rates = by_race[:, 0]
    spread = spread_over_groups(rates, ratios, persons, shares)
    together = expected_cases(persons, shares, spread).sum(axis=0)
    expected = persons.sum(axis=0)[:, None] * rates / 100_000
    np.testing.assert_allclose(together, expected, rtol=1e-9)
