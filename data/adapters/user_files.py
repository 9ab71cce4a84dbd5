"""Tables that a user brings: facilities, candidate sites and trips."""

import re
import unicodedata
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from data import candidate_ids
from data.adapters.csv_tables import (
    column,
    degrees,
    duplicates,
    missing_columns,
    named,
    raise_if_any,
    read_table,
    swap_hint,
)
from data.errors import UserFileError

AGES: Final = {"adult": (True, False), "pediatric": (False, True), "adult+pediatric": (True, True)}
"""Words for whom a facility treats: adults, children."""

BOTH_AGES: Final = "adult+pediatric"

OWN: Final = "own"
"""Kind of a candidate whose file names none."""
CANDIDATE_KINDS: Final = ("blood_center", "community", "hospital", OWN)

_LAT_NAMES: Final = ("lat", "latitude")
_LON_NAMES: Final = ("lon", "lng", "long", "longitude")
_TRIP_COLUMNS: Final = ("origin_lat", "origin_lon", "dest_lat", "dest_lon")
_STATE: Final = re.compile(r"[A-Z]{2}|")


def read_facilities(source: Path | str | bytes) -> pd.DataFrame:
    """Read facilities.

    Parameters
    ----------
    source : Path, str or bytes
        A CSV file or its content: columns lat, lon (or latitude, longitude), and if wanted id,
        name and ages_treated ("adult", "pediatric" or "adult+pediatric"; both when not given).
        Names of columns in upper or lower case; comma, semicolon or tab between values; UTF-8 or
        Latin-1. Other columns are left out.

    Returns
    -------
    DataFrame
        Columns id, name (str), lat, lon (EPSG:4326 decimal degrees), treats_adults,
        treats_children (bool), in the order of the file. Rows without an id get U001, U002 and so
        on by position; without a name they are named by their id.

    Raises
    ------
    UserFileError
        Lists every problem with its row, counted as a text editor counts lines.
    """
    raw = read_table(source)
    lat_name, lon_name = named(raw, _LAT_NAMES), named(raw, _LON_NAMES)
    if lat_name is None or lon_name is None:
        raise UserFileError(missing_columns(raw, _LAT_NAMES, _LON_NAMES))
    lat, lat_problems = degrees(raw[lat_name], 90, may_be_empty=False)
    lon, lon_problems = degrees(raw[lon_name], 180, may_be_empty=False)
    identity = _identities(raw)
    ages = column(raw, "ages_treated").str.lower().str.replace(" ", "").replace("", BOTH_AGES)
    problems = [*lat_problems, *lon_problems, *duplicates(identity)]
    problems += [
        f"row {row}: ages_treated is {text!r}; expected {', '.join(AGES)} or nothing"
        for row, text in ages.items()
        if text not in AGES
    ]
    raise_if_any([*swap_hint(lat_name, lon_name, raw), *problems])
    names = column(raw, "name")
    return pd.DataFrame(
        {
            "id": identity,
            "name": names.where(names != "", identity),
            "lat": lat,
            "lon": lon,
            "treats_adults": [AGES[text][0] for text in ages],
            "treats_children": [AGES[text][1] for text in ages],
        }
    ).reset_index(drop=True)


