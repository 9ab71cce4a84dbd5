"""Figures of the planner: from an answer to a plotly figure (pure)."""

from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.palette import ACCENT, BAND_COLOURS, INK, MUTED
from geo.results import Floats
from geo.siting.curve import Curve

ROW_PIXELS: Final = 22
MARGIN_PIXELS: Final = 90
CERTAIN: Final = 0.95
FAR_ABOVE: Final = 1.5
"""A ceiling so many times above the curve would press it flat."""


def curve(found: Curve, build: Floats, *, unit: str, scale: float = 1.0) -> go.Figure:
    """Proven gain by number of sites, beside the greedy one and the build-up of the plan shown.

    Parameters
    ----------
    found : Curve
        k numbers of sites.
    build : ndarray, shape (p + 1,)
        Gain of the first 0, 1, 2, ... sites of the plan shown.
    unit : str
        What is gained.
    scale : float, optional
        Of the gain to `unit`.

    Returns
    -------
    Figure
        Lines, the ceiling (in words where it is far above), and a mark where the best plan gives
        up a site of the one before.
    """
    figure = go.Figure()
    x, chosen = found.count, len(build) - 1
    for name, at, values, colour, dash in (
        ("best plan", x, found.objective, INK, "solid"),
        (f"opening the chosen {chosen} in this order", np.arange(chosen + 1), build,
         BAND_COLOURS[4], "dash"),
        ("adding the best each time", x, found.greedy, ACCENT, "dot"),
    ):  # fmt: skip
        figure.add_trace(
            go.Scatter(
                x=at, y=values / scale, mode="lines", name=name,
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
    top = max(float(found.objective.max(initial=0.0)), 1e-9) / scale
    ceiling = found.ceiling / scale
    if ceiling <= FAR_ABOVE * top:
        figure.add_hline(y=ceiling, line={"color": MUTED, "dash": "dash", "width": 1.2})
    high = min(ceiling, FAR_ABOVE * top)
    figure.add_annotation(
        x=0.01, xref="paper", y=high, yanchor="bottom" if ceiling == high else "top",
        text=f"all candidates open: {_short(ceiling)}" + ("" if ceiling == high else " (above)"),
        showarrow=False, font={"color": MUTED},
    )  # fmt: skip
    if x[0] <= chosen <= x[-1]:
        figure.add_vline(x=chosen, line={"color": ACCENT, "dash": "dot", "width": 1.2})
    figure.update_xaxes(title="New sites", rangemode="tozero")
    figure.update_yaxes(title=unit.capitalize(), tickformat="~s", range=[0, 1.08 * high])
    figure.update_layout(
        height=380,
        margin={"l": 8, "r": 16, "t": 16, "b": 8},
        legend={"orientation": "h", "y": -0.2, "yanchor": "top", "x": 0},
        hovermode="closest",
    )
    return figure


def _short(value: float) -> str:
    """Write a large number with its letter.

    >>> _short(108_950_797.0), _short(2400.0), _short(41.0)
    ('109M', '2.4k', '41')
    """
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"


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
