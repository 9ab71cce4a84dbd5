"""Road travel against a straight line: tables and sentences (pure).

Method: docs/methods.md, Road against straight line.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from dashboard import queries, text
from dashboard.place_groups import grouped
from dashboard.state import LABELS, ModelName, Selection
from geo.comparison import STATES, circuity, compare, hidden_band
from geo.equity import weighted_quantile_by_group
from geo.results import Floats, whole_persons
from geo.travel import STRAIGHT_KMH, Points, StraightLine
from geo.units import km_to_miles

MODELS: Final[tuple[ModelName, ...]] = ("road", "detour", "straight")
CHART_PLACES: Final = 15
DIFFERENCE_EDGES: Final = (-30.0, -15.0, -5.0, 5.0, 15.0, 30.0)
"""Upper edges of the map's classes, in minutes, miles or km."""
DIFFERENCE_LABELS: Final = (
    "30+ less",
    "15\N{EN DASH}30 less",
    "5\N{EN DASH}15 less",
    "about equal",
    "5\N{EN DASH}15 more",
    "15\N{EN DASH}30 more",
    "30+ more",
)


@dataclass(frozen=True, slots=True, eq=False)
class Travel:
    """The same people with their way by road and in a straight line.

    Parameters
    ----------
    road, straight : Rows
        Row by row the same area and audience; each with the nearest centre of its own model.
    line_km : ndarray, shape (n,)
        Straight line to the centre that is nearest by road; inf where there is none.
    """

    road: queries.Rows
    straight: queries.Rows
    line_km: Floats


@dataclass(frozen=True, slots=True)
class Headline:
    """Whom the straight line misjudges.

    Parameters
    ----------
    population, within, hidden, added, beyond, no_data : float
        Persons; see `geo.comparison.STATES`. Hidden: within by straight line, beyond by road.
    hidden_low, hidden_high : float
        90% band of `hidden`.
    circuity : float
        Road miles for each straight mile to the same centre, weighted with people.
    """

    population: float
    within: float
    hidden: float
    added: float
    beyond: float
    no_data: float
    hidden_low: float
    hidden_high: float
    circuity: float


def travel_of(road: queries.Rows, straight: queries.Rows, homes: Points, centres: Points) -> Travel:
    """Measure the straight line to the centre that is nearest by road.

    Parameters
    ----------
    road, straight : Rows
        The same people in the same order.
    homes : Points
        Of all areas, which `Rows.area` counts.
    centres : Points
        Of the chosen centres, which `Rows.site` counts.

    Returns
    -------
    Travel
    """
    line = np.full(road.area.shape, np.inf)
    reached = np.flatnonzero(road.site >= 0)
    trips = StraightLine().trips(homes.take(road.area[reached]), centres.take(road.site[reached]))
    line[reached] = trips.distance_km
    return Travel(road, straight, line)


def headline(travel: Travel, view: Selection) -> Headline:
    """Count the people who are on different sides of the threshold.

    Parameters
    ----------
    travel : Travel
        All that count.
    view : Selection
        Threshold and metric.

    Returns
    -------
    Headline
    """
    road, straight = (queries.impedance(rows, view) for rows in (travel.road, travel.straight))
    persons, limit = travel.road.persons, queries.threshold(view)
    found = compare(road, straight, persons, threshold=limit)
    low, high = hidden_band(
        road,
        straight,
        persons,
        threshold=limit,
        uncertainty=queries.uncertainty(travel.road, replace(view, model="road")),
    )
    counts = {name: float(getattr(found, name)[0]) for name in ("population", *STATES)}
    ratio = circuity(travel.road.distance_km, travel.line_km, persons)
    return Headline(**counts, hidden_low=low, hidden_high=high, circuity=float(ratio[0]))


