"""A briefing as slides with charts that can be edited, and speaker notes."""

import io
import math
from collections.abc import Sequence
from typing import Any, Final

import plotly.graph_objects as go
from pptx import Presentation
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE
from pptx.util import Emu, Inches, Pt

from dashboard.briefing.document import Briefing, Finding
from dashboard.briefing.pictures import Pictures
from dashboard.palette import BAND_COLOURS
from dashboard.prints.caption import writable

WIDTH: Final = Inches(40 / 3)
HEIGHT: Final = Inches(7.5)
MARGIN: Final = Inches(0.6)
TITLE_ONLY: Final = 5
"""Layout of the library's own template."""
MOST_PROPERTY: Final = 255
"""Characters of a property of the file."""
MOST_BARS: Final = 18
"""More would not be read on a slide; the data of the chart then end there, as the notes say."""
INK: Final[Any] = RGBColor(0x1C, 0x28, 0x33)
MUTED: Final[Any] = RGBColor(0x5B, 0x6B, 0x79)


def pptx(briefing: Briefing, pictures: Pictures) -> bytes:
    """Write a briefing as slides.

    Parameters
    ----------
    briefing : Briefing
    pictures : Pictures
        Draws its maps; charts are native.

    Returns
    -------
    bytes
        One slide a finding, 16:9: the finding as its title, chart or map, source and link beneath,
        detail and settings in the notes.
    """
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    deck.core_properties.title = writable(briefing.title)[:MOST_PROPERTY]
    deck.core_properties.author = "BCAR Access Atlas"
    deck.core_properties.subject = writable(briefing.parameters)[:MOST_PROPERTY]
    deck.core_properties.comments = writable(briefing.provenance.link)[:MOST_PROPERTY]
    for number, finding in enumerate(briefing.findings):
        slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
        _title(slide, finding.sentence)
        top = Inches(1.55)
        if number == 0:
            top = _key_figures(slide, briefing.figures, top)
        room = (MARGIN, top, Emu(WIDTH - 2 * MARGIN), Emu(HEIGHT - top - Inches(0.75)))
        cut = 0
        if finding.map is not None:
            _picture(slide, pictures.of(finding, "png", "figure"), finding.alt, room)
        elif finding.figure is not None:
            cut = _chart(slide, finding, room)
        _footer(slide, briefing)
        slide.notes_slide.notes_text_frame.text = _notes(briefing, finding, cut)
    content = io.BytesIO()
    deck.save(content)
    return content.getvalue()


def _notes(briefing: Briefing, finding: Finding, cut: int) -> str:
    parts = [finding.detail, f"Settings: {briefing.parameters}.", briefing.source + "."]
    if cut:
        parts.append(f"The chart shows the first {MOST_BARS} of {cut}; the bundle has all.")
    if briefing.provenance.link:
        parts.append(f"Reopen this view: {briefing.provenance.link}")
    return "\n\n".join(writable(part) for part in (*parts, *briefing.cautions) if part)


def _words(
    frame: Any,  # noqa: ANN401 - of the library
    words: str,
    points: float,
    *,
    bold: bool = False,
    muted: bool = False,
) -> None:
    frame.word_wrap = True
    frame.text = writable(words)
    for paragraph in frame.paragraphs:
        paragraph.font.size, paragraph.font.bold = Pt(points), bold
        paragraph.font.color.rgb = MUTED if muted else INK


def _title(slide: Any, words: str) -> None:  # noqa: ANN401 - of the library
    title = slide.shapes.title
    title.left, title.top = MARGIN, Inches(0.35)
    title.width, title.height = Emu(WIDTH - 2 * MARGIN), Inches(1.1)
    frame = title.text_frame
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.vertical_anchor = MSO_ANCHOR.TOP
    long = 95
    _words(frame, words, 26 if len(words) <= long else 26 * math.sqrt(long / len(words)), bold=True)
    for paragraph in frame.paragraphs:
        paragraph.alignment = None
        paragraph._p.get_or_add_pPr().set("algn", "l")  # noqa: SLF001 - the template centres titles


def _key_figures(slide: Any, figures: Sequence[tuple[str, str]], top: Emu) -> Emu:  # noqa: ANN401 - of the library
    if not figures:
        return top
    wide = Emu(int((WIDTH - 2 * MARGIN) / len(figures)))
    for at, (name, value) in enumerate(figures):
        left = Emu(MARGIN + at * wide)
        _words(
            slide.shapes.add_textbox(left, top, wide, Inches(0.3)).text_frame, name, 12, muted=True
        )
        below = Emu(top + Inches(0.27))
        box = slide.shapes.add_textbox(left, below, wide, Inches(0.5))
        _words(box.text_frame, value, 24, bold=True)
    return Emu(top + Inches(0.95))


def _footer(slide: Any, briefing: Briefing) -> None:  # noqa: ANN401 - of the library
    top = Emu(HEIGHT - Inches(0.65))
    box = slide.shapes.add_textbox(MARGIN, top, Emu(WIDTH - 2 * MARGIN), Inches(0.5))
    _words(box.text_frame, briefing.source, 9, muted=True)
    if briefing.provenance.link:
        paragraph = box.text_frame.add_paragraph()
        run = paragraph.add_run()
        run.text = writable(briefing.provenance.link)
        run.font.size = Pt(9)
        if briefing.provenance.link.startswith("http"):
            run.hyperlink.address = briefing.provenance.link


