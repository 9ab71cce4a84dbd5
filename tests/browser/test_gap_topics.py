"""Topics of blood centres and of travel models: deep links, maps, and sliders that count anew."""

import re

import pytest
from atlas_reader import COUNTIES, Reader
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_blood_centre_link_paints_both_kinds_of_sites_and_the_slider_counts_anew(
    reader: Reader,
) -> None:
    reader.open("/gaps", topic="opportunity", blood="45", role="apheresis", state="TX")
    said = reader.main.get_by_role("heading", level=3, name=re.compile("beyond 60 minutes"))
    expect(said).to_contain_text("within 45 minutes of a blood centre with apheresis")
    painted = reader.map()
    assert painted["areas"] == COUNTIES
    assert painted["sites"] > 200
    expect(reader.main.get_by_label("Map legend")).to_contain_text("Nobody beyond")
    before = said.inner_text()
    with reader.repaint():
        reader.widget("blood").get_by_role("slider").press("ArrowRight")
    expect(said).to_contain_text("within 46 minutes")
    assert said.inner_text() != before
    reader.wait_for_query("blood", "46")


def test_model_link_paints_differences_and_the_threshold_counts_anew(reader: Reader) -> None:
    reader.open("/gaps", topic="models", places="county")
    said = reader.main.get_by_role("heading", level=3, name=re.compile("A straight line hides"))
    expect(said).to_contain_text("million people in the United States")
    assert reader.map()["areas"] == COUNTIES
    expect(reader.main.get_by_label("Map legend")).to_contain_text("about equal")
    chart = reader.main.get_by_role("figure", name=re.compile("straight line misjudges"))
    expect(chart.locator("g.points path, g.point path").first).to_be_attached()
    before = said.inner_text()
    reader.slider().press("ArrowRight")
    expect(said).to_contain_text("within 61 minutes")
    assert said.inner_text() != before
    reader.wait_for_query("within", "61")
