"""County boundaries from the `us-atlas` npm package: TopoJSON to clean polygons.

The package stores shared borders once, as arcs on an integer grid. Decoding the arcs here, rather
than reading each polygon on its own, keeps what the polygons lose: neighbours stay neighbours, and
an area that the grid squeezed to a line is still a line rather than nothing.
"""

import json
import tarfile
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from data.errors import BuildError
from geo.crs import GEOGRAPHIC_CRS

MEMBER: Final = "package/counties-10m.json"
TERRITORIES: Final = frozenset({"60", "66", "69", "78"})
"""State codes that are left out: American Samoa, Guam, Northern Marianas, Virgin Islands."""

COLLAPSED_HALF_WIDTH_DEGREES: Final = 0.01
"""Half width, about 1 km, given to an area that the source's grid squeezed to a line."""

_RING_POINTS: Final = 4


def read_counties(tarball: Path) -> gpd.GeoDataFrame:
    """Read the counties of the 50 states, DC and Puerto Rico.

    Parameters
    ----------
    tarball : Path
        The package as `npm pack` writes it.

    Returns
    -------
    GeoDataFrame
        Columns county_fips, short_name and geometry, EPSG:4326, sorted by county_fips; a clean
        coverage (no gaps and overlaps between neighbours), every geometry valid.

    Raises
    ------
    BuildError
        The tarball has no such file.
    """
    try:
        with tarfile.open(tarball) as archive:
            member = archive.extractfile(MEMBER)
            topology = json.load(member) if member else None
    except (KeyError, tarfile.TarError, ValueError) as error:
        msg = f"{tarball.name}: cannot read {MEMBER} ({error})"
        raise BuildError(msg) from error
    if topology is None:
        msg = f"{tarball.name}: {MEMBER} is no file"
        raise BuildError(msg)
    return decode_counties(topology)


def decode_counties(topology: dict[str, Any]) -> gpd.GeoDataFrame:
    """Turn the `counties` object of a TopoJSON topology into a clean coverage.

    Parameters
    ----------
    topology : dict
        Parsed TopoJSON with a `transform`, `arcs` and `objects.counties`.

    Returns
    -------
    GeoDataFrame
        As `read_counties`.
    """
    arcs = _decode_arcs(topology)
    records = [
        record
        for record in topology["objects"]["counties"]["geometries"]
        if record["id"][:2] not in TERRITORIES
    ]
    records.sort(key=lambda record: str(record["id"]))
    outlines = [_outlines(record, arcs) for record in records]
    return gpd.GeoDataFrame(
        {
            "county_fips": [record["id"] for record in records],
            "short_name": [record["properties"]["name"] for record in records],
        },
        geometry=clean_coverage(outlines),
        crs=GEOGRAPHIC_CRS,
    )


def clean_coverage(outlines: list[list[list[NDArray[np.float64]]]]) -> NDArray[np.object_]:
    """Build polygons that share their borders exactly, from rings that may touch themselves.

    All rings are noded together and cut into faces; each face goes to the smallest area that
    holds it. Spikes of no width, which the source's grid makes, enclose no face and so vanish.

    Parameters
    ----------
    outlines : list of list of list of ndarray, shape (k, 2)
        For each area its polygons, each a list of rings (shell first), in degrees.

    Returns
    -------
    ndarray of shapely geometries
        One valid polygon or multipolygon for each area.
    """
    areas = np.array([_area(polygons) for polygons in outlines], dtype=object)
    linework = [shapely.boundary(shapely.get_parts(area)) for area in areas]
    noded = shapely.union_all(np.concatenate(linework))
    faces = shapely.get_parts(shapely.polygonize([noded]))
    face, owner = shapely.STRtree(areas).query(shapely.point_on_surface(faces), predicate="within")
    smallest_first = np.lexsort((owner, shapely.area(areas)[owner], face))
    face, first = np.unique(face[smallest_first], return_index=True)
    owner = owner[smallest_first][first]
    return np.array(
        [shapely.coverage_union_all(faces[face[owner == index]]) for index in range(len(areas))],
        dtype=object,
    )


def _decode_arcs(topology: dict[str, Any]) -> list[NDArray[np.float64]]:
    scale = np.array(topology["transform"]["scale"])
    translate = np.array(topology["transform"]["translate"])
    return [np.cumsum(np.array(arc), axis=0) * scale + translate for arc in topology["arcs"]]


def _outlines(
    record: dict[str, Any], arcs: list[NDArray[np.float64]]
) -> list[list[NDArray[np.float64]]]:
    polygons = record["arcs"] if record["type"] == "MultiPolygon" else [record["arcs"]]
    return [[_ring(indices, arcs) for indices in polygon] for polygon in polygons]


def _ring(indices: list[int], arcs: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Join arcs to one ring; index ~i means arc i backwards, and joints are stored twice."""
    parts = [arcs[index] if index >= 0 else arcs[~index][::-1] for index in indices]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def _area(polygons: list[list[NDArray[np.float64]]]) -> shapely.Geometry:
    """Area of one county, as a valid polygon or multipolygon."""
    whole = [
        shapely.Polygon(rings[0], [ring for ring in rings[1:] if len(ring) >= _RING_POINTS])
        for rings in polygons
        if len(rings[0]) >= _RING_POINTS
    ]
    parts = [
        part
        for polygon in whole
        for part in shapely.get_parts(shapely.make_valid(polygon))
        if part.area > 0
    ]
    if not parts:
        lines = [shapely.LineString(rings[0]) for rings in polygons]
        return shapely.buffer(
            shapely.union_all(lines), COLLAPSED_HALF_WIDTH_DEGREES, quad_segs=2, cap_style="round"
        )
    return shapely.union_all(parts)
