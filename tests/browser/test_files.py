"""Files out and in: every download, and a reader's own facilities."""

import io
import re

import pandas as pd
import pytest
from atlas_reader import Reader
from atlas_server import ROOT
from PIL import Image
from playwright.sync_api import FilePayload, expect

from dashboard.exports import PROVENANCE_COLUMNS
from data.adapters.user_files import read_facilities
from data.catalogue import DATASETS
from data.errors import UserFileError

pytestmark = pytest.mark.browser

GOLDEN = ROOT / "tests" / "golden"
OWN = b"""name,lat,lon,ages_treated
Billings,45.7833,-108.5007,adult+pediatric
Bismarck,46.8083,-100.7837,adult+pediatric
Albuquerque,35.0844,-106.6504,adult
"""


def problems_of(name: str, content: bytes, *, rows: int | None = None) -> list[str]:
    """What is wrong with a downloaded table."""
    if not re.fullmatch(r"bcar-atlas-[a-z0-9-]+\.(csv|xlsx)", name):
        return [f"{name}: not a good name for a file"]
    if name.endswith(".xlsx"):
        sheets = pd.read_excel(io.BytesIO(content), sheet_name=None, dtype=str)
        said = dict(sheets["About"].itertuples(index=False, name=None))
        problems = [] if len(sheets["Data"]) else [f"{name}: no rows"]
        return problems + [f"{name}: no {key}" for key in ("Source", "Link") if not said.get(key)]
    table = pd.read_csv(io.BytesIO(content), low_memory=False, encoding="utf-8-sig")
    found = [] if len(table) else [f"{name}: no rows"]
    if rows is not None and len(table) != rows:
        found.append(f"{name}: {len(table)} rows instead of {rows}")
    missing = [column for column in PROVENANCE_COLUMNS if column not in table]
    if missing:
        return [*found, f"{name}: no {missing}"]
    empty = [column for column in PROVENANCE_COLUMNS[:3] if table[column].isna().any()]
    return found + [f"{name}: {column} is empty" for column in empty]


@pytest.mark.parametrize(("path", "files"), [("/", 6), ("/map", 6), ("/gaps", 4), ("/methods", 4)])
def test_tables_of_a_view_can_be_downloaded(path: str, files: int, reader: Reader) -> None:
    reader.open(path, ages="adult")
    buttons = reader.main.get_by_test_id("stDownloadButton").get_by_role("button")
    expect(buttons).to_have_count(files)
    problems = []
    for button in buttons.all():
        name, content = reader.download(button)
        problems += problems_of(name, content)
        if name.endswith(".xlsx"):
            continue
        table = pd.read_csv(io.BytesIO(content), encoding="utf-8-sig")
        if path != "/methods" and not table["atlas_view"].str.endswith(f"{path}?ages=adult").all():
            problems.append(f"{name}: does not say which view")
    assert not problems


PICTURES = {
    "PNG": (b"\x89PNG", "png"),
    "SVG": (b"<?xml", "svg"),
    "PDF": (b"%PDF", "pdf"),
    "GeoJSON": (b'{"type":"FeatureCollection"', "geojson"),
    "GeoParquet": (b"PAR1", "parquet"),
}


def test_a_map_can_be_saved_with_a_title_of_ones_own(reader: Reader) -> None:
    reader.open("/map", state="VT")
    reader.main.get_by_role("button", name="Save map").press("Enter")
    title = reader.page.get_by_role("textbox", name="Title")
    expect(title).to_have_value(re.compile("people in Vermont live more than 60 minutes"))
    title.fill("Vermont has one hospital")
    title.press("Control+Enter")
    # The buttons of the old title may be pressed until the dialog has been drawn again.
    reader.page.wait_for_timeout(2000)
    reader.ready()
    for label, (start, suffix) in PICTURES.items():
        button = reader.page.get_by_role("button", name=label, exact=True)
        name, content = reader.download(button)
        assert content.startswith(start), label
        assert name.endswith(f".{suffix}")
        if label == "PNG":
            said = Image.open(io.BytesIO(content)).text  # type: ignore[attr-defined]  # of a PNG file
            assert said["Title"] == "Vermont has one hospital"
            assert said["Source"].endswith("/map?state=VT")


def test_every_table_can_be_downloaded(reader: Reader) -> None:
    reader.open("/data")
    tables = reader.main.get_by_test_id("stExpander")
    expect(tables).to_have_count(len(DATASETS))
    problems = []
    for table in tables.all():
        title = table.locator("summary").inner_text()
        rows = int(re.search(r"([\d,]+) rows", title)[1].replace(",", ""))  # type: ignore[index]
        table.locator("summary").press("Enter")
        button = table.get_by_role("button", name="Download as CSV", exact=True)
        problems += problems_of(*reader.download(button), rows=rows)
    assert not problems


def test_own_facilities_replace_the_centres_until_undone(reader: Reader) -> None:
    reader.open("/data")
    reader.main.locator('input[type="file"]').set_input_files(
        FilePayload(name="own.csv", mimeType="text/csv", buffer=OWN)
    )
    expect(reader.main.get_by_text("3 facilities can be used.")).to_be_visible()
    reader.main.get_by_role("button", name="Use them on every page").click()
    banner = reader.main.get_by_text("All figures use your own 3 facilities")
    expect(banner).to_be_visible()
    reader.go_to("Overview")
    expect(reader.headline).to_contain_text("from one of your own facilities")
    expect(banner).to_be_visible()
    reader.ready()
    assert reader.metric("Centres counted") == "3"
    assert reader.map()["sites"] == 3
    with reader.repaint():
        reader.main.get_by_role("button", name="Back to the built-in centres").click()
    expect(banner).to_have_count(0)
    expect(reader.headline).to_contain_text("from a hospital")
    assert reader.map()["sites"] == int(reader.metric("Centres counted")) > 3


def test_the_template_can_be_uploaded_as_it_is(reader: Reader) -> None:
    reader.open("/data")
    name, content = reader.download(reader.main.get_by_role("button", name="Template"))
    reader.main.locator('input[type="file"]').set_input_files(
        FilePayload(name=name, mimeType="text/csv", buffer=content)
    )
    expect(reader.main.get_by_text(re.compile(r"^\d+ facilities can be used"))).to_be_visible()


def test_all_problems_of_a_bad_file_are_listed(reader: Reader) -> None:
    bad = GOLDEN / "facilities_problems.csv"
    with pytest.raises(UserFileError) as raised:
        read_facilities(bad)
    reader.open("/data")
    reader.main.locator('input[type="file"]').set_input_files(bad)
    expect(reader.alerts).to_have_count(1)
    expect(reader.alerts.get_by_role("listitem")).to_have_count(len(raised.value.problems))
    expect(reader.alerts).to_contain_text("nothing has changed")
    expect(reader.main.get_by_role("button", name="Use them on every page")).to_have_count(0)
    reader.go_to("Overview")
    expect(reader.headline).to_contain_text("from a hospital")
