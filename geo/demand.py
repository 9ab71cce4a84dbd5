"""Expected patients a year of each area: persons, times rate, times share who may be treated.

Areas have persons by age group and shares by race or ethnicity; a disease has one rate for each
age group and race. Inside an area age and race are taken as independent. Three values are carried
through every product: low, central and high. Low is everything at its low end at once, high
everything at its high end, so the range is wider than a confidence interval of the same inputs.
Formulas: docs/methods.md, Patients.
"""

from typing import Final

import numpy as np

from geo.results import Floats
from geo.validate import Problems

PER: Final = 100_000
"""Persons that a rate is of."""
BOUNDS: Final = ("low", "central", "high")
"""Order of the last axis of every rate, share and result."""


def expected_cases(persons: Floats, shares: Floats, rates: Floats) -> Floats:
    """Expect cases of each area and age group on the area's own population.

    Parameters
    ----------
    persons : ndarray, shape (n, k)
        Persons of each area by age group.
    shares : ndarray, shape (n, g)
        Share of each race or ethnicity among the persons of an area, 0 to 1; a row adds up to 1.
    rates : ndarray, shape (k, g, 3)
        Cases per 100,000 persons of an age group and race: low, central, high.

    Returns
    -------
    ndarray, shape (n, k, 3)
        Cases, a year for a rate a year.

    Raises
    ------
    InputError
        Shapes differ, or values are negative or missing.

    Examples
    --------
    One area with 100,000 young and as many old people, half of them of each of two races.

    >>> rates = np.array([[[0, 1, 1], [0, 3, 3]], [[10, 10, 10], [30, 30, 30]]], dtype=float)
    >>> cases = expected_cases(np.array([[1e5, 1e5]]), np.array([[0.5, 0.5]]), rates)
    >>> cases[0].tolist()
    [[0.0, 2.0, 2.0], [20.0, 20.0, 20.0]]
    """
    _check(persons, shares, rates)
    by_age = np.einsum("ng,kgb->nkb", shares, rates, optimize=True)
    cases: Floats = by_age * persons[:, :, None] / PER
    return cases


def spread_over_groups(rates: Floats, ratios: Floats, persons: Floats, shares: Floats) -> Floats:
    """Turn rates by age into rates by age and race, without a change of any age's cases.

    Every age's rate is multiplied by a race's ratio and divided by the mean ratio of the people of
    that age, in the whole country.

    Parameters
    ----------
    rates : ndarray, shape (k, 3)
        Cases per 100,000 persons of an age group, of all races.
    ratios : ndarray, shape (g,)
        How common the disease is in each race, as a multiple of any one of them.
    persons, shares : ndarray, shape (n, k) and (n, g)
        The areas of the whole country, as in `expected_cases`.

    Returns
    -------
    ndarray, shape (k, g, 3)
        Rates for `expected_cases`.

    Examples
    --------
    Half of the people have the disease twice as often as the others.

    >>> flat = np.full((1, 3), 30.0)
    >>> found = spread_over_groups(flat, np.array([1.0, 2.0]), np.ones((1, 1)), np.full((1, 2), .5))
    >>> found[0, :, 1].tolist()
    [20.0, 40.0]
    """
    people = persons.sum(axis=0)
    weighted = persons.T @ (shares @ ratios)
    scale = np.divide(people, weighted, out=np.ones_like(people), where=weighted > 0)
    spread: Floats = (scale[:, None] * rates)[:, None, :] * ratios[None, :, None]
    return spread


def split_by_sex(rates: Floats, ratio: float, men: Floats) -> Floats:
    """Turn rates of both sexes together into rates of men and of women.

    Parameters
    ----------
    rates : ndarray, shape (k, 3)
        Cases per 100,000 persons of each group.
    ratio : float
        Rate of men over that of women.
    men : ndarray, shape (k,)
        Share of men in each group, 0 to 1.

    Returns
    -------
    ndarray, shape (k, 2, 3)
        Men, women; together they make the rates given.

    Examples
    --------
    As many men as women, and men have the disease three times as often.

    >>> split_by_sex(np.full((1, 3), 20.0), 3.0, np.array([0.5]))[0, :, 1].tolist()
    [30.0, 10.0]
    """
    women = rates / (men * ratio + 1.0 - men)[:, None]
    return np.stack([ratio * women, women], axis=1)


def over_sexes(rates: Floats, men: Floats) -> Floats:
    """Rates of both sexes together.

    Parameters
    ----------
    rates : ndarray, shape (k, 2, g, 3)
        Cases per 100,000 men and women, by age group and race.
    men : ndarray, shape (k,)
        Share of men in each age group, 0 to 1.

    Returns
    -------
    ndarray, shape (k, g, 3)

    Examples
    --------
    >>> over_sexes(np.array([[[[30.0]], [[10.0]]]]), np.array([0.5])).tolist()
    [[[20.0]]]
    """
    parts = np.stack([men, 1.0 - men], axis=1)
    found: Floats = np.einsum("ks,ksgb->kgb", parts, rates)
    return found


def level_factor(published: float, rates: Floats, reference: Floats) -> float:
    """How many times more cases were published than the rates give in a reference population.

    Parameters
    ----------
    published : float
        Cases of the whole country.
    rates : ndarray, shape (s,)
        Cases per 100,000 persons of each stratum.
    reference : ndarray, shape (s,)
        Persons of each stratum in the year of the rates.

    Returns
    -------
    float
        Factor for the rates.

    Examples
    --------
    >>> round(level_factor(300.0, np.array([10.0]), np.array([2e6])), 6)
    1.5
    """
    return float(published * PER / (rates @ reference))


def eligible(cases: Floats, fraction: Floats) -> Floats:
    """Keep the share of the cases that may be treated, bound by bound.

    Parameters
    ----------
    cases : ndarray, shape (n, k, 3)
        From `expected_cases`.
    fraction : ndarray, shape (k, 3)
        Share of each age group: low, central, high.

    Returns
    -------
    ndarray, shape (n, k, 3)
        Patients.
    """
    patients: Floats = cases * fraction
    return patients


def _check(persons: Floats, shares: Floats, rates: Floats) -> None:
    problems = Problems().dimensions("persons", persons, 2).dimensions("shares", shares, 2)
    problems.dimensions("rates", rates, 3).lengths(persons=persons, shares=shares).raise_if_any()
    if rates.shape != (persons.shape[1], shares.shape[1], len(BOUNDS)):
        problems.add(
            f"rates must have the shape (age groups, races, 3) = "
            f"({persons.shape[1]}, {shares.shape[1]}, 3), got {rates.shape}"
        )
    problems.persons(persons).persons(rates, "rate")
    problems.shares(shares).where(np.isnan(shares), "share is missing").raise_if_any()
