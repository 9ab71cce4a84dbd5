"""A reader in front of the Atlas: what they do and see, and everything that goes wrong meanwhile."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Frame,
    Locator,
    Page,
    Request,
    WebError,
    WebSocket,
    expect,
)
from streamlit.proto.BackMsg_pb2 import BackMsg

LOCAL: Final = ("127.0.0.1", "localhost")
INSIDE: Final = ("data", "blob", "about", "chrome-error")
"""Schemes of addresses that need no machine."""
COUNTIES: Final = 3_220
MAP_FRAME: Final = 'iframe[src*="streamlit_folium"]'

_READY: Final = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  const main = document.querySelector('[data-testid="stMain"]');
  if (!app || !main || app.dataset.testScriptState !== "notRunning") return false;
  if (!main.querySelector("h1, h2, h3") || main.querySelector('[data-testid="stSkeleton"]')) return false;
  const maps = [...main.querySelectorAll('iframe[src*="streamlit_folium"]')];
  return maps.every((frame) => {
    const map = frame.contentWindow && frame.contentWindow.__atlas;
    return map && map.areas > 0 && map.painted && map.painted === map.requested;
  });
}"""
_REPAINTED: Final = """(before) => {
  const frame = document.querySelector('iframe[src*="streamlit_folium"]');
  const map = frame && frame.contentWindow && frame.contentWindow.__atlas;
  return map && map.areas > 0 && map.painted === map.requested && map.painted !== before;
}"""


