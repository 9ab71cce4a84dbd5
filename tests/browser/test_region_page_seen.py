"""What a reader does with regions: find one by keyboard, open it by its address, print it."""

from atlas_reader import Reader
from playwright.sync_api import expect

SEARCH = "Find a ZIP code, city, county, state or facility"


def test_a_region_is_found_by_keyboard_and_has_an_address(reader: Reader) -> None:
    reader.open("/region", model="straight")
    box = reader.main.get_by_label(SEARCH)
    box.focus()
    reader.page.keyboard.type("flathed county")
    reader.page.keyboard.press("Enter")
    heading = reader.main.get_by_role("heading", name="In Flathead County, MT")
    expect(heading).to_be_visible()
    expect(reader.main.get_by_text("this is the nearest name")).to_be_visible()
    reader.wait_for_query("region", "county:30029")
    address = reader.page.url
    reader.follow(address)
    expect(reader.main.get_by_role("heading", name="In Flathead County, MT")).to_be_visible()


def test_a_state_found_on_the_map_leads_to_its_page(reader: Reader) -> None:
    reader.open("/map", model="straight", near="Wyoming")
    reader.main.get_by_role("link", name="Everything about Wyoming").click()
    expect(reader.main.get_by_role("heading", name="In Wyoming")).to_be_visible()
    reader.wait_for_query("region", "state:WY")


def test_paper_gets_the_report_without_the_app(reader: Reader) -> None:
    reader.open("/region", model="straight", region="hrr:397")
    page = reader.page
    heading = reader.main.get_by_role("heading", name="In the Houston, TX referral region")
    expect(heading).to_be_visible()
    page.emulate_media(media="print")
    for unprinted in (
        page.get_by_test_id("stSidebar"),
        reader.main.get_by_label(SEARCH),
        reader.main.get_by_role("button", name="Figures as CSV"),
    ):
        expect(unprinted).not_to_be_visible()
    expect(heading).to_be_visible()
    expect(
        page.frame_locator('iframe[src*="streamlit_folium"]').locator("canvas").first
    ).to_be_visible()
    last = reader.main.get_by_text("Link to this page")
    expect(last).to_be_visible()
    # Nothing is cut off inside a box that scrolls: the whole report is the page.
    bottom = last.evaluate("element => element.getBoundingClientRect().bottom + window.scrollY")
    assert page.evaluate("document.documentElement.scrollHeight") >= bottom
    assert len(page.pdf(format="Letter", print_background=True)) > 50_000
