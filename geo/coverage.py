"""Who is covered, within what, and how sure that is.

A person is *covered* when the impedance (minutes or km) from home to the nearest site is at most
the threshold, boundary included. ``inf`` is *unreachable*, ``nan`` is *no data*; anything else
beyond the threshold is *uncovered*. Formulas: docs/methods.md, sections Coverage and Uncertainty.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.results import STATES, CoverageResult, CurveResult, DistributionResult, Floats
from geo.uncertainty import (
    Uncertainty,
    band,
    histogram_moments,
    probability_within,
    shifted,
    trip_errors,
)
from geo.validate import Problems, floats

EXACT_PAIRS: Final = 250_000
"""Up to this many (row, threshold) pairs a curve's band is evaluated row by row."""


def coverage(
    impedance: ArrayLike,
    persons: ArrayLike,
    *,
    threshold: float,
    group: NDArray[np.intp] | None = None,
    n_groups: int | None = None,
    uncertainty: Uncertainty | None = None,
) -> CoverageResult:
    r"""Count the people within a threshold of the nearest site, by group.

    .. math::  share = \sum_i p_i [t_i \le T] \, / \sum_i p_i [t_i \text{ not nan}]

    Parameters
    ----------
    impedance : array_like, shape (n,)
        Minutes or km to the nearest site, >= 0; inf unreachable, nan no data.
    persons : array_like, shape (n,)
        Finite, >= 0. Whole numbers are counted exactly.
    threshold : float
        In the unit of the impedance, > 0 and finite.
    group : ndarray of int, shape (n,), optional
        Code of each row's group, 0 to n_groups - 1; one group when left out.
    n_groups : int, optional
        By default the largest code plus one. Groups without rows get zeros and nan shares.
    uncertainty : Uncertainty, optional
        Errors for the band; without it the band has no width.

    Returns
    -------
    CoverageResult
        Arrays of shape (n_groups,). Empty input gives zeros with nan shares.

    Raises
    ------
    InputError
        Listing every problem: lengths, dimensions, negative or missing values, codes.

    Examples
    --------
    >>> result = coverage([30.0, 60.0, 90.0, np.inf, np.nan], [1, 2, 3, 4, 5], threshold=60)
    >>> result.covered[0], result.uncovered[0], result.unreachable[0], result.no_data[0]
    (np.float64(3.0), np.float64(3.0), np.float64(4.0), np.float64(5.0))
    >>> result.share_covered.tolist()
    [0.3]
    """
    minutes, people = floats(impedance), floats(persons)
    codes = np.zeros(minutes.shape, dtype=np.intp) if group is None else np.asarray(group)
    if n_groups is None:
        n_groups = 1 if group is None else int(codes.max(initial=-1)) + 1
    problems = _problems(minutes, people, 1, uncertainty).threshold(threshold)
    problems.lengths(impedance=minutes, group=codes).groups(codes, n_groups).raise_if_any()

    cell = codes * len(STATES) + _states(minutes, threshold)
    counts = _sums(cell, people, n_groups * len(STATES)).reshape(n_groups, len(STATES))
    if uncertainty is None or uncertainty.is_zero:
        return _result(threshold, counts, None)

    trips = _Trips.of(minutes, uncertainty)
    people, codes = people[trips.rows], codes[trips.rows]
    slow, middle, fast = trips.within(threshold)
    weight, noise, at = trips.independent(people[:, None], middle, codes, n_groups)
    moments = _Moments(
        expected=_sums(codes, people * middle, n_groups),
        expected_slow=_sums(codes, people * slow, n_groups),
        expected_fast=_sums(codes, people * fast, n_groups),
        variance=_sums(at, weight[:, 0] ** 2 * noise, n_groups),
    )
    return _result(threshold, counts, moments)


