"""Drive-time bands for the reader: what they show, who lives in them, as map, table and file."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from dashboard import palette, queries, text
from dashboard.map_layers import PolygonLayer, PolygonStyle, polygon_layer
from dashboard.state import MAX_BANDS, WITHIN_MAX, WITHIN_MIN, Selection
from dashboard.url_fields import SHOWN_CHARS
from geo.contours import Bands
from geo.coverage import travel_distribution
from geo.results import DistributionResult, Floats
from geo.surface import WINDOWS, Geometries

DRAWN_DEGREES: Final = 0.01
"""Lines on the map may be this far from those of the file: a kilometre, a fifth of a cell."""
LINE: Final = palette.INK + "66"
LINE_WIDTH: Final = 0.6
_FILE_DIGITS: Final = 5
"""Corners of bands are rounded to this; see `geo.contours`."""


def read_edges(written: str) -> tuple[tuple[float, ...], list[str]]:
    """Read edges as a reader types them.

    Parameters
    ----------
    written : str
        Minutes between commas.

    Returns
    -------
    edges : tuple of float
        Empty when something is wrong.
    problems : list of str
        One sentence for each thing that is wrong.

    Examples
    --------
    >>> read_edges("30, 60,90")
    ((30.0, 60.0, 90.0), [])
    >>> read_edges("60,30")[1]
    ['30 comes after 60: minutes must rise.']
    """
    parts = [part.strip() for part in written.split(",")]
    problems, edges = [], []
    for part in parts:
        shown = part[:SHOWN_CHARS]
        try:
            value = float(part)
        except ValueError:
            problems.append(
                f"“{shown}” is not a number of minutes." if part else "A number is missing."
            )
            continue
        if not WITHIN_MIN <= value <= WITHIN_MAX:  # also catches nan
            problems.append(f"{shown} is not between {WITHIN_MIN:g} and {WITHIN_MAX:g} minutes.")
        edges += [] if math.isnan(value) else [value]
    problems += [
        f"{high:g} comes after {low:g}: minutes must rise."
        for low, high in pairwise(edges)
        if not low < high
    ]
    if len(parts) > MAX_BANDS:
        problems.append(f"There are {len(parts)} numbers; at most {MAX_BANDS} can be drawn.")
    return (() if problems else tuple(edges)), problems


def written_edges(edges: Sequence[float]) -> str:
    """Write edges as `read_edges` reads them, and as the URL has them."""
    return ",".join(f"{edge:.12g}" for edge in edges)


def problem_message(problems: Sequence[str], shown: Sequence[float]) -> str:
    """Say what is wrong with typed edges, and what the map shows meanwhile."""
    return (
        f"These bands cannot be drawn. {' '.join(problems)} The map still shows "
        f"{written_edges(shown)}."
    )


def for_surface(centres: pd.DataFrame, ages: str) -> pd.DataFrame:
    """Choose the centres whose travel times are drawn.

    Parameters
    ----------
    centres : DataFrame
        Treatment centres that count.
    ages : {'all', 'adult', 'pediatric'}
        Whose travel. One surface cannot show both audiences: "all" shows that of adults, unless
        no centre treats adults.

    Returns
    -------
    DataFrame
        Rows of `centres`.
    """
    column = "treats_children" if ages == "pediatric" else "treats_adults"
    chosen = centres.loc[centres[column].astype(bool)]
    return centres if ages == "all" and chosen.empty else chosen


def title(view: Selection, site: str = "") -> str:
    """Say what the bands show.

    >>> title(Selection())
    'Minutes by road to the nearest hospital that treats adults'
    >>> title(Selection(), "Moffitt")
    'Minutes by road to Moffitt'
    """
    phrase = f"Minutes {text.travel_phrase(view)} to"
    if site:
        return f"{phrase} {site}"
    goal = "of your facilities" if view.facilities else "hospital"
    treated = "children" if view.ages == "pediatric" else "adults"
    return f"{phrase} the nearest {goal} that treats {treated}"


def colours(edges: Sequence[float]) -> tuple[str, ...]:
    """Give each band its fill, the last one for what is farther."""
    return palette.sequential(len(edges) + 1)


def legend_colours(edges: Sequence[float], *, one_site: bool) -> tuple[str, ...]:
    """Give the same for the legend: what is beyond one site's bands stays plain land."""
    fills = colours(edges)
    return (*fills[:-1], palette.LAND) if one_site else fills


