"""Drive-time bands on the map: painted, of one site on a click, and as a file."""

import json

import pytest
import shapely
from atlas_reader import Reader
from playwright.sync_api import expect
from test_map import most_alone

from data import load

pytestmark = pytest.mark.browser


def test_bands_of_all_centres_then_of_the_one_that_is_clicked(reader: Reader) -> None:
    centres = load.treatment_centers()
    site = most_alone(
        centres.loc[(centres["car_t"] == "documented") & centres["treats_adults"], "id"]
    )
    reader.open("/map", level="bands", model="straight", bands="30,60,120")
    assert reader.map()["polygons"] == 5  # three bands, what is farther, and no road
    expect(reader.main).to_contain_text("live within 30 minutes of a centre for them")
    reader.look_at(site["lat"], site["lon"], 9)
    x, y = reader.point(site["lat"], site["lon"] + 0.2)
    reader.page.mouse.move(x, y)
    reader.wait_for_map("() => window.__atlas.hover.endsWith('— within 30 minutes')")
    with reader.repaint():
        reader.click_map(site["lat"], site["lon"])
    expect(reader.detail()).to_contain_text(site["name"])
    expect(reader.main).to_contain_text(f"live within 30 minutes of {site['name']}")
    assert reader.map()["polygons"] == 3
    name, content = reader.download(
        reader.main.get_by_role("button", name="Download bands (GeoJSON)")
    )
    assert name.endswith(".geojson")
    features = json.loads(content)["features"]
    assert [one["properties"]["minutes_to"] for one in features] == [30, 60, 120]
    nearest = shapely.from_geojson(json.dumps(features[0]["geometry"]))
    assert nearest.contains(shapely.Point(site["lon"], site["lat"]))


def test_bands_that_cannot_be_drawn_are_explained_and_the_map_stays(reader: Reader) -> None:
    reader.open("/map", level="bands", model="straight", bands="30,60")
    before = reader.map()["painted"]
    box = reader.widget("bands").get_by_role("textbox")
    box.fill("60,30")
    box.press("Enter")
    expect(reader.page.get_by_role("alert")).to_contain_text("30 comes after 60")
    reader.ready()
    assert reader.map()["painted"] == before
    with reader.repaint():
        box.fill("30,90")
        box.press("Enter")
    expect(reader.page.get_by_role("alert")).to_have_count(0)
    expect(reader.main).to_contain_text("within 90")
