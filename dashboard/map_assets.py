"""Files the map fetches from this server: Leaflet, the map script and the area outlines.

All of them carry a hash of their content in their names, so a browser keeps them for ever and
a new version is a new name. They are written once, at start-up, beneath `dashboard/static/`.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import InputError

STATIC_DIR: Final = Path(__file__).parent / "static"
STATIC_URL: Final = "../../app/static"
"""Seen from the map's frame (`component/<name>/index.html`); relative, so that the app also
works beneath a base path or behind a proxy."""

DECIMALS: Final = 3
"""Outlines are stored in thousandths of a degree: at most 56 m off, half a pixel at zoom 11."""
FORMAT_VERSION: Final = 1
DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-."
"""Sixty-four characters that need no escape in JSON, in a script or in an address."""

_CACHED_FOREVER_MTIME: Final = 1_600_000_000
_CHUNK_BITS: Final = 5
_CONTINUES: Final = 1 << _CHUNK_BITS
_SILHOUETTE_TOLERANCE_DEG: Final = 0.2
_SILHOUETTE_MIN_AREA_DEG2: Final = 0.15

_Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class AssetPaths:
    """Addresses of the published files, and the order in which they list the areas.

    Attributes
    ----------
    leaflet_js, leaflet_css, script, areas : str
        Addresses relative to the map's frame.
    counties, states : tuple of str
        County FIPS codes and USPS codes, in the order in which colours are sent.
    county_bounds, state_bounds : tuple of (south, west, north, east)
        Degrees, aligned with `counties` and `states`. West of -180 beyond the antimeridian.
    silhouette : str
        Coarse outline of the land, drawn until `areas` has arrived.
    labels : str
        Address of the names of the sites, one a line.
    label_texts : tuple of str
        These names, in order.
    """

    leaflet_js: str
    leaflet_css: str
    script: str
    areas: str
    counties: tuple[str, ...]
    states: tuple[str, ...]
    county_bounds: tuple[_Bounds, ...]
    state_bounds: tuple[_Bounds, ...]
    silhouette: str
    labels: str = ""
    label_texts: tuple[str, ...] = ()


def encode_integers(values: Iterable[int] | NDArray[np.int64]) -> str:
    """Write integers as text, short for small ones.

    Each is zigzag-coded (0, -1, 1, -2 ...) and cut into chunks of five bits, least significant
    first; the sixth bit of a character says that more follow.

    Parameters
    ----------
    values : iterable of int
        Any order; absolute values below 2**30 so that a browser can use 32-bit arithmetic.

    Returns
    -------
    str
        Characters from `DIGITS`.

    Raises
    ------
    InputError
        A value is too large.
    """
    array = np.fromiter(values, dtype=np.int64)
    if array.size == 0:
        return ""
    if np.abs(array).max() >= 1 << 30:
        msg = f"cannot encode {np.abs(array).max()}: integers must be below 2**30"
        raise InputError(msg)
    zigzag = np.where(array < 0, -2 * array - 1, 2 * array)
    lengths = np.ones(array.shape, dtype=np.int64)
    for chunk in range(1, 7):
        lengths += zigzag >= 1 << (_CHUNK_BITS * chunk)
    starts = np.cumsum(lengths) - lengths
    codes = np.empty(int(lengths.sum()), dtype=np.uint8)
    for chunk in range(int(lengths.max())):
        live = lengths > chunk
        digit = (zigzag[live] >> (_CHUNK_BITS * chunk)) & (_CONTINUES - 1)
        codes[starts[live] + chunk] = digit + _CONTINUES * (lengths[live] > chunk + 1)
    alphabet = np.frombuffer(DIGITS.encode(), dtype=np.uint8)
    return alphabet[codes].tobytes().decode()


def decode_integers(text: str) -> list[int]:
    """Read what `encode_integers` wrote.

    Parameters
    ----------
    text : str
        Characters from `DIGITS`.

    Returns
    -------
    list of int
        The integers, in order.
    """
    values: list[int] = []
    value = shift = 0
    for character in text:
        digit = DIGITS.index(character)
        value |= (digit & (_CONTINUES - 1)) << shift
        shift += _CHUNK_BITS
        if digit < _CONTINUES:
            values.append(-((value + 1) >> 1) if value & 1 else value >> 1)
            value = shift = 0
    return values


@dataclass(frozen=True, slots=True)
class Topology:
    """Rings cut into arcs, so that a border between two areas is stored once.

    Attributes
    ----------
    arcs : tuple of (n, 2) integer arrays
        Longitude and latitude in units of 10**-DECIMALS degrees.
    rings : tuple of tuple of tuple of int
        Per area its rings, each a list of arc numbers; `~i` is arc i backwards.
    """

    arcs: tuple[NDArray[np.int64], ...]
    rings: tuple[tuple[tuple[int, ...], ...], ...]


def topology(geometries: NDArray[np.object_]) -> Topology:
    """Cut polygons at their junctions and store each shared border once.

    Parameters
    ----------
    geometries : (n,) array of Polygon or MultiPolygon
        EPSG:4326 degrees, topologically clean: neighbours share their border vertices. Parts
        that vanish when rounded are dropped.

    Returns
    -------
    Topology
        Arcs and, per geometry, rings; to be filled by the even-odd rule.
    """
    parts, area_of_part = shapely.get_parts(geometries, return_index=True)
    lines, part_of_ring = shapely.get_rings(parts, return_index=True)
    xy, ring_of_vertex = shapely.get_coordinates(lines, return_index=True)
    grid = np.rint(xy * 10**DECIMALS).astype(np.int64)
    area_of_ring = area_of_part[part_of_ring]

    changed = np.ones(len(grid), dtype=bool)
    changed[1:] = (grid[1:] != grid[:-1]).any(axis=1) | (ring_of_vertex[1:] != ring_of_vertex[:-1])
    grid, ring_of_vertex = grid[changed], ring_of_vertex[changed]
    points, vertex = np.unique(grid, axis=0, return_inverse=True)
    bounds = np.searchsorted(ring_of_vertex, np.arange(len(lines) + 1))
    # A ring repeats its first vertex at its end; three distinct ones make the smallest ring.
    rings = [
        (int(area_of_ring[i]), vertex[a : b - 1])
        for i, (a, b) in enumerate(pairwise(bounds.tolist()))
        if b - a > 3  # noqa: PLR2004
    ]
    junction = _junctions([ring for _, ring in rings], len(points))

    index: dict[bytes, int] = {}
    arcs: list[NDArray[np.int64]] = []
    per_area: list[list[tuple[int, ...]]] = [[] for _ in geometries]
    for area, ring in rings:
        refs: list[int] = []
        for arc in _cut(ring, junction):
            forward, backward = arc.tobytes(), arc[::-1].tobytes()
            if backward in index and backward != forward:
                refs.append(~index[backward])
                continue
            if forward not in index:
                index[forward] = len(arcs)
                arcs.append(points[arc])
            refs.append(index[forward])
        per_area[area].append(tuple(refs))
    return Topology(tuple(arcs), tuple(tuple(rings) for rings in per_area))


def _junctions(rings: list[NDArray[np.int64]], n_points: int) -> NDArray[np.bool_]:
    """Mark the points at which rings part: those visited between different neighbours."""
    if not rings:
        return np.zeros(n_points, dtype=bool)
    here = np.concatenate(rings)
    before = np.concatenate([np.roll(ring, 1) for ring in rings])
    after = np.concatenate([np.roll(ring, -1) for ring in rings])
    pair = np.minimum(before, after) * n_points + np.maximum(before, after)
    lowest = np.full(n_points, np.iinfo(np.int64).max)
    highest = np.full(n_points, -1, dtype=np.int64)
    np.minimum.at(lowest, here, pair)
    np.maximum.at(highest, here, pair)
    parted: NDArray[np.bool_] = (highest >= 0) & (lowest != highest)
    return parted


def _cut(ring: NDArray[np.int64], junction: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """Split one ring (first vertex not repeated) into arcs that end at junctions."""
    stops = np.flatnonzero(junction[ring])
    if stops.size == 0:
        # A whole island or enclave: start both copies of it at the same vertex.
        start = int(np.argmin(ring))
        rolled = np.roll(ring, -start)
        if rolled[1] > rolled[-1]:  # one direction for the island and for the hole around it
            rolled = np.concatenate([rolled[:1], rolled[:0:-1]])
        return [np.append(rolled, rolled[0])]
    rolled = np.roll(ring, -int(stops[0]))
    closed = np.append(rolled, rolled[0])
    edges = np.append(stops - stops[0], len(ring))
    return [closed[a : b + 1] for a, b in pairwise(edges.tolist())]


def unwrapped(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    """Move what lies east of the antimeridian (the far Aleutians) next to the rest of Alaska."""

    def west(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([np.where(xy[:, 0] > 0, xy[:, 0] - 360, xy[:, 0]), xy[:, 1]])

    moved: NDArray[np.object_] = shapely.transform(geometries, west)
    return moved


def _silhouette(geometries: NDArray[np.object_]) -> str:
    """Coarse outline of all land in hundredths of a degree: ring sizes, then deltas."""
    land = shapely.simplify(shapely.union_all(geometries), _SILHOUETTE_TOLERANCE_DEG)
    parts = shapely.get_parts(land)
    parts = parts[shapely.area(parts) > _SILHOUETTE_MIN_AREA_DEG2]
    outlines = [np.rint(shapely.get_coordinates(p.exterior) * 100).astype(int) for p in parts]
    if not outlines:
        return ""
    deltas = np.diff(np.concatenate(outlines), axis=0, prepend=[[0, 0]])
    sizes = [len(outline) for outline in outlines]
    return encode_integers([len(sizes), *sizes, *deltas.ravel().tolist()])


def encode_areas(counties: gpd.GeoDataFrame, states: gpd.GeoDataFrame) -> bytes:
    """Pack county outlines, names and states into one JSON file.

    States need no outlines of their own: they are made of their counties, which also
    guarantees that both levels coincide on the screen.

    Parameters
    ----------
    counties : GeoDataFrame
        Sorted by `county_fips`; columns county_fips, state, geometry (EPSG:4326) and name.
    states : GeoDataFrame
        Sorted by `state`; columns state and name.

    Returns
    -------
    bytes
        UTF-8 JSON.
    """
    cut = topology(counties.geometry.to_numpy())
    coordinates = np.concatenate(cut.arcs)
    deltas = np.diff(coordinates, axis=0, prepend=[[0, 0]])
    rings: list[int] = []
    previous = 0
    for area in cut.rings:
        rings.append(len(area))
        for ring in area:
            rings.append(len(ring))
            for ref in ring:
                # Arcs are mostly used in the order in which they were found.
                number = ref if ref >= 0 else ~ref
                rings.append(2 * (number - previous) + (ref < 0))
                previous = number
    state_order = {state: i for i, state in enumerate(states["state"])}
    content = {
        "version": FORMAT_VERSION,
        "decimals": DECIMALS,
        "arcSizes": encode_integers(len(arc) for arc in cut.arcs),
        "points": encode_integers(deltas.ravel()),
        "rings": encode_integers(rings),
        "counties": ",".join(counties["county_fips"]),
        "countyNames": counties["name"].tolist(),
        "countyStates": encode_integers(state_order[state] for state in counties["state"]),
        "states": ",".join(states["state"]),
        "stateNames": states["name"].tolist(),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _check_frames(counties: gpd.GeoDataFrame, states: gpd.GeoDataFrame) -> None:
    problems = [
        f"{label} lack the column {column!r}"
        for label, frame, wanted in (
            ("counties", counties, ("county_fips", "state", "name")),
            ("states", states, ("state", "name")),
        )
        for column in wanted
        if column not in frame.columns
    ]
    if not problems:
        unknown = sorted(set(counties["state"]) - set(states["state"]))
        if unknown:
            problems.append(f"counties lie in states that are not listed: {', '.join(unknown)}")
        for label, ids in (("county", counties["county_fips"]), ("state", states["state"])):
            if ids.duplicated().any():
                problems.append(f"a {label} is listed twice: {ids[ids.duplicated()].iloc[0]}")
    for label, frame in (("counties", counties), ("states", states)):
        if frame.crs is None or frame.crs.to_epsg() != 4326:  # noqa: PLR2004
            problems.append(f"{label} must be in EPSG:4326 to be drawn, not {frame.crs}")
    if problems:
        raise InputError(problems)


def _fingerprint(counties: gpd.GeoDataFrame, states: gpd.GeoDataFrame) -> str:
    """Hash everything that `encode_areas` reads, which is quicker than encoding."""
    digest = hashlib.sha256(f"{FORMAT_VERSION}/{DECIMALS}".encode())
    for blob in shapely.to_wkb(counties.geometry.to_numpy()):
        digest.update(blob)
    for column in (counties["county_fips"], counties["state"], counties["name"], states["name"]):
        digest.update("\n".join(column).encode())
    return digest.hexdigest()[:12]


def _publish(path: Path, content: bytes) -> None:
    """Write a file that readers see whole or not at all, unless it is there already."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).chmod(0o644)
        # Streamlit sends no Cache-Control. Browsers then keep a file for a tenth of its age, and
        # this one, its content being in its name, may be kept as long as they like.
        os.utime(name, (_CACHED_FOREVER_MTIME, _CACHED_FOREVER_MTIME))
        Path(name).replace(path)  # two processes write the same bytes, so either may win
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()


