"""A server far away: whatever is changed while an earlier answer is on its way stays."""

from atlas_reader import NewReader, Reader
from playwright.sync_api import expect

from dashboard.journey_state import LABELS as CARE
from dashboard.state import LABELS

AWAY_MS = 400
"""Time of a message, in each direction."""
_FAR = f"""
const {{ addEventListener, send }} = WebSocket.prototype;
WebSocket.prototype.send = function (data) {{
  setTimeout(() => send.call(this, data), {AWAY_MS});
}};
WebSocket.prototype.addEventListener = function (type, listener, ...rest) {{
  const late = (event) => setTimeout(() => listener.call(this, event), {AWAY_MS});
  addEventListener.call(this, type, type === "message" ? late : listener, ...rest);
}};
"""
TEXAS = {"model": "straight", "state": "TX", "count": "4"}


def far(new_reader: NewReader) -> Reader:
    reader = new_reader()
    reader.context.add_init_script(_FAR)
    return reader


def test_settings_changed_one_right_after_the_other_all_stay(new_reader: NewReader) -> None:
    reader = far(new_reader)
    reader.open("/journeys")
    reader.press("care_measure", CARE["measure"]["trips"])
    reader.press("care_range", CARE["range"]["high"])
    reader.press("ages", LABELS["ages"]["adult"])
    reader.wait_for_query("range", "high")
    reader.ready()
    expected = {"measure": "trips", "range": "high", "ages": LABELS["ages"]["adult"]}
    assert {key: reader.query().get(key) for key in expected} == {
        key: [value] for key, value in expected.items()
    }
    chosen = [
        reader.widget(key).get_by_role("radio", checked=True).inner_text()
        for key in ("care_measure", "care_range", "ages")
    ]
    assert chosen == [CARE["measure"]["trips"], CARE["range"]["high"], LABELS["ages"]["adult"]]


def test_back_is_followed_right_after_a_change(new_reader: NewReader) -> None:
    reader = far(new_reader)
    reader.open("/journeys")
    reader.press("care_range", CARE["range"]["high"])
    reader.wait_for_query("range", "high")
    reader.page.go_back()
    reader.wait_for_query("range", None)
    reader.ready()
    expect(reader.main.get_by_role("radio", name=CARE["range"]["central"])).to_be_checked()
    assert "range" not in reader.query()


def test_two_sites_added_one_right_after_the_other_both_stay(new_reader: NewReader) -> None:
    reader = far(new_reader)
    reader.open("/planner", **TEXAS)
    reader.press("plan_click", "Edits the plan")
    reader.ready()
    for place in ((31.0, -102.0), (33.5, -100.5)):
        reader.click_map(*place)
        reader.page.wait_for_timeout(AWAY_MS / 2)
    expect(reader.main.get_by_role("heading", name="Your 6 infusion sites")).to_be_visible()
    assert len(reader.query()["hand"]) == 6


def test_a_county_clicked_and_a_setting_changed_right_after_both_stay(
    new_reader: NewReader,
) -> None:
    reader = far(new_reader)
    reader.open("/map")
    reader.click_map(31.85, -102.54)  # Ector County, Texas
    reader.press("ages", LABELS["ages"]["adult"])
    expect(reader.detail().filter(has_text="Ector County")).to_be_visible()
    reader.wait_for_query("ages", LABELS["ages"]["adult"])
    reader.wait_for_query("county", "48135")
