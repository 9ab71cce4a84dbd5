"""Travel behind every answer: tables, model, centres, ways, and each area's nearest centre, kept.

Every cache of this package is bounded and keyed on frozen parameters plus the fingerprint of the
tables. Travel times are cached apart from thresholds: a slider never searches the road network
again. Values are shared between readers and sessions, so nobody may change them in place.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from dashboard import (
    exports,
    kept,
    queries,
)
from dashboard.services.cache import cached
from dashboard.state import CentreQuery, ModelName, Selection
from data import load
from data.fingerprint import fingerprint
from geo.errors import InputError
from geo.network import Access, Ints
from geo.travel import Nearest

NEAREST_ENTRIES: Final = 48
"""One entry is the way of 33,000 areas to their centre: 0.8 MB."""
ROWS_ENTRIES: Final = 16
ANSWER_ENTRIES: Final = 128
MAX_HELD_FACILITIES: Final = 64
SOURCE: Final = (
    "BCAR Access Atlas, from Census ACS, OpenStreetMap roads (ODbL) and curated facility facts"
)
VINTAGE: Final = "people 2018-2022; facilities and roads as listed on the Data page"


@dataclass(frozen=True, slots=True)
class Scope:
    """What decides the travel of a view, without threshold, units or page settings."""

    centres: CentreQuery
    ages: str
    model: ModelName
    state: str
    tables: str

    @classmethod
    def of(cls, view: Selection) -> "Scope":
        """Take from a view what its travel depends on."""
        return cls(view.centres, view.ages, view.model, view.state, tables())


def tables() -> str:
    """Fingerprint of all tables."""
    return _fingerprint()


@cached(1)
def _fingerprint() -> str:
    return fingerprint()


@cached(2)
def areas_of(tables: str) -> queries.Areas:  # noqa: ARG001 - part of the key
    """Where people live."""
    return queries.load_areas()


@cached(3)
def model_of(name: ModelName, tables: str) -> queries.Model:  # noqa: ARG001 - part of the key
    """Travel model, ready to ask."""
    return queries.load_model(name)


@cached(3)
def access_of(name: ModelName, tables: str) -> Access | None:
    """Legs from where people live to the roads; None for models without roads."""
    return queries.access_of(model_of(name, tables), areas_of(tables))


@cached(MAX_HELD_FACILITIES)
def _held(digest: str, _frame: pd.DataFrame | None = None) -> pd.DataFrame:
    """Keep a reader's own facilities; asked without a frame, they have been forgotten."""
    if _frame is None:
        msg = f"The facilities {digest} are no longer held; upload the file again."
        raise InputError(msg)
    return _frame


def hold_facilities(frame: pd.DataFrame) -> str:
    """Make a reader's own facilities known to the caches.

    Parameters
    ----------
    frame : DataFrame
        From `data.adapters.user_files.read_facilities`.

    Returns
    -------
    str
        Digest of their content, for `Selection.facilities`.
    """
    digest = hashlib.sha256(frame.to_csv(index=False).encode()).hexdigest()[:12]
    _held(digest, frame)
    return digest


@cached(NEAREST_ENTRIES)
def centres_of(query: CentreQuery, tables: str) -> pd.DataFrame:  # noqa: ARG001 - part of the key
    """Treatment centres that count, in the order of the table."""
    if query.facilities:
        return _held(query.facilities)
    return queries.choose_centres(load.treatment_centers(), query)


@cached(NEAREST_ENTRIES)
def nearest_of(
    query: CentreQuery, audience: queries.Audience, model: ModelName, tables: str
) -> Nearest:
    """Find each area's nearest centre that treats an audience."""
    # A reader's own facilities never reach the disk; what the ways say at once needs no file.
    keep = not query.facilities and not (model == "road" and ways_of(tables))
    key = kept.key_of(tables, model, query, audience) if keep else ""
    found = kept.read(key, len(areas_of(tables).frame)) if key else None
    if found is None:
        found = find(centres_of(query, tables), query, audience, model, tables)
        if key:
            kept.write(key, found)
    return found


