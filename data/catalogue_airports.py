"""Catalogue entry of the airports that collected cells may be flown from."""

from typing import Final

from data.catalogue_patients import MARKS
from data.fields import Dataset, Field, ForeignKey
from data.sources import CC_BY_4

HUBS: Final = ("large", "medium")


def _text(name: str, description: str, *, required: bool = True) -> Field:
    return Field(name=name, type="string", description=description, required=required)


def _degrees(name: str, description: str, limit: float) -> Field:
    return Field(
        name=name,
        type="number",
        description=f"{description}, EPSG:4326",
        unit="decimal degrees",
        minimum=-limit,
        maximum=limit,
    )


_AIRPORTS: Final = Dataset(
    name="airports",
    title="Large airports",
    description="Airports with enough flights to send collected cells by air.",
    sources=("airportsdata", "facts"),
    vintage="Airports of September 2026; hub types of 2021 and 2023",
    licence=CC_BY_4,
    derived="The airports of a curated list of hubs, with names and coordinates of the package.",
    fields=(
        Field(
            name="iata",
            type="string",
            description="Code of the airport",
            unique=True,
            pattern=r"[A-Z]{3}",
        ),
        _text("name", "Airport"),
        _text("city", "City it serves"),
        Field(
            name="state",
            type="string",
            description="State, DC or PR, USPS code, of the city it serves",
            pattern=r"[A-Z]{2}",
        ),
        _degrees("lat", "Latitude", 90),
        _degrees("lon", "Longitude", 180),
        Field(
            name="hub",
            type="string",
            description="Hub type of the FAA: large has at least 1% of the country's passenger "
            "boardings of a year, medium at least 0.25%",
            enum=HUBS,
        ),
        Field(
            name="year", type="integer", description="Year of the list", minimum=2000, maximum=2100
        ),
        _text("source", "Source of the hub type"),
        _text("source_url", "Address of that source"),
        Field(name="evidence", type="string", description="How well it was checked", enum=MARKS),
        _text("note", "Remarks", required=False),
    ),
    primary_key=("iata",),
    foreign_keys=(ForeignKey(field="state", table="states", reference="state"),),
    quality=(
        "Hub types were read in public copies of the FAA's lists, not in the lists themselves.",
        "The two Washington airports lie in Virginia and carry the city they serve.",
        "Says nothing of which airlines accept cells as cargo.",
    ),
)

AIRPORT_DATASETS: Final = (_AIRPORTS,)
