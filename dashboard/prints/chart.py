"""From a plotly figure, as the pages show it, to a picture (pure).

Bars and scatter traces with what the Atlas uses of them. Whatever else a figure holds is refused
with its name, never left out.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
import plotly.graph_objects as go
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.container import BarContainer
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, MultipleLocator, NullLocator
from numpy.typing import NDArray

from dashboard.palette import BAND_COLOURS, INK, LINE, MUTED, WHITE
from dashboard.prints import fonts
from dashboard.prints.caption import Caption, Kind, Size
from dashboard.prints.sheet import (
    FORMATS,
    POINTS,
    Sheet,
    greyscale_safe,
    open_sheet,
    width_inches,
    wrapped,
    written,
)

DASHES: Final[dict[str, Any]] = {
    "solid": "-",
    "dash": (0, (5, 2.2)),
    "dot": (0, (1.2, 1.6)),
    "dashdot": (0, (5, 2, 1.2, 2)),
    "longdash": (0, (8, 2.5)),
}
MARKS: Final = {
    "circle": "o",
    "square": "s",
    "diamond": "D",
    "diamond-open": "D",
    "x": "x",
    "x-thin-open": "x",
    "triangle-up": "^",
    "cross": "P",
}
TELLING: Final = ("", "o", "s", "^", "D", "v", "P", "X")
"""Marks for lines that differ in colour alone."""
PIXELS: Final = 96.0
"""Of the screen, an inch: what plotly's sizes mean on paper at 9.5 points."""
SCREEN_TEXT: Final = 12.0
"""Pixels of plotly's text."""
ROW: Final = 1.5
"""Height of a row of a horizontal bar chart, in heights of its text."""
MARKS_A_LINE: Final = 8
LEGEND_GAP: Final = 0.4
SI: Final = ((1e9, "B"), (1e6, "M"), (1e3, "k"))
"""Billions are B, as US readers write them."""

Numbers = NDArray[np.float64]


class UnknownPictureError(ValueError):
    """A figure holds something that has no picture here."""


def chart(
    figure: go.Figure, caption: Caption, *, kind: Kind = "png", size: Size = "slide"
) -> bytes:
    """Draw a plotly figure as a file.

    Parameters
    ----------
    figure : plotly Figure
        Bars and scatter traces on one pair of axes.
    caption : Caption
        What stands around it.
    kind : {"png", "svg", "pdf"}, optional
    size : {"slide", "column", "figure"}, optional
        "figure" has neither title nor footer.

    Returns
    -------
    bytes

    Raises
    ------
    UnknownPictureError
        The figure holds a trace, shape or axis that is not drawn here.
    """
    sheet, _ = drawn(figure, caption, size)
    return written(sheet, caption, kind, size)


def drawn(figure: go.Figure, caption: Caption, size: Size) -> tuple[Sheet, Axes]:
    """Do the same as `chart` up to the file, for tests and for documents."""
    rows = _rows_of(figure)
    note = ""
    sheet = open_sheet(caption, size, _height(figure, rows, FORMATS[size].text))
    figure, note = _fitting(figure, rows, sheet)
    axes = sheet.figure.add_axes((0.1, 0.1, 0.8, 0.8))
    drawing = _Drawing(figure, axes, sheet.form.text)
    drawing.traces()
    drawing.scales()
    drawing.shapes()
    drawing.annotations()
    _settle(sheet, axes, drawing.entries(), note)
    return sheet, axes


def _rows_of(figure: go.Figure) -> int:
    """Rows of a chart that is read line by line; 0 for any other."""
    if any(trace.type == "bar" and trace.orientation == "h" for trace in figure.data):
        return len({str(value) for trace in figure.data for value in _list(trace.y)})
    ticks = figure.layout.yaxis.ticktext
    return 0 if ticks is None else len(ticks)


