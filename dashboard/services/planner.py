"""The planner's cached answers: candidates, ways to them, plans, and what plans change."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard import candidates, journey_courses, kept, plan_outcome, planning, queries
from dashboard.candidates import Candidates
from dashboard.jobs import Job, Jobs
from dashboard.plan_outcome import Outcome
from dashboard.plan_state import MOST_SITES, PlanSettings
from dashboard.services import catchments, centre_ways, engine, opportunity
from dashboard.services import patients as patients_answers
from dashboard.services.cache import cached
from dashboard.state import Selection
from data import load
from data.adapters import hospitals
from geo.errors import AtlasError, InputError
from geo.results import Floats
from geo.siting.problem import Control, Plan, Progress
from geo.siting.robust import Spread
from geo.travel import Points, Reach, Road

TIME_LIMIT: Final = 60.0
"""Seconds that the search for one plan may take."""
LONG: Final = 600.0
"""Seconds that all samples of a robust choice may take."""
FARTHER: Final = 10
"""The curve goes so many sites beyond the plan."""
SHORTEST_CURVE: Final = 30
COLLECTS: Final = "cell_collection"
"""Role of the blood centres at which cells are collected today."""


class CancelledError(AtlasError):
    """Somebody asked the work to stop before there was anything to show."""


@dataclass(frozen=True, slots=True)
class Tables:
    """A session's own tables of candidates."""

    own: pd.DataFrame | None = None
    hospital: hospitals.Hospitals | None = None


@cached(1)
def _gazette(tables: str) -> candidates.Gazette:
    return candidates.gazette(engine.areas_of(tables))


def places() -> candidates.Gazette:
    """Give what candidates need to know about where they are."""
    return _gazette(engine.tables())


@cached(8)
def _held(digest: str, _table: object = None) -> Any:  # noqa: ANN401 - either kind of table
    """Keep a reader's own table; asked without one, it has been forgotten."""
    if _table is None:
        msg = f"The table {digest} is no longer held; upload the file again."
        raise InputError(msg)
    return _table


def hold(content: bytes, table: object) -> str:
    """Make a reader's own table of candidates or hospitals known.

    Parameters
    ----------
    content : bytes
        Of the file.
    table : Any
        What was read from it.

    Returns
    -------
    str
        Digest, for `PlanSettings.own_file` or `hospital_file`.
    """
    digest = hashlib.sha256(content).hexdigest()[:12]
    _held(digest, table)
    return digest


def keep(digest: str, table: object) -> None:
    """Hold a table of a session again, in case it was forgotten."""
    _held(digest, table)


@cached(16)
def _candidates(plan: PlanSettings, tables: str) -> Candidates:
    return candidates.gather(
        plan,
        _gazette(tables),
        load.blood_centers(),
        _held(plan.own_file) if plan.source == "file" and plan.own_file else None,
        _held(plan.hospital_file) if plan.source == "hospitals" and plan.hospital_file else None,
    )


def asked(plan: PlanSettings) -> PlanSettings:
    """Keep what candidates depend on, names aside."""
    default = PlanSettings()
    return replace(
        default,
        source=plan.source,
        where=plan.where,
        size=plan.size,
        county_people=plan.county_people,
        from_role=plan.from_role,
        from_network=plan.from_network,
        from_low=plan.from_low,
        own_file=plan.own_file,
        hospital_file=plan.hospital_file,
    )


def candidates_of(plan: PlanSettings) -> Candidates:
    """Where sites of a plan could be; those that it names are among them, points last.

    Parameters
    ----------
    plan : PlanSettings
        What is asked.

    Returns
    -------
    Candidates

    Raises
    ------
    InputError
        The table of the source was not uploaded, or is no longer held.
    """
    if plan.source == "file" and not plan.own_file:
        msg = "Upload a file of your own sites, or choose another source of candidates."
        raise InputError(msg)
    if plan.source == "hospitals" and not plan.hospital_file:
        msg = "Upload a table of hospitals, or choose another source of candidates."
        raise InputError(msg)
    return _with_named(asked(plan), plan.named, engine.tables())


