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


@compiled
def had(ptr: Ints, col: Ints, val: Floats, opened: Bools) -> Floats:
    """Give what each row has when some options are open."""
    found = np.zeros(len(ptr) - 1)
    for i in range(len(found)):
        for e in range(ptr[i], ptr[i + 1]):
            if opened[col[e]]:
                found[i] = val[e]
                break
    return found


@compiled
def beyond(
    ptr: Ints, col: Ints, val: Floats, number: Ints, have: Floats, salt: Hashes
) -> tuple[Ints, Ints, Floats, Hashes]:
    """Gains of options with a number beyond what a row has, and a hash of every row's options."""
    n = len(ptr) - 1
    start = np.zeros(n + 1, np.int64)
    new_col, new_val = np.empty(len(col), np.int64), np.empty(len(col))
    name = np.zeros(n, np.uint64)
    at = 0
    for i in range(n):
        h = np.uint64(0)
        for e in range(ptr[i], ptr[i + 1]):
            if val[e] <= have[i]:
                break
            j = number[col[e]]
            if j >= 0:
                new_col[at], new_val[at] = j, val[e] - have[i]
                at += 1
                h = (h + salt[j]) * np.uint64(6364136223846793005)
                h ^= h >> np.uint64(29)
        name[i], start[i + 1] = h, at
    return start, new_col[:at], new_val[:at], name


@compiled
def gathered(start: Ints, col: Ints, val: Floats, group: Ints) -> tuple[Ints, Ints, Floats, Ints]:
    """Add up rows of a group that have the same options in the same order; drop empty ones.

    Also gives which row each one has become part of; -1 for none.
    """
    n = len(start) - 1
    ptr = np.zeros(n + 1, np.int64)
    new_col, new_val = np.empty(len(col), np.int64), np.empty(len(col))
    first, row = np.full(n, -1), np.full(n, -1)
    rows, at = 0, 0
    for i in range(n):
        begin, length = start[i], start[i + 1] - start[i]
        if length == 0:
            continue
        to = first[group[i]]
        same = to >= 0 and ptr[to + 1] - ptr[to] == length
        if same:
            for e in range(length):
                if new_col[ptr[to] + e] != col[begin + e]:
                    same = False
                    break
        if same:
            for e in range(length):
                new_val[ptr[to] + e] += val[begin + e]
            row[i] = to
            continue
        for e in range(length):
            new_col[at + e], new_val[at + e] = col[begin + e], val[begin + e]
        if to < 0:
            first[group[i]] = rows
        row[i] = rows
        rows += 1
        at += length
        ptr[rows] = at
    return ptr[: rows + 1].copy(), new_col[:at].copy(), new_val[:at].copy(), row


@compiled
def levels_by_row(
    ptr: Ints, val: Floats, price: Floats
) -> tuple[Ints, Ints, Floats, Floats, Floats]:
    """Levels of gain of every row, not shared among rows.

    Gives where the levels of each row begin, where the entries of each level end, what it adds,
    the share of this that a price of its row takes, and 1 over the entries that reach it.
    """
    n = len(ptr) - 1
    row = np.zeros(n + 1, np.int64)
    end = np.empty(len(val), np.int64)
    adds, share, per = np.empty(len(val)), np.empty(len(val)), np.empty(len(val))
    at = 0
    for i in range(n):
        for e in range(ptr[i], ptr[i + 1]):
            after = val[e + 1] if e + 1 < ptr[i + 1] else 0.0
            if val[e] > after:
                end[at], adds[at] = e + 1, val[e] - after
                share[at] = min(max((price[i] - after) / adds[at], 0.0), 1.0)
                per[at] = 1.0 / (e + 1 - ptr[i])
                at += 1
        row[i + 1] = at
    return row, end[:at].copy(), adds[:at].copy(), share[:at].copy(), per[:at].copy()


@compiled
def expanded(  # noqa: PLR0913, PLR0917 - flat arrays of two tables
    ptr: Ints,
    col: Ints,
    val: Floats,
    have: Floats,
    number: Ints,
    part: Ints,
    begin: Ints,
    level: Ints,
    end: Ints,
    share: Floats,
) -> Floats:
    """Price of each row that goes with shares of the levels of a smaller table.

    `part` is the row of the smaller table that each row is part of, or -1; its entries begin at
    `begin` and its levels at `level`. The smaller table holds gains beyond `have`.
    """
    price = have.copy()
    for i in range(len(price)):
        to = part[i]
        if to < 0:
            continue
        at, k, last = begin[to] - 1, level[to], -1.0
        for e in range(ptr[i], ptr[i + 1]):
            if val[e] <= have[i]:
                break
            if number[col[e]] < 0:
                continue
            if last > val[e]:
                price[i] += share[k] * (last - val[e])
            last = val[e]
            at += 1
            while end[k] <= at:
                k += 1
        price[i] += share[k] * (last - have[i])
    return price


@compiled
def _sweep(  # noqa: PLR0913, PLR0917 - flat arrays of one table
    ptr: Ints,
    col: Ints,
    row: Ints,
    end: Ints,
    adds: Floats,
    share: Floats,
    per: Floats,
    ahead: Floats,
    pace: float,
    mean: Floats,
    worth: Floats,
) -> None:
    """Move the share of each level by how often it is reached; fill in the worth of options."""
    worth[:] = 0.0
    for i in range(len(ptr) - 1):
        e, reached = ptr[i], 0.0
        for k in range(row[i], row[i + 1]):
            while e < end[k]:
                reached += ahead[col[e]]
                e += 1
            share[k] = min(max(share[k] + pace * (reached - 1.0) * per[k], 0.0), 1.0)
            mean[k] += share[k]
        left = 0.0
        for k in range(row[i + 1] - 1, row[i] - 1, -1):
            left += (1.0 - share[k]) * adds[k]
            if left > 0:
                for e in range(end[k - 1] if k > row[i] else ptr[i], end[k]):
                    worth[col[e]] += left


