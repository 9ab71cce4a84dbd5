"""Settings of the page Patients and capacity, bound to the URL.

As on the planner's page, the address is the one place where they live: each widget shows what is
there and writes into it, so that hidden widgets keep their settings and a link reopens all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from dashboard import patient_state, services, url_settings
from dashboard.patient_state import KEYS, LABELS, PatientSettings

_LEFT: Final = "_patients_left"


def arrive() -> None:
    """Reopen the settings that were left when the reader went to another page."""
    arrived = key_of("part") not in st.session_state
    if arrived and not any(key in st.query_params for key in patient_state.NAMES):
        for key, value in st.session_state.get(_LEFT, {}).items():
            st.query_params[key] = value


def current() -> PatientSettings:
    """Read the settings of the address."""
    raw = {
        key: st.query_params.get_all(key) for key in patient_state.NAMES if key in st.query_params
    }
    settings: PatientSettings
    settings, _ = url_settings.parse_one(url_settings.PATIENTS, raw, known=services.engine.known())
    return settings


def write(settings: PatientSettings) -> None:
    """Put settings into the address."""
    query = settings.query()
    for key in patient_state.NAMES:
        if key in query:
            st.query_params[key] = query[key]
        elif key in st.query_params:
            del st.query_params[key]
    st.session_state[_LEFT] = query


def change(**changes: object) -> None:
    """Change some settings of the address; a callback."""
    write(replace(current(), **changes))  # type: ignore[arg-type]  # names of fields


def key_of(name: str) -> str:
    """Name the widget of a setting."""
    return f"patients_{KEYS[name]}"


def seed(name: str, value: object) -> str:
    """Let a widget show what the address says, and name it."""
    st.session_state[key_of(name)] = value
    return key_of(name)


def changed(name: str, read: Callable[[Any], Any] | None = None) -> None:
    """Write what a widget was set to; a callback."""
    value: Any = st.session_state.get(key_of(name))
    change(**{name: read(value) if read else value})


def choice(text: str, name: str, settings: PatientSettings, hint: str | None = None) -> None:
    """Draw a choice among a few, side by side."""
    labels = LABELS[KEYS[name]]
    st.segmented_control(
        text,
        list(labels),
        required=True,
        format_func=labels.__getitem__,
        key=seed(name, getattr(settings, name)),
        on_change=changed,
        args=(name,),
        help=hint,
    )


def select(
    text: str,
    name: str,
    settings: PatientSettings,
    *,
    options: Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
    width: int | None = None,
    hint: str | None = None,
) -> None:
    """Draw a choice from a list."""
    named = labels or LABELS[KEYS[name]]
    st.selectbox(
        text,
        list(named) if options is None else list(options),
        format_func=named.__getitem__,
        key=seed(name, getattr(settings, name)),
        on_change=changed,
        args=(name,),
        width=width or "stretch",
        help=hint,
    )


def shell() -> PatientSettings:
    """Draw the choice of topic, and return the settings."""
    arrive()
    settings = current()
    choice("Topic", "part", settings)
    st.session_state[_LEFT] = settings.query()
    return settings