def _height(figure: go.Figure, rows: int, text: float) -> float:
    legend = 2.2 * text / POINTS if len(figure.data) > 1 else 0.0
    if rows:
        return rows * ROW * text / POINTS + 4.5 * text / POINTS + legend
    return 20 * text / POINTS + legend


def _fitting(figure: go.Figure, rows: int, sheet: Sheet) -> tuple[go.Figure, str]:
    """Keep as many bars as can be read on a slide, and say how many there are."""
    text = sheet.form.text / POINTS
    room = int((sheet.height - 6.5 * text) / (1.25 * text))
    bars = all(trace.type == "bar" and trace.orientation == "h" for trace in figure.data)
    if not sheet.form.fixed or rows <= room or not bars:
        return figure, ""
    order = list(dict.fromkeys(value for trace in figure.data for value in _list(trace.y)))
    keep = set(order[:room])
    shorter = go.Figure(figure)
    for trace in shorter.data:
        inside = [at for at, value in enumerate(_list(trace.y)) if value in keep]
        _take(trace, inside)
    return shorter, f"The first {room} of {rows}; all are in the table."


def _take(trace: Any, at: list[int]) -> None:  # noqa: ANN401 - a trace of plotly
    count = len(_list(trace.y))
    for name in ("x", "y", "text", "customdata"):
        values = getattr(trace, name)
        if values is not None and not isinstance(values, str) and len(values) == count:
            setattr(trace, name, [values[i] for i in at])
    colour = trace.marker.color
    if colour is not None and not isinstance(colour, str):
        trace.marker.color = [colour[i] for i in at]
    if trace.error_x.array is not None:
        trace.error_x.array = [trace.error_x.array[i] for i in at]
        if trace.error_x.arrayminus is not None:
            trace.error_x.arrayminus = [trace.error_x.arrayminus[i] for i in at]


def _settle(sheet: Sheet, axes: Axes, entries: "_Entries", note: str) -> None:
    """Give the axes all the room that labels, legend and note leave."""
    text = sheet.form.text
    top = sheet.bottom + sheet.height
    bottom = sheet.bottom
    if note:
        line = wrapped(sheet.figure, note, 0.85 * text, sheet.width)
        for part in reversed(line):
            wide, high = sheet.figure.get_size_inches()
            sheet.figure.text(
                sheet.left / wide, bottom / high, part, fontsize=0.85 * text, color=MUTED
            )
            bottom += 1.22 * 0.85 * text / POINTS
    if entries.handles:
        wide, high = sheet.figure.get_size_inches()
        legend = sheet.figure.legend(
            entries.handles, entries.labels, loc="upper left", ncols=_columns(sheet, entries),
            bbox_to_anchor=(sheet.left / wide, top / high), borderaxespad=0, frameon=False,
            fontsize=text, handlelength=2.2, columnspacing=1.4, borderpad=0,
        )  # fmt: skip
        box = legend.get_window_extent(sheet.figure.canvas.get_renderer())  # type: ignore[attr-defined]
        top -= box.height / sheet.figure.dpi + LEGEND_GAP * text / POINTS
    left, width = sheet.left, sheet.width
    inner = [left, bottom, width, max(top - bottom, 0.3)]
    axes.set_position(sheet.rectangle((inner[0], inner[1], inner[2], inner[3])))
    renderer = sheet.figure.canvas.get_renderer()  # type: ignore[attr-defined]  # of Agg
    for _ in range(3):
        taken = axes.get_tightbbox(renderer)
        if taken is None:
            break
        x0, y0, x1, y1 = (value / sheet.figure.dpi for value in taken.extents)
        over = (left - x0, bottom - y0, x1 - (left + width), y1 - top)
        inner[0] += over[0]
        inner[1] += over[1]
        inner[2] = max(inner[2] - over[0] - over[2], 0.5)
        inner[3] = max(inner[3] - over[1] - over[3], 0.3)
        axes.set_position(sheet.rectangle((inner[0], inner[1], inner[2], inner[3])))


