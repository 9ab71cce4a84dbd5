"""Cached answers about courses of care as journeys, and what they cost patients."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from dashboard import exports, journey_courses, journeys, snyder, url_fields
from dashboard.journey_courses import Therapy
from dashboard.journey_state import Bound, Course, Edit, JourneySettings, Model
from dashboard.journeys import Parts, Report, Spent, Totals, Ways
from dashboard.patient_state import PatientSettings
from dashboard.services import engine, opportunity
from dashboard.services import patients as patients_answers
from dashboard.services.cache import cached
from dashboard.services.logistics import plain
from dashboard.state import Role, Selection
from data import load
from geo.results import Floats
from geo.travel import Nearest

BOUNDS: Final[tuple[Bound, ...]] = ("low", "central", "high")
NEAR_HOME_ROLE: Final[Role] = "any"
"""Blood centres that stand for the site near home."""
WAYS_ENTRIES: Final = 4
"""One entry is the ways of 66,000 rows to three places: 3 MB."""
PARTS_ENTRIES: Final = 8
"""One entry is the group of 66,000 rows: 2 MB."""
PATIENTS_ENTRIES: Final = 12
"""One entry is the patients of 66,000 rows by therapy: 2 MB."""
RESTS_ON: Final = "assumptions: visits, days, uptake and shares are of memory where not sourced"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What journeys depend on, without what only concerns the page."""

    view: Selection
    role: Role
    patients: PatientSettings
    edits: tuple[Edit, ...]
    course: Course
    tables: str


def _asked(
    view: Selection, settings: JourneySettings, patients: PatientSettings, role: Role
) -> _Asked:
    people = replace(patients_answers.demand_settings(patients), year=patients.year)
    unitless = replace(plain(view), units=Selection().units)
    return _Asked(unitless, role, people, settings.edits, settings.course, engine.tables())


@cached(1)
def _table(tables: str) -> pd.DataFrame:  # noqa: ARG001 - part of the key
    return load.journey_parameters()


def parameters(settings: JourneySettings) -> pd.DataFrame:
    """Prices, rules, visits and days, with the reader's own in the place of the table's.

    Returns
    -------
    DataFrame
        Columns key, value, low, high, unit, part, title, fact, source, source_url, evidence, note,
        edited.
    """
    return journey_courses.parameters(_table(engine.tables()), settings.edits)


def courses(settings: JourneySettings) -> pd.DataFrame:
    """Phases of every course, how many, and where each happens under each model."""
    found = parameters(settings)
    titles = dict(zip(found["key"], found["title"], strict=True))
    return journey_courses.course_table(journey_courses.values_of(found, settings.bound), titles)


@cached(WAYS_ENTRIES)
def _ways(view: Selection, role: Role, tables: str) -> Ways:
    return journeys.ways_of(
        engine.areas_of(tables),
        engine.rows_of(view),
        opportunity.nearest_blood(view, role),
        opportunity.nearest_blood(view, NEAR_HOME_ROLE),
    )


def _values(asked: _Asked, bound: Bound) -> dict[str, float]:
    found = journey_courses.parameters(_table(asked.tables), asked.edits)
    return journey_courses.values_of(found, bound)


@cached(PATIENTS_ENTRIES)
def _by_therapy(
    view: Selection,
    patients: PatientSettings,
    bound: Bound,
    tables: str,  # noqa: ARG001 - part of the key
) -> dict[Therapy, Floats]:
    rows, found = engine.rows_of(view), patients_answers.projection(patients)
    return journeys.patients_by_therapy(rows, found, bound, patients.year)


def _patients(asked: _Asked, bound: Bound) -> dict[Course, Floats]:
    therapies = _by_therapy(asked.view, asked.patients, bound, asked.tables)
    found = journeys.by_course(therapies, _values(asked, bound)["outpatient_share"])
    return found if asked.course == "all" else {asked.course: found[asked.course]}


@cached(engine.ROWS_ENTRIES)
def _totals(asked: _Asked) -> dict[Model, Totals]:
    return journeys.totals(
        _ways(asked.view, asked.role, asked.tables),
        {bound: _patients(asked, bound) for bound in BOUNDS},
        {bound: _values(asked, bound) for bound in BOUNDS},
    )


@cached(PARTS_ENTRIES)
def _parts(view: Selection, split: str, tables: str) -> Parts:
    return journeys.parts_of(engine.areas_of(tables), engine.rows_of(view), split)


@cached(engine.ROWS_ENTRIES)
def _spent(asked: _Asked, bound: Bound, split: str) -> dict[Model, Spent]:
    return journeys.spent(
        _ways(asked.view, asked.role, asked.tables),
        _patients(asked, bound),
        _values(asked, bound),
        _parts(asked.view, split, asked.tables),
    )


