"""Frozen results of coverage questions: four explicit states that add up, and a band."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.validate import Problems

Floats = NDArray[np.float64]

STATES: Final = ("covered", "uncovered", "unreachable", "no_data")
"""The four states of a person: every person is in exactly one."""


def whole_persons(parts: Floats) -> Floats:
    """Round parts of a total to whole persons that add up to the rounded total.

    Largest remainder method: every part is rounded down, then the parts with the largest
    remainders get one more; ties go to the first part. Whole numbers stay as they are.

    Parameters
    ----------
    parts : ndarray, shape (n, k)
        Persons >= 0; each row is one total in k parts.

    Returns
    -------
    ndarray, shape (n, k)
        Whole numbers; each row adds up to the rounded sum of the row.

    Examples
    --------
    >>> whole_persons(np.array([[0.4, 0.3, 0.3], [5.0, 0.0, 1.0]])).tolist()
    [[1.0, 0.0, 0.0], [5.0, 0.0, 1.0]]
    """
    floor = np.floor(parts)
    missing = np.rint(parts.sum(axis=1)) - floor.sum(axis=1)
    order = np.argsort(floor - parts, axis=1, kind="stable")
    rank = np.argsort(order, axis=1, kind="stable")
    whole: Floats = floor + (rank < missing[:, None])
    return whole


@dataclass(frozen=True, slots=True, eq=False)
class CoverageResult:
    """People in each of the four states, by group, at one threshold.

    ``covered + uncovered + unreachable + no_data == population`` in every group; exact when the
    persons are whole numbers. Shares are of the people for whom a travel time is known or known
    not to exist, ``population - no_data``; nan where that is 0.

    Parameters
    ----------
    threshold : float
        In the unit of the impedance; an impedance equal to it is covered.
    population, covered, uncovered, unreachable, no_data : ndarray, shape (g,)
        Persons.
    share_covered : ndarray, shape (g,)
        0 to 1.
    share_low, share_high : ndarray, shape (g,)
        90% band; always ``share_low <= share_covered <= share_high``.
    """

    threshold: float
    population: Floats
    covered: Floats
    uncovered: Floats
    unreachable: Floats
    no_data: Floats
    share_covered: Floats
    share_low: Floats
    share_high: Floats

    @property
    def known(self) -> Floats:
        """Persons that the shares are of: all but those without data."""
        return self.covered + self.uncovered + self.unreachable

    @property
    def beyond(self) -> Floats:
        """Persons who live beyond the threshold, or from where no site can be reached."""
        return self.uncovered + self.unreachable

    @property
    def covered_low(self) -> Floats:
        """Lower end of the band of `covered`, persons."""
        return self.share_low * self.known

    @property
    def covered_high(self) -> Floats:
        """Upper end of the band of `covered`, persons."""
        return self.share_high * self.known

    @property
    def beyond_low(self) -> Floats:
        """Lower end of the band of `beyond`, persons."""
        return (1 - self.share_high) * self.known

    @property
    def beyond_high(self) -> Floats:
        """Upper end of the band of `beyond`, persons."""
        return (1 - self.share_low) * self.known

    def to_frame(self, groups: Sequence[object] | None = None) -> pd.DataFrame:
        """Return one row per group, in whole persons that add up.

        Parameters
        ----------
        groups : sequence, optional
            Label of each group; the codes 0 to g - 1 by default.

        Returns
        -------
        DataFrame
            Columns group, population, covered, uncovered, unreachable, no_data (int64),
            share_covered, share_low, share_high (float, from the unrounded persons).

        Raises
        ------
        InputError
            When the number of labels is not the number of groups.
        """
        labels = list(range(self.population.size)) if groups is None else list(groups)
        Problems().lengths(groups=self.population, labels=np.empty(len(labels))).raise_if_any()
        states = np.column_stack([getattr(self, name) for name in STATES])
        whole = whole_persons(states).astype(np.int64)
        return pd.DataFrame(
            {
                "group": labels,
                "population": whole.sum(axis=1),
                **{name: whole[:, i] for i, name in enumerate(STATES)},
                "share_covered": self.share_covered,
                "share_low": self.share_low,
                "share_high": self.share_high,
            }
        )


@dataclass(frozen=True, slots=True, eq=False)
class CurveResult:
    """Coverage of one population at many thresholds.

    Parameters
    ----------
    thresholds : ndarray, shape (k,)
        In the unit of the impedance, in the order asked for.
    population, unreachable, no_data : float
        Persons; the same at every threshold.
    covered, uncovered : ndarray, shape (k,)
        Persons.
    share_covered, share_low, share_high : ndarray, shape (k,)
        As in :class:`CoverageResult`.
    """

    thresholds: Floats
    population: float
    unreachable: float
    no_data: float
    covered: Floats
    uncovered: Floats
    share_covered: Floats
    share_low: Floats
    share_high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class DistributionResult:
    """People by travel time or distance; every person is counted once.

    ``below + persons.sum() + above + unreachable + no_data == population``.

    Parameters
    ----------
    edges : ndarray, shape (k + 1,)
        Strictly increasing, in the unit of the impedance.
    persons : ndarray, shape (k,)
        Persons with ``edges[j] < impedance <= edges[j + 1]``, so that the running total is what
        coverage says at each edge. The first bin includes its lower edge.
    below, above, unreachable, no_data, population : float
        Persons nearer than the first edge, beyond the last edge though reachable, and so on.
    """

    edges: Floats
    persons: Floats
    below: float
    above: float
    unreachable: float
    no_data: float
    population: float


@dataclass(frozen=True, slots=True, eq=False)
class GroupSummary:
    """Travel of each group: percentiles next to coverage.

    Parameters
    ----------
    coverage : CoverageResult
        With g groups.
    median, p10, p90 : ndarray, shape (g,)
        Impedance within which 50, 10 and 90% of the group's people (without no_data) live; inf
        when that many cannot reach a site, nan for a group without known people.
    """

    coverage: CoverageResult
    median: Floats
    p10: Floats
    p90: Floats

    def to_frame(self, groups: Sequence[object] | None = None) -> pd.DataFrame:
        """Return the frame of the coverage with the columns median, p10 and p90 added.

        Parameters
        ----------
        groups : sequence, optional
            Label of each group.

        Returns
        -------
        DataFrame
            One row per group.
        """
        frame = self.coverage.to_frame(groups)
        return frame.assign(median=self.median, p10=self.p10, p90=self.p90)


@dataclass(frozen=True, slots=True)
class QuantileBand:
    """A percentile of the travel time or distance of one population, with its 90% band.

    Parameters
    ----------
    q : float
        Share of people, 0 to 1.
    value, low, high : float
        In the unit of the impedance; inf when that many people cannot reach a site.
    """

    q: float
    value: float
    low: float
    high: float
