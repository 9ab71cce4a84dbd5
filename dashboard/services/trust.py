"""What the Trust pages show: studies, trips, methods, tables, a reader's own facilities."""

from typing import Final

import geopandas as gpd
import pandas as pd

from dashboard import (
    documents,
    exports,
    trip_check,
)
from dashboard import studies as studies_of
from dashboard.services import engine
from dashboard.services.cache import cached
from dashboard.state import Selection
from data import load
from data.adapters import user_files

SHEET_ROWS: Final = 100_000
"""Longer tables are offered as CSV only: a workbook of them takes minutes."""


@cached(2)
def _studies(tables: str) -> pd.DataFrame:
    return studies_of.reproduce(
        load.validation_studies(),
        engine.areas_of(tables),
        load.counties(),
        load.treatment_centers(),
        engine.model_of("road", tables),
        engine.access_of("road", tables),
    )


def studies() -> pd.DataFrame:
    """Recompute the published figures on the road network; see `studies.reproduce`."""
    return _studies(engine.tables())


def studies_frame(_: Selection) -> pd.DataFrame:
    """Give the same table for download."""
    return studies()


@cached(2)
def _trips(tables: str) -> pd.DataFrame:
    return trip_check.check(load.load("calibration_trips"), engine.model_of("road", tables))


def trips() -> pd.DataFrame:
    """Real trips with what the road model says; see `trip_check.check`."""
    return _trips(engine.tables())


def trips_frame(_: Selection) -> pd.DataFrame:
    """Give the same table for download."""
    return trips()


def trips_summary() -> pd.DataFrame:
    """Errors of the road model by class of trip."""
    return trip_check.summary(trips())


@cached(1)
def methods_sections() -> tuple[documents.Section, ...]:
    """Sections of the methods document."""
    return documents.sections(documents.METHODS.read_text(encoding="utf-8"))


def references() -> pd.DataFrame:
    """Literature on the methods."""
    return load.method_references()


@cached(2)
def _cards(tables: str) -> tuple[documents.TableCard, ...]:  # noqa: ARG001 - part of the key
    return documents.table_cards()


def table_cards() -> tuple[documents.TableCard, ...]:
    """Describe every committed table."""
    return _cards(engine.tables())


def committed(name: str) -> exports.Table:
    """Offer a committed table as a file."""
    table = load.load(name)
    stamp = documents.provenance(name, engine.tables())
    return exports.Table(lambda: pd.DataFrame(table), stamp, sheet=len(table) <= SHEET_ROWS)


def committed_layer(name: str) -> exports.Layer | None:
    """Offer a committed table with shapes as a layer; None for one without."""
    table = load.load(name)
    if not isinstance(table, gpd.GeoDataFrame):
        return None
    return exports.Layer(lambda: table, documents.provenance(name, engine.tables()))


def read_facilities(content: bytes) -> pd.DataFrame:
    """Read a reader's own facilities; raises `UserFileError` listing every problem."""
    return user_files.read_facilities(content)


def facilities_template() -> bytes:
    """Write an example of a facilities file."""
    return documents.FACILITIES_TEMPLATE.encode()
