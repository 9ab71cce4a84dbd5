"""A briefing as slides with charts that can be edited, and speaker notes."""

import io
import math
from collections.abc import Sequence
from typing import Any, Final

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE
from pptx.util import Emu, Inches, Pt

from dashboard.briefing import native
from dashboard.briefing.document import Briefing, Finding
from dashboard.briefing.native import INK, MOST_BARS
from dashboard.briefing.pictures import Pictures
from dashboard.prints.caption import writable

WIDTH: Final = Inches(40 / 3)
HEIGHT: Final = Inches(7.5)
MARGIN: Final = Inches(0.6)
TITLE_ONLY: Final = 5
"""Layout of the library's own template."""
MOST_PROPERTY: Final = 255
"""Characters of a property of the file."""
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
            shape, cut = native.chart(slide, finding.figure, room)
            _describe(shape, finding.alt)
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
