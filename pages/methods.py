"""Methods and validation: every formula, and how well it reproduces what others found."""

import streamlit as st

from dashboard import charts, services, takeout, trust, widgets

view = widgets.selection()

st.markdown("## Methods and validation")
st.caption("Nothing here depends on the settings on the left: the studies bring their own.")

st.markdown("### Published studies, recomputed")
trust.studies()
takeout.download(
    "Studies as CSV", "studies", services.engine.table_of(services.trust.studies_frame, view)
)

st.markdown("### The road model against real trips")
charts.calibration(view)
takeout.download(
    "Trips as CSV", "trips", services.engine.table_of(services.trust.trips_frame, view)
)

st.markdown("### Formulas")
trust.methods_text()

st.markdown("### Literature")
trust.references()
