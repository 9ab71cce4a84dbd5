"""Outlines of the land in the projections of printed maps (pure).

Every map is equal-area (Albers), so that a shaded county weighs as much ink as land. The lower 48
have Alaska, Hawaii and Puerto Rico as insets at scales of their own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import pyproj
import shapely
from matplotlib.path import Path
from numpy.typing import NDArray

from dashboard.map_layers import LOWER_48, Bounds

Shapes = NDArray[np.object_]


class Frame(NamedTuple):
    """A part of the sheet and what it shows.

    Parameters
    ----------
    name : str
        Key of the projection.
    projection : str
        PROJ string, metres.
    bounds : tuple of float
        South, west, north, east in degrees.
    place : tuple of float
        Left, bottom, width, height as parts of the picture.
    states : tuple of str
        The only states drawn; none for all.
    """

    name: str
    projection: str
    bounds: Bounds
    place: tuple[float, float, float, float]
    states: tuple[str, ...] = ()


def albers(bounds: Bounds) -> str:
    """Equal-area projection for a part of the world, as a PROJ string."""
    south, west, north, east = bounds
    sixth = (north - south) / 6
    return (
        f"+proj=aea +lat_1={south + sixth:.3f} +lat_2={north - sixth:.3f} "
        f"+lat_0={(south + north) / 2:.3f} +lon_0={(west + east) / 2:.3f} "
        "+datum=NAD83 +units=m +no_defs"
    )


CONUS: Final = "+proj=aea +lat_1=29.5 +lat_2=45.5 +lat_0=37.5 +lon_0=-96 +datum=NAD83 +units=m"
ALASKA: Final = (51.0, -179.5, 71.6, -129.5)
HAWAII: Final = (18.8, -160.4, 22.4, -154.6)
PUERTO_RICO: Final = (17.6, -67.6, 18.7, -65.1)
OFFSHORE: Final = ("AK", "HI", "PR")
NATIONAL: Final = (
    Frame("lower48", CONUS, (24.4, -124.9, 49.5, -66.8), (0.0, 0.0, 1.0, 1.0)),
    Frame("AK", albers(ALASKA), ALASKA, (0.0, 0.0, 0.235, 0.25), ("AK",)),
    Frame("HI", albers(HAWAII), HAWAII, (0.245, 0.0, 0.115, 0.13), ("HI",)),
    Frame("PR", albers(PUERTO_RICO), PUERTO_RICO, (0.875, 0.0, 0.125, 0.095), ("PR",)),
)
NATIONAL_ASPECT: Final = 0.63
"""Height of the national map, in its widths."""
EDGE_POINTS: Final = 40


def frames_of(bounds: Bounds) -> tuple[Frame, ...]:
    """Give the parts of a map: the nation with insets, or one place alone."""
    if bounds == LOWER_48:
        return NATIONAL
    name = "at " + ",".join(f"{value:.3f}" for value in bounds)
    return (Frame(name, albers(bounds), bounds, (0.0, 0.0, 1.0, 1.0)),)


def extent(frame: Frame, metres: pyproj.Transformer) -> tuple[float, float, float, float]:
    """Smallest rectangle in metres around the frame's bounds: left, bottom, right, top."""
    south, west, north, east = frame.bounds
    along = np.linspace(0, 1, EDGE_POINTS)
    lon = np.concatenate(
        [west + (east - west) * along] * 2 + [np.full(EDGE_POINTS, x) for x in (west, east)]
    )
    lat = np.concatenate(
        [np.full(EDGE_POINTS, y) for y in (south, north)] + [south + (north - south) * along] * 2
    )
    x, y = project(metres, lon, lat)
    return (float(x.min()), float(y.min()), float(x.max()), float(y.max()))


def metres_of(projection: str) -> pyproj.Transformer:
    """Make what turns degrees into metres; it takes a tenth of a second."""
    return pyproj.Transformer.from_crs("EPSG:4326", projection, always_xy=True)


