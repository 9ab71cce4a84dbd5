"""Equity as a reader sees it: groups pressed, charts drawn with all groups, tables and files."""

import csv
import io
import re

import pytest
from atlas_reader import NewReader, Reader
from playwright.sync_api import expect

from dashboard.state import LABELS

pytestmark = pytest.mark.browser

ALTS = (
    "Share of each group within each travel",
    "Median travel of every group",
    "Gap between the worst-off group and the reference group by state",
    "Share of travel and of people beyond that the poorest people have",
    "Share of travel that the nearest people have",
)
LINES = {"race": 7, "rurality": 4}


def test_groups_pressed_are_compared_and_stand_in_the_address(reader: Reader) -> None:
    reader.open("/gaps", topic="equity", model="straight")
    curves = reader.main.get_by_role("figure", name=ALTS[0])
    expect(curves.locator(".scatterlayer path.js-line")).to_have_count(LINES["race"])
    for alt in ALTS:
        figure = reader.main.get_by_role("figure", name=alt)
        expect(figure.locator("path.js-line, g.points path, g.point path").first).to_be_attached()
    reader.press("by", LABELS["by"]["rurality"])
    title = "How far people travel, by rurality"
    expect(reader.main.get_by_role("heading", name=title)).to_be_visible()
    expect(curves.locator(".scatterlayer path.js-line")).to_have_count(LINES["rurality"])
    reader.wait_for_query("by", LABELS["by"]["rurality"])


def test_figures_fit_a_phone_and_files_hold_the_table(new_reader: NewReader) -> None:
    reader = new_reader(viewport={"width": 390, "height": 844})
    reader.open("/gaps", topic="equity", by="rurality", model="straight", state="TX")
    expect(reader.main.get_by_text(re.compile(r"^In Texas the gap between people"))).to_be_visible()
    for alt in (alt for alt in ALTS if "by state" not in alt):
        box = reader.main.get_by_role("figure", name=alt).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    button = reader.main.get_by_role("button", name="States as CSV")
    name, content = reader.download(button)
    assert name.startswith("bcar-atlas-equity-states")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row["label"] for row in rows] == ["Texas", "United States"]
    assert all(float(row["gap_low"]) <= float(row["gap"]) <= float(row["gap_high"]) for row in rows)