def coverage_of_columns(
    impedance: ArrayLike,
    persons: ArrayLike,
    *,
    threshold: float,
    uncertainty: Uncertainty | None = None,
) -> CoverageResult:
    """Count the people within a threshold for groups that live in the same areas.

    Each column is a group of its own (persons of one race, households without a vehicle, ...).
    Columns may overlap. Equal to :func:`coverage` of each column, in one pass.

    Parameters
    ----------
    impedance : array_like, shape (n,)
        Minutes or km to the nearest site, >= 0; inf unreachable, nan no data.
    persons : array_like, shape (n, k)
        Finite, >= 0; see :func:`geo.equity.split_persons`.
    threshold : float
        In the unit of the impedance, > 0 and finite.
    uncertainty : Uncertainty, optional
        Errors for the band.

    Returns
    -------
    CoverageResult
        Arrays of shape (k,).

    Raises
    ------
    InputError
        As :func:`coverage`.

    Examples
    --------
    >>> coverage_of_columns([30, 90], [[8, 1], [2, 9]], threshold=60).share_covered.tolist()
    [0.8, 0.1]
    """
    minutes, people = floats(impedance), floats(persons)
    _problems(minutes, people, 2, uncertainty).threshold(threshold).raise_if_any()
    # One matrix product for all sums; those of whole numbers stay exact.
    state = _states(minutes, threshold)
    parts = [(state == i).astype(np.float64) for i in range(len(STATES))]
    if uncertainty is None or uncertainty.is_zero:
        return _result(threshold, (np.stack(parts) @ people).T, None)

    trips = _Trips.of(minutes, uncertainty)
    probabilities = trips.within(threshold)
    for probability in probabilities:
        part = np.zeros(minutes.shape)
        part[trips.rows] = probability
        parts.append(part)
    sums = np.stack(parts) @ people
    one_group = np.zeros(trips.rows.size, dtype=np.intp)
    weight, noise, _ = trips.independent(people[trips.rows], probabilities[1], one_group, 1)
    moments = _Moments(
        expected=sums[5], expected_slow=sums[4], expected_fast=sums[6], variance=noise @ weight**2
    )
    return _result(threshold, sums[:4].T, moments)


def coverage_curve(
    impedance: ArrayLike,
    persons: ArrayLike,
    *,
    thresholds: ArrayLike,
    uncertainty: Uncertainty | None = None,
) -> CurveResult:
    """Coverage of one population at many thresholds.

    The same persons and shares as :func:`coverage` at each threshold, from one sort. The band is
    the same too for up to ``EXACT_PAIRS`` pairs of row and threshold; beyond, rows are first
    gathered into a fine histogram, which moves the ends of the band by less than 0.001.

    Parameters
    ----------
    impedance : array_like, shape (n,)
        Minutes or km to the nearest site, >= 0; inf unreachable, nan no data.
    persons : array_like, shape (n,)
        Finite, >= 0.
    thresholds : array_like, shape (k,)
        In the unit of the impedance, each > 0 and finite, in any order.
    uncertainty : Uncertainty, optional
        Errors for the band.

    Returns
    -------
    CurveResult
        Arrays of shape (k,).

    Raises
    ------
    InputError
        As :func:`coverage`.

    Examples
    --------
    >>> coverage_curve([30, 60, 90], [1, 2, 1], thresholds=[30, 60, 89]).share_covered.tolist()
    [0.25, 0.75, 0.75]
    """
    minutes, people, limits = floats(impedance), floats(persons), floats(thresholds)
    problems = _problems(minutes, people, 1, uncertainty).dimensions("thresholds", limits, 1)
    problems.thresholds(limits).raise_if_any()

    rows = np.flatnonzero(np.isfinite(minutes))
    order = rows[np.argsort(minutes[rows])]
    running = np.concatenate([[0.0], np.cumsum(people[order])])
    covered = running[np.searchsorted(minutes[order], limits, side="right")]
    unreachable = float(people[np.isposinf(minutes)].sum())
    no_data = float(people[np.isnan(minutes)].sum())
    counts = np.empty((limits.size, len(STATES)))
    counts[:, 0], counts[:, 1] = covered, running[-1] - covered
    counts[:, 2], counts[:, 3] = unreachable, no_data

    moments = None
    if uncertainty is not None and not uncertainty.is_zero:
        moments = _curve_moments(_Trips.of(minutes, uncertainty), people, limits)
    result = _result(np.nan, counts, moments)
    return CurveResult(
        thresholds=limits,
        population=float(running[-1]) + unreachable + no_data,
        unreachable=unreachable,
        no_data=no_data,
        covered=result.covered,
        uncovered=result.uncovered,
        share_covered=result.share_covered,
        share_low=result.share_low,
        share_high=result.share_high,
    )


