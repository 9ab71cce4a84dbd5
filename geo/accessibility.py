"""Accessibility scores: supply within reach, shared among the people who compete for it.

Floating catchment methods give every area capacity a person: each site spreads its capacity over
the people who can reach it, and an area adds up what the sites in its reach give a person. They
differ in how travel counts. The rational agent model is in `geo.raam`.

All of them take travel as an n x m table of areas by sites in one unit, minutes or km: dense, with
inf where there is no way and nan where it is not known, or a sparse matrix whose stored entries
are the only ways. Travel equal to a limit is within it.
"""

from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from geo.results import Floats
from geo.validate import Problems, floats

Ints = NDArray[np.intp]
Travel: TypeAlias = ArrayLike | sparse.sparray
"""Dense or sparse, shape (n, m)."""


class Kernel(Protocol):
    """Weight of a trip by its length; never negative, and never more for a longer trip."""

    def __call__(self, travel: Floats) -> Floats:
        """Weigh finite travel >= 0, element by element."""


@dataclass(frozen=True, slots=True)
class Steps:
    """One weight for each zone; 0 beyond the last.

    Parameters
    ----------
    edges : tuple of float
        Upper, inclusive edges of the zones, rising, in the unit of travel.
    weights : tuple of float
        One a zone, >= 0, not rising.

    Raises
    ------
    InputError
        Listing every problem.

    Examples
    --------
    >>> Steps((10, 20), (1.0, 0.5))(np.array([0.0, 10.0, 10.1, 20.0, 20.1])).tolist()
    [1.0, 1.0, 0.5, 0.5, 0.0]
    """

    edges: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        problems = Problems().lengths(edges=self.edges, weights=self.weights)
        edges, weights = floats(self.edges), floats(self.weights)
        problems.thresholds(edges, "edge")
        if not edges.size:
            problems.add("steps need at least one zone")
        if (np.diff(edges) <= 0).any():
            problems.add(f"edges must rise, got {self.edges}")
        problems.where(~(np.isfinite(weights) & (weights >= 0)), "weight is negative or missing")
        if (np.diff(weights) > 0).any():
            problems.add(f"weights must not rise, got {self.weights}")
        problems.raise_if_any()

    def __call__(self, travel: Floats) -> Floats:
        """See `Kernel`."""
        zone = np.searchsorted(floats(self.edges), travel, side="left")
        return np.append(floats(self.weights), 0.0)[zone]


@dataclass(frozen=True, slots=True)
class Gaussian:
    r"""Bell curve :math:`e^{-t^2 / 2 \sigma^2}`, 1 at the door.

    Parameters
    ----------
    sigma : float
        In the unit of travel, > 0.

    Raises
    ------
    InputError
        When sigma is not positive and finite.
    """

    sigma: float

    def __post_init__(self) -> None:
        Problems().threshold(self.sigma, "sigma").raise_if_any()

    def __call__(self, travel: Floats) -> Floats:
        """See `Kernel`."""
        weight: Floats = np.exp(-travel * travel / (2 * self.sigma**2))
        return weight


@dataclass(frozen=True, slots=True)
class Gravity:
    r"""Inverse power :math:`(\max(t, t_0) / s)^{-\beta}`.

    Parameters
    ----------
    scale : float
        Travel s at which the weight is 1, > 0. It cancels out of every score.
    power : float
        Exponent, > 0.
    floor : float
        Travel :math:`t_0` below which the weight grows no more, > 0.

    Raises
    ------
    InputError
        Listing every problem.
    """

    scale: float
    power: float
    floor: float

    def __post_init__(self) -> None:
        problems = Problems().threshold(self.scale, "scale").threshold(self.power, "power")
        problems.threshold(self.floor, "floor").raise_if_any()

    def __call__(self, travel: Floats) -> Floats:
        """See `Kernel`."""
        weight: Floats = np.power(np.maximum(travel, self.floor) / self.scale, -self.power)
        return weight


