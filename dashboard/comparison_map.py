"""The map of a comparison: counties by their change, sites of one side and of both (pure)."""

from dataclasses import replace
from typing import Final

import pandas as pd

from dashboard import map_spec, palette
from dashboard.comparison import IN_BOTH, Pair
from dashboard.map_assets import AssetPaths
from dashboard.map_key import MapKey
from dashboard.map_layers import MapSpec, SiteStyle, area_layer, site_layer, state_bounds

TRAVEL_EDGES: Final = (-60.0, -30.0, -5.0, 5.0, 30.0, 60.0)
TRAVEL_LABELS: Final = (
    "60+ shorter",
    "30\N{EN DASH}60 shorter",
    "5\N{EN DASH}30 shorter",
    "about equal",
    "5\N{EN DASH}30 longer",
    "30\N{EN DASH}60 longer",
    "60+ longer",
)
SHARE_EDGES: Final = (-50.0, -20.0, -2.0, 2.0, 20.0, 50.0)
SHARE_LABELS: Final = (
    "50+ fewer",
    "20\N{EN DASH}50 fewer",
    "2\N{EN DASH}20 fewer",
    "about equal",
    "2\N{EN DASH}20 more",
    "20\N{EN DASH}50 more",
    "50+ more",
)
IN_A: Final = SiteStyle("Only in A", "triangle", palette.WHITE, palette.INK, 6.5)
IN_B: Final = SiteStyle("Only in B", "diamond", palette.INK, palette.INK, 6.5)
IN_EACH: Final = SiteStyle("In both", "circle", palette.ACCENT, palette.ACCENT_DARK, 3.6)
STYLES: Final = (IN_EACH, IN_A, IN_B)
_STYLE_OF: Final = dict(zip((IN_BOTH[2], IN_BOTH[0], IN_BOTH[1]), range(3), strict=True))


def heading(pair: Pair, change: str) -> str:
    """Say what the map shades."""
    if change == "share":
        return "Share of people within the threshold, B less A, per cent points"
    return f"Mean travel of a person, B against A, {pair.unit}"


def build(
    assets: AssetPaths, pair: Pair, values: dict[str, float], sites: pd.DataFrame, change: str
) -> tuple[MapSpec, MapKey]:
    """Compose the map.

    Parameters
    ----------
    assets : AssetPaths
        Published outlines.
    pair : Pair
        Two sides.
    values : dict of str to float
        From `comparison.shading`.
    sites : DataFrame
        From `comparison.sites`.
    change : {"travel", "share"}
        What is shaded.

    Returns
    -------
    MapSpec
    MapKey
    """
    share = change == "share"
    edges = SHARE_EDGES if share else TRAVEL_EDGES
    colours = palette.DIVERGING[::-1] if share else palette.DIVERGING
    unit = " points" if share else map_spec.UNITS[pair.unit]
    areas = area_layer(
        assets, "county", values, edges=edges, unit=unit, colours=colours, decimals=1
    )
    layer = site_layer(
        sites["lat"],
        sites["lon"],
        sites["id"],
        [
            f"{name} ({where.lower()})"
            for name, where in zip(sites["name"], sites["where"], strict=True)
        ],
        styles=STYLES,
        style=[_STYLE_OF[where] for where in sites["where"]],
    )
    state = pair.a.view.state
    title = heading(pair, change)
    spec = MapSpec(
        assets=assets, title=title, areas=areas, sites=(layer,),
        bounds=state_bounds(assets, state), focus=state,
    )  # fmt: skip
    shown = [style for style in STYLES if style.label in set(sites["where"])]
    key = MapKey(
        title=title,
        edges=edges,
        colours=colours,
        labels=SHARE_LABELS if share else TRAVEL_LABELS,
        sites=shown,
        unreachable="",
        no_data="Nobody counted by both",
    )
    return replace(spec), key
