"""The map of the Atlas as a Streamlit element that works with no internet.

A rerun sends one short text (colour codes, sites, selection) to a frame that stays mounted;
outlines and scripts come once from this server. See `map_layers` for what a map can show.
"""

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import folium
import streamlit as st
from branca.element import MacroElement
from folium.template import Template
from streamlit_folium import st_folium

from dashboard import palette
from dashboard.map_assets import AssetPaths, ensure_static_assets
from dashboard.map_layers import (
    JUMPS,
    NO_DATA_CODE,
    UNREACHABLE_CODE,
    AreaLayer,
    MapEvent,
    MapSpec,
    Origin,
    Route,
    SiteLayer,
    SiteStyle,
    area_layer,
    band_codes,
    parse_event,
    site_layer,
)
from dashboard.services.cache import cached

__all__ = [
    "AreaLayer",
    "AssetPaths",
    "MapEvent",
    "MapSpec",
    "Origin",
    "Route",
    "SiteLayer",
    "SiteStyle",
    "area_layer",
    "band_codes",
    "ensure_static_assets",
    "render_map",
    "site_layer",
]

_EVENT_FIELD: Final = "last_object_clicked_tooltip"
"""The one field of streamlit-folium that causes a rerun. The map's script writes clicks into it;
pan and zoom change other fields and stay in the browser."""
_CENTRE: Final = (38.5, -96.0)
_LIMITS: Final = (-5.0, -215.0, 78.0, -40.0)
_THEME: Final = {
    "sea": palette.SEA,
    "land": palette.LAND,
    "seam": "#8fb9c2",
    "veil": palette.SEA + "c7",
    "ink": palette.INK,
    "accent": palette.ACCENT,
    "noData": {"code": NO_DATA_CODE, "fill": palette.NO_DATA, "ink": palette.NO_DATA_INK},
    "unreachable": {
        "code": UNREACHABLE_CODE,
        "fill": palette.UNREACHABLE,
        "ink": palette.UNREACHABLE_INK,
    },
}


@dataclass(frozen=True, slots=True)
class _Addresses:
    """What of the published files an empty map names."""

    leaflet_js: str
    leaflet_css: str
    script: str
    areas: str
    silhouette: str
    labels: str

    @classmethod
    def of(cls, assets: AssetPaths) -> "_Addresses":
        return cls(**{name: getattr(assets, name) for name in cls.__slots__})


class _BaseMap(folium.Map):
    """An empty Leaflet map whose scripts come from this server, the same at every rerun.

    Streamlit-folium mounts a new frame whenever this script changes, so nothing that can change
    during a visit belongs here.
    """

    def __init__(self, assets: _Addresses, key: str) -> None:
        self.default_js = [("leaflet", assets.leaflet_js), ("atlas", assets.script)]
        self.default_css = [("leaflet_css", assets.leaflet_css)]
        self._is_rendered = False
        super().__init__(
            location=_CENTRE,
            zoom_start=4,
            tiles=None,
            min_zoom=2,
            max_zoom=14,
            min_lat=_LIMITS[0],
            min_lon=_LIMITS[1],
            max_lat=_LIMITS[2],
            max_lon=_LIMITS[3],
            max_bounds=True,
            max_bounds_viscosity=0.7,
            zoom_snap=0.25,
            wheel_px_per_zoom_level=110,
        )
        options = {
            "key": key,
            "areas": assets.areas,
            "silhouette": assets.silhouette,
            "labels": assets.labels,
            "jumps": JUMPS,
            "theme": _THEME,
        }
        self.add_child(_Call("mount", json.dumps(options, separators=(",", ":"))))

    def render(self, **kwargs: object) -> str:
        """Render once: each time compiles a dozen templates."""
        if not self._is_rendered:
            super().render(**kwargs)  # type: ignore[no-untyped-call]  # branca has no annotations
            self._is_rendered = True
        return ""


@cached(8)
def _rendered(assets: _Addresses, key: str) -> _BaseMap:
    made = _BaseMap(assets, key)
    made.get_root().render()
    return made


def _base_map(assets: AssetPaths, key: str) -> _BaseMap:
    """Give an empty map to add to: nothing added reaches the one that is kept."""
    shared = _rendered(_Addresses.of(assets), key)
    own = copy.copy(shared)
    own._children = shared._children.copy()  # noqa: SLF001 - of a class of our own
    return own


class _Messenger(folium.FeatureGroup):
    """Carries one call into a map that is mounted; only its script counts."""

    def render(self, **kwargs: object) -> str:  # noqa: ARG002 - as in the class above
        """Do nothing: for a page of its own, the whole call would be compiled as a template."""
        return ""


class _Call(MacroElement):
    """One call of the map's own script, where folium would write that of a layer."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        {%- if this.function == "mount" %}
        AtlasMap.mount({{ this._parent.get_name() }}, {{ this.argument }});
        {%- else %}
        AtlasMap.update({{ this.argument }});
        {%- endif %}
        {% endmacro %}
        """
    )

    def __init__(self, function: Literal["mount", "update"], argument: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca has no annotations
        self._name = "AtlasCall"
        self.function = function
        self.argument = argument


def render_map(
    spec: MapSpec,
    *,
    key: str,
    height: int,
    on_event: Callable[[MapEvent], None] | None = None,
) -> MapEvent | None:
    """Draw a map and report a click once.

    Call it inside a function decorated with `st.fragment`, so that a click reruns that function
    alone. Pan and zoom rerun nothing.

    Parameters
    ----------
    spec : MapSpec
        What to show. A changed spec repaints the mounted map; it moves only when
        `spec.bounds` or `spec.view_token` change.
    key : str
        Names this map within the session. Two maps at a time need two keys.
    height : int
        Pixels.
    on_event : callable, optional
        Called with each click before the rerun that follows it, as widget callbacks are: the
        place to write a selection into the session state or the address.

    Returns
    -------
    MapEvent or None
        The click that caused this run, and None in every other run.
    """
    head = json.dumps({"revision": spec.revision, "height": height}, separators=(",", ":"))
    messenger = _Messenger(name="atlas", control=False)
    messenger.add_child(_Call("update", f"{head[:-1]},{spec.payload[1:]}"))

    def report() -> None:
        event = parse_event(_field(st.session_state.get(key)))
        if event is not None and on_event is not None and _new(f"_{key}_last_reported", event):
            on_event(event)

    value = st_folium(
        _base_map(spec.assets, key),
        key=key,
        height=height,
        render=False,
        use_container_width=True,
        returned_objects=[_EVENT_FIELD],
        feature_group_to_add=messenger,
        on_change=report,
    )
    event = parse_event(_field(value))
    return event if event is not None and _new(f"_{key}_last_click", event) else None


def _new(seen: str, event: MapEvent) -> bool:
    """Tell whether a click was not seen before: a component repeats its last value."""
    if st.session_state.get(seen) == event.at:
        return False
    st.session_state[seen] = event.at
    return True


def _field(value: object) -> object:
    return value.get(_EVENT_FIELD) if isinstance(value, Mapping) else None
