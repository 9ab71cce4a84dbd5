"""Findings of a comparison as sentences, and its tables for reading (pure)."""

import math
from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import figures, palette, text
from dashboard.comparison import IN_BOTH, Headline, Pair, Side
from dashboard.situations import Situation

CHART_PLACES: Final = 16
FEWEST: Final = 0.5


def finding(found: Headline, pair: Pair) -> str:
    """State who gains, with the band of the difference."""
    a, b = pair.a.situation.name, pair.b.situation.name
    goal = "collection" if pair.way == "collection" else "treatment"
    reach = text.threshold(pair.b.view)
    if not pair.same_threshold:
        reach = "their thresholds"
    change = found.difference
    band = ""
    if found.covered is not None and round(found.covered[1] - found.covered[0]):
        low, high = sorted(abs(end) for end in found.covered)
        same_sign = found.covered[0] * found.covered[1] >= 0
        band = (
            f" (90% band {text.people_band(low, high)})"
            if same_sign
            else f" (90% band {_signed(found.covered[0])} to {_signed(found.covered[1])})"
        )
    if abs(change) < FEWEST:
        return f"As many people live within {reach} of {goal} {_with(b)} as {_with(a)}."
    word = "more" if change > 0 else "fewer"
    start = _with(b)
    return (
        f"{start[:1].upper()}{start[1:]}, {text.people(abs(change))} {word} people live within "
        f"{reach} of {goal} than {_with(a)}{band}."
    )


def _with(name: str) -> str:
    return name if name.startswith("today") else f"with {name}"


def _signed(value: float) -> str:
    return ("\N{MINUS SIGN}" if value < 0 else "") + text.people(abs(value))


def detail(found: Headline, pair: Pair) -> str:
    """Say who comes in, who drops out, and how travel changes."""
    parts = [
        f"{text.people(found.gained)} come within, {text.people(found.lost)} drop out.",
        f"{text.people(found.shorter)} have a shorter way, {text.people(found.longer)} a longer.",
    ]
    if found.people and not math.isnan(found.saved_each):
        word = "saves" if found.saved_each >= 0 else "costs"
        parts.append(
            f"B {word} a person {abs(found.saved_each):.1f} {pair.unit} one way on average."
        )
    if not pair.same_people:
        parts.append("The two count different people; who comes in is said of those in both.")
    if not pair.same_errors:
        parts.append("They measure differently, so the difference has no band.")
    return " ".join(parts)


def figures_of(side: Side, found: Headline, letter: str) -> list[tuple[str, str]]:
    """Give the key figures of one side."""
    count = found.a if letter == "A" else found.b
    unit = "minutes"
    median = count.median.value
    return [
        (f"{letter}: within {text.threshold(side.view)}", text.people(count.covered)),
        (f"{letter}: share beyond", text.percent(count.share_beyond)),
        (
            f"{letter}: half live within",
            text.minutes(median) if unit in side.view.metric else f"{median:.0f}",
        ),
        (f"{letter}: open sites", f"{count.sites:,}"),
        (f"{letter}: patients a year within", f"{count.patients:,.0f}"),
    ]


def places_sentence(frame: pd.DataFrame, kind: str) -> str:
    """State where the change is largest."""
    moved = frame[frame["covered_change"] != 0]
    if moved.empty:
        return f"No {kind} changes."
    top = moved.iloc[0]
    word = "more" if top["covered_change"] > 0 else "fewer"
    return (
        f"{len(moved)} of {len(frame)} change, most of all {top['label']}: "
        f"{text.people(abs(float(top['covered_change'])))} {word} people within."
    )


def places_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Arrange the table of places for reading: shares in per cent."""
    return frame.assign(
        percent_a=100 * frame["share_a"],
        percent_b=100 * frame["share_b"],
        points=100 * frame["share_change"],
        median_a=frame["median_a"].replace(np.inf, np.nan),
        median_b=frame["median_b"].replace(np.inf, np.nan),
    )


def places_chart(frame: pd.DataFrame) -> go.Figure:
    """Draw the change of the share within, largest change first, with A and B."""
    top = frame[frame["covered_change"] != 0].head(CHART_PLACES)
    figure = go.Figure(
        [
            go.Bar(
                name=name, x=top[f"share_{side}"], y=top["label"], orientation="h",
                marker_color=colour,
                hovertemplate="<b>%{y}</b><br>%{x:.1%} within<extra>" + name + "</extra>",
            )
            for side, name, colour in (
                ("a", "A", palette.BAND_COLOURS[2]), ("b", "B", palette.BAND_COLOURS[5]),
            )
        ]
    )  # fmt: skip
    figure.update_xaxes(title="Share within the threshold", tickformat=".0%", rangemode="tozero")
    figure.update_yaxes(autorange="reversed", title=None, automargin=True, ticksuffix="  ")
    figure.update_layout(
        barmode="group",
        height=1.6 * figures.BAR_PIXELS * max(len(top), 1) + figures.MARGIN_PIXELS,
        margin={"l": 8, "r": 16, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.08},
    )
    return figure


def sites_sentence(frame: pd.DataFrame) -> str:
    """State how many sites are open on one side only.

    >>> sites_sentence(pd.DataFrame({"where": ["Only in B", "In both"]}))
    '1 site is open in B only, none in A only, 1 in both.'
    """
    a, b, both = ((frame["where"] == where).sum() for where in IN_BOTH)
    verb = "site is" if b == 1 else "sites are"
    return f"{b or 'No'} {verb} open in B only, {a or 'none'} in A only, {both:,} in both."


def gaps_sentence(frame: pd.DataFrame) -> str:
    """State whether gaps between groups grow or shrink."""
    points = frame[(frame["unit"] == "points") & frame["change"].notna()]
    wider = int((points["change"] > 0).sum())
    narrower = int((points["change"] < 0).sum())
    if not wider and not narrower:
        return "No gap between groups changes."
    return f"Of {len(points)} gaps between groups, {narrower} narrow from A to B and {wider} widen."


def gaps_table(frame: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Arrange gaps for reading: shares as points, travel in its unit, indexes as they are."""
    scale = np.where(frame["unit"] == "points", 100.0, 1.0)
    names = {"points": "per cent points", "travel": unit, "index": "index"}
    return pd.DataFrame(
        {
            "measure": frame["measure"],
            "about": frame["about"],
            "unit": frame["unit"].map(names),
            "a": frame["a"] * scale,
            "b": frame["b"] * scale,
            "change": frame["change"] * scale,
        }
    )


def differing_sentence(a: Situation, b: Situation, count: int) -> str:
    """Say in how many settings the two differ."""
    if not count:
        return f"{a.title} and {b.name} have the same settings."
    word = "setting" if count == 1 else "settings"
    return f"They differ in {count} {word}."
