"""Layers as GeoJSON and GeoParquet, each feature with its provenance."""

import io
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import shapely

from dashboard.exports import Provenance

DIGITS = 5
"""Decimals of degrees: about a metre."""


def geojson_bytes(layer: gpd.GeoDataFrame, provenance: Provenance) -> bytes:
    """Write a layer as GeoJSON (RFC 7946): longitude first, outer rings against the clock.

    Parameters
    ----------
    layer : GeoDataFrame
        EPSG:4326. An empty geometry is written as null.
    provenance : Provenance
        In the properties of every feature, and once for the whole file.

    Returns
    -------
    bytes
        A FeatureCollection. Missing and infinite values are null.
    """
    shapes = shapely.orient_polygons(layer.geometry.to_numpy(), exterior_cw=False)
    short = shapely.transform(shapes, lambda xy: np.round(xy, DIGITS))
    written = shapely.to_geojson(short)
    table = pd.DataFrame(layer.drop(columns=layer.geometry.name)).assign(**provenance.columns())
    rows = table.replace([np.inf, -np.inf], np.nan).to_json(
        orient="records", lines=True, force_ascii=False, double_precision=10
    )
    lines = rows.splitlines() if len(table) else []
    features = ",\n".join(
        f'{{"type":"Feature","geometry":{"null" if empty else shape},"properties":{row}}}'
        for shape, empty, row in zip(written, shapely.is_empty(shapes), lines, strict=True)
    )
    about = json.dumps(provenance.columns(), ensure_ascii=False)
    return f'{{"type":"FeatureCollection","atlas":{about},"features":[\n{features}\n]}}\n'.encode()


def geoparquet_bytes(layer: gpd.GeoDataFrame, provenance: Provenance) -> bytes:
    """Write a layer as GeoParquet 1.0.

    Parameters
    ----------
    layer : GeoDataFrame
        EPSG:4326.
    provenance : Provenance
        In columns, and in the metadata of the file.

    Returns
    -------
    bytes
        Compressed by zstandard.
    """
    first = io.BytesIO()
    layer.assign(**provenance.columns()).to_parquet(first, index=False, compression="zstd")
    table = pq.read_table(io.BytesIO(first.getvalue()))
    about = {name.encode(): words.encode() for name, words in provenance.columns().items()}
    second = io.BytesIO()
    pq.write_table(
        table.replace_schema_metadata({**(table.schema.metadata or {}), **about}),
        second,
        compression="zstd",
    )
    return second.getvalue()
