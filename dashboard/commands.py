"""The questions of the command line, answered by the same code as the pages. No Streamlit here."""

import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
import pandas as pd

from dashboard import kept, places, queries, studies
from dashboard.state import Breakdown, CentreQuery, ModelName, Selection
from data import load
from data.adapters.user_files import read_facilities, read_trips
from data.catalogue import dataset
from data.errors import UserFileError
from data.fingerprint import fingerprint
from geo.errors import InputError
from geo.travel import Nearest, Points
from geo.units import km_to_miles

Table = TypeVar("Table")
COUNTRY: Final = "United States"
OWN_FILE: Final = "own file"
"""Stands for a reader's own facilities in a selection; they are never kept on disk."""
COVERAGE_COLUMNS: Final = (
    "group",
    "population",
    "covered",
    "uncovered",
    "unreachable",
    "no_data",
    "share_covered",
    "share_low",
    "share_high",
)
TRIP_COLUMNS: Final = ("drive_minutes", "drive_miles", "straight_miles", "status")
DECIMALS: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Answer of `coverage`.

    Parameters
    ----------
    frame : DataFrame
        `COVERAGE_COLUMNS`, one row per group.
    centres : DataFrame
        Centres that were counted.
    """

    frame: pd.DataFrame
    centres: pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class NearestCentres:
    """Answer of `nearest`.

    Parameters
    ----------
    place : str
        Where from.
    frame : DataFrame
        id, name, city, state, minutes, miles, treats_adults, treats_children, evidence; nearest
        first.
    """

    place: str
    frame: pd.DataFrame


def coverage(selection: Selection, facilities: Path | None, by: Breakdown | None) -> Coverage:
    """Count the people within the threshold of a selection.

    Parameters
    ----------
    selection : Selection
        Threshold, model, ages, centres.
    facilities : Path or None
        CSV file that replaces the built-in centres.
    by : {'state', 'county', 'cbsa', 'hrr', 'region'} or None
        One row for each, sorted by name, counties state by state; None for one row.

    Returns
    -------
    Coverage
        Groups without people are left out; everybody is in exactly one group.

    Raises
    ------
    UserFileError
        The file of facilities cannot be used.
    """
    selection, centres = chosen_centres(selection, facilities)
    areas = queries.load_areas()
    rows = people_rows(selection, areas, centres)
    if by is None:
        frame = queries.total(rows, selection).to_frame([COUNTRY])
    else:
        frame = queries.breakdown(areas, rows, replace(selection, by=by))
        frame = frame.assign(group=frame["label"])
        if by != "county":  # counties come in the order of their codes, state by state
            frame = frame.sort_values("group", kind="stable")
    counted = queries.for_ages(centres, selection.ages)
    return Coverage(frame[list(COVERAGE_COLUMNS)].reset_index(drop=True), counted)


def trips(source: Path, out: Path, model: ModelName) -> pd.DataFrame:
    """Measure a file of trips and write it with four columns more.

    Parameters
    ----------
    source : Path
        CSV file with columns origin_lat, origin_lon, dest_lat, dest_lon.
    out : Path
        File to write; replaced whole or not at all.
    model : {'road', 'detour', 'straight'}
        How trips are made.

    Returns
    -------
    DataFrame
        What was written: the file's rows and columns in order, then `TRIP_COLUMNS`.

    Raises
    ------
    UserFileError
        The file cannot be used.
    InputError
        `out` is the file itself, or cannot be written.
    """
    _require_writable(source, out)
    frame = read_named(read_trips, source)
    taken = [name for name in TRIP_COLUMNS if name in frame.columns]
    if taken:
        msg = f"{source} already has a column {', '.join(taken)}: rename or remove it"
        raise InputError(msg)
    found = queries.load_model(model).trips(
        _points(frame, "origin"),
        _points(frame, "dest"),
    )
    measured = frame.assign(
        drive_minutes=_finite(found.minutes),
        drive_miles=_finite(km_to_miles(found.distance_km)),
        straight_miles=_finite(km_to_miles(found.straight_km)),
        status=found.status,
    )
    _write(measured, out)
    return measured


def nearest(text: str, selection: Selection, facilities: Path | None, count: int) -> NearestCentres:
    """List the centres nearest to a place.

    Parameters
    ----------
    text : str
        ZIP code or city.
    selection : Selection
        Model, ages, centres.
    facilities : Path or None
        CSV file that replaces the built-in centres.
    count : int
        How many at most; fewer when fewer can be reached.

    Returns
    -------
    NearestCentres
        May be empty.

    Raises
    ------
    InputError
        No such place; the message names similar ones.
    """
    found = places.find(text, places.index_of_places(load.zcta(), load.places()))
    if found.place is None:
        similar = "; ".join(match.label for match in found.others)
        hint = f" Similar: {similar}." if similar else ""
        raise InputError(found.note + hint)
    selection, centres = chosen_centres(selection, facilities)
    sites = places.nearest_sites(
        queries.load_model(selection.model),
        found.place,
        queries.for_ages(centres, selection.ages),
        count,
    )
    frame = pd.DataFrame(
        {
            "id": sites["id"],
            "name": sites["name"],
            "city": _column(sites, "city"),
            "state": _column(sites, "state"),
            "minutes": sites["minutes"].round(1),
            "miles": km_to_miles(sites["distance_km"].to_numpy(dtype=np.float64)).round(1),
            "treats_adults": sites["treats_adults"],
            "treats_children": sites["treats_children"],
            "evidence": _column(sites, "best_evidence"),
        }
    )
    return NearestCentres(found.place.label, frame.reset_index(drop=True))


def validate() -> pd.DataFrame:
    """Recompute the published figures on the road network; see `studies.reproduce`."""
    areas, model = queries.load_areas(), queries.load_model("road")
    return studies.reproduce(
        load.validation_studies(),
        areas,
        load.counties(),
        load.treatment_centers(),
        model,
        queries.access_of(model, areas),
    )


def vintage() -> str:
    """Say how old the facts are, and which tables were used."""
    people, centres, roads = (
        dataset(name).vintage.split(";")[0] for name in ("zcta", "treatment_centers", "road_edges")
    )
    return f"people: {people}. Centres: {centres}. Roads: {roads}. Tables {fingerprint()}."


def chosen_centres(selection: Selection, facilities: Path | None) -> tuple[Selection, pd.DataFrame]:
    """Centres that count, and the selection that says whose they are."""
    if facilities is None:
        return selection, queries.choose_centres(load.treatment_centers(), selection.centres)
    own = replace(selection, facilities=OWN_FILE)
    return own, queries.choose_centres(read_named(read_facilities, facilities), own.centres)


def read_named(reader: Callable[[Path], Table], path: Path) -> Table:
    """Read a file; what is wrong with it is told with its name."""
    try:
        return reader(path)
    except UserFileError as error:
        first, *others = error.problems
        named = first if first.startswith(str(path)) else f"{path}: {first}"
        raise UserFileError([named, *others]) from error


def people_rows(selection: Selection, areas: queries.Areas, centres: pd.DataFrame) -> queries.Rows:
    """People with their travel, from the disk where a page or a command has left it."""
    audiences = queries.AUDIENCES[selection.ages]
    tables = fingerprint()
    keys = {
        audience: _key(tables, selection.model, selection.centres, audience)
        for audience in audiences
    }
    found = {audience: kept.read(key, len(areas.frame)) for audience, key in keys.items() if key}
    missing = [audience for audience in audiences if found.get(audience) is None]
    ways: dict[queries.Audience, Nearest] = {a: way for a, way in found.items() if way is not None}
    if missing:
        model = queries.load_model(selection.model)
        access = queries.access_of(model, areas)
        for audience in missing:
            ways[audience] = queries.nearest_for(model, areas, centres, audience, access)
            if keys[audience]:
                kept.write(keys[audience], ways[audience])
    return queries.stack_rows(areas, selection.ages, ways.__getitem__)


def _key(tables: str, model: ModelName, query: CentreQuery, audience: str) -> str:
    """Name under which `services` keeps the same travel; "" for what is not kept."""
    return "" if query.facilities else kept.key_of(tables, model, query, audience)


def _points(frame: pd.DataFrame, end: str) -> Points:
    return Points(
        lat=frame[f"{end}_lat"].to_numpy(dtype=np.float64),
        lon=frame[f"{end}_lon"].to_numpy(dtype=np.float64),
    )


def _finite(values: Iterable[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Round for a file, where an empty cell stands for "no number"; `status` says why."""
    array = np.round(np.asarray(values, dtype=np.float64), DECIMALS)
    return np.where(np.isfinite(array), array, np.nan)


def _column(frame: pd.DataFrame, name: str) -> Sequence[object] | pd.Series:
    return frame[name] if name in frame else [None] * len(frame)


def _require_writable(source: Path, out: Path) -> None:
    """Refuse before minutes of work what would fail at its end."""
    if out.exists() and source.exists() and out.samefile(source):
        msg = f"{out} is the input itself; write to another file"
        raise InputError(msg)
    if out.is_dir():
        msg = f"{out} is a folder, not a file"
        raise InputError(msg)
    if not out.parent.is_dir():
        msg = f"{out} cannot be written: there is no folder {out.parent}"
        raise InputError(msg)


def _write(frame: pd.DataFrame, out: Path) -> None:
    """Write a whole file or none."""
    text = frame.to_csv(index=False)
    try:
        if out.exists() and not out.is_file():  # a pipe or /dev/stdout cannot be replaced
            out.write_text(text, encoding="utf-8")
            return
        target = out.resolve()
        partial = target.with_name(f".{target.name}.partial")
        try:
            partial.write_text(text, encoding="utf-8")
            if target.exists():
                shutil.copymode(target, partial)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        msg = f"{out} cannot be written: {error.strerror}"
        raise InputError(msg) from error
