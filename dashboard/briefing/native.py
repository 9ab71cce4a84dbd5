"""Charts of the pages as native charts of slides: data, labels, errors and looks can be edited."""

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

import plotly.graph_objects as go
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Emu, Pt

from dashboard.palette import BAND_COLOURS
from dashboard.prints.caption import writable

MOST_BARS: Final = 18
"""More would not be read on a slide; the data of the chart then end there, as the notes say."""
INK: Final[Any] = RGBColor(0x1C, 0x28, 0x33)
GRID: Final[Any] = RGBColor(0xD5, 0xDB, 0xE1)
FEW: Final = 9
"""So many bars leave room for larger words."""
FINE: Final = {"#,##0": 20.0, "0%": 0.2}
"""Where no value is larger, values have a decimal."""
HIGH, LOW = "high", "low"


def chart(
    slide: Any,  # noqa: ANN401 - of the library
    figure: go.Figure,
    room: tuple[Emu, Emu, Emu, Emu],
) -> tuple[Any, int]:
    """Draw a figure on a slide.

    Parameters
    ----------
    slide : Slide
        Of python-pptx.
    figure : Figure
        Bars, stacked areas or lines of a page.
    room : tuple of Emu
        Left, top, width, height.

    Returns
    -------
    shape : GraphicFrame
        What was added.
    cut : int
        How many bars there are when not all are shown, else 0.
    """
    bars = [trace for trace in figure.data if trace.type == "bar"]
    stacked = [trace for trace in figure.data if trace.type == "scatter" and trace.stackgroup]
    if bars or stacked:
        traces = bars or stacked
        kind, data, cut = _categories(figure, traces)
        frame = slide.shapes.add_chart(kind, *room, data)
        made = frame.chart
        _look(made, figure, traces, horizontal=traces[0].orientation == "h")
        for series, trace in zip(made.plots[0].series, traces, strict=True):
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = _colour(trace)
            _errors(series, trace, [str(name) for name in made.plots[0].categories])
        made.plots[0].gap_width = 45
        if len(bars) == 1 and not any(_deviations(bars[0])):
            _labels(made.plots[0], figure, bars[0])
        return frame, cut
    lines = _visible(figure)
    edges = _edges(figure)
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, *room, _lines(figure, lines, edges)
    )
    _look(frame.chart, figure, lines, horizontal=False)
    frame.chart.category_axis.maximum_scale = max(float(_numbers(one.x)[-1]) for one in lines)
    frame.chart.has_legend = len(lines) + len(edges) > 1
    _legend(frame.chart)
    series = list(frame.chart.plots[0].series)
    for one, trace in zip(series, lines, strict=False):
        _line(one, _colour(trace), 2.25)
    for one in series[len(lines) :]:
        _line(one, _colour(lines[0]), 1.0)
        one.format.line.dash_style = MSO_LINE.DASH
    return frame, 0


def _visible(figure: go.Figure) -> list[Any]:
    """Lines of a chart, without shaded bands and marks."""
    return [
        trace
        for trace in figure.data
        if trace.type == "scatter" and trace.fill in (None, "none") and len(_numbers(trace.x)) > 1
    ]


def _edges(figure: go.Figure) -> list[tuple[str, list[Any], list[Any]]]:
    """Edges of shaded bands, which have no native form: name, x and y of high and of low."""
    found = []
    for trace in figure.data:
        if trace.type == "scatter" and trace.fill == "toself":
            x, y = _numbers(trace.x), _numbers(trace.y)
            half = len(x) // 2
            for name, part in ((HIGH, slice(half)), (LOW, slice(half, None))):
                found.append((f"{trace.name}, {name}", x[part], y[part]))
    return found


def _numbers(values: Any) -> list[Any]:  # noqa: ANN401 - a list or an array
    if values is None:
        return []
    return [value.item() if hasattr(value, "item") else value for value in values]


def _axes(trace: Any) -> tuple[str, str]:  # noqa: ANN401 - a trace of plotly
    """Of names and of values."""
    flat = trace.type == "bar" and trace.orientation == "h"
    return ("y", "x") if flat else ("x", "y")


def _by_name(trace: Any, values: Iterable[Any]) -> dict[str, Any]:  # noqa: ANN401 - a trace
    names = (str(name) for name in _numbers(getattr(trace, _axes(trace)[0])))
    return dict(zip(names, values, strict=True))


def _categories(figure: go.Figure, traces: Sequence[Any]) -> tuple[Any, CategoryChartData, int]:
    names, values = _axes(traces[0])
    order = list(
        dict.fromkeys(str(name) for trace in traces for name in _numbers(getattr(trace, names)))
    )
    kept = order[:MOST_BARS]
    data = CategoryChartData(number_format=_format(figure, values))
    data.categories = [writable(name) for name in kept]
    for trace in traces:
        found = _by_name(trace, _numbers(getattr(trace, values)))
        data.add_series(
            writable(str(trace.name or "Value")), [_plain(found.get(name)) for name in kept]
        )
    stack = traces[0].type == "scatter" or figure.layout.barmode in ("stack", "relative")
    kinds = {
        (True, True): XL_CHART_TYPE.BAR_STACKED,
        (True, False): XL_CHART_TYPE.BAR_CLUSTERED,
        (False, True): XL_CHART_TYPE.COLUMN_STACKED,
        (False, False): XL_CHART_TYPE.COLUMN_CLUSTERED,
    }
    return kinds[names == "y", stack], data, len(order) if len(order) > len(kept) else 0


