"""Blocks of the Map page for drive-time bands; see `dashboard.bands`."""

import streamlit as st

from dashboard import bands, map_spec, services, takeout
from dashboard.map_key import MapKey
from dashboard.map_layers import MapSpec
from dashboard.services import bands as answers
from dashboard.state import Selection


def on_map(spec: MapSpec, view: Selection) -> MapSpec:
    """Put the bands of a view, or of its selected site, in the place of shaded areas."""
    with st.spinner("Measuring travel from every part of the country"):
        return answers.on_map(spec, view)


def legend(view: Selection) -> MapKey:
    """Explain the bands and symbols of the map, as HTML."""
    return map_spec.legend(view, blood=True, bands_of=answers.site_name(view))


def detail(view: Selection) -> None:
    """Say who lives in each band, as a sentence, a table and files."""
    st.markdown(answers.sentence(view))
    if note := bands.note(view):
        st.caption(note)
    with st.expander("People in each band", icon=":material/table_rows:"):
        st.table(
            answers.reading_table(view),
            hide_index=True,
            border="horizontal",
            alt="People in each band of travel time",
        )
        takeout.download(
            "Bands as CSV", "bands", services.engine.table_of(answers.frame, view), view=view
        )
    takeout.download(
        "Download bands (GeoJSON)",
        "drive-time-bands",
        answers.layer_of(view),
        view=view,
    )
