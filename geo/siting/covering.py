"""Fewest sites that cover everybody, and the shortest worst trip for a number of sites.

The location set covering problem (Toregas et al. 1971, doi:10.1287/opre.19.6.1363) is solved as
an integer program; the p-center problem (Hakimi 1964, doi:10.1287/opre.12.3.450) by halving the
range of its answer, with a set covering problem at every step (Daskin 2013, chapter 5).
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from geo.results import Floats
from geo.siting.demand import Entries, People
from geo.siting.maximal import rule_rows
from geo.siting.problem import (
    Bools,
    Control,
    Gains,
    Ints,
    Plan,
    Progress,
    Rules,
    Status,
    gap_of,
    infeasible,
)
from geo.siting.program import Program, solve
from geo.siting.reduction import Reduced, reduce
from geo.siting.search import addable

HALF = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """A smallest set of options that serves every row that can be served.

    Parameters
    ----------
    status : str
        As in `Plan`; "infeasible" when the rules do not allow to serve all.
    chosen, greedy : ndarray of int
        Best and greedy choice, of the original options; the greedy one may leave rows out where
        rules exclude options.
    cost, bound, greedy_cost : float
        Cost of the choices, and what none can go below.
    """

    status: Status
    chosen: Ints
    greedy: Ints
    cost: float
    bound: float
    greedy_cost: float


def lscp(gains: Gains, rules: Rules, control: Control | None = None) -> Plan:
    """Find the fewest (or cheapest) sites that serve every row that some option can serve.

    Parameters
    ----------
    gains : Gains
        Any gain serves a row.
    rules : Rules
        Options cost `rules.cost`; `count` and `budget` limit the plan.
    control : Control, optional
        Time limit (60 s), progress, cancel.

    Returns
    -------
    Plan
        `objective` is the cost of the sites, their number when each costs 1; less is better.
    """
    control = control or Control()
    reasons = rules.violations()
    if reasons:
        return infeasible("lscp", reasons, control)
    free = replace(rules, count=None, budget=None)
    found = cover(gains, free, control)
    if found.status == "infeasible":
        reason = (
            "the rules exclude one another: not everybody who has a candidate near can be served"
        )
        return infeasible("lscp", [reason], control)
    number = len(found.chosen)
    reasons = []
    if rules.count is not None and number > rules.count:
        least = number if found.status == "optimal" else int(np.ceil(found.bound - 1e-6))
        if least > rules.count and (rules.cost == 1).all():
            reasons.append(f"at least {least} sites are needed, but only {rules.count} may open")
    if rules.budget is not None and found.bound > rules.budget * (1 + 1e-9):
        reasons.append(f"at least {found.bound:g} is needed, more than the budget {rules.budget:g}")
    if reasons:
        return infeasible("lscp", reasons, control)
    return Plan(
        question="lscp",
        status=found.status,
        chosen=_in_order(gains, found.chosen, rules),
        objective=found.cost,
        bound=found.bound,
        gap=gap_of(found.cost, found.bound),
        seconds=control.elapsed,
        ceiling=float("nan"),
        greedy_objective=found.greedy_cost,
        greedy=found.greedy,
        sizes={"rows": gains.n_rows, "options": gains.n_options},
    )


def cover(
    gains: Gains,
    rules: Rules,
    control: Control,
    *,
    enough: float = -np.inf,
    most: int | None = None,
) -> Cover:
    """Solve the set covering problem.

    Parameters
    ----------
    gains : Gains
        Any gain serves a row.
    rules : Rules
        Without violations; count and budget are not looked at.
    control : Control
        Limits.
    enough : float
        A choice that costs no more than this needs no proof.
    most : int, optional
        Options at most.

    Returns
    -------
    Cover
    """
    rules = replace(rules, count=None, budget=None)
    reduced = reduce(gains, rules)
    first = _greedy(reduced)
    spent = float(rules.cost[reduced.fixed].sum())
    cost = reduced.rules.cost
    everything = reduced.total(np.arange(reduced.n_options))
    room = reduced.n_options if most is None else max(most - len(reduced.fixed), 0)
    complete = reduced.total(first) >= everything and len(first) <= room
    greedy_cost = spent + float(cost[first].sum())
    start = reduced.plan(first)
    if complete and greedy_cost <= enough:
        return Cover("optimal", start, start, greedy_cost, 0.0, greedy_cost)
    control.report(Progress("Covering everybody with the fewest sites", 0.2, greedy_cost))
    program = _program(reduced, room)
    whole = bool((cost == np.rint(cost)).all())
    begin = np.zeros(reduced.n_options)
    begin[first] = 1.0
    found = solve(
        program,
        control,
        start=begin if complete else None,
        apart=1 - 1e-6 if whole else 1e-6,
        say=lambda best, bound: Progress(
            "Covering everybody with the fewest sites", 0.5, spent - best, spent - bound
        ),
    )
    if found.status == "infeasible":
        return Cover("infeasible", start, start, greedy_cost, float("inf"), greedy_cost)
    chosen, paid = first, float(cost[first].sum())
    if found.x is not None:
        chosen = np.flatnonzero(found.x > HALF)
        paid = float(cost[chosen].sum())
    bound = spent - found.bound if np.isfinite(found.bound) else spent
    if whole:
        bound = float(np.ceil(bound - 1e-6))
    bound = min(bound, spent + paid)
    return Cover(found.status, reduced.plan(chosen), start, spent + paid, bound, greedy_cost)


def _greedy(reduced: Reduced) -> Ints:
    """Open what serves most rows for its cost, again and again; then close what is not needed."""
    table = reduced.columns()
    left = np.ones(reduced.n_rows, bool)
    chosen: list[int] = []
    cost = np.maximum(reduced.rules.cost, 1e-9)
    while left.any():
        serves = np.bincount(reduced.col, np.repeat(left, np.diff(reduced.ptr)), reduced.n_options)
        serves[~addable(reduced, np.array(chosen, np.int64))] = 0
        option = int(np.argmax(serves / cost)) if len(serves) else 0
        if not len(serves) or serves[option] == 0:
            break
        chosen.append(option)
        left[table.indices[table.indptr[option] : table.indptr[option + 1]]] = False
    is_in = np.zeros(reduced.n_options, bool)
    is_in[chosen] = True
    times = np.bincount(
        np.repeat(np.arange(reduced.n_rows), np.diff(reduced.ptr)),
        is_in[reduced.col],
        reduced.n_rows,
    )
    kept = []
    for option in chosen:
        rows = table.indices[table.indptr[option] : table.indptr[option + 1]]
        if (times[rows] > 1).all():
            times[rows] -= 1
        else:
            kept.append(option)
    return np.array(kept, np.int64)


def _program(reduced: Reduced, room: int) -> Program:
    m, n = reduced.n_options, reduced.n_rows
    ones = np.ones(len(reduced.col))
    tables = [sparse.csr_array((ones, reduced.col, reduced.ptr), shape=(n, m))]
    low, high = [np.ones(n)], [np.full(n, np.inf)]
    for table, limit in rule_rows(reduced.rules, room):
        tables.append(table)
        low.append(np.full(len(limit), -np.inf))
        high.append(limit)
    return Program(
        objective=-reduced.rules.cost,
        upper=np.ones(m),
        table=sparse.vstack(tables).tocsr(),
        low=np.concatenate(low),
        high=np.concatenate(high),
        whole=np.ones(m, bool),
    )


def _in_order(gains: Gains, chosen: Ints, rules: Rules) -> Ints:
    """List forced sites first, then the one that gains most of those left."""
    forced = chosen[rules.forced_in[chosen]]
    best, order = gains.best(forced), forced.tolist()
    left = [int(j) for j in chosen if not rules.forced_in[j]]
    while left:
        added = []
        for option in left:
            row, value = gains.rows_of(option)
            added.append(float(np.maximum(value - best[row], 0).sum()))
        option = left.pop(int(np.argmax(added)))
        row, value = gains.rows_of(option)
        best[row] = np.maximum(best[row], value)
        order.append(option)
    return np.array(order, np.int64)


def p_center(found: Entries, people: People, rules: Rules, control: Control | None = None) -> Plan:
    """Make the longest trip of anybody as short as a number of sites can.

    Parameters
    ----------
    found : Entries
        Ways to the options.
    people : People
        Rows; those that neither an open site nor any option allowed can reach are left out.
    rules : Rules
        `count` sites at most; costs and budget count as in other plans.
    control : Control, optional
        Time limit (60 s), progress, cancel.

    Returns
    -------
    Plan
        `objective` in minutes; less is better. `ceiling` is the longest trip with all options
        open.
    """
    control = control or Control()
    reasons = rules.violations()
    if reasons:
        return infeasible("p-center", reasons, control)
    usable = ~rules.forced_out[found.option]
    nearest = np.full(len(people.weight), np.inf)
    np.minimum.at(nearest, found.row[usable], found.minutes[usable])
    counted = (people.weight > 0) & np.isfinite(np.fmin(nearest, people.minutes))
    now = np.where(counted, people.minutes, 0.0)
    if not counted.any():
        return infeasible("p-center", ["nobody can reach an open site or a candidate"], control)
    ceiling = float(np.fmin(nearest, now)[counted].max())
    search = _Center(found, now, rules, control)
    chosen, worst, proven, status = search.run(ceiling)
    greedy = search.greedy()
    if search.worst(greedy) < worst:  # stopped before the search had as good a plan
        chosen, worst = greedy, search.worst(greedy)
    if not np.isfinite(worst) and status == "optimal":
        return infeasible("p-center", [search.why_not()], control)
    return Plan(
        question="p-center",
        status=status,
        chosen=chosen,
        objective=worst,
        bound=proven,
        gap=gap_of(worst, proven),
        seconds=control.elapsed,
        ceiling=ceiling,
        greedy_objective=search.worst(greedy),
        greedy=greedy,
        sizes={"rows": len(people.weight), "options": found.n_options},
    )


class _Center:
    """Halving the range of the longest trip.

    Parameters
    ----------
    found, now, rules, control
        As in `p_center`; rows that do not count are at 0 minutes now.
    """

    def __init__(self, found: Entries, now: Floats, rules: Rules, control: Control) -> None:
        self.found, self.now, self.rules, self.control = found, now, rules, control

    def worst(self, chosen: Ints) -> float:
        """Longest trip with a plan."""
        is_in = np.zeros(self.found.n_options, bool)
        is_in[chosen] = True
        trips = self.now.copy()
        keep = is_in[self.found.option]
        np.minimum.at(trips, self.found.row[keep], self.found.minutes[keep])
        return float(trips.max(initial=0.0))

    def within(self, radius: float) -> Gains:
        """Rows that are farther than a radius now, and the options within it."""
        beyond = self.now > radius
        keep: Bools = (self.found.minutes <= radius) & beyond[self.found.row]
        return self.found.gains(len(self.now), keep, np.ones(len(self.found.row)))

    def possible(self, radius: float) -> tuple[Ints | None, Status]:
        """Give a plan within a radius; None when there is none, or it was not found in time."""
        gains = self.within(radius)
        usable = ~self.rules.forced_out
        option = np.repeat(np.arange(gains.n_options), np.diff(gains.indptr))
        served = np.zeros(len(self.now), bool)
        served[gains.row[usable[option]]] = True
        if ((self.now > radius) & ~served).any():
            return None, "optimal"
        most = self.rules.count if self.rules.count is not None else gains.n_options
        counting = replace(self.rules, cost=np.ones(gains.n_options))
        if self.rules.budget is None:
            found = cover(gains, counting, self.control, enough=most)
        else:
            found = cover(gains, self.rules, self.control, most=self.rules.count)
        if found.status == "infeasible":
            return None, "optimal"
        # Rows whose only options exclude a site forced in are not in the covering problem.
        fits = self.worst(found.chosen) <= radius and self.rules.allows(found.chosen)
        if fits:
            return found.chosen, "optimal"
        too_dear = self.rules.budget is None and found.bound > most
        return None, "optimal" if too_dear else found.status

    def run(self, ceiling: float) -> tuple[Ints, float, float, Status]:
        """Halve until nothing lies between what is possible and what is not."""
        best = np.flatnonzero(self.rules.forced_in)
        worst = self.worst(best)
        radii = np.unique(np.concatenate([self.found.minutes, self.now]))
        radii = radii[(radii >= ceiling) & (radii < worst)]
        low, high, status = 0, len(radii), "optimal"
        while low < high:
            if stopped := self.control.stopped():
                status = stopped
                break
            middle = (low + high) // 2
            plan, known = self.possible(float(radii[middle]))
            if plan is not None:
                best, worst = plan, self.worst(plan)
                high = int(np.searchsorted(radii, worst))
            elif known == "optimal":
                low = middle + 1
            else:
                status = known
                break
            done = 1 - (high - low) / max(len(radii), 1)
            self.control.report(Progress("Shortening the longest trip", done, worst))
        bound = float(radii[low]) if status != "optimal" and low < len(radii) else worst
        return best, worst, min(bound, worst), status  # type: ignore[return-value]  # a Status

    def why_not(self) -> str:
        """Say what keeps every plan from reaching all who have a candidate."""
        reason = "no plan within the rules reaches everybody who has a candidate near"
        everyone = self.within(float(self.found.minutes.max(initial=0.0)))
        counting = replace(self.rules, cost=np.ones(everyone.n_options))
        needed = cover(everyone, counting, self.control)
        reached = np.isfinite(self.worst(needed.chosen))
        if self.rules.count is None or not reached or needed.bound <= self.rules.count:
            return reason
        return f"{reason}: at least {needed.bound:.0f} sites are needed for that"

    def greedy(self) -> Ints:
        """Open the option nearest to whoever has the longest trip, again and again."""
        chosen = np.flatnonzero(self.rules.forced_in).tolist()
        trips = self.now.copy()
        for option in chosen:
            keep = self.found.option == option
            np.minimum.at(trips, self.found.row[keep], self.found.minutes[keep])
        order = np.argsort(self.found.row, kind="stable")
        starts = np.searchsorted(self.found.row[order], np.arange(len(self.now) + 1))
        while self.rules.count is None or len(chosen) < self.rules.count:
            row = int(np.argmax(trips))
            near = order[starts[row] : starts[row + 1]]
            near = near[self.found.minutes[near] < trips[row]]
            allowed = [
                e for e in near if self.rules.allows(np.array([*chosen, self.found.option[e]]))
            ]
            if not allowed:
                break
            entry = min(allowed, key=lambda e: self.found.minutes[e])
            option = int(self.found.option[entry])
            chosen.append(option)
            keep = self.found.option == option
            np.minimum.at(trips, self.found.row[keep], self.found.minutes[keep])
        return np.array(chosen, np.int64)
