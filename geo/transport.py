"""Loops of `geo.capacity`, compiled; other threads run meanwhile.

The transportation problem has few sites and many rows, so all is told between sites. How much
dearer it would be, at the least, to move one row's patients from one site to another is the length
of an arc. Patients of a site that is too full move along shortest paths of such arcs to a site with
room. Prices of sites keep all lengths at 0 or more, and prove the result (docs/methods.md,
Capacity).
"""

from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.compiled import compiled
from geo.results import Floats

Rows = NDArray[np.int64]
Costs = NDArray[np.floating]
NOBODY = -1
TINY = 1e-13
"""Less than this part of all patients is nobody."""


class Ways(NamedTuple):
    """Sites that each row may go to: entries of row i are `first[i]:first[i + 1]`.

    Attributes
    ----------
    first : ndarray of int64, shape (n + 1,)
    site : ndarray of int32
        Increasing for a row.
    cost : ndarray
        Of one patient.
    """

    first: Rows
    site: NDArray[np.int32]
    cost: Costs


class Parcels(NamedTuple):
    """Patients of one row at one site, in a list for each site and one for each row.

    Attributes
    ----------
    row, site : ndarray of int64
    amount : ndarray
        Patients.
    after, before : ndarray of int64
        Neighbours in the list of the site; `after` also links what is free.
    sibling : ndarray of int64
        Next of the same row.
    of_site, of_row : ndarray of int64
        Where each list begins.
    free : ndarray of int64, shape (2,)
        First that was given back, and first never used.
    """

    row: Rows
    site: Rows
    amount: Floats
    after: Rows
    before: Rows
    sibling: Rows
    of_site: Rows
    of_row: Rows
    free: Rows


class Arcs(NamedTuple):
    """From each site to each other: the least dearer that it is for a patient there.

    Attributes
    ----------
    least : ndarray, shape (s, s)
        Exact where `known`, else at most that much.
    parcel : ndarray of int64, shape (s, s)
        Whose it is.
    known : ndarray of bool, shape (s, s)
    """

    least: Floats
    parcel: Rows
    known: NDArray[np.bool_]


@compiled
def _cost_of(ways: Ways, row: int, site: int) -> float:  # pragma: no cover - compiled
    """Cost of a row at a site; inf where it may not go."""
    low, high = ways.first[row], ways.first[row + 1]
    while low < high:
        middle = (low + high) // 2
        if ways.site[middle] < site:
            low = middle + 1
        else:
            high = middle
    if low < ways.first[row + 1] and ways.site[low] == site:
        return float(np.float64(ways.cost[low]))
    return np.inf


@compiled
def _add(
    parcels: Parcels, arcs: Arcs, ways: Ways, row: int, site: int, amount: float
) -> bool:  # pragma: no cover - compiled
    """Bring patients of a row to a site; False when there is no place to write them down."""
    parcel = parcels.of_row[row]
    while parcel != NOBODY:
        if parcels.site[parcel] == site:
            parcels.amount[parcel] += amount
            return True
        parcel = parcels.sibling[parcel]
    parcel = parcels.free[0]
    if parcel != NOBODY:
        parcels.free[0] = parcels.after[parcel]
    else:
        parcel = parcels.free[1]
        if parcel == len(parcels.row):
            return False
        parcels.free[1] += 1
    parcels.row[parcel], parcels.site[parcel], parcels.amount[parcel] = row, site, amount
    head = parcels.of_site[site]
    parcels.after[parcel], parcels.before[parcel] = head, NOBODY
    if head != NOBODY:
        parcels.before[head] = parcel
    parcels.of_site[site] = parcel
    parcels.sibling[parcel] = parcels.of_row[row]
    parcels.of_row[row] = parcel
    here = _cost_of(ways, row, site)
    least, whose, known = arcs.least[site], arcs.parcel[site], arcs.known[site]
    for entry in range(ways.first[row], ways.first[row + 1]):
        other = ways.site[entry]
        dearer = np.float64(ways.cost[entry]) - here
        if dearer < least[other]:
            least[other], whose[other], known[other] = dearer, parcel, True
    return True


@compiled
def _remove(parcels: Parcels, arcs: Arcs, parcel: int) -> None:  # pragma: no cover - compiled
    """Take a row from a site."""
    site, row = parcels.site[parcel], parcels.row[parcel]
    after, before = parcels.after[parcel], parcels.before[parcel]
    if before == NOBODY:
        parcels.of_site[site] = after
    else:
        parcels.after[before] = after
    if after != NOBODY:
        parcels.before[after] = before
    if parcels.of_row[row] == parcel:
        parcels.of_row[row] = parcels.sibling[parcel]
    else:
        one = parcels.of_row[row]
        while parcels.sibling[one] != parcel:
            one = parcels.sibling[one]
        parcels.sibling[one] = parcels.sibling[parcel]
    parcels.amount[parcel] = 0.0
    parcels.after[parcel] = parcels.free[0]
    parcels.free[0] = parcel
    whose, known = arcs.parcel[site], arcs.known[site]
    for other in range(len(whose)):
        if whose[other] == parcel:
            whose[other], known[other] = NOBODY, False


