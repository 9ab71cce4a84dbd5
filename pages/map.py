"""Map: every layer, search, detail of a county or a site."""

import streamlit as st

from dashboard import panels, search_panels, services, text, widgets

HEIGHT = 560

view = widgets.selection()

services.maps.full_map(view)  # before anything is drawn, as `services.warm.overview`
st.markdown("## " + text.map_title(view))
view = widgets.map_controls()
search_panels.answer(view)
panels.atlas_map(view, HEIGHT)

with st.container(horizontal=True):
    widgets.download(
        "Shaded areas as CSV",
        "areas",
        services.engine.csv_of(services.maps.areas_frame, view),
        view=view,
    )
    widgets.download(
        "Treatment centres shown",
        "centres",
        services.engine.csv_of(services.engine.counted, view),
        view=view,
    )
    widgets.download(
        "Blood centres shown",
        "blood",
        services.engine.csv_of(services.maps.blood_centres, view),
        view=view,
    )
