"""Puts right the few area centres that are far from where the area's people live."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import EQUAL_AREA_CRS, GEOGRAPHIC_CRS

FAR_KM: Final = 20.0
"""A centre this far outside the county where most of its people live is in some other fragment."""

AREA_CENTRE: Final = "area_centre"
NAMED_PLACE: Final = "named_place"


def mend_points(
    zcta: pd.DataFrame, counties: gpd.GeoDataFrame, places: pd.DataFrame
) -> pd.DataFrame:
    """Move centres that are far outside their people's county to the town of the same name.

    A ZIP code area can have far-off fragments without people, and the Census Bureau's internal
    point may lie in one of these: ZIP 99503, a part of Anchorage, has its point 490 km away.

    Parameters
    ----------
    zcta : DataFrame
        Columns lat, lon, city, state, county_fips.
    counties : GeoDataFrame
        Columns county_fips and geometry at full detail, EPSG:4326.
    places : DataFrame
        Columns name, state, lat, lon; largest first.

    Returns
    -------
    DataFrame
        The same rows with lat, lon put right where a place of the ZIP's name lies in the county,
        and coord_quality, `area_centre` or `named_place`.
    """
    town = zcta[["city", "state"]].merge(
        places.drop_duplicates(["name", "state"]).rename(columns={"name": "city"}),
        on=["city", "state"],
        how="left",
        validate="many_to_one",
    )
    outlines = counties.set_index("county_fips").geometry.to_crs(EQUAL_AREA_CRS)
    home = outlines.reindex(zcta["county_fips"]).to_numpy()
    far = _distance_km(zcta, home) > FAR_KM
    better = far & (_distance_km(town, home) == 0)
    return zcta.assign(
        lat=np.where(better, town["lat"], zcta["lat"]),
        lon=np.where(better, town["lon"], zcta["lon"]),
        coord_quality=np.where(better, NAMED_PLACE, AREA_CENTRE),
    )


def _distance_km(points: pd.DataFrame, areas: NDArray[np.object_]) -> NDArray[np.float64]:
    """Distance from each point to its area, 0 inside, nan without a point."""
    located = gpd.GeoSeries(gpd.points_from_xy(points["lon"], points["lat"]), crs=GEOGRAPHIC_CRS)
    located = located.where(points["lat"].notna().to_numpy())
    distance: NDArray[np.float64] = shapely.distance(
        located.to_crs(EQUAL_AREA_CRS).to_numpy(), areas
    )
    return distance / 1_000
