"""Compression of the shell's assets, and quiet answers to its guesses."""

import asyncio
import gzip
from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send

from dashboard.compression import MAX_ASSETS, CompressedAssets
from dashboard.server import PROBES, QuietProbes

BODY = b"const answer = 42;" * 200


class Behind:
    """An application that counts what it is asked."""

    def __init__(self, status: int = 200, *, cut: str = "") -> None:
        self.asked = 0
        self.status = status
        self.cut = cut

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        self.asked += 1
        headers = [
            (b"content-length", str(len(BODY)).encode()),
            (b"content-type", b"text/javascript"),
            (b"cache-control", b"immutable"),
            (b"etag", b"abc"),
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": BODY[:100], "more_body": True})
        if self.cut == "silently":
            return
        rest = BODY[100:300] if self.cut else BODY[100:]
        await send({"type": "http.response.body", "body": rest})


def ask(
    app: object, path: str, *, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    sent: list[Message] = []
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))  # type: ignore[operator]
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], {k.decode(): v.decode() for k, v in sent[0]["headers"]}, body


def test_asset_is_compressed_once_and_says_so(tmp_path: Path) -> None:
    behind = Behind()
    app = CompressedAssets(behind, tmp_path)
    for _ in range(2):
        status, headers, body = ask(app, "/static/js/a.js", accept_encoding="gzip, br")
        assert status == 200
        assert gzip.decompress(body) == BODY
        assert int(headers["content-length"]) == len(body) < len(BODY)
        assert headers["content-encoding"] == "gzip"
        assert headers["cache-control"] == "immutable"
        assert "accept-encoding" in headers["vary"].lower()
        assert "etag" not in headers
    assert behind.asked == 1


def test_compressed_asset_outlives_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ask(CompressedAssets(Behind(), tmp_path), "/static/js/a.js", accept_encoding="gzip")
    with monkeypatch.context() as patched:
        patched.delattr(gzip, "compress")
        again = ask(CompressedAssets(Behind(), tmp_path), "/static/js/a.js", accept_encoding="gzip")
    assert again == first
    (kept,) = tmp_path.glob("*.gz")
    kept.write_bytes(kept.read_bytes()[:-9])
    assert (
        ask(CompressedAssets(Behind(), tmp_path), "/static/js/a.js", accept_encoding="gzip")
        == first
    )


def test_asset_is_compressed_where_nothing_can_be_kept(tmp_path: Path) -> None:
    nowhere = tmp_path / "file"
    nowhere.write_text("no folder")
    _, _, body = ask(CompressedAssets(Behind(), nowhere), "/static/a.js", accept_encoding="gzip")
    assert gzip.decompress(body) == BODY


@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        ("/static/js/a.js", "GET", {}),
        ("/static/js/a.js", "HEAD", {"accept_encoding": "gzip"}),
        ("/static/js/a.js", "GET", {"accept_encoding": "gzip", "range": "bytes=0-9"}),
        ("/static/js/a.js", "GET", {"accept_encoding": "gzip", "if_none_match": "abc"}),
        ("/static/media/a.woff2", "GET", {"accept_encoding": "gzip"}),
        ("/media/a.js", "GET", {"accept_encoding": "gzip"}),
        ("/", "GET", {"accept_encoding": "gzip"}),
    ],
)
def test_everything_else_passes_unchanged(
    path: str, method: str, headers: dict[str, str], tmp_path: Path
) -> None:
    _, found, body = ask(CompressedAssets(Behind(), tmp_path), path, method=method, **headers)
    assert body == BODY
    assert "content-encoding" not in found


def test_missing_asset_stays_missing_and_is_not_kept(tmp_path: Path) -> None:
    behind = Behind(status=404)
    app = CompressedAssets(behind, tmp_path)
    for _ in range(2):
        status, _, body = ask(app, "/static/js/gone.js", accept_encoding="gzip")
        assert status == 404
        assert body == BODY
    assert behind.asked == 2


@pytest.mark.parametrize("cut", ["silently", "with an end"])
def test_answer_cut_short_by_a_leaving_browser_is_not_kept(cut: str, tmp_path: Path) -> None:
    behind = Behind(cut=cut)
    app = CompressedAssets(behind, tmp_path)
    ask(app, "/static/js/a.js", accept_encoding="gzip")
    behind.cut = ""
    _, headers, body = ask(app, "/static/js/a.js", accept_encoding="gzip")
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == BODY
    assert behind.asked == 2


def test_number_of_kept_assets_is_bounded(tmp_path: Path) -> None:
    app = CompressedAssets(Behind(), tmp_path)
    for i in range(MAX_ASSETS + 3):
        ask(app, f"/static/js/{i}.js", accept_encoding="gzip")
    assert len(app._assets) == MAX_ASSETS


def test_guesses_at_a_base_path_are_turned_away_without_an_error_status() -> None:
    behind = Behind()
    for path in PROBES:
        status, _, _ = ask(QuietProbes(behind), path)
        assert 300 <= status < 400
    assert behind.asked == 0
    assert ask(QuietProbes(behind), "/_stcore/health")[0] == 200
