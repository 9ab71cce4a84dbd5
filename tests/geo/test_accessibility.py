"""Accessibility scores: counted by hand, against plain loops, against PySAL's `access`."""

import functools
import logging
import math

import access
import numpy as np
import pandas as pd
import pytest
from access import weights
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from scores_oracle import catchment_scores, raam_costs

from data import load
from geo import raam as raam_module
from geo.accessibility import (
    ENHANCED_STEPS,
    THREE_STEPS,
    Gaussian,
    Gravity,
    Steps,
    enhanced_two_step,
    three_step,
    two_step,
)
from geo.errors import InputError
from geo.raam import Pace, raam
from geo.travel import Detour, Points

NO = np.inf
TOWNS = np.array([[10.0, 30.0], [10.0, 60.0], [NO, 60.1]])
"""A reaches both sites, B the second just within 60 minutes, C none."""
PEOPLE = np.array([100.0, 300.0, 50.0])
BEDS = np.array([8.0, 6.0])
OURS = {
    "step": Steps((10.0, 20.0, 30.0), (1.0, 0.68, 0.22)),
    "gaussian": Gaussian(20.0),
    "gravity": Gravity(20.0, 1.5, 5.0),
}
THEIRS = {
    "step": weights.step_fn({10: 1, 20: 0.68, 30: 0.22}),
    "gaussian": weights.gaussian(20),
    "gravity": weights.gravity(20, -1.5, 5),
}


# ---- counted by hand ----------------------------------------------------------------------------


def test_two_step_on_paper() -> None:
    # Both sites serve A and B, 400 people: 8 / 400 + 6 / 400 for either. C reaches neither.
    found = two_step(TOWNS, PEOPLE, BEDS, limit=60)
    assert found.tolist() == pytest.approx([0.035, 0.035, 0])
    # A minute less, and the second site is A's alone: 6 / 100 more for A.
    assert two_step(TOWNS, PEOPLE, BEDS, limit=59).tolist() == pytest.approx([0.08, 0.02, 0])


def test_enhanced_two_step_on_paper() -> None:
    # First site: 8 / (100 + 300). Second: only A, at 30 minutes, weight 0.22: 6 / 22 a person of
    # weight, times 0.22 again.
    found = enhanced_two_step(TOWNS, PEOPLE, BEDS)
    assert found.tolist() == pytest.approx([0.02 + 0.06, 0.02, 0])


def test_three_step_on_paper() -> None:
    # A weighs its sites 1 and 0.22, so it is 1 / 1.22 of a demand at the first, 0.22 / 1.22 at the
    # second, each times its weight again; B has only the first.
    first, second = 1 / 1.22, 0.22 * 0.22 / 1.22
    ratio = 8 / (100 * first + 300)
    found = three_step(TOWNS, PEOPLE, BEDS, kernel=ENHANCED_STEPS)
    assert found.tolist() == pytest.approx([first * ratio + 6 / 100, ratio, 0])
    assert second > 0


def test_raam_on_paper() -> None:
    # 14 people and 14 beds: one person a bed is a crowding of 1. All start at the near site of 7,
    # crowding 2; the other has 0 at half an hour more. One cycle lets 0.2 x 14 = 2.8, so 2, move;
    # their cost is told at the crowding before the move: 12 at 2, 2 at 0.5.
    found = raam([[0.0, 30.0]], [14], [7, 7], pace=Pace(cycles=1))
    assert found.tolist() == pytest.approx([(12 * 2.0 + 2 * 0.5) / 14])
    # In the end nobody gains by moving: x / 7 = 0.5 + (14 - x) / 7 at x = 8.75, in whole people 9.
    found = raam([[0.0, 30.0]], [14], [7, 7])
    assert found.tolist() == pytest.approx([(9 * 9 / 7 + 5 * (0.5 + 5 / 7)) / 14])


def test_raam_of_nobody_and_of_nowhere() -> None:
    travel = [[10.0, NO], [NO, NO], [np.nan, np.nan], [20.0, 5.0], [np.nan, 5.0]]
    found = raam(travel, [5, 5, 5, 0, 5], [1, 0])
    assert found[0] == pytest.approx(10 / 60 + 5 / 20)
    assert found[1] == math.inf
    assert np.isnan(found[[2, 3]]).all()
    assert found[4] == math.inf  # its only way leads to a site without capacity
    assert np.isinf(raam([[1.0]], [3], [0.0])).all()
    assert np.isinf(raam([[NO], [NO]], [3, 4], [5])).all()  # one site, and nobody reaches it


