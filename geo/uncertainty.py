r"""How far a share of people covered may be off, from stated errors of the travel times.

The model. Let :math:`t_i` be the computed impedance (minutes or km) of area :math:`i` with
:math:`p_i` persons. The true one is

.. math::  T_i = t_i \, \exp(S + e_i), \qquad
           S \sim N(0, \sigma_S^2), \quad e_i \sim N(0, \sigma_i^2), \quad
           \sigma_i^2 = \sigma_e^2 + (c_i / \max(t_i, c_i))^2 .

:math:`S` is one number for the whole country (the calibration of speeds or of the detour factor is
off in the same direction everywhere); :math:`e_i` differs from trip to trip; :math:`c_i` is the
spread of impedance because people do not live at their area's centroid.

The band is derived in :func:`band` and in docs/methods.md.
"""

from dataclasses import dataclass
from typing import Final, overload

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from geo.validate import Problems

BAND_LEVEL: Final = 0.90
"""Probability that the band is meant to hold."""

BAND_Z: Final = 1.645
"""Standard normal quantile of the upper end of the band, (1 + BAND_LEVEL) / 2."""

MAX_SIGMA: Final = 1.0
"""Largest accepted sigma: a typical error by a factor of 2.7. Beyond, somebody typed per cent."""

MIN_SIGMA: Final = 1e-3
"""Smaller trip errors (4 seconds in an hour) count as none, so that grids of them stay small."""

CELL_SIGMAS: Final = 1 / 8
"""Width of a histogram cell in log impedance, in units of the cell's own sigma."""

SIGMA_STEP: Final = 0.12
"""Step between two classes of sigma of the histogram, in logs."""

RESOLVED: Final = 1e6
"""Farthest over nearest trip that a histogram tells apart."""

REACH_SIGMAS: Final = 5.0
"""Beyond this many sigmas a trip is surely on its side of the threshold (to 3e-7)."""


@dataclass(frozen=True, slots=True, eq=False)
class Uncertainty:
    """Relative errors of a travel time or distance; all sigmas are of log impedance.

    Parameters
    ----------
    systematic_sigma : float
        Shared by all trips (speed or detour calibration error), 0 to 1.
    trip_sigma : float
        Independent from trip to trip, 0 to 1.
    centroid : ndarray of float64, shape (n,), optional
        Spread of impedance within the area, in the unit of the impedance, because people do not
        live at the centroid; finite, >= 0. None means 0.
    trip : ndarray of int, shape (n,), optional
        Rows with the same code (0 to n - 1) are the same trip and share one error, e.g. the adults
        and the children of one area when both go to the same site; the natural code is the index
        of the trip's first row. Such rows must have the same impedance, and are taken to have the
        same centroid spread. None: each row is a trip of its own.

    Raises
    ------
    InputError
        Listing every value out of range.

    Examples
    --------
    >>> Uncertainty(systematic_sigma=0.03, trip_sigma=0.08).is_zero
    False
    """

    systematic_sigma: float
    trip_sigma: float
    centroid: NDArray[np.float64] | None = None
    trip: NDArray[np.intp] | None = None

    def __post_init__(self) -> None:
        problems = Problems()
        for name in ("systematic_sigma", "trip_sigma"):
            value = getattr(self, name)
            if not 0 <= value <= MAX_SIGMA:
                problems.add(f"{name} must be a share from 0 to {MAX_SIGMA:g}, got {value}")
        if self.centroid is not None:
            problems.persons(self.centroid, "centroid spread")
        if self.trip is not None:
            problems.groups(self.trip, self.trip.size, name="trip")
        problems.lengths(centroid=self.centroid, trip=self.trip)
        problems.raise_if_any()

    @property
    def is_zero(self) -> bool:
        """Whether no error is assumed at all, so that every band has zero width."""
        spread = self.centroid is not None and bool(np.any(self.centroid > 0))
        return self.systematic_sigma == 0 and self.trip_sigma == 0 and not spread

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> "Uncertainty":
        """Return the errors of some rows only, e.g. those of one state.

        Parameters
        ----------
        rows : ndarray
            Positions, or a mask of n booleans.

        Returns
        -------
        Uncertainty
            With per-row arrays cut to `rows`.
        """
        return Uncertainty(
            self.systematic_sigma,
            self.trip_sigma,
            None if self.centroid is None else self.centroid[rows],
            # Codes must stay below the number of rows, so they are numbered anew.
            None if self.trip is None else np.unique(self.trip[rows], return_inverse=True)[1],
        )


