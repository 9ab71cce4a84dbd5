"""Bounds, what they decide, relaxations and the search on them, against brute force."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from siting_oracle import Table, best, gain, plans

from geo.siting import branch as search
from geo.siting import maximal
from geo.siting.bound import FREE, IN, OUT, decided, step_of, tighten
from geo.siting.maximal import maximise
from geo.siting.problem import Control, Gains, Rules
from geo.siting.reduction import Reduced, reduce
from geo.siting.relaxation import priced, relax, restrict, whole
from geo.siting.search import greedy


def table_of(rng: np.random.Generator, n: int, m: int, levels: int) -> Table:
    """Whole gains; with two levels one gain a row, as in coverage."""
    table = rng.integers(0, levels, (n, m)).astype(float)
    return table * rng.integers(1, 9, n)[:, None] if levels == 2 else table


@st.composite
def limited(draw: st.DrawFn) -> tuple[Table, Rules]:
    """Up to 8 options with any mix of count, budget and groups."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, m = draw(st.integers(1, 12)), draw(st.integers(1, 8))
    budget = draw(st.none() | st.floats(0.0, 12.0))
    rules = Rules(
        m,
        draw(st.none() | st.integers(1, m)),
        budget,
        rng.integers(0, 6, m).astype(float) if budget is not None else np.empty(0),
        group=rng.integers(-1, 3, m) if draw(st.booleans()) else np.empty(0, np.int64),
    )
    return table_of(rng, n, m, draw(st.sampled_from([2, 3, 6]))), rules


