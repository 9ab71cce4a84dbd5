"""Demand of people rows, counted on the four areas of conftest.py."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import patients, queries
from dashboard.demand_weights import demand_of, group_shares
from dashboard.patients import Patients
from dashboard.plan_state import PlanSettings

PERSONS = [100, 200, 300, 400, 10, 20, 30, 40]
"""Adults of A, B, C, D, then children."""


@pytest.fixture
def two_diseases() -> Patients:
    """One patient in ten adults and one in five children have the first, half of these the second."""
    entries = tuple(
        replace(patients.TODAY[0], key=key, label=key) for key in ("dlbcl", "sickle_cell")
    )
    adults = np.array([10.0, 20.0, 30.0, 40.0])
    children = np.array([2.0, 4.0, 6.0, 8.0])
    bounds = np.array([0.0, 1.0, 3.0])[:, None]  # low, central, high
    counts = {
        "adult": np.array([adults * bounds, adults / 2 * bounds]),
        "pediatric": np.array([children * bounds, children / 2 * bounds]),
    }
    return Patients(entries, counts, (), np.zeros((2, 3)))


def test_people_count_one_each(areas, rows):
    found = demand_of(areas, rows, PlanSettings())
    assert found.value.tolist() == found.base.tolist() == PERSONS
    assert found.weight.tolist() == [1] * 8
    assert (found.missing, found.note()) == ({}, "")


def test_weights_multiply_and_missing_shares_count_as_nobody(areas, rows):
    # C and D are rural; poverty is 10, 20, 30% and not reported in D; half of A has no vehicle.
    plan = PlanSettings(rural=2.0, low_income=3.0, no_vehicle=5.0)
    found = demand_of(areas, rows, plan)
    weight = [1.2 * 3.0, 1.4, 2 * 1.6, 2.0]
    assert found.weight == pytest.approx(weight * 2)
    assert found.value == pytest.approx(np.array(PERSONS) * np.tile(weight, 2))
    assert found.missing == {"low_income": 440}
    assert found.note() == (
        "440 people live where poverty is not reported: they count without that weight."
    )


def test_a_weight_of_one_reports_nothing(areas, rows):
    assert demand_of(areas, rows, PlanSettings(rural=3.0)).missing == {}


def test_patients_of_all_and_of_one_disease(areas, rows, two_diseases):
    plan = PlanSettings(demand="patients", rural=2.0)
    found = demand_of(areas, rows, plan, two_diseases)
    assert found.base == pytest.approx([15, 30, 45, 60, 3, 6, 9, 12])
    assert found.value == pytest.approx([15, 30, 90, 120, 3, 6, 18, 24])
    one = replace(plan, indications=("sickle_cell",))
    assert demand_of(areas, rows, one, two_diseases).base == pytest.approx(
        [5, 10, 15, 20, 1, 2, 3, 4]
    )


def test_parts_of_areas_have_their_part_of_the_patients(areas, rows, two_diseases):
    parts = queries.by_county(areas, rows)
    split = parts.of(rows)
    plan = PlanSettings(demand="patients")
    found = demand_of(areas, split, plan, two_diseases)
    assert found.base.sum() == pytest.approx(180)
    county = np.bincount(parts.county, found.base)
    assert dict(zip(parts.names, county, strict=True)) == pytest.approx(
        {"01001": 18 + 9, "01003": 27 + 54, "56001": 72}
    )


def test_patients_need_their_tables(areas, rows, two_diseases):
    with pytest.raises(ValueError, match="needs the patients"):
        demand_of(areas, rows, PlanSettings(demand="patients"))
    plan = PlanSettings(demand="patients", indications=("myeloma",))
    with pytest.raises(ValueError, match="myeloma"):
        demand_of(areas, rows, plan, two_diseases)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(weights=st.tuples(*[st.floats(1, 10)] * 3), more=st.tuples(*[st.floats(0, 2)] * 3))
def test_larger_weights_never_lower_demand(areas, rows, weights, more):
    plan = PlanSettings(rural=weights[0], low_income=weights[1], no_vehicle=weights[2])
    larger = PlanSettings(
        rural=weights[0] + more[0], low_income=weights[1] + more[1], no_vehicle=weights[2] + more[2]
    )
    low, high = demand_of(areas, rows, plan), demand_of(areas, rows, larger)
    assert (low.weight >= 1).all()
    assert (low.weight <= np.prod(weights) * (1 + 1e-12)).all()
    assert (high.value >= low.value * (1 - 1e-12)).all()


def test_groups_that_live_in_areas_of_their_own(areas, rows):
    found = group_shares(areas, rows, "rurality")
    assert found.ids == ["rural", "urban"]
    assert found.shares.toarray()[:4].tolist() == [[0, 1], [0, 1], [1, 0], [1, 0]]
    assert (found.shares.T @ rows.persons).tolist() == [770, 330]
    income = group_shares(areas, rows, "income")
    assert income.shares.toarray()[3].tolist() == [0] * len(income.ids)  # D's is not reported
    assert "Not reported" not in income.ids
    assert income.labels[0] == "Second fifth ($50,000-50,000)"


def test_groups_that_share_areas(areas, rows):
    found = group_shares(areas, rows, "race")
    assert found.ids == ["White", "Black", "Hispanic"]  # the others have nobody
    assert found.shares.toarray()[:4].tolist() == [
        [0.5, 0.5, 0], [0.5, 0, 0.5], [0.5, 0, 0.5], [1, 0, 0],
    ]  # fmt: skip
    poor = group_shares(areas, rows, "poverty")
    assert poor.shares.toarray()[3].tolist() == [0, 0]
    assert poor.shares.toarray()[2] == pytest.approx([0.3, 0.7])


@pytest.mark.parametrize(
    "by", ["rurality", "race", "income", "poverty", "age", "vehicle", "region", "state"]
)
def test_nobody_is_in_two_groups_and_empty_rows_are_in_order(areas, rows, by):
    rows = replace(rows, persons=np.where(np.arange(8) == 5, 0.0, rows.persons))
    found = group_shares(areas, rows, by)
    shares = found.shares.toarray()
    assert shares.shape == (8, len(found.ids)) == (8, len(found.labels))
    assert (shares >= 0).all()
    assert (shares.sum(axis=1) <= 1 + 1e-9).all()
    assert (found.shares.T @ rows.persons > 0).all()


def test_national_demand_is_the_published_number_of_patients():
    areas = queries.load_areas()
    size = len(areas.frame)
    area, adult = np.tile(np.arange(size), 2), np.repeat([True, False], size)
    persons = np.concatenate([areas.persons["adult"], areas.persons["pediatric"]])
    zero = np.zeros(2 * size)
    rows = queries.Rows(
        area, adult, persons, zero, zero, zero.astype(np.intp), np.arange(2 * size), zero
    )
    counted = patients.expected(patients.load_facts(areas.frame))
    plan = PlanSettings(demand="patients")
    found = demand_of(areas, rows, plan, counted)
    assert found.value.sum() == pytest.approx(patients.national(counted)[1])
    poor = demand_of(areas, rows, PlanSettings(low_income=2.0))
    extra = areas.frame["poverty_share"].fillna(0).to_numpy() @ (
        areas.persons["adult"] + areas.persons["pediatric"]
    )
    assert poor.value.sum() == pytest.approx(persons.sum() + extra)
