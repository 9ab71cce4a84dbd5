"""From a change in the table of assumptions to settings (pure)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from dashboard.patient_state import (
    INDICATIONS,
    MOST_RAMP,
    PRESETS,
    REPLACES,
    STARTS,
    Eligible,
    PatientSettings,
    Uptake,
)

PERCENT: Final = 100.0
_CURVE: Final = ("start", "before_percent", "peak_percent", "years_to_peak")


def share_of(percent: float | None) -> float | None:
    """Turn per cent into a share from 0 to 1; None stays None.

    >>> share_of(12.5), share_of(140.0), share_of(None)
    (0.125, 1.0, None)
    """
    return None if percent is None else min(max(percent / PERCENT, 0.0), 1.0)


def apply(settings: PatientSettings, row: pd.Series, changes: Mapping[str, Any]) -> PatientSettings:
    """Take the changes of one row.

    Parameters
    ----------
    settings : PatientSettings
        Before.
    row : Series
        Row of `patient_views.courses`, as it was shown.
    changes : mapping of str to object
        New values by column; an emptied cell (None) keeps what was there.

    Returns
    -------
    PatientSettings
        With every value within its limits.
    """
    key = str(row["key"])
    given = {name: value for name, value in changes.items() if value is not None}
    if "on" in given:
        settings = switched(settings, key, on=bool(given["on"]))
    if "eligible_percent" in given:
        own = Eligible(key, share_of(float(given["eligible_percent"])) or 0.0)
        others = {one.key: one for one in settings.eligible} | {key: own}
        settings = replace(
            settings, eligible=tuple(others[name] for name in INDICATIONS if name in others)
        )
    if any(name in given for name in _CURVE):
        start, before, peak, years = (given.get(name, row[name]) for name in _CURVE)
        curve = Uptake(
            key,
            int(min(max(int(start), STARTS[0]), STARTS[1])),
            share_of(float(before)) or 0.0,
            share_of(float(peak)) or 0.0,
            int(min(max(int(years), 1), MOST_RAMP)),
        )
        curves = {one.key: one for one in settings.uptake} | {key: curve}
        settings = replace(
            settings, uptake=tuple(curves[name] for name in INDICATIONS if name in curves)
        )
    return settings


def switched(settings: PatientSettings, key: str, *, on: bool) -> PatientSettings:
    """Switch an indication on or off.

    A pool and today's starts of the same disease are the same people: switching one on switches
    the other off.

    Parameters
    ----------
    key : str
        Indication.
    on : bool
        What is wanted.

    Returns
    -------
    PatientSettings
        With the shortest lists that say so.
    """
    wanted = {*settings.chosen, key} if on else {*settings.chosen} - {key}
    if on:
        rivals = REPLACES | {starts: pool for pool, starts in REPLACES.items()}
        wanted -= {rivals[key]} if key in rivals else set()
    preset = set(PRESETS[settings.preset])
    return replace(
        settings,
        on=tuple(name for name in INDICATIONS if name in wanted - preset),
        off=tuple(name for name in INDICATIONS if name in preset - wanted),
    )
