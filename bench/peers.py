"""The libraries we compare with, each used as its documentation recommends, on our own graph.

All of them get the same nodes, edges and minutes. They meet the graph at one node per point, the
nearest one, without cost: that is what their own functions do, and less work than our legs.
"""

from typing import Any, Final

import igraph  # type: ignore[import-untyped]  # ships no annotations
import numpy as np
import pandana  # type: ignore[import-untyped]  # ships no annotations
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

from geo.network import RoadNetwork
from geo.travel import Points

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BATCH: Final = 50
CATEGORY: Final = "centres"
SECONDS: Final = 60.0
"""Pandana cuts weights to thousandths: of a second, that is finer than ours."""


class Scipy:
    """Plain `scipy.sparse.csgraph.dijkstra`.

    Parameters
    ----------
    network : RoadNetwork
    """

    def __init__(self, network: RoadNetwork) -> None:
        n = len(network.lat)
        self.graph = csr_array(
            coo_array(
                (
                    np.r_[network.minutes, network.minutes],
                    (np.r_[network.u, network.v], np.r_[network.v, network.u]),
                ),
                shape=(n, n),
            )
        )

    def matrix(self, nodes: Ints) -> Floats:
        """Minutes from nodes to all nodes; one search for each, doubles included."""
        found: Floats = dijkstra(self.graph, indices=nodes)
        return found

    def reach(self, nodes: Ints, limit: float) -> int:
        """Search from nodes as far as a limit; the table of minutes is dense, so in batches."""
        found = 0
        for first in range(0, len(nodes), BATCH):
            table = dijkstra(self.graph, indices=nodes[first : first + BATCH], limit=limit)
            found += int(np.isfinite(table).sum())
        return found

    def nearest(self, nodes: Ints) -> Floats:
        """Minutes from all nodes to the nearest of some: one search from all of them."""
        found: Floats = dijkstra(self.graph, indices=nodes, min_only=True)
        return found


class Pandana:
    """Contraction hierarchies, prepared once; two threads where there are two cores.

    `precompute` is left out: it is for sums within a radius and does nothing for nearest points.

    Parameters
    ----------
    network : RoadNetwork
    limit_minutes : float
        How far to search. Pandana wants a limit, and searches longer the higher it is: the lowest
        one that still answers for every origin is the fairest.
    """

    def __init__(self, network: RoadNetwork, limit_minutes: float) -> None:
        self.limit_minutes = limit_minutes
        self.network = pandana.Network(
            pd.Series(network.lon),
            pd.Series(network.lat),
            pd.Series(network.u),
            pd.Series(network.v),
            pd.DataFrame({"seconds": network.minutes * SECONDS}),
        )

    def snap(self, points: Points) -> Ints:
        """Nearest node of each point; also used for the other peers."""
        found = self.network.get_node_ids(pd.Series(points.lon), pd.Series(points.lat))
        nodes: Ints = found.to_numpy(np.int64)
        return nodes

    def nearest(self, sites: Points, origins: Ints, *, names: bool) -> Floats:
        """Minutes from origins to the nearest site: register the sites, ask, look origins up.

        Parameters
        ----------
        sites : Points
            Snapped inside.
        origins : ndarray
            Nodes, snapped beforehand.
        names : bool
            Also find which site it is.
        """
        limit = self.limit_minutes * SECONDS
        self.network.set_pois(CATEGORY, limit, 1, pd.Series(sites.lon), pd.Series(sites.lat))
        found = self.network.nearest_pois(
            limit, CATEGORY, num_pois=1, max_distance=np.inf, include_poi_ids=names
        )
        minutes: Floats = found[1].to_numpy()[origins] / SECONDS
        return minutes

    def matrix(self, sites: Ints, origins: Ints) -> Floats:
        """Minutes from every site to every origin, pair by pair as pandana does it."""
        lengths = self.network.shortest_path_lengths(
            np.repeat(sites, len(origins)), np.tile(origins, len(sites))
        )
        return np.reshape(lengths, (len(sites), len(origins))) / SECONDS


class Igraph:
    """Dijkstra's algorithm in C.

    Parameters
    ----------
    network : RoadNetwork
    """

    def __init__(self, network: RoadNetwork) -> None:
        self.super_source = len(network.lat)
        self.graph: Any = igraph.Graph(
            n=self.super_source + 1, edges=np.stack([network.u, network.v], axis=1)
        )
        self.graph.es["minutes"] = network.minutes.tolist()

    def nearest(self, sites: Ints, origins: Ints) -> Floats:
        """Minutes from origins to the nearest site, from one more node joined to all sites."""
        first = self.graph.ecount()
        nodes = np.unique(sites)
        self.graph.add_edges([(self.super_source, int(node)) for node in nodes])
        self.graph.es[first:]["minutes"] = 0.0
        found = self.graph.distances(source=[self.super_source], weights="minutes")[0]
        self.graph.delete_edges(range(first, first + len(nodes)))
        minutes: Floats = np.asarray(found)[origins]
        return minutes

    def matrix(self, sites: Ints, origins: Ints) -> Floats:
        """Minutes from every site to every origin."""
        nodes, back = np.unique(origins, return_inverse=True)
        sources, which = np.unique(sites, return_inverse=True)
        found = self.graph.distances(
            source=sources.tolist(), target=nodes.tolist(), weights="minutes"
        )
        return np.asarray(found)[which][:, back]
