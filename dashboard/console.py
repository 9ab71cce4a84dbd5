"""Answers of the command line as text: tables for people, JSON for programs (pure)."""

import json
import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.commands import Coverage, NearestCentres
from dashboard.state import LABELS, Selection

GAP: Final = "  "


def to_json(frame: pd.DataFrame) -> str:
    """Write the rows of a table as a JSON list; what is missing or no finite number is null."""
    rows = [
        {str(name): plain(value) for name, value in row.items()}
        for row in frame.to_dict(orient="records")
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False, allow_nan=False)


def coverage_table(answer: Coverage, selection: Selection, vintage: str) -> str:
    """Write coverage for a reader: what was counted, then the table."""
    frame = answer.frame
    adults = int(answer.centres["treats_adults"].sum())
    children = int(answer.centres["treats_children"].sum())
    source = (
        "from your file"
        if selection.facilities
        else f"{choice('therapy', selection)}; evidence: {choice('evidence', selection)}; "
        f"low-confidence rows {'included' if selection.low_confidence else 'left out'}"
    )
    heading = [
        f"People within {selection.within:g} {selection.metric} of a treatment centre",
        f"Model:   {choice('model', selection)}. Ages: {choice('ages', selection)}.",
        f"Centres: {len(answer.centres)} ({source}); {adults} treat adults, {children} children.",
        f"Data:    {vintage}",
    ]
    columns = {
        "group": list(frame["group"]),
        **{
            name.replace("_", " "): [f"{count:,}" for count in frame[name]]
            for name in ("population", "covered", "uncovered", "unreachable", "no_data")
        },
        "share covered": [text.percent(share) for share in frame["share_covered"]],
        "90% band": [
            text.percent_band(low, high)
            for low, high in zip(frame["share_low"], frame["share_high"], strict=True)
        ],
    }
    return "\n".join([*heading, "", *aligned(columns, left=("group",))])


def nearest_table(answer: NearestCentres, selection: Selection) -> str:
    """Write the nearest centres for a reader."""
    frame = answer.frame
    model = choice("model", selection).lower()
    if frame.empty:
        return f"From {answer.place} no centre that fits can be reached ({model})."
    columns = {
        "centre": list(frame["name"]),
        "place": [
            ", ".join(str(part) for part in (city, state) if not pd.isna(part))
            for city, state in zip(frame["city"], frame["state"], strict=True)
        ],
        "treats": [
            "adults and children" if adults and children else "adults" if adults else "children"
            for adults, children in zip(
                frame["treats_adults"], frame["treats_children"], strict=True
            )
        ],
        "minutes": [f"{minutes:.0f}" for minutes in frame["minutes"]],
        "miles": [f"{miles:.1f}" for miles in frame["miles"]],
        "evidence": ["" if pd.isna(word) else str(word) for word in frame["evidence"]],
    }
    heading = f"Treatment centres nearest to {answer.place} ({model})"
    left = ("centre", "place", "treats", "evidence")
    return "\n".join([heading, "", *aligned(columns, left=left)])


def studies_table(frame: pd.DataFrame) -> str:
    """Write the validation studies for a reader."""
    columns = {
        "study": list(frame["study"]),
        "figure": list(frame["metric"]),
        "published": [_points(value) for value in frame["published"]],
        "computed": [_points(value) for value in frame["computed"]],
        "error": [
            "" if math.isnan(value) else f"{value:+.1f} points" for value in frame["error_points"]
        ],
        "tolerance": [
            "" if pd.isna(value) else f"{value:g}" for value in frame["tolerance_points"]
        ],
        "verdict": list(frame["verdict"]),
    }
    sentence = text.study_sentence(list(frame["verdict"]))
    return "\n".join([*aligned(columns, left=("study", "figure", "verdict")), "", sentence])


def trips_summary(frame: pd.DataFrame, out: object) -> str:
    """Count the trips by status."""
    counts = frame["status"].value_counts()
    parts = [
        f"{counts[word]:,} {word}" for word in ("ok", "unreachable", "no_data") if word in counts
    ]
    return f"{len(frame):,} trips written to {out}: {', '.join(parts)}."


def choice(key: str, selection: Selection) -> str:
    """Label of what a selection has chosen."""
    return LABELS[key][getattr(selection, key)]


def _points(value: float) -> str:
    return "" if math.isnan(value) else f"{100 * value:.1f}%"


def plain(value: object) -> object:
    """Turn numpy's numbers and pandas' missing values into what JSON knows."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value


def aligned(columns: dict[str, list[str]], left: Sequence[str]) -> list[str]:
    """Set columns side by side; those of `left` begin at their left edge, numbers end together."""
    shown = []
    for name, cells in columns.items():
        width = max(len(str(cell)) for cell in (name, *cells))
        align = str.ljust if name in left else str.rjust
        shown.append([align(str(cell), width) for cell in (name, *cells)])
    return [GAP.join(line).rstrip() for line in zip(*shown, strict=True)]
