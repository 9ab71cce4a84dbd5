"""Tables that a user brings: facilities and trips, from CSV files as people really write them."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from data.errors import UserFileError

LARGEST_BYTES: Final = 50_000_000
LARGEST_ROWS: Final = 200_000
MOST_PROBLEMS: Final = 20
"""Longer lists end with how many more there are."""

AGES: Final = {"adult": (True, False), "pediatric": (False, True), "adult+pediatric": (True, True)}
"""Words for whom a facility treats: adults, children."""

BOTH_AGES: Final = "adult+pediatric"

_LAT_NAMES: Final = ("lat", "latitude")
_LON_NAMES: Final = ("lon", "lng", "long", "longitude")
_TRIP_COLUMNS: Final = ("origin_lat", "origin_lon", "dest_lat", "dest_lon")
_SWAPPED_SHARE: Final = 0.5


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
    raw = _read(source)
    lat_name, lon_name = _named(raw, _LAT_NAMES), _named(raw, _LON_NAMES)
    problems = [
        f"column {names[0]} is missing (found: {', '.join(map(str, raw.columns))})"
        for names, found in ((_LAT_NAMES, lat_name), (_LON_NAMES, lon_name))
        if found is None
    ]
    if lat_name is None or lon_name is None:
        raise UserFileError(problems)
    lat, lat_problems = _degrees(raw[lat_name], 90, may_be_empty=False)
    lon, lon_problems = _degrees(raw[lon_name], 180, may_be_empty=False)
    identity = _identities(raw)
    ages = _column(raw, "ages_treated").str.lower().str.replace(" ", "").replace("", BOTH_AGES)
    problems += [*lat_problems, *lon_problems]
    problems += _duplicates(identity)
    problems += [
        f"row {row}: ages_treated is {text!r}; expected {', '.join(AGES)} or nothing"
        for row, text in ages.items()
        if text not in AGES
    ]
    _raise_if_any([*_swap_hint(lat_name, lon_name, raw), *problems])
    names = _column(raw, "name")
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
    raw = _read(source)
    found = {name: _named(raw, (name,)) for name in _TRIP_COLUMNS}
    missing = [name for name, column in found.items() if column is None]
    if missing:
        present = ", ".join(map(str, raw.columns))
        raise UserFileError([f"column {name} is missing (found: {present})" for name in missing])
    frame = raw.rename(columns={column: name for name, column in found.items() if column})
    problems = [
        *_swap_hint("origin_lat", "origin_lon", frame),
        *_swap_hint("dest_lat", "dest_lon", frame),
    ]
    for name in _TRIP_COLUMNS:
        limit = 90 if name.endswith("lat") else 180
        frame[name], found_here = _degrees(frame[name], limit, may_be_empty=True)
        problems += found_here
    _raise_if_any(problems)
    return frame.reset_index(drop=True)


def _read(source: Path | str | bytes) -> pd.DataFrame:
    """Read any CSV as text with tidy column names; refuse what is no table."""
    content = source if isinstance(source, bytes) else _bytes_of(Path(source))
    if len(content) > LARGEST_BYTES:
        msg = (
            f"the file has {len(content) / 1e6:.0f} MB; at most {LARGEST_BYTES / 1e6:.0f} are read"
        )
        raise UserFileError(msg)
    text = _decode(content)
    if not text.strip():
        msg = "the file is empty"
        raise UserFileError(msg)
    if "\0" in text:
        msg = "the file is no text: save it as CSV"
        raise UserFileError(msg)
    lines, records = _records(text)
    header, rows = [name.strip() for name in records[0]], records[1:]
    _raise_if_any([*_header_problems(header), *_row_problems(header, rows, lines[1:])])
    tidy = [[value.strip() for value in row] for row in rows]
    return pd.DataFrame(tidy, columns=header, index=pd.Index(lines[1:]), dtype=str)


def _records(text: str) -> tuple[list[int], list[list[str]]]:
    """Split text into records; blank lines are skipped, each record keeps its line number."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        numbered = [(reader.line_num, record) for record in reader if record]
    except csv.Error as error:
        msg = f"row {reader.line_num}: {error}"
        raise UserFileError(msg) from error
    return [line for line, _ in numbered], [record for _, record in numbered]


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}"
        raise UserFileError(msg) from error


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")  # never fails, and is what old spreadsheets write


