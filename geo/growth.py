"""Patients year by year: uptake curves, and pools that empty as people are treated.

Everything is in shares: a curve is the share of the people eligible who are treated in a year, a
pool is measured in its size of the first year. What is treated in an area is the area's own pool
times these numbers, as shares are the same everywhere. Formulas: docs/methods.md, Patients.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.results import Floats
from geo.validate import Problems


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """People eligible, year by year, as multiples of the first year's.

    ``end = start - treated - left + entered`` in every year, and the next year starts with it.

    Parameters
    ----------
    start, treated, left, entered, end : ndarray, shape (t,)
        Eligible when the year begins; treated in it; no longer eligible for other reasons; newly
        eligible; eligible when it ends.
    """

    start: Floats
    treated: Floats
    left: Floats
    entered: Floats
    end: Floats


def uptake(
    years: NDArray[np.int64], start: int, before: float, peak: float, years_to_peak: int
) -> Floats:
    """Share treated in each year: flat, then a straight line to the peak, then flat.

    Parameters
    ----------
    years : ndarray, shape (t,)
        Calendar years.
    start : int
        First year on the line.
    before, peak : float
        Share a year before it and at its end, 0 to 1.
    years_to_peak : int
        Years on the line, at least 1; the last of them has the peak.

    Returns
    -------
    ndarray, shape (t,)
        0 to 1.

    Raises
    ------
    InputError
        Shares that are none, or less than one year.

    Examples
    --------
    >>> uptake(np.arange(2026, 2032), 2027, 0.0, 0.12, 3).round(2).tolist()
    [0.0, 0.04, 0.08, 0.12, 0.12, 0.12]
    """
    problems = Problems().shares(np.array([before, peak], dtype=np.float64))
    if years_to_peak < 1:
        problems.add(f"years to the peak must be 1 or more, got {years_to_peak}")
    problems.raise_if_any()
    part = np.clip((years - start + 1) / years_to_peak, 0.0, 1.0)
    found: Floats = before + (peak - before) * part
    return found


def population(years: NDArray[np.int64], growth: float) -> Floats:
    """People of each year as a multiple of the first year's.

    Parameters
    ----------
    years : ndarray, shape (t,)
        Calendar years, rising.
    growth : float
        Share by which people grow in a year, above -1.

    Returns
    -------
    ndarray, shape (t,)

    Examples
    --------
    >>> population(np.array([2026, 2027, 2028]), 0.1).round(2).tolist()
    [1.0, 1.1, 1.21]
    """
    found: Floats = (1.0 + growth) ** (years - years[0]).astype(np.float64)
    return found


def pool(share: Floats, renewal: float, growth: float = 0.0) -> Pool:
    """Follow a pool of eligible people of which a share is treated every year.

    In a year some of those who begin it are treated, at the year's end the same share of the rest
    leaves (dies, grows too ill, gets well), and new people come in: as many as would have left and
    the growth besides, had nobody been treated. So an untreated pool grows as the population
    does, and nobody is treated twice. Where the population shrinks faster than people leave,
    nobody comes in.

    Parameters
    ----------
    share : ndarray, shape (t,)
        Of those who begin a year, how many are treated in it, 0 to 1.
    renewal : float
        Share who leave in a year, 0 to 1.
    growth : float, optional
        Share by which the population grows in a year.

    Returns
    -------
    Pool
        Multiples of the pool when the first year begins.

    Raises
    ------
    InputError
        Shares that are none.

    Examples
    --------
    Half are treated every year, a tenth of the others leave, a tenth of the first pool comes in.

    >>> found = pool(np.array([0.5, 0.5]), 0.1)
    >>> found.start.round(4).tolist(), found.treated.round(4).tolist(), found.end.round(4).tolist()
    ([1.0, 0.55], [0.5, 0.275], [0.55, 0.3475])
    """
    given = np.append(share, renewal)
    Problems().shares(given).where(np.isnan(given), "share is missing").raise_if_any()
    count = len(share)
    start, treated, left, entered, end = np.zeros((5, count))
    untreated = 1.0
    here = 1.0
    for year in range(count):
        start[year] = here
        treated[year] = share[year] * here
        left[year] = renewal * (here - treated[year])
        entered[year] = untreated * max(renewal + growth, 0.0)
        here = end[year] = here - treated[year] - left[year] + entered[year]
        untreated *= 1.0 + growth
    return Pool(start, treated, left, entered, end)
