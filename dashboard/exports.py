"""Bytes out: CSV that spreadsheets and programs both read, with its provenance beside each row.

Provenance travels in columns, not in a comment block (docs/adr/0004): the first line is always the
header, so nothing needs to be skipped, and rows copied out of the file still say where they are
from. Workbooks are in `exports_book`, layers in `exports_layer`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    import geopandas as gpd

DANGEROUS: Final = (*"=+-@\t\r\n", *"\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
                    "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip
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
    link : str
        Address of the page with that query; "" when it is not known.
    """

    source: str
    vintage: str
    dataset: str
    view: str = ""
    link: str = ""

    def columns(self) -> dict[str, str]:
        """Give the values of `PROVENANCE_COLUMNS`, the link in the place of the query."""
        values = (self.source, self.vintage, self.dataset, self.link or self.view)
        return dict(zip(PROVENANCE_COLUMNS, values, strict=True))


@dataclass(frozen=True, slots=True)
class Table:
    """A table that can be had as a file, made when it is asked for.

    Parameters
    ----------
    make : callable
        Gives the rows.
    provenance : Provenance
        Where they are from.
    sheet : bool
        Whether it can be had as a workbook; a long one takes minutes there.
    """

    make: Callable[[], pd.DataFrame]
    provenance: Provenance
    sheet: bool = True

    def linked(self, link: str) -> "Table":
        """Give the same table with the address that reopens its view."""
        return replace(self, provenance=replace(self.provenance, link=link))

    def csv(self) -> bytes:
        """Write it as CSV."""
        return csv_bytes(self.make(), self.provenance)

    def xlsx(self) -> bytes:
        """Write it as an Excel workbook."""
        from dashboard.exports_book import xlsx_bytes  # noqa: PLC0415 - only when asked for

        return xlsx_bytes(self.make(), self.provenance)


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer that can be had as a file, made when it is asked for.

    Parameters
    ----------
    make : callable
        Gives the features, EPSG:4326.
    provenance : Provenance
        Where they are from.
    """

    make: "Callable[[], gpd.GeoDataFrame]"
    provenance: Provenance

    def linked(self, link: str) -> "Layer":
        """Give the same layer with the address that reopens its view."""
        return replace(self, provenance=replace(self.provenance, link=link))

    def geojson(self) -> bytes:
        """Write it as GeoJSON."""
        from dashboard.exports_layer import geojson_bytes  # noqa: PLC0415 - only when asked for

        return geojson_bytes(self.make(), self.provenance)

    def geoparquet(self) -> bytes:
        """Write it as GeoParquet."""
        from dashboard.exports_layer import geoparquet_bytes  # noqa: PLC0415 - as above

        return geoparquet_bytes(self.make(), self.provenance)


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
        would run as a formula is preceded by an apostrophe, names of columns too.
    """
    table = frame.drop(columns="geometry", errors="ignore")
    safe = table.assign(**provenance.columns())
    text = [name for name in safe.columns if not pd.api.types.is_numeric_dtype(safe[name])]
    safe = safe.assign(**{name: safe[name].map(harmless) for name in text})
    safe = safe.rename(columns=harmless)
    return b"\xef\xbb\xbf" + safe.to_csv(index=False, lineterminator="\r\n").encode()


def harmless(value: object) -> object:
    """Precede text that a spreadsheet program would run as a formula by an apostrophe.

    >>> harmless("=1+1"), harmless("Mayo"), harmless(-1.5)
    ("'=1+1", 'Mayo', -1.5)
    """
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