def test_areas_without_data_have_no_score() -> None:
    travel = np.array([[5.0, np.nan], [np.nan, np.nan], [NO, np.nan]])
    found = two_step(travel, [10, 10, 10], [2, 2], limit=60)
    assert found[0] == pytest.approx(0.2)
    assert np.isnan(found[1])
    assert found[2] == 0


def test_only_an_area_without_people_can_have_infinite_supply() -> None:
    found = two_step([[5.0, 50.0], [50.0, 5.0]], [0, 10], [3, 4], limit=10)
    assert found.tolist() == [math.inf, 0.4]
    assert two_step([[5.0]], [0], [0], limit=10).tolist() == [0]


def test_kernels_at_their_marks() -> None:
    assert ENHANCED_STEPS(np.array([0, 10, 10.1, 30, 30.1])).tolist() == [1, 1, 0.68, 0.22, 0]
    assert THREE_STEPS(np.array([60.0, 60.1])).tolist() == [0.042, 0]
    assert Gaussian(20)(np.array([0.0, 20.0])).tolist() == pytest.approx([1, math.exp(-0.5)])
    assert Gravity(20, 2, 1)(np.array([0.0, 2.0, 40.0])).tolist() == pytest.approx([400, 100, 0.25])


# ---- errors -------------------------------------------------------------------------------------


def test_all_problems_at_once() -> None:
    with pytest.raises(InputError) as caught:
        two_step([[1.0, -2.0]], [np.nan], [-1.0], limit=0)
    said = "\n".join(caught.value.problems)
    for word in ("1 x 2", "travel is negative", "persons is missing", "capacity is negative"):
        assert word in said
    assert "limit must be positive, got 0" in said
    with pytest.raises(InputError, match="dimension"):
        three_step([1.0], [[1.0]], [1.0])
    with pytest.raises(InputError) as caught:
        raam([[1.0]], [1.5], [1.0], scale=-1, demand_ratio=0, pace=Pace(0, 2.0, -1.0, half_life=0))
    said = "\n".join(caught.value.problems)
    for word in ("scale", "demand_ratio", "cycles", "first", "least", "half_life", "not whole"):
        assert word in said


def test_kernels_name_what_is_wrong_with_them() -> None:
    with pytest.raises(InputError) as caught:
        Steps((20.0, 10.0), (0.5, 1.0, -1.0))
    assert len(caught.value.problems) == 4
    with pytest.raises(InputError, match="at least one"):
        Steps((), ())
    for wrong in (lambda: Gaussian(0), lambda: Gravity(0, 1, 1), lambda: Gravity(1, 1, 0)):
        with pytest.raises(InputError):
            wrong()


# ---- against loops ------------------------------------------------------------------------------


def country(seed: int, n: int, m: int, *, missing: float = 0.1):
    """Areas by sites with ties (whole minutes), ways missing, nobody or nothing in some places."""
    rng = np.random.default_rng(seed)
    travel = rng.integers(0, 120, (n, m)).astype(float)
    travel[rng.random((n, m)) < missing] = rng.choice([np.inf, np.nan])
    persons = rng.integers(1, 500, n).astype(float) * (rng.random(n) > 0.15)
    capacity = rng.integers(1, 60, m).astype(float) * (rng.random(m) > 0.15)
    persons[0], capacity[0] = 100.0, 10.0
    return travel, persons, capacity


