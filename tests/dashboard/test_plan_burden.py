"""What ways cost: the short form of courses of care against the journey itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import journey_courses, plan_burden
from dashboard.plan_burden import COURSE_THERAPIES, SAVINGS, Saving
from data import load
from geo import burden, journeys

VALUES = {
    bound: journey_courses.values_of(load.journey_parameters(), bound)
    for bound in ("low", "central", "high")
}


@given(
    ways=st.lists(
        st.tuples(
            st.one_of(st.sampled_from([0.0, 30.0, 120.0, 240.0]), st.floats(0, 400)),
            st.floats(0, 500),
        ),
        min_size=1,
        max_size=6,
    ),
    persons=st.lists(st.floats(0, 50), min_size=5, max_size=5),
    bound=st.sampled_from(["low", "central", "high"]),
    limits=st.tuples(st.floats(0, 300), st.floats(0, 300), st.floats(0, 300)),
    own=st.booleans(),
    saving=st.sampled_from(SAVINGS),
)
@settings(max_examples=40, deadline=None)
def test_a_way_costs_what_its_journey_takes(
    ways: list[tuple[float, float]],
    persons: list[float],
    bound: str,
    limits: tuple[float, float, float],
    own: bool,
    saving: Saving,
) -> None:
    values = dict(VALUES[bound])
    if own:
        values |= dict(zip(("daily_limit", "radius", "day_trip"), limits, strict=True))
    minutes, km = np.array(ways).T
    patients = {c: np.array([p]) for c, p in zip(COURSE_THERAPIES, persons, strict=True)}
    found = plan_burden.worth_of(patients, values, saving).of(
        np.zeros(len(ways), np.int64), minutes, km
    )
    expected = np.zeros(len(ways))
    for course, count in patients.items():
        amounts = journeys.journey(
            np.tile(minutes, (3, 1)),
            np.tile(km, (3, 1)),
            journey_courses.phases(course, "hub", values),
            journey_courses.rules_of(values),
        )
        each = amounts[journeys.MINUTES] / 60
        if saving == "dollars":
            each = burden.cost(amounts, journey_courses.prices_of(values)).sum(axis=0)
        expected += count * each
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_ways_not_known_stay_so() -> None:
    minutes, km = plan_burden.counted_way(np.array([np.nan]), np.array([np.nan]), 300.0)
    assert np.isnan(minutes).all()
    assert np.isnan(km).all()


def test_every_therapy_has_its_courses() -> None:
    assert set(COURSE_THERAPIES.values()) == set(journey_courses.THERAPIES)
    assert set(COURSE_THERAPIES) == set(journey_courses.STEPS)
