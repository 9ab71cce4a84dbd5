"""Figures of patients year by year (pure)."""

from typing import Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.palette import ACCENT, BAND_COLOURS, INK, MUTED
from dashboard.patient_views import FAMILIES

COLOURS: Final = dict(
    zip(FAMILIES, (BAND_COLOURS[5], BAND_COLOURS[3], BAND_COLOURS[1], ACCENT), strict=True)
)


def growth(frame: pd.DataFrame, *, year: int) -> go.Figure:
    """Patients by year, stacked by kind of therapy, with the range of the total.

    Parameters
    ----------
    frame : DataFrame
        From `patient_views.by_year`.
    year : int
        Marked by a line.

    Returns
    -------
    Figure
        Kinds without patients are left out.
    """
    figure = go.Figure()
    for name, label in FAMILIES.items():
        if not frame[name].any():
            continue
        figure.add_trace(
            go.Scatter(
                x=frame["year"], y=frame[name], stackgroup="central", name=label, mode="lines",
                line={"width": 0.5, "color": COLOURS[name]}, fillcolor=COLOURS[name],
                hovertemplate=f"<b>{label}</b><br>%{{x}}: %{{y:,.0f}} patients<extra></extra>",
            )
        )  # fmt: skip
    for column, label, dash in (
        ("patients_high", "every assumption high", "dash"),
        ("patients_low", "every assumption low", "dot"),
    ):
        figure.add_trace(
            go.Scatter(
                x=frame["year"], y=frame[column], name=label, mode="lines",
                line={"color": INK, "dash": dash, "width": 1.6},
                hovertemplate=f"<b>{label}</b><br>%{{x}}: %{{y:,.0f}} patients<extra></extra>",
            )
        )  # fmt: skip
    figure.add_vline(x=year, line={"color": MUTED, "dash": "dot", "width": 1.4})
    figure.update_xaxes(title=None, dtick=1, tickformat="d")
    figure.update_yaxes(title="Patients a year", rangemode="tozero", tickformat=",")
    figure.update_layout(
        height=360,
        margin={"l": 8, "r": 16, "t": 16, "b": 8},
        legend={"orientation": "h", "y": -0.12, "yanchor": "top", "x": 0},
        hovermode="closest",
    )
    return figure
