"""Find what a reader means by a few words, and the centres nearest to it (pure)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from dashboard.gazetteer import (
    ALIAS,
    LIKE,
    ORDER,
    SPELLING,
    SURE,
    Gazetteer,
    Hit,
    Match,
    Place,
    add_cities,
    add_counties,
    add_metros,
    add_referral_regions,
    add_sites,
    add_states,
)
from dashboard.state import NEAR_CHARS
from dashboard.us import STATE_NAMES
from geo.travel import Detour, Points, Road, StraightLine

__all__ = [
    "Found",
    "Index",
    "Match",
    "Place",
    "find",
    "index_of_all",
    "index_of_places",
    "nearest_sites",
]

MAX_OTHERS: Final = 6
BETTER_KNOWN: Final = 3.0
"""A name spelt almost the same is offered when so many times more people live there."""
MAX_OF_A_KIND: Final = 3
ZIP_DIGITS: Final = 5
_STATE_CODES: Final = {name.casefold(): code for code, name in STATE_NAMES.items()}
_ZIP: Final = re.compile(r"(?:zip(?: code)? )?(\d{5})(?:-\d{4})?(?:,.*)?", re.IGNORECASE)
_COUNTY_WORD: Final = re.compile(r"(.+?)[ ,]+(county|parish|borough)", re.IGNORECASE)
_SITES: Final = ("treatment", "blood")


@dataclass(frozen=True, slots=True)
class Found:
    """Answer of a search.

    Parameters
    ----------
    match : Match or None
        What is meant most likely.
    note : str
        What the reader should know: not found, or one of several. May repeat what was typed, so
        it must be escaped where markup is read.
    others : tuple of Match
        What else may be meant.
    """

    match: Match | None
    note: str = ""
    others: tuple[Match, ...] = ()

    @property
    def place(self) -> Place | None:
        """Where to travel from: the ZIP area or city that was found."""
        if self.match is None or self.match.kind not in ("zip", "city"):
            return None
        return self.match.place

    @property
    def site(self) -> str:
        """Id of the treatment or blood centre that was found; "" for anything else."""
        return self.match.code if self.match is not None and self.match.kind in _SITES else ""

    @property
    def county(self) -> str:
        """Code of the county that was found; "" for anything else."""
        return self.match.code if self.match is not None and self.match.kind == "county" else ""


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """All that can be searched for.

    Parameters
    ----------
    areas : DataFrame
        The ZCTA table: zcta, city, state, lat, lon.
    names : Gazetteer
        Everything with a name.
    """

    areas: pd.DataFrame
    names: Gazetteer


def index_of_places(areas: pd.DataFrame, cities: pd.DataFrame) -> Index:
    """Index ZIP codes and cities only.

    Parameters
    ----------
    areas : DataFrame
        The ZCTA table.
    cities : DataFrame
        The places table, largest first: name, state, lat, lon, population.

    Returns
    -------
    Index
        For `find`.
    """
    names = Gazetteer()
    add_cities(names, cities)
    return Index(areas, names)


def index_of_all(
    areas: pd.DataFrame,
    cities: pd.DataFrame,
    counties: pd.DataFrame,
    referral: pd.DataFrame,
    treatment: pd.DataFrame,
    blood: pd.DataFrame,
) -> Index:
    """Index everything a reader may look for.

    Parameters
    ----------
    areas, cities
        As in `index_of_places`.
    counties : DataFrame
        county_fips, name, state.
    referral : DataFrame
        hrr, city, state.
    treatment : DataFrame
        id, name, city, state, lat, lon, beds, confidence.
    blood : DataFrame
        id, org, facility, city, state, lat, lon.

    Returns
    -------
    Index
        For `find`.
    """
    names = Gazetteer()
    add_states(names, STATE_NAMES)
    add_cities(names, cities)
    add_counties(names, _with_people(counties, areas, "county_fips"))
    add_referral_regions(names, _with_people(referral, areas, "hrr"))
    metros = areas.dropna(subset=["cbsa_code"])[["cbsa_code", "cbsa_name"]].drop_duplicates()
    add_metros(names, _with_people(metros, areas, "cbsa_code"))
    beds = treatment["beds"].astype("Float64").fillna(0.0) * (treatment["confidence"] != "low")
    add_sites(names, "treatment", treatment.assign(weight=beds))
    titled = blood.assign(name=blood["org"] + ": " + blood["facility"], weight=0.0)
    add_sites(names, "blood", titled)
    return Index(areas, names)


def _with_people(frame: pd.DataFrame, areas: pd.DataFrame, key: str) -> pd.DataFrame:
    """Add the people of the ZIP areas, by the one code that each area has, most people first."""
    people = areas.groupby(key)["population"].sum()
    table = frame.assign(population=frame[key].map(people).fillna(0))
    return table.sort_values("population", ascending=False, kind="stable")


def find(text: str, index: Index) -> Found:
    """Find a ZIP code, city, county, state, region or centre.

    Parameters
    ----------
    text : str
        "77030", "Houston, TX", "houston texas", "Harris County", "Texas", "Mayo Clinic".
    index : Index
        What can be found.

    Returns
    -------
    Found
        With `match` None and suggestions when nothing fits.
    """
    wanted = " ".join(text[:NEAR_CHARS].split())
    if not wanted:
        return Found(None, "Type a ZIP code, a city, a county, a state or a facility.")
    if code := _ZIP.fullmatch(wanted):
        return _zip(code[1], index.areas)
    if wanted.isdigit():
        return Found(None, f'"{wanted}" is not a ZIP code: it needs five digits.')
    hits = _named(wanted, index.names)
    if hits:
        return _answer(wanted, _with_better_known(wanted, hits, index.names))
    best = [hit for hit in _spelt_like(wanted, index.names) if hit.likeness >= LIKE]
    if best and best[0].likeness >= SURE:
        return _answer(wanted, best)
    note = f'Nothing called "{wanted}" is known here: no city, county, state, region or centre.'
    return Found(None, note, _others(best))


def _spelt_like(wanted: str, names: Gazetteer) -> list[Hit]:
    """Hits that share most letters with what was typed, best first."""
    return _ranked(
        (0, hit) for name, state in _readings(wanted) for hit in names.spelt_like(name, state)
    )


def _with_better_known(wanted: str, hits: list[Hit], names: Gazetteer) -> list[Hit]:
    """Offer Pittsburgh to those who typed Pittsburg, which exists too but is far smaller."""
    if _split_state(wanted)[1] or hits[0].tier < 0:  # with its state, or a full name
        return hits
    known = BETTER_KNOWN * hits[0].weight
    meant = [
        hit for hit in _spelt_like(wanted, names) if SURE <= hit.likeness < 1 and hit.weight > known
    ][:1]
    named = {hit.match for hit in meant}
    return [hits[0], *meant, *(hit for hit in hits[1:] if hit.match not in named)]


def _named(wanted: str, names: Gazetteer) -> list[Hit]:
    """Hits whose letters are those typed, best first."""
    hits = [
        (rank, hit)
        for rank, (name, state) in enumerate(_readings(wanted))
        for hit in names.named(name, state)
    ]
    meant = names.labelled(wanted)
    if (code := wanted.replace(".", "").upper()) in STATE_NAMES:
        meant = names.labelled(STATE_NAMES[code])
    ranked = _ranked(hits)
    if meant is None:
        return ranked
    first = Hit(meant, tier=-1, likeness=1.0, weight=0.0)
    return [first, *(hit for hit in ranked if hit.match != meant)]


def _readings(wanted: str) -> list[tuple[str, str]]:
    """Ways to read what was typed, as name and state; the likelier first."""
    readings = []
    name, state = _split_state(wanted)
    if state:
        readings.append((name, state))
    if county := _COUNTY_WORD.fullmatch(wanted):  # "Harris, TX county"
        name, state = _split_state(county[1])
        if state:
            readings.append((f"{name} {county[2]}", state))
    return [*readings, (wanted, "")]


def _ranked(hits: Iterable[tuple[int, Hit]]) -> list[Hit]:
    """Each match once, best first."""
    ordered = sorted(
        hits,
        key=lambda found: (
            found[1].tier,
            -round(found[1].likeness, 1),
            found[0],
            ORDER.index(found[1].match.kind),
            -found[1].weight,
        ),
    )
    first: dict[Match, Hit] = {}
    for _, hit in ordered:
        first.setdefault(hit.match, hit)
    return list(first.values())


def _answer(wanted: str, hits: list[Hit]) -> Found:
    best = hits[0]
    others = _others(hits[1:])
    same = any(hit.tier == best.tier and hit.match.kind == best.match.kind for hit in hits[1:])
    note = ""
    if best.tier == SPELLING:
        note = f'Nothing is called "{wanted}"; this is the nearest name.'
    elif best.tier > ALIAS:
        note = f'Nothing is called just "{wanted}"; this is the likeliest name with these words.'
    elif same and best.tier >= 0:
        note = "The largest of that name."
    return Found(best.match, note, others)


def _others(hits: list[Hit]) -> tuple[Match, ...]:
    """Take the first few, not all of one kind."""
    taken: list[Match] = []
    labels: set[str] = set()
    for hit in hits:
        of_kind = sum(match.kind == hit.match.kind for match in taken)
        if len(taken) < MAX_OTHERS and of_kind < MAX_OF_A_KIND and hit.match.label not in labels:
            taken.append(hit.match)
            labels.add(hit.match.label)
    return tuple(taken)


def nearest_sites(
    model: StraightLine | Detour | Road, place: Place, sites: pd.DataFrame, count: int
) -> pd.DataFrame:
    """Rank the sites nearest to a place.

    Parameters
    ----------
    model : StraightLine, Detour or Road
        How people travel.
    place : Place
        Where from.
    sites : DataFrame, m rows
        With columns lat and lon.
    count : int
        How many at most.

    Returns
    -------
    DataFrame
        Rows of `sites` that can be reached, by minutes, then km, then their order in the table,
        with columns minutes and distance_km.
    """
    origin = Points(lat=np.array([place.lat]), lon=np.array([place.lon]))
    many = Points(
        lat=sites["lat"].to_numpy(dtype=np.float64), lon=sites["lon"].to_numpy(dtype=np.float64)
    )
    # One search from the place instead of one from every site.
    travel = model.matrix(many, origin)
    table = sites.assign(
        minutes=travel.minutes[:, 0].astype(np.float64),
        distance_km=travel.distance_km[:, 0].astype(np.float64),
    )
    ranked = table.sort_values(["minutes", "distance_km"], kind="stable")
    reached: pd.DataFrame = ranked.loc[np.isfinite(ranked["minutes"])]
    return reached.head(count)


def _zip(code: str, areas: pd.DataFrame) -> Found:
    row = areas[areas["zcta"] == code]
    if len(row):
        return Found(_area(row.iloc[0]))
    numbers = areas["zcta"].astype(int)
    close = (numbers - int(code)).abs().nsmallest(MAX_OTHERS).index
    return Found(
        None,
        f"No one lives in a ZIP area {code} (it may be a post-office box or a single building).",
        tuple(_area(areas.loc[row]) for row in close),
    )


def _area(row: pd.Series) -> Match:
    label = f"ZIP {row['zcta']}, {row['city']}, {row['state']}"
    return Match("zip", row["zcta"], label, Place(label, float(row["lat"]), float(row["lon"])))


def _split_state(wanted: str) -> tuple[str, str]:
    """Cut a state's name or code off the end, with or without a comma."""
    head, comma, tail = wanted.rpartition(",")
    if comma:
        code = _code(tail.strip())
        if code:
            return head.strip(), code
    words = wanted.replace(",", " ").split()
    for size in (3, 2, 1):
        if len(words) > size and (code := _code(" ".join(words[-size:]))):
            return " ".join(words[:-size]), code
    return wanted, ""


def _code(text: str) -> str:
    if text.upper() in STATE_NAMES:
        return text.upper()
    return _STATE_CODES.get(text.casefold(), "")
