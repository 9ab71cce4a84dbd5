"""Loops of `geo.raam`, compiled; other threads run meanwhile."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.compiled import compiled
from geo.results import Floats

Rows = NDArray[np.int64]
Places = NDArray[np.uint32]


class Table(NamedTuple):
    """Travel from areas to sites: entries of area i are `indptr[i]:indptr[i + 1]`.

    Attributes
    ----------
    indptr : ndarray of int64, shape (n + 1,)
    site : ndarray of uint32
        Site of each entry, increasing for an area; empty where every area has all sites.
    travel : ndarray
        Not finite where there is no way.
    supply : ndarray, shape (m,)
        People that each site serves at a crowding of 1; nobody chooses a site with 0.
    """

    indptr: Rows
    site: Places
    travel: Floats
    supply: Floats


class Ways(NamedTuple):
    """Ways that are kept: those of area i are `first[i]:first[i] + size[i]`, in order of sites.

    Attributes
    ----------
    first, size : ndarray of uint32, shape (n,)
        Where the run of each area begins, and how long it is.
    beyond : ndarray, shape (n,)
        All ways that an area lacks are longer, in units of crowding.
    site : ndarray of uint32
    travel : ndarray
        In units of crowding.
    users : ndarray
        Persons of the area who use the site.
    """

    first: Places
    size: Places
    beyond: Floats
    site: Places
    travel: Floats
    users: Floats


class Moves(NamedTuple):
    """What people do in a cycle.

    Attributes
    ----------
    to, off : ndarray of uint32, shape (n,)
        Way of each area that costs least, and the costliest of those that it uses.
    persons : ndarray, shape (n,)
        How many have reason to move.
    """

    to: Places
    off: Places
    persons: Floats


@compiled
def nearest(table: Table, rows: Rows) -> tuple[Floats, Rows]:
    """Least travel of areas to a site with capacity, and the first such site; inf, -1 for none."""
    least, found = np.full(len(rows), np.inf), np.full(len(rows), -1)
    for number, i in enumerate(rows):
        start = table.indptr[i]
        for entry in range(start, table.indptr[i + 1]):
            if table.travel[entry] < least[number]:
                site = table.site[entry] if len(table.site) else entry - start
                if table.supply[site] > 0:
                    least[number], found[number] = table.travel[entry], site
    return least, found


@compiled
def collect(
    table: Table, ways: Ways, rows: Rows, beyond: Floats, scale: float
) -> tuple[Rows, Places, Floats, Floats]:
    """List more ways of areas, and the users of those that were kept already.

    Parameters
    ----------
    table : Table
    ways : Ways
        Kept so far.
    rows : ndarray, shape (k,)
        Areas.
    beyond : ndarray, shape (k,)
        As in `Ways`, and no less than it was.
    scale : float
        Travel that weighs as much as a crowding of 1.

    Returns
    -------
    size : ndarray, shape (k,)
    site, travel, users : ndarray
        As in `Ways`, run after run.
    """
    # A little more than the limits, which the quotient then decides: most are spared dividing.
    most = beyond * scale * (1 + 1e-12)
    room = 0
    for number, i in enumerate(rows):
        for entry in range(table.indptr[i], table.indptr[i + 1]):
            room += table.travel[entry] <= most[number]
    sites, travels, users = np.empty(room, np.uint32), np.empty(room), np.zeros(room)
    size, end = np.empty(len(rows), np.int64), 0
    for number, i in enumerate(rows):
        first, start = end, table.indptr[i]
        old, last = ways.first[i], ways.first[i] + ways.size[i]
        for entry in range(start, table.indptr[i + 1]):
            if not table.travel[entry] <= most[number]:
                continue
            travel = table.travel[entry] / scale
            if travel <= beyond[number] and travel < np.inf:
                site = table.site[entry] if len(table.site) else entry - start
                if table.supply[site] > 0:
                    sites[end], travels[end] = site, travel
                    if old < last and ways.site[old] == site:
                        users[end] = ways.users[old]
                        old += 1
                    end += 1
        size[number] = end - first
    return size, sites[:end].copy(), travels[:end].copy(), users[:end].copy()


@compiled
def choose(
    ways: Ways, rows: Rows, crowding: Floats, users: Floats, supply: Floats, moves: Moves
) -> tuple[Rows, Floats]:
    """Find what costs areas least, and most of what they use; of equal costs the first site's.

    Parameters
    ----------
    ways : Ways
    rows : ndarray
        Areas to ask, with a way each.
    crowding, users, supply : ndarray, shape (m,)
        Of each site; crowding is inf at one that nobody may choose.
    moves : Moves
        Filled in for these areas.

    Returns
    -------
    rows : ndarray
        Areas that may lack the way that costs least; they have to be asked again.
    travel : ndarray
        How far it may be.
    """
    least = crowding.min()
    lacking, reach, lack = np.empty(len(rows), np.int64), np.empty(len(rows)), 0
    for i in rows:
        best, worst = np.inf, -np.inf
        # Unsigned positions spare asking whether they count from the end.
        first = np.uint64(ways.first[i])
        to: int | np.uint64 = first
        off: int | np.uint64 = first
        for way in range(first, first + np.uint64(ways.size[i])):
            cost = ways.travel[way] + crowding[ways.site[way]]
            if cost < best:
                best, to = cost, way
            used = cost if ways.users[way] > 0 else -np.inf
            if used > worst:
                worst, off = used, way
        if ways.beyond[i] + least <= best:
            lacking[lack], reach[lack] = i, best - least
            lack += 1
        here, there = ways.site[to], ways.site[off]
        # So many at the cheaper site make both cost the same.
        even = ways.travel[off] - ways.travel[to]
        even += (ways.users[to] + users[there]) / supply[there]
        even -= (users[here] - ways.users[to]) / supply[here]
        even *= (supply[here] * supply[there]) / (supply[here] + supply[there])
        movers = min(even - ways.users[to], ways.users[off])
        moves.to[i], moves.off[i], moves.persons[i] = to, off, movers if to != off else 0.0
    return lacking[:lack].copy(), reach[:lack].copy()


@compiled
def move(
    ways: Ways,
    rows: Rows,
    moves: Moves,
    users: Floats,
    supply: Floats,
    most: Floats,
    guarded: bool,
) -> None:
    """Let people of areas move.

    Parameters
    ----------
    ways : Ways
        Their users change.
    rows : ndarray
        Areas.
    moves : Moves
        From `choose`.
    users, supply : ndarray, shape (m,)
        Of each site; the users change.
    most : ndarray, shape (n,)
        Largest number that moves.
    guarded : bool
        Who moves to a site is scaled down to what an average site has.
    """
    rush = np.zeros(len(users))
    for i in rows:
        moves.persons[i] = np.trunc(min(moves.persons[i], most[i]))
        rush[ways.site[moves.to[i]]] += moves.persons[i]
    for site in range(len(users)):
        rush[site] = max(rush[site] / supply[site], 1.0) if guarded and supply[site] > 0 else 1.0
    for i in rows:
        if moves.persons[i] != 0:
            to, off = moves.to[i], moves.off[i]
            here, there = ways.site[to], ways.site[off]
            movers = np.rint(moves.persons[i] / rush[here])
            ways.users[to] += movers
            ways.users[off] -= movers
            users[here] += movers
            users[there] -= movers


@compiled
def mean_cost(ways: Ways, rows: Rows, crowding: Floats, persons: Floats) -> Floats:
    """Mean cost of the people of areas.

    Parameters
    ----------
    ways : Ways
    rows : ndarray
        Areas.
    crowding : ndarray, shape (m,)
        Of each site.
    persons : ndarray, shape (n,)
        Of each area.

    Returns
    -------
    ndarray, shape (rows,)
    """
    cost = np.zeros(len(rows))
    for number, i in enumerate(rows):
        for way in range(ways.first[i], ways.first[i] + ways.size[i]):
            cost[number] += ways.users[way] * (ways.travel[way] + crowding[ways.site[way]])
        cost[number] /= persons[i]
    return cost
