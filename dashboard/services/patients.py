"""Cached answers about patients a year."""

import numpy as np

from dashboard import patients
from dashboard.patients import Audience, Bound
from dashboard.services import engine
from dashboard.services.cache import cached
from geo.demand import BOUNDS
from geo.results import Floats


@cached(2)
def _patients(tables: str) -> patients.Patients:
    return patients.expected(patients.load_facts(engine.areas_of(tables).frame))


def expected() -> patients.Patients:
    """Patients a year of every ZIP area, by indication."""
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
