"""Cached answers about slots, load and patients left over.

Minutes from all areas to all sites do not depend on patients or slots and are kept. One year is
answered at once; all years are a job, whose answer then serves each of them.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard import load_views, queries, slots
from dashboard.jobs import Job, Jobs
from dashboard.load_views import Course
from dashboard.patient_growth import YEARS
from dashboard.patient_state import PatientSettings
from dashboard.plan_state import PlanSettings
from dashboard.services import engine, planner
from dashboard.services import patients as patients_answers
from dashboard.services.cache import cached
from dashboard.services.centre_ways import Minutes, assumptions_of, measured, minutes_of
from dashboard.state import CentreQuery, ModelName, Selection
from geo import capacity
from geo.results import Floats
from geo.siting.problem import Control, Plan, Progress

AUDIENCES: Final = queries.AUDIENCES["all"]

COURSES: Final = 6
"""Kept answers of all years: one holds 11 MB."""
LIMIT: Final = 600.0
"""Seconds that all years may take."""


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that load depends on, the year aside."""

    centres: CentreQuery
    ages: str
    model: ModelName
    settings: PatientSettings
    new: tuple[str, ...]
    tables: str


def question(view: Selection, settings: PatientSettings, new: tuple[str, ...] = ()) -> Question:
    """Keep what load depends on.

    Parameters
    ----------
    view, settings
        What is asked; a state in focus makes no difference.
    new : tuple of str
        Ids of new sites.
    """
    asked = replace(
        patients_answers.demand_settings(settings),
        bound=settings.bound,
        rule=settings.rule,
        limit=settings.limit,
        slots=settings.slots,
        slots_percent=settings.slots_percent,
        new_slots=settings.new_slots if new else None,
    )
    return Question(view.centres, view.ages, view.model, asked, new, engine.tables())


@cached(256)
def _minutes_to(
    site: str,  # noqa: ARG001 - part of the key
    model: ModelName,
    tables: str,
    _frame: pd.DataFrame,
) -> Minutes:
    """Minutes from each area to one new site, shape (1, n)."""
    return measured(_frame, model, tables)


