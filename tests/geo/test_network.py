"""The road network: packing, access legs, shortest paths, barriers and ties."""

import heapq

import numpy as np
import pandas as pd
import pytest
import scipy
from hypothesis import given
from hypothesis import strategies as st

from geo import search, travel
from geo.errors import InputError
from geo.network import (
    RoadNetwork,
    RoadParameters,
    density_mix,
    great_circle_km,
    pack,
    unit_vectors,
    unpack,
    water_code,
    water_km,
)
from geo.travel import MAX_WAY_SITES, NO_WAY, Points, Road, nearest_way, way_minutes

FLAT = RoadParameters(
    freeway_chord=1.0,
    road_chord=1.0,
    freeway_open_kmh=120.0,
    freeway_dense_kmh=120.0,
    road_open_kmh=60.0,
    road_dense_kmh=60.0,
    off_factor=1.0,
    off_open_kmh=30.0,
    off_dense_kmh=30.0,
    terminal_minutes=0.0,
    direct_limit_km=0.0,
)
"""Round numbers: a kilometre of road is a minute, of freeway half one, off the road two."""

KM = 360 / (2 * np.pi * 6371.0088)
"""Degrees of longitude in a kilometre on the equator."""


def line_network(**changes):
    """Nodes at 0, 10, 20 and 30 km on the equator; the last edge is a freeway; an island beyond."""
    lon = np.array([0, 10, 20, 30, 500, 510]) * KM
    values = {
        "lat": np.zeros(6),
        "lon": lon,
        "u": np.array([0, 1, 2, 4]),
        "v": np.array([1, 2, 3, 5]),
        "length_km": np.full(4, 10.0),
        "density": np.zeros(4),
        "freeway": np.array([False, False, True, False]),
        "wide_density": np.zeros(4),
    }
    return RoadNetwork(**values, parameters=FLAT, **changes)


def at(*km, lat=0.0):
    return Points(np.full(len(km), lat), np.array(km) * KM)


@given(
    minutes=st.floats(0, 5000),
    km=st.floats(0, 8000),
    more_minutes=st.floats(0, 5000),
    more_km=st.floats(0, 8000),
)
def test_packed_weights_add_exactly(minutes, km, more_minutes, more_km):
    total = pack(np.array([minutes]), np.array([km])) + pack(
        np.array([more_minutes]), np.array([more_km])
    )
    back_minutes, back_km = unpack(total)
    assert back_minutes[0] == pytest.approx(minutes + more_minutes, abs=2 / 6000)
    assert back_km[0] == pytest.approx(km + more_km, abs=0.0011)


def test_packed_infinity_stays_infinity():
    minutes, km = unpack(np.array([np.inf]))
    assert minutes[0] == np.inf
    assert km[0] == np.inf


def test_trip_along_the_line_counted_on_paper():
    # From km 0 to km 30: two roads of 10 km at a minute a km, a freeway of 10 km at half of that.
    trip = Road(line_network()).trips(at(0), at(30))
    assert trip.minutes[0] == pytest.approx(10 + 10 + 5, abs=0.01)
    assert trip.distance_km[0] == pytest.approx(30, abs=0.01)
    assert trip.status[0] == "ok"


def test_off_road_leg_goes_to_the_nearest_place_of_the_edge():
    # 3 km north of km 5: six minutes to the road at half the speed, five along to km 0.
    trip = Road(line_network()).trips(Points(np.array([3 * KM]), np.array([5 * KM])), at(0))
    assert trip.minutes[0] == pytest.approx(6 + 5, abs=0.02)
    assert trip.distance_km[0] == pytest.approx(3 + 5, abs=0.02)


def test_two_places_on_one_edge_do_not_go_round_by_its_ends():
    trip = Road(line_network()).trips(at(4), at(6))
    assert trip.minutes[0] == pytest.approx(2, abs=0.01)