def places(areas: queries.Areas, travel: Travel, view: Selection) -> pd.DataFrame:
    """Compare by state, county, metro area or referral region.

    Parameters
    ----------
    areas : Areas
        Where people live.
    travel : Travel
        All that count.
    view : Selection
        `places`, threshold, metric, units.

    Returns
    -------
    DataFrame
        group, label, population, within, hidden, added, beyond, no_data (whole persons that add
        up), misjudged, share_misjudged, share_hidden, road, straight and difference (medians in
        `queries.travel_unit`; inf where at least half have no road), circuity. Places without
        people are left out; those with most people misjudged first.
    """
    groups = grouped(areas, travel.road, view.places)
    count, code, persons = groups.count, groups.code, groups.persons
    road, straight = (
        queries.impedance(rows, view)[groups.row] for rows in (travel.road, travel.straight)
    )
    limit = queries.threshold(view)
    found = compare(road, straight, persons, threshold=limit, group=code, n_groups=count)
    whole = whole_persons(np.column_stack([getattr(found, name) for name in STATES]))
    medians = [
        _shown(
            weighted_quantile_by_group(way, persons, [0.5], group=code, n_groups=count)[:, 0], view
        )
        for way in (road, straight)
    ]
    frame = pd.DataFrame(
        {
            "group": groups.ids,
            "label": groups.labels,
            "population": whole.sum(axis=1).astype(np.int64),
            **{name: whole[:, i].astype(np.int64) for i, name in enumerate(STATES)},
        }
    )
    misjudged = frame["hidden"] + frame["added"]
    known = (frame["population"] - frame["no_data"]).where(lambda count: count > 0)
    with np.errstate(invalid="ignore"):  # no way by either has no difference
        difference = medians[0] - medians[1]
    frame = frame.assign(
        misjudged=misjudged,
        share_misjudged=misjudged / known,
        share_hidden=frame["hidden"] / known,
        road=medians[0],
        straight=medians[1],
        difference=difference,
        circuity=circuity(
            travel.road.distance_km[groups.row],
            travel.line_km[groups.row],
            persons,
            group=code,
            n_groups=count,
        ),
    )
    return frame[frame["population"] > 0].sort_values(
        ["misjudged", "label"], ascending=[False, True], ignore_index=True
    )


def by_model(rows: dict[ModelName, queries.Rows], view: Selection) -> pd.DataFrame:
    """Set what each travel model says of the same people side by side.

    Parameters
    ----------
    rows : dict of str to Rows
        The people with their way by each model.
    view : Selection
        Threshold, metric, units.

    Returns
    -------
    DataFrame
        model, label, population, beyond, unreachable, share_beyond, share_low, share_high, median
        (in `queries.travel_unit`); one row per model.
    """
    records = []
    for model, people in rows.items():
        asked = replace(view, model=model)
        curve = queries.share_curve(people, asked)
        found, middle = queries.total(people, asked), queries.median(curve).value
        records.append(
            {
                "model": model,
                "label": LABELS["model"][model],
                "population": found.population[0],
                "beyond": found.beyond[0],
                "unreachable": found.unreachable[0],
                "share_beyond": 1 - found.share_covered[0],
                "share_low": 1 - found.share_high[0],
                "share_high": 1 - found.share_low[0],
                "median": float(_shown(np.array([middle]), view)[0]),
            }
        )
    return pd.DataFrame(records)


def county_differences(counties: pd.DataFrame) -> dict[str, float]:
    """Median by road less median in a straight line, by county; inf where there is no road.

    Parameters
    ----------
    counties : DataFrame
        From `places`, by county.

    Returns
    -------
    dict of str to float
        By county code; counties that no travel is known of are left out.
    """
    known = counties[counties["difference"].notna()]
    return dict(zip(known["group"], known["difference"].astype(float), strict=True))


def sentence(found: Headline, view: Selection) -> str:
    """State the finding.

    Examples
    --------
    >>> some = Headline(9e6, 5e6, 2.2e6, 3e5, 1.5e6, 0, 2e6, 2.4e6, 1.25)
    >>> sentence(some, Selection(state="TX"))
    'A straight line hides 2.2 million people in Texas: it puts them within 60 minutes of \
treatment, the road does not.'
    """
    where, who = text.place(view.state), text.audience(view)
    if not round(found.hidden):
        return (
            f"A straight line hides no {who} in {where}: all whom it puts within "
            f"{text.threshold(view)} of treatment are within it by road."
        )
    return (
        f"A straight line hides {text.people(found.hidden)} {who} in {where}: it puts them within "
        f"{text.threshold(view)} of treatment, the road does not."
    )