ENHANCED_STEPS: Final = Steps((10.0, 20.0, 30.0), (1.0, 0.68, 0.22))
"""Zones in minutes and weights of Luo and Qi (2009)."""
THREE_STEPS: Final = Steps((10.0, 20.0, 30.0, 60.0), (0.962, 0.704, 0.377, 0.042))
"""Zones in minutes and weights of Wan, Zou and Sternberg (2012)."""


def two_step(
    travel: Travel, persons: ArrayLike, capacity: ArrayLike, *, limit: float = np.inf
) -> Floats:
    r"""Score by the two-step floating catchment method (2SFCA) [1]_.

    .. math::  R_j = \frac{S_j}{\sum_{t_{ij} \le L} p_i}, \qquad A_i = \sum_{t_{ij} \le L} R_j

    Parameters
    ----------
    travel : (n, m) array or sparse array
        Areas by sites, see the module.
    persons : array_like, shape (n,)
        Demand, >= 0.
    capacity : array_like, shape (m,)
        Supply, >= 0.
    limit : float
        Radius L of the catchment in the unit of travel, inclusive.

    Returns
    -------
    ndarray, shape (n,)
        Capacity a person. 0 where no site is in reach, nan where travel is not known to any site,
        inf only for an area without people whose site serves nobody else.

    Raises
    ------
    InputError
        Listing every problem.

    References
    ----------
    .. [1] Luo & Wang (2003), doi:10.1068/b29120

    Examples
    --------
    >>> two_step([[10, 50], [20, np.inf]], [100, 300], [8, 6], limit=60).tolist()
    [0.08, 0.02]
    """
    ways = _Ways.of(travel, persons, capacity, limit)
    return ways.share_out(np.ones(ways.travel.size))


def enhanced_two_step(
    travel: Travel,
    persons: ArrayLike,
    capacity: ArrayLike,
    *,
    kernel: Kernel = ENHANCED_STEPS,
    limit: float = np.inf,
) -> Floats:
    r"""Score by the enhanced two-step floating catchment method (E2SFCA) [1]_.

    .. math::  R_j = \frac{S_j}{\sum_i w_{ij} p_i}, \qquad A_i = \sum_j w_{ij} R_j

    with the weight w of the trip, 0 beyond the limit.

    Parameters
    ----------
    travel, persons, capacity, limit
        As in :func:`two_step`.
    kernel : Kernel
        Weight by travel.

    Returns
    -------
    ndarray, shape (n,)
        As in :func:`two_step`. The people's scores add up to the capacity of all sites that
        anybody can reach.

    Raises
    ------
    InputError
        Listing every problem.

    References
    ----------
    .. [1] Luo & Qi (2009), doi:10.1016/j.healthplace.2009.06.002
    """
    ways = _Ways.of(travel, persons, capacity, limit)
    return ways.share_out(kernel(ways.travel))


def three_step(
    travel: Travel,
    persons: ArrayLike,
    capacity: ArrayLike,
    *,
    kernel: Kernel = THREE_STEPS,
    limit: float = np.inf,
) -> Floats:
    r"""Score by the three-step floating catchment method (3SFCA) [1]_.

    An area's demand is first divided among the sites it may choose, by
    :math:`G_{ij} = w_{ij} / \sum_k w_{ik}`; then as E2SFCA with :math:`w_{ij} G_{ij}`.

    Parameters
    ----------
    travel, persons, capacity
        As in :func:`two_step`.
    kernel : Kernel
        Weight by travel.
    limit : float
        As in :func:`two_step`, for the sums over demand and supply. The choice G is among all
        sites that have weight, also beyond the limit; to keep it within, leave farther ways out
        of `travel`.

    Returns
    -------
    ndarray, shape (n,)
        As in :func:`two_step`.

    Raises
    ------
    InputError
        Listing every problem.

    References
    ----------
    .. [1] Wan, Zou & Sternberg (2012), doi:10.1080/13658816.2011.624987
    """
    checked(travel, persons, capacity, limit)
    ways = _Ways.of(travel, persons, capacity, np.inf)
    weight = kernel(ways.travel)
    all_weight = np.bincount(ways.area, weight, ways.persons.size)[ways.area]
    chosen = np.divide(weight, all_weight, out=np.zeros_like(weight), where=all_weight > 0)
    return ways.share_out(np.where(ways.travel <= limit, weight * chosen, 0.0))


