"""Where a site could be: one tidy table whatever the source (pure).

Method: docs/methods.md, Candidates and demand of a plan.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from dashboard import queries, regions
from dashboard.plan_state import PlanSettings
from data import candidate_ids
from data.adapters import csv_tables, hospitals, user_files
from geo.network import great_circle_km, unit_vectors
from geo.results import Floats
from geo.units import EARTH_RADIUS_KM

Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]
Opened = Literal["infusion", "collection", "both"]

COLUMNS: Final = (
    "id",
    "name",
    "kind",
    "org",
    "network",
    "address",
    "city",
    "state",
    "zcta",
    "county_fips",
    "cbsa_code",
    "cbsa_name",
    "hrr",
    "lat",
    "lon",
    "coord_quality",
    "confidence",
    "persons",
    "roles",
    "cost",
    "capacity",
    "forced",
    "same_place",
)
"""Columns of every table of candidates. Texts are "" and numbers nan where not known."""
NUMBERS: Final = ("lat", "lon", "persons", "cost", "capacity")
REGION_COLUMNS: Final[dict[str, str]] = {"county": "county_fips"} | {
    str(kind): column for kind, column in regions.COLUMNS.items()
}
"""Column that holds the code of each kind of region."""

AROUND_KM: Final = 10.0
"""The principal ZIP area of a place has most of the place's people so near."""
COUNTY_APART_KM: Final = 25.0
"""A county whose principal ZIP area is so near its metro area's has no candidate of its own."""
SAME_PLACE_KM: Final = 0.1
"""Candidates so near each other stand at one place."""
REACH_KM: Final = 50.0
"""A point farther than this from every ZIP area lies in none."""

