"""What a map shows, as frozen values, and the compact text in which it travels.

Nothing here knows Streamlit: a `MapSpec` can be built, compared and hashed anywhere.
"""

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise
from typing import Final, Literal

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from dashboard import palette
from dashboard.map_assets import DECIMALS, DIGITS, AssetPaths, decode_integers, encode_integers
from geo.errors import InputError

Level = Literal["state", "county"]
Shape = Literal["circle", "diamond", "square", "triangle"]
EventKind = Literal["county", "state", "site", "desert", "background"]
Bounds = tuple[float, float, float, float]

NO_DATA_CODE: Final = "_"
UNREACHABLE_CODE: Final = "~"

LOWER_48: Final[Bounds] = (24.5, -124.8, 49.4, -66.9)
JUMPS: Final[tuple[tuple[str, Bounds], ...]] = (
    ("Lower 48", LOWER_48),
    ("Alaska", (51.2, -180.0, 71.4, -130.0)),
    ("Hawaii", (18.9, -160.3, 22.3, -154.8)),
    ("Puerto Rico", (17.85, -67.35, 18.55, -65.2)),
)
"""Bounds as (south, west, north, east) in degrees, reachable by buttons inside the map."""
_JUMP_OF_STATE: Final = {"AK": "Alaska", "HI": "Hawaii", "PR": "Puerto Rico"}

_SITE_DEGREES: Final = 10_000
_FEWEST_VERTICES: Final = 3
"""A ring of fewer distinct vertices encloses nothing."""
_EVENT_ID: Final = re.compile(r"@-?[\d.]{1,9},-?[\d.]{1,10}|[\w][\w .:/#+-]{0,59}|")
"""A point on the map, or a name as `data.candidate_ids` has it."""
_EVENT_KINDS: Final = ("county", "state", "site", "desert", "background")


def resolve_level(level: str, *, focus: str = "") -> Level:
    """Choose the areas to shade when the reader leaves the choice to us.

    Counties, always: the canvas paints all of them in a frame's time, and a state's average
    hides the very deserts that the map is for. State shading stays a choice.

    Parameters
    ----------
    level : {'auto', 'state', 'county'}
        The reader's choice; anything else counts as 'auto'.
    focus : str, optional
        USPS code of the one state that is looked at; a single shaded state says nothing.

    Returns
    -------
    {'state', 'county'}
        The level to draw.
    """
    return "state" if level == "state" and not focus else "county"


def band_codes(values: ArrayLike, edges: Sequence[float]) -> str:
    """Give each value the character of its band.

    Band i holds ``edges[i-1] < value <= edges[i]``: a value on an edge counts as within, as
    everywhere in the Atlas. NaN is no data, infinity is unreachable.

    Parameters
    ----------
    values : (n,) array of float
        In the unit of `edges`.
    edges : sequence of float
        Increasing upper edges of all bands but the last.

    Returns
    -------
    str
        n characters.

    Raises
    ------
    InputError
        Edges do not increase, or there are more bands than characters.
    """
    limits = np.asarray(edges, dtype=np.float64)
    if limits.size >= len(DIGITS) or not np.isfinite(limits).all() or (np.diff(limits) <= 0).any():
        msg = f"band edges must be finite, increase and be at most {len(DIGITS) - 1}: {edges}"
        raise InputError(msg)
    array = np.asarray(values, dtype=np.float64)
    codes = np.frombuffer(DIGITS.encode(), dtype="S1")[np.searchsorted(limits, array, side="left")]
    codes = np.where(np.isnan(array), NO_DATA_CODE.encode(), codes)
    codes = np.where(np.isposinf(array), UNREACHABLE_CODE.encode(), codes)
    return b"".join(codes.tolist()).decode()


@dataclass(frozen=True, slots=True)
class AreaLayer:
    """Shaded counties or states, in the order of the published outlines.

    Attributes
    ----------
    level : {'state', 'county'}
        What is shaded.
    codes : str
        One character per area, see `band_codes`.
    values : str
        The values for the tooltip, times 10**decimals, as `encode_integers` writes them.
    decimals : int
        Decimals of the values.
    unit : str
        Written right behind a value, such as ``" min"``, ``" miles"`` or ``"%"``.
    colours : tuple of str
        One per band.
    """

    level: Level
    codes: str
    values: str
    decimals: int
    unit: str
    colours: tuple[str, ...]


