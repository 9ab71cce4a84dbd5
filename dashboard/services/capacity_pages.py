"""What the topic Capacity shows, answered once per question."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard import exports, load_map, load_views, slots
from dashboard.load_views import Course
from dashboard.map_key import MapKey
from dashboard.map_layers import MapSpec
from dashboard.patient_state import PatientSettings, Slots, Split
from dashboard.services import capacity, centre_ways, engine, maps, patient_pages
from dashboard.services.cache import cached
from dashboard.services.capacity import Question
from dashboard.state import Selection

SOURCE: Final = (
    f"{patient_pages.SOURCE}; slots a year from the table slot_assumptions or the reader's own"
)
ENTRIES: Final = 32
RESTS_ON: Final = "assumption (evidence mark recall) in slots a year, eligible shares and uptake"
PLACES: Final[tuple[Split, ...]] = (
    "state",
    "county",
    "cbsa",
    "hrr",
    "region",
    "division",
    "rurality",
)
"""Breakdowns whose groups are places; others fall back to the first that fits."""


@cached(64)
def _inside(state: str, tables: str) -> NDArray[np.bool_]:
    """Whether each row of `Course` is in a state: adults, then children of each area."""
    states = engine.areas_of(tables).frame["state"].to_numpy()
    here = np.ones(states.size, dtype=bool) if not state else np.asarray(states == state)
    return np.tile(here, 2)


def _here(found: Course, state: str) -> NDArray[np.bool_]:
    states = found.sites["state"].to_numpy()
    return np.ones(states.size, dtype=bool) if not state else np.asarray(states == state)


@cached(64)
def _by_year(
    asked: Question,
    state: str,
    years: tuple[int, ...],  # noqa: ARG001 - part of the key
    _found: Course,
) -> pd.DataFrame:
    return load_views.by_year(_found, _inside(state, asked.tables), _here(_found, state))


def by_year(view: Selection, asked: Question, found: Course) -> pd.DataFrame:
    """Patients, slots and load of the years of an answer, in the state in focus."""
    return _by_year(asked, view.state, tuple(found.years.tolist()), found)


def nationwide(asked: Question, found: Course) -> pd.DataFrame:
    """Give the same of the whole country."""
    return by_year(Selection(), asked, found)


def within_today(asked: Question, found: Course, today: Course) -> pd.DataFrame:
    """Give the same of the patients who have a centre of today within the limit.

    New sites bring others within the limit; whether the network is full is asked of the same
    patients with and without them.

    Parameters
    ----------
    asked, found
        With new sites.
    today : Course
        Without them.
    """
    return _within_today(asked, found, today)


@cached(16)
def _within_today(asked: Question, _found: Course, _today: Course) -> pd.DataFrame:  # noqa: ARG001 - part of the key
    return load_views.by_year(_found, _today.state == 0, _here(_found, ""))


def by_site(view: Selection, settings: PatientSettings, found: Course) -> pd.DataFrame:
    """Load on each site of the state in focus, fullest first."""
    fills = load_views.first_full(found) if len(found.years) > 1 else None
    frame = load_views.by_site(found, settings.year, fills)
    return frame[frame["state"] == view.state].reset_index(drop=True) if view.state else frame


def places_of(view: Selection) -> tuple[Split, ...]:
    """Kinds of places that the table can list: no states where one is in focus."""
    return PLACES[1:] if view.state else PLACES


def place_of(view: Selection, settings: PatientSettings) -> Split:
    """Kind of places that the table lists."""
    kinds = places_of(view)
    return settings.split if settings.split in kinds else kinds[0]


def by_place(
    view: Selection, settings: PatientSettings, asked: Question, found: Course, kind: str
) -> pd.DataFrame:
    """Patients of each place who are treated, or not."""
    return _by_place(asked, view.state, settings.year, kind, len(found.years) > 1, found)


@cached(64)
def _by_place(
    asked: Question,
    state: str,
    year: int,
    kind: str,
    every: bool,  # noqa: ARG001 - part of the key
    _found: Course,
) -> pd.DataFrame:
    split = patient_pages.split(kind, asked.tables)
    return load_views.by_place(_found, year, split, _inside(state, asked.tables))


def map_of(
    view: Selection, settings: PatientSettings, asked: Question, found: Course
) -> tuple[MapSpec, MapKey]:
    """Load on every site over patients not treated by county, with the legend."""
    return _map(asked, Selection(state=view.state), settings.year, len(found.years) > 1, found)


@cached(ENTRIES)
def _map(
    asked: Question,
    view: Selection,
    year: int,
    every: bool,
    _found: Course,
) -> tuple[MapSpec, MapKey]:
    counties = _by_place(asked, "", year, "county", every, _found)
    sites = load_views.by_site(_found, year, None)
    return load_map.build(maps.assets(asked.tables), view, year, sites, counties)


def slots_table(view: Selection, settings: PatientSettings) -> pd.DataFrame:
    """Slots of the centres that count, those of the state in focus if there is one."""
    frame = capacity.sites_of(capacity.question(view, settings))
    return frame[frame["state"] == view.state].reset_index(drop=True) if view.state else frame


def read_slots(content: bytes) -> tuple[Slots, ...]:
    """Read a reader's file of slots.

    Raises
    ------
    UserFileError
        Lists every problem.
    """
    return slots.read_file(content, engine.known()["site"])


def assumptions() -> pd.DataFrame:
    """Assumed slots by beds and ages treated."""
    return centre_ways.assumptions_of(engine.tables())


def new_slots(settings: PatientSettings) -> float:
    """Slots a year of each new site."""
    return slots.new_slots(settings, assumptions())


def provenance(view: Selection, settings: PatientSettings) -> exports.Provenance:
    """Where the figures of the topic are from."""
    return replace(patient_pages.provenance(view, settings), source=SOURCE)


def table_of(
    make: Callable[[], pd.DataFrame], view: Selection, settings: PatientSettings
) -> exports.Table:
    """Offer a table as a file, each row marked as resting on assumptions."""
    return exports.Table(lambda: make().assign(rests_on=RESTS_ON), provenance(view, settings))