def names(edges: Sequence[float]) -> tuple[str, ...]:
    """Name the bands, as behind a county's name.

    >>> names((30, 60))
    ('within 30 minutes', '30 to 60 minutes', 'more than 60 minutes')
    >>> names((1,))
    ('within 1 minute', 'more than 1 minute')
    """
    return (
        f"within {_minutes(edges[0])}",
        *(f"{low:g} to {high:g} minutes" for low, high in pairwise(edges)),
        f"more than {_minutes(edges[-1])}",
    )


def _minutes(edge: float) -> str:
    return f"{edge:g} minute{'' if edge == 1 else 's'}"


def layer(
    within: Geometries, no_road: shapely.MultiPolygon, edges: Sequence[float], *, one_site: bool
) -> PolygonLayer:
    """Draw bands: nearer ones above farther ones, so that each line is sent once.

    Parameters
    ----------
    within, no_road
        From `geo.contours.regions`.
    edges : sequence of float
        Upper edges in minutes.
    one_site : bool
        Leave the land beyond the last edge, and what has no road, unpainted.

    Returns
    -------
    PolygonLayer
        For `MapSpec.polygons`.
    """
    label = names(edges)
    order = range(len(edges) - 1, -1, -1)
    shapes = [within[number] for number in order]
    fills = list(order)
    said = [label[number] for number in order]
    if one_site:
        shapes = [shapely.difference(shape, no_road) for shape in shapes]
    else:
        shapes = [_everything(), *shapes, no_road]
        fills = [len(edges), *fills, -1]
        said = [label[-1], *said, "no road to any centre"]
    style = PolygonStyle(colours(edges), line=LINE, line_width=LINE_WIDTH, on_land=True)
    return polygon_layer(shapes, style, fill=fills, labels=said)


def _everything() -> shapely.MultiPolygon:
    """Cover every window of the grid; the coast cuts it when it is drawn."""
    boxes = [
        shapely.box(
            one.west,
            one.south,
            one.west + one.columns * one.step_lon,
            one.south + one.rows * one.step_lat,
        )
        for one in WINDOWS
    ]
    return shapely.MultiPolygon(boxes)


def people(minutes: Floats, persons: Floats, edges: Sequence[float]) -> DistributionResult:
    """Count the people of every band.

    Parameters
    ----------
    minutes, persons : ndarray, shape (n,)
        Travel of each row of people, not of the land around them; inf no road, nan no data.
    edges : sequence of float
        Upper edges in minutes; a person exactly at one is within it.

    Returns
    -------
    DistributionResult
        One bin for each edge; `above` lives farther.
    """
    return travel_distribution(minutes, persons, edges=[0.0, *edges])


def treated_persons(areas: queries.Areas, site: pd.Series, ages: str, state: str) -> Floats:
    """Count the people whom one site treats, by area.

    Parameters
    ----------
    areas : Areas
        Where people live, n.
    site : Series
        Row of a treatment centre, or of a blood centre, which serves everybody.
    ages : {'all', 'adult', 'pediatric'}
        Who is counted.
    state : str
        Only those who live there; "" for all.

    Returns
    -------
    ndarray, shape (n,)
    """
    serves = {
        "adult": bool(site.get("treats_adults", default=True)),
        "pediatric": bool(site.get("treats_children", default=True)),
    }
    persons = np.zeros(len(areas.frame))
    for audience in queries.AUDIENCES[ages]:
        if serves[audience]:
            persons = persons + areas.persons[audience]
    if state:
        persons = np.where(areas.frame["state"].to_numpy() == state, persons, 0.0)
    return persons


