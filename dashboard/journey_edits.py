"""Edits of the table of parameters as settings (pure)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from dashboard.journey_state import MOST_VALUE, SHARES, Edit, JourneySettings

ENDS: Final = ("value", "low", "high")


def apply(settings: JourneySettings, row: pd.Series, changes: Mapping[str, Any]) -> JourneySettings:
    """Take what a reader typed into one row of the table.

    An end of the range that the new central value passes moves along with it; a central value
    that a new end passes moves along with that end.

    Parameters
    ----------
    settings : JourneySettings
        As they are.
    row : Series
        Row of the table, with key, value, low, high.
    changes : mapping of str to Any
        New cells; passed over where they are empty or no number from 0 to `MOST_VALUE`, or to 1
        for a share.

    Returns
    -------
    JourneySettings

    Examples
    --------
    >>> row = pd.Series({"key": "room", "value": 110.0, "low": 100.0, "high": 120.0})
    >>> [str(e) for e in apply(JourneySettings(), row, {"value": 150}).edits]
    ['room:150,100,150']
    >>> [str(e) for e in apply(JourneySettings(), row, {"low": 115}).edits]
    ['room:115,115,120']
    """
    numbers = {name: float(row[name]) for name in ENDS}
    most = 1.0 if str(row["key"]) in SHARES else MOST_VALUE
    for name in ENDS:
        typed = changes.get(name)
        if isinstance(typed, int | float) and 0 <= typed <= most:
            numbers[name] = float(typed)
    if "value" in changes:
        numbers["low"] = min(numbers["low"], numbers["value"])
        numbers["high"] = max(numbers["high"], numbers["value"])
    if "high" in changes:
        numbers["low"] = min(numbers["low"], numbers["high"])
    else:
        numbers["high"] = max(numbers["low"], numbers["high"])
    numbers["value"] = min(max(numbers["value"], numbers["low"]), numbers["high"])
    edits = {edit.key: edit for edit in settings.edits}
    edits[str(row["key"])] = Edit(str(row["key"]), **numbers)
    return replace(settings, edits=tuple(edits[key] for key in sorted(edits)))
