"""Treatment deserts: connected land whose people live beyond the threshold.

A desert is a set of cells of the grid (see `geo.surface`) that hang together by their sides. Two
cells that only touch at a corner do not hang together: where a road cuts a region in two, its
covered corridor may run diagonally, and the outlines of the two sides must not cross it.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.catchments import most_chosen
from geo.equity import weighted_quantile_by_group
from geo.network import Ints
from geo.results import Floats
from geo.surface import OUTSIDE, Flags, Grid, Window
from geo.travel import Points
from geo.validate import Problems

NONE: Final = -1
"""Number of the desert of what lies in none."""


def cell_regions(grid: Grid, shapes: NDArray[np.object_]) -> Ints:
    """Find the region that each cell lies in, by its centre.

    Parameters
    ----------
    grid : Grid
        n cells.
    shapes : ndarray of Polygon or MultiPolygon, shape (r,)
        Regions such as states, EPSG:4326 degrees.

    Returns
    -------
    ndarray of int, shape (n,)
        Cells whose centre is in the water belong to the nearest region; those of the ring around
        the land to none (-1).
    """
    region = np.full(len(grid), NONE, dtype=np.int64)
    land = np.flatnonzero(grid.land)
    lon, lat = grid.lon[land], grid.lat[land]
    for number, shape in enumerate(shapes):
        shapely.prepare(shape)
        west, south, east, north = shapely.bounds(shape)
        near = np.flatnonzero(
            (region[land] == NONE) & (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        )
        inside = shapely.intersects_xy(shape, lon[near], lat[near])
        region[land[near[inside]]] = number
    rest = land[region[land] == NONE]
    tree: Any = shapely.STRtree(shapes)
    region[rest] = tree.nearest(shapely.points(grid.lon[rest], grid.lat[rest]))
    return region


def home_cells(grid: Grid, cell_region: Ints, places: Points, place_region: Ints) -> Ints:
    """Find the cell that stands for each place: the one it lies in, or the nearest of its region.

    Parameters
    ----------
    grid : Grid
        n cells.
    cell_region : ndarray of int, shape (n,)
        From `cell_regions`.
    places : Points
        k places.
    place_region : ndarray of int, shape (k,)
        Region that each place belongs to.

    Returns
    -------
    ndarray of int, shape (k,)
        Always a land cell of the place's own region, so that a place at a border is never counted
        on the other side; -1 for places without coordinates or whose region has no cell.
    """
    home = grid.cell_of(places.lat, places.lon)
    astray = (home == OUTSIDE) | (cell_region[home] != place_region)
    home[~places.known] = OUTSIDE
    vectors = grid.points.vectors
    for region in np.unique(place_region[astray & places.known]):
        cells = np.flatnonzero((cell_region == region) & grid.land)
        lost = np.flatnonzero(astray & places.known & (place_region == region))
        home[lost] = OUTSIDE
        if cells.size:
            _, at = cKDTree(vectors[cells]).query(places.vectors[lost])
            home[lost] = cells[at]
    return home


@dataclass(frozen=True, slots=True, eq=False)
class Deserts:
    """Deserts and who lives in them, numbered from 0 by their first cell.

    Parameters
    ----------
    count : int
        How many.
    cell : ndarray of int, shape (n,)
        Desert of each cell of the grid, -1 for none.
    row : ndarray of int, shape (k,)
        Desert of each row of people, -1 for none.
    """

    count: int
    cell: Ints
    row: Ints


def find_deserts(
    pairs: tuple[Ints, Ints], beyond: Flags, region: Ints, home: Ints, away: Flags
) -> Deserts:
    """Join what lies beyond the threshold into deserts.

    Parameters
    ----------
    pairs : tuple of ndarray of int
        Neighbouring cells, as `Grid.adjacent` lists them.
    beyond : ndarray of bool, shape (n,)
        Whether each cell is beyond the threshold, or has no way to any site.
    region : ndarray of int, shape (n,)
        Deserts end where this changes.
    home : ndarray of int, shape (k,)
        Cell of each row of people.
    away : ndarray of bool, shape (k,)
        Whether the people of each row are beyond by their own travel. Every such row lies in a
        desert: its cell counts as beyond even if the middle of the cell is not.

    Returns
    -------
    Deserts
        Only those with a row that is away: land where nobody is beyond is left out.
    """
    problems = Problems().where(away & (home == OUTSIDE), "people are beyond but in no cell")
    problems.raise_if_any()
    lived_in = home[away]
    marked = beyond.copy()
    marked[lived_in] = True
    one, other = pairs
    joined = marked[one] & marked[other] & (region[one] == region[other])
    size = len(beyond)
    graph = coo_array((np.ones(joined.sum(), np.int8), (one[joined], other[joined])), (size, size))
    _, label = connected_components(graph, directed=False)
    peopled, first = np.unique(label, return_index=True)
    kept = np.isin(peopled, label[lived_in])
    number = np.full(size, NONE, dtype=np.int64)
    number[peopled[kept][np.argsort(first[kept])]] = np.arange(kept.sum())
    cell = np.where(marked, number[label], NONE)
    row = np.full(len(home), NONE, dtype=np.int64)
    row[away] = cell[lived_in]
    return Deserts(int(kept.sum()), cell, row)


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """What a desert is like, one element for each of n deserts.

    Parameters
    ----------
    people : ndarray
        Persons beyond the threshold, those without a road to any site among them. Over all deserts
        they add up to everybody beyond.
    unreachable : ndarray
        Of those, persons without a road to any site.
    median : ndarray
        Travel within which half of the people beyond live; `inf` where at least half have no road.
    worst : ndarray
        Longest travel of any place where somebody lives, among those with a road; nan if none.
    area_km2 : ndarray
        Land.
    site : ndarray of int
        Nearest site of most of its people; -1 where nobody can reach one.
    site_travel : ndarray
        Median travel of the people whose nearest it is; nan for none.
    anchor : ndarray of int
        Place where most of its people beyond live, which names it; of equal ones the first.
    """

    people: Floats
    unreachable: Floats
    median: Floats
    worst: Floats
    area_km2: Floats
    site: Ints
    site_travel: Floats
    anchor: Ints


def profile(
    found: Deserts, area_km2: Floats, place: Ints, persons: Floats, travel: Floats, site: Ints
) -> Profile:
    """Describe every desert.

    Parameters
    ----------
    found : Deserts
        With k rows of people.
    area_km2 : ndarray, shape (n,)
        Land of each cell.
    place : ndarray of int, shape (k,)
        Where each row lives; a place may have several rows.
    persons, travel : ndarray, shape (k,)
        How many, and how far from their nearest site.
    site : ndarray of int, shape (k,)
        Their nearest site, -1 for none.

    Returns
    -------
    Profile
        In the order of the deserts' numbers.
    """
    inside = (found.row != NONE) & (persons > 0)
    desert, people, far = found.row[inside], persons[inside], travel[inside]
    where, goal = place[inside], site[inside]
    reached = np.isfinite(far)
    worst = np.full(found.count, -np.inf)
    np.maximum.at(worst, desert[reached], far[reached])
    main = most_chosen(desert, goal, people, found.count)
    there = (goal == main[desert]) & (goal >= 0)
    land = found.cell != NONE
    return Profile(
        people=_sum(people, desert, found.count),
        unreachable=_sum(people[~reached], desert[~reached], found.count),
        median=_median(far, people, desert, found.count),
        worst=np.where(np.isfinite(worst), worst, np.nan),
        area_km2=_sum(area_km2[land], found.cell[land], found.count),
        site=main,
        site_travel=_median(far[there], people[there], desert[there], found.count),
        anchor=most_chosen(desert, where, people, found.count),
    )


def _sum(values: Floats, group: Ints, n_groups: int) -> Floats:
    return np.bincount(group, values, n_groups).astype(np.float64)


def _median(values: Floats, weights: Floats, group: Ints, n_groups: int) -> Floats:
    codes = group.astype(np.intp)
    found = weighted_quantile_by_group(values, weights, [0.5], group=codes, n_groups=n_groups)
    median: Floats = found[:, 0]
    return median


_STEPS: Final = np.array([(0, 1), (1, 0), (0, -1), (-1, 0)])
"""East, north, west, south as (row, column): how an edge runs with its cell on the left."""
_STARTS: Final = np.array([(0, 0), (0, 1), (1, 1), (1, 0)])
"""Corner of a cell at which its edge in each direction begins, from its south-west corner."""


def outlines(grid: Grid, found: Deserts) -> NDArray[np.object_]:
    """Draw each desert along the sides of its cells.

    Parameters
    ----------
    grid : Grid
        Its cells.
    found : Deserts
        Which desert each cell belongs to.

    Returns
    -------
    ndarray of Polygon or MultiPolygon, shape (deserts,)
        Valid, not overlapping, EPSG:4326 degrees. Cells outside the land that only stand for a
        place are drawn too.
    """
    shapes: list[list[Any]] = [[] for _ in range(found.count)]
    for index, window in enumerate(grid.windows):
        label = grid.raster(found.cell, index, NONE).astype(np.int64)
        for desert, shell, holes in _rings(label, window):
            shapes[desert].append(shapely.Polygon(shell, holes))
    out = np.empty(found.count, dtype=np.object_)
    out[:] = [parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts) for parts in shapes]
    return out


def _rings(label: Ints, window: Window) -> list[tuple[int, Floats, list[Floats]]]:
    """Trace shell and holes of every desert in one window, its vertices in degrees.

    Every side of a cell between two deserts, or at the end of one, is an edge that runs with its
    cell on the left. At its end it turns right where the cell ahead on the right is of the same
    desert, else goes straight on or turns left: a desert that touches itself at a corner so gets a
    hole that touches the shell, which is valid, and not a shell that touches itself, which is not.
    """
    rows, columns = label.shape
    padded = np.full((rows + 2, columns + 2), NONE, dtype=np.int64)
    padded[1:-1, 1:-1] = label
    edge_number = np.full((4, rows + 2, columns + 2), NONE, dtype=np.int64)
    parts = []
    for heading in range(4):
        down, right = -_STEPS[(heading + 1) % 4]  # the cell across the edge is on its right
        across = np.roll(padded, (-down, -right), axis=(0, 1))
        row, column = np.nonzero((padded != NONE) & (padded != across))
        parts.append(np.stack([np.full(len(row), heading), row, column]))
    heading, row, column = np.concatenate(parts, axis=1)
    edge_number[heading, row, column] = np.arange(len(row))
    mine = padded[row, column]
    ahead, right_of = _STEPS[heading].T, -_STEPS[(heading + 1) % 4].T
    front = padded[row + ahead[0], column + ahead[1]] == mine
    corner = padded[row + ahead[0] + right_of[0], column + ahead[1] + right_of[1]] == mine
    turn = np.where(corner, -1, np.where(front, 0, 1))
    step_row = np.where(corner, ahead[0] + right_of[0], np.where(front, ahead[0], 0))
    step_column = np.where(corner, ahead[1] + right_of[1], np.where(front, ahead[1], 0))
    following = edge_number[(heading + turn) % 4, row + step_row, column + step_column].tolist()
    # Only where a ring turns is there a vertex: the start of the edge after the turn.
    start = _STARTS[heading]
    south_west = np.column_stack([column, row]) - 1 + start[:, ::-1]
    xy = np.column_stack(
        [
            window.west + south_west[:, 0] * window.step_lon,
            window.south + south_west[:, 1] * window.step_lat,
        ]
    )
    return _assembled(following, (heading + turn) % 4 != heading, xy, mine)


def _assembled(
    following: list[int], turns: Flags, xy: Floats, owner: Ints
) -> list[tuple[int, Floats, list[Floats]]]:
    """Walk along the edges, ring by ring; a ring that runs to the left is a shell."""
    seen = bytearray(len(following))
    rings: dict[int, tuple[list[Floats], list[Floats]]] = {}
    for first in range(len(following)):
        if seen[first]:
            continue
        walk, at = [], first
        while not seen[at]:
            seen[at] = 1
            if turns[at]:
                walk.append(following[at])
            at = following[at]
        ring = xy[walk]
        x, y = ring.T
        area = np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))
        rings.setdefault(int(owner[first]), ([], []))[int(area < 0)].append(ring)
    return [
        (desert, shells[0], holes)  # it hangs together by sides, so it has one shell
        for desert, (shells, holes) in rings.items()
    ]
