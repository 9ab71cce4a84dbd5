"""Rational agent access model: people weigh travel against crowding, and move until it evens out.

The people of every area start at their nearest site. In every cycle each area moves some of them
from the costliest of the sites that they use to the one that now costs least, where cost is travel
plus crowding. A cycle needs the least cost over all sites for every area; but only few sites can
ever be that. They are kept in columns, and in every cycle a lower bound for all others proves
that none of them is less; an area for which it does not is given more sites. So the result is that
of the full table.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from geo.accessibility import Ints, Travel, checked
from geo.results import Floats
from geo.validate import Problems, floats

RADII: Final = (1.25, 2.25, 4.0)
"""Sites kept for an area: those no farther than its nearest plus the first of these, in units of
`scale`; plus the second where that does not do, and so on; after the last, all sites."""
AHEAD: Final = 0.1
"""Areas this close to needing more sites get them together with those that do."""
SLACK: Final = 1e-9
"""Rounding of the bounds, far more than there is."""
BLOCK: Final = 1024
"""Areas of the table worked on at a time, so that they stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast people move.

    Parameters
    ----------
    cycles : int
        How often they choose, >= 1.
    first, least : float
        Largest share of an area's people that moves in the first cycle, and in any, 0 to 1.
    half_life : float
        Cycles in which the share halves, > 0.
    guarded : int
        In so many first cycles nobody overruns a site: who moves to it is scaled down to what an
        average site has.
    """

    cycles: int = 150
    first: float = 0.2
    least: float = 0.005
    half_life: float = 50.0
    guarded: int = 20

    def share(self, cycle: int) -> float:
        """Largest share of an area's people that moves in a cycle."""
        return float(max(self.first * 0.5 ** (cycle / self.half_life), self.least))


DEFAULT_PACE: Final = Pace()


def raam(
    travel: Travel,
    persons: ArrayLike,
    capacity: ArrayLike,
    *,
    scale: float = 60.0,
    demand_ratio: float | None = None,
    pace: Pace = DEFAULT_PACE,
) -> Floats:
    r"""Cost of access by the rational agent access model (RAAM) [1]_.

    .. math::  C_{ij} = \frac{t_{ij}}{\tau} + \frac{d_j}{\rho\, S_j}

    for a person of area i at site j that d people use; an area's cost is the mean over its people.

    Parameters
    ----------
    travel : (n, m) array or sparse array
        Areas by sites, in the unit of `scale`; see `geo.accessibility`.
    persons : array_like, shape (n,)
        Whole persons, >= 0.
    capacity : array_like, shape (m,)
        >= 0; a site without capacity is nobody's choice.
    scale : float
        Travel tau that weighs as much as the crowding of an average site, > 0.
    demand_ratio : float, optional
        People to a unit of capacity rho at which crowding is 1; the mean of all when left out.
    pace : Pace
        How people move.

    Returns
    -------
    ndarray, shape (n,)
        Cost in units of `scale`; less is better. inf where no site is reached, nan where travel is
        not known or nobody lives.

    Raises
    ------
    InputError
        Listing every problem.

    References
    ----------
    .. [1] Saxon & Snow (2020), doi:10.1080/24694452.2019.1629870
    """
    problems = Problems().threshold(scale, "scale").threshold(pace.half_life, "half_life")
    if demand_ratio is not None:
        problems.threshold(demand_ratio, "demand_ratio")
    if pace.cycles < 1:
        problems.add(f"cycles must be at least 1, got {pace.cycles}")
    for name, share in (("first", pace.first), ("least", pace.least)):
        if not 0 <= share <= 1:
            problems.add(f"{name} must be 0 to 1, got {share}")
    whole = floats(persons)
    problems.where(np.isfinite(whole) & (whole != np.rint(whole)), "persons is not whole")
    table, people, supply = checked(travel, persons, capacity, problems=problems)

    cost = np.full(people.size, np.nan)
    sites, lived = np.flatnonzero(supply > 0), np.flatnonzero(people > 0)
    stranded = lived
    if sites.size and lived.size:
        ratio = people.sum() / supply.sum() if demand_ratio is None else demand_ratio
        market = _Market(_Table(table, sites, scale), lived, people, supply[sites] * ratio)
        cost[market.areas] = market.settle(pace)
        stranded = market.stranded
    cost[stranded] = np.inf
    if not isinstance(table, sparse.csr_array) and supply.size:
        cost[stranded[np.isnan(table[stranded]).all(axis=1)]] = np.nan
    return cost


