"""Compiled loops over gains by row; every loop lets other threads run.

Gains come as `ptr`, `col`, `val`: row i gains `val[e]` from option `col[e]` for e from `ptr[i]`
up to `ptr[i + 1]`.
"""

import numpy as np
from numpy.typing import NDArray

from geo.compiled import compiled
from geo.results import Floats
from geo.siting.problem import Bools, Ints

Hashes = NDArray[np.uint64]


@compiled
def rank_rows(ptr: Ints, col: Ints, val: Floats) -> None:
    """Sort each row in place: most gain first, among equals the first option."""
    for i in range(len(ptr) - 1):
        start, stop = ptr[i], ptr[i + 1]
        ordered = True
        for e in range(start + 1, stop):
            if val[e] > val[e - 1] or (val[e] == val[e - 1] and col[e] < col[e - 1]):
                ordered = False
                break
        if not ordered:
            by_col = np.argsort(col[start:stop])
            by_val = np.argsort(-val[start:stop][by_col], kind="mergesort")
            order = by_col[by_val]
            col[start:stop] = col[start:stop][order]
            val[start:stop] = val[start:stop][order]


@compiled
def row_hashes(ptr: Ints, col: Ints, salt: Hashes) -> Hashes:
    """Give rows with the same options in the same order the same number."""
    found = np.empty(len(ptr) - 1, np.uint64)
    for i in range(len(ptr) - 1):
        h = np.uint64(ptr[i + 1] - ptr[i])
        for e in range(ptr[i], ptr[i + 1]):
            h = h * np.uint64(6364136223846793005) + salt[col[e]]
            h ^= h >> np.uint64(29)
        found[i] = h
    return found


@compiled
def same_as_first(ptr: Ints, col: Ints, first: Ints) -> Bools:
    """Whether each row has the options of the row that stands for it, in the same order."""
    same = np.ones(len(ptr) - 1, np.bool_)
    for i in range(len(ptr) - 1):
        k = first[i]
        length = ptr[i + 1] - ptr[i]
        if length != ptr[k + 1] - ptr[k]:
            same[i] = False
            continue
        for e in range(length):
            if col[ptr[i] + e] != col[ptr[k] + e]:
                same[i] = False
                break
    return same


@compiled
def dominated(  # noqa: C901 - one pass with early ends
    ptr: Ints, col: Ints, start: Ints, row: Ints, value: Floats, cost: Floats
) -> Bools:
    """Whether another option gives every row at least as much, and costs no more.

    `start`, `row`, `value` are the same gains by option, rows increasing. Of equal options the
    first stays.
    """
    m = len(start) - 1
    gone = np.zeros(m, np.bool_)
    for j in range(m):
        low, high = start[j], start[j + 1]
        if low == high:
            gone[j] = True
            continue
        rarest = row[low]
        for e in range(low, high):
            if ptr[row[e] + 1] - ptr[row[e]] < ptr[rarest + 1] - ptr[rarest]:
                rarest = row[e]
        for f in range(ptr[rarest], ptr[rarest + 1]):
            k = col[f]
            if k == j or gone[k] or cost[k] > cost[j] or start[k + 1] - start[k] < high - low:
                continue
            at, covers, equal = start[k], True, start[k + 1] - start[k] == high - low
            for e in range(low, high):
                while at < start[k + 1] and row[at] < row[e]:
                    at += 1
                if at == start[k + 1] or row[at] != row[e] or value[at] < value[e]:
                    covers = False
                    break
                equal = equal and value[at] == value[e]
            if covers and not (equal and cost[k] == cost[j] and k > j):
                gone[j] = True
                break
    return gone


@compiled
def surplus(ptr: Ints, col: Ints, val: Floats, price: Floats, m: int) -> Floats:
    """Gain of each option beyond a price a row, shape (m,)."""
    found = np.zeros(m)
    for i in range(len(ptr) - 1):
        paid = price[i]
        for e in range(ptr[i], ptr[i + 1]):
            more = val[e] - paid
            if more > 0:
                found[col[e]] += more
    return found


@compiled
def respond(
    ptr: Ints, col: Ints, val: Floats, price: Floats, chosen: Bools
) -> tuple[Floats, float]:
    """Slope of the bound in each price, and the gain of the plan that sets it.

    The slope is 1 less the number of chosen options that give a row more than its price.
    """
    slope = np.ones(len(ptr) - 1)
    total = 0.0
    for i in range(len(ptr) - 1):
        most = 0.0
        for e in range(ptr[i], ptr[i + 1]):
            if chosen[col[e]]:
                if val[e] > price[i]:
                    slope[i] -= 1.0
                most = max(most, val[e])
        total += most
    return slope, total


