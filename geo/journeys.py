"""A course of care as a journey: trips, way, and nights away, of every area.

A course is a list of phases in order of time. Each happens at one of several places (treatment
centre, collection site, site near home) and is of one kind:

- ``VISITS``: separate visits; a round trip from home each, with a night where the way is too long
  for one day.
- ``DAYS``: visits on days in a row; from home every day where the way is short, else the party
  makes one trip and lodges near the place.
- ``ADMITTED``: days in hospital; those with the patient come from home every day where the way is
  short, else they make one trip with the patient and lodge nearby.
- ``NEARBY``: so many days after the infusion the patient has to be near its place; who lives
  further lodges for those days that earlier phases do not cover.

Phases at one place that follow each other while the party lodges there are one stay with one trip.
Formulas: docs/methods.md, Journeys.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.compiled import compiled
from geo.results import Floats
from geo.validate import Problems

VISITS, DAYS, ADMITTED, NEARBY = range(4)
AMOUNTS: Final = (
    "trips",
    "distance_km",
    "minutes",
    "visits",
    "stays",
    "admitted_near",
    "admitted_far",
    "overnights",
)
"""Rows of an answer."""
TRIPS, KM, MINUTES, FROM_HOME, STAYS, ADMITTED_NEAR, ADMITTED_FAR, OVERNIGHTS = range(len(AMOUNTS))


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of a course.

    Parameters
    ----------
    kind : int
        VISITS, DAYS, ADMITTED or NEARBY.
    place : int
        Row of the ways: where it happens.
    count : float
        Visits or days, 0 for a phase that does not happen; for NEARBY, days after the infusion.
    times : float
        How often the phase happens, each time with its own trips.
    after : bool
        Whether it is of days that follow the infusion, which count towards NEARBY.
    held : int
        Place in its stead where that place is further than the radius; -1 for none.
    until : float
        Visits are spread evenly over the days up to this one after the infusion; those of the days
        that the patient lodges nearby (NEARBY) need no trip. 0 for visits that stand alone.
    apart : bool
        Whether weeks pass before it, so that no stay goes on.
    """

    kind: int
    place: int
    count: float
    times: float = 1.0
    after: bool = False
    held: int = -1
    until: float = 0.0
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """When patients lodge, by minutes one way; a way equal to a limit is within it.

    Parameters
    ----------
    daily : float
        Further than this, nobody goes from home every day.
    radius : float
        Further than this, patients lodge near the place after the infusion.
    day_trip : float
        Further than this, a visit takes a night.
    """

    daily: float
    radius: float
    day_trip: float


def journey(
    minutes: Floats, distance_km: Floats, phases: tuple[Phase, ...], rules: Rules
) -> Floats:
    """Follow a course of care from every area.

    Parameters
    ----------
    minutes, distance_km : ndarray, shape (places, n)
        One way from home to each place; inf unreachable, nan no data.
    phases : tuple of Phase
        In order of time.
    rules : Rules
        When patients lodge.

    Returns
    -------
    ndarray, shape (8, n)
        By `AMOUNTS`: round trips of the party; kilometres and minutes on the road, of one person;
        days with a visit from home (not in hospital); days of a stay away (not in hospital); days
        in hospital, of those whose party comes from home and of those whose party lodges; nights of
        visits too far for one day. All inf where a place that is needed is unreachable; all nan
        where there is no data on one.

    Raises
    ------
    InputError
        Shapes differ, or ways, counts or rules are negative or missing.

    Examples
    --------
    Two visits and then three days in a row at a centre: from 20 minutes away five trips, from 50
    minutes three trips and three days of a stay.

    >>> phases = (Phase(VISITS, 0, 2.0), Phase(DAYS, 0, 3.0))
    >>> found = journey(
    ...     np.array([[20.0, 50.0]]), np.array([[15.0, 60.0]]), phases, Rules(30.0, 120.0, 240.0)
    ... )
    >>> found[TRIPS].tolist(), found[STAYS].tolist(), found[MINUTES].tolist()
    ([5.0, 3.0], [0.0, 3.0], [200.0, 300.0])
    """
    _check(minutes, distance_km, phases, rules)
    course = np.array([[p.kind, p.place, p.after, p.held, p.apart] for p in phases], dtype=np.int64)
    counts = np.array([[p.count, p.times, p.until] for p in phases], dtype=np.float64)
    out = np.zeros((len(AMOUNTS), minutes.shape[1]))
    _follow(
        np.ascontiguousarray(minutes, dtype=np.float64),
        np.ascontiguousarray(distance_km, dtype=np.float64),
        course.reshape(-1, 5),
        counts.reshape(-1, 3),
        np.array([rules.daily, rules.radius, rules.day_trip]),
        out,
    )
    return out


