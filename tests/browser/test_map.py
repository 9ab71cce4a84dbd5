"""The maps: painted with what they should show, and what clicking, searching and moving do."""

from urllib.parse import urlsplit

import numpy as np
import pandas as pd
import pytest
from atlas_reader import COUNTIES, Reader
from playwright.sync_api import expect

from dashboard import text
from dashboard.state import LABELS
from data import load
from geo.units import KM_PER_MILE

pytestmark = pytest.mark.browser

SWEETWATER = ("56037", "Sweetwater County, WY", 41.66, -108.88)
KILOMETRES = {"km": 1.0, "mi": KM_PER_MILE}


def most_alone(wanted: pd.Series) -> pd.Series:
    """Row among those wanted whose nearest other site of either kind is farthest away."""
    treatment, blood = load.treatment_centers(), load.blood_centers()
    every = pd.concat([treatment, blood]).dropna(subset=["lat", "lon"])
    candidates = every[every["id"].isin(wanted) & every["lat"].between(25, 49)]
    distance = np.hypot(
        candidates["lat"].to_numpy()[:, None] - every["lat"].to_numpy(),
        candidates["lon"].to_numpy()[:, None] - every["lon"].to_numpy(),
    )
    distance[candidates["id"].to_numpy()[:, None] == every["id"].to_numpy()] = np.inf
    return candidates.iloc[int(distance.min(axis=1).argmax())]


def with_page(evidence: pd.DataFrame) -> pd.DataFrame:
    """Claims with a page address and a date."""
    return evidence[evidence["source_url"].fillna("").str.startswith("http")].dropna(
        subset=["source_date"]
    )


def expect_claims(reader: Reader, evidence: pd.DataFrame, identifier: str) -> None:
    """Every claim about a site stands on the page with its address and date."""
    claims = with_page(evidence)
    claims = claims[claims["id"] == identifier]
    assert len(claims)
    for claim in claims.itertuples():
        line = reader.main.get_by_role("listitem").filter(
            has=reader.page.locator(f'a[href="{claim.source_url}"]')
        )
        expect(line.first).to_contain_text(str(urlsplit(claim.source_url).hostname))
        assert any(str(claim.source_date) in said for said in line.all_inner_texts())


def test_overview_paints_every_county_and_every_centre_that_counts(reader: Reader) -> None:
    reader.open("/")
    seen = reader.map()
    assert seen["areas"] == COUNTIES == len(load.counties())
    assert seen["sites"] == int(reader.metric("Centres counted").replace(",", ""))
    assert seen["error"] == ""
    colours = reader.frame.evaluate(
        """() => {
          const canvas = document.querySelector("canvas");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          const seen = new Set();
          for (let i = 0; i < data.length; i += 4 * 37) {
            seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
          }
          return seen.size;
        }"""
    )
    assert colours > 20  # seven shades, borders and symbols; an empty canvas has one


def test_click_on_a_county_gives_its_detail(reader: Reader) -> None:
    fips, name, lat, lon = SWEETWATER
    reader.open("/map", layers="areas")
    x, y = reader.point(lat, lon)
    reader.page.mouse.move(x, y)
    reader.wait_for_map("() => window.__atlas.hover.startsWith('Sweetwater County, WY')")
    with reader.repaint():
        reader.page.mouse.click(x, y)
    expect(reader.detail()).to_have_text(name)
    reader.wait_for_query("county", fips)
    shares = load.zcta_county()
    people = shares.loc[shares["county_fips"] == fips, "population"].sum()
    assert reader.metric("People") == text.people(float(people))
    reader.look_at(38.0, -96.0, 4)
    with reader.repaint():
        reader.click_map(30.0, -125.5)  # the ocean
    reader.expect_no_detail()
    reader.wait_for_query("county", None)


def test_click_on_a_hospital_gives_its_claims_with_page_and_date(reader: Reader) -> None:
    centres = load.treatment_centers()
    documented = centres[
        (centres["best_evidence"] == "documented") & (centres["confidence"] != "low")
    ]
    evidence = load.treatment_center_evidence()
    site = most_alone(documented.loc[documented["id"].isin(with_page(evidence)["id"]), "id"])
    reader.open("/map")
    reader.look_at(site["lat"], site["lon"], 9)
    with reader.repaint():
        reader.click_map(site["lat"], site["lon"])
    expect(reader.detail()).to_have_text(f"{site['name']}, {site['city']}, {site['state']}")
    reader.wait_for_query("site", site["id"])
    expect_claims(reader, evidence, site["id"])


def test_click_on_a_blood_centre_gives_its_roles_and_claims(reader: Reader) -> None:
    centres = load.blood_centers()
    sure = centres[centres["confidence"] != "low"]
    evidence = load.blood_center_evidence()
    site = most_alone(sure.loc[sure["id"].isin(with_page(evidence)["id"]), "id"])
    reader.open("/map")
    reader.look_at(site["lat"], site["lon"], 9)
    with reader.repaint():
        reader.click_map(site["lat"], site["lon"])
    expect(reader.detail()).to_contain_text(f"{site['org']}: {site['facility']}")
    reader.wait_for_query("site", site["id"])
    expect(reader.main).to_contain_text(f"Network: {site['network_group']}")
    expect_claims(reader, evidence, site["id"])


