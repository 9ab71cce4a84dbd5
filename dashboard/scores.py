"""Accessibility scores of a view: capacity, scores, tables and sentences (pure).

Method: docs/methods.md, Accessibility scores.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard import palette, queries, text
from dashboard.map_assets import AssetPaths
from dashboard.map_key import MapKey
from dashboard.map_layers import AreaLayer, area_layer
from dashboard.map_spec import site_styles
from dashboard.place_groups import grouped
from dashboard.state import Selection
from geo.accessibility import (
    Gaussian,
    Gravity,
    Kernel,
    Steps,
    enhanced_two_step,
    three_step,
    two_step,
)
from geo.equity import weighted_median, weighted_quantile_by_group
from geo.network import Ints, unpack
from geo.results import Floats
from geo.travel import MAX_WAY_SITES, NO_WAY
from geo.units import km_to_miles
from geo.validate import floats

ENHANCED_ZONES: Final = ((1 / 3, 1.0), (2 / 3, 0.68), (1.0, 0.22))
"""Edges of the zones as shares of the threshold, and weights of Luo and Qi (2009)."""
THREE_STEP_ZONES: Final = ((1 / 6, 0.962), (1 / 3, 0.704), (1 / 2, 0.377), (1.0, 0.042))
"""The same of Wan, Zou and Sternberg (2012)."""
SIGMAS: Final = 3.0
"""Standard deviations of the Gaussian in the threshold: weight 0.011 at its edge."""
GRAVITY_FLOOR: Final = 1 / 6
"""Share of the threshold below which the gravity weight grows no more."""
PER: Final = {"beds": 100_000.0, "facilities": 1_000_000.0}
SCALE: Final = {"beds": "beds per 100,000 people", "facilities": "facilities per million people"}
MULTIPLES: Final = (0.25, 0.5, 1.0, 1.5, 2.0)
"""Edges of the map's classes in means of everybody; the first class is none."""
COST_EDGES: Final = (60.0, 90.0, 120.0, 180.0, 240.0, 360.0)
CHART_PLACES: Final = 25
DIGITS: Final = 2
"""Significant digits of the map's edges."""
NAMES: Final = {
    "2sfca": "two-step floating catchment method",
    "e2sfca": "enhanced two-step floating catchment method",
    "3sfca": "three-step floating catchment method",
    "raam": "rational agent access model",
}
EXPLAINED: Final = (
    (
        "2SFCA",
        (
            "Each hospital divides its beds by all people within the threshold; a person's score "
            "adds up what the hospitals within the threshold give. Inside it, near and far count "
            "the same."
        ),
        "Luo and Wang 2003",
        "10.1068/b29120",
    ),
    (
        "E2SFCA",
        (
            "The same, but a trip counts less the longer it is, both for who competes and for "
            "what one gets: by steps, by a bell curve, or by one over the travel."
        ),
        "Luo and Qi 2009",
        "10.1016/j.healthplace.2009.06.002",
    ),
    (
        "3SFCA",
        (
            "People with several hospitals in reach divide themselves among them first, more to "
            "the nearer ones, so that nobody counts as a full competitor at each."
        ),
        "Wan, Zou and Sternberg 2012",
        "10.1080/13658816.2011.624987",
    ),
    (
        "RAAM",
        (
            "People weigh travel against crowding and move between hospitals until it evens out. "
            "The cost of both is told as travel: the threshold's worth for average crowding. "
            "Lower is better."
        ),
        "Saxon and Snow 2020",
        "10.1080/24694452.2019.1629870",
    ),
)
"""Name, method, reference and DOI of each score."""


@dataclass(frozen=True, slots=True, eq=False)
class Supply:
    """What the chosen centres have.

    Parameters
    ----------
    capacity : ndarray, shape (k,)
        Of each centre, in `unit`.
    assumed : int
        Centres whose capacity is not known and was taken from others.
    unit : {"beds", "facilities"}
    """

    capacity: Floats
    assumed: int
    unit: str


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """People with their score.

    Parameters
    ----------
    rows : Rows
        One row per area and audience.
    score : ndarray, shape (n,)
        In the reader's unit (`unit_of`). Nobody in reach is 0, or an infinite cost; nan no data.
    """

    rows: queries.Rows
    score: Floats


