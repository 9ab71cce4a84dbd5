"""Outlines for printed maps, kept; what draws them is imported only when a picture is asked for."""

from typing import TYPE_CHECKING, Final

from dashboard.services import engine, maps
from dashboard.services.cache import cached
from data import load

if TYPE_CHECKING:
    from dashboard.prints.projections import Drawn, Frame, Land

FRAMES: Final = 24
"""One frame's outlines are up to 8 MB."""


def outlines(frame: "Frame") -> "Drawn":
    """Give the outlines of a part of a map, in the order of the maps' colour codes."""
    return _outlines(engine.tables(), frame)


@cached(FRAMES)
def _outlines(tables: str, frame: "Frame") -> "Drawn":
    from dashboard.prints.projections import outlines_of  # noqa: PLC0415 - as below

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
