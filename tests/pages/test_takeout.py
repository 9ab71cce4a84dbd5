"""Every chart and every map of every page can be taken away as a picture with its finding."""

from typing import Any

import pytest
from opening import Open

from dashboard import takeout
from dashboard.prints.caption import Caption
from dashboard.state import LABELS

PAGES = [
    ("overview.py", {}, 4),
    ("map.py", {}, 1),
    ("region.py", {"region": "state:VT"}, 1),
    *(("gaps.py", {"topic": topic}, 1) for topic in LABELS["topic"]),
    ("patients.py", {"state": "VT"}, 2),
    ("journeys.py", {"state": "VT"}, 1),
    ("methods.py", {}, 1),
]


@pytest.mark.parametrize(("page", "query", "fewest"), PAGES)
def test_every_picture_of_a_page_can_be_drawn(
    page: str, query: dict[str, str], fewest: int, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, Any, str]] = []

    def note(key: str, draw: Any, finding: str, *_: Any, **__: Any) -> None:
        asked.append((key, draw, finding))

    monkeypatch.setattr(takeout, "picture", note)
    open_page(page, **query)
    assert len(asked) >= fewest
    assert len({key for key, _, _ in asked}) == len(asked)
    for _, draw, finding in asked:
        assert len(finding) > 20
        assert draw(Caption(finding), "svg", "figure").startswith(b"<?xml")