def supply_of(chosen: pd.DataFrame, everybody: pd.DataFrame) -> Supply:
    """Find the capacity of the chosen centres.

    Parameters
    ----------
    chosen : DataFrame, k rows
        Centres that count: built-in ones with column beds, or a reader's own without.
    everybody : DataFrame
        All built-in centres, for the median of those that treat the same ages.

    Returns
    -------
    Supply
        Beds, or 1 for each of a reader's own facilities.
    """
    if "beds" not in chosen:
        return Supply(np.ones(len(chosen)), 0, "facilities")
    beds = chosen["beds"].to_numpy(dtype=np.float64, na_value=np.nan)
    usual = everybody.groupby("ages_treated")["beds"].median()
    missing = np.isnan(beds)
    typical = chosen["ages_treated"].map(usual).to_numpy(dtype=np.float64, na_value=np.nan)
    return Supply(np.where(missing, typical, beds), int(missing.sum()), "beds")


def divided(
    supply: Supply, chosen: pd.DataFrame, persons: Mapping[queries.Audience, Floats]
) -> dict[queries.Audience, Floats]:
    """Divide capacity between adults and children.

    Parameters
    ----------
    supply : Supply
        Of the k chosen centres.
    chosen : DataFrame
        treats_adults, treats_children.
    persons : mapping of audience to ndarray
        Everybody, by area.

    Returns
    -------
    dict of audience to ndarray, shape (k,)
        A centre that treats both gives to each what their share of all people is; the parts add
        up to the capacity.
    """
    total = {audience: float(people.sum()) for audience, people in persons.items()}
    treated = {audience: queries.treats(chosen, audience) for audience in persons}
    both = np.all(list(treated.values()), axis=0)
    return {
        audience: supply.capacity * treated[audience] * np.where(both, share, 1.0)
        for audience in persons
        for share in (total[audience] / max(sum(total.values()), 1.0),)
    }


