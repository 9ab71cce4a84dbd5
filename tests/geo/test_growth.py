"""Uptake and pools: counted by hand, against people followed one by one, and what must hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from geo import growth
from geo.errors import InputError

YEARS = np.arange(2026, 2036)
SHARE = st.floats(0, 1)
SHARES = hnp.arrays(float, st.integers(1, 15), elements=SHARE)


def test_uptake_by_hand():
    found = growth.uptake(YEARS, 2028, 0.1, 0.5, 4)
    # 0.1, then four equal steps of 0.1 in 2028, 2029, 2030 and 2031
    np.testing.assert_allclose(found, [0.1, 0.1, 0.2, 0.3, 0.4, 0.5, 0.5, 0.5, 0.5, 0.5])


def test_uptake_of_one_year_is_a_step_and_a_start_in_the_past_is_under_way():
    assert growth.uptake(YEARS, 2030, 0.0, 1.0, 1).tolist() == [0] * 4 + [1] * 6
    np.testing.assert_allclose(growth.uptake(YEARS, 2025, 0.0, 0.4, 4)[:3], [0.2, 0.3, 0.4])


@given(st.integers(2020, 2040), SHARE, SHARE, st.integers(1, 20))
def test_uptake_stays_between_its_ends_and_goes_one_way(start, before, peak, years):
    found = growth.uptake(YEARS, start, before, peak, years)
    assert (found >= min(before, peak) - 1e-12).all()
    assert (found <= max(before, peak) + 1e-12).all()
    assert (np.diff(found) * np.sign(peak - before) >= -1e-12).all()


def test_pool_of_a_hundred_people_by_hand():
    # 100: 20 treated, 8 of the other 80 leave, 10 come in: 82. 41 treated, 4.1 leave, 10 in: 46.9
    found = growth.pool(np.array([0.2, 0.5]), 0.1)
    np.testing.assert_allclose(100 * found.start, [100, 82])
    np.testing.assert_allclose(100 * found.treated, [20, 41])
    np.testing.assert_allclose(100 * found.left, [8, 4.1])
    np.testing.assert_allclose(100 * found.entered, [10, 10])
    np.testing.assert_allclose(100 * found.end, [82, 46.9])


@given(SHARES, SHARE, st.floats(-0.05, 0.05))
def test_nobody_is_lost_and_nobody_is_treated_who_is_not_there(share, renewal, grown):
    found = growth.pool(share, renewal, grown)
    np.testing.assert_allclose(
        found.start - found.treated - found.left + found.entered, found.end, atol=1e-12
    )
    np.testing.assert_allclose(found.start[1:], found.end[:-1])
    np.testing.assert_allclose(
        1 + found.entered.sum(), found.treated.sum() + found.left.sum() + found.end[-1]
    )
    assert (found.treated <= found.start + 1e-12).all()
    assert (found.end >= -1e-12).all()
    assert (found.treated >= 0).all()


@given(SHARES, SHARE, st.floats(0, 0.05))
def test_treating_more_people_never_leaves_more_of_them(share, renewal, grown):
    some, more = growth.pool(share * 0.5, renewal, grown), growth.pool(share, renewal, grown)
    assert (more.end <= some.end + 1e-12).all()
    assert more.treated.sum() >= some.treated.sum() - 1e-12


@given(st.integers(1, 15), SHARE, st.floats(0, 0.05))
def test_an_untreated_pool_grows_as_the_population(count, renewal, grown):
    found = growth.pool(np.zeros(count), renewal, grown)
    people = growth.population(np.arange(2026, 2026 + count), grown)
    np.testing.assert_allclose(found.start, people)
    assert not found.treated.any()


def test_agrees_with_people_followed_one_by_one():
    rng = np.random.default_rng(5)
    share, renewal, size = np.array([0.0, 0.1, 0.3, 0.3]), 0.2, 200_000
    here, treated = size, []
    for part in share:
        fate = rng.random(here)
        cured = int((fate < part).sum())
        left = int((rng.random(here - cured) < renewal).sum())
        treated.append(cured)
        here += int(renewal * size) - cured - left
    np.testing.assert_allclose(growth.pool(share, renewal).treated * size, treated, rtol=0.02)


def test_a_population_that_shrinks_faster_than_people_leave_has_no_newcomers():
    found = growth.pool(np.zeros(3), 0.01, -0.05)
    assert not found.entered.any()
    np.testing.assert_allclose(found.end, 0.99 ** np.arange(1, 4))


@pytest.mark.parametrize(
    "call",
    [
        lambda: growth.pool(np.array([1.2]), 0.1),
        lambda: growth.pool(np.array([0.2, np.nan]), 0.1),
        lambda: growth.pool(np.array([0.2]), -0.1),
        lambda: growth.uptake(YEARS, 2026, 0.0, 1.4, 2),
        lambda: growth.uptake(YEARS, 2026, 0.0, 0.4, 0),
    ],
)
def test_what_is_no_share_is_refused(call):
    with pytest.raises(InputError):
        call()
