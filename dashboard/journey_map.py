"""The map of what a model saves a patient, by county (pure)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from dashboard import map_spec, palette
from dashboard.journey_state import MEASURES, MODELS, JourneySettings
from dashboard.map_assets import AssetPaths
from dashboard.map_key import MapKey
from dashboard.map_layers import MapSpec, SiteLayer, area_layer
from dashboard.patient_map import edges_of
from dashboard.state import Selection

UNITS: Mapping[str, str] = {
    "trips": " trips",
    "miles": " miles",
    "hours": " hours",
    "nights": " nights",
    "dollars": " USD",
}


def heading(settings: JourneySettings) -> str:
    """Say what the shading means.

    >>> heading(JourneySettings())
    'Hours of travel saved a patient: collection and monitoring near home'
    """
    return f"{MEASURES[settings.measure]} saved a patient: {MODELS[settings.model].lower()}"


def build(
    assets: AssetPaths,
    view: Selection,
    settings: JourneySettings,
    values: pd.Series,
    centres: pd.DataFrame,
    blood: SiteLayer,
) -> tuple[MapSpec, MapKey]:
    """Compose the map.

    Parameters
    ----------
    assets : AssetPaths
        Published outlines.
    view : Selection
        State in focus.
    settings : JourneySettings
        Measure and model.
    values : Series
        Saved a patient, by county code.
    centres : DataFrame
        Treatment centres that count.
    blood : SiteLayer
        Blood centres that collect.

    Returns
    -------
    MapSpec
        For `render_map`.
    str
        Explains colours and symbols, as HTML for `st.html`.
    """
    edges = edges_of(values.to_numpy(dtype=np.float64))
    colours = palette.sequential(len(edges) + 1)
    known = set(assets.counties)
    shaded = {str(code): float(v) for code, v in values.items() if code in known}
    areas = area_layer(
        assets,
        "county",
        shaded,
        edges=edges,
        unit=UNITS[settings.measure],
        decimals=0 if settings.measure in ("miles", "dollars") else 1,
        colours=colours,
    )
    legend = MapKey(
        title=heading(settings),
        edges=edges,
        colours=colours,
        sites=map_spec.site_styles(view, blood=True),
        unreachable="",
        no_data="Nobody here can reach every place by road",
    )
    return map_spec.thematic(assets, view, areas, heading(settings), centres, blood), legend
