"""Treatment deserts of a view: their table, their map, one of them in detail (pure).

Method: docs/methods.md, Treatment deserts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard import map_spec, opportunity, palette, queries, text
from dashboard.map_key import MapKey
from dashboard.map_layers import Bounds, PolygonLayer, PolygonStyle, polygon_layer
from dashboard.opportunity import People
from dashboard.state import Selection
from geo.catchments import most_chosen
from geo.deserts import (
    NONE,
    Deserts,
    cell_regions,
    find_deserts,
    home_cells,
    outlines,
    profile,
)
from geo.equity import weighted_quantile_by_group
from geo.network import Ints
from geo.results import Floats
from geo.surface import Flags, Grid
from geo.units import KM_PER_MILE, km_to_miles

SMALL: Final = 1_000
"""Deserts with fewer people beyond are one row of the page's table."""
EDGES: Final = (10_000.0, 100_000.0, 1_000_000.0, 3_000_000.0)
"""People, upper edges of all but the last class of the map."""
LABELS: Final = (
    "up to 10,000",
    "to 100,000",
    "to 1 million",
    "to 3 million",
    "over 3 million",
)
STYLE: Final = PolygonStyle(
    palette.sequential(len(EDGES) + 2)[1:], line=palette.WHITE, line_width=0.7, on_land=True
)
MARGIN: Final = 0.4
"""Degrees around a desert that is looked at."""
GROUPS: Final = {
    "hispanic_share": "Hispanic",
    "black_share": "Black",
    "native_american_share": "Native American",
    "no_vehicle_share": "In households without a vehicle",
    "poverty_share": "Below the poverty line",
    "age_65_plus_share": "65 and over",
}
"""Facts of a desert's people; columns of the population table."""
RURAL: Final = "rural"
NAMED_CITIES: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Land:
    """The grid, and which state and which place each cell stands for; the same for every view.

    Parameters
    ----------
    grid : Grid
        n cells.
    state : ndarray of int, shape (n,)
        Row of `states` that each cell lies in, -1 for the ring around the land.
    states : tuple of str
        USPS codes.
    home : ndarray of int
        Cell of each ZIP area.
    """

    grid: Grid
    state: Ints
    states: tuple[str, ...]
    home: Ints


def load_land(grid: Grid, states: gpd.GeoDataFrame, areas: queries.Areas) -> Land:
    """Find the state of every cell and the cell of every ZIP area.

    Parameters
    ----------
    grid : Grid
        Cells over the land.
    states : GeoDataFrame
        state, geometry; EPSG:4326.
    areas : Areas
        Where people live.

    Returns
    -------
    Land
    """
    codes = tuple(states["state"])
    region = cell_regions(grid, states.geometry.to_numpy())
    of_area = pd.Index(codes).get_indexer(pd.Index(areas.frame["state"]))
    home = home_cells(grid, region, areas.points, of_area.astype(np.int64))
    return Land(grid, region, codes, home)


def find(land: Land, travel: Sequence[Floats], rows: queries.Rows, selection: Selection) -> Deserts:
    """Find the deserts of a view.

    Parameters
    ----------
    land : Land
        From `load_land`.
    travel : sequence of ndarray, shape (n,)
        Travel of every cell to the nearest centre of each audience counted, in the unit of the
        threshold. A cell is beyond when it is beyond for any of them.
    rows : Rows
        People that count.
    selection : Selection
        Threshold, metric, `cut`, and the state in focus, at whose border deserts end.

    Returns
    -------
    Deserts
        `row` is per row of `rows`; people who are not beyond are in none.
    """
    limit = queries.threshold(selection)
    beyond: Flags = land.grid.land & np.any([cells > limit for cells in travel], axis=0)
    if selection.state:
        beyond &= land.state == land.states.index(selection.state)
    region = land.state if selection.cut == "state" else np.zeros_like(land.state)
    away = (queries.impedance(rows, selection) > limit) & (rows.persons > 0)
    return find_deserts(land.grid.adjacent, beyond, region, land.home[rows.area], away)