class _Table:
    """Blocks of the table of travel, in units of crowding; inf where there is no way."""

    def __init__(self, table: Floats | sparse.csr_array, sites: Ints, scale: float) -> None:
        self.table, self.scale = table, scale
        self.sites = None if sites.size == table.shape[1] else sites
        self.gaps = not isinstance(table, sparse.csr_array) and bool(np.isnan(table.min()))

    def rows(self, areas: Ints) -> Floats:
        """Travel from some areas to all sites with capacity."""
        if isinstance(self.table, sparse.csr_array):
            part = self.table[areas].tocoo()
            block = np.full(part.shape, np.inf)
            block[part.row, part.col] = part.data
        else:
            block = self.table[areas]
        if self.sites is not None:
            block = block[:, self.sites]
        scaled: Floats = np.divide(block, self.scale)
        if self.gaps:
            np.copyto(scaled, np.inf, where=np.isnan(scaled))
        return scaled


class _Market:
    """Areas, sites, and the ways that may matter.

    Areas are ordered by their nearest site: those of one site share lower bounds.

    Parameters
    ----------
    table : _Table
        All ways.
    lived : ndarray of int
        Areas with people.
    people : ndarray
        Persons of all areas.
    supply : ndarray, shape (m,)
        People that each site serves at a crowding of 1.
    """

    def __init__(self, table: _Table, lived: Ints, people: Floats, supply: Floats) -> None:
        self.table, self.supply = table, supply
        nearest, reach = np.empty(lived.size, np.intp), np.empty(lived.size)
        for start in range(0, lived.size, BLOCK):
            part = slice(start, start + BLOCK)
            block = table.rows(lived[part])
            nearest[part] = block.argmin(axis=1)
            reach[part] = block[np.arange(len(block)), nearest[part]]
        stranded = ~np.isfinite(reach)
        self.stranded = lived[stranded]
        order = np.flatnonzero(~stranded)
        order = order[np.argsort(nearest[order], kind="stable")]
        self.areas, self.nearest, self.reach = lived[order], nearest[order], reach[order]
        self.persons = people[self.areas]
        if self.areas.size:
            self._find_ways()

    def _find_ways(self) -> None:
        """Keep the ways within each radius, and bound those beyond the first."""
        m, n = self.supply.size, self.areas.size
        self.bound = np.full((m, m), np.inf)
        """Least travel beyond that to the nearest site, over the areas of a nearest site for which
        a site is beyond the first radius."""
        found: list[tuple[Ints, Ints, Floats, Floats]] = []
        starts = np.flatnonzero(np.diff(self.nearest, prepend=-1))
        for first, stop in pairwise([*starts.tolist(), n]):
            block = self.table.rows(self.areas[first:stop])
            more = block - self.reach[first:stop, None]
            row, site = np.nonzero(more <= RADII[-1])
            found.append((row + first, site, block[row, site], more[row, site]))
            np.copyto(more, np.inf, where=more <= RADII[0])
            self.bound[self.nearest[first]] = more.min(axis=0)
        row, site, travel, more = (np.concatenate(parts) for parts in zip(*found, strict=True))
        # One run of ways for each area and radius, so that columns are gathered without a search.
        within = [np.flatnonzero(more <= radius) for radius in RADII]
        self.site = np.concatenate([site[ways] for ways in within])
        self.travel = np.concatenate([travel[ways] for ways in within])
        self.used = np.zeros(self.site.size)
        """Persons of the area who use the site, way by way; only the ways that count now do."""
        self.counts = [np.bincount(row[ways], minlength=n) for ways in within]
        begins = np.cumsum([0, *(ways.size for ways in within)])
        self.firsts = [
            begin + np.cumsum(count) - count
            for begin, count in zip(begins.tolist(), self.counts, strict=False)
        ]
        self.level = np.zeros(n, np.intp)
        self.radius = np.full(n, RADII[0])
        self.first, self.count = self.firsts[0].copy(), self.counts[0].copy()
        owner = row[within[0]]
        at_nearest = np.flatnonzero(self.site[: owner.size] == self.nearest[owner])
        self.used[at_nearest] = self.persons

    def settle(self, pace: Pace) -> Floats:
        """Let people move; cost by area."""
        if not self.areas.size:
            return np.empty(0)
        users = np.bincount(self.nearest, self.persons, self.supply.size).astype(np.float64)
        columns = _Columns(self)
        cycle = 0
        while cycle < pace.cycles:
            crowding = users / self.supply
            columns.compare(crowding)
            if self._widen(columns, crowding):
                columns = _Columns(self)
                continue
            columns.move(users, pace, cycle)
            cycle += 1
        return columns.cost(crowding)

    def _widen(self, columns: "_Columns", crowding: Floats) -> bool:
        """Give more sites to areas for which one that they lack may cost as little as their best.

        Parameters
        ----------
        columns : _Columns
            Compared at this crowding.
        crowding : ndarray, shape (m,)
            Of the sites now.

        Returns
        -------
        bool
            Whether any area got more, so that the columns are out of date.
        """
        by_nearest = (self.bound + crowding).min(axis=1)
        floor = np.maximum(by_nearest[columns.nearest], columns.radius + crowding.min())
        margin = floor - (columns.best - columns.reach)
        if not (margin <= SLACK).any():
            return False
        self.used[columns.way] = columns.used
        soon = columns.order[margin <= AHEAD]
        needed = columns.order[margin <= SLACK]
        last, before = len(RADII) - 1, self.level.copy()
        for level in range(last):
            self._take(soon[before[soon] == level], level + 1)
        if (before[needed] == last).any():
            self._take_all(needed[before[needed] == last])
        return True

    def _take(self, rows: Ints, level: int) -> None:
        """Let the ways within a wider radius of some areas count."""
        used = self._used(rows)
        self.level[rows], self.radius[rows] = level, RADII[level]
        self.first[rows], self.count[rows] = self.firsts[level][rows], self.counts[level][rows]
        ways = _ranges(self.first[rows], self.count[rows])
        at = np.repeat(np.arange(rows.size), self.count[rows])
        self.used[ways] = used[at, self.site[ways]]

    def _take_all(self, rows: Ints) -> None:
        """Let every way of some areas count."""
        used, block = self._used(rows), self.table.rows(self.areas[rows])
        at, site = np.nonzero(np.isfinite(block))
        self.level[rows], self.radius[rows] = len(RADII), np.inf
        self.count[rows] = np.bincount(at, minlength=rows.size)
        self.first[rows] = self.site.size + np.cumsum(self.count[rows]) - self.count[rows]
        self.site = np.concatenate([self.site, site])
        self.travel = np.concatenate([self.travel, block[at, site]])
        self.used = np.concatenate([self.used, used[at, site]])

    def _used(self, rows: Ints) -> Floats:
        """Persons of some areas by site."""
        ways = _ranges(self.first[rows], self.count[rows])
        used = np.zeros((rows.size, self.supply.size))
        used[np.repeat(np.arange(rows.size), self.count[rows]), self.site[ways]] = self.used[ways]
        return used


