"""Exact search on the linear relaxation: for questions that an integer program takes long for.

Every node takes some options as opened and others as not, starts from the prices of the node
above it, and drops what its bound decides. The two nodes with the highest bounds come next, their
four children at once in two threads. Only the number of options may be limited.
"""

import heapq
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Final

import numpy as np

from geo.siting.bound import FREE, IN, OUT, Fixed, Proof
from geo.siting.problem import Control, Ints, Progress, Rules, Status
from geo.siting.reduction import Reduced
from geo.siting.relaxation import Part, Relaxed, priced, relax, restrict, whole
from geo.siting.search import improve

THREADS: Final = 2
ROOT_STEPS: Final = 3000
ROOT_NEAR: Final = 0.02
NODE_STEPS: Final = 800
NODE_ROUNDS: Final = 3
NODE_NEAR: Final = 0.1
SHRINK: Final = 0.7
"""A node with less than this part of its options free is written anew."""
ROUNDINGS: Final = 30
"""Plans tried at the root."""
LUCK: Final = 0.5
"""Power of the random numbers that the parts of options are multiplied with for such a plan."""
UNDECIDED: Final = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """Plans that open some options and not others.

    Parameters
    ----------
    part : Part
        What was left to choose from at this node or one above.
    option : ndarray of int
        Which option of the question each one of the part is.
    opened : ndarray of int
        Options of the question that are open, and not in the part.
    gained : float
        What they gain.
    fixed : ndarray
        Of the options of the part.
    relaxed : Relaxed
        Of the part.
    """

    part: Part
    option: Ints
    opened: Ints
    gained: float
    fixed: Fixed
    relaxed: Relaxed

    @property
    def bound(self) -> float:
        """No plan of the node gains more."""
        return self.gained + self.relaxed.bound


def branch(
    question: Reduced, proof: Proof, fixed: Fixed, control: Control, *, enough: float
) -> tuple[Status, Ints, float, float]:
    """Find the best plan by taking options as opened or not, one after the other.

    Parameters
    ----------
    question : Reduced
        That limits nothing but the number of options.
    proof : Proof
        A plan and prices to begin with.
    fixed : ndarray, shape (m,)
        What every better plan opens, or does not.
    control : Control
        Limits.
    enough : float
        A plan better by less than this is not looked for.

    Returns
    -------
    status : str
        "optimal", or why it stopped.
    plan : ndarray of int
        Best plan.
    total, bound : float
        Its gain, and what no plan exceeds; they are `enough` apart when optimal.
    """
    plan, total = proof.plan, proof.total
    root = _root(question, proof, fixed, control, total + enough)
    for gain, tried in _rounded(root, ROUNDINGS):
        if gain > total:
            plan, total = tried, gain
    number, queue = 0, [(-root.bound, 0, root)]
    with ThreadPoolExecutor(THREADS) as pool:
        while queue and -queue[0][0] >= total + enough:
            bound = -queue[0][0]
            if stopped := control.stopped():
                return stopped, plan, total, bound
            done = 0.4 + 0.6 * min(control.elapsed / control.seconds, 1.0)
            control.report(Progress("Proving that no plan is better", done, total, bound))
            target, tasks = total + enough, []
            for _ in range(min(THREADS, len(queue))):
                node = _settled(heapq.heappop(queue)[2], target)
                option = _split(node)
                tasks += [(node, option, side) for side in ((IN, OUT) if option >= 0 else (OUT,))]
            for below, gain, tried in pool.map(_child, tasks, repeat(control), repeat(target)):
                if gain > total:
                    plan, total = tried, gain
                if below is not None:
                    number += 1
                    heapq.heappush(queue, (-below.bound, number, below))
    return "optimal", plan, total, total + enough


def _root(question: Reduced, proof: Proof, fixed: Fixed, control: Control, target: float) -> Node:
    part = whole(question)
    parts = np.zeros(question.n_options)
    parts[proof.plan] = 1.0
    start = priced(part, proof.price, parts)
    root = _anew(Node(part, part.option, part.option[:0], 0.0, fixed, start))
    found = relax(
        root.part,
        root.relaxed,
        root.fixed,
        control,
        target=target - root.gained,
        near=ROOT_NEAR,
        steps=ROOT_STEPS,
    )
    return replace(root, relaxed=found)


