"""Equity of a view: groups, gaps, states, indexes; cached."""

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from dashboard import fairness, fairness_tables
from dashboard.fairness import Ground, Inequality, TravelInequality
from dashboard.services import engine
from dashboard.services.cache import cached
from dashboard.state import Selection

GROUND_ENTRIES: Final = 4
"""One entry is the people of 29 groups on 57,000 trips: 14 MB."""
MAX_BARS: Final = 15
TRAVEL: Final = (
    "metric",
    "model",
    "ages",
    "therapy",
    "evidence",
    "low_confidence",
    "state",
    "facilities",
)
"""Fields of a view that decide who travels how far."""


def _plain(view: Selection, *names: str) -> Selection:
    """Keep what decides travel and the fields named, so that the rest does not split a cache."""
    return Selection(**{name: getattr(view, name) for name in (*TRAVEL, *names)})


@cached(GROUND_ENTRIES)
def _ground(view: Selection, tables: str) -> Ground:
    return fairness.ground(engine.areas_of(tables), engine.rows_of(view), view)


def _ground_of(view: Selection) -> Ground:
    return _ground(_plain(view), engine.tables())


@cached(engine.ANSWER_ENTRIES)
def _spread(view: Selection, tables: str) -> pd.DataFrame:  # noqa: ARG001 - part of the key
    return fairness.spread(_ground_of(view), view)


def spread(view: Selection) -> pd.DataFrame:
    """Travel of every group of every dimension; see `fairness.spread`."""
    return _spread(_plain(view, "units"), engine.tables())


@cached(engine.ANSWER_ENTRIES)
def _gaps(view: Selection, tables: str) -> pd.DataFrame:  # noqa: ARG001 - part of the key
    return fairness.dimension_gaps(_ground_of(view), spread(view), view)


def gaps(view: Selection) -> pd.DataFrame:
    """Gap of every dimension; see `fairness.dimension_gaps`."""
    return _gaps(_plain(view, "units", "within"), engine.tables())


@cached(engine.ANSWER_ENTRIES)
def _states(view: Selection, tables: str) -> pd.DataFrame:  # noqa: ARG001 - part of the key
    here = _ground_of(view)
    if view.state:
        return fairness.against_nation(here, _ground_of(replace(view, state="")), view)
    return fairness.state_gaps(here, view)


def states(view: Selection) -> pd.DataFrame:
    """Gap of the chosen dimension in every state, or that of the state in focus and the country."""
    return _states(_plain(view, "within", "by"), engine.tables())


def widest_states(view: Selection) -> pd.DataFrame:
    """States with the widest gaps, for a chart; those without a gap are left out."""
    found = states(view)
    return found[found["gap"] > 0].head(MAX_BARS)


@cached(engine.ANSWER_ENTRIES)
def _travel_inequality(view: Selection, tables: str) -> TravelInequality:
    return fairness.travel_inequality(engine.areas_of(tables), engine.rows_of(view), view)


@cached(engine.ANSWER_ENTRIES)
def _inequality(view: Selection, tables: str) -> Inequality:
    shared = _travel_inequality(_plain(view), tables)
    return fairness.inequality(engine.areas_of(tables), engine.rows_of(view), view, shared)


def inequality(view: Selection) -> Inequality:
    """Indexes of a view and their curves; see `fairness.inequality`."""
    return _inequality(_plain(view, "within"), engine.tables())


@cached(engine.ANSWER_ENTRIES)
def _cumulative(view: Selection, at: tuple[float, ...], tables: str) -> pd.DataFrame:  # noqa: ARG001 - part of the key
    return fairness.cumulative(_ground_of(view), view, np.array(at) if at else None)


def cumulative(view: Selection) -> pd.DataFrame:
    """Share of each group of the chosen dimension within each travel."""
    return _cumulative(_plain(view, "by"), (), engine.tables())


def within(view: Selection) -> pd.DataFrame:
    """Give the same at the threshold alone."""
    return _cumulative(_plain(view, "by"), (view.within,), engine.tables())


def shares_table(view: Selection) -> pd.DataFrame:
    """Share of each group within round numbers of travel, for reading."""
    at = tuple(fairness.TABLE_EDGES.tolist())
    found = _cumulative(_plain(view, "by"), at, engine.tables())
    return fairness_tables.shares_table(found, view.metric)


def spread_table(view: Selection) -> pd.DataFrame:
    """Travel of every group, for reading."""
    return fairness_tables.spread_table(spread(view))


def gap_table(view: Selection) -> pd.DataFrame:
    """Gap of every dimension, for reading."""
    return fairness_tables.gap_table(gaps(view))


def states_table(view: Selection) -> pd.DataFrame:
    """Gaps by state, for reading."""
    return fairness_tables.gap_table(states(view))


def indexes(view: Selection) -> pd.DataFrame:
    """Indexes as a table."""
    return fairness.index_table(inequality(view), view)


def index_table(view: Selection) -> pd.DataFrame:
    """Indexes, for reading."""
    return fairness_tables.indexes(inequality(view), view)


def curves(view: Selection) -> pd.DataFrame:
    """Concentration and Lorenz curves as a table."""
    return inequality(view).curves


def tenths_table(view: Selection) -> pd.DataFrame:
    """Concentration and Lorenz curves at tenths of the people, for reading."""
    return fairness_tables.tenths(inequality(view), fairness.measure(view))
