"""Topic: what journeys are computed with, every number of it to change."""

import streamlit as st

from dashboard import journey_text, journey_widgets, takeout
from dashboard.journey_view import JourneyView
from dashboard.services import journeys as answers
from dashboard.state import Selection


def draw(view: Selection, shown: JourneyView) -> None:
    """State what changing a number does, then list them, and the stages of every course."""
    settings = journey_widgets.care_controls(shown)
    with st.spinner("Following every patient's course by road"):
        found = answers.report(view, settings, role=shown.collects)
    frame = answers.parameters(settings)
    st.markdown(f"### {journey_text.headline(found.totals, settings, view)}")
    st.markdown(journey_text.parameters_sentence(frame))
    journey_widgets.editor(frame, settings)
    takeout.download(
        "Assumptions as CSV",
        "journeys-assumptions",
        answers.table_of(lambda: frame, view, settings),
        view=view,
    )