@cached(32)
def _with_named(basis: PlanSettings, named: tuple[str, ...], tables: str) -> Candidates:
    """Add what a plan names to the candidates of its source."""
    found = _candidates(basis, tables)
    known = found.ids
    missing = tuple(name for name in named if name not in known)
    inside = tuple(name for name in missing if not name.startswith("@"))
    if inside:  # named, but left out by the filters
        found = _candidates(replace(basis, keep_in=inside), tables)
        known = found.ids
    spots = [_point(name, tables) for name in missing if name not in known]
    return candidates.added_to(found, pd.concat(spots, ignore_index=True)) if spots else found


@cached(256)
def _point(name: str, tables: str) -> pd.DataFrame:
    return candidates.points([name], _gazette(tables))


@cached(6)
def _reach(
    model: str,
    digest: str,
    tables: str,
    _frame: pd.DataFrame | None = None,
    _control: Control | None = None,
    *,
    keep: bool,
) -> Reach:
    """Ways to some candidates; worth keeping on disk where they are built in."""
    areas = engine.areas_of(tables)
    key = kept.key_of(tables, "reach", model, digest, planning.LONGEST) if keep else ""
    found = kept.read_reach(key, len(areas.frame)) if key else None
    if found is None:
        found = _measure(model, tables, queries.points_of(_frame), _control)  # type: ignore[arg-type]
        if key:
            kept.write_reach(key, found)
    return found


def _measure(model: str, tables: str, points: Points, control: Control | None) -> Reach:
    def report(done: int, total: int) -> None:
        if control is not None:
            if control.cancelled():
                raise CancelledError
            control.report(Progress(f"Measuring roads to {total:,} candidates", done / total))

    areas, travel = engine.areas_of(tables), engine.model_of(model, tables)  # type: ignore[arg-type]
    if isinstance(travel, Road):
        access = engine.access_of("road", tables)
        return travel.reach(areas.points, points, planning.LONGEST, access, progress=report)
    return travel.reach(areas.points, points, planning.LONGEST)


@cached(64)
def _reach_of_point(
    model: str,
    name: str,  # noqa: ARG001 - part of the key
    tables: str,
    _frame: pd.DataFrame,
) -> Reach:
    return _measure(model, tables, queries.points_of(_frame), None)


def reach_of(view: Selection, found: Candidates, plan: PlanSettings, control: Control) -> Reach:
    """Measure the ways to all candidates, points last."""
    frame, tables = found.frame, engine.tables()
    drawn = (frame["kind"] == "point").to_numpy()
    built = frame[~drawn]
    own = plan.source in ("file", "hospitals")
    digest = candidates.digest(built)
    keep = not own and len(built) >= planning.WORTH_KEEPING
    parts = [_reach(view.model, digest, tables, built, control, keep=keep)]
    for at in np.flatnonzero(drawn):
        row = frame.iloc[at : at + 1]
        parts.append(_reach_of_point(view.model, str(row["id"].iloc[0]), tables, row))
    return parts[0] if len(parts) == 1 else Reach.join(parts)


@cached(4)
def _travel(view: Selection, tables: str) -> planning.Travel:  # noqa: ARG001 - part of the key
    scope = engine.Scope.of(view)
    rows = engine.rows_in(scope)
    second = catchments.second_rows(scope)
    blood = opportunity.nearest_blood(view, COLLECTS)
    distance = view.metric == "miles"
    near = blood.distance_km if distance else blood.minutes
    first = queries.impedance(rows, view)
    return planning.Travel(
        first,
        queries.impedance(second, view),
        np.fmin(first, near[rows.area]),
        np.fmin(rows.minutes, blood.minutes[rows.area]),
    )


def collection_today(view: Selection) -> Floats:
    """Travel of each row of people to the nearest place that collects cells today, shape (n,).

    In the unit of the threshold.
    """
    bare = replace(plain(view), within=Selection().within, units=Selection().units)
    return _travel(bare, engine.tables()).collection


def plain(view: Selection) -> Selection:
    """Keep what a plan depends on."""
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
        facilities=view.facilities,
    )


@cached(4)
def _setup(view: Selection, plan: PlanSettings, tables: str, _control: Control) -> planning.Setup:
    found = candidates_of(plan)
    reach = reach_of(view, found, plan, _control)
    plain = replace(view, within=Selection().within, units=Selection().units)
    people = (engine.areas_of(tables), engine.rows_of(view), _travel(plain, tables))
    burden = _burden(tables) if plan.objective in planning.BURDEN else None
    with_slot = None
    if plan.uses_slots and view.metric == "minutes":
        with_slot = centre_ways.share_with_slot(
            view.centres, view.model, view.ages, view.within, tables
        )
    expected = patients_answers.expected()
    return planning.setup(view, plan, found, people, reach, expected, burden, with_slot)