def test_an_island_is_unreachable_and_a_place_without_coordinates_is_no_data():
    origins = Points(np.array([0.0, np.nan]), np.array([0.0, 0.0]))
    trip = Road(line_network()).trips(origins, at(505, 505))
    assert trip.minutes[0] == np.inf
    assert np.isnan(trip.minutes[1])
    assert trip.status.tolist() == ["unreachable", "no_data"]


def test_a_place_too_far_from_any_road_is_unreachable():
    far = Points(np.array([100 * KM]), np.array([5 * KM]))
    assert Road(line_network()).trips(far, at(0)).status[0] == "unreachable"


def test_a_roadless_place_reaches_only_nothing():
    network = line_network(roadless=np.array([[0.0, 5 * KM, 1.0]]))
    trips = Road(network).trips(at(5, 8), at(0, 0))
    assert trips.status.tolist() == ["unreachable", "ok"]


def test_water_bars_the_direct_way_but_not_the_road():
    parameters = RoadParameters(direct_limit_km=50, water_limit_km=2.0)
    # Two roads that run side by side 8 km apart and meet only far to the east.
    lat = np.array([0, 0, 8, 8]) * KM
    lon = np.array([0, 60, 0, 60]) * KM
    columns = {
        "lat": lat,
        "lon": lon,
        "u": np.array([0, 2, 1]),
        "v": np.array([1, 3, 3]),
        "length_km": np.array([60.0, 60.0, 8.0]),
        "density": np.zeros(3),
        "freeway": np.zeros(3, bool),
        "wide_density": np.zeros(3),
    }
    between = np.unique(
        water_code(np.linspace(2, 6, 50).repeat(20) * KM, np.tile(np.linspace(-5, 5, 20), 50) * KM)
    )
    origin, destination = Points(lat[:1], lon[:1]), Points(lat[2:3], lon[2:3])
    dry = Road(RoadNetwork(**columns, parameters=parameters))
    wet = Road(RoadNetwork(**columns, parameters=parameters, water=between))
    assert dry.trips(origin, destination).distance_km[0] < 15
    assert wet.trips(origin, destination).distance_km[0] > 100


def test_water_km_measures_the_wet_part_of_a_line():
    lat, lon = np.array([0.01]), np.array([0.01])
    cells = np.sort(water_code(np.full(5, 0.01), 0.01 + 0.02 * np.arange(5)))
    start = unit_vectors(lat, lon)
    end = unit_vectors(lat, lon + 0.18)
    # Five wet cells of 0.02 degrees, the first entered half way: 0.09 of 0.18 degrees.
    assert water_km(cells, start, end)[0] == pytest.approx(10.0, abs=1.2)
    assert water_km(np.empty(0, np.int64), start, end)[0] == 0


def test_equally_near_sites_go_to_the_lowest_number():
    nearest = Road(line_network()).nearest(at(10), at(20, 0, 20))
    assert nearest.minutes[0] == pytest.approx(10, abs=0.01)
    assert nearest.site[0] == 0
    again = Road(line_network()).nearest(at(10), at(0, 20, 0))
    assert again.site[0] == 0


def test_density_mix_is_half_way_at_half():
    assert density_mix(np.array([0.0, 100.0, 1e12]), 100.0, 110.0, 50.0) == pytest.approx(
        [110.0, 80.0, 50.0]
    )


def test_bad_graphs_list_every_problem():
    with pytest.raises(InputError) as caught:
        RoadNetwork(
            np.zeros(2),
            np.zeros(2),
            np.array([0]),
            np.array([5]),
            np.array([-1.0]),
            np.array([np.nan]),
            np.array([False]),
            np.array([0.0]),
            parameters=FLAT,
        )
    assert len(caught.value.problems) == 3


