"""Shortest paths over a road graph in compiled loops; other threads run meanwhile.

Weights are packed (see `geo.network.pack`): sums of them are exact, so the order in which ways are
tried changes no bit of the outcome. Nodes wait in slots of time instead of in a heap; a slot is
emptied in any order, and a node that gets a better way while it is emptied comes again.
"""

from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from geo.compiled import compiled
from geo.network import (
    DISTANCE_BITS,
    METRES_PER_KM,
    TICKS_PER_MINUTE,
    Access,
    Floats,
    Ints,
    RoadNetwork,
)

SLOT: Final = 0.1 * TICKS_PER_MINUTE * DISTANCE_BITS
"""Packed weight that shares a slot: six seconds."""

Marks = NDArray[np.int32]
Narrow = NDArray[np.float32]


class Graph(NamedTuple):
    """Edges from each node: those of node i are `indptr[i]:indptr[i + 1]`.

    Attributes
    ----------
    indptr, head : ndarray of int32
        Where the edges of a node begin, and where they lead.
    weight : ndarray
        Packed.
    longest : float
        Largest weight.
    """

    indptr: Marks
    head: Marks
    weight: Floats
    longest: float


class Legs(NamedTuple):
    """Legs from points to nodes: those of point i are `indptr[i]:indptr[i + 1]`."""

    indptr: Ints
    node: Ints
    weight: Floats


_GRAPHS: Final[WeakKeyDictionary[RoadNetwork, Graph]] = WeakKeyDictionary()


def graph_of(network: RoadNetwork) -> Graph:
    """Give the graph of a network; made once."""
    if (known := _GRAPHS.get(network)) is not None:
        return known
    graph = network.graph
    made = _GRAPHS[network] = Graph(
        graph.indptr.astype(np.int32, copy=False),
        graph.indices.astype(np.int32, copy=False),
        graph.data,
        float(graph.data.max(initial=0.0)),
    )
    return made


def legs_of(access: Access) -> Legs:
    """Give the legs of points."""
    return Legs(
        access.indptr.astype(np.int64, copy=False),
        access.node.astype(np.int64, copy=False),
        access.weight,
    )


class Queue(NamedTuple):
    """Nodes that wait, in a ring of slots; nodes of a slot are linked both ways.

    Attributes
    ----------
    first : ndarray of int32, shape (slots,)
        First node of each slot, or -1.
    after, before : ndarray of int32, shape (nodes,)
        Neighbours in the slot, or -1.
    slot : ndarray of int32, shape (nodes,)
        Where each node waits, or -1.
    """

    first: Marks
    after: Marks
    before: Marks
    slot: Marks


class Wanted(NamedTuple):
    """Points to which the ways are wanted: `first` to `stop` of these; none of them for all."""

    legs: Legs
    first: int
    stop: int


@compiled
def _leave(queue: Queue, node: int) -> None:
    """Take a waiting node out of its slot."""
    after, before = queue.after[node], queue.before[node]
    if before >= 0:
        queue.after[before] = after
    else:
        queue.first[queue.slot[node]] = after
    if after >= 0:
        queue.before[after] = before
    queue.slot[node] = -1


@compiled
def _enter(queue: Queue, node: int, weight: float) -> None:
    """Let a node wait in the slot of its weight."""
    slot = int(weight / SLOT) % len(queue.first)
    head = queue.first[slot]
    if head >= 0:
        queue.before[head] = node
    queue.slot[node], queue.after[node], queue.before[node] = slot, head, -1
    queue.first[slot] = node


@compiled
def _queue_of(graph: Graph, sources: Legs) -> Queue:
    """Make room for all that wait at one time: within the longest edge, or leg, of one another."""
    longest = graph.longest
    for weight in sources.weight:
        longest = max(longest, weight)
    nodes = len(graph.indptr) - 1
    return Queue(
        np.full(int(longest / SLOT) + 2, -1, np.int32),
        np.empty(nodes, np.int32),
        np.empty(nodes, np.int32),
        np.full(nodes, -1, np.int32),
    )


@compiled
def _best(legs: Legs, point: int, least: Floats) -> float:
    """Find the least weight to a point over its legs."""
    best = np.inf
    for e in range(legs.indptr[point], legs.indptr[point + 1]):
        best = min(best, least[legs.node[e]] + legs.weight[e])
    return best


@compiled
def _all_within(wanted: Wanted, least: Floats, limit: float) -> bool:
    """Whether the points wanted have been reached by ways no longer than a limit."""
    legs = wanted.legs
    for point in range(wanted.first, wanted.stop):
        if legs.indptr[point] < legs.indptr[point + 1] and _best(legs, point, least) > limit:
            return False
    return True


