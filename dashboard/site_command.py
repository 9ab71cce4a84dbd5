"""The command `site`: the planner's answer without a browser, by the same code. No Streamlit here.

Tables, centres and people are loaded as `commands` does, and ways are kept on disk under the names
that the pages use.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from types import FrameType
from typing import Final, TextIO

import numpy as np
import pandas as pd

from dashboard import (
    candidates,
    commands,
    journey_courses,
    kept,
    map_spec,
    patients,
    plan_outcome,
    plan_slots,
    plan_state,
    planning,
    queries,
    site_report,
)
from dashboard.candidates import Candidates, Gazette
from dashboard.command_parser import INTERRUPTED
from dashboard.jobs import THREAD, Jobs
from dashboard.plan_state import PlanSettings
from dashboard.site_arguments import SiteRequest
from dashboard.site_report import Answer
from dashboard.state import ModelName, Selection
from data import load
from data.adapters import csv_tables, hospitals, user_files
from data.fingerprint import fingerprint
from geo.catchments import second_nearest
from geo.errors import InputError
from geo.network import Access, Ints
from geo.results import Floats
from geo.siting.problem import Plan, Progress
from geo.travel import Nearest, Points, Reach, Road

Say = Callable[[Progress], None]
NO_PLAN: Final = 1
"""Exit code where no plan follows the rules."""
COLLECTS: Final = "cell_collection"
"""Role of the blood centres at which cells are collected today."""
LOOK: Final = 0.2
"""Seconds between two looks at how far the search is."""
STOPPING: Final = Progress("Stopping with the best plan so far; Ctrl-C again ends at once", 1.0)
WIDE: Final = 78


def run(request: SiteRequest) -> tuple[str, int]:
    """Answer a request.

    Parameters
    ----------
    request : SiteRequest
        From `site_arguments`.

    Returns
    -------
    printed : str
        JSON or a table.
    code : int
        0, or `NO_PLAN`.

    Raises
    ------
    InputError, UserFileError
        Listing everything that stands in the way.
    KeyboardInterrupt
        Interrupted before there was a plan, or twice.
    """
    line = Line(sys.stderr)
    try:
        found = answer(request, line.say)
    except KeyboardInterrupt:
        if any(thread.name == THREAD for thread in threading.enumerate()):
            line.clear()
            # The solver's thread cannot be ended, and must not be torn apart with the interpreter.
            os._exit(INTERRUPTED)
        raise
    finally:
        line.clear()
    printed = site_report.to_json(found) if request.json else site_report.table(found)
    return printed, NO_PLAN if found.plan.status == "infeasible" else 0


def answer(request: SiteRequest, say: Say) -> Answer:
    """Make the question, and solve it; Ctrl-C gives the best plan so far.

    Parameters
    ----------
    request : SiteRequest
        From `site_arguments`.
    say : callable
        Is told the progress.

    Returns
    -------
    Answer
    """
    question = question_of(request, say)
    plan = solved(question, request.time_limit, say)
    outcome = plan_outcome.outcome(question, plan.chosen.tolist())
    return Answer(question, plan, outcome, fingerprint(), commands.vintage())


def solved(question: planning.Setup, seconds: float, say: Say) -> Plan:
    """Search in a thread of its own, so that this one can listen for Ctrl-C.

    Parameters
    ----------
    question : Setup
        What is asked.
    seconds : float
        Time limit.
    say : callable
        Is told the progress.

    Returns
    -------
    Plan
        After Ctrl-C the best so far.

    Raises
    ------
    KeyboardInterrupt
        At the second Ctrl-C.
    """
    with interrupts() as asked_to_stop:
        job = Jobs().ask("plan", lambda control: planning.solve(question, control), seconds)
        while not job.wait(LOOK):
            if asked_to_stop.is_set():
                job.cancel()
                say(STOPPING)
            else:
                say(job.progress)
    found: Plan | None = job.outcome()
    if job.problems:
        raise InputError(job.problems)
    if found is None:  # stopped before the search began
        raise KeyboardInterrupt
    return found


@contextmanager
def interrupts() -> Iterator[threading.Event]:
    """Turn the first Ctrl-C into an event; the second raises KeyboardInterrupt as ever."""
    asked_to_stop = threading.Event()

    def note(number: int, frame: FrameType | None) -> None:
        if asked_to_stop.is_set():
            signal.default_int_handler(number, frame)
        asked_to_stop.set()

    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:  # such as a shell's, for work in the background
        yield asked_to_stop
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield asked_to_stop
    finally:
        signal.signal(signal.SIGINT, before)


def question_of(request: SiteRequest, say: Say) -> planning.Setup:
    """Load what a request is about.

    Parameters
    ----------
    request : SiteRequest
        From `site_arguments`.
    say : callable
        Is told the progress.

    Returns
    -------
    Setup

    Raises
    ------
    InputError, UserFileError
        Listing everything that stands in the way.
    """
    areas = queries.load_areas()
    plan, found = _candidates(request, candidates.gazette(areas))
    view, centres = commands.chosen_centres(request.selection, request.facilities)
    roads = Roads(view.model, areas)
    everyone = commands.people_rows(view, areas, centres)
    rows = queries.in_state(areas, everyone, view.state)
    travel = _travel(view, plan, rows, centres, roads)
    reach = _reach(found, plan, roads, say)
    counts = patients.expected(patients.load_facts(areas.frame))
    burden = None
    if plan.objective in planning.BURDEN:
        burden = journey_courses.values_of(load.journey_parameters(), "central")
    with_slot = None
    if plan.uses_slots and view.metric == "minutes":
        ways = queries.matrix_for(roads.model, areas, centres, roads.access)
        with_slot = plan_slots.share_with_slot(
            np.ascontiguousarray(ways.minutes.T),
            centres,
            counts,
            view.ages,
            load.slot_assumptions(),
            view.within,
        )
    people = (areas, rows, travel)
    return planning.setup(view, plan, found, people, reach, counts, burden, with_slot)


@dataclass
class Roads:
    """A travel model, loaded when it is needed: what is kept on disk needs none.

    Parameters
    ----------
    name : {'road', 'detour', 'straight'}
        Which.
    areas : Areas
        Where people live.
    """

    name: ModelName
    areas: queries.Areas

    @cached_property
    def model(self) -> queries.Model:
        """The model."""
        return queries.load_model(self.name)

    @cached_property
    def access(self) -> Access | None:
        """Legs of the areas; None for a model without roads."""
        return queries.access_of(self.model, self.areas)

    def nearest(self, sites: Points) -> Nearest:
        """Nearest site of every area."""
        if isinstance(self.model, Road):
            return self.model.nearest(self.areas.points, sites, self.access)
        return self.model.nearest(self.areas.points, sites)

    def reach(self, sites: Points, say: Say) -> Reach:
        """Ways of every area to sites within `planning.LONGEST`."""

        def report(done: int, total: int) -> None:
            say(Progress(f"Measuring roads to {total:,} candidates", done / total))

        longest = planning.LONGEST
        if isinstance(self.model, Road):
            access = self.access
            return self.model.reach(
                self.areas.points, sites, longest, access, progress=report
            )  # fmt: skip
        return self.model.reach(self.areas.points, sites, longest, progress=report)


def _candidates(request: SiteRequest, places: Gazette) -> tuple[PlanSettings, Candidates]:
    """Candidates of a request; the names it uses must be among them."""
    plan, own, table = request.plan, None, None
    if request.candidates_file is not None:
        path = request.candidates_file
        if hospitals.is_hospital_table(commands.read_named(csv_tables.read_table, path)):
            table = commands.read_named(lambda p: hospitals.read_hospitals(p, load.zcta()), path)
            plan = replace(plan, source="hospitals", own_file="", hospital_file=str(path))
        else:
            own = commands.read_named(user_files.read_candidates, path)
    found = candidates.gather(plan, places, load.blood_centers(), own, table)
    unknown = plan_state.checked(plan, found.ids).conflicts
    if unknown:
        raise InputError([conflict.what for conflict in unknown])
    return plan, found


def _travel(
    view: Selection,
    plan: PlanSettings,
    rows: queries.Rows,
    centres: pd.DataFrame,
    roads: Roads,
) -> planning.Travel:
    """Travel today, as far as the plan asks for it; the rest is not known."""
    first = queries.impedance(rows, view)
    second, collection = np.full(first.shape, np.nan), np.full(first.shape, np.nan)
    collecting = collection
    if plan.objective == "backup":
        second = _second(view, centres, roads)
    if plan.site_role != "infusion":
        blood = _blood(roads)
        near = blood.distance_km if view.metric == "miles" else blood.minutes
        collection = np.fmin(first, near[rows.area])
        collecting = np.fmin(rows.minutes, blood.minutes[rows.area])
    return planning.Travel(first, second, collection, collecting)


def _second(view: Selection, centres: pd.DataFrame, roads: Roads) -> Floats:
    """Travel to the nearest treatment centre but one."""

    def of(audience: queries.Audience) -> Nearest:
        def among(chosen: pd.DataFrame) -> Nearest:
            return queries.nearest_for(roads.model, roads.areas, chosen, audience, roads.access)

        def nearest(number: Ints) -> Nearest:
            return among(centres.iloc[number])

        return second_nearest(nearest, among(centres), len(centres))

    everyone = queries.stack_rows(roads.areas, view.ages, of)
    return queries.impedance(queries.in_state(roads.areas, everyone, view.state), view)


def _blood(roads: Roads) -> Nearest:
    """Nearest blood centre at which cells are collected, of every area."""
    wanted = Selection(role=COLLECTS, model=roads.name)
    key = kept.key_of(
        fingerprint(), "blood", wanted.model, wanted.role, wanted.network, wanted.low_confidence
    )
    found = kept.read(key, len(roads.areas.frame))
    if found is None:
        blood = map_spec.choose_blood(load.blood_centers(), wanted)
        found = roads.nearest(queries.points_of(blood))
        kept.write(key, found)
    return found


def _reach(found: Candidates, plan: PlanSettings, roads: Roads, say: Say) -> Reach:
    """Ways to all candidates, points last; those to built-in candidates are kept."""
    frame = found.frame
    drawn = (frame["kind"] == "point").to_numpy()
    built = frame[~drawn]
    digest = candidates.digest(built)
    key = kept.key_of(fingerprint(), "reach", roads.name, digest, planning.LONGEST)
    own = plan.source in ("file", "hospitals")
    keep = not own and len(built) >= planning.WORTH_KEEPING
    ways = kept.read_reach(key, len(roads.areas.frame)) if keep else None
    if ways is None:
        ways = roads.reach(queries.points_of(built), say)
        if keep:
            kept.write_reach(key, ways)
    if drawn.any():
        ways = Reach.join([ways, roads.reach(queries.points_of(frame[drawn]), say)])
    return ways


class Line:
    """One line of progress on a terminal, written over itself; nothing elsewhere.

    Parameters
    ----------
    stream : file
        Such as standard error.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self.stream = stream if stream is not None and stream.isatty() else None

    def say(self, progress: Progress) -> None:
        """Show how far the work is."""
        self._write(site_report.progress_line(progress)[:WIDE])

    def clear(self) -> None:
        """Leave an empty line."""
        self._write("")

    def _write(self, words: str) -> None:
        if self.stream is not None:
            self.stream.write(f"\r{words.ljust(WIDE)}\r")
            self.stream.flush()
