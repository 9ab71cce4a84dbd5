"""Pictures and layers of what a page shows, made when they are asked for.

What draws is imported only then. Outlines are kept; drawing goes one picture at a time, since two
at once would only make both late.
"""

from threading import Lock
from typing import TYPE_CHECKING, Final

from dashboard.map_key import MapKey
from dashboard.map_layers import MapSpec
from dashboard.prints.caption import Caption, Kind, Size
from dashboard.services import engine, maps
from dashboard.services.cache import cached
from data import load

if TYPE_CHECKING:
    import geopandas as gpd
    import plotly.graph_objects as go

    from dashboard.prints.projections import Drawn, Frame, Land

FRAMES: Final = 24
"""One frame's outlines are up to 8 MB."""
_DRAWING: Final = Lock()


def of_chart(figure: "go.Figure", caption: Caption, kind: Kind, size: Size) -> bytes:
    """Draw a chart as a file."""
    from dashboard.prints.chart import chart  # noqa: PLC0415 - matplotlib is heavy

    with _DRAWING:
        return chart(figure, caption, kind=kind, size=size)


def of_map(spec: MapSpec, key: MapKey, caption: Caption, kind: Kind, size: Size) -> bytes:
    """Draw a map as a file."""
    from dashboard.prints.atlas_map import atlas_map  # noqa: PLC0415 - matplotlib is heavy

    with _DRAWING:
        return atlas_map(spec, key, outlines, caption, kind=kind, size=size)


def features(spec: MapSpec, key: MapKey) -> "gpd.GeoDataFrame":
    """Write areas, shapes and sites of a map as one table; see `map_table.features`."""
    from dashboard import map_table  # noqa: PLC0415 - only when asked for

    assets = maps.assets(engine.tables())
    counties = load.counties().set_index("county_fips").loc[list(assets.counties)]
    states = load.states().set_index("state").loc[list(assets.states)]
    return map_table.features(
        spec,
        key,
        counties.rename_axis("id").reset_index(),
        states.rename_axis("id").reset_index(),
    )


def outlines(frame: "Frame") -> "Drawn":
    """Give the outlines of a part of a map, in the order of the maps' colour codes."""
    return _outlines(engine.tables(), frame)


@cached(FRAMES)
def _outlines(tables: str, frame: "Frame") -> "Drawn":
    from dashboard.prints.projections import outlines_of  # noqa: PLC0415 - matplotlib is heavy

    return outlines_of(_land(tables), frame)


@cached(1)
def _land(tables: str) -> "Land":
    from dashboard.map_assets import unwrapped  # noqa: PLC0415 - as below
    from dashboard.prints.projections import Land  # noqa: PLC0415 - matplotlib is heavy

    assets = maps.assets(tables)
    counties = load.counties().set_index("county_fips").loc[list(assets.counties)]
    states = load.states().set_index("state").loc[list(assets.states)]
    return Land(
        counties=unwrapped(counties.geometry.to_numpy()),
        states=unwrapped(states.geometry.to_numpy()),
        county_codes=assets.counties,
        state_codes=assets.states,
        county_states=tuple(counties["state"]),
    )
