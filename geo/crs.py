"""Coordinate reference systems: which one is used where, and guards for both kinds."""

from typing import Final

from geopandas import GeoDataFrame, GeoSeries

from geo.errors import CrsError

GEOGRAPHIC_CRS: Final = "EPSG:4326"
"""Longitude and latitude in decimal degrees (WGS 84): tables, points and the map edge."""

EQUAL_AREA_CRS: Final = "EPSG:5070"
"""Conus Albers (NAD 83), metres: areas and planar geometry of the contiguous US."""


def require_geographic(frame: GeoDataFrame | GeoSeries) -> None:
    """Refuse geometries that are not in EPSG:4326.

    Parameters
    ----------
    frame : GeoDataFrame or GeoSeries
        Any number of rows, also none.

    Raises
    ------
    CrsError
        CRS missing, or not EPSG:4326. The axis order is not looked at: geometries are always
        (lon, lat) in memory.

    Examples
    --------
    >>> from shapely import Point
    >>> require_geographic(GeoSeries([Point(-95.4, 29.7)], crs="EPSG:4326"))
    """
    if frame.crs is None:
        msg = f"geometries have no CRS; expected {GEOGRAPHIC_CRS}"
        raise CrsError(msg)
    if not frame.crs.equals(GEOGRAPHIC_CRS, ignore_axis_order=True):
        msg = f"geometries are in {frame.crs.name}; reproject them to {GEOGRAPHIC_CRS}"
        raise CrsError(msg)


def require_projected_metres(frame: GeoDataFrame | GeoSeries) -> None:
    """Refuse geometries whose coordinates are not metres on a plane.

    Parameters
    ----------
    frame : GeoDataFrame or GeoSeries
        Any number of rows, also none.

    Raises
    ------
    CrsError
        CRS missing, geographic, or in a unit other than the metre.

    Examples
    --------
    >>> from shapely import Point
    >>> require_projected_metres(GeoSeries([Point(0, 0)], crs=EQUAL_AREA_CRS))
    """
    if frame.crs is None:
        msg = f"geometries have no CRS; expected a projected one in metres, e.g. {EQUAL_AREA_CRS}"
        raise CrsError(msg)
    if not frame.crs.is_projected:
        msg = f"geometries are in {frame.crs.name}, in degrees; project to e.g. {EQUAL_AREA_CRS}"
        raise CrsError(msg)
    units = {axis.unit_name for axis in frame.crs.axis_info}
    if units != {"metre"}:
        found = ", ".join(sorted(units))
        msg = f"geometries are in {frame.crs.name} in {found}; expected metres"
        raise CrsError(msg)
