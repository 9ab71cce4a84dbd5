"""The planner's map: shading, existing centres, candidates, chosen sites (pure)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pandas as pd

from dashboard import map_spec, palette, queries, text
from dashboard.map_assets import AssetPaths
from dashboard.map_key import MapKey
from dashboard.map_layers import MapSpec, SiteStyle, area_layer, site_layer
from dashboard.plan_views import CHANGE_EDGES
from dashboard.state import Selection
from geo.siting.robust import EVERY

CANDIDATE: Final = SiteStyle("Candidate", "circle", palette.WHITE, palette.MUTED, 2.2)
KEPT_OUT: Final = SiteStyle("Candidate kept out", "square", palette.MUTED, "", 2.2)
CHOSEN: Final = SiteStyle(
    "Chosen site, in the order in which it adds most", "circle", palette.INK, "", 8.0
)
HAND: Final = SiteStyle("Chosen site, by hand", "square", palette.INK, "", 8.4)
SELDOM: Final = SiteStyle(
    "Chosen in fewer than half of the samples", "circle", palette.WHITE, palette.INK, 3.4
)
OFTEN: Final = SiteStyle(
    "Chosen in at least half", "circle", palette.BAND_COLOURS[3], palette.INK, 5.2
)
CERTAIN: Final = SiteStyle("Chosen in at least 95%", "circle", palette.INK, "", 7.0)
HALF: Final = 0.5
MANY: Final = 60
"""From so many chosen sites on, their symbols are smaller and bear no numbers."""


def heading(view: Selection, *, collection: bool) -> str:
    """Say what the shading means.

    >>> heading(Selection(), collection=False)
    'After the plan: median minutes by road to the nearest site'
    """
    unit = {"minutes": "minutes", "miles": "miles", "km": "kilometres"}[queries.travel_unit(view)]
    goal = "collection site" if collection else "site"
    if view.shown == "change":
        return f"Change: {unit} {text.travel_phrase(view)} saved by the plan, mean of all people"
    first = "Today" if view.shown == "today" else "After the plan"
    return f"{first}: median {unit} {text.travel_phrase(view)} to the nearest {goal}"


def build(
    assets: AssetPaths,
    view: Selection,
    values: Mapping[str, float],
    centres: pd.DataFrame,
    candidates: pd.DataFrame,
    chosen: pd.DataFrame,
    *,
    by_hand: bool,
    collection: bool,
) -> MapSpec:
    """Compose the map.

    Parameters
    ----------
    assets : AssetPaths
        Published outlines.
    view : Selection
        What is shaded, and the state in focus.
    values : mapping of str to float
        From `plan_views.shading`.
    centres : DataFrame
        Treatment centres open today.
    candidates : DataFrame
        id, name, lat, lon, kept_out (bool).
    chosen : DataFrame
        Sites of `Outcome.sites`.
    by_hand : bool
        Whether the plan is the reader's own.
    collection : bool
        Whether the shading is of travel to collection.

    Returns
    -------
    MapSpec
        For `render_map`.
    """
    unit = queries.travel_unit(view)
    changed = view.shown == "change"
    areas = area_layer(
        assets,
        "state" if view.level == "state" and not view.state else "county",
        values,
        edges=CHANGE_EDGES if changed else map_spec.EDGES[unit],
        unit=map_spec.UNITS[unit],
        colours=change_colours() if changed else palette.BAND_COLOURS,
        decimals=1 if changed else 0,
    )
    spec = map_spec.thematic(assets, view, areas, heading(view, collection=collection), centres)
    others = candidates[~candidates["id"].isin(chosen["id"])]
    small = site_layer(
        others["lat"],
        others["lon"],
        others["id"],
        [f"Candidate: {name}" for name in others["name"]],
        styles=[CANDIDATE, KEPT_OUT],
        style=others["kept_out"].to_numpy(dtype=int),
    )
    many = len(chosen) >= MANY
    style = HAND if by_hand else CHOSEN
    above = site_layer(
        chosen["lat"],
        chosen["lon"],
        chosen["id"],
        [
            f"{place}. {name}: {text.people(added)} more people"
            for place, name, added in zip(
                chosen["place"], chosen["name"], chosen["people_added"], strict=True
            )
        ],
        styles=[replace(style, radius=5.0) if many else style],
        marks=[] if many else [str(place) for place in chosen["place"]],
    )
    return replace(spec, sites=(small, *spec.sites, above))


def how_often(
    assets: AssetPaths, view: Selection, table: pd.DataFrame, centres: pd.DataFrame
) -> MapSpec:
    """Draw how often each site is chosen while the inputs vary.

    Parameters
    ----------
    assets : AssetPaths
        Published outlines.
    view : Selection
        State in focus.
    table : DataFrame
        From `plan_views.robust_table`.
    centres : DataFrame
        Treatment centres open today.

    Returns
    -------
    MapSpec
        For `render_map`.
    """
    title = "How often each site is chosen while the inputs vary"
    spec = map_spec.thematic(assets, view, None, title, centres)
    share = table["frequency"].to_numpy(dtype=float)
    layer = site_layer(
        table["lat"],
        table["lon"],
        table["id"],
        [
            f"{name}: in {text.percent(part, 0)} of the samples"
            for name, part in zip(table["name"], share, strict=True)
        ],
        styles=[SELDOM, OFTEN, CERTAIN],
        style=(share >= HALF).astype(int) + (share >= EVERY),
    )
    return replace(spec, sites=(*spec.sites, layer))


def often_legend(view: Selection) -> MapKey:
    """Explain the symbols of `how_often`, as HTML for `st.html`."""
    return MapKey(
        title="Sites by how often they are chosen",
        sites=[CERTAIN, OFTEN, SELDOM, *map_spec.site_styles(view, blood=False)],
        shaded=False,
    )


def change_colours() -> tuple[str, ...]:
    """Colours of what is saved: the land where it is next to nothing."""
    return (palette.LAND, *palette.sequential(len(CHANGE_EDGES), palette.BAND_COLOURS[1:]))


def legend(view: Selection, *, by_hand: bool, collection: bool, kept_out: bool) -> MapKey:
    """Explain colours and symbols, as HTML for `st.html`."""
    styles = [HAND if by_hand else CHOSEN, *map_spec.site_styles(view, blood=False), CANDIDATE]
    if kept_out:
        styles.append(KEPT_OUT)
    changed = view.shown == "change"
    return MapKey(
        title=heading(view, collection=collection),
        edges=CHANGE_EDGES if changed else map_spec.EDGES[queries.travel_unit(view)],
        colours=change_colours() if changed else palette.BAND_COLOURS,
        sites=styles,
        unreachable="" if changed else "No road to any site",
    )