def random_network(seed, n=40):
    rng = np.random.default_rng(seed)
    lat, lon = rng.uniform(30, 31, n), rng.uniform(-91, -90, n)
    u, v = rng.integers(0, n, 70), rng.integers(0, n, 70)
    pairs = np.unique(np.sort(np.stack([u, v], 1)[u != v], axis=1), axis=0)
    vectors = unit_vectors(lat, lon)
    km = great_circle_km(vectors[pairs[:, 0]], vectors[pairs[:, 1]]) + 0.1
    return RoadNetwork(
        lat,
        lon,
        pairs[:, 0],
        pairs[:, 1],
        km,
        rng.uniform(0, 3000, len(pairs)),
        rng.random(len(pairs)) < 0.3,
        rng.uniform(0, 2000, len(pairs)),
        parameters=RoadParameters(),
    )


def plain_dijkstra(network, start):
    """Textbook Dijkstra over (ticks, metres) pairs: the slow oracle."""
    ticks = np.rint(network.minutes * 6000).astype(int)
    metres = np.rint(network.length_km * 1000).astype(int)
    around = {}
    for a, b, t, m in zip(network.u, network.v, ticks, metres, strict=True):
        around.setdefault(int(a), []).append((int(b), int(t), int(m)))
        around.setdefault(int(b), []).append((int(a), int(t), int(m)))
    best = {}
    queue = [(t, m, node) for node, t, m in start]
    heapq.heapify(queue)
    while queue:
        t, m, node = heapq.heappop(queue)
        if node in best:
            continue
        best[node] = (t, m)
        for other, dt, dm in around.get(node, ()):
            if other not in best:
                heapq.heappush(queue, (t + dt, m + dm, other))
    return best


