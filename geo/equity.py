"""Percentiles of travel and groups of people: who is far away.

The weighted quantile is the inverse of the weighted distribution function: the smallest value
within which at least the share q of the people live. It agrees with coverage by construction:
the people covered within the median are at least half.
"""

from typing import Final, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.coverage import WEIGHT_SLACK, CoverageCurve, coverage, coverage_of_columns
from geo.order import ascending
from geo.results import CoverageResult, Floats, GroupSummary, QuantileBand
from geo.uncertainty import BAND_Z, Uncertainty
from geo.validate import Problems, floats

SUMMARY_QUANTILES: Final = (0.1, 0.5, 0.9)

BAND_PRECISION: Final = 0.001
"""Of the ends of a percentile's band, in logs."""

BAND_STRIDE: Final = 0.05
"""How far from the percentile an end is looked for first, in logs."""


@overload
def weighted_quantile(values: ArrayLike, weights: ArrayLike, q: float) -> float: ...
@overload
def weighted_quantile(values: ArrayLike, weights: ArrayLike, q: Floats) -> Floats: ...
def weighted_quantile(values: ArrayLike, weights: ArrayLike, q: float | Floats) -> float | Floats:
    r"""Smallest value within which at least a share q of the weight lies.

    .. math::  Q(q) = \min \{ v : \textstyle\sum_{t_i \le v} w_i \ge q \sum_i w_i \}

    For whole weights this is the quantile of the sample in which value i occurs w_i times
    (definition 1 of Hyndman and Fan, no interpolation) [1]_.

    Parameters
    ----------
    values : array_like, shape (n,)
        Minutes, km, dollars, ...; inf counts as larger than anything, nan is left out.
    weights : array_like, shape (n,)
        Finite, >= 0.
    q : float or ndarray
        0 to 1.

    Returns
    -------
    float or ndarray
        nan when no weight is left; inf when that much weight is at inf.

    Raises
    ------
    InputError
        Listing every problem.

    References
    ----------
    .. [1] Hyndman & Fan (1996), doi:10.1080/00031305.1996.10473566

    Examples
    --------
    >>> weighted_quantile([10.0, 20.0, np.inf], [5, 4, 1], 0.5)
    10.0
    >>> weighted_quantile([10.0, 20.0, np.inf], [5, 4, 1], np.array([0.51, 0.95])).tolist()
    [20.0, inf]
    """
    amounts, people = floats(values), floats(weights)
    shares = np.atleast_1d(floats(q))
    group = np.zeros(amounts.shape, dtype=np.intp)
    found = weighted_quantile_by_group(amounts, people, shares.ravel(), group=group, n_groups=1)[0]
    return float(found[0]) if np.ndim(q) == 0 else found.reshape(np.shape(q))


def weighted_median(values: ArrayLike, weights: ArrayLike) -> float:
    """Smallest value within which at least half of the weight lies.

    Parameters
    ----------
    values, weights : array_like, shape (n,)
        As in :func:`weighted_quantile`.

    Returns
    -------
    float
        nan when no weight is left.

    Raises
    ------
    InputError
        Listing every problem.

    Examples
    --------
    >>> weighted_median([10.0, 20.0, 30.0], [1, 1, 3])
    30.0
    """
    return weighted_quantile(values, weights, 0.5)


