"""Figures of load (pure)."""

from typing import Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.palette import ACCENT, BAND_COLOURS, INK, MUTED

PARTS: Final = {
    "treated": ("Find a slot", BAND_COLOURS[3]),
    "left_over": ("No slot within the limit", ACCENT),
    "too_far": ("No centre within the limit", BAND_COLOURS[5]),
    "unreachable": ("No road to a centre", MUTED),
    "no_data": ("Way not known", BAND_COLOURS[0]),
}
"""Columns of `load_views.by_year`: label and colour."""


def years(frame: pd.DataFrame, *, year: int) -> go.Figure:
    """Patients by year, by what becomes of them, with the slots there are.

    Parameters
    ----------
    frame : DataFrame
        From `load_views.by_year`.
    year : int
        Marked by a line.

    Returns
    -------
    Figure
        Parts without patients are left out.
    """
    figure = go.Figure()
    for name, (label, colour) in PARTS.items():
        if not frame[name].any():
            continue
        figure.add_trace(
            go.Bar(
                x=frame["year"], y=frame[name], name=label, marker={"color": colour},
                hovertemplate=f"<b>{label}</b><br>%{{x}}: %{{y:,.0f}} patients<extra></extra>",
            )
        )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=frame["year"], y=frame["slots"], name="Slots (assumed)", mode="lines",
            line={"color": INK, "dash": "dash", "width": 1.8},
            hovertemplate="<b>Slots (assumed)</b><br>%{x}: %{y:,.0f}<extra></extra>",
        )
    )  # fmt: skip
    figure.add_vline(x=year, line={"color": MUTED, "dash": "dot", "width": 1.4})
    figure.update_xaxes(title=None, dtick=1, tickformat="d")
    figure.update_yaxes(title="Patients a year", rangemode="tozero", tickformat=",")
    figure.update_layout(
        barmode="stack",
        height=340,
        margin={"l": 8, "r": 16, "t": 16, "b": 8},
        legend={"orientation": "h", "y": -0.12, "yanchor": "top", "x": 0},
        hovermode="closest",
    )
    return figure
