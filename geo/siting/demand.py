"""Gains from travel: whom an option would cover, or how many minutes it would save them."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from geo.results import Floats
from geo.siting.problem import Bools, Gains, Ints
from geo.validate import Problems, floats


class Ways(Protocol):
    """Travel from areas to options, by option: what `geo.travel.Reach` holds."""

    @property
    def indptr(self) -> Ints:
        """Where the entries of each option begin, shape (m + 1,)."""
        ...

    @property
    def origin(self) -> NDArray[np.integer]:
        """Area of each entry."""
        ...

    @property
    def minutes(self) -> NDArray[np.floating]:
        """Minutes of each entry."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Who is to be served, in rows: areas, or parts of their people.

    Parameters
    ----------
    area : ndarray of int, shape (n,)
        Origin of `Ways` that each row lives in.
    weight : ndarray, shape (n,)
        Persons, patients or weighted persons, >= 0.
    minutes : ndarray, shape (n,)
        To the nearest site open already; inf unreachable, nan not known.
    """

    area: Ints
    weight: Floats
    minutes: Floats

    def __post_init__(self) -> None:
        """Check lengths and ranges."""
        problems = Problems().lengths(area=self.area, weight=self.weight, minutes=self.minutes)
        problems.persons(floats(self.weight), "weight").impedance(self.minutes).raise_if_any()


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """Ways of rows to options.

    Parameters
    ----------
    option, row : ndarray of int, shape (k,)
        Sorted by option.
    minutes : ndarray, shape (k,)
        Travel.
    n_options : int
        Number of options.
    way : ndarray of int, shape (k,)
        Entry of the `Ways` that each is; empty where they were not made of any.
    """

    option: Ints
    row: Ints
    minutes: Floats
    n_options: int
    way: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    def gains(self, n_rows: int, keep: Bools, value: Floats) -> Gains:
        """Keep some entries as gains."""
        counts = np.bincount(self.option[keep], minlength=self.n_options)
        indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return Gains(n_rows, indptr, self.row[keep], value[keep])


def entries(ways: Ways, people: People, limit: float = np.inf) -> Entries:
    """Lay the ways of areas out for rows of people.

    Parameters
    ----------
    ways : Ways
        By option.
    people : People
        Rows without weight, or whose travel is not known, are left out.
    limit : float
        Longer ways are left out.

    Returns
    -------
    Entries
    """
    wanted = np.flatnonzero((people.weight > 0) & ~np.isnan(people.minutes))
    order = wanted[np.argsort(people.area[wanted], kind="stable")]
    n_areas = int(max(people.area.max(initial=-1), ways.origin.max(initial=-1))) + 1
    count = np.bincount(people.area[order], minlength=n_areas)
    first = np.cumsum(count) - count
    near = np.flatnonzero(ways.minutes <= limit)
    origin = ways.origin[near]
    repeats = count[origin]
    place = np.arange(int(repeats.sum()))
    place -= np.repeat(np.cumsum(repeats) - repeats, repeats)
    row = order[np.repeat(first[origin], repeats) + place]
    owner = np.searchsorted(ways.indptr, near, side="right") - 1
    minutes = np.repeat(ways.minutes[near].astype(np.float64), repeats)
    return Entries(
        np.repeat(owner, repeats), row, minutes, len(ways.indptr) - 1, np.repeat(near, repeats)
    )


def coverage_gains(found: Entries, people: People, threshold: float) -> Gains:
    """Persons that an option brings within the threshold; exactly at it is within.

    Parameters
    ----------
    found : Entries
        From `entries`.
    people : People
        Rows; those within the threshold of an open site gain nothing.
    threshold : float
        Minutes, > 0.

    Returns
    -------
    Gains
        In units of `weight`.
    """
    Problems().threshold(threshold).raise_if_any()
    beyond = ~(people.minutes <= threshold)
    keep = (found.minutes <= threshold) & beyond[found.row]
    return found.gains(len(people.weight), keep, people.weight[found.row])


def savings_gains(found: Entries, people: People, longest: float) -> Gains:
    """Minutes that an option saves all people of a row, counted up to a longest trip.

    Parameters
    ----------
    found : Entries
        From `entries`.
    people : People
        Rows; who cannot reach an open site has the longest trip.
    longest : float
        Minutes beyond which trips count no more, > 0.

    Returns
    -------
    Gains
        Weight times minutes.
    """
    Problems().threshold(longest, "longest").raise_if_any()
    now = np.minimum(people.minutes, longest)
    saved = (now[found.row] - found.minutes) * people.weight[found.row]
    return found.gains(len(people.weight), saved > 0, saved)


def travel_now(people: People, longest: float) -> float:
    """Person-minutes of all rows to the nearest open site, trips counted up to the longest."""
    known = ~np.isnan(people.minutes)
    return float((np.minimum(people.minutes, longest) * people.weight)[known].sum())


def side_by_side(parts: list[Gains]) -> Gains:
    """Put questions about different rows into one: the same options, all rows of all parts."""
    offsets = np.cumsum([0, *(part.n_rows for part in parts)])
    option = [np.repeat(np.arange(part.n_options), np.diff(part.indptr)) for part in parts]
    row = np.concatenate([part.row + at for part, at in zip(parts, offsets, strict=False)])
    every, value = np.concatenate(option), np.concatenate([part.value for part in parts])
    order = np.lexsort((row, every))
    counts = np.bincount(every, minlength=parts[0].n_options)
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Gains(int(offsets[-1]), indptr, row[order], value[order])


def with_roles(infusion: Gains, collection: Gains, weight: float = 0.5) -> Gains:
    """Let every candidate open for infusion, for collection, or for both.

    Parameters
    ----------
    infusion, collection : Gains
        By candidate, of the same rows, m.
    weight : float
        Of a person near collection, 0 to 1; a person near infusion counts the rest.

    Returns
    -------
    Gains
        3 m options: infusion, collection, both. Rows of infusion come before those of collection.
    """
    m, n = infusion.n_options, infusion.n_rows
    first, second = infusion.columns() * (1 - weight), collection.columns() * weight
    parts = []
    for one, other in ((first, None), (None, second), (first, second)):
        for j in range(m):
            rows, values = [], []
            if one is not None:
                part = slice(one.indptr[j], one.indptr[j + 1])
                rows.append(one.indices[part])
                values.append(one.data[part])
            if other is not None:
                part = slice(other.indptr[j], other.indptr[j + 1])
                rows.append(other.indices[part] + n)
                values.append(other.data[part])
            parts.append((np.concatenate(rows), np.concatenate(values)))
    counts = [len(rows) for rows, _ in parts]
    return Gains(
        2 * n,
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        np.concatenate([rows for rows, _ in parts]).astype(np.int64),
        np.concatenate([values for _, values in parts]),
    )
