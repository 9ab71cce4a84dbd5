"""Figures of the planner: from an answer to a plotly figure (pure)."""

from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.palette import ACCENT, BAND_COLOURS, INK, MUTED
from geo.siting.curve import Curve

ROW_PIXELS: Final = 22
MARGIN_PIXELS: Final = 90
CERTAIN: Final = 0.95


def curve(found: Curve, *, unit: str, scale: float = 1.0, chosen: int | None = None) -> go.Figure:
    """Proven gain by number of sites, beside the greedy one and the build-up of the last plan.

    Parameters
    ----------
    found : Curve
        k numbers of sites.
    unit : str
        What is gained.
    scale : float, optional
        Of the gain to `unit`.
    chosen : int, optional
        Number of sites of the plan shown.

    Returns
    -------
    Figure
        Lines, the ceiling, and a mark where the best plan gives up a site of the one before.
    """
    figure = go.Figure()
    x = found.count
    for name, values, colour, dash in (
        ("best plan", found.objective, INK, "solid"),
        (f"opening the best {int(x[-1])} one by one", found.build, BAND_COLOURS[4], "dash"),
        ("adding the best each time", found.greedy, ACCENT, "dot"),
    ):
        figure.add_trace(
            go.Scatter(
                x=x, y=values / scale, mode="lines", name=name,
                line={"color": colour, "dash": dash, "width": 2.2},
                hovertemplate=f"<b>{name}</b><br>%{{x}} sites: %{{y:,.4s}} {unit}<extra></extra>",
            )
        )  # fmt: skip
    for name, keep, symbol in (
        ("gives up a site of the smaller plan", ~found.nested, "diamond-open"),
        ("not proven", ~found.proven, "x-thin-open"),
    ):
        if keep.any():
            figure.add_trace(
                go.Scatter(
                    x=x[keep], y=found.objective[keep] / scale, mode="markers", name=name,
                    marker={"symbol": symbol, "size": 9, "color": INK, "line": {"width": 1.6}},
                    hovertemplate=f"%{{x}} sites: {name}<extra></extra>",
                )
            )  # fmt: skip
    figure.add_hline(
        y=found.ceiling / scale,
        line={"color": MUTED, "dash": "dash", "width": 1.2},
        annotation_text="all candidates open",
        annotation_position="top left",
        annotation_font={"color": MUTED},
    )
    if chosen is not None and x[0] <= chosen <= x[-1]:
        figure.add_vline(x=chosen, line={"color": ACCENT, "dash": "dot", "width": 1.2})
    figure.update_xaxes(title="New sites", rangemode="tozero")
    figure.update_yaxes(title=unit.capitalize(), tickformat="~s", rangemode="tozero")
    figure.update_layout(
        height=380,
        margin={"l": 8, "r": 16, "t": 16, "b": 8},
        legend={"orientation": "h", "y": -0.2, "yanchor": "top", "x": 0},
        hovermode="closest",
    )
    return figure


def robust(frame: pd.DataFrame) -> go.Figure:
    """How often sites are chosen, with 95% intervals.

    Parameters
    ----------
    frame : DataFrame
        name, frequency, low, high (0 to 1), in_plan; first row on top.

    Returns
    -------
    Figure
        Horizontal bars; those of the plan shown are dark.
    """
    share = frame["frequency"].to_numpy(dtype=np.float64)
    figure = go.Figure()
    inside = frame["in_plan"].to_numpy(dtype=bool)
    for name, keep, colour in (
        ("in the plan shown", inside, BAND_COLOURS[5]),
        ("not in it", ~inside, BAND_COLOURS[2]),
    ):
        part = frame[keep]
        figure.add_trace(
            go.Bar(
                x=share[keep], y=np.flatnonzero(keep), orientation="h", name=name,
                marker_color=colour,
                error_x={
                    "type": "data", "symmetric": False, "color": MUTED, "thickness": 1.3,
                    "width": 3, "array": (part["high"] - part["frequency"]).to_numpy(),
                    "arrayminus": (part["frequency"] - part["low"]).to_numpy(),
                },
                customdata=np.column_stack([part["name"], part["low"], part["high"]]),
                hovertemplate="<b>%{customdata[0]}</b><br>in %{x:.0%} of the samples "
                "(%{customdata[1]:.0%} to %{customdata[2]:.0%})<extra></extra>",
            )
        )  # fmt: skip
    figure.add_vline(x=CERTAIN, line={"color": ACCENT, "dash": "dot", "width": 1.6})
    figure.update_xaxes(tickformat=".0%", range=[0, 1.02], title="Share of the samples")
    figure.update_yaxes(
        autorange="reversed",
        tickvals=list(range(len(frame))),
        ticktext=frame["name"].tolist(),
        automargin=True,
        ticksuffix="  ",
    )
    figure.update_layout(
        height=ROW_PIXELS * len(frame) + MARGIN_PIXELS,
        margin={"l": 8, "r": 16, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        bargap=0.3,
    )
    return figure
