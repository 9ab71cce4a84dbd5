"""Equity: travel of groups side by side, the gaps between them, and indexes (pure).

Named apart from `geo.equity`, which it builds on. Six dimensions, each with a reference group that
the others are compared with. Formulas: docs/methods.md, section Equity.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard import queries
from dashboard.queries import Areas, Rows
from dashboard.state import LABELS, Breakdown, Selection
from dashboard.us import STATE_NAMES
from geo.disparity import Gaps, Trips, Within, gaps, medians, quantiles
from geo.inequality import (
    Index,
    concentration_curve,
    concentration_of_beyond,
    concentration_of_travel,
    gini_of_travel,
)
from geo.results import Floats
from geo.units import km_to_miles, miles_to_km

DIMENSIONS: Final[tuple[Breakdown, ...]] = (
    "race",
    "rurality",
    "income",
    "poverty",
    "age",
    "vehicle",
)
REFERENCES: Final[dict[Breakdown, str]] = {
    "race": "White",
    "rurality": "urban",
    "income": queries.QUINTILES[-1],
    "poverty": "Above the poverty line",
    "age": "25-64",
    "vehicle": "With a vehicle",
}
"""The group that the others of a dimension are compared with."""

FEWEST: Final = 10_000.0
"""A group with fewer people in a place is not compared there."""

RURALITIES: Final = ("dense urban", "urban", "suburban", "rural")
PHRASES: Final = {
    "dense urban": "people in dense urban areas",
    "urban": "people in urban areas",
    "suburban": "people in suburban areas",
    "rural": "people in rural areas",
    "White": "White people",
    "Black": "Black people",
    "Hispanic": "Hispanic people",
    "Asian": "Asian people",
    "Native American": "Native American people",
    "Pacific Islander": "Pacific Islanders",
    "Other or multiple": "people of another race or several",
    **{name: f"people in the {name.lower()} of areas by income" for name in queries.QUINTILES},
    "Below the poverty line": "people below the poverty line",
    "Above the poverty line": "people above the poverty line",
    "Households without a vehicle": "people in households without a vehicle",
    "With a vehicle": "people in households with a vehicle",
    "Under 18": "people under 18",
    "18-24": "people aged 18 to 24",
    "25-64": "people aged 25 to 64",
    "65 and over": "people aged 65 and over",
}
"""How a sentence names a group."""

PERCENTILES: Final = (0.1, 0.9)
AXIS_END: Final = 240.0
AXIS_STEP: Final = 2.0
TABLE_EDGES: Final[Floats] = np.array([30.0, 60.0, 90.0, 120.0, 180.0, 240.0])
"""Of the table of shares, in minutes or miles."""
CURVE_SHARES: Final[Floats] = np.linspace(0.0, 1.0, 51)
FIFTH: Final = 0.2
TENTH: Final = 0.1


@dataclass(frozen=True, slots=True)
class Group:
    """One group of one dimension.

    Parameters
    ----------
    dimension : str
        One of `DIMENSIONS`.
    name : str
        As the breakdown names it; `queries.UNKNOWN` for people whose group is not known.
    label : str
        With what defines it, e.g. the incomes of a fifth.
    """

    dimension: Breakdown
    name: str
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """The groups of a view with their travel; the same for every threshold.

    Parameters
    ----------
    groups : tuple of Group, k
        All groups of all dimensions, those of one dimension side by side, its unknown last.
    trips : Trips
        Persons of each group in each trip.
    state : ndarray of int, shape (m,)
        Position in `states` of each trip.
    states : tuple of str
        Codes of the states.
    no_data : ndarray, shape (k,)
        Persons without known travel.
    """

    groups: tuple[Group, ...]
    trips: Trips
    state: NDArray[np.intp]
    states: tuple[str, ...]
    no_data: Floats

    def columns(self, dimension: str) -> slice:
        """Find the groups of a dimension, without those of unknown group."""
        at = [
            i
            for i, group in enumerate(self.groups)
            if group.dimension == dimension and group.name != queries.UNKNOWN
        ]
        return slice(at[0], at[-1] + 1)

    def names(self, dimension: str) -> list[str]:
        """Names of the groups of a dimension."""
        return [group.name for group in self.groups[self.columns(dimension)]]

    def reference(self, dimension: Breakdown) -> int:
        """Position of the reference group among those of its dimension."""
        return self.names(dimension).index(REFERENCES[dimension])


def ground(areas: Areas, rows: Rows, selection: Selection) -> Ground:
    """Count the people of every group on every trip.

    Parameters
    ----------
    areas : Areas
        Where people live.
    rows : Rows
        Who travels where, of the state in focus.
    selection : Selection
        Metric and model.

    Returns
    -------
    Ground
        With m trips and k groups.
    """
    groups: list[Group] = []
    parts: list[Floats] = []
    for dimension in DIMENSIONS:
        found, persons = _persons(areas, rows, dimension)
        groups += found
        parts.append(persons)
    persons = np.column_stack(parts)
    travel = queries.impedance(rows, selection)
    trips = Trips.of(travel, persons, queries.uncertainty(rows, selection))
    codes, states = pd.factorize(areas.frame["state"].to_numpy(), sort=True)
    return Ground(
        groups=tuple(groups),
        trips=trips,
        state=codes.astype(np.intp)[rows.area[trips.row]],
        states=tuple(map(str, states)),
        no_data=persons[np.isnan(travel)].sum(axis=0),
    )


def _persons(areas: Areas, rows: Rows, dimension: Breakdown) -> tuple[list[Group], Floats]:
    """List the groups of a dimension, and count the persons of each in every row."""
    if dimension in queries.OVERLAPPING:
        names, persons = queries.shared_columns(areas, rows, dimension)
        return [Group(dimension, name, name) for name in names], persons
    _, codes, names, labels = queries.by_codes(areas, rows, dimension)
    order = list(RURALITIES if dimension == "rurality" else queries.QUINTILES)
    position = np.array([order.index(n) if n in order else len(order) for n in names])[codes]
    label = dict(zip(names, labels, strict=True))
    groups = [Group(dimension, name, capital(label.get(name, name))) for name in order]
    groups.append(Group(dimension, queries.UNKNOWN, queries.UNKNOWN))
    member = position[:, None] == np.arange(len(groups))
    return groups, np.where(member, rows.persons[:, None], 0.0)


def capital(words: str) -> str:
    """Begin with a capital, and leave the rest as it is.

    >>> capital("dense urban"), capital("65 and over")
    ('Dense urban', '65 and over')
    """
    return words[:1].upper() + words[1:]


def in_unit(values: Floats, selection: Selection) -> Floats:
    """Travel as it is shown: minutes stay, km become miles where the view asks for miles."""
    if queries.travel_unit(selection) == "miles":
        return np.asarray(km_to_miles(values), dtype=np.float64)
    return values


def spread(found: Ground, selection: Selection) -> pd.DataFrame:
    """Travel of every group of every dimension: median with its band, and where the tenths are.

    Parameters
    ----------
    found : Ground
        Groups and trips.
    selection : Selection
        Units.

    Returns
    -------
    DataFrame
        dimension, dimension_label, group, label, population, people (with known travel),
        unreachable, no_data, median, median_low, median_high, p10, p90 (in the unit of
        `queries.travel_unit`; inf without a road). Groups without people are left out.
    """
    trips = found.trips
    band = medians(trips)
    tenths = quantiles(trips, PERCENTILES)
    known = trips.weights.sum(axis=0)
    frame = pd.DataFrame(
        {
            "dimension": [group.dimension for group in found.groups],
            "dimension_label": [LABELS["by"][group.dimension] for group in found.groups],
            "group": [group.name for group in found.groups],
            "label": [group.label for group in found.groups],
            "population": known + found.no_data,
            "people": known,
            "unreachable": trips.weights[np.isposinf(trips.impedance)].sum(axis=0),
            "no_data": found.no_data,
            "median": in_unit(band.value, selection),
            "median_low": in_unit(band.low, selection),
            "median_high": in_unit(band.high, selection),
            "p10": in_unit(tenths[:, 0], selection),
            "p90": in_unit(tenths[:, 1], selection),
        }
    )
    return frame[frame["population"] > 0].reset_index(drop=True)


def cumulative(
    found: Ground, selection: Selection, thresholds: Floats | None = None
) -> pd.DataFrame:
    """Share of each group of a dimension within each travel.

    Parameters
    ----------
    found : Ground
        Groups and trips.
    selection : Selection
        `by` and metric.
    thresholds : ndarray, optional
        Minutes or, for a distance, miles; 0 to 240 when left out.

    Returns
    -------
    DataFrame
        A column `within` and one for each group with people, 0 to 1: at each travel what coverage
        says of it.
    """
    limits = np.arange(0.0, AXIS_END + AXIS_STEP, AXIS_STEP) if thresholds is None else thresholds
    unit = limits if selection.metric == "minutes" else np.asarray(miles_to_km(limits))
    trips, columns = found.trips, found.columns(selection.by)
    people = trips.weights[:, columns]
    slot = np.searchsorted(unit, trips.impedance, side="left")
    total = people.sum(axis=0)
    shares = {
        name: np.cumsum(np.bincount(slot, people[:, k], unit.size + 1))[:-1] / total[k]
        for k, name in enumerate(found.names(selection.by))
        if total[k] > 0
    }
    return pd.DataFrame({"within": limits, **shares})


def _gaps(
    found: Ground,
    within: Within,
    dimension: Breakdown,
    *,
    by_state: bool = False,
    against: str | None = None,
) -> Gaps:
    return gaps(
        found.trips,
        within,
        columns=found.columns(dimension),
        reference=found.reference(dimension),
        place=found.state if by_state else None,
        n_places=len(found.states) if by_state else 1,
        fewest=FEWEST,
        against=None if against is None else np.array([found.names(dimension).index(against)]),
    )


def _gap_frame(found: Ground, dimension: Breakdown, result: Gaps) -> pd.DataFrame:
    """Tabulate gaps: one row for each place where two groups can be compared."""
    names, reference = found.names(dimension), found.reference(dimension)
    at = np.flatnonzero(result.worst >= 0)
    worst = result.worst[at]
    return pd.DataFrame(
        {
            "place": at,
            "dimension": dimension,
            "dimension_label": LABELS["by"][dimension],
            "group": [names[k] for k in worst],
            "reference": names[reference],
            "people": result.people[at, worst],
            "people_reference": result.people[at, reference],
            "beyond": result.beyond[at, worst],
            "beyond_reference": result.beyond[at, reference],
            "share": result.share[at, worst],
            "share_reference": result.share[at, reference],
            "gap": result.gap.value[at],
            "gap_low": result.gap.low[at],
            "gap_high": result.gap.high[at],
            "ratio": result.ratio.value[at],
            "ratio_low": result.ratio.low[at],
            "ratio_high": result.ratio.high[at],
        }
    )


def dimension_gaps(found: Ground, spreads: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """Compare, in each dimension, the worst-off group with the reference group.

    Parameters
    ----------
    found : Ground
        Groups and trips.
    spreads : DataFrame
        From `spread`, for the medians.
    selection : Selection
        Threshold.

    Returns
    -------
    DataFrame
        One row a dimension in which two groups have `FEWEST` people: dimension, dimension_label,
        group, reference, people, people_reference, beyond, beyond_reference, share,
        share_reference, gap and ratio with _low and _high, median, median_reference,
        median_difference.
    """
    within = found.trips.within(queries.threshold(selection))
    frame = pd.concat(
        [_gap_frame(found, name, _gaps(found, within, name)) for name in DIMENSIONS],
        ignore_index=True,
    ).drop(columns="place")
    middle = spreads.set_index(["dimension", "group"])["median"]
    own = [middle.get(key, np.nan) for key in zip(frame["dimension"], frame["group"], strict=True)]
    other = [
        middle.get(key, np.nan) for key in zip(frame["dimension"], frame["reference"], strict=True)
    ]
    frame = frame.assign(median=own, median_reference=other)
    with np.errstate(invalid="ignore"):
        return frame.assign(median_difference=frame["median"] - frame["median_reference"])


def state_gaps(found: Ground, selection: Selection) -> pd.DataFrame:
    """Compare the groups of a dimension in every state, widest gap first.

    Parameters
    ----------
    found : Ground
        Groups and trips of the whole country.
    selection : Selection
        `by` and threshold.

    Returns
    -------
    DataFrame
        state, label and the columns of `dimension_gaps` without medians. States in which fewer
        than two groups, the reference among them, have `FEWEST` people are left out.
    """
    within = found.trips.within(queries.threshold(selection))
    frame = _gap_frame(found, selection.by, _gaps(found, within, selection.by, by_state=True))
    codes = [found.states[at] for at in frame.pop("place")]
    frame.insert(0, "state", codes)
    frame.insert(1, "label", [STATE_NAMES.get(code, code) for code in codes])
    return frame.sort_values("gap", ascending=False, kind="stable", ignore_index=True)


def against_nation(here: Ground, nation: Ground, selection: Selection) -> pd.DataFrame:
    """Compare the gap of a state in focus with that of the same two groups in the country.

    Parameters
    ----------
    here, nation : Ground
        Of the state and of the whole country.
    selection : Selection
        `by`, threshold and state.

    Returns
    -------
    DataFrame
        Two rows, the state and the country, with the columns of `state_gaps`; none when the state
        has no two groups to compare.
    """
    threshold = queries.threshold(selection)
    result = _gaps(here, here.trips.within(threshold), selection.by)
    own = _gap_frame(here, selection.by, result)
    if own.empty:
        return own.drop(columns="place").assign(state=[], label=[])
    everywhere = _gaps(
        nation, nation.trips.within(threshold), selection.by, against=str(own["group"].iloc[0])
    )
    both = pd.concat([own, _gap_frame(nation, selection.by, everywhere)], ignore_index=True)
    both = both.drop(columns="place")
    both.insert(0, "state", [selection.state, ""])
    both.insert(1, "label", [STATE_NAMES[selection.state], "United States"])
    return both


@dataclass(frozen=True, slots=True, eq=False)
class TravelInequality:
    """Indexes of travel, the same for every threshold.

    Parameters
    ----------
    travel, gini : Index
        Concentration of travel by income, and Gini index of travel.
    curves : DataFrame
        people (0 to 1), travel_by_income, travel_by_travel: shares of all travel.
    """

    travel: Index
    gini: Index
    curves: pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Inequality:
    """Indexes of a view and the curves behind them.

    Parameters
    ----------
    travel, gini, beyond, wagstaff, erreygers : Index
        Concentration of travel by income, Gini of travel, and concentration of people beyond the
        threshold by income: plain, Wagstaff's and Erreygers's.
    curves : DataFrame
        people (0 to 1), travel_by_income, travel_by_travel, beyond_by_income: shares of all travel
        or of all people beyond.
    """

    travel: Index
    gini: Index
    beyond: Index
    wagstaff: Index
    erreygers: Index
    curves: pd.DataFrame


def _income(areas: Areas, rows: Rows) -> Floats:
    """Median household income of each row's ZIP area, nan where it is not reported."""
    column = areas.frame["median_household_income_usd"]
    return column.to_numpy(np.float64, na_value=np.nan)[rows.area]


