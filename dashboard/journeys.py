"""Courses of care as journeys: what each way to organise them costs patients (pure).

Engines: `geo.journeys` and `geo.burden`. Methods: docs/methods.md, Journeys.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from dashboard.journey_state import Measure, Model
from geo.demand import BOUNDS
from geo.results import Floats

Component = Literal["mileage", "lodging", "meals", "patient_wages", "caregiver_wages"]
COMPONENTS: Final[dict[Component, str]] = {
    "mileage": "Mileage",
    "lodging": "Lodging",
    "meals": "Meals",
    "patient_wages": "Wages of patients",
    "caregiver_wages": "Wages of caregivers",
}


@dataclass(frozen=True, slots=True, eq=False)
class Totals:
    """What one way to organise care costs all patients of a year.

    All arrays have shape (3,): low, central, high, everything at that end at once.
    ``reached + unreachable + no_data`` is all patients.

    Parameters
    ----------
    model : str
        One of `journey_state.MODELS`.
    reached : ndarray
        Patients who can go to every place of their course by road.
    unreachable, no_data : ndarray
        Patients without a road to some place, and in areas without data.
    amounts : dict of str to ndarray
        Trips, miles, hours of travel, nights away and US dollars of those reached.
    components : dict of str to ndarray
        The dollars of each of `COMPONENTS`; they add up to them.
    saved : dict of str to ndarray
        What those reached with all care at the treatment centre save against it.
    hospital_nights : ndarray
        Nights in hospital of those reached; no part of the nights away.
    income_share : ndarray
        Dollars over the yearly income of the median household in the patients' areas, mean of
        those reached whose area has an income.
    """

    model: Model
    reached: Floats
    unreachable: Floats
    no_data: Floats
    amounts: dict[Measure, Floats]
    components: dict[Component, Floats]
    saved: dict[Measure, Floats]
    hospital_nights: Floats
    income_share: Floats

    def per_patient(self, measure: Measure) -> Floats:
        """Mean of those reached, shape (3,); nan where nobody is.

        The low mean is of the low amounts of the low number of patients, and so on.
        """
        return _over(self.amounts[measure], self.reached)

    def total(self, measure: Measure, bound: str = "central") -> float:
        """Give one amount of all those reached."""
        return float(self.amounts[measure][BOUNDS.index(bound)])


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """Journeys of all patients of a view.

    Parameters
    ----------
    totals : dict of str to Totals
        By model.
    comparison : DataFrame
        A row for each model: patients, amounts per patient and in total, what is saved.
    groups : DataFrame
        A row for each group: patients, amounts per patient at the treatment centre and with the
        chosen model, what is saved.
    """

    totals: dict[Model, Totals]
    comparison: pd.DataFrame
    groups: pd.DataFrame


def _over(amount: Floats, count: Floats) -> Floats:
    out = np.full(np.broadcast(amount, count).shape, np.nan)
    found: Floats = np.divide(amount, count, out=out, where=count > 0)
    return found
