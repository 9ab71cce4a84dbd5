"""Who lives too far from one kind of site, yet near another.

The first kind is where people are treated, the second could bring care nearer (blood centres).
Everybody beyond the threshold of the first is in exactly one of three states with respect to the
second: near, not near, or no data. Formulas: docs/methods.md, Blood-centre opportunity.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.results import Floats
from geo.uncertainty import BAND_Z, Uncertainty, probability_within, trip_errors
from geo.validate import Problems, floats

STATES: Final = ("within", "near", "far", "unknown", "no_data")
"""Every person is in exactly one; near, far and unknown are beyond the threshold."""
WITHIN, NEAR, FAR, UNKNOWN, NO_DATA = range(len(STATES))
SHARED_ERRORS: Final = 9
"""Values of the error that all trips share, at which the expected persons are looked at."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The two thresholds, each in the unit of its impedance.

    Parameters
    ----------
    first, second : float
        An impedance equal to its threshold is within it.
    """

    first: float
    second: float


@dataclass(frozen=True, slots=True, eq=False)
class JointResult:
    """People by what is near them, by group.

    ``within + near + far + unknown + no_data == population`` in every group, exact for whole
    persons.

    Parameters
    ----------
    population : ndarray, shape (g,)
        Persons.
    within : ndarray, shape (g,)
        Within the threshold of the first kind of site.
    near, far, unknown : ndarray, shape (g,)
        Beyond it, or without a way to any: near the second kind, not near it (or without a way to
        any), and without data on it.
    no_data : ndarray, shape (g,)
        No data on the first kind.
    near_low, near_high : ndarray, shape (g,)
        90% band of `near`.
    """

    population: Floats
    within: Floats
    near: Floats
    far: Floats
    unknown: Floats
    no_data: Floats
    near_low: Floats
    near_high: Floats

    @property
    def beyond(self) -> Floats:
        """Persons beyond the threshold of the first kind of site."""
        return self.near + self.far + self.unknown

    @property
    def share_near(self) -> Floats:
        """Share of those beyond who are near the second kind; nan where nobody is beyond."""
        return _over(self.near, self.beyond - self.unknown)


def joint_states(first: Floats, second: Floats, limits: Limits) -> NDArray[np.intp]:
    """Position in `STATES` of each row.

    Parameters
    ----------
    first, second : ndarray, shape (n,)
        Impedance to the nearest site of each kind; inf unreachable, nan no data.
    limits : Limits
        Their thresholds.

    Returns
    -------
    ndarray of int, shape (n,)

    Examples
    --------
    >>> first = np.array([60.0, 90.0, np.inf, 90.0, np.nan])
    >>> second = np.array([10.0, 30.0, 31.0, np.nan, 10.0])
    >>> [STATES[i] for i in joint_states(first, second, Limits(60.0, 30.0))]
    ['within', 'near', 'far', 'unknown', 'no_data']
    """
    beside = np.where(np.isnan(second), UNKNOWN, np.where(second <= limits.second, NEAR, FAR))
    beyond = np.where(first <= limits.first, WITHIN, beside)
    states: NDArray[np.intp] = np.where(np.isnan(first), NO_DATA, beyond)
    return states


def joint_coverage(
    first: ArrayLike,
    second: ArrayLike,
    persons: ArrayLike,
    *,
    limits: Limits,
    group: NDArray[np.intp] | None = None,
    n_groups: int = 1,
    errors: tuple[Uncertainty, Uncertainty] | None = None,
) -> JointResult:
    r"""Count the people beyond one kind of site and near another, by group.

    .. math::  near = \sum_i p_i \, [t_i > T] \, [u_i \le U]

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Impedance to the nearest site of each kind, >= 0; inf unreachable, nan no data.
    persons : array_like, shape (n,)
        Finite, >= 0.
    limits : Limits
        Thresholds T and U, > 0 and finite.
    group : ndarray of int, shape (n,), optional
        Code of each row's group; one group when left out.
    n_groups : int, optional
        Number of groups.
    errors : pair of Uncertainty, optional
        Of the trips to each kind of site, for the band; without them it has no width. The shared
        error is one for both kinds, each in units of its own sigma; the trips' own errors differ
        between the kinds. Rows with the same trip to the first kind have the same trip to the
        second.

    Returns
    -------
    JointResult
        Arrays of shape (n_groups,).

    Raises
    ------
    InputError
        Listing every problem: lengths, negative or missing values, thresholds, codes.

    Examples
    --------
    >>> found = joint_coverage([60, 90, 90], [5, 30, 31], [1, 2, 4], limits=Limits(60, 30))
    >>> found.beyond.tolist(), found.near.tolist(), found.share_near.round(3).tolist()
    ([6.0], [2.0], [0.333])
    """
    ways, others, people = floats(first), floats(second), floats(persons)
    codes = np.zeros(ways.shape, dtype=np.intp) if group is None else np.asarray(group)
    problems = Problems().lengths(first=ways, second=others, persons=people, group=codes)
    problems.impedance(ways).impedance(others).persons(people).groups(codes, n_groups)
    problems.threshold(limits.first, "first threshold")
    problems.threshold(limits.second, "second threshold").raise_if_any()

    cell = codes * len(STATES) + joint_states(ways, others, limits)
    counts = _sums(cell, people, n_groups * len(STATES)).reshape(n_groups, len(STATES))
    near = counts[:, NEAR]
    low = high = near
    if errors is not None and not (errors[0].is_zero and errors[1].is_zero):
        trips = _Trips.of(ways, others, people, codes, n_groups, errors)
        low, high = trips.band(near, limits)
    return JointResult(
        population=counts.sum(axis=1),
        within=counts[:, WITHIN],
        near=near,
        far=counts[:, FAR],
        unknown=counts[:, UNKNOWN],
        no_data=counts[:, NO_DATA],
        near_low=low,
        near_high=high,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Trips:
    """Rows that could be beyond the first and near the second; one for each trip of a group."""

    first: Floats
    second: Floats
    people: Floats
    codes: NDArray[np.intp]
    home: NDArray[np.intp]  # group and trip to the second kind of site
    n_groups: int
    errors: tuple[Uncertainty, Uncertainty]

    @classmethod
    def of(
        cls,
        first: Floats,
        second: Floats,
        people: Floats,
        codes: NDArray[np.intp],
        n_groups: int,
        errors: tuple[Uncertainty, Uncertainty],
    ) -> "_Trips":
        rows = np.flatnonzero(~np.isnan(first) & np.isfinite(second) & (people > 0))
        trip, home = (
            (np.arange(first.size) if error.trip is None else error.trip)[rows] * n_groups
            + codes[rows]
            for error in errors
        )
        _, one, same = np.unique(trip, return_index=True, return_inverse=True)
        kept = rows[one]
        return cls(
            first=first[kept],
            second=second[kept],
            people=_sums(same, people[rows], one.size),
            codes=codes[kept],
            home=np.unique(home[one], return_inverse=True)[1],
            n_groups=n_groups,
            errors=(errors[0].take(kept), errors[1].take(kept)),
        )

    def band(self, near: Floats, limits: Limits) -> tuple[Floats, Floats]:
        """Low and high of the persons beyond the first and near the second."""
        beyond, close = self._probabilities(limits, 0.0)
        expected = self._expected(beyond, close)
        steps = np.linspace(-BAND_Z, BAND_Z, SHARED_ERRORS)
        shared = np.array([self._expected(*self._probabilities(limits, z)) for z in steps])
        spread = BAND_Z * np.sqrt(self._variance(beyond, close))
        low = expected - np.hypot(expected - shared.min(axis=0), spread)
        high = expected + np.hypot(shared.max(axis=0) - expected, spread)
        most = _sums(self.codes, self.people, self.n_groups)
        return np.maximum(np.minimum(low, near), 0), np.minimum(np.maximum(high, near), most)

    def _probabilities(self, limits: Limits, z: float) -> tuple[Floats, Floats]:
        """Probability of each trip to be beyond the first and within the second threshold.

        Slower trips are the same as smaller thresholds: `z` sigmas slower.
        """
        chances = []
        for way, limit, error in zip(
            (self.first, self.second), (limits.first, limits.second), self.errors, strict=True
        ):
            chance = np.zeros(way.shape)
            reached = np.isfinite(way)
            location, sigma = trip_errors(
                way[reached],
                trip_sigma=error.trip_sigma,
                centroid=None if error.centroid is None else error.centroid[reached],
            )
            acting = float(limit * np.exp(-z * error.systematic_sigma))
            chance[reached] = probability_within(location, sigma, acting)
            chances.append(chance)
        return 1 - chances[0], chances[1]

    def _expected(self, beyond: Floats, close: Floats) -> Floats:
        return _sums(self.codes, self.people * beyond * close, self.n_groups)

    def _variance(self, beyond: Floats, close: Floats) -> Floats:
        """Variance from the trips' own errors; trips of one home share the second one's."""
        both = beyond * close
        variance = _sums(self.codes, self.people**2 * both * (1 - both), self.n_groups)
        weight = self.people * beyond
        homes = int(self.home.max(initial=-1)) + 1
        together = _sums(self.home, weight, homes) ** 2 - _sums(self.home, weight**2, homes)
        at = np.zeros(homes, dtype=np.intp)
        at[self.home] = np.arange(self.home.size)
        coin = close[at] * (1 - close[at])
        # Subtracting squares may leave a speck below zero where there is one trip.
        shared = np.maximum(together, 0) * coin
        return np.asarray(variance + _sums(self.codes[at], shared, self.n_groups))


def _sums(codes: NDArray[np.intp], weights: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(codes, weights, size), dtype=np.float64)


def _over(part: Floats, whole: Floats) -> Floats:
    out: Floats = np.full(whole.shape, np.nan)
    np.divide(part, whole, out=out, where=whole > 0)
    return out
