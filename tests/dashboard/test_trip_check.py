"""Errors of the road model are plain arithmetic on the table of real trips."""

import numpy as np
import pandas as pd
import pytest
from four_areas import DEGREE_KM, DEGREE_MINUTES

from dashboard import queries, trip_check
from data import load
from geo.travel import StraightLine
from geo.units import km_to_miles


@pytest.fixture
def trips() -> pd.DataFrame:
    miles = km_to_miles(DEGREE_KM)
    return pd.DataFrame(
        {
            "origin_lat": 0.0, "origin_lon": 0.0,
            "destination_lat": [0.0, 0.0, 0.0], "destination_lon": [1.0, 2.0, np.nan],
            "road_miles": [miles, 4 * miles, 1.0], "road_minutes": [DEGREE_MINUTES / 2] * 3,
            "trip_class": ["city", "long", "city"], "endpoints": ["place", "place", "remote"],
            "held_out": [True, False, True],
        }
    )  # fmt: skip


def test_errors_are_model_over_real(trips: pd.DataFrame) -> None:
    found = trip_check.check(trips, StraightLine())
    assert found["error_miles"].tolist()[:2] == pytest.approx([0.0, -0.5])
    assert found["error_minutes"].tolist()[:2] == pytest.approx([1.0, 3.0])
    assert np.isnan(found["error_miles"].iloc[2])


def test_summary_keeps_held_back_trips_apart_and_leaves_remote_ones_out(
    trips: pd.DataFrame,
) -> None:
    found = trip_check.summary(trip_check.check(trips, StraightLine()))
    rows = found.set_index(["trips", "trip_class"])
    assert rows.loc[("held back", "all"), "count"] == 1
    assert rows.loc[("held back", "city"), "median_minutes"] == pytest.approx(100)
    assert rows.loc[("used to calibrate", "long"), "bias_miles"] == pytest.approx(-50)
    assert rows.loc[("used to calibrate", "long"), "median_miles"] == pytest.approx(50)
    assert ("held back", "long") not in rows.index


@pytest.mark.parametrize("model", ["road", "detour"])
@pytest.mark.parametrize("metric", ["miles", "minutes"])
def test_assumed_errors_are_those_of_the_trips_held_back(model: str, metric: str) -> None:
    trips = load.load("calibration_trips")
    usable = trips[trips["held_out"] & (trips["endpoints"] == "place")]
    checked = trip_check.check(usable, queries.load_model(model))
    error = np.log1p(checked[f"error_{metric}"].dropna())
    systematic, trip = queries.ERRORS[model, metric]
    assert error.std() == pytest.approx(trip, abs=0.03)
    assert abs(error.mean()) <= systematic + 2 * error.std() / np.sqrt(len(error))
