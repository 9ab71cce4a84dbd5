"""Cached answers about the ways of collected cells."""

from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from dashboard import kept, kept_matrix, logistics, map_spec, palette, queries
from dashboard.map_layers import MapSpec, SiteStyle, area_layer, site_layer
from dashboard.services import engine, maps, opportunity
from dashboard.services import patients as patients_answers
from dashboard.services.cache import cached
from dashboard.state import CentreQuery, ModelName, Role, Selection
from data import load
from geo.network import Ints
from geo.travel import Points, TravelMatrix

EDGES: Final = palette.MINUTE_EDGES
AIRPORT_STYLE: Final = SiteStyle("Large airport", "square", palette.WHITE, palette.MUTED, 4.0)
HEADING: Final = "Minutes from collection site to treatment centre, median of a county's patients"
LEGS_ENTRIES: Final = 8
"""One entry is a leg of every row: 4 MB."""


@cached(4)
def _measured(model: ModelName, tables: str) -> tuple[TravelMatrix, TravelMatrix]:
    """Ways from every built-in collection site to every built-in centre and airport."""
    blood = queries.points_of(load.blood_centers())
    centres, airports = load.treatment_centers(), load.airports()
    sites = pd.concat([centres[["lat", "lon"]], airports[["lat", "lon"]]])
    key = kept.key_of(tables, "legs between sites", model)
    found = kept_matrix.read(key, (len(blood), len(sites)))
    if found is None:
        found = _drive(model, blood, queries.points_of(sites), tables)
        kept_matrix.write(key, found)
    at = len(centres)
    return _columns(found, slice(None, at)), _columns(found, slice(at, None))


def _columns(travel: TravelMatrix, which: slice | Ints) -> TravelMatrix:
    return TravelMatrix(travel.minutes[:, which], travel.distance_km[:, which])


def _rows(travel: TravelMatrix, which: Ints) -> TravelMatrix:
    return TravelMatrix(travel.minutes[which], travel.distance_km[which])


def _drive(model: ModelName, origins: Points, sites: Points, tables: str) -> TravelMatrix:
    return engine.model_of(model, tables).matrix(origins, sites)


@cached(2)
def _to_own(query: CentreQuery, model: ModelName, tables: str) -> TravelMatrix:
    """Ways from every collection site to a reader's own facilities; never on the disk."""
    own = engine.centres_of(query, tables)
    return _drive(model, queries.points_of(load.blood_centers()), queries.points_of(own), tables)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the ways of cells depend on.

    Parameters
    ----------
    role : str
        Of the blood centres that collect.
    limit : float
        Minutes that a product leg may take by road.
    hubs : str
        Which airports are large enough: "large" for large hubs, "medium" for medium ones too.
    """

    role: Role = "cell_collection"
    limit: float = 240.0
    hubs: str = "medium"


@dataclass(frozen=True, slots=True, eq=False)
class _Sites:
    """Sites that count, with the ways between them."""

    blood: pd.DataFrame
    centres: pd.DataFrame
    airports: pd.DataFrame
    to_centre: TravelMatrix
    to_airport: TravelMatrix

    @property
    def ways(self) -> tuple[TravelMatrix, TravelMatrix]:
        return self.to_centre, self.to_airport


@cached(LEGS_ENTRIES)
def _sites(query: CentreQuery, model: ModelName, role: Role, hubs: str, tables: str) -> _Sites:
    blood, centres = collecting(role), engine.centres_of(query, tables)
    every = load.airports()
    airports = every[every["hub"].isin(logistics.HUBS[hubs])]
    to_centre, to_airport = _measured(model, tables)
    rows = pd.Index(load.blood_centers()["id"]).get_indexer(pd.Index(blood["id"]))
    if query.facilities:
        to_centre = _to_own(query, model, tables)
    else:
        known = pd.Index(load.treatment_centers()["id"])
        to_centre = _columns(to_centre, known.get_indexer(pd.Index(centres["id"])))
    to_airport = _columns(to_airport, every.index.get_indexer(airports.index))
    return _Sites(blood, centres, airports, _rows(to_centre, rows), _rows(to_airport, rows))


def collecting(role: Role) -> pd.DataFrame:
    """Blood centres of a role, without rows of low confidence."""
    return maps.blood_centres(Selection(role=role))


def plain(view: Selection) -> Selection:
    """Keep what the ways of cells depend on."""
    return Selection(
        model=view.model,
        ages=view.ages,
        therapy=view.therapy,
        evidence=view.evidence,
        low_confidence=view.low_confidence,
        units=view.units,
        state=view.state,
        facilities=view.facilities,
    )


def sites_of(view: Selection, asked: Asked) -> _Sites:
    """Sites that count in a view, with the ways between them."""
    return _sites(view.centres, view.model, asked.role, asked.hubs, engine.tables())


@cached(LEGS_ENTRIES)
def _legs(view: Selection, role: Role, tables: str) -> logistics.Legs:  # noqa: ARG001 - part of the key
    found = sites_of(view, Asked(role))
    collection = opportunity.nearest_blood(view, role)
    return logistics.legs(
        engine.rows_of(view), collection, found.to_centre, patients_answers.by_audience()
    )


def legs(view: Selection, role: Role) -> logistics.Legs:
    """Find the leg of each row's cells."""
    return _legs(replace(plain(view), units=Selection().units), role, engine.tables())


@cached(LEGS_ENTRIES)
def _report(view: Selection, asked: Asked, tables: str) -> logistics.Report:  # noqa: ARG001 - part of the key
    sites = sites_of(view, asked)
    found = legs(view, asked.role)
    return logistics.report(
        sites.blood, sites.centres, sites.airports, found, sites.ways, view, asked.limit
    )


def report(view: Selection, asked: Asked) -> logistics.Report:
    """Put together how far cells travel; see `logistics.report`."""
    return _report(plain(view), asked, engine.tables())


def pairs_file(view: Selection, asked: Asked) -> pd.DataFrame:
    """List every collection site with every treatment centre."""
    sites = sites_of(view, asked)
    return logistics.every_pair(sites.blood, sites.centres, sites.to_centre, view)


def airports_file(view: Selection, asked: Asked) -> pd.DataFrame:
    """List every collection site with every large airport."""
    sites = sites_of(view, asked)
    return logistics.every_pair(sites.blood, sites.airports, sites.to_airport, view)


@cached(engine.ROWS_ENTRIES)
def _county_minutes(view: Selection, role: Role, tables: str) -> dict[str, float]:
    return logistics.county_minutes(engine.areas_of(tables), engine.rows_of(view), legs(view, role))


def legs_map(view: Selection, asked: Asked) -> MapSpec:
    """Shade the counties by the leg of their patients' cells, with the sites and the airports.

    The neighbours of a state in focus stay shaded, under a veil.
    """
    tables = engine.tables()
    assets = maps.assets(tables)
    everywhere = replace(plain(view), state="", units=Selection().units)
    values = _county_minutes(everywhere, asked.role, tables)
    areas = area_layer(assets, "county", values, edges=EDGES, unit=" min")
    spec = map_spec.thematic(
        assets,
        view,
        areas,
        HEADING,
        engine.centres(view),
        maps.blood_layer(Selection(role=asked.role)),
    )
    airports = sites_of(view, asked).airports
    flights = site_layer(
        airports["lat"],
        airports["lon"],
        airports["iata"],
        logistics.airport_names(airports),
        styles=(AIRPORT_STYLE,),
    )
    return replace(spec, sites=(flights, *spec.sites))
