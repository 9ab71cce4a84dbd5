"""Ways of collected cells: from where they are collected to treatment centres and airports (pure).

A product leg is the way of one patient's cells: from the collection site nearest to where the
patient lives to the treatment centre nearest to there. Each leg is in exactly one of four states:
within the limit, beyond it, unreachable (no road, or no site), no data. Methods: docs/methods.md,
Journeys.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard import queries, text
from dashboard.state import LABELS, Selection
from geo.coverage import coverage
from geo.equity import weighted_quantile_by_group
from geo.network import Ints
from geo.results import Floats
from geo.travel import Nearest, TravelMatrix
from geo.units import km_to_miles

CENTRAL: Final = 1
"""Of low, central, high."""
PHRASES: Final = {
    "any": "blood centre",
    "apheresis": "blood centre with apheresis",
    "cell_collection": "blood centre that collects cells",
}
AIRPORT_MINUTES: Final = 60.0
"""What the sentence about airports counts as near."""
HUBS: Final[dict[str, tuple[str, ...]]] = {"large": ("large",), "medium": ("large", "medium")}
"""Hub types that count as large airports, by the choice of the page."""


@dataclass(frozen=True, slots=True, eq=False)
class Legs:
    """Where the cells of each row's patients go.

    Parameters
    ----------
    source, target : ndarray of int, shape (n,)
        Row of the collection sites, and of the treatment centres; -1 for none.
    minutes, distance_km : ndarray, shape (n,)
        From the one to the other; inf unreachable, nan no data.
    patients : ndarray, shape (3, n)
        Patients a year: low, central, high.
    before : ndarray, shape (n,)
        Minutes of the patients' own way to the collection site.
    """

    source: Ints
    target: Ints
    minutes: Floats
    distance_km: Floats
    patients: Floats
    before: Floats


@dataclass(frozen=True, slots=True)
class Shares:
    """What can be driven within the limit.

    Parameters
    ----------
    within, beyond, unreachable, no_data : float
        Patients, or legs; they add up to `total`.
    median : float
        Minutes within which half of those with data are; inf where at least half have no road,
        nan for none.
    """

    within: float
    beyond: float
    unreachable: float
    no_data: float
    median: float

    @property
    def total(self) -> float:
        """All of them."""
        return self.within + self.beyond + self.unreachable + self.no_data

    @property
    def share(self) -> float:
        """Share within the limit of those with data, 0 to 1; nan for none."""
        known = self.total - self.no_data
        return self.within / known if known > 0 else float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """How far cells travel.

    Parameters
    ----------
    patients : Shares
        Legs weighted with the patients of a year.
    used : Shares
        Legs that somebody's cells take, each counted once.
    pairs : Shares
        Every collection site with every treatment centre; with a state in focus, the sites in it
        and those that collect for its patients.
    airport : Shares
        Every collection site with its nearest large airport.
    to_collection : float
        Median minutes of patients to their collection site.
    flown_to_airport : float
        Median minutes to that airport of the patients whose leg is beyond the limit, or who have
        no road; nan where there are none.
    legs : DataFrame
        From `used_legs`.
    sites : DataFrame
        From `sites_table`.
    """

    patients: Shares
    used: Shares
    pairs: Shares
    airport: Shares
    to_collection: float
    flown_to_airport: float
    legs: pd.DataFrame
    sites: pd.DataFrame


def legs(
    rows: queries.Rows,
    collection: Nearest,
    to_centre: TravelMatrix,
    patients: Mapping[str, Floats],
) -> Legs:
    """Find the leg of each row's cells.

    Parameters
    ----------
    rows : Rows
        People with their treatment centre.
    collection : Nearest
        Collection site of each area; counts b sites.
    to_centre : TravelMatrix, shape (b, c)
        From every collection site to every treatment centre that `rows` counts.
    patients : mapping of str to ndarray, shape (3, areas)
        Patients a year by audience.

    Returns
    -------
    Legs
        One for each row.
    """
    source, target = collection.site[rows.area], rows.site
    both = (source >= 0) & (target >= 0)
    unknown = np.isnan(rows.minutes) | np.isnan(collection.minutes[rows.area])

    def along(ways: NDArray[np.float32]) -> Floats:
        way = np.full(len(source), np.inf)
        way[both] = ways[source[both], target[both]]
        return np.where(unknown, np.nan, way)

    adult, children = (patients[who][:, rows.area] for who in ("adult", "pediatric"))
    return Legs(
        source,
        target,
        along(to_centre.minutes),
        along(to_centre.distance_km),
        np.where(rows.adult, adult, children),
        collection.minutes[rows.area],
    )


def shares(minutes: Floats, weights: Floats, limit: float) -> Shares:
    """Weigh ways by whether they can be driven within a limit.

    Parameters
    ----------
    minutes, weights : ndarray, shape (n,)
        Ways, and how much each counts.
    limit : float
        Minutes; a way that takes exactly so long is within it.

    Returns
    -------
    Shares

    Examples
    --------
    >>> found = shares(np.array([200.0, 240.0, 300.0, np.inf]), np.ones(4), 240.0)
    >>> found.within, found.share, found.median
    (2.0, 0.5, 240.0)
    """
    found = coverage(minutes, weights, threshold=limit)
    return Shares(
        within=float(found.covered.sum()),
        beyond=float(found.uncovered.sum()),
        unreachable=float(found.unreachable.sum()),
        no_data=float(found.no_data.sum()),
        median=median(minutes, weights),
    )


def median(minutes: Floats, weights: Floats) -> float:
    """Give the minutes within which half of the weight is; nan for none."""
    known = ~np.isnan(minutes) & (weights > 0)
    if not known.any():
        return float("nan")
    group = np.zeros(int(known.sum()), dtype=np.intp)
    found = weighted_quantile_by_group(
        minutes[known], weights[known], [0.5], group=group, n_groups=1
    )
    return float(found[0, 0])


def report(
    blood: pd.DataFrame,
    centres: pd.DataFrame,
    airports: pd.DataFrame,
    found: Legs,
    ways: tuple[TravelMatrix, TravelMatrix],
    view: Selection,
    limit: float,
) -> Report:
    """Put together how far cells travel.

    Parameters
    ----------
    blood, centres, airports : DataFrame of b, c and a rows
        Collection sites, treatment centres and large airports that count.
    found : Legs
        From `legs`.
    ways : tuple of TravelMatrix, shapes (b, c) and (b, a)
        From every collection site to every centre, and to every airport.
    view : Selection
        Units of distance.
    limit : float
        Minutes.

    Returns
    -------
    Report
    """
    blood, found, ways = concerning(blood, found, ways, view.state)
    to_centre, to_airport = ways
    legs_ = used_legs(blood, centres, found, view, limit)
    nearest_airport, _, _ = _least(to_airport)
    central = found.patients[CENTRAL]
    flown = ~(found.minutes <= limit) & ~np.isnan(found.minutes) & (found.source >= 0)
    return Report(
        patients=shares(found.minutes, central, limit),
        used=shares(legs_["minutes"].to_numpy(), np.ones(len(legs_)), limit),
        pairs=shares(
            to_centre.minutes.ravel().astype(np.float64), np.ones(to_centre.minutes.size), limit
        ),
        airport=shares(nearest_airport, np.ones(len(blood)), limit),
        to_collection=median(found.before, central),
        flown_to_airport=median(nearest_airport[found.source[flown]], central[flown]),
        legs=legs_,
        sites=sites_table(blood, centres, airports, found, ways, view, limit),
    )


def concerning(
    blood: pd.DataFrame, found: Legs, ways: tuple[TravelMatrix, TravelMatrix], state: str
) -> tuple[pd.DataFrame, Legs, tuple[TravelMatrix, TravelMatrix]]:
    """Keep the collection sites of a state, and those that collect for its patients.

    Parameters
    ----------
    blood, found, ways
        As in `report`; `found` of that state's people.
    state : str
        USPS code; "" keeps all.

    Returns
    -------
    blood, found, ways
        With fewer sites, counted anew.
    """
    if not state:
        return blood, found, ways
    used = np.isin(np.arange(len(blood)), found.source)
    keep = (blood["state"] == state).to_numpy() | used
    place = np.append(np.where(keep, np.cumsum(keep) - 1, -1), -1)
    to_centre, to_airport = (TravelMatrix(w.minutes[keep], w.distance_km[keep]) for w in ways)
    return blood[keep], replace(found, source=place[found.source]), (to_centre, to_airport)


def used_legs(
    blood: pd.DataFrame, centres: pd.DataFrame, found: Legs, view: Selection, limit: float
) -> pd.DataFrame:
    """List the legs that somebody's cells take, those of most patients first.

    Parameters
    ----------
    blood, centres, found, view, limit
        As in `report`.

    Returns
    -------
    DataFrame
        site_id, site, centre_id, centre, minutes (inf unreachable), miles or km, drivable,
        patients, patients_low, patients_high. Rows without a site or a centre are left out.
    """
    both = (found.source >= 0) & (found.target >= 0) & (found.patients[CENTRAL] > 0)
    pair = found.source[both] * max(len(centres), 1) + found.target[both]
    each, first, code = np.unique(pair, return_index=True, return_inverse=True)
    at = np.flatnonzero(both)[first]
    low, central, high = (
        np.bincount(code, patients[both], len(each)) for patients in found.patients
    )
    source, target = found.source[at], found.target[at]
    frame = pd.DataFrame(
        {
            "site_id": blood["id"].to_numpy()[source],
            "site": site_names(blood)[source],
            "centre_id": centres["id"].to_numpy()[target],
            "centre": centre_names(centres)[target],
            "minutes": found.minutes[at],
            _unit(view): _distance(found.distance_km[at], view),
            "drivable": found.minutes[at] <= limit,
            "patients": central,
            "patients_low": low,
            "patients_high": high,
        }
    )
    return frame.sort_values(
        ["patients", "site_id", "centre_id"], ascending=[False, True, True], ignore_index=True
    )


def sites_table(
    blood: pd.DataFrame,
    centres: pd.DataFrame,
    airports: pd.DataFrame,
    found: Legs,
    ways: tuple[TravelMatrix, TravelMatrix],
    view: Selection,
    limit: float,
) -> pd.DataFrame:
    """Describe each collection site, those of most patients first.

    Parameters
    ----------
    blood, centres, airports, found, ways, view, limit
        As in `report`.

    Returns
    -------
    DataFrame
        id, site, state, cell_collection and apheresis (evidence word, or "not recorded"), centre,
        centre_minutes, centre_miles or _km (the nearest treatment centre), centres_within (how
        many within the limit), airport, airport_minutes, airport_miles or _km, patients (whose
        nearest collection site it is), share_within (of their legs).
    """
    to_centre, to_airport = ways
    size, unit = len(blood), _unit(view)
    use = (found.source >= 0) & ~np.isnan(found.minutes)
    source, central = found.source[use], found.patients[CENTRAL][use]
    patients = np.bincount(source, central, size)
    near = np.bincount(source, central * (found.minutes[use] <= limit), size)
    columns: dict[str, object] = {
        "id": blood["id"].to_numpy(),
        "site": site_names(blood),
        "state": blood["state"].to_numpy(),
        "cell_collection": _claim(blood, "role_cell_collection", "hpc_cell_therapy_evidence"),
        "apheresis": _claim(blood, "role_apheresis", "apheresis_evidence"),
    }
    for name, travel, names in (
        ("centre", to_centre, centre_names(centres)),
        ("airport", to_airport, airport_names(airports)),
    ):
        minutes, km, at = _least(travel)
        columns[name] = np.append(names, "")[at]
        columns[f"{name}_minutes"] = minutes
        columns[f"{name}_{unit}"] = _distance(km, view)
    columns["centres_within"] = (to_centre.minutes <= limit).sum(axis=1)
    columns["patients"] = patients
    columns["share_within"] = np.divide(
        near, patients, out=np.full(size, np.nan), where=patients > 0
    )
    return pd.DataFrame(columns).sort_values(
        ["patients", "id"], ascending=[False, True], ignore_index=True
    )


def every_pair(
    blood: pd.DataFrame, sites: pd.DataFrame, travel: TravelMatrix, view: Selection
) -> pd.DataFrame:
    """List every collection site with every centre or airport.

    Parameters
    ----------
    blood : DataFrame, b rows
        Collection sites.
    sites : DataFrame, m rows
        Treatment centres, or airports.
    travel : TravelMatrix, shape (b, m)
        Ways between them.
    view : Selection
        Units of distance.

    Returns
    -------
    DataFrame, b * m rows
        site_id, site, to_id, to, minutes, miles or km, state ("ok", "unreachable", "no_data").
    """
    flights = "iata" in sites
    names = airport_names(sites) if flights else centre_names(sites)
    ids = sites["iata" if flights else "id"].to_numpy()
    minutes = travel.minutes.ravel().astype(np.float64)
    km = travel.distance_km.ravel().astype(np.float64)
    ok = np.isfinite(minutes)
    return pd.DataFrame(
        {
            "site_id": np.repeat(blood["id"].to_numpy(), len(sites)),
            "site": np.repeat(site_names(blood), len(sites)),
            "to_id": np.tile(ids, len(blood)),
            "to": np.tile(names, len(blood)),
            "minutes": np.where(ok, minutes.round(1), np.nan),
            _unit(view): np.where(ok, _distance(km, view).round(1), np.nan),
            "state": np.where(ok, "ok", np.where(np.isnan(minutes), "no_data", "unreachable")),
        }
    )


def county_minutes(areas: queries.Areas, rows: queries.Rows, found: Legs) -> dict[str, float]:
    """Median minutes of the legs of each county's patients, for shading a map.

    Returns
    -------
    dict of str to float
        By county code; inf where at least half have no road, counties without patients left out.
    """
    parts = queries.by_county(areas, rows)
    whole = rows.persons[parts.row]
    share = np.divide(parts.persons, whole, out=np.zeros(len(whole)), where=whole > 0)
    weight, minutes = found.patients[CENTRAL][parts.row] * share, found.minutes[parts.row]
    use = (weight > 0) & ~np.isnan(minutes)
    values = weighted_quantile_by_group(
        minutes[use], weight[use], [0.5], group=parts.county[use], n_groups=len(parts.names)
    )[:, 0]
    return {
        name: value
        for name, value in zip(parts.names, values.tolist(), strict=True)
        if not np.isnan(value)
    }


def sentence(found: Report, role: str, view: Selection, limit: float) -> str:
    """State the finding.

    Examples
    --------
    >>> most = Shares(900, 90, 10, 0, 75.0)
    >>> some = Report(most, most, most, most, 15.0, 50.0, pd.DataFrame(), pd.DataFrame())
    >>> sentence(some, "any", Selection(), 240.0)
    'Cells of 90.0% of patients could be driven from the nearest blood centre to their treatment \
centre within 4 hours; 10.0% need a flight or have no road.'
    """
    where = f" in {text.place(view.state)}" if view.state else ""
    if not found.patients.total - found.patients.no_data > 0:
        return f"There are no patients in {text.place(view.state)} for these settings."
    way = f"from the nearest {PHRASES[role]} to their treatment centre within {hours(limit)}"
    share, rest = (text.percent(part) for part in (found.patients.share, 1 - found.patients.share))
    if share == text.percent(0):
        return (
            f"No patient's cells{where} could be driven {way}: they need a flight or have no road."
        )
    if share == text.percent(1):
        return f"Cells of all patients{where} could be driven {way}."
    return (
        f"Cells of {share} of patients{where} could be driven {way}; {rest} need a flight or have "
        "no road."
    )


def detail(found: Report, view: Selection, limit: float) -> str:
    """State the medians, and what holds for all pairs and for those who must fly."""
    parts = []
    if np.isfinite(found.patients.median):
        parts.append(
            f"Half of the legs take at most {text.minutes(found.patients.median)} "
            f"{text.travel_phrase(view)}, weighted with patients."
        )
    if found.used.total:
        parts.append(
            f"{found.used.total:,.0f} different legs are in use, {text.percent(found.used.share)} "
            f"of them within {hours(limit)}; of all {found.pairs.total:,.0f} pairs of a collection "
            f"site and a treatment centre, {text.percent(found.pairs.share)} are."
        )
    if round(found.patients.unreachable):
        parts.append(
            f"For {found.patients.unreachable:,.0f} patients a year no road leads from home to a "
            "collection site and on to a treatment centre."
        )
    if np.isfinite(found.to_collection):
        parts.append(
            "The leg begins at the collection site: half of the patients live within "
            f"{text.minutes(found.to_collection)} of theirs."
        )
    if not np.isnan(found.flown_to_airport):
        parts.append(
            "Where cells must fly, the nearest large airport is "
            f"{text.minutes(found.flown_to_airport)} from the collection site (median)."
        )
    return " ".join(parts)


def sites_sentence(sites: pd.DataFrame, limit: float) -> str:
    """State how many sites have a centre, and an airport, within the limit and within an hour."""
    if sites.empty:
        return "No such collection site is here, or collects by road for patients from here."
    near = int((sites["centre_minutes"] <= limit).sum())
    flights = int((sites["airport_minutes"] <= AIRPORT_MINUTES).sum())
    return (
        f"Of {len(sites):,} collection site{'s' if len(sites) > 1 else ''}, {near:,} "
        f"{'have' if near != 1 else 'has'} a treatment centre within {hours(limit)}, and "
        f"{flights:,} {'have' if flights != 1 else 'has'} a large airport within "
        f"{hours(AIRPORT_MINUTES)}."
    )


def legs_sentence(used: pd.DataFrame) -> str:
    """State which leg is that of most patients."""
    if used.empty:
        return "No cells have a way by road in these settings."
    first = used.iloc[0]
    return (
        f"The busiest leg would take the cells of {first['patients']:,.0f} patients a year from "
        f"{first['site']} to {first['centre']}: {text.minutes(float(first['minutes']))}."
    )


def finite(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave cells empty that have no road."""
    return frame.replace([np.inf], np.nan)


