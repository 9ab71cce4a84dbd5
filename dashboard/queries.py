"""Questions about coverage as pure functions: tables and a travel model in, frames out.

No caching and no user interface here, so that the pages (through `services`) and the command
line give the same numbers. Distances are in km and times in minutes until a frame is made for a
reader, whose columns name their unit.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.state import CentreQuery, Metric, ModelName, Selection
from dashboard.us import STATE_NAMES
from data import load
from geo.coverage import CoverageCurve, coverage, travel_distribution
from geo.equity import (
    SUMMARY_QUANTILES,
    band_of_quantile,
    group_quantiles,
    group_summary,
    split_persons,
    summary_of_columns,
    weighted_quantile_by_group,
    weighted_quantile_groups,
)
from geo.network import Access, Ints, RoadNetwork
from geo.results import CoverageResult, CurveResult, DistributionResult, Floats, QuantileBand
from geo.travel import Detour, Nearest, Points, Road, StraightLine, TravelMatrix, nearest_way
from geo.uncertainty import Uncertainty
from geo.units import km_to_miles, miles_to_km

Model = StraightLine | Detour | Road
Kinds = tuple[NDArray[np.intp], list[str]]
"""Number of each area's word, and the words."""
Audience = Literal["adult", "pediatric"]
AUDIENCES: Final[dict[str, tuple[Audience, ...]]] = {
    "all": ("adult", "pediatric"),
    "adult": ("adult",),
    "pediatric": ("pediatric",),
}
"""Whose centres are asked about: everybody means adults at adult centres plus children at
paediatric ones."""

EVIDENCE_ORDER: Final = ("documented", "listed_secondary", "believed", "likely")
CLAIMS: Final = {
    "hct": ("fact_accreditation", "nmdp_center"),
    "car_t": ("car_t",),
    "gene_therapy": ("hemoglobinopathy_gene_therapy",),
    "til": ("til",),
}
"""Columns of the facts that speak for a therapy; one claim good enough is enough."""

RACES: Final = {
    "white_share": "White",
    "black_share": "Black",
    "hispanic_share": "Hispanic",
    "asian_share": "Asian",
    "native_american_share": "Native American",
    "pacific_islander_share": "Pacific Islander",
    "other_or_multiple_share": "Other or multiple",
}
OVERLAPPING: Final = frozenset({"age", "race", "poverty", "vehicle"})
"""Breakdowns whose groups live in the same areas."""

QUINTILES: Final = ("Lowest fifth", "Second fifth", "Middle fifth", "Fourth fifth", "Highest fifth")
UNKNOWN: Final = "Not reported"
OUTSIDE_METRO: Final = "Outside metro and micro areas"
OUTSIDE_HRR: Final = "Outside referral regions"
CURVE_POINTS: Final = 61
ERRORS: Final[dict[tuple[ModelName, Metric], tuple[float, float]]] = {
    ("road", "minutes"): (0.02, 0.12),
    ("road", "miles"): (0.01, 0.09),
    ("detour", "minutes"): (0.03, 0.39),
    ("detour", "miles"): (0.01, 0.14),
    ("straight", "minutes"): (0.29, 0.39),
    ("straight", "miles"): (0.0, 0.0),
}
"""Systematic and trip-to-trip sigma of log travel, from the real trips that were held back from the
calibration: spread of the log error, and its mean or standard error, whichever is larger (for road
minutes the largest bias of a class of trips). A straight line is exact as a straight line."""
SLOW_PACE: Final = 1.5
"""Minutes a km on local streets (40 km/h), also the slowest pace taken for a spread."""
SHORT_TRIP_KM: Final = 1.0
"""Below this the trip's own pace says nothing."""
DISC_MEAN_RADIUS: Final = 2 / 3
"""Mean distance from the centre of a disc, in radii."""


