"""Exact search on prices: for questions whose linear program alone would take too long.

Every node takes some options as opened and others as not, starts from the prices of the node
above it, and drops what its bound decides. The node with the highest bound comes first.
"""

import heapq
from dataclasses import replace
from typing import Final

import numpy as np

from geo.siting.bound import FREE, IN, OUT, Fixed, Proof, decided, step_of, tighten
from geo.siting.problem import Control, Ints, Progress, Status
from geo.siting.reduction import Reduced

NODE_STEPS: Final = 40
NODE_PACE: Final = 0.2
MIDDLE: Final = 0.5


def branch(
    question: Reduced, proof: Proof, control: Control, *, enough: float, offset: float = 0.0
) -> tuple[Status, Ints, float, float]:
    """Close the gap of a proof by taking options as opened or not, one after the other.

    Parameters
    ----------
    question : Reduced
        Without pairs that exclude one another beyond its groups and count.
    proof : Proof
        Of the whole question.
    control : Control
        Limits.
    enough : float
        A node whose bound is within this of the best plan needs no search.
    offset : float
        Added to what is reported.

    Returns
    -------
    status : str
        "optimal", or why it stopped.
    plan : ndarray of int
        Best plan.
    total, bound : float
        Its gain, and what no plan exceeds.
    """
    plan, total = proof.plan, proof.total
    number, queue = 0, [(-proof.bound, 0, proof, decided(question, proof))]
    whole = step_of(question, total)
    gone = total
    while queue:
        bound = -queue[0][0]
        if bound - total < max(whole, enough):
            break
        if stopped := control.stopped():
            return stopped, plan, total, max(bound, gone)
        control.report(
            Progress(
                "Proving that no plan is better",
                0.4 + 0.6 * min(control.elapsed / control.seconds, 1.0),
                total + offset,
                max(bound, gone) + offset,
            )
        )
        _, _, node, fixed = heapq.heappop(queue)
        free = fixed == FREE
        if not free.any():
            continue
        split = int(np.argmin(np.where(free, np.abs(node.often - MIDDLE), np.inf)))
        for side in (IN, OUT):
            child: Fixed = fixed.copy()
            child[split] = side
            if side == IN and not _closed(question, child, split):
                continue
            found = tighten(
                question,
                plan,
                control,
                price=node.price,
                steps=NODE_STEPS,
                fixed=child,
                pace=NODE_PACE,
            )
            if found.total > total:
                plan, total = found.plan, found.total
            below = min(found.bound, node.bound)
            if below - total >= max(whole, enough):
                number += 1
                child = decided(question, replace(found, plan=plan, total=total), child)
                entry = replace(found, bound=below)
                heapq.heappush(queue, (-below, number, entry, child))
            else:
                gone = max(gone, min(below, total + max(whole, enough)))
    left = -queue[0][0] if queue else total
    bound = max(left, gone if enough > whole else total, total)
    return "optimal", plan, total, bound if bound - total >= whole else total


def _closed(question: Reduced, fixed: Fixed, option: int) -> bool:
    """Close what an opened option excludes; whether the rules can still be followed."""
    group = question.rules.group
    if group[option] >= 0:
        mates = (group == group[option]) & (np.arange(len(group)) != option)
        if (fixed[mates] == IN).any():
            return False
        fixed[mates] = OUT
    opened = fixed == IN
    budget = question.rules.budget
    affordable = budget is None or question.rules.cost[opened].sum() <= budget * (1 + 1e-9)
    return bool(opened.sum() <= question.room and affordable)
