"""Journeys as tables for reading and for figures (pure)."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from dashboard.journey_state import MEASURES, MODELS, Bound, Measure, Model
from dashboard.journeys import COMPONENTS, Totals
from dashboard.queries import UNKNOWN
from geo.demand import BOUNDS

FEWEST: Final = 1.0
"""Groups with fewer patients a year are in the table, not in the ranking."""


def per_patient(totals: Mapping[Model, Totals], bound: Bound) -> pd.DataFrame:
    """Set the models side by side, a patient.

    Parameters
    ----------
    totals : mapping of str to Totals
        By model.
    bound : {"low", "central", "high"}
        Which end of the range.

    Returns
    -------
    DataFrame
        label, patients (reached), unreachable, no_data, the measures, hospital_nights,
        income_percent; means of those reached, nan where nobody is.
    """
    i = BOUNDS.index(bound)
    return pd.DataFrame(
        [
            {
                "label": MODELS[model],
                "patients": one.reached[i],
                "unreachable": one.unreachable[i],
                "no_data": one.no_data[i],
                **{measure: one.per_patient(measure)[i] for measure in MEASURES},
                "hospital_nights": one.hospital_nights[i] / one.reached[i]
                if one.reached[i] > 0
                else float("nan"),
                "income_percent": 100 * one.income_share[i],
            }
            for model, one in totals.items()
        ]
    )


def together(totals: Mapping[Model, Totals], bound: Bound) -> pd.DataFrame:
    """Set the models side by side, all patients of a year together.

    Parameters
    ----------
    totals, bound
        As in `per_patient`.

    Returns
    -------
    DataFrame
        label, the measures, and saved_ before each (against all care at the treatment centre).
    """
    i = BOUNDS.index(bound)
    return pd.DataFrame(
        [
            {
                "label": MODELS[model],
                **{measure: one.amounts[measure][i] for measure in MEASURES},
                **{f"saved_{measure}": one.saved[measure][i] for measure in MEASURES},
            }
            for model, one in totals.items()
        ]
    )


def ranges(totals: Mapping[Model, Totals], measure: Measure) -> pd.DataFrame:
    """Give one measure a patient by model: label, low, central, high."""
    return pd.DataFrame(
        [
            {"label": MODELS[model]}
            | dict(zip(BOUNDS, sorted(one.per_patient(measure).tolist()), strict=True))
            for model, one in totals.items()
        ]
    )


def components(totals: Mapping[Model, Totals], bound: Bound) -> pd.DataFrame:
    """Split the cost a patient by model: model, component, usd."""
    i = BOUNDS.index(bound)
    return pd.DataFrame(
        [
            {
                "model": MODELS[model],
                "component": label,
                "usd": one.components[name][i] / one.reached[i] if one.reached[i] > 0 else 0.0,
            }
            for name, label in COMPONENTS.items()
            for model, one in totals.items()
        ]
    )


def ranked(groups: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Order the groups that are named and have a patient by what one saves.

    Parameters
    ----------
    groups : DataFrame
        From `journeys.groups`.
    measure : str
        One of `MEASURES`.

    Returns
    -------
    DataFrame
        Groups with at least `FEWEST` patients a year, the most first.
    """
    column = f"{measure}_saved_per_patient"
    real = (groups["patients"] >= FEWEST) & (groups["label"] != UNKNOWN) & groups[column].notna()
    return groups[real].sort_values(column, ascending=False, ignore_index=True)


def groups_shown(groups: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Arrange all groups for reading, the most first, with as many digits as the measure bears."""
    column = f"{measure}_saved_per_patient"
    digits = 0 if measure in ("miles", "dollars") else 1
    numbers = dict.fromkeys((f"{measure}_hub", measure, column), digits) | {"patients": 1}
    return groups.sort_values(column, ascending=False, ignore_index=True).round(numbers)
