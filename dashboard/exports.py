"""Bytes out: CSV that spreadsheets and programs both read, with its provenance beside each row.

Provenance travels in columns, not in a comment block (docs/adr/0004): the first line is always the
header, so nothing needs to be skipped, and rows copied out of the file still say where they are
from.
"""

from dataclasses import dataclass
from typing import Final

import pandas as pd

DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")
"""A text cell that starts so is run as a formula by spreadsheet programs."""

PROVENANCE_COLUMNS: Final = ("atlas_source", "atlas_vintage", "atlas_dataset", "atlas_view")
"""Prefixed, because tables of facts have a `source` of their own on each row."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an exported table is from.

    Parameters
    ----------
    source : str
        Who published the facts and who computed with them.
    vintage : str
        Date or period of the facts.
    dataset : str
        Fingerprint of the tables used.
    view : str
        Query string that reopens the view; "" for a table as committed.
    """

    source: str
    vintage: str
    dataset: str
    view: str = ""


def csv_bytes(frame: pd.DataFrame, provenance: Provenance) -> bytes:
    """Write a table as CSV.

    Parameters
    ----------
    frame : DataFrame, n rows
        A column `geometry` is left out.
    provenance : Provenance
        Repeated in the four `PROVENANCE_COLUMNS` on every row.

    Returns
    -------
    bytes
        UTF-8 with a byte-order mark (Excel needs it to read names such as Mayagüez), RFC 4180
        line ends. Missing values are empty, numbers as they are. Text that a spreadsheet program
        would run as a formula is preceded by an apostrophe.
    """
    table = frame.drop(columns="geometry", errors="ignore")
    safe = table.assign(
        atlas_source=provenance.source,
        atlas_vintage=provenance.vintage,
        atlas_dataset=provenance.dataset,
        atlas_view=provenance.view,
    )
    text = [name for name in safe.columns if not pd.api.types.is_numeric_dtype(safe[name])]
    safe = safe.assign(**{name: safe[name].map(_harmless) for name in text})
    return b"\xef\xbb\xbf" + safe.to_csv(index=False, lineterminator="\r\n").encode()


def _harmless(value: object) -> object:
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return f"'{value}"
    return value


def file_name(stem: str, view: str = "", suffix: str = "csv") -> str:
    """Name of a downloaded file: letters, digits and dashes only.

    >>> file_name("Coverage by state", "within=90&ages=adult")
    'bcar-atlas-coverage-by-state-within-90-ages-adult.csv'
    """
    raw = f"bcar-atlas {stem} {view}".lower()
    words = "".join(character if character.isalnum() else " " for character in raw).split()
    return "-".join(words)[:120] + f".{suffix}"
