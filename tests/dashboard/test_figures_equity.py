"""Figures about equity carry exactly the numbers they are given."""

import numpy as np
import pandas as pd
import pytest

from dashboard import figures_equity
from dashboard.palette import ACCENT


def spreads() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "dimension": ["race", "race", "poverty", "poverty"],
            "dimension_label": ["Race and ethnicity", "Race and ethnicity", "Poverty", "Poverty"],
            "group": ["White", "Asian", "Below the poverty line", "Not reported"],
            "label": ["White", "Asian", "Below the poverty line", "Not reported"],
            "people": [10.0, 5.0, 7.0, 3.0],
            "median": [40.0, 20.0, np.inf, 50.0],
            "median_low": [38.0, 19.0, np.inf, 48.0],
            "median_high": [42.0, 21.0, np.inf, 52.0],
            "p10": [10.0, 6.0, 12.0, 11.0],
            "p90": [140.0, 70.0, np.inf, 160.0],
        }
    )


def test_curves_have_a_line_for_each_group_and_the_threshold() -> None:
    shares = pd.DataFrame(
        {"within": [0.0, 60.0, 120.0], "White": [0, 0.5, 1], "rural": [0, 0.1, 1]}
    )
    figure = figures_equity.curves(shares, at=60.0, unit="minutes")
    assert [trace.name for trace in figure.data] == ["White", "Rural"]
    assert list(figure.data[1].y) == [0, 0.1, 1]
    assert figure.layout.shapes[0].x0 == 60.0
    assert not figures_equity.curves(shares, at=130.0, unit="minutes").layout.shapes


def test_medians_have_a_row_for_each_known_group_under_its_dimension() -> None:
    figure = figures_equity.medians(spreads(), chosen="race", unit="minutes")
    assert list(figure.layout.yaxis.ticktext) == [
        "<b>Race and ethnicity</b>", "White", "Asian", "<b>Poverty</b>", "Below the poverty line",
    ]  # fmt: skip
    dots = [trace for trace in figure.data if trace.mode == "markers"]
    assert [list(trace.y) for trace in dots] == [[1, 2], [4]]
    assert list(dots[0].x) == [40.0, 20.0]
    assert list(dots[1].x) == [figures_equity.FARTHEST]  # without a road: at the end of the axis
    assert dots[0].marker.color == ACCENT
    assert dots[1].marker.color != ACCENT
    bands = [trace for trace in figure.data if trace.name == "median_low"]
    assert bands[0].x[:2] == pytest.approx([38.0, 42.0])
    assert np.isnan(bands[0].x[2])
    assert list(bands[0].y) == [1, 1, 1, 2, 2, 2]
    tenths = [trace for trace in figure.data if trace.name == "p10"]
    assert tenths[0].x[3:5] == pytest.approx([6.0, 70.0])


def test_state_gaps_show_gap_band_and_group() -> None:
    frame = pd.DataFrame(
        {
            "label": ["Arizona", "Utah"],
            "group": ["Native American", "rural"],
            "reference": ["White", "urban"],
            "share": [0.65, 0.6],
            "share_reference": [0.2, 0.3],
            "gap": [0.45, 0.3],
            "gap_low": [0.44, 0.27],
            "gap_high": [0.46, 0.31],
        }
    )
    bar = figures_equity.state_gaps(frame).data[0]
    assert list(bar.x) == [0.45, 0.3]
    assert list(bar.y) == ["Arizona", "Utah"]
    assert list(bar.text) == ["Native American", "Rural"]
    one_group = figures_equity.state_gaps(frame.assign(group="rural")).data[0]
    assert list(one_group.text) == ["", ""]
    short = figures_equity.state_gaps(frame.assign(gap=[0.45, 0.1])).data[0]
    assert list(short.text) == ["Native American", ""]
    assert np.asarray(bar.x) + np.asarray(bar.error_x.array) == pytest.approx([0.46, 0.31])
    assert np.asarray(bar.x) - np.asarray(bar.error_x.arrayminus) == pytest.approx([0.44, 0.27])


def test_concentration_and_lorenz_curves_start_from_equality() -> None:
    curves = pd.DataFrame(
        {
            "people": [0.0, 0.5, 1.0],
            "travel_by_income": [0.0, 0.6, 1.0],
            "beyond_by_income": [0.0, 0.7, 1.0],
            "travel_by_travel": [0.0, 0.2, 1.0],
        }
    )
    equal, travel, beyond = figures_equity.concentration(curves, unit="minutes").data
    assert list(equal.x) == list(equal.y) == [0, 1]
    assert list(travel.y) == [0.0, 0.6, 1.0]
    assert list(beyond.y) == [0.0, 0.7, 1.0]
    assert travel.name == "Minutes of travel"
    assert list(figures_equity.lorenz(curves, unit="miles").data[1].y) == [0.0, 0.2, 1.0]