@dataclass(frozen=True, slots=True, eq=False)
class _Ways:
    """Pairs of an area and a site it can reach, with their travel, ordered by area."""

    area: Ints
    site: Ints
    travel: Floats
    persons: Floats
    capacity: Floats
    known: NDArray[np.bool_]

    @classmethod
    def of(cls, travel: Travel, persons: ArrayLike, capacity: ArrayLike, limit: float) -> "_Ways":
        table, people, supply = checked(travel, persons, capacity, limit)
        if isinstance(table, sparse.csr_array):
            area = np.repeat(np.arange(people.size), np.diff(table.indptr))
            near = (table.data <= limit) & np.isfinite(table.data)
            known = np.ones(people.size, dtype=bool)
            site = table.indices.astype(np.intp)[near]
            return cls(area[near], site, table.data[near], people, supply, known)
        flat = np.flatnonzero(table <= min(limit, np.finfo(np.float64).max))
        area, site = np.divmod(flat, max(supply.size, 1))
        # An area that reaches a site is known; only the others have to be looked at again.
        known = np.bincount(area, minlength=people.size) > 0
        rest = np.flatnonzero(~known)
        known[rest] = ~np.isnan(table[rest]).all(axis=1) | (supply.size == 0)
        return cls(area, site, table.ravel()[flat], people, supply, known)

    def share_out(self, weight: Floats) -> Floats:
        """Divide each site's capacity over weighted demand, and add up by area."""
        area, site = self.area, self.site
        if not weight.all():  # a site without weight adds nothing, also where nobody uses it
            some = weight > 0
            area, site, weight = area[some], site[some], weight[some]
        demand = np.bincount(site, weight * self.persons[area], self.capacity.size)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(self.capacity > 0, self.capacity / demand, 0.0)
        score = np.bincount(area, weight * ratio[site], self.persons.size)
        return np.where(self.known, score, np.nan)


def checked(
    travel: Travel,
    persons: ArrayLike,
    capacity: ArrayLike,
    limit: float = np.inf,
    problems: Problems | None = None,
) -> tuple[Floats | sparse.csr_array, Floats, Floats]:
    """Bring travel, demand and supply into form, or say all that is wrong with them.

    Parameters
    ----------
    travel, persons, capacity, limit
        As in :func:`two_step`.
    problems : Problems, optional
        What a caller has found wrong already.

    Returns
    -------
    travel : ndarray or csr_array, shape (n, m)
        In double precision.
    persons, capacity : ndarray
        Shapes (n,) and (m,).

    Raises
    ------
    InputError
        Listing every problem.
    """
    people, supply = floats(persons), floats(capacity)
    table: Floats | sparse.csr_array
    if sparse.issparse(travel):
        table = sparse.csr_array(travel, dtype=np.float64)
        values = table.data
    else:
        table = values = floats(travel)
    problems = Problems() if problems is None else problems
    problems.dimensions("persons", people, 1).dimensions("capacity", supply, 1)
    if len(table.shape) != 2:  # noqa: PLR2004 - areas by sites
        problems.add(f"travel must have 2 dimension(s), got {len(table.shape)}")
    elif table.shape != (people.size, supply.size):
        problems.add(
            f"travel is {table.shape[0]} x {table.shape[1]}, but there are {people.size} persons "
            f"and {supply.size} capacities"
        )
    problems.where(values < 0, "travel is negative")
    problems.persons(people).persons(supply, "capacity")
    if np.isnan(limit) or limit <= 0:
        problems.add(f"limit must be positive, got {limit}")
    problems.raise_if_any()
    return table, people, supply