NO_COORDINATES: Final = "without coordinates"
LOW_CONFIDENCE: Final = "of low confidence"
OTHER_FACILITIES: Final = "of another role or network"
OUTSIDE: Final = "outside the region"
SMALL: Final = "in places with fewer people"
ABROAD: Final = "far from every ZIP area of the Atlas"


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Where sites could be, and what was left out.

    Parameters
    ----------
    frame : DataFrame
        `COLUMNS`, one row per candidate: id (name in URLs), kind ("blood_center",
        "community", "hospital", "own" or "point"), zcta (ZIP area it lies in or is nearest to)
        and that area's county, metro area and referral region, persons (of the metro area, or of
        the county outside metro areas), cost (million USD), capacity (persons), forced ("in" or
        "out" when a file says so), same_place (first candidate within `SAME_PLACE_KM`, "" for
        candidates that stand alone).
    left_out : dict of str to int
        Facilities by the reason for which they are no candidates.
    """

    frame: pd.DataFrame
    left_out: dict[str, int]

    @property
    def ids(self) -> frozenset[str]:
        """Names of all candidates."""
        return frozenset(self.frame["id"])

    def note(self) -> str:
        """Say in one sentence what was left out and what stands together; "" for nothing."""
        parts = [f"{count:,} {reason}" for reason, count in self.left_out.items()]
        left = f"Left out: {', '.join(parts)}." if parts else ""
        together = int((self.frame["same_place"] != "").sum())
        shared = f"{together:,} candidates share their coordinates with another." * bool(together)
        return " ".join(filter(None, (left, shared)))


@dataclass(frozen=True, slots=True, eq=False)
class Gazette:
    """What every candidate needs to know about where it is; made once from the areas.

    Parameters
    ----------
    areas : Areas
        Where people live.
    vectors : ndarray, shape (n, 3)
        The areas' points on the unit sphere.
    persons : ndarray, shape (n,)
        People of each area.
    metros, counties : dict of str to float
        People by CBSA and by county code.
    """

    areas: queries.Areas
    vectors: Floats
    persons: Floats
    metros: dict[str, float]
    counties: dict[str, float]

    def tree(self) -> cKDTree:
        """Search tree of all areas."""
        return cKDTree(self.vectors)


def gazette(areas: queries.Areas) -> Gazette:
    """Prepare the areas.

    Parameters
    ----------
    areas : Areas
        Where people live.

    Returns
    -------
    Gazette
    """
    persons = areas.persons["adult"] + areas.persons["pediatric"]
    metros = pd.Series(persons).groupby(areas.frame["cbsa_code"].to_numpy()).sum()
    pairs = areas.pairs
    parts = (pairs["adult"] + pairs["pediatric"]).groupby(pairs["county_fips"], observed=True).sum()
    return Gazette(
        areas=areas,
        vectors=unit_vectors(areas.points.lat, areas.points.lon),
        persons=persons,
        metros={str(code): float(count) for code, count in metros.items()},
        counties={str(code): float(count) for code, count in parts.items()},
    )


def gather(
    plan: PlanSettings,
    places: Gazette,
    blood: pd.DataFrame,
    own: pd.DataFrame | None = None,
    hospital_table: hospitals.Hospitals | None = None,
) -> Candidates:
    """Make the candidates of a plan.

    Parameters
    ----------
    plan : PlanSettings
        Source, filters, and the candidates it names: these stay whatever the filters say, as do
        those that a file forces in, and points among them are added.
    places : Gazette
        From `gazette`.
    blood : DataFrame
        The table of blood centres.
    own : DataFrame, optional
        From `read_candidates`; needed for the source "file".
    hospital_table : Hospitals, optional
        From `read_hospitals`; needed for the source "hospitals".

    Returns
    -------
    Candidates
        Points last.

    Raises
    ------
    ValueError
        The table of the source is missing.
    """
    always = frozenset(plan.named)
    forced_in: frozenset[str] = frozenset()
    if plan.source == "communities":
        found = communities(places, plan.county_people, always)
    elif plan.source == "blood_centers":
        found = blood_centres(blood, places, plan, always)
    elif plan.source == "file" and own is not None:
        found = own_sites(own, places)
        forced_in = frozenset(own.loc[own["forced"] == "in", "id"])
    elif plan.source == "hospitals" and hospital_table is not None:
        found = from_hospitals(hospital_table, places)
    else:
        msg = f"the source {plan.source!r} needs a table that was not given"
        raise ValueError(msg)
    narrow = narrowed(found, where=plan.where, size=plan.size, always=always | forced_in)
    added = points([name for name in plan.named if name not in narrow.ids], places)
    return added_to(narrow, added)


def read_file(source: Path | str | bytes, zcta: pd.DataFrame, places: Gazette) -> Candidates:
    """Read a file of sites: a table of hospitals as known by its columns, or sites of one's own.

    Parameters
    ----------
    source : Path, str or bytes
        A CSV file or its content.
    zcta : DataFrame
        The ZCTA table, for hospitals without coordinates.
    places : Gazette
        From `gazette`.

    Returns
    -------
    Candidates

    Raises
    ------
    UserFileError
        Lists every problem with its row.
    """
    if hospitals.is_hospital_table(csv_tables.read_table(source)):
        return from_hospitals(hospitals.read_hospitals(source, zcta), places)
    return own_sites(user_files.read_candidates(source), places)


def blood_centres(
    table: pd.DataFrame,
    places: Gazette,
    plan: PlanSettings,
    always: Collection[str] = frozenset(),
) -> Candidates:
    """Take the facilities of blood centres; those where a treatment centre stands stay.

    Parameters
    ----------
    table : DataFrame
        The table of blood centres.
    places : Gazette
        From `gazette`.
    plan : PlanSettings
        `from_role`, `from_network`, `from_low`.
    always : collection of str
        Facilities that stay whatever the plan says, if they have coordinates.

    Returns
    -------
    Candidates
        In the order of the table.
    """
    low = (table["confidence"] == "low").to_numpy() & (not plan.from_low)
    other = np.zeros(len(table), dtype=bool)
    if plan.from_role != "any":
        other |= ~table[f"role_{plan.from_role}"].to_numpy(dtype=bool)
    if plan.from_network:
        other |= (table["network_group"] != plan.from_network).to_numpy()
    stays = table["id"].isin(list(always)).to_numpy()
    reasons = {
        NO_COORDINATES: table[["lat", "lon"]].isna().any(axis=1).to_numpy(),
        OTHER_FACILITIES: other & ~stays,
        LOW_CONFIDENCE: low & ~stays,
    }
    keep, left_out = _sieve(reasons, len(table))
    rows = table.loc[keep]
    frame = _frame(
        {
            "id": rows["id"],
            "name": rows["facility"].fillna(rows["org"]),
            "kind": "blood_center",
            "org": rows["org"],
            "network": rows["network_group"],
            "address": rows["address"],
            "city": rows["city"],
            "state": rows["state"],
            "lat": rows["lat"],
            "lon": rows["lon"],
            "coord_quality": rows["coord_quality"],
            "confidence": rows["confidence"],
            "roles": rows["roles"],
        },
        len(rows),
    )
    return _settled(frame, rows["zip"].fillna("").to_numpy(), places, left_out)


def communities(
    places: Gazette, county_people: int = 0, always: Collection[str] = frozenset()
) -> Candidates:
    """Take the principal ZIP area of every metro and micro area, and of larger counties.

    Parameters
    ----------
    places : Gazette
        From `gazette`.
    county_people : int
        Fewest persons of a county; 0 for no counties. A county is taken when it is in no metro or
        micro area, or its principal ZIP area is more than `COUNTY_APART_KM` from that of its
        metro area.
    always : collection of str
        Counties ("county:48201") that are taken whatever their size and place.

    Returns
    -------
    Candidates
        Metro and micro areas by code, then counties by code.
    """
    frame = places.areas.frame
    metro_of = frame["cbsa_code"].fillna("").to_numpy(dtype=object)
    county_of = places.areas.frame["county_fips"].fillna("").to_numpy(dtype=object)
    metros = principal(places, metro_of)
    counties = principal(places, county_of)
    names = dict(zip(metro_of, frame["cbsa_name"], strict=True))
    rows = [(f"cbsa:{code}", names[code], row) for code, row in metros.items()]
    labels = queries.county_labels()
    for code, row in counties.items():
        key, metro = f"county:{code}", metro_of[row]
        large = county_people > 0 and places.counties.get(code, 0.0) >= county_people
        apart = not metro or _apart_km(places, row, metros[metro]) > COUNTY_APART_KM
        if (large and apart) or key in always:
            rows.append((key, labels.get(code, code), row))
    at = np.array([row for _, _, row in rows], dtype=np.intp)
    found = _frame(
        {
            "id": [key for key, _, _ in rows],
            "name": [name for _, name, _ in rows],
            "kind": "community",
            "city": frame["city"].iloc[at],
            "state": frame["state"].iloc[at],
            "lat": places.areas.points.lat[at],
            "lon": places.areas.points.lon[at],
            "coord_quality": frame["coord_quality"].iloc[at] if "coord_quality" in frame else "",
        },
        len(rows),
    )
    settled = _settled(found, frame["zcta"].to_numpy()[at], places, {})
    own = settled.frame["id"].str.partition(":")
    counts = own[2].map(places.counties).where(own[0] == "county", settled.frame["persons"])
    return Candidates(settled.frame.assign(persons=counts.to_numpy(dtype=float)), {})


def principal(places: Gazette, owner: NDArray[np.object_]) -> dict[str, int]:
    """Find the ZIP area of each place with most of the place's people within `AROUND_KM`.

    Parameters
    ----------
    places : Gazette
        From `gazette`.
    owner : ndarray of str, shape (n,)
        Place of each area; "" for none.

    Returns
    -------
    dict of str to int
        Row of the areas by place, sorted by place. Ties go to the area with more people itself,
        then to the first.
    """
    pairs = places.tree().query_pairs(_chord(AROUND_KM), output_type="ndarray")
    same = pairs[owner[pairs[:, 0]] == owner[pairs[:, 1]]]
    around = places.persons.copy()
    np.add.at(around, same[:, 0], places.persons[same[:, 1]])
    np.add.at(around, same[:, 1], places.persons[same[:, 0]])
    rows = np.flatnonzero(owner != "")
    order = rows[np.lexsort((rows, -places.persons[rows], -around[rows]))]
    first = pd.Series(order).groupby(owner[order], sort=True).first()
    return {str(code): int(row) for code, row in first.items()}


def own_sites(table: pd.DataFrame, places: Gazette) -> Candidates:
    """Take a reader's own sites, with the costs, capacities and forced sites of the file.

    Parameters
    ----------
    table : DataFrame
        From `data.adapters.user_files.read_candidates`.
    places : Gazette
        From `gazette`.

    Returns
    -------
    Candidates
        In the order of the file.
    """
    named = ("id", "name", "kind", "address", "state", "lat", "lon", "cost", "capacity", "forced")
    frame = _frame({name: table[name] for name in named}, len(table))
    frame["coord_quality"] = "given"
    found = _settled(frame, np.full(len(table), ""), places, {})
    known = found.frame["state"].where(found.frame["state"] != "", _state_of(found.frame, places))
    return Candidates(found.frame.assign(state=known), found.left_out)


def from_hospitals(table: hospitals.Hospitals, places: Gazette) -> Candidates:
    """Take the hospitals of a table that a reader has added.

    Parameters
    ----------
    table : Hospitals
        From `data.adapters.hospitals.read_hospitals`.
    places : Gazette
        From `gazette`.

    Returns
    -------
    Candidates
        In the order of the table; those far from every ZIP area, as on Guam, are left out.
    """
    rows = table.frame
    named = ("id", "name", "address", "city", "state", "lat", "lon", "coord_quality")
    parts: dict[str, object] = {name: rows[name] for name in named}
    frame = _frame({**parts, "kind": "hospital", "roles": rows["type"].str.lower()}, len(rows))
    found = _settled(frame, rows["zip"].to_numpy(), places, dict(table.left_out))
    abroad = (found.frame["zcta"] == "").to_numpy()
    left_out = found.left_out | ({ABROAD: int(abroad.sum())} if abroad.any() else {})
    return Candidates(found.frame[~abroad].reset_index(drop=True), left_out)


def points(names: Sequence[str], places: Gazette) -> pd.DataFrame:
    """Make candidates of points on the map.

    Parameters
    ----------
    names : sequence of str
        Names such as "@29.76,-95.37"; others are passed over.
    places : Gazette
        From `gazette`.

    Returns
    -------
    DataFrame
        `COLUMNS`, one row per point, named after the nearest ZIP area.
    """
    found = {name: at for name in names if (at := candidate_ids.point_of(name)) is not None}
    frame = _frame(
        {
            "id": list(found),
            "kind": "point",
            "lat": [lat for lat, _ in found.values()],
            "lon": [lon for _, lon in found.values()],
            "coord_quality": "given",
        },
        len(found),
    )
    rows = _settled(frame, np.full(len(found), ""), places, {}).frame
    row = _areas_of(frame, np.full(len(found), ""), places)
    for name in ("city", "state"):
        values = places.areas.frame[name].iloc[np.maximum(row, 0)].fillna("").to_numpy(object)
        rows[name] = np.where(row >= 0, values, "")
    near = "Point near " + rows["city"] + ", " + rows["state"]
    rows["name"] = near.where(rows["zcta"] != "", "Point " + rows["id"].str[1:])
    return rows


def narrowed(
    candidates: Candidates,
    *,
    where: str = "",
    size: int = 0,
    always: Collection[str] = frozenset(),
) -> Candidates:
    """Keep the candidates of one region, and of places that are large enough.

    Parameters
    ----------
    candidates : Candidates
        All.
    where : str
        Region such as "state:TX", "hrr:226", "cbsa:26420" or "county:48201"; "" for all.
    size : int
        Fewest persons of the metro area, or of the county outside metro areas.
    always : collection of str
        Candidates that stay whatever else is asked.

    Returns
    -------
    Candidates
    """
    frame = candidates.frame
    stays = frame["id"].isin(list(always)).to_numpy()
    region = regions.split(where)
    outside = np.zeros(len(frame), dtype=bool)
    if region is not None:
        outside = (frame[REGION_COLUMNS[region[0]]] != region[1]).to_numpy()
    small = ~(frame["persons"].to_numpy() >= size) if size else np.zeros(len(frame), dtype=bool)
    keep, left_out = _sieve({OUTSIDE: outside & ~stays, SMALL: small & ~stays}, len(frame))
    kept = _with_same_place(frame[keep].reset_index(drop=True))
    return Candidates(kept, candidates.left_out | left_out)


def digest(frame: pd.DataFrame) -> str:
    """Name what the ways to some candidates depend on: who they are and where they stand."""
    found = hashlib.sha256("\n".join(frame["id"]).encode())
    found.update(frame[["lat", "lon"]].to_numpy(dtype=np.float64).tobytes())
    return found.hexdigest()[:16]


def added_to(candidates: Candidates, rows: pd.DataFrame) -> Candidates:
    """Put more rows, such as points on the map, behind the candidates."""
    if rows.empty:
        return candidates
    frame = pd.concat([candidates.frame, rows], ignore_index=True)
    return replace(candidates, frame=_with_same_place(frame))


def forced(frame: pd.DataFrame, plan: PlanSettings) -> tuple[Bools, Bools]:
    """Say which candidates must, and which must not, be opened.

    Parameters
    ----------
    frame : DataFrame, m rows
        Candidates.
    plan : PlanSettings
        Its `keep_in` and `keep_out` are stronger than what a file says.

    Returns
    -------
    forced_in, forced_out : ndarray of bool, shape (m,)
        No candidate is in both.
    """
    kept_in, kept_out = (
        frame["id"].isin(list(names)).to_numpy() for names in (plan.keep_in, plan.keep_out)
    )
    from_file = frame["forced"].to_numpy()
    return (
        kept_in | ((from_file == "in") & ~kept_out),
        (kept_out | (from_file == "out")) & ~kept_in,
    )


def costs(frame: pd.DataFrame, plan: PlanSettings, role: Opened) -> Floats:
    """Cost of a new site at each candidate.

    Parameters
    ----------
    frame : DataFrame, m rows
        Candidates; the cost of a file holds for every role.
    plan : PlanSettings
        Its assumed costs hold for the others.
    role : {"infusion", "collection", "both"}
        What the site does.

    Returns
    -------
    ndarray, shape (m,)
        Million USD.
    """
    assumed: float = getattr(plan, f"cost_{role}")
    return frame["cost"].fillna(assumed).to_numpy(dtype=np.float64)


def capacities(frame: pd.DataFrame, plan: PlanSettings) -> Floats:
    """Persons, or patients a year, that a new site serves at most, shape (m,); see `costs`.

    A file's capacities are of whatever is planned for.
    """
    assumed = plan.patient_capacity if plan.counts == "patients" else plan.capacity
    return frame["capacity"].fillna(assumed).to_numpy(dtype=np.float64)


def places_of(frame: pd.DataFrame, one_per: str) -> Ints:
    """Give candidates of which at most one is opened the same number.

    Parameters
    ----------
    frame : DataFrame, m rows
        Candidates.
    one_per : {"none", "cbsa", "county", "state", "hrr"}
        Kind of places.

    Returns
    -------
    ndarray of int, shape (m,)
        -1 for candidates without such a place, and for all with "none".
    """
    if one_per == "none":
        return np.full(len(frame), -1, dtype=np.intp)
    column = frame[REGION_COLUMNS[one_per]]
    codes: Ints = pd.factorize(column.where(column != ""), sort=True)[0].astype(np.intp)
    return codes


def _frame(parts: Mapping[str, object], size: int) -> pd.DataFrame:
    """Make a table with `COLUMNS` from the columns that are known."""
    columns: dict[str, object] = {}
    for name in COLUMNS:
        values = parts.get(name, np.nan if name in NUMBERS else "")
        columns[name] = values.to_numpy() if isinstance(values, pd.Series) else values
    frame = pd.DataFrame(columns, index=pd.RangeIndex(size))
    return frame.assign(
        **{
            str(name): column.astype(np.float64)
            if name in NUMBERS
            else column.astype(object).where(column.notna(), "").astype(str)
            for name, column in frame.items()
        }
    )


def _settled(
    frame: pd.DataFrame, zips: NDArray[np.object_], places: Gazette, left_out: dict[str, int]
) -> Candidates:
    """Add ZIP area, county, metro area, referral region and people of each candidate."""
    row = _areas_of(frame, zips, places)
    inside, at = row >= 0, np.maximum(row, 0)
    table = places.areas.frame

    def text(name: str) -> NDArray[np.object_]:
        values = table[name].fillna("").to_numpy(dtype=object)[at]
        return np.where(inside, values, "")

    frame = frame.assign(
        zcta=text("zcta"),
        county_fips=text("county_fips"),
        cbsa_code=text("cbsa_code"),
        cbsa_name=text("cbsa_name"),
        hrr=text("hrr"),
    )
    persons = [
        (places.metros[metro] if metro else places.counties.get(county, np.nan)) if here else np.nan
        for here, metro, county in zip(
            inside, frame["cbsa_code"], frame["county_fips"], strict=True
        )
    ]
    settled = frame.assign(persons=np.array(persons, dtype=np.float64))
    return Candidates(_with_same_place(settled), left_out)


def _areas_of(frame: pd.DataFrame, zips: NDArray[np.object_], places: Gazette) -> Ints:
    """Row of the ZIP area by code where that is near, else of the nearest; -1 for none near."""
    if frame.empty:
        return np.empty(0, dtype=np.intp)
    own = unit_vectors(frame["lat"].to_numpy(), frame["lon"].to_numpy())
    chord, nearest = places.tree().query(own)
    nearest = np.where(chord <= _chord(REACH_KM), nearest, -1)
    by_code = pd.Index(places.areas.frame["zcta"]).get_indexer(pd.Index(zips))
    apart = great_circle_km(own, places.vectors[np.maximum(by_code, 0)])
    found: Ints = np.where((by_code >= 0) & (apart <= REACH_KM), by_code, nearest)
    return found


def _with_same_place(frame: pd.DataFrame) -> pd.DataFrame:
    """Name the first candidate at the same place, for candidates that do not stand alone."""
    size = len(frame)
    if size == 0:
        return frame
    vectors = unit_vectors(frame["lat"].to_numpy(), frame["lon"].to_numpy())
    pairs = cKDTree(vectors).query_pairs(_chord(SAME_PLACE_KM), output_type="ndarray")
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    group = connected_components(links, directed=False)[1]
    first = np.unique(group, return_index=True)[1][group]
    together = np.bincount(group)[group] > 1
    return frame.assign(same_place=np.where(together, frame["id"].to_numpy()[first], ""))


def _sieve(reasons: Mapping[str, Bools], size: int) -> tuple[Bools, dict[str, int]]:
    """Drop rows for the first reason that holds, and count them."""
    keep, left_out = np.ones(size, dtype=bool), {}
    for reason, holds in reasons.items():
        count = int((keep & holds).sum())
        if count:
            left_out[reason] = count
        keep &= ~holds
    return keep, left_out


def _state_of(frame: pd.DataFrame, places: Gazette) -> pd.Series:
    states = dict(zip(places.areas.frame["zcta"], places.areas.frame["state"], strict=True))
    return frame["zcta"].map(states).fillna("")


def _apart_km(places: Gazette, one: int, other: int) -> float:
    return float(great_circle_km(places.vectors[[one]], places.vectors[[other]])[0])


def _chord(distance_km: float) -> float:
    """Straight line through the unit sphere that a distance along it has."""
    return float(2 * np.sin(distance_km / EARTH_RADIUS_KM / 2))
