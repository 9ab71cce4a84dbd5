"""What a way to a treatment centre costs patients, for plans that save hours or dollars (pure).

Every patient follows a whole course of care at one treatment centre (`journey_courses`, model
"hub"). What that takes changes with the way only at the limits of the rules, and between them grows
in proportion to minutes and kilometres; so few numbers of each row give it for any way, exactly.
Method: docs/methods.md, Expansion planner.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from dashboard import demand_weights, journey_courses, queries
from dashboard.journey_courses import PLACES, THERAPIES, Therapy
from dashboard.journey_state import Course
from dashboard.patients import Patients
from geo import burden, journeys
from geo.burden import MINUTES_PER_HOUR
from geo.results import Floats
from geo.siting.problem import Ints
from geo.travel import STRAIGHT_KMH

Saving = Literal["hours", "dollars"]
SAVINGS: Final[tuple[Saving, ...]] = ("hours", "dollars")
COURSE_THERAPIES: Final[dict[Course, Therapy]] = {
    "cart_outpatient": "cart",
    "cart_inpatient": "cart",
    "autologous": "autologous",
    "allogeneic": "allogeneic",
    "gene": "gene",
}
"""Therapy of every course."""


@dataclass(frozen=True, slots=True, eq=False)
class Worth:
    """What the course of a year's patients takes at the end of any way.

    Parameters
    ----------
    limits : ndarray, shape (k - 1,)
        Minutes at which rules change, ascending; a way as long as a limit is within it.
    fixed, per_minute, per_km : ndarray, shape (n, k)
        Hours or dollars of all patients of each row, by class of the way.
    """

    limits: Floats
    fixed: Floats
    per_minute: Floats
    per_km: Floats

    def of(self, row: Ints, minutes: Floats, distance_km: Floats) -> Floats:
        """Hours or dollars a year of all patients of some rows.

        Parameters
        ----------
        row : ndarray of int, shape (e,)
            Rows.
        minutes, distance_km : ndarray, shape (e,)
            One way to where they are treated; nan gives nan.

        Returns
        -------
        ndarray, shape (e,)
        """
        at = row, np.searchsorted(self.limits, minutes, side="left")
        return self.fixed[at] + self.per_minute[at] * minutes + self.per_km[at] * distance_km


def patients_by_course(
    areas: queries.Areas,
    rows: queries.Rows,
    keys: tuple[str, ...],
    patients: Patients,
    outpatient: float,
) -> dict[Course, Floats]:
    """Count the patients of a year on each course of care.

    Parameters
    ----------
    areas : Areas
        Where people live.
    rows : Rows
        People; parts of areas have their part of the patients.
    keys : tuple of str
        Indications; () for all.
    patients : Patients
        Of every area.
    outpatient : float
        Share of CAR-T patients who start as outpatients, 0 to 1.

    Returns
    -------
    dict of str to ndarray, shape (n,)
        By course; together all patients.
    """
    known = tuple(one.key for one in patients.indications)
    found: dict[str, Floats] = {}
    for therapy, listed in THERAPIES.items():
        chosen = tuple(key for key in known if key in listed and (not keys or key in keys))
        found[therapy] = (
            demand_weights.patients_of(areas, rows, chosen, patients)
            if chosen
            else np.zeros(rows.area.size)
        )
    share = {"cart_outpatient": outpatient, "cart_inpatient": 1 - outpatient}
    return {
        course: share.get(course, 1.0) * found[therapy]
        for course, therapy in COURSE_THERAPIES.items()
    }


def worth_of(
    patients: Mapping[Course, Floats], values: Mapping[str, float], saving: Saving
) -> Worth:
    """Prepare what ways cost.

    Parameters
    ----------
    patients : mapping of str to ndarray, shape (n,)
        Patients a year by course.
    values : mapping of str to float
        Parameters, from `journey_courses.values_of`.
    saving : {"hours", "dollars"}
        Hours on the road of one person, or dollars of the patient and those with them.

    Returns
    -------
    Worth
    """
    rules, prices = journey_courses.rules_of(values), journey_courses.prices_of(values)
    limits = np.unique([rules.daily, rules.radius, rules.day_trip])
    ways = np.tile(np.append(limits, limits[-1] + 1), (len(PLACES), 1))
    shape = (len(next(iter(patients.values()))), ways.shape[1])
    sums = np.zeros((3, *shape))
    for course, persons in patients.items():
        phases = journey_courses.phases(course, "hub", values)
        amounts = journeys.journey(ways, np.ones_like(ways), phases, rules)
        there_and_back = amounts[journeys.KM].copy()
        amounts[[journeys.KM, journeys.MINUTES]] = 0
        by_minute, by_km = np.zeros_like(amounts), np.zeros_like(amounts)
        by_minute[journeys.MINUTES] = by_km[journeys.KM] = there_and_back
        if saving == "hours":
            sums[1] += persons[:, None] * there_and_back / MINUTES_PER_HOUR
            continue
        for at, part in enumerate((amounts, by_minute, by_km)):
            sums[at] += persons[:, None] * burden.cost(part, prices).sum(axis=0)
    return Worth(limits, *sums)


def counted_way(minutes: Floats, distance_km: Floats, longest: float) -> tuple[Floats, Floats]:
    """Shorten ways that count only up to a longest one.

    Parameters
    ----------
    minutes, distance_km : ndarray, shape (n,)
        One way; inf without a road, nan not known.
    longest : float
        Minutes.

    Returns
    -------
    minutes, distance_km : ndarray, shape (n,)
        Longer ways as their part of so many minutes; no road as a way of so many minutes at
        `geo.travel.STRAIGHT_KMH`.

    Examples
    --------
    >>> counted_way(np.array([60.0, 600.0, np.inf]), np.array([50.0, 900.0, np.inf]), 300.0)
    (array([ 60., 300., 300.]), array([ 50., 450., 400.]))
    """
    far = minutes > longest
    part = np.divide(longest, minutes, out=np.ones(minutes.shape), where=far & np.isfinite(minutes))
    on_road = np.where(np.isinf(minutes), 0.0, distance_km) * part
    without = longest / MINUTES_PER_HOUR * STRAIGHT_KMH
    return np.minimum(minutes, longest), np.where(np.isinf(minutes), without, on_road)
