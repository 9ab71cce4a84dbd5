"""Whom the treatment centres serve, and who would be left without each of them (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from dashboard import palette, queries, text
from dashboard.map_assets import AssetPaths
from dashboard.map_key import MapKey
from dashboard.map_layers import (
    MapSpec,
    SiteLayer,
    SiteStyle,
    bounds_around,
    county_bounds,
    site_layer,
    state_bounds,
)
from dashboard.state import Selection
from geo.catchments import Choices, catchments
from geo.results import Floats
from geo.units import miles_to_km

EDGES: Final = (30.0, 60.0, 120.0)
"""Travel at which a centre's people are counted, in minutes or miles, whatever the threshold."""
TOP: Final = 15
"""Centres in the chart."""
CLASSES: Final = (0.0, 100_000.0, 1_000_000.0)
"""Upper edges of all but the last class of criticality, in people who would lose cover."""
STYLES: Final = (
    SiteStyle("nobody would be beyond without it", "circle", palette.WHITE, palette.MUTED, 3.4),
    SiteStyle("up to 100,000 people", "circle", "#f6c9b8", palette.ACCENT_DARK, 4.6),
    SiteStyle("up to 1 million people", "circle", "#e8835f", palette.ACCENT_DARK, 6.4),
    SiteStyle("more than 1 million people", "circle", palette.ACCENT, palette.ACCENT_DARK, 8.6),
)
"""Sizes and colours of the classes; later ones are drawn above earlier ones."""
MARGIN: Final = 0.5
"""Degrees around a catchment that is looked at."""
_TREATS: Final = {
    (True, True): "adults and children",
    (True, False): "adults",
    (False, True): "children",
    (False, False): "nobody",
}


def table(
    centres: pd.DataFrame, rows: queries.Rows, rest: queries.Rows, selection: Selection
) -> pd.DataFrame:
    """Count the people of every centre.

    Parameters
    ----------
    centres : DataFrame
        Chosen centres, which `rows.site` counts.
    rows : Rows
        People with their way to the nearest centre.
    rest : Rows
        The same people row by row, with their way to the second nearest.
    selection : Selection
        Threshold and metric; with a state in focus, centres elsewhere that are nobody's nearest
        there are left out.

    Returns
    -------
    DataFrame
        id, name, place, treats; nearest (persons, at any distance) and of these: within (the
        threshold), within_30, within_60, within_120 and beyond_120 with the unit behind, lost (who
        would be beyond the threshold without it); share_lost (of those within), next_centre,
        next_id, extra_minutes (median; inf where most have no other, nan for nobody), lat, lon.
        Most people lost first, then most people.
    """
    edges = EDGES if selection.metric == "minutes" else tuple(miles_to_km(np.array(EDGES)))
    own = rows.site >= 0
    choices = Choices(
        persons=rows.persons,
        site=rows.site,
        next_site=rest.site,
        travel=queries.impedance(rows, selection),
        next_travel=queries.impedance(rest, selection),
        extra=np.subtract(rest.minutes, rows.minutes, out=np.full(own.shape, np.nan), where=own),
    )
    limits = (queries.threshold(selection), *edges)
    found = catchments(choices, n_sites=len(centres), limits=limits)
    within = found.within[:, 0]
    has_next = found.next_site >= 0
    names, ids = centres["name"].to_numpy(dtype=object), centres["id"].to_numpy(dtype=object)
    frame = pd.DataFrame(
        {
            "id": ids,
            "name": names,
            "place": _places(centres),
            "treats": [
                _TREATS[bool(adults), bool(children)]
                for adults, children in zip(
                    centres["treats_adults"], centres["treats_children"], strict=True
                )
            ],
            "nearest": found.nearest,
            "within": within,
            **{
                f"within_{edge:g}_{selection.metric}": found.within[:, 1 + position]
                for position, edge in enumerate(EDGES)
            },
            f"beyond_{EDGES[-1]:g}_{selection.metric}": found.nearest - found.within[:, -1],
            "lost": found.lost,
            "share_lost": np.divide(
                found.lost, within, out=np.full(len(centres), np.nan), where=within > 0
            ),
            "next_centre": np.where(has_next, names[found.next_site], "") if len(names) else names,
            "next_id": np.where(has_next, ids[found.next_site], "") if len(ids) else ids,
            "extra_minutes": found.extra,
            "lat": centres["lat"].to_numpy(dtype=np.float64),
            "lon": centres["lon"].to_numpy(dtype=np.float64),
        }
    )
    if selection.state and "state" in centres:
        here = (centres["state"] == selection.state).to_numpy()
        frame = frame[here | (found.nearest > 0)]
    elif selection.state:
        frame = frame[frame["nearest"] > 0]
    return frame.sort_values(["lost", "nearest"], ascending=False, kind="stable", ignore_index=True)