def sites_shown(found: Report) -> pd.DataFrame:
    """Arrange the collection sites for reading: shares in per cent, no road as an empty cell."""
    return finite(found.sites).assign(percent=100 * found.sites["share_within"])


def note(role: str) -> str:
    """Say what the figures rest on."""
    return (
        f"Collection sites: {LABELS['role'][role].lower()}; roles are believed unless a document "
        "is named, and apheresis is mostly platelet donation. Each patient's cells are collected "
        "at the nearest such site and go to the treatment centre nearest to the patient; "
        "manufacturing in between is not counted. Patients a year rest on assumptions about who "
        "is eligible. Large airports: hubs of the FAA's lists, read in public copies."
    )


def hours(minutes: float) -> str:
    """Say a limit.

    >>> hours(240.0), hours(90.0), hours(60.0)
    ('4 hours', '90 minutes', '60 minutes')
    """
    return text.threshold(Selection(within=minutes))


def parts_table(found: Report) -> pd.DataFrame:
    """Set the three ways of counting side by side.

    Returns
    -------
    DataFrame
        counted, total, within, beyond, unreachable, no_data, percent (within, of those with
        data), median_minutes.
    """
    named = {
        "Patients a year": found.patients,
        "Legs in use": found.used,
        "All pairs of site and centre": found.pairs,
        "Collection sites, to the nearest large airport": found.airport,
    }
    return pd.DataFrame(
        [
            {
                "counted": name,
                "total": one.total,
                "within": one.within,
                "beyond": one.beyond,
                "unreachable": one.unreachable,
                "no_data": one.no_data,
                "percent": 100 * one.share,
                "median_minutes": one.median,
            }
            for name, one in named.items()
        ]
    )


