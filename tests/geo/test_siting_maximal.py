"""Plans that gain most: on paper, against brute force, and against another solver."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from siting_oracle import best, gain

from geo.errors import InputError
from geo.siting.maximal import maximise
from geo.siting.problem import Control, Gains, Plan, Rules


@st.composite
def questions(draw: st.DrawFn) -> tuple[np.ndarray, Rules]:
    """Up to 8 options and 10 rows, whole gains, any mix of rules."""
    n, m = draw(st.integers(1, 10)), draw(st.integers(1, 8))
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    levels = draw(st.sampled_from([2, 3, 6]))
    table = rng.integers(0, levels, (n, m)).astype(float)
    if draw(st.booleans()):  # one gain a row: coverage
        table = (table > 0) * rng.integers(1, 9, n)[:, None].astype(float)
    budget = draw(st.none() | st.floats(0.0, 12.0))
    pairs = rng.integers(0, m, (draw(st.integers(0, 4)), 2))
    return table, Rules(
        m,
        draw(st.none() | st.integers(0, m)),
        budget,
        rng.integers(0, 6, m).astype(float) if budget is not None else np.empty(0),
        forced_in=rng.random(m) < draw(st.sampled_from([0.0, 0.2])),
        forced_out=rng.random(m) < draw(st.sampled_from([0.0, 0.2])),
        group=rng.integers(-1, 3, m) if draw(st.booleans()) else np.empty(0, np.int64),
        conflicts=pairs[pairs[:, 0] != pairs[:, 1]]
        if draw(st.booleans())
        else np.empty((0, 2), int),
    )


def plan_of(table: np.ndarray, rules: Rules) -> Plan:
    return maximise(Gains.of(table), rules, Control(30))


@settings(max_examples=100, deadline=None)
@given(questions())
def test_every_small_question_has_the_best_plan(question: tuple[np.ndarray, Rules]) -> None:
    table, rules = question
    expected = best(rules, lambda plan: gain(table, plan))
    found = plan_of(table, rules)
    if expected is None:
        assert found.status == "infeasible"
        assert found.reasons
        return
    assert found.status == "optimal"
    assert found.objective == pytest.approx(expected, abs=1e-9)
    assert found.bound == pytest.approx(expected, rel=1e-6, abs=1e-6)
    assert rules.allows(found.chosen)
    assert gain(table, found.chosen) == pytest.approx(found.objective)
    assert gain(table, found.greedy) == pytest.approx(found.greedy_objective)
    assert found.greedy_objective <= found.objective + 1e-9 <= found.ceiling + 2e-9


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_greedy_is_within_its_guarantee(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    table = (rng.random((20, 9)) < 0.25) * rng.integers(1, 50, 20)[:, None].astype(float)
    found = plan_of(table, Rules(9, count))
    assert found.objective >= found.greedy_objective >= (1 - 1 / np.e) * found.objective - 1e-9


def test_three_towns_on_paper() -> None:
    # A serves towns 1 and 2, B serves 2 and 3, C serves 3 only: 10, 20 and 15 people.
    table = np.array([[10, 0, 0], [20, 20, 0], [0, 15, 15]], float)
    one, two = (plan_of(table, Rules(3, count)) for count in (1, 2))
    assert (one.chosen.tolist(), one.objective) == ([1], 35)
    assert sorted(two.chosen.tolist()) in ([0, 1], [0, 2])
    assert two.objective == two.bound == two.ceiling == 45


def test_the_bound_is_that_of_plans_within_the_rules() -> None:
    """Options 0 and 3 exclude each other, and a plan better than 5 would have to open both."""
    table = np.zeros((7, 4))
    for option, rows in enumerate(([0, 2, 3], [0, 1, 5], [1, 5], [0, 4, 6])):
        table[rows, option] = 1.0
    found = plan_of(table, Rules(4, None, conflicts=np.array([[0, 3]])))
    assert found.status == "optimal"
    assert found.objective == found.bound == 5
    assert found.ceiling == 7


def test_greedy_can_lose_and_the_loss_is_told() -> None:
    # The middle option looks best first; the two others together cover all.
    table = np.array([[6, 6, 0], [6, 0, 6], [5, 5, 0], [5, 0, 5]], float)
    table = np.array([[3, 3, 0], [4, 0, 4], [3, 0, 3], [2, 2, 0]], float)
    table = np.array([[4, 4, 0], [4, 0, 4], [3, 0, 3], [3, 3, 0]], float)[:, [0, 1, 2]]
    table[2:, 0] = 0
    found = plan_of(table, Rules(3, 2))
    assert found.objective == 14
    assert found.greedy_objective == 11


def test_forced_sites_are_in_the_plan_even_if_they_add_nothing() -> None:
    table = np.array([[5, 5, 0], [0, 0, 7]], float)
    found = plan_of(table, Rules(3, 2, forced_in=np.array([False, True, False])))
    assert sorted(found.chosen.tolist()) == [1, 2]


def test_what_makes_a_plan_impossible_is_named() -> None:
    rules = Rules(
        3,
        count=1,
        budget=2.0,
        cost=np.array([2.0, 2.0, 1.0]),
        forced_in=np.array([True, True, False]),
        forced_out=np.array([True, False, False]),
        group=np.array([0, 0, -1]),
    )
    found = plan_of(np.ones((1, 3)), rules)
    assert found.status == "infeasible"
    text = " ".join(found.reasons)
    for part in ("in and out", "only 1", "more than the budget", "may not both open"):
        assert part in text


def test_the_same_question_has_the_same_answer() -> None:
    rng = np.random.default_rng(5)
    table = (rng.random((200, 40)) < 0.1) * rng.integers(1, 50, 200)[:, None].astype(float)
    first, second = (plan_of(table, Rules(40, 5)) for _ in range(2))
    assert first.chosen.tolist() == second.chosen.tolist()
    assert first.objective == second.objective


def test_cancelled_at_once_gives_the_best_plan_so_far_with_a_true_bound() -> None:
    rng = np.random.default_rng(6)
    table = rng.random((120, 30)) * (rng.random((120, 30)) < 0.2)
    stopped = maximise(Gains.of(table), Rules(30, 4), Control(30, cancelled=lambda: True))
    exact = plan_of(table, Rules(30, 4))
    assert stopped.status == "cancelled"
    assert len(stopped.chosen) == 4
    assert stopped.objective <= exact.objective + 1e-9 <= stopped.bound + 1e-6
    assert stopped.gap > 0


def test_bad_gains_and_rules_are_refused_with_every_problem() -> None:
    with pytest.raises(InputError, match="negative or missing"):
        Gains.of(np.array([[1.0, -2.0]]))
    with pytest.raises(InputError) as caught:
        Rules(2, count=-1, budget=float("nan"), cost=np.array([1.0, -1.0]))
    assert len(caught.value.problems) == 3