def test_search_by_zip_code_and_by_city(reader: Reader) -> None:
    reader.open("/map")
    box = reader.main.get_by_role("searchbox")
    for wanted, place in (("77030", "ZIP 77030, Houston, TX"), ("Billings, MT", "Billings, MT")):
        with reader.repaint():
            box.fill(wanted)
            box.press("Enter")
        expect(reader.main.get_by_text(f"From {place} the nearest centre is")).to_be_visible()
        rows = reader.main.get_by_role("table", name="Nearest centres").get_by_role("row")
        expect(rows).to_have_count(5)  # header, three hospitals, a blood centre
        reader.wait_for_query("near", wanted)


@pytest.mark.parametrize(
    ("wanted", "offered"), [("Wichitonga, KS", "Wichita, KS"), ("10000", "ZIP 10001, New York, NY")]
)
def test_an_unknown_place_is_answered_with_near_matches(
    wanted: str, offered: str, reader: Reader
) -> None:
    reader.open("/map")
    box = reader.main.get_by_role("searchbox")
    box.fill(wanted)
    box.press("Enter")
    expect(reader.alerts).to_contain_text(wanted)
    expect(reader.main.get_by_role("table", name="Nearest centres")).to_have_count(0)
    button = reader.main.get_by_role("button", name=offered, exact=True)
    button.focus()
    button.press("Enter")
    expect(reader.main.get_by_role("table", name="Nearest centres")).to_be_visible()
    expect(reader.alerts).to_have_count(0)


def test_a_map_without_room_waits_until_it_has_some(reader: Reader) -> None:
    reader.open("/map")
    resize = "(width) => { map.getContainer().style.width = width; map.invalidateSize(false); }"
    reader.frame.evaluate(resize, "0px")
    before = reader.map()["painted"]
    reader.press("layers", LABELS["layers"]["blood"])
    reader.wait_for_map("(before) => __atlas.requested !== before", before)
    reader.frame.evaluate("() => new Promise((done) => setTimeout(done, 200))")
    assert reader.map()["painted"] == before
    reader.frame.evaluate(resize, "100%")
    reader.wait_for_map("() => __atlas.painted === __atlas.requested")


def test_layers_can_be_switched_off(reader: Reader) -> None:
    reader.open("/map")
    both = reader.map()["sites"]
    with reader.repaint():
        reader.press("layers", LABELS["layers"]["blood"])
    hospitals = reader.map()["sites"]
    centres = load.blood_centers()
    assert both - hospitals == int((centres["confidence"] != "low").sum())
    expect(reader.main.get_by_label("Map legend")).not_to_contain_text("Blood centre")
    with reader.repaint():
        reader.press("layers", LABELS["layers"]["treatment"])
    assert reader.map()["sites"] == 0
    with reader.repaint():
        reader.press("layers", LABELS["layers"]["blood"])
    assert reader.map()["sites"] == both - hospitals


def test_pan_and_zoom_ask_the_server_nothing_and_are_kept(reader: Reader) -> None:
    reader.open("/map", layers="areas")
    before = reader.position()
    asked = reader.reruns
    x, y = reader.point(*before[:2])
    reader.page.mouse.move(x, y)
    reader.page.mouse.down()
    reader.page.mouse.move(x - 60, y + 40, steps=5)
    reader.page.mouse.up()
    reader.wait_for_map("(lon) => window.map.getCenter().lng > lon + 1", before[1])
    reader.page.mouse.wheel(0, -300)
    reader.wait_for_map(
        "(zoom) => window.map.getZoom() > zoom && !window.map._animatingZoom", before[2]
    )
    zoomed = reader.position()[2]
    reader.frame.get_by_role("button", name="Zoom in").click()
    reader.wait_for_map(
        "(zoom) => window.map.getZoom() > zoom && !window.map._animatingZoom", zoomed
    )
    left_at = reader.position()
    with reader.repaint():
        reader.press("level", LABELS["level"]["state"])
    # A message sent late by pan or zoom would have come before the answer to this one.
    assert reader.reruns == asked + 1
    assert reader.position() == pytest.approx(left_at, abs=1e-6)


def test_buttons_in_the_map_go_to_alaska_and_back(reader: Reader) -> None:
    reader.open("/")
    asked = reader.reruns
    reader.frame.get_by_role("button", name="Alaska").click()
    reader.wait_for_map("() => window.map.getCenter().lat > 55 && !window.map._animatingZoom")
    reader.frame.get_by_role("button", name="Lower 48").click()
    reader.wait_for_map("() => window.map.getCenter().lat < 45 && !window.map._animatingZoom")
    assert reader.reruns == asked


def test_miles_and_kilometres(reader: Reader) -> None:
    reader.open("/map", near="Billings, MT", metric="miles", within="50")
    rows = reader.main.get_by_role("table", name="Nearest centres").get_by_role("row")

    def distances(unit: str) -> list[float]:
        expect(rows.nth(1)).to_contain_text(f" {unit}")
        said = [row.get_by_role("cell").last.inner_text().split() for row in rows.all()[1:]]
        assert {word for _, word in said} == {unit}
        return [float(number.replace(",", "")) * KILOMETRES[unit] for number, _ in said]

    in_miles = distances("mi")
    with reader.repaint():
        reader.press("units", "km")
    assert distances("km") == pytest.approx(in_miles, rel=0.05, abs=0.9)
    expect(reader.main.get_by_label("Map legend")).to_contain_text("kilometres")
    reader.go_to("Overview")
    expect(reader.headline).to_contain_text("more than 50 miles (80 km)")
