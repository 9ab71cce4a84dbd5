"""The road model against real trips: errors trip by trip and in summary (pure)."""

from typing import Final

import numpy as np
import pandas as pd

from dashboard.queries import Model
from geo.calibration import trip_errors
from geo.travel import Points
from geo.units import km_to_miles

CLASSES: Final = ("all", "city", "regional", "long")
TARGETS: Final = (
    "Aim: median error at most 2.5% in miles and 6% in minutes, nine in ten trips within 10% and "
    "15%, and no bias beyond 3% in any class, on the trips held back from the calibration."
)


def check(trips: pd.DataFrame, model: Model) -> pd.DataFrame:
    """Ask the model for every real trip.

    Parameters
    ----------
    trips : DataFrame
        The calibration_trips table.
    model : Model
        The road network.

    Returns
    -------
    DataFrame
        The table with model_miles, model_minutes, error_miles and error_minutes (model over real
        minus 1; missing where the model finds no way).
    """
    found = model.trips(
        Points(trips["origin_lat"].to_numpy(np.float64), trips["origin_lon"].to_numpy(np.float64)),
        Points(
            trips["destination_lat"].to_numpy(np.float64),
            trips["destination_lon"].to_numpy(np.float64),
        ),
    )
    miles = np.where(np.isfinite(found.distance_km), km_to_miles(found.distance_km), np.nan)
    minutes = np.where(np.isfinite(found.minutes), found.minutes, np.nan)
    return trips.assign(
        model_miles=miles,
        model_minutes=minutes,
        error_miles=miles / trips["road_miles"] - 1,
        error_minutes=minutes / trips["road_minutes"] - 1,
    )


def summary(checked: pd.DataFrame) -> pd.DataFrame:
    """Median error, ninetieth percentile and bias, by use and class.

    Parameters
    ----------
    checked : DataFrame
        From `check`; trips with a remote end are left out.

    Returns
    -------
    DataFrame
        trips (text), trip_class, count, and median, p90 and bias of miles and minutes in per cent;
        see `geo.calibration.TripErrors`.
    """
    usable = checked[(checked["endpoints"] == "place") & checked["error_minutes"].notna()]
    rows = []
    for name, chosen in _parts(usable):
        for trip_class in CLASSES:
            part = chosen if trip_class == "all" else chosen[chosen["trip_class"] == trip_class]
            if part.empty:
                continue
            row: dict[str, object] = {"trips": name, "trip_class": trip_class, "count": len(part)}
            for what in ("miles", "minutes"):
                errors = trip_errors(
                    part[f"model_{what}"].to_numpy(np.float64),
                    part[f"road_{what}"].to_numpy(np.float64),
                )
                row[f"median_{what}"] = 100 * errors.median
                row[f"p90_{what}"] = 100 * errors.ninetieth
                row[f"bias_{what}"] = 100 * errors.bias
            rows.append(row)
    return pd.DataFrame(rows)


def _parts(usable: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    held_out = usable["held_out"]
    return [("held back", usable[held_out]), ("used to calibrate", usable[~held_out])]
