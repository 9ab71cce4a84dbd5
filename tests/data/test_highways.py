"""Mending the road graph, on graphs of a few junctions along the equator."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from data import load
from data.adapters import highways
from geo.network import great_circle_km, unit_vectors

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
    nodes = np.array([[0, 0], [0, 0.08], [0, 0.1], [0, 0.016], [0, 0.04]])
    edges = edges_of((0, 1, 10.0, True), (1, 2, 4.0, False))
    cut = highways._split(nodes, edges, np.array([0, 0]), np.array([0.5, 0.2]), np.array([4, 3]))
    assert rows_of(cut) == [(0, 3, 2.0), (1, 2, 4.0), (1, 4, 5.0), (3, 4, 3.0)]
    assert cut.set_index(["u", "v"])["freeway"].to_dict() == {
        (0, 3): True, (3, 4): True, (1, 4): True, (1, 2): False,
    }  # fmt: skip


def test_no_piece_is_shorter_than_the_straight_line_to_a_junction_beside_the_chord():
    nodes = np.array([[0, 0], [0, 0.09], [0.009, 0.0]])
    edges = edges_of((0, 1, 0.09 * DEGREE_KM, False))
    cut = highways._split(nodes, edges, np.array([0]), np.array([0.0]), np.array([2]))
    assert rows_of(cut) == [(0, 2, 1.001), (1, 2, round(np.hypot(0.09, 0.009) * DEGREE_KM, 3))]


def test_a_road_laid_by_hand_meets_the_road_that_passes_near_and_no_other():
    nodes, edges = np.array([[0, 0], [0, 0.4]]), edges_of((0, 1, 0.4 * DEGREE_KM, False))
    near, far = np.array([0.03, 0.2]), np.array([0.06, 0.2])
    found, split, new, met = highways._attach(nodes, edges, near)
    assert met
    assert new == 2
    assert len(found) == 3
    assert [row[:2] for row in rows_of(split)] == [(0, 2), (1, 2)]
    found, same, new, met = highways._attach(nodes, edges, far)
    assert not met
    assert new == 2
    assert rows_of(same) == rows_of(edges)
    # Later another road is laid past the loose end.
    nodes = np.concatenate([found, [[0.07, 0.1], [0.07, 0.3], [0.5, 0.2]]])
    edges = edges_of((0, 1, 44.5, False), (2, 5, 48.9, False), (3, 4, 22.2, False))
    tied = highways._tied(nodes, edges, new)
    assert [row[:2] for row in rows_of(tied)] == [(2, 3), (2, 4)]
    assert tied["length_km"].tolist() == pytest.approx([12.4, 12.4], abs=0.1)
    assert highways._tied(nodes, edges.iloc[:2], new).empty


def test_a_dead_end_is_led_on_unless_one_knows_that_it_is_one():
    # Two roads along a gap of 6 km, joined only far to the west.
    nodes = np.array([[0, 0], [0, 0.5], [0.054, 0], [0.054, 0.5]])
    edges = edges_of((0, 1, 55.6, False), (0, 2, 6.0, False), (2, 3, 55.6, False))
    people = pd.DataFrame({"lat": [0.03], "lon": [0.5], "population": [10]})
    water = np.empty(0, np.int64)
    found = highways._dead_end_links(nodes, edges, people, water, [])
    assert [pair[:2] for pair in found] == [(1, 3)]
    assert highways._dead_end_links(nodes, edges, people, water, [3]) == []


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


def test_no_edge_is_shorter_than_the_straight_line_between_its_ends():
    nodes, edges = load.road_nodes(), load.road_edges()
    vectors = unit_vectors(nodes["lat"].to_numpy(np.float64), nodes["lon"].to_numpy(np.float64))
    straight_km = great_circle_km(vectors[edges["u"]], vectors[edges["v"]])
    # A state route may meet a junction at each end, so far off.
    assert (straight_km - edges["length_km"]).max() <= 2 * highways.ROUTE_NODE_KM