def area_layer(
    assets: AssetPaths,
    level: Level,
    values: Mapping[str, float],
    *,
    edges: Sequence[float],
    unit: str,
    decimals: int = 0,
    colours: Sequence[str] = palette.BAND_COLOURS,
) -> AreaLayer:
    """Shade areas by value.

    Parameters
    ----------
    assets : AssetPaths
        Gives the order of the areas.
    level : {'state', 'county'}
        Whether ids are USPS codes or county FIPS codes.
    values : mapping of id to float
        A dict or a Series; areas that it lacks have no data; inf is unreachable.
    edges : sequence of float
        Upper, inclusive edges of all bands but the last.
    unit : str
        Written right behind a value in the tooltip.
    decimals : int, optional
        Decimals in the tooltip.
    colours : sequence of str, optional
        One more than `edges`.

    Returns
    -------
    AreaLayer
        Ready to draw.

    Raises
    ------
    InputError
        Ids without an outline, or a number of colours that does not fit the edges.
    """
    ids = assets.states if level == "state" else assets.counties
    problems = []
    if len(colours) != len(edges) + 1:
        problems.append(f"{len(edges)} edges make {len(edges) + 1} bands, not {len(colours)}")
    unknown = sorted(set(values.keys()) - set(ids))
    if unknown:
        problems.append(f"no outline for {level} {', '.join(unknown[:10])}")
    if problems:
        raise InputError(problems)
    array = np.array([values.get(area, math.nan) for area in ids], dtype=np.float64)
    shown = np.where(np.isfinite(array), np.rint(array * 10**decimals), 0).astype(np.int64)
    return AreaLayer(
        level=level,
        codes=band_codes(array, edges),
        values=encode_integers(shown),
        decimals=decimals,
        unit=unit,
        colours=tuple(colours),
    )


@dataclass(frozen=True, slots=True)
class SiteStyle:
    """How one class of sites looks.

    Attributes
    ----------
    label : str
        Its name in the legend.
    shape : {'circle', 'diamond', 'square', 'triangle'}
        Its symbol.
    fill : str
        Colour of the symbol.
    ring : str
        Colour of a thin line inside the white edge; empty for none. A white symbol with a
        coloured ring reads as a weaker form of the filled one.
    radius : float
        Pixels at national scale; grows a little when zooming in.
    """

    label: str
    shape: Shape
    fill: str
    ring: str = ""
    radius: float = 5.0


TREATMENT_DOCUMENTED: Final = SiteStyle(
    "Treatment hospital, documented", "circle", palette.ACCENT, palette.ACCENT_DARK, 5.0
)
TREATMENT_OTHER: Final = SiteStyle(
    "Treatment hospital, weaker evidence", "circle", palette.WHITE, palette.ACCENT, 4.4
)
BLOOD_CELL: Final = SiteStyle(
    "Blood centre, cell collection or apheresis", "diamond", palette.INK, "", 3.7
)
BLOOD_OTHER: Final = SiteStyle(
    "Blood centre, other roles", "diamond", palette.WHITE, palette.INK, 2.9
)


@dataclass(frozen=True, slots=True)
class SiteLayer:
    """Point symbols of several classes.

    Attributes
    ----------
    styles : tuple of SiteStyle
        The classes.
    codes : str
        Class of each site, as a character of `DIGITS`.
    points : str
        Latitude and longitude in 1/10,000 degree, as differences, by `encode_integers`.
    ids, labels : tuple of str
        Of each site; the label is its tooltip.
    marks : tuple of str
        Numbers or letters written on the symbols; may be none.
    """

    styles: tuple[SiteStyle, ...]
    codes: str
    points: str
    ids: tuple[str, ...]
    labels: tuple[str, ...]
    marks: tuple[str, ...] = ()