@pytest.mark.parametrize("seed", range(8))
def test_search_equals_a_plain_dijkstra(seed):
    network = random_network(seed)
    rng = np.random.default_rng(seed + 100)
    access = network.access(rng.uniform(30, 31, 3), rng.uniform(-91, -90, 3))
    found = network.search(access)
    for point in range(3):
        legs = slice(access.indptr[point], access.indptr[point + 1])
        start = [
            (int(node), int(w // 2**26), int(w % 2**26))
            for node, w in zip(access.node[legs], access.weight[legs], strict=True)
        ]
        best = plain_dijkstra(network, start)
        for node in range(len(network.lat)):
            if node in best:
                ticks, metres = best[node]
                assert found[point, node] == ticks * 2**26 + metres
            else:
                assert found[point, node] == np.inf


@pytest.mark.parametrize("seed", range(20))
def test_nearest_of_some_sites_by_their_ways_is_exactly_the_search(seed):
    road = Road(random_network(seed))
    rng = np.random.default_rng(seed + 300)
    lat, lon = rng.uniform(30, 31, 40), rng.uniform(-91, -90, 40)
    lat[3], lon[7] = np.nan, np.nan  # nobody knows where
    lat[11], lon[11] = 60.0, -150.0  # far from every road
    origins = Points(lat, lon)
    # Two sites at one place, one on an origin, one that nobody can reach, one unknown.
    places = rng.uniform([30, -91], [31, -90], (9, 2))
    places[5], places[6], places[7], places[8] = places[2], (lat[0], lon[0]), (60, 150), np.nan
    sites = Points(places[:, 0].copy(), places[:, 1].copy())
    ways = road.ways(origins, sites)
    for some in (np.arange(9), *(np.flatnonzero(rng.random(9) < share) for share in (0.2, 0.5))):
        searched = road.nearest(origins, sites.take(some))
        looked_up = nearest_way(ways, some, origins)
        for name in ("minutes", "distance_km", "site"):
            expected = getattr(searched, name)
            np.testing.assert_array_equal(getattr(looked_up, name), expected, err_msg=name)
    matrix = road.matrix(origins, sites.take(np.arange(8)))  # those that are known
    table = way_minutes(ways, np.arange(8), origins)
    np.testing.assert_array_equal(table, matrix.minutes.T)


@pytest.mark.parametrize("seed", range(10))
def test_nearest_way_against_brute_force(seed):
    rng = np.random.default_rng(seed)
    m, n = rng.integers(1, 40), 50
    # Few different values, so that minutes, and minutes with kilometres, tie often.
    weight = pack(rng.integers(0, 4, (m, n)) / 6000, rng.integers(0, 3, (m, n)) / 1000)
    weight[rng.random((m, n)) < 0.3] = np.inf
    weight[:, 4] = np.inf
    lat = np.zeros(n)
    lat[9] = np.nan
    origins = Points(lat, np.zeros(n))
    with np.errstate(invalid="ignore"):
        number = (weight * MAX_WAY_SITES + np.arange(m)[:, None]).astype(np.int64)
    some = np.flatnonzero(rng.random(m) < 0.6)
    found = nearest_way(np.where(np.isfinite(weight), number, NO_WAY), some, origins)
    for i in range(n):
        ways = [(weight[row, i], position) for position, row in enumerate(some)]
        least, site = min([way for way in ways if np.isfinite(way[0])], default=(np.inf, -1))
        minutes, km = unpack(np.array([least]))
        if i == 9:
            minutes, km, site = [np.nan], [np.nan], -1
        np.testing.assert_array_equal(found.minutes[i], minutes[0])
        np.testing.assert_array_equal(found.distance_km[i], km[0])
        assert found.site[i] == site


def test_too_many_sites_for_a_table_of_ways():
    road = Road(random_network(0))
    many = np.zeros(MAX_WAY_SITES + 1)
    with pytest.raises(InputError, match="1025 sites"):
        road.ways(Points(many[:1], many[:1]), Points(many, many))


@pytest.mark.parametrize("seed", range(8))
def test_nearest_equals_the_least_of_the_matrix(seed):
    road = Road(random_network(seed))
    rng = np.random.default_rng(seed + 200)
    origins = Points(rng.uniform(30, 31, 30), rng.uniform(-91, -90, 30))
    sites = Points(rng.uniform(30, 31, 6), rng.uniform(-91, -90, 6))
    nearest = road.nearest(origins, sites)
    matrix = road.matrix(origins, sites)
    assert nearest.minutes == pytest.approx(matrix.minutes.min(axis=1), rel=1e-6)
    trips = road.trips(
        Points(origins.lat.repeat(6), origins.lon.repeat(6)),
        Points(np.tile(sites.lat, 30), np.tile(sites.lon, 30)),
    )
    assert trips.minutes.reshape(30, 6) == pytest.approx(matrix.minutes, rel=1e-6)
    assert trips.distance_km.reshape(30, 6) == pytest.approx(matrix.distance_km, rel=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_sites_added_one_by_one_are_exactly_all_sites_together(seed):
    road = Road(random_network(seed))
    rng = np.random.default_rng(seed + 500)
    places = rng.uniform([30, -91], [31, -90], (60, 2))
    places[3], places[4] = np.nan, (60, -150)  # nobody knows where; far from every road
    sites = places[rng.integers(0, 60, 9)].copy()  # some of them on an origin
    sites[4] = sites[1]  # two at one place: the first keeps its people
    sites[6] = 60, -150
    origins, sites = Points(*places.T.copy()), Points(*sites.T.copy())
    for first in (1, 3):
        known = road.serve(origins, sites.take(np.arange(first)))
        for number in range(first, 9):
            known = road.add(known, sites.take(np.array([number])))
            together = road.serve(origins, sites.take(np.arange(number + 1)))
            assert known.sites == number + 1
            for name in ("weight", "site", "junctions"):
                added, expected = getattr(known, name), getattr(together, name)
                np.testing.assert_array_equal(added, expected, err_msg=name)
    nearest = road.nearest(origins, sites)
    for name in ("minutes", "distance_km", "site"):
        np.testing.assert_array_equal(getattr(known.nearest, name), getattr(nearest, name))


def test_sites_are_added_one_at_a_time():
    road = Road(line_network())
    known = road.serve(at(5, 15), at(0))
    with pytest.raises(InputError, match="one at a time, got 2"):
        road.add(known, at(10, 20))


@pytest.mark.parametrize("seed", range(8))
def test_many_trips_in_compiled_loops_are_exactly_the_searches(seed, monkeypatch):
    road = Road(random_network(seed))
    rng = np.random.default_rng(seed + 400)
    places = rng.uniform([30, -91], [31, -90], (90, 2))
    places[3], places[4] = np.nan, (60, -150)  # nobody knows where; far from every road
    # Some origins lead to many places, some to one, in no order.
    rows = rng.integers(0, 90, (200, 2)) // np.array([rng.integers(1, 4), 1])
    origins, ends = (Points(*places[column].T.copy()) for column in rows.T)
    answers = []
    for few in (0, 1000):
        monkeypatch.setattr(travel, "FEW_ORIGINS", few)
        answers.append(road.trips(origins, ends))
    for name in ("minutes", "distance_km", "straight_km", "status"):
        compiled, searched = (getattr(answer, name) for answer in answers)
        np.testing.assert_array_equal(compiled, searched, err_msg=name)
    assert set(answers[0].status) == {"ok", "unreachable", "no_data"}


@pytest.mark.parametrize("seed", range(12))
def test_a_trip_is_not_done_before_its_way_is_the_shortest(seed):
    # Edges of very different weights: what is found first is often not the best.
    rng = np.random.default_rng(seed)
    nodes, points = 60, 12
    dense = np.triu(rng.random((nodes, nodes)) < 0.15, 1) * rng.pareto(0.5, (nodes, nodes))
    dense = np.minimum(np.rint(dense * search.SLOT), 5000 * search.SLOT)
    network = scipy.sparse.csr_array(dense + dense.T)
    indptr, heads = network.indptr.astype(np.int32), network.indices.astype(np.int32)
    graph = search.Graph(indptr, heads, network.data, float(network.data.max()))

    def legs():
        node = np.concatenate([rng.choice(nodes, 3, replace=False) for _ in range(points)])
        weight = np.rint(rng.pareto(0.5, 3 * points) * search.SLOT).clip(1, 5000 * search.SLOT)
        return search.Legs(np.arange(0, 3 * points + 1, 3), node, weight)

    start, end = legs(), legs()
    first = np.r_[0, np.sort(rng.integers(0, points + 1, points - 1)), points]
    found = search.trips(graph, start, end, first)
    between = scipy.sparse.csgraph.dijkstra(network)
    for origin in range(points):
        for point in range(first[origin], first[origin + 1]):
            a, b = slice(3 * origin, 3 * origin + 3), slice(3 * point, 3 * point + 3)
            ways = between[np.ix_(start.node[a], end.node[b])]
            least = (ways + start.weight[a, None] + end.weight[b]).min()
            assert found[point] == least


@pytest.mark.parametrize("seed", range(4))
def test_dropping_dominated_legs_changes_no_answer(seed, monkeypatch):
    network = random_network(seed)
    rng = np.random.default_rng(seed + 300)
    lat, lon = rng.uniform(30, 31, 5), rng.uniform(-91, -90, 5)
    pruned = network.search(network.access(lat, lon))
    monkeypatch.setattr(
        RoadNetwork, "_not_dominated", lambda _self, owner, _node, _w: np.ones(len(owner), bool)
    )
    assert np.array_equal(pruned, network.search(network.access(lat, lon)))


def test_from_frames_reads_the_tables_columns():
    nodes = pd.DataFrame({"lat": [0.0, 0.0], "lon": [0.0, 10 * KM]})
    edges = pd.DataFrame(
        {
            "u": [0],
            "v": [1],
            "length_km": [10.0],
            "density_4km": [0.0],
            "freeway": [False],
            "density_15km": [0.0],
        }
    )
    roadless = pd.DataFrame({"lat": [50.0], "lon": [0.0], "radius_km": [1.0]})
    network = RoadNetwork.from_frames(
        nodes,
        edges,
        water_cells=pd.DataFrame({"cell": np.array([1, 2])}),
        roadless=roadless,
        parameters=FLAT,
    )
    assert Road(network).trips(at(0), at(10)).minutes[0] == pytest.approx(10, abs=0.01)
