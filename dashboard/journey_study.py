"""Words and table of the published comparison (pure); the figures are of `dashboard.snyder`."""

from typing import Final

import numpy as np
import pandas as pd

from dashboard import text

TIME: Final = "Change of mean travel time"
COST: Final = "Change of cost"


def headline(frame: pd.DataFrame) -> str:
    """State the published change and the span of ours.

    Parameters
    ----------
    frame : DataFrame
        From `snyder.compare`.

    Returns
    -------
    str
        A sentence.
    """
    rows = frame[frame["measure"] == TIME]
    low, high = sorted([abs(rows["atlas"].min()), abs(rows["atlas"].max())])
    return (
        f"Opening the network beyond academic hospitals cuts mean travel by "
        f"{text.percent(low, 0)} to {text.percent(high, 0)} here, by "
        f"{text.percent(abs(rows['published'].iloc[0]), 0)} in the published study."
    )


def detail(frame: pd.DataFrame) -> str:
    """Say what was compared, and how the costs differ."""
    costs = frame[frame["measure"] == COST]
    low, high = sorted([abs(costs["atlas"].min()), abs(costs["atlas"].max())])
    expanded = frame[frame["measure"] == "Cost, expanded"].iloc[0]
    return (
        "Snyder et al. 2021 (doi:10.1007/s12325-021-01838-z) compare academic hospitals alone with "
        "an expanded network, for 3,922 patients a year with relapsed large B-cell lymphoma. "
        f"The expanded network is our {frame['expanded_centres'].iloc[0]:,} centres with CAR-T for "
        f"adults; in it the patients' costs are ${expanded['atlas']:,.1f} million a year with our "
        f"assumptions, ${expanded['published']:,.1f} million in the study, and fall by "
        f"{text.percent(low, 0)} to {text.percent(high, 0)} against "
        f"{text.percent(abs(costs['published'].iloc[0]), 0)}."
    )


def class_sentence(part: pd.DataFrame) -> str:
    """State the error of one class."""
    time = part[part["measure"] == TIME].iloc[0]
    side = "more" if time["atlas"] < time["published"] else "less"
    points = abs(100 * time["error"])
    return (
        f"{part['centres'].iloc[0]:,} hospitals stand for the academic ones: mean travel falls by "
        f"{text.percent(abs(time['atlas']))}, {points:.1f} points {side} than published."
    )


def shown(part: pd.DataFrame) -> pd.DataFrame:
    """Write figures with their unit; an empty cell where nothing is published."""
    units = part["unit"].tolist()
    columns = {
        name: [_written(value, unit) for value, unit in zip(part[name], units, strict=True)]
        for name in ("published", "atlas")
    }
    errors = [_signed(value, unit) for value, unit in zip(part["error"], units, strict=True)]
    return part[["measure", "unit"]].assign(**columns, error=errors)


def _written(value: float, unit: str) -> str:
    if np.isnan(value):
        return ""
    return text.percent(value) if unit == "share" else f"{value:,.1f}"


def _signed(value: float, unit: str) -> str:
    """Write an error: points of a share, the unit of others.

    >>> _signed(-0.0997, "share"), _signed(12.81, "minutes"), _signed(float("nan"), "share")
    ('-10.0 points', '+12.8', '')
    """
    if np.isnan(value):
        return ""
    return f"{100 * value:+.1f} points" if unit == "share" else f"{value:+,.1f}"