def table(found: DistributionResult) -> pd.DataFrame:
    """Tabulate the people of every band.

    Returns
    -------
    DataFrame
        minutes_from, minutes_to (nan for open ends), state (reachable, unreachable, no_data),
        people, people_within (running total); the rows add up to everybody.
    """
    edges = found.edges.tolist()
    counts = [*found.persons.tolist(), found.above, found.unreachable, found.no_data]
    reachable = len(edges)
    return pd.DataFrame(
        {
            "minutes_from": [*edges, np.nan, np.nan],
            "minutes_to": [*edges[1:], np.nan, np.nan, np.nan],
            "state": ["reachable"] * reachable + ["unreachable", "no_data"],
            "people": counts,
            "people_within": [*np.cumsum(counts[:reachable]).tolist(), np.nan, np.nan],
        }
    )


def reading_table(found: DistributionResult) -> pd.DataFrame:
    """Arrange the same for reading: bands by name, people as they are said, shares."""
    label = [*names(found.edges[1:].tolist()), "no road", "no data"]
    counts = table(found)["people"].to_numpy(dtype=np.float64)
    kept = [number for number, count in enumerate(counts) if count or number < len(label) - 2]
    share = counts / found.population if found.population else np.full(len(counts), np.nan)
    return pd.DataFrame(
        {
            "Minutes": [label[number].capitalize() for number in kept],
            "People": [f"{counts[number]:,.0f}" for number in kept],
            "Share": [text.percent(float(share[number])) for number in kept],
        }
    )


def sentence(found: DistributionResult, view: Selection, site: str = "") -> str:
    """State how many people live within each edge.

    Parameters
    ----------
    found : DistributionResult
        From `people`.
    view : Selection
        Who is counted, and where.
    site : str, optional
        Name of the one site that the bands are of.

    Returns
    -------
    str
        A sentence.
    """
    who, where = text.audience(view), text.place(view.state)
    goal = site or ("one of your own facilities" if view.facilities else "a centre for them")
    if not found.population and site:
        return f"{site} treats none of the {who} of {where}, so its bands hold nobody."
    if not found.population:
        return f"No {who} live in {where}, so the bands hold nobody."
    if not found.persons.sum():
        return (
            f"No {who} in {where} live within {_minutes(found.edges[-1])} of {goal}. Choose more "
            "minutes, or other centres on the left."
        )
    total = np.cumsum(found.persons)
    first, *more = zip(found.edges[1:], total, strict=True)
    parts = [
        f"**{text.people(first[1])}** {who} in {where} live within {_minutes(first[0])} of {goal}"
    ]
    parts += [f"{text.people(count)} within {edge:g}" for edge, count in more]
    share = text.percent(float(total[-1] / found.population))
    return f"{text.listed(parts)} ({share} of all)."


def note(view: Selection) -> str:
    """Say what the bands of everybody leave out; "" when they leave out nothing."""
    if view.ages != "all" or view.site:
        return ""
    return (
        "The map shows the way of adults. Children are counted by the way to a centre that treats "
        "children: choose Children on the left to see theirs."
    )


def features(drawn: Bands, found: DistributionResult, *, one_site: bool) -> gpd.GeoDataFrame:
    """Give bands as a layer.

    Parameters
    ----------
    drawn : Bands
        Polygons.
    found : DistributionResult
        Their people, from `people`.
    one_site : bool
        Leave out what is farther than the last edge, and what has no road.

    Returns
    -------
    GeoDataFrame
        EPSG:4326, a row for each band with minutes_from, minutes_to (missing for what is farther
        than the last edge), state ("reachable" or "no road") and people; then the land without a
        road, if there is any. A band can hold people but no land of its own: its shape is empty.
    """
    counts = [*found.persons.tolist(), found.above, found.unreachable]
    edges = [0.0, *drawn.edges]
    spans: list[tuple[float | None, float | None]] = [*pairwise(edges), (edges[-1], None)]
    rows = list(zip(drawn.coverage, [*spans, (None, None)], counts, strict=True))
    if one_site:
        rows = rows[:-2]
    kept = [row for row in rows if row[2] or not row[0].is_empty]
    return gpd.GeoDataFrame(
        {
            "minutes_from": pd.array([span[0] for _, span, _ in kept], dtype="Float64"),
            "minutes_to": pd.array([span[1] for _, span, _ in kept], dtype="Float64"),
            "state": ["no road" if span[0] is None else "reachable" for _, span, _ in kept],
            "people": [round(count) for _, _, count in kept],
        },
        geometry=[shape for shape, _, _ in kept],
        crs="EPSG:4326",
    )
