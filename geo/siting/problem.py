"""Siting questions and their answers: gains of options, rules, control over long work, plans."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from geo.results import Floats
from geo.validate import Problems, floats

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Status = Literal["optimal", "time_limit", "cancelled", "infeasible"]
PROVEN: Final = 1e-6
"""Relative gap at which a plan counts as proven best."""


@dataclass(frozen=True, slots=True, eq=False)
class Gains:
    """What each option would give each row of demand; a row has the most of its open options.

    Rows with one impedance threshold make a maximal covering problem, minutes saved a p-median.

    Parameters
    ----------
    n_rows : int
        Rows of demand.
    indptr : ndarray of int, shape (m + 1,)
        Where the entries of each of m options begin.
    row : ndarray of int, shape (k,)
        Row of each entry, increasing within an option.
    value : ndarray, shape (k,)
        Gain > 0, in persons, patients or person-minutes.
    """

    n_rows: int
    indptr: Ints
    row: Ints
    value: Floats

    @property
    def n_options(self) -> int:
        """Number of options."""
        return len(self.indptr) - 1

    @classmethod
    def of(cls, table: ArrayLike | sparse.sparray) -> Self:
        """Take gains from a table of rows by options; 0 is no gain.

        Parameters
        ----------
        table : array_like or sparse array, shape (n, m)
            Gains >= 0.

        Returns
        -------
        Gains

        Raises
        ------
        InputError
            Negative or missing gains.
        """
        columns = sparse.csc_array(table)
        columns.sum_duplicates()
        bad = ~np.isfinite(columns.data) | (columns.data < 0)
        Problems().where(bad, "a gain is negative or missing").raise_if_any()
        columns.eliminate_zeros()
        return cls(
            columns.shape[0],
            columns.indptr.astype(np.int64),
            columns.indices.astype(np.int64),
            columns.data.astype(np.float64),
        )

    def columns(self) -> sparse.csc_array:
        """Rows by options, sparse."""
        shape = (self.n_rows, self.n_options)
        return sparse.csc_array((self.value, self.row, self.indptr), shape=shape)

    def rows_of(self, option: int) -> tuple[Ints, Floats]:
        """Rows that an option gives to, and how much."""
        part = slice(self.indptr[option], self.indptr[option + 1])
        return self.row[part], self.value[part]

    def best(self, options: Ints) -> Floats:
        """Gain of each row when some options are open, shape (n,)."""
        best = np.zeros(self.n_rows)
        for option in options:
            row, value = self.rows_of(int(option))
            best[row] = np.maximum(best[row], value)
        return best

    def total(self, options: Ints) -> float:
        """Gain of a plan."""
        return float(self.best(options).sum())

    def take(self, options: Ints) -> "Gains":
        """Keep some options, in the order given."""
        kept = self.columns()[:, options]
        return Gains(
            self.n_rows, kept.indptr.astype(np.int64), kept.indices.astype(np.int64), kept.data
        )


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """What a plan must respect.

    Parameters
    ----------
    n_options : int
        Options to choose from, m.
    count : int, optional
        New sites at most, those forced in included; None for no limit.
    budget : float, optional
        Cost at most, in the unit of `cost`.
    cost : ndarray, shape (m,)
        Of each option, >= 0; 1 each when left out.
    forced_in, forced_out : ndarray of bool, shape (m,)
        Options that must, or must not, be opened.
    group : ndarray of int, shape (m,)
        At most one option of a group is opened; -1 for no group.
    conflicts : ndarray of int, shape (c, 2)
        Pairs of options of which at most one is opened.

    Raises
    ------
    InputError
        Listing everything that is not usable.
    """

    n_options: int
    count: int | None = None
    budget: float | None = None
    cost: Floats = field(default_factory=lambda: np.empty(0))
    forced_in: Bools = field(default_factory=lambda: np.empty(0, bool))
    forced_out: Bools = field(default_factory=lambda: np.empty(0, bool))
    group: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    conflicts: Ints = field(default_factory=lambda: np.empty((0, 2), np.int64))

    def __post_init__(self) -> None:
        """Fill in what was left out, and check the rest."""
        m = self.n_options
        filled = {
            "cost": np.ones(m),
            "forced_in": np.zeros(m, bool),
            "forced_out": np.zeros(m, bool),
            "group": np.full(m, -1),
        }
        problems = Problems()
        for name, default in filled.items():
            given = getattr(self, name)
            if given.size == 0:
                object.__setattr__(self, name, default)
            elif given.shape != (m,):
                problems.add(f"{name} must have {m} entries, got {given.size}")
        if self.count is not None and self.count < 0:
            problems.add(f"count must not be negative, got {self.count}")
        if self.budget is not None and not (np.isfinite(self.budget) and self.budget >= 0):
            problems.add(f"budget must be 0 or more, got {self.budget}")
        problems.where(~np.isfinite(self.cost) | (self.cost < 0), "cost is negative or missing")
        if self.conflicts.size and (self.conflicts.min() < 0 or self.conflicts.max() >= m):
            problems.add(f"conflicts must name options 0 to {m - 1}")
        problems.raise_if_any()

    @property
    def plain(self) -> bool:
        """Whether options do not exclude one another."""
        return bool((self.group < 0).all()) and not len(self.conflicts)

    def clashes(self) -> sparse.csr_array:
        """Which options exclude which, a symmetric table of m by m without its diagonal."""
        first, second = [self.conflicts[:, 0]], [self.conflicts[:, 1]]
        order = np.argsort(self.group, kind="stable")
        order = order[self.group[order] >= 0]
        starts = np.flatnonzero(np.diff(self.group[order], prepend=-1))
        for members in np.split(order, starts[1:]) if len(order) else []:
            one, other = np.triu_indices(len(members), 1)
            first.append(members[one])
            second.append(members[other])
        a, b = np.concatenate(first), np.concatenate(second)
        shape = (self.n_options, self.n_options)
        table = sparse.coo_array(
            (np.ones(2 * len(a), bool), (np.r_[a, b], np.r_[b, a])), shape=shape
        )
        return table.tocsr()

    def violations(self, names: Callable[[int], str] = str) -> list[str]:
        """Say what makes it impossible to follow the rules.

        Parameters
        ----------
        names : callable
            Gives the name of an option.

        Returns
        -------
        list of str
            Empty when there is a plan, if only that of the options forced in.
        """
        found = []
        forced = np.flatnonzero(self.forced_in)
        both = np.flatnonzero(self.forced_in & self.forced_out)
        found += [f"{names(int(j))} is forced in and out at once" for j in both]
        if self.count is not None and len(forced) > self.count:
            found.append(f"{len(forced)} sites are forced in, but only {self.count} may open")
        spent = float(self.cost[forced].sum())
        if self.budget is not None and spent > self.budget * (1 + 1e-12):
            found.append(
                f"the sites forced in cost {spent:g}, more than the budget {self.budget:g}"
            )
        clash = self.clashes()[forced][:, forced].tocoo()
        found += [
            f"{names(int(forced[i]))} and {names(int(forced[j]))} are forced in, "
            "but may not both open"
            for i, j in zip(clash.row, clash.col, strict=True)
            if i < j
        ]
        return found

    def allows(self, options: Ints) -> bool:
        """Whether a plan follows the rules."""
        chosen = np.zeros(self.n_options, bool)
        chosen[options] = True
        named = self.group[chosen & (self.group >= 0)]
        return bool(
            chosen[self.forced_in].all()
            and not chosen[self.forced_out].any()
            and (self.count is None or chosen.sum() <= self.count)
            and (self.budget is None or self.cost[chosen].sum() <= self.budget * (1 + 1e-9))
            and len(np.unique(named)) == len(named)
            and not (chosen[self.conflicts[:, 0]] & chosen[self.conflicts[:, 1]]).any()
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long calculation is.

    Parameters
    ----------
    stage : str
        What is being done, in words.
    done : float
        0 to 1, as far as it is known.
    best, bound : float
        Best plan so far, and what no plan can exceed; nan when not known.
    """

    stage: str
    done: float
    best: float = float("nan")
    bound: float = float("nan")


