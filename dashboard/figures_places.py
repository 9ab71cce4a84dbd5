"""Figures of the topics that compare places: from a table to a plotly figure (pure)."""

from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.palette import ACCENT, BAND_COLOURS, DIVERGING, MUTED

ROW_PIXELS: Final = 25
MARGIN_PIXELS: Final = 92
FAR: Final = "#b4bac2"


def near_and_far(frame: pd.DataFrame) -> go.Figure:
    """People beyond treatment by place, those near a blood centre first.

    Parameters
    ----------
    frame : DataFrame
        label, near, far, unknown, share_near; first row on top.

    Returns
    -------
    Figure
        Horizontal bars in two parts, one a place.
    """
    figure = go.Figure()
    share = frame["share_near"].to_numpy(dtype=np.float64)
    for name, colour, people in (
        ("near a blood centre", BAND_COLOURS[4], frame["near"]),
        ("not near one", FAR, frame["far"] + frame["unknown"]),
    ):
        figure.add_trace(
            go.Bar(
                x=people,
                y=frame["label"],
                orientation="h",
                name=name,
                marker_color=colour,
                customdata=share,
                hovertemplate=f"<b>%{{y}}</b><br>%{{x:,.0f}} people beyond, {name}<br>"
                "%{customdata:.0%} of those beyond are near one<extra></extra>",
            )
        )
    return _rows(figure, len(frame), "People beyond the threshold of treatment")


def roles(frame: pd.DataFrame) -> go.Figure:
    """Share of the people beyond treatment who are near a blood centre, by role, with bands.

    Parameters
    ----------
    frame : DataFrame
        label, near, near_low, near_high, share_near.

    Returns
    -------
    Figure
        Horizontal bars, one a role.
    """
    near = frame["near"].to_numpy(dtype=np.float64)
    figure = go.Figure(
        go.Bar(
            x=near,
            y=frame["label"],
            orientation="h",
            marker_color=BAND_COLOURS[4],
            error_x={
                "type": "data",
                "symmetric": False,
                "array": frame["near_high"].to_numpy(dtype=np.float64) - near,
                "arrayminus": near - frame["near_low"].to_numpy(dtype=np.float64),
                "color": MUTED,
                "thickness": 1.4,
                "width": 3,
            },
            customdata=frame["share_near"],
            hovertemplate="<b>%{y}</b><br>%{x:,.0f} people, %{customdata:.1%} of those beyond"
            "<extra></extra>",
        )
    )
    return _rows(figure, len(frame), "People beyond treatment and near one")


def misjudged(frame: pd.DataFrame) -> go.Figure:
    """People on different sides of the threshold by road and by straight line, by place.

    Parameters
    ----------
    frame : DataFrame
        label, hidden, added, circuity; first row on top.

    Returns
    -------
    Figure
        Horizontal bars: hidden to the right, added to the left.
    """
    figure = go.Figure()
    for name, colour, people, sign in (
        ("hidden: beyond by road only", DIVERGING[-1], frame["hidden"], 1),
        ("added: beyond by straight line only", DIVERGING[0], frame["added"], -1),
    ):
        figure.add_trace(
            go.Bar(
                x=sign * people,
                y=frame["label"],
                orientation="h",
                name=name,
                marker_color=colour,
                customdata=people,
                hovertemplate=f"<b>%{{y}}</b><br>%{{customdata:,.0f}} people {name}<extra></extra>",
            )
        )
    figure.add_vline(x=0, line={"color": MUTED, "width": 1})
    return _rows(figure, len(frame), "People whom the straight line misjudges", mode="relative")


def models(frame: pd.DataFrame) -> go.Figure:
    """Share beyond the threshold by each travel model, with its band.

    Parameters
    ----------
    frame : DataFrame
        label, share_beyond, share_low, share_high, beyond.

    Returns
    -------
    Figure
        Horizontal bars, one a model; the first in the accent colour.
    """
    share = frame["share_beyond"].to_numpy(dtype=np.float64)
    figure = go.Figure(
        go.Bar(
            x=share,
            y=frame["label"],
            orientation="h",
            marker_color=[ACCENT, *[BAND_COLOURS[4]] * (len(frame) - 1)],
            error_x={
                "type": "data",
                "symmetric": False,
                "array": frame["share_high"].to_numpy(dtype=np.float64) - share,
                "arrayminus": share - frame["share_low"].to_numpy(dtype=np.float64),
                "color": MUTED,
                "thickness": 1.4,
                "width": 3,
            },
            customdata=frame["beyond"],
            hovertemplate="<b>%{y}</b><br>%{x:.1%} beyond, %{customdata:,.0f} people"
            "<extra></extra>",
        )
    )
    figure = _rows(figure, len(frame), "Share beyond the threshold")
    return figure.update_xaxes(tickformat=".0%", rangemode="tozero")


def _rows(figure: go.Figure, count: int, title: str, *, mode: str = "stack") -> go.Figure:
    figure.update_xaxes(title=title, tickformat="~s")
    figure.update_yaxes(autorange="reversed", title=None, automargin=True, ticksuffix="  ")
    figure.update_layout(
        height=ROW_PIXELS * count + MARGIN_PIXELS,
        margin={"l": 8, "r": 16, "t": 28, "b": 8},
        barmode=mode,
        bargap=0.35,
        showlegend=len(figure.data) > 1,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
    )
    return figure


def scores(frame: pd.DataFrame, *, average: float, unit: str) -> go.Figure:
    """Mean score by place, with the median as a mark and the mean of everybody as a line.

    Parameters
    ----------
    frame : DataFrame
        label, mean, median, share_none, population; first row on top.
    average : float
        Mean of the country.
    unit : str
        What a score counts.

    Returns
    -------
    Figure
        Horizontal bars, one a place.
    """
    median = frame["median"].to_numpy(dtype=np.float64)
    figure = go.Figure(
        go.Bar(
            x=frame["mean"],
            y=frame["label"],
            orientation="h",
            name="mean",
            marker_color=BAND_COLOURS[4],
            customdata=np.column_stack([frame["population"], frame["share_none"]]),
            hovertemplate="<b>%{y}</b><br>mean %{x:,.1f} "
            f"{unit}<br>%{{customdata[0]:,.0f}} people, %{{customdata[1]:.0%}} with none"
            "<extra></extra>",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=np.where(np.isfinite(median), median, np.nan),
            y=frame["label"],
            mode="markers",
            name="median",
            marker={"color": MUTED, "symbol": "diamond", "size": 8},
            hovertemplate="<b>%{y}</b><br>median %{x:,.1f}<extra></extra>",
        )
    )
    if np.isfinite(average):
        figure.add_vline(x=average, line={"color": ACCENT, "dash": "dot", "width": 1.6})
    return _rows(figure, len(frame), unit[:1].upper() + unit[1:])