def _groups(asked: _Asked, bound: Bound, model: Model, split: str) -> pd.DataFrame:
    parts = _parts(asked.view, split, asked.tables)
    values = _values(asked, bound)
    found = _spent(asked, bound, split)
    return journeys.groups(found, parts, journey_courses.prices_of(values), model)


def totals(
    view: Selection,
    settings: JourneySettings,
    patients: PatientSettings | None = None,
    role: Role = "cell_collection",
) -> dict[Model, Totals]:
    """Add up the journeys of all patients of a year, under every model.

    Parameters
    ----------
    view : Selection
        People, centres, travel model and state.
    settings : JourneySettings
        Course and parameters.
    patients : PatientSettings, optional
        Whose patients, and of which year; today's by default.
    role : str, optional
        Role of the blood centres that collect.

    Returns
    -------
    dict of str to Totals
        By model, in the order of `journey_state.MODELS`.
    """
    return _totals(_asked(view, settings, patients or PatientSettings(), role))


def groups(
    view: Selection,
    settings: JourneySettings,
    patients: PatientSettings | None = None,
    role: Role = "cell_collection",
) -> pd.DataFrame:
    """Add up by group; see `journeys.groups`. Arguments as for `totals`."""
    asked = _asked(view, settings, patients or PatientSettings(), role)
    return _groups(asked, settings.bound, settings.model, settings.split)


def report(
    view: Selection,
    settings: JourneySettings,
    patients: PatientSettings | None = None,
    role: Role = "cell_collection",
) -> Report:
    """Put together totals, comparison and groups. Arguments as for `totals`."""
    found = totals(view, settings, patients, role)
    return Report(found, journeys.comparison(found), groups(view, settings, patients, role))


def county_values(
    view: Selection,
    settings: JourneySettings,
    patients: PatientSettings | None = None,
    role: Role = "cell_collection",
) -> pd.Series:
    """Give what the chosen model saves per patient, of the chosen measure, by county.

    The neighbours of a state in focus are there too, for the map. Arguments as for `totals`.

    Returns
    -------
    Series
        By county code; counties without patients are left out.
    """
    everywhere = replace(view, state="")
    frame = groups(everywhere, replace(settings, split="county"), patients, role)
    found: pd.Series = frame.set_index("group")[f"{settings.measure}_saved_per_patient"].dropna()
    return found


@cached(1)
def _networks(tables: str) -> dict[str, tuple[int, Nearest]]:
    """Centres of the published comparison, and each area's nearest."""
    centres = load.treatment_centers()
    chosen = {kind: centres.loc[snyder.academic(centres, kind)] for kind in snyder.CLASSES}
    chosen["expanded"] = centres.loc[snyder.expanded(centres)]
    return {
        kind: (len(own), engine.find(own, Selection().centres, "adult", "road", tables))
        for kind, own in chosen.items()
    }


@cached(engine.ROWS_ENTRIES)
def _published_comparison(edits: tuple[Edit, ...], tables: str) -> pd.DataFrame:
    found = journey_courses.parameters(_table(tables), edits)
    year = PatientSettings().year
    patients = patients_answers.projection(PatientSettings()).patients(
        "adult", "central", year, snyder.DISEASE
    )
    return snyder.compare(
        engine.areas_of(tables),
        _networks(tables),
        patients,
        journey_courses.values_of(found, "central"),
        snyder.published(load.validation_studies(), load.burden_parameters()),
    )


def published_comparison(settings: JourneySettings) -> pd.DataFrame:
    """Set our figures beside the published study's; see `snyder.compare`.

    Parameters
    ----------
    settings : JourneySettings
        Parameters; the rest of the view does not count, as the study is of the whole country.

    Returns
    -------
    DataFrame
    """
    return _published_comparison(settings.edits, engine.tables())


def provenance(
    view: Selection, settings: JourneySettings, patients: PatientSettings | None = None
) -> exports.Provenance:
    """Where the figures are from."""
    own = (patients or PatientSettings()).query()
    query = url_fields.query_string(view.query() | own | settings.query())
    return exports.Provenance(engine.SOURCE, engine.VINTAGE, engine.tables(), query)


def table_of(
    make: Callable[[], pd.DataFrame],
    view: Selection,
    settings: JourneySettings,
    patients: PatientSettings | None = None,
) -> exports.Table:
    """Offer a table as a file, each row marked as resting on assumptions."""
    stamp = provenance(view, settings, patients)
    return exports.Table(lambda: make().assign(rests_on=RESTS_ON), stamp)
