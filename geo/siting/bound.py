"""What no plan can exceed: prices on the rows of demand, tightened step by step.

A row that may be served once has a price; an option is worth what it gains beyond the prices. For
any prices, their sum and the most that an allowed choice of options is worth bound every plan
(Lagrangian relaxation; Galvão and ReVelle 1996, doi:10.1016/0377-2217(94)00159-6). Prices move
against the excess of service until the bound meets the best plan or stops falling. The bound at
the end also proves which options no better plan opens, and which every better plan does.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.results import Floats
from geo.siting import kernels
from geo.siting.problem import PROVEN, Bools, Control, Ints
from geo.siting.reduction import Reduced
from geo.siting.search import addable, improve

FIRST_STEP: Final = 0.5
LAST_STEP: Final = 1e-3
"""Steps in parts of the way to where the bound would meet the plan."""
PATIENCE: Final = 10
"""Steps without a lower bound after which they are halved."""
FALL: Final = 1e-6
"""A bound lower by less than this part is not lower."""
MEMORY: Final = 0.8
"""Part of the last direction kept in the next."""
RECENT: Final = 0.9
"""Weight of what was chosen before in how often options are chosen."""
TRIAL: Final = 25
"""Every so many steps, the options then chosen are tried as a plan."""
BISECTIONS: Final = 40


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """The most that an allowed choice of options is worth, at some prices.

    Parameters
    ----------
    worth : ndarray, shape (m,)
        Of each option, less its cost at the price of the budget.
    chosen : ndarray of bool, shape (m,)
        The choice.
    value : float
        What it is worth, budget included.
    last : float
        Worth of the last option chosen; 0 while there is room.
    """

    worth: Floats
    chosen: Bools
    value: float
    last: float


FREE: Final = 0
IN: Final = 1
OUT: Final = -1
Fixed = NDArray[np.int8]
"""Of each option, whether it is taken as opened, as not opened, or neither; shape (m,)."""


@dataclass(frozen=True, slots=True, eq=False)
class Proof:
    """A bound, and the best plan met on the way.

    Parameters
    ----------
    bound : float
        No plan gains more.
    price : ndarray, shape (n,)
        Prices that set it.
    choice : Choice
        At these prices.
    plan : ndarray of int
        Best plan so far.
    total : float
        Its gain.
    often : ndarray, shape (m,)
        How often each option was chosen of late, 0 to 1.
    """

    bound: float
    price: Floats
    choice: Choice
    plan: Ints
    total: float
    often: Floats


def step_of(question: Reduced, total: float) -> float:
    """By how much a better plan is better: 1 when all gains are whole."""
    whole = bool((question.val == np.rint(question.val)).all())
    return 1 - 1e-6 if whole and total < 2**50 else 0.5 * PROVEN * max(abs(total), 1e-300)


def tighten(
    question: Reduced,
    plan: Ints,
    control: Control,
    *,
    price: Floats | None = None,
    steps: int = 400,
    enough: float = 0.0,
    fixed: Fixed | None = None,
    pace: float = FIRST_STEP,
) -> Proof:
    """Lower the bound, and improve the plan by the choices met on the way.

    Parameters
    ----------
    question : Reduced
        What there is to choose from.
    plan : ndarray of int
        A plan that follows the rules.
    control : Control
        Stops early when it says so.
    price : ndarray, shape (n,), optional
        Where to begin: prices of a like question.
    steps : int
        At most.
    enough : float
        A gap of this part of the plan needs no more steps.
    fixed : ndarray, optional
        Bound only plans that agree with it.
    pace : float
        First step, in parts of the way to where the bound would meet the plan.

    Returns
    -------
    Proof
    """
    ptr, col, val = question.ptr, question.col, question.val
    ceiling = val[ptr[:-1]] if len(val) else np.empty(0)
    at = _first_price(question, plan) if price is None else np.minimum(price, ceiling)
    total = question.total(plan)
    found: Proof | None = None
    direction = np.zeros(question.n_rows)
    scale, waited = pace, 0
    often = np.zeros(question.n_options)
    for step in range(max(steps, 1)):
        surplus = kernels.surplus(ptr, col, val, at, question.n_options)
        choice = choose(question, surplus, fixed)
        often = RECENT * often + (1 - RECENT) * choice.chosen
        bound = float(at.sum()) + choice.value
        waited = 0 if found is None or bound < found.bound * (1 - FALL) else waited + 1
        if found is None or bound < found.bound:
            found = Proof(bound, at.copy(), choice, plan, total, often)
        slope, reached = kernels.respond(ptr, col, val, at, choice.chosen)
        if reached > total or step % TRIAL == TRIAL - 1:
            better = improve(question, allowed(question, choice))
            reached = question.total(better)
            if reached > total:
                plan, total = better, reached
        needed = max(step_of(question, total), enough * total)
        if found.bound - total < needed or scale < LAST_STEP or control.stopped():
            break
        if waited >= PATIENCE:
            scale, waited = scale / 2, 0
        direction = MEMORY * direction + slope
        # Prices at an end of their range do not press beyond it.
        stuck = ((at <= 0) & (direction > 0)) | ((at >= ceiling) & (direction < 0))
        # In parts of the dearest price of a row, all rows are alike.
        push = np.where(stuck, 0.0, direction) * ceiling
        length = float((push * push / ceiling).sum())
        if length == 0:
            break
        at = np.clip(at - scale * (bound - total) / length * push, 0.0, ceiling)
    assert found is not None  # there is at least one step
    return replace(found, plan=plan, total=total, often=often)


def _first_price(question: Reduced, plan: Ints) -> Floats:
    """Begin with what a row would still have if the option that serves it best closed."""
    row = np.repeat(np.arange(question.n_rows), np.diff(question.ptr))
    is_in = np.zeros(question.n_options, bool)
    is_in[plan] = True
    served = np.flatnonzero(is_in[question.col])
    # Entries of a row come with the most first: the second of those served is what is left.
    owner = row[served]
    second = np.flatnonzero(owner[1:] == owner[:-1]) + 1
    _, first = np.unique(owner[second], return_index=True)
    price = np.zeros(question.n_rows)
    price[owner[second[first]]] = question.val[served[second[first]]]
    return price


def choose(question: Reduced, gain: Floats, fixed: Fixed | None = None) -> Choice:
    """Find the choice of options that is worth most.

    Parameters
    ----------
    question : Reduced
        Count, budget and groups; pairs that exclude one another are not looked at.
    gain : ndarray, shape (m,)
        Gain beyond the prices.
    fixed : ndarray, optional
        Options taken as opened or not.

    Returns
    -------
    Choice
        Its value is a bound also where the budget would cut an option in two.
    """
    rules = question.rules
    best = _choose(question, gain, 0.0, fixed)
    if rules.budget is None or rules.cost[best.chosen].sum() <= rules.budget:
        return best
    paid = rules.cost > 0
    low, high = 0.0, float((gain[paid] / rules.cost[paid]).max(initial=0.0))
    for _ in range(BISECTIONS):
        rate = (low + high) / 2
        found = _choose(question, gain, rate, fixed)
        if found.value < best.value:
            best = found
        if rules.cost[found.chosen].sum() > rules.budget:
            low = rate
        else:
            high = rate
    return best


def _choose(question: Reduced, gain: Floats, rate: float, fixed: Fixed | None) -> Choice:
    rules, room = question.rules, question.room
    worth = gain - rate * rules.cost if rate else gain
    spare = rate * rules.budget if rules.budget is not None else 0.0
    if fixed is None:
        chosen = np.zeros(len(worth), bool)
        good = np.flatnonzero(worth > 0)
    else:
        chosen = fixed == IN
        room -= int(chosen.sum())
        spare += float(worth[chosen].sum())
        good = np.flatnonzero((worth > 0) & (fixed == FREE))
    if len(good) > room or (rules.group >= 0).any():
        good = good[np.argsort(-worth[good], kind="stable")]
        group = rules.group[good]
        if (group >= 0).any():
            _, first = np.unique(group, return_index=True)
            keep = group < 0
            keep[first] = True
            good = good[keep]
        good = good[: max(room, 0)]
    chosen[good] = True
    full = len(good) == room
    last = float(worth[good].min()) if full and room else (np.inf if full else 0.0)
    return Choice(worth, chosen, float(worth[good].sum()) + spare, last)


def allowed(question: Reduced, choice: Choice) -> Ints:
    """Turn a choice into a plan that follows every rule, most worth first."""
    order = np.flatnonzero(choice.chosen)
    order = order[np.argsort(-choice.worth[order], kind="stable")]
    if question.rules.plain and question.rules.budget is None:
        return order
    plan = np.empty(0, np.int64)
    for option in order:
        if addable(question, plan)[option]:
            plan = np.append(plan, option)
    return plan


def decided(question: Reduced, proof: Proof, fixed: Fixed | None = None) -> Fixed:
    """Say which options a better plan cannot open, and which it must.

    Parameters
    ----------
    question : Reduced
        What there is to choose from.
    proof : Proof
        Of its bound.
    fixed : ndarray, optional
        What the bound took for granted.

    Returns
    -------
    ndarray, shape (m,)
        `IN`, `OUT` or `FREE`.
    """
    choice, group = proof.choice, question.rules.group
    free = np.ones(question.n_options, bool) if fixed is None else fixed == FREE
    target = proof.total + step_of(question, proof.total)
    replaced = np.full(question.n_options, choice.last)
    holder = np.flatnonzero(choice.chosen & (group >= 0))
    if len(holder):
        held = np.full(int(group.max()) + 1, np.nan)
        held[group[holder]] = choice.worth[holder]
        own = np.where(group >= 0, held[group], np.nan)
        replaced = np.where(np.isnan(own), replaced, own)
    others = choice.worth[~choice.chosen & free]
    instead = max(float(others.max(initial=0.0)), 0.0)
    with_it = proof.bound - replaced + choice.worth
    without = proof.bound - choice.worth + instead
    found = np.zeros(question.n_options, np.int8) if fixed is None else fixed.copy()
    found[free & ~choice.chosen & (with_it < target)] = OUT
    found[free & choice.chosen & (without < target)] = IN
    return found
