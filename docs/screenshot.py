"""Takes the screenshot of the README: ``make screenshot``.

Starts the Atlas on a free port, opens the Overview in Chromium at 1280 x 800, waits until map and
page are painted and nothing moves any more, and writes ``docs/screenshot.png``.
"""

import io
import subprocess
import sys
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "screenshot.png"
SIZE = {"width": 1280, "height": 800}
LARGEST_BYTES = 400_000
COLOURS = 128
PATIENCE_S = 120
STILL_FOR = 3
"""Equal pictures in a row, a second apart, after which the page counts as painted."""


def main() -> None:
    """Start the server, take the picture, stop the server."""
    command = [sys.executable, "-m", "dashboard", "serve"]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        picture = photograph(address_of(server))
    finally:
        server.terminate()
        server.wait()
    TARGET.write_bytes(picture)
    sys.stdout.write(f"{TARGET.relative_to(ROOT)}: {len(picture) / 1000:.0f} kB\n")


def address_of(server: subprocess.Popen[str]) -> str:
    """Read the address from what the server prints."""
    assert server.stdout is not None
    for line in server.stdout:
        if "URL:" in line:
            return line.split("URL:")[1].strip()
    msg = "the server ended before it printed its address"
    raise SystemExit(msg)


def photograph(address: str) -> bytes:
    """Picture of the Overview as PNG with a palette."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport=SIZE)
        page.goto(address)
        page.frame_locator("iframe").locator("canvas").first.wait_for(timeout=PATIENCE_S * 1000)
        raw = still(page)
        browser.close()
    out = io.BytesIO()
    Image.open(io.BytesIO(raw)).convert("RGB").quantize(COLOURS).save(out, "PNG", optimize=True)
    if out.tell() > LARGEST_BYTES:
        msg = f"the screenshot has {out.tell()} bytes, more than {LARGEST_BYTES}"
        raise SystemExit(msg)
    return out.getvalue()


def still(page: Page) -> bytes:
    """Picture of a page on which nothing changes any more."""
    until, same, last = time.monotonic() + PATIENCE_S, 0, b""
    while time.monotonic() < until:
        page.wait_for_timeout(1000)
        busy = page.locator("[data-testid='stStatusWidget'], [data-testid='stSkeleton']").count()
        picture = page.screenshot()
        same = same + 1 if picture == last and not busy else 0
        if same >= STILL_FOR:
            return picture
        last = picture
    msg = f"the page still changes after {PATIENCE_S} s"
    raise SystemExit(msg)


if __name__ == "__main__":
    main()
