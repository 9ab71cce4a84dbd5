"""Map: every layer, search, detail of a county or a site."""

import streamlit as st

from dashboard import panels, search_panels, services, takeout, text, widgets

HEIGHT = 560

view = widgets.selection()

services.maps.full_map(view)  # before anything is drawn, as `services.warm.overview`
st.markdown("## " + text.map_title(view))
view = widgets.map_controls()
search_panels.answer(view)
panels.atlas_map(view, HEIGHT)

with st.container(horizontal=True):
    takeout.download(
        "Shaded areas as CSV",
        "areas",
        services.engine.table_of(services.maps.areas_frame, view),
        view=view,
    )
    takeout.download(
        "Treatment centres shown",
        "centres",
        services.engine.table_of(services.engine.counted, view),
        view=view,
    )
    takeout.download(
        "Blood centres shown",
        "blood",
        services.engine.table_of(services.maps.blood_centres, view),
        view=view,
    )