def parts_shown(found: Report) -> pd.DataFrame:
    """Arrange the same for reading: whole patients, no road as an empty cell."""
    counts = ["total", "within", "beyond", "unreachable", "no_data"]
    return finite(parts_table(found)).round(dict.fromkeys(counts, 0))


def site_names(blood: pd.DataFrame) -> NDArray[np.object_]:
    """Name collection sites with their place."""
    return np.array(
        [
            f"{org}, {city}, {state}"
            for org, city, state in zip(blood["org"], blood["city"], blood["state"], strict=True)
        ],
        dtype=object,
    )


def centre_names(centres: pd.DataFrame) -> NDArray[np.object_]:
    """Name treatment centres with their place, where they have one."""
    named = centres.reindex(columns=["name", "city", "state"]).fillna("").astype(str)
    return np.array(
        [", ".join(part for part in row if part) for row in named.to_numpy()], dtype=object
    )


def airport_names(airports: pd.DataFrame) -> NDArray[np.object_]:
    """Name airports with their code."""
    return np.array(
        [
            f"{iata}, {city}, {state}"
            for iata, city, state in zip(
                airports["iata"], airports["city"], airports["state"], strict=True
            )
        ],
        dtype=object,
    )


def _claim(blood: pd.DataFrame, role: str, evidence: str) -> NDArray[np.object_]:
    """Evidence word of a role; believed where the list has the role and names no document."""
    words = blood[evidence].fillna("believed").to_numpy(dtype=object)
    return np.where(blood[role].to_numpy(dtype=bool), words, "not recorded")


def _least(travel: TravelMatrix) -> tuple[Floats, Floats, Ints]:
    """Minutes and km to the nearest of each row, and which it is; -1 for none."""
    size = len(travel.minutes)
    if not travel.minutes.shape[1]:
        none = np.full(size, np.inf)
        return none, none, np.full(size, -1)
    unknown = np.isnan(travel.minutes).all(axis=1)
    at = np.where(np.isnan(travel.minutes), np.inf, travel.minutes).argmin(axis=1)
    minutes = travel.minutes[np.arange(size), at].astype(np.float64)
    km = travel.distance_km[np.arange(size), at].astype(np.float64)
    reached = np.isfinite(minutes)
    lost = np.where(unknown, np.nan, np.inf)
    return (
        np.where(reached, minutes, lost),
        np.where(reached, km, lost),
        np.where(reached, at, -1),
    )


def _unit(view: Selection) -> str:
    return "miles" if view.units == "mi" else "km"


def _distance(km: Floats, view: Selection) -> Floats:
    return np.asarray(km_to_miles(km), dtype=np.float64) if view.units == "mi" else km
