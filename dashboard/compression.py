"""ASGI middleware: the browser assets of the shell, compressed once and kept.

Streamlit compresses its own answers but sends its scripts and style sheets as they are, in the
expectation of a proxy in front. The Atlas is meant to run from a laptop with no proxy, where that
alone is more than the budget of the whole first page (docs/adr/0003). Asset names carry a content
hash, so an entry never goes stale. What was compressed is kept on disk by its content: a start of
the server does not do it again while the first reader waits.
"""

import gzip
import hashlib
import tempfile
import zlib
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ASSET_PREFIX: Final = "/static/"
COMPRESSIBLE: Final = (".js", ".css", ".json", ".svg")
MAX_ASSETS: Final = 400
LEVEL: Final = 6
FOLDER: Final = Path(__file__).resolve().parent.parent / ".cache" / "assets"
"""Where compressed assets are kept; without it they are compressed again."""


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
    folder : Path, optional
        Where they are kept between starts.
    """

    def __init__(self, app: ASGIApp, folder: Path = FOLDER) -> None:
        self._app = app
        self._folder = folder
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
        start = {"type": "http.response.start", "status": HTTPStatus.OK, "headers": asset.headers}
        await send(start)
        await send({"type": "http.response.body", "body": asset.body})

    async def _fetch(self, scope: Scope, receive: Receive, send: Send) -> _Asset | None:
        """Ask the application for the asset; what is not whole and well goes to the client as is.

        A browser that leaves cuts an answer short. Half a script, kept, would break every later
        visit, so only an answer as long as it says it is becomes an asset.
        """
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, collect)
        asset = _asset(messages, self._folder)
        if asset is None:
            for message in messages:
                await send(message)
        return asset


def _asset(messages: list[Message], folder: Path) -> _Asset | None:
    """Compress a whole answer; None for any other."""
    if not messages or messages[0].get("status") != HTTPStatus.OK:
        return None
    body = b"".join(message.get("body", b"") for message in messages[1:])
    headers = MutableHeaders(raw=list(messages[0]["headers"]))
    ended = len(messages) > 1 and not messages[-1].get("more_body", False)
    if not ended or headers.get("content-length") != str(len(body)):
        return None
    compressed = _compressed(body, folder)
    headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(compressed))
    headers.add_vary_header("Accept-Encoding")
    for name in ("etag", "accept-ranges"):  # they describe the bytes before compression
        if name in headers:
            del headers[name]
    return _Asset(headers.raw, compressed)


def _compressed(body: bytes, folder: Path) -> bytes:
    """Compress, or read what was compressed before; a damaged file is not used."""
    kept = folder / f"{hashlib.sha256(body).hexdigest()[:32]}.gz"
    with suppress(OSError, EOFError, zlib.error):
        found = kept.read_bytes()
        if gzip.decompress(found) == body:
            return found
    compressed = gzip.compress(body, LEVEL, mtime=0)
    with suppress(OSError):
        _keep(kept, compressed)
    return compressed


def _keep(path: Path, content: bytes) -> None:
    """Write a file at once or not at all; the oldest go when there are too many."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)
    files = sorted(path.parent.glob("*.gz"), key=lambda one: one.stat().st_mtime)
    for oldest in files[:-MAX_ASSETS]:
        oldest.unlink(missing_ok=True)


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
