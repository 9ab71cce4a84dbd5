"""Coverage gaps: who is beyond the threshold."""

import streamlit as st

from dashboard import charts, panels, services, widgets

view = widgets.selection()

panels.headline(view)
view = widgets.breakdown_control()
charts.gaps(view)
widgets.download("This table as CSV", "gaps", services.csv_of(services.breakdown, view), view=view)

st.markdown("### How far people travel")
charts.percentiles(view)
charts.distribution(view)
widgets.download(
    "Distribution as CSV",
    "distribution",
    services.csv_of(services.distribution_frame, view),
    view=view,
)
