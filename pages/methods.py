"""Methods and validation: every formula, and how well it reproduces what others found."""

import streamlit as st

from dashboard import charts, services, trust, widgets

view = widgets.selection()

st.markdown("## Methods and validation")
st.caption("Nothing here depends on the settings on the left: the studies bring their own.")

st.markdown("### Published studies, recomputed")
trust.studies()
widgets.download(
    "Studies as CSV", "studies", services.engine.csv_of(services.trust.studies_frame, view)
)

st.markdown("### The road model against real trips")
charts.calibration()
widgets.download("Trips as CSV", "trips", services.engine.csv_of(services.trust.trips_frame, view))

st.markdown("### Formulas")
trust.methods_text()

st.markdown("### Literature")
trust.references()
