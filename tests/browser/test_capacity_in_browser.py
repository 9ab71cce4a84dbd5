"""What a reader does with capacity: follow a plan to its load, bring slots in a file, share it."""

import re

from atlas_reader import Reader
from playwright.sync_api import expect


def test_a_file_of_slots_changes_the_finding_and_is_in_the_link(reader: Reader) -> None:
    reader.open("/patients", model="straight", part="capacity", state="AL")
    finding = reader.main.get_by_role("heading", name="patients in Alabama find a slot")
    expect(finding).to_contain_text("nobody with a centre within 4 hours")
    assert reader.map()["sites"] > 0
    reader.main.get_by_text("Slots of every centre: change them here").click()
    upload = reader.main.locator("[data-testid=stFileUploader] input")
    bad = {"name": "slots.csv", "mimeType": "text/csv", "buffer": b"site,slots\nTC001,many\n"}
    upload.set_input_files(bad)
    expect(reader.main.get_by_text("row 2: slots is 'many'")).to_be_visible()
    upload.set_input_files(bad | {"buffer": b"site,slots\nTC001,40\n"})
    expect(reader.main.get_by_role("button", name="(1 set)")).to_be_visible()
    reader.page.wait_for_url(re.compile("slots=TC001"))


def test_the_planner_leads_to_the_load_of_its_sites(reader: Reader) -> None:
    reader.open("/planner", model="straight", count="2")
    reader.main.get_by_role("link", name="Load of this plan").click()
    expect(reader.main.get_by_text("With these 2 sites")).to_be_visible()
    expect(reader.main.get_by_role("button", name="Drop the 2 new sites")).to_be_visible()
