"""Server, browser and readers of the browser tests, and the check that nothing went wrong."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from atlas_reader import NewReader, Reader, Trouble
from atlas_server import ROOT, Server
from playwright.sync_api import Browser, expect, sync_playwright

CHROMIUM: Final = Path("/usr/bin/chromium")
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Names of other machines lead nowhere, so that a slip cannot succeed unseen.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
HABITS: Final = {
    "viewport": {"width": 1280, "height": 900},
    "locale": "en-US",
    "reduced_motion": "reduce",  # the map then jumps to a place instead of flying there
}
PATIENCE_MS: Final = 90_000
PICTURES: Final = ROOT / "build" / "browser-failures"
FAILED: Final = pytest.StashKey[bool]()
READERS: Final = pytest.StashKey[list[Reader]]()
LOG_TROUBLE: Final = re.compile(r"Traceback|a page failed|warm-up failed")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report: Any = yield
    if report.failed:
        item.stash[FAILED] = True
        take_pictures(item)
    return report


def take_pictures(item: pytest.Item) -> None:
    """Keep what the readers of a failed test saw last."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w-]+", "-", item.name).strip("-")
    for number, reader in enumerate(item.stash.get(READERS, [])):
        if not reader.page.is_closed():
            reader.page.screenshot(path=PICTURES / f"{name}-{number}.png")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that do not ask for a cold one."""
    with Server(tmp_path_factory.mktemp("server") / "server.log") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium.

    For one file at a time: while Playwright runs, its event loop is the thread's running loop, and
    tests elsewhere that start a loop of their own would fail.
    """
    if not CHROMIUM.exists():
        pytest.fail(f"{CHROMIUM} is missing; on Debian: apt-get install chromium", pytrace=False)
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield running
        running.close()


@pytest.fixture
def trouble() -> Trouble:
    """What goes wrong in this test's windows."""
    return Trouble()


@pytest.fixture
def readers(request: pytest.FixtureRequest) -> Iterator[list[Reader]]:
    """All windows of this test; closed at its end."""
    opened: list[Reader] = []
    request.node.stash[READERS] = opened
    yield opened
    for reader in opened:
        reader.context.close()


@pytest.fixture
def new_reader(
    browser: Browser, trouble: Trouble, readers: list[Reader], request: pytest.FixtureRequest
) -> NewReader:
    """Give new windows, each with an empty cache and no history; options are Playwright's."""

    def opened(at: Server | None = None, **options: Any) -> Reader:
        home = at or request.getfixturevalue("server")
        context = browser.new_context(**(HABITS | options))
        context.set_default_timeout(PATIENCE_MS)
        readers.append(Reader(context, home.url, trouble))
        return readers[-1]

    return opened


@pytest.fixture
def reader(new_reader: NewReader) -> Reader:
    """One window."""
    return new_reader()


@pytest.fixture(autouse=True)
def _nothing_goes_wrong(server: Server, trouble: Trouble, readers: list[Reader]) -> Iterator[None]:
    """Fail a test whose pages failed, wrote an error or asked another machine for anything."""
    said_before = len(server.written())
    yield
    found = list(trouble.found)
    for reader in readers:
        failed = reader.page.get_by_text("This page failed").or_(
            reader.page.get_by_test_id("stException")
        )
        found += [f"on the page: {text}" for text in failed.all_inner_texts()]
    news = server.written()[said_before:]
    if LOG_TROUBLE.search(news):
        found.append(f"server: {news}")
    if found:
        pytest.fail("\n".join(found), pytrace=False)
