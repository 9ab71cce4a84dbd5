"""Figures on the pages: settings change them and the address; breakdowns, studies, trips."""

import re
from collections.abc import Callable

import pytest
from atlas_reader import NewReader, Reader
from playwright.sync_api import expect

from dashboard.state import LABELS
from data import load

pytestmark = pytest.mark.browser

CELLS_OTHER_THAN = """(before) => {
  const table = document.querySelector('[data-testid="stDataFrame"]');
  const cells = [...table.querySelectorAll('[data-testid^="glide-cell-0-"]')];
  return cells.length > 0 && cells.map((cell) => cell.textContent.trim()).join() !== before.join();
}"""
WIDE = {"width": 2000, "height": 900}
"""Only columns in sight are in the document."""


def test_every_setting_changes_the_figures_and_the_address(reader: Reader) -> None:
    reader.open("/")
    steps: list[tuple[str, str, Callable[[], None]]] = [
        ("within", "61", lambda: reader.slider().press("ArrowRight")),
        ("ages", "Children", lambda: reader.press("ages", "Children")),
        ("evidence", LABELS["evidence"]["documented"],
         lambda: reader.pick("evidence", LABELS["evidence"]["documented"])),
        ("therapy", "CAR-T", lambda: reader.pick("therapy", "CAR-T")),
        ("model", "Straight line", lambda: reader.pick("model", "Straight line")),
        ("metric", "Miles", lambda: reader.press("metric", "Miles")),
        ("state", "Texas", lambda: reader.pick("state", "Texas")),
    ]  # fmt: skip
    for key, value, act in steps:
        beyond = reader.main.get_by_text(re.compile(r"^That is [\d.]+%"))
        said = beyond.inner_text()
        reader.ready()
        act()
        expect(beyond).not_to_have_text(said)
        reader.wait_for_query(key, value)
    reader.ready()
    expect(reader.headline).to_contain_text("children in Texas live more than 61 miles")
    centres = load.treatment_centers()
    assert 0 < int(reader.metric("Centres counted")) < len(centres)
    assert reader.map()["sites"] == int(reader.metric("Centres counted"))


def test_weaker_evidence_counts_more_centres(reader: Reader) -> None:
    reader.open("/", evidence="any")
    sure = int(reader.metric("Centres counted"))
    with reader.repaint():
        reader.widget("low").get_by_text("Include low-confidence rows").click()
    centres = load.treatment_centers()
    assert int(reader.metric("Centres counted")) == len(centres)
    assert sure == int((centres["confidence"] != "low").sum())
    reader.wait_for_query("low", "true")


def test_every_breakdown_has_a_table_and_a_chart(reader: Reader) -> None:
    reader.open("/gaps")
    chart = reader.main.get_by_role("figure", name="Share of people beyond the threshold by group")
    table = reader.main.get_by_test_id("stDataFrame").first
    seen: set[tuple[str, ...]] = set()
    groups: list[str] = []
    for label in LABELS["by"].values():
        said = reader.main.get_by_text(re.compile(rf"^{label}: [\d.]+% of "))
        if not said.count():
            reader.pick("by", label)
        expect(said).to_be_visible()
        reader.ready()
        expect(chart.locator(".main-svg").first).to_be_visible()
        expect(chart.locator("g.points path, g.point path").first).to_be_attached()
        reader.page.wait_for_function(CELLS_OTHER_THAN, arg=groups)
        groups = reader.cells(table, 0)
        assert len(groups) >= 2
        assert all(re.fullmatch(r"[\d,]+", people) for people in reader.cells(table, 1))
        seen.add(tuple(groups))
    assert len(seen) == len(LABELS["by"])


def test_methods_show_verdicts_and_trips(new_reader: NewReader) -> None:
    reader = new_reader(viewport=WIDE)
    reader.open("/methods")
    tables = reader.main.get_by_test_id("stDataFrame")
    studies = tables.first
    header_cells = studies.locator('[role="columnheader"]')
    header_cells.filter(has_text="Verdict").wait_for(state="attached")
    header = header_cells.all_text_contents()
    verdicts = reader.cells(studies, header.index("Verdict"))
    count = len(load.validation_studies())
    expect(studies.locator('[role="grid"]')).to_have_attribute("aria-rowcount", str(count + 1))
    said = reader.main.get_by_text(re.compile(r"^Of \d+ published figures")).inner_text()
    total, met, missed, rest = (int(number) for number in re.findall(r"\b\d+\b", said))
    assert total == count == met + missed + rest
    for verdict, most in (("met", met), ("missed", missed), ("not reproducible", rest)):
        assert 0 < verdicts.count(verdict) <= most  # as many as are in sight
    assert set(verdicts) <= {"met", "missed", "not reproducible"}
    trips = reader.main.get_by_test_id("stExpander").filter(has_text="Every trip").first
    trips.locator("summary").click()
    driven = trips.get_by_test_id("stDataFrame")
    assert set(reader.cells(driven, 2)) <= set(load.calibration_trips()["trip_class"])
    expect(driven.locator('[role="grid"]')).to_have_attribute(
        "aria-rowcount", str(len(load.calibration_trips()) + 1)
    )
    figure = reader.main.get_by_role("figure", name=re.compile("Minutes by the road model"))
    expect(figure.locator("g.points path").first).to_be_attached()
    points = figure.locator("g.points path").count()
    assert points == len(load.calibration_trips())


def test_formulas_unfold(reader: Reader) -> None:
    reader.open("/methods")
    section = reader.main.get_by_test_id("stExpander").filter(has_text="Coverage").last
    section.locator("summary").click()
    expect(section.locator(".katex").first).to_be_visible()