@st.composite
def counted(draw: st.DrawFn) -> tuple[Table, int]:
    """Up to 10 options of which a number may open."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, m = draw(st.integers(1, 25)), draw(st.integers(2, 10))
    return table_of(rng, n, m, draw(st.sampled_from([2, 2, 4, 9]))), draw(st.integers(1, m))


def reduced_of(table: Table, rules: Rules) -> Reduced:
    return reduce(Gains.of(table), rules)


def value(question: Reduced, table: Table, plan: np.ndarray) -> float:
    return gain(table, question.option[plan])


@settings(max_examples=80, deadline=None)
@given(limited(), st.sampled_from([1, 5, 60]))
def test_no_plan_exceeds_the_bound(drawn: tuple[Table, Rules], steps: int) -> None:
    table, rules = drawn
    question = reduced_of(table, rules)
    start = greedy(question)
    proof = tighten(question, start, Control(30), steps=steps)
    expected = best(rules, lambda plan: gain(table, plan))
    assert expected is not None
    assert proof.bound >= expected - 1e-9
    assert question.rules.allows(proof.plan)
    assert question.total(start) <= proof.total <= expected + 1e-9
    assert proof.total == pytest.approx(value(question, table, proof.plan))


@settings(max_examples=80, deadline=None)
@given(limited(), st.sampled_from([1, 5, 60]))
def test_better_plans_agree_with_what_is_decided(drawn: tuple[Table, Rules], steps: int) -> None:
    table, rules = drawn
    question = reduced_of(table, rules)
    proof = tighten(question, greedy(question), Control(30), steps=steps)
    fixed = decided(question, proof)
    target = proof.total + step_of(question, proof.total)
    for plan in plans(question.rules):
        if value(question, table, plan) >= target:
            assert np.isin(np.flatnonzero(fixed == IN), plan).all()
            assert (fixed[plan] != OUT).all()


@settings(max_examples=80, deadline=None)
@given(counted(), st.integers(0, 2**32 - 1))
def test_a_part_gains_what_the_whole_gains_beyond(drawn: tuple[Table, int], seed: int) -> None:
    table, count = drawn
    question = reduced_of(table, Rules(table.shape[1], count))
    rng = np.random.default_rng(seed)
    fixed = rng.choice([FREE, IN, OUT], question.n_options).astype(np.int8)
    all_ = whole(question)
    part = restrict(all_, fixed == FREE, fixed == IN)
    small = Reduced(
        part.ptr, part.col, part.val, part.option, Rules(len(part.option)), part.option[:0], 0.0
    )
    tried = np.flatnonzero(rng.random(len(part.option)) < 0.5)
    together = np.concatenate([np.flatnonzero(fixed == IN), part.option[tried]])
    assert part.offset + small.total(tried) == pytest.approx(question.total(together))
    rows = [tuple(part.col[a:b]) for a, b in zip(part.ptr[:-1], part.ptr[1:], strict=True)]
    assert len(set(rows)) == len(rows)


@settings(max_examples=80, deadline=None)
@given(counted(), st.integers(0, 2**32 - 1), st.sampled_from([40, 400]))
def test_no_plan_exceeds_its_relaxation(drawn: tuple[Table, int], seed: int, steps: int) -> None:
    table, count = drawn
    question = reduced_of(table, Rules(table.shape[1], count))
    rng = np.random.default_rng(seed)
    fixed = rng.choice([FREE, FREE, FREE, IN, OUT], question.n_options).astype(np.int8)
    fixed[np.flatnonzero(fixed == IN)[question.room :]] = OUT
    part = whole(question)
    price = rng.random(question.n_rows) * 5
    start = priced(part, price, rng.random(question.n_options))
    found = relax(part, start, fixed, Control(30), target=0.0, near=1e-3, steps=steps)
    must, out = np.flatnonzero(fixed == IN), np.flatnonzero(fixed == OUT)
    expected = max(
        value(question, table, plan)
        for plan in plans(question.rules)
        if np.isin(must, plan).all() and not np.isin(plan, out).any()
    )
    assert found.bound >= expected - 1e-9
    assert found.bound <= start.bound


def test_the_relaxation_of_three_pairs_on_paper() -> None:
    # Each two of three sites share a village of 1. One site serves 2, and so do thirds of all three:
    # each village is then served by two thirds. The bound cannot be lower, and need not be higher.
    table = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]], float)
    question = reduced_of(table, Rules(3, 1))
    part = whole(question)
    start = priced(part, np.full(question.n_rows, 0.9), np.zeros(3))
    nothing = np.zeros(3, np.int8)
    found = relax(part, start, nothing, Control(30), target=0.0, near=1e-6, steps=4000)
    assert found.bound == pytest.approx(2.0, abs=1e-4)


@settings(max_examples=80, deadline=None)
@given(counted())
def test_the_search_finds_the_best_plan(drawn: tuple[Table, int]) -> None:
    table, count = drawn
    rules = Rules(table.shape[1], count)
    question = reduced_of(table, rules)
    if not question.n_options:
        return
    proof = tighten(question, np.empty(0, np.int64), Control(30), steps=1)
    fixed = np.zeros(question.n_options, np.int8)
    status, plan, total, bound = search.branch(question, proof, fixed, Control(30), enough=1 - 1e-6)
    expected = best(rules, lambda plan: gain(table, plan))
    assert (status, total) == ("optimal", expected)
    assert value(question, table, plan) == expected
    assert len(plan) <= count
    assert bound == pytest.approx(total + 1 - 1e-6)


def spread(seed: int, n: int, m: int, reach: float) -> Gains:
    """People and sites at random on a square."""
    rng = np.random.default_rng(seed)
    people, sites = rng.random((n, 2)), rng.random((m, 2))
    near = ((people[:, None] - sites) ** 2).sum(axis=2) <= reach**2
    return Gains.of(near * np.rint(rng.lognormal(4, 1, n))[:, None])


@pytest.mark.parametrize("seed", [1, 2])
def test_the_search_agrees_with_the_integer_program(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    gains, rules = spread(seed, 1200, 50, 0.16), Rules(50, 8)
    by_program = maximise(gains, rules, Control(60))
    monkeypatch.setattr(maximal, "DENSE", 0)
    monkeypatch.setattr(maximal, "FEW_STEPS", 2)
    monkeypatch.setattr(maximal, "LARGE", 0)
    by_search = maximise(gains, rules, Control(60))
    assert by_search.status == by_program.status == "optimal"
    assert by_search.objective == by_program.objective == by_search.bound


def test_a_search_that_is_stopped_still_bounds() -> None:
    gains = spread(3, 1500, 60, 0.2)
    question = reduce(gains, Rules(60, 8))
    proof = tighten(question, greedy(question), Control(30), steps=2)
    fixed = np.zeros(question.n_options, np.int8)
    stopped = Control(30, cancelled=lambda: True)
    status, plan, total, bound = search.branch(question, proof, fixed, stopped, enough=0.5)
    full = maximise(gains, Rules(60, 8))
    assert status == "cancelled"
    assert question.total(plan) == total <= full.objective <= bound
