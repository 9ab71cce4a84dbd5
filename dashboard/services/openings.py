"""Cached answers about blood centres as new treatment centres."""

from dataclasses import replace

import numpy as np
import pandas as pd

from dashboard import opening, queries
from dashboard.services import engine
from dashboard.services.cache import cached
from dashboard.state import CentreQuery, Selection
from data import load
from geo.travel import Nearest, Road, Served


@cached(engine.NEAREST_ENTRIES)
def _served(query: CentreQuery, audience: queries.Audience, tables: str) -> Served:
    chosen, road = engine.centres_of(query, tables), engine.model_of("road", tables)
    assert isinstance(road, Road)
    sites = queries.points_of(chosen[queries.treats(chosen, audience)])
    return road.serve(engine.areas_of(tables).points, sites, engine.access_of("road", tables))


def _nearest(scope: engine.Scope, audience: queries.Audience, place: pd.DataFrame) -> Nearest:
    """Find the nearest centre of each area; the new one is the row after the last."""
    chosen = engine.centres_of(scope.centres, scope.tables)
    model = engine.model_of(scope.model, scope.tables)
    rows = np.flatnonzero(queries.treats(chosen, audience))
    if isinstance(model, Road) and len(rows):
        access = engine.access_of("road", scope.tables)
        known = _served(scope.centres, audience, scope.tables)
        found = model.add(known, queries.points_of(place), access).nearest
    else:
        sites = pd.concat([chosen.iloc[rows][["lat", "lon"]], place[["lat", "lon"]]])
        points = engine.areas_of(scope.tables).points
        found = model.nearest(points, queries.points_of(sites))
    return queries.in_rows(found, np.r_[rows, len(chosen)])


@cached(engine.ANSWER_ENTRIES)
def _one(scope: engine.Scope, site: str, within: float, metric: str) -> opening.Opening:
    blood = load.blood_centers()
    place = blood[blood["id"] == site]

    areas, access = engine.areas_of(scope.tables), engine.access_of(scope.model, scope.tables)
    alone = place.assign(treats_adults=True, treats_children=True)
    model = engine.model_of(scope.model, scope.tables)

    def nearest(audience: queries.Audience) -> Nearest:
        return _nearest(scope, audience, place)

    def to_it(audience: queries.Audience) -> Nearest:
        return queries.nearest_for(model, areas, alone, audience, access)

    after = queries.stack_rows(areas, scope.ages, nearest)
    there = queries.stack_rows(areas, scope.ages, to_it)
    view = Selection(within=within, metric=metric)  # type: ignore[arg-type]
    new = len(engine.centres_of(scope.centres, scope.tables))
    return opening.of_one(engine.rows_in(scope), after, there, new, view)


def one(view: Selection) -> opening.Opening | None:
    """Say what the selected blood centre would change; None for any other site.

    People of the whole country, also with a state in focus.
    """
    if view.site not in set(load.blood_centers()["id"]):
        return None
    scope = engine.Scope.of(replace(view, state=""))
    return _one(scope, view.site, view.within, view.metric)
