"""The one decorator by which answers are kept: bounded, shared between readers, never changed."""

from collections.abc import Callable
from typing import Any, Final, ParamSpec, TypeVar

import streamlit as st

from dashboard.state import CentreQuery, Selection

P = ParamSpec("P")
R = TypeVar("R")

WRITTEN_OUT: Final[dict[str | type[Any], Callable[[Any], str]]] = {
    Selection: repr,
    CentreQuery: repr,
    "dashboard.services.engine.Scope": repr,
    "dashboard.services.bands.Goal": repr,
}
"""Frozen parameters write themselves out in full: as a key, twenty times faster than field by
field, and a rerun asks for a hundred keys."""


def cached(max_entries: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep the answers of a function of frozen parameters; the oldest go when there are too many.

    Parameters
    ----------
    max_entries : int
        How many answers are kept.

    Returns
    -------
    callable
        The decorator. Arguments whose names begin with an underscore are no part of the key.
    """
    return st.cache_resource(show_spinner=False, max_entries=max_entries, hash_funcs=WRITTEN_OUT)
