"""Topic: where, and for whom, a model saves most."""

from typing import Final

import streamlit as st

from dashboard import (
    journey_figures,
    journey_tables,
    journey_text,
    journey_widgets,
    scenario_shell,
    takeout,
)
from dashboard.journey_state import MEASURES, JourneySettings
from dashboard.journey_view import JourneyView
from dashboard.journeys import Report
from dashboard.services import journey_pages
from dashboard.services import journeys as answers
from dashboard.state import Role, Selection
from dashboard.widgets import Columns

MAP_HEIGHT: Final = 460
CHART_GROUPS: Final = 20


def draw(view: Selection, shown: JourneyView) -> None:
    """State what a model saves, then where and for whom."""
    settings = journey_widgets.care_controls(shown)
    with st.spinner("Following every patient's course by road"):
        found = answers.report(view, settings, role=shown.collects)
    finding = journey_text.headline(found.totals, settings, view)
    scenario_shell.found(finding, journey_text.saved(found.totals[settings.model], settings))
    st.markdown(f"### {finding}")
    saved_map(view, settings, shown.collects)
    groups(found, settings, view)


@st.fragment
def saved_map(view: Selection, settings: JourneySettings, role: Role) -> None:
    """Shade the counties by what a patient there saves."""
    spec, legend = journey_pages.saved_map(view, settings, role)
    totals = answers.report(view, settings, role=role).totals
    takeout.draw_map(
        spec,
        legend,
        key="journeys_saved",
        height=MAP_HEIGHT,
        finding=journey_text.headline(totals, settings, view),
        view=view,
        stamp=answers.provenance(view, settings),
    )


def groups(found: Report, settings: JourneySettings, view: Selection) -> None:
    """Rank the groups by what a patient saves."""
    measure = settings.measure
    label = MEASURES[measure]
    column = f"{measure}_saved_per_patient"
    st.markdown("### Who saves most")
    journey_widgets.CARE.choice("Groups", "split", settings, width=260)
    frame = journey_tables.ranked(found.groups, measure)
    st.markdown(journey_text.groups_sentence(frame, settings))
    takeout.chart(
        journey_figures.groups(
            frame.head(CHART_GROUPS),
            column,
            unit=f"{label} saved a patient",
            average=journey_text.mean_saved(found.totals, settings),
            dollars=measure == "dollars",
        ),
        key="journeys_groups",
        finding=journey_text.groups_sentence(frame, settings),
        view=view,
        stamp=answers.provenance(view, settings),
        alt=f"{label} saved a patient by group",
    )
    number = st.column_config.NumberColumn
    columns: Columns = {
        "label": "Group",
        "patients": number("Patients a year", format="localized"),
        f"{measure}_hub": number("A patient, all at the treatment centre", format="localized"),
        measure: number("With the model", format="localized"),
        column: number("Saved a patient", format="localized"),
        f"{measure}_saved": number("Saved by all in a year", format="compact"),
    }
    st.dataframe(
        journey_tables.groups_shown(found.groups, measure),
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt=f"{label} by group: at the treatment centre, with the model, and saved",
    )
    takeout.download(
        "Groups as CSV",
        "journeys-groups",
        answers.table_of(lambda: found.groups, view, settings),
        view=view,
    )
