"""The road model against real trips: errors trip by trip and in summary (pure)."""

from typing import Final

import numpy as np
import pandas as pd

from dashboard.queries import Model
from geo.travel import Points
from geo.units import km_to_miles

CLASSES: Final = ("all", "city", "regional", "long")
TARGETS: Final = (
    "Aim: median error at most 2.5% in miles and 6% in minutes, nine in ten trips within 10% and "
    "15%, and no bias beyond 3% in any class, on the trips held back."
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
    """Median error, ninetieth percentile and bias, for trips held back and used, by class.

    Parameters
    ----------
    checked : DataFrame
        From `check`; trips with a remote end are left out.

    Returns
    -------
    DataFrame
        trips (text), trip_class, count, and median, p90 and bias of miles and minutes in per cent.
        The bias is the median signed error.
    """
    usable = checked[checked["endpoints"] == "place"]
    rows = []
    for held_out, name in ((True, "held back"), (False, "used to calibrate")):
        part = usable[usable["held_out"] == held_out]
        for trip_class in CLASSES:
            chosen = part if trip_class == "all" else part[part["trip_class"] == trip_class]
            if chosen.empty:
                continue
            row: dict[str, object] = {
                "trips": name,
                "trip_class": trip_class,
                "count": len(chosen),
            }
            for what in ("miles", "minutes"):
                error = 100 * chosen[f"error_{what}"]
                row[f"median_{what}"] = error.abs().median()
                row[f"p90_{what}"] = error.abs().quantile(0.9)
                row[f"bias_{what}"] = error.median()
            rows.append(row)
    return pd.DataFrame(rows)
