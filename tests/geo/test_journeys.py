"""Journeys: counted by hand, day by day by a slow follower, and properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from geo.journeys import (
    ADMITTED,
    ADMITTED_FAR,
    ADMITTED_NEAR,
    AMOUNTS,
    DAYS,
    FROM_HOME,
    KM,
    MINUTES,
    NEARBY,
    OVERNIGHTS,
    STAYS,
    TRIPS,
    VISITS,
    Phase,
    Rules,
    journey,
    nearer,
    nights,
)

RULES = Rules(30.0, 120.0, 240.0)


def follow(minutes, phases, rules=RULES):
    ways = np.array(minutes, dtype=float).reshape(-1, 1)
    return journey(ways, ways * 1.5, tuple(phases), rules)[:, 0]


CART = (
    Phase(VISITS, 0, 2),
    Phase(DAYS, 0, 1),
    Phase(DAYS, 0, 3, apart=True),
    Phase(DAYS, 0, 1),
    Phase(DAYS, 0, 8, after=True),
    Phase(NEARBY, 0, 14),
    Phase(VISITS, 0, 8, until=24),
)


def test_short_way_by_hand():
    """2 + 1 + 3 + 1 + 8 + 8 visits, all from home."""
    found = follow([20], CART)
    assert found[TRIPS] == found[FROM_HOME] == 23
    assert found[MINUTES] == 23 * 40
    assert found[KM] == 23 * 60
    assert nights(found) == 0


def test_middle_way_by_hand():
    """2 visits, a day of collection, one stay of 3 + 1 + 8 days, home, 8 visits."""
    found = follow([100], CART)
    assert found[TRIPS] == 2 + 1 + 1 + 8
    assert found[STAYS] == 1 + 12
    assert found[FROM_HOME] == 10
    assert nights(found) == 13


def test_far_way_by_hand():
    """The stay goes on to day 14; of the 8 visits of days 8 to 24, 3 fall in days 8 to 14."""
    found = follow([130], CART)
    assert found[STAYS] == 1 + 12 + 6
    assert found[FROM_HOME] == 2 + 5
    assert found[TRIPS] == 2 + 1 + 1 + 5
    assert found[OVERNIGHTS] == 0
    beyond = follow([241], CART)
    assert beyond[OVERNIGHTS] == 7
    assert nights(beyond) == 19 + 7


def test_limits_are_within():
    assert follow([30], CART)[STAYS] == 0
    assert follow([120], CART)[STAYS] == 13
    assert follow([240], CART)[OVERNIGHTS] == 0


def test_hospital_by_hand():
    phases = (Phase(ADMITTED, 0, 10), Phase(ADMITTED, 0, 5, after=True), Phase(NEARBY, 0, 14))
    near, far = follow([30], phases), follow([121], phases)
    assert (near[TRIPS], near[ADMITTED_NEAR], near[ADMITTED_FAR]) == (15, 15, 0)
    assert (far[TRIPS], far[ADMITTED_NEAR], far[ADMITTED_FAR], far[STAYS]) == (1, 0, 15, 9)


def test_rounds_are_stays_of_their_own():
    found = follow([60], (Phase(DAYS, 0, 2.5, times=2),))
    assert (found[TRIPS], found[STAYS]) == (2, 5)


def test_held_near_the_infusion_when_far_from_it():
    phases = (
        Phase(DAYS, 0, 1),
        Phase(DAYS, 1, 7, after=True, held=0),
        Phase(NEARBY, 0, 14),
        Phase(VISITS, 1, 2),
    )
    close = follow([110, 10], phases)
    assert (close[TRIPS], close[STAYS], close[FROM_HOME]) == (1 + 7 + 2, 1, 9)
    assert close[MINUTES] == 2 * (110 + 9 * 10)
    far = follow([130, 10], phases)
    assert (far[TRIPS], far[STAYS], far[FROM_HOME]) == (1 + 2, 1 + 14, 2)
    assert far[MINUTES] == 2 * (130 + 2 * 10)


def test_unreachable_and_no_data():
    phases = (Phase(VISITS, 0, 1), Phase(VISITS, 1, 1))
    assert np.isinf(follow([np.inf, 5], phases)).all()
    assert np.isinf(follow([5, np.inf], phases)).all()
    assert np.isnan(follow([np.inf, np.nan], phases)).all()
    assert np.isfinite(follow([5, np.inf], (Phase(VISITS, 0, 1), Phase(VISITS, 1, 0)))).all()


class Patient:
    """Goes through a course day by day, with whole counts."""

    def __init__(self, minutes, rules):
        self.minutes, self.rules = minutes, rules
        self.trips, self.away, self.road = 0, 0, 0.0
        self.at, self.since, self.nearby = None, 0, 0

    def goes(self, place):
        self.trips += 1
        self.road += 2 * self.minutes[place]

    def lodges(self, place):
        if self.at != place:
            self.goes(place)
        self.at = place
        self.away += 1

    def stays_nearby(self, place, days):
        for day in range(self.since, days):
            if self.minutes[place] > self.rules.radius:
                self.lodges(place)
                self.nearby = day + 1

    def visits(self, place, count, until):
        for visit in range(count):
            day = self.since + visit * (until - self.since) / count
            if until > self.since and day < self.nearby:
                continue
            self.goes(place)
            self.away += self.minutes[place] > self.rules.day_trip
        self.at = None if count else self.at

    def is_there_daily(self, place, days, after):
        for _ in range(days):
            if self.minutes[place] <= self.rules.daily:
                self.goes(place)
                self.at = None
            else:
                self.lodges(place)
            self.since += after

    def through(self, phase):
        if phase.count == 0:
            return
        place = phase.place
        if phase.held >= 0 and self.minutes[phase.held] > self.rules.radius:
            place = phase.held
        self.at = None if phase.apart else self.at
        if phase.kind == NEARBY:
            self.stays_nearby(place, int(phase.count))
        elif phase.kind == VISITS:
            self.visits(place, int(phase.count), phase.until)
        else:
            self.is_there_daily(place, int(phase.count), phase.after)


def slowly(minutes, phases, rules):
    patient = Patient(minutes, rules)
    for phase in phases:
        patient.through(phase)
    return patient.trips, patient.away, patient.road


KINDS = st.sampled_from([VISITS, DAYS, ADMITTED])
PHASES = st.lists(
    st.builds(
        Phase,
        KINDS,
        st.integers(0, 2),
        st.integers(0, 6).map(float),
        after=st.booleans(),
        apart=st.booleans(),
    ).map(lambda p: p if p.kind != VISITS else Phase(VISITS, p.place, p.count)),
    min_size=1,
    max_size=7,
)
WAYS = st.lists(
    st.sampled_from([5.0, 30.0, 31.0, 90.0, 120.0, 150.0, 240.0, 300.0]), min_size=3, max_size=3
)


@given(PHASES, WAYS, st.integers(0, 20), st.integers(0, 2))
def test_against_the_slow_follower(phases, ways, days, place):
    course = (*phases, Phase(NEARBY, place, days), Phase(VISITS, place, 2))
    found = follow(ways, course)
    trips, away, road = slowly(ways, course, RULES)
    assert found[TRIPS] == trips
    assert nights(found) == away
    assert found[MINUTES] == pytest.approx(road)
    assert found[KM] == pytest.approx(1.5 * road)


@given(st.integers(1, 6), st.integers(1, 10))
def test_spread_visits_against_the_slow_follower(covered, more):
    """One visit a day: those of the days nearby need no trip."""
    course = (
        Phase(DAYS, 0, 2, after=True),
        Phase(NEARBY, 0, 2 + covered),
        Phase(VISITS, 0, covered + more, until=2 + covered + more),
    )
    assert slowly([150], course, RULES)[0] == 1 + more
    assert follow([150], course)[TRIPS] == pytest.approx(1 + more)


@given(PHASES, WAYS)
def test_ways_scale_and_areas_are_apart(phases, ways):
    column = np.array(ways)[:, None]
    both = np.hstack([column, np.full((3, 1), 10.0)])
    alone = journey(column, column, tuple(phases), RULES)
    beside = journey(both, both, tuple(phases), RULES)
    longer = journey(column, 3 * column, tuple(phases), RULES)
    np.testing.assert_array_equal(beside[:, :1], alone)
    np.testing.assert_allclose(longer[KM], 3 * alone[KM])
    assert alone.shape == (len(AMOUNTS), 1)


def test_nearer_takes_the_first_of_equals_and_what_is_known():
    minutes = np.array([[10.0, 10.0, np.nan, np.inf, 5.0], [10.0, 5.0, 7.0, np.nan, np.inf]])
    way, length = nearer(0, 1, minutes, minutes * np.array([[1.0], [2.0]]))
    np.testing.assert_array_equal(way, [10.0, 5.0, 7.0, np.inf, 5.0])
    np.testing.assert_array_equal(length, [10.0, 10.0, 14.0, np.inf, 5.0])


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        (Phase(VISITS, 0, -1.0), "finite and not negative"),
        (Phase(VISITS, 3, 1.0), "no such place"),
        (Phase(9, 0, 1.0), "no such kind"),
        (Phase(VISITS, 0, 1.0, times=np.nan), "finite and not negative"),
    ],
)
def test_bad_phases_are_refused(phase, words):
    with pytest.raises(InputError, match=words):
        follow([10.0], (phase,))


def test_bad_ways_and_rules_are_refused():
    with pytest.raises(InputError, match="negative"):
        follow([-1.0], CART)
    with pytest.raises(InputError, match="daily must not"):
        follow([1.0], CART, Rules(np.nan, 1.0, 1.0))
    with pytest.raises(InputError, match="shapes differ"):
        journey(np.ones((1, 2)), np.ones((1, 3)), CART, RULES)
