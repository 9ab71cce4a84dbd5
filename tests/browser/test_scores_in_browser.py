"""Accessibility scores on the Coverage gaps page: a deep link, the map, another method."""

import pytest
from atlas_reader import COUNTIES, Reader
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_link_opens_the_scores_and_another_method_changes_them(reader: Reader) -> None:
    reader.open("/gaps", topic="scores", score="2sfca", model="straight")
    said = reader.main.get_by_role("heading", level=3).first
    expect(said).to_contain_text("beds per 100,000 people within 60 minutes")
    seen = reader.map()
    assert seen["areas"] == COUNTIES
    assert seen["error"] == ""
    before = said.inner_text()
    with reader.repaint():
        reader.press("score", "RAAM")
    expect(said).to_contain_text("travel and crowding together")
    assert said.inner_text() != before
    assert "score=" in reader.page.url
