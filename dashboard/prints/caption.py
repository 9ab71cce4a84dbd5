"""What stands around a picture (pure; imports nothing heavy)."""

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["png", "svg", "pdf"]
Size = Literal["slide", "column", "figure"]

KINDS: Final[tuple[Kind, ...]] = ("png", "svg", "pdf")
SIZES: Final[dict[Size, str]] = {"slide": "Slide, 16:9", "column": "Column, 3.5 in"}
"""Sizes a reader chooses from; "figure" is for documents that write title and source themselves."""
MIME: Final[dict[Kind, str]] = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
}


def writable(words: str) -> str:
    r"""Leave out the control characters that XML cannot hold.

    >>> writable("a\x0bb")
    'ab'
    """
    return "".join(letter for letter in words if letter in "\n\t" or not _forbidden(letter))


def _forbidden(letter: str) -> bool:
    code = ord(letter)
    surrogate, last_pair = 0xD800 <= code <= 0xDFFF, code in (0xFFFE, 0xFFFF)  # noqa: PLR2004 - of XML
    return code < ord(" ") or code == 0x7F or surrogate or last_pair  # noqa: PLR2004 - of XML


@dataclass(frozen=True, slots=True)
class Caption:
    """Everything a picture says besides itself.

    Parameters
    ----------
    title : str
        The finding, as a sentence.
    subtitle : str
        The parameters: threshold, travel model, people, centres that count.
    source : str
        Who published the facts and who computed with them.
    vintage : str
        Date or period of the facts.
    dataset : str
        Fingerprint of the tables.
    date : str
        Day of the export, YYYY-MM-DD.
    link : str
        Address that reopens the view.
    """

    title: str
    subtitle: str = ""
    source: str = ""
    vintage: str = ""
    dataset: str = ""
    date: str = ""
    link: str = ""

    def footer(self) -> str:
        """Source, vintage, tables and date in one line."""
        parts = [
            f"Source: {self.source}" if self.source else "",
            f"data of {self.vintage}" if self.vintage else "",
            f"tables {self.dataset[:12]}" if self.dataset else "",
            f"made {self.date}" if self.date else "",
        ]
        return "; ".join(part for part in parts if part)
