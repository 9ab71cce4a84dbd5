"""Widgets of the topic Capacity."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard import errors, patient_state, patient_widgets, slots, takeout
from dashboard.patient_state import DEFAULT, PatientSettings
from dashboard.patient_widgets import WIDGETS
from dashboard.services import capacity_pages as answers
from dashboard.state import Selection
from data.errors import UserFileError

HEIGHT: Final = 420


def controls(settings: PatientSettings) -> None:
    """Draw who comes, by which rule, how far, and how many new sites there are."""
    patient_widgets.demand_controls(settings)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        WIDGETS.choice("Patients find a centre by", "rule", settings)
        _number(
            "Farthest trip, minutes", "limit", settings.limit, 1.0, patient_state.MOST_LIMIT, 30.0
        )
        st.number_input(
            "New sites",
            0,
            patient_state.MOST_NEW,
            **WIDGETS.bound("new", settings.new, int),
            disabled=bool(settings.added),
            help="So many communities that bring most patients within the threshold on the left: "
            "the planner's proven best.",
            width=130,
        )


def levels(settings: PatientSettings) -> None:
    """Draw what all slots depend on, and when the network counts as full."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _number(
            "Slots, % of those assumed",
            "slots_percent",
            settings.slots_percent,
            *patient_state.SLOTS_PERCENT,
            10.0,
            "Of every centre whose slots you have not set yourself.",
        )
        st.number_input(
            "Slots of a new site",
            0,
            patient_state.MOST_SLOTS,
            **WIDGETS.bound("new_slots", settings.new_slots),
            placeholder=f"{answers.new_slots(DEFAULT):.0f}, assumed",
            width=190,
        )
        _number(
            "Full when so many % find no slot",
            "full",
            settings.full,
            0.0,
            patient_state.MOST_FULL,
            1.0,
            "Of the patients with a centre within the farthest trip.",
        )


def _number(
    text: str, name: str, value: float, least: float, most: float, step: float, hint: str = ""
) -> None:
    st.number_input(
        text,
        least,
        most,
        step=float(step),
        format="%g",
        **WIDGETS.bound(name, value, float),
        help=hint or None,
        width=200,
    )


def editor(view: Selection, settings: PatientSettings) -> None:
    """Draw the table of slots, whose numbers can be changed, a file of them, and the way back."""
    frame = answers.slots_table(view, settings)
    number = st.column_config.NumberColumn
    # another key for other settings: edits live in the address, never in the widget
    token = hash((settings.slots, settings.slots_percent, view.query_string()))
    key = f"load_editor_{token}"
    st.data_editor(
        frame.assign(ages=frame["ages"].map(slots.AGES)),
        key=key,
        column_config={
            "name": st.column_config.TextColumn("Centre", width=280),
            "state": "State",
            "ages": "Treats",
            "beds": number("Beds", format="localized"),
            "assumed": number("Assumed slots", format="localized"),
            "slots": number(
                "Slots a year", min_value=0, max_value=patient_state.MOST_SLOTS, step=1
            ),
            "basis": "Basis",
        },
        column_order=["name", "state", "slots", "assumed", "beds", "ages", "basis"],
        disabled=[str(name) for name in frame if name != "slots"],
        hide_index=True,
        height=HEIGHT,
        on_change=_edited,
        args=(key, frame),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        takeout.download(
            "Slots as CSV",
            "capacity-slots",
            answers.table_of(lambda: frame.rename(columns={"id": "site"}), view, settings),
            view=view,
        )
        own = len(settings.slots)
        st.button(
            f"Back to assumed slots ({own} set)" if own else "Back to assumed slots",
            icon=":material/restart_alt:",
            key="load_reset",
            on_click=WIDGETS.change,
            kwargs={"slots": (), "slots_percent": DEFAULT.slots_percent},
            disabled=not own and settings.slots_percent == DEFAULT.slots_percent,
        )
    _upload()


def _edited(key: str, frame: pd.DataFrame) -> None:
    """Write the edits of the table into the address; a callback."""
    edits: Mapping[int, Mapping[str, Any]] = st.session_state[key]["edited_rows"]
    settings = WIDGETS.current()
    WIDGETS.change(slots=slots.edited(settings, frame, edits))


def _upload() -> None:
    """Take slots from a file."""
    key = "load_upload"
    file = st.file_uploader(
        "Slots from a CSV file: columns site and slots, as in the file above",
        type="csv",
        key=key,
        on_change=_uploaded,
        args=(key,),
    )
    if file is not None:
        with errors.reported("Correct the file and upload it again; nothing has changed."):
            count = len(answers.read_slots(file.getvalue()))
            st.success(f"Slots of {count:,} sites are in the address.", icon=":material/check:")


def _uploaded(key: str) -> None:
    """Write the slots of a file into the address; a callback. Problems are told when drawing."""
    file = st.session_state[key]
    if file is None:
        return
    with suppress(UserFileError):
        found = answers.read_slots(file.getvalue())
        own = {one.site: one for one in (*WIDGETS.current().slots, *found)}
        WIDGETS.change(slots=tuple(own[site] for site in sorted(own))[: patient_state.MOST_ITEMS])


def explicit(settings: PatientSettings) -> None:
    """Name the new sites that the address gives, with a way to drop them."""
    if settings.added:
        st.button(
            f"Drop the {len(settings.added)} new sites of the link",
            key=WIDGETS.key_of("added"),
            icon=":material/close:",
            on_click=WIDGETS.change,
            kwargs={"added": ()},
        )
