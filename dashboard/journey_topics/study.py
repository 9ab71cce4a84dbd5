"""Topic: the published comparison of academic hospitals with an expanded network, done anew."""

import streamlit as st

from dashboard import journey_study, journey_widgets, takeout
from dashboard.journey_view import JourneyView
from dashboard.services import journeys as answers
from dashboard.state import Selection
from dashboard.widgets import Columns


def draw(view: Selection, _shown: JourneyView) -> None:
    """State how far our figures are from the published ones, then list all of them."""
    settings = journey_widgets.settings()
    with st.spinner("Driving from every ZIP area to the study's networks"):
        frame = answers.published_comparison(settings)
    st.markdown(f"### {journey_study.headline(frame)}")
    st.markdown(journey_study.detail(frame))
    for label, part in frame.groupby("label", sort=False):
        st.markdown(f"### {label}")
        st.markdown(journey_study.class_sentence(part))
        columns: Columns = {
            "measure": "Figure",
            "unit": "Unit",
            "published": "Published",
            "atlas": "Atlas",
            "error": "Error (Atlas less published)",
        }
        st.dataframe(
            journey_study.shown(part),
            column_config=columns,
            column_order=list(columns),
            hide_index=True,
            placeholder="",
            alt=f"Published figures and ours with academic hospitals taken as: {label}",
        )
    takeout.download(
        "Comparison as CSV",
        "journeys-study",
        answers.table_of(lambda: frame, view, settings),
        view=view,
    )
    st.caption(
        "Whole country, adults, by road, whatever is chosen on the left; own assumptions count. "
        "No table says which hospitals are academic, so three classes stand in for them; all are "
        "shown, none was chosen by its fit, and nothing was fitted to the study. The Methods page "
        "says more."
    )
