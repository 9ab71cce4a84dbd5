"""Topic: patients a year by disease, place and year."""

import streamlit as st

from dashboard import patients
from dashboard.patient_state import PatientSettings
from dashboard.services import patients as answers
from dashboard.state import Selection


def draw(_view: Selection, _settings: PatientSettings) -> None:
    """State how many patients there are."""
    low, central, high = patients.national(answers.expected())
    st.markdown(
        f"### {central:,.0f} patients a year are candidates for the therapies approved today"
    )
    st.caption(f"From {low:,.0f} with every assumption low to {high:,.0f} with every one high.")
