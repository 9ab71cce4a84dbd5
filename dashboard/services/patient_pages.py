"""What the page Patients and capacity shows of demand, answered once per question."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard import (
    exports,
    patient_growth,
    patient_map,
    patient_views,
    patients,
    queries,
    url_fields,
)
from dashboard.map_key import MapKey
from dashboard.map_layers import MapSpec
from dashboard.patient_diseases import EVERY
from dashboard.patient_state import PatientSettings
from dashboard.patients import Audience
from dashboard.services import engine, maps
from dashboard.services.cache import cached
from dashboard.services.maps import MAP_ENTRIES
from dashboard.services.patients import (
    demand_settings,
    every,
    facts_of,
    projection,
    uptake_of,
)
from dashboard.state import Selection

SOURCE: Final = (
    "BCAR Access Atlas, from Census ACS and the rates, shares and assumptions that its tables "
    "indications, eligibility, rate_ratios, demand_assumptions and uptake_assumptions list"
)
RESTS_ON: Final = "assumption (evidence mark recall) in eligible shares and uptake"


def audiences_of(view: Selection) -> tuple[Audience, ...]:
    """Audiences of the people counted."""
    return queries.AUDIENCES[view.ages]


@cached(64)
def _inside(state: str, tables: str) -> NDArray[np.bool_]:
    states = engine.areas_of(tables).frame["state"].to_numpy()
    return np.ones(states.size, dtype=bool) if not state else np.asarray(states == state)


@cached(64)
def _sums(state: str, tables: str) -> patient_views.Sums:
    return patient_views.sums(every(tables), facts_of(tables), _inside(state, tables))


@cached(8)
def _split(by: str, tables: str) -> patient_views.Split:
    return patient_views.split_of(engine.areas_of(tables), by)


def split(by: str, tables: str) -> patient_views.Split:
    """Where the people of every area belong; see `patient_views.split_of`."""
    return _split(by, tables)


@cached(1)
def _published(tables: str) -> pd.DataFrame:
    return patients.reconciliation(every(tables), facts_of(tables))


def by_year(view: Selection, settings: PatientSettings) -> pd.DataFrame:
    """Patients of each year, by kind of therapy."""
    found = _sums(view.state, engine.tables())
    return patient_views.by_year(
        projection(settings), found, EVERY, audiences_of(view), settings.bound
    )


def by_indication(view: Selection, settings: PatientSettings) -> pd.DataFrame:
    """Patients of a year by indication, beside what is published."""
    tables = engine.tables()
    return patient_views.by_indication(
        projection(settings),
        _sums(view.state, tables),
        _published(tables),
        audiences_of(view),
        settings,
    )


def by_group(view: Selection, settings: PatientSettings) -> pd.DataFrame:
    """Patients of a year in each place or group."""
    tables, who = engine.tables(), audiences_of(view)
    if settings.split in patient_views.GROUPS:
        found = _sums(view.state, tables)
        names = list(queries.RACES.values())
        return patient_views.by_group(projection(settings), found, settings, who, names)
    return patient_views.by_place(
        projection(settings),
        _split(settings.split, tables),
        settings,
        _inside(view.state, tables),
        who,
    )


def courses(settings: PatientSettings) -> pd.DataFrame:
    """Every assumption of growth."""
    tables = engine.tables()
    found = patient_growth.courses(uptake_of(tables), settings)
    return patient_views.courses(found, every(tables), settings)


def assumptions(_view: Selection, settings: PatientSettings) -> pd.DataFrame:
    """Give the same for a file."""
    return courses(settings)


def map_of(view: Selection, settings: PatientSettings) -> tuple[MapSpec, MapKey]:
    """Patients of a year by county, with the legend; neighbours of a state in focus stay shaded."""
    tables = engine.tables()
    plain = Selection(
        state=view.state,
        ages=view.ages,
        therapy=view.therapy,
        evidence=view.evidence,
        low_confidence=view.low_confidence,
        facilities=view.facilities,
    )
    drawn = replace(
        demand_settings(settings),
        year=settings.year,
        bound=settings.bound,
        of=settings.of,
        shade=settings.shade,
    )
    return _map(plain, drawn, tables)


@cached(MAP_ENTRIES)
def _map(view: Selection, settings: PatientSettings, tables: str) -> tuple[MapSpec, MapKey]:
    who = audiences_of(view)
    split, projected = _split("county", tables), projection(settings)
    everywhere = _inside("", tables)
    values = {a: projected.patients(a, settings.bound, settings.year, settings.of) for a in who}
    return patient_map.build(
        maps.assets(tables),
        view,
        settings,
        split.ids,
        patient_views.in_groups(split, values, everywhere),
        patient_views.in_groups(split, {a: split.people[a] for a in who}, everywhere),
        engine.centres(view),
    )


def provenance(view: Selection, settings: PatientSettings) -> exports.Provenance:
    """Where the figures of the page are from."""
    query = url_fields.query_string(view.query() | settings.query())
    return exports.Provenance(SOURCE, engine.VINTAGE, engine.tables(), query)


def table_of(
    make: Callable[[Selection, PatientSettings], pd.DataFrame],
    view: Selection,
    settings: PatientSettings,
) -> exports.Table:
    """Offer a table as a file, each row marked as resting on assumptions."""
    stamp = provenance(view, settings)
    return exports.Table(lambda: make(view, settings).assign(rests_on=RESTS_ON), stamp)
