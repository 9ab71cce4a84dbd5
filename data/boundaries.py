"""Boundaries light enough for a browser, in which neighbours still share their borders exactly."""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from geo.crs import EQUAL_AREA_CRS, GEOGRAPHIC_CRS

GRID_DEGREES: Final = 1e-4
"""Coordinates are rounded to about 10 m; neighbours round alike, so borders still coincide."""


@dataclass(frozen=True, slots=True)
class Detail:
    """How far one part of the country is simplified.

    Parameters
    ----------
    crs : str
        Projected CRS in metres in which distances are measured.
    tolerance_m : float
        Corners that span a triangle smaller than this length squared are removed.
    smallest_island_km2 : float
        Islands below this size are left out, unless a county would be lost.
    """

    crs: str
    tolerance_m: float
    smallest_island_km2: float


CONTIGUOUS: Final = Detail(EQUAL_AREA_CRS, tolerance_m=3_000, smallest_island_km2=8)
DETAILS: Final[dict[str, Detail]] = {
    "02": Detail("EPSG:3338", tolerance_m=4_000, smallest_island_km2=150),
    "15": Detail("EPSG:32604", tolerance_m=600, smallest_island_km2=8),
    "72": Detail("EPSG:32161", tolerance_m=400, smallest_island_km2=5),
}
"""By state code; every other state belongs to `CONTIGUOUS`."""


def simplify(counties: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Simplify a clean coverage of counties without opening gaps or losing a county.

    Parameters
    ----------
    counties : GeoDataFrame
        Columns county_fips and geometry, EPSG:4326; a clean coverage.

    Returns
    -------
    GeoDataFrame
        The same rows and columns with lighter geometries, EPSG:4326; a clean coverage.
    """
    state = counties["county_fips"].str[:2]
    geometry = counties.geometry.to_numpy().copy()
    groups = state.where(state.isin(list(DETAILS)), "")
    for key, index in groups.groupby(groups).indices.items():
        detail = DETAILS.get(str(key), CONTIGUOUS)
        geometry[index] = _simplified(geometry[index], detail)
    return counties.set_geometry(gpd.GeoSeries(geometry, index=counties.index, crs=GEOGRAPHIC_CRS))


def describe_counties(
    counties: gpd.GeoDataFrame, areas: pd.DataFrame, states: pd.DataFrame
) -> gpd.GeoDataFrame:
    """Add name, state and CBSA to the counties.

    Parameters
    ----------
    counties : GeoDataFrame
        Columns county_fips and geometry.
    areas : DataFrame
        Columns county_fips, name, cbsa_code, cbsa_name.
    states : DataFrame
        Columns state_fips, state.

    Returns
    -------
    GeoDataFrame
        One row a county, sorted by county_fips.
    """
    frame = counties[["county_fips", "geometry"]].sort_values("county_fips", ignore_index=True)
    frame["state_fips"] = frame["county_fips"].str[:2]
    frame = frame.merge(areas, on="county_fips", how="left", validate="one_to_one")
    return frame.merge(
        states[["state_fips", "state"]], on="state_fips", how="left", validate="many_to_one"
    )


def dissolve_states(counties: gpd.GeoDataFrame, states: pd.DataFrame) -> gpd.GeoDataFrame:
    """Merge counties into states, so that state borders are county borders.

    Parameters
    ----------
    counties : GeoDataFrame
        Columns county_fips and geometry, EPSG:4326; a clean coverage.
    states : DataFrame
        Columns state_fips and any others; one row for each state wanted.

    Returns
    -------
    GeoDataFrame
        `states` with a geometry column, EPSG:4326.
    """
    code = counties["county_fips"].str[:2].to_numpy()
    merged = [
        shapely.coverage_union_all(counties.geometry.to_numpy()[code == state_fips])
        for state_fips in states["state_fips"]
    ]
    return gpd.GeoDataFrame(states.copy(), geometry=merged, crs=GEOGRAPHIC_CRS)


def _simplified(geometry: NDArray[np.object_], detail: Detail) -> NDArray[np.object_]:
    projected = _transform(_western(geometry), GEOGRAPHIC_CRS, detail.crs)
    projected = _without_small_islands(projected, detail.smallest_island_km2)
    simple = shapely.coverage_simplify(projected, detail.tolerance_m)
    degrees = _transform(simple, detail.crs, GEOGRAPHIC_CRS)
    return shapely.transform(degrees, lambda xy: np.round(xy / GRID_DEGREES) * GRID_DEGREES)


def _western(geometry: NDArray[np.object_]) -> NDArray[np.object_]:
    """Leave out the islands beyond 180 degrees: nobody lives there, and they stretch every map."""
    part, owner = shapely.get_parts(geometry, return_index=True)
    return _rebuilt(part, owner, keep=shapely.get_x(shapely.centroid(part)) < 0)


def _without_small_islands(
    geometry: NDArray[np.object_], smallest_km2: float
) -> NDArray[np.object_]:
    """Drop small islands: connected pieces of land, not the pieces of a county."""
    land = shapely.get_parts(shapely.coverage_union_all(geometry))
    small = land[shapely.area(land) < smallest_km2 * 1e6]
    part, owner = shapely.get_parts(geometry, return_index=True)
    inside, _ = shapely.STRtree(small).query(shapely.point_on_surface(part), predicate="within")
    return _rebuilt(part, owner, keep=~np.isin(np.arange(len(part)), inside))


def _rebuilt(
    part: NDArray[np.object_], owner: NDArray[np.intp], *, keep: NDArray[np.bool_]
) -> NDArray[np.object_]:
    """Collect the parts to keep, and each area's largest part in any case."""
    largest = pd.Series(shapely.area(part)).groupby(owner).idxmax().to_numpy()
    kept = keep | np.isin(np.arange(len(part)), largest)
    return np.array(
        [_collect(part[kept & (owner == index)]) for index in range(owner.max() + 1)], dtype=object
    )


def _collect(parts: NDArray[np.object_]) -> shapely.Geometry:
    only: shapely.Geometry = parts[0]
    return only if len(parts) == 1 else shapely.MultiPolygon(list(parts))


def _transform(geometry: NDArray[np.object_], source: str, target: str) -> NDArray[np.object_]:
    transformer = Transformer.from_crs(source, target, always_xy=True)
    return shapely.transform(
        geometry, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
    )
