"""Load on the centres year by year, and who finds no slot, as tables (pure).

Rows are the adults, then the children of every ZIP area; whom a centre does not treat has no way
to it. The engine is `geo.capacity`; method: docs/methods.md, Capacity.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.patient_views import Split
from geo.capacity import Assignment
from geo.results import Floats

PERCENT: Final = 100.0
FULL: Final = 1 - 1e-9
"""Share of its slots from which on a site is full."""
DUST: Final = 1e-9
"""Fewer patients of a row are rounding."""
NEVER: Final = 0
"""Year in which nothing fills."""
STATES: Final = ("left_over", "too_far", "unreachable", "no_data")
"""Who is not treated, and why."""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Answers of some years.

    Parameters
    ----------
    years : ndarray, shape (t,)
        Calendar years.
    sites : DataFrame, m rows
        From `slots.table_of`.
    load : ndarray, shape (t, m)
        Patients who come to each site; with "nearest" also those it has no slot for.
    patients : ndarray, shape (t, n)
        Of each row.
    left_over : ndarray, shape (t, n)
        Those with a site within the limit, and no slot.
    state : ndarray of int, shape (n,)
        Position in `STATES` of what befalls a row's patients; 0 where a site is within the limit.
    minutes : ndarray, shape (t,)
        Patient-minutes of those treated, one way.
    gap : ndarray, shape (t,)
        How far from the best possible patient-minutes can be, as a share; nan where no proof is.
    """

    years: NDArray[np.int64]
    sites: pd.DataFrame
    load: Floats
    patients: NDArray[np.floating]
    left_over: NDArray[np.floating]
    state: NDArray[np.int8]
    minutes: Floats
    gap: Floats

    @property
    def slots(self) -> Floats:
        """Slots a year of each site, shape (m,)."""
        return self.sites["slots"].to_numpy(dtype=np.float64)

    def row(self, year: int) -> int:
        """Position of a calendar year."""
        return int(np.flatnonzero(self.years == year)[0])


def course(
    years: NDArray[np.int64],
    sites: pd.DataFrame,
    demand: Floats,
    found: Sequence[Assignment],
) -> Course:
    """Gather the engine's answers.

    Parameters
    ----------
    years : ndarray, shape (t,)
        Calendar years.
    sites : DataFrame, m rows
        From `slots.table_of`.
    demand : ndarray, shape (t, n)
        Patients that were asked about.
    found : sequence of Assignment
        One a year.
    """
    state = np.zeros(demand.shape[1], np.int8)
    for code, name in enumerate(STATES):
        for answer in found:
            state[getattr(answer, name) > 0] = code
    return Course(
        years,
        sites,
        np.array([answer.load for answer in found]),
        demand,
        np.array([np.where(answer.left_over > DUST, answer.left_over, 0.0) for answer in found]),
        state,
        np.array([answer.patient_minutes for answer in found]),
        np.array([answer.gap for answer in found]),
    )


def by_year(found: Course, inside: NDArray[np.bool_], here: NDArray[np.bool_]) -> pd.DataFrame:
    """Add up every year.

    Parameters
    ----------
    found : Course
        t years, m sites, n rows.
    inside : ndarray of bool, shape (n,)
        Rows that count.
    here : ndarray of bool, shape (m,)
        Sites that count.

    Returns
    -------
    DataFrame
        year, patients, treated, left_over, too_far, unreachable, no_data (patients a year; the
        first is the sum of the others), slots, load (patients who come to the sites that count),
        full (sites without a free slot), left_share (of the patients with a site within the
        limit).
    """
    parts = {name: _part(found, inside, code) for code, name in enumerate(STATES)}
    patients = (found.patients * inside).sum(axis=1, dtype=np.float64)
    treated = patients - sum(parts.values())
    reached = treated + parts["left_over"]
    return pd.DataFrame(
        {
            "year": found.years,
            "patients": patients,
            "treated": treated,
            **parts,
            "slots": found.slots[here].sum(),
            "load": found.load[:, here].sum(axis=1),
            "full": full(found)[:, here].sum(axis=1),
            "left_share": np.divide(
                parts["left_over"], reached, out=np.zeros(len(reached)), where=reached > 0
            ),
        }
    )


