"""What a reader waits for, in real Chromium: ``python -m bench.browser``.

The application runs from a copy of the project, so that its first start finds nothing kept and
nobody's edits come in between. See bench/README.md for where each stopwatch starts and stops.
"""

import base64
import math
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    ViewportSize,
    sync_playwright,
)
from playwright.sync_api import (
    Error as PlaywrightError,
)
from playwright.sync_api import (
    TimeoutError as PlaywrightTimeoutError,
)
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench import report
from bench.report import Target, Timings
from dashboard.navigation import PAGES

ROOT: Final = Path(__file__).resolve().parent.parent
WATCH: Final = Path(__file__).with_name("watch.js")
CHROMIUM: Final = "/usr/bin/chromium"
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)
SIZE: Final = ViewportSize(width=1366, height=820)
LEFT_OUT: Final = (".git", ".venv", ".cache", ".*_cache", "tests", "__pycache__", "generated")
HOST: Final = "127.0.0.1"
REPEATS: Final = 10
PATIENCE_SECONDS: Final = 60.0
PAUSE_SECONDS: Final = 0.7
"""Between two acts: late messages of the one before are not counted for the next."""
UNTIMED_SECONDS: Final = 3.0
"""For what is not timed to be over."""
WAYS_SECONDS: Final = 5.0
"""For the server to have its table of ways; see `dashboard.server.FIRST_VIEW_SECONDS`."""
EVIDENCE_ON_OVERVIEW: Final = (1, 2)
EVIDENCE_ON_MAP: Final = (4, 0)
"""Entries of the list of evidence that nobody has chosen before."""
COLD_START_SECONDS: Final = 7.0
SWITCH_SECONDS: Final = 1.2
OPENINGS: Final = 5
OPENING_MS: Final = 3000
"""A list is opened again when it is not there after so long."""
REPAINT_SECONDS: Final = 0.8
SERVER_MS: Final = 100.0
WIRE_KB: Final = 100.0
FIRST_PAGE_MB: Final = 2.5
KB: Final = 1000.0
PACKAGES: Final = ("streamlit", "streamlit-folium", "folium", "playwright")


class Server:
    """The application, started as a reader starts it.

    Parameters
    ----------
    folder : Path
        Copy of the project to run.
    timed : bool
        With a stopwatch at the web socket.
    """

    def __init__(self, folder: Path, *, timed: bool = False) -> None:
        self._reruns = folder / "bench-reruns.log"
        module = ("bench.timed_server", str(self._reruns)) if timed else ("dashboard",)
        with socket.socket() as free:
            free.bind((HOST, 0))
            self.port = int(free.getsockname()[1])
        self.url = f"http://{HOST}:{self.port}"
        self._log = (folder / "bench-server.log").open("w+", encoding="utf-8")
        self.started = time.time()
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", *module, "serve"),
                *("--address", HOST, "--port", str(self.port)),
            ],
            cwd=folder,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self._wait()
        self.listening = time.time()

    def _wait(self) -> None:
        while time.time() - self.started < PATIENCE_SECONDS:
            if self._process.poll() is not None:
                break
            try:
                socket.create_connection((HOST, self.port), timeout=0.2).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        self.stop()
        self._log.seek(0)
        msg = f"the server did not start:\n{self._log.read()}"
        raise RuntimeError(msg)

    def processor_ms(self) -> float:
        """Processor time of the server so far, its finished threads included."""
        stat = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="utf-8")
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) * 1000 / os.sysconf("SC_CLK_TCK")

    def rerun_ms(self) -> list[float]:
        """Milliseconds of every rerun so far; nothing where the server is not timed."""
        if not self._reruns.exists():
            return []
        return [float(line) for line in self._reruns.read_text(encoding="utf-8").split()]

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait(timeout=20)


@contextmanager
def serving(folder: Path, *, timed: bool = False) -> Iterator[Server]:
    """Run the server for as long as it is needed."""
    server = Server(folder, timed=timed)
    try:
        yield server
    finally:
        server.stop()