def travel_inequality(areas: Areas, rows: Rows, selection: Selection) -> TravelInequality:
    """Measure how unequally travel is shared, by the income of the area and by itself.

    Parameters
    ----------
    areas : Areas
        Where people live, with the median household income of each area.
    rows : Rows
        Who travels where, of the state in focus.
    selection : Selection
        Metric and model.

    Returns
    -------
    TravelInequality
        People are ranked by the median household income of their ZIP area.
    """
    travel, errors = queries.impedance(rows, selection), queries.uncertainty(rows, selection)
    income, finite = _income(areas, rows), np.isfinite(travel)
    ranked = finite & ~np.isnan(income)
    curves = pd.DataFrame(
        {
            "people": CURVE_SHARES,
            "travel_by_income": concentration_curve(
                travel[ranked], rows.persons[ranked], income[ranked], CURVE_SHARES
            ),
            "travel_by_travel": concentration_curve(
                travel[finite], rows.persons[finite], travel[finite], CURVE_SHARES
            ),
        }
    )
    return TravelInequality(
        travel=concentration_of_travel(travel, rows.persons, income, uncertainty=errors),
        gini=gini_of_travel(travel, rows.persons, uncertainty=errors),
        curves=curves,
    )


def inequality(
    areas: Areas, rows: Rows, selection: Selection, shared: TravelInequality | None = None
) -> Inequality:
    """Measure how unequally travel, and being beyond the threshold, are shared.

    Parameters
    ----------
    areas, rows
        As in `travel_inequality`.
    selection : Selection
        Threshold, metric, model.
    shared : TravelInequality, optional
        From `travel_inequality`, when the caller keeps it.

    Returns
    -------
    Inequality
        People are ranked by the median household income of their ZIP area.
    """
    shared = shared or travel_inequality(areas, rows, selection)
    travel, limit = queries.impedance(rows, selection), queries.threshold(selection)
    income = _income(areas, rows)
    beyond = concentration_of_beyond(
        travel,
        rows.persons,
        income,
        threshold=limit,
        uncertainty=queries.uncertainty(rows, selection),
    )
    ranked = ~np.isnan(income) & ~np.isnan(travel)
    curve = concentration_curve(
        (travel[ranked] > limit).astype(np.float64),
        rows.persons[ranked],
        income[ranked],
        CURVE_SHARES,
    )
    return Inequality(
        travel=shared.travel,
        gini=shared.gini,
        beyond=beyond.concentration,
        wagstaff=beyond.wagstaff,
        erreygers=beyond.erreygers,
        curves=shared.curves.assign(beyond_by_income=curve),
    )


