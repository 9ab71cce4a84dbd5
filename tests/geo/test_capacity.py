"""Patients and slots: counted by hand, against a linear program, and against all pairs in order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array

from geo import capacity
from geo.capacity import RULES, Assignment, assign, series
from geo.errors import InputError

INF, NAN = np.inf, np.nan


def least(minutes, demand, slots, limit=INF) -> tuple[float, float]:
    """Most patients who can be treated, and least patient-minutes of so many, by a solver."""
    m, n = minutes.shape
    site, row = np.nonzero(np.isfinite(minutes) & (minutes <= limit))
    k = len(site)
    if not k:
        return 0.0, 0.0
    sums = coo_array((np.ones(2 * k), (np.r_[row, n + site], np.r_[:k, :k])), shape=(n + m, k))
    ways = minutes[site, row].astype(float)
    room = np.r_[demand, slots]
    most = -linprog(-np.ones(k), A_ub=sums.tocsr(), b_ub=room, method="highs").fun
    found = linprog(ways - 1e5, A_ub=sums.tocsr(), b_ub=room, method="highs")
    return most, float(found.x @ ways)


def in_order(minutes, demand, slots, limit=INF) -> NDArray[np.float64]:
    """Give slots to all pairs one after the other, the shortest way first."""
    m, n = minutes.shape
    left, room, flows = demand.copy(), slots.copy(), np.zeros((n, m))
    pairs = sorted((minutes[j, i], i, j) for j in range(m) for i in range(n))
    for way, i, j in pairs:
        if np.isfinite(way) and way <= limit:
            part = min(left[i], room[j])
            left[i] -= part
            room[j] -= part
            flows[i, j] += part
    return flows


def flows_of(found: Assignment, n: int) -> NDArray[np.float64]:
    table = np.zeros((n, len(found.load)))
    table[found.row, found.site] = found.patients
    return table


def question(seed: int) -> tuple[NDArray[np.floating], NDArray[np.float64], NDArray[np.float64]]:
    """Some rows and sites; every second question has many ties."""
    draw = np.random.default_rng(seed)
    n, m = draw.integers(1, 40), draw.integers(1, 8)
    minutes = draw.integers(0, 60, (m, n)).astype(float) if seed % 2 else draw.random((m, n)) * 99
    minutes[draw.random((m, n)) < 0.2] = INF
    demand = draw.random(n) * 5 * (draw.random(n) < 0.9)
    slots = draw.random(m) * demand.sum() / m * draw.choice([0.5, 1, 3]) * (draw.random(m) < 0.9)
    return minutes.astype(np.float32) if seed % 3 == 0 else minutes, demand, slots


class TestByHand:
    """Three areas on a road, 10 minutes apart, with 4 patients each; sites at both ends."""

    minutes = np.array([[0.0, 10.0, 20.0], [20.0, 10.0, 0.0]])
    demand = np.full(3, 4.0)

    def test_nearest_sends_more_than_there_are_slots_for(self):
        found = assign("nearest", self.minutes, self.demand, np.array([4.0, 8.0]))
        assert found.load.tolist() == [8, 4]  # the tie goes to the first site
        assert found.assigned.tolist() == [2, 2, 4]
        assert found.left_over.tolist() == [2, 2, 0]
        assert found.patient_minutes == 20

    def test_overflow_goes_on_to_the_next(self):
        found = assign("overflow", self.minutes, self.demand, np.array([5.0, 6.0]))
        assert flows_of(found, 3).tolist() == [[4, 0], [1, 2], [0, 4]]
        assert found.left_over.tolist() == [0, 1, 0]
        assert found.patient_minutes == 30

    def test_least_travel_sends_those_on_who_lose_least(self):
        minutes = np.array([[10.0, 10.0], [20.0, 60.0]])
        found = assign("least-travel", minutes, np.ones(2), np.ones(2))
        assert flows_of(found, 2).tolist() == [[0, 1], [1, 0]]
        assert (found.patient_minutes, found.status, found.gap) == (30, "optimal", 0)
        # One more slot at the first site would save 10 minutes; at the second one nothing.
        assert found.prices.tolist() == [10, 0]

    def test_as_many_as_can_be_are_treated_even_far_away(self):
        minutes = np.array([[0.0, 1.0], [500.0, INF]])
        found = assign("least-travel", minutes, np.ones(2), np.ones(2))
        assert flows_of(found, 2).tolist() == [[0, 1], [1, 0]]

    def test_every_patient_is_in_one_state(self):
        minutes = np.array([[5.0, 5.0, 90.0, INF, NAN, INF], [7.0, INF, 95.0, INF, NAN, NAN]])
        found = assign("nearest", minutes, np.full(6, 2.0), np.array([1.0, 9.0]), 60.0)
        assert found.assigned.tolist() == [0.5, 0.5, 0, 0, 0, 0]
        assert found.left_over.tolist() == [1.5, 1.5, 0, 0, 0, 0]
        assert found.too_far.tolist() == [0, 0, 2, 0, 0, 0]
        assert found.unreachable.tolist() == [0, 0, 0, 2, 0, 2]
        assert found.no_data.tolist() == [0, 0, 0, 0, 2, 0]

    @pytest.mark.parametrize("rule", RULES)
    def test_limit_is_within(self, rule):
        found = assign(rule, np.array([[60.0, 60.1]]), np.ones(2), np.array([5.0]), 60.0)
        assert found.assigned.tolist() == [1, 0]
        assert found.too_far.tolist() == [0, 1]

    @pytest.mark.parametrize("rule", RULES)
    def test_no_site_no_row_and_nobody(self, rule):
        none = assign(rule, np.empty((0, 2)), np.ones(2), np.empty(0))
        assert none.unreachable.tolist() == [1, 1]
        assert assign(rule, np.empty((2, 0)), np.empty(0), np.ones(2)).load.tolist() == [0, 0]
        nobody = assign(rule, np.ones((1, 2)), np.zeros(2), np.zeros(1))
        assert (nobody.load.tolist(), nobody.patient_minutes) == ([0], 0)


@pytest.mark.parametrize("limit", [INF, 50.0])
@pytest.mark.parametrize("seed", range(60))
def test_least_travel_equals_a_linear_program(seed, limit):
    minutes, demand, slots = question(seed)
    found = assign("least-travel", minutes, demand, slots, limit)
    most, travel = least(minutes, demand, slots, limit)
    assert found.patients.sum() == pytest.approx(most, abs=1e-6)
    assert found.patient_minutes == pytest.approx(travel, abs=1e-4)
    assert found.bound == pytest.approx(travel, abs=1e-4)
    assert found.gap < 1e-9
    assert (found.load <= slots + 1e-9).all()


def test_fewer_rows_first_lead_to_the_same_answer(monkeypatch):
    draw = np.random.default_rng(3)
    homes, sites = draw.random((900, 2)), draw.random((12, 2))
    minutes = 100 * np.linalg.norm(homes - sites[:, None], axis=2)
    demand, slots = draw.random(900), np.full(12, 30.0)
    direct = assign("least-travel", minutes, demand, slots)
    monkeypatch.setattr(capacity, "SMALL", 20)
    by_way_of_fewer = assign("least-travel", minutes, demand, slots)
    most, travel = least(minutes, demand, slots)
    for found in (direct, by_way_of_fewer):
        assert found.patients.sum() == pytest.approx(most, abs=1e-6)
        assert found.patient_minutes == pytest.approx(travel, rel=1e-9)
        assert found.gap < 1e-9


@pytest.mark.parametrize("limit", [INF, 50.0])
@pytest.mark.parametrize("seed", range(40))
def test_overflow_is_all_pairs_in_order(seed, limit):
    minutes, demand, slots = question(seed)
    found = assign("overflow", minutes, demand, slots, limit)
    expected = in_order(minutes, demand, slots, limit)
    np.testing.assert_allclose(flows_of(found, len(demand)), expected, atol=1e-12)


WAYS = st.one_of(st.floats(0, 200), st.sampled_from([0.0, 30.0, 30.0, INF, NAN]))


@settings(max_examples=60, deadline=None)
@given(data=st.data(), rule=st.sampled_from(RULES), limit=st.sampled_from([0.0, 30.0, 90.0, INF]))
def test_patients_in_are_patients_out(data, rule, limit):
    m, n = data.draw(st.integers(0, 4)), data.draw(st.integers(0, 6))
    minutes = data.draw(hnp.arrays(float, (m, n), elements=WAYS))
    demand = data.draw(hnp.arrays(float, n, elements=st.floats(0, 50)))
    slots = data.draw(hnp.arrays(float, m, elements=st.floats(0, 50)))
    found = assign(rule, minutes, demand, slots, limit)
    parts = (found.left_over, found.too_far, found.unreachable, found.no_data)
    np.testing.assert_allclose(found.assigned + sum(parts), demand, atol=1e-9)
    assert all((part >= 0).all() for part in parts)
    table = flows_of(found, n)
    np.testing.assert_allclose(table.sum(axis=1), found.assigned, atol=1e-9)
    assert (table.sum(axis=0) <= slots + 1e-9).all()
    if rule != "nearest":
        np.testing.assert_allclose(table.sum(axis=0), found.load, atol=1e-9)
    ways = minutes[found.site, found.row]
    assert (ways <= limit).all()
    assert np.isfinite(ways).all()


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_no_rule_treats_more_than_least_travel_nor_less_than_nearest(seed):
    minutes, demand, slots = question(seed)
    treated = [assign(rule, minutes, demand, slots).assigned.sum() for rule in RULES]
    assert treated[0] <= treated[1] + 1e-9 <= treated[2] + 2e-9


def test_years_are_told_as_they_are_there():
    minutes, demand, slots = question(8)
    told: list[int] = []
    years = series(
        "least-travel", minutes, np.array([demand, 2 * demand, demand / 2]), slots,
        each=lambda year, _: told.append(year),
    )  # fmt: skip
    assert told == [0, 1, 2]
    for found, factor in zip(years, (1, 2, 0.5), strict=True):
        alone = assign("least-travel", minutes, factor * demand, slots)
        assert found.patient_minutes == pytest.approx(alone.patient_minutes, abs=1e-6)
        assert found.assigned.sum() == pytest.approx(alone.assigned.sum(), abs=1e-8)


def test_every_problem_is_listed():
    with pytest.raises(InputError) as caught:
        assign("nearest", np.array([[-1.0, 2.0]]), np.array([1.0, NAN]), np.array([-1.0]), -5.0)
    assert len(caught.value.problems) == 4
    with pytest.raises(InputError, match=r"\(sites, rows\) = \(2, 3\), got \(3, 2\)"):
        assign("nearest", np.ones((3, 2)), np.ones(3), np.ones(2))
