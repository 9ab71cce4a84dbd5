"""The US road graph, from the world highway graph of `scgraph_data` (OpenStreetMap, ODbL 1.0).

The source draws a road as the chord between two junctions, rounded to a thousandth of a degree, and
tells no road class and no speed. This module keeps the part that US trips use, joins what the
source left disconnected although a road is there, and says which cells of the map are water.
Speeds are not decided here: they are `geo.network`'s, from the density stored with each edge.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from geo.network import WATER_CELL_DEGREES, great_circle_km, unit_vectors, water_km
from geo.units import EARTH_RADIUS_KM

COAST_BUFFER_DEGREES: Final = 0.05
"""Junctions this near outside the shoreline are on bridges, causeways and islets."""

Box = tuple[float, float, float, float]
"""West, south, east and north, in degrees."""

US_BOXES: Final[tuple[Box, ...]] = ((-180.0, 17.5, -65.1, 72.0),)
CANADA_BOXES: Final[tuple[Box, ...]] = (
    (-180.0, 48.0, -97.0, 90.0),
    (-97.01, 44.0, -84.0, 90.0),
    (-84.01, 41.6, -60.0, 90.0),
)
"""Where a point outside the shoreline but near it is Canada, not the sea or a US bridge."""

MEXICO_BOXES: Final[tuple[Box, ...]] = ((-118.0, 0.0, -97.0, 32.8),)
"""The same for Mexico, whose roads are left out: no trip to care crosses that border twice."""

ALASKA_ROAD_BOXES: Final[tuple[Box, ...]] = ((-142.0, 48.0, -110.0, 66.0),)
"""The roads between Alaska and the other states."""

BORDER_BUFFER_DEGREES: Final = 1.6
"""How far into Canada the graph is kept: enough for Detroit to Buffalo and for northern Maine."""

AUTOMATIC_LINK_KM: Final = 3.3
"""A piece of road this near to the rest is joined to it; wider gaps need a row in `road_links`."""

LINK_DETOUR: Final = 1.15
"""Road length over straight length along a gap that was joined without knowing the road."""

DENSITY_SCALES_KM: Final = (4.0, 15.0)
"""Standard deviations of the kernels that give people around an edge."""

MIN_COMPONENT_NODES: Final = 4

LOWER_48: Final[Box] = (-125.0, 24.4, -66.9, 49.5)

WATER_LIMIT_KM: Final = 1.0
"""More water than this between two pieces of road makes one an island."""

ATTACH_NODE_KM: Final = 1.5
ATTACH_EDGE_KM: Final = 30.0
"""A listed course ends at a junction this near, or at a point of an edge this near its end."""
LINK_EDGE_KM: Final = 4.0
"""The same for roads laid by hand, whose ends are known: beyond it one is a dead end."""

MIN_EDGE_KM: Final = 0.05
"""Junctions that the rounding put on one spot are still a few car lengths apart."""

ROUTE_NODE_KM: Final = 0.4
ROUTE_EDGE_KM: Final = 1.0
ROUTE_END_KM: Final = 3.0
"""A state route meets a junction this near, or the edge that passes this near; its last point looks
farther. The graph's chords and rounding put roads off their places by as much."""

PLAIN_NODE_KM: Final = 0.4
PLAIN_EDGE_KM: Final = 12.0
"""A point where just two edges meet is left out if it is this near their chord, of this length."""

BOTH_WAYS: Final = 2
"""Edges at a point that a road just passes."""

DEAD_END_KM: Final = 25.0
"""How far a dead end looks for the road's other end."""

DEAD_END_EMPTY_KM: Final = 12.0
"""The same where nobody lives between: a canyon has two rims and no bridge."""

DEAD_END_DETOUR: Final = 2.5
"""How much longer the way round must be before a road is taken to be missing."""

DEAD_END_WATER_KM: Final = 0.8
DEAD_END_LINKS: Final = 2