class Wire:
    """Everything that goes over the network for one page, from Chromium's own records.

    Parameters
    ----------
    context : BrowserContext
    page : Page
    """

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.http_bytes = 0
        self.frame_bytes = 0
        self.strangers: set[str] = set()
        self._asked: list[float] = []
        self._finished: list[float] = []
        session = context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._on_request)
        session.on("Network.loadingFinished", self._on_loaded)
        session.on("Network.webSocketFrameSent", self._on_sent)
        session.on("Network.webSocketFrameReceived", self._on_received)
        session.send("Network.enable")

    def reset(self) -> None:
        """Begin to count anew."""
        self.http_bytes = self.frame_bytes = 0
        self._asked.clear()
        self._finished.clear()

    @property
    def total_bytes(self) -> int:
        """Bytes of responses as they were sent, and of web socket messages in both directions."""
        return self.http_bytes + self.frame_bytes

    @property
    def answered_ms(self) -> float:
        """From the first request for a rerun to the last word that the script has finished."""
        if not self._asked or not self._finished:
            return float("nan")
        return (self._finished[-1] - self._asked[0]) * 1000

    def _on_request(self, event: dict[str, Any]) -> None:
        url = urllib.parse.urlsplit(event["request"]["url"])
        if url.scheme.startswith(("http", "ws")) and url.hostname != HOST:
            self.strangers.add(event["request"]["url"])

    def _on_loaded(self, event: dict[str, Any]) -> None:
        self.http_bytes += int(event["encodedDataLength"])

    def _on_sent(self, event: dict[str, Any]) -> None:
        data = self._payload(event)
        message = BackMsg()
        message.ParseFromString(data)
        if message.WhichOneof("type") == "rerun_script":
            self._asked.append(event["timestamp"])

    def _on_received(self, event: dict[str, Any]) -> None:
        data = self._payload(event)
        message = ForwardMsg()
        message.ParseFromString(data)
        if message.WhichOneof("type") == "script_finished":
            self._finished.append(event["timestamp"])

    def _payload(self, event: dict[str, Any]) -> bytes:
        text = event["response"]["payloadData"]
        binary = event["response"]["opcode"] == 2
        data = base64.b64decode(text) if binary else text.encode()
        self.frame_bytes += len(data)
        return data if binary else b""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a reader did.

    Parameters
    ----------
    seconds : float
        From the press to the picture.
    server_ms : float
        Of that, what the server took; more reruns than one are added up.
    answered_ms : float
        The same as the browser sees it, with its own delays at both ends.
    processor_ms : float
        Processor time of the server meanwhile.
    kilobytes : float
        Sent and received.
    """

    seconds: float
    server_ms: float
    answered_ms: float
    processor_ms: float
    kilobytes: float


@dataclass
class Found:
    """Everything measured."""

    first_start: list[float] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    listening: list[float] = field(default_factory=list)
    first_page_mb: list[float] = field(default_factory=list)
    switches: dict[str, list[Act]] = field(default_factory=dict)
    changes: dict[str, list[Act]] = field(default_factory=dict)
    strangers: set[str] = field(default_factory=set)
    loads: list[float] = field(default_factory=list)


@contextmanager
def visit(browser: Browser) -> Iterator[tuple[Page, Wire]]:
    """Open a window with an empty cache."""
    context = browser.new_context(viewport=SIZE)
    context.add_init_script(path=WATCH)
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    try:
        page = context.new_page()
        yield page, Wire(context, page)
    finally:
        context.close()


def open_first_page(page: Page, url: str) -> float:
    """Open the application; returns when (seconds since 1970) all of it was on the screen."""
    page.goto(url, wait_until="commit")
    found = page.evaluate("() => window.__bench.opened()")
    return float(found["epoch"])


def cold_start(browser: Browser, folder: Path, found: Found, seconds: list[float]) -> None:
    """Start the server and the first page."""
    with serving(folder) as server, visit(browser) as (page, wire):
        painted = open_first_page(page, server.url)
        seconds.append(painted - server.started)
        found.listening.append(server.listening - server.started)
        page.wait_for_timeout(PAUSE_SECONDS * 1000)
        found.first_page_mb.append(wire.total_bytes / KB / KB)
        found.strangers |= wire.strangers


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody in front of a page.

    Parameters
    ----------
    page : Page
    wire : Wire
    server : Server
    """

    page: Page
    wire: Wire
    server: Server

    def timed(self, press: Callable[[], None], **wants: object) -> Act:
        """Do something and wait for the picture."""
        self.page.wait_for_timeout(PAUSE_SECONDS * 1000)
        self.page.evaluate("(wants) => { window.__bench.act(wants); }", wants)
        self.wire.reset()
        before, reruns = self.server.processor_ms(), len(self.server.rerun_ms())
        press()
        done = self.page.evaluate("() => window.__bench.done")
        self.page.wait_for_timeout(PAUSE_SECONDS * 1000)
        busy = self.server.processor_ms() - before
        return Act(
            float(done["seconds"]),
            math.fsum(self.server.rerun_ms()[reruns:]),
            self.wire.answered_ms,
            busy,
            self.wire.total_bytes / KB,
        )

    def sidebar(self, key: str) -> Locator:
        """Find a widget of the sidebar by its key."""
        return self.page.locator(f'[data-testid="stSidebar"] .st-key-{key}')

    def picked(self, key: str, number: int, **wants: object) -> Act:
        """Pick an entry of a list of the sidebar; once more where the pick was lost."""
        for _ in range(OPENINGS - 1):
            with suppress(PlaywrightError):
                return self.timed(self.choose(key, number), **wants)
        return self.timed(self.choose(key, number), **wants)

    def choose(self, key: str, number: int) -> Callable[[], None]:
        """Open a list of the sidebar; the function returned picks an entry."""
        option = self.page.get_by_role("option").nth(number)
        opener = self.sidebar(key).get_by_role("button", name="Open")
        # A list closes when what it stands in scrolls, as it would for a press on what is hidden.
        opener.scroll_into_view_if_needed()
        self.page.wait_for_timeout(PAUSE_SECONDS * 1000)
        for _ in range(OPENINGS):
            opener.click()
            # A list closes when the page behind it is drawn anew just then.
            with suppress(PlaywrightTimeoutError):
                option.wait_for(timeout=OPENING_MS)
                break
        option.wait_for()
        return option.click