@cached(1)
def _burden(tables: str) -> dict[str, float]:  # noqa: ARG001 - part of the key
    """Central prices, rules, visits and days of courses of care."""
    return journey_courses.values_of(load.journey_parameters(), "central")


def setup_of(view: Selection, plan: PlanSettings, control: Control | None = None) -> planning.Setup:
    """Make the question of a plan; the first time, ways are measured for some seconds.

    Raises
    ------
    InputError
        Listing everything that stands in the way.
    """
    return _setup(plain(view), plan, engine.tables(), control or Control(LONG))


@cached(1)
def _jobs() -> Jobs:
    return Jobs()


def _key(kind: str, view: Selection, plan: PlanSettings) -> tuple[object, ...]:
    return (kind, engine.tables(), plain(view), replace(plan, hand=None))


def _ask(
    kind: str,
    view: Selection,
    plan: PlanSettings,
    work: Callable[[planning.Setup, Control], Any],
    seconds: float,
) -> Job:
    asked = replace(plan, hand=None)

    def run(control: Control) -> Any:  # noqa: ANN401 - whatever the work gives
        question = setup_of(view, asked, control)
        # Measuring roads does not count against the search.
        fresh = Control(control.seconds, control.report, control.cancelled)
        return work(question, fresh)

    return _jobs().ask(_key(kind, view, plan), run, seconds)


def solving(view: Selection, plan: PlanSettings, seconds: float = TIME_LIMIT) -> Job:
    """Job that finds the best plan; its result is a `geo.siting.problem.Plan`."""
    return _ask("plan", view, plan, planning.solve, seconds)


def curve_length(found: Plan) -> int:
    """How many sites the curve that belongs to a plan goes up to."""
    return min(max(len(found.chosen) + FARTHER, SHORTEST_CURVE), MOST_SITES)


def drawing_curve(view: Selection, plan: PlanSettings, upto: int) -> Job:
    """Job that proves the best plan at every number of sites; its result is a `Curve`."""

    def work(question: planning.Setup, control: Control) -> Any:  # noqa: ANN401
        return planning.curve(question, upto, control)

    return _ask(f"curve {upto}", view, plan, work, TIME_LIMIT)


def sampling(view: Selection, plan: PlanSettings, samples: int, spread: Spread) -> Job:
    """Job that counts how often each site is chosen; its result is a `Robust`."""

    def work(question: planning.Setup, control: Control) -> Any:  # noqa: ANN401
        return planning.robust(question, samples, spread, control)

    return _ask(f"robust {samples} {spread}", view, plan, work, LONG)


@cached(16)
def _outcome(
    view: Selection,
    plan: PlanSettings,
    options: tuple[int, ...],
    tables: str,  # noqa: ARG001 - part of the key
) -> Outcome:
    return plan_outcome.outcome(setup_of(view, plan), options)


def outcome_of(view: Selection, plan: PlanSettings, found: Plan | Sequence[int]) -> Outcome:
    """Say what a plan changes.

    Parameters
    ----------
    view, plan
        What was asked.
    found : Plan or sequence of int
        An answer, or its options in order.
    """
    options = found.chosen if isinstance(found, Plan) else found
    return _outcome(plain(view), plan, tuple(int(option) for option in options), engine.tables())


def by_hand(view: Selection, plan: PlanSettings, names: Sequence[str]) -> Outcome:
    """Say what a plan of one's own changes; no search, so within a fraction of a second.

    Parameters
    ----------
    view, plan
        What is asked; `names` may hold points such as "@29.76,-95.37".
    names : sequence of str
        Ids of candidates, in order.
    """
    asked = replace(plan, hand=tuple(names))
    question = setup_of(view, asked)
    return outcome_of(view, asked, planning.options_of(question, names))


def comparison(view: Selection, plan: PlanSettings, found: Outcome, by: str) -> pd.DataFrame:
    """Set coverage before and after side by side; see `plan_outcome.compare`."""
    return plan_outcome.compare(setup_of(view, plan), found, by)
