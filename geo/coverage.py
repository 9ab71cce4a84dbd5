"""Who is covered, within what, and how sure that is.

A person is *covered* when the impedance (minutes or km) from home to the nearest site is at most
the threshold, boundary included. ``inf`` is *unreachable*, ``nan`` is *no data*; anything else
beyond the threshold is *uncovered*. Formulas: docs/methods.md, sections Coverage and Uncertainty.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.order import ascending
from geo.results import STATES, CoverageResult, CurveResult, DistributionResult, Floats
from geo.uncertainty import (
    Histogram,
    Uncertainty,
    band,
    probability_within,
    shifted,
    trip_errors,
)
from geo.validate import Problems, floats

WEIGHT_SLACK: Final = 1e-12
"""Share of all weight by which a running total may miss q: 0.1 of 10 persons is the first one,
although 0.1 is a little more than a tenth in binary."""

EXACT_ROWS: Final = 4_000
"""Up to this many trips a curve's band is evaluated row by row."""


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

    counts = _counts(minutes, people, threshold, codes, n_groups)
    if uncertainty is None or uncertainty.is_zero:
        return _result(threshold, counts, None)

    trips = _Trips.of(minutes, people[:, None], uncertainty, codes, n_groups)
    moments = trips.moments(trips.within(threshold), codes, n_groups)
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
    counts = np.stack([(state == i).astype(np.float64) for i in range(len(STATES))]) @ people
    if uncertainty is None or uncertainty.is_zero:
        return _result(threshold, counts.T, None)

    trips = _Trips.of(minutes, people, uncertainty)
    slow, middle, fast = trips.within(threshold)
    expected, expected_slow, expected_fast = np.stack([middle, slow, fast]) @ trips.people
    variance = (middle * (1 - middle)) @ trips.people**2
    return _result(threshold, counts.T, _Moments(expected, expected_slow, expected_fast, variance))


