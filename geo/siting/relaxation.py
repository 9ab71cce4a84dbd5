"""The linear relaxation of a question, by primal-dual steps on the options that matter.

Every level of gain of a row has a price between nothing and what the level adds, and every option
a part of it that is open. Both move in turn, with averages and restarts (Chambolle and Pock 2011,
doi:10.1007/s10851-010-0251-1; Applegate et al. 2021, arXiv:2106.04756), each in steps of its own
size (Pock and Chambolle 2011, doi:10.1109/ICCV.2011.6126441). Only options near the edge of being
worth a place take part. The prices then bound the question with all options, whatever they are;
options for which they are too low join in, and the steps go on.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.results import Floats
from geo.siting import kernels
from geo.siting.bound import FREE, IN, Fixed
from geo.siting.problem import Bools, Control, Ints
from geo.siting.reduction import Reduced

ROUNDS: Final = 12
"""Times that options may join in."""
CORE: Final = 4
"""Options that take part at first, for each that may be opened."""
LEAST_CORE: Final = 100
TINY: Final = 1e-300


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What is left of a question that limits nothing but the number of options.

    Parameters
    ----------
    ptr, col, val : ndarray
        Gains by row beyond those of options that are open already, most first; m options.
    option : ndarray of int, shape (m,)
        Which option of the whole each one is.
    row : ndarray of int
        Which row here each row of the whole is part of; -1 for none.
    have : ndarray
        What each row of the whole has already.
    room : int
        Options that may be opened.
    """

    ptr: Ints
    col: Ints
    val: Floats
    option: Ints
    row: Ints
    have: Floats
    room: int

    @property
    def offset(self) -> float:
        """Gain of the options that are open already."""
        return float(self.have.sum())

    def passed(self, price: Floats) -> Floats:
        """Prices here that go with prices of the whole."""
        kept = self.row >= 0
        beyond = np.maximum(price - self.have, 0.0)[kept]
        return np.bincount(self.row[kept], beyond, len(self.ptr) - 1).astype(np.float64)


def whole(question: Reduced) -> Part:
    """All of a question."""
    n = question.n_rows
    return Part(
        question.ptr,
        question.col,
        question.val,
        np.arange(question.n_options),
        np.arange(n),
        np.zeros(n),
        question.room,
    )


def restrict(part: Part, keep: Bools, opened: Bools) -> Part:
    """Keep some options, with others open.

    Parameters
    ----------
    part : Part
        The whole, with m options.
    keep, opened : ndarray of bool, shape (m,)
        No option is both; all others are dropped.

    Returns
    -------
    Part
        Rows that rank the same options in the same order are one.
    """
    have = kernels.had(part.ptr, part.col, part.val, opened)
    number = np.where(keep, np.cumsum(keep) - 1, -1)
    salt = np.random.default_rng(0).integers(1, 2**63, len(keep), np.uint64) | np.uint64(1)
    start, col, val, name = kernels.beyond(part.ptr, part.col, part.val, number, have, salt)
    _, group = np.unique(name, return_inverse=True)
    ptr, col, val, row = kernels.gathered(start, col, val, group)
    room = part.room - int(opened.sum())
    return Part(ptr, col, val, np.flatnonzero(keep), row, have, room)


@dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    """A bound of a part, and where its steps ended.

    Parameters
    ----------
    bound : float
        No plan of the part gains more.
    price : ndarray
        Of each row, that set it.
    worth, parts : ndarray, shape (m,)
        Gain of each option beyond the prices; how far it is open, 0 to 1.
    core : ndarray of bool, shape (m,)
        Options that took part.
    balance : float
        Size of the steps of prices against those of parts.
    """

    bound: float
    price: Floats
    worth: Floats
    parts: Floats
    core: Bools
    balance: float = 1.0


def priced(part: Part, price: Floats, parts: Floats) -> Relaxed:
    """Bound a part by some prices, and say which options are near the edge of a place."""
    worth = kernels.surplus(part.ptr, part.col, part.val, price, len(part.option))
    core = parts > 0
    core[np.argsort(-worth, kind="stable")[: max(CORE * part.room, LEAST_CORE)]] = True
    bound = float(price.sum()) + _most(worth, part.room)[0]
    return Relaxed(bound, price, worth, parts, core)


def _most(worth: Floats, room: int) -> tuple[float, float]:
    """Give what the best options are worth, and the last of them; 0 while there is room."""
    if room <= 0:
        return 0.0, np.inf
    best = -np.sort(-worth)[:room]
    return float(best[best > 0].sum()), max(float(best[-1]), 0.0) if len(best) == room else 0.0


def relax(
    part: Part,
    start: Relaxed,
    fixed: Fixed,
    control: Control,
    *,
    target: float,
    near: float,
    steps: int,
    rounds: int = ROUNDS,
) -> Relaxed:
    """Bound a part by its linear relaxation, as exactly as it matters.

    Parameters
    ----------
    part : Part
        What there is to choose from.
    start : Relaxed
        Where to begin; of this part.
    fixed : ndarray, shape (m,)
        Options taken as opened or not.
    control : Control
        Stops early when it says so.
    target : float
        A bound below this is low enough.
    near : float
        The bound is exact enough when it is above the relaxation by no more than this part of
        the way down to the target.
    steps : int
        At most, in each round.
    rounds : int
        Times that options may join in.

    Returns
    -------
    Relaxed
        The lowest bound met.
    """
    free, opened = fixed == FREE, fixed == IN
    core, balance, price, best = start.core & free, start.balance, start.price, start
    parts = np.where(free, start.parts, opened.astype(float))
    room = part.room - int(opened.sum())
    for _ in range(rounds):
        if best.bound < target or control.stopped():
            break
        small = restrict(part, core, opened)
        row, end, adds, share, per = kernels.levels_by_row(
            small.ptr, small.val, small.passed(price)
        )
        size: Floats = np.bincount(small.col, small.val, len(small.option)).astype(np.float64)
        size = np.maximum(size, TINY)
        reached = parts[small.option]
        upper, _, balance = kernels.descend(
            small.ptr, small.col.astype(np.int32), row, end, adds, share, per, size, room,
            reached, balance, steps, target - small.offset, near,
        )  # fmt: skip
        parts[small.option] = reached
        number = np.where(core, np.cumsum(core) - 1, -1)
        price = kernels.expanded(
            part.ptr, part.col, part.val, small.have, number, small.row, small.ptr, row, end, share
        )
        worth = kernels.surplus(part.ptr, part.col, part.val, price, len(core))
        most, edge = _most(worth[free], room)
        bound = float(price.sum()) + most
        if bound < best.bound:
            best = Relaxed(bound, price, worth, parts, core, balance)
        missing = free & ~core & (worth > edge)
        if not missing.any() or bound - small.offset - upper < near * (bound - target):
            break
        core = core | missing
    return Relaxed(best.bound, best.price, best.worth, parts, core, balance)
