"""Figures about equity: from a table to a plotly figure (pure)."""

from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.fairness import capital
from dashboard.palette import ACCENT, BAND_COLOURS, INK, MUTED, WHITE
from dashboard.queries import UNKNOWN

LINES: Final = (
    ("#0072b2", "solid"),
    ("#d55e00", "solid"),
    ("#009e73", "solid"),
    ("#cc79a7", "dash"),
    ("#e69f00", "dash"),
    ("#56b4e9", "dash"),
    (MUTED, "dot"),
)
"""Colours that the colour-blind tell apart (Okabe and Ito), and the dash besides."""
GREY: Final = "#8b949e"
"""Of thin lines that must show on light and on dark ground."""
ROW_PIXELS: Final = 22
MARGIN_PIXELS: Final = 84
MEDIAN_TICKS: Final = (5, 10, 20, 30, 60, 120, 240, 480, 960)
FARTHEST: Final = 960.0
"""End of the axis of medians; lines of groups that reach farther stop here."""
NEAREST: Final = 4.0
TEXT_SIZE: Final = 11
TICK_EVERY: Final = 30
NAMED_FROM: Final = 0.35
"""Shorter bars, as shares of the longest, have no room for a name."""


def curves(shares: pd.DataFrame, *, at: float, unit: str) -> go.Figure:
    """Share of each group within each travel.

    Parameters
    ----------
    shares : DataFrame
        `within` and a column for each group, 0 to 1.
    at : float
        The threshold.
    unit : str
        "minutes" or "miles".

    Returns
    -------
    Figure
        One line a group, with the threshold.
    """
    figure = go.Figure()
    for name, (colour, dash) in zip(shares.columns[1:], LINES, strict=False):
        figure.add_trace(
            go.Scatter(
                x=shares["within"],
                y=shares[name],
                mode="lines",
                name=capital(name),
                line={"color": colour, "dash": dash, "width": 2.4, "simplify": False},
                hovertemplate=f"<b>{capital(name)}</b><br>%{{y:.1%}} within %{{x:g}} {unit}"
                "<extra></extra>",
            )
        )
    if at <= float(shares["within"].iloc[-1]):
        figure.add_vline(
            x=at,
            line={"color": ACCENT, "dash": "dot", "width": 1.6},
            annotation_text=f"{at:g} {unit}",
            annotation_position="top",
            annotation_font={"color": ACCENT},
        )
    figure.update_xaxes(
        title=f"Travel to the nearest centre, {unit}", rangemode="tozero", dtick=TICK_EVERY
    )
    figure.update_yaxes(title="Share of the group", tickformat=".0%", range=[0, 1.01])
    figure.update_layout(
        height=420,
        margin={"l": 8, "r": 16, "t": 28, "b": 8},
        legend={"orientation": "h", "yanchor": "top", "y": -0.2, "x": 0},
    )
    return figure


def medians(spreads: pd.DataFrame, *, chosen: str, unit: str) -> go.Figure:
    """Median travel of every group of every dimension with its band, tenth to nine tenths.

    Parameters
    ----------
    spreads : DataFrame
        From `fairness.spread`.
    chosen : str
        The dimension in the accent colour.
    unit : str
        "minutes", "miles" or "km".

    Returns
    -------
    Figure
        A row for each group under the name of its dimension, on a logarithmic axis.
    """
    known = spreads[(spreads["group"] != UNKNOWN) & (spreads["people"] > 0)]
    figure = go.Figure()
    names: list[str] = []
    rows: list[int] = []
    for dimension, part in known.groupby("dimension", sort=False):
        names.append(f"<b>{part['dimension_label'].iloc[0]}</b>")
        at = list(range(len(names), len(names) + len(part)))
        names += [capital(name) for name in part["group"]]
        rows += at
        colour = ACCENT if dimension == chosen else BAND_COLOURS[4]
        _spans(figure, part, at, {"p10": "p90"}, {"color": GREY, "width": 1.6})
        _spans(figure, part, at, {"median_low": "median_high"}, {"color": colour, "width": 13})
        figure.add_trace(
            go.Scatter(
                x=np.clip(part["median"], NEAREST, FARTHEST),
                y=at,
                mode="markers",
                marker={"color": colour, "size": 7, "line": {"color": WHITE, "width": 1}},
                customdata=part[["median", "median_low", "median_high", "p10", "p90", "label"]],
                hovertemplate="<b>%{customdata[5]}</b><br>half within %{customdata[0]:.0f} "
                f"{unit} (%{{customdata[1]:.0f}} to %{{customdata[2]:.0f}})<br>one in ten within "
                "%{customdata[3]:.0f}, nine in ten within %{customdata[4]:.0f}<extra></extra>",
            )
        )
    figure.update_xaxes(
        type="log",
        range=np.log10([NEAREST, FARTHEST]).tolist(),
        tickvals=list(MEDIAN_TICKS),
        ticktext=[str(tick) for tick in MEDIAN_TICKS],
        tickangle=0,
        title=f"{capital(unit)} to the nearest centre",
    )
    figure.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=names,
        range=[len(names) - 0.5, -0.5],
        zeroline=False,
        automargin=True,
        ticksuffix="  ",
        tickfont={"size": TEXT_SIZE},
    )
    figure.update_layout(
        height=ROW_PIXELS * len(names) + MARGIN_PIXELS,
        margin={"l": 8, "r": 16, "t": 8, "b": 8},
        showlegend=False,
    )
    return figure


