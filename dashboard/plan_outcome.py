"""What a plan of the planner changes for people: travel, coverage, patients, hours (pure).

Method: docs/methods.md, Expansion planner.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard import candidates, queries
from dashboard.plan_burden import Saving
from dashboard.planning import ASSUMED, LONGEST, ROLES, Opened, Role, Setup, spent_today
from geo.results import Floats
from geo.siting.problem import Bools, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a plan changes for people.

    Parameters
    ----------
    after : Rows
        People with their travel once the plan is open; `site` is -1 where a new site is nearest.
    collection : ndarray, shape (n,)
        Travel to the nearest place that collects, once the plan is open.
    sites : DataFrame
        One row per new site in the order of the plan: place (1, 2, ...), id, name, role, kind,
        address, city, state, lat, lon, people_added (persons that it newly brings within the
        threshold, beyond those of the sites before it), patients_added, people_nearer (persons
        whose nearest site it becomes), minutes_saved (their mean saving in minutes, whatever the
        unit of the threshold), km_saved (the same in km where that is a distance), cost; and
        hours_added, dollars_added (a year, that it saves patients beyond the sites before it) and
        rests_on where the objective is one of them.
    totals : dict of str to float
        people, covered_before, covered_after, gained, patients_gained, nearer (persons with a
        shorter way), mean_saved (minutes of those), median_before, median_after, cost; and
        collection_before, collection_after where the plan collects; hours_saved, dollars_saved,
        hours_before, dollars_before (a year, of all patients) where the objective is one of them;
        without_slot (patients a year who have none today) where capacity is planned for patients.
    left : DataFrame
        reason, persons: why people remain beyond the threshold.
    """

    after: queries.Rows
    collection: Floats
    sites: pd.DataFrame
    totals: dict[str, float]
    left: pd.DataFrame


def outcome(question: Setup, options: Sequence[int]) -> Outcome:
    """Say what some options, opened in this order, change.

    Parameters
    ----------
    question : Setup
        From `setup`.
    options : sequence of int
        Such as `Plan.chosen`.

    Returns
    -------
    Outcome
    """
    rows = question.rows
    index = _RowsOf(rows.area)
    minutes, km, site = rows.minutes.copy(), rows.distance_km.copy(), rows.site.copy()
    collection = question.travel.collection.copy()
    collecting = question.travel.collection_minutes.copy()
    by_distance = question.view.metric == "miles"
    added = []
    for option in options:
        number, role = question.site(int(option))
        part = slice(question.reach.indptr[number], question.reach.indptr[number + 1])
        row, entry = index.of(question.reach.origin[part])
        way = question.reach.minutes[part].astype(np.float64)[entry]
        trip = question.trips[part].astype(np.float64)[entry]
        far = question.reach.distance_km[part].astype(np.float64)[entry]
        gains = (0.0, 0.0, 0.0, 0.0, 0.0)
        if role != "collection":
            now = km if by_distance else minutes
            gains = _added(question, row, (way, now[row], trip, minutes[row]), "infusion")
            better = row[way < now[row]]
            if by_distance:
                km[better] = way[way < now[row]]
                np.minimum.at(minutes, row, trip)
            else:
                keep = way < minutes[row]
                minutes[better], km[better] = way[keep], far[keep]
            site[better] = -1
        if role != "infusion":
            if role == "collection":
                ways = (way, collection[row], trip, collecting[row])
                gains = _added(question, row, ways, "collection")
            np.minimum.at(collection, row, way)
            np.minimum.at(collecting, row, trip)
        added.append((number, role, *gains))
    after = replace(rows, minutes=minutes, distance_km=km, site=site)
    frame = _sites(question, added)
    totals = _totals(question, after, collection, float(frame["cost"].sum()))
    if question.with_slot is not None:
        left = question.demand.base * (1 - question.with_slot)
        totals["without_slot"] = float(left[~np.isnan(rows.minutes)].sum())
    for saving, worth in question.worth.items():
        every = np.ones(rows.area.size)
        each = burden_added(question, options, saving, every)
        frame[f"{saving}_added"] = each
        frame["rests_on"] = ASSUMED
        totals[f"{saving}_saved"] = float(each.sum())
        totals[f"{saving}_before"] = float(np.nansum(spent_today(question, worth)))
    return Outcome(
        after,
        collection,
        frame,
        totals,
        _left(question, after, collection),
    )