def project(
    metres: pyproj.Transformer, lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn degrees into metres.

    Parameters
    ----------
    metres : Transformer
        From `metres_of`.
    lon, lat : ndarray, shape (n,)
        EPSG:4326; west of -180 beyond the antimeridian.

    Returns
    -------
    tuple of ndarray
        x and y, shape (n,).
    """
    x, y = metres.transform(lon, lat)
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Land:
    """Outlines in degrees, in the order of the map's colour codes.

    Parameters
    ----------
    counties, states : ndarray of (Multi)Polygon
        EPSG:4326, the far Aleutians west of -180.
    county_codes, state_codes : tuple of str
        FIPS and USPS codes, aligned.
    county_states : tuple of str
        USPS code of each county's state.
    """

    counties: Shapes
    states: Shapes
    county_codes: tuple[str, ...]
    state_codes: tuple[str, ...]
    county_states: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Outlines of one frame, ready to draw; None for what lies outside.

    Parameters
    ----------
    counties, states : tuple of Path or None
        In metres.
    county_codes, state_codes : tuple of str
        FIPS and USPS codes, aligned.
    metres : Transformer
        From degrees to the metres of the frame.
    """

    counties: tuple[Path | None, ...]
    states: tuple[Path | None, ...]
    county_codes: tuple[str, ...]
    state_codes: tuple[str, ...]
    metres: pyproj.Transformer


Outlines = Callable[[Frame], Drawn]
"""Gives the outlines of a frame; projecting them takes a second, so they are kept."""


def shown(drawn: Drawn, frame: Frame) -> tuple[float, float, float, float]:
    """Rectangle in metres that a frame shows: around its land for the lower 48, else its bounds."""
    if frame.name != "lower48":
        return extent(frame, drawn.metres)
    corners = np.concatenate(
        [path.get_extents().get_points() for path in drawn.states if path is not None]
    )
    low, high = corners.min(axis=0), corners.max(axis=0)
    return (float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def outlines_of(land: Land, frame: Frame) -> Drawn:
    """Project the outlines that a frame shows.

    Parameters
    ----------
    land : Land
    frame : Frame

    Returns
    -------
    Drawn
    """
    south, west, north, east = frame.bounds
    metres = metres_of(frame.projection)
    room = shapely.box(west - 4, south - 4, east + 4, north + 4)

    def paths(shapes: Shapes, states: tuple[str, ...]) -> tuple[Path | None, ...]:
        near = shapely.intersects(shapes, room)
        if frame.states:
            near &= np.isin(np.array(states), frame.states)
        elif frame.name == "lower48":
            near &= ~np.isin(np.array(states), OFFSHORE)
        found = iter(paths_of(shapes[near], metres))
        return tuple(next(found) if inside else None for inside in near)

    return Drawn(
        paths(land.counties, land.county_states),
        paths(land.states, land.state_codes),
        land.county_codes,
        land.state_codes,
        metres,
    )


def paths_of(shapes: Shapes, metres: pyproj.Transformer) -> list[Path]:
    """Turn polygons in degrees into paths in metres; holes by the even-odd of their turns.

    Parameters
    ----------
    shapes : ndarray of (Multi)Polygon, shape (n,)
        EPSG:4326.
    metres : Transformer
        From `metres_of`.

    Returns
    -------
    list of Path
        n paths; empty ones for empty shapes.
    """
    parts, owner = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    lonlat, ring = shapely.get_coordinates(rings, return_index=True)
    xy = np.column_stack(project(metres, lonlat[:, 0], lonlat[:, 1]))
    codes = np.full(len(xy), Path.LINETO, dtype=np.uint8)
    first = np.diff(ring, prepend=-1) != 0
    codes[first] = Path.MOVETO
    codes[np.diff(ring, append=-1) != 0] = Path.CLOSEPOLY
    edges = np.searchsorted(owner[part][ring], np.arange(len(shapes) + 1))
    return [
        Path(xy[start:end], codes[start:end]) if end > start else Path(np.zeros((0, 2)))
        for start, end in pairwise(edges)
    ]