def measure_switches(reader: Reader, switches: dict[str, list[Act]]) -> None:
    """Go round all pages by the navigation."""
    for _ in range(REPEATS):
        for entry in (*PAGES[1:], PAGES[0]):
            path = "/" if entry is PAGES[0] else f"/{entry.url_path}"
            link = reader.page.locator(f'[data-testid="stSidebarNavLink"][href$="{path}"]')
            switches.setdefault(entry.title, []).append(reader.timed(link.click, path=path))


def measure_changes(reader: Reader, changes: dict[str, list[Act]]) -> None:
    """Move the slider, and change filters that repaint the national map."""
    thumb = reader.sidebar("within").locator('input[type="range"]')
    thumb.focus()
    for _ in range(REPEATS):
        act = reader.timed(lambda: thumb.press("ArrowRight"), heading=True)
        changes.setdefault("threshold slider, each value new", []).append(act)
    who = reader.sidebar("ages").get_by_role("radio")
    for turn in range(REPEATS):
        act = reader.timed(who.nth((turn + 1) % 3).click, heading=True, map=True)
        changes.setdefault("who: all, adults, children in turn", []).append(act)
    measure_first_time(reader, changes, "Overview", EVIDENCE_ON_OVERVIEW)
    for number in (1, 2):
        settle(reader, "therapy", number)
    for turn in range(REPEATS):
        act = reader.picked("therapy", (1, 2)[turn % 2], heading=True, map=True)
        changes.setdefault("therapy, asked before", []).append(act)


def measure_first_time(
    reader: Reader, changes: dict[str, list[Act]], page: str, evidence: tuple[int, int]
) -> None:
    """Change one filter after the other, so that no view comes twice."""
    low = reader.sidebar("low").locator("label").first
    who = reader.sidebar("ages").get_by_role("radio")
    first, second = evidence
    therapies = [("therapy", number) for number in (1, 2, 3, 4)]
    kinds: list[tuple[str, int]] = [("evidence", first), *therapies]
    kinds += [("who", 2), ("low confidence", 0), ("evidence", second), *therapies[:3], ("who", 0)]
    for kind, number in kinds:
        if kind in ("evidence", "therapy"):
            act = reader.picked(kind, number, map=kind == "therapy")
        else:
            act = reader.timed(low.click if kind == "low confidence" else who.nth(number).click)
        changes.setdefault(f"a filter for the first time, {page}", []).append(act)
        changes.setdefault(f"{kind} for the first time, {page}", []).append(act)


def untimed(reader: Reader, press: Callable[[], None]) -> None:
    """Do something that is only there for what follows."""
    press()
    reader.page.wait_for_timeout(UNTIMED_SECONDS * 1000)


