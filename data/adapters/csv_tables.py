"""CSV files as people really write them: any separator and encoding, every problem with its row."""

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
MOST_COLUMNS: Final = 12
"""Columns that are named when one is missing."""
_SWAPPED_SHARE: Final = 0.5


def read_table(source: Path | str | bytes) -> pd.DataFrame:
    """Read any CSV as text; refuse what is no table.

    Parameters
    ----------
    source : Path, str or bytes
        A file, or its content: comma, semicolon or tab between values; UTF-8 or Latin-1.

    Returns
    -------
    DataFrame of str
        Names and values without spaces around them; the index counts lines of the file.

    Raises
    ------
    UserFileError
        Lists every problem with its row.
    """
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
    raise_if_any([*_header_problems(header), *_row_problems(header, rows, lines[1:])])
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


def named(frame: pd.DataFrame, names: Iterable[str]) -> str | None:
    """Column of the frame with one of these names, whatever its case."""
    wanted = {name.lower() for name in names}
    return next((str(name) for name in frame.columns if str(name).lower() in wanted), None)


def column(frame: pd.DataFrame, name: str) -> pd.Series:
    """Take a column whatever its case; empty texts when there is none."""
    found = named(frame, (name,))
    return pd.Series("", index=frame.index, dtype=str) if found is None else frame[found]


def duplicates(identity: pd.Series) -> list[str]:
    """List the identifiers that occur more than once."""
    rows = identity[identity.duplicated(keep=False)]
    return [
        f"id {value!r} occurs in rows {', '.join(map(str, group.index))}"
        for value, group in rows.groupby(rows, sort=False)
    ]


def missing_columns(frame: pd.DataFrame, *wanted: Sequence[str]) -> list[str]:
    """List the columns that a table lacks; each of `wanted` has the names that would do."""
    columns = [str(name) for name in frame.columns]
    more = len(columns) - MOST_COLUMNS
    present = ", ".join(columns[:MOST_COLUMNS]) + (f" and {more} more" if more > 0 else "")
    return [
        f"column {names[0]} is missing (found: {present})"
        for names in wanted
        if named(frame, names) is None
    ]


def degrees(values: pd.Series, limit: float, *, may_be_empty: bool) -> tuple[pd.Series, list[str]]:
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


def swap_hint(lat_name: str, lon_name: str, frame: pd.DataFrame) -> list[str]:
    """Say so when latitudes and longitudes look exchanged, as US coordinates show at once."""
    lat = pd.to_numeric(frame[lat_name], errors="coerce")
    lon = pd.to_numeric(frame[lon_name], errors="coerce")
    exchanged = lat.between(-180, -64) & lon.between(17, 72)
    if exchanged.mean() < _SWAPPED_SHARE:
        return []
    hint = f"{lat_name} and {lon_name} look exchanged: in the US {lat_name} is between 17 and 72"
    return [hint]


def raise_if_any(problems: Sequence[str]) -> None:
    """Raise one UserFileError that lists the problems, the first `MOST_PROBLEMS` of them."""
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
