"""The same optimum as PySAL's spopt on questions of medium size."""

import warnings

import numpy as np
import pytest

from geo.siting.covering import lscp, p_center
from geo.siting.demand import Entries, People
from geo.siting.maximal import maximise
from geo.siting.problem import Control, Gains, Rules

with warnings.catch_warnings():
    # spopt imports many packages; what they deprecate among each other is not ours to mend.
    warnings.simplefilter("ignore")
    import pulp
    from spopt.locate import LSCP, MCLP, PCenter, PMedian

pytestmark = pytest.mark.filterwarnings("ignore:.*PuLP 4.0:DeprecationWarning")
AREAS, SITES, RADIUS = 220, 40, 0.2
SEEDS = (1, 2)
Case = tuple[np.ndarray, np.ndarray]


def solver() -> pulp.LpSolver:
    return pulp.HiGHS(msg=False, gapRel=0.0)


@pytest.fixture(params=SEEDS)
def case(request: pytest.FixtureRequest) -> Case:
    """Travel from areas to sites in a square of 1 by 1, and whole persons."""
    rng = np.random.default_rng(request.param)
    homes, sites = rng.random((AREAS, 2)), rng.random((SITES, 2))
    cost = np.linalg.norm(homes[:, None] - sites, axis=2)
    return cost, np.rint(rng.lognormal(5, 1, AREAS))


def covers(cost: np.ndarray, persons: np.ndarray) -> Gains:
    return Gains.of(np.where(cost <= RADIUS, persons[:, None], 0.0))


@pytest.mark.parametrize("count", [1, 4, 9])
def test_maximal_covering(case: Case, count: int) -> None:
    cost, persons = case
    theirs = MCLP.from_cost_matrix(cost, persons, RADIUS, count).solve(solver(), results=False)
    ours = maximise(covers(cost, persons), Rules(SITES, count), Control(60))
    assert ours.status == "optimal"
    assert ours.objective == pytest.approx(pulp.value(theirs.problem.objective), rel=1e-9)
    chosen = np.flatnonzero([var.value() > 0.5 for var in theirs.fac_vars])
    assert ours.objective == persons[(cost[:, chosen] <= RADIUS).any(axis=1)].sum()


def test_maximal_covering_with_sites_that_are_open(case: Case) -> None:
    cost, persons = case
    is_open = np.zeros(SITES, dtype=int)
    is_open[[3, 17]] = 1
    theirs = MCLP.from_cost_matrix(
        cost, persons, RADIUS, 6, predefined_facilities_arr=is_open
    ).solve(solver(), results=False)
    ours = maximise(covers(cost, persons), Rules(SITES, 6, forced_in=is_open > 0), Control(60))
    assert set(ours.chosen) >= {3, 17}
    assert ours.objective == pytest.approx(pulp.value(theirs.problem.objective), rel=1e-9)


def test_set_covering(case: Case) -> None:
    cost, persons = case
    served = (cost <= RADIUS).any(axis=1)  # spopt gives up when somebody cannot be served
    theirs = LSCP.from_cost_matrix(cost[served], RADIUS).solve(solver(), results=False)
    ours = lscp(covers(cost, persons), Rules(SITES), Control(60))
    assert ours.status == "optimal"
    assert ours.objective == len(ours.chosen) == round(pulp.value(theirs.problem.objective))
    assert (cost[served][:, ours.chosen] <= RADIUS).any(axis=1).all()


@pytest.mark.parametrize("count", [2, 7])
def test_least_travel(case: Case, count: int) -> None:
    cost, persons = case
    theirs = PMedian.from_cost_matrix(cost, persons, count).solve(solver(), results=False)
    # Minutes saved against a trip longer than any: least travel saves most.
    longest = 2.0
    saved = (longest - cost) * persons[:, None]
    ours = maximise(Gains.of(saved), Rules(SITES, count), Control(60), question="p-median")
    assert ours.status == "optimal"
    travel = float(persons.sum() * longest - ours.objective)
    assert travel == pytest.approx(pulp.value(theirs.problem.objective), rel=1e-6)
    assert travel == pytest.approx(float((cost[:, ours.chosen].min(axis=1) * persons).sum()))


@pytest.mark.parametrize("count", [2, 7])
def test_shortest_longest_way(case: Case, count: int) -> None:
    cost, persons = case
    cost, persons = cost[:60, :20], persons[:60]  # spopt's model of it is slow
    theirs = PCenter.from_cost_matrix(cost, count).solve(solver(), results=False)
    option, row = np.divmod(np.arange(cost.size), len(cost))
    ways = Entries(option, row, cost.T.ravel(), cost.shape[1])
    people = People(np.arange(len(cost)), persons, np.full(len(cost), np.inf))
    ours = p_center(ways, people, Rules(cost.shape[1], count), Control(60))
    assert ours.status == "optimal"
    assert ours.objective == pytest.approx(pulp.value(theirs.problem.objective), rel=1e-6)
    assert ours.objective == cost[:, ours.chosen].min(axis=1).max()
