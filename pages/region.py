"""Region: one state, county, metro area or hospital referral region, to open, print and share."""

import streamlit as st

from dashboard import region_panels, region_text
from dashboard.services import regions as regions_answers

view = region_panels.choose()
if not view.region:
    region_panels.overview(view)
elif regions_answers.chosen(view) is None:
    region_panels.unknown(view)
    region_panels.overview(view)
else:
    with st.spinner("Counting the people of the region"):
        found = regions_answers.report(view)
    region_panels.headline(found, view)
    region_panels.key_figures(found, view)
    region_panels.region_map(found, view)
    st.markdown(f"### {region_text.beside(found.region)}")
    region_panels.compared(found, view)
    st.markdown("### Sites")
    region_panels.sites(found, view)
    st.markdown("### Who lives beyond")
    region_panels.groups(found, view)
    st.markdown("### ZIP areas")
    region_panels.areas(found, view)
    region_panels.downloads(found, view)
    region_panels.link(view)
