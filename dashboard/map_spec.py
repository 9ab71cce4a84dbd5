"""From a view and its results to what the map draws (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard import bands, palette, queries, text
from dashboard.map_assets import AssetPaths
from dashboard.map_key import MapKey
from dashboard.map_layers import (
    AreaLayer,
    MapSpec,
    Origin,
    PolygonLayer,
    Route,
    SiteLayer,
    SiteStyle,
    area_layer,
    bounds_around,
    county_bounds,
    one_line,
    resolve_level,
    site_layer,
    state_bounds,
)
from dashboard.places import Place
from dashboard.state import Selection

EDGES: Final = {
    "minutes": palette.MINUTE_EDGES,
    "miles": palette.MILE_EDGES,
    "km": palette.KM_EDGES,
}
PAINTED: Final = {
    "cbsa": "; each county has the value of its metro area, none outside metro areas",
    "hrr": "; each county has the value of the referral region where most of its people live",
}
"""Levels without outlines of their own, and what to say of them."""
SEARCH_MARGIN: Final = 0.5
"""Degrees around a search's centres: room for the times at the ends of the lines."""
SITE_MARGIN: Final = 1.5
"""Degrees around a chosen site."""
DEGREES_PER_MINUTE: Final = 0.013
"""How far the bands of a site reach on good roads."""
UNITS: Final = {"minutes": " min", "miles": " mi", "km": " km"}

TREATMENT_STYLES: Final = (
    SiteStyle("weaker evidence, treats children only", "triangle", palette.WHITE, palette.ACCENT),
    SiteStyle("weaker evidence, treats adults", "circle", palette.WHITE, palette.ACCENT, 4.4),
    SiteStyle(
        "documented, treats children only", "triangle", palette.ACCENT, palette.ACCENT_DARK, 5.6
    ),
    SiteStyle("documented, treats adults", "circle", palette.ACCENT, palette.ACCENT_DARK),
)
"""Later ones are drawn above earlier ones."""
OWN_STYLE: Final = SiteStyle("Your own facilities", "circle", palette.ACCENT, palette.ACCENT_DARK)
BLOOD_STYLES: Final = (
    SiteStyle("Blood centre, other roles", "diamond", palette.WHITE, palette.INK, 2.9),
    SiteStyle("Blood centre, apheresis (mostly platelets)", "diamond", palette.MUTED, "", 3.4),
    SiteStyle("Blood centre, cell collection", "diamond", palette.INK, "", 4.0),
)
ROLES: Final = (
    "collection",
    "apheresis",
    "cell_collection",
    "processing",
    "distribution",
    "testing",
    "headquarters",
)


@dataclass(frozen=True, slots=True, eq=False)
class Picked:
    """What a reader has asked the map to show beyond the layers.

    Parameters
    ----------
    place : Place or None
        Where a search starts.
    routes : tuple of Route
        To the nearest centres.
    catchment : tuple of str
        Counties whose people mostly go to the chosen site.
    site : tuple of float or None
        Coordinates of the chosen site.
    """

    place: Place | None = None
    routes: tuple[Route, ...] = ()
    catchment: tuple[str, ...] = ()
    site: tuple[float, float] | None = None


def build(
    assets: AssetPaths,
    view: Selection,
    values: Mapping[str, float],
    centres: pd.DataFrame,
    blood: SiteLayer | None = None,
    picked: Picked | None = None,
) -> MapSpec:
    """Compose the map of a view.

    Parameters
    ----------
    assets : AssetPaths
        Published outlines.
    view : Selection
        Layers, level, focus, selection.
    values : mapping of str to float
        Travel by area, see `queries.area_values`.
    centres : DataFrame
        Treatment centres that count.
    blood : SiteLayer, optional
        Blood centres to draw beneath them, from `blood_layer`.
    picked : Picked, optional
        Search and selection.

    Returns
    -------
    MapSpec
        For `render_map`.
    """
    picked = picked or Picked()
    sites: list[SiteLayer] = []
    if blood is not None and "blood" in view.layers:
        sites.append(blood)
    if "treatment" in view.layers:
        sites.append(_treatment_layer(centres, view))
    selected = (
        ("site", view.site) if view.site else ("county", view.county) if view.county else None
    )
    return MapSpec(
        assets=assets,
        title=title(view),
        areas=_areas(assets, view, values) if "areas" in view.layers else None,
        sites=tuple(sites),
        bounds=_bounds(assets, view, picked),
        focus=view.state,
        selected=selected,  # type: ignore[arg-type]
        catchment=picked.catchment,
        origin=None if picked.place is None else Origin(picked.place.lat, picked.place.lon),
        routes=picked.routes,
    )