def read_world(source: str) -> tuple[NDArray[np.float64], pd.DataFrame]:
    """Parse the text of `scgraph_data/world_highways.py` without running it.

    Parameters
    ----------
    source : str
        The module's text: `graph=[{neighbour: km, ...}, ...]` and `nodes=[[lat, lon], ...]`.

    Returns
    -------
    nodes : ndarray, shape (n, 2)
        Latitude and longitude in EPSG:4326 degrees.
    edges : DataFrame
        Columns u, v (u < v) and length_km, one row an undirected edge.
    """
    graph_start = source.index("graph=[") + len("graph=[")
    nodes_start = source.index("nodes=[", graph_start)
    graph_text = source[graph_start:nodes_start]
    nodes_text = source[nodes_start : source.index("]]", nodes_start)]
    numbers = re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", nodes_text)
    nodes = np.array(numbers, dtype=np.float64).reshape(-1, 2)
    tails: list[int] = []
    heads: list[str] = []
    lengths: list[str] = []
    for tail, row in enumerate(re.findall(r"\{([^}]*)\}", graph_text)):
        for pair in row.split(", ") if row else ():
            head, length = pair.split(": ")
            tails.append(tail)
            heads.append(head)
            lengths.append(length)
    edges = pd.DataFrame(
        {
            "u": np.array(tails, dtype=np.int64),
            "v": np.array(heads, dtype=np.int64),
            "length_km": np.array(lengths, dtype=np.float64),
        }
    )
    return nodes, edges[edges["u"] < edges["v"]].reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class RoadFacts:
    """What the source does not tell, from the curated files in `data/facts`.

    Attributes
    ----------
    links : DataFrame
        `road_links.csv`: bridges and other roads missing in the source, point by point.
    lost : DataFrame
        `lost_roads.csv`: numbered routes missing between two of the source's junctions.
    freeways : DataFrame
        `freeway_edges.csv`: edges that are Interstates or other signed freeways.
    winding : DataFrame
        `winding_roads.csv`: edges whose road is clearly longer than the source says.
    courses : DataFrame
        `us_route_courses.csv`: where US routes run that the source draws as far chords.
    state_routes : DataFrame
        `state_routes.csv`: state routes that the source leaves out.
    roadless : DataFrame
        `roadless_places.csv`: places that no road reaches.
    """

    links: pd.DataFrame
    lost: pd.DataFrame
    freeways: pd.DataFrame
    winding: pd.DataFrame
    courses: pd.DataFrame
    state_routes: pd.DataFrame
    roadless: pd.DataFrame


def build_tables(
    world_source: str, land: gpd.GeoSeries, population: pd.DataFrame, facts: RoadFacts
) -> dict[str, pd.DataFrame]:
    """Make the road tables.

    Parameters
    ----------
    world_source : str
        Text of `scgraph_data/world_highways.py`.
    land : GeoSeries
        The states' polygons at full detail, EPSG:4326, clipped to the shoreline.
    population : DataFrame
        Columns lat, lon, population: where people live.
    facts : RoadFacts

    Returns
    -------
    dict of DataFrame
        `road_nodes`, `road_edges`, `water_cells` and `roadless_places`.
    """
    nodes, edges = read_world(world_source)
    shore = shapely.union_all(shapely.make_valid(land.geometry.to_numpy()))
    keep = _kept(nodes, shore)
    nodes, edges = _subset(nodes, edges, keep)
    water = _water_cells(shore)
    codes = water["cell"].to_numpy(np.int64)
    edges = edges.assign(
        freeway=_by_ends(nodes, edges, facts.freeways.assign(listed=1.0)).notna(),
        length_km=edges["length_km"].clip(lower=_by_ends(nodes, edges, facts.winding).fillna(0.0)),
    )
    nodes, edges = _join_gaps(nodes, edges, facts, population, codes)
    nodes, edges = _subset(nodes, edges, _useful_components(nodes, edges, shore, codes))
    nodes, edges = _without_plain_nodes(nodes, edges)
    nodes, edges = _subset(nodes, edges, np.ones(len(nodes), dtype=bool), order=_z_order(nodes))
    densities = _densities(nodes, edges, population)
    node_table = pd.DataFrame(
        {"lat": nodes[:, 0].astype(np.float32), "lon": nodes[:, 1].astype(np.float32)}
    )
    edge_table = edges.assign(
        u=edges["u"].astype(np.int32),
        v=edges["v"].astype(np.int32),
        length_km=edges["length_km"].clip(lower=MIN_EDGE_KM).round(3).astype(np.float32),
        **densities,
    )
    return {
        "road_nodes": node_table,
        "road_edges": edge_table,
        "water_cells": water,
        "roadless_places": facts.roadless,
    }


def _within(nodes: NDArray[np.float64], boxes: tuple[Box, ...]) -> NDArray[np.bool_]:
    lat, lon = nodes.T
    inside = np.zeros(len(nodes), dtype=bool)
    for west, south, east, north in boxes:
        inside |= (lon > west) & (lon < east) & (lat > south) & (lat < north)
    return inside