def _places(centres: pd.DataFrame) -> list[str]:
    """City and state; empty for a reader's own facilities."""
    if "city" not in centres:
        return [""] * len(centres)
    return [
        f"{city}, {state}" for city, state in zip(centres["city"], centres["state"], strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Catchment:
    """One centre among those chosen, for the people whom it treats.

    Parameters
    ----------
    within : float
        Persons within the threshold of this very centre, whatever else is near.
    nearest : float
        Persons for whom it is the nearest centre, at any distance.
    lost : float
        Of those, persons within the threshold who would be beyond it without this centre.
    next_centre, next_id : str
        The next nearest centre for most of those; "" where there is none.
    """

    within: float
    nearest: float
    lost: float
    next_centre: str
    next_id: str


def of_one(
    frame: pd.DataFrame, site: str, here: queries.Rows, selection: Selection
) -> Catchment | None:
    """Describe one centre.

    Parameters
    ----------
    frame : DataFrame
        From `table`.
    site : str
        Id of the centre.
    here : Rows
        People with their way to this centre and no other.
    selection : Selection
        Threshold and metric.

    Returns
    -------
    Catchment or None
        None for a centre that the table does not have.
    """
    row = row_of(frame, site)
    if row is None:
        return None
    inside = queries.impedance(here, selection) <= queries.threshold(selection)
    return Catchment(
        within=float(here.persons[inside].sum()),
        nearest=float(row["nearest"]),
        lost=float(row["lost"]),
        next_centre=str(row["next_centre"]),
        next_id=str(row["next_id"]),
    )


def criticality(frame: pd.DataFrame) -> SiteLayer:
    """Draw the centres sized and coloured by how many people would lose cover.

    Parameters
    ----------
    frame : DataFrame
        From `table`.

    Returns
    -------
    SiteLayer
        In the classes of `STYLES`.
    """
    lost: Floats = frame["lost"].to_numpy(dtype=np.float64)
    labels = [
        f"{name}{', ' if where else ''}{where}: nearest for {text.people(nearest)}, "
        f"{text.people(gone)} beyond without it"
        for name, where, nearest, gone in zip(
            frame["name"], frame["place"], frame["nearest"], lost, strict=True
        )
    ]
    return site_layer(
        frame["lat"],
        frame["lon"],
        frame["id"],
        labels,
        styles=STYLES,
        style=np.searchsorted(CLASSES, lost, side="left"),
    )


def finding(frame: pd.DataFrame, selection: Selection) -> str:
    """State which centre's loss would be felt most, and how many people have only one.

    Parameters
    ----------
    frame : DataFrame
        From `table`.
    selection : Selection
        The view.

    Returns
    -------
    str
        One or two sentences, Markdown.
    """
    who, reach = text.audience(selection), text.threshold(selection)
    critical = frame[frame["lost"] > 0]
    if critical.empty:
        if not frame["within"].sum():
            return f"No {who} live within {reach} of a centre, so no closure would change that."
        return f"No single closure would leave any {who} beyond {reach}: all have a second centre."
    worst = critical.iloc[0]
    where = f" in {worst['place']}" if worst["place"] else ""
    rank = "it is the only centre" if len(frame) == 1 else f"most of all {len(frame):,} centres"
    first = (
        f"If **{worst['name']}**{where} closed, {text.people(worst['lost'])} {who} would be beyond "
        f"{reach}: {rank}."
    )
    if len(critical) == 1:
        return first
    return (
        f"{first} For {text.people(critical['lost'].sum())} {who} one centre is the only one "
        f"within reach; {len(critical):,} centres are that for somebody."
    )


def nothing(counted: int, selection: Selection) -> str:
    """Say why there is no catchment, and what to do.

    Parameters
    ----------
    counted : int
        Centres that count, wherever they are.
    selection : Selection
        The view.

    Returns
    -------
    str
        Two sentences.

    Examples
    --------
    >>> nothing(202, Selection(state="PR"))
    'From Puerto Rico none of the 202 centres that count can be reached by road. Choose all \
states, or another way to travel, on the left.'
    """
    if counted:
        return (
            f"From {text.place(selection.state)} none of the {counted:,} centres that count can "
            f"be reached {text.travel_phrase(selection)}. Choose all states, or another way to "
            "travel, on the left."
        )
    if selection.facilities:
        return (
            f"None of your own facilities treats {text.audience(selection)}. Upload a file with "
            "one that does, or go back to the built-in centres."
        )
    return "No centre counts here. Choose a weaker evidence, or another therapy, on the left."


def map_of(
    assets: AssetPaths, frame: pd.DataFrame, main: Mapping[str, str], selection: Selection
) -> MapSpec:
    """Draw the centres by criticality, and enclose the counties of the one chosen.

    Parameters
    ----------
    assets : AssetPaths
        Published outlines.
    frame : DataFrame
        From `table`.
    main : mapping of str to str
        Centre that is nearest for most people of each county, by county code.
    selection : Selection
        State in focus; the centre chosen, if there is one.

    Returns
    -------
    MapSpec
        Zoomed to the state in focus, or to the catchment of the centre chosen.
    """
    spec = MapSpec(
        assets=assets,
        title=f"People beyond {text.threshold(selection)} without each centre",
        sites=(criticality(frame),),
        bounds=state_bounds(assets, selection.state),
        focus=selection.state,
    )
    row = row_of(frame, selection.site)
    if row is None:
        return spec
    counties = tuple(county for county, site in main.items() if site == row["id"])
    around = [county_bounds(assets, county, margin=0) for county in counties]
    corners = [corner for box in around for corner in (box[:2], box[2:])]
    return replace(
        spec,
        bounds=bounds_around([(row["lat"], row["lon"]), *corners], margin=MARGIN),
        selected=("site", str(row["id"])),
        catchment=counties,
    )


def legend() -> MapKey:
    """Explain the symbols, as HTML."""
    return MapKey(title="", sites=list(reversed(STYLES)), shaded=False)


def most_critical(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep the centres whose loss would be felt most, for the chart; the worst first."""
    return frame[frame["lost"] > 0].head(TOP)


def edge_columns(selection: Selection) -> dict[str, str]:
    """Columns of people nearest by travel, with their headings.

    >>> list(edge_columns(Selection()).values())
    ['Within 30 min', 'Within 60 min', 'Within 120 min', 'Beyond 120 min']
    """
    unit = "min" if selection.metric == "minutes" else "mi"
    last = f"{EDGES[-1]:g}"
    return {f"within_{edge:g}_{selection.metric}": f"Within {edge:g} {unit}" for edge in EDGES} | {
        f"beyond_{last}_{selection.metric}": f"Beyond {last} {unit}"
    }


def row_of(frame: pd.DataFrame, site: str) -> pd.Series | None:
    """Row of one centre; None where the table does not have it."""
    hit = frame[frame["id"] == site]
    return None if hit.empty else hit.iloc[0]


def farther(minutes: float) -> str:
    """Say what the next centre takes more.

    >>> farther(34.4), farther(float("inf")), farther(float("nan"))
    ('+34 min', 'no other centre', 'nobody')
    """
    if np.isnan(minutes):
        return "nobody"
    return "no other centre" if np.isinf(minutes) else f"+{text.minutes(minutes)}"


def row_sentence(row: pd.Series, selection: Selection) -> str:
    """State what the people of a centre would have without it.

    Parameters
    ----------
    row : Series
        From `table`.
    selection : Selection
        The view.

    Returns
    -------
    str
        Sentences, Markdown.
    """
    who, reach = text.audience(selection), text.threshold(selection)
    if not row["nearest"]:
        return f"It is not the nearest centre for any {who} that it treats."
    lost = (
        f"**{text.people(row['lost'])}** {who} would be beyond {reach} if it closed"
        if row["lost"]
        else f"No {who} would be beyond {reach} if it closed"
    )
    if not row["next_centre"]:
        return f"{lost}. Its {who} could reach no other centre."
    return (
        f"{lost}. For most of its {who} the next centre is **{row['next_centre']}**, the shaded "
        "line encloses the counties most of whose people come here."
    )
