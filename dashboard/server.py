"""The web server around the pages: compression, warm-up, the last resort for errors."""

import gc
import logging
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, Final

from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard import errors
from dashboard.compression import CompressedAssets
from dashboard.navigation import PAGES

LOG: Final = logging.getLogger(__name__)
FIRST_VIEW_SECONDS: Final = 3.0
"""For the first reader's view, before all ways are measured, which slows everybody for seconds."""
TURN_SECONDS: Final = 0.0005
"""How long one thread keeps the interpreter while another wants it. By default it is ten times as
long: while the warm-up imports, each of the first page's fifty files waits for several such turns.
"""
PROBES: Final = frozenset(
    f"/{page.url_path}/_stcore/{what}" for page in PAGES for what in ("health", "host-config")
)


def options() -> dict[str, Any]:
    """Arguments of `st.App` beyond the script.

    Returns
    -------
    dict
        lifespan, middleware and on_script_error.
    """
    return {
        "lifespan": _lifespan,
        "middleware": [Middleware(QuietProbes), Middleware(CompressedAssets)],
        "on_script_error": errors.on_script_error,
    }


class QuietProbes:
    """Turn away the frontend's guesses at a base path without an error in the browser's console.

    Opened at ``/map``, the frontend first asks whether the whole application lives beneath
    ``/map``. "Not found" is right, but browsers print it as an error; "multiple choices" without
    a choice is taken for a no just the same, and is not printed.

    Parameters
    ----------
    app : ASGIApp
        The application behind.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["path"] in PROBES:
            await Response(status_code=HTTPStatus.MULTIPLE_CHOICES)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


@asynccontextmanager
async def _lifespan(_: object) -> AsyncIterator[None]:
    """Load tables and road network while the first reader's browser still fetches its scripts."""
    sys.setswitchinterval(TURN_SECONDS)
    gc.disable()  # imports make no garbage, and looking for it takes a tenth of their time
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
    yield


def _warm_up() -> None:
    # Imported here, not above: two seconds that overlap with the browser's own start.
    from dashboard import services  # noqa: PLC0415
    from dashboard.services import bands as bands_answers  # noqa: PLC0415

    try:
        services.warm.warm_up()
        time.sleep(FIRST_VIEW_SECONDS)
        services.engine.measure_ways()
        services.warm.neighbours()
        services.warm.compile_loops()
        services.warm.pages()
        bands_answers.prepare()
    except Exception:
        LOG.exception("warm-up failed; the first reader will see why")
    finally:
        gc.enable()
    # Tables and modules live as long as the server: collections need not look at them again.
    gc.collect()
    gc.freeze()