def find(
    chosen: pd.DataFrame,
    query: CentreQuery,
    audience: queries.Audience,
    model: ModelName,
    tables: str,
) -> Nearest:
    """Find the nearest of some centres of a query: from the ways when they are there, or anew."""
    areas, ways = areas_of(tables), ways_of(tables)
    if model == "road" and ways and not query.facilities:
        positions = pd.Index(load.treatment_centers()["id"]).get_indexer(pd.Index(chosen["id"]))
        return queries.nearest_in(ways[0], areas, chosen, positions, audience)
    access = access_of(model, tables)
    return queries.nearest_for(model_of(model, tables), areas, chosen, audience, access)


@cached(1)
def ways_of(tables: str) -> list[Ints]:  # noqa: ARG001 - part of the key
    """Hold the way of every area to every built-in centre by road; empty until it is measured."""
    return []


def measure_ways() -> None:
    """Make filters fast: measure all ways by road, or read them from the disk.

    Takes seconds the first time. Meanwhile, and without it, filters are answered by a search, with
    the same numbers.
    """
    version = tables()
    areas, all_centres = areas_of(version), load.treatment_centers()
    key = kept.key_of(version, "ways")
    found = kept.read_ways(key, (len(all_centres), len(areas.frame)))
    if found is None:
        road, access = model_of("road", version), access_of("road", version)
        found = queries.ways_for(road, areas, all_centres, access)  # type: ignore[arg-type]  # a road model has access
        kept.write_ways(key, found)
    ways_of(version)[:] = [found]


@cached(ROWS_ENTRIES)
def rows_in(scope: Scope) -> queries.Rows:
    """People with their way to the nearest centre that treats them."""

    def nearest(audience: queries.Audience) -> Nearest:
        return nearest_of(scope.centres, audience, scope.model, scope.tables)

    areas = areas_of(scope.tables)
    everyone = queries.stack_rows(areas, scope.ages, nearest)
    return queries.in_state(areas, everyone, scope.state)


def rows_of(view: Selection) -> queries.Rows:
    """People of a view with their way to the nearest centre that treats them."""
    return rows_in(Scope.of(view))


def centres(view: Selection) -> pd.DataFrame:
    """Treatment centres that count in a view, in the order of the table."""
    return centres_of(view.centres, tables())


def counted(view: Selection) -> pd.DataFrame:
    """Those of them that treat the people counted."""
    return counted_of(view.centres, view.ages, tables())


@cached(NEAREST_ENTRIES)
def counted_of(query: CentreQuery, ages: str, tables: str) -> pd.DataFrame:
    """Treatment centres of a query that treat some people."""
    return queries.for_ages(centres_of(query, tables), ages)


def bare(view: Selection) -> Selection:
    """Drop what only concerns the page, so that it does not split the cache."""
    plain = Selection()
    return replace(
        view,
        level=plain.level,
        layers=plain.layers,
        role=plain.role,
        network=plain.network,
        near=plain.near,
        site=plain.site,
        county=plain.county,
    )


@cached(4)
def _known(tables: str) -> dict[str, frozenset[str]]:  # noqa: ARG001 - part of the key
    """List the identifiers that exist, by URL key."""
    blood = load.blood_centers()
    return {
        "site": frozenset(load.treatment_centers()["id"]) | frozenset(blood["id"]),
        "county": frozenset(load.zcta_county()["county_fips"]),
        "network": frozenset(blood["network_group"].dropna()),
        "parameter": frozenset(load.journey_parameters()["key"]),
    }


def known() -> dict[str, frozenset[str]]:
    """List the identifiers that exist, by URL key."""
    return _known(tables())


def networks() -> list[str]:
    """Names of the blood centre networks."""
    return sorted(known()["network"])


def provenance(view: Selection) -> exports.Provenance:
    """Where the figures of a view are from."""
    return exports.Provenance(SOURCE, VINTAGE, tables(), view.query_string())


def table_of(make: Callable[[Selection], pd.DataFrame], view: Selection) -> exports.Table:
    """Offer a view's table as a file."""
    return exports.Table(lambda: make(view), provenance(view))


def travel_unit(view: Selection) -> str:
    """Name the unit of travel: minutes, miles or km."""
    return queries.travel_unit(view)
