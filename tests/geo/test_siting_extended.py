"""Set covering, p-center, backup, worst-off and capacitated plans against brute force."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog
from siting_oracle import best, plans

from geo.siting.capacity import capacitated
from geo.siting.covering import lscp, p_center
from geo.siting.curve import marginal_gain
from geo.siting.demand import Entries, People
from geo.siting.extended import backup, worst_off
from geo.siting.maximal import maximise
from geo.siting.problem import Control, Gains, Rules

EXAMPLES = 40


@st.composite
def covers(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, Rules]:
    """Who covers whom, persons, rules: up to 9 rows and 7 options."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, m = draw(st.integers(1, 9)), draw(st.integers(1, 7))
    table = rng.random((n, m)) < draw(st.sampled_from([0.2, 0.5]))
    persons = rng.integers(1, 12, n).astype(float)
    budget = draw(st.none() | st.integers(0, 9).map(float))
    rules = Rules(
        m,
        draw(st.integers(0, m)),
        budget,
        rng.integers(1, 5, m).astype(float) if budget is not None else np.empty(0),
        forced_in=rng.random(m) < draw(st.sampled_from([0.0, 0.2])),
        forced_out=rng.random(m) < draw(st.sampled_from([0.0, 0.2])),
        group=rng.integers(-1, 3, m) if draw(st.booleans()) else np.empty(0, np.int64),
    )
    return table, persons, rules


@settings(max_examples=EXAMPLES, deadline=None)
@given(covers(), st.sampled_from([0.0, 0.3, 0.5, 1.0]), st.integers(0, 2**32 - 1))
def test_backup_is_best(
    case: tuple[np.ndarray, np.ndarray, Rules], weight: float, seed: int
) -> None:
    table, persons, rules = case
    now = np.random.default_rng(seed).integers(0, 2, len(persons))

    def value(plan: np.ndarray) -> float:
        times = table[:, plan].sum(axis=1)
        once = np.minimum(times + now, 2) >= 1
        twice = times + now >= 2
        return float(persons @ ((once & (now == 0)) + weight * twice))

    expected = best(rules, value)
    found = backup(Gains.of(table * persons[:, None]), now, weight, rules, Control(30))
    if expected is None:
        assert found.status == "infeasible"
        return
    assert found.status == "optimal"
    assert found.objective == pytest.approx(expected)
    assert value(found.chosen) == pytest.approx(expected)
    assert rules.allows(found.chosen)
    assert found.greedy_objective <= found.objective + 1e-9 <= found.bound + 1e-6