def table(
    found: Deserts,
    land: Land,
    areas: queries.Areas,
    people: People,
    sites: tuple[pd.DataFrame, pd.DataFrame],
    selection: Selection,
) -> pd.DataFrame:
    """Describe every desert.

    Parameters
    ----------
    found : Deserts
        From `find`, for `people.treatment`.
    land : Land
        From `load_land`.
    areas : Areas
        Where people live.
    people : People
        With the way to treatment and to blood centres, and patients a year.
    sites : tuple of DataFrame
        Treatment centres and blood centres that `people` counts.
    selection : Selection
        Metric, units, `blood_within`.

    Returns
    -------
    DataFrame
        desert (its ZIP area with most people beyond, for a link), number (in `found`), name,
        states, people, unreachable (of these), patients, patients_low, patients_high (a year, of
        the people beyond), median and worst with the unit of travel, area_sq_mi or area_km2,
        centre, centre_id, centre_travel (median of the people whose nearest it is, same unit),
        blood_centre, blood_id, blood_minutes (median), near_blood, share_near_blood. Travel is inf
        where there is no road, nan where there is nobody. Most people first, then by ZIP area.
    """
    rows = people.treatment
    travel = queries.impedance(rows, selection)
    facts = profile(found, land.grid.area_km2, rows.area, rows.persons, travel, rows.site)
    blood = _blood(found, people, selection)
    patients = [_sum(found, values) for values in people.patients]
    unit = queries.travel_unit(selection)
    scale = 1 / KM_PER_MILE if unit == "miles" else 1.0
    imperial = selection.units == "mi"
    area, _ = area_column(selection)
    anchor = areas.frame["zcta"].to_numpy()[facts.anchor]
    centres, blood_centres = sites
    frame = pd.DataFrame(
        {
            "desert": anchor,
            "number": np.arange(found.count),
            "name": _names(found, areas, rows),
            "states": _states(found, areas, rows),
            "people": facts.people.astype(np.int64),
            "unreachable": facts.unreachable.astype(np.int64),
            "patients": patients[1],
            "patients_low": patients[0],
            "patients_high": patients[2],
            f"median_{unit}": facts.median * scale,
            f"worst_{unit}": facts.worst * scale,
            area: facts.area_km2 * (km_to_miles(km_to_miles(1.0)) if imperial else 1.0),
            "centre": _named(centres["name"], facts.site),
            "centre_id": _named(centres["id"], facts.site),
            "centre_travel": facts.site_travel * scale,
            "blood_centre": _named(
                blood_centres["org"] + ": " + blood_centres["facility"], blood.site
            ),
            "blood_id": _named(blood_centres["id"], blood.site),
            "blood_minutes": blood.minutes,
            "near_blood": blood.near.astype(np.int64),
            "share_near_blood": blood.near / facts.people,
        }
    )
    return frame.sort_values(
        ["people", "desert"], ascending=[False, True], kind="stable", ignore_index=True
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Blood:
    """Blood centres of each desert: the nearest of most, median minutes, persons near one."""

    site: Ints
    minutes: Floats
    near: Floats


def _blood(found: Deserts, people: People, selection: Selection) -> _Blood:
    rows = people.blood
    inside = (found.row != NONE) & (rows.persons > 0)
    desert, persons, minutes = found.row[inside], rows.persons[inside], rows.minutes[inside]
    medians = weighted_quantile_by_group(
        minutes, persons, [0.5], group=desert.astype(np.intp), n_groups=found.count
    )
    near = minutes <= selection.blood_within
    return _Blood(
        site=most_chosen(desert, rows.site[inside], persons, found.count),
        minutes=medians[:, 0],
        near=np.bincount(desert[near], persons[near], found.count).astype(np.float64),
    )


def _sum(found: Deserts, values: Floats) -> Floats:
    inside = found.row != NONE
    return np.bincount(found.row[inside], values[inside], found.count).astype(np.float64)


def _named(names: pd.Series, site: Ints) -> NDArray[np.object_]:
    out = np.full(len(site), "", dtype=object)
    out[site >= 0] = names.to_numpy(dtype=object)[site[site >= 0]]
    return out


def _states(found: Deserts, areas: queries.Areas, rows: queries.Rows) -> list[str]:
    """States of each desert's people, most people first."""
    inside = found.row != NONE
    codes, names = pd.factorize(areas.frame["state"].to_numpy()[rows.area[inside]], sort=True)
    size = max(len(names), 1)
    cell = found.row[inside] * size + codes
    persons = np.bincount(cell, rows.persons[inside], found.count * size)
    persons = persons.reshape(found.count, size)
    order = np.argsort(-persons, axis=1, kind="stable")
    return [
        ", ".join(str(names[state]) for state in best if persons[desert, state] > 0)
        for desert, best in enumerate(order)
    ]


def _names(found: Deserts, areas: queries.Areas, rows: queries.Rows) -> list[str]:
    """Cities with most people beyond in each desert, at most three: "Bend and Medford, OR"."""
    inside = found.row != NONE
    places = pd.DataFrame(
        {
            "desert": found.row[inside],
            "city": areas.frame["city"].to_numpy()[rows.area[inside]],
            "state": areas.frame["state"].to_numpy()[rows.area[inside]],
            "people": rows.persons[inside],
        }
    )
    people = places.groupby(["desert", "state", "city"])[["people"]].sum().reset_index()
    ranked = people.sort_values(["people", "city"], ascending=[False, True], kind="stable")
    names = [""] * found.count
    best = ranked.groupby("desert").head(NAMED_CITIES)
    for desert in best["desert"].unique():
        here = best[best["desert"] == desert]
        cities, states = here["city"].tolist(), here["state"].tolist()
        if len(set(states)) == 1:
            names[desert] = f"{text.listed(cities)}, {states[0]}"
        else:
            pairs = zip(cities, states, strict=True)
            names[desert] = text.listed([f"{city} ({state})" for city, state in pairs])
    return names


def shown(frame: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """Arrange the table for reading: the large deserts with a link each, the small ones summed.

    Parameters
    ----------
    frame : DataFrame
        From `table`.
    selection : Selection
        The view that a link reopens.

    Returns
    -------
    DataFrame
        With columns link and percent_near_blood; travel without a number is nan. The last row sums
        the deserts with fewer than `SMALL` people, if there are some; what cannot be summed is
        missing there.
    """
    large, small = frame[frame["people"] >= SMALL], frame[frame["people"] < SMALL]
    large = large.assign(
        link=[f"?{link(zcta, selection)}" for zcta in large["desert"]],
        percent_near_blood=100 * large["share_near_blood"],
        patients=large["patients"].round(),
    )
    if len(small):
        sums = ("people", "unreachable", "patients", "patients_low", "patients_high", "near_blood")
        area = next(name for name in frame.columns if name.startswith("area_"))
        word = "smaller desert" if len(small) == 1 else "smaller deserts"
        last = {
            "name": f"{len(small):,} {word}",
            **{name: small[name].sum() for name in (*sums, area)},
            "percent_near_blood": 100 * small["near_blood"].sum() / small["people"].sum(),
        }
        large = pd.DataFrame([*large.to_dict("records"), last], columns=large.columns)
    return large.replace([np.inf], np.nan)


def link(zcta: str, selection: Selection) -> str:
    """Write the query string that reopens a desert."""
    plain = replace(selection, topic="deserts", desert=zcta, site="", county="")
    return plain.query_string()


def layer(shapes: NDArray[np.object_], frame: pd.DataFrame, chosen: str = "") -> PolygonLayer:
    """Draw the deserts, coloured by people.

    Parameters
    ----------
    shapes : ndarray of Polygon or MultiPolygon
        From `geo.deserts.outlines`.
    frame : DataFrame
        From `table`.
    chosen : str, optional
        `desert` of the one to highlight.

    Returns
    -------
    PolygonLayer
        A click reports the desert's ZIP area.
    """
    people = frame["people"].to_numpy(dtype=np.float64)
    return polygon_layer(
        shapes[frame["number"].to_numpy()],
        STYLE,
        fill=np.searchsorted(EDGES, people, side="left").tolist(),
        ids=frame["desert"],
        labels=[
            f"{name}: {text.people(count)} beyond"
            for name, count in zip(frame["name"], people, strict=True)
        ],
        kind="desert",
        selected=chosen,
    )


def legend(selection: Selection) -> MapKey:
    """Explain colours and symbols, as HTML."""
    return MapKey(
        title=f"People beyond {text.threshold(selection)} in the desert",
        edges=EDGES,
        colours=STYLE.colours,
        labels=LABELS,
        sites=map_spec.site_styles(selection, blood=True),
        no_data="",
        unreachable="",
    )


def draw(land: Land, found: Deserts) -> NDArray[np.object_]:
    """Outline of each desert, in the order of their numbers."""
    return outlines(land.grid, found)


def bounds(shape: object) -> Bounds:
    """Bounds that show one desert with its surroundings."""
    west, south, east, north = shape.bounds  # type: ignore[attr-defined]  # any shape has some
    return (south - MARGIN, west - MARGIN, north + MARGIN, east + MARGIN)


def area_column(selection: Selection) -> tuple[str, str]:
    """Column of the area, and its heading."""
    return ("area_sq_mi", "Square miles") if selection.units == "mi" else ("area_km2", "Area, km2")


def for_file(frame: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """Arrange the table for a file: every desert, each with the query string that reopens it."""
    links = [link(zcta, selection) for zcta in frame["desert"]]
    return frame.drop(columns="number").assign(link=links).replace([np.inf], np.nan)


def patients(row: pd.Series) -> str:
    """Say the patients a year of a desert, with their range."""
    low, central, high = row["patients_low"], row["patients"], row["patients_high"]
    return f"{central:,.0f} ({low:,.0f} to {high:,.0f})"


def note(selection: Selection) -> str:
    """Say what the table's figures are, below it."""
    surface = (
        "Land is beyond where adults or children are too far from a centre that treats them. "
        if selection.ages == "all"
        else ""
    )
    return (
        f"{surface}People are those beyond the threshold by their own travel, and add up to the "
        f"headline. Deserts with fewer than {SMALL:,} people are summed in the last row; the file "
        "has each of them. Outlines are as fine as cells of some 5 km."
    )


def number_of(zcta: str, found: Deserts, areas: queries.Areas, rows: queries.Rows) -> int:
    """Find the desert that a ZIP area lies in.

    Parameters
    ----------
    zcta : str
        Five digits.
    found : Deserts
        From `find`.
    areas, rows
        As given to `find`.

    Returns
    -------
    int
        -1 when nobody who lives there is beyond the threshold, or the ZIP area is not known.
    """
    here = areas.frame["zcta"].to_numpy()[rows.area] == zcta
    return int(found.row[here].max(initial=NONE))


def why_not(zcta: str, areas: queries.Areas, rows: queries.Rows, selection: Selection) -> str:
    """Say why a ZIP area is in no desert.

    Parameters
    ----------
    zcta : str
        Five digits.
    areas : Areas
        Where people live.
    rows : Rows
        People that count.
    selection : Selection
        The view.

    Returns
    -------
    str
        A sentence with what to do about it.
    """
    hit = areas.frame[areas.frame["zcta"] == zcta]
    if hit.empty:
        return f"{zcta} is not a ZIP code area with residents; choose a desert on the map."
    area = hit.iloc[0]
    name = f"ZIP {zcta} ({area['city']}, {area['state']})"
    if selection.state and area["state"] != selection.state:
        return (
            f"{name} lies outside {text.place(selection.state)}, which is in focus; choose all "
            "states on the left to see its desert."
        )
    here = rows.take((rows.area == hit.index[0]) & (rows.persons > 0))
    travel = queries.impedance(here, selection)
    who = text.audience(selection)
    if not travel.size or np.isnan(travel).all():
        return f"{name} has no {who} to count; choose a desert on the map."
    return (
        f"{name} is in no desert with the present settings: its {who} live "
        f"{text.impedance(float(np.nanmax(travel)), selection)} or less from a centre, within "
        f"{text.threshold(selection)}."
    )


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """One desert in detail.

    Parameters
    ----------
    row : Series
        Of the table.
    facts : DataFrame
        fact, here, everybody: shares in per cent of the people beyond, and of all people counted.
    """

    row: pd.Series
    facts: pd.DataFrame


def card(
    number: int, frame: pd.DataFrame, found: Deserts, areas: queries.Areas, rows: queries.Rows
) -> Card:
    """Describe the people of one desert.

    Parameters
    ----------
    number : int
        Its number in `found`.
    frame : DataFrame
        From `table`.
    found, areas, rows
        As given to `table`.

    Returns
    -------
    Card
    """
    persons, rural = rows.persons, (areas.frame["rurality"] == RURAL).to_numpy(dtype=np.float64)
    inside = found.row == number
    columns = {"Rural": rural} | {
        name: areas.frame[column].to_numpy(dtype=np.float64, na_value=np.nan)
        for column, name in GROUPS.items()
    }
    facts = pd.DataFrame(
        {
            "fact": list(columns),
            "here": [_share(persons[inside], v[rows.area[inside]]) for v in columns.values()],
            "everybody": [_share(persons, values[rows.area]) for values in columns.values()],
        }
    )
    return Card(frame[frame["number"] == number].iloc[0], facts)


def _share(persons: Floats, share: Floats) -> float:
    """Mean share in per cent, of the persons for whom it is known; nan without any."""
    known = np.isfinite(share) & (persons > 0)
    if not known.any():
        return float("nan")
    return float(100 * np.average(share[known], weights=persons[known]))


def finding(frame: pd.DataFrame, selection: Selection) -> str:
    """State how many deserts there are, the largest, and how near blood centres are.

    Parameters
    ----------
    frame : DataFrame
        From `table`.
    selection : Selection
        The view.

    Returns
    -------
    str
        Sentences, Markdown.
    """
    who, where = text.audience(selection), text.place(selection.state)
    reach = text.threshold(selection)
    if frame.empty:
        return f"There is no treatment desert in {where}: no {who} live beyond {reach}."
    total, first = frame["people"].sum(), frame.iloc[0]
    largest = f"with **{first['name']}**"
    if len(frame) == 1:
        said = (
            f"One treatment desert, {largest}, holds all {text.people(total)} {who} beyond {reach}."
        )
    else:
        said = (
            f"{text.people(total)} {who} in {where} live in {len(frame):,} treatment deserts "
            f"beyond {reach}; the largest, {largest}, holds {text.people(first['people'])}."
        )
    near = frame["near_blood"].sum()
    count = text.people(near) if near else "None"
    return (
        f"{said} {count} of them live within {opportunity.blood_threshold(selection)} of "
        f"{opportunity.ROLE_PHRASES[selection.role]}."
    )


def card_sentence(found: Card, selection: Selection) -> str:
    """State how far the people of a desert have to go, and what is near.

    Parameters
    ----------
    found : Card
        From `card`.
    selection : Selection
        The view.

    Returns
    -------
    str
        Sentences, Markdown.
    """
    row, unit = found.row, queries.travel_unit(selection)
    who, reach = text.audience(selection), text.threshold(selection)

    def said(value: float) -> str:
        return text.minutes(value) if unit == "minutes" else f"{value:,.0f} {selection.units}"

    median = float(row[f"median_{unit}"])
    if not row["centre"]:
        first = f"No road leads the {who} here to any centre."
    elif np.isinf(median):
        first = f"Most of the {who} here have no road to any centre."
    else:
        first = (
            f"Half of the {who} beyond {reach} here live within **{said(median)}** of a centre, "
            f"the farthest **{said(row[f'worst_{unit}'])}** away. For most the nearest is "
            f"**{row['centre']}**."
        )
    if not row["blood_centre"]:
        return f"{first} No blood centre can be reached."
    return (
        f"{first} {text.percent(row['share_near_blood'], 0)} live within "
        f"{opportunity.blood_threshold(selection)} of {opportunity.ROLE_PHRASES[selection.role]}; "
        f"for most the nearest is **{row['blood_centre']}**, and half live within "
        f"{text.minutes(row['blood_minutes'])} of one."
    )