def new_sites(names: tuple[str, ...]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Look up new sites.

    Parameters
    ----------
    names : tuple of str
        Ids of candidates, or points such as "@29.76,-95.37".

    Returns
    -------
    DataFrame
        Those that exist, as `Candidates.frame`.
    tuple of str
        Names of no candidate.
    """
    return _new_sites(names, engine.tables())


@cached(32)
def _new_sites(
    names: tuple[str, ...],
    tables: str,  # noqa: ARG001 - part of the key
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    frame = planner.candidates_of(PlanSettings(hand=names)).frame
    at = pd.Index(frame["id"]).get_indexer(pd.Index(names))
    unknown = tuple(name for name, row in zip(names, at, strict=True) if row < 0)
    return frame.iloc[at[at >= 0]].reset_index(drop=True), unknown


def sites_of(asked: Question) -> pd.DataFrame:
    """List the slots of all sites; see `slots.table_of`."""
    return _sites(asked.centres, asked.settings, asked.new, asked.tables)


@cached(32)
def _sites(
    centres: CentreQuery, settings: PatientSettings, new: tuple[str, ...], tables: str
) -> pd.DataFrame:
    chosen, (more, _) = engine.centres_of(centres, tables), _new_sites(new, tables)
    return slots.table_of(chosen, more, settings, assumptions_of(tables))


@cached(2)
def _ways(centres: CentreQuery, model: ModelName, new: tuple[str, ...], tables: str) -> Minutes:
    """Minutes from each site to the adults, then the children of each area, shape (m, 2 n).

    Infinite where the site does not treat them; areas whose ways are not known stay unknown.
    """
    chosen, (more, _) = engine.centres_of(centres, tables), _new_sites(new, tables)
    blocks = [minutes_of(centres, model, tables)]
    blocks += [
        _minutes_to(str(more["id"].iloc[at]), model, tables, more.iloc[at : at + 1])
        for at in range(len(more))
    ]
    size = blocks[0].shape[1]
    found = np.empty((sum(map(len, blocks)), 2 * size), np.float32)
    for number, audience in enumerate(AUDIENCES):
        part = found[:, number * size : (number + 1) * size]
        np.concatenate(blocks, out=part)
        barred = np.flatnonzero(~queries.treats(chosen, audience))
        part[barred] = np.where(np.isnan(part[barred]), np.nan, np.inf)
    return found


def demand_of(asked: Question, years: NDArray[np.int64]) -> Floats:
    """Patients of some years, the adults, then the children of each area, shape (t, 2 n)."""
    projected = patients_answers.projection(asked.settings)
    at = years - projected.years[0]
    counted = queries.AUDIENCES[asked.ages]
    parts = [
        projected.series(who, asked.settings.bound)[at] * (who in counted) for who in AUDIENCES
    ]
    return np.concatenate(parts, axis=1)


def _answer(asked: Question, years: NDArray[np.int64], control: Control | None = None) -> Course:
    def tell(done: int, _found: capacity.Assignment) -> None:
        if control is not None:
            if control.cancelled():
                raise planner.CancelledError
            share = (done + 1) / len(different)
            control.report(Progress("Finding a slot for every patient, year by year", share))

    demand, table = demand_of(asked, years), sites_of(asked)
    different, same = _different(demand)
    found = capacity.series(
        asked.settings.rule,
        _ways(asked.centres, asked.model, asked.new, asked.tables),
        demand[different],
        table["slots"].to_numpy(dtype=np.float64),
        asked.settings.limit,
        each=tell,
    )
    return load_views.course(years, table, demand, [found[at] for at in same])


def _different(demand: Floats) -> tuple[list[int], list[int]]:
    """Years that differ from all before them, and for each year its place among these."""
    different: list[int] = []
    same: list[int] = []
    for year, row in enumerate(demand):
        at = next((k for k, d in enumerate(different) if np.array_equal(demand[d], row)), None)
        if at is None:
            at = len(different)
            different.append(year)
        same.append(at)
    return different, same


@cached(1)
def _jobs() -> Jobs:
    return Jobs()


@cached(COURSES)
def _every_year(asked: Question, _control: Control | None = None) -> Course:
    return _answer(asked, YEARS, _control)


def counting(asked: Question) -> Job:
    """Job that answers all years, also without new sites; then `every_year` has the answer."""

    def work(control: Control) -> bool:
        for one in dict.fromkeys((without_new(asked), asked)):
            _every_year(one, control)
        return True

    return _jobs().ask(asked, work, LIMIT)


def at_once(asked: Question) -> bool:
    """Whether all years take no longer than one: patients are the same, or the rule is simple."""
    projected = patients_answers.projection(asked.settings)
    weights = projected.weights(asked.settings.bound)
    return asked.settings.rule == "nearest" or bool((weights == weights[:, :1]).all())


def without_new(asked: Question) -> Question:
    """Ask the same of the centres of today."""
    return replace(asked, settings=replace(asked.settings, new_slots=None), new=())


def every_year(asked: Question) -> Course:
    """Answer all years; at once when their job is done."""
    return _every_year(asked)


@cached(24)
def of_year(asked: Question, year: int) -> Course:
    """Answer one year."""
    return _answer(asked, np.array([year]))


def proven(view: Selection, settings: PatientSettings) -> tuple[Selection, PlanSettings]:
    """Question of the planner whose best sites are the new ones: patients within the threshold."""
    return planner.plain(replace(view, state="")), PlanSettings(
        demand="patients", count=max(settings.new, 1)
    )


def planned(view: Selection, settings: PatientSettings, found: Plan) -> tuple[str, ...]:
    """Ids of the planner's sites, in its order."""
    where, plan = proven(view, settings)
    return tuple(planner.outcome_of(where, plan, found).sites["id"])
