"""Beyond one kind of site and near another: by hand, against loops and against draws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from geo.opportunity import STATES, Limits, joint_coverage, joint_states
from geo.uncertainty import Uncertainty

LIMITS = Limits(60.0, 30.0)
odd = st.sampled_from([0.0, 30.0, 60.0, np.inf, np.nan]) | st.floats(0, 200)


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


def test_four_areas_counted_by_hand():
    # at the threshold is within; at the second threshold is near; no road to treatment is beyond
    found = joint_coverage(
        [60, 61, np.inf, 200, 200, np.nan],
        [10, 30, 5, 30.1, np.nan, 1],
        [1, 2, 4, 8, 16, 32],
        limits=LIMITS,
    )
    assert found.within.tolist() == [1]
    assert found.near.tolist() == [6]
    assert found.far.tolist() == [8]
    assert found.unknown.tolist() == [16]
    assert found.no_data.tolist() == [32]
    assert found.beyond.tolist() == [30]
    assert found.share_near.tolist() == [6 / 14]  # people without data are in neither part
    assert found.near_low.tolist() == found.near_high.tolist() == [6]


@given(countries())
def test_agrees_with_a_loop_and_reconciles_to_the_person(country):
    first, second, persons, group = country
    counted = np.zeros((3, 5))
    for t, u, p, g in zip(first, second, persons, group, strict=True):
        if np.isnan(t):
            state = "no_data"
        elif t <= 60:
            state = "within"
        elif np.isnan(u):
            state = "unknown"
        else:
            state = "near" if u <= 30 else "far"
        counted[g, STATES.index(state)] += p
    found = joint_coverage(first, second, persons, limits=LIMITS, group=group, n_groups=3)
    got = np.column_stack([getattr(found, name) for name in STATES])
    np.testing.assert_array_equal(got, counted)
    np.testing.assert_array_equal(found.within + found.beyond + found.no_data, found.population)
    assert found.population.sum() == persons.sum()


@given(countries(), st.floats(0, 0.3), st.floats(0, 0.5))
def test_the_band_holds_the_count_and_stays_possible(country, shared, own):
    first, second, persons, group = country
    errors = (Uncertainty(shared, own), Uncertainty(shared, own))
    found = joint_coverage(
        first, second, persons, limits=LIMITS, group=group, n_groups=3, errors=errors
    )
    reach = np.bincount(group, persons * np.isfinite(second) * ~np.isnan(first), 3)
    assert (found.near_low >= 0).all()
    assert (found.near_low <= found.near).all()
    assert (found.near <= found.near_high).all()
    assert (found.near_high <= reach + 1e-9).all()


@given(countries())
def test_farther_blood_centres_never_help_more(country):
    first, second, persons, _ = country
    near = [
        joint_coverage(first, second, persons, limits=Limits(60.0, limit)).near[0]
        for limit in (10.0, 30.0, 90.0)
    ]
    assert near == sorted(near)
    everybody = joint_coverage(first, np.zeros(first.size), persons, limits=LIMITS)
    assert everybody.near.tolist() == everybody.beyond.tolist()


def test_without_errors_the_band_has_no_width():
    none = Uncertainty(0.0, 0.0)
    found = joint_coverage([90, 90], [10, 40], [3, 4], limits=LIMITS, errors=(none, none))
    assert found.near_low.tolist() == found.near_high.tolist() == [3]


def test_one_uncertain_area_by_hand():
    # beyond for sure, a coin toss to be near: 50 of 100 expected, standard deviation 50
    errors = (Uncertainty(0.0, 0.0), Uncertainty(0.0, 0.1))
    found = joint_coverage([90.0] * 100, [30.0] * 100, [1.0] * 100, limits=LIMITS, errors=errors)
    spread = 1.645 * 5
    assert found.near_low[0] == pytest.approx(50 - spread)
    assert found.near_high[0] == pytest.approx(100)  # holds the count of 100


def drawn(seed, n, shared, own):
    rng = np.random.default_rng(seed)
    area = np.repeat(np.arange(n), 2)  # adults and children of an area
    first = rng.lognormal(np.log(60), 0.5, 2 * n)
    same = rng.random(n) < 0.5
    first[1::2] = np.where(same, first[::2], first[1::2])
    trip = np.arange(2 * n)
    trip[1::2] = np.where(same, trip[::2], trip[1::2])
    second = np.repeat(rng.lognormal(np.log(30), 0.6, n), 2)
    persons = rng.integers(1, 5000, 2 * n).astype(float)
    near = np.empty(20_000)
    for k in range(near.size):
        s = rng.normal()
        e, f = rng.normal(0, own, 2 * n)[trip], rng.normal(0, own, n)[area]
        true_first = first * np.exp(shared * s + e)
        true_second = second * np.exp(shared * s + f)
        near[k] = persons[(true_first > 60) & (true_second <= 30)].sum()
    home = 2 * area  # number of the area's first row
    errors = (Uncertainty(shared, own, trip=trip), Uncertainty(shared, own, trip=home))
    return joint_coverage(first, second, persons, limits=LIMITS, errors=errors), near


@pytest.mark.parametrize(
    ("seed", "n", "shared", "own"),
    [(1, 40, 0.0, 0.2), (2, 60, 0.1, 0.1), (3, 100, 0.05, 0.3), (4, 300, 0.2, 0.02)],
)
def test_nine_of_ten_draws_fall_into_the_band(seed, n, shared, own):
    found, near = drawn(seed, n, shared, own)
    inside = ((near >= found.near_low) & (near <= found.near_high)).mean()
    assert inside > 0.86


def test_variance_is_that_of_the_draws():
    found, near = drawn(7, 30, 0.0, 0.4)
    # symmetric without a shared error, so the wider half is the standard deviation
    half = max(found.near_high[0] - near.mean(), near.mean() - found.near_low[0])
    assert half == pytest.approx(1.645 * near.std(), rel=0.05)


def test_every_problem_is_listed():
    with pytest.raises(InputError) as caught:
        joint_coverage([-1.0], [1.0], [-2.0], limits=Limits(0.0, np.inf))
    assert len(caught.value.problems) == 4
    assert joint_states(np.array([]), np.array([]), LIMITS).size == 0