def weighted_quantile_by_group(
    values: ArrayLike,
    weights: ArrayLike,
    q: ArrayLike,
    *,
    group: NDArray[np.intp],
    n_groups: int,
) -> Floats:
    """Weighted quantiles of every group, from one sort.

    Parameters
    ----------
    values, weights : array_like, shape (n,)
        As in :func:`weighted_quantile`.
    q : array_like, shape (k,)
        Each 0 to 1.
    group : ndarray of int, shape (n,)
        0 to n_groups - 1.
    n_groups : int
        Groups without weight get nan.

    Returns
    -------
    ndarray, shape (n_groups, k)
        In the unit of the values.

    Raises
    ------
    InputError
        Listing every problem.

    Examples
    --------
    >>> codes = np.array([0, 0, 1])
    >>> weighted_quantile_by_group([5, 9, 7], [1, 3, 1], [0.25, 0.5], group=codes,
    ...                            n_groups=2).tolist()
    [[5.0, 9.0], [7.0, 7.0]]
    """
    amounts, people, shares = floats(values), floats(weights), floats(q)
    problems = Problems().dimensions("values", amounts, 1).dimensions("weights", people, 1)
    problems.lengths(values=amounts, weights=people, group=group).persons(people, "weights")
    problems.dimensions("q", shares, 1).groups(group, n_groups)
    problems.where(~((shares >= 0) & (shares <= 1)), "q is outside 0 to 1").raise_if_any()

    rows = np.flatnonzero((people > 0) & ~np.isnan(amounts))
    rows = rows[ascending(amounts[rows])]
    # Small integers are sorted in one pass.
    small = np.uint16 if n_groups <= np.iinfo(np.uint16).max else np.intp
    rows = rows[np.argsort(group[rows].astype(small), kind="stable")]
    found = np.full((n_groups, shares.size), np.nan)
    if rows.size == 0:
        return found
    running = np.cumsum(people[rows])
    ends = np.cumsum(np.bincount(group[rows], minlength=n_groups))
    starts = np.concatenate([[0], ends[:-1]])
    filled = ends > starts
    starts, ends = starts[filled], ends[filled]
    before = np.concatenate([[0.0], running])[starts]
    target = before[:, None] + shares * (running[ends - 1] - before)[:, None]
    at = np.searchsorted(running, target - WEIGHT_SLACK * running[-1], side="left")
    found[filled] = amounts[rows[np.clip(at, starts[:, None], ends[:, None] - 1)]]
    return found


def weighted_quantile_groups(
    values: ArrayLike, weights: ArrayLike, *, n_groups: int = 5
) -> NDArray[np.intp]:
    """Sort areas into groups of equal weight by a value: income quintiles by population.

    An area is never split: it goes where the middle of its weight falls, and areas with equal
    values go together. So a group misses its equal share by at most the weight of one value.
    Make groups from one row per area, then repeat the codes for stacked rows.

    Parameters
    ----------
    values : array_like, shape (n,)
        E.g. median household income in dollars; nan (or infinite) is no data.
    weights : array_like, shape (n,)
        Persons, finite, >= 0.
    n_groups : int
        5 for quintiles, >= 1.

    Returns
    -------
    ndarray of int, shape (n,)
        0 (lowest values) to n_groups - 1, and n_groups for areas without a value.

    Raises
    ------
    InputError
        Listing every problem.

    Examples
    --------
    >>> weighted_quantile_groups([10, 20, 30, np.nan], [1, 1, 2, 9], n_groups=2).tolist()
    [0, 0, 1, 2]
    """
    amounts, people = floats(values), floats(weights)
    problems = Problems().dimensions("values", amounts, 1).dimensions("weights", people, 1)
    problems.lengths(values=amounts, weights=people).persons(people, "weights")
    if n_groups < 1:
        problems.add(f"n_groups must be at least 1, got {n_groups}")
    problems.raise_if_any()

    codes = np.full(amounts.shape, n_groups, dtype=np.intp)
    finite = np.isfinite(amounts)
    if not finite.any():
        return codes
    _, rank = np.unique(amounts[finite], return_inverse=True)
    block = np.asarray(np.bincount(rank, people[finite]), dtype=np.float64)
    if block.sum() == 0:  # without any people every value counts the same
        block = np.ones(block.size)
    middle = (np.cumsum(block) - block / 2) / block.sum()
    codes[finite] = np.minimum((middle * n_groups).astype(np.intp), n_groups - 1)[rank]
    return codes