def _delimiter(text: str) -> str:
    """Separator of the header: the candidate that occurs most, comma on a tie."""
    header = text.lstrip().split("\n", 1)[0]
    return max(",;\t", key=header.count)


def _header_problems(header: Sequence[str]) -> list[str]:
    folded = [name.lower() for name in header]
    twice = sorted({name for name in folded if name and folded.count(name) > 1})
    problems = [f"column {name} occurs more than once" for name in twice]
    if any(_is_number(name) for name in header):
        problems.append("the first row has numbers: the file needs a row with column names")
    return problems


def _row_problems(
    header: Sequence[str], rows: Sequence[Sequence[str]], lines: Sequence[int]
) -> list[str]:
    if not rows:
        return ["the file has column names but no rows"]
    if len(rows) > LARGEST_ROWS:
        return [f"the file has {len(rows):,} rows; at most {LARGEST_ROWS:,} are read"]
    return [
        f"row {line}: {len(row)} values for {len(header)} columns"
        for line, row in zip(lines, rows, strict=True)
        if len(row) != len(header)
    ]


def _named(frame: pd.DataFrame, names: Iterable[str]) -> str | None:
    """Column of the frame with one of these names, whatever its case."""
    wanted = set(names)
    return next((str(name) for name in frame.columns if str(name).lower() in wanted), None)


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    found = _named(frame, (name,))
    return pd.Series("", index=frame.index, dtype=str) if found is None else frame[found]


def _identities(frame: pd.DataFrame) -> pd.Series:
    given = _column(frame, "id")
    width = max(3, len(str(len(frame))))
    numbered = pd.Series([f"U{row + 1:0{width}d}" for row in range(len(frame))], index=frame.index)
    return given.where(given != "", numbered)


def _duplicates(identity: pd.Series) -> list[str]:
    rows = identity[identity.duplicated(keep=False)]
    return [
        f"id {value!r} occurs in rows {', '.join(map(str, group.index))}"
        for value, group in rows.groupby(rows, sort=False)
    ]


def _degrees(values: pd.Series, limit: float, *, may_be_empty: bool) -> tuple[pd.Series, list[str]]:
    """Convert a column to decimal degrees within ±limit, and list what does not convert."""
    numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    numbers = numbers.replace([np.inf, -np.inf], np.nan)
    empty = values == ""
    problems = []
    for row in values.index[numbers.isna() & ~(empty & may_be_empty)]:
        found = "is empty" if empty[row] else f"is {values[row]!r}, not a number"
        problems.append(f"row {row}: {values.name} {found}")
    problems += [
        f"row {row}: {values.name} is {numbers[row]:g}, outside -{limit:g} to {limit:g}"
        for row in values.index[numbers.abs() > limit]
    ]
    return numbers, problems


def _swap_hint(lat_name: str, lon_name: str, frame: pd.DataFrame) -> list[str]:
    """Say so when latitudes and longitudes look exchanged, as US coordinates show at once."""
    lat = pd.to_numeric(frame[lat_name], errors="coerce")
    lon = pd.to_numeric(frame[lon_name], errors="coerce")
    exchanged = lat.between(-180, -64) & lon.between(17, 72)
    if exchanged.mean() < _SWAPPED_SHARE:
        return []
    hint = f"{lat_name} and {lon_name} look exchanged: in the US {lat_name} is between 17 and 72"
    return [hint]


def _raise_if_any(problems: Sequence[str]) -> None:
    if not problems:
        return
    shown = list(problems[:MOST_PROBLEMS])
    if len(problems) > MOST_PROBLEMS:
        shown.append(f"and {len(problems) - MOST_PROBLEMS:,} more")
    raise UserFileError(shown)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
