"""What the maps show, what a search finds, and the detail of a county or a site."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Final

import pandas as pd

from dashboard import (
    details,
    map_spec,
    places,
    queries,
    regions,
)
from dashboard.map_assets import AssetPaths, ensure_static_assets
from dashboard.map_layers import MapSpec, Route, SiteLayer
from dashboard.services import engine
from dashboard.services.cache import cached
from dashboard.state import CentreQuery, Selection, parse
from data import load
from geo.errors import InputError

NEAREST_TREATMENT: Final = 3
NEAREST_BLOOD: Final = 1
DRAWN: Final = (
    *("metric", "model", "ages", "therapy", "evidence", "low_confidence", "facilities", "units"),
    *("state", "level", "layers", "role", "network", "near", "site", "county"),
)
"""What of a view the Map page draws; the threshold, for one, is no part of it."""
MAP_ENTRIES: Final = 32
"""One entry is a map as it is sent, at most 0.2 MB."""


@cached(2)
def assets(tables: str) -> AssetPaths:  # noqa: ARG001 - part of the key
    """Publish the outlines for the maps, and the names of the sites."""
    labels = map_spec.every_label(load.treatment_centers(), load.blood_centers())
    return ensure_static_assets(load.counties(), load.states(), labels)


@cached(4)
def _region_of_county(level: str, tables: str) -> dict[str, str]:
    """Metro area of each county, or the referral region where most of its people live."""
    if level == "hrr":
        return regions.main_referral_regions(engine.areas_of(tables))
    counties = load.counties().dropna(subset=["cbsa_code"])
    return dict(zip(counties["county_fips"], counties["cbsa_code"], strict=True))


@cached(engine.ANSWER_ENTRIES)
def _area_values(scope: engine.Scope, metric: str, units: str, level: str) -> dict[str, float]:
    # The neighbours of a state in focus stay shaded, under a veil.
    everywhere = replace(scope, state="")
    view = Selection(metric=metric, units=units, model=scope.model)  # type: ignore[arg-type]
    found = queries.area_values(
        engine.areas_of(scope.tables),
        engine.rows_in(everywhere),
        view,
        level,  # type: ignore[arg-type]
    )
    named = dict(zip(found.index.tolist(), found.tolist(), strict=True))
    if level in map_spec.PAINTED:
        return regions.painted(named, _region_of_county(level, scope.tables))
    return named


def values(view: Selection) -> dict[str, float]:
    """Median travel of each shaded area, the whole country."""
    scope = engine.Scope.of(replace(view, state=""))
    return _area_values(scope, view.metric, view.units, map_spec.level_of(view))


@cached(engine.ANSWER_ENTRIES)
def main_sites(scope: engine.Scope) -> pd.Series:
    """Centre of most people of each county; see `queries.main_sites`."""
    centres = engine.centres_of(scope.centres, scope.tables)
    return queries.main_sites(engine.areas_of(scope.tables), engine.rows_in(scope), len(centres))


def overview_map(view: Selection) -> MapSpec:
    """Travel time and treatment centres only."""
    plain = replace(Selection(), state=view.state, metric=view.metric, units=view.units)
    shown = replace(plain, model=view.model, ages=view.ages, **asdict(view.centres))
    return _overview_map(shown, engine.tables())


@cached(MAP_ENTRIES)
def _overview_map(shown: Selection, tables: str) -> MapSpec:
    return map_spec.build(assets(tables), shown, values(shown), engine.centres(shown))


def full_map(view: Selection) -> MapSpec:
    """Compose all layers, the selection and the search of the Map page."""
    drawn = Selection(**{name: getattr(view, name) for name in DRAWN})
    return _full_map(drawn, engine.tables())


@cached(engine.ANSWER_ENTRIES)
def _blood_layer(role: str, network: str, low_confidence: bool, tables: str) -> SiteLayer:  # noqa: ARG001 - part of the key
    view = Selection(role=role, network=network, low_confidence=low_confidence)  # type: ignore[arg-type]
    return map_spec.blood_layer(map_spec.choose_blood(load.blood_centers(), view))


def blood_layer(view: Selection) -> SiteLayer:
    """Symbols of the blood centres of the chosen role and network."""
    return _blood_layer(view.role, view.network, view.low_confidence, engine.tables())


@cached(MAP_ENTRIES)
def _full_map(view: Selection, tables: str) -> MapSpec:
    chosen = engine.centres(view)
    blood = blood_layer(view)
    found = search(view)
    routes: tuple[Route, ...] = ()
    if found.place is not None:
        answer = nearest(view)
        routes = map_spec.routes_to(found.place, pd.concat([answer.treatment, answer.blood]))
    site = site_row(view)
    shaded: tuple[str, ...] = ()
    if site is not None and view.site in set(chosen["id"]):
        main = main_sites(engine.Scope.of(replace(view, state="")))
        shaded = tuple(main.index[chosen["id"].to_numpy()[main.to_numpy()] == view.site])
    picked = map_spec.Picked(
        place=found.place,
        routes=routes,
        catchment=shaded,
        site=None if site is None else (float(site["lat"]), float(site["lon"])),
    )
    return map_spec.build(assets(tables), view, values(view), chosen, blood, picked)


def search(view: Selection) -> places.Found:
    """Find the place a reader typed; `Found(None)` without a note when nothing was typed."""
    if not view.near:
        return places.Found(None)
    return _search(view.near, engine.tables())


@cached(engine.ANSWER_ENTRIES)
def _search(near: str, tables: str) -> places.Found:
    return places.find(near, _index(tables))


@cached(2)
def _index(tables: str) -> places.Index:  # noqa: ARG001 - part of the key
    return places.index_of_all(
        load.zcta(),
        load.places(),
        load.counties(),
        load.hrr_names(),
        load.treatment_centers(),
        load.blood_centers(),
    )


@dataclass(frozen=True, slots=True, eq=False)
class NearestSites:
    """Sites nearest to a place, with columns minutes and distance_km.

    Parameters
    ----------
    treatment, blood : DataFrame
        At most three, and at most one.
    """

    treatment: pd.DataFrame
    blood: pd.DataFrame


@cached(engine.ANSWER_ENTRIES)
def _nearest_sites(
    place: places.Place, query: CentreQuery, ages: str, blood_key: Selection, tables: str
) -> NearestSites:
    model = engine.model_of(blood_key.model, tables)
    chosen = queries.for_ages(engine.centres_of(query, tables), ages)
    blood = map_spec.choose_blood(load.blood_centers(), blood_key)
    return NearestSites(
        places.nearest_sites(model, place, chosen, NEAREST_TREATMENT),
        places.nearest_sites(model, place, blood, NEAREST_BLOOD),
    )


def nearest(view: Selection) -> NearestSites:
    """Three nearest treatment centres and the nearest blood centre, from the place searched for."""
    found = search(view)
    if found.place is None:
        raise InputError(found.note or "No place was searched for.")
    key = Selection(
        role=view.role, network=view.network, model=view.model, low_confidence=view.low_confidence
    )
    return _nearest_sites(found.place, view.centres, view.ages, key, engine.tables())


def site_row(view: Selection) -> pd.Series | None:
    """Row of the selected treatment or blood centre, or of a reader's own facility."""
    if not view.site:
        return None
    for frame in (engine.centres(view), load.treatment_centers(), load.blood_centers()):
        hit = frame[frame["id"] == view.site]
        if len(hit):
            return hit.iloc[0]
    return None


