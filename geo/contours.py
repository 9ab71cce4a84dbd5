"""Bands of a travel surface: contour lines, and polygons that cover the land without overlap."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from contourpy import FillType, LineType, SerialContourGenerator, contour_generator

from geo.errors import InputError
from geo.network import Floats, Ints
from geo.surface import Geometries, Surface, Window

NO_ROAD: Final = -1
"""Class of the land from where no site can be reached."""
_GRID_DEGREES: Final = 1e-5
"""Corners of bands are rounded to this, about a metre, so that neighbours share them exactly."""
_SPECK_DEGREES2: Final = 0.004
"""Drawings leave out what is smaller: some 40 km2."""
_MIDDLE: Final = 0.5
"""Contour level between cells with a road (0) and without (1)."""


@dataclass(frozen=True, eq=False)
class Bands:
    """The land by travel time to the nearest site.

    Attributes
    ----------
    edges : tuple of float
        Upper, inclusive edges in minutes of all bands but the last.
    bands : ndarray of MultiPolygon, shape (len(edges) + 1,)
        Band i holds the land with ``edges[i - 1] < minutes <= edges[i]``, the last what is
        farther; EPSG:4326. Valid; they meet without gap or overlap. May be empty.
    no_road : MultiPolygon
        Land from where no site can be reached; meets the bands in the same way.
    """

    edges: tuple[float, ...]
    bands: Geometries
    no_road: shapely.MultiPolygon

    @property
    def coverage(self) -> Geometries:
        """All bands and, last, the land without a road."""
        return np.array([*self.bands, self.no_road], dtype=np.object_)


def bands(surface: Surface, edges: Sequence[float], land: Geometries) -> Bands:
    """Cut the land into bands.

    Contour lines and the coast are laid over each other, corners rounded to about a metre, and
    every face between them belongs to the band of a place inside it. So bands cannot overlap,
    and together with the land without a road they are the land.

    Parameters
    ----------
    surface : Surface
        Minutes by cell.
    edges : sequence of float
        Increasing minutes.
    land : ndarray of Polygon or MultiPolygon
        What to cut; EPSG:4326.

    Returns
    -------
    Bands

    Raises
    ------
    InputError
        Edges that do not increase, or none.
    """
    limits = _checked(edges)
    whole = shapely.union_all(land)
    shapely.prepare(whole)
    faces: list[Geometries] = []
    classes: list[Ints] = []
    for number, window in enumerate(surface.grid.windows):
        coast = shapely.boundary(shapely.intersection(whole, _box(window)))
        lines = np.append(_lines(surface, number, limits), coast)
        found = shapely.get_parts(
            shapely.polygonize([shapely.union_all(lines, grid_size=_GRID_DEGREES)])
        )
        inside = shapely.point_on_surface(found)
        on_land = shapely.contains(whole, inside)
        found, inside = found[on_land], inside[on_land]
        minutes = surface.at(shapely.get_y(inside), shapely.get_x(inside))
        faces.append(found)
        classes.append(
            np.where(np.isfinite(minutes), np.searchsorted(limits, minutes, side="left"), NO_ROAD)
        )
    face, number_of = np.concatenate(faces), np.concatenate(classes)
    merged = [_merged(face[number_of == one]) for one in [*range(len(limits) + 1), NO_ROAD]]
    return Bands(tuple(limits.tolist()), np.array(merged[:-1], dtype=np.object_), merged[-1])


def regions(
    surface: Surface, edges: Sequence[float], tolerance_degrees: float
) -> tuple[Geometries, shapely.MultiPolygon]:
    """Draw the land within each edge: simplified, and not cut at the coast.

    Parameters
    ----------
    surface : Surface
        Minutes by cell.
    edges : sequence of float
        Increasing minutes.
    tolerance_degrees : float
        Lines may move this far.

    Returns
    -------
    within : ndarray of MultiPolygon, shape (len(edges),)
        Places with at most so many minutes, so that each holds those before it.
    no_road : MultiPolygon
        Places from where no site can be reached.

    Raises
    ------
    InputError
        Edges that do not increase, or none.
    """
    limits = _checked(edges)
    parts: list[list[Geometries]] = [[] for _ in range(len(limits) + 1)]
    for number, window in enumerate(surface.grid.windows):
        minutes, no_road = surface.rasters[number]
        traced = _generator(window, minutes)
        for one, edge in zip(parts, limits, strict=False):
            one.append(_filled(traced, -np.inf, float(edge)))
        parts[-1].append(_filled(_generator(window, no_road), _MIDDLE, np.inf))
    drawn = [_simplified(np.concatenate(one), tolerance_degrees) for one in parts]
    return np.array(drawn[:-1], dtype=np.object_), drawn[-1]


def _simplified(polygons: Geometries, tolerance_degrees: float) -> shapely.MultiPolygon:
    # Together, so that simplified neighbours do not run into each other.
    drawn = shapely.simplify(shapely.multipolygons(polygons), tolerance_degrees)
    return shapely.MultiPolygon(shapely.get_parts(drawn).tolist())


def _checked(edges: Sequence[float]) -> Floats:
    limits = np.asarray(edges, dtype=np.float64)
    if not limits.size or not np.isfinite(limits).all() or (np.diff(limits) <= 0).any():
        msg = f"Edges of bands must be finite numbers of minutes that increase, not {edges}."
        raise InputError(msg)
    return limits


def _box(window: Window) -> Any:  # noqa: ANN401 - shapely's own return type
    east = window.west + window.columns * window.step_lon
    north = window.south + window.rows * window.step_lat
    return shapely.box(window.west, window.south, east, north)


def _generator(window: Window, raster: Floats) -> SerialContourGenerator:
    found = contour_generator(
        window.lon,
        window.lat,
        np.ma.masked_invalid(raster),
        name="serial",
        line_type=LineType.ChunkCombinedOffset,
        fill_type=FillType.ChunkCombinedOffsetOffset,
    )
    assert isinstance(found, SerialContourGenerator)
    return found


def _lines(surface: Surface, number: int, limits: Floats) -> Geometries:
    """Contour lines of one window at every edge, and around what has no road."""
    minutes, no_road = surface.rasters[number]
    window = surface.grid.windows[number]
    traced = _generator(window, minutes)
    found: list[Any] = [traced.lines(float(edge)) for edge in limits]
    found.append(_generator(window, no_road).lines(_MIDDLE))
    drawn = [
        shapely.from_ragged_array(
            shapely.GeometryType.LINESTRING, points, (offsets.astype(np.int64),)
        )
        for (points,), (offsets,) in found
        if points is not None
    ]
    return np.concatenate([np.empty(0, dtype=np.object_), *drawn])


def _filled(traced: SerialContourGenerator, above: float, up_to: float) -> Geometries:
    """Polygons between two levels."""
    found: Any = traced.filled(above, up_to)
    (points,), (offsets,), (outer,) = found
    if points is None:
        return np.empty(0, dtype=np.object_)
    # Offsets of polygons count points; shapely wants them to count rings.
    rings = (offsets.astype(np.int64), outer.astype(np.int64))
    polygons: Geometries = shapely.from_ragged_array(shapely.GeometryType.POLYGON, points, rings)
    return _without_specks(polygons)


def _without_specks(polygons: Geometries) -> Geometries:
    """Leave out islands and holes smaller than a cell or two."""
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    outer = np.diff(polygon, prepend=-1) != 0
    area = np.asarray(shapely.area(shapely.polygons(rings)))
    large = area >= _SPECK_DEGREES2
    large &= large[outer][polygon]
    rings, outer = rings[large], outer[large]
    points, ring = shapely.get_coordinates(rings, return_index=True)
    offsets = np.searchsorted(ring, np.arange(len(rings) + 1))
    found: Geometries = shapely.from_ragged_array(
        shapely.GeometryType.POLYGON, points, (offsets, np.r_[np.flatnonzero(outer), len(rings)])
    )
    return found


def _merged(faces: Geometries) -> shapely.MultiPolygon:
    """One multipolygon of faces that do not overlap."""
    whole = shapely.coverage_union_all(faces) if len(faces) else shapely.MultiPolygon()
    return shapely.MultiPolygon(shapely.get_parts(whole).tolist())
