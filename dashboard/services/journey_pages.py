"""Cached answers that only the Journeys page asks for."""

from dataclasses import replace

from dashboard import journey_map
from dashboard.journey_state import JourneySettings
from dashboard.map_key import MapKey
from dashboard.map_layers import MapSpec
from dashboard.services import engine, journeys, maps
from dashboard.services.cache import cached
from dashboard.services.logistics import plain
from dashboard.state import Role, Selection


@cached(engine.ROWS_ENTRIES)
def _saved_map(
    view: Selection, settings: JourneySettings, role: Role, tables: str
) -> tuple[MapSpec, MapKey]:
    return journey_map.build(
        maps.assets(tables),
        view,
        settings,
        journeys.county_values(view, settings, role=role),
        engine.centres(view),
        maps.blood_layer(Selection(role=role)),
    )


def saved_map(view: Selection, settings: JourneySettings, role: Role) -> tuple[MapSpec, MapKey]:
    """Shade the counties by what the chosen model saves a patient; see `journey_map.build`."""
    unsplit = replace(settings, split=JourneySettings().split)
    return _saved_map(plain(view), unsplit, role, engine.tables())
