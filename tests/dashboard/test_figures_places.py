"""Figures of places carry exactly the numbers they are given; the map's shading and legend too."""

import numpy as np
import pandas as pd
import pytest

from dashboard import figures_places, map_spec, models, palette
from dashboard.map_key import MapKey
from dashboard.state import Selection

PLACES = pd.DataFrame(
    {
        "label": ["Texas", "Maine"],
        "near": [40, 0],
        "far": [60, 30],
        "unknown": [0, 5],
        "share_near": [0.4, 0.0],
        "hidden": [7, 2],
        "added": [3, 0],
    }
)


def test_near_and_far_add_up_to_the_people_beyond() -> None:
    near, far = figures_places.near_and_far(PLACES).data
    assert list(near.y) == ["Texas", "Maine"]
    assert (np.asarray(near.x) + np.asarray(far.x)).tolist() == [100, 35]


def test_hidden_goes_right_and_added_left() -> None:
    hidden, added = figures_places.misjudged(PLACES).data
    assert list(hidden.x) == [7, 2]
    assert list(added.x) == [-3, 0]
    assert list(added.customdata) == [3, 0]  # the tooltip says how many, without a sign


def test_roles_and_models_show_their_bands() -> None:
    roles = pd.DataFrame(
        {"label": ["Any"], "near": [10.0], "near_low": [8], "near_high": [13], "share_near": [0.5]}
    )
    bar = figures_places.roles(roles).data[0]
    assert (bar.x[0], bar.error_x.array[0], bar.error_x.arrayminus[0]) == (10, 3, 2)
    answers = pd.DataFrame(
        {
            "label": ["Road", "Line"],
            "share_beyond": [0.3, 0.2],
            "share_low": [0.28, 0.1],
            "share_high": [0.35, 0.3],
            "beyond": [30.0, 20.0],
        }
    )
    bar = figures_places.models(answers).data[0]
    assert list(bar.error_x.array) == pytest.approx([0.05, 0.1])
    assert list(bar.error_x.arrayminus) == pytest.approx([0.02, 0.1])
    assert bar.marker.color[0] != bar.marker.color[1]


def luminance(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_diverging_scale_is_lightest_in_the_middle_and_falls_to_both_ends() -> None:
    light = [luminance(colour) for colour in palette.DIVERGING]
    assert light[:4] == sorted(light[:4])
    assert light[3:] == sorted(light[3:], reverse=True)
    assert len(palette.DIVERGING) == len(models.DIFFERENCE_EDGES) + 1


def test_legend_takes_names_of_its_own_and_leaves_out_what_cannot_occur() -> None:
    html = MapKey(
        title="Difference",
        edges=models.DIFFERENCE_EDGES,
        colours=palette.DIVERGING,
        labels=models.DIFFERENCE_LABELS,
        unreachable="",
        no_data="Nobody <beyond>",
    ).html
    assert all(label in html for label in models.DIFFERENCE_LABELS)
    assert "No road" not in html
    assert "Nobody &lt;beyond&gt;" in html
    assert html.count("flex:1 1") == len(palette.DIVERGING)


def test_a_reader_s_own_facilities_have_their_own_symbol() -> None:
    own = map_spec.site_styles(Selection(facilities="x"), blood=False)
    assert own == [map_spec.OWN_STYLE]
    documented = map_spec.site_styles(Selection(evidence="documented"), blood=True)
    assert all("weaker" not in style.label for style in documented)
    assert documented[-1] == map_spec.BLOOD_STYLES[0]
