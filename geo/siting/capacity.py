"""Maximal coverage with sites that can serve only so many.

Capacitated maximal covering (Current and Storbeck 1988, doi:10.1068/b150121): people may be
shared out between sites. For a plan, the most that can be served is a flow. Prices on the people
bound every plan, as in `geo.siting.bound`, but a site then takes the dearest people first, up to
its capacity.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import maximum_flow

from geo.compiled import compiled
from geo.results import Floats
from geo.siting.extended import Sets, sets_of
from geo.siting.maximal import rule_rows
from geo.siting.problem import (
    PROVEN,
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
from geo.validate import Problems, floats

STEPS: Final = 300
FIRST_STEP: Final = 0.5
LAST_STEP: Final = 1e-3
PATIENCE: Final = 10
MEMORY: Final = 0.8
TRIAL: Final = 30
FINEST: Final = 1e6
"""Flows count whole units; persons that are not whole are counted in parts so fine, at most."""
HALF: Final = 0.5


@compiled
def _fill(
    start: Ints, row: Ints, weight: Floats, price: Floats, capacity: Floats
) -> tuple[Floats, Floats]:
    """Let every option take the people that are worth most to it.

    Returns
    -------
    worth : ndarray, shape (m,)
        Of the people taken, beyond their prices.
    taken : ndarray, shape (k,)
        People of each entry.
    """
    m = len(start) - 1
    worth, taken = np.zeros(m), np.zeros(len(row))
    for j in range(m):
        part = row[start[j] : start[j + 1]]
        order = np.argsort(price[part], kind="mergesort")
        left = capacity[j]
        for at in order:
            i = part[at]
            if left <= 0 or price[i] >= 1:
                break
            amount = min(left, weight[i])
            taken[start[j] + at] = amount
            worth[j] += (1 - price[i]) * amount
            left -= amount
    return worth, taken


@dataclass(frozen=True, slots=True, eq=False)
class _Market:
    """People by coverage set, options with capacities, rules."""

    sets: Sets
    start: Ints
    row: Ints
    weight: Floats
    capacity: Floats
    rules: Rules
    scale: float

    def served(self, plan: Ints) -> float:
        """Most people that a plan can serve."""
        if not len(plan) or not len(self.weight):
            return 0.0
        n, p = len(self.weight), len(plan)
        columns = [np.arange(self.start[j], self.start[j + 1]) for j in plan]
        rows = self.row[np.concatenate(columns)]
        site = np.repeat(np.arange(p), [len(c) for c in columns])
        people = np.floor(self.weight * self.scale + 1e-6).astype(np.int32)
        room = np.floor(np.minimum(self.capacity[plan], self.weight.sum()) * self.scale + 1e-6)
        some = np.unique(rows)
        place = np.full(n, -1)
        place[some] = np.arange(len(some))
        source, sink = len(some) + p, len(some) + p + 1
        tail = np.concatenate([np.full(len(some), source), place[rows], len(some) + np.arange(p)])
        head = np.concatenate([np.arange(len(some)), len(some) + site, np.full(p, sink)])
        flow = np.concatenate([people[some], people[rows], room.astype(np.int32)])
        graph = sparse.csr_array((flow, (tail, head)), shape=(sink + 1, sink + 1))
        return float(maximum_flow(graph, source, sink).flow_value) / self.scale

    def choose(self, worth: Floats) -> Bools:
        """Options worth most, as many as may open; budgets and exclusions are not looked at."""
        chosen = self.rules.forced_in.copy()
        free = np.flatnonzero(~chosen & ~self.rules.forced_out & (worth > 0))
        room = len(worth) if self.rules.count is None else self.rules.count
        free = free[np.argsort(-worth[free], kind="stable")][: max(room - int(chosen.sum()), 0)]
        chosen[free] = True
        return chosen


def capacitated(
    gains: Gains, capacity: Floats, rules: Rules, control: Control | None = None
) -> Plan:
    """Cover most people where every new site serves at most so many.

    Parameters
    ----------
    gains : Gains
        Weight of the people of each row, for every option within the threshold.
    capacity : ndarray, shape (m,)
        What an option can serve, in the same unit, >= 0.
    rules : Rules
        What a plan must respect.
    control : Control, optional
        Time limit (60 s), progress, cancel.

    Returns
    -------
    Plan
        `objective` is what the plan's sites serve.
    """
    control = control or Control()
    room = floats(capacity)
    problems = Problems().persons(room, "capacity")
    if room.shape != (gains.n_options,):
        problems.add(f"capacity must have {gains.n_options} entries, got {room.size}")
    problems.raise_if_any()
    reasons = rules.violations()
    if reasons:
        return infeasible("capacitated", reasons, control)
    market = _market(gains, room, rules)
    first = _greedy(market)
    best, total = first, market.served(first)
    greedy_total = total
    control.report(Progress("Searching for the best plan", 0.1, total))
    bound, fixed_out, best, total = _prices(market, best, total, control)
    candidates = np.flatnonzero(~rules.forced_out)
    ceiling = market.served(candidates)
    bound = min(bound, ceiling)
    status: Status = "optimal"
    left = 0
    if bound - total > PROVEN * total:
        status = control.stopped() or "time_limit"
        if control.stopped() is None:
            best, total, bound, status, left = _close(
                market, fixed_out, best, total, bound, control
            )
    bound = max(bound, total)
    if bound - total <= PROVEN * total:
        status = "optimal"
    return Plan(
        question="capacitated",
        status=status,
        chosen=_in_order(market, best),
        objective=total,
        bound=bound,
        gap=gap_of(total, bound),
        seconds=control.elapsed,
        ceiling=ceiling,
        greedy_objective=greedy_total,
        greedy=first,
        sizes={
            "rows": gains.n_rows,
            "options": gains.n_options,
            "rows_reduced": len(market.weight),
            "options_in_program": left,
        },
    )


def served(gains: Gains, capacity: Floats) -> float:
    """Most people that some sites can serve together.

    Parameters
    ----------
    gains : Gains
        Weight of the people of each row, for each of the m sites.
    capacity : ndarray, shape (m,)
        What each can serve, in the same unit.

    Returns
    -------
    float
    """
    sites = np.arange(gains.n_options)
    return _market(gains, floats(capacity), Rules(gains.n_options)).served(sites)


def _market(gains: Gains, capacity: Floats, rules: Rules) -> _Market:
    weights = np.zeros(gains.n_rows)
    np.maximum.at(weights, gains.row, gains.value)
    sets = sets_of(gains, ~rules.forced_out, weights[:, None], np.zeros(gains.n_rows, np.int64))
    table = sets.table.tocsc()
    table.sort_indices()
    weight = sets.weight[:, 0]
    whole = bool((weight == np.rint(weight)).all() and (capacity == np.rint(capacity)).all())
    fine = 1.0 if whole else min(FINEST, 2e9 / max(weight.sum(), 1.0))
    return _Market(
        sets,
        table.indptr.astype(np.int64),
        table.indices.astype(np.int64),
        weight,
        capacity,
        rules,
        fine,
    )


def _greedy(market: _Market) -> Ints:
    """Add what serves most of those left (for its cost, with a budget), until nothing does."""
    rules = market.rules
    left = market.weight.copy()
    chosen = np.empty(0, np.int64)
    cost = np.maximum(rules.cost, 1e-9) if rules.budget is not None else np.ones(rules.n_options)
    tried = rules.forced_out.copy()
    queue = np.flatnonzero(rules.forced_in).tolist()
    while True:
        if queue:
            option = queue.pop(0)
        else:
            worth, _ = _fill(market.start, market.row, left, np.zeros(len(left)), market.capacity)
            worth = worth / cost
            worth[tried] = 0.0
            worth[chosen] = 0.0
            option = int(worth.argmax()) if len(worth) else 0
            if not len(worth) or worth[option] <= 0:
                return chosen
            plan = np.append(chosen, option)
            if not rules.allows(plan):
                tried[option] = True
                continue
        chosen = np.append(chosen, option)
        # People whom few options could serve go first, so that others keep their choice.
        part = market.row[market.start[option] : market.start[option + 1]]
        choice = np.diff(market.sets.table.indptr)[part]
        room = market.capacity[option]
        for i in part[np.argsort(choice, kind="stable")]:
            amount = min(room, left[i])
            left[i] -= amount
            room -= amount


def _prices(
    market: _Market, plan: Ints, total: float, control: Control
) -> tuple[float, Bools, Ints, float]:
    """Lower the bound by prices; returns it, the options it rules out, and the best plan met."""
    weight, rules = market.weight, market.rules
    # A person served by several sites of the plan has a price; others begin without.
    times = np.bincount(
        market.row, np.repeat(np.isin(np.arange(rules.n_options), plan), np.diff(market.start)),
        len(weight),
    )  # fmt: skip
    price = np.where(times > 1, HALF, 0.0)
    best_bound, scale, waited = np.inf, FIRST_STEP, 0
    best_price = price
    direction = np.zeros(len(weight))
    owner = np.repeat(np.arange(rules.n_options), np.diff(market.start))
    for step in range(STEPS):
        worth, taken = _fill(market.start, market.row, weight, price, market.capacity)
        chosen = market.choose(worth)
        bound = float(price @ weight) + float(worth[chosen].sum())
        waited = 0 if bound < best_bound * (1 - PROVEN) else waited + 1
        if bound < best_bound:
            best_bound, best_price = bound, price.copy()
        if step % TRIAL == 0:
            other = _allowed(market, chosen, worth)
            reached = market.served(other)
            if reached > total:
                plan, total = other, reached
        if best_bound - total <= PROVEN * total or scale < LAST_STEP or control.stopped():
            break
        if waited >= PATIENCE:
            scale, waited = scale / 2, 0
        service = np.bincount(market.row, taken * chosen[owner], len(weight))
        # In parts of each row's people, all rows are alike.
        direction = MEMORY * direction + (1 - service / np.maximum(weight, 1e-300))
        stuck = ((price <= 0) & (direction > 0)) | ((price >= 1) & (direction < 0))
        push = np.where(stuck, 0.0, direction)
        length = float((push * push * weight).sum())
        if length == 0:
            break
        price = np.clip(price - scale * (bound - total) / length * push, 0.0, 1.0)
    worth, _ = _fill(market.start, market.row, weight, best_price, market.capacity)
    chosen = market.choose(worth)
    room = rules.n_options if rules.count is None else rules.count
    full = chosen.sum() >= room
    picked = chosen & ~rules.forced_in
    last = float(worth[picked].min(initial=np.inf)) if full else 0.0
    out = ~chosen & (best_bound - last + worth < total * (1 + PROVEN / 2))
    return best_bound, out, plan, total


def _allowed(market: _Market, chosen: Bools, worth: Floats) -> Ints:
    """Turn a choice into a plan that follows every rule, most worth first."""
    rules = market.rules
    order = np.flatnonzero(chosen & ~rules.forced_in)
    order = order[np.argsort(-worth[order], kind="stable")]
    plan = np.flatnonzero(rules.forced_in)
    for option in order:
        grown = np.append(plan, option)
        if rules.allows(grown):
            plan = grown
    return plan


def _close(
    market: _Market, out: Bools, plan: Ints, total: float, bound: float, control: Control
) -> tuple[Ints, float, float, Status, int]:
    """Give what the prices leave open to the integer program."""
    rules = replace(market.rules, forced_out=market.rules.forced_out | out)
    option = np.flatnonzero(~rules.forced_out)
    number = np.full(rules.n_options, -1)
    number[option] = np.arange(len(option))
    columns = [np.arange(market.start[j], market.start[j + 1]) for j in option]
    entry = np.concatenate(columns) if columns else np.empty(0, np.int64)
    row = market.row[entry]
    site = np.repeat(np.arange(len(option)), [len(c) for c in columns])
    m, k, n = len(option), len(entry), len(market.weight)
    room = market.capacity[option]
    most = np.minimum(market.weight[row], room[site])
    flow = np.arange(k)
    people = sparse.csr_array((np.ones(k), (row, m + flow)), shape=(n, m + k))
    holds = sparse.csr_array(
        (np.r_[np.ones(k), -room], (np.r_[site, np.arange(m)], np.r_[m + flow, np.arange(m)])),
        shape=(m, m + k),
    )
    opens = sparse.csr_array(
        (np.r_[np.ones(k), -most], (np.r_[flow, flow], np.r_[m + flow, site])), shape=(k, m + k)
    )
    tables, high = [people, holds, opens], [market.weight, np.zeros(m), np.zeros(k)]
    low = [np.full(len(limit), -np.inf) for limit in high]
    part = Rules(
        m,
        rules.count,
        rules.budget,
        rules.cost[option],
        group=rules.group[option],
        conflicts=_among(rules.conflicts, number),
    )
    for table, limit in rule_rows(part, min(m, m if rules.count is None else rules.count)):
        wide = sparse.coo_array(table)
        shape = (len(limit), m + k)
        tables.append(sparse.csr_array((wide.data, (wide.row, wide.col)), shape=shape))
        high.append(limit)
        low.append(np.full(len(limit), -np.inf))
    forced = np.flatnonzero(rules.forced_in[option])
    if len(forced):
        shape = (len(forced), m + k)
        ones = np.ones(len(forced))
        tables.append(sparse.csr_array((ones, (np.arange(len(forced)), forced)), shape=shape))
        low.append(ones)
        high.append(ones)
    program = Program(
        objective=np.concatenate([np.zeros(m), np.ones(k)]),
        upper=np.concatenate([np.ones(m), most]),
        table=sparse.vstack(tables).tocsr(),
        low=np.concatenate(low),
        high=np.concatenate(high),
        whole=np.arange(m + k) < m,
    )
    found = solve(
        program,
        control,
        apart=max(PROVEN * total / 2, 1e-6),
        say=lambda best, other: Progress(
            "Proving that no plan is better",
            0.4 + 0.6 * min(control.elapsed / control.seconds, 1.0),
            max(best, total),
            min(max(other, total), bound),
        ),
    )
    if found.x is not None:
        other = option[np.flatnonzero(found.x[:m] > HALF)]
        reached = market.served(other)
        if market.rules.allows(other) and reached > total:
            plan, total = other, reached
    if found.status == "infeasible":
        return plan, total, total, "optimal", m
    return plan, total, min(max(found.bound, total), bound), found.status, m


def _among(pairs: Ints, number: Ints) -> Ints:
    """Pairs of which both are left, counted anew."""
    again = number[pairs].reshape(-1, 2)
    kept: Ints = again[(again >= 0).all(axis=1)]
    return kept


def _in_order(market: _Market, plan: Ints) -> Ints:
    """List forced sites first, then always the one that adds most."""
    order = plan[market.rules.forced_in[plan]]
    left = [int(j) for j in plan if not market.rules.forced_in[j]]
    while left:
        values = [market.served(np.append(order, j)) for j in left]
        order = np.append(order, left.pop(int(np.argmax(values))))
    return order