def site_layer(
    lat: ArrayLike,
    lon: ArrayLike,
    ids: Iterable[str],
    labels: Iterable[str],
    *,
    styles: Sequence[SiteStyle],
    style: ArrayLike | None = None,
    marks: Sequence[str] = (),
) -> SiteLayer:
    """Place sites.

    Parameters
    ----------
    lat, lon : (n,) array of float
        EPSG:4326 degrees; sites without coordinates are left out.
    ids, labels : n str
        The id comes back when the site is clicked, the label shows on hover.
    styles : sequence of SiteStyle
        The classes, later ones drawn above earlier ones.
    style : (n,) array of int, optional
        Index into `styles`; 0 for all when left out.
    marks : sequence of str, optional
        What to write on each symbol, or none at all.

    Returns
    -------
    SiteLayer
        Ready to draw, ordered by class, then as given.

    Raises
    ------
    InputError
        Arrays of different lengths, or a style that does not exist.
    """
    points = np.column_stack([np.asarray(lat, dtype=np.float64), np.asarray(lon, dtype=np.float64)])
    id_list = [one_line(item) for item in ids]
    label_list = [one_line(item) for item in labels]
    classes: NDArray[np.int64] = (
        np.zeros(len(points), dtype=np.int64) if style is None else np.asarray(style, np.int64)
    )
    problems = []
    if not len(points) == len(id_list) == len(label_list) == len(classes):
        problems.append("sites need as many coordinates as ids, labels and styles")
    if len(marks) not in (0, len(points)):
        problems.append(f"{len(points)} sites cannot have {len(marks)} marks")
    if classes.size and not (classes.min() >= 0 and classes.max() < len(styles)):
        problems.append(f"site styles must be between 0 and {len(styles) - 1}")
    if problems:
        raise InputError(problems)
    order = np.argsort(classes, kind="stable")
    order = order[np.isfinite(points[order]).all(axis=1)]
    grid = np.rint(points[order] * _SITE_DEGREES).astype(np.int64)
    return SiteLayer(
        styles=tuple(styles),
        codes="".join(DIGITS[i] for i in classes[order]),
        points=encode_integers(np.diff(grid, axis=0, prepend=[[0, 0]]).ravel()),
        ids=tuple(id_list[i] for i in order),
        labels=tuple(label_list[i] for i in order),
        marks=tuple(marks[i] for i in order) if marks else (),
    )


def one_line(text: str) -> str:
    """Write a label without line breaks or runs of spaces."""
    return " ".join(str(text).split())


@dataclass(frozen=True, slots=True)
class PolygonStyle:
    """How the shapes of one layer look.

    Attributes
    ----------
    colours : tuple of str
        Fills to choose from.
    line : str
        Colour of the outlines; empty for none.
    line_width : float
        Pixels.
    on_land : bool
        Cut the shapes at the coast when drawing, so that they need not carry it.
    """

    colours: tuple[str, ...]
    line: str = ""
    line_width: float = 1.0
    on_land: bool = False


@dataclass(frozen=True, slots=True)
class PolygonLayer:
    """Shapes of our own, drawn above areas and below sites, in the order given.

    Attributes
    ----------
    style : PolygonStyle
        Fills and lines.
    codes : str
        Fill of each shape: an index into the colours as a character of `DIGITS`, or
        `UNREACHABLE_CODE` for the hatching of what cannot be reached.
    rings : str
        Per shape its number of rings, then the vertices of each, by `encode_integers`.
    points : str
        Longitude and latitude of the vertices in 10**-DECIMALS degrees, as differences, by
        `encode_integers`. Rings are not closed by a repeated vertex.
    ids : tuple of str
        What a click on each shape reports; none when a click is to reach the county beneath.
    labels : tuple of str
        Tooltip of each shape, behind the county's name when there are no ids; may be none.
    kind : str
        Kind of the event of a click.
    selected : str
        Id of the shape to highlight; may be empty.
    """

    style: PolygonStyle
    codes: str
    rings: str
    points: str
    ids: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    kind: EventKind = "background"
    selected: str = ""


def rings_of(layer: PolygonLayer) -> list[list[NDArray[np.float64]]]:
    """Give the rings of each shape of a layer, shape (vertices, 2), longitude first, not closed."""
    sizes = iter(decode_integers(layer.rings))
    steps = np.array(decode_integers(layer.points), dtype=np.int64).reshape(-1, 2)
    points = np.cumsum(steps, axis=0) / 10**DECIMALS
    found, at = [], 0
    for _ in layer.codes:
        rings = []
        for size in islice(sizes, next(sizes)):
            rings.append(points[at : at + size])
            at += size
        found.append(rings)
    return found


