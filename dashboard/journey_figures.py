"""Figures of the Journeys page: from a table to a plotly figure (pure)."""

from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.palette import ACCENT, BAND_COLOURS, INK, MUTED, WHITE
from geo.results import Floats

ROW_PIXELS: Final = 46
GROUP_PIXELS: Final = 25
MARGIN_PIXELS: Final = 84
LEGEND_PIXELS: Final = 44
FAR_LONGER: Final = 3.0
"""A bar so many times longer than the next is cut, with its value written in it."""
ROOM: Final = 1.2
COMPONENT_COLOURS: Final = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", MUTED)
"""Colours that the colour-blind tell apart (Okabe and Ito)."""


def by_model(frame: pd.DataFrame, *, unit: str, dollars: bool = False) -> go.Figure:
    """One measure a patient by model, with low and high.

    Parameters
    ----------
    frame : DataFrame
        label, low, central, high; the hub model first, on top.
    unit : str
        Title of the axis.
    dollars : bool, optional
        Write amounts with a dollar sign.

    Returns
    -------
    Figure
        Horizontal bars; the hub's is grey, since the others are compared with it.
    """
    central = frame["central"].to_numpy(dtype=float)
    sign = "$" if dollars else ""
    figure = go.Figure(
        go.Bar(
            x=central,
            y=frame["label"],
            orientation="h",
            marker_color=[MUTED, *[BAND_COLOURS[4]] * (len(frame) - 1)],
            error_x=_span(frame),
            customdata=frame[["low", "high"]],
            hovertemplate=f"<b>%{{y}}</b><br>{sign}%{{x:,.1f}} ({sign}%{{customdata[0]:,.1f}} to "
            f"{sign}%{{customdata[1]:,.1f}}) {'' if dollars else unit}<extra></extra>",
        )
    )
    figure.update_xaxes(title=unit, rangemode="tozero", tickprefix=sign)
    return _rows(figure, ROW_PIXELS * len(frame) + MARGIN_PIXELS)


def components(frame: pd.DataFrame) -> go.Figure:
    """Split what a course costs a patient and the caregivers, by model and component.

    Parameters
    ----------
    frame : DataFrame
        model (label), component (label), usd; models and components in their order.

    Returns
    -------
    Figure
        Horizontal bars in parts, one bar a model.
    """
    figure = go.Figure()
    for at, (name, part) in enumerate(frame.groupby("component", sort=False)):
        figure.add_trace(
            go.Bar(
                x=part["usd"],
                y=part["model"],
                orientation="h",
                name=str(name),
                marker_color=COMPONENT_COLOURS[at % len(COMPONENT_COLOURS)],
                hovertemplate=f"<b>%{{y}}</b><br>{name}: $%{{x:,.0f}}<extra></extra>",
            )
        )
    figure.update_xaxes(title="USD a patient", tickprefix="$", tickformat="~s")
    figure.update_layout(
        barmode="stack", legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}
    )
    figure.update_layout(legend_traceorder="normal")
    models = frame["model"].nunique()
    return _rows(figure, ROW_PIXELS * models + MARGIN_PIXELS + LEGEND_PIXELS, legend=True)


def groups(
    frame: pd.DataFrame, column: str, *, unit: str, average: float, dollars: bool = False
) -> go.Figure:
    """Show what a model saves a patient, by group.

    Parameters
    ----------
    frame : DataFrame
        label, patients, and `column`; first row on top.
    column : str
        What is drawn.
    unit : str
        Title of the axis.
    average : float
        Of everybody, drawn as a line.
    dollars : bool, optional
        Write amounts with a dollar sign.

    Returns
    -------
    Figure
        Horizontal bars, one a group; a bar that would dwarf the others is cut.
    """
    sign = "$" if dollars else ""
    values: Floats = frame[column].to_numpy(dtype=float)
    most = _axis_end(values)
    figure = go.Figure(
        go.Bar(
            x=frame[column],
            y=frame["label"],
            orientation="h",
            marker_color=BAND_COLOURS[4],
            text=[f"{sign}{value:,.0f}, cut" if value > most else "" for value in values],
            textposition="inside",
            insidetextanchor="start",
            textfont={"color": WHITE, "size": 11},
            constraintext="none",
            customdata=frame[["patients"]],
            hovertemplate=f"<b>%{{y}}</b><br>{sign}%{{x:,.1f}} a patient<br>"
            "%{customdata[0]:,.0f} patients a year<extra></extra>",
        )
    )
    figure.add_vline(
        x=average,
        line={"color": ACCENT, "dash": "dot", "width": 1.6},
        annotation_text=f"all: {sign}{average:,.0f}",
        annotation_position="top",
        annotation_font={"color": ACCENT},
    )
    figure.update_xaxes(title=unit, rangemode="tozero", tickprefix=sign)
    if most < np.nanmax(values, initial=0.0):
        figure.update_xaxes(range=[min(0.0, float(np.nanmin(values))), most])
    return _rows(figure, GROUP_PIXELS * len(frame) + MARGIN_PIXELS)


def _axis_end(values: Floats) -> float:
    """End of the axis: the longest bar, unless it is so long that the others would vanish.

    >>> float(_axis_end(np.array([400.0, 50.0, 40.0]))), float(_axis_end(np.array([60.0, 50.0])))
    (60.0, 60.0)
    """
    known = np.sort(values[~np.isnan(values)])[::-1]
    if len(known) > 1 and known[0] > FAR_LONGER * known[1] > 0:
        return float(ROOM * known[1])
    return float(known[0]) if len(known) else 0.0


def _span(frame: pd.DataFrame) -> dict[str, object]:
    central: Floats = frame["central"].to_numpy(dtype=float)
    return {
        "type": "data",
        "symmetric": False,
        "array": frame["high"].to_numpy(dtype=float) - central,
        "arrayminus": central - frame["low"].to_numpy(dtype=float),
        "color": INK,
        "thickness": 1.4,
        "width": 3,
    }


def _rows(figure: go.Figure, height: int, *, legend: bool = False) -> go.Figure:
    figure.update_yaxes(autorange="reversed", title=None, automargin=True, ticksuffix="  ")
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 16, "t": 28, "b": 8},
        showlegend=legend,
        bargap=0.35,
    )
    return figure
