"""The sheet around a picture: sizes, title, footer, files (pure)."""

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.sax.saxutils import escape

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D

from dashboard.palette import INK, LINE, MUTED, WHITE
from dashboard.prints import fonts
from dashboard.prints.caption import Caption, Kind, Size, writable

POINTS: Final = 72.0
PNG_DPI: Final = {"slide": 192, "column": 600, "figure": 300}
"""A slide of 2,560 by 1,440 pixels is twice a screen of 1,280 by 720."""
LINE_HEIGHT: Final = 1.22
QUICK: Final = 3
"""Compression of dots: a tenth larger than the best, in half the time."""
CREATOR: Final = "BCAR Access Atlas"
HATCHES: Final = ("", "////", "....", "xxxx", "----", "\\\\\\\\", "oo", "++")
LONGEST_TITLE: Final = 4
"""Lines; a longer title is set smaller until it fits."""


@dataclass(frozen=True, slots=True)
class Format:
    """Measures of a sheet, in inches and points.

    Parameters
    ----------
    width, height : float
        Inches; a picture that needs more height gets it, except on a slide.
    title, subtitle, text, footer : float
        Sizes of type, points.
    margin : float
        Inches.
    fixed : bool
        Whether the height stays as it is.
    """

    width: float
    height: float
    title: float
    subtitle: float
    text: float
    footer: float
    margin: float
    fixed: bool