@dataclass(frozen=True, slots=True, eq=False)
class Areas:
    """Where people live.

    Parameters
    ----------
    frame : DataFrame, n rows
        The ZCTA table.
    points : Points
        Its coordinates.
    persons : dict of str to ndarray, shape (n,)
        People by audience, "adult" and "pediatric".
    spread_km : ndarray, shape (n,)
        Mean distance of a disc of the area's size from its centre.
    pairs : DataFrame
        Parts of areas by county: area (row of `frame`), county_fips, adult, pediatric.
    """

    frame: pd.DataFrame
    points: Points
    persons: dict[Audience, Floats]
    spread_km: Floats
    pairs: pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """People by area and audience, with their way to the nearest centre that treats them.

    Parameters
    ----------
    area : ndarray of int, shape (n,)
        Row of `Areas.frame`.
    adult : ndarray of bool, shape (n,)
        Adults or children.
    persons, minutes, distance_km : ndarray, shape (n,)
        People and their travel; inf unreachable, nan no data.
    site : ndarray of int, shape (n,)
        Row of the chosen centres; -1 for none.
    trip : ndarray of int, shape (n,)
        Rows with one number share one trip, and so its error.
    spread_km : ndarray, shape (n,)
        See `Areas`.
    """

    area: NDArray[np.intp]
    adult: NDArray[np.bool_]
    persons: Floats
    minutes: Floats
    distance_km: Floats
    site: NDArray[np.intp]
    trip: NDArray[np.intp]
    spread_km: Floats

    def take(self, keep: NDArray[np.bool_] | NDArray[np.intp]) -> "Rows":
        """Return some rows only."""
        return Rows(
            **{name: getattr(self, name)[keep] for name in self.__slots__}  # all are per row
        )


def load_areas() -> Areas:
    """Read the people and their places.

    Returns
    -------
    Areas
        One row per ZCTA with residents.
    """
    frame = load.zcta()
    pairs = load.zcta_county()
    order = pd.Series(np.arange(len(frame)), index=frame["zcta"])
    children = pairs["children"].to_numpy(dtype=np.float64)
    return Areas(
        frame=frame,
        points=Points(lat=_column(frame, "lat"), lon=_column(frame, "lon")),
        persons={"adult": _column(frame, "adults"), "pediatric": _column(frame, "children")},
        spread_km=DISC_MEAN_RADIUS
        * np.sqrt(np.nan_to_num(_column(frame, "land_area_km2")) / np.pi),
        pairs=pd.DataFrame(
            {
                "area": order.loc[pairs["zcta"]].to_numpy(),
                "county_fips": pd.Categorical(pairs["county_fips"]),
                "adult": pairs["population"].to_numpy(dtype=np.float64) - children,
                "pediatric": children,
            }
        ),
    )


def load_model(name: ModelName) -> Model:
    """Build a travel model; the road network takes about a second.

    Parameters
    ----------
    name : {'road', 'detour', 'straight'}
        Which one.

    Returns
    -------
    Model
        Ready to ask.
    """
    if name == "straight":
        return StraightLine()
    if name == "detour":
        return Detour()
    network = RoadNetwork.from_frames(
        load.road_nodes(),
        load.road_edges(),
        water_cells=load.water_cells(),
        roadless=load.roadless_places(),
    )
    return Road(network)


def choose_centres(centres: pd.DataFrame, query: CentreQuery) -> pd.DataFrame:
    """Keep the centres that count.

    Parameters
    ----------
    centres : DataFrame
        The treatment centre table, or a user's own facilities.
    query : CentreQuery
        Therapy, weakest evidence, low confidence. A user's facilities are all kept.

    Returns
    -------
    DataFrame
        In the order of the table; may be empty.
    """
    if query.facilities:
        return centres
    keep = np.ones(len(centres), dtype=bool)
    if not query.low_confidence:
        keep &= (centres["confidence"] != "low").to_numpy()
    keep &= gives(centres, query.therapy, query.evidence)
    return centres.loc[keep]


def for_ages(centres: pd.DataFrame, ages: str) -> pd.DataFrame:
    """Keep the centres that treat the people counted; all of them for "all"."""
    return centres if ages == "all" else centres.loc[treats(centres, ages)]  # type: ignore[arg-type]


def gives(centres: pd.DataFrame, therapy: str, evidence: str) -> NDArray[np.bool_]:
    """Whether each centre gives a therapy, or any, on evidence at least so good.

    Parameters
    ----------
    centres : DataFrame, n rows
        The treatment centre table.
    therapy : str
        A key of `CLAIMS`, or "any".
    evidence : str
        Weakest evidence word that counts; "any" takes every listed programme that is not known
        not to give it.

    Returns
    -------
    ndarray of bool, shape (n,)
        One per centre.
    """
    if therapy == "any":
        found = np.any([gives(centres, one, evidence) for one in CLAIMS], axis=0)
        return np.asarray(found, dtype=bool)
    if evidence == "any":
        if therapy == "hct":
            return (centres["hct"].fillna("") != "").to_numpy()
        good: tuple[str, ...] = (*EVIDENCE_ORDER, "unknown")
    else:
        good = EVIDENCE_ORDER[: EVIDENCE_ORDER.index(evidence) + 1]
    words = zip(*(centres[claim].tolist() for claim in CLAIMS[therapy]), strict=True)
    return np.array([any(word in good for word in said) for said in words], dtype=bool)


