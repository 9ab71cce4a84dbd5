"""From a map, as the pages show it, to a picture (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from numpy.typing import NDArray

from dashboard import palette
from dashboard.map_assets import DIGITS
from dashboard.map_key import MapKey
from dashboard.map_layers import (
    NO_DATA_CODE,
    UNREACHABLE_CODE,
    MapSpec,
    PolygonLayer,
    SiteLayer,
    SiteStyle,
    places_of,
    rings_of,
)
from dashboard.prints import fonts, projections
from dashboard.prints.caption import Caption, Kind, Size
from dashboard.prints.projections import Drawn, Frame, Outlines
from dashboard.prints.sheet import (
    FORMATS,
    LINE_HEIGHT,
    POINTS,
    Sheet,
    open_sheet,
    width_inches,
    wrapped,
    written,
)

SHAPES: Final = {"circle": "o", "diamond": "D", "square": "s", "triangle": "^"}
AREA_OF: Final = {"circle": 1.0, "diamond": 0.78, "square": 0.9, "triangle": 1.1}
"""Widths of markers that look as large as the circle of the same radius."""
SCREEN_INCHES: Final = 9.0
"""Width of the map on a desk's screen, where symbols have their nominal sizes."""
PIXEL_POINTS: Final = 0.75
TALLEST: Final = 1.15
"""Height of a map at most, in its widths."""
HATCH: Final = "/////"
VEIL: Final = 0.78
CELL_GAP: Final = 0.5
SMALLEST: Final = 0.45
"""Of the nominal sizes of symbols, however small the map is."""
BESIDE: Final = 0.3
"""Part of a slide's width that the key takes."""
GUTTER: Final = 0.35


def atlas_map(
    spec: MapSpec,
    key: MapKey,
    outlines: Outlines,
    caption: Caption,
    *,
    kind: Kind = "png",
    size: Size = "slide",
) -> bytes:
    """Draw a map as a file.

    Parameters
    ----------
    spec : MapSpec
        What the page's map shows.
    key : MapKey
        What explains it.
    outlines : Outlines
        Gives the land of a frame, in the order of the colour codes.
    caption : Caption
        What stands around it.
    kind : {"png", "svg", "pdf"}, optional
    size : {"slide", "column", "figure"}, optional
        "figure" has neither title nor footer.

    Returns
    -------
    bytes
    """
    sheet, _ = drawn(spec, key, outlines, caption, size)
    return written(sheet, caption, kind, size)


def drawn(
    spec: MapSpec, key: MapKey, outlines: Outlines, caption: Caption, size: Size
) -> tuple[Sheet, list[Axes]]:
    """Do the same as `atlas_map` up to the file, for tests and for documents."""
    fonts.use()
    form = FORMATS[size]
    frames = projections.frames_of(spec.bounds)
    aspect = _aspect(frames, outlines)
    width = form.width - 2 * form.margin
    sheet = open_sheet(caption, size, width * aspect + _legend_inches(form.text, key, width))
    if form.fixed:
        # On a slide the key stands beside the map, which leaves the map more room.
        room = sheet.width * (1 - BESIDE)
        wide = min(room, sheet.height / aspect)
        left = sheet.left + (room - wide) / 2
        bottom = sheet.bottom + (sheet.height - wide * aspect) / 2
        place = _Place(sheet.left + room + GUTTER, sheet.width - room - GUTTER)
        _legend(sheet, key, place, sheet.bottom + sheet.height)
    else:
        place = _Place(sheet.left, sheet.width)
        below = _legend(sheet, key, place, None)
        wide = min(sheet.width, (sheet.height - below) / aspect)
        left = sheet.left + (sheet.width - wide) / 2
        bottom = sheet.bottom + below
        _legend(sheet, key, place, bottom)
    found = []
    for number, frame in enumerate(frames):
        x, y, w, h = frame.place
        rectangle = (left + x * wide, bottom + y * wide * aspect, w * wide, h * wide * aspect)
        axes = sheet.figure.add_axes(sheet.rectangle(rectangle))
        drawn_land = outlines(frame)
        _frame(axes, projections.shown(drawn_land, frame), inset=number > 0)
        _Map(spec, drawn_land, frame, axes, wide).draw()
        found.append(axes)
    return sheet, found


def _aspect(frames: Sequence[Frame], outlines: Outlines) -> float:
    if len(frames) > 1:
        return projections.NATIONAL_ASPECT
    left, bottom, right, top = projections.extent(frames[0], outlines(frames[0]).metres)
    return min((top - bottom) / (right - left), TALLEST)


def _frame(axes: Axes, shown: tuple[float, float, float, float], *, inset: bool) -> None:
    left, bottom, right, top = shown
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    axes.set_aspect("equal", adjustable="box")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor("none")
    for spine in axes.spines.values():
        spine.set_visible(inset)
        spine.set_color(palette.LINE)


