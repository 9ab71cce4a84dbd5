"""Errors against known trips, counted by hand, and the road model against the committed trips."""

import numpy as np
import pytest

from data import load
from geo.calibration import trip_errors
from geo.errors import InputError
from geo.network import RoadNetwork
from geo.travel import Points, Road
from geo.units import km_to_miles


def test_errors_counted_by_hand():
    errors = trip_errors(np.array([90.0, 100, 105, 120, np.inf]), np.full(5, 100.0))
    assert errors.trips == 4
    assert errors.unreachable == 1
    assert errors.median == pytest.approx((0.05 + 0.10) / 2)
    assert errors.ninetieth == pytest.approx(0.10 + 0.7 * (0.20 - 0.10))
    assert errors.bias == pytest.approx((0.9 * 1.0 * 1.05 * 1.2) ** (1 / 4) - 1)


def test_no_reachable_trip_gives_no_figure():
    errors = trip_errors(np.array([np.inf]), np.array([5.0]))
    assert errors.trips == 0
    assert np.isnan(errors.median)


def test_bad_known_values_are_refused():
    with pytest.raises(InputError) as caught:
        trip_errors(np.array([1.0, 2.0]), np.array([0.0]))
    assert len(caught.value.problems) == 2


@pytest.fixture(scope="session")
def compared():
    """Give the committed trips between places with the model's minutes and miles."""
    trips = load.calibration_trips()
    trips = trips[trips["endpoints"] == "place"]
    road = Road(
        RoadNetwork.from_frames(
            load.road_nodes(),
            load.road_edges(),
            water_cells=load.water_cells(),
            roadless=load.roadless_places(),
        )
    )
    points = [
        Points(trips[f"{end}_lat"].to_numpy(np.float64), trips[f"{end}_lon"].to_numpy(np.float64))
        for end in ("origin", "destination")
    ]
    answer = road.trips(*points)
    return trips.assign(model_minutes=answer.minutes, model_miles=km_to_miles(answer.distance_km))


def test_road_model_meets_its_targets_on_trips_held_back_that_were_read_in_a_source(compared):
    read = compared[compared["evidence"] == "verified"]
    assert (~read["held_out"]).sum() >= 60
    part = read[read["held_out"]]
    assert len(part) >= 60
    miles = trip_errors(part["model_miles"].to_numpy(), part["road_miles"].to_numpy())
    minutes = trip_errors(part["model_minutes"].to_numpy(), part["road_minutes"].to_numpy())
    assert miles.unreachable == 0
    assert miles.median <= 0.025
    assert minutes.median <= 0.06
    assert miles.ninetieth <= 0.10
    assert minutes.ninetieth <= 0.15


@pytest.mark.parametrize("trip_class", ["city", "regional", "long"])
def test_no_class_of_trips_is_biased(compared, trip_class):
    part = compared[compared["trip_class"] == trip_class]
    for what in ("miles", "minutes"):
        errors = trip_errors(part[f"model_{what}"].to_numpy(), part[f"road_{what}"].to_numpy())
        assert abs(errors.bias) <= 0.03
