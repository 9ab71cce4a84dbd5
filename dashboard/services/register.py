"""The consortium's register, read again when one of its files has changed."""

import pandas as pd

from dashboard import exports, register_views
from dashboard.map_key import MapKey
from dashboard.map_layers import MapSpec
from dashboard.services import engine, maps
from dashboard.services.cache import cached
from data import load, register
from data.content_schemas import SCHEMAS
from data.register import Register

SOURCE = "BCAR Access Atlas, register of the consortium, from the sources named on each row"


def content() -> Register:
    """Read the register; raises ContentError naming file and line."""
    return _read(_stamp(), engine.tables())


def _stamp() -> tuple[int, ...]:
    """When each file was last changed; 0 for one that is missing."""
    found = []
    for name in sorted(SCHEMAS):
        path = register.FOLDER / name
        found.append(path.stat().st_mtime_ns if path.exists() else 0)
    return tuple(found)


@cached(2)
def _read(stamp: tuple[int, ...], tables: str) -> Register:  # noqa: ARG001 - parts of the key
    return register.read(places=load.places())


def networks() -> pd.DataFrame:
    """Count facilities by network and role."""
    return register_views.by_network(load.blood_centers())


def divisions() -> pd.DataFrame:
    """Count facilities by Census division and role."""
    return register_views.by_division(load.blood_centers(), load.states(), _people())


def gaps() -> pd.DataFrame:
    """List the states without a facility of each role."""
    return register_views.missing(load.blood_centers(), load.states(), _people())


def gap_sentence() -> str:
    """State the gap in cell collection."""
    return register_views.gap_sentence(gaps(), len(load.states()))


def _people() -> pd.Series:
    return load.zcta().groupby("state")["population"].sum()


def precedent_map() -> tuple[MapSpec, MapKey]:
    """Place the precedents on a map."""
    return register_views.precedent_map(content(), maps.assets(engine.tables()))


def table_of(frame: pd.DataFrame) -> exports.Table:
    """Offer a table of the register as a file."""
    stamp = exports.Provenance(SOURCE, "as read from 2024 to 2026", engine.tables())
    return exports.Table(lambda: frame, stamp)


def provenance() -> exports.Provenance:
    """Where the register's facts are from."""
    return exports.Provenance(SOURCE, "as read from 2024 to 2026", engine.tables())