def measure(selection: Selection) -> str:
    """Name what the indexes add up, whatever its unit: minutes or distance."""
    return "minutes" if selection.metric == "minutes" else "distance"


def share_at(curves: pd.DataFrame, column: str, people: float) -> float:
    """Read a curve of `Inequality` at a share of the people."""
    return float(np.interp(people, curves["people"], curves[column]))


def index_table(found: Inequality, selection: Selection) -> pd.DataFrame:
    """Tabulate the indexes with whom they are about.

    Parameters
    ----------
    found : Inequality
        From `inequality`.
    selection : Selection
        Names the travel and the threshold.

    Returns
    -------
    DataFrame
        index, what, value, low, high, people, unreachable, no_income, no_data: persons counted,
        and left out for want of a road, of an income, of known travel.
    """
    travel = measure(selection)
    beyond = "people beyond the threshold, by income of the area"
    rows = [
        ("Concentration index", f"{travel} of travel, by income of the area", found.travel),
        ("Gini index", f"{travel} of travel", found.gini),
        ("Erreygers index", beyond, found.erreygers),
        ("Wagstaff index", beyond, found.wagstaff),
        ("Concentration index", beyond, found.beyond),
    ]
    return pd.DataFrame(
        {
            "index": [name for name, _, _ in rows],
            "what": [what for _, what, _ in rows],
            "value": [index.value for _, _, index in rows],
            "low": [index.low for _, _, index in rows],
            "high": [index.high for _, _, index in rows],
            "people": [index.counted.people for _, _, index in rows],
            "unreachable": [index.counted.unreachable for _, _, index in rows],
            "no_income": [index.counted.unranked for _, _, index in rows],
            "no_data": [index.counted.no_data for _, _, index in rows],
        }
    )