def read_candidates(source: Path | str | bytes) -> pd.DataFrame:
    """Read sites at which treatment could be offered.

    Parameters
    ----------
    source : Path, str or bytes
        A CSV file or its content: columns name, lat, lon (or latitude, longitude), and if wanted
        id, cost (million USD), capacity (persons), forced ("in" or "out"), kind (one of
        `CANDIDATE_KINDS`), address and state (two letters). Separators, encodings and case as in
        `read_facilities`.

    Returns
    -------
    DataFrame
        Columns id, name (str), lat, lon (decimal degrees), cost, capacity (nan where the file is
        silent), forced, kind ("own" where the file is silent), address, state (str), in the order
        of the file. Rows without an id get own:1, own:2 and so on by position.

    Raises
    ------
    UserFileError
        Lists every problem with its row, counted as a text editor counts lines.
    """
    raw = read_table(source)
    lat_name, lon_name = named(raw, _LAT_NAMES), named(raw, _LON_NAMES)
    missing = missing_columns(raw, ("name",), _LAT_NAMES, _LON_NAMES)
    if lat_name is None or lon_name is None or missing:
        raise UserFileError(missing)
    lat, lat_problems = degrees(raw[lat_name], 90, may_be_empty=False)
    lon, lon_problems = degrees(raw[lon_name], 180, may_be_empty=False)
    names, identity = column(raw, "name"), _candidate_ids(raw)
    cost, cost_problems = _amounts(column(raw, "cost").rename("cost"), "million USD, at least 0")
    capacity, capacity_problems = _amounts(
        column(raw, "capacity").rename("capacity"), "persons, more than 0", above_zero=True
    )
    words = {
        "forced": (column(raw, "forced").str.lower(), ("in", "out")),
        "kind": (column(raw, "kind").str.lower(), CANDIDATE_KINDS),
    }
    state = column(raw, "state").str.upper()
    problems = [
        *swap_hint(lat_name, lon_name, raw),
        *(f"row {row}: name is empty" for row in names.index[names == ""]),
        *lat_problems,
        *lon_problems,
        *_id_problems(identity),
        *duplicates(identity),
        *cost_problems,
        *capacity_problems,
    ]
    for title, (values, allowed) in words.items():
        problems += [
            f"row {row}: {title} is {text!r}; expected {', '.join(allowed)} or nothing"
            for row, text in values.items()
            if text and text not in allowed
        ]
    problems += [
        f"row {row}: state is {text!r}; expected two letters such as TX, or nothing"
        for row, text in state.items()
        if not _STATE.fullmatch(text)
    ]
    raise_if_any(problems)
    return pd.DataFrame(
        {
            "id": identity,
            "name": names,
            "lat": lat,
            "lon": lon,
            "cost": cost,
            "capacity": capacity,
            "forced": words["forced"][0],
            "kind": words["kind"][0].replace("", OWN),
            "address": column(raw, "address"),
            "state": state,
        }
    ).reset_index(drop=True)


def read_trips(source: Path | str | bytes) -> pd.DataFrame:
    """Read trips to be measured.

    Parameters
    ----------
    source : Path, str or bytes
        A CSV file or its content with columns origin_lat, origin_lon, dest_lat, dest_lon; other
        columns are kept. Separators, encodings and case as in `read_facilities`.

    Returns
    -------
    DataFrame
        The file's rows and columns in order, as text, but for the four columns, which are decimal
        degrees and missing where the file is empty.

    Raises
    ------
    UserFileError
        Lists every problem with its row, counted as a text editor counts lines.
    """
    raw = read_table(source)
    missing = missing_columns(raw, *((name,) for name in _TRIP_COLUMNS))
    if missing:
        raise UserFileError(missing)
    found = {named(raw, (name,)): name for name in _TRIP_COLUMNS}
    frame = raw.rename(columns={given: name for given, name in found.items() if given})
    problems = [
        *swap_hint("origin_lat", "origin_lon", frame),
        *swap_hint("dest_lat", "dest_lon", frame),
    ]
    for name in _TRIP_COLUMNS:
        limit = 90 if name.endswith("lat") else 180
        frame[name], found_here = degrees(frame[name], limit, may_be_empty=True)
        problems += found_here
    raise_if_any(problems)
    return frame.reset_index(drop=True)


def _identities(frame: pd.DataFrame) -> pd.Series:
    given = column(frame, "id")
    width = max(3, len(str(len(frame))))
    numbered = pd.Series([f"U{row + 1:0{width}d}" for row in range(len(frame))], index=frame.index)
    return given.where(given != "", numbered)


def _candidate_ids(frame: pd.DataFrame) -> pd.Series:
    given = column(frame, "id").map(lambda text: unicodedata.normalize("NFC", text))
    numbered = pd.Series([f"{OWN}:{row + 1}" for row in range(len(frame))], index=frame.index)
    return given.where(given != "", numbered)


def _id_problems(identity: pd.Series) -> list[str]:
    return [
        f"row {row}: id is {text!r}; expected {candidate_ids.FORM_IN_WORDS}"
        for row, text in identity.items()
        if not candidate_ids.FORM.fullmatch(text)
    ]


def _amounts(
    values: pd.Series, wanted: str, *, above_zero: bool = False
) -> tuple[pd.Series, list[str]]:
    """Convert a column to numbers, nan where empty, and list what is not `wanted`."""
    numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    numbers = numbers.replace([np.inf, -np.inf], np.nan)
    good = (numbers > 0) if above_zero else (numbers >= 0)
    return numbers, [
        f"row {row}: {values.name} is {values[row]!r}; expected a number of {wanted}, or nothing"
        for row in values.index[~good & (values != "")]
    ]