def _picture(slide: Any, content: bytes, alt: str, room: tuple[Emu, Emu, Emu, Emu]) -> None:  # noqa: ANN401 - of the library
    left, top, width, height = room
    shape = slide.shapes.add_picture(io.BytesIO(content), left, top, height=height)
    if shape.width > width:
        shape.height = Emu(int(shape.height * width / shape.width))
        shape.width = width
    shape.left = Emu(left + (width - shape.width) // 2)
    _describe(shape, alt)


def _describe(shape: Any, alt: str) -> None:  # noqa: ANN401 - of the library
    properties = shape._element.xpath(".//p:cNvPr")[0]  # noqa: SLF001 - no public way to alt text
    properties.set("descr", writable(alt))


def _chart(slide: Any, finding: Finding, room: tuple[Emu, Emu, Emu, Emu]) -> int:  # noqa: ANN401 - of the library
    """Add a native chart; gives how many bars there are when not all are shown."""
    figure = finding.figure
    assert figure is not None
    bars = [trace for trace in figure.data if trace.type == "bar"]
    stacked = [trace for trace in figure.data if trace.type == "scatter" and trace.stackgroup]
    cut = 0
    if bars:
        kind, data, cut = _categories(figure, bars)
    elif stacked:
        kind, data, cut = _categories(figure, stacked)
    else:
        kind, data = XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, _lines(figure)
    frame = slide.shapes.add_chart(kind, *room, data)
    _describe(frame, finding.alt)
    shown = bars or stacked or _visible(figure)
    _look(frame.chart, figure, shown, horizontal=bool(bars) and bars[0].orientation == "h")
    return cut


def _visible(figure: go.Figure) -> list[Any]:
    """Lines of a chart; shaded bands, which have no native form, stay in the PDF."""
    return [
        trace
        for trace in figure.data
        if trace.type == "scatter" and trace.fill in (None, "none") and len(_numbers(trace.x)) > 1
    ]


def _numbers(values: Any) -> list[Any]:  # noqa: ANN401 - a list or an array
    if values is None:
        return []
    return [value.item() if hasattr(value, "item") else value for value in values]


def _categories(figure: go.Figure, traces: Sequence[Any]) -> tuple[Any, CategoryChartData, int]:
    horizontal = traces[0].type == "bar" and traces[0].orientation == "h"
    names, values = ("y", "x") if horizontal else ("x", "y")
    order = list(
        dict.fromkeys(str(name) for trace in traces for name in _numbers(getattr(trace, names)))
    )
    kept = order[:MOST_BARS]
    data = CategoryChartData(number_format=_format(figure, values))
    data.categories = [writable(name) for name in kept]
    for trace in traces:
        found = {
            str(name): value
            for name, value in zip(
                _numbers(getattr(trace, names)), _numbers(getattr(trace, values)), strict=True
            )
        }
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
    return kinds[horizontal, stack], data, len(order) if len(order) > len(kept) else 0


def _lines(figure: go.Figure) -> XyChartData:
    data = XyChartData(number_format=_format(figure, "y"))
    for trace in _visible(figure):
        series = data.add_series(writable(str(trace.name or "Value")))
        for x, y in zip(_numbers(trace.x), _numbers(trace.y), strict=True):
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


def _look(chart: Any, figure: go.Figure, traces: Sequence[Any], *, horizontal: bool) -> None:  # noqa: ANN401 - of the library
    few = 9
    names_shown = len(chart.plots[0].categories) if traces[0].type == "bar" else 0
    chart.font.size = Pt(13 if names_shown <= few else 11)
    chart.font.color.rgb = INK
    chart.has_title = False
    chart.has_legend = len(traces) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
    values, names = ("x", "y") if horizontal else ("y", "x")
    for axis, name in ((chart.value_axis, values), (chart.category_axis, names)):
        title = figure.layout[f"{name}axis"].title.text
        axis.has_title = bool(title)
        if title:
            axis.axis_title.text_frame.text = writable(title)
            for paragraph in axis.axis_title.text_frame.paragraphs:
                paragraph.font.size, paragraph.font.bold = Pt(13), False
    chart.value_axis.tick_labels.number_format = _format(figure, values)
    chart.value_axis.tick_labels.number_format_is_linked = False
    chart.value_axis.major_gridlines.format.line.color.rgb = RGBColor(0xD5, 0xDB, 0xE1)
    if horizontal:
        # The first on top, with the values beneath.
        chart.category_axis.reverse_order = True
        chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    if _format(figure, values) == "0%" and figure.layout[f"{values}axis"].range is not None:
        chart.value_axis.maximum_scale = min(1.0, float(figure.layout[f"{values}axis"].range[1]))
    chart.value_axis.minimum_scale = 0
    for series, trace in zip(chart.plots[0].series, traces, strict=True):
        colour = _colour(trace)
        if trace.type == "bar" or trace.stackgroup:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = colour
        else:
            series.smooth = False
            series.marker.style = XL_MARKER_STYLE.NONE
            series.format.line.color.rgb = colour
            series.format.line.width = Pt(2.25)
    if not isinstance(traces[0], go.Scatter) or traces[0].stackgroup:
        chart.plots[0].gap_width = 45


def _colour(trace: Any) -> Any:  # noqa: ANN401 - a trace of plotly
    named = trace.fillcolor if trace.type == "scatter" and trace.stackgroup else None
    if named is None:
        named = trace.line.color if trace.type == "scatter" else trace.marker.color
    if not isinstance(named, str) or not named.startswith("#"):
        named = BAND_COLOURS[4]
    return RGBColor.from_string(named.lstrip("#")[:6].upper())
