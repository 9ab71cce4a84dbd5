"""Accessibility scores, answered once per question; see `dashboard.scores`."""

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard import map_spec, queries, scores
from dashboard.map_layers import MapSpec
from dashboard.services import engine, maps
from dashboard.services.cache import cached
from dashboard.state import WITH_DECAY, CentreQuery, ModelName, Selection
from data import load
from geo.results import Floats

TRAVEL_ENTRIES: Final = 2
"""One entry is the way of 33,000 areas to 200 centres: 27 MB."""
SCORE_ENTRIES: Final = 24
"""One entry is half a megabyte."""


@cached(TRAVEL_ENTRIES)
def _travel(query: CentreQuery, model: ModelName, metric: str, tables: str) -> NDArray[np.float32]:
    chosen, ways = engine.centres_of(query, tables), engine.ways_of(tables)
    if model == "road" and ways and not query.facilities:
        every = pd.Index(load.treatment_centers()["id"])
        positions = every.get_indexer(pd.Index(chosen["id"])).astype(np.int64)
        return scores.travel_in(ways[0], positions, metric)
    found = queries.matrix_for(
        engine.model_of(model, tables),
        engine.areas_of(tables),
        chosen,
        engine.access_of(model, tables),
    )
    return found.minutes if metric == "minutes" else found.distance_km


def _asked(view: Selection) -> Selection:
    """Keep what scores depend on; no decay for those that have none."""
    plain = Selection()
    return replace(
        plain,
        within=view.within,
        metric=view.metric,
        model=view.model,
        ages=view.ages,
        therapy=view.therapy,
        evidence=view.evidence,
        low_confidence=view.low_confidence,
        score=view.score,
        decay=view.decay if view.score in WITH_DECAY else plain.decay,
        facilities=view.facilities,
    )


@cached(SCORE_ENTRIES)
def _scores(view: Selection, tables: str) -> dict[queries.Audience, Floats]:
    areas, chosen = engine.areas_of(tables), engine.centres_of(view.centres, tables)
    travel = _travel(view.centres, view.model, view.metric, tables)
    supply = scores.supply_of(chosen, load.treatment_centers())
    capacity = scores.divided(supply, chosen, areas.persons)
    return {
        audience: scores.score(travel, areas.persons[audience], capacity[audience], view)
        for audience in queries.AUDIENCES[view.ages]
    }


def supply(view: Selection) -> scores.Supply:
    """Find the capacity of the centres that count."""
    return scores.supply_of(
        engine.centres_of(view.centres, engine.tables()), load.treatment_centers()
    )


def scored(view: Selection) -> scores.Scored:
    """Score the people of the place in focus; the whole country competes."""
    found = _scores(_asked(view), engine.tables())
    return scores.scored(engine.rows_of(view), found, supply(view).unit, view)


def _bare(view: Selection) -> Selection:
    """Drop what only concerns the page, so that it does not split the cache."""
    return replace(_asked(view), state=view.state, units=view.units, places=view.places)


@cached(engine.ANSWER_ENTRIES)
def _summary(view: Selection, tables: str) -> scores.Summary:  # noqa: ARG001 - part of the key
    return scores.summary(scored(view))


def summary(view: Selection) -> scores.Summary:
    """Sum up everybody in the place in focus."""
    return _summary(replace(_bare(view), places=Selection().places), engine.tables())


@cached(engine.ANSWER_ENTRIES)
def _places(view: Selection, tables: str) -> pd.DataFrame:
    return scores.by_place(scored(view), engine.areas_of(tables), view)


def places(view: Selection) -> pd.DataFrame:
    """Score the places of the kind chosen; see `scores.by_place`."""
    return _places(_bare(view), engine.tables())


def places_file(view: Selection) -> pd.DataFrame:
    """Arrange the places for download."""
    unit = scores.unit_of(supply(view).unit, view)
    return places(view).replace([np.inf], np.nan).assign(unit=unit)


def areas_file(view: Selection) -> pd.DataFrame:
    """Arrange every ZIP area for download."""
    return scores.by_area(scored(view), engine.areas_of(engine.tables()), supply(view).unit, view)


def usual(view: Selection) -> float:
    """Mean of the whole country, which sets the classes of the map."""
    return summary(replace(view, state="")).mean


def map_of(view: Selection) -> MapSpec:
    """Shade the counties of the country by their mean, with the centres."""
    counties = places(replace(view, places="county", state=""))
    unit = supply(view).unit
    return map_spec.thematic(
        maps.assets(engine.tables()),
        view,
        scores.layer(maps.assets(engine.tables()), counties, usual(view), unit, view),
        scores.map_title(unit, view),
        engine.centres_of(view.centres, engine.tables()),
    )
