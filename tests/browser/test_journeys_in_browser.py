"""The Journeys page in a browser: legs of cells painted, changed, and reopened by a link."""

import re

import pytest
from atlas_reader import COUNTIES, NewReader, Reader
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

FINDING = re.compile(r"Cells of ([\d.]+)% of patients")


def share(reader: Reader) -> float:
    said = reader.main.get_by_role("heading", level=3).first
    expect(said).to_contain_text(FINDING)
    found = FINDING.search(said.inner_text())
    assert found is not None
    return float(found[1])


def test_legs_are_painted_and_a_link_reopens_them(reader: Reader, new_reader: NewReader) -> None:
    reader.open("/journeys", journeys="legs", model="straight")
    before = share(reader)
    assert reader.map()["areas"] == COUNTIES
    reader.press("journeys_hubs", "Large hubs")
    reader.wait_for_query("hubs", "large")
    reader.ready()
    assert share(reader) == before  # airports change nothing for what is driven

    other = new_reader(viewport={"width": 390, "height": 844})
    other.follow(f"{reader.page.url}&leg=60")
    assert share(other) < before
    expect(other.main.get_by_role("heading", level=3).first).to_contain_text("within 60 minutes")


def test_what_a_model_saves_is_said_and_painted(reader: Reader) -> None:
    reader.open("/journeys", journeys="places", model="straight", care="local")
    said = reader.main.get_by_role("heading", level=3).first
    expect(said).to_contain_text("All near home would save")
    expect(said).to_contain_text("hours of travel a year")
    assert reader.map()["areas"] == COUNTIES
    reader.press("care_measure", "US dollars")
    reader.wait_for_query("measure", "dollars")
    reader.ready()
    expect(said).to_contain_text("$")