def _publish_hashed(root: Path, folder: str, name: str, content: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    hashed = f"{folder}/{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
    _publish(root / hashed, content)
    return f"{STATIC_URL}/{hashed}"


def _bounds(geometries: NDArray[np.object_]) -> tuple[_Bounds, ...]:
    west, south, east, north = shapely.bounds(geometries).T.round(DECIMALS)
    return tuple(
        zip(south.tolist(), west.tolist(), north.tolist(), east.tolist(), strict=True),
    )


def ensure_static_assets(
    counties: gpd.GeoDataFrame,
    states: gpd.GeoDataFrame,
    labels: Iterable[str] = (),
    *,
    static_dir: Path = STATIC_DIR,
) -> AssetPaths:
    """Publish what the map fetches; quick and harmless when it is all there already.

    Parameters
    ----------
    counties : GeoDataFrame
        Columns county_fips, state, name, geometry; EPSG:4326, neighbours sharing vertices.
    states : GeoDataFrame
        Columns state, name, geometry; EPSG:4326. Outlines are taken from the counties.
    labels : iterable of str, optional
        Names of sites that many maps show: published once, they need not be sent again.
    static_dir : Path, optional
        Folder that the server publishes as `app/static`.

    Returns
    -------
    AssetPaths
        Where the files are, and the order of the areas.

    Raises
    ------
    InputError
        A column is missing, ids repeat, a county's state is unknown, or the CRS is another.
    """
    _check_frames(counties, states)
    counties = counties.sort_values("county_fips").reset_index(drop=True)
    states = states.sort_values("state").reset_index(drop=True)
    counties = counties.set_geometry(
        gpd.GeoSeries(unwrapped(counties.geometry.to_numpy()), crs=counties.crs),
    )
    state_shapes = unwrapped(states.geometry.to_numpy())

    fingerprint = _fingerprint(counties, states)
    areas = f"generated/areas.{fingerprint}.json"
    if not (static_dir / areas).exists():
        _publish(static_dir / areas, encode_areas(counties, states))
    outline = static_dir / f"generated/silhouette.{fingerprint}.txt"
    if not outline.exists():
        _publish(outline, _silhouette(state_shapes).encode())

    texts = tuple(dict.fromkeys(labels))
    leaflet = resources.files("xstatic.pkg.leaflet") / "data"
    script = (STATIC_DIR / "atlas" / "atlas_map.js").read_bytes()
    return AssetPaths(
        leaflet_js=_publish_hashed(
            static_dir, "leaflet", "leaflet.js", (leaflet / "leaflet.js").read_bytes()
        ),
        leaflet_css=_publish_hashed(
            static_dir, "leaflet", "leaflet.css", (leaflet / "leaflet.css").read_bytes()
        ),
        script=_publish_hashed(static_dir, "generated", "atlas_map.js", script),
        areas=f"{STATIC_URL}/{areas}",
        counties=tuple(counties["county_fips"]),
        states=tuple(states["state"]),
        county_bounds=_bounds(counties.geometry.to_numpy()),
        state_bounds=_bounds(state_shapes),
        silhouette=outline.read_text(),
        labels=_publish_hashed(static_dir, "generated", "labels.txt", "\n".join(texts).encode()),
        label_texts=texts,
    )
