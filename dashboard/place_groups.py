"""People by state, county, metro area or referral region, with the way back to each row (pure)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard import queries
from dashboard.state import Places
from geo.results import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Rows of people, split where a ZIP area spans counties, and the place that each lies in.

    Parameters
    ----------
    row : ndarray of int, shape (n,)
        Which of the given rows each part is of.
    persons : ndarray, shape (n,)
        That part's people.
    share : ndarray, shape (n,)
        That part's share of the given row's people, 0 to 1.
    code : ndarray of int, shape (n,)
        Position of its place in `ids`.
    ids, labels : list of str
        Identifier and name of every place.
    """

    row: NDArray[np.intp]
    persons: Floats
    share: Floats
    code: NDArray[np.intp]
    ids: list[str]
    labels: list[str]

    @property
    def count(self) -> int:
        """Number of places."""
        return len(self.ids)


def grouped(areas: queries.Areas, rows: queries.Rows, kind: Places) -> Groups:
    """Find the place of every row.

    Parameters
    ----------
    areas : Areas
        Where people live.
    rows : Rows
        At most one row per area and audience.
    kind : {"state", "county", "cbsa", "hrr"}
        Kind of places; only counties split rows.

    Returns
    -------
    Groups
    """
    if kind == "county":
        parts = queries.by_county(areas, rows)
        names = queries.county_labels()
        whole = rows.persons[parts.row]
        share = np.divide(parts.persons, whole, out=np.zeros(whole.shape), where=whole > 0)
        labels = [names.get(fips, fips) for fips in parts.names]
        return Groups(parts.row, parts.persons, share, parts.county, parts.names, labels)
    same, codes, ids, labels = queries.by_codes(areas, rows, kind)
    size = same.area.size
    return Groups(np.arange(size), same.persons, np.ones(size), codes, ids, labels)
