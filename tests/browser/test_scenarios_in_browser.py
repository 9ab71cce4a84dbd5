"""Saving and sharing a view, as two readers do it."""

import pytest
from atlas_reader import Reader
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_view_is_saved_opened_by_link_and_changed(reader: Reader) -> None:
    reader.open("/map", state="VT", within="45")
    reader.page.get_by_role("button", name="Save this view").click()
    reader.page.get_by_role("textbox", name="Name").fill("Vermont <i>45</i>")
    reader.page.get_by_role("button", name="Save", exact=True).click()
    expect(reader.page.get_by_text("Saved.")).to_be_visible()
    links = reader.page.get_by_role("dialog").get_by_test_id("stCode")
    expect(links).to_have_count(2)
    to_open, to_change = (link.inner_text().replace("\n", "") for link in links.all())
    assert to_change.startswith(to_open)
    reader.page.goto(to_open)
    expect(reader.main.get_by_text("Vermont <i>45</i>")).to_be_visible()
    reader.ready()
    assert "/map?" in reader.page.url
    assert "Vermont" in reader.page.url
    assert "scenario" not in reader.page.url
    reader.page.goto(to_change)
    expect(reader.main.get_by_text("Vermont <i>45</i>")).to_be_visible()
    reader.ready()
    reader.page.get_by_role("button", name="Save this view").click()
    name = reader.page.get_by_role("textbox", name="Name")
    expect(name).to_have_value("Vermont <i>45</i>")
    name.fill("Vermont again")
    reader.page.get_by_role("button", name="Save changes").click()
    expect(reader.page.get_by_text("Saved.")).to_be_visible()
    reader.page.goto(to_open)
    expect(reader.main.get_by_text("Vermont again")).to_be_visible()
