"""Parquet files whose bytes depend on nothing but their content and the pinned libraries."""

import json
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj

from data.errors import BuildError
from data.fields import Dataset
from geo.crs import GEOGRAPHIC_CRS

COMPRESSION: Final = "zstd"
COMPRESSION_LEVEL: Final = 19


def to_arrow(frame: pd.DataFrame, dataset: Dataset) -> pa.Table:
    """Arrange a frame as its catalogue entry says; nothing else gets into the file.

    Parameters
    ----------
    frame : DataFrame
        At least the columns of the dataset.
    dataset : Dataset
        Catalogue entry.

    Returns
    -------
    pyarrow.Table
        Columns in the catalogue's order and types, without pandas' own metadata.

    Raises
    ------
    BuildError
        Columns are missing, or do not convert to their type without loss; lists all.
    """
    problems: list[str] = []
    arrays: list[pa.Array] = []
    for field in dataset.fields:
        if field.name not in frame:
            problems.append(f"{dataset.name}: column {field.name} is missing")
            continue
        series = frame[field.name]
        values = series.to_wkb() if isinstance(series, gpd.GeoSeries) else series
        try:
            arrays.append(pa.Array.from_pandas(values, type=field.arrow.type))
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            problems.append(f"{dataset.name}: column {field.name}: {error}")
    if problems:
        raise BuildError(problems)
    table = pa.Table.from_arrays(arrays, schema=dataset.arrow_schema)
    if dataset.has_geometry:
        table = table.replace_schema_metadata({b"geo": _geo_metadata(frame, dataset)})
    return table


def write(frame: pd.DataFrame, dataset: Dataset, folder: Path) -> Path:
    """Write one table.

    Parameters
    ----------
    frame : DataFrame
        Rows in their final order.
    dataset : Dataset
        Catalogue entry.
    folder : Path
        Where to; must exist.

    Returns
    -------
    Path
        The file.
    """
    path = folder / dataset.file_name
    pq.write_table(
        to_arrow(frame, dataset),
        path,
        compression=COMPRESSION,
        compression_level=COMPRESSION_LEVEL,
        use_dictionary=False,  # zstd alone makes these columns smaller than dictionaries do
        write_statistics=False,
    )
    return path


def _geo_metadata(frame: pd.DataFrame, dataset: Dataset) -> bytes:
    """GeoParquet 1.1 metadata: one WKB column in EPSG:4326."""
    name = next(field.name for field in dataset.fields if field.type == "geometry")
    geometry = gpd.GeoSeries(frame[name])
    column = {
        "encoding": "WKB",
        "geometry_types": sorted(set(geometry.geom_type)),
        "crs": pyproj.CRS(GEOGRAPHIC_CRS).to_json_dict(),
        "bbox": [round(float(bound), 6) for bound in geometry.total_bounds],
    }
    metadata = {"version": "1.1.0", "primary_column": name, "columns": {name: column}}
    return json.dumps(metadata, sort_keys=True, separators=(",", ":")).encode()
