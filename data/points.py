"""Puts right the few area centres that are far from where the area's people live."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import EQUAL_AREA_CRS, GEOGRAPHIC_CRS
from geo.network import great_circle_km, unit_vectors

FAR_KM: Final = 20.0
"""A centre this far outside the county where most of its people live is in some other fragment."""

WIDE_KM2: Final = 500.0
OFF_CENTRE_KM: Final = 5.0
"""In an area this wide the people live in its town: the town is taken if it is this far off."""

AREA_CENTRE: Final = "area_centre"
NAMED_PLACE: Final = "named_place"


def mend_points(
    zcta: pd.DataFrame, counties: gpd.GeoDataFrame, places: pd.DataFrame
) -> pd.DataFrame:
    """Move centres that are far outside their people's county to the town of the same name.

    A ZIP code area can have far-off fragments without people, and the Census Bureau's internal
    point may lie in one of these: ZIP 99503, a part of Anchorage, has its point 490 km away. And a
    wide area's centre may be wilderness: that of Homer, Alaska, lies across the bay from the town.
    The town is taken in both cases, in the second one only where no other area bears its name.

    Parameters
    ----------
    zcta : DataFrame
        Columns lat, lon, city, state, county_fips, land_area_km2.
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
    alone = ~zcta.duplicated(["city", "state"], keep=False).to_numpy()
    wide = alone & (zcta["land_area_km2"].to_numpy() >= WIDE_KM2)
    radius_km = np.sqrt(zcta["land_area_km2"].to_numpy() / np.pi)
    apart_km = _apart_km(zcta, town)
    off_centre = wide & (apart_km > OFF_CENTRE_KM) & (apart_km <= 2 * radius_km)
    better = (far | off_centre) & (_distance_km(town, home) == 0)
    return zcta.assign(
        lat=np.where(better, town["lat"], zcta["lat"]),
        lon=np.where(better, town["lon"], zcta["lon"]),
        coord_quality=np.where(better, NAMED_PLACE, AREA_CENTRE),
    )


def _apart_km(a: pd.DataFrame, b: pd.DataFrame) -> NDArray[np.float64]:
    """Great-circle distance row by row; nan where a place is missing."""
    ends = [unit_vectors(side["lat"].to_numpy(), side["lon"].to_numpy()) for side in (a, b)]
    return great_circle_km(*ends)


def _distance_km(points: pd.DataFrame, areas: NDArray[np.object_]) -> NDArray[np.float64]:
    """Distance from each point to its area, 0 inside, nan without a point."""
    located = gpd.GeoSeries(gpd.points_from_xy(points["lon"], points["lat"]), crs=GEOGRAPHIC_CRS)
    located = located.where(points["lat"].notna().to_numpy())
    distance: NDArray[np.float64] = shapely.distance(
        located.to_crs(EQUAL_AREA_CRS).to_numpy(), areas
    )
    return distance / 1_000
