"""Deserts and catchments on the Coverage gaps page: painted, clicked, reopened by a link."""

import pytest
from atlas_reader import NewReader, Reader
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TABLE = "stDataFrame"
WEST_TEXAS = (31.8, -103.0)
HOUSTON = (29.70, -95.40)


def card(reader: Reader, title: str) -> None:
    expect(reader.main.get_by_role("heading", level=3).filter(has_text=title).last).to_be_visible()


def test_a_desert_is_painted_clicked_and_reopened(reader: Reader, new_reader: NewReader) -> None:
    reader.open("/gaps", topic="deserts", within="120", model="straight")
    said = reader.main.get_by_role("heading", level=3).first
    expect(said).to_contain_text("treatment deserts beyond 2 hours")
    assert reader.map()["polygons"] > 1
    reader.click_map(*WEST_TEXAS)
    reader.page.wait_for_url("**desert=**")
    reader.ready()
    card(reader, ", TX")
    name = reader.main.get_by_role("heading", level=3).nth(1).inner_text()
    people = reader.metric("Beyond 2 hours")

    other = new_reader()
    other.follow(reader.page.url)
    card(other, name)
    assert other.metric("Beyond 2 hours") == people
    lat, lon, _ = other.position()
    assert abs(lat - WEST_TEXAS[0]) < 4
    assert abs(lon - WEST_TEXAS[1]) < 6


def test_every_row_links_to_its_desert(reader: Reader) -> None:
    reader.open("/gaps", topic="deserts", within="120", model="straight")
    table = reader.main.get_by_test_id(TABLE).last
    name, link = reader.cells(table, 0)[1], reader.cells(table, 1)[1]
    assert "desert=" in link
    reader.follow(f"{reader.url}/gaps{link}")
    card(reader, name)


def test_a_centre_shows_its_catchment(reader: Reader) -> None:
    reader.open("/gaps", topic="catchments", model="straight", state="TX")
    table = reader.main.get_by_test_id(TABLE).last
    assert len(reader.cells(table, 0)) > 3
    assert all(int(cell.replace(",", "")) >= 0 for cell in reader.cells(table, 2))
    reader.click_map(*HOUSTON)
    reader.page.wait_for_url("**site=TC**")
    reader.ready()
    card(reader, "Houston, TX")
    assert reader.metric("Nearest centre for").endswith(("million", "000"))
