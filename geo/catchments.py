"""Whom each site serves, and who would be left without it.

Every site's people are found in one pass over the areas, from the nearest and the second nearest
site of each. No site has to be taken out and the rest searched again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.equity import weighted_quantile_by_group
from geo.network import Ints
from geo.results import Floats
from geo.travel import Nearest
from geo.validate import Problems


def second_nearest(nearest: Callable[[Ints], Nearest], first: Nearest, n_sites: int) -> Nearest:
    """Find the nearest site but one, with searches that only know the nearest.

    Two different sites differ in at least one binary digit of their positions. So the second
    nearest of an area is the best of the nearest sites among those that differ from its first in
    digit 0, in digit 1, and so on: two searches a digit, 16 for 200 sites, whatever the areas.

    Parameters
    ----------
    nearest : callable
        Gives the nearest of some sites, for every area; takes their positions in rising order and
        counts sites in these. Ties go to the shorter distance, then to the lowest position.
    first : Nearest
        The nearest of all sites, n areas.
    n_sites : int
        How many sites there are.

    Returns
    -------
    Nearest
        Of all sites but the area's first, with the same ties. `inf` and -1 where there is none,
        nan where the area has no coordinates.
    """
    minutes = np.where(np.isnan(first.minutes), np.nan, np.inf)
    km, site = minutes.copy(), np.full(minutes.shape, -1, dtype=np.int64)
    for digit in range(max(n_sites - 1, 0).bit_length()):
        side_of_site = np.arange(n_sites) >> digit & 1
        side_of_first = first.site >> digit & 1
        for side in (0, 1):
            rows = np.flatnonzero(side_of_site == side)
            found = nearest(rows)
            other = rows[found.site]  # where there is one
            better = (found.minutes < minutes) | (
                (found.minutes == minutes)
                & ((found.distance_km < km) | ((found.distance_km == km) & (other < site)))
            )
            taken = better & (first.site >= 0) & (side_of_first != side) & (found.site >= 0)
            minutes[taken], km[taken] = found.minutes[taken], found.distance_km[taken]
            site[taken] = other[taken]
    return Nearest(minutes, km, site)


@dataclass(frozen=True, slots=True, eq=False)
class Catchments:
    """People of each of m sites.

    Parameters
    ----------
    nearest : ndarray, shape (m,)
        Persons for whom it is the nearest, at any distance. They add up to the people who can
        reach a site.
    within : ndarray, shape (m, k)
        Of those, persons within each of k limits. They add up to the people covered at the limit.
    lost : ndarray, shape (m,)
        Of those, persons within the first limit whose second nearest is beyond it: its
        criticality.
    next_site : ndarray of int, shape (m,)
        The second nearest of most of its people; -1 where there is none. Ties go to the lowest.
    extra : ndarray, shape (m,)
        What the second nearest takes more, median of its people; `inf` where at least half have
        no other, nan where nobody's nearest it is.
    """

    nearest: Floats
    within: Floats
    lost: Floats
    next_site: Ints
    extra: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """Two sites that each row of people would choose, n rows.

    Parameters
    ----------
    persons : ndarray, shape (n,)
        Whole or fractional, >= 0.
    site, next_site : ndarray of int, shape (n,)
        Nearest and second nearest of m sites; -1 for none.
    travel, next_travel : ndarray, shape (n,)
        In the unit of the limits; `inf` unreachable, nan no data.
    extra : ndarray, shape (n,)
        What the second takes more than the first, in any unit; read where there is a first.
    """

    persons: Floats
    site: Ints
    next_site: Ints
    travel: Floats
    next_travel: Floats
    extra: Floats


def catchments(rows: Choices, *, n_sites: int, limits: Sequence[float]) -> Catchments:
    """Count the people of every site.

    Parameters
    ----------
    rows : Choices
        Who goes where.
    n_sites : int
        How many sites there are, m.
    limits : sequence of float
        The first is the threshold that `lost` is about; a travel equal to a limit is within.

    Returns
    -------
    Catchments
        All zero for a site that is nobody's nearest.

    Raises
    ------
    InputError
        A site that does not exist, or no limit.
    """
    problems = Problems().thresholds(np.asarray(limits, dtype=np.float64), "limit")
    problems.persons(rows.persons)
    problems.where(np.maximum(rows.site, rows.next_site) >= n_sites, "site does not exist")
    if not len(limits):
        problems.add("catchments need at least one limit")
    problems.raise_if_any()
    own = rows.site >= 0
    site, persons = rows.site[own], rows.persons[own]
    travel, next_travel = rows.travel[own], rows.next_travel[own]

    def count(keep: NDArray[np.bool_]) -> Floats:
        return np.bincount(site[keep], persons[keep], n_sites).astype(np.float64)

    within = [count(travel <= limit) for limit in limits]
    return Catchments(
        nearest=count(np.ones(site.shape, dtype=np.bool_)),
        within=np.stack(within, axis=1),
        lost=count((travel <= limits[0]) & ~(next_travel <= limits[0])),
        next_site=most_chosen(site, rows.next_site[own], persons, n_sites),
        extra=weighted_quantile_by_group(
            rows.extra[own], persons, [0.5], group=site.astype(np.intp), n_groups=n_sites
        )[:, 0],
    )


def most_chosen(group: Ints, choice: Ints, persons: Floats, n_groups: int) -> Ints:
    """Find what most of the people of each group choose.

    Parameters
    ----------
    group : ndarray of int, shape (n,)
        0 to n_groups - 1.
    choice : ndarray of int, shape (n,)
        Negative where there is none.
    persons : ndarray, shape (n,)
        Rows of nobody do not count.
    n_groups : int
        How many groups there are.

    Returns
    -------
    ndarray of int, shape (n_groups,)
        -1 for a group without a choice; ties go to the lowest.

    Examples
    --------
    >>> most_chosen(np.array([0, 0, 0, 1]), np.array([7, 5, 5, -1]), np.array([3.0, 2, 2, 9]), 2)
    array([ 5, -1])
    """
    found = np.full(n_groups, -1, dtype=np.int64)
    known = (choice >= 0) & (persons > 0)
    if not known.any():
        return found
    size = int(choice.max()) + 1
    pairs, at = np.unique(group[known] * size + choice[known], return_inverse=True)
    weight = np.bincount(at, persons[known], len(pairs))
    # Of each group the heaviest pair comes last, and of equal ones the lowest.
    order = np.lexsort((-pairs, weight, pairs // size))
    found[pairs[order] // size] = pairs[order] % size
    return found
