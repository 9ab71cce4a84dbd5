"""The only place where units are converted; light, as the command line needs it to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, overload

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KM_PER_MILE: Final = 1.609344
"""International mile, exact."""

EARTH_RADIUS_KM: Final = 6371.0088
"""Mean radius R1 of GRS 80 (Moritz 2000, doi:10.1007/s001900050278)."""

SQ_KM_PER_SQ_MILE: Final = KM_PER_MILE**2


@overload
def miles_to_km(miles: float) -> float: ...
@overload
def miles_to_km(miles: NDArray[np.floating]) -> NDArray[np.floating]: ...
def miles_to_km(miles: float | NDArray[np.floating]) -> float | NDArray[np.floating]:
    """Convert miles to kilometres.

    >>> miles_to_km(60.0)
    96.56064
    """
    return miles * KM_PER_MILE


@overload
def km_to_miles(distance_km: float) -> float: ...
@overload
def km_to_miles(distance_km: NDArray[np.floating]) -> NDArray[np.floating]: ...
def km_to_miles(distance_km: float | NDArray[np.floating]) -> float | NDArray[np.floating]:
    """Convert kilometres to miles.

    >>> km_to_miles(1.609344)
    1.0
    """
    return distance_km / KM_PER_MILE