def _lines(
    figure: go.Figure, lines: Sequence[Any], edges: Sequence[tuple[str, list[Any], list[Any]]]
) -> XyChartData:
    data = XyChartData(number_format=_format(figure, "y"))
    named = [(str(one.name or "Value"), _numbers(one.x), _numbers(one.y)) for one in lines]
    for name, xs, ys in (*named, *edges):
        series = data.add_series(writable(name))
        for x, y in sorted(zip(xs, ys, strict=True), key=lambda point: float(point[0])):
            if _plain(x) is not None and _plain(y) is not None:
                series.add_data_point(x, y)
    return data


def _plain(value: Any) -> float | None:  # noqa: ANN401 - a number or nothing
    if value is None or not math.isfinite(float(value)):
        return None
    return float(value)


def _format(figure: go.Figure, axis: str) -> str:
    layout = figure.layout[f"{axis}axis"]
    if "%" in (layout.tickformat or ""):
        return "0%"
    return "$#,##0" if layout.tickprefix == "$" else "#,##0"


def _deviations(trace: Any) -> tuple[list[Any], list[Any]]:  # noqa: ANN401 - a trace of plotly
    """Above and below the values; empty where there are none."""
    error = trace.error_x if _axes(trace)[1] == "x" else trace.error_y
    above = _numbers(error.array)
    return above, _numbers(error.arrayminus) or above


def _errors(series: Any, trace: Any, kept: Sequence[str]) -> None:  # noqa: ANN401 - of libraries
    """Draw what a value may err by, as error bars with values of their own."""
    if trace.type != "bar" or not any(_deviations(trace)):
        return
    parts = []
    for tag, values in zip(("plus", "minus"), _deviations(trace), strict=True):
        found = _by_name(trace, values)
        by_kept = {writable(name): value for name, value in found.items()}
        points = "".join(
            f'<c:pt idx="{at}"><c:v>{_plain(by_kept.get(name)) or 0.0!r}</c:v></c:pt>'
            for at, name in enumerate(kept)
        )
        parts.append(
            f"<c:{tag}><c:numLit><c:formatCode>General</c:formatCode>"
            f'<c:ptCount val="{len(kept)}"/>{points}</c:numLit></c:{tag}>'
        )
    bars = parse_xml(
        f'<c:errBars {nsdecls("c")}><c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="0"/>{"".join(parts)}</c:errBars>'
    )
    element = series._element  # noqa: SLF001 - the library has no error bars
    element.xpath("c:cat | c:val")[0].addprevious(bars)


def _labels(plot: Any, figure: go.Figure, trace: Any) -> None:  # noqa: ANN401 - of libraries
    """Write the values at the ends of the bars."""
    axis = _axes(trace)[1]
    pattern = _format(figure, axis)
    largest = max((_plain(value) or 0.0 for value in _numbers(getattr(trace, axis))), default=0.0)
    if largest <= FINE.get(pattern, 0.0):
        pattern = pattern.replace("0%", "0.0%") if "%" in pattern else pattern + ".0"
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = pattern, False
    labels.position = XL_LABEL_POSITION.OUTSIDE_END
    labels.show_value = True


def _line(series: Any, colour: Any, points: float) -> None:  # noqa: ANN401 - of the library
    series.smooth = False
    series.marker.style = XL_MARKER_STYLE.NONE
    series.format.line.color.rgb = colour
    series.format.line.width = Pt(points)


def _look(made: Any, figure: go.Figure, traces: Sequence[Any], *, horizontal: bool) -> None:  # noqa: ANN401 - of the library
    names_shown = len(made.plots[0].categories) if traces[0].type == "bar" else 0
    made.font.size = Pt(13 if names_shown <= FEW else 11)
    made.font.color.rgb = INK
    made.has_title = False
    made.has_legend = len(traces) > 1
    _legend(made)
    values, names = ("x", "y") if horizontal else ("y", "x")
    for axis, name in ((made.value_axis, values), (made.category_axis, names)):
        title = figure.layout[f"{name}axis"].title.text
        axis.has_title = bool(title)
        if title:
            axis.axis_title.text_frame.text = writable(title)
            for paragraph in axis.axis_title.text_frame.paragraphs:
                paragraph.font.size, paragraph.font.bold = Pt(13), False
    made.value_axis.tick_labels.number_format = _format(figure, values)
    made.value_axis.tick_labels.number_format_is_linked = False
    made.value_axis.major_gridlines.format.line.color.rgb = GRID
    if horizontal:
        # The first on top, with the values beneath.
        made.category_axis.reverse_order = True
        made.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    if _format(figure, values) == "0%" and figure.layout[f"{values}axis"].range is not None:
        made.value_axis.maximum_scale = min(1.0, float(figure.layout[f"{values}axis"].range[1]))
    made.value_axis.minimum_scale = 0


def _legend(made: Any) -> None:  # noqa: ANN401 - of the library
    if made.has_legend:
        made.legend.position = XL_LEGEND_POSITION.TOP
        made.legend.include_in_layout = False


def _colour(trace: Any) -> Any:  # noqa: ANN401 - a trace of plotly
    named = trace.fillcolor if trace.type == "scatter" and trace.stackgroup else None
    if named is None:
        named = trace.line.color if trace.type == "scatter" else trace.marker.color
    if not isinstance(named, str) or not named.startswith("#"):
        named = BAND_COLOURS[4]
    return RGBColor.from_string(named.lstrip("#")[:6].upper())
