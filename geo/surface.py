"""Travel as a surface: minutes to the nearest site in every cell of a grid over the land.

The grid holds every cell that touches land, and one ring of cells around them so that values can be
interpolated up to the coast. Values are minutes at the centres of the cells, exactly as the travel
model gives them for a point there; between centres they are interpolated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Self

import numpy as np
import scipy  # its parts are loaded where they are first used
import shapely
from numpy.typing import NDArray

from geo.errors import InputError
from geo.network import Access, Feet, Floats, Ints
from geo.travel import Detour, Points, Road, StraightLine
from geo.units import EARTH_RADIUS_KM

Flags = NDArray[np.bool_]
Geometries = NDArray[np.object_]

OUTSIDE: Final = -1
"""Number of the cell of a point that lies in none."""
_COAST_SAMPLES: Final = 5
"""A cell on the coast is looked at in this many places each way, to tell how much of it is land."""
_FILL_CELLS: Final = 3
"""Values are continued this far beyond the cells that have one, so that they can be interpolated
wherever there is land with a road."""
_MOSTLY: Final = 0.5
_ACCESS_BATCH: Final = 20_000
"""Cells whose roads are looked up at a time, for the sake of memory."""


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle of cells in longitude and latitude.

    Attributes
    ----------
    name : str
        What it shows.
    west, south : float
        Its corner, degrees.
    step_lon, step_lat : float
        Sides of a cell, degrees.
    rows, columns : int
        Cells from south to north and from west to east.
    """

    name: str
    west: float
    south: float
    step_lon: float
    step_lat: float
    rows: int
    columns: int

    @property
    def lat(self) -> Floats:
        """Latitude of the centre of each row, shape (rows,)."""
        return self.south + (np.arange(self.rows, dtype=np.float64) + 0.5) * self.step_lat

    @property
    def lon(self) -> Floats:
        """Longitude of the centre of each column, shape (columns,)."""
        return self.west + (np.arange(self.columns, dtype=np.float64) + 0.5) * self.step_lon

    @property
    def area_km2(self) -> Floats:
        """Area of a cell of each row, shape (rows,)."""
        edges = np.radians(self.south + np.arange(self.rows + 1) * self.step_lat)
        found: Floats = EARTH_RADIUS_KM**2 * np.radians(self.step_lon) * np.diff(np.sin(edges))
        return found

    def place(self, lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
        """Row and column of points, as fractions: 0.5 is the middle of the first cell."""
        return (lat - self.south) / self.step_lat, (lon - self.west) / self.step_lon


WINDOWS: Final = (
    Window("Lower 48", -125.0, 24.3, 0.05, 0.05, 505, 1165),
    Window("Alaska", -180.0, 51.0, 0.1, 0.05, 412, 505),
    Window("Hawaii", -160.5, 18.7, 0.05, 0.05, 76, 118),
    Window("Puerto Rico", -68.1, 17.7, 0.05, 0.05, 20, 60),
)
"""Cells of some 5 km cover the country; meridians are close in Alaska, so its cells are wider."""


@dataclass(frozen=True, eq=False)
class Grid:
    """Cells over the land, numbered window by window, row by row from the south-west.

    Attributes
    ----------
    windows : tuple of Window
        Where the cells lie.
    window, row, column : ndarray of int, shape (n,)
        Place of each cell.
    lat, lon : ndarray, shape (n,)
        Centres, EPSG:4326 degrees.
    area_km2 : ndarray, shape (n,)
        Land within each cell; 0 in the ring around the land.
    number : tuple of ndarray of int, shape (rows, columns) each
        Cell at each place of each window, -1 where there is none.
    """

    windows: tuple[Window, ...]
    window: Ints
    row: Ints
    column: Ints
    lat: Floats
    lon: Floats
    area_km2: Floats
    number: tuple[Ints, ...]

    @classmethod
    def over(cls, land: Geometries, windows: Sequence[Window] = WINDOWS) -> Self:
        """Lay the grid over polygons.

        Parameters
        ----------
        land : ndarray of Polygon or MultiPolygon
            EPSG:4326 degrees.
        windows : sequence of Window, optional
            They may not overlap.

        Returns
        -------
        Grid

        Raises
        ------
        InputError
            No cell touches land.
        """
        whole: Any = shapely.union_all(land)
        shapely.prepare(whole)
        masks = [_land_share(whole, one) for one in windows]
        if not any(share.any() for share in masks):
            msg = "No cell of the grid touches land."
            raise InputError(msg)
        number: list[Ints] = []
        parts: list[tuple[Ints, Ints, Floats, Floats, Floats]] = []
        count = 0
        for one, share in zip(windows, masks, strict=True):
            kept = _with_ring(share > 0)
            row, column = np.nonzero(kept)
            numbers = np.full(kept.shape, OUTSIDE, dtype=np.int64)
            numbers[row, column] = count + np.arange(len(row))
            count += len(row)
            number.append(numbers)
            area = share[row, column] * one.area_km2[row]
            parts.append((row, column, one.lat[row], one.lon[column], area))
        row, column, lat, lon, area = (np.concatenate(part) for part in zip(*parts, strict=True))
        sizes = [len(part[0]) for part in parts]
        window = np.repeat(np.arange(len(parts)), sizes)
        return cls(tuple(windows), window, row, column, lat, lon, area, tuple(number))

    def __len__(self) -> int:
        """Give the number of cells."""
        return len(self.lat)

    @property
    def land(self) -> Flags:
        """Whether a cell holds land, shape (n,); the others are the ring around it."""
        found: Flags = self.area_km2 > 0
        return found

    @cached_property
    def points(self) -> Points:
        """Centres of the cells."""
        return Points(self.lat, self.lon)

    def cell_of(self, lat: Floats, lon: Floats) -> Ints:
        """Find the cells that points lie in.

        Parameters
        ----------
        lat, lon : ndarray, shape (k,)
            EPSG:4326 degrees; nan allowed.

        Returns
        -------
        ndarray of int, shape (k,)
            -1 for points in none.
        """
        found = np.full(len(lat), OUTSIDE, dtype=np.int64)
        for one, number in zip(self.windows, self.number, strict=True):
            high, across = one.place(np.nan_to_num(lat, nan=-999.0), np.nan_to_num(lon, nan=-999.0))
            row, column = np.floor(high).astype(np.int64), np.floor(across).astype(np.int64)
            inside = (row >= 0) & (row < one.rows) & (column >= 0) & (column < one.columns)
            found[inside] = number[row[inside], column[inside]]
        return found

    def raster(self, values: NDArray[Any], window: int, empty: float = np.nan) -> Floats:
        """Lay values of the cells out in one window, shape (rows, columns)."""
        number = self.number[window]
        out = np.full(number.shape, empty)
        there = number != OUTSIDE
        out[there] = values[number[there]]
        return out

    @cached_property
    def nearest_cell(self) -> tuple[Ints, ...]:
        """Cell nearest to each place of each window, -1 where none is within `_FILL_CELLS`."""
        return tuple(_nearest_of(number, number != OUTSIDE) for number in self.number)

    @cached_property
    def adjacent(self) -> tuple[Ints, Ints]:
        """Pairs of land cells that share a side; the cell with the lower number first."""
        land = np.r_[self.land, False]  # -1 counts from the end
        pairs = [np.stack([number[:-1].ravel(), number[1:].ravel()]) for number in self.number] + [
            np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()]) for number in self.number
        ]
        low, high = np.concatenate(pairs, axis=1)
        both = land[low] & land[high]
        return low[both], high[both]


