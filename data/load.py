"""Validated tables. Loading checks the bytes and the schema, or fails with every problem listed."""

import hashlib
import io
import json
import os
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final, cast

import geopandas as gpd
import pandas as pd

from data.catalogue import dataset as entry_of
from data.datapackage import checksums, table_schema
from data.errors import IntegrityError
from data.fields import Dataset
from data.schema import validate
from geo.crs import GEOGRAPHIC_CRS

TABLES: Final = Path(__file__).resolve().parent / "tables"
VALIDATED: Final = Path(__file__).resolve().parent.parent / ".cache" / "validated"

_REBUILD: Final = "rebuild with `python -m data.build`"


def load(name: str, folder: Path = TABLES) -> pd.DataFrame:
    """Load one table.

    The file is read and checked once in a process; each call returns a view of its own, so that
    changing it changes nobody else's.

    Parameters
    ----------
    name : str
        Name in the catalogue.
    folder : Path
        Folder of tables with its `datapackage.json`.

    Returns
    -------
    DataFrame or GeoDataFrame
        Columns as in the catalogue; geometries in EPSG:4326.

    Raises
    ------
    UnknownDatasetError
        There is no such table.
    IntegrityError
        The file is missing or altered.
    SchemaError
        The table breaks its schema; lists every problem.
    """
    return _load(name, folder).copy(deep=False)


@lru_cache(maxsize=64)
def _load(name: str, folder: Path) -> pd.DataFrame:
    entry = entry_of(name)
    content = _checked_bytes(entry, folder)
    frame = _parse(content, entry)
    stamp = _stamp(content, entry)
    if not _was_validated(stamp):
        validate(frame, entry)
        _remember(stamp)
    return frame


def _checked_bytes(entry: Dataset, folder: Path) -> bytes:
    try:
        content = (folder / entry.file_name).read_bytes()
    except OSError as error:
        msg = f"{entry.file_name} cannot be read ({error.strerror}): {_REBUILD}"
        raise IntegrityError(msg) from error
    recorded = checksums(folder).get(entry.name)
    found = hashlib.sha256(content).hexdigest()
    if found != recorded:
        msg = (
            f"{entry.file_name} is not the file that datapackage.json describes "
            f"(sha256 {found[:12]}…, recorded {(recorded or 'none')[:12]}…): {_REBUILD}"
        )
        raise IntegrityError(msg)
    return content


def _parse(content: bytes, entry: Dataset) -> pd.DataFrame:
    try:
        if entry.has_geometry:
            geographic: pd.DataFrame = gpd.read_parquet(io.BytesIO(content)).set_crs(GEOGRAPHIC_CRS)
            return geographic
        frame = pd.read_parquet(io.BytesIO(content))
    except (ValueError, OSError) as error:
        msg = f"{entry.file_name} is no readable Parquet file ({error}): {_REBUILD}"
        raise IntegrityError(msg) from error
    # pandas reads whole numbers with gaps as floats; the nullable type keeps them whole.
    gaps = [f.name for f in entry.fields if f.type == "integer" and not f.required]
    return frame.astype({name: "Int64" for name in gaps if name in frame})


def _stamp(content: bytes, entry: Dataset) -> str:
    """Identify these bytes under these rules: either change asks for a new validation."""
    rules = json.dumps(table_schema(entry), sort_keys=True).encode()
    return hashlib.sha256(content + rules).hexdigest()


def _was_validated(stamp: str) -> bool:
    try:
        return (VALIDATED / stamp).exists()
    except OSError:
        return False


def _remember(stamp: str) -> None:
    # A read-only disk only costs the next process a second of validation.
    with suppress(OSError):
        VALIDATED.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=VALIDATED)
        os.close(handle)
        Path(temporary).replace(VALIDATED / stamp)


def zcta() -> pd.DataFrame:
    """People by ZIP code area, sorted by zcta."""
    return load("zcta")


def zcta_county() -> pd.DataFrame:
    """People of each ZIP code area by county."""
    return load("zcta_county")


def counties() -> gpd.GeoDataFrame:
    """Counties with boundaries."""
    return cast("gpd.GeoDataFrame", load("counties"))


def states() -> gpd.GeoDataFrame:
    """States with boundaries."""
    return cast("gpd.GeoDataFrame", load("states"))


def treatment_centers() -> pd.DataFrame:
    """Treatment centres, sorted by id."""
    return load("treatment_centers")


def treatment_center_evidence() -> pd.DataFrame:
    """Evidence for treatment centres, one claim a row."""
    return load("treatment_center_evidence")


def blood_centers() -> pd.DataFrame:
    """Blood centre facilities, sorted by id."""
    return load("blood_centers")


def blood_center_evidence() -> pd.DataFrame:
    """Evidence for blood centre facilities, one claim a row."""
    return load("blood_center_evidence")


def validation_studies() -> pd.DataFrame:
    """Figures that studies published, to reproduce."""
    return load("validation_studies")


def method_references() -> pd.DataFrame:
    """Literature on the methods."""
    return load("method_references")


def places() -> pd.DataFrame:
    """Cities and towns, largest first."""
    return load("places")


def hospital_denominators() -> pd.DataFrame:
    """How many hospitals there are, by several definitions."""
    return load("hospital_denominators")


def hrr_names() -> pd.DataFrame:
    """City and state that each hospital referral region is named after, by number."""
    return load("hrr_names")


def road_nodes() -> pd.DataFrame:
    """Junctions of the road network."""
    return load("road_nodes")


def road_edges() -> pd.DataFrame:
    """Edges of the road network."""
    return load("road_edges")


def water_cells() -> pd.DataFrame:
    """Map cells near a coast that are water."""
    return load("water_cells")


def roadless_places() -> pd.DataFrame:
    """Places that no road reaches."""
    return load("roadless_places")


def calibration_trips() -> pd.DataFrame:
    """Real trips with known road miles and minutes."""
    return load("calibration_trips")


def indications() -> pd.DataFrame:
    """How common the diseases are, by age, sex or race."""
    return load("indications")


def eligibility() -> pd.DataFrame:
    """Share of the people with a disease who may be treated."""
    return load("eligibility")


def rate_ratios() -> pd.DataFrame:
    """Ratios of rates between groups."""
    return load("rate_ratios")


def airports() -> pd.DataFrame:
    """Large airports."""
    return load("airports")


def demand_assumptions() -> pd.DataFrame:
    """Numbers that expected patients assume besides."""
    return load("demand_assumptions")


def uptake_assumptions() -> pd.DataFrame:
    """How fast therapies come into use."""
    return load("uptake_assumptions")


def slot_assumptions() -> pd.DataFrame:
    """Patients a year that centres and new sites can treat."""
    return load("slot_assumptions")


def burden_parameters() -> pd.DataFrame:
    """Prices, rules and visits of courses of care, as published."""
    return load("burden_parameters")


def journey_parameters() -> pd.DataFrame:
    """Prices, rules and visits that journeys are computed with."""
    return load("journey_parameters")
