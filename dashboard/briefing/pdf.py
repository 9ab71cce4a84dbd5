"""A briefing as a tagged PDF (PDF/A-2a, PDF/UA-1), set by Typst."""

import json
import tempfile
from pathlib import Path
from typing import Any, Final

import typst

from dashboard.briefing.document import Briefing
from dashboard.briefing.pictures import Pictures, kind_of
from dashboard.prints import fonts

LAYOUT: Final = Path(__file__).with_name("briefing.typ")
STANDARDS: Final = ("a-2a", "ua-1")


def pdf(briefing: Briefing, pictures: Pictures) -> bytes:
    """Write a briefing as PDF.

    Parameters
    ----------
    briefing : Briefing
        Its words are data to the layout: nothing in them is run or read as markup.
    pictures : Pictures
        Draws its charts and maps.

    Returns
    -------
    bytes
        One to six pages; the first stands alone.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / LAYOUT.name).write_bytes(LAYOUT.read_bytes())
        listed = []
        for number, finding in enumerate(briefing.findings):
            name = ""
            if finding.figure is not None or finding.map is not None:
                name = f"{number}.{kind_of(finding)}"
                content = pictures.of(finding, kind_of(finding), "figure")
                (root / name).write_bytes(content)
            listed.append(
                {
                    "heading": finding.heading,
                    "sentence": finding.sentence,
                    "detail": finding.detail,
                    "alt": finding.alt,
                    "file": name,
                }
            )
        data = {
            "title": briefing.title,
            "place": briefing.place,
            "parameters": briefing.parameters,
            "figures": briefing.figures,
            "findings": listed,
            "source": briefing.source,
            "link": briefing.provenance.link,
            "cautions": briefing.cautions,
        }
        made: bytes = typst.compile(
            root / LAYOUT.name,
            root=root,
            font_paths=[fonts.folder()],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(_drawable(data))},
            format="pdf",
            pdf_standards=list(STANDARDS),
        )
    return made


def _drawable(value: Any) -> Any:  # noqa: ANN401 - any part of the data of the layout
    """Replace what the typeface cannot draw, which an archival file may not hold."""
    if isinstance(value, str):
        return fonts.drawable(value)
    if isinstance(value, dict):
        return {key: _drawable(part) for key, part in value.items()}
    return [_drawable(part) for part in value]
