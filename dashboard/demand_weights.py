"""What each row of people counts for in a plan: persons or patients, times weights (pure).

Method: docs/methods.md, Candidates and demand of a plan.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from dashboard import queries
from dashboard.patients import Patients
from dashboard.plan_state import PlanSettings
from geo.results import Floats

RURAL: Final = "rural"
SHARES: Final = {"low_income": "poverty_share", "no_vehicle": "no_vehicle_share"}
"""Column of the share of each weight."""
WORDS: Final = {"low_income": "poverty", "no_vehicle": "vehicle access"}


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Demand of each row of people.

    Parameters
    ----------
    value : ndarray, shape (n,)
        What counts in the plan: `base` times `weight`.
    base : ndarray, shape (n,)
        Persons, or expected patients a year.
    weight : ndarray, shape (n,)
        At least 1.
    missing : dict of str to float
        Persons whose share is not reported, by weight; they are counted without it. Weights that
        are 1, and shares that are all reported, are left out.
    """

    value: Floats
    base: Floats
    weight: Floats
    missing: dict[str, float]

    def note(self) -> str:
        """Say whose weights are not known; "" for nobody's."""
        parts = [
            f"{count:,.0f} people live where {WORDS[name]} is not reported"
            for name, count in self.missing.items()
        ]
        return f"{'; '.join(parts)}: they count without that weight." if parts else ""


@dataclass(frozen=True, slots=True, eq=False)
class GroupShares:
    """Which part of each row of people belongs to each group.

    Parameters
    ----------
    ids, labels : list of str
        Name of each of g groups, and its name for readers.
    shares : sparse array, shape (n, g)
        0 to 1; a row adds up to 1, or to less where the group is not reported.
    """

    ids: list[str]
    labels: list[str]
    shares: csr_array


def demand_of(
    areas: queries.Areas,
    rows: queries.Rows,
    plan: PlanSettings,
    patients: Patients | None = None,
) -> Demand:
    """Give each row of people its demand.

    Parameters
    ----------
    areas : Areas
        Where people live.
    rows : Rows
        Areas and audiences; parts of areas have their part of the patients.
    plan : PlanSettings
        `demand`, `indications` and the weights.
    patients : Patients, optional
        From `patients.expected` for the same areas; needed for the demand "patients".

    Returns
    -------
    Demand

    Raises
    ------
    ValueError
        Patients are asked for and not given, or lack an indication.
    """
    base = rows.persons.astype(np.float64)
    if plan.counts == "patients":
        if patients is None:
            msg = "the demand of patients needs the patients of every area"
            raise ValueError(msg)
        base = patients_of(areas, rows, plan.indications, patients)
    weight = np.ones(rows.area.size)
    missing: dict[str, float] = {}
    if plan.rural > 1:
        is_rural = (areas.frame["rurality"] == RURAL).to_numpy()[rows.area]
        weight = np.where(is_rural, plan.rural, 1.0)
    for name, column in SHARES.items():
        factor: float = getattr(plan, name)
        if factor > 1:
            share = areas.frame[column].to_numpy(dtype=np.float64, na_value=np.nan)[rows.area]
            unknown = float(rows.persons[np.isnan(share)].sum())
            if unknown > 0:
                missing[name] = unknown
            weight = weight * (1 + np.nan_to_num(share) * (factor - 1))
    return Demand(base * weight, base, weight, missing)


def patients_of(
    areas: queries.Areas, rows: queries.Rows, keys: tuple[str, ...], patients: Patients
) -> Floats:
    """Patients a year of each row, as its persons' part of those of the area and audience.

    Parameters
    ----------
    areas : Areas
        Where people live.
    rows : Rows
        n rows of people.
    keys : tuple of str
        Indications; () for all.
    patients : Patients
        Of every area.

    Returns
    -------
    ndarray, shape (n,)
    """
    value = np.zeros(rows.area.size)
    for audience in queries.AUDIENCES["all"]:
        persons = areas.persons[audience]
        if keys:
            count = np.sum([patients.of(audience, key=key) for key in keys], axis=0)
        else:
            count = patients.of(audience)
        rate = np.divide(count, persons, out=np.zeros(persons.shape), where=persons > 0)
        own = rows.adult == (audience == "adult")
        value[own] = rate[rows.area[own]] * rows.persons[own]
    return value


def group_shares(areas: queries.Areas, rows: queries.Rows, by: str) -> GroupShares:
    """Split each row of people by group, to find the worst-off group of a plan.

    Parameters
    ----------
    areas : Areas
        Where people live.
    rows : Rows
        Areas and audiences, n.
    by : str
        A breakdown that does not split rows (any but "county").

    Returns
    -------
    GroupShares
        Groups with people; people of unknown group are in none.
    """
    if by in queries.OVERLAPPING:
        ids, persons = queries.shared_columns(areas, rows, by)
        labels = ids
        whole = rows.persons[:, None]
        shares = np.divide(persons, whole, out=np.zeros(persons.shape), where=whole > 0)
        table = csr_array(shares)
    else:
        same, codes, ids, labels = queries.by_codes(areas, rows, by)
        size = same.area.size
        table = csr_array((np.ones(size), (np.arange(size), codes)), shape=(size, len(ids)))
    people = table.T @ rows.persons
    kept = [k for k, name in enumerate(ids) if name != queries.UNKNOWN and people[k] > 0]
    return GroupShares([ids[k] for k in kept], [labels[k] for k in kept], table[:, kept])
