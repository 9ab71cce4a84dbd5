"""Topic: patients a year by disease, place and year."""

import streamlit as st

from dashboard import (
    patient_figures,
    patient_state,
    patient_text,
    patient_views,
    patient_widgets,
    scenario_shell,
    takeout,
)
from dashboard.patient_state import PatientSettings
from dashboard.services import patient_pages as answers
from dashboard.state import Selection
from dashboard.widgets import Columns

HEIGHT = 480


def draw(view: Selection, settings: PatientSettings) -> None:
    """State how many patients there are and will be, then by disease, place and group."""
    patient_widgets.demand_controls(settings)
    headline(view, settings)
    years(view, settings)
    assumptions(view, settings)
    diseases(view, settings)
    places(view, settings)


def headline(view: Selection, settings: PatientSettings) -> None:
    """Give the finding and the figures behind it."""
    frame = answers.by_year(view, settings)
    st.markdown(f"## {patient_text.finding(frame, view, settings)}")
    st.markdown(patient_text.scenario(settings))
    row = frame[frame["year"] == settings.year].iloc[0]
    found = answers.by_indication(view, settings)
    counted = found[found["counted"]]
    column = patient_views.column_of(settings)
    trials = counted[counted["status"] == "In trials"]
    now = (f"Patients in {settings.year}", patient_text.number(row[column]))
    low, high = (patient_text.number(row[f"patients_{bound}"]) for bound in ("low", "high"))
    span = ("From low to high", f"{low} to {high}")
    scenario_shell.found(patient_text.finding(frame, view, settings), [now, span])
    with st.container(horizontal=True):
        st.metric(*now)
        st.metric(
            *span,
            help="Every rate, share and assumption at its low or high end at once: wider than a "
            "confidence interval.",
        )
        st.metric(
            "In trials today",
            patient_text.number(float(trials[column].sum())),
            help="Of them, patients of therapies that are not approved.",
        )
        if counted["waiting"].notna().any():
            st.metric(
                "Eligible, not yet treated",
                patient_text.number(float(counted["waiting"].sum())),
                help="People left in the pools when the year ends: autoimmune diseases, and "
                "gene therapy where everybody eligible counts.",
            )
        st.metric("Indications that count", f"{len(counted)} of {len(found)}")
    st.caption(patient_text.ASSUMPTION)


def years(view: Selection, settings: PatientSettings) -> None:
    """Draw patients year by year, and list them."""
    frame = answers.by_year(view, settings)
    takeout.chart(
        patient_figures.growth(frame, year=settings.year),
        key="patients_years_chart",
        finding=patient_text.finding(frame, view, settings),
        view=view,
        stamp=answers.provenance(view, settings),
        alt="Patients a year from 2026 to 2035 by kind of therapy, with the range of the total",
    )
    number = st.column_config.NumberColumn
    columns: Columns = {
        "year": number("Year", format="%d"),
        **{name: number(label, format="localized")
           for name, label in patient_views.FAMILIES.items()},
        "patients": number("Together, central", format="localized"),
        "patients_low": number("Low", format="localized"),
        "patients_high": number("High", format="localized"),
    }  # fmt: skip
    with st.expander("Patients by year, as a table", icon=":material/table:"):
        st.dataframe(
            frame.round(0),
            column_config=columns,
            column_order=list(columns),
            hide_index=True,
            placeholder="",
            alt="Patients a year by kind of therapy, with low and high",
        )
    takeout.download(
        "Patients by year as CSV",
        "patients-by-year",
        answers.table_of(answers.by_year, view, settings),
        view=view,
    )


def assumptions(view: Selection, settings: PatientSettings) -> None:
    """Let the reader change what growth rests on."""
    with st.expander(
        "Assumptions: which diseases count, who may be treated, from when and how fast",
        icon=":material/tune:",
    ):
        st.markdown(
            "Change any number in the table; the address keeps it. *Treated* is of those who may "
            "be treated, in a year. A pool loses those who are treated and gains the newly "
            "eligible, so nobody is treated twice. All of this is assumption."
        )
        patient_widgets.editor(answers.courses(settings), settings)
        patient_widgets.growth_controls(settings)
        takeout.download(
            "Assumptions as CSV",
            "patients-assumptions",
            answers.table_of(answers.assumptions, view, settings),
            view=view,
        )


def diseases(view: Selection, settings: PatientSettings) -> None:
    """List every indication with its published total and its sources."""
    frame = answers.by_indication(view, settings)
    st.subheader("By disease, beside the published totals")
    st.markdown(patient_text.diseases(frame, settings))
    number = st.column_config.NumberColumn
    columns: Columns = {
        "label": st.column_config.TextColumn("Disease or procedure", width=250),
        "status": "Therapy",
        "patients": number(f"Patients {settings.year}", format="localized"),
        "patients_low": number("Low", format="localized"),
        "patients_high": number("High", format="localized"),
        "waiting": number("Left in the pool", format="localized"),
        "cases": number("US: cases or people with it", format="localized"),
        "published_cases": number("Published", format="localized"),
        "cases_percent": number("Difference", format="%+.1f%%"),
        "eligible": number("US: who may be treated", format="localized"),
        "published_patients": number("Published share makes", format="localized"),
        "percent": number("Difference of these", format="%+.1f%%"),
        "evidence": "Weakest evidence",
        "counts_as": st.column_config.TextColumn("What counts", width=300),
        "products": st.column_config.TextColumn("Products", width=300),
        "source": st.column_config.TextColumn("Source", width=420),
    }
    st.dataframe(
        patient_text.readable(frame),
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt="Patients by disease with the published national totals, differences and sources",
    )
    st.caption(
        "Rates times the people of every ZIP area, against the published national numbers; "
        "columns that begin with US are of the whole country and all ages, and do not follow your "
        "own eligible shares. Diseases that do not count show 0 patients."
    )
    takeout.download(
        "All diseases as CSV",
        "patients-by-disease",
        answers.table_of(answers.by_indication, view, settings),
        view=view,
    )


def places(view: Selection, settings: PatientSettings) -> None:
    """Map patients by county, and list them by place or group."""
    st.subheader("Where they live, and who they are")
    patient_widgets.map_controls(settings)
    draw_map(view, settings)
    patient_widgets.WIDGETS.choice("Break down by", "split", settings, width=260)
    frame = answers.by_group(view, settings)
    st.markdown(patient_text.places(frame, settings, view))
    number = st.column_config.NumberColumn
    columns: Columns = {
        "label": patient_state.LABELS["split"][settings.split],
        "population": number("Residents counted", format="localized"),
        "patients": number(f"Patients {settings.year}", format="localized"),
        "patients_low": number("Low", format="localized"),
        "patients_high": number("High", format="localized"),
        "per_100k": number("Per 100,000", format="%.2f"),
    }
    st.dataframe(
        patient_text.rounded(frame),
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt="Patients by place or group with low, high and rate",
    )
    takeout.download(
        "This table as CSV",
        f"patients-by-{settings.split}",
        answers.table_of(answers.by_group, view, settings),
        view=view,
    )


@st.fragment
def draw_map(view: Selection, settings: PatientSettings) -> None:
    """Shade counties by patients."""
    spec, legend = answers.map_of(view, settings)
    takeout.draw_map(
        spec,
        legend,
        key="patients_county_map",
        height=HEIGHT,
        finding=patient_text.finding(answers.by_year(view, settings), view, settings),
        view=view,
        stamp=answers.provenance(view, settings),
    )
