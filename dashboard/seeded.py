"""Widgets that show what is decided elsewhere, safe from what a browser says too late or again.

A browser sends the values of all widgets with every message, also with those by which a page under
way asks how far its work is. A message sent before a change was drawn carries the values of
before; taken for the reader's own, they would take the change back. So a widget whose value
something else has changed gets another key, and what comes under an old key is not heard. Nor is
a value that is known already, which Streamlit takes for new when it has dropped the widget's state.
"""

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

_TIMES: Final = "_seeded_times"
_KNOWN: Final = "_seeded_known"


def key(name: str) -> str:
    """Give the key that a widget has now."""
    times = st.session_state.get(_TIMES, {}).get(name, 0)
    return f"{name}_{times}" if times else name


def bound(name: str, value: object, on_change: Callable[[Any], None]) -> dict[str, Any]:
    """Bind a widget to a value that lives elsewhere.

    Parameters
    ----------
    name : str
        Key of the widget, until something else changes its value.
    value : object
        What it is to show.
    on_change : callable
        Takes what the reader sets the widget to.

    Returns
    -------
    dict
        Arguments of the widget: key and callback.
    """
    now = key(name)
    if now in st.session_state and not _same(st.session_state[now], value):
        times = st.session_state.setdefault(_TIMES, {})
        times[name] = times.get(name, 0) + 1
        now = key(name)
    if now not in st.session_state:
        st.session_state[now] = value
    known = st.session_state.setdefault(_KNOWN, {})
    known[name] = value

    def changed() -> None:
        heard = st.session_state[now]
        if key(name) != now or _same(heard, known[name]):
            return
        known[name] = heard
        on_change(heard)

    return {"key": now, "on_change": changed}


def _same(shown: object, value: object) -> bool:
    """Tell whether two values are one; those of a list have no order."""
    if isinstance(shown, list | tuple) and isinstance(value, list | tuple):
        return sorted(map(str, shown)) == sorted(map(str, value))
    return shown == value