FORMATS: Final[dict[Size, Format]] = {
    "slide": Format(40 / 3, 7.5, 28, 18, 16, 12, 0.5, fixed=True),
    "column": Format(3.5, 3.4, 10, 7.5, 7.5, 6, 0.08, fixed=False),
    "figure": Format(7.0, 3.6, 0, 0, 9.5, 0, 0.05, fixed=False),
}


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of text of one size.

    Parameters
    ----------
    lines : tuple of str
    points : float
        Size of type.
    """

    lines: tuple[str, ...]
    points: float

    @property
    def inches(self) -> float:
        """Height."""
        return len(self.lines) * self.points * LINE_HEIGHT / POINTS


@dataclass(frozen=True, slots=True)
class Sheet:
    """A figure with its title and footer drawn, and the room that is left.

    Parameters
    ----------
    figure : Figure
    form : Format
    left, bottom, width, height : float
        The room for the picture, in inches from the lower left corner.
    """

    figure: Figure
    form: Format
    left: float
    bottom: float
    width: float
    height: float

    def rectangle(
        self, inches: tuple[float, float, float, float]
    ) -> tuple[float, float, float, float]:
        """Turn left, bottom, width, height in inches into parts of the figure."""
        wide, high = self.figure.get_size_inches()
        left, bottom, width, height = inches
        return (left / wide, bottom / high, width / wide, height / high)


def open_sheet(caption: Caption, size: Size, picture_inches: float) -> Sheet:
    """Lay out a sheet and write what stands around the picture.

    Parameters
    ----------
    caption : Caption
    size : {"slide", "column", "figure"}
    picture_inches : float
        Height the picture asks for; a slide gives what it has.

    Returns
    -------
    Sheet
    """
    fonts.use()
    form = FORMATS[size]
    figure = Figure(figsize=(form.width, form.height), facecolor=WHITE)
    FigureCanvasAgg(figure)
    room = form.width - 2 * form.margin
    if size == "figure":
        figure.set_size_inches(form.width, picture_inches + 2 * form.margin)
        return Sheet(figure, form, form.margin, form.margin, room, picture_inches)
    title = _title(figure, caption.title, form.title, room)
    subtitle = Block(wrapped(figure, caption.subtitle, form.subtitle, room), form.subtitle)
    footer = Block(wrapped(figure, caption.footer(), form.footer, room), form.footer)
    link = Block(wrapped(figure, caption.link, form.footer, room), form.footer)
    gap = 0.6 * form.subtitle / POINTS
    above = form.margin + title.inches + subtitle.inches + gap
    below = form.margin + footer.inches + link.inches + gap
    height = form.height if form.fixed else above + picture_inches + below
    figure.set_size_inches(form.width, height)
    top = height - form.margin
    top = _write(figure, title, form.margin, top, color=INK, weight="semibold")
    _write(figure, subtitle, form.margin, top, color=MUTED)
    bottom = form.margin + link.inches + footer.inches
    _write(figure, footer, form.margin, bottom, color=MUTED)
    _write(figure, link, form.margin, bottom - footer.inches, color=MUTED, url=caption.link)
    rule = (bottom + 0.35 * gap) / height
    figure.add_artist(_rule(form.margin / form.width, rule))
    return Sheet(figure, form, form.margin, below, room, height - above - below)


def _title(figure: Figure, text: str, points: float, room: float) -> Block:
    lines = wrapped(figure, text, points, room, weight="semibold")
    while len(lines) > LONGEST_TITLE and points > 1:
        points *= 0.92
        lines = wrapped(figure, text, points, room, weight="semibold")
    return Block(lines, points)


def _rule(left: float, height: float) -> Any:  # noqa: ANN401 - an artist of matplotlib
    return Line2D([left, 1 - left], [height, height], color=LINE, linewidth=0.8)


def _write(
    figure: Figure,
    block: Block,
    left: float,
    top: float,
    *,
    url: str = "",
    **look: Any,  # noqa: ANN401 - properties of text
) -> float:
    wide, high = figure.get_size_inches()
    step = block.points * LINE_HEIGHT / POINTS
    for number, line in enumerate(block.lines):
        text = figure.text(
            left / wide, (top - number * step) / high, line,
            fontsize=block.points, va="top", ha="left", **look,
        )  # fmt: skip
        if url:
            text.set_url(url)
    return top - block.inches


def width_inches(figure: Figure, text: str, points: float, weight: str = "normal") -> float:
    """Width of a line of text, in inches."""
    properties = FontProperties(family=[fonts.FAMILY, fonts.FALLBACK], size=points, weight=weight)
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]  # of the Agg canvas
    width, _, _ = renderer.get_text_width_height_descent(
        text.replace(r"\$", "$"), properties, ismath=False
    )
    return float(width) / figure.dpi


def wrapped(
    figure: Figure, text: str, points: float, room: float, weight: str = "normal"
) -> tuple[str, ...]:
    """Break text into lines that fit; a word longer than a line is cut into pieces.

    Parameters
    ----------
    figure : Figure
    text : str
    points : float
        Size of type.
    room : float
        Inches.
    weight : str, optional

    Returns
    -------
    tuple of str
        Ready to draw, see `fonts.plain`; nothing is lost.
    """
    lines: list[str] = []
    line, length = "", 0.0
    space = width_inches(figure, "n n", points, weight) - width_inches(figure, "nn", points, weight)
    known: dict[str, float] = {}

    def wide(word: str) -> float:
        # Each word once: measuring every line anew takes a second of a briefing.
        if word not in known:
            known[word] = width_inches(figure, word, points, weight)
        return known[word]

    for word in fonts.plain(text).split():
        longer = length + space + wide(word) if line else wide(word)
        if longer <= room:
            line, length = f"{line} {word}".strip(), longer
            continue
        if line:
            lines.append(line)
        rest = word
        while rest and wide(rest) > room:
            cut = len(rest) - 1
            while cut > 1 and wide(rest[:cut]) > room:
                cut -= max(1, cut // 12)
            lines.append(rest[:cut])
            rest = rest[cut:]
        line, length = rest, wide(rest) if rest else 0.0
    return (*lines, line) if line else tuple(lines)


def written(sheet: Sheet, caption: Caption, kind: Kind, size: Size) -> bytes:
    """Write the sheet as a file.

    Parameters
    ----------
    sheet : Sheet
    caption : Caption
        Also goes into the file's metadata.
    kind : {"png", "svg", "pdf"}
    size : {"slide", "column", "figure"}

    Returns
    -------
    bytes
    """
    caption = Caption(**{name: writable(getattr(caption, name)) for name in caption.__slots__})
    about = "\n".join(part for part in (caption.subtitle, caption.footer(), caption.link) if part)
    metadata: dict[str, Any]
    if kind == "png":
        metadata = {
            "Title": caption.title,
            "Description": about,
            "Source": caption.link or caption.source,
            "Software": CREATOR,
        }
    elif kind == "pdf":
        metadata = {
            "Title": caption.title,
            "Subject": about,
            "Creator": CREATOR,
            "CreationDate": _day(caption.date),
        }
    else:
        metadata = {
            "Title": caption.title,
            "Description": about,
            "Creator": CREATOR,
            "Source": caption.link or None,
            "Date": caption.date or None,
        }
    content = io.BytesIO()
    options: dict[str, Any] = {"pil_kwargs": {"compress_level": QUICK}} if kind == "png" else {}
    sheet.figure.savefig(content, format=kind, dpi=PNG_DPI[size], metadata=metadata, **options)
    return _described(content.getvalue(), caption, about) if kind == "svg" else content.getvalue()


def _day(date: str) -> dt.datetime | None:
    if not date:
        return None
    return dt.datetime.fromisoformat(date).replace(tzinfo=dt.UTC)


def _described(svg: bytes, caption: Caption, about: str) -> bytes:
    """Give screen readers of an SVG image a name and a description."""
    head, start, rest = svg.decode().partition("<svg ")
    opening, _, body = rest.partition(">")
    name = escape(caption.title, {'"': "&quot;"})
    description = f"<desc>{escape(about)}</desc>"
    # The writer puts <title> first; the description follows it.
    before, end, after = body.partition("</title>")
    body = f"{before}{end}{description}{after}" if end else f"{description}{body}"
    return f'{head}{start}role="img" aria-label="{name}" {opening}>{body}'.encode()


def greyscale_safe(count: int) -> Sequence[str]:
    """Hatches that tell so many filled series apart without colour."""
    return [HATCHES[number % len(HATCHES)] for number in range(count)]
