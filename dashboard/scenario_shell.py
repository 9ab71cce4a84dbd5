"""Saved scenarios as every page meets them; the database is imported only when one is used."""

from collections.abc import Iterable
from typing import Final

import streamlit as st

from dashboard import address
from dashboard.state import Selection

OPENS: Final = "scenario"
"""Key of the address that opens a scenario."""
OPEN: Final = "_scenario_open"
KEYS_OF_SESSION: Final = "_scenario_keys"
MISSING: Final = "_scenario_missing"
SAVED: Final = "_scenario_saved"
CONFLICT: Final = "_scenario_conflict"
FINDING: Final = "_scenario_finding"
"""What the page on the screen has found."""


def adopt() -> None:
    """Open the scenario that the address names, once, and go to its page."""
    if address.read((OPENS,)):
        from dashboard import scenario_panels  # noqa: PLC0415 - the database

        scenario_panels.adopt()


def banner() -> None:
    """Name the scenario that is open, and say when the data have changed since."""
    if OPEN in st.session_state or MISSING in st.session_state:
        from dashboard import scenario_panels  # noqa: PLC0415 - the database

        scenario_panels.banner()


def found(sentence: str, figures: Iterable[tuple[str, str]]) -> None:
    """Keep what a page has found, for a scenario saved from it.

    Parameters
    ----------
    sentence : str
        The finding.
    figures : iterable of (str, str)
        Names and values, as on the screen.
    """
    st.session_state[FINDING] = (sentence, tuple(figures))


def save_control(view: Selection, page: str) -> None:
    """Draw the button that saves the view, in the sidebar; the page is yet to say what it finds."""
    st.session_state.pop(FINDING, None)
    with st.sidebar:
        pressed = st.button("Save this view", key="scenario_save", icon=":material/bookmark_add:")
    if pressed:
        from dashboard import scenario_panels  # noqa: PLC0415 - the database

        st.session_state.pop(SAVED, None)
        st.session_state.pop(CONFLICT, None)
        scenario_panels.save_dialog(view, page)
