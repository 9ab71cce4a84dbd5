"""Which patients have a slot at a centre of today, for plans within capacity (pure).

Centres of today take as many patients as they can within the threshold (`geo.capacity`, least
travel); new sites are for the others. Method: docs/methods.md, Expansion planner.
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard import queries, slots
from dashboard.patient_state import PatientSettings
from dashboard.patients import Patients
from geo import capacity
from geo.results import Floats

AUDIENCES: Final = queries.AUDIENCES["all"]


def share_with_slot(
    minutes: NDArray[np.float32],
    centres: pd.DataFrame,
    patients: Patients,
    ages: str,
    table: pd.DataFrame,
    limit: float,
) -> Floats:
    """Share of the patients of every area who have a slot today.

    Parameters
    ----------
    minutes : ndarray, shape (m, n)
        From every centre to every area; inf without a road, nan not known.
    centres : DataFrame, m rows
        Treatment centres that count.
    patients : Patients
        Of the n areas, all indications: every one of them takes a slot.
    ages : {"all", "adult", "pediatric"}
        Who is counted.
    table : DataFrame
        `data.load.slot_assumptions`.
    limit : float
        Minutes that patients travel at most.

    Returns
    -------
    ndarray, shape (2 n,)
        0 to 1: of the adults, then of the children of every area; 0 where there are no patients.
    """
    counted = queries.AUDIENCES[ages]
    demand = np.concatenate([patients.of(who) * (who in counted) for who in AUDIENCES])
    ways = np.concatenate([_barred(minutes, queries.treats(centres, who)) for who in AUDIENCES], 1)
    room = slots.table_of(centres, centres.iloc[:0], PatientSettings(), table)["slots"]
    found = capacity.assign(
        "least-travel", ways, demand, room.to_numpy(dtype=np.float64), limit
    ).assigned
    share = np.divide(found, demand, out=np.zeros(demand.shape), where=demand > 0)
    within: Floats = np.clip(share, 0.0, 1.0)
    return within


def _barred(minutes: NDArray[np.float32], treats: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Take the ways to centres away that do not treat somebody; ways not known stay unknown."""
    closed = np.where(np.isnan(minutes), np.nan, np.inf).astype(np.float32)
    found: NDArray[np.float32] = np.where(treats[:, None], minutes, closed)
    return found


def of_rows(share: Floats, rows: queries.Rows) -> Floats:
    """Give rows of people the share of their area and age, shape (n,)."""
    found: Floats = share[np.where(rows.adult, 0, share.size // 2) + rows.area]
    return found
