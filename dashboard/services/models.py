"""Cached answers about road travel against a straight line."""

from dataclasses import replace
from typing import Final

import pandas as pd

from dashboard import map_spec, models, palette, queries
from dashboard.map_layers import MapSpec, area_layer
from dashboard.services import engine, maps
from dashboard.services.cache import cached
from dashboard.state import Selection

TRAVEL_ENTRIES: Final = 8


def _asked(view: Selection) -> Selection:
    """Keep what these answers depend on; the travel model of the view is not among it."""
    return Selection(
        within=view.within,
        metric=view.metric,
        ages=view.ages,
        therapy=view.therapy,
        evidence=view.evidence,
        low_confidence=view.low_confidence,
        units=view.units,
        state=view.state,
        places=view.places,
        facilities=view.facilities,
    )


@cached(TRAVEL_ENTRIES)
def _travel(view: Selection, tables: str) -> models.Travel:
    road, straight = (engine.rows_of(replace(view, model=model)) for model in ("road", "straight"))
    homes, sites = engine.areas_of(tables).points, queries.points_of(engine.centres(view))
    return models.travel_of(road, straight, homes, sites)


def _travel_of(view: Selection) -> models.Travel:
    plain = Selection()
    travel = replace(
        _asked(view),
        within=plain.within,
        metric=plain.metric,
        units=plain.units,
        places=plain.places,
    )
    return _travel(travel, engine.tables())


@cached(engine.ANSWER_ENTRIES)
def _headline(view: Selection, tables: str) -> models.Headline:  # noqa: ARG001 - part of the key
    return models.headline(_travel_of(view), view)


def headline(view: Selection) -> models.Headline:
    """Count the people who are on different sides of the threshold."""
    plain = Selection()
    return _headline(replace(_asked(view), units=plain.units, places=plain.places), engine.tables())


def parts(view: Selection) -> list[tuple[str, str]]:
    """Name and say the parts of all people."""
    return models.parts(headline(view), view)


@cached(engine.ANSWER_ENTRIES)
def _places(view: Selection, tables: str) -> pd.DataFrame:
    return models.places(engine.areas_of(tables), _travel_of(view), view)


def places(view: Selection) -> pd.DataFrame:
    """Compare by state, county, metro area or referral region."""
    return _places(_asked(view), engine.tables())


def places_table(view: Selection) -> pd.DataFrame:
    """Arrange the same for reading."""
    return models.table(places(view))


@cached(engine.ANSWER_ENTRIES)
def _by_model(view: Selection, tables: str) -> pd.DataFrame:  # noqa: ARG001 - part of the key
    rows = {model: engine.rows_of(replace(view, model=model)) for model in models.MODELS}
    return models.by_model(rows, view)


def by_model(view: Selection) -> pd.DataFrame:
    """Set what each travel model says of the same people side by side."""
    return _by_model(replace(_asked(view), places=Selection().places), engine.tables())


def model_table(view: Selection) -> pd.DataFrame:
    """Arrange the same for reading."""
    return models.model_table(by_model(view))


def difference_map(view: Selection) -> MapSpec:
    """Shade the counties by the median by road less the median in a straight line.

    The neighbours of a state in focus stay shaded, under a veil.
    """
    assets = maps.assets(engine.tables())
    values = models.county_differences(places(replace(view, state="", places="county")))
    areas = area_layer(
        assets,
        "county",
        values,
        edges=models.DIFFERENCE_EDGES,
        unit=map_spec.UNITS[queries.travel_unit(view)],
        colours=palette.DIVERGING,
    )
    return map_spec.thematic(assets, view, areas, models.map_title(view), engine.centres(view))