def thematic(
    assets: AssetPaths,
    view: Selection,
    areas: AreaLayer | None,
    heading: str,
    centres: pd.DataFrame,
    blood: SiteLayer | None = None,
) -> MapSpec:
    """Compose the map of a topic: areas shaded by its own figure, with the sites.

    Parameters
    ----------
    assets : AssetPaths
        Published outlines.
    view : Selection
        State in focus; facilities and evidence, which decide the symbols.
    areas : AreaLayer or None
        The shading, if there is some.
    heading : str
        What it means, for screen readers.
    centres : DataFrame
        Treatment centres that count.
    blood : SiteLayer, optional
        Blood centres to draw beneath them, from `blood_layer`.

    Returns
    -------
    MapSpec
        For `render_map`.
    """
    below = () if blood is None else (blood,)
    return MapSpec(
        assets=assets,
        title=heading,
        areas=areas,
        sites=(*below, _treatment_layer(centres, view)),
        bounds=state_bounds(assets, view.state),
        focus=view.state,
    )


def site_styles(view: Selection, *, blood: bool) -> list[SiteStyle]:
    """Symbols of the sites of a view, most important first."""
    styles = [OWN_STYLE] if view.facilities else list(reversed(TREATMENT_STYLES))
    if not view.facilities and view.evidence == "documented":
        styles = [style for style in styles if style.label.startswith("documented")]
    return styles + (list(reversed(BLOOD_STYLES)) if blood else [])


def with_bands(
    spec: MapSpec, layer: PolygonLayer, view: Selection, *, site_name: str = ""
) -> MapSpec:
    """Put bands of travel time in the place of shaded areas.

    Parameters
    ----------
    spec : MapSpec
        From `build`.
    layer : PolygonLayer
        From `bands.layer`.
    view : Selection
        Layers and edges.
    site_name : str, optional
        Name of the one site that the bands are of; the map then shows as far as they reach.

    Returns
    -------
    MapSpec
        For `render_map`.
    """
    south, west, north, east = spec.bounds
    alone = site_name and not view.near
    more = max(0.0, DEGREES_PER_MINUTE * view.bands[-1] - SITE_MARGIN) if alone else 0.0
    return replace(
        spec,
        title=bands.title(view, site_name),
        areas=None,
        polygons=(layer,) if "areas" in view.layers else (),
        catchment=(),
        bounds=(south - more, west - more, north + more, east + more),
    )


def title(view: Selection) -> str:
    """Say what the shading means.

    >>> title(Selection())
    'Median minutes by road to the nearest hospital'
    """
    unit = {"minutes": "minutes", "miles": "miles", "km": "kilometres"}[queries.travel_unit(view)]
    goal = "of your facilities" if view.facilities else "hospital"
    whose = PAINTED.get(view.level, "")
    return f"Median {unit} {text.travel_phrase(view)} to the nearest {goal}{whose}"


def legend(view: Selection, *, blood: bool, bands_of: str | None = None) -> MapKey:
    """Explain the colours and symbols of a view, as HTML.

    Parameters
    ----------
    view : Selection
        Layers and units.
    blood : bool
        Whether the map has blood centres.
    bands_of : str, optional
        When the map shows bands: the name of the one site they are of, "" for all chosen centres.

    Returns
    -------
    str
        For `st.html`.
    """
    styles = site_styles(view, blood=False) if "treatment" in view.layers else []
    if blood and "blood" in view.layers:
        styles += list(reversed(BLOOD_STYLES))
    if bands_of is not None:
        return MapKey(
            title=bands.title(view, bands_of),
            edges=view.bands,
            colours=bands.legend_colours(view.bands, one_site=bool(bands_of)),
            sites=styles,
            shaded="areas" in view.layers,
            unreachable="" if bands_of else "No road to any centre",
            no_data="",
        )
    return MapKey(
        title=title(view),
        edges=EDGES[queries.travel_unit(view)],
        sites=styles,
        shaded="areas" in view.layers,
    )


