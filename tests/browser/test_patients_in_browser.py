"""What a reader does with patients and growth: choose a scenario, change an assumption, share it."""

from atlas_reader import Reader
from playwright.sync_api import expect


def heading(reader: Reader, words: str) -> None:
    expect(reader.main.get_by_role("heading", name=words)).to_be_visible()


def test_a_scenario_repaints_figure_and_map_and_the_link_reopens_it(reader: Reader) -> None:
    reader.open("/patients", model="straight", year="2035")
    heading(reader, "38,300 patients in the US")
    before = reader.map()
    reader.press("patients_preset", "Autoimmune arrives")
    heading(reader, "41,300 patients in the US")
    expect(reader.main.get_by_text("Eligible, not yet treated")).to_be_visible()
    assert before["sites"] > 0
    link = reader.page.url
    assert "preset=autoimmune" in link
    reader.follow(link)
    heading(reader, "41,300 patients in the US")


def test_a_number_typed_into_the_table_is_in_the_link(reader: Reader) -> None:
    reader.open("/patients", model="straight")
    reader.main.get_by_text("Assumptions: which diseases count").click()
    editor = reader.main.locator("[data-testid=stExpander] [data-testid=stDataFrame]").last
    assert reader.cells(editor, 3)[0] == "14.2"  # who may be treated, of the first disease
    reader.ready()
    editor.locator(".dvn-scroller").dblclick(position={"x": 510, "y": 52})
    field = reader.page.locator("#portal input")
    field.fill("28.4")
    field.press("Enter")
    heading(reader, "42,300 patients in the US")
    assert "eligible=dlbcl" in reader.page.url
