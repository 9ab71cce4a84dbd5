"""Cached answers about patients a year, now and in later years."""

from typing import Final

import numpy as np
import pandas as pd

from dashboard import (
    patient_growth,
    patients,
)
from dashboard.patient_diseases import EVERY, TODAY
from dashboard.patient_growth import Projection
from dashboard.patient_state import PatientSettings
from dashboard.patients import Audience, Bound, Patients
from dashboard.services import engine
from dashboard.services.cache import cached
from data import load
from geo.demand import BOUNDS
from geo.results import Floats

PROJECTION_ENTRIES: Final = 32
"""One entry is a few hundred numbers beside patients that all share."""


@cached(1)
def facts_of(tables: str) -> patients.Facts:
    """Tables that patients are made of, and people by age."""
    return patients.load_facts(engine.areas_of(tables).frame)


@cached(1)
def every(tables: str) -> Patients:
    """Patients and pools of every ZIP area, of every indication there is."""
    return patients.expected(facts_of(tables), EVERY)


@cached(1)
def _patients(tables: str) -> Patients:
    found = every(tables)
    count = len(TODAY)  # the first of EVERY
    return Patients(
        TODAY,
        {who: block[:count] for who, block in found.counts.items()},
        found.diseases[:count],
        found.cases[:count],
    )


def expected() -> Patients:
    """Patients a year of every ZIP area, by indication approved today."""
    return _patients(engine.tables())


@cached(2)
def _expected(tables: str) -> dict[str, Floats]:
    found = _patients(tables)
    return {
        "adult": np.array([found.of("adult", bound) for bound in BOUNDS]),
        "pediatric": np.array([found.of("pediatric", bound) for bound in BOUNDS]),
    }


def by_audience() -> dict[str, Floats]:
    """Patients a year of every ZIP area by audience, shape (3, areas): low, central, high."""
    return _expected(engine.tables())


def per_area(audience: Audience, bound: Bound = "central") -> Floats:
    """Patients a year newly eligible for therapies approved today, of every ZIP area.

    Parameters
    ----------
    audience : {"adult", "pediatric"}
        People of 18 and over, or under 18.
    bound : {"low", "central", "high"}
        Which end of the range.

    Returns
    -------
    ndarray, shape (areas,)
        In the order of `Areas.frame`.
    """
    area_values: Floats = by_audience()[audience][BOUNDS.index(bound)]
    return area_values


@cached(1)
def uptake_of(tables: str) -> pd.DataFrame:  # noqa: ARG001 - part of the key
    """Assumed uptake of every indication."""
    return load.uptake_assumptions()


def demand_settings(settings: PatientSettings) -> PatientSettings:
    """Keep only what patients depend on, so that the rest does not split caches."""
    return PatientSettings(
        preset=settings.preset,
        on=settings.on,
        off=settings.off,
        uptake=settings.uptake,
        eligible=settings.eligible,
        renewal=settings.renewal,
        growth=settings.growth,
    )


@cached(PROJECTION_ENTRIES)
def _projection(settings: PatientSettings, tables: str) -> Projection:
    return patient_growth.projection(every(tables), uptake_of(tables), settings)


def projection(settings: PatientSettings) -> Projection:
    """Patients of every ZIP area and year, in the order of `Areas.frame`.

    Parameters
    ----------
    settings : PatientSettings
        Indications, uptake, renewal and growth.

    Returns
    -------
    Projection
        With the default settings the first year is that of `per_area`.
    """
    return _projection(demand_settings(settings), engine.tables())
