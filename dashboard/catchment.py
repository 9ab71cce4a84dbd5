"""Whom one treatment centre serves, and who would be left without it (pure)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard import queries
from dashboard.state import Selection
from geo.travel import TravelMatrix


@dataclass(frozen=True, slots=True)
class Catchment:
    """One centre among those chosen, for the people whom it treats.

    Parameters
    ----------
    within : float
        Persons within the threshold of this very centre, whatever else is near.
    nearest : float
        Persons for whom it is the nearest centre, at any distance. Over all centres they add up to
        the people who can reach one.
    lost : float
        Of those, persons within the threshold who would be beyond it without this centre.
    next_centre, next_id : str
        The next nearest centre for most of those; "" where there is none.
    """

    within: float
    nearest: float
    lost: float
    next_centre: str
    next_id: str


def without(centres: pd.DataFrame, position: int) -> pd.DataFrame:
    """Take a centre out of use.

    Parameters
    ----------
    centres : DataFrame
        Chosen centres.
    position : int
        Row of the one taken out.

    Returns
    -------
    DataFrame
        The same rows in the same order; the one taken out treats nobody.
    """
    others = np.arange(len(centres)) != position
    return centres.assign(
        treats_adults=centres["treats_adults"] & others,
        treats_children=centres["treats_children"] & others,
    )


def catchment(
    position: int,
    centres: pd.DataFrame,
    here: TravelMatrix,
    rows: queries.Rows,
    rest: queries.Rows,
    selection: Selection,
) -> Catchment:
    """Count the people of one centre.

    Parameters
    ----------
    position : int
        Row of the centre.
    centres : DataFrame
        Chosen centres.
    here : TravelMatrix, shape (n, 1)
        Way of every area to this centre.
    rows : Rows
        People with their way to the nearest centre.
    rest : Rows
        The same people row by row, with their way to the nearest of the other centres
        (`without`).
    selection : Selection
        Threshold and metric.

    Returns
    -------
    Catchment
        All zero for a centre that treats none of the people counted.
    """
    limit = queries.threshold(selection)
    centre = centres.iloc[position]
    treated = np.where(rows.adult, bool(centre["treats_adults"]), bool(centre["treats_children"]))
    own = rows.site == position
    to_nearest = queries.impedance(rows, selection)
    to_here = (here.minutes if selection.metric == "minutes" else here.distance_km)[rows.area, 0]
    # The matrix is rounded to single precision: who counts as covered must not depend on it.
    inside = treated & (np.where(own, to_nearest, to_here) <= limit)
    elsewhere = queries.impedance(rest, selection) <= limit
    moved = own & (rest.site >= 0)
    weight = np.bincount(rest.site[moved], rows.persons[moved], len(centres))
    after = centres.iloc[int(weight.argmax())] if weight.max() > 0 else None
    return Catchment(
        within=float(rows.persons[inside].sum()),
        nearest=float(rows.persons[own].sum()),
        lost=float(rows.persons[own & inside & ~elsewhere].sum()),
        next_centre="" if after is None else str(after["name"]),
        next_id="" if after is None else str(after["id"]),
    )
