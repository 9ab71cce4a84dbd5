"""The typeface of pictures, and text that every renderer can draw."""

import logging
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib import font_manager, ft2font

FAMILY: Final = "Source Sans Pro"
FALLBACK: Final = "DejaVu Sans"
UNKNOWN: Final = "\N{REPLACEMENT CHARACTER}"
FILES: Final = ("Regular", "It", "Semibold", "Bold", "BoldIt")


def folder() -> Path:
    """Folder with the files of the typeface."""
    return Path(str(resources.files("font_source_sans_pro"))) / "files"


@cache
def use() -> None:
    """Make the typeface known to matplotlib, once a process."""
    # The fallback has fewer weights, which is no reason to write a line for every text.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    for name in FILES:
        font_manager.fontManager.addfont(folder() / f"SourceSansPro-{name}.ttf")
    mpl.rcParams.update(
        {
            "font.family": [FAMILY, FALLBACK],
            "pdf.fonttype": 42,
            "svg.fonttype": "path",
            "svg.hashsalt": "bcar-access-atlas",
            "hatch.linewidth": 0.7,
            "axes.unicode_minus": True,
        }
    )


@cache
def _known() -> frozenset[int]:
    paths = [folder() / "SourceSansPro-Regular.ttf", font_manager.findfont(FALLBACK)]
    return frozenset(code for path in paths for code in ft2font.FT2Font(str(path)).get_charmap())


def plain(text: object) -> str:
    """Write text so that it is drawn as it stands.

    Dollar signs would begin a formula, characters without a glyph would be boxes (a warning each).

    Parameters
    ----------
    text : object
        Anything; line breaks stay.

    Returns
    -------
    str
    """
    kept = (one for one in str(text) if one == "\n" or one.isprintable())
    drawn = (one if one == "\n" or ord(one) in _known() else UNKNOWN for one in kept)
    return "".join(drawn).replace("$", r"\$")


@cache
def _own() -> frozenset[int]:
    """Code points that the typeface itself draws."""
    face = ft2font.FT2Font(str(folder() / "SourceSansPro-Regular.ttf"))
    bold = ft2font.FT2Font(str(folder() / "SourceSansPro-Semibold.ttf"))
    return frozenset(face.get_charmap()) & frozenset(bold.get_charmap())


def drawable(text: str) -> str:
    """Replace what the typeface alone cannot draw by a question mark, for documents.

    >>> drawable("Mayag\u00fcez \u2620")
    'Mayag\u00fcez ?'
    """
    return "".join(
        letter if letter == "\n" or ord(letter) in _own() else "?"
        for letter in text
        if letter == "\n" or letter.isprintable()
    )