def points_of(frame: pd.DataFrame) -> Points:
    """Coordinates of a table with columns lat and lon."""
    return Points(lat=_column(frame, "lat"), lon=_column(frame, "lon"))


def access_of(model: Model, areas: Areas) -> Access | None:
    """Legs from where people live to the roads; worth keeping. None for models without roads."""
    return model.access(areas.points) if isinstance(model, Road) else None


def nearest_for(
    model: Model,
    areas: Areas,
    centres: pd.DataFrame,
    audience: Audience,
    access: Access | None = None,
) -> Nearest:
    """Find each area's nearest centre that treats an audience.

    Parameters
    ----------
    model : Model
        How people travel.
    areas : Areas
        Where they live.
    centres : DataFrame
        Chosen centres.
    audience : {'adult', 'pediatric'}
        Who travels.
    access : Access, optional
        From `access_of`, when the caller keeps it.

    Returns
    -------
    Nearest
        `site` counts rows of `centres`, of all ages treated.
    """
    rows = np.flatnonzero(treats(centres, audience))
    sites = points_of(centres.iloc[rows])
    if isinstance(model, Road):
        found = model.nearest(areas.points, sites, access)
    else:
        found = model.nearest(areas.points, sites)
    return in_rows(found, rows)


def matrix_for(
    model: Model, areas: Areas, centres: pd.DataFrame, access: Access | None = None
) -> TravelMatrix:
    """Measure the way of every area to every centre.

    Parameters
    ----------
    model : Model
        How people travel.
    areas : Areas
        Where they live, n.
    centres : DataFrame
        Where they go, m.
    access : Access, optional
        From `access_of`, when the caller keeps it.

    Returns
    -------
    TravelMatrix
        Shape (n, m).
    """
    sites = points_of(centres)
    if isinstance(model, Road):
        return model.matrix(areas.points, sites, access)
    return model.matrix(areas.points, sites)


def ways_for(road: Road, areas: Areas, centres: pd.DataFrame, access: Access) -> Ints:
    """Measure the way of every area to every centre by road, for `nearest_in`.

    Parameters
    ----------
    road : Road
        The road model.
    areas : Areas
        Where they live, n.
    centres : DataFrame
        Where they go, m.
    access : Access
        From `access_of`.

    Returns
    -------
    ndarray, shape (m, n)
        See `Road.ways`.
    """
    return road.ways(areas.points, points_of(centres), access)


def nearest_in(
    ways: Ints,
    areas: Areas,
    centres: pd.DataFrame,
    positions: NDArray[np.intp],
    audience: Audience,
) -> Nearest:
    """Find each area's nearest centre that treats an audience, without a search.

    Parameters
    ----------
    ways : ndarray
        From `ways_for`.
    areas : Areas
        Its columns.
    centres : DataFrame
        Chosen centres.
    positions : ndarray of int
        Row of `ways` of each chosen centre.
    audience : {'adult', 'pediatric'}
        Who travels.

    Returns
    -------
    Nearest
        Exactly as `nearest_for` finds it.
    """
    rows = np.flatnonzero(treats(centres, audience))
    return in_rows(nearest_way(ways, positions[rows], areas.points), rows)


def treats(centres: pd.DataFrame, audience: Audience) -> NDArray[np.bool_]:
    """Whether each centre treats an audience."""
    column = {"adult": "treats_adults", "pediatric": "treats_children"}[audience]
    return centres[column].to_numpy(dtype=bool)


def in_rows(found: Nearest, rows: NDArray[np.intp]) -> Nearest:
    """Count sites in rows of all centres, where they were counted in some rows only."""
    site = np.full(found.site.shape, -1, dtype=np.int64)
    has = found.site >= 0
    site[has] = rows[found.site[has]]
    return replace(found, site=site)


