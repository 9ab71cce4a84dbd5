"""Plotly figures carry exactly the numbers they are given."""

import numpy as np
import pandas as pd
import pytest

from dashboard import figures, queries
from dashboard.queries import Areas, Rows
from dashboard.state import Selection

VIEW = Selection(within=100.0, model="straight", by="state")


def test_gaps_show_share_and_band(areas: Areas, rows: Rows) -> None:
    frame = queries.breakdown(areas, rows, VIEW)
    figure = figures.gaps(frame, average=0.5)
    bar = figure.data[0]
    assert list(bar.y) == frame["label"].tolist()
    assert list(bar.x) == pytest.approx(frame["share_beyond"].tolist())
    upper = np.asarray(bar.x) + np.asarray(bar.error_x.array)
    lower = np.asarray(bar.x) - np.asarray(bar.error_x.arrayminus)
    assert upper == pytest.approx((1 - frame["share_low"]).to_numpy())
    assert lower == pytest.approx((1 - frame["share_high"]).to_numpy())
    assert figure.layout.shapes[0].x0 == 0.5


def test_gaps_without_average_draw_no_line(areas: Areas, rows: Rows) -> None:
    figure = figures.gaps(queries.breakdown(areas, rows, VIEW), average=float("nan"))
    assert not figure.layout.shapes


def test_distribution_shows_everybody_and_colours_by_threshold(rows: Rows) -> None:
    edges = np.arange(0.0, 301.0, 15.0)
    result = queries.distribution(rows, VIEW, edges)
    bar = figures.distribution(result, edges, at=60.0, unit="minutes").data[0]
    assert sum(bar.y) == pytest.approx(result.population - result.no_data)
    colours = list(bar.marker.color)
    assert len(set(colours[:4])) == 1
    assert set(colours[4:]) == {figures.ACCENT}


def test_calibration_keeps_held_back_trips_apart() -> None:
    trips = pd.DataFrame(
        {
            "origin": ["a", "b"],
            "destination": ["c", "d"],
            "road_minutes": [10.0, 100.0],
            "model_minutes": [11.0, 98.0],
            "held_out": [True, False],
        }
    )
    used, held, line = figures.calibration(trips).data
    assert list(held.x) == [10.0]
    assert list(used.y) == [98.0]
    assert list(line.x) == list(line.y) == [10.0, 100.0]
