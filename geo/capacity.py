"""Patients assigned to sites with a limited number of slots: nearest, overflow, least travel.

A slot is one patient treated in one year. Patients are expected numbers, so fractions can be
divided between sites. Methods and proof: docs/methods.md, Capacity.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray

from geo.results import Floats
from geo.validate import Problems

if TYPE_CHECKING:
    from geo import transport

Rule = Literal["nearest", "overflow", "least-travel"]
Ints = NDArray[np.int64]
RULES: Final[tuple[Rule, ...]] = ("nearest", "overflow", "least-travel")
GROUP: Final = 4
"""Rows that a coarse problem takes as one."""
SMALL: Final = 1_000
"""So few rows are solved without a coarse problem before."""
THREADS: Final = 2
"""Years that are worked on at once; the loops leave the interpreter to others."""
LEAST_MINUTES: Final = 1e-9
"""Gaps are shares of at least that many patient-minutes."""


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """Who is treated where.

    ``assigned + left_over + too_far + unreachable + no_data`` is the demand of every row.

    Parameters
    ----------
    rule : {"nearest", "overflow", "least-travel"}
        How sites were found.
    load : ndarray, shape (m,)
        Patients who come to each site. With "nearest" also those it has no slot for.
    assigned : ndarray, shape (n,)
        Patients of each row who are treated.
    left_over : ndarray, shape (n,)
        Patients with a site within the limit, and no slot for them.
    too_far : ndarray, shape (n,)
        Patients with a road to a site, none of them within the limit.
    unreachable : ndarray, shape (n,)
        Patients without a road to any site that treats them.
    no_data : ndarray, shape (n,)
        Patients whose ways are not known.
    patient_minutes : float
        One way, of all who are treated.
    row, site : ndarray of int, shape (k,)
        Flows, in order of rows and sites.
    patients : ndarray, shape (k,)
        Treated.
    prices : ndarray, shape (m,)
        Minutes that one more slot at each site would save, at most; 0 unless "least-travel".
    status : str
        "optimal" for "least-travel"; "assigned" for the other rules, which prove nothing.
    bound : float
        No plan that treats as many needs fewer patient-minutes; nan for the other rules.
    gap : float
        Of patient-minutes and bound, as a share of the former; nan for the other rules.
    """

    rule: Rule
    load: Floats
    assigned: Floats
    left_over: Floats
    too_far: Floats
    unreachable: Floats
    no_data: Floats
    patient_minutes: float
    row: Ints
    site: Ints
    patients: Floats
    prices: Floats
    status: str
    bound: float
    gap: float


@dataclass(frozen=True, slots=True, eq=False)
class _Flows:
    row: Ints
    site: Ints
    patients: Floats
    load: Floats
    prices: Floats
    bound: float


def assign(
    rule: Rule,
    minutes: NDArray[np.floating],
    demand_persons: Floats,
    slots: Floats,
    limit_minutes: float = np.inf,
) -> Assignment:
    """Assign patients to sites.

    Parameters
    ----------
    rule : {"nearest", "overflow", "least-travel"}
        "nearest": everybody goes to the nearest site; one that is too full treats the same share of
        all who come. "overflow": the shortest way of all gets a slot first, then the second
        shortest, and so on; ties by row, then by site. "least-travel": as many as can be are
        treated, and of all such plans the one with the least patient-minutes, exactly
        (transportation problem, Hitchcock 1941, doi:10.1002/sapm1941201224).
    minutes : ndarray, shape (m, n)
        From rows to sites, >= 0; inf without a road, or where the site does not treat the row's
        patients; nan where it is not known.
    demand_persons : ndarray, shape (n,)
        Patients a year of each row, >= 0.
    slots : ndarray, shape (m,)
        Patients a year that each site can treat, >= 0.
    limit_minutes : float
        Patients travel no farther; exactly as far is within.

    Returns
    -------
    Assignment

    Raises
    ------
    InputError
        Shapes differ, or values are negative, or persons or slots missing.

    Examples
    --------
    Two sites with one slot each; both patients live nearer to the first, the second of them by far.

    >>> ways = np.array([[10.0, 10.0], [20.0, 60.0]])
    >>> for rule in RULES:
    ...     found = assign(rule, ways, np.ones(2), np.ones(2))
    ...     print(rule, found.load.tolist(), found.left_over.tolist(), found.patient_minutes)
    nearest [2.0, 0.0] [0.5, 0.5] 10.0
    overflow [1.0, 1.0] [0.0, 0.0] 70.0
    least-travel [1.0, 1.0] [0.0, 0.0] 30.0
    """
    return series(rule, minutes, demand_persons[None], slots, limit_minutes)[0]


def series(
    rule: Rule,
    minutes: NDArray[np.floating],
    demand_persons: Floats,
    slots: Floats,
    limit_minutes: float = np.inf,
    each: Callable[[int, Assignment], None] = lambda _year, _found: None,
) -> list[Assignment]:
    """Assign the patients of several years, each for itself, as `assign` does, but faster.

    Parameters
    ----------
    rule, minutes, slots, limit_minutes
        As in `assign`.
    demand_persons : ndarray, shape (t, n)
        Patients of each year and row, >= 0.
    each : callable
        Is given each year's number and answer, in order; may raise to stop.

    Returns
    -------
    list of Assignment
        One a year.

    Raises
    ------
    InputError
        As `assign`.
    """
    _check(minutes, demand_persons, slots, limit_minutes)
    ways = _ways(minutes, demand_persons.max(axis=0, initial=0.0) > 0, limit_minutes)

    def of_year(demand: Floats) -> Assignment:
        patients = demand[ways.row]
        if rule == "least-travel":
            flows = _least_travel(ways, patients, slots)
        elif rule == "overflow":
            flows = _overflow(ways, patients, slots)
        else:
            flows = _nearest(ways.nearest_site, patients, slots)
        return _assignment(rule, minutes, ways, flows, demand)

    answers: list[Assignment] = []
    with ThreadPoolExecutor(THREADS) as threads:
        try:
            for year, found in enumerate(threads.map(of_year, demand_persons)):
                answers.append(found)
                each(year, found)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
    return answers


@dataclass(frozen=True, slots=True, eq=False)
class _Ways:
    """Who can go where.

    Parameters
    ----------
    row : ndarray of int, shape (k,)
        Rows with patients in some year and a site within the limit.
    first, to, minutes : ndarray
        As `transport.Ways`: sites within the limit of those rows, then of one more row. The last
        site is for those who are left over: so dear that it is the last resort. The last row is
        of free slots, and costs nothing.
    nearest_site : ndarray of int, shape (k,)
    reached : ndarray of bool, shape (n,)
        Rows with a site within the limit.
    too_far, unreachable, no_data : ndarray of bool, shape (n,)
        Why the others have none.
    """

    row: Ints
    first: Ints
    to: NDArray[np.int32]
    minutes: NDArray[np.floating]
    nearest_site: Ints
    reached: NDArray[np.bool_]
    too_far: NDArray[np.bool_]
    unreachable: NDArray[np.bool_]
    no_data: NDArray[np.bool_]

    @property
    def last_resort(self) -> float:
        """Minutes of somebody who is left over."""
        return float(self.minutes[self.first[1] - 1])

    def table(self) -> "transport.Ways":
        """Lay them out for the compiled loops."""
        # Imported here, not above: compiled loops take their time to import.
        from geo import transport  # noqa: PLC0415

        return transport.Ways(self.first, self.to, self.minutes)


def _ways(minutes: NDArray[np.floating], wanted: NDArray[np.bool_], limit_minutes: float) -> _Ways:
    m = len(minutes)
    nearest = np.fmin.reduce(minutes, axis=0, initial=np.inf)
    no_data = np.isnan(minutes).all(axis=0) & (m > 0)
    reached = np.isfinite(nearest) & (nearest <= limit_minutes)
    row = np.flatnonzero(reached & wanted)
    own = minutes[:, row].T
    within = np.isfinite(own) & (own <= limit_minutes)
    longest = float(own.max(where=within, initial=0.0))
    # More than any chain of changes can save; a power of two has no error in any float.
    last_resort = 2.0 ** np.ceil(np.log2(2 * (longest + 1) * (m + 1)))
    count = within.sum(axis=1) + 1
    first = np.concatenate([[0], np.cumsum(count), [count.sum() + m + 1]])
    to = np.full(first[-1], m, np.int32)
    length = np.full(first[-1], last_resort, own.dtype)
    is_site = np.ones(len(to), np.bool_)
    is_site[first[1:-1] - 1] = False
    is_site[first[-2] :] = False
    to[is_site] = np.nonzero(within)[1]
    length[is_site] = own[within]
    to[first[-2] :], length[first[-2] :] = np.arange(m + 1), 0
    nearest_site = np.where(within, own, np.inf).argmin(axis=1) if own.size else row
    states = (~reached & np.isfinite(nearest), np.isinf(nearest) & ~no_data, no_data)
    return _Ways(row, first, to, length, nearest_site, reached, *states)


def _assignment(
    rule: Rule, minutes: NDArray[np.floating], ways: _Ways, flows: _Flows, demand: Floats
) -> Assignment:
    order = np.lexsort((flows.site, flows.row))
    row, site, patients = flows.row[order], flows.site[order], flows.patients[order]
    travel = float(patients @ minutes[site, ways.row[row]].astype(np.float64))
    treated = np.bincount(ways.row[row], patients, minlength=len(demand))
    assigned = np.minimum(treated, demand)
    exact = rule == "least-travel"
    return Assignment(
        rule=rule,
        load=flows.load,
        assigned=assigned,
        left_over=np.where(ways.reached, demand - assigned, 0.0),
        too_far=np.where(ways.too_far, demand, 0.0),
        unreachable=np.where(ways.unreachable, demand, 0.0),
        no_data=np.where(ways.no_data, demand, 0.0),
        patient_minutes=travel,
        row=ways.row[row],
        site=site,
        patients=patients,
        prices=flows.prices,
        status="optimal" if exact else "assigned",
        bound=flows.bound,
        gap=max(0.0, travel - flows.bound) / max(travel, LEAST_MINUTES) if exact else np.nan,
    )


def _check(
    minutes: NDArray[np.floating], demand: Floats, slots: Floats, limit_minutes: float
) -> None:
    problems = Problems().dimensions("minutes", minutes, 2).dimensions("slots", slots, 1)
    problems.dimensions("demand_persons", demand, 2).raise_if_any()
    if minutes.shape != (len(slots), demand.shape[1]):
        problems.add(
            f"minutes must have the shape (sites, rows) = ({len(slots)}, {demand.shape[1]}), "
            f"got {minutes.shape}"
        )
    if np.isnan(limit_minutes) or limit_minutes < 0:
        problems.add(f"limit_minutes must be 0 or more, got {limit_minutes}")
    problems.persons(demand, "demand").persons(slots, "slots")
    if minutes.size and np.fmin.reduce(minutes, axis=None) < 0:
        problems.add("minutes must be 0 or more")
    problems.raise_if_any()


def _nearest(site: Ints, demand: Floats, slots: Floats) -> _Flows:
    load = np.bincount(site, demand, minlength=len(slots)).astype(np.float64)
    treated = np.divide(slots, load, out=np.ones(len(slots)), where=load > slots)
    patients = demand * treated[site]
    row = np.flatnonzero(patients > 0)
    return _Flows(row, site[row], patients[row], load, np.zeros(len(slots)), np.nan)


def _overflow(ways: _Ways, demand: Floats, slots: Floats) -> _Flows:
    from geo import transport  # noqa: PLC0415 - as above

    m = len(slots)
    room = np.append(slots, 0.0)  # nobody is sent to those who are left over
    row, site, patients = transport.overflow(ways.table(), demand, room)
    load = np.bincount(site, patients, minlength=m).astype(np.float64)
    return _Flows(row, site, patients, load, np.zeros(m), np.nan)


def _least_travel(ways: _Ways, demand: Floats, slots: Floats) -> _Flows:
    from geo import transport  # noqa: PLC0415 - as above

    m, everybody, table = len(slots), float(demand.sum()), ways.table()
    persons, room = np.append(demand, slots.sum()), np.append(slots, everybody)
    price = np.zeros(m + 1)
    _begin(table, persons, room, price)
    parcels = _settled(table, persons, room, price)
    used = parcels.amount > 0
    used &= (parcels.row < len(demand)) & (parcels.site < m)
    row, site, patients = parcels.row[used], parcels.site[used], parcels.amount[used]
    # No plan costs less than this; what those left over cost is the same in every good plan.
    least = transport.worth(table, persons, price) - float(room @ price)
    left = everybody - patients.sum()
    load = np.bincount(site, patients, minlength=m).astype(np.float64)
    return _Flows(row, site, patients, load, price[:-1], least - left * ways.last_resort)


def _settled(
    ways: "transport.Ways", persons: Floats, room: Floats, price: Floats
) -> "transport.Parcels":
    """Solve with as much space for parcels as it takes; `price` becomes what proves it."""
    from geo import transport  # noqa: PLC0415 - as above

    space = len(persons) * 2 + 8 * len(room)
    while True:
        parcels, whole = transport.settle(ways, persons, room, price, space)
        price -= price.min()
        if whole:
            return parcels
        space *= 2


def _begin(ways: "transport.Ways", persons: Floats, room: Floats, price: Floats) -> None:
    """Find prices near the right ones, from fewer rows: each stands for some that are like it."""
    from geo import transport  # noqa: PLC0415 - as above

    if len(persons) <= SMALL:
        return
    nearest, second = transport.two_nearest(ways, len(room))
    order = np.lexsort((second[:-1], nearest[:-1]))
    place = np.arange(len(order))
    new = np.diff(nearest[order], prepend=-1) != 0
    since = place - np.maximum.accumulate(np.where(new, place, 0))
    begins = np.flatnonzero(since % GROUP == 0)
    people = np.append(np.add.reduceat(persons[order], begins), persons[-1])
    kept = np.append(order[begins], len(persons) - 1)
    count = np.diff(ways.first)[kept]
    first = np.concatenate([[0], np.cumsum(count)])
    entry = np.arange(first[-1]) + np.repeat(ways.first[kept] - first[:-1], count)
    coarse = transport.Ways(first, ways.site[entry], ways.cost[entry])
    _begin(coarse, people, room, price)
    _settled(coarse, people, room, price)
