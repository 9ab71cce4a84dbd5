"""Mending the road graph, on graphs of a few junctions along the equator."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from data import load
from data.adapters import highways

DEGREE_KM = 111.195


def edges_of(*rows: tuple[int, int, float, bool]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows), columns=["u", "v", "length_km", "freeway"])
    return table.astype({"u": np.int64, "v": np.int64})


def rows_of(edges: pd.DataFrame) -> list[tuple[int, int, float]]:
    listed = edges.sort_values(["u", "v"])
    return [
        (int(u), int(v), round(float(km), 3))
        for u, v, km in zip(listed["u"], listed["v"], listed["length_km"], strict=True)
    ]


def test_an_edge_is_cut_where_roads_meet_it_and_keeps_its_length_and_class():
    edges = edges_of((0, 1, 10.0, True), (1, 2, 4.0, False))
    cut = highways._split(edges, np.array([0, 0]), np.array([0.5, 0.2]), np.array([4, 3]))
    assert rows_of(cut) == [(0, 3, 2.0), (1, 2, 4.0), (1, 4, 5.0), (3, 4, 3.0)]
    assert cut.set_index(["u", "v"])["freeway"].to_dict() == {
        (0, 3): True, (3, 4): True, (1, 4): True, (1, 2): False,
    }  # fmt: skip


def test_a_state_route_joins_the_junction_and_the_edge_that_it_meets():
    nodes = np.array([[0.0, 0.0], [0.0, 0.4], [0.2, 0.0], [0.2, 0.4]])
    edges = edges_of((0, 1, 44.5, False), (2, 3, 44.5, False))
    routes = pd.DataFrame(
        {
            "course": [1, 1, 1],
            "lat": [0.001, 0.1, 0.199], "lon": [0.0, 0.1, 0.2],
            "length_km": [0.0, 16.0, 17.0],
        }
    )  # fmt: skip
    found, mended = highways._lay_routes(nodes, edges, routes)
    assert found[4:].tolist() == [[0.1, 0.1], [0.199, 0.2]]
    assert rows_of(mended) == [
        (0, 1, 44.5), (0, 4, 16.0), (2, 5, 22.25), (3, 5, 22.25), (4, 5, 17.0),
    ]  # fmt: skip


def test_points_where_nothing_meets_are_left_out_if_the_road_goes_straight_on():
    nodes = np.array([[0.0, 0.0], [0.0, 0.02], [0.0, 0.04], [0.02, 0.06], [0.0, 0.08], [0.0, 0.1]])
    edges = edges_of(
        (0, 1, 2.3, False), (1, 2, 2.3, False), (2, 3, 3.3, False), (3, 4, 3.3, False),
        (4, 5, 2.3, True),
    )  # fmt: skip
    found, kept = highways._without_plain_nodes(nodes, edges)
    assert found.tolist() == [[0.0, 0.0], [0.0, 0.04], [0.02, 0.06], [0.0, 0.08], [0.0, 0.1]]
    assert rows_of(kept) == [(0, 1, 4.6), (1, 2, 3.3), (2, 3, 3.3), (3, 4, 2.3)]
    assert kept["length_km"].sum() == pytest.approx(edges["length_km"].sum())


def test_a_road_that_is_long_between_its_junctions_keeps_points_to_enter_it_by():
    lon = np.arange(0, 1.0, 0.05)
    nodes = np.stack([np.zeros(len(lon)), lon], axis=1)
    step = 0.05 * DEGREE_KM
    edges = edges_of(*((i, i + 1, step, False) for i in range(len(lon) - 1)))
    _, kept = highways._without_plain_nodes(nodes, edges)
    assert kept["length_km"].max() <= highways.PLAIN_EDGE_KM
    assert len(kept) < len(edges)
    assert kept["length_km"].sum() == pytest.approx(step * len(edges))


def test_no_road_of_the_lower_48_hangs_in_the_air():
    nodes, edges = load.road_nodes(), load.road_edges()
    graph = coo_array(
        (np.ones(len(edges)), (edges["u"], edges["v"])), shape=(len(nodes), len(nodes))
    )
    label = connected_components(graph, directed=False)[1]
    lower = nodes["lat"].between(24.4, 49.0) & nodes["lon"].between(-125, -66.9)
    assert len(set(label[lower])) == 1
