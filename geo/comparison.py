"""Two ways to measure the same travel, and whom it matters for which one is asked.

The first way is the better one (by road), the second the simpler one (a straight line). Both are
asked about the same people and the same threshold. Formulas: docs/methods.md, Road against
straight line.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.coverage import coverage
from geo.results import Floats
from geo.uncertainty import Uncertainty
from geo.validate import Problems, floats

STATES: Final = ("within", "hidden", "added", "beyond", "no_data")
"""Every person is in exactly one: within by both; beyond by the first only, which the second hides;
beyond by the second only, which it adds; beyond by both; not known by one of them."""
WITHIN, HIDDEN, ADDED, BEYOND, NO_DATA = range(len(STATES))


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """People by what two ways of measuring say of them, by group.

    ``within + hidden + added + beyond + no_data == population`` in every group.

    Parameters
    ----------
    population, within, hidden, added, beyond, no_data : ndarray, shape (g,)
        Persons; see `STATES`. Without a way at all counts as beyond.
    """

    population: Floats
    within: Floats
    hidden: Floats
    added: Floats
    beyond: Floats
    no_data: Floats

    @property
    def known(self) -> Floats:
        """Persons of whom both ways say something."""
        return self.population - self.no_data


def states(first: Floats, second: Floats, threshold: float) -> NDArray[np.intp]:
    """Position in `STATES` of each row.

    Parameters
    ----------
    first, second : ndarray, shape (n,)
        Impedance by either way; inf unreachable, nan no data.
    threshold : float
        In the unit of both; an impedance equal to it is within.

    Returns
    -------
    ndarray of int, shape (n,)

    Examples
    --------
    >>> road = np.array([60.0, 61.0, 50.0, np.inf, np.nan])
    >>> line = np.array([60.0, 60.0, 70.0, 70.0, 1.0])
    >>> [STATES[i] for i in states(road, line, 60.0)]
    ['within', 'hidden', 'added', 'beyond', 'no_data']
    """
    by_second = second <= threshold
    near = np.where(by_second, WITHIN, ADDED)
    far = np.where(by_second, HIDDEN, BEYOND)
    found: NDArray[np.intp] = np.where(
        np.isnan(first) | np.isnan(second), NO_DATA, np.where(first <= threshold, near, far)
    )
    return found


def compare(
    first: ArrayLike,
    second: ArrayLike,
    persons: ArrayLike,
    *,
    threshold: float,
    group: NDArray[np.intp] | None = None,
    n_groups: int = 1,
) -> Comparison:
    """Count the people whom two ways of measuring put on either side of a threshold.

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Impedance to the nearest site by either way, >= 0; inf unreachable, nan no data.
    persons : array_like, shape (n,)
        Finite, >= 0.
    threshold : float
        In the unit of both, > 0 and finite.
    group : ndarray of int, shape (n,), optional
        Code of each row's group; one group when left out.
    n_groups : int, optional
        Number of groups.

    Returns
    -------
    Comparison
        Arrays of shape (n_groups,).

    Raises
    ------
    InputError
        Listing every problem.

    Examples
    --------
    >>> compare([70, 90, 10], [50, 80, 12], [1, 2, 4], threshold=60).hidden.tolist()
    [1.0]
    """
    one, two, people = floats(first), floats(second), floats(persons)
    codes = np.zeros(one.shape, dtype=np.intp) if group is None else np.asarray(group)
    problems = Problems().lengths(first=one, second=two, persons=people, group=codes)
    problems.impedance(one).impedance(two).persons(people).groups(codes, n_groups)
    problems.threshold(threshold).raise_if_any()
    cell = codes * len(STATES) + states(one, two, threshold)
    counts = np.bincount(cell, people, n_groups * len(STATES)).astype(np.float64)
    table = counts.reshape(n_groups, len(STATES))
    return Comparison(table.sum(axis=1), *table.T)


def hidden_band(
    first: ArrayLike,
    second: ArrayLike,
    persons: ArrayLike,
    *,
    threshold: float,
    uncertainty: Uncertainty,
) -> tuple[float, float]:
    """Band of the people whom the second way hides, from the errors of the first.

    The second way is exact as what it is: those whom it puts within the threshold are known, and
    the band is that of being beyond it by the first.

    Parameters
    ----------
    first, second, persons, threshold
        As in `compare`.
    uncertainty : Uncertainty
        Errors of the first way.

    Returns
    -------
    tuple of float
        Persons, low and high; the 90% band of `geo.coverage.coverage`.

    Examples
    --------
    >>> hidden_band([70, 90], [50, 80], [1, 2], threshold=60, uncertainty=Uncertainty(0, 0))
    (1.0, 1.0)
    """
    one, two, people = floats(first), floats(second), floats(persons)
    close = (two <= threshold) & ~np.isnan(one)
    if not (people[close] > 0).any():
        return 0.0, 0.0
    found = coverage(
        one[close], people[close], threshold=threshold, uncertainty=uncertainty.take(close)
    )
    return float(found.beyond_low[0]), float(found.beyond_high[0])


def circuity(
    road_km: ArrayLike,
    straight_km: ArrayLike,
    persons: ArrayLike,
    *,
    group: NDArray[np.intp] | None = None,
    n_groups: int = 1,
) -> Floats:
    r"""How much longer the roads are than the straight lines between the same two places.

    .. math::  c = \sum_i p_i d_i \, / \sum_i p_i s_i

    Parameters
    ----------
    road_km, straight_km : array_like, shape (n,)
        Both from the same origin to the same site; rows that are not finite in both are left out.
    persons : array_like, shape (n,)
        Weights.
    group, n_groups
        As in `compare`.

    Returns
    -------
    ndarray, shape (n_groups,)
        nan where nobody travels any distance.

    Examples
    --------
    >>> circuity([13.0, 26.0, np.inf], [10.0, 20.0, 5.0], [2, 1, 9]).tolist()
    [1.3]
    """
    road, line, people = floats(road_km), floats(straight_km), floats(persons)
    codes = np.zeros(road.shape, dtype=np.intp) if group is None else np.asarray(group)
    problems = Problems().lengths(road_km=road, straight_km=line, persons=people, group=codes)
    problems.persons(people).groups(codes, n_groups).raise_if_any()
    both = np.isfinite(road) & np.isfinite(line)
    sums = [
        np.bincount(codes[both], people[both] * km[both], n_groups).astype(np.float64)
        for km in (road, line)
    ]
    found: Floats = np.full(n_groups, np.nan)
    np.divide(sums[0], sums[1], out=found, where=sums[1] > 0)
    return found
