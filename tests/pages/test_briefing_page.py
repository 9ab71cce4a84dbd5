"""The Briefing page through the whole app."""

import time
from pathlib import Path

import pytest
from opening import Open
from streamlit.testing.v1 import AppTest

from data.store import ADDRESS

PATIENCE_S = 90.0


@pytest.fixture(autouse=True)
def _database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ADDRESS, f"sqlite:///{tmp_path / 'scenarios.sqlite'}")


def labels(app: AppTest) -> set[str]:
    return {button.label for button in app.get("download_button")}


def test_a_briefing_is_made_when_it_is_asked_for(open_page: Open) -> None:
    app = open_page("briefing.py", template="state", state="VT", findings="places")
    assert not labels(app)
    app.button(key="briefing_make").click().run()
    until = time.monotonic() + PATIENCE_S
    while not labels(app) and time.monotonic() < until:
        time.sleep(0.2)  # between two looks; the work is in a thread of its own
        app.run()
    assert labels(app) == {"PDF", "Slides (PPTX)", "All data and figures (ZIP)"}
    assert any("people in Vermont" in m.value for m in app.markdown)
    app.slider(key="within").set_value(90.0).run()
    assert not labels(app)  # another threshold is another briefing


def test_a_template_without_its_place_waits_for_it(open_page: Open) -> None:
    app = open_page("briefing.py", template="state")
    assert "Focus on" in app.info[0].value
    assert app.button(key="briefing_make").disabled
    app = open_page("briefing.py", template="region")
    assert app.button(key="briefing_make").disabled
    app.selectbox(key="briefing_region").select("19").run()
    assert not app.button(key="briefing_make").disabled
    assert app.query_params["region"] == "hrr:19"


def test_bad_settings_of_a_link_are_named(open_page: Open) -> None:
    app = open_page("briefing.py", template="planet", findings="gossip", **{"with": "no thing!"})
    said = app.warning[0].value
    for word in ("planet", "gossip", "no thing"):
        assert word in said
