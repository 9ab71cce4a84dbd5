"""Travel models behind one interface: straight line, detour, road network.

Every model answers the same questions: the nearest site of each origin, the full matrix, the ways
within a limit, and the trip between paired points. Unreachable is `inf` (site -1), unknown
coordinates are `nan`.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Literal, Protocol, Self, TypeVar

import numpy as np
import scipy  # its parts are loaded where they are first used
from numpy.typing import NDArray

from geo.errors import InputError
from geo.network import (
    DISTANCE_BITS,
    NO_COMPONENT,
    TICKS_PER_MINUTE,
    Access,
    Floats,
    Ints,
    RoadNetwork,
    density_mix,
    great_circle_km,
    pack,
    unit_vectors,
    unpack,
)
from geo.units import EARTH_RADIUS_KM

ModelName = Literal["road", "detour", "straight"]
MODEL_NAMES: Final[tuple[ModelName, ...]] = ("road", "detour", "straight")

DETOUR_FACTOR: Final = 1.31
"""Road over straight distance: geometric mean of the trips calibrated on."""

DETOUR_KMH: Final = 77.4
"""Road distance over time, door to door: geometric mean of the same trips."""

STRAIGHT_KMH: Final = 80.0
"""A round speed for straight-line minutes; real trips are slower, which the error band says."""

PATIENCE_MINUTES: Final = 45.0
PATIENT_KMH: Final = 45.0
"""A trip is first looked for within this time and straight-line speed: a small part of the map."""

MAX_WAY_SITES: Final = 1024
"""A packed weight of 53 bits leaves room for so many rows in a number of 63."""

NO_WAY: Final = np.iinfo(np.int64).max

THREADS: Final = 2
BLOCK_SITES: Final = 8
"""Sites searched from at a time, by one thread."""

BLOCK_ORIGINS: Final = 32
"""Origins of trips searched from at a time, by one thread."""

FEW_ORIGINS: Final = 200
"""Trips from so many origins are over before compiled loops are loaded."""

LINE_BLOCK_SITES: Final = 64
"""Sites whose ways along straight lines are listed at a time."""

Progress = Callable[[int, int], None]
"""Told the sites done and all sites, now and then, in the caller's thread; may raise to cancel."""

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Points:
    """Places by coordinates.

    Attributes
    ----------
    lat, lon : ndarray, shape (n,)
        EPSG:4326 degrees; nan for a place whose coordinates are not known.

    Raises
    ------
    InputError
        Different lengths, or coordinates out of range.
    """

    lat: Floats
    lon: Floats

    def __post_init__(self) -> None:
        """Check the ranges, and list every problem."""
        problems = []
        if self.lat.shape != self.lon.shape or self.lat.ndim != 1:
            problems.append("Latitudes and longitudes must be two lists of the same length.")
        for name, values, limit in (("latitude", self.lat, 90), ("longitude", self.lon, 180)):
            bad = int((np.abs(values) > limit).sum())
            if bad:
                problems.append(f"{bad} {name} value(s) lie outside -{limit} to {limit} degrees.")
        if problems:
            raise InputError(problems)

    def __len__(self) -> int:
        """Give the number of places."""
        return len(self.lat)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whether a place has coordinates."""
        known: NDArray[np.bool_] = np.isfinite(self.lat) & np.isfinite(self.lon)
        return known

    @property
    def vectors(self) -> Floats:
        """Unit vectors, shape (n, 3); unknown places at the origin of coordinates."""
        return unit_vectors(
            np.where(self.known, self.lat, 0.0), np.where(self.known, self.lon, 0.0)
        )

    def take(self, index: NDArray[np.integer] | NDArray[np.bool_]) -> Self:
        """Keep some of the places."""
        return type(self)(self.lat[index], self.lon[index])


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest site of each origin, by time.

    Attributes
    ----------
    minutes, distance_km : ndarray, shape (n,)
        `inf` when no site can be reached, `nan` when the origin has no coordinates.
    site : ndarray, shape (n,)
        Position in the sites; -1 for none.
    """

    minutes: Floats
    distance_km: Floats
    site: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Served:
    """The nearest site of each origin by road, and what it takes to add a site.

    Attributes
    ----------
    origins : Points
        The n origins.
    sites : int
        Number of sites so far.
    weight : ndarray, shape (n,)
        Packed time and distance to the nearest site; inf when none can be reached.
    site : ndarray, shape (n,)
        Position in the sites; -1 for none.
    junctions : ndarray, shape (nodes,)
        Packed weight from every junction of the network to its nearest site.
    """

    origins: Points
    sites: int
    weight: Floats
    site: Ints
    junctions: Floats

    @property
    def nearest(self) -> Nearest:
        """Minutes, kilometres and site of each origin."""
        return _nearest(self.weight, self.site, self.origins)