@settings(max_examples=EXAMPLES, deadline=None)
@given(covers(), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_the_worst_off_group_is_as_well_off_as_can_be(
    case: tuple[np.ndarray, np.ndarray, Rules], groups: int, seed: int
) -> None:
    table, persons, rules = case
    rng = np.random.default_rng(seed)
    parts = rng.random((len(persons), groups)) * persons[:, None]
    parts /= parts.sum(axis=0) * 1.5
    now = rng.random(groups) / 4

    def value(plan: np.ndarray) -> float:
        return float((now + table[:, plan].any(axis=1) @ parts).min())

    expected = best(rules, value)
    gains = Gains.of(table * persons[:, None])
    found = worst_off(gains, sparse.csr_array(parts), now, rules, Control(30))
    if expected is None:
        assert found.status == "infeasible"
        return
    assert found.status == "optimal"
    assert found.objective == pytest.approx(expected, rel=1e-6)
    assert value(found.chosen) == pytest.approx(expected, rel=1e-6)
    assert rules.allows(found.chosen)
    # Of the plans that are best for them, one that covers most.
    most = best(rules, lambda p: gains.total(p) if value(p) >= expected * (1 - 1e-6) else -1.0)
    assert gains.total(found.chosen) == pytest.approx(most)


def served(table: np.ndarray, persons: np.ndarray, capacity: np.ndarray, plan: np.ndarray) -> float:
    """Most people served, as a linear program."""
    rows, sites = np.nonzero(table[:, plan])
    if not len(rows):
        return 0.0
    k = len(rows)
    limits = np.zeros((len(persons) + len(plan), k))
    limits[rows, np.arange(k)] = 1
    limits[len(persons) + sites, np.arange(k)] = 1
    found = linprog(-np.ones(k), limits, np.r_[persons, capacity[plan]])
    return float(-found.fun)


@settings(max_examples=EXAMPLES, deadline=None)
@given(covers(), st.integers(0, 2**32 - 1))
def test_capacities_are_used_best(case: tuple[np.ndarray, np.ndarray, Rules], seed: int) -> None:
    table, persons, rules = case
    capacity = np.random.default_rng(seed).integers(0, 20, rules.n_options).astype(float)
    expected = best(rules, lambda plan: served(table, persons, capacity, plan))
    found = capacitated(Gains.of(table * persons[:, None]), capacity, rules, Control(30))
    if expected is None:
        assert found.status == "infeasible"
        return
    assert found.status == "optimal"
    assert found.objective == pytest.approx(expected)
    assert served(table, persons, capacity, found.chosen) == pytest.approx(expected)
    assert rules.allows(found.chosen)
    assert found.greedy_objective <= found.objective + 1e-9 <= found.ceiling + 1e-6


@settings(max_examples=EXAMPLES, deadline=None)
@given(covers())
def test_everybody_who_can_be_covered_is_with_the_fewest_sites(
    case: tuple[np.ndarray, np.ndarray, Rules],
) -> None:
    table, persons, rules = case
    free = Rules(
        rules.n_options,
        cost=rules.cost,
        forced_in=rules.forced_in,
        forced_out=rules.forced_out,
        group=rules.group,
    )
    usable = np.flatnonzero(~rules.forced_out)
    can = table[:, usable].any(axis=1)
    forced = np.flatnonzero(rules.forced_in)
    if not free.violations():  # who excludes whom: what a forced site closes serves nobody
        closed = np.asarray(free.clashes()[forced].sum(axis=0)).astype(bool)
        can = table[:, ~rules.forced_out & ~closed].any(axis=1)
    complete = [p for p in plans(free) if (table[:, p].any(axis=1) == can).all()]
    costs = [float(rules.cost[p].sum()) for p in complete]
    found = lscp(Gains.of(table * persons[:, None]), free, Control(30))
    if not costs:
        assert found.status == "infeasible"
        assert found.reasons
        return
    assert found.status == "optimal"
    assert found.objective == found.bound == pytest.approx(min(costs))
    assert (table[:, found.chosen].any(axis=1) == can).all()
    assert free.allows(found.chosen)


@settings(max_examples=EXAMPLES, deadline=None)
@given(covers(), st.integers(0, 2**32 - 1))
def test_the_longest_trip_is_as_short_as_can_be(
    case: tuple[np.ndarray, np.ndarray, Rules], seed: int
) -> None:
    table, persons, rules = case
    rng = np.random.default_rng(seed)
    minutes = np.where(table, rng.integers(1, 30, table.shape), np.inf).astype(float)
    now = np.where(rng.random(len(persons)) < 0.2, np.inf, rng.integers(5, 60, len(persons)))
    nearest = np.minimum(minutes[:, ~rules.forced_out].min(axis=1, initial=np.inf), now)
    counted = np.isfinite(nearest)

    def value(plan: np.ndarray) -> float:
        trips = np.minimum(minutes[:, plan].min(axis=1, initial=np.inf), now)[counted]
        return -float(trips.max(initial=0.0))

    option, row = np.nonzero(table.T)
    ways = Entries(option, row, minutes[row, option], rules.n_options)
    people = People(np.arange(len(persons)), persons, now.astype(float))
    found = p_center(ways, people, rules, Control(30))
    expected = best(rules, value)
    if expected is None or not counted.any() or np.isneginf(expected):
        assert found.status == "infeasible"
        assert found.reasons
        return
    assert found.status == "optimal"
    assert found.objective == found.bound == pytest.approx(-expected)
    assert value(found.chosen) == pytest.approx(expected)
    assert rules.allows(found.chosen)
    assert found.ceiling <= found.objective + 1e-9 <= found.greedy_objective + 2e-9


def test_a_site_forced_in_may_rule_out_the_nearest() -> None:
    """Option 1 excludes option 3 at 8 minutes, of its metro: option 0 at 25 is the best left."""
    group = np.array([0, 1, 1, 1, -1])
    forced_in = np.array([False, True, False, False, False])
    rules = Rules(5, 2, forced_in=forced_in, group=group)
    ways = Entries(np.array([0, 3]), np.array([0, 0]), np.array([25.0, 8.0]), 5)
    nobody_near = People(np.arange(1), np.array([9.0]), np.array([np.inf]))
    found = p_center(ways, nobody_near, rules, Control(10))
    assert found.status == "optimal"
    assert found.objective == found.bound == 25
    assert found.chosen.tolist() == [0, 1]


def test_too_few_sites_for_everybody_says_how_many_are_needed() -> None:
    """Three islands, each with its own candidate, and two sites."""
    ways = Entries(np.arange(3), np.arange(3), np.array([5.0, 6.0, 7.0]), 3)
    islands = People(np.arange(3), np.ones(3), np.full(3, np.inf))
    found = p_center(ways, islands, Rules(3, 2), Control(10))
    assert found.status == "infeasible"
    assert "at least 3 sites are needed" in found.reasons[0]


@settings(max_examples=40, deadline=None)
@given(covers())
def test_the_curve_is_that_of_single_plans_and_never_falls(
    case: tuple[np.ndarray, np.ndarray, Rules],
) -> None:
    table, persons, rules = case
    if rules.violations():
        return
    gains = Gains.of(table * persons[:, None])
    curve = marginal_gain(gains, rules, rules.n_options, Control(30))
    assert curve.status == "optimal"
    assert curve.proven.all()
    for count, objective in zip(curve.count, curve.objective, strict=True):
        alone = Rules(
            rules.n_options,
            int(count),
            rules.budget,
            rules.cost,
            rules.forced_in,
            rules.forced_out,
            rules.group,
        )
        assert maximise(gains, alone, Control(30)).objective == pytest.approx(objective)
    assert all(a <= b + 1e-9 for a, b in pairwise(curve.objective))
    assert (curve.greedy <= curve.objective + 1e-9).all()
    assert (curve.build <= curve.objective + 1e-9).all()
    assert curve.build[-1] == pytest.approx(curve.objective[-1])
    for k, plan in enumerate(curve.plans):
        assert gains.total(plan) == pytest.approx(curve.objective[k])
        assert len(plan) <= curve.count[k]
        assert curve.nested[k] == (k == 0 or set(curve.plans[k - 1]) <= set(plan))


@pytest.mark.parametrize("seed", range(60))
def test_the_shortest_longest_way_with_a_budget_and_a_number_of_sites(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, m = 7, 6
    minutes = rng.integers(1, 30, (n, m)).astype(float)
    budget, cost = float(rng.integers(3, 10)), rng.integers(1, 6, m).astype(float)
    rules = Rules(m, int(rng.integers(1, 4)), budget, cost)
    option, row = np.divmod(np.arange(n * m), n)
    people = People(np.arange(n), np.ones(n), np.full(n, np.inf))
    found = p_center(Entries(option, row, minutes.T.ravel(), m), people, rules, Control(30))
    expected = best(rules, lambda plan: -float(minutes[:, plan].min(axis=1, initial=np.inf).max()))
    assert expected is not None
    if np.isinf(expected):
        assert found.status == "infeasible"
        return
    assert (found.status, found.objective) == ("optimal", -expected)
    assert rules.allows(found.chosen)


def test_a_search_for_the_shortest_longest_way_that_is_stopped_has_a_plan() -> None:
    rng = np.random.default_rng(3)
    minutes = rng.random((30, 10))
    option, row = np.divmod(np.arange(300), 30)
    people = People(np.arange(30), np.ones(30), np.full(30, np.inf))
    ways = Entries(option, row, minutes.T.ravel(), 10)
    found = p_center(ways, people, Rules(10, 3), Control(30, cancelled=lambda: True))
    assert found.status == "cancelled"
    assert 1 <= len(found.chosen) <= 3
    assert found.objective == minutes[:, found.chosen].min(axis=1).max()
    assert found.ceiling <= found.bound <= found.objective
