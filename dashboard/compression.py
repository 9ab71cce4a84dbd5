"""ASGI middleware: the browser assets of the shell, compressed once and kept.

Streamlit compresses its own answers but sends its scripts and style sheets as they are, in the
expectation of a proxy in front. The Atlas is meant to run from a laptop with no proxy, where that
alone is more than the budget of the whole first page (docs/adr/0003). Asset names carry a content
hash, so an entry never goes stale and the work is done once per process.
"""

import gzip
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ASSET_PREFIX: Final = "/static/"
COMPRESSIBLE: Final = (".js", ".css", ".json", ".svg")
MAX_ASSETS: Final = 400
LEVEL: Final = 6


@dataclass(frozen=True, slots=True)
class _Asset:
    headers: list[tuple[bytes, bytes]]
    body: bytes


class CompressedAssets:
    """Serve hashed assets gzip-compressed to the clients that accept it.

    Parameters
    ----------
    app : ASGIApp
        The application behind; asked once for each asset.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._assets: OrderedDict[str, _Asset] = OrderedDict()
        self._lock = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; all that is no compressible asset passes through unchanged."""
        if scope["type"] != "http" or not _wanted(scope):
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        asset = self._assets.get(path)
        if asset is None:
            asset = await self._fetch(scope, receive, send)
            if asset is None:
                return
            with self._lock:
                self._assets[path] = asset
                while len(self._assets) > MAX_ASSETS:
                    self._assets.popitem(last=False)
        await send({"type": "http.response.start", "status": 200, "headers": asset.headers})
        await send({"type": "http.response.body", "body": asset.body})

    async def _fetch(self, scope: Scope, receive: Receive, send: Send) -> _Asset | None:
        """Ask the application for the asset; other answers than 200 go straight to the client."""
        start: Message | None = None
        chunks: list[bytes] = []

        async def collect(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                if message["status"] != 200:  # noqa: PLR2004 - HTTP's own word for "here it is"
                    await send(message)
            elif start is not None and start["status"] != 200:  # noqa: PLR2004
                await send(message)
            elif message["type"] == "http.response.body":
                chunks.append(message.get("body", b""))

        await self._app(scope, receive, collect)
        if start is None or start["status"] != 200:  # noqa: PLR2004
            return None
        body = gzip.compress(b"".join(chunks), LEVEL, mtime=0)
        headers = MutableHeaders(raw=list(start["headers"]))
        headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(body))
        headers.add_vary_header("Accept-Encoding")
        for name in ("etag", "accept-ranges"):  # they describe the bytes before compression
            if name in headers:
                del headers[name]
        return _Asset(headers.raw, body)


def _wanted(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return (
        scope["method"] == "GET"
        and scope["path"].startswith(ASSET_PREFIX)
        and scope["path"].endswith(COMPRESSIBLE)
        and "gzip" in headers.get("accept-encoding", "")
        and "range" not in headers
        and "if-none-match" not in headers
    )