@compiled
def exchanges(  # noqa: C901 - one pass
    ptr: Ints, col: Ints, val: Floats, slot: Ints, size: int
) -> tuple[Floats, Floats, Floats]:
    """Say what adding, closing and exchanging options would change.

    Parameters
    ----------
    ptr, col, val : ndarray
        Gains by row.
    slot : ndarray of int, shape (m,)
        Place of each option in the plan; -1 for those not in it.
    size : int
        Options in the plan, p.

    Returns
    -------
    gain : ndarray, shape (m,)
        Of adding an option.
    loss : ndarray, shape (p,)
        Of closing one.
    extra : ndarray, shape (m, p)
        An exchange changes the total by ``gain[j] - loss[k] + extra[j, k]`` (Resende and Werneck
        2007, doi:10.1016/j.ejor.2006.02.036).
    """
    m = len(slot)
    gain, loss, extra = np.zeros(m), np.zeros(size), np.zeros((m, size))
    for i in range(len(ptr) - 1):
        first, second, owner = 0.0, 0.0, -1
        for e in range(ptr[i], ptr[i + 1]):
            if slot[col[e]] >= 0:
                if val[e] > first:
                    first, second, owner = val[e], first, slot[col[e]]
                elif val[e] > second:
                    second = val[e]
        if owner >= 0:
            loss[owner] += first - second
        for e in range(ptr[i], ptr[i + 1]):
            j = col[e]
            if slot[j] >= 0:
                continue
            if val[e] > first:
                gain[j] += val[e] - first
                if owner >= 0:
                    extra[j, owner] += first - second
            elif val[e] > second and owner >= 0:
                extra[j, owner] += val[e] - second
    return gain, loss, extra


@compiled
def _walk(  # noqa: PLR0913, PLR0917 - flat arrays of one table
    ptr: Ints,
    col: Ints,
    val: Floats,
    salt: Hashes,
    key: Hashes,
    above: Hashes,
    weight: Floats,
    first: Ints,
    last: Ints,
) -> None:
    """List the levels of all rows, one for every distinct gain."""
    at = 0
    for i in range(len(ptr) - 1):
        h, before, begin = np.uint64(0), np.uint64(0), ptr[i]
        for e in range(ptr[i], ptr[i + 1]):
            h = (h + salt[col[e]]) * np.uint64(6364136223846793005)
            h ^= h >> np.uint64(29)
            ends = e + 1 == ptr[i + 1]
            if ends or val[e + 1] < val[e]:
                # The end of a level is part of its name: others may tie where this row does not.
                h = (h ^ np.uint64(0x9E3779B97F4A7C15)) * np.uint64(0xBF58476D1CE4E5B9)
                h ^= h >> np.uint64(31)
                key[at], above[at] = h, before
                weight[at] = val[e] if ends else val[e] - val[e + 1]
                first[at], last[at] = begin, e + 1
                at, begin, before = at + 1, e + 1, h


def levels(ptr: Ints, col: Ints, val: Floats, m: int) -> tuple[Floats, Ints, Ints, Ints]:
    """Levels of gain, those that rows share counted once.

    Rows that begin with the same options in the same order share the levels of that beginning.

    Parameters
    ----------
    ptr, col, val : ndarray
        Gains by row, most first.
    m : int
        Options.

    Returns
    -------
    weight : ndarray, shape (n,)
        What reaching a level adds.
    parent : ndarray of int, shape (n,)
        The level above, which reaches this one too; smaller than its own number; -1 for none.
    level, option : ndarray of int, shape (k,)
        Options that reach a level by themselves.
    """
    if not len(col):
        none = np.empty(0, np.int64)
        return np.empty(0), none, none, none
    salt = np.random.default_rng(1).integers(1, 2**63, size=m, dtype=np.uint64) | np.uint64(1)
    starts = np.ones(len(col), bool)
    starts[1:] = (val[1:] < val[:-1]) | np.isin(np.arange(1, len(col)), ptr)
    size = int(starts.sum())
    key, above = np.empty(size, np.uint64), np.empty(size, np.uint64)
    weight, first, last = np.empty(size), np.empty(size, np.int64), np.empty(size, np.int64)
    _walk(ptr, col, val, salt, key, above, weight, first, last)
    names, lead, number = np.unique(key, return_index=True, return_inverse=True)
    total = np.bincount(number, weight, len(names))
    # In the order in which the levels were met, a level comes after the one above it.
    order = np.argsort(lead, kind="stable")
    rank = np.empty(len(names), np.int64)
    rank[order] = np.arange(len(names))
    lead = lead[order]
    up = above[lead]
    at = np.searchsorted(names, up).clip(0, len(names) - 1)
    parent = np.where(up != 0, rank[at], -1)
    counts = (last - first)[lead]
    level = np.repeat(np.arange(len(lead)), counts)
    place = np.arange(len(level)) - np.repeat(np.cumsum(counts) - counts, counts)
    options: Ints = col[first[lead][level] + place]
    return total[order].astype(np.float64), parent.astype(np.int64), level.astype(np.int64), options
