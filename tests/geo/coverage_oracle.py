"""Slow, independent answers in plain Python loops, and random inputs to ask both about."""

import math

import numpy as np
from hypothesis import strategies as st

from geo.uncertainty import Uncertainty

Z = 1.645


def count_states(impedance, persons, threshold):
    """(covered, uncovered, unreachable, no_data) of one group."""
    states = [0, 0, 0, 0]
    for t, p in zip(impedance, persons, strict=True):
        if math.isnan(t):
            states[3] += p
        elif t == math.inf:
            states[2] += p
        elif t <= threshold:
            states[0] += p
        else:
            states[1] += p
    return tuple(states)


def normal_cdf(x):
    # erfc, not 1 + erf: a chance of 1e-16 is a band of 1e-8.
    return math.erfc(-x / math.sqrt(2)) / 2


def within(t, c, trip_sigma, threshold):
    """Probability that one trip is within the threshold."""
    location = max(t, c)
    sigma = math.sqrt(trip_sigma**2 + (c / location) ** 2) if location > 0 else trip_sigma
    if location == 0:
        return 1.0
    if sigma < 0.001:
        return 1.0 if location <= threshold else 0.0
    return normal_cdf((math.log(threshold) - math.log(location)) / sigma)


def slow_band(impedance, persons, threshold, uncertainty):
    """(low, high) of one group, by the formulas of docs/methods.md."""
    covered, uncovered, unreachable, _ = count_states(impedance, persons, threshold)
    known = covered + uncovered + unreachable
    if known == 0:
        return math.nan, math.nan
    share = covered / known
    rows = [i for i, t in enumerate(impedance) if math.isfinite(t)]
    centroid = uncertainty.centroid
    spread = [0.0] * len(impedance) if centroid is None else [float(c) for c in centroid]
    trips = range(len(impedance)) if uncertainty.trip is None else uncertainty.trip

    def expected(limit):
        return (
            sum(
                persons[i] * within(impedance[i], spread[i], uncertainty.trip_sigma, limit)
                for i in rows
            )
            / known
        )

    factor = math.exp(Z * uncertainty.systematic_sigma)
    middle, slow, fast = (
        expected(threshold),
        expected(threshold / factor),
        expected(threshold * factor),
    )
    together = {}
    chance = {}
    for i in rows:
        trip = int(trips[i])
        together[trip] = together.get(trip, 0) + persons[i]
        chance[trip] = within(impedance[i], spread[i], uncertainty.trip_sigma, threshold)
    variance = sum(p**2 * chance[k] * (1 - chance[k]) for k, p in together.items())
    independent = Z * math.sqrt(max(variance, 0.0)) / known
    low = middle - math.hypot(middle - slow, independent)
    high = middle + math.hypot(fast - middle, independent)
    return max(0.0, min(low, share)), min((covered + uncovered) / known, max(high, share))


# Whole and broken minutes, equal ones, the threshold itself, islands, gaps.
impedances = st.one_of(
    st.integers(0, 120).map(float),
    st.floats(0, 400, allow_subnormal=False),
    st.sampled_from([60.0, math.inf, math.nan]),
)


@st.composite
def populations(draw, min_size=0, max_size=25):
    """(impedance, persons) of some areas."""
    size = draw(st.integers(min_size, max_size))
    minutes = draw(st.lists(impedances, min_size=size, max_size=size))
    persons = draw(st.lists(st.integers(0, 100_000), min_size=size, max_size=size))
    return np.array(minutes, dtype=float), np.array(persons, dtype=float)


@st.composite
def uncertainties(draw, size):
    """Errors for `size` rows, with or without spread around the centroids."""
    sigma = st.one_of(st.just(0.0), st.floats(0.005, 0.5))
    spread = st.one_of(st.just(0.0), st.floats(0.01, 60))
    centroid = draw(st.one_of(st.none(), st.lists(spread, min_size=size, max_size=size)))
    return Uncertainty(
        systematic_sigma=draw(sigma),
        trip_sigma=draw(sigma),
        centroid=None if centroid is None else np.array(centroid, dtype=float),
    )