@compiled
def _look(
    parcels: Parcels, arcs: Arcs, ways: Ways, site: int, other: int
) -> None:  # pragma: no cover - compiled
    """Find the length of an arc again."""
    least, whose = np.inf, NOBODY
    parcel = parcels.of_site[site]
    while parcel != NOBODY:
        row = parcels.row[parcel]
        dearer = _cost_of(ways, row, other) - _cost_of(ways, row, site)
        if dearer < least:
            least, whose = dearer, parcel
        parcel = parcels.after[parcel]
    arcs.least[site, other], arcs.parcel[site, other] = least, whose
    arcs.known[site, other] = True


class Search(NamedTuple):
    """Shortest paths from a site.

    Attributes
    ----------
    distance : ndarray, shape (s,)
    before : ndarray of int64, shape (s,)
        Site before each on its path.
    done : ndarray of bool, shape (s,)
    """

    distance: Floats
    before: Rows
    done: NDArray[np.bool_]


@compiled
def _cheapest(ways: Ways, price: Floats, row: int) -> int:  # pragma: no cover - compiled
    """Site at which a row costs least with the price paid."""
    least, site = np.inf, len(price) - 1
    for entry in range(ways.first[row], ways.first[row + 1]):
        total = np.float64(ways.cost[entry]) + price[ways.site[entry]]
        if total < least:
            least, site = total, ways.site[entry]
    return site


@compiled
def _place(
    parcels: Parcels, arcs: Arcs, ways: Ways, demand: Floats, price: Floats, over: Floats
) -> bool:  # pragma: no cover - compiled
    """Put everybody where it is cheapest with the prices paid, whatever room there is."""
    n = len(demand)
    for row in range(n - 1):
        if demand[row] > 0:
            site = _cheapest(ways, price, row)
            if not _add(parcels, arcs, ways, row, site, demand[row]):
                return False
            over[site] += demand[row]
    free, lowest = demand[n - 1], int(np.argmin(price))
    for site in range(len(price)):
        if price[site] <= price[lowest] and over[site] < 0 and free > 0:
            part = min(free, -over[site])
            if not _add(parcels, arcs, ways, n - 1, site, part):
                return False
            over[site] += part
            free -= part
    if free > 0:
        over[lowest] += free
        return bool(_add(parcels, arcs, ways, n - 1, lowest, free))
    return True


@compiled
def _nearest_undone(search: Search) -> int:  # pragma: no cover - compiled
    """Site that the search has reached and not left, at the least distance."""
    here, least = NOBODY, np.inf
    for site in range(len(search.done)):
        if not search.done[site] and search.distance[site] < least:
            here, least = site, search.distance[site]
    return here


@compiled
def _find_room(
    parcels: Parcels,
    arcs: Arcs,
    search: Search,
    ways: Ways,
    price: Floats,
    over: Floats,
    start: int,
    tiny: float,
) -> int:  # pragma: no cover - compiled
    """Search the nearest site with room; NOBODY when there is none.

    An arc whose length is not known counts as what it is at least, and is looked at only if that
    would make a difference.
    """
    distance, before, done = search
    distance[:], before[:], done[:] = np.inf, NOBODY, False
    distance[start] = 0.0
    limit = np.inf
    while True:
        here = _nearest_undone(search)
        if here == NOBODY or over[here] < -tiny:
            return here
        done[here] = True
        for site in range(len(done)):
            if done[site]:
                continue
            offset = distance[here] + price[site] - price[here]
            bound = min(distance[site], limit)
            if offset + arcs.least[here, site] < bound and not arcs.known[here, site]:
                _look(parcels, arcs, ways, here, site)
            reach = offset + arcs.least[here, site]
            if reach < bound:
                distance[site], before[site] = max(reach, distance[here]), here
                if over[site] < -tiny:
                    limit = distance[site]


@compiled
def _push(
    parcels: Parcels,
    arcs: Arcs,
    search: Search,
    ways: Ways,
    over: Floats,
    start: int,
    end: int,
    tiny: float,
) -> bool:  # pragma: no cover - compiled
    """Move as many patients as can be along the path that was found."""
    before = search.before
    moved = np.empty(len(before), np.int64)
    amount = min(over[start], -over[end])
    steps, site = 0, end
    while site != start:
        moved[steps] = arcs.parcel[before[site], site]
        amount = min(amount, parcels.amount[moved[steps]])
        steps += 1
        site = before[site]
    site = end
    for step in range(steps):
        parcel = moved[step]
        row = parcels.row[parcel]
        parcels.amount[parcel] -= amount
        if parcels.amount[parcel] <= tiny:
            _remove(parcels, arcs, parcel)
        if not _add(parcels, arcs, ways, row, site, amount):
            return False
        site = before[site]
    over[start] -= amount
    over[end] += amount
    return True


