"""The map as Streamlit sends it and hears from it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import map_view, services
from dashboard.map_view import MapEvent, MapSpec, render_map
from dashboard.state import Selection
from data import load


@pytest.fixture(scope="module")
def spec() -> MapSpec:
    assets = map_view.ensure_static_assets(load.counties(), load.states())
    sites = map_view.site_layer(
        [33.5], [-86.8], ["TC001"], ["UAB"], styles=[map_view.SiteStyle("a", "circle", "#d00")]
    )
    areas = map_view.area_layer(
        assets, "county", {"01001": 31.0}, edges=(30,), unit=" min", colours=("#a", "#b")
    )
    return MapSpec(assets, "Minutes", areas, (sites,))


class Frame:
    """Stands for streamlit-folium: keeps what it is given, answers what the test wants."""

    def __init__(self) -> None:
        self.answer: object = {"last_object_clicked_tooltip": None}
        self.calls: list[dict[str, Any]] = []

    def __call__(self, fig: object, **arguments: Any) -> object:
        self.calls.append({"fig": fig, **arguments})
        return self.answer

    def click(self, at: int, site: str = "TC001") -> None:
        event = json.dumps({"kind": "site", "id": site, "at": at})
        self.answer = {"last_object_clicked_tooltip": event}


@pytest.fixture
def frame(monkeypatch: pytest.MonkeyPatch) -> Frame:
    frame = Frame()
    monkeypatch.setattr(map_view, "st_folium", frame)
    monkeypatch.setattr(map_view.st, "session_state", {})
    return frame


def test_a_click_is_reported_once(frame: Frame, spec: MapSpec) -> None:
    assert render_map(spec, key="m", height=300) is None
    frame.click(at=1)
    assert render_map(spec, key="m", height=300) == MapEvent("site", "TC001", 1)
    assert render_map(spec, key="m", height=300) is None  # a rerun for another reason
    frame.click(at=2)
    assert render_map(spec, key="m", height=300) == MapEvent("site", "TC001", 2)
    frame.answer = None
    assert render_map(spec, key="m", height=300) is None


def test_the_callback_hears_of_the_click_before_the_rerun(frame: Frame, spec: MapSpec) -> None:
    heard: list[MapEvent] = []
    render_map(spec, key="m", height=300, on_event=heard.append)
    report: Callable[[], None] = frame.calls[-1]["on_change"]
    report()  # nothing clicked yet
    frame.click(at=5)
    map_view.st.session_state["m"] = frame.answer
    report()
    assert heard == [MapEvent("site", "TC001", 5)]
    report()  # sent again, after Streamlit has dropped the value
    assert len(heard) == 1
    frame.click(at=6)
    map_view.st.session_state["m"] = frame.answer
    report()
    assert len(heard) == 2


def test_only_clicks_rerun_the_page(frame: Frame, spec: MapSpec) -> None:
    render_map(spec, key="m", height=300)
    assert frame.calls[-1]["returned_objects"] == ["last_object_clicked_tooltip"]


PAGE = """
import streamlit as st
from dashboard.map_view import render_map
render_map(st.session_state["spec"], key="m", height=300)
"""


def _sent(spec: MapSpec) -> dict[str, Any]:
    app = AppTest.from_string(PAGE, default_timeout=30)
    app.session_state["spec"] = spec
    app.run()
    assert not app.exception
    content: dict[str, Any] = json.loads(app.get("component_instance")[0].proto.json_args)
    return content


def test_what_changes_travels_apart_from_what_stays(spec: MapSpec) -> None:
    other = MapSpec(spec.assets, "Other", None, (), focus="TX", selected=("county", "01001"))
    first, second = _sent(spec), _sent(other)
    # Streamlit-folium mounts a new frame when the script, links or header change.
    for same in ("script", "js_links", "css_links", "header", "html"):
        assert first[same] == second[same]
    assert first["feature_group"] != second["feature_group"]
    assert f'"revision":"{spec.revision}"' in first["feature_group"]
    assert spec.payload[1:] in first["feature_group"]


def test_nothing_is_asked_of_another_machine(spec: MapSpec) -> None:
    sent = _sent(spec)
    links = sent["js_links"] + sent["css_links"]
    assert len(links) == 3
    assert all(link.startswith("../../app/static/") for link in links)
    assert "//" not in sent["script"] + sent["feature_group"] + sent["header"]


def test_the_map_of_the_whole_country_is_small() -> None:
    sent = _sent(services.maps.full_map(Selection(model="straight")))
    assert len(json.dumps(sent)) < 100_000