def settle(reader: Reader, key: str, number: int) -> None:
    """Pick an entry of a list, untimed, until the list shows it.

    A pick is lost when the page behind the open list is drawn anew in that very moment.
    """
    shown = reader.sidebar(key).locator("input").first
    for _ in range(OPENINGS):
        press = reader.choose(key, number)
        name = reader.page.get_by_role("option").nth(number).inner_text()
        untimed(reader, press)
        if shown.input_value() == name:
            return
    msg = f"the list {key!r} does not keep its entry {number}"
    raise RuntimeError(msg)


def measure_map(reader: Reader, changes: dict[str, list[Act]]) -> None:
    """Change filters on the Map page."""
    settle(reader, "therapy", 0)
    untimed(reader, reader.page.locator('[data-testid="stSidebarNavLink"][href$="/map"]').click)
    measure_first_time(reader, changes, "Map", EVIDENCE_ON_MAP)


def measure() -> Found:
    """Run everything."""
    found = Found(loads=[report.load_average()])
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = Path(scratch) / "atlas"
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        cold_start(browser, folder, found, found.first_start)
        for _ in range(REPEATS):
            cold_start(browser, folder, found, found.starts)
        with serving(folder, timed=True) as server, visit(browser) as (page, wire):
            open_first_page(page, server.url)
            reader = Reader(page, wire, server)
            measure_switches(reader, found.switches)
            reader.page.wait_for_timeout(WAYS_SECONDS * 1000)
            measure_changes(reader, found.changes)
            measure_map(reader, found.changes)
            found.strangers |= wire.strangers
        browser.close()
    found.loads.append(report.load_average())
    return found


def timings(found: Found) -> list[Timings]:
    """List every measurement."""
    rows = [
        Timings("first start ever, nothing kept: to Overview painted", tuple(found.first_start)),
        Timings("cold start: to Overview painted", tuple(found.starts)),
        Timings("cold start: to the port answering", tuple(found.listening)),
        Timings("first page: bytes in all", tuple(found.first_page_mb), "MB"),
    ]
    for kind, group in (("page switch to", found.switches), ("change of", found.changes)):
        for name, acts in group.items():
            rows += [
                Timings(f"{kind} {name}", tuple(act.seconds for act in acts)),
                Timings(f"{kind} {name}: server", tuple(act.server_ms for act in acts), "ms"),
                Timings(
                    f"{kind} {name}: server, as the browser sees it",
                    tuple(act.answered_ms for act in acts),
                    "ms",
                ),
                Timings(
                    f"{kind} {name}: processor time of the server",
                    tuple(act.processor_ms for act in acts),
                    "ms",
                ),
                Timings(f"{kind} {name}: wire", tuple(act.kilobytes for act in acts), "kB"),
            ]
    return rows


def targets(rows: list[Timings]) -> list[Target]:
    """Compare with what issue 2 promises."""
    limits = {
        "first start ever": ("s", COLD_START_SECONDS),
        "cold start: to Overview": ("s", COLD_START_SECONDS),
        "first page": ("MB", FIRST_PAGE_MB),
        "page switch": ("s", SWITCH_SECONDS),
        "change": ("s", REPAINT_SECONDS),
    }
    left_out = (": processor time of the server", ": server, as the browser sees it")
    finer = {": server": ("ms", SERVER_MS), ": wire": ("kB", WIRE_KB)}
    made = []
    for row in rows:
        part = next((end for end in finer if row.what.endswith(end)), "")
        start = next((start for start in limits if row.what.startswith(start)), "")
        if not start or row.what.endswith(left_out) or (part and start != "change"):
            continue
        unit, limit = finer[part] if part else limits[start]
        made.append(Target(row.what, unit, row.median, limit))
    return made


def main() -> None:
    """Measure and write the results."""
    found = measure()
    rows = timings(found)
    checks = targets(rows)
    strangers = ", ".join(sorted(found.strangers)) or "none"
    text = "\n\n".join(
        [
            "# In the browser: results",
            "Written by `python -m bench.browser`; [what each figure includes](../README.md).",
            report.machine_line(found.loads, PACKAGES),
            report.table(report.TARGET_HEAD, [check.row() for check in checks]),
            "## Measurements",
            report.table(report.TIMING_HEAD, [row.row() for row in rows]),
            f"Requests that left the machine: {strangers}.",
        ]
    )
    record = {
        "machine": report.machine(),
        "load_average": found.loads,
        "targets": report.target_record(checks),
        "timings": [row.record() for row in rows],
        "requests_off_the_machine": sorted(found.strangers),
    }
    report.write("browser", text + "\n", record)


if __name__ == "__main__":
    main()
