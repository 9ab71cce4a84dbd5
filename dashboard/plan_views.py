"""From an answer of the planner to what a page draws: values, shading, tables, files (pure)."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from dashboard import candidates as sites
from dashboard import queries
from dashboard.plan_burden import Saving
from dashboard.plan_outcome import Outcome, burden_added
from dashboard.planning import (
    BURDEN,
    LONGEST,
    Role,
    Setup,
    capped,
    options_of,
)
from geo.equity import weighted_quantile_by_group
from geo.results import Floats
from geo.siting.curve import Curve
from geo.siting.robust import Robust
from geo.units import KM_PER_MILE

HALF: Final = 0.5
CHANGE_EDGES: Final = (1.0, 5.0, 15.0, 30.0, 60.0, 120.0)
"""Upper edges, in minutes or miles saved per person."""


def roles_of(question: Setup) -> tuple[Role, ...]:
    """Roles that the sites of a plan serve."""
    one: dict[str, tuple[Role, ...]] = {"infusion": ("infusion",), "collection": ("collection",)}
    return one.get(question.plan.site_role, ("infusion", "collection"))


def travel(question: Setup, found: Outcome | None, role: Role) -> Floats:
    """Travel of each row for a role, today or with a plan, in the unit of the threshold."""
    if role == "collection":
        return question.travel.collection if found is None else found.collection
    return queries.impedance(question.rows if found is None else found.after, question.view)


def value(question: Setup, found: Outcome) -> tuple[float, float]:
    """Say what a plan reaches in the measure of the objective, as the solver counts it.

    Parameters
    ----------
    question : Setup
        From `planning.setup`.
    found : Outcome
        Of any plan.

    Returns
    -------
    reached : float
        Of set covering the number of sites, or their cost where there is a budget.
    missing : float
        Set covering: demand left beyond the threshold though a candidate is near; else 0.
    """
    objective = question.plan.objective
    if objective in BURDEN:
        options = options_of(question, list(found.sites["id"]))
        saving: Saving = "hours" if objective == "hours" else "dollars"
        return float(burden_added(question, options, saving, question.demand.weight).sum()), 0.0
    if objective not in ("mclp", "patients", "p-median", "p-center"):
        number = {name: at for at, name in enumerate(question.candidates.frame["id"])}
        first = {role: at * question.size for at, role in enumerate(question.roles)}
        sites_ = zip(found.sites["id"], found.sites["role"], strict=True)
        return capped(question, [first[role] + number[name] for name, role in sites_])
    roles, total = roles_of(question), 0.0
    for role in roles:
        was, now = travel(question, None, role), travel(question, found, role)
        if objective == "p-center":
            return _longest(question, was, now), 0.0
        if objective in ("mclp", "patients"):
            limit = question.thresholds[role]
            gain = ((now <= limit) & ~(was <= limit)).astype(np.float64)
        else:
            gain = np.minimum(was, LONGEST) - np.minimum(now, LONGEST)
        total += float((np.where(np.isnan(was), 0.0, gain) * question.demand.value).sum())
    return total / len(roles), 0.0


def _longest(question: Setup, was: Floats, now: Floats) -> float:
    """Longest way of those whom some candidate, or a site open today, can help."""
    areas = np.zeros(len(question.areas.frame), bool)
    areas[question.reach.origin] = True
    counted = areas[question.rows.area] & (question.demand.value > 0) & ~np.isnan(was)
    return float(now[counted].max(initial=0.0))


def shading(question: Setup, found: Outcome, shown: str, level: str) -> dict[str, float]:
    """Give each county or state its value on the map.

    Parameters
    ----------
    question : Setup
        From `planning.setup`.
    found : Outcome
        Of the plan.
    shown : {"after", "today", "change"}
        Median travel with the plan, without it, or what it saves a person on average, where
        trips longer than `LONGEST` count as that.
    level : {"county", "state"}
        What is shaded.

    Returns
    -------
    dict of str to float
        In the unit of `queries.travel_unit`, by code.
    """
    role: Role = "collection" if question.plan.site_role == "collection" else "infusion"
    was, now = travel(question, None, role), travel(question, found, role)
    rows = question.rows
    if level == "county":
        parts = queries.by_county(question.areas, rows)
        row, persons, codes, names = parts.row, parts.persons, parts.county, parts.names
    else:
        _, codes, names, _ = queries.by_codes(question.areas, rows, "state")
        row, persons = np.arange(len(rows.persons)), rows.persons
    size = len(names)
    if shown == "change":
        saved = np.minimum(was, LONGEST) - np.minimum(now, LONGEST)
        known = ~np.isnan(saved[row])
        people = np.bincount(codes[known], persons[known], size)
        total = np.bincount(codes[known], (saved[row] * persons)[known], size)
        values = np.divide(total, people, out=np.full(size, np.nan), where=people > 0)
    else:
        way = (was if shown == "today" else now)[row]
        values = weighted_quantile_by_group(way, persons, [HALF], group=codes, n_groups=size)[:, 0]
    if queries.travel_unit(question.view) == "miles":
        values = values / KM_PER_MILE
    return dict(zip(names, values.tolist(), strict=True))


def curve_table(found: Curve, names: dict[int, str]) -> pd.DataFrame:
    """Set the curve out as a table.

    Parameters
    ----------
    found : Curve
        Best plan at every number of sites.
    names : dict of int to str
        Of options.

    Returns
    -------
    DataFrame
        sites, gain, bound, proven, keeps_earlier_sites, greedy, build_up, ceiling, added, left
        (names of sites that come in and go out, against the plan before).
    """
    plans = [set(plan.tolist()) for plan in found.plans]
    before = [set[int](), *plans[:-1]]
    return pd.DataFrame(
        {
            "sites": found.count,
            "gain": found.objective,
            "bound": found.bound,
            "proven": found.proven,
            "keeps_earlier_sites": found.nested,
            "greedy": found.greedy,
            "build_up": found.build,
            "ceiling": found.ceiling,
            "added": ["; ".join(sorted(names[j] for j in a - b)) for a, b in _pairs(plans, before)],
            "left": ["; ".join(sorted(names[j] for j in b - a)) for a, b in _pairs(plans, before)],
        }
    )


def _pairs(one: list[set[int]], other: list[set[int]]) -> list[tuple[set[int], set[int]]]:
    return list(zip(one, other, strict=True))


def robust_table(question: Setup, found: Robust, chosen: frozenset[str]) -> pd.DataFrame:
    """List the sites chosen in some sample, and those of the plan, most often first.

    Parameters
    ----------
    question : Setup
        What was asked.
    found : Robust
        Choices over all samples.
    chosen : frozenset of str
        Ids of the sites of the plan that is shown.

    Returns
    -------
    DataFrame
        id, name, city, state, lat, lon, frequency, low, high (0 to 1), in_plan.
    """
    names = question.candidates.frame["id"]
    ours = np.tile(names.isin(list(chosen)).to_numpy(), len(question.roles))
    some = np.flatnonzero((found.frequency > 0) | ours)
    some = some[np.argsort(-found.frequency[some], kind="stable")]
    at = [question.site(int(option))[0] for option in some]
    frame = question.candidates.frame.iloc[at][["id", "name", "city", "state", "lat", "lon"]]
    return frame.assign(
        frequency=found.frequency[some],
        low=found.low[some],
        high=found.high[some],
        in_plan=[name in chosen for name in frame["id"]],
    ).reset_index(drop=True)


def names_of(found: sites.Candidates) -> dict[str, str]:
    """Name every candidate for lists, each name once; same names get their id."""
    frame = found.frame
    plain = [
        f"{name}, {state}" if state and not str(name).endswith(state) else str(name)
        for name, state in zip(frame["name"], frame["state"], strict=True)
    ]
    twice = pd.Series(plain).duplicated(keep=False)
    return {
        key: f"{name} ({key})" if again else name
        for key, name, again in zip(frame["id"], plain, twice, strict=True)
    }


def features(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    """Give sites as points, EPSG:4326."""
    points = gpd.points_from_xy(frame["lon"], frame["lat"])
    return gpd.GeoDataFrame(frame.drop(columns=["lat", "lon"]), geometry=points, crs="EPSG:4326")