def _land_share(land: Any, window: Window) -> Floats:  # noqa: ANN401 - a polygon of either kind
    """Share of each cell that is land, shape (rows, columns)."""
    size = (window.rows, window.columns)
    lon, lat = np.meshgrid(window.lon, window.lat)
    share = shapely.contains_xy(land, lon, lat).astype(np.float64)
    finer = min(window.step_lon, window.step_lat) / 2
    line = shapely.get_coordinates(shapely.segmentize(shapely.boundary(land), finer))
    high, across = window.place(line[:, 1], line[:, 0])
    row, column = np.floor(high).astype(np.int64), np.floor(across).astype(np.int64)
    inside = (row >= 0) & (row < size[0]) & (column >= 0) & (column < size[1])
    coast = np.zeros(size, dtype=bool)
    coast[row[inside], column[inside]] = True
    row, column = np.nonzero(_with_ring(coast))
    part = (np.arange(_COAST_SAMPLES) + 0.5) / _COAST_SAMPLES - 0.5
    down, right = (step.ravel() for step in np.meshgrid(part, part))
    samples = shapely.contains_xy(
        land,
        window.lon[column][:, None] + right * window.step_lon,
        window.lat[row][:, None] + down * window.step_lat,
    )
    share[row, column] = samples.mean(axis=1)
    return share


def _nearest_of(values: NDArray[Any], good: Flags, none: float = OUTSIDE) -> NDArray[Any]:
    """Fill a raster with the nearest good value, no farther than `_FILL_CELLS`."""
    if not good.any():
        return np.full_like(values, none)
    far, (row, column) = scipy.ndimage.distance_transform_edt(~good, return_indices=True)
    filled: NDArray[Any] = np.where(far <= _FILL_CELLS, values[row, column], none)
    return filled


