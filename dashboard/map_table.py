"""What a map shows as a table of features, for programs that draw maps themselves (pure)."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from dashboard.map_assets import DIGITS, decode_integers
from dashboard.map_key import MapKey
from dashboard.map_layers import (
    NO_DATA_CODE,
    UNREACHABLE_CODE,
    AreaLayer,
    MapSpec,
    PolygonLayer,
    SiteLayer,
    places_of,
    rings_of,
)

CRS = "EPSG:4326"


def features(
    spec: MapSpec, key: MapKey, counties: gpd.GeoDataFrame, states: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Write areas, shapes and sites of a map as one table.

    Parameters
    ----------
    spec : MapSpec
        What the map shows.
    key : MapKey
        Names its bands.
    counties, states : GeoDataFrame
        id, name, geometry in the order of the map's codes, EPSG:4326.

    Returns
    -------
    GeoDataFrame
        EPSG:4326: layer ("county", "state", "shape" or "site"), id, name, band (in the words of the
        key), value, unit and geometry. The value is missing where there is none; then the band says
        why.
    """
    parts = []
    if spec.areas is not None:
        parts.append(_areas(spec.areas, key, counties if spec.areas.level == "county" else states))
    parts += [_shapes(layer, key) for layer in spec.polygons]
    parts += [_sites(layer) for layer in spec.sites]
    columns = ["layer", "id", "name", "band", "value", "unit", "geometry"]
    if not parts:
        return gpd.GeoDataFrame(pd.DataFrame(columns=columns), geometry="geometry", crs=CRS)
    table = pd.concat(parts, ignore_index=True)
    return gpd.GeoDataFrame(table[columns], geometry="geometry", crs=CRS)


def _band(code: str, key: MapKey) -> str:
    if code == NO_DATA_CODE:
        return key.no_data or "No data"
    if code == UNREACHABLE_CODE:
        return key.unreachable or "Unreachable"
    names = [name for _, name in key.bands]
    index = DIGITS.index(code)
    return names[index] if index < len(names) else ""


def _areas(layer: AreaLayer, key: MapKey, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    known = np.array([code not in (NO_DATA_CODE, UNREACHABLE_CODE) for code in layer.codes])
    values = np.array(decode_integers(layer.values), dtype=np.float64) / 10**layer.decimals
    return pd.DataFrame(
        {
            "layer": layer.level,
            "id": areas["id"].to_numpy(),
            "name": areas["name"].to_numpy(),
            "band": [_band(code, key) for code in layer.codes],
            "value": np.where(known, values, np.nan),
            "unit": layer.unit.strip(),
            "geometry": areas.geometry.to_numpy(),
        }
    )


def _shapes(layer: PolygonLayer, key: MapKey) -> pd.DataFrame:
    shapes = [
        shapely.build_area(shapely.GeometryCollection([shapely.LinearRing(ring) for ring in rings]))
        for rings in rings_of(layer)
    ]
    empty = ("",) * len(shapes)
    return pd.DataFrame(
        {
            "layer": "shape",
            "id": layer.ids or empty,
            "name": layer.labels or empty,
            "band": [_band(code, key) for code in layer.codes],
            "value": np.nan,
            "unit": "",
            "geometry": shapes,
        }
    )


def _sites(layer: SiteLayer) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "layer": "site",
            "id": layer.ids,
            "name": layer.labels,
            "band": [layer.styles[DIGITS.index(code)].label for code in layer.codes],
            "value": np.nan,
            "unit": "",
            "geometry": shapely.points(places_of(layer)),
        }
    )