def places_of(layer: SiteLayer) -> NDArray[np.float64]:
    """Give longitude and latitude of the sites of a layer, shape (n, 2)."""
    steps = np.array(decode_integers(layer.points), dtype=np.int64).reshape(-1, 2)
    return np.cumsum(steps, axis=0)[:, ::-1] / _SITE_DEGREES


def polygon_layer(
    geometries: Sequence[object] | NDArray[np.object_],
    style: PolygonStyle,
    *,
    fill: Sequence[int] | None = None,
    ids: Iterable[str] = (),
    labels: Iterable[str] = (),
    kind: EventKind = "background",
    selected: str = "",
) -> PolygonLayer:
    """Draw polygons.

    Parameters
    ----------
    geometries : sequence of Polygon or MultiPolygon
        EPSG:4326 degrees, simplified as far as the map needs; later ones are drawn above earlier
        ones. Rings that vanish when rounded to a thousandth of a degree are left out.
    style : PolygonStyle
        Fills and lines.
    fill : sequence of int, optional
        Index into the style's colours of each geometry, -1 for the hatching of what cannot be
        reached; 0 for all when left out.
    ids, labels : iterable of str, optional
        One for each geometry, or none at all.
    kind, selected
        See `PolygonLayer`.

    Returns
    -------
    PolygonLayer
        Ready to draw.

    Raises
    ------
    InputError
        Ids, labels or fills that do not fit the geometries, or ids without a kind of event.
    """
    shapes = np.asarray(geometries, dtype=np.object_)
    id_list = tuple(one_line(item) for item in ids)
    label_list = tuple(one_line(item) for item in labels)
    numbers = [0] * len(shapes) if fill is None else [int(number) for number in fill]
    problems = [
        f"{len(shapes)} polygons cannot have {len(listed)} {name}"
        for name, listed in (("ids", id_list), ("labels", label_list), ("fills", numbers))
        if len(listed) != len(shapes) and (listed or name == "fills")
    ]
    most = min(len(style.colours), len(DIGITS))
    if numbers and not -1 <= min(numbers) <= max(numbers) < most:
        problems.append(f"fills of polygons must be between -1 and {most - 1}")
    if id_list and kind == "background":
        problems.append("polygons with ids need the kind of event that a click reports")
    if problems:
        raise InputError(problems)
    rings, points = _encode_rings(shapes)
    return PolygonLayer(
        style=style,
        codes="".join(UNREACHABLE_CODE if i < 0 else DIGITS[i] for i in numbers),
        rings=rings,
        points=points,
        ids=id_list,
        labels=label_list,
        kind=kind,
        selected=selected,
    )


def _encode_rings(shapes: NDArray[np.object_]) -> tuple[str, str]:
    """Write the rings of shapes and their vertices as text, each as differences."""
    parts, shape_of_part = shapely.get_parts(shapes, return_index=True)
    lines, part_of_ring = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(lines, return_index=True)
    grid = np.rint(xy * 10**DECIMALS).astype(np.int64)
    moved = np.ones(len(grid), dtype=bool)
    moved[1:] = (np.diff(grid, axis=0) != 0).any(axis=1) | (np.diff(ring) != 0)
    grid, ring = grid[moved], ring[moved]
    last = np.r_[np.diff(ring) != 0, True][: len(ring)]  # the vertex that closes a ring
    size = np.bincount(ring[~last], minlength=len(lines))
    whole = size >= _FEWEST_VERTICES
    kept = ~last & whole[ring]
    shape = shape_of_part[part_of_ring]
    header: list[int] = []
    for number in range(len(shapes)):
        sizes = size[(shape == number) & whole]
        header += [len(sizes), *sizes.tolist()]
    deltas = np.diff(grid[kept], axis=0, prepend=[[0, 0]])
    return encode_integers(header), encode_integers(deltas.ravel())