def _ranges(first: Ints, count: Ints) -> Ints:
    """Numbers of several runs, one run after the other.

    >>> _ranges(np.array([5, 1]), np.array([2, 3])).tolist()
    [5, 6, 1, 2, 3]
    """
    ends = np.cumsum(count)
    total = int(ends[-1]) if ends.size else 0
    runs: Ints = np.arange(total) + np.repeat(first - (ends - count), count)
    return runs


class _Columns:
    """The ways that count now, in columns: the first of every area, then the second, and so on.

    Areas with most ways come first, so a column is one run of areas from the first on. The ways
    of an area are in the order of sites: of equal costs the first site's is taken.

    Parameters
    ----------
    market : _Market
        Whose ways that count now are taken.
    """

    def __init__(self, market: _Market) -> None:
        n = market.areas.size
        first, count = market.first, market.count
        kind = np.min_scalar_type(int(count.max()) + 1)
        # Small numbers are sorted by counting them.
        self.order = np.argsort((count.max() - count).astype(kind), kind="stable")
        length = np.cumsum(np.bincount(count)[::-1])[::-1][1:]
        self.start = np.concatenate([[0], np.cumsum(length)]).astype(np.intp)
        firsts = first[self.order]
        self.way = np.concatenate([firsts[:size] + number for number, size in enumerate(length)])
        """Way of the market in each place of the columns."""
        self.site = market.site[self.way]
        self.travel, self.used = market.travel[self.way], market.used[self.way]
        self.unused = np.where(self.used > 0, 0.0, -np.inf)
        """Added to costs, it leaves only ways that are used to be the costliest."""
        self.persons, self.reach = market.persons[self.order], market.reach[self.order]
        self.nearest, self.radius = market.nearest[self.order], market.radius[self.order]
        self.supply = market.supply
        self.rows = np.arange(n)
        self.best, self.worst = np.empty(n), np.empty(n)
        self._cost, self._sign = np.empty(n), np.empty(n, np.bool_)
        self._best_at, self._worst_at = np.empty(n, kind), np.empty(n, kind)
        self._number = np.empty(n, kind)
        self._kind = kind

    def compare(self, crowding: Floats) -> None:
        """Find what costs each area least, and most of what it uses."""
        self.best.fill(np.inf)
        self.worst.fill(-np.inf)
        self._best_at.fill(0)
        self._worst_at.fill(0)
        for number, (start, stop) in enumerate(pairwise(self.start.tolist()), start=1):
            part = slice(stop - start)
            cost, sign, step = self._cost[part], self._sign[part], self._kind.type(number)
            np.take(crowding, self.site[start:stop], out=cost, mode="clip")
            cost += self.travel[start:stop]
            self._note(np.less, np.minimum, cost, self.best[part], sign, self._best_at[part], step)
            cost += self.unused[start:stop]
            self._note(
                np.greater, np.maximum, cost, self.worst[part], sign, self._worst_at[part], step
            )

    def _note(
        self,
        better: np.ufunc,
        keep: np.ufunc,
        cost: Floats,
        record: Floats,
        sign: NDArray[np.bool_],
        at: NDArray[np.unsignedinteger],
        number: np.unsignedinteger,
    ) -> None:
        """Keep records, and the number of the column that set each first."""
        better(cost, record, out=sign)
        keep(record, cost, out=record)
        changed = self._number[: cost.size]
        np.multiply(sign.view(np.uint8), number, out=changed)
        np.maximum(at, changed, out=at)

    def move(self, users: Floats, pace: Pace, cycle: int) -> None:
        """Move people of each area from its costliest to its cheapest site, as far as it pays.

        Parameters
        ----------
        users : ndarray, shape (m,)
            Of each site; changed in place.
        pace : Pace
            How many may move.
        cycle : int
            Counted from 0.
        """
        rows = np.flatnonzero(self._best_at != self._worst_at)
        to, off = (
            self.start.take(at.take(rows).astype(np.intp) - 1) + rows
            for at in (self._best_at, self._worst_at)
        )
        to_site, off_site = self.site.take(to), self.site.take(off)
        to_used, off_used = self.used.take(to), self.used.take(off)
        to_supply, off_supply = self.supply.take(to_site), self.supply.take(off_site)
        # So many at the cheaper site make both cost the same.
        even = self.travel.take(off) - self.travel.take(to)
        even += (to_used + users.take(off_site)) / off_supply
        even -= (users.take(to_site) - to_used) / to_supply
        even *= (to_supply * off_supply) / (to_supply + off_supply)
        movers = np.minimum(even - to_used, off_used)
        movers = np.trunc(np.minimum(movers, pace.share(cycle) * self.persons.take(rows)))
        if cycle < pace.guarded:
            rush = np.bincount(to_site, movers, users.size) / self.supply
            movers = np.rint(movers / np.maximum(rush, 1).take(to_site))
        self.used[to] = to_used + movers
        self.used[off] = off_used - movers
        self.unused[off.take(np.flatnonzero(movers == off_used))] = -np.inf
        self.unused[to.take(np.flatnonzero((to_used == 0) & (movers > 0)))] = 0.0
        users += np.bincount(to_site, movers, users.size)
        users -= np.bincount(off_site, movers, users.size)

    def cost(self, crowding: Floats) -> Floats:
        """Mean cost of the people of each area, in the order of the market."""
        total = self.used * (self.travel + crowding[self.site])
        rank = np.empty(self.order.size, np.intp)
        rank[self.order] = self.rows
        columns = np.concatenate([self.rows[: b - a] for a, b in pairwise(self.start.tolist())])
        mean = np.bincount(columns, total, self.order.size) / self.persons
        return mean[rank]
