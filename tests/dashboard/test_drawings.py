"""Curve and bars of the first page."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from dashboard import drawings

LIMITS = np.linspace(1, 300, 31)
SHARE = np.linspace(0, 0.9, 31)


def draw(share: np.ndarray = SHARE, at: tuple[float, float] = (60.0, 0.2)) -> str:
    return drawings.curve(LIMITS, share, share - 0.01, share + 0.01, at=at, unit="minutes")


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(svg).iter() if "text" in node.tag]


def test_curve_is_well_formed_and_marks_the_threshold() -> None:
    found = texts(draw())
    assert "20.0% within 60 minutes" in found
    assert "minutes of travel" in found
    assert {"0%", "100%", "0", "300"} <= set(found)


def test_curve_rises_to_the_right() -> None:
    line = re.search(r'<polyline points="([^"]+)"', draw())
    assert line is not None
    points = [tuple(map(float, pair.split(","))) for pair in line.group(1).split()]
    assert len(points) == len(LIMITS)
    assert all(a[0] < b[0] and a[1] > b[1] for a, b in pairwise(points))


@pytest.mark.parametrize("at", [(1.0, 0.0), (300.0, 1.0), (150.0, 0.5), (290.0, 0.02)])
def test_mark_stays_inside_the_drawing(at: tuple[float, float]) -> None:
    tree = ET.fromstring(draw(at=at))
    for node in tree.iter():
        if "y" in node.attrib:
            assert 0 <= float(node.attrib["y"]) <= drawings.HEIGHT


def test_no_people_is_said() -> None:
    found = texts(draw(np.full(31, np.nan), at=(60.0, float("nan"))))
    assert "No people to count in this view" in found


def test_ink_follows_the_theme() -> None:
    light = drawings.curve(LIMITS, SHARE, SHARE, SHARE, at=(60, 0.2), unit="miles")
    dark = drawings.curve(LIMITS, SHARE, SHARE, SHARE, at=(60, 0.2), unit="miles", dark=True)
    assert light != dark
    assert drawings.INK_ON_DARK in dark


def test_bars_escape_their_words_and_cut_their_lengths() -> None:
    html = drawings.bars(["<b>"], [1.7], ["5 & 6"], title='say "no"')
    assert "<b>" not in html
    assert "&lt;b&gt;" in html
    assert "5 &amp; 6" in html
    assert "width:100.0%" in html
    assert 'aria-label="say &quot;no&quot;"' in html


def test_missing_bar_has_no_length() -> None:
    assert "width:0.0%" in drawings.bars(["a"], [float("nan")], ["no data"], title="t")


def test_mark_is_drawn_across_every_bar() -> None:
    html = drawings.bars(["a", "b"], [0.1, 0.2], ["x", "y"], title="t", mark=(0.5, "5%"))
    assert html.count("border-left:1px dashed") == 2
    assert ">5%<" in html
