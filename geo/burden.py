"""What a journey costs patients and those with them.

Mileage, lodging, meals and wages lost, each an amount of the journey times a price. Formulas:
docs/methods.md, Journeys.
"""

from dataclasses import astuple, dataclass
from typing import Final

import numpy as np

from geo import journeys
from geo.results import Floats
from geo.units import km_to_miles
from geo.validate import Problems

COMPONENTS: Final = ("mileage", "lodging", "meals", "patient_wages", "caregiver_wages")
"""Rows of a cost."""
MINUTES_PER_HOUR: Final = 60.0


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices and persons.

    Parameters
    ----------
    mile : float
        Dollars a mile of the one car.
    room : float
        Dollars a night.
    rooms : float
        Rooms of a party.
    meals : float
        Dollars a day of one person away from home.
    caregivers : float
        Persons with the patient.
    patient_wage, caregiver_wage : float
        Dollars an hour.
    patient_works : float
        Share of patients who lose wages, 0 to 1.
    visit_hours : float
        Hours at the place on a day with a visit from home.
    day_hours : float
        Paid hours lost on a day away from home or in hospital.
    """

    mile: float
    room: float
    rooms: float
    meals: float
    caregivers: float
    patient_wage: float
    caregiver_wage: float
    patient_works: float
    visit_hours: float
    day_hours: float


def cost(amounts: Floats, prices: Prices) -> Floats:
    """Price a journey.

    Parameters
    ----------
    amounts : ndarray, shape (8, n)
        From `geo.journeys.journey`.
    prices : Prices
        Prices and persons.

    Returns
    -------
    ndarray, shape (5, n)
        Dollars of each of `COMPONENTS`; inf where the journey is unreachable, nan without data.

    Raises
    ------
    InputError
        A price is negative or missing.

    Examples
    --------
    Two trips of 100 miles there and back, of three hours, with a room for one night:

    >>> amounts = np.zeros((8, 1))
    >>> amounts[journeys.KM], amounts[journeys.MINUTES] = 200 * 1.609344, 360
    >>> amounts[journeys.FROM_HOME], amounts[journeys.OVERNIGHTS] = 2, 1
    >>> prices = Prices(0.2, 110, 1, 68, 1, 30, 20, 0.5, 2, 8)
    >>> cost(amounts, prices)[:, 0].tolist()
    [40.0, 110.0, 136.0, 150.0, 200.0]
    """
    _check(prices)
    reached = np.isfinite(amounts[journeys.TRIPS])
    known = np.where(reached, amounts, 0)
    away = known[journeys.STAYS] + known[journeys.OVERNIGHTS]
    near, hospital = known[journeys.ADMITTED_NEAR], known[journeys.ADMITTED_FAR]
    travel = known[journeys.MINUTES] / MINUTES_PER_HOUR
    visits = prices.visit_hours * known[journeys.FROM_HOME]
    outside = travel + visits + prices.day_hours * known[journeys.STAYS]
    in_hospital = prices.day_hours * (near + hospital)
    beside = prices.visit_hours * near + prices.day_hours * hospital
    out = np.stack(
        [
            prices.mile * km_to_miles(known[journeys.KM]),
            prices.room * prices.rooms * (away + hospital),
            prices.meals * ((1 + prices.caregivers) * away + prices.caregivers * hospital),
            prices.patient_wage * prices.patient_works * (outside + in_hospital),
            prices.caregiver_wage * prices.caregivers * (outside + beside),
        ]
    )
    return np.where(reached, out, amounts[journeys.TRIPS])


def _check(prices: Prices) -> None:
    problems = Problems()
    values = dict(zip(Prices.__slots__, astuple(prices), strict=True))
    for name, value in values.items():
        if not (np.isfinite(value) and value >= 0):
            problems.add(f"{name} must be finite and not negative, got {value}")
    if prices.patient_works > 1:
        problems.add(f"patient_works must be at most 1, got {prices.patient_works}")
    problems.raise_if_any()