@compiled
def _ends(  # noqa: PLR0913, PLR0917 - flat arrays of one table
    ptr: Ints,
    col: Ints,
    row: Ints,
    end: Ints,
    adds: Floats,
    share: Floats,
    parts: Floats,
    room: int,
    worth: Floats,
) -> tuple[float, float]:
    """Bound by the shares, and gain of the parts; fill in the worth of options."""
    worth[:] = 0.0
    high, low = 0.0, 0.0
    for i in range(len(ptr) - 1):
        e, reached = ptr[i], 0.0
        for k in range(row[i], row[i + 1]):
            while e < end[k]:
                reached += parts[col[e]]
                e += 1
            low += adds[k] * min(reached, 1.0)
            high += adds[k] * share[k]
        left = 0.0
        for k in range(row[i + 1] - 1, row[i] - 1, -1):
            left += (1.0 - share[k]) * adds[k]
            if left > 0:
                for e in range(end[k - 1] if k > row[i] else ptr[i], end[k]):
                    worth[col[e]] += left
    order = np.sort(worth)
    for k in range(max(len(order) - room, 0), len(order)):
        high += max(order[k], 0.0)
    return high, low


@compiled
def _nearest(  # noqa: C901 - one search
    wish: Floats, size: Floats, room: float, found: Floats
) -> None:
    """Fill in the parts of 0 to 1 nearest to a wish that add up to no more than the room."""
    total, high, low, at, slope = 0.0, 0.0, 0.0, 0.0, 0.0
    for j in range(len(wish)):
        found[j] = min(max(wish[j], 0.0), 1.0)
        total += found[j]
        high = max(high, wish[j] * size[j])
    if total <= room:
        return
    for _ in range(100):
        total, slope = 0.0, 0.0
        for j in range(len(wish)):
            part = wish[j] - at / size[j]
            if part >= 1.0:
                total += 1.0
            elif part > 0.0:
                total += part
                slope += 1.0 / size[j]
        if abs(total - room) < 1e-9 * room:
            break
        if total > room:
            low = at
        else:
            high = at
        if slope > 0:
            at += (total - room) / slope
        if not low < at < high:
            at = (low + high) / 2
    for j in range(len(wish)):
        found[j] = min(max(wish[j] - at / size[j], 0.0), 1.0)


CHECK = 40
"""Steps between two looks at the bound."""


@compiled
def descend(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - one loop over flat arrays
    ptr: Ints,
    col: Ints,
    row: Ints,
    end: Ints,
    adds: Floats,
    share: Floats,
    per: Floats,
    size: Floats,
    room: int,
    parts: Floats,
    balance: float,
    steps: int,
    target: float,
    near: float,
) -> tuple[float, float, float]:
    """Move shares of levels and parts of options until the bound is near what the parts gain.

    Ends early when the bound is below the target. Leaves the best shares and parts in place;
    gives bound, gain and the balance of the two kinds of steps.
    """
    m, n = len(parts), len(share)
    worth, ahead, new, wish = np.zeros(m), np.zeros(m), np.zeros(m), np.zeros(m)
    scaled, other_worth = np.zeros(m), np.zeros(m)
    mean_share, mean_parts, other = np.zeros(n), np.zeros(m), np.zeros(n)
    from_share, from_parts = share.copy(), parts.copy()
    best_share, best_parts = share.copy(), parts.copy()
    high, low = _ends(ptr, col, row, end, adds, share, parts, room, worth)
    began, before, count = np.inf, np.inf, 0
    for step in range(1, steps + 1):
        for j in range(m):
            scaled[j] = size[j] * balance
            wish[j] = parts[j] + worth[j] / scaled[j]
        _nearest(wish, scaled, float(room), new)
        for j in range(m):
            ahead[j] = 2.0 * new[j] - parts[j]
            parts[j] = new[j]
            mean_parts[j] += new[j]
        _sweep(ptr, col, row, end, adds, share, per, ahead, balance, mean_share, worth)
        count += 1
        if step % CHECK:
            continue
        now_high, now_low = _ends(ptr, col, row, end, adds, share, parts, room, other_worth)
        other[:] = mean_share / count
        new[:] = mean_parts / count
        mean_high, mean_low = _ends(ptr, col, row, end, adds, other, new, room, other_worth)
        if now_high < high:
            high = now_high
            best_share[:] = share
        if mean_high < high:
            high = mean_high
            best_share[:] = other
        if now_low > low:
            low = now_low
            best_parts[:] = parts
        if mean_low > low:
            low = mean_low
            best_parts[:] = new
        if high < target or high - low < near * (high - target):
            break
        gap = min(now_high - now_low, mean_high - mean_low)
        if (
            gap < 0.2 * began
            or (gap < 0.8 * began and gap > before)
            or count > max(0.36 * step, 2.0 * CHECK)
        ):
            if mean_high - mean_low < now_high - now_low:
                share[:] = other
                parts[:] = new
                worth[:] = other_worth
            moved_share = (adds / per * (share - from_share) ** 2).sum()
            moved_parts = (size * (parts - from_parts) ** 2).sum()
            if moved_share > 0 and moved_parts > 0:
                balance = np.sqrt(balance * np.sqrt(moved_share / moved_parts))
            from_share[:] = share
            from_parts[:] = parts
            mean_share[:] = 0.0
            mean_parts[:] = 0.0
            count, began, before = 0, gap, np.inf
        else:
            before = gap
    share[:] = best_share
    parts[:] = best_parts
    return high, low, balance
