"""What a journey costs: by hand, and properties."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import journeys
from geo.burden import COMPONENTS, Prices, cost
from geo.errors import InputError
from geo.units import miles_to_km

PRICES = Prices(
    mile=0.5,
    room=100,
    rooms=1,
    meals=50,
    caregivers=1,
    patient_wage=30,
    caregiver_wage=20,
    patient_works=0.5,
    visit_hours=2,
    day_hours=8,
)


def amounts(**values):
    found = np.zeros((len(journeys.AMOUNTS), 1))
    for name, value in values.items():
        found[journeys.AMOUNTS.index(name)] = value
    return found


def priced(prices=PRICES, **values):
    return dict(zip(COMPONENTS, cost(amounts(**values), prices)[:, 0], strict=True))


def test_a_day_trip_by_hand():
    """10 miles there and 10 back, one hour in all, two hours there."""
    found = priced(trips=1, distance_km=miles_to_km(20.0), minutes=60, visits=1)
    assert found == pytest.approx(
        {
            "mileage": 10,
            "lodging": 0,
            "meals": 0,
            "patient_wages": 0.5 * 30 * 3,
            "caregiver_wages": 20 * 3,
        }
    )


def test_a_stay_by_hand():
    """Two days away: two rooms' nights, meals of two people, eight hours a day."""
    found = priced(stays=2)
    assert (found["lodging"], found["meals"]) == (200, 200)
    assert (found["patient_wages"], found["caregiver_wages"]) == (0.5 * 30 * 16, 20 * 16)


def test_hospital_by_hand():
    """In hospital only the caregiver lodges and eats; near home the caregiver visits."""
    far, near = priced(admitted_far=3), priced(admitted_near=3)
    assert (far["lodging"], far["meals"], far["caregiver_wages"]) == (300, 150, 20 * 24)
    assert (near["lodging"], near["meals"], near["caregiver_wages"]) == (0, 0, 20 * 6)
    assert far["patient_wages"] == near["patient_wages"] == 0.5 * 30 * 24


def test_a_night_of_a_long_visit_by_hand():
    found = priced(visits=1, overnights=1)
    assert (found["lodging"], found["meals"]) == (100, 100)
    assert found["caregiver_wages"] == 40


def test_without_caregivers_theirs_is_nothing():
    found = priced(replace(PRICES, caregivers=0), stays=2, minutes=60)
    assert found["caregiver_wages"] == 0
    assert found["meals"] == 100


def test_unreachable_and_no_data_stay_so():
    free = Prices(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    assert np.isinf(cost(np.full((8, 1), np.inf), free)).all()
    assert np.isinf(cost(np.full((8, 1), np.inf), PRICES)).all()
    assert np.isnan(cost(np.full((8, 1), np.nan), PRICES)).all()


AMOUNT = st.lists(st.floats(0, 100), min_size=8, max_size=8)


@given(AMOUNT, AMOUNT)
def test_costs_of_two_journeys_add_up(first, second):
    one, other = (np.array(a)[:, None] for a in (first, second))
    np.testing.assert_allclose(
        cost(one + other, PRICES), cost(one, PRICES) + cost(other, PRICES), atol=1e-9
    )


@given(AMOUNT, st.sampled_from(Prices.__slots__), st.floats(0, 0.5))
def test_no_price_lowers_a_cost(values, name, more):
    journey = np.array(values)[:, None]
    dearer = replace(PRICES, **{name: getattr(PRICES, name) + more})
    assert (cost(journey, dearer) >= cost(journey, PRICES) - 1e-9).all()


@pytest.mark.parametrize(
    ("name", "value"), [("mile", -0.1), ("room", np.nan), ("patient_works", 1.1)]
)
def test_bad_prices_are_refused(name, value):
    with pytest.raises(InputError, match=name):
        cost(amounts(trips=1), replace(PRICES, **{name: value}))
