"""Treatment deserts, answered once per question; see `dashboard.deserts`."""

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard import deserts, map_spec, queries, text
from dashboard.deserts import Land
from dashboard.map_layers import MapSpec
from dashboard.services import engine, maps
from dashboard.services.bands import Goal, _legs, _sites, _surface, grid
from dashboard.services.cache import cached
from dashboard.services.opportunity import _people_of
from dashboard.state import Selection
from data import load
from geo.deserts import Deserts
from geo.results import Floats
from geo.travel import Road

LAND_ENTRIES: Final = 2
DESERT_ENTRIES: Final = 16
"""One entry is the desert of 400,000 cells and 66,000 rows of people: 4 MB."""


@cached(LAND_ENTRIES)
def _land(tables: str) -> Land:
    return deserts.load_land(grid(tables), load.states(), engine.areas_of(tables))


@cached(4)
def _kilometres(goal: Goal) -> Floats:
    """Distance from every cell along the fastest way."""
    model, cells = engine.model_of(goal.model, goal.tables), grid(goal.tables)
    sites = queries.points_of(_sites(goal))
    if isinstance(model, Road):
        return model.nearest(cells.points, sites, _legs(goal.tables)).distance_km
    return model.nearest(cells.points, sites).distance_km


def _cells(scope: engine.Scope, audience: queries.Audience, metric: str) -> Floats:
    goal = Goal(scope.centres, audience, scope.model, "", scope.tables)
    return _surface(goal).minutes if metric == "minutes" else _kilometres(goal)


@cached(DESERT_ENTRIES)
def _found(scope: engine.Scope, within: float, metric: str, cut: str) -> Deserts:
    view = Selection(within=within, metric=metric, cut=cut, state=scope.state)  # type: ignore[arg-type]
    cells = [_cells(scope, audience, metric) for audience in queries.AUDIENCES[scope.ages]]
    return deserts.find(_land(scope.tables), cells, engine.rows_in(scope), view)


def found(view: Selection) -> Deserts:
    """Which cells and which people are in which desert."""
    return _found(engine.Scope.of(view), view.within, view.metric, view.cut)


@cached(DESERT_ENTRIES)
def _outlines(scope: engine.Scope, within: float, metric: str, cut: str) -> NDArray[np.object_]:
    return deserts.draw(_land(scope.tables), _found(scope, within, metric, cut))


def _bare(view: Selection) -> Selection:
    """Drop what only concerns the page, so that it does not split the cache."""
    kept = ("within", "metric", "model", "ages", "therapy", "evidence", "low_confidence", "units")
    own = ("state", "role", "network", "cut", "blood_within", "facilities")
    return Selection(**{name: getattr(view, name) for name in (*kept, *own)})


@cached(engine.ANSWER_ENTRIES)
def _table(view: Selection, tables: str) -> pd.DataFrame:
    return deserts.table(
        found(view),
        _land(tables),
        engine.areas_of(tables),
        _people_of(view),
        (engine.centres_of(view.centres, tables), maps.blood_centres(view)),
        view,
    )


def table(view: Selection) -> pd.DataFrame:
    """Describe every desert; see `deserts.table`."""
    return _table(_bare(view), engine.tables())


def shown(view: Selection) -> pd.DataFrame:
    """Arrange the table for reading."""
    return deserts.shown(table(view), view)


def file(view: Selection) -> pd.DataFrame:
    """Arrange the table for download."""
    return deserts.for_file(table(view), view)


def number(view: Selection) -> int:
    """Find the number of the desert that the view names by a ZIP area; -1 for none."""
    rows = engine.rows_in(engine.Scope.of(view))
    return deserts.number_of(view.desert, found(view), engine.areas_of(engine.tables()), rows)


def why_not(view: Selection) -> str:
    """Say why the ZIP area that the view names is in no desert."""
    rows = engine.rows_in(engine.Scope.of(view))
    return deserts.why_not(view.desert, engine.areas_of(engine.tables()), rows, view)


def card(view: Selection) -> deserts.Card | None:
    """Describe the desert that the view names; None when its ZIP area is in none."""
    chosen = number(view)
    if chosen < 0:
        return None
    rows = engine.rows_in(engine.Scope.of(view))
    return deserts.card(chosen, table(view), found(view), engine.areas_of(engine.tables()), rows)


def map_of(view: Selection) -> MapSpec:
    """Draw the deserts with both kinds of sites; zoomed to the one that the view names."""
    frame, shapes = (
        table(view),
        _outlines(engine.Scope.of(view), view.within, view.metric, view.cut),
    )
    spec = map_spec.thematic(
        maps.assets(engine.tables()),
        view,
        None,
        f"Treatment deserts beyond {text.threshold(view)}",
        engine.centres_of(view.centres, engine.tables()),
        maps.blood_layer(view),
    )
    chosen = number(view)
    if chosen < 0:
        return replace(spec, polygons=(deserts.layer(shapes, frame),))
    zcta = str(frame.loc[frame["number"] == chosen, "desert"].iloc[0])
    return replace(
        spec,
        polygons=(deserts.layer(shapes, frame, zcta),),
        bounds=deserts.bounds(shapes[chosen]),
        selected=("desert", zcta),
    )
