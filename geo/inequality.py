r"""How unequally travel is shared: Lorenz and concentration curves, Gini and concentration index.

With persons :math:`p_i`, travel :math:`t_i` and the fractional rank :math:`r_i` of a person (the
middle of the people with the same value, 0 to 1), the concentration index is

.. math::  C = \frac{2}{\mu}\operatorname{cov}(t, r)
             = \frac{\sum_i p_i t_i (2 r_i - 1)}{\sum_i p_i t_i} .

Ranked by income it is negative where the poorer travel farther; ranked by travel itself it is the
Gini index. Neither changes when all trips are slower by one factor, so the systematic error of
speeds has no part in their bands. Formulas: docs/methods.md, section Equity.

References
----------
Lorenz (1905), doi:10.2307/2276207. Kakwani, Wagstaff & van Doorslaer (1997),
doi:10.1016/S0304-4076(96)01807-6. Wagstaff (2005), doi:10.1002/hec.953. Erreygers (2009),
doi:10.1016/j.jhealeco.2008.02.003.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from numpy.typing import ArrayLike, NDArray
from scipy.special import erf

from geo.disparity import Estimate, Moments, Trips
from geo.results import Floats
from geo.uncertainty import Uncertainty
from geo.validate import Problems, floats

ATOMS: Final = 7
"""Points that stand for one trip's error in the expected Gini index (Gauss-Hermite)."""


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Whom an index is about; the four add up to the population.

    Parameters
    ----------
    people : float
        Persons counted.
    unreachable : float
        Left out because no site can be reached: an infinite time has no mean. 0 where they count.
    no_data : float
        Left out because their travel is not known.
    unranked : float
        Left out because what they are ranked by (income) is not known, of those not left out
        already.
    """

    people: float
    unreachable: float
    no_data: float
    unranked: float


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """One index of travel with its 90% band.

    Parameters
    ----------
    value, low, high : float
        -1 to 1; nan where nobody is counted, or nobody travels at all.
    counted : Counted
        Whom it is about.
    """

    value: float
    low: float
    high: float
    counted: Counted


@dataclass(frozen=True, slots=True, eq=False)
class BeyondIndexes:
    """Indexes of who is beyond a threshold, each with its 90% band.

    Parameters
    ----------
    concentration : Index
        The plain concentration index of a yes or no. Its bounds depend on how many are beyond.
    wagstaff : Index
        Divided by the share of people within, so that its bounds are -1 and 1.
    erreygers : Index
        Four times the share beyond times the plain index: the same size whether those beyond or
        those within are counted, with the sign turned round.
    """

    concentration: Index
    wagstaff: Index
    erreygers: Index


def fractional_ranks(values: ArrayLike, weights: ArrayLike) -> Floats:
    """Rank of each person among all, 0 to 1: the middle of those with the same value.

    Parameters
    ----------
    values : array_like, shape (n,)
        What people are ranked by, smallest first; no nan.
    weights : array_like, shape (n,)
        Persons, finite, >= 0.

    Returns
    -------
    ndarray, shape (n,)
        The weighted mean is a half; all nan without people.

    Raises
    ------
    InputError
        Listing every problem.

    Examples
    --------
    >>> fractional_ranks([30, 10, 10], [2, 1, 1]).tolist()
    [0.75, 0.25, 0.25]
    """
    amounts, people = floats(values), floats(weights)
    problems = Problems().dimensions("values", amounts, 1).dimensions("weights", people, 1)
    problems.lengths(values=amounts, weights=people).persons(people, "weights")
    problems.where(np.isnan(amounts), "values is missing").raise_if_any()
    return _ranks(amounts, people)


def concentration_index(values: ArrayLike, weights: ArrayLike, rank_by: ArrayLike) -> float:
    """How unequally an amount is shared along a ranking of people.

    Parameters
    ----------
    values : array_like, shape (n,)
        Amount of each person: minutes, km, 1 or 0; finite, >= 0.
    weights : array_like, shape (n,)
        Persons, finite, >= 0.
    rank_by : array_like, shape (n,)
        What people are ranked by, smallest first; equal values share the middle rank.

    Returns
    -------
    float
        -1 (the lowest rank has it all) to 1; 0 when everybody has the same; nan when there is
        nobody or nothing to share.

    Raises
    ------
    InputError
        Listing every problem.

    References
    ----------
    Kakwani, Wagstaff & van Doorslaer (1997), doi:10.1016/S0304-4076(96)01807-6

    Examples
    --------
    >>> concentration_index([3, 1], [1, 1], rank_by=[10, 20])
    -0.25
    """
    amounts, people = floats(values), floats(weights)
    problems = Problems().dimensions("values", amounts, 1)
    problems.lengths(values=amounts, weights=people).persons(amounts, "values").raise_if_any()
    rank = fractional_ranks(rank_by, people)
    whole = float(amounts @ people)
    return float((2 * rank - 1) @ (amounts * people)) / whole if whole > 0 else np.nan


def gini(values: ArrayLike, weights: ArrayLike) -> float:
    r"""Gini index: half the mean difference between two people, over the mean.

    .. math::  G = \frac{\sum_i \sum_j p_i p_j |t_i - t_j|}{2 \mu (\sum_i p_i)^2}

    Parameters
    ----------
    values, weights : array_like, shape (n,)
        As in :func:`concentration_index`.

    Returns
    -------
    float
        0 (all the same) to 1; nan when there is nobody or nothing to share.

    Raises
    ------
    InputError
        Listing every problem.

    Examples
    --------
    >>> gini([3, 1], [1, 1])
    0.25
    """
    return concentration_index(values, weights, values)


def concentration_curve(
    values: ArrayLike, weights: ArrayLike, rank_by: ArrayLike, shares: ArrayLike
) -> Floats:
    """Share of the amount that the first shares of the people have; a Lorenz curve by itself.

    Parameters
    ----------
    values, weights, rank_by : array_like, shape (n,)
        As in :func:`concentration_index`.
    shares : array_like, shape (k,)
        Of the people, 0 to 1, lowest rank first.

    Returns
    -------
    ndarray, shape (k,)
        0 to 1, straight between one value of the ranking and the next: people of one rank are
        alike. nan when there is nobody or nothing to share.

    Raises
    ------
    InputError
        Listing every problem.

    References
    ----------
    Lorenz (1905), doi:10.2307/2276207

    Examples
    --------
    >>> concentration_curve([3, 1], [1, 1], rank_by=[10, 20], shares=[0, 0.25, 0.5, 1]).tolist()
    [0.0, 0.375, 0.75, 1.0]
    """
    amounts, people, order = floats(values), floats(weights), floats(rank_by)
    problems = Problems().dimensions("values", amounts, 1).dimensions("weights", people, 1)
    problems.lengths(values=amounts, weights=people, rank_by=order)
    problems.persons(amounts, "values").persons(people, "weights")
    problems.where(np.isnan(order), "rank_by is missing").shares(floats(shares)).raise_if_any()
    _, block = np.unique(order, return_inverse=True)
    size = np.concatenate([[0.0], np.cumsum(np.bincount(block, people))])
    held = np.concatenate([[0.0], np.cumsum(np.bincount(block, people * amounts))])
    if held[-1] == 0:
        return np.full(floats(shares).shape, np.nan)
    return np.asarray(np.interp(floats(shares), size / size[-1], held / held[-1]))


def concentration_of_travel(
    impedance: ArrayLike,
    persons: ArrayLike,
    rank_by: ArrayLike,
    *,
    uncertainty: Uncertainty | None = None,
) -> Index:
    """Concentration index of travel with its band.

    Parameters
    ----------
    impedance, persons : array_like, shape (n,)
        As in :func:`geo.coverage.coverage`. Unreachable people and those without data are left out
        and counted.
    rank_by : array_like, shape (n,)
        Income; nan is not known.
    uncertainty : Uncertainty, optional
        Errors for the band.

    Returns
    -------
    Index
        Negative where those ranked first (the poorer) travel farther.

    Raises
    ------
    InputError
        Listing every problem.

    Examples
    --------
    >>> concentration_of_travel([90, 30, np.inf], [1, 1, 5], [10, 20, 30]).value
    -0.25
    """
    minutes, people, order = _checked(impedance, persons, rank_by)
    keep = np.isfinite(minutes) & ~np.isnan(order)
    counted = _counted(minutes, people, keep, unreachable_count=False)
    lean = 2 * _ranks(order[keep], people[keep]) - 1
    travelled = people[keep] * minutes[keep]
    value = _ratio(float(lean @ travelled), float(travelled.sum()))
    if uncertainty is None or uncertainty.is_zero or np.isnan(value):
        return Index(value, value, value, counted)
    weights = np.column_stack([people[keep], lean * people[keep]])
    trips = Trips.joined(minutes[keep], weights, uncertainty.take(keep))
    own, leaning = np.ascontiguousarray(trips.weights.T)
    mean, sd = _mean_and_sd(trips)
    expected = _ratio(leaning @ mean, own @ mean)
    noise = np.sqrt(np.sum(((leaning - expected * own) * sd) ** 2)) / (own @ mean)
    return _index(value, expected, float(noise), counted, least=-1.0)


def gini_of_travel(
    impedance: ArrayLike, persons: ArrayLike, *, uncertainty: Uncertainty | None = None
) -> Index:
    """Gini index of travel with its band.

    Parameters
    ----------
    impedance, persons, uncertainty
        As in :func:`concentration_of_travel`.

    Returns
    -------
    Index
        0 to 1.

    Raises
    ------
    InputError
        Listing every problem.

    Examples
    --------
    >>> gini_of_travel([90, 30, np.inf], [1, 1, 5]).value
    0.25
    """
    minutes, people, _ = _checked(impedance, persons, np.zeros(np.shape(impedance)))
    keep = np.isfinite(minutes)
    counted = _counted(minutes, people, keep, unreachable_count=False)
    value = gini(minutes[keep], people[keep])
    if uncertainty is None or uncertainty.is_zero or np.isnan(value):
        return Index(value, value, value, counted)
    errors = uncertainty.take(keep)
    trips = Trips.joined(minutes[keep], people[keep][:, None], errors)
    expected, noise = _expected_gini(trips)
    return _index(value, expected, noise, counted, least=0.0)


def concentration_of_beyond(
    impedance: ArrayLike,
    persons: ArrayLike,
    rank_by: ArrayLike,
    *,
    threshold: float,
    uncertainty: Uncertainty | None = None,
) -> BeyondIndexes:
    """Concentration of the people beyond a threshold, with the corrections for a yes or no.

    Parameters
    ----------
    impedance, persons, rank_by, uncertainty
        As in :func:`concentration_of_travel`; here unreachable people count as beyond.
    threshold : float
        In the unit of the impedance, > 0 and finite; an impedance equal to it is within.

    Returns
    -------
    BeyondIndexes
        Negative where those ranked first (the poorer) are beyond more often.

    Raises
    ------
    InputError
        Listing every problem.

    References
    ----------
    Wagstaff (2005), doi:10.1002/hec.953; Erreygers (2009), doi:10.1016/j.jhealeco.2008.02.003

    Examples
    --------
    >>> found = concentration_of_beyond([90, 90, 30, 30], np.ones(4), [1, 2, 3, 4], threshold=60)
    >>> found.concentration.value, found.wagstaff.value, found.erreygers.value
    (-0.5, -1.0, -1.0)
    """
    minutes, people, order = _checked(impedance, persons, rank_by)
    keep = ~np.isnan(minutes) & ~np.isnan(order)
    counted = _counted(minutes, people, keep, unreachable_count=True)
    total = people[keep].sum()
    part = people[keep] / total if total > 0 else people[keep]
    lean = (2 * _ranks(order[keep], people[keep]) - 1) * part if total > 0 else part
    errors = (uncertainty or Uncertainty(0.0, 0.0)).take(keep)
    trips = Trips.joined(minutes[keep], np.column_stack([part, lean]), errors)
    within = trips.within(threshold)
    own, leaning = np.ascontiguousarray(trips.weights.T)

    def measures(chance: Floats) -> Floats:
        """Return the three indexes when each trip is within with this chance."""
        # Plain sums: a product of vectors starts threads, which takes longer on a busy machine.
        share, moment = np.sum(own * (1 - chance)), np.sum(leaning * (1 - chance))
        plain = _ratio(moment, share)
        return np.array([plain, _ratio(plain, np.sum(own * chance)), 4 * moment])

    noise = within.expected * (1 - within.expected)
    share, moment = own @ (1 - within.expected), leaning @ (1 - within.expected)
    slopes = (
        (leaning - _ratio(moment, share) * own) * _ratio(1.0, share),
        (leaning - _ratio(moment, share * (1 - share)) * (1 - 2 * share) * own)
        * _ratio(1.0, share * (1 - share)),
        4 * leaning,
    )
    value = measures(within.point) if total > 0 else np.full(3, np.nan)
    moments = Moments(
        expected=measures(within.expected),
        slow=measures(within.slow),
        fast=measures(within.fast),
        sd=np.array([np.sqrt(slope**2 @ noise) for slope in slopes]),
    )
    found = Estimate.of(value, moments, -1.0, 1.0)
    plain, wagstaff, erreygers = (_single(found, at, counted) for at in range(3))
    return BeyondIndexes(plain, wagstaff, erreygers)


def _checked(
    impedance: ArrayLike, persons: ArrayLike, rank_by: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    minutes, people, order = floats(impedance), floats(persons), floats(rank_by)
    problems = Problems().dimensions("impedance", minutes, 1).dimensions("persons", people, 1)
    problems.lengths(impedance=minutes, persons=people, rank_by=order)
    problems.impedance(minutes).persons(people).raise_if_any()
    return minutes, people, order


def _counted(
    minutes: Floats, people: Floats, keep: NDArray[np.bool_], *, unreachable_count: bool
) -> Counted:
    roadless = np.isposinf(minutes) & (not unreachable_count)
    unknown = np.isnan(minutes)
    return Counted(
        people=float(people[keep].sum()),
        unreachable=float(people[roadless].sum()),
        no_data=float(people[unknown].sum()),
        unranked=float(people[~keep & ~roadless & ~unknown].sum()),
    )


def _ranks(values: Floats, people: Floats) -> Floats:
    """Middle of the people with each value; see `fractional_ranks`."""
    _, block = np.unique(values, return_inverse=True)
    size = np.asarray(np.bincount(block, people), dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return np.asarray(((np.cumsum(size) - size / 2) / size.sum())[block])


def _ratio(amount: float, total: float) -> float:
    return float(amount) / float(total) if total > 0 else np.nan


def _mean_and_sd(trips: Trips) -> tuple[Floats, Floats]:
    """Mean and sd of each trip under its own error: those of a log-normal number."""
    mean = trips.location * np.exp(trips.sigma**2 / 2)
    return mean, mean * np.sqrt(np.expm1(trips.sigma**2))


def _expected_gini(trips: Trips) -> tuple[float, float]:
    """Mean and sd of the Gini index under the independent errors of the trips.

    Every trip is replaced by a few atoms of its distribution; the people of two trips then differ
    by what independent draws differ by on average. Two people of one trip do not differ, so what
    the atoms of a trip differ among themselves is taken off. The sd is that of the sum of each
    trip's own effect (the first term of Hoeffding's decomposition).
    """
    points, weights = hermegauss(ATOMS)
    chance = weights / weights.sum()
    people = trips.weights[:, 0] / trips.weights[:, 0].sum()
    atoms = trips.location[:, None] * np.exp(trips.sigma[:, None] * points)
    mass = people[:, None] * chance
    order = np.argsort(atoms, axis=None)
    value, weight = atoms.ravel()[order], mass.ravel()[order]
    mean = float(value @ weight)
    below, near = np.cumsum(weight), np.cumsum(value * weight)
    # Mean difference of each atom from a person drawn from all, in the order of the atoms.
    distance = np.empty(atoms.shape)
    distance.flat[order] = value * (2 * below - weight - 1) - 2 * near + value * weight + mean
    # Half the mean difference of two draws of one log-normal number, over its mean.
    own_gini = erf(trips.sigma / 2)
    own_mean = trips.location * np.exp(trips.sigma**2 / 2)
    half = float((distance * mass).sum()) / 2 - float(people**2 @ (own_gini * own_mean))
    expected = half / mean
    effect = distance - expected * atoms
    centred = effect - (effect @ chance)[:, None]
    variance = people**2 @ (centred**2 @ chance)
    return expected, float(np.sqrt(variance) / mean)


def _index(value: float, expected: float, sd: float, counted: Counted, *, least: float) -> Index:
    one = np.array([expected])
    found = Estimate.of(np.array([value]), Moments(one, one, one, np.array([sd])), least, 1.0)
    return _single(found, 0, counted)


def _single(found: Estimate, at: int, counted: Counted) -> Index:
    return Index(float(found.value[at]), float(found.low[at]), float(found.high[at]), counted)
