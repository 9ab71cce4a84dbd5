r"""How many more people one situation covers than another, with the band of the difference.

Both situations are of the same people and share their errors: all speeds are wrong together, and
a trip that is made in both is wrong by the same amount in both, so most of the error of either
cancels in the difference. Formula: docs/methods.md, Comparison.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.results import Floats
from geo.uncertainty import BAND_Z, Uncertainty, probability_within, shifted, trip_errors
from geo.validate import Problems, floats


@dataclass(frozen=True, slots=True, eq=False)
class Travels:
    """The way of each row of people in one situation.

    Parameters
    ----------
    impedance : ndarray, shape (n,)
        To the nearest site; inf unreachable, nan no data.
    threshold : float
        In its unit, > 0 and finite; an impedance equal to it is within.
    uncertainty : Uncertainty
        Errors of the impedance.
    """

    impedance: Floats
    threshold: float
    uncertainty: Uncertainty

    @property
    def covered(self) -> NDArray[np.bool_]:
        """Whether each row is within the threshold."""
        return self.impedance <= self.threshold


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """Persons covered by the second situation less those covered by the first, by group.

    Parameters
    ----------
    value, low, high : ndarray, shape (g,)
        Persons and their 90% band; ``low <= value <= high``.
    """

    value: Floats
    low: Floats
    high: Floats


def covered_difference(
    first: Travels,
    second: Travels,
    persons: ArrayLike,
    *,
    group: NDArray[np.intp] | None = None,
    n_groups: int = 1,
) -> Difference:
    """Count how many more people the second situation covers, with a 90% band.

    Parameters
    ----------
    first, second : Travels
        Of the same n rows, with errors of one size: the same travel model and the same unit.
    persons : array_like, shape (n,)
        Finite, >= 0.
    group : ndarray of int, shape (n,), optional
        Code of each row's group; one group when left out.
    n_groups : int, optional
        Number of groups.

    Returns
    -------
    Difference
        Arrays of shape (n_groups,). The band is 0 wide where nothing differs, and that of the
        situations exchanged is this one with the sign turned.

    Raises
    ------
    InputError
        Listing every problem; also when the errors of the two are not of one size.

    Examples
    --------
    >>> none = Uncertainty(0, 0)
    >>> ways = [Travels(np.array(way), 60.0, none) for way in ([70.0, 10.0], [50.0, 10.0])]
    >>> found = covered_difference(*ways, [3, 4])
    >>> found.value.tolist(), found.low.tolist(), found.high.tolist()
    ([3.0], [3.0], [3.0])
    """
    one, two, people = floats(first.impedance), floats(second.impedance), floats(persons)
    codes = np.zeros(one.shape, dtype=np.intp) if group is None else np.asarray(group)
    problems = Problems().lengths(first=one, second=two, persons=people, group=codes)
    problems.impedance(one).impedance(two).persons(people).groups(codes, n_groups)
    problems.threshold(first.threshold).threshold(second.threshold)
    sizes = [
        (side.uncertainty.systematic_sigma, side.uncertainty.trip_sigma) for side in (first, second)
    ]
    if sizes[0] != sizes[1]:
        problems.add("the errors of both situations must be of one size")
    problems.raise_if_any()

    sign = second.covered.astype(np.float64) - first.covered
    value = np.bincount(codes, people * sign, n_groups).astype(np.float64)
    row, trip_people = _one_row_a_trip(first, second, people, codes)
    within = [_within(side, row) for side in (first, second)]
    # The same way under the same error: its two answers are not independent.
    same = one[row] == two[row]
    sums = [
        np.bincount(codes[row], trip_people * (after - before), n_groups)
        for before, after in zip(*within, strict=True)
    ]
    (_, middle_one, _), (_, middle_two, _) = within
    apart = np.abs(middle_two - middle_one)
    spread = np.where(
        same,
        apart * (1 - apart),
        middle_one * (1 - middle_one) + middle_two * (1 - middle_two),
    )
    sd = np.sqrt(np.bincount(codes[row], trip_people**2 * spread, n_groups))
    lowest, middle, highest = np.min(sums, axis=0), sums[1], np.max(sums, axis=0)
    low = middle - np.hypot(middle - lowest, BAND_Z * sd)
    high = middle + np.hypot(highest - middle, BAND_Z * sd)
    everybody = np.bincount(codes, people, n_groups)
    return Difference(
        value,
        np.maximum(np.minimum(low, value), -everybody),
        np.minimum(np.maximum(high, value), everybody),
    )


def _one_row_a_trip(
    first: Travels, second: Travels, people: Floats, codes: NDArray[np.intp]
) -> tuple[NDArray[np.intp], Floats]:
    """Put the people of a group together who make one trip in both situations."""
    rows = np.arange(people.size)
    trips = [
        rows if side.uncertainty.trip is None else side.uncertainty.trip for side in (first, second)
    ]
    key = np.column_stack([*trips, codes])
    _, row, cell = np.unique(key, axis=0, return_index=True, return_inverse=True)
    total = np.bincount(cell.ravel(), people, row.size).astype(np.float64)
    return row.astype(np.intp), total


def _within(side: Travels, row: NDArray[np.intp]) -> tuple[Floats, Floats, Floats]:
    """Probability of each trip to be within the threshold: slow, as computed, fast."""
    impedance, errors = side.impedance[row], side.uncertainty
    centroid = None if errors.centroid is None else errors.centroid[row]
    finite = np.isfinite(impedance)
    location, sigma = trip_errors(
        impedance[finite],
        trip_sigma=errors.trip_sigma,
        centroid=None if centroid is None else centroid[finite],
    )

    def probability(threshold: float) -> Floats:
        found: Floats = np.zeros(row.size)
        found[finite] = probability_within(location, sigma, threshold)
        return found

    slow, middle, fast = shifted(side.threshold, errors)
    return probability(slow), probability(middle), probability(fast)