@dataclass(frozen=True, slots=True)
class TravelMatrix:
    """Travel from every origin to every site, shape (n, m)."""

    minutes: NDArray[np.float32]
    distance_km: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """The ways between origins and sites that take no longer than a limit, site by site.

    Attributes
    ----------
    n_origins : int
        Number of origins, those without a way included.
    indptr : ndarray of int64, shape (m + 1,)
        Entries of site j are `indptr[j]:indptr[j + 1]`.
    origin : ndarray of int32, shape (k,)
        Position in the origins, increasing for each site.
    minutes, distance_km : ndarray of float32, shape (k,)
        As in the model's `matrix`.
    """

    n_origins: int
    indptr: Ints
    origin: NDArray[np.int32]
    minutes: NDArray[np.float32]
    distance_km: NDArray[np.float32]

    def __len__(self) -> int:
        """Give the number of sites."""
        return len(self.indptr) - 1

    def of(self, site: int) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]:
        """Origins, minutes and kilometres of one site's ways."""
        if not 0 <= site < len(self):
            problem = f"There is no site {site} among {len(self)}."
            raise InputError(problem)
        ways = slice(self.indptr[site], self.indptr[site + 1])
        return self.origin[ways], self.minutes[ways], self.distance_km[ways]

    def take(self, sites: NDArray[np.integer] | NDArray[np.bool_]) -> Self:
        """Keep some of the sites, in the given order."""
        chosen = np.arange(len(self))[sites]
        count = np.diff(self.indptr)[chosen]
        indptr = np.r_[0, np.cumsum(count)]
        way = np.arange(indptr[-1]) + np.repeat(self.indptr[chosen] - indptr[:-1], count)
        return self._keep(indptr, way)

    def within(self, limit: float) -> Self:
        """Keep the ways that take no longer than a limit in minutes."""
        near = self.minutes <= _single(limit)
        return self._keep(np.r_[0, np.cumsum(near)][self.indptr], near)

    def _keep(self, indptr: Ints, ways: Ints | NDArray[np.bool_]) -> Self:
        origin, minutes, km = self.origin[ways], self.minutes[ways], self.distance_km[ways]
        return type(self)(self.n_origins, indptr, origin, minutes, km)

    @classmethod
    def join(cls, parts: Iterable[Self]) -> Self:
        """Put the sites of several tables of the same origins one after the other.

        Raises
        ------
        InputError
            No table, or tables of different origins.
        """
        parts = list(parts)
        sizes = {part.n_origins for part in parts}
        if len(sizes) != 1:
            problem = f"Only tables of the same origins can be joined, got {sorted(sizes)} origins."
            raise InputError(problem)
        counts = np.concatenate([np.diff(part.indptr) for part in parts])
        return cls(
            sizes.pop(),
            np.r_[0, np.cumsum(counts)],
            np.concatenate([part.origin for part in parts]),
            np.concatenate([part.minutes for part in parts]),
            np.concatenate([part.distance_km for part in parts]),
        )

    @classmethod
    def empty(cls, n_origins: int) -> Self:
        """Make a table without sites."""
        none = np.empty(0, np.float32)
        return cls(n_origins, np.zeros(1, np.int64), np.empty(0, np.int32), none, none)


def _single(limit: float) -> np.float32:
    """Check a limit in minutes; it is compared with times of single precision."""
    if not limit >= 0:
        problem = f"A limit must be 0 minutes or more, got {limit}."
        raise InputError(problem)
    return np.float32(limit)