def nights(amounts: Floats) -> Floats:
    """Nights for which the party needs a room away from home.

    Parameters
    ----------
    amounts : ndarray, shape (8, n)
        From `journey`.

    Returns
    -------
    ndarray, shape (n,)
        A night in hospital counts where those with the patient lodge nearby.
    """
    total: Floats = amounts[STAYS] + amounts[ADMITTED_FAR] + amounts[OVERNIGHTS]
    return total


def nearer(first: int, second: int, minutes: Floats, distance_km: Floats) -> tuple[Floats, Floats]:
    """Take the nearer of two places in every area, the first where they are equally near.

    Parameters
    ----------
    first, second : int
        Rows of the ways; a place without data is not taken when the other has a way.
    minutes, distance_km : ndarray, shape (places, n)
        One way from home to each place.

    Returns
    -------
    minutes, distance_km : ndarray, shape (n,)
        Of the place taken.

    Examples
    --------
    >>> minutes = np.array([[60.0, 20.0, np.inf], [30.0, 40.0, 50.0]])
    >>> nearer(0, 1, minutes, minutes)[0].tolist()
    [30.0, 20.0, 50.0]
    """
    other = minutes[second] < minutes[first]
    other |= np.isnan(minutes[first]) & ~np.isnan(minutes[second])
    return (
        np.where(other, minutes[second], minutes[first]),
        np.where(other, distance_km[second], distance_km[first]),
    )


def _check(minutes: Floats, distance_km: Floats, phases: tuple[Phase, ...], rules: Rules) -> None:
    problems = Problems().dimensions("minutes", minutes, 2)
    if minutes.shape != distance_km.shape:
        problems.add(f"shapes differ: minutes {minutes.shape}, distance {distance_km.shape}")
    problems.impedance(minutes).impedance(distance_km)
    for at, phase in enumerate(phases):
        amounts = (phase.count, phase.times, phase.until)
        if not all(np.isfinite(value) and value >= 0 for value in amounts):
            problems.add(f"phase {at}: count, times and until must be finite and not negative")
        if not 0 <= phase.place < len(minutes) or not -1 <= phase.held < len(minutes):
            problems.add(f"phase {at}: no such place")
        if phase.kind not in (VISITS, DAYS, ADMITTED, NEARBY):
            problems.add(f"phase {at}: no such kind")
    for name in ("daily", "radius", "day_trip"):
        if not getattr(rules, name) >= 0:
            problems.add(f"{name} must not be negative or missing")
    problems.raise_if_any()


@compiled
def _step(
    kind: int, way: float, count: float, rules: Floats, stays_on: bool, since: float
) -> tuple[float, int, float]:
    """One phase from one area: trips, row of `AMOUNTS` that its days count in, and those days."""
    if kind == VISITS:
        return count, FROM_HOME, count
    trip = 0.0 if stays_on else 1.0
    if kind == NEARBY:
        more = count - since
        if way > rules[1] and more > 0:
            return trip, STAYS, more
        return 0.0, STAYS, 0.0
    if way <= rules[0]:
        return count, FROM_HOME if kind == DAYS else ADMITTED_NEAR, count
    return trip, STAYS if kind == DAYS else ADMITTED_FAR, count


@compiled
def _from_home(since: float, nearby: float, until: float) -> float:
    """Share of the visits of the days `since` to `until` after the days `nearby` are over."""
    if until <= since:
        return 1.0
    return 1.0 - min(max(nearby - since, 0.0) / (until - since), 1.0)


@compiled
def _follow(
    minutes: Floats,
    distance_km: Floats,
    course: NDArray[np.int64],
    counts: Floats,
    rules: Floats,
    out: Floats,
) -> None:
    """Add up the phases; `rules` is daily, radius, day trip."""
    for i in range(minutes.shape[1]):
        worst = 0.0  # inf once a place is unreachable, nan once there is no data on one
        lodging = -1  # place of the stay that goes on
        since = 0.0  # days after the infusion so far
        nearby = 0.0  # days after it until which the party lodges
        for j in range(course.shape[0]):
            kind, place, after, held, apart = course[j]
            count, times, until = counts[j]
            if count * times == 0:
                continue
            if held >= 0 and not minutes[held, i] <= rules[1]:
                place = held
            way = minutes[place, i]
            if kind == VISITS:
                count *= _from_home(since, nearby, until)
            trips, row, days = _step(kind, way, count, rules, lodging == place and not apart, since)
            if row in (STAYS, ADMITTED_FAR) and days > 0:
                lodging = place
                nearby = since + days if kind == NEARBY else nearby
            elif kind != NEARBY:
                lodging = -1
            since += count * times * after
            out[row, i] += days * times
            out[TRIPS, i] += trips * times
            out[OVERNIGHTS, i] += count * times * (kind == VISITS and way > rules[2])
            if np.isfinite(way):
                out[KM, i] += 2 * trips * times * distance_km[place, i]
                out[MINUTES, i] += 2 * trips * times * way
            else:
                worst += way
        if worst != 0:
            out[:, i] = worst
