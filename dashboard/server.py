"""The web server around the pages: compression, warm-up, the last resort for errors."""

import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from starlette.middleware import Middleware

from dashboard import errors, services
from dashboard.compression import CompressedAssets

LOG: Final = logging.getLogger(__name__)


def options() -> dict[str, Any]:
    """Arguments of `st.App` beyond the script.

    Returns
    -------
    dict
        lifespan, middleware and on_script_error.
    """
    return {
        "lifespan": _lifespan,
        "middleware": [Middleware(CompressedAssets)],
        "on_script_error": errors.on_script_error,
    }


@asynccontextmanager
async def _lifespan(_: object) -> AsyncIterator[None]:
    """Load tables and road network while the first reader's browser still fetches its scripts."""
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
    yield


def _warm_up() -> None:
    try:
        services.warm_up()
    except Exception:
        LOG.exception("warm-up failed; the first reader will see why")