@compiled
def _spread(
    graph: Graph,
    legs: Legs,
    point: int,
    limit: float,
    queue: Queue,
    least: Floats,
    wanted: Wanted,
) -> None:
    """Lower the weights of the nodes, shape (nodes,), to those of the ways from a point.

    Ways longer than the limit are left out. Where points are wanted, the search goes only so far
    that the least weights to them are right.
    """
    waiting, lowest = 0, np.inf
    for e in range(legs.indptr[point], legs.indptr[point + 1]):
        node, weight = legs.node[e], legs.weight[e]
        # A point has one leg to a node.
        if weight <= limit and weight < least[node]:
            least[node] = weight
            _enter(queue, node, weight)
            waiting += 1
            lowest = min(lowest, weight)
    if waiting == 0:
        return
    slots = len(queue.first)
    now = int(lowest / SLOT) % slots
    reached = float(int(lowest / SLOT)) * SLOT  # nothing that waits weighs less
    while waiting > 0:
        node = queue.first[now]
        if node < 0:
            now = now + 1 if now + 1 < slots else 0
            reached += SLOT
            # No way still to be found is shorter than what has been reached.
            if wanted.first < wanted.stop and _all_within(wanted, least, reached):
                queue.first.fill(-1)
                queue.slot.fill(-1)
                return
            continue
        _leave(queue, node)
        waiting -= 1
        here = least[node]
        for e in range(graph.indptr[node], graph.indptr[node + 1]):
            head, weight = graph.head[e], here + graph.weight[e]
            if weight < least[head] and weight <= limit:
                if queue.slot[head] >= 0:
                    _leave(queue, head)
                else:
                    waiting += 1
                least[head] = weight
                _enter(queue, head, weight)


@compiled
def lengths(graph: Graph, origins: Legs, sites: Legs, limit: float) -> Floats:
    """Packed weights of the ways from sites to origins over the graph.

    Parameters
    ----------
    graph : Graph
        Undirected.
    origins, sites : Legs
        Of n and m points, to different nodes for each point.
    limit : float
        Ways over nodes that are farther may be left out.

    Returns
    -------
    ndarray, shape (m, n)
        inf where there is none.
    """
    n, m = len(origins.indptr) - 1, len(sites.indptr) - 1
    queue, least = _queue_of(graph, sites), np.empty(len(graph.indptr) - 1)
    everything = Wanted(origins, 0, 0)
    found = np.empty((m, n))
    for site in range(m):
        least.fill(np.inf)
        _spread(graph, sites, site, limit, queue, least, everything)
        for origin in range(n):
            found[site, origin] = _best(origins, origin, least)
    return found


@compiled
def trips(graph: Graph, origins: Legs, destinations: Legs, first: Ints) -> Floats:
    """Packed weights of the ways between paired points over the graph.

    Parameters
    ----------
    graph : Graph
        Undirected.
    origins, destinations : Legs
        Of m and n points, to different nodes for each point.
    first : ndarray of int, shape (m + 1,)
        Destinations `first[i]` to `first[i + 1]` are those of origin i.

    Returns
    -------
    ndarray, shape (n,)
        inf where there is none.
    """
    queue, least = _queue_of(graph, origins), np.empty(len(graph.indptr) - 1)
    found = np.empty(len(destinations.indptr) - 1)
    for origin in range(len(origins.indptr) - 1):
        wanted = Wanted(destinations, first[origin], first[origin + 1])
        least.fill(np.inf)
        _spread(graph, origins, origin, np.inf, queue, least, wanted)
        for point in range(wanted.first, wanted.stop):
            found[point] = _best(destinations, point, least)
    return found


@compiled
def closer(graph: Graph, origins: Legs, sites: Legs, junctions: Floats) -> Floats:
    """Packed weights from origins after sites are added to others.

    Parameters
    ----------
    graph : Graph
        Undirected.
    origins, sites : Legs
        Of n and m points, to different nodes for each point.
    junctions : ndarray, shape (nodes,)
        Packed weight of every node to the nearest site; lowered in place. Where a new site is no
        nearer, nothing beyond is looked at.

    Returns
    -------
    ndarray, shape (n,)
        inf where there is no way.
    """
    queue, everything = _queue_of(graph, sites), Wanted(origins, 0, 0)
    for site in range(len(sites.indptr) - 1):
        _spread(graph, sites, site, np.inf, queue, junctions, everything)
    found = np.empty(len(origins.indptr) - 1)
    for origin in range(len(found)):
        found[origin] = _best(origins, origin, junctions)
    return found


@compiled
def within(weight: Floats, limit: np.float32) -> tuple[Ints, Marks, Narrow, Narrow]:
    """List the ways that take no longer than a limit, site by site.

    Parameters
    ----------
    weight : ndarray, shape (m, n)
        Packed; inf where there is none.
    limit : float32
        Minutes.

    Returns
    -------
    count : ndarray of int, shape (m,)
        Ways of each site.
    origin : ndarray of int32, shape (k,)
        Increasing for each site.
    minutes, distance_km : ndarray of float32, shape (k,)
    """
    m, n = weight.shape
    count = np.zeros(m, np.int64)
    origin = np.empty(m * n, np.int32)
    minutes, km = np.empty(m * n, np.float32), np.empty(m * n, np.float32)
    at = 0
    for site in range(m):
        for i in range(n):
            if weight[site, i] < np.inf:
                ticks = np.floor(weight[site, i] / DISTANCE_BITS)
                time = np.float32(ticks / TICKS_PER_MINUTE)
                if time <= limit:
                    metres = weight[site, i] - ticks * DISTANCE_BITS
                    origin[at], minutes[at] = i, time
                    km[at] = np.float32(metres / METRES_PER_KM)
                    at += 1
                    count[site] += 1
    return count, origin[:at].copy(), minutes[:at].copy(), km[:at].copy()