@dataclass
class Control:
    """Limits of a calculation, and its contact with whoever waits for it.

    Parameters
    ----------
    seconds : float
        Time limit.
    report : callable
        Is told the progress.
    cancelled : callable
        Says whether to stop with the best plan so far.
    """

    seconds: float = 60.0
    report: Callable[[Progress], None] = lambda _: None
    cancelled: Callable[[], bool] = lambda: False
    started: float = field(default_factory=time.monotonic)

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    @property
    def left(self) -> float:
        """Seconds left."""
        return self.seconds - self.elapsed

    def stopped(self) -> Status | None:
        """Why to stop now, or None to go on."""
        if self.cancelled():
            return "cancelled"
        return "time_limit" if self.left <= 0 else None


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The answer to a siting question, with its proof.

    Parameters
    ----------
    question : str
        "mclp", "p-median", ...
    status : {'optimal', 'time_limit', 'cancelled', 'infeasible'}
        "optimal" when `gap` is at most 1e-6.
    chosen : ndarray of int
        Options opened, those forced in included, in the order in which they add most.
    objective : float
        What the plan reaches; nan when infeasible.
    bound : float
        What no plan can exceed (or, where less is better, go below).
    gap : float
        Distance of bound and objective, relative to what the plan gains.
    seconds : float
        Wall clock.
    ceiling : float
        Objective with all options open.
    greedy_objective : float
        Objective of the plan that always adds what gains most.
    greedy : ndarray of int
        That plan.
    reasons : tuple of str
        Why there is no plan.
    sizes : dict of str to int
        Rows and options before and after reduction, and those left to the integer program.
    """

    question: str
    status: Status
    chosen: Ints
    objective: float
    bound: float
    gap: float
    seconds: float
    ceiling: float
    greedy_objective: float
    greedy: Ints
    reasons: tuple[str, ...] = ()
    sizes: dict[str, int] = field(default_factory=dict)


def gap_of(objective: float, bound: float) -> float:
    """Distance of a bound from what was reached, relative to it; 0 when both are 0."""
    if objective == bound:
        return 0.0
    return abs(bound - objective) / abs(objective) if objective else float("inf")


def infeasible(question: str, reasons: list[str], control: Control) -> Plan:
    """Answer that there is no plan, and why."""
    nothing, none = float("nan"), np.empty(0, np.int64)
    return Plan(
        question,
        "infeasible",
        none,
        nothing,
        nothing,
        nothing,
        control.elapsed,
        nothing,
        nothing,
        none,
        tuple(reasons),
    )


def weights_of(values: ArrayLike, n: int, name: str = "persons") -> Floats:
    """Check weights: n of them, finite, >= 0."""
    weights = floats(values)
    problems = Problems().persons(weights, name)
    if weights.shape != (n,):
        problems.add(f"{name} must have {n} entries, got {weights.size}")
    problems.raise_if_any()
    return weights
