"""Topic: what a course of care takes, by where each stage takes place."""

import streamlit as st

from dashboard import (
    journey_figures,
    journey_tables,
    journey_text,
    journey_widgets,
    scenario_shell,
    takeout,
)
from dashboard.journey_state import COURSES, MEASURES, MODELS, JourneySettings
from dashboard.journey_view import JourneyView
from dashboard.journeys import Report
from dashboard.services import journeys as answers
from dashboard.state import Selection
from dashboard.widgets import Columns


def draw(view: Selection, shown: JourneyView) -> None:
    """State what a model saves, then set the models side by side."""
    settings = journey_widgets.care_controls(shown)
    with st.spinner("Following every patient's course by road"):
        found = answers.report(view, settings, role=shown.collects)
    finding = journey_text.headline(found.totals, settings, view)
    figures = journey_text.saved(found.totals[settings.model], settings)
    scenario_shell.found(finding, figures)
    st.markdown(f"### {finding}")
    st.markdown(journey_text.detail(found.totals, settings))
    with st.container(horizontal=True):
        for label, value in figures:
            st.metric(label, value)
    chart(found, settings, view)
    tables(found, settings, view)
    stages(settings, view)


def chart(found: Report, settings: JourneySettings, view: Selection) -> None:
    """Draw the measure by model; dollars by component."""
    st.markdown(f"### {MEASURES[settings.measure]} a patient")
    st.markdown(journey_text.models_sentence(found.totals, settings))
    if settings.measure == "dollars":
        takeout.chart(
            journey_figures.components(journey_tables.components(found.totals, settings.bound)),
            key="journeys_components",
            finding=journey_text.models_sentence(found.totals, settings),
            view=view,
            stamp=answers.provenance(view, settings),
            alt="Cost a patient by model, split into mileage, lodging, meals and wages",
        )
    else:
        takeout.chart(
            journey_figures.by_model(
                journey_tables.ranges(found.totals, settings.measure),
                unit=f"{MEASURES[settings.measure]} a patient",
            ),
            key="journeys_models",
            finding=journey_text.models_sentence(found.totals, settings),
            view=view,
            stamp=answers.provenance(view, settings),
            alt=f"{MEASURES[settings.measure]} a patient by model, with low and high",
        )


def stages(settings: JourneySettings, view: Selection) -> None:
    """List the stages of every course, and where each happens under each model."""
    st.markdown("### Stages of each course")
    st.markdown(
        "Every course has consultation, collection, bridging, lymphodepletion or conditioning, "
        "infusion and monitoring where it needs them; a model decides where each happens."
    )
    number = st.column_config.NumberColumn
    columns: Columns = {
        "course": "Course",
        "stage": "Stage",
        "phase": "What",
        "count": number("How many", format="%.4g"),
        **{str(model): label for model, label in MODELS.items()},
    }
    frame = answers.courses(settings)
    st.dataframe(
        frame.assign(course=frame["course"].map(COURSES)),
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt="Stages of every course, how many visits or days, and where under each model",
    )
    takeout.download(
        "Stages as CSV",
        "journeys-stages",
        answers.table_of(lambda: frame, view, settings),
        view=view,
    )


def tables(found: Report, settings: JourneySettings, view: Selection) -> None:
    """Set the models side by side: a patient, and all patients together."""
    number = st.column_config.NumberColumn
    columns: Columns = {
        "label": "A patient",
        "trips": number("Trips", format="%.1f"),
        "miles": number("Miles", format="localized"),
        "hours": number("Hours of travel", format="%.1f"),
        "nights": number("Nights away", format="%.1f"),
        "hospital_nights": number("Nights in hospital", format="%.1f"),
        "dollars": number("US dollars", format="localized"),
        "income_percent": number("Of a year's income", format="%.1f%%"),
        "patients": number("Patients a year", format="localized"),
        "unreachable": number("No road", format="localized"),
        "no_data": number("No data", format="localized"),
    }
    shown = journey_tables.per_patient(found.totals, settings.bound)
    st.dataframe(
        shown.round({"miles": 0, "dollars": 0, "patients": 0, "unreachable": 0, "no_data": 0}),
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt="The models side by side, a patient",
    )
    columns = {
        "label": "All patients of a year",
        **{name: number(label, format="compact") for name, label in MEASURES.items()},
        **{
            f"saved_{name}": number(f"{label} saved", format="compact")
            for name, label in MEASURES.items()
        },
    }
    st.dataframe(
        journey_tables.together(found.totals, settings.bound),
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt="The models side by side, all patients of a year, and what each saves",
    )
    takeout.download(
        "Models as CSV",
        "journeys-models",
        answers.table_of(lambda: found.comparison, view, settings),
        view=view,
    )
