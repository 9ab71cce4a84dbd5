"""Ways within a limit: exactly those of the matrix, by every model, in any number of threads."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba.core.caching import CacheImpl

from dashboard import queries
from data import load
from geo import compiled
from geo.errors import InputError
from geo.network import RoadNetwork, RoadParameters, great_circle_km, unit_vectors
from geo.travel import BLOCK_SITES, Detour, Points, Reach, Road, StraightLine


def grid_road(n=12):
    """Roads along meridians and parallels, one of them cut off from the rest."""
    row, column = np.divmod(np.arange(n * n), n)
    lat, lon = 40.0 + 0.1 * row, -99.0 + 0.1 * column
    east = np.flatnonzero(column < n - 1)
    north = np.flatnonzero((row < n - 1) & (row != n - 2))  # nothing leads to the last parallel
    u, v = np.r_[east, north], np.r_[east + 1, north + n]
    vectors = unit_vectors(lat, lon)
    rng = np.random.default_rng(5)
    return Road(
        RoadNetwork(
            lat, lon, u, v, great_circle_km(vectors[u], vectors[v]), rng.uniform(0, 3000, len(u)),
            rng.random(len(u)) < 0.3, rng.uniform(0, 2000, len(u)), parameters=RoadParameters(),
        )
    )  # fmt: skip


def places(n, seed):
    """Drawn inside the grid; one without coordinates, one that no road reaches, two alike."""
    rng = np.random.default_rng(seed)
    lat, lon = rng.uniform(40, 41.1, n), rng.uniform(-99, -97.9, n)
    if n > 5:
        lat[1], lon[1] = np.nan, np.nan
        lat[2], lon[2] = 60.0, -150.0
        lat[4], lon[4] = lat[3], lon[3]
    return Points(lat, lon)


def assert_as_matrix(model, origins, sites, limit, found):
    matrix = model.matrix(origins, sites)
    minutes, km = matrix.minutes.T, matrix.distance_km.T
    near = np.isfinite(minutes) & (minutes <= np.float32(limit))
    site, origin = np.nonzero(near)
    assert found.n_origins == len(origins)
    np.testing.assert_array_equal(np.repeat(np.arange(len(found)), np.diff(found.indptr)), site)
    np.testing.assert_array_equal(found.origin, origin)
    np.testing.assert_array_equal(found.minutes, minutes[near])
    np.testing.assert_array_equal(found.distance_km, km[near])
    assert (found.minutes.dtype, found.distance_km.dtype) == (np.float32, np.float32)


MODELS = pytest.mark.parametrize(
    "model", [grid_road(), StraightLine(), Detour()], ids=["road", "straight", "detour"]
)


@MODELS
@pytest.mark.parametrize("limit", [0, 0.5, 20, 61.7, 240, np.inf])
def test_reach_is_the_matrix_up_to_the_limit(model, limit):
    origins, sites = places(60, 1), places(3 * BLOCK_SITES + 1, 2)
    found = model.reach(origins, sites, limit)
    assert_as_matrix(model, origins, sites, limit, found)


@MODELS
def test_exactly_at_the_limit_is_within(model):
    origins, sites = places(30, 3), places(4, 4)
    every = model.reach(origins, sites, np.inf)
    for limit in every.minutes[:: len(every.minutes) // 20]:
        found = model.reach(origins, sites, float(limit))
        assert limit in found.minutes
        assert_as_matrix(model, origins, sites, limit, found)
        below = model.reach(origins, sites, float(np.nextafter(limit, np.float32(0))))
        assert limit not in below.minutes


@pytest.mark.parametrize("limit", [35, 240])
def test_reach_on_the_committed_roads(limit):
    road = queries.load_model("road")
    areas = queries.load_areas().points
    origins = areas.take(np.arange(0, len(areas), 40))
    sites = queries.points_of(load.treatment_centers()).take(np.arange(0, 228, 12))
    found = road.reach(origins, sites, limit, road.access(origins))
    assert len(found.origin) > 20
    assert_as_matrix(road, origins, sites, limit, found)


@pytest.mark.parametrize("k", range(7))
def test_one_site_alone_is_as_near_as_beside_one_that_nobody_knows(k):
    model, origins, sites = grid_road(), places(60, 1), places(7, 2)
    alone = model.nearest(origins, sites.take(np.array([k])))
    beside = model.nearest(origins, sites.take(np.array([k, 1])))
    for name in ("minutes", "distance_km", "site"):
        np.testing.assert_array_equal(getattr(alone, name), getattr(beside, name), err_msg=name)


@MODELS
def test_no_sites_and_no_origins(model):
    none = Points(np.empty(0), np.empty(0))
    found = model.reach(places(9, 1), none, 60)
    assert (len(found), found.n_origins, len(found.origin)) == (0, 9, 0)
    found = model.reach(none, places(9, 1), 60)
    assert (len(found), found.n_origins, len(found.origin)) == (9, 0, 0)


@MODELS
@pytest.mark.parametrize("limit", [-1, np.nan])
def test_a_limit_must_be_a_time(model, limit):
    with pytest.raises(InputError, match="0 minutes or more"):
        model.reach(places(3, 1), places(3, 2), limit)


@MODELS
def test_progress_counts_the_sites_in_the_callers_thread(model):
    sites, seen = places(200, 2), []
    model.reach(
        places(20, 1), sites, 30,
        progress=lambda done, of: seen.append((done, of, threading.get_ident())),
    )  # fmt: skip
    done = [count for count, _, _ in seen]
    assert done == sorted(set(done))
    assert done[-1] == 200
    assert len(done) > 2
    assert {(of, thread) for _, of, thread in seen} == {(200, threading.get_ident())}


@MODELS
def test_progress_may_cancel(model):
    class CancelledError(Exception):
        pass

    seen = []

    def stop(done, _of):
        seen.append(done)
        raise CancelledError

    before = threading.active_count()
    with pytest.raises(CancelledError):
        model.reach(places(20, 1), places(200, 2), 30, progress=stop)
    assert len(seen) == 1
    assert threading.active_count() == before


@given(st.integers(0, 2**32), st.floats(0, 200))
def test_taking_limiting_and_joining(seed, limit):
    rng = np.random.default_rng(seed)
    model, origins, sites = Detour(), places(25, seed), places(9, seed + 1)
    whole = model.reach(origins, sites, 150)
    chosen = rng.integers(0, 9, rng.integers(0, 12))
    assert_same(whole.take(chosen), model.reach(origins, sites.take(chosen), 150))
    mask = rng.random(9) < 0.5
    assert_same(whole.take(mask), model.reach(origins, sites.take(mask), 150))
    assert_same(whole.within(limit), model.reach(origins, sites, min(limit, 150)))
    cut = int(rng.integers(0, 10))
    assert_same(Reach.join([whole.take(np.arange(cut)), whole.take(np.arange(cut, 9))]), whole)
    for site in range(9):
        alone = model.reach(origins, sites.take(np.array([site])), 150)
        for ours, theirs in zip(
            whole.of(site), (alone.origin, alone.minutes, alone.distance_km), strict=True
        ):
            np.testing.assert_array_equal(ours, theirs)


def assert_same(one, other):
    assert one.n_origins == other.n_origins
    for name in ("indptr", "origin", "minutes", "distance_km"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


def test_only_tables_of_the_same_origins_are_joined():
    with pytest.raises(InputError, match=r"\[3, 4\] origins"):
        Reach.join([Reach.empty(3), Reach.empty(4)])
    with pytest.raises(InputError, match=r"\[\] origins"):
        Reach.join([])


@pytest.mark.parametrize("site", [-1, 2])
def test_a_site_must_be_there(site):
    found = Detour().reach(places(5, 1), places(2, 2), 60)
    with pytest.raises(InputError, match=f"no site {site} among 2"):
        found.of(site)


def test_a_kernel_works_where_nothing_may_be_written(monkeypatch):
    def twice(values: np.ndarray) -> float:
        return 2 * values.sum()

    # What numba finds in a read-only install: no place at all.
    monkeypatch.setattr(CacheImpl, "_locator_classes", [])
    assert compiled.compiled(twice)(np.arange(4.0)) == 12