def _with_ring(mask: Flags) -> Flags:
    """Add the cells around, corners included."""
    padded = np.pad(mask, 1)
    rows, columns = mask.shape
    around = [
        padded[down : down + rows, right : right + columns]
        for down in range(3)
        for right in range(3)
    ]
    found: Flags = np.logical_or.reduce(around)
    return found


@dataclass(frozen=True, eq=False)
class Surface:
    """Minutes to the nearest site in every cell.

    Attributes
    ----------
    grid : Grid
    minutes : ndarray, shape (n,)
        At the centres of the cells; `inf` where no site can be reached.
    """

    grid: Grid
    minutes: Floats

    @cached_property
    def rasters(self) -> tuple[tuple[Floats, Floats], ...]:
        """The surface laid out for interpolation, for each window shape (rows, columns).

        First minutes, continued a few cells beyond what can be reached and nan farther away; then
        1 where no site can be reached, else 0, and nan away from the land.
        """
        found = []
        for near in self.grid.nearest_cell:
            minutes = np.where(near == OUTSIDE, np.nan, self.minutes[near])
            no_road = np.where(near == OUTSIDE, np.nan, np.isinf(minutes))
            found.append((_nearest_of(minutes, np.isfinite(minutes), np.nan), no_road))
        return tuple(found)

    def at(self, lat: Floats, lon: Floats) -> Floats:
        """Interpolate between the centres of the four cells around each point.

        Parameters
        ----------
        lat, lon : ndarray, shape (k,)
            EPSG:4326 degrees; nan allowed.

        Returns
        -------
        ndarray, shape (k,)
            Minutes. `inf` where at least half of the weight is on cells from where no site can be
            reached, `nan` away from the land.
        """
        found = np.full(len(lat), np.nan)
        for window, pair in zip(self.grid.windows, self.rasters, strict=True):
            high, across = (place - 0.5 for place in window.place(lat, lon))
            inside = (high >= 0) & (high <= window.rows - 1)
            inside &= (across >= 0) & (across <= window.columns - 1)
            row = np.minimum(high[inside].astype(np.int64), window.rows - 2)
            column = np.minimum(across[inside].astype(np.int64), window.columns - 2)
            up, right = high[inside] - row, across[inside] - column
            minutes, no_road = (
                raster[row, column] * (1 - up) * (1 - right)
                + raster[row + 1, column] * up * (1 - right)
                + raster[row, column + 1] * (1 - up) * right
                + raster[row + 1, column + 1] * up * right
                for raster in pair
            )
            found[inside] = np.where(no_road >= _MOSTLY, np.inf, minutes)
        return found


def grid_access(road: Road, grid: Grid) -> Access:
    """Find the legs from every cell to the roads: some 15 seconds for the country, worth keeping.

    Parameters
    ----------
    road : Road
    grid : Grid

    Returns
    -------
    Access
        For `surface`.
    """
    parts = [
        road.access(grid.points.take(rows))
        for rows in np.array_split(np.arange(len(grid)), max(1, len(grid) // _ACCESS_BATCH))
    ]
    legs = np.cumsum([0] + [len(part.node) for part in parts])
    cells = np.cumsum([0] + [len(part.component) for part in parts])
    feet = [part.feet for part in parts]
    return Access(
        np.concatenate(
            [part.indptr[:-1] + first for part, first in zip(parts, legs, strict=False)]
            + [legs[-1:]]
        ),
        np.concatenate([part.node for part in parts]),
        np.concatenate([part.weight for part in parts]),
        np.concatenate([part.component for part in parts]),
        np.concatenate([part.density for part in parts]),
        np.concatenate([part.vectors for part in parts]),
        Feet(
            np.concatenate([one.point + first for one, first in zip(feet, cells, strict=False)]),
            np.concatenate([one.edge for one in feet]),
            np.concatenate([one.fraction for one in feet]),
            np.concatenate([one.weight for one in feet]),
        ),
    )


def surface(
    model: StraightLine | Detour | Road, grid: Grid, sites: Points, access: Access | None = None
) -> Surface:
    """Measure the minutes from every cell to its nearest site.

    Parameters
    ----------
    model : StraightLine, Detour or Road
        How people travel.
    grid : Grid
        Where they start.
    sites : Points
        Where they go; none, or none known, makes every cell unreachable.
    access : Access, optional
        From `grid_access`, for a road model, when the caller keeps it.

    Returns
    -------
    Surface
    """
    if not sites.known.any():
        return Surface(grid, np.full(len(grid), np.inf))
    if isinstance(model, Road):
        found = model.nearest(grid.points, sites, access or grid_access(model, grid))
    else:
        found = model.nearest(grid.points, sites)
    return Surface(grid, found.minutes)