def _kept(nodes: NDArray[np.float64], shore: shapely.Geometry) -> NDArray[np.bool_]:
    """US junctions, and Canadian ones near the border or on the way to Alaska."""
    lat, lon = nodes.T
    searched = _within(nodes, US_BOXES)

    def inside(zone: shapely.Geometry) -> NDArray[np.bool_]:
        shapely.prepare(zone)
        found = np.zeros(len(nodes), dtype=bool)
        found[searched] = shapely.contains_xy(zone, lon[searched], lat[searched])
        return found

    at_home = inside(shapely.buffer(shapely.simplify(shore, 0.01), COAST_BUFFER_DEGREES))
    at_border = inside(shapely.buffer(shapely.simplify(shore, 0.05), BORDER_BUFFER_DEGREES))
    mexico = _within(nodes, MEXICO_BOXES) & ~inside(shore)
    canada = at_border & _within(nodes, CANADA_BOXES)
    kept: NDArray[np.bool_] = (
        (at_home & ~mexico) | canada | (searched & _within(nodes, ALASKA_ROAD_BOXES))
    )
    return kept


def _subset(
    nodes: NDArray[np.float64],
    edges: pd.DataFrame,
    keep: NDArray[np.bool_],
    order: NDArray[np.intp] | None = None,
) -> tuple[NDArray[np.float64], pd.DataFrame]:
    chosen = np.flatnonzero(keep) if order is None else order
    new_number = np.full(len(nodes), -1)
    new_number[chosen] = np.arange(len(chosen))
    ends = np.sort(np.stack([new_number[edges["u"]], new_number[edges["v"]]], axis=1), axis=1)
    moved = edges.assign(u=ends[:, 0], v=ends[:, 1])
    moved = moved[moved["u"] >= 0].sort_values(["u", "v"], kind="stable")
    return nodes[chosen], moved.reset_index(drop=True)


def _components(n_nodes: int, edges: pd.DataFrame) -> tuple[int, NDArray[np.int32]]:
    graph = coo_array((np.ones(len(edges)), (edges["u"], edges["v"])), shape=(n_nodes, n_nodes))
    count, label = connected_components(graph, directed=False)
    return int(count), label


def _by_ends(nodes: NDArray[np.float64], edges: pd.DataFrame, listed: pd.DataFrame) -> pd.Series:
    """Look edges up, by the coordinates of their ends, in a list; nan where not listed.

    The list has the ends in thousandths of a degree in its first four columns, and the value after.
    """
    milli = np.rint(nodes * 1000).astype(np.int64)
    place = milli[:, 0] * 1_000_000 + milli[:, 1]
    ends = listed.iloc[:, :4].to_numpy(np.int64)
    listed_place = np.sort(ends[:, [0, 2]] * 1_000_000 + ends[:, [1, 3]], axis=1)
    value = pd.Series(
        listed.iloc[:, 4].to_numpy(np.float64), pd.MultiIndex.from_arrays(list(listed_place.T))
    )
    wanted = pd.MultiIndex.from_arrays(list(np.sort(place[edges[["u", "v"]].to_numpy()], axis=1).T))
    found = value[~value.index.duplicated()].reindex(wanted)
    return found.set_axis(edges.index)


def _join_gaps(
    nodes: NDArray[np.float64],
    edges: pd.DataFrame,
    facts: RoadFacts,
    population: pd.DataFrame,
    water: NDArray[np.int64],
) -> tuple[NDArray[np.float64], pd.DataFrame]:
    """Add the roads that the source lost: curated, listed, then between two near dead ends."""
    loose: list[int] = []
    known: list[int] = []
    for _, link in facts.links.groupby("link", sort=True):
        points = link.sort_values("sequence")[["lat", "lon"]].to_numpy()
        ends = []
        for point in (points[0], points[-1]):
            nodes, edges, end, met = _attach(nodes, edges, point)
            ends.append(end)
            loose += [] if met else [end]
        known += ends
        inner = len(nodes) + np.arange(len(points) - 2)
        nodes = np.concatenate([nodes, points[1:-1]])
        chain = [ends[0], *inner.tolist(), ends[1]]
        edges = _with(edges, _as_edges(_chain(nodes, chain, detour=1.0)))
    nodes, edges = _add_courses(nodes, edges, facts.courses)
    nodes, edges = _lay_routes(nodes, edges, facts.state_routes)
    edges = _with(edges, _lost_edges(nodes, facts.lost))
    for end in loose:  # the road that it meets may have been laid after it
        edges = _with(edges, _tied(nodes, edges, end))
    edges = _with(edges, _as_edges(_dead_end_links(nodes, edges, population, water, known)))
    _, label = _components(len(nodes), edges)
    main = int(np.bincount(label).argmax())
    vectors = unit_vectors(nodes[:, 0], nodes[:, 1])
    on_main = np.flatnonzero(label == main)
    distance, nearest = cKDTree(vectors[on_main]).query(vectors)
    frame = pd.DataFrame({"label": label, "km": distance * EARTH_RADIUS_KM, "to": on_main[nearest]})
    pieces = frame[frame["label"] != main].sort_values("km", kind="stable")
    first = pieces[pieces["km"] <= AUTOMATIC_LINK_KM].groupby("label").head(1)
    joins = [(int(a), int(b)) for a, b in zip(first.index, first["to"], strict=True)]
    bridges = [edge for a, b in joins for edge in _chain(nodes, [a, b])]
    return nodes, _with(edges, _as_edges(bridges))