def _columns(sheet: Sheet, entries: "_Entries") -> int:
    """Columns of the legend that fit the width."""
    text = sheet.form.text
    widest = max(width_inches(sheet.figure, label, text) for label in entries.labels)
    column = widest + (2.2 + 0.8 + 1.4) * text / POINTS
    return max(1, min(len(entries.labels), int(sheet.width / column)))


@dataclass(slots=True)
class _Entries:
    handles: list[Any] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)


class _Drawing:
    """One figure being drawn on one pair of axes."""

    def __init__(self, figure: go.Figure, axes: Axes, text: float) -> None:
        self.figure = figure
        self.axes = axes
        self.text = text
        self.scale = text / SCREEN_TEXT
        """Points for a pixel of the screen."""
        self.categories: dict[str, list[str]] = {"x": [], "y": []}
        self.handles: list[tuple[int, Any, str]] = []
        for trace in figure.data:
            if trace.type not in ("bar", "scatter"):
                msg = f"a trace of type {trace.type!r} has no picture yet"
                raise UnknownPictureError(msg)
            if (trace.xaxis or "x") != "x" or (trace.yaxis or "y") != "y":
                msg = "a figure with several pairs of axes has no picture yet"
                raise UnknownPictureError(msg)
            for axis in ("x", "y"):
                self._learn(axis, _list(getattr(trace, axis)))

    def _learn(self, axis: str, values: Sequence[Any]) -> None:
        known = self.categories[axis]
        for value in values:
            if isinstance(value, str) and value not in known:
                known.append(value)

    def numbers(self, axis: str, values: Sequence[Any]) -> Numbers:
        """Places of values on an axis; a category is its number."""
        known = {name: number for number, name in enumerate(self.categories[axis])}
        return np.array(
            [
                known[value] if isinstance(value, str) else math.nan if value is None else value
                for value in values
            ],
            dtype=np.float64,
        )

    # -- traces ---------------------------------------------------------------------------------

    def traces(self) -> None:
        """Draw every trace, bars beneath lines as plotly does."""
        bars = [(at, trace) for at, trace in enumerate(self.figure.data) if trace.type == "bar"]
        lines = [(at, trace) for at, trace in enumerate(self.figure.data) if trace.type != "bar"]
        self._bars(bars)
        self._stacks([(at, trace) for at, trace in lines if trace.stackgroup])
        self._lines([(at, trace) for at, trace in lines if not trace.stackgroup])

    def _bars(self, traces: list[tuple[int, Any]]) -> None:
        mode = self.figure.layout.barmode or "group"
        hatches = greyscale_safe(len(traces))
        gap = 0.2 if self.figure.layout.bargap is None else float(self.figure.layout.bargap)
        stacked = mode in ("stack", "relative")
        together = stacked or mode == "overlay" or self._apart(traces)
        floors: dict[tuple[float, bool], float] = {}
        for number, (at, trace) in enumerate(traces):
            flat = trace.orientation == "h"
            along, across = ("y", "x") if flat else ("x", "y")
            place = self.numbers(along, _list(getattr(trace, along)))
            value = self.numbers(across, _list(getattr(trace, across)))
            step = _step(place)
            width: Any = step * (1 - gap)
            if trace.width is not None:
                width = np.asarray(trace.width, dtype=np.float64)
            elif not together:
                width /= len(traces)
                place = place + (number - (len(traces) - 1) / 2) * width
            base = np.zeros(len(value))
            if stacked:
                for i, (spot, size) in enumerate(zip(place, value, strict=True)):
                    key = (float(spot), bool(size >= 0))
                    base[i] = floors.get(key, 0.0)
                    floors[key] = base[i] + (0.0 if np.isnan(size) else float(size))
            look = {
                "color": _colours(trace.marker.color, number),
                "edgecolor": WHITE,
                "linewidth": 0.4,
                "hatch": hatches[number] or None,
                "zorder": 2,
            }
            if flat:
                drawn_bars = self.axes.barh(place, value, width, left=base, **look)
            else:
                drawn_bars = self.axes.bar(place, value, width, bottom=base, **look)
            self._errors(trace, place, base + value, flat=flat)
            self._texts(trace, drawn_bars, flat=flat)
            if trace.name and trace.showlegend is not False:
                colour = look["color"][0] if isinstance(look["color"], list) else look["color"]
                patch = Patch(facecolor=colour, edgecolor=WHITE, hatch=look["hatch"], linewidth=0.4)
                self.handles.append((at, patch, trace.name))

    @staticmethod
    def _apart(traces: list[tuple[int, Any]]) -> bool:
        """Whether no place has two bars, so that they need not stand side by side."""
        places = [value for _, trace in traces for value in _list(_along(trace))]
        return len(places) == len(set(places))

    def _errors(self, trace: Any, place: Numbers, value: Numbers, *, flat: bool) -> None:  # noqa: ANN401 - a trace of plotly
        error = trace.error_x if flat else trace.error_y
        if error.array is None:
            return
        more = np.asarray(error.array, dtype=np.float64)
        less = more if error.arrayminus is None else np.asarray(error.arrayminus, dtype=np.float64)
        spans = np.clip(np.nan_to_num(np.vstack([less, more])), 0, None)
        look: dict[str, Any] = {
            "fmt": "none", "ecolor": INK, "elinewidth": 1.2 * self.scale,
            "capsize": 2.6 * self.scale, "capthick": 1.2 * self.scale, "zorder": 3,
        }  # fmt: skip
        if flat:
            self.axes.errorbar(value, place, xerr=spans, **look)
        else:
            self.axes.errorbar(place, value, yerr=spans, **look)

    def _texts(self, trace: Any, bars: BarContainer, *, flat: bool) -> None:  # noqa: ANN401 - a trace of plotly
        if trace.text is None or trace.textposition == "none":
            return
        colour = trace.textfont.color or INK
        behind = flat and trace.textposition == "outside"
        for bar, words in zip(bars.patches, _list(trace.text), strict=True):
            if not words:
                continue
            label = self.axes.annotate(
                fonts.plain(_untagged(words)),
                (bar.get_x() + behind * bar.get_width(), bar.get_y() + bar.get_height() / 2) if flat
                else (bar.get_x() + bar.get_width() / 2, bar.get_height()),
                xytext=(0.4 * self.text, 0) if flat else (0, -0.4 * self.text),
                textcoords="offset points", va="center" if flat else "top",
                ha="left" if flat else "center", fontsize=0.85 * self.text, color=colour, zorder=4,
                annotation_clip=True,
            )  # fmt: skip
            label.set_in_layout(False)  # it lies within its bar, or is cut with it

    def _stacks(self, traces: list[tuple[int, Any]]) -> None:
        hatches = greyscale_safe(len(traces))
        floor: Numbers | None = None
        for number, (at, trace) in enumerate(traces):
            x = self.numbers("x", _list(trace.x))
            y = np.nan_to_num(self.numbers("y", _list(trace.y)))
            base = np.zeros(len(y)) if floor is None else floor
            colour = trace.fillcolor or trace.line.color or BAND_COLOURS[number % 7]
            area = self.axes.fill_between(
                x, base, base + y, facecolor=_colour(colour), edgecolor=WHITE, linewidth=0.4,
                hatch=hatches[number] or None, zorder=2,
            )  # fmt: skip
            area.set_gid(f"stack-{at}")
            floor = base + y
            if trace.name:
                patch = Patch(
                    facecolor=_colour(colour), edgecolor=WHITE, hatch=hatches[number] or None
                )
                self.handles.append((at, patch, trace.name))

    def _lines(self, traces: list[tuple[int, Any]]) -> None:
        shown = [trace for _, trace in traces if "lines" in (trace.mode or "lines")]
        named = [trace for trace in shown if trace.name and trace.showlegend is not False]
        twins: dict[str, int] = {}
        for at, trace in traces:
            x = self.numbers("x", _list(trace.x))
            y = self.numbers("y", _list(trace.y))
            mode = trace.mode or "lines"
            colour = _colour(trace.line.color or trace.marker.color or BAND_COLOURS[4])
            look: dict[str, Any] = {"linestyle": "none", "zorder": 4}
            if "lines" in mode:
                dash = trace.line.dash or "solid"
                number = twins.get(dash, 0)
                twins[dash] = number + (trace in named)
                width = 2.0 if trace.line.width is None else float(trace.line.width)
                look |= {
                    "linestyle": DASHES[dash],
                    "linewidth": 0.75 * width * self.scale,
                    "color": colour,
                    "solid_capstyle": "butt",
                    "zorder": 3,
                }
                if number and self._telling():
                    look |= {
                        "marker": TELLING[number % len(TELLING)],
                        "markersize": 5 * self.scale,
                        "markevery": max(1, len(x) // MARKS_A_LINE),
                    }
            if "markers" in mode:
                look |= self._marker(trace)
            if trace.fill not in (None, "none"):
                if trace.fill not in ("toself", "tozeroy"):
                    msg = f"a fill of kind {trace.fill!r} has no picture yet"
                    raise UnknownPictureError(msg)
                self.axes.fill(
                    x, y, facecolor=_colour(trace.fillcolor or colour), edgecolor="none", zorder=1
                )
            (line,) = self.axes.plot(x, y, **look)
            line.set_gid(f"trace-{at}")
            if trace.name and trace.showlegend is not False:
                self.handles.append((at, line, trace.name))

    def _telling(self) -> bool:
        """Whether a legend names the lines, so that marks tell them apart."""
        return self.figure.layout.showlegend is not False

    def _marker(self, trace: Any) -> dict[str, Any]:  # noqa: ANN401 - a trace of plotly
        marker = trace.marker
        symbol = marker.symbol or "circle"
        if symbol not in MARKS:
            msg = f"a marker {symbol!r} has no picture yet"
            raise UnknownPictureError(msg)
        colour = _colour(marker.color or BAND_COLOURS[4])
        line = marker.line
        size = 6.0 if marker.size is None else float(marker.size)
        edge = _colour(line.color) if line.color and "open" not in symbol else colour
        return {
            "marker": MARKS[symbol],
            "markersize": 0.75 * size * self.scale,
            "markerfacecolor": "none" if "open" in symbol else colour,
            "markeredgecolor": edge,
            "markeredgewidth": 0.75 * float(line.width or 0) * self.scale,
        }

    # -- axes -----------------------------------------------------------------------------------

    def scales(self) -> None:
        """Set ranges, ticks, titles and grid."""
        axes = self.axes
        flat = any(trace.type == "bar" and trace.orientation == "h" for trace in self.figure.data)
        sides: tuple[tuple[Literal["x", "y"], Any], ...] = (("x", axes.xaxis), ("y", axes.yaxis))
        for name, axis in sides:
            layout = self.figure.layout[f"{name}axis"]
            if layout.type == "log":
                getattr(axes, f"set_{name}scale")("log")
            self._range(name, layout)
            self._ticks(name, axis, layout)
            if layout.title.text:
                getattr(axes, f"set_{name}label")(
                    fonts.plain(_untagged(layout.title.text)), fontsize=self.text, color=INK
                )
            axes.tick_params(
                axis=name, labelsize=self.text, colors=INK, length=0, pad=0.35 * self.text
            )
        for side in ("top", "right", "left", "bottom"):
            axes.spines[side].set_visible(False)
        grid = "x" if flat or self.figure.layout.yaxis.ticktext is not None else "y"
        axes.grid(visible=True, axis=grid, color=LINE, linewidth=0.8, zorder=0)  # type: ignore[arg-type]
        if not flat and grid == "y":
            axes.spines["bottom"].set_visible(True)
            axes.spines["bottom"].set_color(MUTED)
        axes.set_axisbelow(True)

    def _range(self, name: str, layout: Any) -> None:  # noqa: ANN401 - an axis of plotly
        axes = self.axes
        low, high = getattr(axes, f"get_{name}lim")()
        if self.categories[name]:
            low, high = -0.5, len(self.categories[name]) - 0.5
        elif not math.isfinite(low) or not math.isfinite(high):
            low, high = 0.0, 1.0
        if layout.range is not None:
            low, high = (float(value) for value in layout.range)
            if layout.type == "log":
                low, high = 10**low, 10**high
        elif layout.rangemode == "tozero":
            low, high = min(low, 0.0) if low < 0 else 0.0, max(high, 0.0)
        if layout.autorange == "reversed" and low < high:
            low, high = high, low
        getattr(axes, f"set_{name}lim")(low, high)

    def _ticks(self, name: str, axis: Any, layout: Any) -> None:  # noqa: ANN401 - axes of both libraries
        write = _writer(layout.tickformat or "", layout.tickprefix or "")
        names = self.categories[name]
        if layout.tickvals is not None:
            places = self.numbers(name, list(layout.tickvals))
            named = layout.ticktext
            texts = [write(value) for value in places] if named is None else list(named)
            self._named(axis, places, texts)
        elif names:
            self._named(axis, np.arange(len(names), dtype=np.float64), names)
        else:
            if layout.dtick is not None and layout.type != "log":
                axis.set_major_locator(MultipleLocator(float(layout.dtick)))
            axis.set_major_formatter(FuncFormatter(lambda value, _: fonts.plain(write(value))))
        axis.set_minor_locator(NullLocator())

    def _named(self, axis: Any, places: Numbers, texts: Sequence[str]) -> None:  # noqa: ANN401 - an axis
        axis.set_major_locator(FixedLocator(places.tolist()))
        axis.set_ticklabels([fonts.plain(_untagged(text)).strip() for text in texts])
        for label, text in zip(axis.get_ticklabels(), texts, strict=True):
            if re.fullmatch(r"<b>.*</b>", str(text)):
                label.set_fontweight("semibold")

    # -- lines across and words -----------------------------------------------------------------

    def shapes(self) -> None:
        """Draw lines across the axes."""
        for shape in self.figure.layout.shapes:
            if shape.type != "line":
                msg = f"a shape of type {shape.type!r} has no picture yet"
                raise UnknownPictureError(msg)
            look = {
                "color": _colour(shape.line.color or INK),
                "linestyle": DASHES[shape.line.dash or "solid"],
                "linewidth": 0.75 * float(shape.line.width or 2) * self.scale,
                "zorder": 3.5,
            }
            if shape.yref == "y domain":
                self.axes.axvline(float(shape.x0), **look)
            elif shape.xref == "x domain":
                self.axes.axhline(float(shape.y0), **look)
            else:
                self.axes.add_line(Line2D([shape.x0, shape.x1], [shape.y0, shape.y1], **look))

    def annotations(self) -> None:
        """Write the words that stand on the axes."""
        for note in self.figure.layout.annotations:
            across = str(note.xref or "x") in ("paper", "x domain")
            upward = str(note.yref or "y") in ("paper", "y domain")
            transform = {
                (False, False): self.axes.transData,
                (True, False): self.axes.get_yaxis_transform(),
                (False, True): self.axes.get_xaxis_transform(),
                (True, True): self.axes.transAxes,
            }[across, upward]
            top = upward and float(note.y) >= 1
            text = self.axes.annotate(
                fonts.plain(_untagged(note.text)),
                (float(note.x), float(note.y)),
                xycoords=transform,
                xytext=(0, 0.25 * self.text if top else 0),
                textcoords="offset points",
                ha={"left": "left", "right": "right"}.get(
                    note.xanchor or "", "left" if across else "center"
                ),
                va={"top": "top", "middle": "center"}.get(note.yanchor or "", "bottom"),
                fontsize=0.9 * self.text,
                color=_colour(note.font.color or INK),
                zorder=5,
            )
            text.set_gid("annotation")

    def entries(self) -> _Entries:
        """List what the legend names, in the order of the traces."""
        layout = self.figure.layout
        found = _Entries()
        named = [trace for trace in self.figure.data if trace.name]
        if layout.showlegend is False or (layout.showlegend is None and len(named) < 2):  # noqa: PLR2004
            return found
        for _, handle, label in sorted(self.handles, key=lambda entry: entry[0]):
            found.handles.append(handle)
            found.labels.append(fonts.plain(_untagged(label)))
        return found


def _along(trace: Any) -> Any:  # noqa: ANN401 - a trace of plotly and its values
    return trace.y if trace.orientation == "h" else trace.x


def _list(values: Any) -> list[Any]:  # noqa: ANN401 - whatever plotly holds
    if values is None:
        return []
    array = np.asarray(values, dtype=object) if isinstance(values, tuple) else np.asarray(values)
    return list(array.tolist())


def _step(places: Numbers) -> float:
    known = np.unique(places[np.isfinite(places)])
    return float(np.diff(known).min()) if len(known) > 1 else 1.0


def _colours(colour: Any, number: int) -> Any:  # noqa: ANN401 - one colour or many
    if colour is None:
        return BAND_COLOURS[(4 + number) % 7]
    return _colour(colour) if isinstance(colour, str) else [_colour(one) for one in colour]


def _colour(colour: str) -> Any:  # noqa: ANN401 - what matplotlib takes for a colour
    found = re.fullmatch(r"rgba?\(([^)]+)\)", colour)
    if found is None:
        return to_rgba(colour)
    parts = [float(part) for part in found.group(1).split(",")]
    return (*(part / 255 for part in parts[:3]), *(parts[3:] or [1.0]))


def _untagged(text: object) -> str:
    """Text without plotly's few tags; anything else in angle brackets is text."""
    words = re.sub(r"<br\s*/?>", "\n", str(text))
    return re.sub(r"<([bi])>(.*?)</\1>", r"\2", words)


def _writer(form: str, prefix: str) -> Any:  # noqa: ANN401 - a function of a number
    """Give a function that writes the numbers of an axis.

    Raises
    ------
    UnknownPictureError
        The format is none of those that the figures of the Atlas have.
    """
    percent = re.fullmatch(r"\.(\d)%", form)

    def write(value: float) -> str:
        if percent:
            return f"{prefix}{value:.{percent.group(1)}%}"
        if form in ("~s", "s", ".2s", ".3s"):
            return f"{prefix}{_short(value)}"
        if form == "d":
            return f"{prefix}{value:.0f}"
        return f"{prefix}{_decimal(value)}"

    if not (percent or form in ("", ",", ",d", ",.0f", "d", "~s", "s", ".2s", ".3s")):
        msg = f"numbers in the format {form!r} have no picture yet"
        raise UnknownPictureError(msg)
    return write


def _short(value: float) -> str:
    """Write a large number with its letter.

    >>> _short(2_500_000.0), _short(-400_000.0), _short(0.0)
    ('2.5M', '\N{MINUS SIGN}400k', '0')
    """
    for size, letter in SI:
        if abs(value) >= size:
            return f"{value / size:.4g}{letter}".replace("-", "\N{MINUS SIGN}")
    return _decimal(value)


def _decimal(value: float) -> str:
    return f"{round(value, 10):,g}".replace("-", "\N{MINUS SIGN}")
