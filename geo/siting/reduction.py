"""Make a siting question smaller without changing its answer.

What sites forced in give is taken for granted; rows that rank the same options in the same order
become one; options that another one matches everywhere are dropped.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import sparse

from geo.results import Floats
from geo.siting import kernels
from geo.siting.problem import Bools, Gains, Ints, Rules


@dataclass(frozen=True, slots=True, eq=False)
class Reduced:
    """A smaller question with the same best plans.

    Parameters
    ----------
    ptr, col, val : ndarray
        Gains by row, most first; options counted anew.
    option : ndarray of int, shape (m,)
        Which of the original options each one is.
    rules : Rules
        For these options; nothing is forced any more.
    fixed : ndarray of int
        Original options that every plan has.
    offset : float
        Their gain.
    row : ndarray of int
        Which reduced row each original row is part of; -1 for none.
    """

    ptr: Ints
    col: Ints
    val: Floats
    option: Ints
    rules: Rules
    fixed: Ints
    offset: float
    _kept: dict[str, Any] = field(default_factory=dict)

    @property
    def n_rows(self) -> int:
        """Rows left."""
        return len(self.ptr) - 1

    @property
    def n_options(self) -> int:
        """Options left."""
        return len(self.option)

    @property
    def room(self) -> int:
        """How many more options a plan may have."""
        limit = self.n_options if self.rules.count is None else self.rules.count
        return min(limit, self.n_options)

    @property
    def clashes(self) -> Bools:
        """Which options exclude which, shape (m, m)."""
        if "clashes" not in self._kept:
            self._kept["clashes"] = self.rules.clashes().toarray()
        found: Bools = self._kept["clashes"]
        return found

    def surplus(self, price: Floats) -> Floats:
        """Gain of each option beyond a price a row."""
        return kernels.surplus(self.ptr, self.col, self.val, price, self.n_options)

    def raise_to(self, best: Floats, option: int) -> None:
        """Add an option to what each row has, in place."""
        table = self.columns()
        part = slice(table.indptr[option], table.indptr[option + 1])
        rows = table.indices[part]
        best[rows] = np.maximum(best[rows], table.data[part])

    def total(self, chosen: Ints) -> float:
        """Gain of some options, without that of the fixed ones."""
        is_in = np.zeros(self.n_options, bool)
        is_in[chosen] = True
        price = np.zeros(self.n_rows)
        return float(kernels.respond(self.ptr, self.col, self.val, price, is_in)[1])

    def columns(self) -> sparse.csc_array:
        """Rows by options."""
        if "columns" not in self._kept:
            shape = (self.n_rows, self.n_options)
            table = sparse.csr_array((self.val, self.col, self.ptr), shape=shape)
            self._kept["columns"] = table.tocsc()
        found: sparse.csc_array = self._kept["columns"]
        return found

    def plan(self, chosen: Ints) -> Ints:
        """Original options of a plan, those fixed included."""
        return np.sort(np.concatenate([self.fixed, self.option[chosen]]))


def reduce(gains: Gains, rules: Rules) -> Reduced:
    """Shrink a question whose rules can be followed.

    Parameters
    ----------
    gains : Gains
        All options, m.
    rules : Rules
        With ``rules.violations()`` empty.

    Returns
    -------
    Reduced
    """
    fixed = np.flatnonzero(rules.forced_in)
    spent = float(rules.cost[fixed].sum())
    budget = None if rules.budget is None else max(rules.budget - spent, 0.0)
    usable = ~(rules.forced_in | rules.forced_out)
    if len(fixed):
        usable &= ~np.asarray(rules.clashes()[fixed].sum(axis=0)).astype(bool)
    if budget is not None:
        usable &= rules.cost <= budget * (1 + 1e-12)
    have = gains.best(fixed)
    option = np.flatnonzero(usable)
    table = _beyond(gains.take(option), have)
    ptr, col, val = _by_row(table)
    ptr, col, val = _merged(ptr, col, val, len(option))
    if rules.plain:
        keep = ~_dominated(ptr, col, val, rules.cost[option])
    else:
        keep = np.bincount(col, minlength=len(option)) > 0
    left = _only(ptr, col, val, keep)
    # Fewer options make more rows alike.
    ptr, col, val = _merged(*left, int(keep.sum()))
    option = option[keep]
    return Reduced(
        ptr, col, val, option, _rules_for(rules, option, len(fixed), budget), fixed,
        float(have.sum()),
    )  # fmt: skip


def shrink(question: Reduced, free: Bools, sure: Ints) -> Reduced:
    """Take some options for granted and drop others, as a bound has proven.

    Parameters
    ----------
    question : Reduced
        All that is left of a question.
    free : ndarray of bool, shape (m,)
        Options that may or may not be opened.
    sure : ndarray of int
        Options that every better plan opens.

    Returns
    -------
    Reduced
        Its `option` counts those of `question`, and `fixed` too.
    """
    forced = np.zeros(question.n_options, bool)
    forced[sure] = True
    rules = question.rules
    smaller = Rules(
        question.n_options,
        rules.count,
        rules.budget,
        rules.cost,
        forced,
        ~(free | forced),
        rules.group,
        rules.conflicts,
    )
    table = question.columns()
    gains = Gains(
        question.n_rows, table.indptr.astype(np.int64), table.indices.astype(np.int64), table.data
    )
    return reduce(gains, smaller)


def _beyond(gains: Gains, have: Floats) -> Gains:
    """Gains beyond what every row has already."""
    value = gains.value - have[gains.row]
    keep = value > 0
    owner = np.repeat(np.arange(gains.n_options), np.diff(gains.indptr))[keep]
    counts = np.bincount(owner, minlength=gains.n_options)
    return Gains(
        gains.n_rows, np.concatenate([[0], np.cumsum(counts)]), gains.row[keep], value[keep]
    )


def _by_row(gains: Gains) -> tuple[Ints, Ints, Floats]:
    """Gains by row, most first; rows without any are dropped."""
    table = gains.columns().tocsr()
    counts = np.diff(table.indptr)
    ptr = np.concatenate([[0], np.cumsum(counts[counts > 0])]).astype(np.int64)
    col, val = table.indices.astype(np.int64), table.data.astype(np.float64)
    kernels.rank_rows(ptr, col, val)
    return ptr, col, val


def _merged(ptr: Ints, col: Ints, val: Floats, m: int) -> tuple[Ints, Ints, Floats]:
    """Add up rows that rank the same options in the same order."""
    salt = np.random.default_rng(0).integers(1, 2**63, size=m, dtype=np.uint64) | np.uint64(1)
    hashes = kernels.row_hashes(ptr, col, salt)
    _, first, group = np.unique(hashes, return_index=True, return_inverse=True)
    # Rows that only share a number by chance stay as they are.
    alike = kernels.same_as_first(ptr, col, first[group].astype(np.int64))
    lone = np.flatnonzero(~alike)
    group[lone] = len(first) + np.arange(len(lone))
    first = np.concatenate([first, lone])
    counts = np.diff(ptr)
    if len(first) == len(counts):
        return ptr, col, val
    new = np.concatenate([[0], np.cumsum(counts[first])])
    place = np.arange(len(col)) - np.repeat(ptr[:-1], counts) + np.repeat(new[group], counts)
    values = np.bincount(place, val, new[-1])
    entries = (
        np.arange(new[-1])
        - np.repeat(new[:-1], counts[first])
        + np.repeat(ptr[first], counts[first])
    )
    return new.astype(np.int64), col[entries], values.astype(np.float64)


def _dominated(ptr: Ints, col: Ints, val: Floats, cost: Floats) -> Bools:
    shape = (len(ptr) - 1, len(cost))
    table = sparse.csr_array((val, col, ptr), shape=shape).tocsc()
    table.sort_indices()
    start, row = table.indptr.astype(np.int64), table.indices.astype(np.int64)
    return kernels.dominated(ptr, col, start, row, table.data, cost)


def _only(ptr: Ints, col: Ints, val: Floats, keep: Bools) -> tuple[Ints, Ints, Floats]:
    """Keep some options, counted anew; rows without any are dropped."""
    number = np.cumsum(keep) - 1
    entries = keep[col]
    row = np.repeat(np.arange(len(ptr) - 1), np.diff(ptr))[entries]
    counts = np.bincount(row, minlength=len(ptr) - 1)
    new = np.concatenate([[0], np.cumsum(counts[counts > 0])]).astype(np.int64)
    return new, number[col[entries]].astype(np.int64), val[entries]


def _rules_for(rules: Rules, option: Ints, n_fixed: int, budget: float | None) -> Rules:
    """Rules for what is left to choose from."""
    number = np.full(rules.n_options, -1)
    number[option] = np.arange(len(option))
    pairs = number[rules.conflicts].reshape(-1, 2)
    return Rules(
        len(option),
        None if rules.count is None else rules.count - n_fixed,
        budget,
        rules.cost[option],
        group=rules.group[option],
        conflicts=pairs[(pairs >= 0).all(axis=1)],
    )