def _add_courses(
    nodes: NDArray[np.float64], edges: pd.DataFrame, courses: pd.DataFrame
) -> tuple[NDArray[np.float64], pd.DataFrame]:
    """Lay roads out point by point, and join their ends to the graph."""
    place, number = np.unique(courses[["lat", "lon"]].to_numpy(), axis=0, return_inverse=True)
    number = number.ravel() + len(nodes)
    same = courses["course"].to_numpy()[1:] == courses["course"].to_numpy()[:-1]
    chain = pd.DataFrame(
        {
            "u": number[:-1][same],
            "v": number[1:][same],
            "length_km": courses["length_km"].to_numpy(np.float64)[1:][same],
            "freeway": False,
        }
    )
    first = np.r_[True, ~same]
    ends = np.unique(number[first | np.r_[~same, True]])
    joined = _join_to_edges(nodes, edges, place[ends - len(nodes)], ends)
    new = pd.concat([chain, joined], ignore_index=True)
    low, high = new[["u", "v"]].min(axis=1), new[["u", "v"]].max(axis=1)
    new = new.assign(u=low, v=high)[low != high]
    return np.concatenate([nodes, place]), _with(edges, new)


def _lay_routes(
    nodes: NDArray[np.float64], edges: pd.DataFrame, routes: pd.DataFrame
) -> tuple[NDArray[np.float64], pd.DataFrame]:
    """Lay state routes out piece by piece; the ends of the pieces meet the edges that pass there.

    A piece runs from one meeting with another road to the next. An edge that is met gets the
    meeting point as a new junction.
    """
    place, number = np.unique(routes[["lat", "lon"]].to_numpy(), axis=0, return_inverse=True)
    vectors, points = unit_vectors(nodes[:, 0], nodes[:, 1]), unit_vectors(place[:, 0], place[:, 1])
    node_km, node = cKDTree(vectors).query(points)
    added = node_km * EARTH_RADIUS_KM > ROUTE_NODE_KM
    node = np.where(added, len(nodes) + np.cumsum(added) - 1, node)
    number = node[number.ravel()]
    same = routes["course"].to_numpy()[1:] == routes["course"].to_numpy()[:-1]
    pieces = pd.DataFrame(
        {
            "u": number[:-1][same],
            "v": number[1:][same],
            "length_km": routes["length_km"].to_numpy(np.float64)[1:][same],
            "freeway": False,
        }
    )
    count = np.bincount(number, minlength=len(nodes) + int(added.sum()))
    end = np.zeros(len(count), dtype=bool)
    end[number[np.r_[True, ~same] | np.r_[~same, True]]] = True
    meeting = np.flatnonzero(added & end[node])
    limit = np.where(count[node[meeting]] == 1, ROUTE_END_KM, ROUTE_EDGE_KM)
    edge, share, off_km = _passing_edge(vectors, edges, points[meeting])
    hit = off_km <= limit
    nodes = np.concatenate([nodes, place[added]])
    split = _split(nodes, edges, edge[hit], share[hit], node[meeting[hit]])
    return nodes, _with(split, _ordered(pieces))


