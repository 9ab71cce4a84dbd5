"""Catchments of the treatment centres: who goes where, and what a closure would do."""

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import catchment, queries
from dashboard.map_layers import MapSpec
from dashboard.services import (
    ANSWER_ENTRIES,
    NEAREST_ENTRIES,
    _areas,
    _assets,
    _centres,
    _find,
    _main_sites,
    _nearest,
    _rows,
    _Scope,
    centres,
    tables,
)
from dashboard.state import CentreQuery, ModelName, Selection
from geo.catchments import second_nearest
from geo.network import Ints
from geo.travel import Nearest


@st.cache_resource(show_spinner=False, max_entries=NEAREST_ENTRIES)
def _second(
    query: CentreQuery, audience: queries.Audience, model: ModelName, tables: str
) -> Nearest:
    chosen = _centres(query, tables)

    def nearest(rows: Ints) -> Nearest:
        return _find(chosen.iloc[rows], query, audience, model, tables)

    first = _nearest(query, audience, model, tables)
    return second_nearest(nearest, first, len(chosen))


@st.cache_resource(show_spinner=False, max_entries=ANSWER_ENTRIES)
def _table(scope: _Scope, within: float, metric: str) -> pd.DataFrame:
    def second(audience: queries.Audience) -> Nearest:
        return _second(scope.centres, audience, scope.model, scope.tables)

    areas = _areas(scope.tables)
    rest = queries.in_state(areas, queries.stack_rows(areas, scope.ages, second), scope.state)
    view = Selection(within=within, metric=metric, state=scope.state)  # type: ignore[arg-type]
    centres = _centres(scope.centres, scope.tables)
    return catchment.table(centres, _rows(scope), rest, view)


def table(view: Selection) -> pd.DataFrame:
    """People of every centre; see `catchment.table`."""
    return _table(_Scope.of(view), view.within, view.metric)


def file(view: Selection) -> pd.DataFrame:
    """Give the same table for download."""
    return table(view).replace([np.inf], np.nan)


@st.cache_resource(show_spinner=False, max_entries=ANSWER_ENTRIES)
def _one(scope: _Scope, site: str, within: float, metric: str) -> catchment.Catchment | None:
    chosen = _centres(scope.centres, scope.tables)
    itself = chosen[chosen["id"] == site]

    def nearest(audience: queries.Audience) -> Nearest:
        return _find(itself, scope.centres, audience, scope.model, scope.tables)

    here = queries.stack_rows(_areas(scope.tables), scope.ages, nearest)
    view = Selection(within=within, metric=metric)  # type: ignore[arg-type]
    return catchment.of_one(_table(scope, within, metric), site, here, view)


def one(view: Selection) -> catchment.Catchment | None:
    """Count the people of the selected treatment centre; None where it does not count.

    People of the whole country, also with a state in focus.
    """
    if not view.site:
        return None
    return _one(_Scope.of(replace(view, state="")), view.site, view.within, view.metric)


def site_at(view: Selection, kind: str, identifier: str) -> str:
    """Centre that a click means: itself, or that of most of a county's people; "" for none."""
    if kind == "site":
        return identifier
    return _centre_of_county(view).get(identifier, "") if kind == "county" else ""


def _centre_of_county(view: Selection) -> dict[str, str]:
    """Id of the centre of most people of each county."""
    main = _main_sites(_Scope.of(replace(view, state="")))
    ids = centres(view)["id"].to_numpy()
    return dict(zip(main.index, ids[main.to_numpy()], strict=True))


def map_of(view: Selection) -> MapSpec:
    """Draw the centres by criticality, and the counties of the one chosen."""
    assets, frame = _assets(tables()), table(view)
    return catchment.map_of(assets, frame, _centre_of_county(view), view)
