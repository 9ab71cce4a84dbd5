"""Patients year by year: indications that are switched on, their uptake, and their pools (pure).

What depends on places and groups is counted once (`patients.expected`); a change of an assumption
only changes one number for each indication and year. Method: docs/methods.md, Patients.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.patient_diseases import Indication
from dashboard.patient_state import FIRST_YEAR, LAST_YEAR, PRESETS, PatientSettings, Uptake
from dashboard.patients import Audience, Bound, Patients
from geo import growth
from geo.demand import BOUNDS
from geo.results import Floats

YEARS: Final[NDArray[np.int64]] = np.arange(FIRST_YEAR, LAST_YEAR + 1, dtype=np.int64)
PERCENT: Final = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Uptake of one indication.

    Parameters
    ----------
    curve : Uptake
        Share of those eligible who are treated, by year.
    renewal : float
        Newly eligible people a year as a share of a pool; nan where new patients are counted.
    edited : bool
        Whether the reader set it.
    source, evidence, note : str
        Of the table's row.
    """

    curve: Uptake
    renewal: float
    edited: bool
    source: str
    evidence: str
    note: str


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """Patients a year of every area, year by year.

    Parameters
    ----------
    years : ndarray, shape (t,)
        Calendar years.
    keys : tuple of str
        All indications, k of them; the `factor` of those switched off is 0.
    base : dict of str to ndarray, shape (k, 3, n)
        Patients a year, or people in the pool, of the first year: by audience; low, central, high.
    factor : ndarray, shape (k, t)
        What of the base is a patient in a year.
    scale : ndarray, shape (k, 3)
        By what the reader's own eligible shares change the base; 1 where there are none.
    pools : dict of str to geo.growth.Pool
        How the pools of the indications that are switched on go, by key.
    """

    years: NDArray[np.int64]
    keys: tuple[str, ...]
    base: dict[Audience, Floats]
    factor: Floats
    scale: Floats
    pools: dict[str, growth.Pool]

    def patients(self, audience: Audience, bound: Bound, year: int, key: str = "") -> Floats:
        """Patients of one year in each area.

        Parameters
        ----------
        audience : {"adult", "pediatric"}
            People of 18 and over, or under 18.
        bound : {"low", "central", "high"}
            Which end of the range.
        year : int
            One of `years`.
        key : str, optional
            One indication; all together for "".

        Returns
        -------
        ndarray, shape (n,)
            In the order of the population table.
        """
        block = self.base[audience][:, BOUNDS.index(bound)]
        weights = self.weights(bound)[:, int(year - self.years[0])]
        if key:
            at = self.keys.index(key)
            one: Floats = weights[at] * block[at]
            return one
        total: Floats = weights @ block
        return total

    def series(self, audience: Audience, bound: Bound) -> Floats:
        """Patients of each year in each area, shape (t, n)."""
        found: Floats = self.weights(bound).T @ self.base[audience][:, BOUNDS.index(bound)]
        return found

    def weights(self, bound: Bound) -> Floats:
        """Patients of each indication and year for each of the base, shape (k, t)."""
        found: Floats = self.factor * self.scale[:, [BOUNDS.index(bound)]]
        return found


def courses(table: pd.DataFrame, settings: PatientSettings) -> dict[str, Course]:
    """Uptake of every indication in a preset, with the reader's own in its place.

    Parameters
    ----------
    table : DataFrame
        `data.load.uptake_assumptions`.
    settings : PatientSettings
        Preset, own curves, own renewal.

    Returns
    -------
    dict of str to Course
        By key, all that the table has. A preset has its own row, or else that of the preset
        before it, or else (for what it leaves out) the first one after it.
    """
    order = list(PRESETS)
    at = order.index(settings.preset)
    preferred = [*reversed(order[: at + 1]), *order[at + 1 :]]
    own = {curve.key: curve for curve in settings.uptake}
    found: dict[str, Course] = {}
    by_scenario: dict[str, dict[str, Any]] = {}
    for row in table.to_dict("records"):
        by_scenario.setdefault(str(row["key"]), {})[str(row["scenario"])] = row
    for name, rows in by_scenario.items():
        row = rows[next(scenario for scenario in preferred if scenario in rows)]
        listed = Uptake(
            name,
            int(row["start_year"]),
            float(row["share_before"]),
            float(row["peak_share"]),
            int(row["years_to_peak"]),
        )
        renewal = float(row["renewal"]) if pd.notna(row["renewal"]) else float("nan")
        given = None if np.isnan(renewal) else settings.renewal
        found[name] = Course(
            own.get(name, listed),
            renewal if given is None else given,
            given is not None or own.get(name, listed) != listed,
            str(row["source"]),
            str(row["evidence"]),
            str(row["note"]) if pd.notna(row["note"]) else "",
        )
    return found


def projection(patients: Patients, table: pd.DataFrame, settings: PatientSettings) -> Projection:
    """Carry patients into later years.

    Parameters
    ----------
    patients : Patients
        Of `patient_diseases.EVERY`.
    table : DataFrame
        `data.load.uptake_assumptions`.
    settings : PatientSettings
        Indications, uptake, renewal and growth.

    Returns
    -------
    Projection
    """
    found = courses(table, settings)
    grown = settings.growth / PERCENT
    factor = np.zeros((len(patients.indications), len(YEARS)))
    pools: dict[str, growth.Pool] = {}
    for at, entry in enumerate(patients.indications):
        if entry.key not in settings.chosen:
            continue
        factor[at], pool = _factor(entry, found[entry.key], grown)
        if pool is not None:
            pools[entry.key] = pool
    keys = tuple(entry.key for entry in patients.indications)
    return Projection(YEARS, keys, patients.counts, factor, _scale(patients, settings), pools)


def _scale(patients: Patients, settings: PatientSettings) -> Floats:
    """Own eligible shares over those of the table, shape (k, 3)."""
    scale = np.ones((len(patients.indications), len(BOUNDS)))
    own = {one.key: one.share for one in settings.eligible}
    for at, entry in enumerate(patients.indications):
        if entry.key in own:
            scale[at] = own[entry.key] / patients.diseases[at].share
    return scale


def _factor(entry: Indication, course: Course, grown: float) -> tuple[Floats, growth.Pool | None]:
    curve = course.curve
    share = growth.uptake(YEARS, curve.start, curve.before, curve.peak, curve.years)
    if not entry.pool:
        return share * growth.population(YEARS, grown), None
    pool = growth.pool(share, course.renewal, grown)
    return pool.treated, pool
