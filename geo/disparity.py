"""Gaps between groups of people, with errors that groups have in common counted once.

Two groups live partly in the same areas, and one error of speed moves all trips at once. So the
band of a gap is not the sum of the two bands: every answer here comes from the expected shares at
three speeds (slow, as computed, fast) and from the covariance of the groups' shares under the
independent errors of the trips. Formulas: docs/methods.md, sections Equity and Uncertainty.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.results import Floats
from geo.uncertainty import BAND_Z, Uncertainty, probability_within, shifted, trip_errors
from geo.validate import Problems, floats

LOG_STEP: Final = 0.06
"""Step of the thresholds at which the curves of all groups are read, in logs; they are smooth on
the scale of a trip's error."""

LOG_MARGIN: Final = 0.3
"""How far below the least and above the largest median thresholds are read at first, in logs."""

WIDEST: Final = 6.0
"""No band reaches farther than this from its median, in logs: a factor of 400."""

MORE: Final = 25
"""Thresholds that are added where they do not suffice."""

MEDIAN: Final = 0.5
ROUNDING: Final = 1e-12
"""By which a share may miss the half and still be one; a smaller chance is none."""


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """Values with their 90% band, element by element.

    Parameters
    ----------
    value, low, high : ndarray
        ``low <= value <= high``; nan where there is nobody to ask about.
    """

    value: Floats
    low: Floats
    high: Floats

    @classmethod
    def of(cls, value: Floats, moments: "Moments", least: float, most: float) -> "Estimate":
        """Lay the Atlas's band around a value that may rise or fall when all trips are slower.

        Parameters
        ----------
        value : ndarray
            From the computed impedances as they are.
        moments : Moments
            Of the same quantity under the errors.
        least, most : float
            What is possible at all.

        Returns
        -------
        Estimate
            See :func:`geo.uncertainty.band`.
        """
        expected = moments.expected
        down = np.minimum(np.minimum(moments.slow, moments.fast), expected)
        up = np.maximum(np.maximum(moments.slow, moments.fast), expected)
        low = expected - np.hypot(expected - down, BAND_Z * moments.sd)
        high = expected + np.hypot(up - expected, BAND_Z * moments.sd)
        return cls(
            value,
            np.maximum(np.minimum(low, value), least),
            np.minimum(np.maximum(high, value), most),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """A quantity under the errors: expected, the same with all trips slower and faster, and sd."""

    expected: Floats
    slow: Floats
    fast: Floats
    sd: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Within:
    """Which trips are within one threshold.

    Parameters
    ----------
    threshold : float
        In the unit of the impedance.
    point : ndarray, shape (m,)
        1 or 0, boundary included.
    slow, expected, fast : ndarray, shape (m,)
        Probability of the same with all trips slower, as computed, and faster.
    """

    threshold: float
    point: Floats
    slow: Floats
    expected: Floats
    fast: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Trips:
    """Independent trips, and what each group weighs in them.

    Rows that are the same trip are put together. Rows without data are left out.

    Parameters
    ----------
    impedance : ndarray, shape (m,)
        Minutes or km; inf unreachable.
    location, sigma : ndarray, shape (m,)
        See :func:`geo.uncertainty.trip_errors`; inf and 0 for unreachable.
    weights : ndarray, shape (m, k)
        Persons of each group.
    row : ndarray of int, shape (m,)
        First of the input's rows that make the trip.
    uncertainty : Uncertainty
        Of which only the systematic sigma is used from here on.
    """

    impedance: Floats
    location: Floats
    sigma: Floats
    weights: Floats
    row: NDArray[np.intp]
    uncertainty: Uncertainty

    @classmethod
    def of(
        cls, impedance: ArrayLike, weights: ArrayLike, uncertainty: Uncertainty | None = None
    ) -> "Trips":
        """Put the rows of one trip together.

        Parameters
        ----------
        impedance : array_like, shape (n,)
            Minutes or km to the nearest site, >= 0; inf unreachable, nan no data.
        weights : array_like, shape (n, k)
            Persons of each group, finite and >= 0.
        uncertainty : Uncertainty, optional
            Errors of the rows; without it no band has a width.

        Returns
        -------
        Trips
            m <= n trips.

        Raises
        ------
        InputError
            Listing every problem.

        Examples
        --------
        >>> errors = Uncertainty(0.0, 0.1, trip=np.array([0, 0, 2]))
        >>> Trips.of([30, 30, 90], [[1], [2], [4]], errors).weights.tolist()
        [[3.0], [4.0]]
        """
        minutes, people = floats(impedance), floats(weights)
        problems = Problems().dimensions("impedance", minutes, 1).dimensions("persons", people, 2)
        problems.lengths(impedance=minutes, persons=people).impedance(minutes).persons(people)
        errors = uncertainty or Uncertainty(0.0, 0.0)
        problems.lengths(
            impedance=minutes,
            **{"uncertainty.centroid": errors.centroid, "uncertainty.trip": errors.trip},
        )
        problems.raise_if_any()
        return cls.joined(minutes, people, errors)

    @classmethod
    def joined(cls, minutes: Floats, weights: Floats, errors: Uncertainty) -> "Trips":
        """Do the same without a check, for weights of any sign."""
        rows = np.flatnonzero(~np.isnan(minutes))
        weights = weights[rows]
        if errors.trip is not None:
            _, first, code = np.unique(errors.trip[rows], return_index=True, return_inverse=True)
            problem = "impedance differs from that of another row of the same trip"
            Problems().where(minutes[rows] != minutes[rows[first]][code], problem).raise_if_any()
            columns = [np.bincount(code, column, first.size) for column in weights.T]
            weights = np.column_stack(columns) if columns else weights[first]
            rows = rows[first]
        own = minutes[rows]
        location, sigma = own.copy(), np.zeros(own.shape)
        finite = np.isfinite(own)
        spread = None if errors.centroid is None else errors.centroid[rows][finite]
        location[finite], sigma[finite] = trip_errors(
            own[finite], trip_sigma=errors.trip_sigma, centroid=spread
        )
        return cls(own, location, sigma, weights, rows, errors)

    def chance(self, threshold: float) -> Floats:
        """Probability of each trip to be within a threshold, as computed; shape (m,)."""
        found = probability_within(self.location, self.sigma, threshold)
        found[found < ROUNDING] = 0.0  # numbers too small for the processor to handle at speed
        return found

    def within(self, threshold: float) -> Within:
        """Ask which trips are within a threshold; serves any number of gaps.

        Parameters
        ----------
        threshold : float
            In the unit of the impedance, > 0 and finite.

        Returns
        -------
        Within
            Of shape (m,).

        Raises
        ------
        InputError
            For a threshold out of range.
        """
        Problems().threshold(threshold).raise_if_any()
        slow, middle, fast = shifted(threshold, self.uncertainty)
        point = (self.impedance <= threshold).astype(np.float64)
        if self.uncertainty.is_zero:
            return Within(threshold, point, point, point, point)
        expected = self.chance(middle)
        if self.uncertainty.systematic_sigma == 0:
            return Within(threshold, point, expected, expected, expected)
        return Within(threshold, point, self.chance(slow), expected, self.chance(fast))


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """In each place, the worst-off group against the reference group.

    Parameters
    ----------
    people, beyond : ndarray, shape (places, k)
        Persons with known travel, and those of them beyond the threshold, of each group.
    worst : ndarray of int, shape (places,)
        The group other than the reference with the largest share beyond; -1 where no group with
        enough people can be compared with the reference.
    gap : Estimate of shape (places,)
        Share beyond of the worst less that of the reference, -1 to 1; nan where `worst` is -1.
    ratio : Estimate of shape (places,)
        The one share over the other; nan also where the reference has nobody beyond.
    """

    people: Floats
    beyond: Floats
    worst: NDArray[np.intp]
    gap: Estimate
    ratio: Estimate

    @property
    def share(self) -> Floats:
        """Share beyond of each group in each place, nan without people; shape (places, k)."""
        return _over(self.beyond, self.people)


def gaps(
    trips: Trips,
    within: Within,
    *,
    columns: slice,
    reference: int,
    place: NDArray[np.intp] | None = None,
    n_places: int = 1,
    fewest: float = 0.0,
    against: NDArray[np.intp] | None = None,
) -> Gaps:
    """Compare groups that live in the same areas with a reference group, place by place.

    Parameters
    ----------
    trips : Trips
        With m trips; a trip belongs to one place.
    within : Within
        From :meth:`Trips.within`.
    columns : slice
        Which of the groups are compared, k of them.
    reference : int
        The group that the others are compared with, 0 to k - 1.
    place : ndarray of int, shape (m,), optional
        Code of each trip's place, 0 to n_places - 1; one place when left out.
    n_places : int
        Number of places.
    fewest : float
        A group with fewer persons in a place is not compared there.
    against : ndarray of int, shape (n_places,), optional
        The group to compare in each place, instead of the worst.

    Returns
    -------
    Gaps
        Bands hold the errors of travel only. The worst group is the one with the largest share as
        computed; that it was chosen is not in its band.

    Examples
    --------
    >>> trips = Trips.of([30, 90], [[8, 1], [2, 9]])
    >>> found = gaps(trips, trips.within(60.0), columns=slice(0, 2), reference=0)
    >>> found.worst.tolist(), found.gap.value.round(2).tolist(), found.ratio.value.round(2).tolist()
    ([1], [0.7], [4.5])
    """
    people = trips.weights[:, columns]
    codes = np.zeros(trips.impedance.size, dtype=np.intp) if place is None else place

    def sums(chance: Floats) -> Floats:
        """Persons of each group in each place, weighted by a chance; shape (places, k)."""
        if place is None:
            return np.asarray((chance @ people)[None, :])
        columns_ = [np.bincount(codes, chance * column, n_places) for column in people.T]
        return np.column_stack(columns_)

    known = sums(np.ones(codes.shape))
    beyond = known - sums(within.point)
    enough = (known >= fewest) & (known > 0)
    if against is None:
        candidates = np.where(enough, _over(beyond, known), -1.0)
        candidates[:, reference] = -1.0
        against = np.argmax(candidates, axis=1)
    at = np.arange(n_places)
    comparable = enough[:, reference] & enough[at, against] & (against != reference)
    worst = np.where(comparable, against, -1)

    def pair(amounts: Floats) -> tuple[Floats, Floats]:
        """Shares beyond of the worst and of the reference, from sums of people within."""
        share = np.where(comparable[:, None], 1 - _over(amounts, known), np.nan)
        return share[at, against], share[:, reference]

    high, low = pair(known - beyond)
    pairs = {name: pair(sums(getattr(within, name))) for name in ("expected", "slow", "fast")}
    noise = within.expected * (1 - within.expected)

    def sd(of_worst: Floats, of_reference: Floats) -> Floats:
        """Give the sd of the one share less the other, times these factors; shape (places,)."""
        live = np.flatnonzero(noise > 0)
        where = codes[live]
        part = _over(of_worst, known[at, against])[where] * people[live, against[where]]
        part -= _over(of_reference, known[:, reference])[where] * people[live, reference]
        return np.sqrt(np.bincount(where, part**2 * noise[live], n_places))

    one = np.ones(n_places)
    difference = Moments(**{n: a - b for n, (a, b) in pairs.items()}, sd=sd(one, one))
    middle, base = pairs["expected"]
    # With faster trips nobody of the reference may be beyond: then there is no upper end.
    quotients = {
        n: np.where((b == 0) & (base > 0), np.inf, _over(a, b)) for n, (a, b) in pairs.items()
    }
    quotient = Moments(**quotients, sd=sd(_over(one, base), _over(middle, base**2)))
    return Gaps(
        people=known,
        beyond=beyond,
        worst=worst,
        gap=Estimate.of(high - low, difference, -1.0, 1.0),
        ratio=Estimate.of(_over(high, low), quotient, 0.0, np.inf),
    )


def quantiles(trips: Trips, shares: ArrayLike) -> Floats:
    """Percentiles of travel of each group, from one sort.

    Parameters
    ----------
    trips : Trips
        With k groups.
    shares : array_like, shape (q,)
        Each 0 to 1.

    Returns
    -------
    ndarray, shape (k, q)
        As :func:`geo.equity.weighted_quantile` of each group.

    Raises
    ------
    InputError
        For a share out of range.

    Examples
    --------
    >>> quantiles(Trips.of([5, 9, 7], [[1, 0], [3, 0], [0, 1]]), [0.25, 0.5]).tolist()
    [[5.0, 9.0], [7.0, 7.0]]
    """
    asked = floats(shares)
    Problems().dimensions("shares", asked, 1).shares(asked).raise_if_any()
    found = np.full((trips.weights.shape[1], asked.size), np.nan)
    rows = np.flatnonzero(trips.weights.any(axis=1))
    order = rows[np.argsort(trips.impedance[rows])]
    for k, weight in enumerate(np.ascontiguousarray(trips.weights[order].T)):
        own = order[weight > 0]
        running = np.cumsum(weight[weight > 0])
        if own.size:
            at = np.searchsorted(running, (asked - ROUNDING) * running[-1])
            found[k] = trips.impedance[own[at]]
    return found


def medians(trips: Trips) -> Estimate:
    """Median travel of each group with its band, all groups from one reading of the trips.

    The band is that of :func:`geo.equity.quantile_band`: the coverage curve of the group with its
    band, read sideways. Curves are read at thresholds 6% apart and are straight in between (in
    logs), so that an end is off by less than 0.5%.

    Parameters
    ----------
    trips : Trips
        With k groups.

    Returns
    -------
    Estimate
        Shape (k,), in the unit of the impedance; inf where so many cannot reach a site, nan for a
        group without people.

    Examples
    --------
    >>> times = np.linspace(10.0, 100.0, 901)
    >>> trips = Trips.of(times, np.ones((901, 1)), Uncertainty(0.1, 0.0))
    >>> found = medians(trips)
    >>> found.value.tolist(), found.low.round().tolist(), found.high.round().tolist()
    ([55.0], [47.0], [65.0])
    """
    value = quantiles(trips, [MEDIAN])[:, 0]
    low, high = value.copy(), value.copy()
    asked = np.flatnonzero(np.isfinite(value) & (value > 0))
    if trips.uncertainty.is_zero or not asked.size:
        return Estimate(value, low, high)
    curves = _Curves(trips, asked, np.log(value[asked]))
    for at, k in enumerate(asked):
        centre = float(np.log(value[k]))
        low[k] = min(value[k], np.exp(curves.crossing(at, "high", centre)))
        high[k] = max(value[k], np.exp(curves.crossing(at, "low", centre)))
    return Estimate(value, low, high)


class _Curves:
    """Expected coverage and its sd of several groups at evenly spaced log thresholds."""

    def __init__(self, trips: Trips, columns: NDArray[np.intp], centres: Floats) -> None:
        self._trips = trips
        self._people = trips.weights[:, columns]
        self._total = self._people.sum(axis=0)
        self._shift = BAND_Z * trips.uncertainty.systematic_sigma
        margin = LOG_MARGIN + 2 * self._shift
        count = int(np.ceil((np.ptp(centres) + 2 * margin) / LOG_STEP)) + 1
        self._logs = centres.min() - margin + LOG_STEP * np.arange(count)
        self._expected, self._sd = self._read(self._logs)

    def _read(self, logs: Floats) -> tuple[Floats, Floats]:
        """Give expected coverage and its sd at log thresholds, each (thresholds, groups)."""
        chance = np.stack([self._trips.chance(float(limit)) for limit in np.exp(logs)])
        variance = (chance * (1 - chance)) @ self._people**2
        return chance @ self._people / self._total, np.sqrt(variance) / self._total

    def _extend(self, *, below: bool) -> None:
        """Read the curves at more thresholds, below or above those that are there."""
        more = LOG_STEP * np.arange(1, MORE + 1)
        logs = self._logs[0] - more[::-1] if below else self._logs[-1] + more
        old, new = (self._logs, self._expected, self._sd), (logs, *self._read(logs))
        parts = (new, old) if below else (old, new)
        self._logs, self._expected, self._sd = (
            np.concatenate(pair) for pair in zip(*parts, strict=True)
        )

    def _end(self, group: int, side: str) -> Floats:
        """One end of the band of a group's curve, at every threshold."""
        mean, sd = self._expected[:, group], self._sd[:, group]
        sign = 1 if side == "high" else -1
        moved = np.interp(self._logs + sign * self._shift, self._logs, mean)
        return np.asarray(mean + sign * np.hypot(moved - mean, BAND_Z * sd))

    def crossing(self, group: int, side: str, centre: float) -> float:
        """Log threshold at which that end of the band reaches the half; inf where it never does."""
        while True:
            end = self._end(group, side)
            inside = self._inner()
            reached = np.flatnonzero(end[inside] >= MEDIAN - ROUNDING)
            if reached.size and reached[0] > 0:
                at = int(reached[0]) + inside.start
                rise = end[at] - end[at - 1]
                return float(self._logs[at] - LOG_STEP * (end[at] - MEDIAN) / rise)
            below = bool(reached.size)
            edge = self._logs[0] if below else self._logs[-1]
            if abs(edge - centre) > WIDEST:
                return -np.inf if below else np.inf
            self._extend(below=below)

    def _inner(self) -> slice:
        """Thresholds whose shifted neighbours have been read too."""
        steps = int(np.ceil(self._shift / LOG_STEP))
        return slice(steps, self._logs.size - steps)


def _over(amount: Floats, total: Floats) -> Floats:
    """Quotient, nan where the total is not positive."""
    out = np.full(np.broadcast_shapes(amount.shape, total.shape), np.nan)
    np.divide(amount, total, out=out, where=total > 0)
    return out