# -- the map --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Map:
    """One frame of a map being drawn."""

    spec: MapSpec
    land: Drawn
    frame: Frame
    axes: Axes
    width_inches: float

    @property
    def scale(self) -> float:
        """Points for a pixel of the screen."""
        return PIXEL_POINTS * max(self.width_inches / SCREEN_INCHES, SMALLEST)

    def draw(self) -> None:
        """Draw all layers, areas first and sites last."""
        self._areas()
        for layer in self.spec.polygons:
            self._polygons(layer)
        self._borders()
        self._veil()
        self._highlights()
        for site_layer in self.spec.sites:
            self._sites(site_layer)
        self._routes()

    def _paths(self, paths: Sequence[Path], **look: Any) -> PathCollection:  # noqa: ANN401 - properties of a collection
        collection = PathCollection(paths, transform=self.axes.transData, **look)
        self.axes.add_collection(collection, autolim=False)
        return collection

    def _areas(self) -> None:
        areas = self.spec.areas
        if areas is None:
            land = [path for path in self.land.states if path is not None]
            self._paths(land, facecolors=palette.LAND, edgecolors="none", zorder=1)
            return
        shapes = self.land.states if areas.level == "state" else self.land.counties
        groups: dict[str, list[Path]] = {}
        for code, path in zip(areas.codes, shapes, strict=True):
            if path is not None:
                groups.setdefault(code, []).append(path)
        for code, paths in sorted(groups.items()):
            fill, ink = self._fill(code, areas.colours)
            collection = self._paths(
                paths, facecolors=fill, edgecolors=ink or fill, linewidths=0.25, zorder=1,
                hatch=HATCH if ink else None,
            )  # fmt: skip
            collection.set_gid(f"band-{code}")

    @staticmethod
    def _fill(code: str, colours: Sequence[str]) -> tuple[str, str]:
        """Ground and ink of the hatching, if it is one."""
        if code == NO_DATA_CODE:
            return palette.NO_DATA, palette.NO_DATA_INK
        if code == UNREACHABLE_CODE:
            return palette.UNREACHABLE, palette.UNREACHABLE_INK
        return colours[DIGITS.index(code)], ""

    def _polygons(self, layer: PolygonLayer) -> None:
        clip = self._land_clip() if layer.style.on_land else None
        for code, path, name in self._shapes(layer):
            if code == UNREACHABLE_CODE:
                fill, ink = palette.UNREACHABLE, palette.UNREACHABLE_INK
            else:
                fill, ink = layer.style.colours[DIGITS.index(code)], ""
            chosen = bool(name) and name == layer.selected
            line = palette.ACCENT if chosen else layer.style.line or ink or fill
            patch = PathPatch(
                path, facecolor=fill, edgecolor=line, hatch=HATCH if ink else None, zorder=1.5,
                linewidth=(2.5 if chosen else layer.style.line_width) * self.scale,
            )  # fmt: skip
            self.axes.add_patch(patch)
            if clip is not None:
                patch.set_clip_path(clip)

    def _land_clip(self) -> PathPatch:
        land = Path.make_compound_path(*(path for path in self.land.states if path is not None))
        return PathPatch(land, transform=self.axes.transData)

    def _shapes(self, layer: PolygonLayer) -> list[tuple[str, Path, str]]:
        names = layer.ids or ("",) * len(layer.codes)
        found = []
        for code, rings, name in zip(layer.codes, rings_of(layer), names, strict=True):
            if rings:
                lonlat = np.vstack([part for ring in rings for part in (ring, ring[:1])])
                x, y = projections.project(self.land.metres, lonlat[:, 0], lonlat[:, 1])
                codes = [
                    step
                    for ring in rings
                    for step in (Path.MOVETO, *[Path.LINETO] * (len(ring) - 1), Path.CLOSEPOLY)
                ]
                found.append((code, Path(np.column_stack([x, y]), codes), name))
        return found

    def _borders(self) -> None:
        states = [path for path in self.land.states if path is not None]
        self._paths(
            states, facecolors="none", edgecolors=palette.WHITE, linewidths=1.3 * self.scale + 0.2,
            zorder=2,
        )  # fmt: skip
        self._paths(
            states, facecolors="none", edgecolors="#8fa3b0", linewidths=0.7 * self.scale + 0.1,
            zorder=2.1,
        )  # fmt: skip

    def _veil(self) -> None:
        if not self.spec.focus:
            return
        others = [
            path
            for code, path in zip(self.land.state_codes, self.land.states, strict=True)
            if path is not None and code != self.spec.focus
        ]
        self._paths(
            others, facecolors=palette.SEA, edgecolors=palette.LINE, alpha=VEIL, linewidths=0.4,
            zorder=2.5,
        )  # fmt: skip

    def _highlights(self) -> None:
        wanted = set(self.spec.catchment)
        if wanted:
            paths = self._named(self.land.counties, self.land.county_codes, wanted)
            self._paths(
                paths, facecolors="none", edgecolors=palette.INK, linewidths=1.2 * self.scale,
                zorder=3,
            )  # fmt: skip
        if self.spec.selected and self.spec.selected[0] in ("county", "state"):
            kind, name = self.spec.selected
            shapes, codes = (
                (self.land.counties, self.land.county_codes)
                if kind == "county"
                else (self.land.states, self.land.state_codes)
            )
            self._paths(
                self._named(shapes, codes, {name}), facecolors="none", edgecolors=palette.ACCENT,
                linewidths=2.4 * self.scale, zorder=3.1,
            )  # fmt: skip

    @staticmethod
    def _named(shapes: Sequence[Path | None], codes: Sequence[str], wanted: set[str]) -> list[Path]:
        return [
            path
            for code, path in zip(codes, shapes, strict=True)
            if code in wanted and path is not None
        ]

    def _sites(self, layer: SiteLayer) -> None:
        places = places_of(layer)
        if not len(places):
            return
        x, y = self._place(places[:, 0], places[:, 1])
        classes = np.array([DIGITS.index(code) for code in layer.codes])
        for number, style in enumerate(layer.styles):
            mine = classes == number
            if mine.any():
                self._symbols(x[mine], y[mine], style)
        for i, mark in enumerate(layer.marks):
            style = layer.styles[classes[i]]
            if mark:
                self.axes.text(
                    x[i], y[i], fonts.plain(mark), color=palette.WHITE, ha="center", va="center",
                    fontsize=1.15 * style.radius * self.scale, zorder=6, clip_on=True,
                )  # fmt: skip

    def _symbols(self, x: NDArray[np.float64], y: NDArray[np.float64], style: SiteStyle) -> None:
        span = 2 * style.radius * self.scale * AREA_OF[style.shape]
        self.axes.scatter(
            x, y, s=(span + 1.6 * self.scale) ** 2, marker=MarkerStyle(SHAPES[style.shape]),
            facecolor=palette.WHITE, edgecolor="none", zorder=4.9,
        )  # fmt: skip
        self.axes.scatter(
            x, y, s=span**2, marker=MarkerStyle(SHAPES[style.shape]), facecolor=style.fill,
            edgecolor=style.ring or style.fill, linewidth=1.2 * self.scale, zorder=5,
        )  # fmt: skip

    def _place(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return projections.project(self.land.metres, lon, lat)

    def _routes(self) -> None:
        for route in self.spec.routes:
            lat, lon = (np.array(side) for side in zip(*route.path, strict=True))
            x, y = self._place(lon, lat)
            self.axes.add_line(
                Line2D(x, y, color=palette.ACCENT, linewidth=2 * self.scale, zorder=4.5)
            )
            if route.label:
                self.axes.annotate(
                    fonts.plain(route.label), (x[-1], y[-1]), zorder=7, annotation_clip=True,
                    xytext=(5 * self.scale, 5 * self.scale), textcoords="offset points",
                    fontsize=13 * self.scale, color=palette.INK,
                    bbox={"facecolor": palette.WHITE, "edgecolor": "none", "alpha": 0.8, "pad": 1},
                )  # fmt: skip
        if self.spec.origin is not None:
            x, y = self._place(np.array([self.spec.origin.lon]), np.array([self.spec.origin.lat]))
            self.axes.scatter(
                x, y, s=(14 * self.scale) ** 2, marker="*", facecolor=palette.INK,
                edgecolor=palette.WHITE, linewidth=self.scale, zorder=7,
            )  # fmt: skip


# -- the key --------------------------------------------------------------------------------------


def _legend_inches(text: float, key: MapKey, width: float) -> float:
    """Guess the height of the key before there is a sheet to measure on."""
    line = text * LINE_HEIGHT / POINTS
    names = sum(len(style.label) for style in key.sites) + 4 * len(key.sites)
    rows = 1 + names * text * 0.5 / POINTS / width
    return line * (rows + (3.2 if key.shaded else 0.0) + 0.6)


class _Place(NamedTuple):
    """Left edge and width of a column, in inches."""

    left: float
    width: float


def _legend(sheet: Sheet, key: MapKey, place: _Place, top: float | None) -> float:
    """Write the key from a height in inches downwards; only measure it without one.

    Returns its height in inches.
    """
    pen = _Pen(sheet, place, top)
    pen.down(0.35)
    if key.bands:
        pen.words(key.title, weight="semibold")
        pen.cells(key.bands)
    for style in key.sites:
        pen.entry(style.label, lambda x, y, style=style: pen.symbol(x, y, style))
    for fill, ink, label in key.hatchings:
        pen.entry(label, lambda x, y, fill=fill, ink=ink: pen.box(x, y, fill, ink))
    pen.line()
    return pen.used


class _Pen:
    """Writes a key from the top down, or only measures it."""

    def __init__(self, sheet: Sheet, place: _Place, top: float | None) -> None:
        self.sheet = sheet
        self.place = place
        self.dry = top is None
        self.text = 0.82 * sheet.form.text
        self.em = self.text / POINTS
        self.step = self.em * LINE_HEIGHT
        self.top = top or 0.0
        self.used = 0.0
        self.x = 0.0

    @property
    def figure(self) -> Any:  # noqa: ANN401 - a figure of matplotlib
        return self.sheet.figure

    def down(self, lines: float) -> None:
        self.used += lines * self.step

    def line(self) -> None:
        """End a line of entries."""
        if self.x:
            self.x = 0.0
            self.down(1.15)

    def _text(self, x: float, words: str, *, drop: float = 0.0, **look: Any) -> None:  # noqa: ANN401 - properties of text
        if self.dry:
            return
        wide, high = self.figure.get_size_inches()
        self.figure.text(
            (self.place.left + x) / wide, (self.top - self.used - drop) / high, words,
            fontsize=self.text, va="top", color=palette.INK, **look,
        )  # fmt: skip

    def _box(self, x: float, width: float, height: float, **look: Any) -> None:  # noqa: ANN401 - properties of a patch
        if self.dry:
            return
        wide, high = self.figure.get_size_inches()
        corner = ((self.place.left + x) / wide, (self.top - self.used - height) / high)
        transform = self.figure.transFigure
        box = Rectangle(corner, width / wide, height / high, transform=transform, **look)
        self.figure.add_artist(box)

    def words(self, text: str, **look: Any) -> None:  # noqa: ANN401 - properties of text
        weight = str(look.get("weight", "normal"))
        for line in wrapped(self.figure, text, self.text, self.place.width, weight):
            self._text(0.0, line, **look)
            self.down(1)

    def cells(self, bands: Sequence[tuple[str, str]]) -> None:
        """Draw the colours in a row, or more where they do not fit, each with its name below."""
        widest = max(width_inches(self.figure, label, self.text) for _, label in bands)
        cell = max(widest + CELL_GAP * self.em, 4 * self.em)
        a_row = max(1, min(len(bands), int(self.place.width / cell)))
        self.down(0.15)
        for start in range(0, len(bands), a_row):
            for number, (colour, label) in enumerate(bands[start : start + a_row]):
                self._box(
                    number * cell, cell, 0.75 * self.em, facecolor=colour,
                    edgecolor=palette.MUTED, linewidth=0.3,
                )  # fmt: skip
                words = fonts.plain(label)
                self._text((number + 0.5) * cell, words, drop=0.8 * self.em, ha="center")
            self.down(1.9)
        self.down(0.1)

    def entry(self, label: str, draw: Any) -> None:  # noqa: ANN401 - a function of two numbers
        """Write a symbol and its name, on the next line if this one is full."""
        mark = 1.5 * self.em
        lines = wrapped(self.figure, label, self.text, self.place.width - mark)
        width = mark + max(
            (width_inches(self.figure, line, self.text) for line in lines), default=0
        )
        if self.x and self.x + width > self.place.width:
            self.line()
        draw(self.x + 0.5 * self.em, 0.54 * self.em)
        for number, line in enumerate(lines):
            self._text(self.x + mark, line, drop=number * self.step)
        self.down(max(len(lines) - 1, 0))
        self.x += width + 1.2 * self.em

    def symbol(self, x: float, drop: float, style: SiteStyle) -> None:
        """Draw the symbol of a class of sites."""
        if self.dry:
            return
        wide, high = self.figure.get_size_inches()
        spot = Line2D(
            [(self.place.left + x) / wide],
            [(self.top - self.used - drop) / high],
            marker=SHAPES[style.shape],
            markersize=0.16 * style.radius * self.text * AREA_OF[style.shape],
            markerfacecolor=style.fill,
            markeredgecolor=style.ring or style.fill,
            markeredgewidth=0.08 * self.text,
            linestyle="none",
        )
        self.figure.add_artist(spot)

    def box(self, x: float, drop: float, fill: str, ink: str) -> None:
        """Draw a piece of a hatching."""
        del drop
        self._box(
            x - 0.5 * self.em, 1.2 * self.em, 0.85 * self.em, facecolor=fill, edgecolor=ink,
            hatch=HATCH, linewidth=0.3,
        )  # fmt: skip