@dataclass
class Trouble:
    """Everything that must not happen, as it happened."""

    found: list[str] = field(default_factory=list)

    def on_console(self, message: ConsoleMessage) -> None:
        """Keep errors of the console; Chromium also writes there what could not be loaded."""
        if message.type == "error":
            self.found.append(f"console: {message.text} ({message.location.get('url', '')})")

    def on_error(self, error: WebError) -> None:
        """Keep errors that no script caught."""
        self.found.append(f"page: {error.error}")

    def on_request(self, request: Request) -> None:
        """Keep requests to other machines."""
        self._check(request.url)

    def on_socket(self, socket: WebSocket) -> None:
        """Keep web sockets to other machines."""
        self._check(socket.url)

    def _check(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in INSIDE and parts.hostname not in LOCAL:
            self.found.append(f"request to another machine: {url}")


class Reader:
    """One window, in a context of its own.

    Parameters
    ----------
    context : BrowserContext
    url : str
        Address of the server.
    trouble : Trouble
        Where to note what goes wrong.
    """

    def __init__(self, context: BrowserContext, url: str, trouble: Trouble) -> None:
        self.context = context
        self.url = url
        self.reruns = 0
        context.on("console", trouble.on_console)
        context.on("weberror", trouble.on_error)
        context.on("request", trouble.on_request)
        self.page: Page = context.new_page()
        self.page.on("websocket", trouble.on_socket)
        self.page.on("websocket", lambda socket: socket.on("framesent", self._on_sent))
        self.main = self.page.get_by_test_id("stMain")
        self.sidebar = self.page.get_by_test_id("stSidebar")
        self.headline = self.main.get_by_role("heading", level=2).first
        self.alerts = self.main.get_by_test_id("stAlert")

    def _on_sent(self, payload: bytes | str) -> None:
        message = BackMsg()
        if isinstance(payload, bytes):
            message.ParseFromString(payload)
        self.reruns += message.WhichOneof("type") == "rerun_script"

    # ---- where ----------------------------------------------------------------------------------

    def open(self, path: str = "/", **query: str | list[str]) -> None:
        """Open an address of the Atlas and wait until all of it is there."""
        self.follow(f"{self.url}{path}" + (f"?{urlencode(query, doseq=True)}" if query else ""))

    def follow(self, address: str) -> None:
        """Open a whole address and wait until all of it is there."""
        self.page.goto(address)
        self.ready()

    def go_to(self, title: str) -> None:
        """Choose a page in the navigation."""
        self.sidebar.get_by_test_id("stSidebarNavLink").filter(has_text=title).click()

    def ready(self) -> None:
        """Wait until script, page and maps are done."""
        self.page.wait_for_function(_READY)

    def query(self) -> dict[str, list[str]]:
        """Parameters in the address bar."""
        return parse_qs(urlsplit(self.page.url).query, keep_blank_values=True)

    def wait_for_query(self, key: str, value: str | None) -> None:
        """Wait until a parameter stands in the address bar, or (None) no longer does."""
        self.page.wait_for_url(
            lambda url: parse_qs(urlsplit(url).query).get(key, [None])[-1] == value
        )

    # ---- settings -------------------------------------------------------------------------------

    def widget(self, key: str) -> Locator:
        """Find a widget by its key."""
        return self.page.locator(f".st-key-{key}")

    def slider(self) -> Locator:
        """Handle of the threshold."""
        return self.widget("within").get_by_role("slider")

    def pick(self, key: str, label: str) -> None:
        """Pick an entry of a list."""
        box = self.widget(key).get_by_role("combobox")
        box.click()
        box.fill(label)  # long lists draw only what is in sight
        self.page.get_by_role("option", name=label, exact=True).click()

    def press(self, key: str, label: str) -> None:
        """Press one of a row of buttons."""
        self.widget(key).get_by_text(label, exact=True).click()

    # ---- what is said ---------------------------------------------------------------------------

    def metric(self, label: str) -> str:
        """Value of a key figure."""
        figure = self.main.get_by_test_id("stMetric").filter(has_text=label)
        return figure.get_by_test_id("stMetricValue").inner_text().strip()

    def cells(self, table: Locator, column: int) -> list[str]:
        """Text of a column of a table whose cells are drawn on a canvas."""
        cells = table.get_by_test_id(re.compile(rf"^glide-cell-{column}-\d+$"))
        cells.first.wait_for(state="attached")
        return [text.strip() for text in cells.all_text_contents()]

    def download(self, button: Locator) -> tuple[str, bytes]:
        """Press a download button; returns name and content of the file."""
        with self.page.expect_download() as waited:
            # By keyboard: tables that are still unfolding above move a button away from a click.
            button.press("Enter")
        path = waited.value.path()
        return waited.value.suggested_filename, Path(path).read_bytes()

    # ---- the map --------------------------------------------------------------------------------

    @property
    def frame(self) -> Frame:
        """Document of the map."""
        handle = self.page.locator(MAP_FRAME).element_handle()
        found = handle.content_frame()
        assert found is not None
        return found

    def map(self) -> dict[str, Any]:
        """What the map says about itself."""
        found: dict[str, Any] = self.frame.evaluate("() => ({ ...window.__atlas })")
        return found

    @contextmanager
    def repaint(self) -> Iterator[None]:
        """Wait until what is done inside has changed the picture of the map."""
        before = self.map()["painted"]
        yield
        self.page.wait_for_function(_REPAINTED, arg=before)
        self.ready()

    def look_at(self, lat: float, lon: float, zoom: float) -> None:
        """Move the map without the mouse."""
        self.frame.evaluate(
            "([lat, lon, zoom]) => { window.map.setView([lat, lon], zoom, { animate: false }); }",
            [lat, lon, zoom],
        )

    def position(self) -> tuple[float, float, float]:
        """Latitude, longitude and zoom of the middle of the map."""
        lat, lon, zoom = self.frame.evaluate(
            "() => { const c = window.map.getCenter(); return [c.lat, c.lng, window.map.getZoom()]; }"
        )
        return lat, lon, zoom

    def wait_for_map(self, condition: str, arg: object = None) -> None:
        """Wait for a condition in the map's own document."""
        self.frame.wait_for_function(condition, arg=arg)

    def point(self, lat: float, lon: float) -> tuple[float, float]:
        """Place of a coordinate in the window."""
        box = self.page.locator(MAP_FRAME)
        box.scroll_into_view_if_needed()
        corner = box.bounding_box()
        assert corner is not None
        x, y = self.frame.evaluate(
            "([lat, lon]) => { const p = window.map.latLngToContainerPoint([lat, lon]); return [p.x, p.y]; }",
            [lat, lon],
        )
        return corner["x"] + x, corner["y"] + y

    def click_map(self, lat: float, lon: float) -> None:
        """Click a coordinate."""
        self.page.mouse.click(*self.point(lat, lon))

    def detail(self) -> Locator:
        """Title of the county or site that was clicked."""
        return self.main.get_by_role("heading", level=3)

    def expect_no_detail(self) -> None:
        """Nothing is chosen on the map."""
        expect(self.detail()).to_have_count(0)


NewReader = Callable[..., Reader]
"""Opens a window; takes a server of its own and Playwright's options of a context."""
