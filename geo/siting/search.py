"""Good plans, quickly: greedy, then exchanges until none pays."""

from typing import Final

import numpy as np

from geo.results import Floats
from geo.siting import kernels
from geo.siting.problem import Bools, Ints
from geo.siting.reduction import Reduced

PAYS: Final = 1e-9
"""An exchange must improve the plan by this part of it, so that rounding cannot go in circles."""
MAX_EXCHANGES: Final = 1000


def greedy(question: Reduced, start: Ints | None = None) -> Ints:
    """Add what gains most, again and again; with a budget, most for its cost if that is better.

    Parameters
    ----------
    question : Reduced
        What there is to choose from.
    start : ndarray of int, optional
        Options that are open already.

    Returns
    -------
    ndarray of int
        Options in the order chosen, those of `start` first.
    """
    begin = np.empty(0, np.int64) if start is None else start
    plan = _greedy(question, begin, np.ones(question.n_options))
    if question.rules.budget is None or not len(question.rules.cost):
        return plan
    cost = question.rules.cost
    dearer = np.maximum(cost, max(float(cost.max()), 1.0) * 1e-9)
    thrifty = _greedy(question, begin, dearer)
    return max(plan, thrifty, key=question.total)


def _greedy(question: Reduced, start: Ints, per: Floats) -> Ints:
    best = np.zeros(question.n_rows)
    chosen = [int(j) for j in start]
    for option in chosen:
        question.raise_to(best, option)
    while len(chosen) < question.room:
        gain = question.surplus(best)
        gain[~addable(question, np.array(chosen, np.int64))] = 0.0
        option = int(np.argmax(gain / per)) if len(gain) else 0
        if not len(gain) or gain[option] <= 0:
            break
        chosen.append(option)
        question.raise_to(best, option)
    return np.array(chosen, np.int64)


def addable(question: Reduced, chosen: Ints) -> Bools:
    """Which options the rules let a plan add, shape (m,)."""
    rules = question.rules
    free = np.ones(question.n_options, bool)
    free[chosen] = False
    if rules.budget is not None:
        left = rules.budget - rules.cost[chosen].sum()
        free &= rules.cost <= left + 1e-9 * rules.budget
    if not rules.plain and len(chosen):
        free &= ~question.clashes[chosen].any(axis=0)
    return free


def improve(question: Reduced, chosen: Ints) -> Ints:
    """Add options, or exchange one for another, as long as that pays.

    Parameters
    ----------
    question : Reduced
        What there is to choose from.
    chosen : ndarray of int
        A plan that follows the rules.

    Returns
    -------
    ndarray of int
        A plan at least as good that no single exchange improves.
    """
    plan = chosen.copy()
    for _ in range(MAX_EXCHANGES):
        slot = np.full(question.n_options, -1)
        slot[plan] = np.arange(len(plan))
        gain, loss, extra = kernels.exchanges(
            question.ptr, question.col, question.val, slot, len(plan)
        )
        worth = PAYS * max(question.total(plan), 1.0)
        added = np.where(addable(question, plan), gain, 0.0)
        if len(plan) < question.room and added.size and added.max() > worth:
            plan = np.append(plan, added.argmax())
            continue
        if not len(plan):
            return plan
        change = gain[:, None] - loss + extra
        change[~_exchangeable(question, plan)] = -np.inf
        change[plan] = -np.inf
        at = int(change.argmax())
        if change.flat[at] <= worth:
            return plan
        plan[at % len(plan)] = at // len(plan)
    return plan


def _exchangeable(question: Reduced, plan: Ints) -> Bools:
    """Whether the rules let an option take a place in the plan, shape (m, p)."""
    rules, shape = question.rules, (question.n_options, len(plan))
    free = np.ones(shape, bool)
    if rules.budget is not None:
        left = rules.budget - rules.cost[plan].sum() + 1e-9 * rules.budget
        free &= rules.cost[:, None] - rules.cost[plan] <= left
    if not rules.plain:
        clash = question.clashes[:, plan]
        free &= clash.sum(axis=1)[:, None] == clash
    return free


def by_gain(question: Reduced, chosen: Ints) -> Ints:
    """Order a plan's options so that each adds most of those left; ties go to the first."""
    best, left, order = np.zeros(question.n_rows), sorted(chosen.tolist()), []
    while left:
        gain = question.surplus(best)
        option = max(left, key=lambda j: gain[j])
        left.remove(option)
        order.append(option)
        question.raise_to(best, option)
    return np.array(order, np.int64)