def stack_rows(areas: Areas, ages: str, nearest: Callable[[Audience], Nearest]) -> Rows:
    """Match each audience to its own centres and stack the people into one array.

    Parameters
    ----------
    areas : Areas
        Where people live.
    ages : {'all', 'adult', 'pediatric'}
        Who is counted.
    nearest : callable
        Gives the `Nearest` of an audience.

    Returns
    -------
    Rows
        One block of n rows per audience.
    """
    size = len(areas.frame)
    parts: list[Rows] = []
    for audience in AUDIENCES[ages]:
        found = nearest(audience)
        trip = np.arange(size) + size * len(parts)
        if parts:  # adults and children who go to one site make one trip
            same = (found.site >= 0) & (found.site == parts[0].site)
            same &= found.minutes == parts[0].minutes
            trip = np.where(same, parts[0].trip, trip)
        parts.append(
            Rows(
                area=np.arange(size),
                adult=np.full(size, audience == "adult"),
                persons=areas.persons[audience],
                minutes=found.minutes,
                distance_km=found.distance_km,
                site=found.site,
                trip=trip,
                spread_km=areas.spread_km,
            )
        )
    return Rows(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in Rows.__slots__}
    )


def in_state(areas: Areas, rows: Rows, state: str) -> Rows:
    """Keep the people of one state; all for ""."""
    if not state:
        return rows
    return rows.take(areas.frame["state"].to_numpy()[rows.area] == state)


@dataclass(frozen=True, slots=True, eq=False)
class CountyParts:
    """Rows split where a ZIP area spans counties.

    Parameters
    ----------
    row : ndarray of int, shape (n,)
        Which of the rows each part is of.
    persons : ndarray, shape (n,)
        That part's people.
    county : ndarray of int, shape (n,)
        Position of its county in `names`.
    names : list of str
        Codes of all counties, in order.
    """

    row: NDArray[np.intp]
    persons: Floats
    county: NDArray[np.intp]
    names: list[str]

    def of(self, rows: Rows) -> Rows:
        """One row per part."""
        return replace(rows.take(self.row), persons=self.persons)


def by_county(areas: Areas, rows: Rows) -> CountyParts:
    """Split rows where a ZIP area spans counties.

    Parameters
    ----------
    areas : Areas
        Where people live.
    rows : Rows
        At most one row per area and audience.

    Returns
    -------
    CountyParts
    """
    part_area = areas.pairs["area"].to_numpy()
    county = pd.Categorical(areas.pairs["county_fips"])
    row, part, persons = [], [], []
    for audience in AUDIENCES["all"]:
        position = np.full(len(areas.frame), -1)
        own = np.flatnonzero(rows.adult == (audience == "adult"))
        position[rows.area[own]] = own
        at = position[part_area]
        here = np.flatnonzero(at >= 0)
        row.append(at[here])
        part.append(here)
        persons.append(areas.pairs[audience].to_numpy()[here])
    return CountyParts(
        row=np.concatenate(row),
        persons=np.concatenate(persons),
        county=county.codes[np.concatenate(part)].astype(np.intp),
        names=county.categories.tolist(),
    )


def impedance(rows: Rows, selection: Selection) -> Floats:
    """Travel that the threshold is about: minutes, or km for a threshold in miles."""
    return rows.minutes if selection.metric == "minutes" else rows.distance_km


def threshold(selection: Selection) -> float:
    """Threshold in the unit of `impedance`."""
    if selection.metric == "minutes":
        return selection.within
    return miles_to_km(selection.within)


def uncertainty(rows: Rows, selection: Selection) -> Uncertainty:
    """Errors of the rows' travel (docs/methods.md, Uncertainty).

    The spread within an area is the mean distance from the centre of a disc of the area's size,
    turned into minutes at the speed of the trip itself.
    """
    systematic, trip = ERRORS[selection.model, selection.metric]
    centroid = rows.spread_km
    if selection.metric == "minutes":
        pace = np.divide(
            rows.minutes,
            rows.distance_km,
            out=np.full(rows.minutes.shape, SLOW_PACE),
            where=np.isfinite(rows.minutes) & (rows.distance_km > SHORT_TRIP_KM),
        )
        centroid = rows.spread_km * np.minimum(pace, SLOW_PACE)
    return Uncertainty(
        systematic_sigma=systematic,
        trip_sigma=trip,
        centroid=centroid,
        trip=_trip_codes(rows),
    )