@cached(engine.ANSWER_ENTRIES)
def _county(scope: engine.Scope, fips: str, within: float, metric: str) -> details.CountyDetail:
    view = Selection(within=within, metric=metric, model=scope.model)  # type: ignore[arg-type]
    return details.county(
        fips,
        engine.areas_of(scope.tables),
        engine.rows_in(scope),
        engine.centres_of(scope.centres, scope.tables),
        view,
    )


def county(view: Selection) -> details.CountyDetail:
    """Describe the selected county."""
    scope = engine.Scope.of(replace(view, state=""))
    return _county(scope, view.county, view.within, view.metric)


def with_clicked(view: Selection, query: Mapping[str, str]) -> Selection:
    """Add the county or site that the address names now, or else the one that was searched for."""
    named = {key: query[key] for key in ("site", "county") if key in query}
    clicked = parse(named, known=engine.known()).selection
    if not (clicked.site or clicked.county):
        found = search(view)
        return replace(view, site=found.site, county=found.county)
    return replace(view, site=clicked.site, county="" if clicked.site else clicked.county)


def site_card(view: Selection) -> details.SiteCard:
    """Everything known about the selected site."""
    site = site_row(view)
    if site is None:
        msg = f"There is no site {view.site}."
        raise InputError(msg)
    evidence = pd.concat([load.treatment_center_evidence(), load.blood_center_evidence()])
    return details.site_card(site, evidence)


def nearest_table(view: Selection) -> pd.DataFrame:
    """Answer of a search as a table in the reader's units."""
    found = nearest(view)
    return details.nearest_table(found.treatment, found.blood, view.units)


def areas_frame(view: Selection) -> pd.DataFrame:
    """Shaded areas of the map as a table."""
    named, level = values(view), map_spec.level_of(view)
    median = {f"median_{queries.travel_unit(view)}": list(named.values())}
    if level not in map_spec.PAINTED:
        return pd.DataFrame({level: list(named), **median})
    region = _region_of_county(level, engine.tables())
    inside = {level: [region[county] for county in named]}
    return pd.DataFrame({"county": list(named), **inside, **median})


def blood_centres(view: Selection) -> pd.DataFrame:
    """Blood centres of the chosen role and network."""
    return map_spec.choose_blood(load.blood_centers(), view)
