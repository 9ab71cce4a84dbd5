"""What the Trust pages say about methods and tables, from the documents and the catalogue."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from dashboard.exports import Provenance
from data import load
from data.catalogue import DATASETS
from data.datapackage import checksums
from data.fields import Dataset, Field
from data.sources import SOURCES

METHODS: Final = Path(__file__).resolve().parent.parent / "docs" / "methods.md"
FACILITIES_TEMPLATE: Final = (
    "id,name,lat,lon,ages_treated\n"
    "A1,Example hospital,29.7079,-95.3985,adult\n"
    "A2,Example children's hospital,29.7075,-95.4010,pediatric\n"
)


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a Markdown document."""

    title: str
    body: str


def sections(markdown: str) -> tuple[Section, ...]:
    r"""Split a document at its second-level headings; what stands before the first is left out.

    >>> sections("# T\nintro\n## A\none\n## B\ntwo")
    (Section(title='A', body='one'), Section(title='B', body='two'))
    """
    parts = re.split(r"^## (.+)$", markdown, flags=re.MULTILINE)[1:]
    return tuple(
        Section(title.strip(), body.strip())
        for title, body in zip(parts[::2], parts[1::2], strict=True)
    )


@dataclass(frozen=True, slots=True, eq=False)
class TableCard:
    """One committed table, described for a reader.

    Parameters
    ----------
    name, title : str
        Of the table.
    rows : int
        Number of rows.
    lines : tuple of str
        Source, vintage, licence, how it was made, checksum.
    quality : tuple of str
        Known weaknesses.
    fields : DataFrame
        One row per column.
    """

    name: str
    title: str
    rows: int
    lines: tuple[str, ...]
    quality: tuple[str, ...]
    fields: pd.DataFrame


def table_cards() -> tuple[TableCard, ...]:
    """Describe every committed table.

    Returns
    -------
    tuple of TableCard
        In the order of the catalogue.
    """
    recorded = checksums(load.TABLES)
    return tuple(_card(entry, recorded.get(name, "")) for name, entry in DATASETS.items())


def _card(entry: Dataset, checksum: str) -> TableCard:
    frame = load.load(entry.name)
    return TableCard(
        name=entry.name,
        title=entry.title,
        rows=len(frame),
        lines=(
            entry.description,
            f"**Source:** {'; '.join(SOURCES[key].title for key in entry.sources)}",
            f"**Credit:** {'; '.join(SOURCES[key].attribution for key in entry.sources)}",
            f"**Vintage:** {entry.vintage}",
            f"**Licence:** {entry.licence.title}",
            f"**Made:** {entry.derived}",
            f"**SHA-256:** `{checksum}`",
        ),
        quality=entry.quality,
        fields=pd.DataFrame([_field(field, frame) for field in entry.fields]),
    )


def _field(field: Field, frame: pd.DataFrame) -> dict[str, object]:
    filled = frame[field.name].notna().mean() if len(frame) else 1.0
    return {
        "Column": field.name,
        "Meaning": field.description,
        "Unit": field.unit,
        "Type": field.type,
        "Filled": f"{100 * filled:.1f}%",
        "Known weakness": field.quality,
    }


def provenance(name: str, tables: str) -> Provenance:
    """Say where a committed table is from, for its download.

    Parameters
    ----------
    name : str
        Name of the table.
    tables : str
        Fingerprint of all tables.

    Returns
    -------
    Provenance
        With the sources of that table.
    """
    entry = DATASETS[name]
    source = "; ".join(SOURCES[key].title for key in entry.sources)
    return Provenance(f"{source} (via BCAR Access Atlas)", entry.vintage, tables)
