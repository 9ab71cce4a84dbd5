"""Everybody can use it: by keyboard alone, on a phone, with dark colours."""

import pytest
from atlas_reader import MAP_FRAME, NewReader, Reader
from playwright.sync_api import expect

from dashboard.navigation import PAGES

pytestmark = pytest.mark.browser

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
PATHS = ["/", *(f"/{entry.url_path}" for entry in PAGES[1:])]
TABS = 60
WIDER = """() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
  .map((box) => box.scrollWidth - box.clientWidth)"""
FAINT = """() => {
  const channel = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parse = (text) => {
    const found = text.match(/[\\d.]+/g);
    return found ? found.map(Number) : [0, 0, 0, 0];
  };
  const over = (top, under) => {
    const a = top[3] === undefined ? 1 : top[3];
    return [0, 1, 2].map((i) => top[i] * a + under[i] * (1 - a));
  };
  const behind = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) layers.unshift(parse(getComputedStyle(e).backgroundColor));
    return layers.reduce((under, layer) => over(layer, under), [255, 255, 255]);
  };
  const faint = [];
  const walker = document.createTreeWalker(document.querySelector('[data-testid="stApp"]'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const said = walker.currentNode.textContent.trim();
    if (!said || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    // The value of a slider is a child of its handle, but stands above it.
    if (element.closest('[data-testid="stSliderThumbValue"]')) continue;
    if (element.closest("style, script, canvas, .js-plotly-plot, [disabled], [aria-hidden=true]")) continue;
    const box = element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    const style = getComputedStyle(element);
    const ground = behind(element);
    const ink = over(parse(element.closest("svg") ? style.fill : style.color), ground);
    const [a, b] = [light(ink), light(ground)].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 3) faint.push(`${said.slice(0, 40)}: ${contrast.toFixed(1)}`);
  }
  return faint;
}"""


def tab_to(reader: Reader, selector: str) -> None:
    """Go on with the tabulator until something has the focus."""
    for _ in range(TABS):
        reader.page.keyboard.press("Tab")
        if reader.page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    pytest.fail(f"{TABS} presses of the tabulator do not reach {selector}")


def test_threshold_and_search_by_keyboard_alone(reader: Reader) -> None:
    reader.open("/")
    said = reader.headline.inner_text()
    tab_to(reader, '.st-key-within input[type="range"]')
    reader.page.keyboard.press("ArrowRight")
    expect(reader.headline).to_contain_text("61 minutes")
    expect(reader.headline).not_to_have_text(said)
    reader.wait_for_query("within", "61")

    tab_to_page = '[data-testid="stSidebarNavLink"][href$="/map"]'
    reader.page.locator(tab_to_page).focus()
    reader.page.keyboard.press("Enter")
    expect(reader.main.get_by_role("searchbox")).to_be_visible()
    reader.ready()
    tab_to(reader, ".st-key-near input")
    reader.page.keyboard.type("59101")
    reader.page.keyboard.press("Enter")
    expect(reader.main.get_by_text("From ZIP 59101, Billings, MT the nearest")).to_be_visible()
    expect(reader.slider()).to_have_value("61")


def test_the_map_by_keyboard_alone(reader: Reader) -> None:
    reader.open("/map", layers="areas")
    tab_to(reader, "iframe")
    reader.wait_for_map("() => document.body !== null")
    reader.frame.locator(".leaflet-container").focus()
    with reader.repaint():
        reader.page.keyboard.press("Enter")
    expect(reader.detail()).to_have_count(1)


def test_no_page_scrolls_sideways_on_a_phone(new_reader: NewReader) -> None:
    reader = new_reader(**PHONE)
    wider = {}
    for path in PATHS:
        reader.open(path)
        wider[path] = reader.page.evaluate(WIDER)
    assert wider == {path: [0, 0] for path in PATHS}


def test_map_and_settings_can_be_used_on_a_phone(new_reader: NewReader) -> None:
    reader = new_reader(**PHONE)
    reader.open("/map", layers="areas")
    box = reader.page.locator(MAP_FRAME)
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    assert place is not None
    assert place["x"] >= 0
    assert 300 <= place["width"] <= 390
    assert place["height"] >= 300
    assert reader.map()["areas"] > 3000
    with reader.repaint():
        reader.page.touchscreen.tap(*reader.point(*reader.position()[:2]))
    expect(reader.detail()).to_have_count(1)
    setting = reader.widget("within").get_by_test_id("stWidgetLabel")
    expect(setting).not_to_be_in_viewport()
    reader.page.get_by_test_id("stExpandSidebarButton").click()
    expect(setting).to_be_in_viewport()
    with reader.repaint():
        reader.press("ages", "Children")
    reader.sidebar.hover()
    reader.page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    expect(setting).not_to_be_in_viewport()


def test_text_is_legible_on_dark_ground(new_reader: NewReader) -> None:
    reader = new_reader(color_scheme="dark")
    faint = {}
    for path in PATHS:
        reader.open(path, **({"county": "56037"} if path == "/map" else {}))
        expect(reader.page.get_by_test_id("stApp")).to_have_css(
            "background-color", "rgb(20, 24, 29)"
        )
        faint[path] = reader.page.evaluate(FAINT)
    assert faint == {path: [] for path in PATHS}
