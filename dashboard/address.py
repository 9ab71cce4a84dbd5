"""The page's address, read and written at one place, safe from what a browser says too late.

A browser sends its address with every message. One that it sent before a change of ours reached it,
such as a second click or a question how far a job is, carries the address of before; taken as it
is, it would take the change back. So a change is remembered for a few seconds, and a value that
it replaced is replaced again, unless the reader went through the history or to another page.

Settings with a widget bound to the address (``bind="query-params"``) are the browser's own and are
not written here.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.url_fields import Written

_CHANGES: Final = "_address_changes"
LATE_S: Final = 5.0
"""How long after a change the address of before may still be on its way."""


@dataclass(frozen=True, slots=True)
class _Change:
    """What one key was set to, what that replaced, and for how long and where that counts."""

    now: tuple[str, ...]
    before: frozenset[tuple[str, ...]]
    until: float
    page: str


def read(names: Iterable[str] | None = None) -> dict[str, list[str]]:
    """Give what the address says, of `names` or of everything."""
    _settle()
    present = st.query_params
    return {
        key: present.get_all(key) for key in (present if names is None else names) if key in present
    }


def single(names: Iterable[str]) -> dict[str, str]:
    """Give the value, the last of several, of each of `names` that the address has."""
    return {key: values[-1] for key, values in read(names).items()}


def write(query: Written, names: Iterable[str] = ()) -> None:
    """Put `query` into the address, and take out those of `names` that it has not."""
    _settle()
    for key in dict.fromkeys((*query, *names)):
        given = query.get(key, [])
        after = (given,) if isinstance(given, str) else tuple(given)
        replaced = tuple(st.query_params.get_all(key))
        if replaced != after:
            _set(key, after)
            _remember(key, after, replaced)


def replace(query: Written) -> None:
    """Let the address say `query` and nothing else."""
    st.query_params.from_dict(query)


def _set(key: str, values: tuple[str, ...]) -> None:
    if not values:
        del st.query_params[key]
    else:
        st.query_params[key] = values[0] if len(values) == 1 else list(values)


def _remember(key: str, after: tuple[str, ...], replaced: tuple[str, ...]) -> None:
    changes: dict[str, _Change] = st.session_state.setdefault(_CHANGES, {})
    known = changes[key].before if key in changes else frozenset()
    changes[key] = _Change(
        after, (known | {replaced}) - {after}, time.monotonic() + LATE_S, _page()
    )


def _settle() -> None:
    """Put right what a message of before says."""
    changes: dict[str, _Change] = st.session_state.get(_CHANGES, {})
    went_back = _went_back()
    for key, change in tuple(changes.items()):
        if went_back or change.page != _page() or change.until < time.monotonic():
            del changes[key]
        elif tuple(st.query_params.get_all(key)) in change.before:
            _set(key, change.now)


def _page() -> str:
    context = get_script_run_ctx()
    return context.page_script_hash if context else ""


def _went_back() -> bool:
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation
