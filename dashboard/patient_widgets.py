"""Widgets of the page Patients and capacity."""

from collections.abc import Mapping
from typing import Any, Final, cast

import pandas as pd
import streamlit as st

from dashboard import patient_edits, patient_state, url_settings
from dashboard.patient_state import LABELS, PatientSettings
from dashboard.settings_widgets import AddressWidgets

WIDGETS: Final = AddressWidgets("patients", url_settings.PATIENTS, LABELS)
EDITED: Final = ("on", "off", "uptake", "eligible", "renewal")
"""Settings in which a reader departs from a scenario."""


def demand_controls(settings: PatientSettings) -> None:
    """Draw scenario, range, year, and the growth of the population."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        WIDGETS.choice(
            "Scenario",
            "preset",
            settings,
            hint="Which therapies count, and how fast they come into use: assumptions. Every "
            "number can be changed below.",
        )
        WIDGETS.choice(
            "Assumptions",
            "bound",
            settings,
            hint="All rates, shares and assumptions at their low, central or high value at once.",
        )
        st.slider(
            "Year",
            patient_state.FIRST_YEAR,
            patient_state.LAST_YEAR,
            **WIDGETS.bound("year", settings.year),
            width=260,
        )
        st.number_input(
            "Population growth, % a year",
            -patient_state.MOST_GROWTH,
            patient_state.MOST_GROWTH,
            step=0.1,
            format="%g",
            **WIDGETS.bound("growth", settings.growth, float),
            help="An assumption; 0 keeps the people of 2018 to 2022 everywhere.",
            width=210,
        )


def editor(frame: pd.DataFrame, settings: PatientSettings) -> None:
    """Draw the table of assumptions, every number of which can be changed.

    Parameters
    ----------
    frame : DataFrame
        From `services.patient_pages.courses`.
    """
    number = st.column_config.NumberColumn
    # another key for other settings: edits live in the address, never in the widget
    token = hash((settings.preset, *(str(getattr(settings, name)) for name in EDITED)))
    key = f"patients_editor_{token}"
    st.data_editor(
        frame,
        key=key,
        column_config={
            "on": st.column_config.CheckboxColumn("On"),
            "label": st.column_config.TextColumn("Disease or procedure", width=250),
            "status": "Therapy",
            "eligible_percent": number(
                "Who may be treated, %", min_value=0, max_value=100, format="%.4g",
                help="Share of the new cases, or of the people with the disease.",
            ),
            "start": number(
                "From year", min_value=patient_state.STARTS[0],
                max_value=patient_state.STARTS[1], step=1, format="%d",
            ),
            "before_percent": number(
                "Treated before, %", min_value=0, max_value=100, format="%.4g"
            ),
            "peak_percent": number(
                "Treated at the peak, %", min_value=0, max_value=100, format="%.4g",
                help="Of those who may be treated, in a year.",
            ),
            "years_to_peak": number(
                "Years to the peak", min_value=1, max_value=patient_state.MOST_RAMP, step=1,
                format="%d",
            ),
            "renewal_percent": number(
                "Renewal, %", format="%.4g",
                help="Pools only: people newly eligible in a year, as a share of the pool.",
            ),
            "edited": st.column_config.CheckboxColumn("Yours"),
            "evidence": "Evidence",
            "source": "Source",
            "note": st.column_config.TextColumn("Remarks", width=420),
        },
        column_order=[name for name in frame.columns if name != "key"],
        disabled=["label", "status", "renewal_percent", "edited", "evidence", "source", "note"],
        hide_index=True,
        on_change=_edited,
        args=(key, frame),
    )  # fmt: skip


def _edited(key: str, frame: pd.DataFrame) -> None:
    """Write the edits of the table into the address; a callback."""
    edits: Mapping[int, Mapping[str, Any]] = st.session_state[key]["edited_rows"]
    settings = WIDGETS.current()
    for row, changes in edits.items():
        settings = patient_edits.apply(settings, frame.iloc[int(row)], changes)
    WIDGETS.write(settings)


def growth_controls(settings: PatientSettings) -> None:
    """Draw the renewal of pools, and the way back to the scenario's own numbers."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        renewal = settings.renewal
        st.number_input(
            "Renewal of every pool, % a year",
            0.0,
            100.0,
            step=1.0,
            format="%g",
            **WIDGETS.bound(
                "renewal",
                None if renewal is None else patient_edits.PERCENT * renewal,
                patient_edits.share_of,
            ),
            placeholder="As in the table",
            help="An assumption: newly eligible people a year as a share of those eligible.",
            width=250,
        )
        own = {name: getattr(patient_state.DEFAULT, name) for name in EDITED}
        st.button(
            "Back to the scenario's numbers",
            icon=":material/restart_alt:",
            key="patients_reset",
            on_click=WIDGETS.change,
            kwargs=own,
            disabled=all(getattr(settings, name) == value for name, value in own.items()),
        )


def map_controls(settings: PatientSettings) -> None:
    """Draw what map and groups are of."""
    shown = {"": LABELS["of"][""]} | {key: LABELS["of"][key] for key in settings.chosen}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if settings.of not in shown:
            shown |= {settings.of: LABELS["of"][settings.of]}
        WIDGETS.choice("Disease or procedure", "of", settings, labels=shown, width=320)
        WIDGETS.choice("Map shows", "shade", settings)


def shell() -> PatientSettings:
    """Draw the choice of topic, and return the settings."""
    WIDGETS.arrive("part")
    settings = cast(PatientSettings, WIDGETS.current())
    WIDGETS.choice("Topic", "part", settings)
    WIDGETS.keep(settings)
    return settings