@compiled
def settle(
    ways: Ways, demand: Floats, capacity: Floats, price: Floats, space: int
) -> tuple[Parcels, bool]:  # pragma: no cover - compiled
    """Solve a transportation problem in which all of the capacity is used.

    Parameters
    ----------
    ways : Ways
        Of n rows to s sites. The last row is of the places that stay free and costs nothing
        anywhere; the last site is for those who are left over.
    demand, capacity : ndarray, shape (n,) and (s,)
        Equal sums.
    price : ndarray, shape (s,)
        Where to begin, 0 at the least; changed to prices that prove the result.
    space : int
        Parcels that can be written down.

    Returns
    -------
    parcels : Parcels
        The plan.
    whole : bool
        False when there was not enough space; the prices are still good to begin with.
    """
    n, s = len(demand), len(capacity)
    parcels = Parcels(
        np.empty(space, np.int64),
        np.empty(space, np.int64),
        np.zeros(space),
        np.empty(space, np.int64),
        np.empty(space, np.int64),
        np.empty(space, np.int64),
        np.full(s, NOBODY, np.int64),
        np.full(n, NOBODY, np.int64),
        np.array([NOBODY, 0], np.int64),
    )
    arcs = Arcs(
        np.full((s, s), np.inf), np.full((s, s), NOBODY, np.int64), np.ones((s, s), np.bool_)
    )
    search = Search(np.empty(s), np.empty(s, np.int64), np.empty(s, np.bool_))
    tiny = TINY * max(1.0, demand.sum())
    over = -capacity
    if not _place(parcels, arcs, ways, demand, price, over):
        return parcels, False
    for start in range(s):
        while over[start] > tiny:
            end = _find_room(parcels, arcs, search, ways, price, over, start, tiny)
            if end == NOBODY:
                return parcels, True  # what is too much is less than the errors of the sums
            for site in range(s):
                price[site] += max(0.0, search.distance[end] - search.distance[site])
            if not _push(parcels, arcs, search, ways, over, start, end, tiny):
                return parcels, False
    return parcels, True


@compiled
def two_nearest(ways: Ways, s: int) -> tuple[Rows, Rows]:  # pragma: no cover - compiled
    """Find the nearest and the second nearest site of each row; `s` for none."""
    n = len(ways.first) - 1
    first, second = np.full(n, s, np.int64), np.full(n, s, np.int64)
    for row in range(n):
        one, two = np.inf, np.inf
        for entry in range(ways.first[row], ways.first[row + 1]):
            value = np.float64(ways.cost[entry])
            if value < one:
                two, second[row] = one, first[row]
                one, first[row] = value, ways.site[entry]
            elif value < two:
                two, second[row] = value, ways.site[entry]
    return first, second


@compiled
def worth(ways: Ways, demand: Floats, price: Floats) -> float:  # pragma: no cover - compiled
    """Cost of all when each row goes where it is cheapest with the prices paid.

    Parameters
    ----------
    ways, demand, price
        As in `settle`.

    Returns
    -------
    float
        Prices paid included.
    """
    total = 0.0
    for row in range(len(demand)):
        if demand[row] > 0:
            site = _cheapest(ways, price, row)
            total += demand[row] * (_cost_of(ways, row, site) + price[site])
    return total


@compiled
def _following(
    ways: Ways, room: Floats, row: int, length: float, site: int
) -> tuple[float, int]:  # pragma: no cover - compiled
    """Next way of a row to a site with room, after one of the given length to the given site."""
    least, found = np.inf, NOBODY
    for entry in range(ways.first[row], ways.first[row + 1]):
        other, way = ways.site[entry], np.float64(ways.cost[entry])
        later = way > length or (way == length and other > site)
        if later and room[other] > 0 and way < least:
            least, found = way, other
    return least, found


@compiled
def overflow(
    ways: Ways, demand: Floats, room: Floats
) -> tuple[Rows, Rows, Floats]:  # pragma: no cover - compiled
    """Give slots to the shortest way first; ties by row, then by site.

    Parameters
    ----------
    ways : Ways
        Of at least n rows.
    demand : ndarray, shape (n,)
        Patients.
    room : ndarray, shape (s,)
        Slots; becomes what stays free.

    Returns
    -------
    rows, sites : ndarray of int64, shape (k,)
    amounts : ndarray, shape (k,)
        Patients of each flow.
    """
    rows, sites, amounts = [0 for _ in range(0)], [0 for _ in range(0)], [0.0 for _ in range(0)]
    left = demand.copy()
    heap = [(0.0, 0, 0) for _ in range(0)]
    for row in range(len(demand)):
        length, site = _following(ways, room, row, -1.0, NOBODY)
        if site != NOBODY and left[row] > 0:
            heappush(heap, (length, row, site))
    while len(heap) > 0:
        length, row, site = heappop(heap)
        amount = min(left[row], room[site])
        if amount > 0:
            rows.append(row)
            sites.append(site)
            amounts.append(amount)
            left[row] -= amount
            room[site] -= amount
        if left[row] > 0:
            length, site = _following(ways, room, row, length, site)
            if site != NOBODY:
                heappush(heap, (length, row, site))
    return np.array(rows, np.int64), np.array(sites, np.int64), np.array(amounts, np.float64)
