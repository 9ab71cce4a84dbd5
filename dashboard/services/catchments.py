"""Catchments of the treatment centres: who goes where, and what a closure would do."""

from dataclasses import replace

import numpy as np
import pandas as pd

from dashboard import catchment, queries
from dashboard.map_layers import MapSpec
from dashboard.services import engine, maps
from dashboard.services.cache import cached
from dashboard.state import CentreQuery, ModelName, Selection
from geo.catchments import second_nearest
from geo.network import Ints
from geo.travel import Nearest


@cached(engine.NEAREST_ENTRIES)
def _second(
    query: CentreQuery, audience: queries.Audience, model: ModelName, tables: str
) -> Nearest:
    chosen = engine.centres_of(query, tables)

    def nearest(rows: Ints) -> Nearest:
        return engine.find(chosen.iloc[rows], query, audience, model, tables)

    first = engine.nearest_of(query, audience, model, tables)
    return second_nearest(nearest, first, len(chosen))


def second_rows(scope: engine.Scope) -> queries.Rows:
    """People with their way to the second nearest centre that treats them."""

    def second(audience: queries.Audience) -> Nearest:
        return _second(scope.centres, audience, scope.model, scope.tables)

    areas = engine.areas_of(scope.tables)
    return queries.in_state(areas, queries.stack_rows(areas, scope.ages, second), scope.state)


@cached(engine.ANSWER_ENTRIES)
def _table(scope: engine.Scope, within: float, metric: str) -> pd.DataFrame:
    rest = second_rows(scope)
    view = Selection(within=within, metric=metric, state=scope.state)  # type: ignore[arg-type]
    centres = engine.centres_of(scope.centres, scope.tables)
    frame = catchment.table(centres, engine.rows_in(scope), rest, view)
    treating = queries.for_ages(centres, scope.ages)["id"]
    return frame[frame["id"].isin(treating)].reset_index(drop=True)


def table(view: Selection) -> pd.DataFrame:
    """People of every centre; see `catchment.table`."""
    return _table(engine.Scope.of(view), view.within, view.metric)


def file(view: Selection) -> pd.DataFrame:
    """Give the same table for download."""
    return table(view).replace([np.inf], np.nan)


@cached(engine.ANSWER_ENTRIES)
def _one(scope: engine.Scope, site: str, within: float, metric: str) -> catchment.Catchment | None:
    chosen = engine.centres_of(scope.centres, scope.tables)
    itself = chosen[chosen["id"] == site]

    def nearest(audience: queries.Audience) -> Nearest:
        return engine.find(itself, scope.centres, audience, scope.model, scope.tables)

    here = queries.stack_rows(engine.areas_of(scope.tables), scope.ages, nearest)
    view = Selection(within=within, metric=metric)  # type: ignore[arg-type]
    return catchment.of_one(_table(scope, within, metric), site, here, view)


def one(view: Selection) -> catchment.Catchment | None:
    """Count the people of the selected treatment centre; None where it does not count.

    People of the whole country, also with a state in focus.
    """
    if not view.site:
        return None
    return _one(engine.Scope.of(replace(view, state="")), view.site, view.within, view.metric)


def site_at(view: Selection, kind: str, identifier: str) -> str:
    """Centre that a click means: itself, or that of most of a county's people; "" for none."""
    if kind == "site":
        return identifier
    return _centre_of_county(view).get(identifier, "") if kind == "county" else ""


def _centre_of_county(view: Selection) -> dict[str, str]:
    """Id of the centre of most people of each county."""
    main = maps.main_sites(engine.Scope.of(replace(view, state="")))
    ids = engine.centres(view)["id"].to_numpy()
    return dict(zip(main.index, ids[main.to_numpy()], strict=True))


def map_of(view: Selection) -> MapSpec:
    """Draw the centres by criticality, and the counties of the one chosen."""
    assets, frame = maps.assets(engine.tables()), table(view)
    return catchment.map_of(assets, frame, _centre_of_county(view), view)