def _done(progress: Progress | None, sites: int, of: int) -> None:
    if progress is not None:
        progress(min(sites, of), of)


@dataclass(frozen=True, slots=True)
class Trips:
    """Travel between paired points.

    Attributes
    ----------
    minutes, distance_km, straight_km : ndarray, shape (n,)
    status : ndarray of str, shape (n,)
        "ok", "unreachable" or "no_data".
    """

    minutes: Floats
    distance_km: Floats
    straight_km: Floats
    status: NDArray[np.str_]


class TravelModel(Protocol):
    """What every travel model can answer."""

    name: ModelName

    def nearest(self, origins: Points, sites: Points) -> Nearest:
        """Nearest site of each origin by time; ties by distance, then the lowest position."""
        ...

    def matrix(self, origins: Points, sites: Points) -> TravelMatrix:
        """Travel from every origin to every site."""
        ...

    def reach(
        self,
        origins: Points,
        sites: Points,
        limit_minutes: float,
        *,
        progress: Progress | None = None,
    ) -> Reach:
        """List the ways between origins and sites that take no longer than a limit."""
        ...

    def trips(self, origins: Points, destinations: Points) -> Trips:
        """Travel from each origin to the destination in the same row."""
        ...


def nearest_way(ways: Ints, sites: Ints, origins: Points) -> Nearest:
    """Pick the nearest of some sites, exactly as `Road.nearest` finds it.

    Parameters
    ----------
    ways : ndarray, shape (m, n)
        From `Road.ways`.
    sites : ndarray, shape (k,)
        Rows of `ways` to choose from, in increasing order.
    origins : Points
        The n origins.

    Returns
    -------
    Nearest
        `site` counts the k sites.
    """
    least = np.full(len(origins), NO_WAY)
    for row in sites:
        np.minimum(least, ways[row], out=least)
    reached = least < NO_WAY
    position = np.full(MAX_WAY_SITES, -1)
    position[sites] = np.arange(len(sites))
    site = np.where(reached, position[least % MAX_WAY_SITES], -1)
    return _nearest(np.where(reached, least // MAX_WAY_SITES, np.inf), site, origins)


def way_minutes(ways: Ints, sites: Ints, origins: Points) -> NDArray[np.float32]:
    """Give the minutes of the ways to some sites, as `Road.matrix` does.

    Parameters
    ----------
    ways : ndarray, shape (m, n)
        From `Road.ways`.
    sites : ndarray, shape (k,)
        Rows of `ways`.
    origins : Points
        The n origins.

    Returns
    -------
    ndarray, shape (k, n)
        inf without a way; nan where the origin is not known.
    """
    minutes = np.empty((len(sites), len(origins)), np.float32)
    for number, row in enumerate(sites):
        ticks = ways[row] // (MAX_WAY_SITES * int(DISTANCE_BITS))
        minutes[number] = np.where(ways[row] < NO_WAY, ticks / TICKS_PER_MINUTE, np.inf)
    minutes[:, ~origins.known] = np.nan
    return minutes


def _nearest(weight: Floats, site: Ints, origins: Points) -> Nearest:
    """Unpack the least weights; nothing is known of origins without coordinates."""
    minutes, km = unpack(weight)
    unknown = ~origins.known
    return Nearest(
        np.where(unknown, np.nan, minutes),
        np.where(unknown, np.nan, km),
        np.where(unknown, -1, site),
    )


def _trips(minutes: Floats, km: Floats, origins: Points, destinations: Points) -> Trips:
    known = origins.known & destinations.known
    straight = np.where(known, great_circle_km(origins.vectors, destinations.vectors), np.nan)
    status = np.where(~known, "no_data", np.where(np.isfinite(minutes), "ok", "unreachable"))
    return Trips(np.where(known, minutes, np.nan), np.where(known, km, np.nan), straight, status)


def _require_pairs(origins: Points, destinations: Points) -> None:
    if len(origins) != len(destinations):
        problem = f"{len(origins)} origins and {len(destinations)} destinations cannot be paired."
        raise InputError(problem)


@dataclass(frozen=True, slots=True)
class _Geometric:
    """Straight distance times a factor, at one speed."""

    factor: float
    speed_kmh: float

    def _travel(self, straight_km: Floats) -> tuple[Floats, Floats]:
        km = straight_km * self.factor
        return km / self.speed_kmh * 60, km

    def nearest(self, origins: Points, sites: Points) -> Nearest:
        """See `TravelModel.nearest`."""
        usable = np.flatnonzero(sites.known)
        unknown = ~origins.known
        if not len(usable):
            none = np.where(unknown, np.nan, np.inf)
            return Nearest(none, none.copy(), np.full(len(origins), -1))
        vectors = sites.vectors[usable]
        # The tree breaks ties as it likes: one tie rule needs the lowest of the equal sites.
        chord, _ = scipy.spatial.cKDTree(vectors).query(origins.vectors)
        first = _first_within(vectors, origins.vectors, chord)
        straight = great_circle_km(origins.vectors, vectors[first])
        minutes, km = self._travel(straight)
        return Nearest(
            np.where(unknown, np.nan, minutes),
            np.where(unknown, np.nan, km),
            np.where(unknown, -1, usable[first]),
        )

    def matrix(self, origins: Points, sites: Points) -> TravelMatrix:
        """See `TravelModel.matrix`."""
        shape = (len(origins), len(sites))
        minutes, km = np.empty(shape, np.float32), np.empty(shape, np.float32)
        known = origins.known[:, None] & sites.known[None, :]
        for column in range(len(sites)):
            straight = great_circle_km(origins.vectors, sites.vectors[column])
            minutes[:, column], km[:, column] = self._travel(straight)
        minutes[~known] = np.nan
        km[~known] = np.nan
        return TravelMatrix(minutes, km)

    def reach(
        self,
        origins: Points,
        sites: Points,
        limit_minutes: float,
        *,
        progress: Progress | None = None,
    ) -> Reach:
        """See `TravelModel.reach`."""
        limit = _single(limit_minutes)
        known = np.flatnonzero(origins.known)
        vectors, tree = origins.vectors, scipy.spatial.cKDTree(origins.vectors[known])
        # A little more than the limit, which the numbers themselves then decide.
        straight_km = float(limit) / 60 * self.speed_kmh / self.factor * (1 + 1e-6)
        angle = min(straight_km / EARTH_RADIUS_KM, np.pi)
        chord = 2 * np.sin(angle / 2) * (1 + 1e-9) + 1e-9
        parts = [Reach.empty(len(origins))]
        for first in range(0, len(sites), LINE_BLOCK_SITES):
            block = sites.take(np.arange(first, min(first + LINE_BLOCK_SITES, len(sites))))
            end, usable = block.vectors, np.flatnonzero(block.known)
            pairs = scipy.spatial.cKDTree(end[usable]).sparse_distance_matrix(
                tree, chord, output_type="coo_matrix"
            )
            column, row = usable[pairs.row], known[pairs.col]
            order = np.lexsort((row, column))
            column, row = column[order], row[order]
            travel = self._travel(great_circle_km(vectors[row], end[column]))
            minutes, km = (values.astype(np.float32) for values in travel)
            near = minutes <= limit
            count = np.bincount(column[near], minlength=len(block))
            indptr = np.r_[0, np.cumsum(count)]
            origin = row[near].astype(np.int32)
            parts.append(Reach(len(origins), indptr, origin, minutes[near], km[near]))
            _done(progress, first + LINE_BLOCK_SITES, len(sites))
        return Reach.join(parts)

    def trips(self, origins: Points, destinations: Points) -> Trips:
        """See `TravelModel.trips`."""
        _require_pairs(origins, destinations)
        minutes, km = self._travel(great_circle_km(origins.vectors, destinations.vectors))
        return _trips(minutes, km, origins, destinations)


def _first_within(sites: Floats, origins: Floats, chord: Floats) -> Ints:
    """Lowest site at exactly the given chord from each origin, or as good as exactly."""
    near = scipy.spatial.cKDTree(sites).query_ball_point(
        origins, chord * (1 + 1e-12) + 1e-15, return_sorted=True
    )
    return np.fromiter((found[0] for found in near), np.int64, len(origins))


@dataclass(frozen=True, slots=True)
class StraightLine(_Geometric):
    """Great-circle distance, at a typical door-to-door speed."""

    name: ModelName = "straight"
    factor: float = 1.0
    speed_kmh: float = STRAIGHT_KMH


@dataclass(frozen=True, slots=True)
class Detour(_Geometric):
    """Great-circle distance times a detour factor, at a typical road speed.

    References
    ----------
    Boscoe, Henry and Zdeb (2012), doi:10.1080/00330124.2011.583586, on detour factors.
    """

    name: ModelName = "detour"
    factor: float = DETOUR_FACTOR
    speed_kmh: float = DETOUR_KMH


class Road:
    """Shortest time over the road network, or straight across the local streets if that is less.

    Parameters
    ----------
    network : RoadNetwork
    """

    name: ModelName = "road"

    def __init__(self, network: RoadNetwork) -> None:
        self.network = network

    def access(self, points: Points) -> Access:
        """Legs from the points to the network; worth keeping when the points are used again."""
        return self.network.access(points.lat, points.lon)

    def nearest(
        self, origins: Points, sites: Points, origin_access: Access | None = None
    ) -> Nearest:
        """See `TravelModel.nearest`; one multi-source search whatever the number of sites."""
        if not len(sites):
            return _nearest(np.full(len(origins), np.inf), np.full(len(origins), -1), origins)
        start = origin_access or self.access(origins)
        if len(sites) == 1:
            weight = next(self._weights(origins, sites, start))
            return _nearest(weight, np.where(np.isfinite(weight), 0, -1), origins)
        return self.serve(origins, sites, start).nearest

    def serve(self, origins: Points, sites: Points, origin_access: Access | None = None) -> Served:
        """Find the nearest site of each origin, to be kept when sites will be added.

        Parameters
        ----------
        origins, sites : Points
            n places and at least one site.
        origin_access : Access, optional
            From `access`, when the caller keeps it.

        Returns
        -------
        Served
        """
        start, end = origin_access or self.access(origins), self.access(sites)
        junctions, node_site = self.network.search_nearest(end)
        weight, site = _best_leg(start, junctions, node_site)
        row, column = self._near_pairs(start, end)
        direct = self._direct_weight(start, end, row, column, better_than=weight[row])
        weight, site = _lower(weight, site, row, column, direct)
        shared = self.network.shared_edges(start, end, paired=False)
        weight, site = _lower(weight, site, *shared)
        return Served(origins, len(sites), weight, site, junctions)

    def add(self, known: Served, place: Points, origin_access: Access | None = None) -> Served:
        """Open one more site: exactly what `serve` says of all sites together.

        The search from the new site ends wherever another site is as near, so it takes a small
        part of the time of a search of the whole network.

        Parameters
        ----------
        known : Served
            The sites so far.
        place : Points
            The new site; it becomes the last.
        origin_access : Access, optional
            From `access`, when the caller keeps it.

        Returns
        -------
        Served

        Raises
        ------
        InputError
            Not exactly one place.
        """
        if len(place) != 1:
            problem = f"Sites are added one at a time, got {len(place)}."
            raise InputError(problem)
        from geo import search  # noqa: PLC0415 - see `_blocks`

        start, end = origin_access or self.access(known.origins), self.access(place)
        graph, junctions = search.graph_of(self.network), known.junctions.copy()
        legs = (search.legs_of(start), search.legs_of(end))
        found = search.closer(graph, *legs, junctions)
        site = np.where(found < known.weight, known.sites, known.site)
        weight = np.minimum(found, known.weight)
        row, column = self._near_pairs(start, end)
        direct = self._direct_weight(start, end, row, column, better_than=weight[row])
        weight, site = _lower(weight, site, row, column + known.sites, direct)
        row, column, shared = self.network.shared_edges(start, end, paired=False)
        weight, site = _lower(weight, site, row, column + known.sites, shared)
        return Served(known.origins, known.sites + 1, weight, site, junctions)

    def ways(self, origins: Points, sites: Points, origin_access: Access | None = None) -> Ints:
        """Way from every origin to every site in one number each, for `nearest_way`.

        The number is the packed weight (see `geo.network.pack`) times `MAX_WAY_SITES`, plus the
        row: the least of some rows is the nearest of these sites, among equals the first.

        Parameters
        ----------
        origins, sites : Points
            n and m places.
        origin_access : Access, optional
            From `access`, when the caller keeps it.

        Returns
        -------
        ndarray, shape (m, n)
            `NO_WAY` where there is none, or an end is not known.

        Raises
        ------
        InputError
            More sites than `MAX_WAY_SITES`.
        """
        if len(sites) > MAX_WAY_SITES:
            problem = f"{len(sites)} sites are too many for a table of ways."
            raise InputError(problem)
        ways = np.full((len(sites), len(origins)), NO_WAY)
        for number, weight in enumerate(self._weights(origins, sites, origin_access)):
            reached = np.flatnonzero(np.isfinite(weight))
            ways[number, reached] = weight[reached].astype(np.int64) * MAX_WAY_SITES + number
        return ways

    def _weights(
        self, origins: Points, sites: Points, origin_access: Access | None
    ) -> Iterator[Floats]:
        """Packed weights of the ways from all origins to each site; infinite where none."""
        with closing(self._blocks(origins, sites, origin_access, np.inf, np.asarray)) as blocks:
            for block in blocks:
                yield from block

    def _blocks(
        self,
        origins: Points,
        sites: Points,
        origin_access: Access | None,
        limit: float,
        answer: Callable[[Floats], Answer],
    ) -> Generator[Answer]:
        """Search from some sites at a time, in threads.

        Parameters
        ----------
        origins, sites : Points
            n and m places.
        origin_access : Access, optional
            From `access`.
        limit : float
            Packed; longer ways may be left out.
        answer : callable
            Takes the packed weights of some sites, shape (sites, n); called in the threads.

        Yields
        ------
        object
            What `answer` made of the sites, `BLOCK_SITES` at a time, in their order.
        """
        if not len(sites):
            return
        # Imported here: the compiler's library takes 0.4 seconds, which the first page has not.
        from geo import search  # noqa: PLC0415

        graph = search.graph_of(self.network)
        start = origin_access or self.access(origins)
        end = self.access(sites)
        legs = search.legs_of(start)
        column, row = _by_column(*self._near_pairs(start, end)[::-1])
        shared = self.network.shared_edges(start, end, paired=False)
        shared_column, shared_row, shared_weight = _by_column(shared[1], shared[0], shared[2])

        def some(first: int) -> Answer:
            stop = min(first + BLOCK_SITES, len(sites))
            weight = search.lengths(
                graph, legs, search.legs_of(_slice(end, first, stop)), float(limit)
            )
            here = slice(*np.searchsorted(shared_column, (first, stop)))
            at = shared_column[here] - first, shared_row[here]
            np.minimum.at(weight, at, shared_weight[here])
            here = slice(*np.searchsorted(column, (first, stop)))
            at = column[here] - first, row[here]
            direct = self._direct_weight(
                start, end, row[here], column[here], better_than=np.minimum(weight[at], limit)
            )
            weight[at] = np.minimum(weight[at], direct)
            return answer(weight)

        yield from _in_threads(some, range(0, len(sites), BLOCK_SITES))

    def matrix(
        self, origins: Points, sites: Points, origin_access: Access | None = None
    ) -> TravelMatrix:
        """See `TravelModel.matrix`; one search a site."""
        shape = (len(sites), len(origins))
        minutes, km = np.empty(shape, np.float32), np.empty(shape, np.float32)
        for number, weight in enumerate(self._weights(origins, sites, origin_access)):
            minutes[number], km[number] = unpack(weight)
        unknown = ~(sites.known[:, None] & origins.known[None, :])
        minutes[unknown] = np.nan
        km[unknown] = np.nan
        return TravelMatrix(np.ascontiguousarray(minutes.T), np.ascontiguousarray(km.T))

    def reach(
        self,
        origins: Points,
        sites: Points,
        limit_minutes: float,
        origin_access: Access | None = None,
        *,
        progress: Progress | None = None,
    ) -> Reach:
        """List the ways between origins and sites that take no longer than a limit.

        Parameters
        ----------
        origins, sites : Points
            n and m places.
        limit_minutes : float
            What takes exactly so long is within; compared in single precision, as `matrix` gives
            times.
        origin_access : Access, optional
            From `access`, when the caller keeps it.
        progress : callable, optional
            See `Progress`.

        Returns
        -------
        Reach
            Ways with an end that is not known are left out.

        Raises
        ------
        InputError
            A limit below 0.
        """
        limit = _single(limit_minutes)
        from geo import search  # noqa: PLC0415 - see `_blocks`

        def near(weight: Floats) -> Reach:
            count, origin, minutes, km = search.within(weight, limit)
            return Reach(len(origins), np.r_[0, np.cumsum(count)], origin, minutes, km)

        # Two hundredths of a second more, so that rounding decides nothing.
        packed = (float(limit) * TICKS_PER_MINUTE + 2) * DISTANCE_BITS
        parts = [Reach.empty(len(origins))]
        with closing(self._blocks(origins, sites, origin_access, packed, near)) as blocks:
            for part in blocks:
                parts.append(part)
                _done(progress, (len(parts) - 1) * BLOCK_SITES, len(sites))
        return Reach.join(parts)

    def trips(self, origins: Points, destinations: Points) -> Trips:
        """See `TravelModel.trips`; one search for each distinct origin."""
        _require_pairs(origins, destinations)
        start, end = self.access(origins), self.access(destinations)
        place = np.stack([origins.lat, origins.lon], axis=1)
        _, first, group = np.unique(place, axis=0, return_index=True, return_inverse=True)
        order = np.argsort(group, kind="stable")
        bounds = np.searchsorted(group[order], np.arange(len(first) + 1))
        search = self._few_trips if len(first) <= FEW_ORIGINS else self._many_trips
        weight = np.empty(len(origins))
        weight[order] = search(_pick(start, first), _pick(end, order), bounds)
        row = np.arange(len(origins))
        direct = self._direct_weight(start, end, row, row, better_than=weight)
        weight = np.minimum(weight, direct)
        row, _, shared = self.network.shared_edges(start, end, paired=True)
        np.minimum.at(weight, row, shared)
        minutes, km = unpack(weight)
        return _trips(minutes, km, origins, destinations)

    def _few_trips(self, start: Access, end: Access, bounds: Ints) -> Floats:
        """Packed weights over the graph; destinations `bounds[i]:bounds[i + 1]` from origin i."""
        weight = np.empty(len(end.vectors))
        for origin, (low, high) in enumerate(pairwise(bounds)):
            source, target = _slice(start, origin, origin + 1), _slice(end, low, high)
            straight_km = float(great_circle_km(start.vectors[origin], target.vectors).max())
            minutes = PATIENCE_MINUTES + straight_km / PATIENT_KMH * 60
            limit = minutes * TICKS_PER_MINUTE * DISTANCE_BITS
            found = _best_leg(target, self.network.search(source, limit)[0])[0]
            # What lies beyond the limit, or has no way at all, takes a search of the whole network.
            if (found > limit).any():
                found = _best_leg(target, self.network.search(source)[0])[0]
            weight[low:high] = found
        return weight

    def _many_trips(self, start: Access, end: Access, bounds: Ints) -> Floats:
        """Do the same in compiled loops, which take a second to load."""
        from geo import search  # noqa: PLC0415 - see `_blocks`

        graph = search.graph_of(self.network)

        def some(first: int) -> Floats:
            stop = min(first + BLOCK_ORIGINS, len(bounds) - 1)
            low, high = bounds[first], bounds[stop]
            legs = (
                search.legs_of(_slice(start, first, stop)),
                search.legs_of(_slice(end, low, high)),
            )
            return search.trips(graph, *legs, bounds[first : stop + 1] - low)

        return np.concatenate(list(_in_threads(some, range(0, len(bounds) - 1, BLOCK_ORIGINS))))

    def _near_pairs(self, start: Access, end: Access) -> tuple[Ints, Ints]:
        """Pairs of points near enough to go straight across local streets."""
        reach = self.network.parameters.direct_limit_km / EARTH_RADIUS_KM
        near = end.tree.sparse_distance_matrix(start.tree, reach, output_type="coo_matrix")
        return near.col.astype(np.int64), near.row.astype(np.int64)

    def _direct_weight(
        self, start: Access, end: Access, row: Ints, column: Ints, *, better_than: Floats
    ) -> Floats:
        """Weight of going straight across local streets; infinite if barred or no better."""
        p = self.network.parameters
        a, b = start.vectors[row], end.vectors[column]
        straight = great_circle_km(a, b)
        density = np.sqrt((start.density[row] + 1) * (end.density[column] + 1)) - 1
        speed = density_mix(density, p.off_half_density, p.direct_open_kmh, p.direct_dense_kmh)
        km = straight * p.direct_factor
        weight = pack(km / speed * 60 + 2 * p.direct_terminal_minutes, km)
        same_piece = start.component[row] == end.component[column]
        on_road = start.component[row] != NO_COMPONENT
        settled = density >= p.direct_settled_density
        near = (straight <= p.direct_limit_km) & (settled | (straight <= p.direct_empty_km))
        open_way = near & same_piece & on_road & (weight <= better_than)
        dry_km = p.water_limit_km
        open_way[open_way] = self.network.water_km(a[open_way], b[open_way]) <= dry_km
        return np.where(open_way, weight, np.inf)


def _best_leg(
    access: Access, node_weight: Floats, node_site: Ints | None = None
) -> tuple[Floats, Ints]:
    """Least weight over the legs of each point, and the site it leads to."""
    n = len(access.indptr) - 1
    best = np.full(n, np.inf)
    site = np.full(n, -1)
    filled = np.flatnonzero(np.diff(access.indptr))
    if not len(filled):
        return best, site
    total = node_weight[access.node] + access.weight
    best[filled] = np.minimum.reduceat(total, access.indptr[filled])
    if node_site is not None:
        owner = access.owner
        tied = (total == best[owner]) & np.isfinite(total)
        label = np.where(tied, node_site[access.node], np.iinfo(np.int64).max)
        lowest = np.minimum.reduceat(label, access.indptr[filled])
        site[filled] = np.where(np.isfinite(best[filled]), lowest, -1)
    return best, site


def _lower(
    weight: Floats, site: Ints, row: Ints, column: Ints, direct: Floats
) -> tuple[Floats, Ints]:
    """Take a direct way where it is better, or as good and to a lower site."""
    order = np.lexsort((column, direct, row))
    row, column, direct = row[order], column[order], direct[order]
    first = np.r_[True, np.diff(row) != 0][: len(row)]
    row, column, direct = row[first], column[first], direct[first]
    better = (direct < weight[row]) | (
        (direct == weight[row]) & np.isfinite(direct) & (column < site[row])
    )
    weight, site = weight.copy(), site.copy()
    weight[row[better]] = direct[better]
    site[row[better]] = column[better]
    return weight, site


def _pick(access: Access, rows: Ints) -> Access:
    """Legs of some of the points, in the given order; their feet are left behind."""
    count = np.diff(access.indptr)[rows]
    indptr = np.r_[0, np.cumsum(count)]
    leg = np.arange(indptr[-1]) - np.repeat(indptr[:-1], count)
    leg += np.repeat(access.indptr[rows], count)
    return Access(
        indptr,
        access.node[leg],
        access.weight[leg],
        access.component[rows],
        access.density[rows],
        access.vectors[rows],
        access.feet.take(np.zeros(len(access.feet.point), dtype=bool)),
    )


def _slice(access: Access, first: int, stop: int) -> Access:
    return _pick(access, np.arange(first, stop))


def _by_column(column: Ints, *others: NDArray[np.generic]) -> tuple[NDArray[Any], ...]:
    """Sort pairs by column."""
    order = np.argsort(column, kind="stable")
    return column[order], *(values[order] for values in others)


def _in_threads(act: Callable[[int], Answer], items: Iterable[int]) -> Iterator[Answer]:
    """Do something for each item, a few ahead of what was asked for; answers come in order."""
    items = list(items)
    if len(items) == 1:
        yield act(items[0])
        return
    pool = ThreadPoolExecutor(THREADS)
    try:
        ahead: deque[Future[Answer]] = deque()
        for item in items:
            ahead.append(pool.submit(act, item))
            if len(ahead) > 2 * THREADS:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
