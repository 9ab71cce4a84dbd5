"""Road network: how a point reaches the graph, and shortest paths over time, with distance.

Time and distance travel in one number. An edge's weight is its time in hundredths of a second times
2**26 plus its length in metres; sums of such weights are exact in a float64 (below 2**53), so one
Dijkstra search gives the shortest time, among equal times the shortest distance, and both values.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import numpy as np
import pandas as pd
import scipy  # its parts are loaded where they are first used
from numpy.typing import NDArray

from geo.errors import InputError
from geo.units import EARTH_RADIUS_KM

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TICKS_PER_MINUTE: Final = 6000.0
"""Times are counted in hundredths of a second."""

METRES_PER_KM: Final = 1000.0

DISTANCE_BITS: Final = 2.0**26
"""Room for the metres of a path: 67,108 km."""

WATER_CELL_DEGREES: Final = 0.02
"""Side of a cell of the water mask."""

NO_COMPONENT: Final = -1

NORTH_LAT: Final = 51.5
"""North of it, in Alaska, a settlement far from the roads has no road of its own either."""


@dataclass(frozen=True, slots=True)
class RoadParameters:
    """Speeds and detours of the road model, calibrated on real trips (docs/methods.md, Travel).

    Attributes
    ----------
    freeway_chord, road_chord : float
        Road length over the length that the graph stores, by class.
    freeway_open_kmh, freeway_dense_kmh, freeway_half_density : float
        Speed on freeways in open country and in the densest city, and the density (persons per
        km2 within some 4 km) half way between.
    road_open_kmh, road_dense_kmh, road_half_density : float
        The same for other roads.
    density_shape : float
        How early, in thinly settled country, both speeds begin to fall (see `density_mix`).
    winding_slowdown : float
        Loss of speed for each unit of sinuosity (length over straight length) above 1.1.
    off_factor : float
        Length over straight length from a place to the graph.
    off_open_kmh, off_dense_kmh, off_half_density : float
        Speed there, by the density within some 15 km.
    terminal_minutes : float
        Time to set out and to arrive, at each end.
    direct_limit_km : float
        Places this near may go straight across local streets.
    direct_factor, direct_open_kmh, direct_dense_kmh : float
        Length over straight length, and speed, on that way.
    direct_terminal_minutes : float
        Time to set out and to arrive by that way, at each end.
    direct_empty_km, direct_settled_density : float
        Beyond the first, only where at least so many persons per km2 live around both places:
        without people there are no local streets.
    access_edges : int
        Edges that a place may enter the graph by.
    access_limit_km, access_limit_north_km : float
        A place farther than this from any road is not on the road network; the second holds north
        of 51.5 degrees, in Alaska, where settlements without a road are common.
    water_limit_km : float
        More water than this on a straight way bars it.
    """

    freeway_chord: float = 1.025
    road_chord: float = 1.039
    freeway_open_kmh: float = 121.3
    freeway_dense_kmh: float = 84.64
    road_open_kmh: float = 93.27
    road_dense_kmh: float = 32.2
    freeway_half_density: float = 887.4
    road_half_density: float = 749.0
    density_shape: float = 0.718
    winding_slowdown: float = 1.004
    off_factor: float = 1.175
    off_open_kmh: float = 69.16
    off_dense_kmh: float = 29.37
    off_half_density: float = 239.0
    terminal_minutes: float = 2.315
    direct_limit_km: float = 30.0
    direct_factor: float = 1.337
    direct_open_kmh: float = 53.12
    direct_dense_kmh: float = 31.41
    direct_terminal_minutes: float = 0.9855
    direct_empty_km: float = 8.0
    direct_settled_density: float = 3.0
    access_edges: int = 10
    access_limit_km: float = 90.0
    access_limit_north_km: float = 30.0
    water_limit_km: float = 2.0


def unit_vectors(lat: NDArray[np.floating], lon: NDArray[np.floating]) -> Floats:
    """Points on the unit sphere.

    Parameters
    ----------
    lat, lon : ndarray, shape (n,)
        EPSG:4326 degrees.

    Returns
    -------
    ndarray, shape (n, 3)
        Cartesian coordinates; straight distances between them times the Earth's radius are
        kilometres, short of the great circle by less than 0.1% within 500 km.
    """
    phi, lam = np.radians(np.asarray(lat, np.float64)), np.radians(np.asarray(lon, np.float64))
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=-1)


def great_circle_km(a: Floats, b: Floats) -> Floats:
    """Great-circle kilometres between unit vectors, shape (..., 3)."""
    chord = np.linalg.norm(a - b, axis=-1)
    km: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(chord / 2, 1.0))
    return km


def water_code(lat: Floats, lon: Floats) -> Ints:
    """Give the number of the mask cell that a point lies in, row by row from the south-west."""
    row = np.floor((lat + 90) / WATER_CELL_DEGREES).astype(np.int64)
    column = np.floor((lon + 180) / WATER_CELL_DEGREES).astype(np.int64)
    return row * round(360 / WATER_CELL_DEGREES) + column


def water_km(water: Ints, a: Floats, b: Floats) -> Floats:
    """Kilometres over water of straight lines.

    Parameters
    ----------
    water : ndarray, shape (c,)
        Sorted codes of the cells that are water.
    a, b : ndarray, shape (n, 3)
        Ends of the lines, as unit vectors.

    Returns
    -------
    ndarray, shape (n,)
    """
    if not len(water) or not len(a):
        return np.zeros(len(a))
    fractions = np.arange(0.05, 1.0, 0.1)
    wet = np.zeros(len(a))
    for fraction in fractions:
        line = a + fraction * (b - a)
        lat = np.degrees(np.arctan2(line[:, 2], np.hypot(line[:, 0], line[:, 1])))
        lon = np.degrees(np.arctan2(line[:, 1], line[:, 0]))
        code = water_code(lat, lon)
        slot = np.minimum(np.searchsorted(water, code), len(water) - 1)
        wet += water[slot] == code
    return wet / len(fractions) * great_circle_km(a, b)


def pack(minutes: Floats, distance_km: Floats) -> Floats:
    """One weight for a time and a distance; unpack() gives them back.

    >>> unpack(pack(np.array([90.0]), np.array([123.456])))
    (array([90.]), array([123.456]))
    """
    ticks = np.rint(minutes * TICKS_PER_MINUTE)
    return ticks * DISTANCE_BITS + np.rint(distance_km * METRES_PER_KM)


def unpack(weight: Floats) -> tuple[Floats, Floats]:
    """Minutes and kilometres of packed weights; infinite stays infinite."""
    with np.errstate(invalid="ignore"):
        ticks = np.floor(weight / DISTANCE_BITS)
        metres = weight - ticks * DISTANCE_BITS
    reached = np.isfinite(weight)
    minutes = np.where(reached, ticks / TICKS_PER_MINUTE, weight)
    return minutes, np.where(reached, metres / METRES_PER_KM, weight)


def density_mix(
    density: Floats, half: float, open_value: float, dense_value: float, *, shape: float = 1.0
) -> Floats:
    """Blend from open country to dense city; half way at `half` persons per km2.

    Parameters
    ----------
    density : ndarray, shape (n,)
        Persons per km2, at least 0.
    half : float
        Density at which the result is half way.
    open_value, dense_value : float
        Results at density 0 and at endless density.
    shape : float
        Below 1 the blend starts in thinly settled country already.

    Returns
    -------
    ndarray, shape (n,)
    """
    share: Floats = density**shape / (density**shape + half**shape)
    mixed: Floats = open_value + (dense_value - open_value) * share
    return mixed


@dataclass(frozen=True, slots=True)
class Feet:
    """Feet of the perpendiculars from points to edges, shape (f,) each.

    Attributes
    ----------
    point, edge : ndarray
        Which point, and which edge it meets.
    fraction : ndarray
        How far along the edge, 0 to 1.
    weight : ndarray
        Packed time and distance from the point to the foot.
    """

    point: Ints
    edge: Ints
    fraction: Floats
    weight: Floats

    def take(self, keep: NDArray[np.bool_]) -> Self:
        """Keep some of the feet."""
        return type(self)(self.point[keep], self.edge[keep], self.fraction[keep], self.weight[keep])


@dataclass(frozen=True, eq=False)
class Access:
    """How points reach the graph: a sparse list of legs, point by point.

    Attributes
    ----------
    indptr : ndarray, shape (n + 1,)
        Legs of point i are `indptr[i]:indptr[i + 1]`.
    node : ndarray, shape (k,)
        Graph node at the end of each leg.
    weight : ndarray, shape (k,)
        Packed time and distance of each leg.
    component : ndarray, shape (n,)
        Connected piece of the network that the point's best leg belongs to; -1 for none.
    density : ndarray, shape (n,)
        Persons per km2 in the wider surroundings of the point.
    vectors : ndarray, shape (n, 3)
        The points themselves, as unit vectors.
    feet : Feet
        Where the points meet the edges: two points on one long edge need not go to its ends.
    """

    indptr: Ints
    node: Ints
    weight: Floats
    component: Ints
    density: Floats
    vectors: Floats
    feet: "Feet"

    @cached_property
    def owner(self) -> Ints:
        """Point that each leg belongs to, shape (k,)."""
        return np.repeat(np.arange(len(self.indptr) - 1), np.diff(self.indptr))

    @cached_property
    def tree(self) -> "scipy.spatial.cKDTree":
        """Index of the points, to find those near others."""
        return scipy.spatial.cKDTree(self.vectors)


class RoadNetwork:
    """An undirected road graph with a time and a length on each edge.

    Parameters
    ----------
    lat, lon : ndarray, shape (n,)
        Nodes, EPSG:4326 degrees.
    u, v : ndarray, shape (m,)
        Ends of the edges.
    length_km : ndarray, shape (m,)
        Chord lengths.
    density : ndarray, shape (m,)
        Persons per km2 close to each edge: how dense the traffic on it is.
    freeway : ndarray of bool, shape (m,)
        Whether an edge is an Interstate or another signed freeway.
    wide_density : ndarray, shape (m,)
        Persons per km2 in the wider surroundings: whether local streets belong to a city.
    parameters : RoadParameters
        Speeds and detours.
    water : ndarray, shape (c,)
        Sorted cell codes that are water (see `water_code`).
    roadless : ndarray, shape (p, 3)
        Latitude, longitude and radius in km of places that no road reaches.

    Raises
    ------
    InputError
        Edge ends out of range, or lengths or densities that are negative or not finite.
    """

    def __init__(  # noqa: PLR0913 - a graph is its columns
        self,
        lat: Floats,
        lon: Floats,
        u: Ints,
        v: Ints,
        length_km: Floats,
        density: Floats,
        freeway: NDArray[np.bool_],
        wide_density: Floats,
        *,
        parameters: RoadParameters,
        water: Ints | None = None,
        roadless: Floats | None = None,
    ) -> None:
        _require_graph(len(lat), u, v, length_km, density)
        self.parameters = parameters
        self.lat, self.lon = lat, lon
        self.u, self.v = u, v
        self.density = density
        self.wide_density = wide_density
        self.freeway = freeway
        self._vectors = unit_vectors(lat, lon)
        self.length_km = length_km * np.where(
            freeway, parameters.freeway_chord, parameters.road_chord
        )
        self.minutes = self.length_km / self._speed_kmh() * 60
        self.water = np.empty(0, np.int64) if water is None else water
        places = np.empty((0, 3)) if roadless is None else roadless
        self._roadless_vectors = unit_vectors(places[:, 0], places[:, 1])
        self._roadless_km = places[:, 2]
        weight = pack(self.minutes, self.length_km)
        size = (len(lat), len(lat))
        self.graph = scipy.sparse.csr_array(
            scipy.sparse.coo_array(
                (np.r_[weight, weight], (np.r_[u, v], np.r_[v, u])),
                shape=size,
            )
        )
        _, component = scipy.sparse.csgraph.connected_components(self.graph, directed=False)
        self.component = component.astype(np.int64)
        self._tree: scipy.spatial.cKDTree | None = None
        self._sample_edge = np.empty(0, np.int64)

    @classmethod
    def from_frames(
        cls,
        nodes: pd.DataFrame,
        edges: pd.DataFrame,
        *,
        water_cells: pd.DataFrame | None = None,
        roadless: pd.DataFrame | None = None,
        parameters: RoadParameters | None = None,
    ) -> Self:
        """Build the network from the road tables (see docs/data.md for their columns)."""
        return cls(
            nodes["lat"].to_numpy(np.float64),
            nodes["lon"].to_numpy(np.float64),
            edges["u"].to_numpy(np.int64),
            edges["v"].to_numpy(np.int64),
            edges["length_km"].to_numpy(np.float64),
            edges["density_4km"].to_numpy(np.float64),
            edges["freeway"].to_numpy(bool),
            edges["density_15km"].to_numpy(np.float64),
            parameters=parameters or RoadParameters(),
            water=None if water_cells is None else water_cells["cell"].to_numpy(np.int64),
            roadless=None
            if roadless is None
            else roadless[["lat", "lon", "radius_km"]].to_numpy(np.float64),
        )

    def _speed_kmh(self) -> Floats:
        """Speed on each edge: by density around it, slower where an ordinary road winds."""
        p = self.parameters
        freeway = density_mix(
            self.density,
            p.freeway_half_density,
            p.freeway_open_kmh,
            p.freeway_dense_kmh,
            shape=p.density_shape,
        )
        road = density_mix(
            self.density,
            p.road_half_density,
            p.road_open_kmh,
            p.road_dense_kmh,
            shape=p.density_shape,
        )
        straight_km = great_circle_km(self._vectors[self.u], self._vectors[self.v])
        sinuosity = self.length_km / np.maximum(straight_km, 0.5)
        winding = 1 + p.winding_slowdown * np.clip(sinuosity - 1.1, 0.0, 1.0)
        return np.where(self.freeway, freeway, road / winding)

    # --- access -----------------------------------------------------------------------------

    def _samples(self) -> "scipy.spatial.cKDTree":
        """Points every 2 km along every edge, to find the edges around a place."""
        if self._tree is None:
            count = np.maximum(np.ceil(self.length_km / 2.0).astype(np.int64), 1) + 1
            edge = np.repeat(np.arange(len(self.u)), count)
            step = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
            fraction = (step / (count[edge] - 1))[:, None]
            start, end = self._vectors[self.u[edge]], self._vectors[self.v[edge]]
            self._sample_edge = edge
            self._tree = scipy.spatial.cKDTree(start + fraction * (end - start))
        return self._tree

    def access(self, lat: Floats, lon: Floats) -> Access:
        """Find the legs from each point to the graph.

        Each point reaches several nearby edges, at the foot of the perpendicular, and from there
        both ends of each edge. Points without coordinates (nan), in roadless places, or farther
        from any road than the limit have no legs.

        Parameters
        ----------
        lat, lon : ndarray, shape (n,)
            EPSG:4326 degrees; nan allowed.

        Returns
        -------
        Access
        """
        p = self.parameters
        known = np.isfinite(lat) & np.isfinite(lon)
        vectors = unit_vectors(np.where(known, lat, 0.0), np.where(known, lon, 0.0))
        tree = self._samples()
        k = min(6 * p.access_edges, tree.n)
        _, hit = tree.query(vectors, k=k)
        edge = self._sample_edge[np.reshape(hit, (len(lat), k))]
        point = np.broadcast_to(np.arange(len(lat))[:, None], edge.shape).ravel()
        pairs = np.sort(point * len(self.u) + edge.ravel())
        pairs = pairs[np.r_[True, np.diff(pairs) != 0][: len(pairs)]]
        point, edge = np.divmod(pairs, len(self.u))
        off_km, fraction = self._foot(vectors[point], edge)
        order = np.lexsort((off_km, point))
        point, edge, off_km, fraction = point[order], edge[order], off_km[order], fraction[order]
        first = np.searchsorted(point, np.arange(len(lat)))
        rank = np.arange(len(point)) - first[point]
        nearest_km = off_km[first][point]
        nearest_edge = edge[first]
        density = self.wide_density[nearest_edge]
        limit = np.where(lat[point] > NORTH_LAT, p.access_limit_north_km, p.access_limit_km)
        good = (
            known[point]
            & ~self.in_roadless(vectors)[point]
            & (rank < p.access_edges)
            & (off_km <= limit)
            & (off_km <= 2.5 * nearest_km + 3.0)
        )
        dry = self.water_km(vectors[point], self._foot_vectors(edge, fraction)) <= p.water_limit_km
        has_dry = np.bincount(point[good & dry], minlength=len(lat)) > 0
        good &= dry | (~has_dry[point] & (rank == 0))
        point, edge, off_km, fraction = point[good], edge[good], off_km[good], fraction[good]
        leg_km = off_km * p.off_factor
        speed = density_mix(density[point], p.off_half_density, p.off_open_kmh, p.off_dense_kmh)
        minutes = leg_km / speed * 60 + p.terminal_minutes
        feet = Feet(point, edge, fraction, pack(minutes, leg_km))
        return self._legs(feet, density, vectors)

    def _legs(self, feet: Feet, density: Floats, vectors: Floats) -> Access:
        """Turn feet on edges into legs to both ends, the best leg for each node only."""
        n = len(vectors)
        owner = np.r_[feet.point, feet.point]
        node = np.r_[self.u[feet.edge], self.v[feet.edge]]
        along = np.r_[
            self._along(feet.edge, feet.fraction), self._along(feet.edge, 1 - feet.fraction)
        ]
        weight = np.r_[feet.weight, feet.weight] + along
        order = np.lexsort((weight, node, owner))
        owner, node, weight = owner[order], node[order], weight[order]
        first = np.r_[True, (np.diff(owner) != 0) | (np.diff(node) != 0)][: len(owner)]
        owner, node, weight = owner[first], node[first], weight[first]
        useful = self._not_dominated(owner, node, weight)
        owner, node, weight = owner[useful], node[useful], weight[useful]
        indptr = np.searchsorted(owner, np.arange(n + 1))
        component = np.full(n, NO_COMPONENT)
        if len(owner):
            best = np.lexsort((weight, owner))
            lead = best[np.r_[True, np.diff(owner[best]) != 0]]
            component[owner[lead]] = self.component[node[lead]]
        return Access(indptr, node, weight, component, density, vectors, feet)

    def _along(self, edge: Ints, part: Floats) -> Floats:
        """Packed weight of a part (0 to 1) of edges."""
        return pack(part * self.minutes[edge], part * self.length_km[edge])

    def shared_edges(
        self, start: Access, end: Access, *, paired: bool
    ) -> tuple[Ints, Ints, Floats]:
        """Ways along one edge, for points that meet the same edge.

        Parameters
        ----------
        start, end : Access
        paired : bool
            Only point i of `start` with point i of `end`.

        Returns
        -------
        row, column : ndarray
            Points of `start` and of `end`; a pair may come more than once.
        weight : ndarray
            Packed time and distance of the way.
        """
        b = end.feet
        met = np.zeros(len(self.u), dtype=bool)
        met[b.edge] = True
        a = start.feet.take(met[start.feet.edge])
        many = max(len(start.component), len(end.component), 1)
        key_a = a.edge * many + a.point if paired else a.edge
        key_b = b.edge * many + b.point if paired else b.edge
        order = np.argsort(key_b, kind="stable")
        low = np.searchsorted(key_b[order], key_a, side="left")
        count = np.searchsorted(key_b[order], key_a, side="right") - low
        i = np.repeat(np.arange(len(key_a)), count)
        j = order[np.arange(len(i)) - np.repeat(np.cumsum(count) - count, count) + low[i]]
        between = self._along(a.edge[i], np.abs(a.fraction[i] - b.fraction[j]))
        return a.point[i], b.point[j], a.weight[i] + b.weight[j] + between

    def _not_dominated(self, owner: Ints, node: Ints, weight: Floats) -> NDArray[np.bool_]:
        """Drop a leg when another leg plus one edge reaches its node no later."""
        start, stop = self.graph.indptr[node], self.graph.indptr[node + 1]
        count = stop - start
        leg = np.repeat(np.arange(len(node)), count)
        slot = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + start[leg]
        key = owner * len(self.lat) + node
        wanted = owner[leg] * len(self.lat) + self.graph.indices[slot]
        found = np.minimum(np.searchsorted(key, wanted), max(len(key) - 1, 0))
        via = np.where(key[found] == wanted, weight[found] + self.graph.data[slot], np.inf)
        best = np.full(len(node), np.inf)
        np.minimum.at(best, leg, via)
        keep: NDArray[np.bool_] = best > weight
        return keep

    def _foot(self, points: Floats, edge: Ints) -> tuple[Floats, Floats]:
        """Distance in km to an edge, and how far along it (0 to 1) the nearest place lies."""
        start, end = self._vectors[self.u[edge]], self._vectors[self.v[edge]]
        along = end - start
        squared = np.einsum("ij,ij->i", along, along)
        with np.errstate(invalid="ignore", divide="ignore"):
            fraction = np.einsum("ij,ij->i", points - start, along) / squared
        fraction = np.clip(np.nan_to_num(fraction), 0.0, 1.0)
        foot = start + fraction[:, None] * along
        return np.linalg.norm(points - foot, axis=1) * EARTH_RADIUS_KM, fraction

    def _foot_vectors(self, edge: Ints, fraction: Floats) -> Floats:
        start, end = self._vectors[self.u[edge]], self._vectors[self.v[edge]]
        return start + fraction[:, None] * (end - start)

    def water_km(self, a: Floats, b: Floats) -> Floats:
        """Kilometres over water of the straight lines between unit vectors, shape (n,)."""
        return water_km(self.water, a, b)

    def in_roadless(self, vectors: Floats) -> NDArray[np.bool_]:
        """Whether points (unit vectors) lie in a place that no road reaches."""
        inside = np.zeros(len(vectors), dtype=bool)
        for centre, radius in zip(self._roadless_vectors, self._roadless_km, strict=True):
            inside |= np.linalg.norm(vectors - centre, axis=1) * EARTH_RADIUS_KM <= radius
        return inside

    # --- shortest paths ---------------------------------------------------------------------

    def with_sources(self, access: Access) -> "scipy.sparse.csr_array":
        """Add a node for each point to the graph, joined to it by one-way legs."""
        n = len(self.lat)
        count = np.diff(access.indptr)
        indptr = np.r_[self.graph.indptr, self.graph.indptr[-1] + np.cumsum(count)]
        size = n + len(count)
        return scipy.sparse.csr_array(
            (
                np.r_[self.graph.data, access.weight],
                np.r_[self.graph.indices, access.node],
                indptr,
            ),
            shape=(size, size),
        )

    def search(self, access: Access, limit: float = np.inf) -> Floats:
        """Packed weights from each point to every node, shape (points, nodes).

        Nodes farther than `limit` (packed) may be left infinite: what is found within it is exact.
        """
        n = len(self.lat)
        sources = np.arange(n, n + len(access.indptr) - 1)
        found: Floats = scipy.sparse.csgraph.dijkstra(
            self.with_sources(access), indices=sources, limit=limit
        )
        return found[:, :n]

    def search_nearest(self, access: Access) -> tuple[Floats, Ints]:
        """Packed weight to the nearest of the points for every node, and which point it is.

        One multi-source search. Exact ties go to the point with the lowest number.
        """
        n = len(self.lat)
        graph = self.with_sources(access)
        # Sites at one address tie everywhere: only the first of them can be the answer.
        _, first = np.unique(access.vectors, axis=0, return_index=True)
        weight, _, source = scipy.sparse.csgraph.dijkstra(
            graph, indices=n + np.sort(first), min_only=True, return_predecessors=True
        )
        none = len(access.vectors)
        label = np.where(source >= 0, source - n, none).astype(np.int64)
        self._lowest_label(graph, weight, label)
        label[label == none] = -1
        return weight[:n], label[:n]

    @staticmethod
    def _lowest_label(graph: "scipy.sparse.csr_array", weight: Floats, label: Ints) -> None:
        """Where several points are equally near, spread the lowest number along tied paths."""
        tail = np.repeat(np.arange(graph.shape[0]), np.diff(graph.indptr))
        head = graph.indices
        while True:
            lower = np.flatnonzero(label[tail] < label[head])
            tied = weight[tail[lower]] + graph.data[lower] == weight[head[lower]]
            lower = lower[tied & np.isfinite(weight[head[lower]])]
            if not len(lower):
                return
            np.minimum.at(label, head[lower], label[tail[lower]])


def _require_graph(n: int, u: Ints, v: Ints, length_km: Floats, density: Floats) -> None:
    problems = []
    ends = np.r_[u, v]
    if len(ends) and (ends.min() < 0 or ends.max() >= n):
        problems.append(f"Edge ends must be node numbers from 0 to {n - 1}.")
    if not (np.isfinite(length_km).all() and (length_km > 0).all()):
        problems.append("Edge lengths must be positive and finite.")
    if not (np.isfinite(density).all() and (density >= 0).all()):
        problems.append("Densities must be at least 0 and finite.")
    if problems:
        raise InputError(problems)
