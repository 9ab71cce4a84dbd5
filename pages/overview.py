"""Overview: the story in one screen."""

import streamlit as st

from dashboard import panels, services, takeout, widgets

MAP_HEIGHT = 380
WORST = 8

view = widgets.selection()

services.warm.overview(view)
panels.headline(view)
panels.key_figures(view)

left, right = st.columns([1.55, 1], gap="medium")
with left:
    panels.overview_map(view, MAP_HEIGHT)
    st.markdown("##### Worst served")
    panels.worst_places(view, WORST)
    takeout.download(
        "All of them as CSV",
        "worst-served",
        services.engine.table_of(services.coverage.places_frame, view),
        view=view,
    )
with right:
    st.markdown("##### People within each threshold")
    panels.curve(view)
    takeout.download(
        "Curve as CSV",
        "coverage-curve",
        services.engine.table_of(services.coverage.curve_frame, view),
        view=view,
    )
    st.markdown("##### Certified share of US hospitals")
    panels.hospital_shares(view)
    takeout.download(
        "Hospitals as CSV",
        "hospitals",
        services.engine.table_of(services.coverage.hospital_shares, view),
        view=view,
    )