@dataclass(frozen=True, slots=True)
class Origin:
    """The place a search starts from, in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Route:
    """A line on the map.

    Attributes
    ----------
    path : tuple of (lat, lon)
        At least two points, in degrees.
    label : str
        Written at the end of the line, such as ``"34 min"``; may be empty.
    """

    path: tuple[tuple[float, float], ...]
    label: str = ""


@dataclass(frozen=True)
class MapSpec:
    """Everything that a map shows.

    Attributes
    ----------
    assets : AssetPaths
        From `ensure_static_assets`.
    title : str
        What the map shows, for screen readers.
    areas : AreaLayer or None
        Shading; None leaves the land plain.
    sites : tuple of SiteLayer
        Drawn in this order, always above areas: blood centres first, treatment centres last.
    polygons : tuple of PolygonLayer
        Drawn in this order, above areas and below sites.
    bounds : (south, west, north, east)
        What to show. The map moves when this changes and at no other time, so that the
        reader's own pan and zoom survive a rerun.
    view_token : str
        Change it to ask for the same bounds again.
    focus : str
        USPS code of a state; the others are veiled.
    selected : (kind, id) or None
        The county, state or site to highlight.
    catchment : tuple of str
        County FIPS codes to enclose by one line.
    origin : Origin or None
        A pin.
    routes : tuple of Route
        Lines from the pin to the nearest centres.
    online_tiles : bool
        Draw OpenStreetMap's tiles beneath. They are the only thing that leaves the machine.
    """

    assets: AssetPaths
    title: str
    areas: AreaLayer | None = None
    sites: tuple[SiteLayer, ...] = ()
    polygons: tuple[PolygonLayer, ...] = ()
    bounds: Bounds = LOWER_48
    view_token: str = ""
    focus: str = ""
    selected: tuple[EventKind, str] | None = None
    catchment: tuple[str, ...] = ()
    origin: Origin | None = None
    routes: tuple[Route, ...] = ()
    online_tiles: bool = False

    @cached_property
    def payload(self) -> str:
        """JSON object that the map's script draws from."""
        return _payload(self)

    @cached_property
    def revision(self) -> str:
        """Short hash of all that is drawn; the browser reports it back once it is painted."""
        return hashlib.sha256(self.payload.encode()).hexdigest()[:12]


OSM_TILES: Final = {
    "url": "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
    "attribution": '&copy; <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a> '
    "contributors",
}


def _payload(spec: MapSpec) -> str:
    """Write what the script needs at each rerun, apart from revision and height."""
    areas = spec.areas
    content = {
        "title": spec.title,
        "areas": None
        if areas is None
        else {
            "level": areas.level,
            "codes": areas.codes,
            "values": areas.values,
            "decimals": areas.decimals,
            "unit": areas.unit,
            "colours": areas.colours,
        },
        "polygons": [
            {
                "colours": layer.style.colours,
                "line": layer.style.line,
                "lineWidth": layer.style.line_width,
                "onLand": layer.style.on_land,
                "codes": layer.codes,
                "rings": layer.rings,
                "points": layer.points,
                "ids": layer.ids,
                "labels": layer.labels,
                "kind": layer.kind,
                "selected": layer.selected,
            }
            for layer in spec.polygons
        ],
        "sites": [
            {
                "styles": [
                    {
                        "shape": style.shape,
                        "fill": style.fill,
                        "ring": style.ring,
                        "edge": palette.WHITE,
                        "radius": style.radius,
                    }
                    for style in layer.styles
                ],
                "codes": layer.codes,
                "points": layer.points,
                "ids": "\n".join(layer.ids),
                **_labels(layer, spec.assets),
                **({"marks": layer.marks} if layer.marks else {}),
            }
            for layer in spec.sites
        ],
        "bounds": spec.bounds,
        "view": f"{','.join(map(str, spec.bounds))}/{spec.view_token}",
        "focus": spec.focus,
        "selected": spec.selected,
        "catchment": spec.catchment,
        "origin": None
        if spec.origin is None
        else {"lat": round(spec.origin.lat, 5), "lon": round(spec.origin.lon, 5)},
        "routes": [
            {
                "path": [(round(lat, 4), round(lon, 4)) for lat, lon in route.path],
                "label": route.label,
            }
            for route in spec.routes
        ],
        "tiles": OSM_TILES if spec.online_tiles else None,
    }
    return json.dumps(content, separators=(",", ":"), allow_nan=False)


def _labels(layer: SiteLayer, assets: AssetPaths) -> dict[str, str]:
    """Numbers of the labels when all of them were published, else the labels themselves."""
    number = {text: number for number, text in enumerate(assets.label_texts)}
    names = [number.get(label) for label in layer.labels]
    if not names or None in names:
        return {"labels": "\n".join(layer.labels)}
    return {"labels": "", "names": encode_integers(name for name in names if name is not None)}