def split_persons(population: ArrayLike, shares: ArrayLike) -> Floats:
    """Persons of each group in each area, with a last column for people of unknown group.

    For groups that live in the same areas: race and ethnicity, poverty, age, vehicle access.
    Persons are not rounded: rounding in every area would lose the small groups.

    Parameters
    ----------
    population : array_like, shape (n,)
        Persons, finite, >= 0.
    shares : array_like, shape (n, k)
        0 to 1; columns may overlap; nan is no data.

    Returns
    -------
    ndarray, shape (n, k + 1)
        population * share; where any share of the row is missing, the whole row's population
        is in the last column instead. Hand it to :func:`geo.coverage.coverage_of_columns`.

    Raises
    ------
    InputError
        Listing every problem.

    Examples
    --------
    >>> split_persons([100, 50], [[0.25, 0.75], [np.nan, 0.5]]).tolist()
    [[25.0, 75.0, 0.0], [0.0, 0.0, 50.0]]
    """
    people, parts = floats(population), floats(shares)
    problems = Problems().dimensions("population", people, 1).dimensions("shares", parts, 2)
    problems.lengths(population=people, shares=parts).persons(people, "population")
    problems.shares(parts).raise_if_any()
    unknown = np.asarray(np.isnan(parts).any(axis=1))
    return np.column_stack(
        [np.where(unknown[:, None], 0.0, people[:, None] * parts), np.where(unknown, people, 0.0)]
    )


def group_summary(
    impedance: ArrayLike,
    persons: ArrayLike,
    *,
    threshold: float,
    group: NDArray[np.intp] | None = None,
    n_groups: int | None = None,
    uncertainty: Uncertainty | None = None,
    quantiles: Floats | None = None,
) -> GroupSummary:
    """Coverage, median, 10th and 90th percentile of every group.

    Parameters
    ----------
    impedance, persons, threshold, group, n_groups, uncertainty
        As in :func:`geo.coverage.coverage`.
    quantiles : ndarray, shape (n_groups, 3), optional
        From :func:`group_quantiles`, when the caller keeps them: they do not depend on the
        threshold.

    Returns
    -------
    GroupSummary
        Arrays of shape (n_groups,).

    Raises
    ------
    InputError
        Listing every problem.

    Examples
    --------
    >>> summary = group_summary([10, 20, 90], [1, 1, 1], threshold=60)
    >>> summary.median.tolist(), summary.coverage.covered.tolist()
    ([20.0], [2.0])
    """
    covered = coverage(
        impedance,
        persons,
        threshold=threshold,
        group=group,
        n_groups=n_groups,
        uncertainty=uncertainty,
    )
    if quantiles is None:
        codes = np.zeros(floats(impedance).shape, dtype=np.intp) if group is None else group
        quantiles = group_quantiles(
            impedance, persons, group=codes, n_groups=covered.population.size
        )
    return _summary(covered, quantiles)


def group_quantiles(
    impedance: ArrayLike, persons: ArrayLike, *, group: NDArray[np.intp], n_groups: int
) -> Floats:
    """10th percentile, median and 90th percentile of every group.

    Parameters
    ----------
    impedance, persons, group, n_groups
        As in :func:`geo.coverage.coverage`.

    Returns
    -------
    ndarray, shape (n_groups, 3)
        See :func:`weighted_quantile_by_group`.

    Raises
    ------
    InputError
        Listing every problem.

    Examples
    --------
    >>> group_quantiles([10, 20, 90], [1, 1, 1], group=np.zeros(3, np.intp), n_groups=1).tolist()
    [[10.0, 20.0, 90.0]]
    """
    return weighted_quantile_by_group(
        floats(impedance), persons, SUMMARY_QUANTILES, group=group, n_groups=n_groups
    )


def summary_of_columns(
    impedance: ArrayLike,
    persons: ArrayLike,
    *,
    threshold: float,
    uncertainty: Uncertainty | None = None,
) -> GroupSummary:
    """Coverage, median, 10th and 90th percentile of groups that live in the same areas.

    Parameters
    ----------
    impedance, persons, threshold, uncertainty
        As in :func:`geo.coverage.coverage_of_columns`; persons of shape (n, k).

    Returns
    -------
    GroupSummary
        Arrays of shape (k,).

    Raises
    ------
    InputError
        Listing every problem.

    Examples
    --------
    >>> summary_of_columns([10, 90], [[1, 0], [0, 1]], threshold=60).median.tolist()
    [10.0, 90.0]
    """
    covered = coverage_of_columns(impedance, persons, threshold=threshold, uncertainty=uncertainty)
    minutes, people = floats(impedance), floats(persons)
    # One sort serves all columns; rows without persons of a column are never where it reaches q.
    rows = np.flatnonzero(~np.isnan(minutes))
    rows = rows[np.argsort(minutes[rows])]
    found = np.full((people.shape[1], len(SUMMARY_QUANTILES)), np.nan)
    shares = np.array(SUMMARY_QUANTILES) - WEIGHT_SLACK
    for k in range(people.shape[1]):
        running = np.cumsum(people[rows, k])
        if running.size and running[-1] > 0:
            found[k] = minutes[rows[np.searchsorted(running, shares * running[-1], side="left")]]
    return _summary(covered, found)