def _spans(
    figure: go.Figure,
    part: pd.DataFrame,
    rows: list[int],
    ends: dict[str, str],
    line: dict[str, object],
) -> None:
    """Draw a horizontal line in each row, from the one column to the other."""
    for low, high in ends.items():
        x = np.column_stack(
            [part[[low, high]].fillna(np.inf).clip(NEAREST, FARTHEST), np.full(len(part), np.nan)]
        )
        y = np.repeat(np.array(rows, dtype=np.float64), 3)
        figure.add_trace(
            go.Scatter(x=x.ravel(), y=y, mode="lines", line=line, hoverinfo="skip", name=low)
        )


def state_gaps(frame: pd.DataFrame) -> go.Figure:
    """Gap between the worst-off group and the reference group in each state, with 90% bands.

    Parameters
    ----------
    frame : DataFrame
        From `fairness.state_gaps`; first row on top.

    Returns
    -------
    Figure
        Horizontal bars, with the name of the worst-off group in them where it is not always the
        same.
    """
    gap = frame["gap"].to_numpy(dtype=np.float64)
    several = len(set(frame["group"])) > 1
    figure = go.Figure(
        go.Bar(
            x=gap,
            y=frame["label"],
            orientation="h",
            marker_color=BAND_COLOURS[2],
            text=[
                capital(name) if several and width > NAMED_FROM * gap.max() else ""
                for name, width in zip(frame["group"], gap, strict=True)
            ],
            textposition="inside",
            insidetextanchor="start",
            textangle=0,
            constraintext="none",
            textfont={"color": INK, "size": TEXT_SIZE},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": (frame["gap_high"] - frame["gap"]).to_numpy(),
                "arrayminus": (frame["gap"] - frame["gap_low"]).to_numpy(),
                "color": MUTED,
                "thickness": 1.4,
                "width": 3,
            },
            customdata=frame[
                ["share", "share_reference", "gap_low", "gap_high", "reference", "group"]
            ],
            hovertemplate="<b>%{y}</b><br>%{customdata[5]}: %{customdata[0]:.1%} beyond, "
            "%{customdata[4]}: %{customdata[1]:.1%}<br>gap %{x:.1%} (%{customdata[2]:.1%} to "
            "%{customdata[3]:.1%})<extra></extra>",
        )
    )
    figure.update_xaxes(
        tickformat=".0%", rangemode="tozero", title="Gap in the share beyond, in points"
    )
    figure.update_yaxes(autorange="reversed", title=None, automargin=True, ticksuffix="  ")
    figure.update_layout(
        height=(ROW_PIXELS + 3) * len(frame) + MARGIN_PIXELS,
        margin={"l": 8, "r": 16, "t": 8, "b": 8},
        showlegend=False,
        bargap=0.25,
    )
    return figure


def concentration(curves_: pd.DataFrame, *, unit: str) -> go.Figure:
    """Shares of all travel, and of all people beyond, that the poorest people have.

    Parameters
    ----------
    curves_ : DataFrame
        `Inequality.curves`.
    unit : str
        "minutes" or "distance".

    Returns
    -------
    Figure
        Two curves and the line of equality.
    """
    lines = {
        "travel_by_income": (f"{capital(unit)} of travel", BAND_COLOURS[4], "solid"),
        "beyond_by_income": ("People beyond the threshold", ACCENT, "dash"),
    }
    return _shares(curves_, lines, "People, from the ZIP areas with the lowest incomes")


def lorenz(curves_: pd.DataFrame, *, unit: str) -> go.Figure:
    """Share of all travel that the nearest people have.

    Parameters
    ----------
    curves_ : DataFrame
        `Inequality.curves`.
    unit : str
        "minutes" or "distance".

    Returns
    -------
    Figure
        One curve and the line of equality.
    """
    lines = {"travel_by_travel": (f"{capital(unit)} of travel", BAND_COLOURS[4], "solid")}
    return _shares(curves_, lines, "People, from those who live nearest")


def _shares(curves_: pd.DataFrame, lines: dict[str, tuple[str, str, str]], title: str) -> go.Figure:
    figure = go.Figure(
        go.Scatter(
            x=[0, 1],
            y=[0, 1],
            mode="lines",
            name="Equal",
            line={"color": MUTED, "dash": "dot", "width": 1.4},
            hoverinfo="skip",
        )
    )
    for column, (name, colour, dash) in lines.items():
        figure.add_trace(
            go.Scatter(
                x=curves_["people"],
                y=curves_[column],
                mode="lines",
                name=name,
                line={"color": colour, "dash": dash, "width": 2.4},
                hovertemplate=f"%{{x:.0%}} of the people: %{{y:.1%}}<extra>{name}</extra>",
            )
        )
    figure.update_xaxes(title=title, tickformat=".0%", range=[0, 1])
    figure.update_yaxes(title="Share of the whole", tickformat=".0%", range=[0, 1])
    figure.update_layout(
        height=360,
        margin={"l": 8, "r": 16, "t": 8, "b": 8},
        legend={"orientation": "h", "yanchor": "top", "y": -0.22, "x": 0},
    )
    return figure