def choose_blood(blood: pd.DataFrame, view: Selection) -> pd.DataFrame:
    """Keep the blood centres of the chosen role, network and confidence."""
    keep = np.ones(len(blood), dtype=bool)
    if not view.low_confidence:
        keep &= (blood["confidence"] != "low").to_numpy()
    if view.role != "any":
        keep &= blood[f"role_{view.role}"].to_numpy(dtype=bool)
    if view.network:
        keep &= (blood["network_group"] == view.network).to_numpy()
    return blood.loc[keep]


def level_of(view: Selection) -> str:
    """Whose value is shaded: state, county, cbsa or hrr."""
    if view.level in PAINTED:
        return view.level
    return resolve_level(view.level, focus=view.state)


def routes_to(place: Place, sites: pd.DataFrame) -> tuple[Route, ...]:
    """Lines from a place to sites with a column minutes."""
    return tuple(
        Route(((place.lat, place.lon), (float(lat), float(lon))), text.minutes(float(minutes)))
        for lat, lon, minutes in zip(sites["lat"], sites["lon"], sites["minutes"], strict=True)
    )


def _areas(assets: AssetPaths, view: Selection, values: Mapping[str, float]) -> AreaLayer:
    unit = queries.travel_unit(view)
    return area_layer(
        assets,
        resolve_level(view.level, focus=view.state),
        values,
        edges=EDGES[unit],
        unit=UNITS[unit],
    )


def _treatment_layer(centres: pd.DataFrame, view: Selection) -> SiteLayer:
    centres = queries.for_ages(centres, view.ages)
    if view.facilities:
        return site_layer(
            centres["lat"], centres["lon"], centres["id"], centres["name"], styles=[OWN_STYLE]
        )
    documented = queries.gives(centres, view.therapy, "documented")
    style = 2 * documented + centres["treats_adults"].to_numpy(dtype=bool)
    labels = _treatment_labels(centres, documented)
    return site_layer(
        centres["lat"],
        centres["lon"],
        centres["id"],
        labels,
        styles=TREATMENT_STYLES,
        style=style,
    )


def _treatment_labels(centres: pd.DataFrame, documented: NDArray[np.bool_]) -> list[str]:
    ages = centres["ages_treated"].map(
        {"adult": "adults", "pediatric": "children", "adult+pediatric": "adults and children"}
    )
    word = np.where(documented, "documented", "weaker evidence")
    return _joined(centres["name"], centres["city"], centres["state"], ages, word)


def _blood_labels(blood: pd.DataFrame) -> list[str]:
    return _joined(
        blood["org"] + ": " + blood["facility"],
        blood["city"],
        blood["state"],
        blood["roles"],
        blood["network_group"],
    )


def every_label(centres: pd.DataFrame, blood: pd.DataFrame) -> list[str]:
    """List all labels that the sites of the Atlas may have, as `SiteLayer` has them."""
    both = [_treatment_labels(centres, np.full(len(centres), word)) for word in (True, False)]
    return [one_line(label) for labels in (*both, _blood_labels(blood)) for label in labels]


def blood_layer(blood: pd.DataFrame) -> SiteLayer:
    """Symbols of blood centres, those that collect cells above the others."""
    style = np.where(blood["role_cell_collection"], 2, np.where(blood["role_apheresis"], 1, 0))
    return site_layer(
        blood["lat"],
        blood["lon"],
        blood["id"],
        _blood_labels(blood),
        styles=BLOOD_STYLES,
        style=style,
    )


def _joined(
    name: pd.Series, city: pd.Series, state: pd.Series, *more: Iterable[object]
) -> list[str]:
    return [
        f"{parts[0]}, {parts[1]}, {parts[2]} ({'; '.join(str(part) for part in parts[3:])})"
        for parts in zip(name, city, state, *more, strict=True)
    ]


def _bounds(
    assets: AssetPaths, view: Selection, picked: Picked
) -> tuple[float, float, float, float]:
    if picked.place is not None:
        ends = [point for route in picked.routes for point in route.path]
        return bounds_around([(picked.place.lat, picked.place.lon), *ends], margin=SEARCH_MARGIN)
    if view.county:
        return county_bounds(assets, view.county)
    if picked.site is not None:
        return bounds_around([picked.site], margin=SITE_MARGIN)
    return state_bounds(assets, view.state)