def travel_in(ways: Ints, positions: Ints, metric: str) -> NDArray[np.float32]:
    """Read travel to some sites out of the kept ways by road.

    Parameters
    ----------
    ways : ndarray, shape (m, n)
        From `Road.ways`.
    positions : ndarray of int, shape (k,)
        Rows of the wanted sites.
    metric : {"minutes", "miles"}
        Minutes, or km for miles.

    Returns
    -------
    ndarray of float32, shape (n, k)
        inf where there is no way.
    """
    found = np.empty((ways.shape[1], len(positions)), np.float32)
    for column, row in enumerate(positions):
        way = np.asarray(ways[row])
        weight = np.where(way < NO_WAY, way // MAX_WAY_SITES, np.inf)
        minutes, km = unpack(weight)
        found[:, column] = minutes if metric == "minutes" else km
    return found


def kernel_of(selection: Selection) -> Kernel:
    """Weight of a trip within the threshold, by the decay of the view."""
    limit = queries.threshold(selection)
    if selection.decay == "gaussian":
        return Gaussian(limit / SIGMAS)
    if selection.decay == "gravity":
        return Gravity(limit, 1.0, GRAVITY_FLOOR * limit)
    zones = THREE_STEP_ZONES if selection.score == "3sfca" else ENHANCED_ZONES
    return Steps(tuple(limit * edge for edge, _ in zones), tuple(weight for _, weight in zones))


def score(
    travel: NDArray[np.float32], persons: Floats, capacity: Floats, selection: Selection
) -> Floats:
    """Score every area for one audience.

    Parameters
    ----------
    travel : ndarray, shape (n, k)
        Minutes, or km for a threshold in miles.
    persons : ndarray, shape (n,)
        Whole persons.
    capacity : ndarray, shape (k,)
        Of the centres; 0 for those that do not treat them.
    selection : Selection
        Score, decay, threshold.

    Returns
    -------
    ndarray, shape (n,)
        Capacity a person; for RAAM the cost in the unit of travel.
    """
    limit = queries.threshold(selection)
    open_ = capacity > 0
    ways, capacity = floats(travel[:, open_]), capacity[open_]
    if selection.score == "raam":
        # Imported here: the compiler's library takes 0.4 seconds, which no other score needs.
        from geo.raam import raam  # noqa: PLC0415

        return limit * raam(ways, persons, capacity, scale=limit)
    if selection.score == "2sfca":
        return two_step(ways, persons, capacity, limit=limit)
    kernel = kernel_of(selection)
    if selection.score == "e2sfca":
        return enhanced_two_step(ways, persons, capacity, kernel=kernel, limit=limit)
    near = np.where(ways > limit, np.inf, ways)  # nobody chooses among centres beyond it
    return three_step(near, persons, capacity, kernel=kernel)


def scored(
    rows: queries.Rows, scores: Mapping[queries.Audience, Floats], unit: str, selection: Selection
) -> Scored:
    """Give every row its score in the reader's unit.

    Parameters
    ----------
    rows : Rows
        People that count.
    scores : mapping of audience to ndarray
        From `score`, by area.
    unit : str
        Of the supply.
    selection : Selection
        Score, metric, units.

    Returns
    -------
    Scored
    """
    found = np.full(rows.area.size, np.nan)
    for audience, values in scores.items():
        own = rows.adult == (audience == "adult")
        found[own] = values[rows.area[own]]
    if selection.score != "raam":
        found = found * PER[unit]
    elif queries.travel_unit(selection) == "miles":
        found = np.asarray(km_to_miles(found), dtype=np.float64)
    return Scored(rows, np.where(rows.persons > 0, found, np.nan))


def unit_of(unit: str, selection: Selection) -> str:
    """Name what a score counts.

    >>> unit_of("beds", Selection()), unit_of("beds", Selection(score="raam"))
    ('beds per 100,000 people', 'minutes')
    """
    return queries.travel_unit(selection) if selection.score == "raam" else SCALE[unit]


@dataclass(frozen=True, slots=True)
class Summary:
    """Scores of everybody in the place in focus.

    Parameters
    ----------
    population, none, no_data : float
        Persons; `none` of them have nothing in reach.
    mean, median : float
        By people; of costs the mean of those who reach a centre.
    """

    population: float
    none: float
    no_data: float
    mean: float
    median: float


def summary(found: Scored) -> Summary:
    """Sum up everybody; see `Summary`."""
    persons, values = found.rows.persons, found.score
    known = ~np.isnan(values)
    reached = known & np.isfinite(values)
    people = float(persons[reached].sum())
    return Summary(
        population=float(persons.sum()),
        none=float(persons[_none(values)].sum()),
        no_data=float(persons[~known].sum()),
        mean=float((persons * np.where(reached, values, 0)).sum() / people) if people else math.nan,
        median=weighted_median(values[known], persons[known]),
    )


def _none(values: Floats) -> NDArray[np.bool_]:
    """Who has nothing in reach: a score of 0, or an infinite cost."""
    return np.asarray((values == 0) | np.isposinf(values))


def by_area(found: Scored, areas: queries.Areas, unit: str, selection: Selection) -> pd.DataFrame:
    """Scores of every ZIP area, adults and children combined by people.

    Parameters
    ----------
    found : Scored
        From `scored`.
    areas : Areas
        Where people live.
    unit : str
        Of the supply.
    selection : Selection
        Score, metric, units.

    Returns
    -------
    DataFrame
        zcta, city, state, population, score, unit; areas without people are left
        out. A score is empty where it is not known, or where no centre is reached by RAAM.
    """
    rows, size = found.rows, len(areas.frame)
    persons = np.bincount(rows.area, rows.persons, size)
    amount = np.bincount(rows.area, np.where(rows.persons > 0, rows.persons * found.score, 0), size)
    lived = np.flatnonzero(persons > 0)
    mean = amount[lived] / persons[lived]
    frame = areas.frame.iloc[lived]
    return pd.DataFrame(
        {
            "zcta": frame["zcta"].to_numpy(),
            "city": frame["city"].to_numpy(),
            "state": frame["state"].to_numpy(),
            "population": persons[lived].astype(np.int64),
            "score": np.where(np.isfinite(mean), mean, np.nan),
            "unit": unit_of(unit, selection),
        }
    )


def by_place(found: Scored, areas: queries.Areas, selection: Selection) -> pd.DataFrame:
    """Scores of every state, county, metro area or referral region.

    Parameters
    ----------
    found : Scored
        From `scored`.
    areas : Areas
        Where people live.
    selection : Selection
        `places`, and the score, which says what is worse.

    Returns
    -------
    DataFrame
        id, label, population, mean, median, none, share_none, no_data; the worst mean first, among
        equals most people first. The mean of costs is of those who reach a centre.
    """
    places = grouped(areas, found.rows, selection.places)
    values, persons, code = found.score[places.row], places.persons, places.code

    def add(amounts: Floats) -> Floats:
        return np.bincount(code, amounts, places.count).astype(np.float64)

    reached = np.isfinite(values)
    people, near = add(persons), add(np.where(reached, persons, 0))
    amount = add(np.where(reached, values, 0) * persons)
    median = weighted_quantile_by_group(values, persons, [0.5], group=code, n_groups=places.count)[
        :, 0
    ]
    no_data = add(np.where(np.isnan(values), persons, 0))
    none = add(np.where(_none(values), persons, 0))
    known = people - no_data
    frame = pd.DataFrame(
        {
            "id": places.ids,
            "label": places.labels,
            "population": np.rint(people).astype(np.int64),
            "mean": np.divide(amount, near, out=np.full(near.shape, np.nan), where=near > 0),
            "median": median,
            "none": np.rint(none).astype(np.int64),
            "share_none": np.divide(none, known, out=np.full(none.shape, np.nan), where=known > 0),
            "no_data": np.rint(no_data).astype(np.int64),
        }
    )
    frame = frame[frame["population"] > 0]
    return frame.sort_values(
        ["mean", "population"],
        ascending=[selection.score != "raam", False],
        kind="stable",
        ignore_index=True,
    )


def shown(frame: pd.DataFrame) -> pd.DataFrame:
    """Arrange the table of places for reading; a cost without a way is empty."""
    return frame.assign(percent_none=100 * frame["share_none"]).replace([np.inf], np.nan)


def edges_of(mean: float, selection: Selection) -> tuple[float, ...]:
    """Upper edges of the map's classes: multiples of everybody's mean, or costs.

    >>> edges_of(39.4, Selection())
    (0.0, 9.8, 20.0, 39.0, 59.0, 79.0)
    """
    if selection.score == "raam":
        return COST_EDGES
    usual = mean if math.isfinite(mean) and mean > 0 else 1.0
    return (0.0, *(_rounded(usual * multiple) for multiple in MULTIPLES))


def _rounded(value: float) -> float:
    return round(value, DIGITS - 1 - math.floor(math.log10(value)))


def _colours(selection: Selection) -> tuple[str, ...]:
    """Dark is worse, as on all maps: little supply, or a high cost."""
    return palette.BAND_COLOURS if selection.score == "raam" else palette.BAND_COLOURS[::-1]


def layer(
    assets: AssetPaths, counties: pd.DataFrame, mean: float, unit: str, selection: Selection
) -> AreaLayer:
    """Shade the counties by their mean.

    Parameters
    ----------
    assets : AssetPaths
        Published outlines.
    counties : DataFrame
        From `by_place` for counties.
    mean : float
        Of everybody, which sets the classes.
    unit : str
        Of the supply.
    selection : Selection
        Score, metric, units.

    Returns
    -------
    AreaLayer
    """
    nowhere = np.isnan(counties["mean"]) & (counties["none"] > 0)
    values = np.where(nowhere, np.inf, counties["mean"])
    return area_layer(
        assets,
        "county",
        dict(zip(counties["id"], values.tolist(), strict=True)),
        edges=edges_of(mean, selection),
        unit=f" {unit_of(unit, selection)}",
        decimals=0 if selection.score == "raam" else 1,
        colours=_colours(selection),
    )


def map_title(unit: str, selection: Selection) -> str:
    """Say what the shading means.

    >>> map_title("beds", Selection())
    'Mean beds per 100,000 people within 60 minutes (E2SFCA)'
    """
    if selection.score == "raam":
        return f"Mean travel and crowding together, as {unit_of(unit, selection)} (RAAM)"
    reach = text.threshold(selection)
    return f"Mean {SCALE[unit]} within {reach} ({selection.score.upper()})"


def legend(mean: float, unit: str, selection: Selection) -> MapKey:
    """Explain colours and symbols, as HTML."""
    edges = edges_of(mean, selection)
    labels: Sequence[str] = ()
    if selection.score != "raam":
        between = [f"to {high:g}" for high in edges[1:]]
        labels = ("none", *between, f"over {edges[-1]:g}")
    return MapKey(
        title=map_title(unit, selection),
        edges=edges,
        colours=_colours(selection),
        labels=labels,
        sites=site_styles(selection, blood=False),
        unreachable="No road to any centre" if selection.score == "raam" else "",
    )


def finding(found: Summary, unit: str, selection: Selection) -> str:
    """State what half of the people have, and how many have nothing.

    >>> finding(Summary(100.0, 20_000_000.0, 0.0, 40.0, 12.34), "beds", Selection())
    'Half of the people in the United States have fewer than 12.3 beds per 100,000 people within \
60 minutes; 20.0 million have none.'
    """
    who, where = text.audience(selection), text.place(selection.state)
    if not round(found.population):
        return "Nobody lives in the place in focus; choose another on the left."
    if selection.score == "raam":
        if not math.isfinite(found.median):
            return f"Most {who} in {where} have no road to any centre that treats them."
        stranded = f"; {text.people(found.none)} have no road to any centre" if found.none else ""
        cost = f"{found.median:,.0f} {unit_of(unit, selection)}"
        return (
            f"For half of the {who} in {where}, travel and crowding together weigh more than "
            f"{cost} of travel{stranded}."
        )
    reach = text.threshold(selection)
    none = f"{text.people(found.none)} have none" if round(found.none) else "everybody has some"
    if round(found.none) == round(found.population - found.no_data):
        return f"Nobody of the {who} in {where} has any {unit} within {reach}."
    if not found.median > 0:
        return (
            f"{text.people(found.none).capitalize()} {who} in {where}, at least half of all, have "
            f"no {unit} within {reach}."
        )
    return (
        f"Half of the {who} in {where} have fewer than {amount(found.median)} {SCALE[unit]} "
        f"within {reach}; {none}."
    )


def amount(value: float) -> str:
    """Say a score: three digits or so.

    >>> amount(12.34), amount(1234.5), amount(0.123), amount(0.0)
    ('12.3', '1,234', '0.12', '0')
    """
    if value == 0:
        return "0"
    return f"{value:.2f}" if value < 1 else f"{value:,.1f}" if value < 100 else f"{value:,.0f}"  # noqa: PLR2004 - decimals while they matter


def detail(found: Summary, unit: str, selection: Selection) -> str:
    """Say the mean, and whose competition counts."""
    near = " of those who reach a centre" if selection.score == "raam" else ""
    mean = f"{amount(found.mean)} {unit_of(unit, selection)}" if found.mean >= 0 else text.NO_NUMBER
    everybody = " People of all states compete for the same hospitals." if selection.state else ""
    return f"The mean{near} is {mean}, by the {NAMES[selection.score]}.{everybody}"


def places_sentence(frame: pd.DataFrame, unit: str, selection: Selection) -> str:
    """State where it is worst."""
    known = frame[frame["mean"].notna()]
    if known.empty:
        return "No place has a score here."
    if selection.score == "raam":
        worst = known.iloc[0]
        return (
            f"It is worst in {worst['label']}: {amount(worst['mean'])} {unit_of(unit, selection)} "
            "for the mean person who reaches a centre."
        )
    nothing = known[known["mean"] == 0]
    if len(nothing) > 1:
        named = text.listed(nothing["label"].head(text.NAMED_PLACES).tolist())
        everywhere = len(nothing) == len(frame)
        how_many = f"all {len(frame):,}" if everywhere else f"{len(nothing):,} of {len(frame):,}"
        return (
            f"Nobody has any {unit} within {text.threshold(selection)} in {how_many} places; those "
            f"with most people: {named}."
        )
    worst = known.iloc[0]
    return f"It is worst in {worst['label']}: {amount(worst['mean'])} {SCALE[unit]}."


def none_label(selection: Selection) -> str:
    """Head the column of people with nothing in reach."""
    if selection.score == "raam":
        return "No road to any centre"
    return f"None within {text.threshold(selection)}"


def places_note(selection: Selection) -> str:
    """Say what the figures of the places are, below their table."""
    if selection.score == "raam":
        return (
            "Means are of people who reach a centre; medians are empty where at least half have "
            "no road. The dotted line is the mean of the country."
        )
    return (
        "Means and medians are by people; the dotted line is the mean of the country. Among "
        "places with the same mean those with most people come first."
    )


def note(supply: Supply, selection: Selection) -> str:
    """Say what stands for capacity."""
    if supply.unit == "facilities":
        return "Each of your own facilities counts as one unit of capacity."
    said = (
        "Capacity is all beds of the hospital, a stand-in until treatment slots are known. A "
        "hospital that treats adults and children gives its beds to both in proportion to their "
        "numbers."
    )
    if supply.assumed:
        said += (
            f" Beds of {supply.assumed} of {supply.capacity.size} hospitals are not known; they "
            "get the median of hospitals that treat the same ages."
        )
    if selection.score == "raam":
        return f"{said} Travel of {text.threshold(selection)} weighs as much as average crowding."
    return said


def explanation() -> str:
    """Explain every score with its reference, in Markdown."""
    return "\n".join(
        f"- **{name}.** {method} [{reference}](https://doi.org/{doi})."
        for name, method, reference, doi in EXPLAINED
    )