def _passing_edge(
    vectors: NDArray[np.float64], edges: pd.DataFrame, points: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
    """Find the edge nearest to each point, how far along it (0 to 1), and how many km off."""
    ends = edges[["u", "v"]].to_numpy()
    count = np.maximum(np.ceil(edges["length_km"].to_numpy()), 1).astype(int) + 1
    owner = np.repeat(np.arange(len(edges)), count)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    part = (step / (count[owner] - 1))[:, None]
    samples = vectors[ends[owner, 0]] * (1 - part) + vectors[ends[owner, 1]] * part
    _, near = cKDTree(samples).query(points, k=8)
    best, share = np.zeros(len(points), dtype=np.intp), np.zeros(len(points))
    off_km = np.full(len(points), np.inf)
    for candidate in owner[near].T:
        start = vectors[ends[candidate, 0]]
        along = vectors[ends[candidate, 1]] - start
        squared = np.maximum(np.einsum("ij,ij->i", along, along), 1e-18)
        here = np.clip(np.einsum("ij,ij->i", points - start, along) / squared, 0.0, 1.0)
        gap = points - start - here[:, None] * along
        km = np.linalg.norm(gap, axis=1) * EARTH_RADIUS_KM
        better = km < off_km
        best[better], share[better], off_km[better] = candidate[better], here[better], km[better]
    return best, share, off_km


def _split(
    nodes: NDArray[np.float64],
    edges: pd.DataFrame,
    edge: NDArray[np.intp],
    share: NDArray[np.float64],
    node: NDArray[np.intp],
) -> pd.DataFrame:
    """Put junctions on edges: each edge becomes the pieces between them.

    A junction beside the chord shows where the road really runs: no piece is shorter than the
    straight line between its ends.
    """
    order = np.lexsort((node, share, edge))
    edge, share, node = edge[order], share[order], node[order]
    first, last = np.diff(edge, prepend=-1) != 0, np.diff(edge, append=-1) != 0
    met = edges.iloc[edge]
    length = met["length_km"].to_numpy()
    passed = np.where(first, 0.0, np.roll(share, 1))
    before = pd.DataFrame(
        {
            "u": np.where(first, met["u"], np.roll(node, 1)),
            "v": node,
            "length_km": (share - passed) * length,
            "freeway": met["freeway"].to_numpy(),
        }
    )
    after = pd.DataFrame(
        {
            "u": node[last],
            "v": met["v"].to_numpy()[last],
            "length_km": ((1 - share) * length)[last],
            "freeway": met["freeway"].to_numpy()[last],
        }
    )
    pieces = pd.concat([before, after])
    pieces["length_km"] = np.maximum(pieces["length_km"], _straight_km(nodes, pieces))
    whole = edges.drop(edges.index[np.unique(edge)])
    return pd.concat([whole, _ordered(pieces)], ignore_index=True)


def _straight_km(nodes: NDArray[np.float64], edges: pd.DataFrame) -> NDArray[np.float64]:
    """Great-circle length of edges."""
    vectors = unit_vectors(nodes[:, 0], nodes[:, 1])
    return great_circle_km(vectors[edges["u"]], vectors[edges["v"]])


def _ordered(edges: pd.DataFrame) -> pd.DataFrame:
    """Lower end first, the shortest of equal ones, no loops."""
    low, high = edges[["u", "v"]].min(axis=1), edges[["u", "v"]].max(axis=1)
    tidy = edges.assign(u=low, v=high)[low != high]
    tidy = tidy.sort_values(["u", "v", "length_km"], kind="stable").drop_duplicates(["u", "v"])
    return tidy.reset_index(drop=True)


def _without_plain_nodes(
    nodes: NDArray[np.float64], edges: pd.DataFrame
) -> tuple[NDArray[np.float64], pd.DataFrame]:
    """Join two edges into one where nothing else meets and the road goes straight on.

    The search has fewer steps to make; places reach the road as before.
    """
    while True:
        n = len(nodes)
        edges = _ordered(edges)
        tail, head = edges["u"].to_numpy(), edges["v"].to_numpy()
        length, freeway = edges["length_km"].to_numpy(), edges["freeway"].to_numpy()
        owner, other = np.r_[tail, head], np.r_[head, tail]
        order = np.argsort(owner, kind="stable")
        first = np.searchsorted(owner[order], np.arange(n))
        plain = np.flatnonzero(np.bincount(owner, minlength=n) == BOTH_WAYS)
        one, two = order[first[plain]], order[first[plain] + 1]
        a, b = other[one], other[two]
        one, two = one % len(edges), two % len(edges)
        vectors = unit_vectors(nodes[:, 0], nodes[:, 1])
        along = vectors[b] - vectors[a]
        squared = np.maximum(np.einsum("ij,ij->i", along, along), 1e-18)
        offset = vectors[plain] - vectors[a]
        share = np.clip(np.einsum("ij,ij->i", offset, along) / squared, 0.0, 1.0)
        off_km = np.linalg.norm(offset - share[:, None] * along, axis=1) * EARTH_RADIUS_KM
        code = np.sort(tail * n + head)
        joined = np.minimum(a, b) * n + np.maximum(a, b)
        slot = np.minimum(np.searchsorted(code, joined), len(code) - 1)
        good = (
            (a != b)
            & (freeway[one] == freeway[two])
            & (length[one] + length[two] <= PLAIN_EDGE_KM)
            & (off_km <= PLAIN_NODE_KM)
            & (code[slot] != joined)
        )
        candidate = np.zeros(n, dtype=bool)
        candidate[plain[good]] = True
        # Neighbours wait for the next round, so that no edge is joined twice at once.
        good &= ~(candidate[a] & (a < plain)) & ~(candidate[b] & (b < plain))
        if not good.any():
            return nodes, edges
        merged = pd.DataFrame(
            {
                "u": a[good],
                "v": b[good],
                "length_km": (length[one] + length[two])[good],
                "freeway": freeway[one][good],
            }
        )
        rest = edges.drop(edges.index[np.r_[one[good], two[good]]])
        keep = np.ones(n, dtype=bool)
        keep[plain[good]] = False
        nodes, edges = _subset(nodes, pd.concat([rest, merged], ignore_index=True), keep)


def _join_to_edges(
    nodes: NDArray[np.float64],
    edges: pd.DataFrame,
    places: NDArray[np.float64],
    number: NDArray[np.intp],
    *,
    limit_km: float = ATTACH_EDGE_KM,
) -> pd.DataFrame:
    """Edges from new nodes to the near junction, or to both ends of the edge that passes."""
    vectors = unit_vectors(nodes[:, 0], nodes[:, 1])
    points = unit_vectors(places[:, 0], places[:, 1])
    node_km, node = cKDTree(vectors).query(points)
    node_km = node_km * EARTH_RADIUS_KM
    ends = edges[["u", "v"]].to_numpy()
    length = edges["length_km"].to_numpy()
    count = np.maximum(np.ceil(length / 2.0).astype(int), 1) + 1
    owner = np.repeat(np.arange(len(edges)), count)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    part = step / (count[owner] - 1)
    along = vectors[ends[owner, 0]] * (1 - part)[:, None] + vectors[ends[owner, 1]] * part[:, None]
    edge_km, sample = cKDTree(along).query(points)
    edge, part = owner[sample], part[sample]
    off_km = edge_km * EARTH_RADIUS_KM * LINK_DETOUR
    at_node = node_km <= ATTACH_NODE_KM
    on_edge = ~at_node & (off_km <= limit_km)
    rows = [(number[at_node], node[at_node], node_km[at_node] * LINK_DETOUR)]
    for side, share in ((0, part), (1, 1 - part)):
        km = off_km + share * length[edge]
        rows.append((number[on_edge], ends[edge[on_edge], side], km[on_edge]))
    new, old, km = (np.concatenate(column) for column in zip(*rows, strict=True))
    return pd.DataFrame({"u": old, "v": new, "length_km": km, "freeway": False})


def _attach(
    nodes: NDArray[np.float64], edges: pd.DataFrame, place: NDArray[np.float64]
) -> tuple[NDArray[np.float64], pd.DataFrame, int, bool]:
    """Find the junction at a place; failing that make one, on an edge if one passes near.

    Also says whether a road was met there.
    """
    vectors = unit_vectors(nodes[:, 0], nodes[:, 1])
    point = unit_vectors(place[:1], place[1:])[0]
    km = np.linalg.norm(vectors - point, axis=1) * EARTH_RADIUS_KM
    if km.min() <= ATTACH_NODE_KM:
        return nodes, edges, int(km.argmin()), True
    start, along = vectors[edges["u"]], vectors[edges["v"]] - vectors[edges["u"]]
    squared = np.maximum(np.einsum("ij,ij->i", along, along), 1e-18)
    fraction = np.clip(np.einsum("ij,ij->i", point - start, along) / squared, 0.0, 1.0)
    off_km = np.linalg.norm(start + fraction[:, None] * along - point, axis=1) * EARTH_RADIUS_KM
    hit, new = int(off_km.argmin()), len(nodes)
    nodes = np.concatenate([nodes, place[None, :]])
    if off_km[hit] > LINK_EDGE_KM:
        return nodes, edges, new, False
    at = np.array([hit]), fraction[hit : hit + 1], np.array([new])
    return nodes, _split(nodes, edges, *at), new, True


def _tied(nodes: NDArray[np.float64], edges: pd.DataFrame, end: int) -> pd.DataFrame:
    """Edges from the loose end of a road to the road that passes there, if one does."""
    others = edges[(edges["u"] != end) & (edges["v"] != end)].reset_index(drop=True)
    found = _join_to_edges(
        np.delete(nodes, end, axis=0),
        others.assign(**{key: others[key] - (others[key] > end) for key in ("u", "v")}),
        nodes[end : end + 1],
        np.array([len(nodes)]),
        limit_km=LINK_EDGE_KM,
    )
    old = found["u"] + (found["u"] >= end)
    low, high = np.minimum(old, end), np.maximum(old, end)
    return found.assign(u=low, v=high)


def _lost_edges(nodes: NDArray[np.float64], lost: pd.DataFrame) -> pd.DataFrame:
    """One edge for each listed road, between the junctions at its ends."""
    tree = cKDTree(unit_vectors(nodes[:, 0], nodes[:, 1]))
    ends = [
        tree.query(unit_vectors(lost[f"{end}_lat"].to_numpy(), lost[f"{end}_lon"].to_numpy()))[1]
        for end in ("from", "to")
    ]
    pair = np.sort(np.stack(ends, axis=1), axis=1)
    table = pd.DataFrame(
        {
            "u": pair[:, 0],
            "v": pair[:, 1],
            "length_km": lost["length_km"].to_numpy(np.float64),
            "freeway": (lost["road_class"] == "freeway").to_numpy(),
        }
    )
    return table[table["u"] != table["v"]]


def _dead_end_links(
    nodes: NDArray[np.float64],
    edges: pd.DataFrame,
    population: pd.DataFrame,
    water: NDArray[np.int64],
    known: list[int],
) -> list[tuple[int, int, float]]:
    """Roads on from a dead end: to a near junction that the graph reaches only by a long way round.

    The source merged roads into junction-to-junction edges and lost some on the way: both ends are
    left as dead ends. Nothing is joined across water, nor over long gaps where nobody lives, nor to
    known ends: those of roads laid by hand.
    """
    n = len(nodes)
    vectors = unit_vectors(nodes[:, 0], nodes[:, 1])
    both = (np.r_[edges["u"], edges["v"]], np.r_[edges["v"], edges["u"]])
    graph = coo_array((np.r_[edges["length_km"], edges["length_km"]], both), shape=(n, n)).tocsr()
    degree = np.diff(graph.indptr)
    ends = np.setdiff1d(np.flatnonzero(degree == 1), known)
    near = cKDTree(vectors).query_ball_point(vectors[ends], DEAD_END_KM / EARTH_RADIUS_KM)
    people = cKDTree(unit_vectors(population["lat"].to_numpy(), population["lon"].to_numpy()))
    rows: list[tuple[int, int, float, float]] = []
    for first in range(0, len(ends), 400):
        chunk = ends[first : first + 400]
        by_road = dijkstra(graph, indices=chunk, limit=8 * DEAD_END_KM)
        for row, end in enumerate(chunk):
            other = np.setdiff1d(near[first + row], known)
            straight = np.linalg.norm(vectors[other] - vectors[end], axis=1) * EARTH_RADIUS_KM
            around = by_road[row, other]
            # A dead end counts as half as far: two of them facing each other are one lost road.
            cost = np.where(degree[other] == 1, 0.5, 1.0) * straight
            worth = around > DEAD_END_DETOUR * straight + 3.0
            best = np.argsort(np.where(worth, cost, np.inf), kind="stable")[:4]
            rows.extend(
                (int(end), int(other[pick]), float(straight[pick]), float(cost[pick]))
                for pick in best[worth[best]]
            )
    table = pd.DataFrame(rows, columns=["a", "b", "straight_km", "cost"])
    a, b = vectors[table["a"]], vectors[table["b"]]
    middle = (a + b) / 2
    inhabited = people.query_ball_point(middle, 12.0 / EARTH_RADIUS_KM, return_length=True) > 0
    dry = water_km(water, a, b) <= DEAD_END_WATER_KM
    table = table[dry & (inhabited | (table["straight_km"].to_numpy() <= DEAD_END_EMPTY_KM))]
    table = table.sort_values(["cost", "a", "b"], kind="stable").groupby("a").head(DEAD_END_LINKS)
    pairs = sorted({(min(a, b), max(a, b)) for a, b in zip(table["a"], table["b"], strict=True)})
    return [edge for pair in pairs for edge in _chain(nodes, list(pair))]


def _chain(
    nodes: NDArray[np.float64], chain: list[int], *, detour: float = LINK_DETOUR
) -> list[tuple[int, int, float]]:
    vectors = unit_vectors(nodes[chain, 0], nodes[chain, 1])
    km = np.linalg.norm(np.diff(vectors, axis=0), axis=1) * EARTH_RADIUS_KM * detour
    pairs = zip(chain[:-1], chain[1:], km, strict=True)
    return [(min(a, b), max(a, b), float(d)) for a, b, d in pairs if a != b]


def _as_edges(added: Iterable[tuple[int, int, float]]) -> pd.DataFrame:
    table = pd.DataFrame(list(added), columns=["u", "v", "length_km"])
    return table.astype({"u": np.int64, "v": np.int64, "length_km": np.float64}).assign(
        freeway=False
    )


def _with(edges: pd.DataFrame, added: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([edges, added], ignore_index=True).drop_duplicates(["u", "v"])


def _useful_components(
    nodes: NDArray[np.float64],
    edges: pd.DataFrame,
    shore: shapely.Geometry,
    water: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Drop crumbs and foreign islands: snapping to one would make a place look unreachable.

    In the lower 48 a piece is a crumb, whatever its size, unless water parts it from the rest.
    """
    _, label = _components(len(nodes), edges)
    domestic = shapely.contains_xy(shore, nodes[:, 1], nodes[:, 0])
    size, at_home = np.bincount(label), np.bincount(label, weights=domestic)
    useful: NDArray[np.bool_] = (size >= MIN_COMPONENT_NODES) & (at_home > 0)
    vectors = unit_vectors(nodes[:, 0], nodes[:, 1])
    main = np.flatnonzero(label == size.argmax())
    rest = np.flatnonzero((label != size.argmax()) & useful[label] & _within(nodes, (LOWER_48,)))
    _, nearest = cKDTree(vectors[main]).query(vectors[rest])
    dry = water_km(water, vectors[rest], vectors[main[nearest]]) <= WATER_LIMIT_KM
    useful[label[rest[dry]]] = False
    return useful[label]


def _z_order(nodes: NDArray[np.float64]) -> NDArray[np.intp]:
    """Neighbours on the map become neighbours in memory: searches run a fifth faster."""
    grid = ((nodes - nodes.min(axis=0)) / np.ptp(nodes, axis=0) * 65535).astype(np.uint64)
    code = np.zeros(len(nodes), dtype=np.uint64)
    for bit in range(16):
        for axis in (0, 1):
            one = (grid[:, axis] >> np.uint64(bit)) & np.uint64(1)
            code |= one << np.uint64(2 * bit + axis)
    return np.argsort(code, kind="stable")


def _densities(
    nodes: NDArray[np.float64], edges: pd.DataFrame, population: pd.DataFrame
) -> dict[str, NDArray[np.float32]]:
    """People per square kilometre around an edge, at each scale: mean over points along it."""
    people = population["population"].to_numpy(dtype=np.float64)
    tree = cKDTree(unit_vectors(population["lat"].to_numpy(), population["lon"].to_numpy()))
    vectors = unit_vectors(nodes[:, 0], nodes[:, 1])
    start, end = vectors[edges["u"]], vectors[edges["v"]]
    columns = {}
    for scale in DENSITY_SCALES_KM:
        total = np.zeros(len(edges))
        fractions = (0.1, 0.3, 0.5, 0.7, 0.9)
        for fraction in fractions:
            points = start + fraction * (end - start)
            sigma = scale / EARTH_RADIUS_KM
            near = cKDTree(points).sparse_distance_matrix(tree, 3 * sigma, output_type="coo_matrix")
            weight = people[near.col] * np.exp(-0.5 * (near.data / sigma) ** 2)
            total += np.bincount(near.row, weights=weight, minlength=len(edges))
        area = 2 * np.pi * scale**2
        columns[f"density_{scale:.0f}km"] = (
            (total / len(fractions) / area).round(2).astype(np.float32)
        )
    return columns


def _water_cells(shore: shapely.Geometry) -> pd.DataFrame:
    """Codes of the map cells near a coast whose centre is water (see `geo.network.water_code`)."""
    cell = WATER_CELL_DEGREES
    parts = shapely.get_parts(shore)
    codes: list[NDArray[np.int32]] = []
    band = shapely.union_all(shapely.buffer(shapely.boundary(parts), 0.25, quad_segs=2))
    shapely.prepare(band)
    shapely.prepare(shore)
    rows = np.arange(int(90 / cell), int((90 + 72) / cell))
    columns = (np.arange(int(360 / cell)) + 0.5) * cell - 180
    for row in rows:
        lat = np.full(len(columns), (row + 0.5) * cell - 90)
        near = shapely.contains_xy(band, columns, lat)
        index = np.flatnonzero(near)
        water = ~shapely.contains_xy(shore, columns[index], lat[index])
        codes.append((row * len(columns) + index[water]).astype(np.int32))
    return pd.DataFrame({"cell": np.concatenate(codes)})