SIZES = [(0, 3, 2), (1, 12, 4), (2, 40, 9), (3, 60, 1), (4, 1, 6), (5, 90, 30)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("decay", list(OURS))
@pytest.mark.parametrize("limit", [45.0, np.inf])
def test_catchment_scores_equal_plain_loops(size, decay, limit) -> None:
    travel, persons, capacity = country(*size)
    kernel = OURS[decay]

    def weight(t: float) -> float:
        return float(kernel(np.array([t]))[0])

    args = (travel.tolist(), persons.tolist(), capacity.tolist())
    np.testing.assert_allclose(
        two_step(travel, persons, capacity, limit=limit),
        catchment_scores(*args, lambda _: 1.0, limit),
        rtol=1e-12,
    )
    np.testing.assert_allclose(
        enhanced_two_step(travel, persons, capacity, kernel=kernel, limit=limit),
        catchment_scores(*args, weight, limit),
        rtol=1e-12,
    )
    within = np.where(travel <= limit, travel, np.where(np.isnan(travel), np.nan, np.inf))
    np.testing.assert_allclose(
        three_step(within, persons, capacity, kernel=kernel),
        catchment_scores(*args, weight, limit, choice=True),
        rtol=1e-12,
    )


@pytest.mark.parametrize("size", SIZES)
def test_raam_equals_plain_loops(size) -> None:
    travel, persons, capacity = country(*size)
    np.testing.assert_allclose(
        raam(travel, persons, capacity), raam_costs(travel, persons, capacity), rtol=1e-12
    )


@pytest.mark.parametrize("ahead", [1e-9, 0.05, 0.3, 9.0])
def test_raam_with_few_sites_at_first_finds_the_others(ahead, monkeypatch) -> None:
    travel, persons, capacity = country(7, 80, 40)
    capacity[::3] *= 20
    full = raam_costs(travel, persons, capacity)
    monkeypatch.setattr(raam_module, "AHEAD", ahead)
    np.testing.assert_allclose(raam(travel, persons, capacity), full, rtol=1e-12)


# ---- against PySAL ------------------------------------------------------------------------------


def pysal(travel, persons, capacity, limit=np.inf):
    """Give `access` the same ways in its long form."""
    area, site = np.nonzero(np.isfinite(travel) & (travel <= limit))
    logging.getLogger("access").setLevel(logging.WARNING)
    return access.Access(
        demand_df=pd.DataFrame(
            {"p": persons.astype(int)}, index=pd.RangeIndex(len(persons), name="geoid")
        ),
        demand_value="p",
        supply_df=pd.DataFrame({"s": capacity}, index=pd.RangeIndex(len(capacity), name="geoid")),
        supply_value="s",
        cost_df=pd.DataFrame({"origin": area, "dest": site, "cost": travel[area, site]}),
        cost_origin="origin",
        cost_dest="dest",
        cost_name="cost",
    )


def filled(found: pd.DataFrame) -> np.ndarray:
    """Scores of `access`, which leaves areas without a site out."""
    return found.iloc[:, -1].fillna(0.0).to_numpy()


def two_states() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every ZIP area of two states and the centres of all, by straight line and detour."""
    zcta, centres = load.zcta(), load.treatment_centers()
    zcta = zcta[zcta["state"].isin(["WY", "UT"])]
    travel = Detour().matrix(
        Points(zcta["lat"].to_numpy(), zcta["lon"].to_numpy()),
        Points(centres["lat"].to_numpy(), centres["lon"].to_numpy()),
    )
    beds = centres["beds"].astype("Float64").fillna(500.0).to_numpy(dtype=float)
    return travel.minutes.astype(float), zcta["adults"].to_numpy(dtype=float), beds


CASES = [
    *(pytest.param(country(*size), id=f"{size[1]} by {size[2]}") for size in SIZES),
    pytest.param(None, id="two states"),
]


@pytest.mark.filterwarnings("ignore:The inplace keyword")
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("decay", list(OURS))
def test_catchment_scores_equal_pysal(case, decay) -> None:
    travel, persons, capacity = case or two_states()
    travel = np.where(np.isnan(travel), np.inf, travel)
    theirs = pysal(travel, persons, capacity)
    for limit in (30.0, 60.0):
        np.testing.assert_allclose(
            two_step(travel, persons, capacity, limit=limit),
            filled(theirs.two_stage_fca(max_cost=limit)),
            rtol=1e-9,
        )
        for ours, method in (
            (enhanced_two_step, theirs.enhanced_two_stage_fca),
            (three_step, theirs.three_stage_fca),
        ):
            np.testing.assert_allclose(
                ours(travel, persons, capacity, kernel=OURS[decay], limit=limit),
                filled(method(max_cost=limit, weight_fn=THEIRS[decay])),
                rtol=1e-9,
                atol=1e-300,
            )


@pytest.mark.filterwarnings("ignore:Warning. 'partition' will ignore the 'mask'")
@pytest.mark.parametrize("case", CASES)
def test_raam_equals_pysal(case) -> None:
    travel, persons, capacity = case or two_states()
    travel = np.where(np.isnan(travel), np.inf, travel)
    lived = (persons > 0) & np.isfinite(travel[:, capacity > 0]).any(axis=1)
    travel, persons = travel[lived], persons[lived]  # it sends the others to a site of its choice
    for tau, rho in ((60.0, None), (30.0, 25.0)):
        found = pysal(travel, persons, capacity).raam(tau=tau, rho=rho).iloc[:, -1].to_numpy()
        ours = raam(travel, persons, capacity, scale=tau, demand_ratio=rho)
        np.testing.assert_allclose(ours, found.astype(float), rtol=1e-9)


# ---- what must hold -----------------------------------------------------------------------------


@given(seed=st.integers(0, 10**6), decay=st.sampled_from(sorted(OURS)))
def test_capacity_is_shared_out_to_the_last_bed(seed, decay) -> None:
    travel, persons, capacity = country(seed, 25, 6)
    kernel = OURS[decay]
    served = (
        (np.nan_to_num(kernel(np.nan_to_num(travel, nan=1e9, posinf=1e9))) > 0).T @ persons
    ) > 0
    for method in (enhanced_two_step, three_step):
        found = method(travel, persons, capacity, kernel=kernel)
        lived = (persons > 0) & ~np.isnan(found)
        given_out = float((found[lived] * persons[lived]).sum())
        assert given_out == pytest.approx(float(capacity[served].sum()), rel=1e-9)


@given(seed=st.integers(0, 10**6), site=st.integers(0, 5))
def test_a_bed_more_never_scores_less(seed, site) -> None:
    travel, persons, capacity = country(seed, 25, 6)
    more = capacity.copy()
    more[site] += 10
    for method in (two_step, enhanced_two_step, three_step):
        before, after = method(travel, persons, capacity), method(travel, persons, more)
        assert (after[~np.isnan(before)] >= before[~np.isnan(before)]).all()


@given(seed=st.integers(0, 10**6))
def test_order_does_not_matter_nor_does_sparseness(seed) -> None:
    travel, persons, capacity = country(seed, 25, 6)
    travel = np.where(np.isnan(travel), np.inf, travel)
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(25), rng.permutation(6)
    area, site = np.nonzero(np.isfinite(travel))
    thin = sparse.coo_array((travel[area, site], (area, site)), shape=travel.shape)
    few = functools.partial(raam, pace=Pace(cycles=9))
    for method in (two_step, enhanced_two_step, three_step, few):
        found = method(travel, persons, capacity)
        mixed = method(travel[rows][:, columns], persons[rows], capacity[columns])
        if method is not few:  # of equal costs it takes the first site's
            np.testing.assert_allclose(mixed, found[rows], rtol=1e-9)
        np.testing.assert_allclose(method(thin, persons, capacity), found, rtol=1e-12)


def test_raam_takes_sparse_ways_in_any_order_and_adds_up_doubled_ones() -> None:
    # 14 people as near to one site as to the other: of equals the first, and then they even out.
    loose = sparse.csr_array(([30.0, 10.0, 20.0], [1, 0, 0], [0, 3]), shape=(1, 2))
    kept = loose.copy()
    found = raam(loose, [14], [7, 3], pace=Pace(cycles=1))
    assert found.tolist() == raam([[30.0, 30.0]], [14], [7, 3], pace=Pace(cycles=1)).tolist()
    np.testing.assert_array_equal(loose.data, kept.data)
    np.testing.assert_array_equal(loose.indices, kept.indices)


def test_without_areas_or_sites_there_is_nothing_to_score() -> None:
    for method in (two_step, enhanced_two_step, three_step, raam):
        assert method(np.empty((0, 2)), [], [1, 2]).size == 0
    assert two_step(np.empty((2, 0)), [1, 2], []).tolist() == [0, 0]
