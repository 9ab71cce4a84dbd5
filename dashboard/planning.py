"""A siting question of the planner, its answer, and what a plan changes (pure, no Streamlit).

The engine (`geo.siting`) knows rows of demand and options. Here they are made of people, their
travel today, candidates and settings, and answers are turned back into sites and people.
Method: docs/methods.md, Expansion planner.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from dashboard import candidates as sites
from dashboard import demand_weights, plan_burden, plan_slots, queries
from dashboard.patients import Patients
from dashboard.plan_burden import SAVINGS, Saving, Worth
from dashboard.plan_state import PlanSettings
from dashboard.state import Selection
from geo.errors import InputError
from geo.network import unit_vectors
from geo.results import Floats
from geo.siting.capacity import capacitated, served
from geo.siting.covering import lscp, p_center
from geo.siting.curve import Curve, marginal_gain
from geo.siting.demand import (
    People,
    coverage_gains,
    entries,
    savings_gains,
    side_by_side,
    travel_now,
    with_roles,
)
from geo.siting.extended import backup, worst_off
from geo.siting.maximal import maximise
from geo.siting.problem import Control, Gains, Ints, Plan, Rules, infeasible
from geo.siting.robust import Robust, Spread, choices, sampler
from geo.travel import Reach
from geo.units import EARTH_RADIUS_KM

Role = Literal["infusion", "collection"]
Opened = Literal["infusion", "collection", "both"]
ROLES: Final[tuple[Opened, ...]] = ("infusion", "collection", "both")
LONGEST: Final = 300.0
"""Minutes (or km, where the threshold is a distance) up to which a trip counts, and sites are
looked for."""
WORTH_KEEPING: Final = 200
"""Ways to fewer candidates are measured anew at every start: they would drive the large tables off
the disk."""
ONE_ROLE: Final = frozenset({"p-center", "backup", "capacitated", "worst-off"})
"""Objectives that are about one role."""
LESS_IS_BETTER: Final = frozenset({"lscp", "p-center"})
ASSUMED: Final = "assumptions: many visits, days and prices of courses of care are not sourced"
"""Beside hours and dollars in files."""
BURDEN: Final = frozenset(plan_burden.SAVINGS)
"""Objectives that weigh whole courses of care."""
WITH_CURVE: Final = frozenset({"mclp", "patients", "p-median"} | BURDEN)
"""Objectives whose gain adds up over rows: those of the marginal gain curve."""
SAMPLED: Final = WITH_CURVE - BURDEN
"""Objectives of the robust choice."""
HALF: Final = 0.5
TWICE: Final = 2
DUST: Final = 1e-9
"""Fewer patients of a row are rounding."""
SLACK: Final = 1.6
"""Trips so many times longer than the threshold are still looked at where travel times vary."""


@dataclass(frozen=True, slots=True, eq=False)
class Travel:
    """Travel of each row of people today.

    Parameters
    ----------
    first, second : ndarray, shape (n,)
        To the nearest and the second nearest treatment centre, in the unit of the threshold.
    collection : ndarray, shape (n,)
        To the nearest place that collects cells: a treatment centre or a blood centre.
    collection_minutes : ndarray, shape (n,)
        The same in minutes, whatever the unit of the threshold.
    """

    first: Floats
    second: Floats
    collection: Floats
    collection_minutes: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Setup:
    """A siting question in the words of the planner.

    Parameters
    ----------
    view : Selection
        Who is counted, and the threshold of infusion.
    plan : PlanSettings
        What is asked.
    candidates : Candidates
        m candidates.
    areas : Areas
        Where people live.
    rows : Rows
        n rows of people.
    demand : Demand
        What each row counts for.
    travel : Travel
        Of each row today.
    reach : Reach
        Ways from areas to candidates within `LONGEST`, in the unit of the threshold.
    trips : ndarray of float32, shape (k,)
        Minutes of the ways of `reach`, whatever the unit of the threshold.
    patients : ndarray, shape (n,)
        Expected patients a year of each row, whatever is planned for.
    rules : Rules
        Of the options.
    roles : tuple of str
        Role of each block of m options.
    worth : dict of str to Worth
        Hours and dollars that the courses of a year's patients take at the end of a way, where the
        objective is one of them.
    with_slot : ndarray, shape (n,), optional
        Share of each row's patients who have a slot today, where the plan is within capacity and
        for patients.
    """

    view: Selection
    plan: PlanSettings
    candidates: sites.Candidates
    areas: queries.Areas
    rows: queries.Rows
    demand: demand_weights.Demand
    travel: Travel
    reach: Reach
    trips: NDArray[np.float32]
    patients: Floats
    rules: Rules
    roles: tuple[Opened, ...]
    worth: Mapping[Saving, Worth] = field(default_factory=dict)
    with_slot: Floats | None = None

    @property
    def size(self) -> int:
        """Number of candidates."""
        return len(self.candidates.frame)

    @property
    def thresholds(self) -> dict[str, float]:
        """Of each role, in the unit of the threshold."""
        collects = replace(self.view, within=self.plan.collect_within)
        return {
            "infusion": queries.threshold(self.view),
            "collection": queries.threshold(collects),
        }

    def site(self, option: int) -> tuple[int, Opened]:
        """Candidate and role of an option."""
        return option % self.size, self.roles[option // self.size]


def setup(
    view: Selection,
    plan: PlanSettings,
    candidates: sites.Candidates,
    people: tuple[queries.Areas, queries.Rows, Travel],
    reach: Reach,
    patients: Patients,
    burden: Mapping[str, float] | None = None,
    with_slot: Floats | None = None,
) -> Setup:
    """Make the question; every problem with it is told at once.

    Parameters
    ----------
    view, plan
        What is asked.
    candidates : Candidates
        From `candidates.gather`.
    people : tuple
        Areas, rows of people, and their travel today.
    reach : Reach
        Ways to the candidates, in minutes and km.
    patients : Patients
        Of every area.
    burden : mapping of str to float, optional
        Parameters of journeys (`journey_courses.values_of`); the objectives in `BURDEN` need them.
    with_slot : ndarray, shape (2 areas,), optional
        From `plan_slots.share_with_slot`, where `PlanSettings.uses_slots`.

    Returns
    -------
    Setup

    Raises
    ------
    InputError
        No candidates, nobody to serve, or settings that exclude one another.
    """
    areas, rows, travel = people
    problems = _problems(view, plan, candidates, rows)
    if problems:
        raise InputError(problems)
    demand = demand_weights.demand_of(areas, rows, plan, patients)
    everyone = demand_weights.demand_of(areas, rows, replace(plan, demand="patients"), patients)
    roles: tuple[Opened, ...] = ROLES if plan.site_role == "mixed" else (plan.site_role,)
    worth: dict[Saving, Worth] = {}
    if plan.objective in BURDEN and burden is not None:
        courses = plan_burden.patients_by_course(
            areas, rows, plan.indications, patients, burden["outpatient_share"]
        )
        worth = {saving: plan_burden.worth_of(courses, burden, saving) for saving in SAVINGS}
    trips = reach.minutes
    if view.metric == "miles":
        reach = replace(reach, minutes=reach.distance_km)
    return Setup(
        view,
        plan,
        candidates,
        areas,
        rows,
        demand,
        travel,
        reach,
        trips,
        everyone.base,
        _rules(plan, candidates.frame, roles),
        roles,
        worth,
        None if with_slot is None else plan_slots.of_rows(with_slot, rows),
    )


def _problems(
    view: Selection, plan: PlanSettings, candidates: sites.Candidates, rows: queries.Rows
) -> list[str]:
    found = []
    if candidates.frame.empty:
        found.append(
            "There is no candidate: widen the region, lower the smallest size, or choose another "
            f"source. {candidates.note()}".strip()
        )
    if not rows.persons.sum():
        found.append("Nobody is counted: choose another state or other ages.")
    if plan.objective in ONE_ROLE and plan.site_role in ("both", "mixed"):
        found.append(
            "This objective is about one role: choose infusion sites or collection sites, or one "
            "of the objectives most people, fewest sites, least travel."
        )
    if plan.objective in BURDEN and plan.site_role != "infusion":
        found.append(
            "Hours and dollars are those of whole courses of care, all at one place: choose "
            "infusion sites, which collect cells too."
        )
    if plan.uses_slots and view.metric == "miles":
        found.append(
            "Slots are given out by minutes: choose a threshold in minutes, or count people "
            "instead of patients."
        )
    weighted = max(plan.rural, plan.low_income, plan.no_vehicle) > 1
    if plan.objective == "capacitated" and weighted:
        found.append(
            "A capacity counts every person once: take the weights of rural, low-income and "
            "no-vehicle people back to 1, or choose another objective."
        )
    return found


def _rules(plan: PlanSettings, frame: pd.DataFrame, roles: tuple[Opened, ...]) -> Rules:
    """Rules for options: every candidate once in each role."""
    m, k = len(frame), len(roles)
    forced_in, forced_out = sites.forced(frame, plan)
    place = sites.places_of(frame, plan.one_per)
    if k > 1:
        # A candidate opens in one role; where its place has a group already, that is enough.
        alone = place < 0
        place = place.copy()
        place[alone] = place.max(initial=-1) + 1 + np.arange(int(alone.sum()))
        # A site that must open does so in its fullest role.
        forced = np.concatenate([np.zeros(m * (k - 1), bool), forced_in])
    else:
        forced = forced_in
    pairs = _too_near(frame, plan.spacing_km)
    every = [pairs + np.array([a * m, b * m]) for a in range(k) for b in range(k)]
    return Rules(
        m * k,
        None if plan.objective == "lscp" else plan.count,
        plan.budget,
        np.concatenate([sites.costs(frame, plan, role) for role in roles])
        if plan.budget is not None
        else np.empty(0),
        forced,
        np.tile(forced_out, k),
        np.tile(place, k).astype(np.int64),
        np.concatenate(every).astype(np.int64),
    )


def _too_near(frame: pd.DataFrame, spacing_km: float) -> Ints:
    """Pairs of candidates nearer to each other than the spacing, in a straight line."""
    if spacing_km <= 0:
        return np.empty((0, 2), np.int64)
    vectors = unit_vectors(frame["lat"].to_numpy(float), frame["lon"].to_numpy(float))
    chord = 2 * np.sin(min(spacing_km / EARTH_RADIUS_KM, np.pi) / 2)
    pairs = cKDTree(vectors).query_pairs(chord * (1 - 1e-9), output_type="ndarray")
    near: Ints = pairs.astype(np.int64).reshape(-1, 2)
    return near


def solve(question: Setup, control: Control) -> Plan:
    """Find the best plan, with its proof.

    Parameters
    ----------
    question : Setup
        From `setup`.
    control : Control
        Time limit, progress, cancel.

    Returns
    -------
    Plan
        Options count candidates once in each role; see `Setup.site`.
    """
    plan, rules = question.plan, question.rules
    objective = plan.objective
    reasons = rules.violations(lambda option: _name_of(question, option))
    if reasons:
        return infeasible(objective, reasons, control)
    if objective in WITH_CURVE:
        return maximise(gains_of(question), rules, control, question=objective)
    if objective == "lscp":
        return lscp(gains_of(question), rules, control)
    return _solve_one_role(question, control)


def _solve_one_role(question: Setup, control: Control) -> Plan:
    """Solve a question of `ONE_ROLE`."""
    plan, rules = question.plan, question.rules
    objective = plan.objective
    role: Role = "collection" if plan.site_role == "collection" else "infusion"
    people = _people(question, role)
    if objective == "p-center":
        ways = entries(question.reach, people, LONGEST)
        # Trips that no candidate can shorten would hide all that a plan does for the others.
        helped = np.zeros(len(people.weight), bool)
        helped[ways.row] = True
        counted = replace(people, weight=np.where(helped, people.weight, 0.0))
        return p_center(ways, counted, rules, control)
    if objective == "capacitated":
        gains = _without_slot(question, role)
        return capacitated(gains, sites.capacities(question.candidates.frame, plan), rules, control)
    if objective == "worst-off":
        shares, now = _groups(question, people)
        return worst_off(_coverage(question, role), shares, now, rules, control)
    again, times = _twice(question, role)
    return backup(again, times, plan.backup_weight, rules, control)


def _twice(question: Setup, role: Role) -> tuple[Gains, Ints]:
    """Gains of those who have not two sites near, and how many sites each row has near today."""
    people, threshold = _people(question, role), question.thresholds[role]
    times = (people.minutes <= threshold).astype(np.int64)
    if role == "infusion":
        times += question.travel.second <= threshold
    once_more = replace(people, minutes=np.where(times < TWICE, np.inf, 0.0))
    ways = entries(question.reach, once_more, threshold)
    return coverage_gains(ways, once_more, threshold), times


def capped(question: Setup, options: Sequence[int]) -> tuple[float, float]:
    """Say what some options reach, for objectives that more than each person's nearest site counts.

    Parameters
    ----------
    question : Setup
        With one of the objectives "lscp", "backup", "capacitated", "worst-off".
    options : sequence of int
        Each once; rules are not looked at.

    Returns
    -------
    reached : float
        In the measure of the objective, as the solver counts it.
    missing : float
        Set covering: demand left beyond the threshold though a candidate that may open is near;
        0 for the other objectives.
    """
    plan, chosen = question.plan, np.array(options, np.int64)
    if plan.objective == "lscp":
        gains = gains_of(question)
        may = np.union1d(np.flatnonzero(~question.rules.forced_out), chosen)
        missing = gains.total(may) - gains.total(chosen)
        return float(question.rules.cost[chosen].sum()), max(missing, 0.0)
    role: Role = "collection" if plan.site_role == "collection" else "infusion"
    if plan.objective == "backup":
        gains, times = _twice(question, role)
        rows = [gains.rows_of(int(option))[0] for option in chosen]
        more = times + np.bincount(
            np.concatenate([[], *rows]).astype(np.int64), minlength=len(times)
        )
        first = (more >= 1) & (times == 0)
        second = (more >= TWICE) & (times < TWICE)
        worth = first + plan.backup_weight * second
        return float((gains.best(chosen) * worth).sum()), 0.0
    if plan.objective == "capacitated":
        gains = _without_slot(question, role)
        room = sites.capacities(question.candidates.frame, plan)[chosen]
        return (served(gains.take(chosen), room) if len(chosen) else 0.0), 0.0
    gains = _coverage(question, role)
    shares, now = _groups(question, _people(question, role))
    return float((now + shares.T @ (gains.best(chosen) > 0)).min(initial=np.inf)), 0.0


def _name_of(question: Setup, option: int) -> str:
    """Name and id of the candidate of an option."""
    row = question.candidates.frame.iloc[question.site(option)[0]]
    return f"{row['name']} ({row['id']})"


def mean_travel(question: Setup, plan: Plan) -> tuple[float, float]:
    """Mean travel before and after a plan of least travel, trips counted up to `LONGEST`.

    Parameters
    ----------
    question : Setup
        From `setup`.
    plan : Plan
        Its answer.

    Returns
    -------
    before, after : float
        In the unit of the threshold, of all whose travel is known, weighted by demand; the mean
        of both roles where both are planned for. nan where there is no plan.
    """
    one: dict[str, tuple[Role, ...]] = {"infusion": ("infusion",), "collection": ("collection",)}
    people = [
        _people(question, role)
        for role in one.get(question.plan.site_role, ("infusion", "collection"))
    ]
    now = sum(travel_now(who, LONGEST) for who in people) / len(people)
    known = [float(who.weight[~np.isnan(who.minutes)].sum()) for who in people]
    size = sum(known) / len(known)
    return (now / size, (now - plan.objective) / size) if size else (float("nan"), float("nan"))


def curve(question: Setup, upto: int, control: Control) -> Curve:
    """Prove the best plan at every number of sites; for objectives in `WITH_CURVE`.

    Raises
    ------
    InputError
        No plan keeps to the rules, with what stands in the way.
    """
    _check_rules(question)
    return marginal_gain(gains_of(question), question.rules, upto, control)


def robust(question: Setup, samples: int, spread: Spread, control: Control) -> Robust:
    """Count how often each option is chosen while the inputs vary within their errors.

    Raises
    ------
    InputError
        Two roles, or no plan keeps to the rules, with what stands in the way.
    """
    _check_rules(question)
    savings = question.plan.objective == "p-median"
    if question.plan.objective not in SAMPLED:
        problem = "Robust choice looks at people or patients within the threshold, and at travel."
        raise InputError(problem)
    if len(question.roles) > 1 or question.plan.site_role == "both":
        problem = "Robust choice looks at one role: choose infusion sites or collection sites."
        raise InputError(problem)
    role: Role = "collection" if question.plan.site_role == "collection" else "infusion"
    people = _people(question, role)
    limit = LONGEST if savings else question.thresholds[role]
    # Trips somewhat longer may be within the threshold in some samples.
    ways = entries(question.reach, people, min(limit * SLACK, LONGEST))
    make = sampler(ways, people, limit, spread, savings=savings)
    return choices(make, question.rules, samples, control)


def _check_rules(question: Setup) -> None:
    reasons = question.rules.violations(lambda option: _name_of(question, option))
    if reasons:
        raise InputError(reasons)


def gains_of(question: Setup) -> Gains:
    """Give the gains of every option for every row of people, or of people and role."""
    if question.plan.objective in BURDEN:
        return _burden_saved(question)
    make = _savings if question.plan.objective == "p-median" else _coverage
    role = question.plan.site_role
    if role in ("infusion", "collection"):
        return make(question, role)
    infusion, collection = make(question, "infusion"), make(question, "collection")
    if role == "mixed":
        return with_roles(infusion, collection)
    parts = [replace(part, value=part.value * HALF) for part in (infusion, collection)]
    return side_by_side(parts)


def _people(question: Setup, role: Role) -> People:
    travel = question.travel
    now = travel.first if role == "infusion" else travel.collection
    return People(question.rows.area.astype(np.int64), question.demand.value, now)


def _coverage(question: Setup, role: Role) -> Gains:
    people, threshold = _people(question, role), question.thresholds[role]
    return coverage_gains(entries(question.reach, people, threshold), people, threshold)


def _without_slot(question: Setup, role: Role) -> Gains:
    """Whom an option could serve: people beyond the threshold, or patients without a slot today."""
    if question.with_slot is None:
        return _coverage(question, role)
    threshold, now = question.thresholds[role], question.rows.minutes
    left = question.demand.value * (1 - question.with_slot)
    left = np.where(left > DUST, left, 0.0)
    today = np.where(np.isnan(now), np.nan, np.inf)
    people = People(question.rows.area.astype(np.int64), left, today)
    return coverage_gains(entries(question.reach, people, threshold), people, threshold)


def _savings(question: Setup, role: Role) -> Gains:
    people = _people(question, role)
    return savings_gains(entries(question.reach, people, LONGEST), people, LONGEST)


def _burden_saved(question: Setup) -> Gains:
    """Hours or dollars that every option saves the patients of every row."""
    worth = question.worth[_saving(question)]
    by_minutes = replace(question.reach, minutes=question.trips)
    people = replace(_people(question, "infusion"), minutes=question.rows.minutes)
    found = entries(by_minutes, people, LONGEST)
    km = question.reach.distance_km[found.way].astype(np.float64)
    saved = spent_today(question, worth)[found.row] - worth.of(found.row, found.minutes, km)
    saved *= question.demand.weight[found.row]
    return found.gains(len(people.weight), saved > 0, saved)


def _saving(question: Setup) -> Saving:
    return "hours" if question.plan.objective == "hours" else "dollars"


def spent_today(question: Setup, worth: Worth) -> Floats:
    """Hours or dollars a year of every row's patients at the centre nearest today.

    Parameters
    ----------
    question : Setup
        With one of the objectives in `BURDEN`.
    worth : Worth
        One of `question.worth`.

    Returns
    -------
    ndarray, shape (n,)
        nan where the way is not known.
    """
    rows = question.rows
    way = plan_burden.counted_way(rows.minutes, rows.distance_km, LONGEST)
    return worth.of(np.arange(rows.area.size), *way)


def _groups(question: Setup, people: People) -> tuple[csr_array, Floats]:
    """Each row's part of the demand of every group, and the share covered today."""
    areas = question.areas
    groups = demand_weights.group_shares(areas, question.rows, question.plan.worst_by)
    persons = groups.shares * people.weight[:, None]
    total = np.asarray(persons.sum(axis=0)).ravel()
    some = np.flatnonzero(total > 0)
    parts = csr_array(persons.tocsc()[:, some] / total[some])
    role: Role = "collection" if question.plan.site_role == "collection" else "infusion"
    covered = people.minutes <= question.thresholds[role]
    return parts, np.asarray(parts.T @ covered.astype(np.float64)).ravel()


def options_of(question: Setup, names: Sequence[str]) -> list[int]:
    """Options of candidates by their names, in their fullest role; unknown names are left out."""
    number = {name: at for at, name in enumerate(question.candidates.frame["id"])}
    last = (len(question.roles) - 1) * question.size
    return [last + number[name] for name in names if name in number]
