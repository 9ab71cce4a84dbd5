"""Blocks with plotly charts; apart from `panels`, so that the first page does not load plotly."""

import streamlit as st

from dashboard import figures, services, takeout, trip_check
from dashboard.state import Selection
from dashboard.widgets import Columns


def calibration(view: Selection) -> None:
    """Compare the road model with real trips, those held back apart."""
    number = st.column_config.NumberColumn
    columns: Columns = {
        "trips": "Trips",
        "trip_class": "Class",
        "count": number("Number", format="%d"),
        "median_miles": number("Median error, miles", format="%.1f%%"),
        "p90_miles": number("9 in 10 within", format="%.1f%%"),
        "bias_miles": number("Bias, miles", format="%+.1f%%"),
        "median_minutes": number("Median error, minutes", format="%.1f%%"),
        "p90_minutes": number("9 in 10 within, minutes", format="%.1f%%"),
        "bias_minutes": number("Bias, minutes", format="%+.1f%%"),
    }
    with st.spinner("Driving every trip on the road network"):
        summary = services.trust.trips_summary()
    st.dataframe(
        summary,
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt="Errors of the road model by class of trip",
    )
    st.caption(trip_check.TARGETS)
    takeout.chart(
        figures.calibration(services.trust.trips()),
        key="calibration_chart",
        finding="Minutes by the road model against real minutes of known trips.",
        view=view,
        alt="Minutes by the road model against real minutes, trip by trip",
    )
    with st.expander("Every trip", icon=":material/route:"):
        columns = {
            "origin": "From",
            "destination": "To",
            "trip_class": "Class",
            "held_out": "Held back",
            "road_miles": number("Real miles", format="%.1f"),
            "model_miles": number("Model miles", format="%.1f"),
            "road_minutes": number("Real minutes", format="%.0f"),
            "model_minutes": number("Model minutes", format="%.0f"),
            "endpoints": "Ends",
            "evidence": "Known from",
            "source": "Source",
        }
        st.dataframe(
            services.trust.trips(),
            column_config=columns,
            column_order=list(columns),
            hide_index=True,
            placeholder="",
            alt="Real trips with the model's miles and minutes",
        )