def quantile_band(
    impedance: ArrayLike,
    persons: ArrayLike,
    *,
    q: float,
    uncertainty: Uncertainty | None = None,
) -> QuantileBand:
    """Percentile of travel of one population, with a band for headlines.

    The band of the coverage curve read sideways: the percentile could be as low as the smallest
    threshold at which the share covered may reach q, and as high as the smallest one at which it
    surely does. Found by halving, to a relative precision of 0.001. A
    percentile of 0 (people at the site's door) has no width: the errors are relative.

    Parameters
    ----------
    impedance, persons : array_like, shape (n,)
        As in :func:`geo.coverage.coverage`.
    q : float
        0 to 1; 0.5 is the median.
    uncertainty : Uncertainty, optional
        Errors for the band; without it the band has no width.

    Returns
    -------
    QuantileBand
        low <= value <= high; nan without known people, inf where so many cannot reach a site.

    Raises
    ------
    InputError
        Listing every problem.

    Examples
    --------
    >>> times = np.linspace(10.0, 100.0, 901)
    >>> errors = Uncertainty(systematic_sigma=0.1, trip_sigma=0.0)
    >>> band = quantile_band(times, np.ones(901), q=0.5, uncertainty=errors)
    >>> band.value, round(band.low), round(band.high)
    (55.0, 47, 65)
    """
    return band_of_quantile(CoverageCurve(impedance, persons, uncertainty), q)


def band_of_quantile(curve: CoverageCurve, q: float) -> QuantileBand:
    """Percentile of travel with its band, from a curve made before; see :func:`quantile_band`.

    Parameters
    ----------
    curve : CoverageCurve
        Of one population.
    q : float
        0 to 1.

    Returns
    -------
    QuantileBand
        low <= value <= high.
    """
    value, errors = curve.quantile(q), curve.uncertainty
    if errors is None or errors.is_zero or not np.isfinite(value) or value == 0:
        return QuantileBand(q, value, value, value)
    # Wide enough for every trip to be surely within, even where areas are wider than their trip.
    spread = 0.0 if errors.centroid is None else 1.0
    widest = BAND_Z * errors.systematic_sigma + 5 * float(np.hypot(errors.trip_sigma, spread))

    def crossing(end: str, sign: int) -> float:
        """Threshold at which that end of the band reaches q: outwards in strides, then halving."""

        def beyond(log_distance: float) -> bool:
            share = getattr(curve.at([value * np.exp(sign * log_distance)]), end)[0]
            return bool((share < q - WEIGHT_SLACK) == (sign < 0))

        inner, outer = 0.0, BAND_STRIDE
        while not beyond(outer):
            if outer > widest:
                return float("inf") if sign > 0 else value * float(np.exp(-outer))
            inner, outer = outer, 2 * outer
        while outer - inner > BAND_PRECISION:
            middle = (inner + outer) / 2
            inner, outer = (inner, middle) if beyond(middle) else (middle, outer)
        return value * float(np.exp(sign * (outer if sign > 0 else inner)))

    low, high = crossing("share_high", -1), crossing("share_low", 1)
    return QuantileBand(q, value, min(low, value), max(high, value))


def _summary(covered: CoverageResult, found: Floats) -> GroupSummary:
    """Attach quantiles of shape (g, 3), in the order of SUMMARY_QUANTILES, to the coverage."""
    return GroupSummary(coverage=covered, p10=found[:, 0], median=found[:, 1], p90=found[:, 2])