def travel_distribution(
    impedance: ArrayLike, persons: ArrayLike, *, edges: ArrayLike
) -> DistributionResult:
    """Count people in bins of travel time or distance.

    Parameters
    ----------
    impedance : array_like, shape (n,)
        Minutes or km to the nearest site, >= 0; inf unreachable, nan no data.
    persons : array_like, shape (n,)
        Finite, >= 0.
    edges : array_like, shape (k + 1,)
        At least two, finite, strictly increasing, in the unit of the impedance.

    Returns
    -------
    DistributionResult
        k bins, open below and closed above; the first is closed on both sides.

    Raises
    ------
    InputError
        As :func:`coverage`, or edges not increasing.

    Examples
    --------
    >>> travel_distribution([0, 30, 31, np.inf], [1, 2, 4, 8], edges=[0, 30, 60]).persons.tolist()
    [3.0, 4.0]
    """
    minutes, people, bounds = floats(impedance), floats(persons), floats(edges)
    problems = _problems(minutes, people, 1, None).dimensions("edges", bounds, 1)
    if bounds.size < 2 or not (np.isfinite(bounds).all() and (np.diff(bounds) > 0).all()):  # noqa: PLR2004 - two edges make a bin
        problems.add("edges must be at least two, finite and strictly increasing")
    problems.raise_if_any()

    finite = np.isfinite(minutes)
    # 0: nearer than the first edge; 1 to k: the bins; k + 1: beyond the last edge.
    slot = np.searchsorted(bounds, minutes[finite], side="left")
    slot = np.where(minutes[finite] == bounds[0], 1, slot)
    counts = _sums(slot, people[finite], bounds.size + 1)
    unreachable = float(people[np.isposinf(minutes)].sum())
    no_data = float(people[np.isnan(minutes)].sum())
    return DistributionResult(
        edges=bounds,
        persons=counts[1:-1],
        below=float(counts[0]),
        above=float(counts[-1]),
        unreachable=unreachable,
        no_data=no_data,
        population=float(counts.sum()) + unreachable + no_data,
    )


def _problems(
    minutes: Floats, people: Floats, people_ndim: int, uncertainty: Uncertainty | None
) -> Problems:
    """Check what all questions have in common; nothing is raised here."""
    problems = Problems().dimensions("impedance", minutes, 1)
    problems.dimensions("persons", people, people_ndim).lengths(impedance=minutes, persons=people)
    problems.impedance(minutes).persons(people)
    if uncertainty is not None:
        problems.lengths(
            impedance=minutes,
            **{"uncertainty.centroid": uncertainty.centroid, "uncertainty.trip": uncertainty.trip},
        )
    return problems


def _states(minutes: Floats, threshold: float) -> NDArray[np.intp]:
    """Position in STATES of each row; nan compares false and so must be asked first."""
    state: NDArray[np.intp] = np.where(
        np.isnan(minutes),
        3,
        np.where(np.isposinf(minutes), 2, np.where(minutes <= threshold, 0, 1)),
    )
    return state


