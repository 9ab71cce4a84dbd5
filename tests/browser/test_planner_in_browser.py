"""What a reader does with the planner: see the plan, change it on the map, stop long work."""

from atlas_reader import NewReader, Reader
from playwright.sync_api import expect

TEXAS = {"model": "straight", "state": "TX", "count": "4"}
NOWHERE = (31.0, -102.0)
"""Land without a candidate or a centre near."""


def headline(reader: Reader, words: str) -> None:
    expect(reader.main.get_by_role("heading", name=words)).to_be_visible()


def test_a_plan_is_painted_with_its_proof(reader: Reader) -> None:
    reader.open("/planner", model="straight")
    headline(reader, "20 infusion sites would bring")
    expect(reader.main.get_by_text("Proven best")).to_be_visible()
    assert reader.map()["sites"] > 933


def test_a_click_adds_a_site_and_undo_takes_it_back(reader: Reader) -> None:
    reader.open("/planner", **TEXAS)
    headline(reader, "4 infusion sites would bring")
    reader.press("plan_click", "Edits the plan")
    reader.ready()
    before = reader.map()["sites"]
    with reader.repaint():
        reader.click_map(*NOWHERE)
    headline(reader, "Your 5 infusion sites")
    assert reader.map()["sites"] == before + 1
    assert "hand=%4031" in reader.page.url or "hand=@31" in reader.page.url
    link = reader.page.url
    with reader.repaint():
        reader.widget("plan_undo").get_by_role("button").click()
    headline(reader, "4 infusion sites would bring")
    assert "hand=" not in reader.page.url
    reader.follow(link)
    headline(reader, "Your 5 infusion sites")


def test_long_work_is_stopped_and_blocks_nobody(new_reader: NewReader) -> None:
    one, other = new_reader(), new_reader()
    one.open("/planner", **TEXAS)
    one.main.get_by_text("Samples and assumed errors").click()
    field = one.widget("plan_samples").get_by_role("spinbutton")
    field.fill("1000")
    field.press("Enter")
    one.main.get_by_role("button", name="Draw 1000 samples").click()
    cancel = one.widget("robust_cancel").get_by_role("button")
    cancel.wait_for()
    assert "samples=1000" in one.page.url
    other.open("/planner", **(TEXAS | {"count": "3"}))
    headline(other, "3 infusion sites would bring")
    cancel.click()
    expect(one.main.get_by_text("then it was stopped")).to_be_visible()