def detail(found: Headline, view: Selection) -> str:
    """State the band, the opposite error and the circuity."""
    parts = []
    if round(found.hidden_high):
        parts.append(f"90% band: {text.people_band(found.hidden_low, found.hidden_high)}.")
    if round(found.added):
        parts.append(
            f"The other way round, {text.people(found.added)} are within it by road, though not in "
            "a straight line."
        )
    if np.isfinite(found.circuity):
        parts.append(
            f"To the centre that is nearest by road, people go {found.circuity:.2f} miles by road "
            "for each mile of the straight line."
        )
    parts.append(fairness(view))
    return " ".join(parts)


def parts(found: Headline, view: Selection) -> list[tuple[str, str]]:
    """Name and say the parts that add up to everybody, and the circuity."""
    reach = text.threshold(view)
    ratio = f"{found.circuity:.2f}" if np.isfinite(found.circuity) else text.NO_NUMBER
    return [
        (f"Within {reach} by both", text.people(found.within)),
        ("Hidden by the line", text.people(found.hidden)),
        ("Added by the line", text.people(found.added)),
        ("Beyond by both", text.people(found.beyond)),
        ("Road miles per straight mile", ratio),
    ]


def table(frame: pd.DataFrame) -> pd.DataFrame:
    """Arrange the places for reading: shares in per cent, no way as an empty cell."""
    return frame.assign(percent=100 * frame["share_misjudged"]).replace([np.inf], np.nan)


def model_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Arrange the travel models for reading: shares in per cent, the band as words."""
    bands = [
        text.percent_band(low, high)
        for low, high in zip(frame["share_low"], frame["share_high"], strict=True)
    ]
    return frame.assign(percent=100 * frame["share_beyond"], band=bands).replace([np.inf], np.nan)


def fairness(view: Selection) -> str:
    """Say how the two are made comparable."""
    if view.metric == "minutes":
        return (
            f"Both are held to the same {text.threshold(view)}; the straight line is driven at "
            f"{STRAIGHT_KMH:.0f} km/h ({km_to_miles(STRAIGHT_KMH):.0f} mph) from door to door, so "
            "that it is too fast in cities and too slow on freeways."
        )
    return (
        f"Both are held to the same {text.threshold(view)}: of road, and of straight line. A road "
        "is never shorter than the line, so nobody is added."
    )


def places_sentence(frame: pd.DataFrame, view: Selection) -> str:
    """State where the two disagree most."""
    some = frame[(frame["misjudged"] > 0) & (frame["group"] != "none")].head(text.NAMED_PLACES)
    if some.empty:
        return (
            f"Road and straight line put everybody on the same side of {text.threshold(view)}. "
            "Choose another threshold to see them disagree."
        )
    named = [
        f"{label} ({text.people(count)} of {text.people(population)})"
        for label, count, population in zip(
            some["label"], some["misjudged"], some["population"], strict=True
        )
    ]
    return f"They disagree about most people in {text.listed(named)}."


def model_sentence(frame: pd.DataFrame, view: Selection) -> str:
    """Set the models' answers side by side."""
    parts = [
        f"{label.lower()} {text.percent(share)}"
        for label, share in zip(frame["label"], frame["share_beyond"], strict=True)
    ]
    return f"Share beyond {text.threshold(view)} by travel model: {text.listed(parts)}."


def map_title(view: Selection) -> str:
    """Say what the map's shading means."""
    unit = {"minutes": "minutes", "miles": "miles", "km": "kilometres"}[queries.travel_unit(view)]
    return f"Median {unit} by road, less those in a straight line"


def _shown(values: Floats, view: Selection) -> Floats:
    """Minutes as they are; km as miles where the reader wants miles."""
    if queries.travel_unit(view) != "miles":
        return values
    return np.asarray(km_to_miles(values), dtype=np.float64)