def trip_errors(
    impedance: NDArray[np.float64], *, trip_sigma: float, centroid: NDArray[np.float64] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Location and log spread of each row's trip, without the systematic part.

    Where an area is wider than its distance to the site (:math:`c_i > t_i`, a site inside the
    area), the people are that spread away from the site, not at its door: the location becomes
    :math:`c_i` and the relative spread 1. This also guards the division near :math:`t_i = 0`.

    Parameters
    ----------
    impedance : ndarray, shape (n,)
        Finite minutes or km, >= 0.
    trip_sigma : float
        Log error independent from trip to trip.
    centroid : ndarray, shape (n,), or None
        Spread within the area, in the unit of the impedance.

    Returns
    -------
    location : ndarray, shape (n,)
        :math:`\max(t_i, c_i)`, in the unit of the impedance.
    sigma : ndarray, shape (n,)
        :math:`\sqrt{\sigma_e^2 + (c_i / \max(t_i, c_i))^2}`; 0 where below ``MIN_SIGMA``.

    Examples
    --------
    >>> location, sigma = trip_errors(
    ...     np.array([10.0, 0.0]), trip_sigma=0.3, centroid=np.array([4.0, 4.0])
    ... )
    >>> location.tolist(), sigma.round(3).tolist()
    ([10.0, 4.0], [0.5, 1.044])
    """
    if centroid is None:
        location, sigma = impedance, np.full(impedance.shape, float(trip_sigma))
    else:
        location = np.maximum(impedance, centroid)
        relative = np.divide(centroid, location, out=np.zeros_like(location), where=location > 0)
        sigma = np.hypot(trip_sigma, relative)
    return location, np.where(sigma < MIN_SIGMA, 0.0, sigma)


def probability_within(
    location: NDArray[np.float64], sigma: NDArray[np.float64], threshold: float
) -> NDArray[np.float64]:
    r"""Probability that a trip's true impedance is at most the threshold.

    .. math::  q_i = \Phi\!\left(\frac{\ln T - \ln t_i}{\sigma_i}\right)

    with the step function (boundary included) where :math:`\sigma_i = 0`.

    Parameters
    ----------
    location, sigma : ndarray, shape (n,)
        From :func:`trip_errors`.
    threshold : float
        In the unit of the location, > 0.

    Returns
    -------
    ndarray, shape (n,)
        0 to 1.

    Examples
    --------
    >>> probability_within(np.array([60.0, 60.0]), np.array([0.1, 0.0]), 60.0).tolist()
    [0.5, 1.0]
    """
    certain = np.where(location <= threshold, np.inf, -np.inf)
    # A location of 0 is -inf in logs and so within any threshold.
    with np.errstate(divide="ignore", over="ignore"):
        score = np.log(threshold) - np.log(location)
        score = np.divide(score, sigma, out=certain, where=sigma > 0)
    probability: NDArray[np.float64] = ndtr(score)
    return probability


def band(
    share: NDArray[np.float64],
    *,
    expected: NDArray[np.float64],
    expected_slow: NDArray[np.float64],
    expected_fast: NDArray[np.float64],
    sd: NDArray[np.float64],
    reachable: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""90% band of a share covered, element by element.

    .. math::
       low  &= m - \sqrt{(m - m_-)^2 + (z\,s)^2}, \\
       high &= m + \sqrt{(m_+ - m)^2 + (z\,s)^2}

    then widened, where needed, to contain the point estimate, and cut to what is possible.

    Parameters
    ----------
    share : ndarray
        Point estimate, from the computed impedances as they are.
    expected : ndarray
        :math:`m`, the share expected under the trip errors: sum of p q over the sum of p.
    expected_slow, expected_fast : ndarray
        :math:`m_-, m_+`: the same with all trips slower, or faster, by z systematic sigmas.
    sd : ndarray
        :math:`s`, standard deviation of the share from the independent trip errors.
    reachable : ndarray
        Share of people with any way to a site: no error of speed makes an island reachable.

    Returns
    -------
    low, high : ndarray
        0 <= low <= share <= high <= reachable; nan where the share is nan.

    Examples
    --------
    >>> one = np.array([1.0])
    >>> low, high = band(0.5 * one, expected=0.5 * one, expected_slow=0.47 * one,
    ...                  expected_fast=0.54 * one, sd=0 * one, reachable=one)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.47], [0.54])
    """
    low = expected - np.hypot(expected - expected_slow, BAND_Z * sd)
    high = expected + np.hypot(expected_fast - expected, BAND_Z * sd)
    return np.maximum(np.minimum(low, share), 0.0), np.minimum(np.maximum(high, share), reachable)


@overload
def shifted(threshold: float, uncertainty: Uncertainty) -> tuple[float, float, float]: ...
@overload
def shifted(
    threshold: NDArray[np.float64], uncertainty: Uncertainty
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]: ...
def shifted(
    threshold: float | NDArray[np.float64], uncertainty: Uncertainty
) -> tuple[float | NDArray[np.float64], ...]:
    """Return the threshold as it acts when all trips are slower, as computed, and faster.

    Slower trips are the same as a smaller threshold, so one shift serves every area at once.

    Parameters
    ----------
    threshold : float or ndarray
        In the unit of the impedance.
    uncertainty : Uncertainty
        Of which only the systematic sigma is used.

    Returns
    -------
    tuple of three
        threshold * exp(-z sigma), threshold, threshold * exp(z sigma).

    Examples
    --------
    >>> [round(t, 2) for t in shifted(60.0, Uncertainty(0.05, 0.0))]
    [55.26, 60.0, 65.14]
    """
    factor = float(np.exp(BAND_Z * uncertainty.systematic_sigma))
    return threshold / factor, threshold, threshold * factor


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Trips in a fine histogram: made once, asked about any threshold.

    Rows are spread over the four nearest cells of a grid in (log sigma, log location), in
    proportion to nearness, so the error falls with the square of the cell size: below 0.001 of q
    for a single row, far below for sums. Cells surely on one side of a threshold are taken from
    a running total. The time hardly depends on the number of rows.
    """

    grid: "_Grid"
    people: NDArray[np.float64]  # of each cell
    squares: NDArray[np.float64]
    surely: NDArray[np.float64]  # running total of the people, from 0
    step: NDArray[np.float64]  # locations of the rows without an error, in order
    step_people: NDArray[np.float64]  # their running total, from 0

    @classmethod
    def of(
        cls,
        location: NDArray[np.float64],
        sigma: NDArray[np.float64],
        persons: NDArray[np.float64],
        squares: NDArray[np.float64],
    ) -> "Histogram":
        """Put rows into cells.

        Parameters
        ----------
        location, sigma : ndarray, shape (n,)
            From :func:`trip_errors`.
        persons, squares : ndarray, shape (n,)
            p, and the squares to weight the variances with.

        Returns
        -------
        Histogram
        """
        certain = sigma == 0
        order = np.argsort(location[certain])
        uncertain = ~certain
        grid = _Grid.around(location[uncertain], sigma[uncertain])
        with np.errstate(divide="ignore"):
            log_location = np.log(location[uncertain])
        people, square = grid.spread(
            log_location, sigma[uncertain], persons[uncertain], squares[uncertain]
        )
        return cls(
            grid,
            people,
            square,
            np.concatenate([[0.0], np.cumsum(people)]),
            location[certain][order],
            np.concatenate([[0.0], np.cumsum(persons[certain][order])]),
        )

    def expected(self, thresholds: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum p q over all rows.

        Parameters
        ----------
        thresholds : ndarray, shape (k,)
            In the unit of the location, > 0.

        Returns
        -------
        ndarray, shape (k,)
            Persons.

        Examples
        --------
        >>> one = np.ones(1)
        >>> histogram = Histogram.of(60 * one, 0.1 * one, one, one)
        >>> histogram.expected(np.array([54.0, 60.0])).round(2).tolist()
        [0.15, 0.5]
        """
        return self._sums(thresholds)[0]

    def moments(
        self, thresholds: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Sum p q, as `expected`, and p^2 q (1 - q) over all rows.

        Parameters
        ----------
        thresholds : ndarray, shape (k,)
            In the unit of the location, > 0.

        Returns
        -------
        expected, variance : ndarray, shape (k,)
            Persons, and persons squared.
        """
        expected, cell, q = self._sums(thresholds)
        return expected, np.einsum("ijk,ijk->i", self.squares[cell], q * (1 - q))

    def _sums(
        self, thresholds: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.float64]]:
        """Sum p q; also the cells within reach of each threshold and class, and their q."""
        grid, reach = self.grid, int(REACH_SIGMAS / CELL_SIGMAS)
        position = (np.log(thresholds)[:, None] - grid.origin) / (grid.sigma * CELL_SIGMAS)
        position = np.clip(position, reach, grid.count - reach - 2)
        below = np.floor(position).astype(np.intp) - reach
        start = grid.first + below
        window = np.arange(2 * reach + 2)
        cell = start[:, :, None] + window
        q = ndtr(((position - below)[:, :, None] - window) * CELL_SIGMAS)
        expected = self.step_people[np.searchsorted(self.step, thresholds, side="right")]
        expected += (self.surely[start] - self.surely[grid.first]).sum(axis=1)
        expected += np.einsum("ijk,ijk->i", self.people[cell], q)
        return expected, cell, q


@dataclass(frozen=True, slots=True)
class _Grid:
    """Cells in log location for each class of sigma, laid out one class after the other."""

    sigma: NDArray[np.float64]  # of each class
    origin: NDArray[np.float64]  # log location of each class's first cell
    first: NDArray[np.intp]  # number of each class's first cell
    count: NDArray[np.intp]  # cells of each class

    @classmethod
    def around(cls, location: NDArray[np.float64], sigma: NDArray[np.float64]) -> "_Grid":
        """Lay out cells so that every row has a whole window of sigmas on both sides.

        Rows nearer than a part in `RESOLVED` of the farthest are gathered before the others.
        """
        least, most = (sigma.min(), sigma.max()) if sigma.size else (MIN_SIGMA, MIN_SIGMA)
        classes = int(np.log(most / least) / SIGMA_STEP) + 2
        class_sigma = least * np.exp(SIGMA_STEP * np.arange(classes))
        high = location.max(initial=0.0) or 1.0
        low = np.maximum(location, high / RESOLVED).min(initial=high)
        margin = (2 * REACH_SIGMAS + 1) * class_sigma
        origin = np.log(low) - margin
        span = np.log(high) + margin - origin
        count = np.ceil(span / (class_sigma * CELL_SIGMAS)).astype(np.intp) + 2
        return cls(class_sigma, origin, np.cumsum(count) - count, count)

    def spread(
        self,
        log_location: NDArray[np.float64],
        sigma: NDArray[np.float64],
        *weights: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Sum each of the weights into the cells, over two classes and two cells of each."""
        total = np.zeros((len(weights), int(self.count.sum())))
        rank = np.log(sigma / self.sigma[0]) / SIGMA_STEP
        lower = np.clip(np.floor(rank), 0, self.sigma.size - 2).astype(np.intp)
        for k, part in ((lower, 1 - (rank - lower)), (lower + 1, rank - lower)):
            place = (log_location - self.origin[k]) / (self.sigma[k] * CELL_SIGMAS)
            # Below all that is resolved, where exactly does not matter.
            place = np.clip(place, 0, self.count[k] - 2)
            cell = np.floor(place).astype(np.intp)
            above = part * (place - cell)
            below = part - above
            at = self.first[k] + cell
            for i, weight in enumerate(weights):
                total[i] += np.bincount(at, weight * below, total.shape[1])
                total[i] += np.bincount(at + 1, weight * above, total.shape[1])
        return total