def _part(found: Course, inside: NDArray[np.bool_], code: int) -> Floats:
    """Patients of each year who are not treated for one reason, shape (t,)."""
    values = found.patients if code else found.left_over
    total: Floats = (values * (inside & (found.state == code))).sum(axis=1, dtype=np.float64)
    return total


def full(found: Course) -> NDArray[np.bool_]:
    """Whether each site has no slot free, shape (t, m); one without slots is full."""
    answer: NDArray[np.bool_] = found.load >= found.slots * FULL
    return answer


def first_full(found: Course) -> NDArray[np.int64]:
    """First year in which each site has no slot free, `NEVER` for none, shape (m,)."""
    is_full = full(found)
    return np.where(is_full.any(axis=0), found.years[is_full.argmax(axis=0)], NEVER)


def network_full(years: pd.DataFrame, percent: float) -> int:
    """First year in which the network is full.

    Parameters
    ----------
    years : DataFrame
        From `by_year`.
    percent : float
        Of the patients with a site within the limit: more of them without a slot make it full.

    Returns
    -------
    int
        `NEVER` for none.

    Examples
    --------
    >>> years = pd.DataFrame({"year": [2026, 2027, 2028], "left_share": [0.01, 0.05, 0.06]})
    >>> network_full(years, 5), network_full(years, 10)
    (2028, 0)
    """
    over = years["left_share"].to_numpy(dtype=np.float64) * PERCENT > percent + 1e-9
    return int(years["year"].to_numpy()[over.argmax()]) if over.any() else NEVER


def by_site(found: Course, year: int, fills: NDArray[np.int64] | None) -> pd.DataFrame:
    """List the sites with their load.

    Parameters
    ----------
    found : Course
        With that year.
    year : int
        Calendar year.
    fills : ndarray of int, shape (m,), optional
        From `first_full` of all years, when they are known.

    Returns
    -------
    DataFrame
        Columns of `Course.sites`, and load, share (of its slots; nan without slots), over
        (patients beyond its slots), fills (year; missing for never or not known): fullest first.
    """
    load, slots = found.load[found.row(year)], found.slots
    years = pd.Series(np.full(len(load), NEVER) if fills is None else fills, dtype="Int64")
    frame = found.sites.assign(
        load=load,
        share=np.divide(load, slots, out=np.full(len(load), np.nan), where=slots > 0),
        over=np.maximum(load - slots, 0.0),
        fills=years.mask(years == NEVER),
    )
    order = np.lexsort((-load, -np.nan_to_num(frame["share"].to_numpy(), nan=np.inf).round(9)))
    return frame.iloc[order].reset_index(drop=True)


def by_place(found: Course, year: int, split: Split, inside: NDArray[np.bool_]) -> pd.DataFrame:
    """Count patients of each place who are treated, or not.

    Parameters
    ----------
    found : Course
        With that year, n rows.
    year : int
        Calendar year.
    split : Split
        g places.
    inside : ndarray of bool, shape (n,)
        Rows that count.

    Returns
    -------
    DataFrame
        id, label, patients, treated, left_over, too_far, unreachable, no_data, untreated_share:
        places with patients, most left over first.
    """
    at = found.row(year)
    demand = found.patients[at] * inside
    parts = {
        name: split.share @ (
            (demand if code else found.left_over[at] * inside) * (found.state == code)
        )
        for code, name in enumerate(STATES)
    }  # fmt: skip
    patients = split.share @ demand
    treated = np.maximum(patients - sum(parts.values()), 0.0)
    frame = pd.DataFrame(
        {
            "id": split.ids,
            "label": split.labels,
            "patients": patients,
            "treated": treated,
            **parts,
            "untreated_share": 1
            - np.divide(treated, patients, out=np.ones(len(patients)), where=patients > 0),
        }
    )
    frame = frame[frame["patients"] > 0]
    return frame.sort_values(["left_over", "patients"], ascending=False, kind="stable").reset_index(
        drop=True
    )
