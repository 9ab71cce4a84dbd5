"""Cached answers about blood centres near people who live far from treatment."""

from dataclasses import replace
from typing import Final

import pandas as pd

from dashboard import kept, map_spec, opportunity, palette, queries
from dashboard.map_layers import MapSpec, area_layer
from dashboard.services import engine, maps
from dashboard.services import patients as patients_answers
from dashboard.services.cache import cached
from dashboard.state import Selection
from geo.travel import Nearest, Road

SHARE_COLOURS: Final = palette.sequential(len(opportunity.SHARE_EDGES) + 1)
PEOPLE_ENTRIES: Final = 8
"""One entry is all people with both of their ways: 12 MB."""


@cached(engine.NEAREST_ENTRIES)
def _nearest(view: Selection, tables: str) -> Nearest:
    areas, model = engine.areas_of(tables), engine.model_of(view.model, tables)
    key = kept.key_of(tables, "blood", view.model, view.role, view.network, view.low_confidence)
    found = kept.read(key, len(areas.frame))
    if found is None:
        sites = queries.points_of(maps.blood_centres(view))
        if isinstance(model, Road):
            found = model.nearest(areas.points, sites, engine.access_of(view.model, tables))
        else:
            found = model.nearest(areas.points, sites)
        kept.write(key, found)
    return found


def nearest_blood(view: Selection, role: str) -> Nearest:
    """Find each area's nearest blood centre of a role."""
    wanted = Selection(role=role, model=view.model)  # type: ignore[arg-type]  # a Role
    return _nearest(wanted, engine.tables())


@cached(PEOPLE_ENTRIES)
def _people(view: Selection, tables: str) -> opportunity.People:
    centres = Selection(
        role=view.role,
        network=view.network,
        low_confidence=view.low_confidence,
        model=view.model,
    )
    return opportunity.people_of(
        engine.rows_of(view), _nearest(centres, tables), patients_answers.by_audience()
    )


def _people_of(view: Selection) -> opportunity.People:
    plain = Selection()
    travel = replace(
        _asked(view),
        within=plain.within,
        metric=plain.metric,
        units=plain.units,
        blood_within=plain.blood_within,
        places=plain.places,
    )
    return _people(travel, engine.tables())


def _asked(view: Selection) -> Selection:
    """Keep what these answers depend on."""
    return Selection(
        within=view.within,
        metric=view.metric,
        model=view.model,
        ages=view.ages,
        therapy=view.therapy,
        evidence=view.evidence,
        low_confidence=view.low_confidence,
        units=view.units,
        state=view.state,
        role=view.role,
        network=view.network,
        places=view.places,
        blood_within=view.blood_within,
        facilities=view.facilities,
    )


@cached(engine.ANSWER_ENTRIES)
def _headline(view: Selection, tables: str) -> opportunity.Headline:  # noqa: ARG001 - part of the key
    return opportunity.headline(_people_of(view), view)


def headline(view: Selection) -> opportunity.Headline:
    """Count the people beyond treatment who live near a blood centre, with a band."""
    plain = Selection()
    return _headline(replace(_asked(view), units=plain.units, places=plain.places), engine.tables())


def parts(view: Selection) -> list[tuple[str, str]]:
    """Name and say the parts of the people beyond."""
    return opportunity.parts(headline(view), view)


def roles(view: Selection) -> pd.DataFrame:
    """Set the headline of several roles side by side."""
    return opportunity.roles_frame(
        {role: headline(replace(view, role=role)) for role in opportunity.COMPARED}
    )


def roles_table(view: Selection) -> pd.DataFrame:
    """Arrange the same for reading."""
    return opportunity.table(roles(view))


@cached(engine.ANSWER_ENTRIES)
def _places(view: Selection, tables: str) -> pd.DataFrame:
    return opportunity.places(engine.areas_of(tables), _people_of(view), view)


def places(view: Selection) -> pd.DataFrame:
    """Count by state, county, metro area or referral region."""
    return _places(_asked(view), engine.tables())


def places_table(view: Selection) -> pd.DataFrame:
    """Arrange the same for reading."""
    return opportunity.table(places(view))


@cached(engine.ANSWER_ENTRIES)
def _candidates(view: Selection, tables: str) -> pd.DataFrame:  # noqa: ARG001 - part of the key
    return opportunity.candidates(maps.blood_centres(view), _people_of(view), view)


def candidates(view: Selection) -> pd.DataFrame:
    """Rank the blood centres by the people beyond treatment whose nearest they are."""
    return _candidates(_asked(view), engine.tables())


def share_map(view: Selection) -> MapSpec:
    """Shade the counties by the share of those beyond who are near a blood centre.

    The neighbours of a state in focus stay shaded, under a veil.
    """
    assets = maps.assets(engine.tables())
    everywhere = replace(view, state="", places="county")
    values = opportunity.county_shares(places(everywhere))
    areas = area_layer(
        assets,
        "county",
        values,
        edges=opportunity.SHARE_EDGES,
        unit="%",
        colours=SHARE_COLOURS,
    )
    return map_spec.thematic(
        assets,
        view,
        areas,
        opportunity.map_title(view),
        engine.centres(view),
        maps.blood_layer(view),
    )
