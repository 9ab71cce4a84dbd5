"""Catalogue entries of what journeys and their burden rest on (see `geo.journeys`)."""

from typing import Final

from data.catalogue_patients import MARKS
from data.fields import Dataset, Field
from data.sources import CC_BY_4

_EVIDENCE: Final = Field(
    name="evidence", type="string", description="How well it was checked", enum=MARKS
)


def _text(name: str, description: str, *, required: bool = True) -> Field:
    return Field(name=name, type="string", description=description, required=required)


def _number(name: str, description: str, *, required: bool = True) -> Field:
    return Field(
        name=name,
        type="number",
        description=description,
        unit="as the row's unit says",
        required=required,
        minimum=0,
    )


_BURDEN: Final = Dataset(
    name="burden_parameters",
    title="What travel for treatment takes",
    description="Published prices, wages, rules, visits and intervals of a course of care.",
    sources=("facts",),
    vintage="2012 to 2026; the year is in each row",
    licence=CC_BY_4,
    derived="Curated file, with numbers as numbers.",
    fields=(
        _text("parameter", "Short name"),
        _number("value", "Value", required=False),
        _number("low", "Low", required=False),
        _number("high", "High", required=False),
        _text("unit", "Unit of the value"),
        _text("applies_to", "What it is of"),
        _text("year", "Years", required=False),
        _text("source", "Source, or that it is an assumption"),
        _text("source_url", "Address of that source", required=False),
        _EVIDENCE,
        _text("note", "Remarks", required=False),
    ),
    primary_key=("parameter", "source", "source_url"),
    quality=(
        "Several values of one parameter stand side by side, of other years or sources.",
        "Willingness to travel is a weight from an experiment, not a share of people.",
    ),
)

_PARAMETERS: Final = Dataset(
    name="journey_parameters",
    title="What journeys are computed with",
    description="The prices, rules, visits and days that journeys and their burden use. Readers "
    "change every number on the page.",
    sources=("facts",),
    vintage="2026",
    licence=CC_BY_4,
    derived="Curated file, with numbers as numbers.",
    fields=(
        Field(
            name="key",
            type="string",
            description="Short name",
            unique=True,
            pattern=r"[a-z0-9_.]+",
        ),
        _number("value", "Central value"),
        _number("low", "Low"),
        _number("high", "High"),
        _text("unit", "Unit of the values"),
        _text("part", "What it is of: prices, rules, or a course of care"),
        _text("title", "What it says"),
        _text("fact", "Row of burden_parameters that the value is of", required=False),
        _text("source", "Source, or that it is an assumption"),
        _text("source_url", "Address of that source", required=False),
        _EVIDENCE,
        _text("note", "Remarks", required=False),
    ),
    primary_key=("key",),
    rules=("low <= value", "value <= high"),
    quality=(
        "Many visits and days are assumptions: no register counts them for a whole course of care.",
    ),
)

JOURNEY_DATASETS: Final = (_BURDEN, _PARAMETERS)