def burden_added(question: Setup, options: Sequence[int], saving: Saving, weight: Floats) -> Floats:
    """Hours or dollars that sites save patients, each beyond those before it.

    Every patient goes where their course takes fewest of them: to the centre that is nearest today,
    or to one of the sites.

    Parameters
    ----------
    question : Setup
        With one of the objectives in `BURDEN`.
    options : sequence of int
        In the order in which they open.
    saving : {"hours", "dollars"}
        Which of them.
    weight : ndarray, shape (n,)
        What an hour or a dollar of each row counts.

    Returns
    -------
    ndarray, shape (p,)
        A year.
    """
    worth, index = question.worth[saving], _RowsOf(question.rows.area)
    spent = spent_today(question, worth)
    added = np.zeros(len(options))
    for at, option in enumerate(options):
        number, _ = question.site(int(option))
        part = slice(question.reach.indptr[number], question.reach.indptr[number + 1])
        row, entry = index.of(question.reach.origin[part])
        minutes = question.trips[part].astype(np.float64)[entry]
        km = question.reach.distance_km[part].astype(np.float64)[entry]
        there = worth.of(row, minutes, km)
        near = (minutes <= LONGEST) & (there < spent[row])
        added[at] = ((spent[row] - there) * weight[row])[near].sum()
        spent[row[near]] = there[near]
    return added


def _added(
    question: Setup, row: Ints, ways: tuple[Floats, Floats, Floats, Floats], role: Role
) -> tuple[float, float, float, float, float]:
    """Count what one more site brings to the rows that have a way to it.

    Parameters
    ----------
    question : Setup
        What was asked.
    row : ndarray of int, shape (k,)
        Rows.
    ways : tuple of ndarray, shape (k,)
        Way to the site and travel so far, in the unit of the threshold; then both in minutes.
    role : {"infusion", "collection"}
        Of which travel.

    Returns
    -------
    tuple of float
        Persons and patients newly within the threshold; persons with a shorter way; what these
        save on average, in minutes, and in km where the threshold is a distance (else nan).
    """
    way, now, trip, lasted = ways
    persons, limit = question.rows.persons, question.thresholds[role]
    fresh = (way <= limit) & (now > limit)  # not where it is not known
    better = way < now
    nearer = _sum(persons, row, better)

    def saved(after: Floats, before: Floats) -> float:
        gain = np.minimum(before[better], LONGEST) - np.minimum(after[better], LONGEST)
        return float((gain * persons[row[better]]).sum()) / nearer if nearer else 0.0

    return (
        _sum(persons, row, fresh),
        _sum(question.patients, row, fresh),
        nearer,
        saved(np.minimum(trip, lasted), lasted),
        saved(way, now) if question.view.metric == "miles" else float("nan"),
    )


class _RowsOf:
    """Rows of people by area."""

    def __init__(self, area: NDArray[np.intp]) -> None:
        self.order = np.argsort(area, kind="stable")
        self.count = np.bincount(area)
        self.first = np.cumsum(self.count) - self.count

    def of(self, areas: NDArray[np.integer]) -> tuple[Ints, Ints]:
        """Rows of some areas, and which of the areas each is of."""
        known = areas < len(self.count)
        at = np.flatnonzero(known)
        count = self.count[areas[at]]
        entry = np.repeat(at, count)
        place = np.arange(len(entry)) - np.repeat(np.cumsum(count) - count, count)
        row = self.order[np.repeat(self.first[areas[at]], count) + place]
        return row.astype(np.int64), entry.astype(np.int64)


def _sum(values: Floats, row: Ints, keep: Bools) -> float:
    return float(values[row[keep]].sum())


def _sites(
    question: Setup, added: list[tuple[int, Opened, float, float, float, float, float]]
) -> pd.DataFrame:
    frame = question.candidates.frame
    number = [one[0] for one in added]
    found = frame.iloc[number][
        ["id", "name", "kind", "org", "network", "address", "city", "state", "lat", "lon"]
    ].reset_index(drop=True)
    found.insert(0, "place", np.arange(1, len(added) + 1))
    found["role"] = [one[1] for one in added]
    columns = ["people_added", "patients_added", "people_nearer", "minutes_saved", "km_saved"]
    for at, name in enumerate(columns):
        found[name] = np.array([one[2 + at] for one in added], dtype=np.float64)
    if question.view.metric != "miles":
        found = found.drop(columns="km_saved")
    cost = {role: candidates.costs(frame, question.plan, role) for role in ROLES}
    found["cost"] = np.array([cost[role][at] for at, role, *_ in added], dtype=np.float64)
    return found


