"""Find the place a reader means, and the centres nearest to it (pure)."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

import numpy as np
import pandas as pd

from dashboard.us import STATE_NAMES
from geo.travel import Detour, Points, Road, StraightLine

MAX_SUGGESTIONS: Final = 5
ZIP_DIGITS: Final = 5
_STATE_CODES: Final = {name.casefold(): code for code, name in STATE_NAMES.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the map.

    Parameters
    ----------
    label : str
        As shown, such as "Houston, TX".
    lat, lon : float
        EPSG:4326 degrees.
    """

    label: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Found:
    """Answer of a search.

    Parameters
    ----------
    place : Place or None
        Best match.
    note : str
        What the reader should know: not found, or one of several.
    others : tuple of str
        Searches that find something similar.
    """

    place: Place | None
    note: str = ""
    others: tuple[str, ...] = ()


def find(text: str, areas: pd.DataFrame, cities: pd.DataFrame) -> Found:
    """Find a ZIP code or a city.

    Parameters
    ----------
    text : str
        "77030", "Houston, TX", "houston texas" or "Houston".
    areas : DataFrame
        The ZCTA table: zcta, city, state, lat, lon.
    cities : DataFrame
        The places table, largest first: name, state, lat, lon.

    Returns
    -------
    Found
        With `place` None and suggestions when nothing fits.
    """
    wanted = " ".join(text.split())
    if not wanted:
        return Found(None, "Type a ZIP code or a city.")
    if re.fullmatch(r"\d{5}(-\d{4})?", wanted):
        return _zip(wanted[:ZIP_DIGITS], areas)
    if wanted.isdigit():
        return Found(None, f'"{wanted}" is not a ZIP code: it needs five digits.')
    return _city(wanted, cities)


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
        first = row.iloc[0]
        label = f"ZIP {code}, {first['city']}, {first['state']}"
        return Found(Place(label, float(first["lat"]), float(first["lon"])))
    numbers = areas["zcta"].astype(int)
    close = (numbers - int(code)).abs().nsmallest(MAX_SUGGESTIONS).index
    return Found(
        None,
        f"No one lives in a ZIP area {code} (it may be a post-office box or a single building).",
        tuple(areas.loc[close, "zcta"]),
    )


def _city(wanted: str, cities: pd.DataFrame) -> Found:
    name, state = _split_state(wanted)
    same = cities["name"].str.casefold() == name.casefold()
    rows = cities[same & (cities["state"] == state)] if state else cities[same]
    if len(rows):
        first = rows.iloc[0]
        others = _spoken(rows.iloc[1 : 1 + MAX_SUGGESTIONS])
        note = "The largest city of that name." if others else ""
        label = f"{first['name']}, {first['state']}"
        return Found(Place(label, float(first["lat"]), float(first["lon"])), note, others)
    pool = cities[cities["state"] == state] if state else cities
    names = pool["name"].str.casefold()
    close = get_close_matches(
        name.casefold(), names.unique().tolist(), n=MAX_SUGGESTIONS, cutoff=0.6
    )
    hits = pool.iloc[[int(np.argmax(names.to_numpy() == match)) for match in close]]
    where = f" in {STATE_NAMES[state]}" if state else ""
    return Found(
        None,
        f'No city called "{name}"{where} is known here.',
        _spoken(hits),
    )


def _spoken(rows: pd.DataFrame) -> tuple[str, ...]:
    return tuple(
        f"{name}, {state}" for name, state in zip(rows["name"], rows["state"], strict=True)
    )


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