def state_bounds(assets: AssetPaths, state: str) -> Bounds:
    """Bounds that show one state, or the lower 48 for an empty or unknown code.

    Parameters
    ----------
    assets : AssetPaths
        From `ensure_static_assets`.
    state : str
        USPS code.

    Returns
    -------
    (south, west, north, east)
        Degrees. Alaska, Hawaii and Puerto Rico leave out their remotest islands.
    """
    if state in _JUMP_OF_STATE:
        return dict(JUMPS)[_JUMP_OF_STATE[state]]
    if state in assets.states:
        return assets.state_bounds[assets.states.index(state)]
    return LOWER_48


def county_bounds(assets: AssetPaths, county_fips: str, *, margin: float = 1.0) -> Bounds:
    """Bounds that show one county with its surroundings, or the lower 48 if it is unknown.

    Parameters
    ----------
    assets : AssetPaths
        From `ensure_static_assets`.
    county_fips : str
        Five digits.
    margin : float, optional
        Degrees added on each side.

    Returns
    -------
    (south, west, north, east)
        Degrees.
    """
    if county_fips not in assets.counties:
        return LOWER_48
    south, west, north, east = assets.county_bounds[assets.counties.index(county_fips)]
    return (south - margin, west - margin, north + margin, east + margin)


def bounds_around(points: Iterable[tuple[float, float]], *, margin: float = 0.15) -> Bounds:
    """Bounds that show all points, or the lower 48 if there are none.

    Parameters
    ----------
    points : iterable of (lat, lon)
        Degrees.
    margin : float, optional
        Degrees added on each side.

    Returns
    -------
    (south, west, north, east)
        Degrees.
    """
    listed = [(lat, lon) for lat, lon in points if math.isfinite(lat) and math.isfinite(lon)]
    if not listed:
        return LOWER_48
    lats, lons = zip(*listed, strict=True)
    return (min(lats) - margin, min(lons) - margin, max(lats) + margin, max(lons) + margin)


@dataclass(frozen=True, slots=True)
class MapEvent:
    """A click.

    Attributes
    ----------
    kind : {'county', 'state', 'site', 'desert', 'background'}
        What was hit; 'background' only while something is selected.
    id : str
        County FIPS code, USPS code, site id, id of a polygon, or empty.
    at : int
        Milliseconds since 1970 by the browser's clock; tells clicks apart.
    spot : tuple of float or None
        Latitude and longitude in degrees, where the browser said so.
    """

    kind: EventKind
    id: str
    at: int
    spot: tuple[float, float] | None = None


def parse_event(value: object) -> MapEvent | None:
    """Read a click as the browser sent it, which may be anything.

    Parameters
    ----------
    value : object
        The JSON text sent by the map's script.

    Returns
    -------
    MapEvent or None
        None unless it is well formed.
    """
    if not isinstance(value, str):
        return None
    try:
        content = json.loads(value)
    except ValueError:
        return None
    if not isinstance(content, dict):
        return None
    kind, target, at = content.get("kind"), content.get("id"), content.get("at")
    if kind not in _EVENT_KINDS or not isinstance(target, str) or not isinstance(at, int):
        return None
    if not _EVENT_ID.fullmatch(target) or (not target and kind != "background"):
        return None
    return MapEvent(kind, target, at, _spot(content.get("lat"), content.get("lon")))


def _spot(lat: object, lon: object) -> tuple[float, float] | None:
    if not (isinstance(lat, int | float) and isinstance(lon, int | float)):
        return None
    inside = abs(lat) <= 90 and abs(lon) <= 180  # noqa: PLR2004 - degrees; false for nan
    return (float(lat), float(lon)) if inside else None


def band_labels(edges: Sequence[float]) -> tuple[str, ...]:
    """Name the bands by their edges.

    Parameters
    ----------
    edges : sequence of float
        Upper, inclusive edges of all bands but the last.

    Returns
    -------
    tuple of str
        Such as ``("up to 30", "30-60", ..., "over 240")``, with en dashes.
    """
    texts = [f"{edge:,g}" for edge in edges]
    if not texts:
        return ("all",)
    between = [f"{low}\N{EN DASH}{high}" for low, high in pairwise(texts)]
    return (f"up to {texts[0]}", *between, f"over {texts[-1]}")
