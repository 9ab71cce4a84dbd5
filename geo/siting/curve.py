"""What each further site adds: the best plan proven at every number of sites."""

from dataclasses import dataclass, replace

import numpy as np

from geo.results import Floats
from geo.siting.maximal import Proven, prove
from geo.siting.problem import Bools, Control, Gains, Ints, Progress, Rules, Status
from geo.siting.reduction import Reduced, reduce
from geo.siting.search import by_gain, greedy, improve


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Gain by number of sites, those forced in included.

    Parameters
    ----------
    count : ndarray of int, shape (k,)
        Number of sites allowed.
    objective, bound : ndarray, shape (k,)
        Best plan of its own for each number, and what none can exceed.
    proven : ndarray of bool, shape (k,)
        Whether that plan is proven best.
    nested : ndarray of bool, shape (k,)
        Whether it keeps all sites of the plan before it.
    greedy : ndarray, shape (k,)
        Always adding what gains most.
    build : ndarray, shape (k,)
        Opening the sites of the last plan one by one, most first: what a network reaches on the
        way to it.
    plans : tuple of ndarray
        Options of each plan.
    ceiling : float
        With all options open.
    status : str
        "optimal" when all are proven; else why it stopped, and the curve may be shorter.
    """

    count: Ints
    objective: Floats
    bound: Floats
    proven: Bools
    nested: Bools
    greedy: Floats
    build: Floats
    plans: tuple[Ints, ...]
    ceiling: float
    status: Status


def marginal_gain(gains: Gains, rules: Rules, upto: int, control: Control | None = None) -> Curve:
    """Prove the best plan at every number of sites.

    Parameters
    ----------
    gains : Gains
        Rows by options.
    rules : Rules
        Without violations; its count is not looked at.
    upto : int
        Largest number of sites, at least those forced in.
    control : Control, optional
        Time limit (60 s), progress, cancel. When it stops, the numbers reached are returned.

    Returns
    -------
    Curve
        From the number of sites forced in to `upto`, or to where nothing more is gained.
    """
    control = control or Control()
    forced = int(rules.forced_in.sum())
    whole = reduce(gains, replace(rules, count=None))
    first = greedy(whole)
    steps = _totals(whole, first)
    found: list[Proven] = []
    status: Status = "optimal"
    plan, price = np.empty(0, np.int64), None
    for number in range(max(upto - forced, 0) + 1):
        if stopped := control.stopped():
            status = stopped
            break
        part = replace(whole, rules=replace(whole.rules, count=number))
        best = _better(part, plan, first[:number])
        one = prove(part, best, control, price=price)
        found.append(one)
        plan, price = one.plan, one.price if number else None
        control.report(
            Progress(f"{forced + number} of {upto} sites", number / max(upto - forced, 1))
        )
        if one.status in ("time_limit", "cancelled"):
            status = one.status
            break
        if one.total >= whole.total(np.arange(whole.n_options)) * (1 - 1e-12):
            break
    return _curve(gains, whole, found, forced, steps, status)


def _better(part: Reduced, before: Ints, first: Ints) -> Ints:
    """Begin with the better of two: the plan before with one more, or the greedy one."""
    grown = improve(part, greedy(part, before))
    return max(grown, improve(part, first), key=part.total) if len(first) else grown


def _totals(whole: Reduced, order: Ints) -> Floats:
    """Gain of the first 0, 1, 2, ... options."""
    return np.array([whole.total(order[:k]) for k in range(len(order) + 1)])


def _curve(
    gains: Gains,
    whole: Reduced,
    found: list[Proven],
    forced: int,
    steps: Floats,
    status: Status,
) -> Curve:
    size = len(found)
    order = by_gain(whole, found[-1].plan) if found else np.empty(0, np.int64)
    built = _totals(whole, order)
    at = np.arange(size)
    sets = [set(one.plan.tolist()) for one in found]
    return Curve(
        count=forced + at,
        objective=np.array([one.total for one in found]) + whole.offset,
        bound=np.array([one.bound for one in found]) + whole.offset,
        proven=np.array([one.status == "optimal" for one in found], bool),
        nested=np.array([k == 0 or sets[k - 1] <= sets[k] for k in range(size)], bool),
        greedy=steps[np.minimum(at, len(steps) - 1)] + whole.offset,
        build=built[np.minimum(at, len(built) - 1)] + whole.offset,
        plans=tuple(whole.plan(one.plan) for one in found),
        ceiling=gains.total(np.arange(gains.n_options)),
        status=status,
    )