def _totals(
    question: Setup, after: queries.Rows, collection: Floats, cost: float
) -> dict[str, float]:
    rows, view = question.rows, question.view
    limit = question.thresholds["infusion"]
    was, now = queries.impedance(rows, view), queries.impedance(after, view)
    persons = rows.persons
    fresh = (now <= limit) & ~(was <= limit)
    nearer = now < was
    saved = np.minimum(was, LONGEST) - np.minimum(now, LONGEST)
    by = float(persons[nearer].sum())
    found = {
        "people": float(persons.sum()),
        "covered_before": float(persons[was <= limit].sum()),
        "covered_after": float(persons[now <= limit].sum()),
        "gained": float(persons[fresh].sum()),
        "patients_gained": float(question.patients[fresh].sum()),
        "nearer": by,
        "mean_saved": float((saved * persons)[nearer].sum()) / by if by else 0.0,
        "median_before": _median(was, persons),
        "median_after": _median(now, persons),
        "cost": cost,
    }
    if question.plan.site_role != "infusion":
        near = question.thresholds["collection"]
        before = question.travel.collection
        found["collection_before"] = float(persons[before <= near].sum())
        found["collection_after"] = float(persons[collection <= near].sum())
        if question.plan.site_role == "collection":
            fresh = (collection <= near) & ~(before <= near)
            found["gained"] = float(persons[fresh].sum())
            found["patients_gained"] = float(question.patients[fresh].sum())
    return found


def _median(travel: Floats, persons: Floats) -> float:
    known = ~np.isnan(travel) & (persons > 0)
    if not known.any():
        return float("nan")
    order = np.argsort(travel[known], kind="stable")
    running = np.cumsum(persons[known][order])
    return float(travel[known][order][np.searchsorted(running, running[-1] / 2)])


def _left(question: Setup, after: queries.Rows, collection: Floats) -> pd.DataFrame:
    """Why people remain beyond the threshold."""
    collects = question.plan.site_role == "collection"
    role = "collection" if collects else "infusion"
    limit = question.thresholds[role]
    now = collection if collects else queries.impedance(after, question.view)
    persons = after.persons
    beyond = ~(now <= limit) & ~np.isnan(now)
    forced_out = question.rules.forced_out[: question.size]
    closed = np.repeat(forced_out, np.diff(question.reach.indptr))
    near = question.reach.minutes <= limit
    n_areas = int(max(after.area.max(initial=-1), question.reach.origin.max(initial=-1))) + 1
    usable, some = np.zeros(n_areas, bool), np.zeros(n_areas, bool)
    usable[question.reach.origin[near & ~closed]] = True
    some[question.reach.origin[near]] = True
    could = usable[after.area]
    limits = "the budget" if question.plan.budget is not None else "the number of sites"
    reasons = {
        f"A candidate is near, but not within {limits}": beyond & could,
        "The only candidates near are kept out": beyond & ~could & some[after.area],
        "No candidate within the threshold": beyond & ~some[after.area] & np.isfinite(now),
        "No candidate and no road to any site": beyond & ~some[after.area] & np.isinf(now),
        "Travel not known": np.isnan(now),
    }
    counts = {reason: float(persons[who].sum()) for reason, who in reasons.items()}
    frame = pd.DataFrame({"reason": list(counts), "persons": list(counts.values())})
    return frame[frame["persons"] > 0].reset_index(drop=True)


def compare(question: Setup, found: Outcome, by: str) -> pd.DataFrame:
    """Set coverage before and after side by side, by state, county, group and so on.

    Parameters
    ----------
    question : Setup
        From `setup`.
    found : Outcome
        Of a plan.
    by : str
        As `Selection.by`.

    Returns
    -------
    DataFrame
        group, label, population, covered_before, covered_after, gained, share_before,
        share_after, median_before and median_after with their unit; most gained first.
    """
    view = replace(question.view, by=by)  # type: ignore[arg-type]  # a Breakdown
    before, after = question.rows, found.after
    if question.plan.site_role == "collection":
        view = replace(view, within=question.plan.collect_within)
        if view.metric == "minutes":
            before = replace(before, minutes=question.travel.collection)
            after = replace(after, minutes=found.collection)
        else:
            before = replace(before, distance_km=question.travel.collection)
            after = replace(after, distance_km=found.collection)
    unit = queries.travel_unit(view)
    one, other = (queries.breakdown(question.areas, people, view) for people in (before, after))
    frame = pd.DataFrame(
        {
            "group": one["group"],
            "label": one["label"],
            "population": one["population"],
            "covered_before": one["covered"],
            "covered_after": other["covered"].to_numpy(),
            "gained": other["covered"].to_numpy() - one["covered"].to_numpy(),
            "share_before": one["share_covered"],
            "share_after": other["share_covered"].to_numpy(),
            f"median_before_{unit}": one[f"median_{unit}"],
            f"median_after_{unit}": other[f"median_{unit}"].to_numpy(),
        }
    )
    order = frame["gained"].to_numpy().argsort(kind="stable")[::-1]
    return frame.iloc[order].reset_index(drop=True)
