"""From a result to a plotly figure (pure). The Overview draws its own: see `svg.py`."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.palette import ACCENT, BAND_COLOURS, MUTED
from geo.results import DistributionResult, Floats

BAR_PIXELS: Final = 25
MARGIN_PIXELS: Final = 96
LEGEND_PIXELS: Final = 24
NAME_CHARS: Final = 36
"""Longer names of centres are cut beside a chart."""
TICK_EVERY: Final = 4
TINY: Final = 1e-9
BEHIND: Final = 1.25


def config(name: str) -> dict[str, object]:
    """Give the settings of a chart on the page; nothing in its mode bar leaves the machine.

    Parameters
    ----------
    name : str
        Goes into the name of the file in which a reader saves the chart as it stands.

    Returns
    -------
    dict
        For `st.plotly_chart`.
    """
    return {
        "displaylogo": False,
        "modeBarButtonsToRemove": ["lasso2d", "select2d", "autoScale2d"],
        "toImageButtonOptions": {
            "format": "png",
            "scale": 2,
            "filename": f"bcar-atlas-{name.replace('_', '-')}",
        },
    }


def coverage_curve(
    thresholds: Floats, shares: tuple[Floats, Floats, Floats], *, at: tuple[float, float], unit: str
) -> go.Figure:
    """Share of people covered by threshold with its band.

    Parameters
    ----------
    thresholds : ndarray, shape (k,)
        In `unit`.
    shares : tuple of ndarray, shape (k,)
        Share covered, and low and high of its band, 0 to 1.
    at : tuple of float
        The threshold chosen and its share.
    unit : str
        "minutes" or "miles".

    Returns
    -------
    Figure
    """
    share, low, high = shares
    figure = go.Figure(
        [
            go.Scatter(
                x=np.concatenate([thresholds, thresholds[::-1]]),
                y=np.concatenate([high, low[::-1]]), mode="lines", line_width=0, fill="toself",
                fillcolor="rgba(23, 78, 99, 0.2)", name="90% band", hoverinfo="skip",
            ),
            go.Scatter(
                x=thresholds, y=share, mode="lines", name="Share within",
                line={"color": BAND_COLOURS[4], "width": 2.5},
            ),
            go.Scatter(
                x=[at[0]], y=[at[1]], mode="markers", name=f"{at[0]:g} {unit}: {at[1]:.1%}",
                marker={"color": ACCENT, "size": 11},
            ),
        ]
    )  # fmt: skip
    figure.update_xaxes(title=f"Threshold, {unit}", rangemode="tozero")
    figure.update_yaxes(title="Share of people within", tickformat=".0%", range=[0, 1])
    figure.update_layout(height=360, legend_orientation="h")
    return figure


def bars(
    labels: Sequence[str],
    shares: Sequence[float],
    words: Sequence[str],
    *,
    title: str,
    mark: tuple[float, str] | None = None,
) -> go.Figure:
    """Shares as bars with their values beside them.

    Parameters
    ----------
    labels, words : sequences of str
        Name and value of each bar, first on top.
    shares : sequence of float
        0 to 1.
    title : str
        What the bars measure.
    mark : tuple of float and str, optional
        Share and name of a line across the bars.

    Returns
    -------
    Figure
    """
    figure = go.Figure(
        go.Bar(
            x=list(shares), y=list(labels), orientation="h", text=list(words),
            textposition="outside", marker_color=BAND_COLOURS[4],
        )
    )  # fmt: skip
    if mark is not None:
        figure.add_vline(
            x=mark[0],
            line={"color": ACCENT, "dash": "dot", "width": 1.6},
            annotation_text=mark[1],
            annotation_position="top",
            annotation_font={"color": ACCENT},
        )
    most = max([*shares, mark[0] if mark else 0.0, TINY])
    # Room for the words behind the longest bar.
    figure.update_xaxes(title=title, tickformat=".0%", range=[0, BEHIND * most])
    figure.update_yaxes(autorange="reversed", title=None)
    figure.update_layout(height=BAR_PIXELS * len(labels) + MARGIN_PIXELS, showlegend=False)
    return figure


def gaps(frame: pd.DataFrame, *, average: float) -> go.Figure:
    """Share of people beyond the threshold by group, with 90% bands.

    Parameters
    ----------
    frame : DataFrame
        label, share_beyond, share_covered, share_low, share_high, beyond; first row on top.
    average : float
        Share beyond of everybody, 0 to 1, drawn as a line.

    Returns
    -------
    Figure
        Horizontal bars, one a group.
    """
    share = frame["share_beyond"].to_numpy(dtype=np.float64)
    figure = go.Figure(
        go.Bar(
            x=share,
            y=frame["label"],
            orientation="h",
            marker_color=BAND_COLOURS[4],
            error_x={
                "type": "data",
                "symmetric": False,
                "array": (frame["share_covered"] - frame["share_low"]).to_numpy(),
                "arrayminus": (frame["share_high"] - frame["share_covered"]).to_numpy(),
                "color": MUTED,
                "thickness": 1.4,
                "width": 3,
            },
            customdata=np.column_stack(
                [frame["beyond"], 1 - frame["share_high"], 1 - frame["share_low"]]
            ),
            hovertemplate="<b>%{y}</b><br>%{x:.1%} beyond (%{customdata[1]:.1%} to "
            "%{customdata[2]:.1%})<br>%{customdata[0]:,.0f} people<extra></extra>",
        )
    )
    if np.isfinite(average):
        figure.add_vline(
            x=average,
            line={"color": ACCENT, "dash": "dot", "width": 1.6},
            annotation_text=f"everybody: {average:.1%}",
            annotation_position="top",
            annotation_font={"color": ACCENT},
        )
    figure.update_xaxes(tickformat=".0%", rangemode="tozero", title="Share beyond the threshold")
    figure.update_yaxes(autorange="reversed", title=None, automargin=True, ticksuffix="  ")
    figure.update_layout(
        height=BAR_PIXELS * len(frame) + MARGIN_PIXELS,
        margin={"l": 8, "r": 16, "t": 28, "b": 8},
        showlegend=False,
        bargap=0.35,
    )
    return figure


def distribution(result: DistributionResult, edges: Floats, *, at: float, unit: str) -> go.Figure:
    """People by bins of travel, those beyond the threshold in the accent colour.

    Parameters
    ----------
    result : DistributionResult
        k bins.
    edges : ndarray, shape (k + 1,)
        In `unit`.
    at : float
        The threshold, in `unit`.
    unit : str
        "minutes" or "miles".

    Returns
    -------
    Figure
        Columns, with one more for those farther than the last edge and one for those without road.
    """
    width = float(edges[1] - edges[0])
    far, roadless = float(edges[-1]) + 1.5 * width, float(edges[-1]) + 5.5 * width
    names = [f"{low:g} to {high:g} {unit}" for low, high in pairwise(edges)]
    names += [f"over {edges[-1]:g} {unit}", "no road"]
    within = [bool(high <= at) for high in edges[1:]] + [False, False]
    figure = go.Figure(
        go.Bar(
            x=[*(edges[:-1] + width / 2), far, roadless],
            y=[*result.persons.tolist(), result.above, result.unreachable],
            width=0.9 * width,
            text=names,
            textposition="none",
            marker_color=[BAND_COLOURS[3] if inside else ACCENT for inside in within],
            hovertemplate="<b>%{text}</b><br>%{y:,.0f} people<extra></extra>",
        )
    )
    ticks = edges[:-1:TICK_EVERY]
    figure.update_xaxes(
        title=f"Travel to the nearest centre, {unit}",
        tickvals=[*ticks, far, roadless],
        ticktext=[*(f"{tick:g}" for tick in ticks), f"{edges[-1]:g}+", "no road"],
        tickangle=0,
    )
    figure.update_yaxes(title="People", tickformat="~s")
    figure.update_layout(height=300, margin={"l": 8, "r": 16, "t": 16, "b": 8}, showlegend=False)
    return figure


def criticality(frame: pd.DataFrame) -> go.Figure:
    """People who would lose cover without a centre.

    Parameters
    ----------
    frame : DataFrame
        name, place, lost, within, next_centre; first row on top.

    Returns
    -------
    Figure
        Horizontal bars, one a centre: in the accent colour who would lose cover, beside them the
        others of its people within the threshold.
    """
    names = [_shortened(str(name)) for name in frame["name"]]
    figure = go.Figure()
    for label, values, colour in (
        ("would be beyond without it", frame["lost"], ACCENT),
        ("have another centre within reach", frame["within"] - frame["lost"], BAND_COLOURS[2]),
    ):
        figure.add_trace(
            go.Bar(
                x=values,
                y=frame["id"],
                orientation="h",
                name=label,
                marker_color=colour,
                customdata=np.column_stack([frame["name"], frame["place"], frame["next_centre"]]),
                hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{x:,.0f} people "
                + label
                + "<br>next centre: %{customdata[2]}<extra></extra>",
            )
        )
    figure.update_xaxes(title="People nearest and within the threshold", tickformat="~s")
    figure.update_yaxes(
        autorange="reversed",
        title=None,
        automargin=True,
        tickvals=frame["id"],
        ticktext=names,
        ticksuffix="  ",
    )
    figure.update_layout(
        barmode="stack",
        height=BAR_PIXELS * len(frame) + MARGIN_PIXELS + LEGEND_PIXELS,
        margin={"l": 8, "r": 16, "t": 28, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        bargap=0.35,
    )
    return figure


def _shortened(name: str) -> str:
    return name if len(name) <= NAME_CHARS else name[: NAME_CHARS - 1].rstrip(" /(,-") + "…"


def calibration(trips: pd.DataFrame) -> go.Figure:
    """Model minutes against real minutes, held-out trips apart.

    Parameters
    ----------
    trips : DataFrame
        road_minutes, model_minutes, held_out (bool), origin, destination.

    Returns
    -------
    Figure
        Points with the line of equality; both axes logarithmic.
    """
    figure = go.Figure()
    for held_out, name, colour in (
        (False, "used to calibrate", MUTED),
        (True, "held back", ACCENT),
    ):
        part = trips[trips["held_out"] == held_out]
        figure.add_trace(
            go.Scatter(
                x=part["road_minutes"],
                y=part["model_minutes"],
                mode="markers",
                name=name,
                marker={"color": colour, "size": 8},
                text=part["origin"] + " to " + part["destination"],
                hovertemplate="<b>%{text}</b><br>real %{x:.0f} min, model %{y:.0f} min"
                "<extra></extra>",
            )
        )
    span = [
        float(trips[["road_minutes", "model_minutes"]].min().min()),
        float(trips[["road_minutes", "model_minutes"]].max().max()),
    ]
    figure.add_trace(
        go.Scatter(
            x=span,
            y=span,
            mode="lines",
            name="equal",
            line={"color": MUTED, "dash": "dot"},
            hoverinfo="skip",
        )
    )
    figure.update_xaxes(type="log", title="Real minutes")
    figure.update_yaxes(type="log", title="Minutes by the road model")
    figure.update_layout(height=380, margin={"l": 8, "r": 16, "t": 16, "b": 8})
    return figure