def _sums(codes: NDArray[np.intp], weights: Floats, size: int) -> Floats:
    """Sum weights by code; float also when there is nothing to sum."""
    return np.asarray(np.bincount(codes, weights, size), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _Moments:
    """Sums over the rows of a group under the trip errors, in persons (squared for the last)."""

    expected: Floats
    expected_slow: Floats
    expected_fast: Floats
    variance: Floats


def _result(threshold: float, counts: Floats, moments: _Moments | None) -> CoverageResult:
    """Turn persons by state, shape (g, 4), and moments into shares with a band."""
    covered, uncovered, unreachable, no_data = counts.T
    known = counts[:, :3].sum(axis=1)

    def share(persons: Floats) -> Floats:
        out: Floats = np.full(known.shape, np.nan)
        np.divide(persons, known, out=out, where=known > 0)
        return out

    share_covered = share(covered)
    low = high = share_covered
    if moments is not None:
        low, high = band(
            share_covered,
            expected=share(moments.expected),
            expected_slow=share(moments.expected_slow),
            expected_fast=share(moments.expected_fast),
            sd=share(np.sqrt(moments.variance)),
            reachable=share(covered + uncovered),
        )
    return CoverageResult(
        threshold=float(threshold),
        population=counts.sum(axis=1),
        covered=covered,
        uncovered=uncovered,
        unreachable=unreachable,
        no_data=no_data,
        share_covered=share_covered,
        share_low=low,
        share_high=high,
    )


@dataclass(frozen=True, slots=True)
class _Trips:
    """The rows with a finite impedance, and the errors of their trips."""

    rows: NDArray[np.intp]
    location: Floats
    sigma: Floats
    trip: NDArray[np.intp] | None
    uncertainty: Uncertainty

    @classmethod
    def of(cls, minutes: Floats, uncertainty: Uncertainty) -> "_Trips":
        rows = np.flatnonzero(np.isfinite(minutes))
        centroid = None if uncertainty.centroid is None else uncertainty.centroid[rows]
        location, sigma = trip_errors(
            minutes[rows], trip_sigma=uncertainty.trip_sigma, centroid=centroid
        )
        trip = uncertainty.trip
        if trip is not None:
            one_of = np.full(minutes.size, np.nan)
            one_of[trip] = minutes
            problem = "impedance differs from that of another row of the same trip"
            same = (one_of[trip] == minutes) | (np.isnan(one_of[trip]) & np.isnan(minutes))
            Problems().where(~same, problem).raise_if_any()
            trip = trip[rows]
        return cls(rows, location, sigma, trip, uncertainty)

    def within(self, threshold: float) -> tuple[Floats, Floats, Floats]:
        """Probability of each trip to be within the threshold: slow, as computed, fast."""
        slow, middle, fast = shifted(threshold, self.uncertainty)
        at_middle = probability_within(self.location, self.sigma, middle)
        if self.uncertainty.systematic_sigma == 0:
            return at_middle, at_middle, at_middle
        return (
            probability_within(self.location, self.sigma, slow),
            at_middle,
            probability_within(self.location, self.sigma, fast),
        )

    def independent(
        self,
        people: Floats,
        probability: Floats,
        codes: NDArray[np.intp],
        n_groups: int,
    ) -> tuple[Floats, Floats, NDArray[np.intp]]:
        """Persons (n', k), variance q(1 - q) and group of each independent uncertain trip."""
        noise = probability * (1 - probability)
        if self.trip is None:
            return people, noise, codes
        live = np.flatnonzero(noise > 0)
        key = self.trip[live] * n_groups + codes[live]
        order = np.argsort(key, kind="stable")
        key, live = key[order], live[order]
        start = np.flatnonzero(np.diff(key, prepend=-1))
        people = people[live]
        if start.size:
            people = np.add.reduceat(people, start, axis=0)
        return people, noise[live[start]], codes[live[start]]

    def squared_persons(self, people: Floats) -> Floats:
        """Square of each trip's persons on one of its rows, 0 on its others, shape (n,)."""
        if self.trip is None:
            return people**2
        index = np.arange(self.trip.size)
        total = _sums(self.trip, people, 0)
        last = np.zeros(total.size, dtype=np.intp)
        last[self.trip] = index
        return np.where(last[self.trip] == index, total[self.trip] ** 2, 0.0)


def _curve_moments(trips: _Trips, people: Floats, limits: Floats) -> _Moments:
    """Sum up for the band at each threshold: row by row when few, by histogram when many."""
    persons = people[trips.rows]
    squares = trips.squared_persons(persons)
    if persons.size * limits.size <= EXACT_PAIRS:
        sums = np.empty((4, limits.size))
        for j, limit in enumerate(limits):
            slow, middle, fast = trips.within(float(limit))
            sums[:, j] = (
                persons @ middle,
                persons @ slow,
                persons @ fast,
                squares @ (middle * (1 - middle)),
            )
        return _Moments(*sums)
    slow_limits, _, fast_limits = shifted(limits, trips.uncertainty)
    expected, variance = histogram_moments(
        trips.location, trips.sigma, persons, squares, np.stack([limits, slow_limits, fast_limits])
    )
    return _Moments(expected[0], expected[1], expected[2], variance[0])
