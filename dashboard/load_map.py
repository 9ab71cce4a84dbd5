"""The map of load on the centres, over patients without treatment by county (pure)."""

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from dashboard import palette
from dashboard.map_assets import AssetPaths
from dashboard.map_key import MapKey
from dashboard.map_layers import (
    MapSpec,
    SiteStyle,
    area_layer,
    site_layer,
    state_bounds,
)
from dashboard.patient_text import number
from dashboard.state import Selection

EDGES: Final = (1.0, 5.0, 10.0, 25.0, 50.0)
"""Per cent of a county's patients who are not treated."""
CLASSES: Final = (0.5, 0.8, 1 - 1e-9, 1 + 1e-9)
"""Shares of its slots from which on a site is in the next class."""
_LOOKS: Final = (
    ("Under half of its slots", palette.WHITE, palette.ACCENT),
    ("Half to 80%", "#f6c9b8", palette.ACCENT),
    ("80% and more", "#e8835f", palette.ACCENT_DARK),
    ("Full", palette.ACCENT_DARK, ""),
    ("More than its slots", palette.INK, palette.ACCENT),
)
TODAY: Final = tuple(
    SiteStyle(label, "circle", fill, ring, 5.0 + 0.4 * rank)
    for rank, (label, fill, ring) in enumerate(_LOOKS)
)
NEW: Final = tuple(
    SiteStyle(f"New site: {label[0].lower()}{label[1:]}", "square", fill, ring, 5.5 + 0.3 * rank)
    for rank, (label, fill, ring) in enumerate(_LOOKS)
)


def heading(year: int) -> str:
    """Say what the shading means.

    >>> heading(2030)
    'Patients of 2030 who are not treated, % of a county: no slot, too far or no road'
    """
    return f"Patients of {year} who are not treated, % of a county: no slot, too far or no road"


def class_of(share: pd.Series) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    """Class of each site in `TODAY`; one without slots is full.

    >>> class_of(pd.Series([0.1, 0.5, 0.8, 1.0, 1.2, np.nan])).tolist()
    [0, 1, 2, 3, 4, 3]
    """
    return np.searchsorted(CLASSES, share.fillna(1.0).to_numpy(), side="right")


def build(
    assets: AssetPaths, view: Selection, year: int, sites: pd.DataFrame, counties: pd.DataFrame
) -> tuple[MapSpec, MapKey]:
    """Compose the map.

    Parameters
    ----------
    assets : AssetPaths
        Published outlines.
    view : Selection
        State in focus.
    year : int
        Calendar year.
    sites : DataFrame
        From `load_views.by_site`.
    counties : DataFrame
        From `load_views.by_place`.

    Returns
    -------
    MapSpec
        For `render_map`.
    str
        Explains colours and symbols, as HTML for `st.html`.
    """
    colours = palette.sequential(len(EDGES) + 1)
    known = set(assets.counties)
    values = {
        str(code): 100 * float(share)
        for code, share in zip(counties["id"], counties["untreated_share"], strict=True)
        if code in known
    }
    areas = area_layer(assets, "county", values, edges=EDGES, unit="%", colours=colours, decimals=1)
    ordered = sites.sort_values("share", kind="stable", na_position="last")
    style = class_of(ordered["share"]) + len(TODAY) * ordered["new"].to_numpy(dtype=int)
    layer = site_layer(
        ordered["lat"],
        ordered["lon"],
        ordered["id"],
        [
            f"{name}: {number(load)} patients for {slots:,.0f} slots"
            for name, load, slots in zip(
                ordered["name"], ordered["load"], ordered["slots"], strict=True
            )
        ],
        styles=(*TODAY, *NEW),
        style=style,
    )
    spec = MapSpec(
        assets=assets,
        title=heading(year),
        areas=areas,
        sites=(layer,),
        bounds=state_bounds(assets, view.state),
        focus=view.state,
    )
    used = [look for code, look in enumerate((*TODAY, *NEW)) if code in set(style.tolist())]
    legend = MapKey(
        title=heading(year),
        edges=EDGES,
        colours=colours,
        sites=used,
        unreachable="",
        no_data="Nobody counted lives here",
    )
    return replace(spec), legend
