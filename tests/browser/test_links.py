"""Addresses: the first thing a new server is asked, links passed on, Back and Forward, nonsense."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from atlas_reader import COUNTIES, NewReader, Reader
from atlas_server import Server
from playwright.sync_api import expect

from dashboard import text
from dashboard.state import LABELS, parse

pytestmark = pytest.mark.browser

DEEP = {
    "Overview": (
        "/",
        {"within": "90", "ages": "pediatric", "therapy": "car_t", "evidence": "documented",
         "state": "TX", "low": "true", "model": "straight", "units": "km"},
    ),
    "Map": (
        "/map",
        {"within": "75", "therapy": "hct", "evidence": "listed_secondary", "model": "detour",
         "level": "state", "layers": ["areas", "treatment"], "near": "Houston, TX",
         "county": "56037"},
    ),
    "Coverage gaps": (
        "/gaps",
        {"within": "50", "metric": "miles", "ages": "adult", "by": "rurality", "state": "CA",
         "units": "km"},
    ),
    "Methods and validation": ("/methods", {"within": "45", "ages": "adult", "state": "NM"}),
    "Data": ("/data", {"within": "120", "therapy": "til", "model": "straight"}),
}  # fmt: skip
BUTTONS = {"metric", "ages", "units", "level"}


def expected_headline(title: str, query: Mapping[str, str | list[str]]) -> str:
    """What the page must say of the view in the address."""
    view = parse(query).selection
    if title == "Map":
        return text.map_title(view)
    if title not in ("Overview", "Coverage gaps"):
        return title
    return (
        f"{text.audience(view)} in {text.place(view.state)} live more than {text.threshold(view)} "
        f"from {text.centre_phrase(view)}."
    )


def expect_setting(reader: Reader, key: str, value: str | list[str]) -> None:
    """A widget shows what the address says."""
    widget = reader.widget(key)
    if key == "within":
        expect(reader.slider()).to_have_value(str(value))
    elif key == "low":
        expect(widget.locator("input")).to_be_checked()
    elif key == "near":
        expect(widget.locator("input")).to_have_value(str(value))
    elif key == "layers":
        expect(widget.locator('[aria-pressed="true"]')).to_have_text(
            [LABELS["layers"][layer] for layer in value]
        )
    elif key in BUTTONS:
        expect(widget.locator('[aria-checked="true"]')).to_have_text(LABELS[key][str(value)])
    elif key != "county":
        expect(widget.locator("input")).to_have_value(LABELS[key][str(value)])


@pytest.mark.parametrize("title", DEEP)
def test_a_deep_link_is_the_first_thing_a_new_server_is_asked(
    title: str, new_reader: NewReader, tmp_path: Path
) -> None:
    path, query = DEEP[title]
    with Server(tmp_path / "server.log") as cold:
        reader = new_reader(cold)
        reader.open(path, **query)
        expect(reader.headline).to_contain_text(expected_headline(title, query))
        for key, value in query.items():
            expect_setting(reader, key, value)
        expect(reader.alerts).to_have_count(0)
        if path in ("/", "/map"):
            assert reader.map()["areas"] == COUNTIES
            assert reader.map()["sites"] > 0
        if title == "Map":
            expect(reader.main.get_by_role("table", name="Nearest centres")).to_be_visible()
            expect(reader.detail()).to_contain_text("Sweetwater")
        assert "Traceback" not in cold.written()


def test_a_link_opens_the_same_view_for_somebody_else(
    reader: Reader, new_reader: NewReader
) -> None:
    reader.open("/map")
    for act in (
        lambda: reader.press("ages", "Adults"),
        lambda: reader.pick("evidence", LABELS["evidence"]["documented"]),
        lambda: reader.pick("role", LABELS["role"]["cell_collection"]),
        lambda: reader.press("level", LABELS["level"]["state"]),
    ):
        with reader.repaint():
            act()
    expected = {
        "ages": "adult",
        "evidence": "documented",
        "role": "cell_collection",
        "level": "state",
    }
    for key, value in expected.items():
        reader.wait_for_query(key, LABELS[key][value])
    other = new_reader()
    other.follow(reader.page.url)
    assert other.headline.inner_text() == reader.headline.inner_text()
    for key in ("requested", "sites", "view"):
        assert other.map()[key] == reader.map()[key]
    assert other.query() == reader.query()


def test_back_and_forward_keep_the_view(reader: Reader) -> None:
    reader.open("/", within="90", ages="adult")
    said = reader.headline.inner_text()
    reader.go_to("Coverage gaps")
    expect(reader.widget("by")).to_be_visible()
    expect(reader.headline).to_have_text(said)
    reader.go_to("Data")
    expect(reader.headline).to_have_text("Data")
    reader.page.go_back()
    expect(reader.widget("by")).to_be_visible()
    expect(reader.headline).to_have_text(said)
    reader.page.go_back()
    expect(reader.main.get_by_text("Centres counted")).to_be_visible()
    expect(reader.headline).to_have_text(said)
    reader.ready()
    expect(reader.slider()).to_have_value("90")
    reader.page.go_forward()
    expect(reader.widget("by")).to_be_visible()
    expect(reader.headline).to_have_text(said)


@pytest.mark.parametrize("path", ["/", "/map"])
def test_nonsense_in_a_link_is_named_and_the_default_view_shown(path: str, reader: Reader) -> None:
    reader.open(path)
    said = reader.headline.inner_text()
    reader.open(
        path, within="soon", ages="dogs", state="ZZ", site="TC999", county="abc", near="<b>x</b>",
        layers="lava", nonsense="<script>alert(1)</script>",
    )  # fmt: skip
    expect(reader.alerts).to_have_count(1)
    for word in ("within", "dogs", "ZZ", "TC999", "abc", "near", "lava", "nonsense"):
        expect(reader.alerts).to_contain_text(word)
    expect(reader.headline).to_have_text(said)
    expect(reader.slider()).to_have_value("60")
    assert reader.map()["areas"] == COUNTIES