def _settled(node: Node, target: float) -> Node:
    """Fix what no plan as good as the target opens, or what all of them do."""
    fixed, worth, bound = node.fixed.copy(), node.relaxed.worth, node.bound
    free = np.flatnonzero(fixed == FREE)
    room = node.part.room - int((fixed == IN).sum())
    free = free[np.argsort(-worth[free], kind="stable")]
    chosen, others = free[:room], free[room:]
    last = max(worth[chosen[-1]], 0.0) if len(others) and room else 0.0
    instead = max(worth[others[0]], 0.0) if len(others) else 0.0
    fixed[others[bound - last + worth[others] < target]] = OUT
    fixed[chosen[bound - np.maximum(worth[chosen], 0.0) + instead < target]] = IN
    return replace(node, fixed=fixed)


def _split(node: Node) -> int:
    """Choose the option that is least decided; -1 when none is left."""
    free = node.fixed == FREE
    if not free.any() or (node.fixed == IN).sum() >= node.part.room:
        return -1
    parts = node.relaxed.parts
    undecided = np.where(free, np.minimum(parts, 1.0 - parts), -1.0)
    most = undecided.max()
    if most > UNDECIDED:
        return int(undecided.argmax())
    return int(np.where(free, node.relaxed.worth, -np.inf).argmax())


def _child(
    task: tuple[Node, int, int], control: Control, target: float
) -> tuple[Node | None, float, Ints]:
    """Bound a node with one more option fixed, unless no plan of it meets the target.

    Also gives a plan of it, and its gain.
    """
    node, option, side = task
    fixed = node.fixed.copy()
    if option < 0:
        fixed[fixed == FREE] = OUT
    else:
        fixed[option] = side
    node = _anew(replace(node, fixed=fixed))
    free = node.fixed == FREE
    if not free.any() or (node.fixed == IN).sum() >= node.part.room:
        return None, *_rounded(node, 1)[0]
    found = relax(
        node.part,
        node.relaxed,
        node.fixed,
        control,
        target=target - node.gained,
        near=NODE_NEAR,
        steps=NODE_STEPS,
        rounds=NODE_ROUNDS,
    )
    node = replace(node, relaxed=found)
    return node if node.bound >= target else None, *_rounded(node, 1)[0]


def _anew(node: Node) -> Node:
    """Write a node anew when much of it is fixed."""
    free, opened = node.fixed == FREE, node.fixed == IN
    if free.sum() > SHRINK * len(free):
        return node
    part, old = restrict(node.part, free, opened), node.relaxed
    relaxed = Relaxed(
        old.bound - part.offset,
        part.passed(old.price),
        old.worth[part.option],
        old.parts[part.option],
        old.core[part.option],
        old.balance,
    )
    return Node(
        part,
        node.option[part.option],
        np.concatenate([node.opened, node.option[opened]]),
        node.gained + part.offset,
        np.zeros(len(part.option), np.int8),
        relaxed,
    )


def _rounded(node: Node, number: int) -> list[tuple[float, Ints]]:
    """Plans of a node with their gains: the options most open, exchanged for others if it pays."""
    opened = node.fixed == IN
    part = restrict(node.part, node.relaxed.core & (node.fixed == FREE), opened)
    m = len(part.option)
    small = Reduced(
        part.ptr, part.col, part.val, part.option, Rules(m, part.room), part.option[:0], 0.0
    )
    rng = np.random.default_rng(0)
    parts = node.relaxed.parts[part.option]
    plans = []
    for turn in range(number):
        liked = parts * (rng.random(m) ** LUCK if turn else 1.0)
        plan = improve(small, np.argsort(-liked, kind="stable")[: part.room])
        inside = np.concatenate([np.flatnonzero(opened), part.option[plan]])
        gain = node.gained + part.offset + small.total(plan)
        plans.append((gain, np.concatenate([node.opened, node.option[inside]])))
    return plans