def _trip_codes(rows: Rows) -> NDArray[np.intp]:
    """Numbers of trips below the number of rows; all rows together have them already."""
    if rows.trip.size and rows.trip.max() < rows.trip.size:
        return rows.trip
    return np.unique(rows.trip, return_inverse=True)[1]


def total(rows: Rows, selection: Selection) -> CoverageResult:
    """Coverage of all rows together, arrays of shape (1,)."""
    return coverage(
        impedance(rows, selection),
        rows.persons,
        threshold=threshold(selection),
        group=np.zeros(rows.area.size, dtype=np.intp),
        n_groups=1,
        uncertainty=uncertainty(rows, selection),
    )


def share_curve(rows: Rows, selection: Selection) -> CoverageCurve:
    """Coverage of all rows together at any threshold: what `curve` and `percentiles` read."""
    errors = uncertainty(rows, selection)
    return CoverageCurve(impedance(rows, selection), rows.persons, errors)


def total_of(found: CoverageCurve, selection: Selection) -> CoverageResult:
    """Give what `total` says, from a curve made before."""
    return found.coverage(threshold(selection))


def curve(found: CoverageCurve, selection: Selection) -> CurveResult:
    """Coverage from near 0 to 300 minutes, or to 300 miles (thresholds then in km)."""
    limits = np.linspace(0, 300, CURVE_POINTS)
    limits[0] = 1.0
    return found.at(limits if selection.metric == "minutes" else miles_to_km(limits))


def distribution(rows: Rows, selection: Selection, edges: Floats) -> DistributionResult:
    """Count people by bins of travel; `edges` in minutes or, for a distance, in miles."""
    unit = edges if selection.metric == "minutes" else miles_to_km(edges)
    return travel_distribution(impedance(rows, selection), rows.persons, edges=unit)


def percentiles(found: CoverageCurve) -> tuple[QuantileBand, ...]:
    """10th, 50th and 90th percentile of travel, each with its band."""
    return tuple(band_of_quantile(found, q) for q in SUMMARY_QUANTILES)


def median(found: CoverageCurve) -> QuantileBand:
    """Travel within which half of the people live, with its band."""
    return band_of_quantile(found, 0.5)


def breakdown_quantiles(areas: Areas, rows: Rows, selection: Selection) -> Floats | None:
    """Percentiles of every group, the same for every threshold; None where groups overlap.

    Parameters
    ----------
    areas, rows, selection
        As in `breakdown`.

    Returns
    -------
    ndarray, shape (groups, 3), or None
    """
    if selection.by in OVERLAPPING:
        return None
    rows, codes, groups, _ = by_codes(areas, rows, selection.by)
    return group_quantiles(
        impedance(rows, selection), rows.persons, group=codes, n_groups=len(groups)
    )


def breakdown(
    areas: Areas, rows: Rows, selection: Selection, quantiles: Floats | None = None
) -> pd.DataFrame:
    """Coverage and travel of every group of the chosen breakdown.

    Parameters
    ----------
    areas : Areas
        Where people live.
    rows : Rows
        Who travels where, of the state in focus.
    selection : Selection
        `by`, threshold, metric, model, units.
    quantiles : ndarray, optional
        From `breakdown_quantiles`, when the caller keeps them.

    Returns
    -------
    DataFrame
        group, label, population, covered, uncovered, unreachable, no_data, share_covered,
        share_low, share_high, beyond, share_beyond, and median, p10, p90 named with their unit.
        Groups without people are left out.
    """
    if selection.by in OVERLAPPING:
        frame = _by_columns(rows, selection, *shared_columns(areas, rows, selection.by))
    else:
        rows, codes, groups, labels = by_codes(areas, rows, selection.by)
        found = group_summary(
            impedance(rows, selection),
            rows.persons,
            threshold=threshold(selection),
            group=codes,
            n_groups=len(groups),
            uncertainty=uncertainty(rows, selection),
            quantiles=quantiles,
        )
        frame = found.to_frame(groups)
        frame.insert(1, "label", labels)
    return _readable(frame, selection)


