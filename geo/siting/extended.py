"""Plans for more than first coverage: a second site within reach, or the worst-off group.

Backup coverage is that of Hogan and ReVelle (1986, doi:10.1287/mnsc.32.11.1434) in its weighted
form; the worst-off group's coverage is maximised as a max-min problem (Marsh and Schilling 1994,
doi:10.1016/0377-2217(94)90200-3).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from geo.results import Floats
from geo.siting.maximal import rule_rows
from geo.siting.problem import (
    PROVEN,
    Bools,
    Control,
    Gains,
    Ints,
    Plan,
    Progress,
    Rules,
    Status,
    gap_of,
    infeasible,
)
from geo.siting.program import Program, Solution, solve
from geo.validate import Problems

HALF = 0.5
FINE = 1e4
"""The solver's tolerance is absolute: shares are counted in so many parts."""


@dataclass(frozen=True, slots=True, eq=False)
class Sets:
    """Coverage sets of rows, those with the same set and mark made one.

    Parameters
    ----------
    table : sparse array, shape (k, m)
        1 where an option covers a row.
    weight : ndarray, shape (k, g)
        Weights of the rows, added up.
    mark : ndarray of int, shape (k,)
        What else tells rows apart.
    """

    table: sparse.csr_array
    weight: Floats
    mark: Ints


