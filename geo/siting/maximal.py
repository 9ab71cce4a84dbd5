"""Plans that gain most: maximal coverage, least travel, with or without a budget.

A maximal covering problem (Church and ReVelle 1974, doi:10.1007/BF01942293) and a p-median
problem (ReVelle and Swain 1970, doi:10.1111/j.1538-4632.1970.tb00142.x) with sites that are open
already are one question here: every row of demand has the most that any open option gives it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from geo.results import Floats
from geo.siting import kernels
from geo.siting.bound import FREE, IN, Fixed, Proof, decided, step_of, tighten
from geo.siting.branch import branch
from geo.siting.problem import (
    PROVEN,
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
from geo.siting.program import Program, solve
from geo.siting.reduction import Reduced, reduce, shrink
from geo.siting.search import by_gain, greedy, improve

SMALL: Final = 4
"""Options left that are not worth another round of prices before the integer program."""
DENSE: Final = 150_000
"""Gains from which the linear relaxation bounds a question sooner than prices by row."""
FEW_STEPS: Final = 60
LARGE: Final = 20_000
"""Gains left from which the search on relaxations is quicker than an integer program."""


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """Where to begin: the end of a like question.

    Parameters
    ----------
    price : ndarray
        Of a question with the same rows.
    plan : ndarray of int
        Options of the reduced question.
    """

    price: Floats
    plan: Ints


def maximise(
    gains: Gains,
    rules: Rules,
    control: Control | None = None,
    *,
    question: str = "mclp",
    gap: float = PROVEN,
) -> Plan:
    """Find the plan that gains most, and prove it.

    Parameters
    ----------
    gains : Gains
        Rows by options.
    rules : Rules
        What a plan must respect.
    control : Control, optional
        Time limit (60 s), progress, cancel.
    question : str
        Name to put on the answer.
    gap : float
        Relative gap at which to stop.

    Returns
    -------
    Plan
        `objective` is the gain of the plan; `bound` what no plan can gain.
    """
    control = control or Control()
    reasons = rules.violations()
    if reasons:
        return infeasible(question, reasons, control)
    control.report(Progress("Merging people with the same choices", 0.0))
    reduced = reduce(gains, rules)
    first = greedy(reduced)
    best = improve(reduced, first)
    control.report(Progress("Searching for the best plan", 0.1, reduced.total(best)))
    found = prove(reduced, best, control, gap=gap)
    return answer(question, gains, reduced, found, first, control)


@dataclass(frozen=True, slots=True, eq=False)
class Proven:
    """A plan of a reduced question with its proof.

    Parameters
    ----------
    status : str
        As in `Plan`.
    plan : ndarray of int
        Options of the reduced question.
    total, bound : float
        Without the gain of what is fixed.
    price : ndarray
        For a like question.
    left : int
        Options left to the integer program.
    """

    status: Status
    plan: Ints
    total: float
    bound: float
    price: Floats
    left: int


def prove(
    reduced: Reduced,
    plan: Ints,
    control: Control,
    *,
    price: Floats | None = None,
    gap: float = PROVEN,
    steps: int = 400,
) -> Proven:
    """Prove a plan best, or find a better one.

    Parameters
    ----------
    reduced : Reduced
        The question.
    plan : ndarray of int
        A plan to begin with.
    control : Control
        Limits.
    price : ndarray, optional
        Prices to begin with.
    gap : float
        Relative gap at which to stop.
    steps : int
        Of price changes.

    Returns
    -------
    Proven
    """
    if not reduced.n_options or reduced.room == 0:
        return Proven("optimal", plan[:0], 0.0, 0.0, np.zeros(reduced.n_rows), 0)
    free_count = reduced.rules.plain and reduced.rules.budget is None
    if free_count and len(reduced.val) > DENSE:
        steps = min(steps, FEW_STEPS)
    proof = tighten(reduced, plan, control, price=price, steps=steps, enough=gap)
    control.report(Progress("Proving that no plan is better", 0.3, proof.total, proof.bound))
    enough = max(step_of(reduced, proof.total), gap * proof.total)
    if proof.bound - proof.total < enough:
        bound = proof.bound if proof.bound - proof.total >= step_of(reduced, proof.total) else 0.0
        return _proven("optimal", proof, proof.plan, proof.total, bound, 0)
    if stopped := control.stopped():
        return _proven(stopped, proof, proof.plan, proof.total, proof.bound, reduced.n_options)
    return _close(reduced, proof, control, gap)


def _proven(
    status: Status, proof: Proof, plan: Ints, total: float, bound: float, left: int
) -> Proven:
    return Proven(status, plan, total, max(bound, total), proof.price, left)


def _close(reduced: Reduced, proof: Proof, control: Control, gap: float) -> Proven:
    """Close what the bound leaves open: by an integer program, or by a search of its own."""
    fixed = decided(reduced, proof)
    if reduced.rules.plain and reduced.rules.budget is None:
        entries = int((fixed[reduced.col] == FREE).sum())
        if entries > LARGE:
            return _search(reduced, proof, fixed, control, gap)
    sure = np.flatnonzero(fixed == IN)
    if not reduced.rules.allows(sure):  # a better plan would have to break a rule: there is none
        return _proven("optimal", proof, proof.plan, proof.total, proof.total, 0)
    smaller = shrink(reduced, fixed == FREE, sure)
    left = smaller.n_options
    # No plan outside what is left can be better by as much as two plans differ.
    elsewhere = proof.total
    program = integer_program(smaller)
    inside = np.isin(smaller.option, proof.plan)
    start = None
    if set(proof.plan.tolist()) == set(smaller.plan(np.flatnonzero(inside)).tolist()):
        start = program.start(np.flatnonzero(inside))
    total = max(proof.total, 1e-300)
    found = solve(
        program.program,
        control,
        start=start,
        apart=max(step_of(reduced, proof.total), gap * proof.total),
        say=lambda best, bound: Progress(
            "Proving that no plan is better",
            0.4 + 0.6 * min(control.elapsed / max(control.seconds, 1e-9), 1.0),
            max(best + smaller.offset, total),
            min(bound + smaller.offset, proof.bound),
        ),
    )
    if found.status == "infeasible":
        return _proven("optimal", proof, proof.plan, proof.total, elsewhere, left)
    plan, best = proof.plan, proof.total
    if found.x is not None:
        open_ = np.flatnonzero(found.x[: smaller.n_options] > 0.5)  # noqa: PLR2004 - 0 or 1
        other = smaller.plan(open_)
        if reduced.rules.allows(other) and reduced.total(other) > best:
            plan, best = other, reduced.total(other)
    bound = min(max(found.bound + smaller.offset, elsewhere), proof.bound)
    if bound - best < step_of(reduced, best):
        bound = best
    status: Status = "optimal" if bound - best <= max(gap * best, 0) else found.status
    return _proven(status, proof, plan, best, bound, left)


def _search(reduced: Reduced, proof: Proof, fixed: Fixed, control: Control, gap: float) -> Proven:
    """Close what is left of a question that limits nothing but the number of options."""
    step = step_of(reduced, proof.total)
    enough = max(step, 0.5 * gap * proof.total)
    status, plan, total, bound = branch(reduced, proof, fixed, control, enough=enough)
    if status == "optimal" and enough <= step:
        bound = total
    return _proven(status, proof, plan, total, bound, int((fixed == FREE).sum()))


@dataclass(frozen=True, slots=True, eq=False)
class CoverProgram:
    """An integer program of a reduced question.

    Parameters
    ----------
    program : Program
        Options first, then one variable for every level of gain.
    levels : sparse array, shape (levels, options)
        Options by which a level can be reached.
    """

    program: Program
    reduced: Reduced
    parent: Ints
    entry: tuple[Ints, Ints]

    def start(self, plan: Ints) -> Floats:
        """Give the values of all variables for a plan."""
        m = self.reduced.n_options
        x = np.zeros(len(self.program.objective))
        x[plan] = 1.0
        level, option = self.entry
        reached = np.bincount(level, x[option], len(self.parent)) > 0
        # Levels come after the level above them, so one pass in order is enough.
        for number in np.flatnonzero(self.parent >= 0):
            reached[number] |= reached[self.parent[number]]
        x[m:] = reached
        return x


def integer_program(reduced: Reduced) -> CoverProgram:
    """Write a reduced question as an integer program.

    Every distinct gain of a row is a level, reached when the level above it is, or when one of
    the options that give just this much is open (Cornuejols, Nemhauser and Wolsey 1980,
    doi:10.1137/0601029; García, Labbé and Marín 2011, doi:10.1287/ijoc.1100.0418).
    """
    m = reduced.n_options
    weight, parent, level, option = kernels.levels(reduced.ptr, reduced.col, reduced.val, m)
    n = len(weight)
    below = np.flatnonzero(parent >= 0)
    # level <= level above + options of this level
    rows = np.concatenate([np.arange(n), below, level])
    cols = np.concatenate([m + np.arange(n), m + parent[below], option])
    data = np.concatenate([np.ones(n), np.full(len(below) + len(level), -1.0)])
    parts = [sparse.coo_array((data, (rows, cols)), shape=(n, m + n))]
    high = [np.zeros(n)]
    for table, limit in rule_rows(reduced.rules, reduced.room):
        wide = sparse.coo_array(table)
        parts.append(sparse.coo_array((wide.data, (wide.row, wide.col)), shape=(len(limit), m + n)))
        high.append(limit)
    upper = np.concatenate(high)
    program = Program(
        objective=np.concatenate([np.zeros(m), weight]),
        upper=np.ones(m + n),
        table=sparse.vstack(parts).tocsr(),
        low=np.full(len(upper), -np.inf),
        high=upper,
        whole=np.arange(m + n) < m,
    )
    return CoverProgram(program, reduced, parent, (level, option))


def rule_rows(rules: Rules, room: int) -> list[tuple[sparse.csr_array, Floats]]:
    """Write the rules as rows of an integer program: tables over the options, and upper limits."""
    m, found = rules.n_options, []
    if room < m:
        found.append((sparse.csr_array(np.ones((1, m))), np.array([float(room)])))
    if rules.budget is not None:
        found.append((sparse.csr_array(rules.cost[None, :]), np.array([rules.budget])))
    member = np.flatnonzero(rules.group >= 0)
    if len(member):
        _, group = np.unique(rules.group[member], return_inverse=True)
        size = int(group.max()) + 1
        table = sparse.csr_array((np.ones(len(member)), (group, member)), shape=(size, m))
        found.append((table, np.ones(size)))
    if len(rules.conflicts):
        pairs = np.unique(np.sort(rules.conflicts, axis=1), axis=0)
        row = np.repeat(np.arange(len(pairs)), 2)
        table = sparse.csr_array((np.ones(pairs.size), (row, pairs.ravel())), shape=(len(pairs), m))
        found.append((table, np.ones(len(pairs))))
    return found


def answer(
    question: str,
    gains: Gains,
    reduced: Reduced,
    found: Proven,
    first: Ints,
    control: Control,
) -> Plan:
    """Put together the answer in terms of the original options."""
    everything = np.flatnonzero(~np.zeros(gains.n_options, bool))
    objective = found.total + reduced.offset
    bound = found.bound + reduced.offset
    return Plan(
        question=question,
        status=found.status,
        chosen=np.concatenate([reduced.fixed, reduced.option[by_gain(reduced, found.plan)]]),
        objective=objective,
        bound=bound,
        gap=gap_of(objective, bound),
        seconds=control.elapsed,
        ceiling=gains.total(everything),
        greedy_objective=reduced.total(first) + reduced.offset,
        greedy=np.concatenate([reduced.fixed, reduced.option[first]]),
        sizes={
            "rows": gains.n_rows,
            "options": gains.n_options,
            "rows_reduced": reduced.n_rows,
            "options_reduced": reduced.n_options,
            "options_in_program": found.left,
        },
    )