def _readable(frame: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """Drop empty groups, add who is beyond, name the unit of travel."""
    frame = _with_beyond(frame)
    unit = travel_unit(selection)
    travel = {name: frame.pop(name).to_numpy() for name in ("median", "p10", "p90")}
    return frame.assign(
        **{
            f"{name}_{unit}": km_to_miles(values) if unit == "miles" else values
            for name, values in travel.items()
        },
    )


def _with_beyond(frame: pd.DataFrame) -> pd.DataFrame:
    """Drop empty groups, add who is beyond."""
    frame = frame[frame["population"] > 0].reset_index(drop=True)
    frame["beyond"] = frame["uncovered"] + frame["unreachable"]
    frame["share_beyond"] = 1 - frame["share_covered"]
    return frame


def beyond_by_state(
    states: Kinds, rows: Rows, found: CoverageCurve, selection: Selection
) -> pd.DataFrame:
    """Give the columns of `breakdown` by state that tell who is beyond, in a third of its time.

    Parameters
    ----------
    states : Kinds
        From `kinds_of`, by "state".
    rows, selection
        As in `breakdown`.
    found : CoverageCurve
        From `share_curve`, of the same rows.

    Returns
    -------
    DataFrame
        All columns of `breakdown` but the percentiles.
    """
    codes, groups = states
    covered = found.coverage(threshold(selection), group=codes[rows.area], n_groups=len(groups))
    frame = covered.to_frame(groups)
    frame.insert(1, "label", [STATE_NAMES.get(group, group) for group in groups])
    return _with_beyond(frame)


def travel_unit(selection: Selection) -> str:
    """Name the unit in which travel is shown: minutes, miles or km."""
    if selection.metric == "minutes":
        return "minutes"
    return "miles" if selection.units == "mi" else "km"


def _by_columns(
    rows: Rows, selection: Selection, names: list[str], persons: Floats
) -> pd.DataFrame:
    found = summary_of_columns(
        impedance(rows, selection),
        persons,
        threshold=threshold(selection),
        uncertainty=uncertainty(rows, selection),
    )
    frame = found.to_frame(names)
    frame.insert(1, "label", names)
    return frame


def shared_columns(areas: Areas, rows: Rows, by: str) -> tuple[list[str], Floats]:
    """Persons of each group of a breakdown in `OVERLAPPING`; the last are of unknown group."""
    return _age_columns(areas, rows) if by == "age" else _share_columns(areas, rows, by)


def _share_columns(areas: Areas, rows: Rows, by: str) -> tuple[list[str], Floats]:
    """Persons of each group, from the shares of their area."""
    if by == "race":
        names, columns = list(RACES.values()), list(RACES)
        shares = areas.frame[columns].to_numpy(dtype=np.float64)[rows.area]
    else:
        column, yes, no = {
            "poverty": ("poverty_share", "Below the poverty line", "Above the poverty line"),
            "vehicle": ("no_vehicle_share", "Households without a vehicle", "With a vehicle"),
        }[by]
        share = _column(areas.frame, column)[rows.area]
        names, shares = [yes, no], np.column_stack([share, 1 - share])
    return [*names, UNKNOWN], split_persons(rows.persons, shares)


def _age_columns(areas: Areas, rows: Rows) -> tuple[list[str], Floats]:
    """Children as counted; adults by the shares of their area."""
    young, old, under = (
        _column(areas.frame, name)[rows.area]
        for name in ("age_18_24_share", "age_65_plus_share", "age_under_18_share")
    )
    grown = np.where(under < 1, 1 - under, np.nan)
    parts = np.column_stack([young / grown, old / grown])
    parts = np.clip(parts, 0, 1)
    middle = np.clip(1 - parts.sum(axis=1), 0, 1)
    shares = np.column_stack([parts[:, 0], middle, parts[:, 1]])
    adults = split_persons(np.where(rows.adult, rows.persons, 0.0), shares)
    children = np.where(rows.adult, 0.0, rows.persons)
    return ["Under 18", "18-24", "25-64", "65 and over", UNKNOWN], np.column_stack(
        [children, adults]
    )


def by_codes(
    areas: Areas, rows: Rows, by: str
) -> tuple[Rows, NDArray[np.intp], list[str], list[str]]:
    """Group codes of the rows, with each group's identifier and label."""
    if by == "county":
        parts, names = by_county(areas, rows), county_labels()
        return parts.of(rows), parts.county, parts.names, [names.get(g, g) for g in parts.names]
    if by == "income":
        income = _column(areas.frame, "median_household_income_usd")
        everyone = areas.persons["adult"] + areas.persons["pediatric"]
        fifth = weighted_quantile_groups(income, everyone, n_groups=len(QUINTILES))
        return rows, fifth[rows.area], [*QUINTILES, UNKNOWN], _income_labels(income, fifth)
    if by == "cbsa":
        frame = areas.frame
        code = frame["cbsa_code"].fillna("").to_numpy()
        codes, groups = pd.factorize(code, sort=True)
        named = dict(zip(code, frame["cbsa_name"].fillna(OUTSIDE_METRO), strict=True))
        return (
            rows,
            codes.astype(np.intp)[rows.area],
            [group or "none" for group in groups],
            [named[group] for group in groups],
        )
    if by == "hrr":
        codes, groups = pd.factorize(areas.frame["hrr"].fillna("").to_numpy(), sort=True)
        regions = {"": OUTSIDE_HRR, **hrr_labels()}
        return (
            rows,
            codes.astype(np.intp)[rows.area],
            [group or "none" for group in groups],
            [regions.get(group, group) for group in groups],
        )
    codes, kinds = kinds_of(areas, by)
    labels = [STATE_NAMES.get(str(g), str(g)) for g in kinds]
    return rows, codes[rows.area], list(kinds), labels


def kinds_of(areas: Areas, by: str) -> Kinds:
    """Give each area the number of its word in a column, and the words."""
    codes, kinds = pd.factorize(areas.frame[by].fillna(UNKNOWN), sort=True)
    return codes.astype(np.intp), list(kinds)


def _income_labels(income: Floats, fifth: NDArray[np.intp]) -> list[str]:
    labels = []
    for i, name in enumerate(QUINTILES):
        inside = income[fifth == i]
        span = f" (${inside.min():,.0f}-{inside.max():,.0f})" if inside.size else ""
        labels.append(name + span)
    return [*labels, UNKNOWN]


def hrr_labels() -> dict[str, str]:
    """City and state that each hospital referral region is named after, by number."""
    frame = load.hrr_names()
    return {
        code: f"{city}, {state}"
        for code, city, state in zip(frame["hrr"], frame["city"], frame["state"], strict=True)
    }


def county_labels() -> dict[str, str]:
    """Name of each county with its state, by code."""
    frame = load.counties()
    return {
        code: f"{name}, {state}"
        for code, name, state in zip(
            frame["county_fips"], frame["name"], frame["state"], strict=True
        )
    }


def area_values(
    areas: Areas, rows: Rows, selection: Selection, level: Literal["state", "county", "cbsa", "hrr"]
) -> pd.Series:
    """Median travel of the people of each state, county or region, for shading the map.

    Returns
    -------
    Series
        Minutes, miles or km as `travel_unit` says, by USPS code or that of the county or
        region; inf where at least half cannot reach a centre.
    """
    travel, persons = impedance(rows, selection), rows.persons
    if level == "county":
        parts = by_county(areas, rows)
        travel, persons, codes, groups = travel[parts.row], parts.persons, parts.county, parts.names
    else:
        _, codes, groups, _ = by_codes(areas, rows, level)
    found = weighted_quantile_by_group(travel, persons, [0.5], group=codes, n_groups=len(groups))
    found = found[:, 0]
    values = km_to_miles(found) if travel_unit(selection) == "miles" else found
    return pd.Series(values, index=groups)


def main_sites(areas: Areas, rows: Rows, n_sites: int) -> pd.Series:
    """Find, for each county, the centre that is nearest for most of its people.

    Parameters
    ----------
    areas, rows
        Who travels where.
    n_sites : int
        Number of chosen centres, which `rows.site` counts.

    Returns
    -------
    Series of int
        Row of the chosen centres by county code; counties from where none is reached are left
        out. Ties go to the lowest row.
    """
    parts = by_county(areas, rows)
    site, counties = rows.site[parts.row], len(parts.names)
    reached = site >= 0
    county, persons = parts.county[reached], parts.persons[reached]
    people = np.bincount(county * n_sites + site[reached], persons, counties * n_sites)
    some = np.flatnonzero(np.bincount(county, minlength=counties))
    main = people.reshape(counties, n_sites)[some].argmax(axis=1)
    return pd.Series(main, index=[parts.names[i] for i in some])


def _column(frame: pd.DataFrame, name: str) -> Floats:
    return frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