def sets_of(gains: Gains, usable: Bools, weight: Floats, mark: Ints) -> Sets:
    """Merge rows that the same usable options cover and that have the same mark.

    Parameters
    ----------
    gains : Gains
        Any gain is coverage.
    usable : ndarray of bool, shape (m,)
        Options that may open.
    weight : ndarray, shape (n, g)
        One or several weights of each row.
    mark : ndarray of int, shape (n,)
        Rows of different marks stay apart.

    Returns
    -------
    Sets
        Rows that no usable option covers are left out.
    """
    table = gains.columns().tocsr()
    table.sort_indices()
    covers = usable[table.indices]
    row = np.repeat(np.arange(gains.n_rows), np.diff(table.indptr))[covers]
    col = table.indices[covers]
    counts = np.bincount(row, minlength=gains.n_rows)
    some = np.flatnonzero(counts)
    pieces = np.split(col, np.cumsum(counts[some])[:-1]) if len(some) else []
    number: dict[tuple[int, bytes], int] = {}
    group = np.empty(len(some), np.int64)
    for at, (piece, kind) in enumerate(zip(pieces, mark[some].tolist(), strict=True)):
        group[at] = number.setdefault((kind, piece.tobytes()), len(number))
    _, first = np.unique(group, return_index=True)
    sizes = counts[some][first]
    indptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    indices = np.concatenate([pieces[i] for i in first]) if len(first) else np.empty(0, np.int64)
    merged = np.zeros((len(first), weight.shape[1]))
    np.add.at(merged, group, weight[some])
    shape = (len(first), gains.n_options)
    return Sets(
        sparse.csr_array((np.ones(len(indices)), indices, indptr), shape=shape),
        merged,
        mark[some][first],
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    """A plan to be found by an integer program over the options and some other variables."""

    name: str
    value: Callable[[Ints], float]
    adds: Callable[[Ints], Floats]
    """How much each further option would add to a plan, shape (m,)."""
    program: Program
    start: Callable[[Ints], Floats]


def backup(
    gains: Gains,
    times_now: Ints,
    weight: float,
    rules: Rules,
    control: Control | None = None,
) -> Plan:
    """Cover people once, and as many as possible twice.

    Parameters
    ----------
    gains : Gains
        Weight of the people of each row, for every option within the threshold; rows that one
        open site covers already included, rows that two cover left out.
    times_now : ndarray of int, shape (n,)
        Open sites within the threshold of each row, 0 or 1 for those with gains.
    weight : float
        What a second site within the threshold is worth, as a share of the first, 0 to 1.
    rules : Rules
        What a plan must respect.
    control : Control, optional
        Time limit (60 s), progress, cancel.

    Returns
    -------
    Plan
        `objective` in persons: those newly covered, plus the share `weight` of those newly
        covered twice.
    """
    if not 0 <= weight <= 1:
        Problems().add(f"backup weight must be 0 to 1, got {weight}").raise_if_any()
    control = control or Control()
    reasons = rules.violations()
    if reasons:
        return infeasible("backup", reasons, control)
    persons = _row_weights(gains)
    sets = sets_of(gains, ~rules.forced_out, persons[:, None], np.minimum(times_now, 2))
    people, once = sets.weight[:, 0], sets.mark == 0
    m, k = gains.n_options, len(people)

    def value(plan: Ints) -> float:
        is_in = np.zeros(m)
        is_in[plan] = 1
        times = sets.table @ is_in
        first = np.where(once, np.minimum(times, 1), 0)
        second = np.minimum(np.where(once, np.maximum(times - 1, 0), times), 1)
        return float(people @ (first + weight * second))

    def adds(plan: Ints) -> Floats:
        is_in = np.zeros(m)
        is_in[plan] = 1
        times = sets.table @ is_in
        worth = np.where(times == 0, np.where(once, 1.0, weight), 0.0)
        worth[once & (times == 1)] = weight
        return np.asarray(sets.table.T @ (people * worth))

    # first + second <= options open; a second counts no more than a first, so it comes after it.
    ones = sparse.identity(k, format="csr")
    levels = [(sparse.hstack([-sets.table, ones, ones]), np.zeros(k))]
    size = m + 2 * k
    program = _with_rules(
        objective=np.concatenate([np.zeros(m), people, weight * people]),
        upper=np.concatenate([np.ones(m), once.astype(float), np.ones(k)]),
        rows=levels,
        rules=rules,
    )

    def start(plan: Ints) -> Floats:
        x = np.zeros(size)
        x[plan] = 1
        times = sets.table @ x[:m]
        x[m : m + k] = np.where(once, np.minimum(times, 1), 0)
        x[m + k :] = np.minimum(np.where(once, np.maximum(times - 1, 0), times), 1)
        return x

    return _answer(_Question("backup", value, adds, program, start), rules, control)


def worst_off(
    gains: Gains,
    shares: sparse.csr_array,
    covered_now: Floats,
    rules: Rules,
    control: Control | None = None,
) -> Plan:
    """Raise the coverage of the group that is covered least.

    Parameters
    ----------
    gains : Gains
        Weight of the people of each row, for every option within the threshold.
    shares : sparse array, shape (n, g)
        Each row's part of all people of each group; a column adds up to at most 1.
    covered_now : ndarray, shape (g,)
        Share of each group covered now.
    rules : Rules
        What a plan must respect.
    control : Control, optional
        Time limit (60 s), progress, cancel.

    Returns
    -------
    Plan
        `objective` is the share covered of the group that is covered least, 0 to 1. Among plans
        as good for it, one that gains most is looked for in the time left.
    """
    control = control or Control()
    reasons = rules.violations()
    if reasons:
        return infeasible("worst-off", reasons, control)
    table = shares.toarray()
    total = _row_weights(gains)
    sets = sets_of(
        gains, ~rules.forced_out, np.column_stack([table, total]), np.zeros(gains.n_rows, np.int64)
    )
    parts, people = sets.weight[:, :-1], sets.weight[:, -1]
    m, k = gains.n_options, len(people)

    def value(plan: Ints) -> float:
        is_in = np.zeros(m)
        is_in[plan] = 1
        return float((covered_now + (sets.table @ is_in > 0) @ parts).min())

    def adds(plan: Ints) -> Floats:
        is_in = np.zeros(m)
        is_in[plan] = 1
        left = (sets.table @ is_in == 0)[:, None]
        now = covered_now + (parts * ~left).sum(axis=0)
        worst = (now + sets.table.T @ (parts * left)).min(axis=1) - now.min()
        # Where no single site helps the worst off, the one that covers most comes first.
        most = np.asarray(sets.table.T @ (people * left[:, 0]))
        return np.asarray(worst + 1e-9 * most / max(people.sum(), 1e-300))

    cover = sparse.hstack([-sets.table, sparse.identity(k, format="csr"), sparse.csr_array((k, 1))])
    groups = sparse.hstack(
        [
            sparse.csr_array((parts.shape[1], m)),
            sparse.csr_array(-FINE * parts.T),
            sparse.csr_array(np.ones((parts.shape[1], 1))),
        ]
    )
    rows = [(cover, np.zeros(k)), (groups, FINE * covered_now)]
    program = _with_rules(
        objective=np.concatenate([np.zeros(m + k), [1 / FINE]]),
        upper=np.concatenate([np.ones(m + k), [FINE]]),
        rows=rows,
        rules=rules,
    )

    def start(plan: Ints) -> Floats:
        x = np.zeros(m + k + 1)
        x[plan] = 1
        x[m : m + k] = sets.table @ x[:m] > 0
        x[-1] = FINE * value(plan)
        return x

    found = _answer(_Question("worst-off", value, adds, program, start), rules, control)
    if found.status != "optimal":
        return found
    # Of the plans that are best for the worst off, the one that covers most.
    second = replace(
        program,
        objective=np.concatenate([np.zeros(m), people, [0.0]]),
        low=np.append(program.low, FINE * found.objective * (1 - 1e-9)),
        high=np.append(program.high, np.inf),
        table=sparse.vstack(
            [program.table, sparse.csr_array(([1.0], ([0], [m + k])), shape=(1, m + k + 1))]
        ).tocsr(),
    )
    better = solve(second, control, start=start(found.chosen), apart=1e-6)
    plan = _chosen(better, m)
    if plan is None or not rules.allows(plan) or value(plan) < found.objective * (1 - 1e-9):
        return found
    return replace(found, chosen=_in_order(plan, rules, gains.total), seconds=control.elapsed)


def _row_weights(gains: Gains) -> Floats:
    weights = np.zeros(gains.n_rows)
    np.maximum.at(weights, gains.row, gains.value)
    return weights


def _with_rules(
    objective: Floats,
    upper: Floats,
    rows: list[tuple[sparse.sparray, Floats]],
    rules: Rules,
) -> Program:
    """Put a program together; sites forced in are at 1, those forced out at 0."""
    m, size = rules.n_options, len(objective)
    room = m if rules.count is None else min(rules.count, m)
    tables, high = [table for table, _ in rows], [limit for _, limit in rows]
    for table, limit in rule_rows(rules, room):
        wide = sparse.coo_array(table)
        tables.append(sparse.coo_array((wide.data, (wide.row, wide.col)), shape=(len(limit), size)))
        high.append(limit)
    low = [np.full(len(limit), -np.inf) for limit in high]
    forced = np.flatnonzero(rules.forced_in)
    if len(forced):
        ones = np.ones(len(forced))
        tables.append(
            sparse.coo_array((ones, (np.arange(len(forced)), forced)), shape=(len(forced), size))
        )
        low.append(ones)
        high.append(ones)
    upper = upper.copy()
    upper[:m][rules.forced_out] = 0.0
    return Program(
        objective=objective,
        upper=upper,
        table=sparse.vstack(tables).tocsr(),
        low=np.concatenate(low),
        high=np.concatenate(high),
        whole=np.arange(size) < m,
    )


def _greedy(question: _Question, rules: Rules) -> Ints:
    """Add what raises the value most (for its cost, with a budget), until nothing does."""
    chosen = np.flatnonzero(rules.forced_in)
    cost = np.maximum(rules.cost, 1e-9) if rules.budget is not None else np.ones(rules.n_options)
    tried = rules.forced_out.copy()
    while True:
        adds = question.adds(chosen) / cost
        adds[tried] = 0.0
        adds[chosen] = 0.0
        option = int(adds.argmax()) if len(adds) else 0
        if not len(adds) or adds[option] <= 0:
            return chosen
        # What does not fit now fits no more later either.
        if rules.allows(np.append(chosen, option)):
            chosen = np.append(chosen, option)
        else:
            tried[option] = True


def _answer(question: _Question, rules: Rules, control: Control) -> Plan:
    """Solve, and put the answer together."""
    name, value = question.name, question.value
    candidates = np.flatnonzero(~rules.forced_out)
    control.report(Progress("Searching for a good plan", 0.05))
    first = _greedy(question, rules)
    reached = value(first)
    control.report(Progress("Searching for the best plan", 0.2, reached))
    found = solve(
        question.program,
        control,
        start=question.start(first),
        apart=PROVEN * max(abs(reached), 1e-9) / 2,
        say=lambda best, bound: Progress(
            "Proving that no plan is better",
            0.3 + 0.7 * min(control.elapsed / control.seconds, 1.0),
            max(best, reached),
            bound,
        ),
    )
    plan = _chosen(found, rules.n_options)
    chosen = first
    if plan is not None and rules.allows(plan) and value(plan) > reached:
        chosen = plan
    objective = value(chosen)
    ceiling = value(candidates)
    bound = max(min(found.bound, ceiling), objective)
    if bound - objective <= PROVEN * abs(objective):
        bound = objective
    gap = gap_of(objective, bound)
    status: Status = "optimal" if gap <= PROVEN else found.status
    return Plan(
        question=name,
        status=status,
        chosen=_in_order(chosen, rules, value),
        objective=objective,
        bound=bound,
        gap=gap,
        seconds=control.elapsed,
        ceiling=ceiling,
        greedy_objective=reached,
        greedy=first,
        sizes={
            "options": rules.n_options,
            "variables": len(question.program.objective),
            "constraints": len(question.program.low),
        },
    )


def _chosen(found: Solution, m: int) -> Ints | None:
    return None if found.x is None else np.flatnonzero(found.x[:m] > HALF)


def _in_order(chosen: Ints, rules: Rules, value: Callable[[Ints], float]) -> Ints:
    """List forced sites first, then always the one that adds most."""
    order = chosen[rules.forced_in[chosen]]
    left = [int(j) for j in chosen if not rules.forced_in[j]]
    while left:
        values = [value(np.append(order, j)) for j in left]
        order = np.append(order, left.pop(int(np.argmax(values))))
    return order
