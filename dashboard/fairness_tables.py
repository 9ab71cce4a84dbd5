"""Tables about equity arranged for reading: shares in per cent, bands as words (pure)."""

from typing import Final

import numpy as np
import pandas as pd

from dashboard.fairness import CURVE_SHARES, Inequality, capital, index_table
from dashboard.fairness_text import points_band
from dashboard.state import Selection

TENTHS: Final = 5
"""Every so many-th of `CURVE_SHARES` is a tenth."""


def spread_table(spreads: pd.DataFrame) -> pd.DataFrame:
    """Arrange `fairness.spread`: whole people, the band as words.

    Parameters
    ----------
    spreads : DataFrame
        One row a group.

    Returns
    -------
    DataFrame
        The same rows with `band`.
    """
    whole = {name: spreads[name].round() for name in ("population", "unreachable", "no_data")}
    ends = zip(spreads["median_low"], spreads["median_high"], strict=True)
    bands = [_span(low, high) for low, high in ends]
    return spreads.assign(**whole, band=bands).replace([np.inf], np.nan)


def _span(low: float, high: float) -> str:
    if not np.isfinite(low):
        return ""
    return f"{low:.0f} to {high:.0f}" if np.isfinite(high) else f"{low:.0f} or more"


def gap_table(gaps: pd.DataFrame) -> pd.DataFrame:
    """Arrange gaps of dimensions or of states: shares in per cent, gaps in points.

    Parameters
    ----------
    gaps : DataFrame
        From `fairness.dimension_gaps`, `state_gaps` or `against_nation`.

    Returns
    -------
    DataFrame
        The same rows with percent, percent_reference, points and band, and whole people.
    """
    ends = zip(gaps["gap_low"], gaps["gap_high"], strict=True)
    return gaps.assign(
        group=gaps["group"].map(capital),
        reference=gaps["reference"].map(capital),
        people=gaps["people"].round(),
        people_reference=gaps["people_reference"].round(),
        percent=100 * gaps["share"],
        percent_reference=100 * gaps["share_reference"],
        points=100 * gaps["gap"],
        band=[points_band(low, high) for low, high in ends],
    ).replace([np.inf], np.nan)


def shares_table(shares: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Turn shares within some travels into a row for each group, in per cent.

    Parameters
    ----------
    shares : DataFrame
        From `fairness.cumulative`.
    unit : str
        "minutes" or "miles".

    Returns
    -------
    DataFrame
        `Group` and a column of text for each travel.
    """
    found = {"Group": [capital(name) for name in shares.columns[1:]]}
    for _, row in shares.iterrows():
        column = f"Within {row['within']:g} {unit}"
        found[column] = [f"{100 * row[name]:.1f}%" for name in shares.columns[1:]]
    return pd.DataFrame(found)


def indexes(found: Inequality, selection: Selection) -> pd.DataFrame:
    """Arrange `fairness.index_table`: the band as words, whole people.

    Parameters
    ----------
    found : Inequality
        From `fairness.inequality`.
    selection : Selection
        Names the travel.

    Returns
    -------
    DataFrame
        One row an index, with `band`.
    """
    frame = index_table(found, selection)
    whole = {
        name: frame[name].round() for name in ("people", "unreachable", "no_income", "no_data")
    }
    ends = zip(frame["low"], frame["high"], strict=True)
    bands = ["" if np.isnan(low) else f"{low:.3f} to {high:.3f}" for low, high in ends]
    return frame.assign(**whole, band=bands)


def tenths(found: Inequality, unit: str) -> pd.DataFrame:
    """Read the curves at every tenth of the people.

    Parameters
    ----------
    found : Inequality
        From `fairness.inequality`.
    unit : str
        "minutes" or "distance".

    Returns
    -------
    DataFrame
        Text in per cent.
    """
    part = found.curves.iloc[: CURVE_SHARES.size : TENTHS]
    names = {
        "people": "First share of people",
        "travel_by_income": f"Of all {unit}, poorest areas first",
        "beyond_by_income": "Of people beyond, poorest areas first",
        "travel_by_travel": f"Of all {unit}, nearest first",
    }
    return pd.DataFrame(
        {
            title: ["no data" if np.isnan(x) else f"{100 * x:.1f}%" for x in part[name]]
            for name, title in names.items()
        }
    )
