"""Rational agent access model: people weigh travel against crowding, and move until it evens out.

The people of every area start at their nearest site. In every cycle each area moves some of them
from the costliest of the sites that they use to the one that now costs least, where cost is travel
plus crowding. A cycle needs the least cost over all sites for every area; but only few sites can
ever be that. They are kept, and in every cycle the least crowding of all sites proves that none of
the others costs as little; an area for which it does not is given more. So the result is that of
the full table.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from geo import agents
from geo.accessibility import Ints, Travel, checked
from geo.results import Floats
from geo.validate import Problems, floats

THREADS: Final = 2
AHEAD: Final = 0.5
"""Sites are kept for an area as far as they may be needed, and so much farther, in units of
`scale`."""


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
    lived = np.flatnonzero(people > 0)
    cost[lived] = np.inf
    if lived.size and supply.any():
        ratio = people.sum() / supply.sum() if demand_ratio is None else demand_ratio
        market = _Market(table, people, supply * ratio, scale)
        cost[market.rows] = market.settle(pace)
    if not isinstance(table, sparse.csr_array) and supply.size:
        stranded = np.flatnonzero(np.isinf(cost))
        cost[stranded[np.isnan(table[stranded]).all(axis=1)]] = np.nan
    return cost


class _Market:
    """Areas that have people and a site, and the ways that may matter to them.

    Parameters
    ----------
    table : ndarray or csr_array, shape (n, m)
        All ways.
    persons : ndarray, shape (n,)
        Of all areas.
    supply : ndarray, shape (m,)
        People that each site serves at a crowding of 1.
    scale : float
        Travel that weighs as much as a crowding of 1.
    """

    def __init__(
        self, table: Floats | sparse.csr_array, persons: Floats, supply: Floats, scale: float
    ) -> None:
        n, m = table.shape
        if isinstance(table, sparse.csr_array):
            if not table.has_canonical_format:
                table = table.copy()
                table.sum_duplicates()
            every = table.indptr.astype(np.int64), table.indices.astype(np.uint32), table.data
        else:
            every = np.arange(0, n * m + 1, m), np.empty(0, np.uint32), table.ravel()
        self.table, self.persons, self.scale = agents.Table(*every, supply), persons, scale
        lived = np.flatnonzero(persons > 0)
        near, site = agents.nearest(self.table, lived)
        reached = np.isfinite(near)
        self.rows, near, site = lived[reached], near[reached] / scale, site[reached]
        first, size = np.zeros((2, n), np.uint32)
        none, nothing = np.empty(0, np.uint32), np.empty(0)
        self.ways = agents.Ways(first, size, np.zeros(n), none, nothing, nothing)
        self.end = 0
        self._keep(self.rows, near)
        at_nearest = self.ways.site[: self.end] == np.repeat(site, size[self.rows])
        self.ways.users[: self.end][at_nearest] = persons[self.rows]
        self.users = np.bincount(site, persons[self.rows], m).astype(np.float64)

    def _keep(self, rows: Ints, reach: Floats) -> None:
        """Keep the ways of some areas as far as they may be needed, and a little farther."""
        if not rows.size:
            return
        ways, beyond = self.ways, reach + AHEAD
        size, site, travel, users = agents.collect(self.table, ways, rows, beyond, self.scale)
        ways.first[rows] = self.end + np.cumsum(size) - size
        ways.size[rows], ways.beyond[rows] = size, beyond
        start, self.end = self.end, self.end + site.size
        if self.end > ways.site.size:
            self.ways = ways = ways._replace(
                site=np.resize(ways.site, 2 * self.end),
                travel=np.resize(ways.travel, 2 * self.end),
                users=np.resize(ways.users, 2 * self.end),
            )
        ways.site[start : self.end] = site
        ways.travel[start : self.end] = travel
        ways.users[start : self.end] = users

    def settle(self, pace: Pace) -> Floats:
        """Let people move; cost by area, shape (rows,)."""
        supply, n = self.table.supply, self.persons.size
        to, off = np.zeros((2, n), np.uint32)
        moves = agents.Moves(to, off, np.zeros(n))
        crowding = np.full(supply.size, np.inf)

        def choose(rows: Ints) -> tuple[Ints, Floats]:
            return agents.choose(self.ways, rows, crowding, self.users, supply, moves)

        with ThreadPoolExecutor(THREADS) as pool:
            for cycle in range(pace.cycles):
                np.divide(self.users, supply, out=crowding, where=supply > 0)
                rows = self.rows
                while rows.size:
                    lacking = list(pool.map(choose, np.array_split(rows, THREADS)))
                    rows = np.concatenate([part for part, _ in lacking])
                    self._keep(rows, np.concatenate([reach for _, reach in lacking]))
                most = pace.share(cycle) * self.persons
                agents.move(
                    self.ways, self.rows, moves, self.users, supply, most, cycle < pace.guarded
                )
        return agents.mean_cost(self.ways, self.rows, crowding, self.persons)