def coverage_curve(
    impedance: ArrayLike,
    persons: ArrayLike,
    *,
    thresholds: ArrayLike,
    uncertainty: Uncertainty | None = None,
) -> CurveResult:
    """Coverage of one population at many thresholds.

    The same persons and shares as :func:`coverage` at each threshold, from one sort. The band is
    the same too for up to ``EXACT_ROWS`` trips; more are first gathered into a fine histogram,
    which moves the ends of the band by less than 0.001.

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
    return CoverageCurve(impedance, persons, uncertainty).at(thresholds)


class CoverageCurve:
    """Coverage of one population as a function of the threshold: made once, asked many times.

    Parameters
    ----------
    impedance, persons : array_like, shape (n,)
        As in :func:`coverage_curve`.
    uncertainty : Uncertainty, optional
        Errors for the band.

    Raises
    ------
    InputError
        As :func:`coverage`.

    Examples
    --------
    >>> curve = CoverageCurve([30, 60, 90], [1, 2, 1])
    >>> curve.at([30, 60]).share_covered.tolist(), curve.quantile(0.5)
    ([0.25, 0.75], 60.0)
    """

    def __init__(
        self,
        impedance: ArrayLike,
        persons: ArrayLike,
        uncertainty: Uncertainty | None = None,
    ) -> None:
        minutes, people = floats(impedance), floats(persons)
        _problems(minutes, people, 1, uncertainty).raise_if_any()
        rows = np.flatnonzero(np.isfinite(minutes) & (people > 0))
        order = rows[ascending(minutes[rows])]
        self._sorted = minutes[order]
        self._running = np.concatenate([[0.0], np.cumsum(people[order])])
        self._unreachable = float(people[np.isposinf(minutes)].sum())
        self._no_data = float(people[np.isnan(minutes)].sum())
        self._minutes, self._people = minutes, people
        nothing = np.empty(0)
        self._last = 0.0, (nothing, nothing, nothing)  # threshold, and what it gave
        self.uncertainty = uncertainty
        self._trips: _Trips | None = None
        self._histogram: Histogram | None = None
        if uncertainty is None or uncertainty.is_zero:
            return
        trips = self._trips = _Trips.of(minutes, people[:, None], uncertainty)
        if trips.location.size > EXACT_ROWS:
            persons = trips.people[:, 0]
            self._histogram = Histogram.of(trips.location, trips.sigma, persons, persons**2)

    def quantile(self, q: float) -> float:
        """Travel within which a share q (0 to 1) lives; see `geo.equity.weighted_quantile`."""
        if not 0 <= q <= 1:
            Problems().add("q is outside 0 to 1").raise_if_any()
        known = self._running[-1] + self._unreachable
        if known == 0:
            return float("nan")
        target = (q - WEIGHT_SLACK) * known
        at = int(np.searchsorted(self._running[1:], target, side="left"))
        return float(self._sorted[at]) if at < self._sorted.size else float("inf")

    def at(self, thresholds: ArrayLike) -> CurveResult:
        """Coverage at thresholds, shape (k,), each > 0 and finite, in any order."""
        limits = floats(thresholds)
        problems = Problems().dimensions("thresholds", limits, 1)
        problems.thresholds(limits).raise_if_any()
        result = _result(np.nan, self._curve_counts(limits), self._moments(limits))
        return CurveResult(
            thresholds=limits,
            population=float(self._running[-1]) + self._unreachable + self._no_data,
            unreachable=self._unreachable,
            no_data=self._no_data,
            covered=result.covered,
            uncovered=result.uncovered,
            share_covered=result.share_covered,
            share_low=result.share_low,
            share_high=result.share_high,
        )

    def coverage(
        self, threshold: float, *, group: NDArray[np.intp] | None = None, n_groups: int = 1
    ) -> CoverageResult:
        """Coverage at one threshold, row by row; the same as :func:`coverage`.

        Parameters
        ----------
        threshold : float
            In the unit of the impedance, > 0 and finite.
        group : ndarray of int, shape (n,), optional
            Code of each row's group; rows of one trip must be of one group.
        n_groups : int, optional
            Number of groups.

        Returns
        -------
        CoverageResult
            Arrays of shape (n_groups,).
        """
        if group is None and n_groups == 1:
            return self._coverage_of_all(threshold)
        problems = Problems().threshold(threshold)
        codes = np.zeros(self._minutes.shape, dtype=np.intp) if group is None else group
        problems.lengths(impedance=self._minutes, group=codes).groups(codes, n_groups)
        problems.raise_if_any()
        if self.uncertainty is not None and self.uncertainty.trip is not None:
            apart = codes[_first_rows(self.uncertainty.trip)] != codes
            problems.where(apart, "rows of one trip are of several groups").raise_if_any()
        counts = _counts(self._minutes, self._people, threshold, codes, n_groups)
        if self._trips is None:
            return _result(threshold, counts, None)
        moments = self._trips.moments(self._within(self._trips, threshold), codes, n_groups)
        return _result(threshold, counts, moments)

    def _coverage_of_all(self, threshold: float) -> CoverageResult:
        """Coverage of one group: counts from the running total, sums without codes."""
        Problems().threshold(threshold).raise_if_any()
        counts = self._curve_counts(np.array([threshold], dtype=np.float64))
        if self._trips is None:
            return _result(threshold, counts, None)
        moments = self._trips.moments_of_all(self._within(self._trips, threshold))
        return _result(threshold, counts, moments)

    def _within(self, trips: "_Trips", threshold: float) -> tuple[Floats, Floats, Floats]:
        """Probabilities at a threshold; the last ones are kept."""
        at, within = self._last  # replaced whole: several threads may ask
        if at != threshold:
            within = trips.within(threshold)
            self._last = threshold, within
        return within

    def _curve_counts(self, limits: Floats) -> Floats:
        """Persons by state at each threshold, shape (k, 4)."""
        covered = self._running[np.searchsorted(self._sorted, limits, side="right")]
        counts = np.empty((limits.size, len(STATES)))
        counts[:, 0], counts[:, 1] = covered, self._running[-1] - covered
        counts[:, 2], counts[:, 3] = self._unreachable, self._no_data
        return counts

    def _moments(self, limits: Floats) -> "_Moments | None":
        """Sum up for the band at each threshold: row by row when few, by histogram when many."""
        trips = self._trips
        if trips is None:
            return None
        slow, middle, fast = shifted(limits, trips.uncertainty)
        if self._histogram is not None:
            expected, variance = self._histogram.moments(middle)
            if trips.uncertainty.systematic_sigma == 0:
                return _Moments(expected, expected, expected, variance)
            beside = self._histogram.expected(np.concatenate([slow, fast]))
            return _Moments(expected, beside[: limits.size], beside[limits.size :], variance)
        each = [trips.moments_of_all(trips.within(float(limit))) for limit in limits]
        return _Moments(
            **{
                name: np.array([getattr(one, name)[0] for one in each], dtype=np.float64)
                for name in _Moments.__slots__
            }
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


def _counts(
    minutes: Floats, people: Floats, threshold: float, codes: NDArray[np.intp], n_groups: int
) -> Floats:
    """Persons by state of every group, shape (n_groups, 4)."""
    cell = codes * len(STATES) + _states(minutes, threshold)
    return _sums(cell, people, n_groups * len(STATES)).reshape(n_groups, len(STATES))


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
    """Trips with a finite impedance and their errors, one row for each trip of a group."""

    rows: NDArray[np.intp]  # first row of each
    location: Floats
    sigma: Floats
    people: Floats  # shape (n, k)
    uncertainty: Uncertainty

    @classmethod
    def of(
        cls,
        minutes: Floats,
        people: Floats,
        uncertainty: Uncertainty,
        codes: NDArray[np.intp] | None = None,
        n_groups: int = 1,
    ) -> "_Trips":
        """Gather rows of one trip and group; people of shape (n, k)."""
        if codes is None:
            codes = np.zeros(minutes.shape, dtype=np.intp)
        rows = np.flatnonzero(np.isfinite(minutes))
        people = people[rows]
        if uncertainty.trip is not None:
            _require_one_impedance(minutes, uncertainty.trip)
            trip = uncertainty.trip[rows]
            first = _first_rows(trip)
            if (codes[rows[first]] != codes[rows]).any():
                _, key = np.unique(trip * n_groups + codes[rows], return_inverse=True)
                first = _first_rows(key)
            one = np.flatnonzero(first == np.arange(first.size))
            people = np.column_stack([_sums(first, column, 0)[one] for column in people.T])
            rows = rows[one]
        centroid = None if uncertainty.centroid is None else uncertainty.centroid[rows]
        location, sigma = trip_errors(
            minutes[rows], trip_sigma=uncertainty.trip_sigma, centroid=centroid
        )
        return cls(rows, location, sigma, people, uncertainty)

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

    def moments(
        self, within: tuple[Floats, Floats, Floats], codes: NDArray[np.intp], n_groups: int
    ) -> _Moments:
        """Sum up by group; people of shape (n, 1), codes of all rows."""
        slow, middle, fast = within
        persons, group = self.people[:, 0], codes[self.rows]
        return _Moments(
            expected=_sums(group, persons * middle, n_groups),
            expected_slow=_sums(group, persons * slow, n_groups),
            expected_fast=_sums(group, persons * fast, n_groups),
            variance=_sums(group, persons**2 * middle * (1 - middle), n_groups),
        )

    def moments_of_all(self, within: tuple[Floats, Floats, Floats]) -> _Moments:
        """Sum up all trips as one group; people of shape (n, 1)."""
        slow, middle, fast = within
        persons = self.people[:, 0]
        # Not as products of vectors: those wake a second thread, which then waits busily.
        expected, expected_slow, expected_fast = (
            np.atleast_1d((persons * probability).sum()) for probability in (middle, slow, fast)
        )
        variance = np.atleast_1d((persons**2 * middle * (1 - middle)).sum())
        return _Moments(expected, expected_slow, expected_fast, variance)


def _require_one_impedance(minutes: Floats, trip: NDArray[np.intp]) -> None:
    one_of = np.full(minutes.size, np.nan)
    one_of[trip] = minutes
    problem = "impedance differs from that of another row of the same trip"
    same = (one_of[trip] == minutes) | (np.isnan(one_of[trip]) & np.isnan(minutes))
    Problems().where(~same, problem).raise_if_any()


def _first_rows(codes: NDArray[np.intp]) -> NDArray[np.intp]:
    """First row that has the code of each row."""
    first = np.zeros(codes.max(initial=-1) + 1, dtype=np.intp)
    first[codes[::-1]] = np.arange(codes.size)[::-1]
    return first[codes]
