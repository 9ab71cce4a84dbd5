"""Slots: patients a year that each centre can treat, assumed or as the reader says (pure).

No register lists them, so a centre's slots follow from its beds and the ages it treats, by the
table `slot_assumptions`; a reader changes any of them in a table, by a file, or all at once.
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard.patient_state import MOST_ITEMS, MOST_SLOTS, PatientSettings, Slots
from data.adapters.csv_tables import (
    column,
    duplicates,
    missing_columns,
    named,
    raise_if_any,
    read_table,
)
from data.errors import UserFileError
from geo.results import Floats

PER_BEDS: Final = 100
PERCENT: Final = 100.0
ADULT: Final = "adult"
BOTH: Final = "adult+pediatric"
CHILD: Final = "pediatric"
KEYS: Final = {
    ADULT: "adults_per_100_beds",
    BOTH: "both_per_100_beds",
    CHILD: "children_per_100_beds",
}
"""Ages that a centre treats, and the row of the table that gives its slots."""
AGES: Final = {ADULT: "Adults", BOTH: "Adults and children", CHILD: "Children"}
ASSUMED: Final = "assumed, from beds"
ASSUMED_BEDS: Final = "assumed, beds not known"
NEW: Final = "assumed, new site"
YOURS: Final = "yours"
_ID: Final = ("site", "id")
_NUMBER: Final = ("slots", "slots_a_year")


def assumption(table: pd.DataFrame, key: str) -> float:
    """Give one number of the table.

    Parameters
    ----------
    table : DataFrame
        `data.load.slot_assumptions`.
    key : str
        Of its rows.
    """
    return float(table.loc[table["key"] == key, "value"].iloc[0])


def assumed(beds: Floats, ages: Sequence[str], table: pd.DataFrame) -> Floats:
    """Slots a year by beds and ages treated.

    Parameters
    ----------
    beds : ndarray, shape (m,)
        Staffed beds; nan where they are not known.
    ages : sequence of str
        Keys of `KEYS`.
    table : DataFrame
        `data.load.slot_assumptions`.

    Returns
    -------
    ndarray, shape (m,)
        Whole patients a year.

    Examples
    --------
    >>> rows = {"adults_per_100_beds": 50, "both_per_100_beds": 50,
    ...         "children_per_100_beds": 15, "beds_unknown": 400}
    >>> table = pd.DataFrame({"key": list(rows), "value": list(rows.values())})
    >>> assumed(np.array([600.0, 200.0, np.nan]), ["adult", "pediatric", "adult"], table).tolist()
    [300.0, 30.0, 200.0]
    """
    level = {who: assumption(table, key) for who, key in KEYS.items()}
    known = np.where(np.isnan(beds), assumption(table, "beds_unknown"), beds)
    slots: Floats = np.rint(known * np.array([level[who] for who in ages]) / PER_BEDS)
    return slots


def table_of(
    centres: pd.DataFrame, new: pd.DataFrame, settings: PatientSettings, table: pd.DataFrame
) -> pd.DataFrame:
    """List the slots of all sites.

    Parameters
    ----------
    centres : DataFrame
        Treatment centres that count, or a reader's own facilities: id, name, lat, lon,
        treats_adults, treats_children, and where known state and beds.
    new : DataFrame
        New sites: id, name, state, lat, lon. They treat everybody.
    settings : PatientSettings
        Own slots of sites, of new sites, and the percentage of all that are assumed.
    table : DataFrame
        `data.load.slot_assumptions`.

    Returns
    -------
    DataFrame
        Centres, then new sites: id, name, state, lat, lon, new (bool), ages, beds (nan where not
        known), assumed (slots a year by the table), slots (those that count), basis.
    """
    size = len(centres) + len(new)
    grown, young = (
        np.append(centres[name].to_numpy(dtype=bool), np.ones(len(new), dtype=bool))
        for name in ("treats_adults", "treats_children")
    )
    ages = np.where(grown & young, BOTH, np.where(young, CHILD, ADULT))
    beds = np.full(size, np.nan)
    if "beds" in centres:
        beds[: len(centres)] = centres["beds"].to_numpy(dtype=np.float64, na_value=np.nan)
    by_table = assumed(beds, ages.tolist(), table)
    by_table[len(centres) :] = new_slots(settings, table)
    scaled = np.rint(by_table * settings.slots_percent / PERCENT)
    scaled[len(centres) :] = by_table[len(centres) :]
    ids = pd.concat([centres["id"], new["id"]], ignore_index=True)
    own = ids.map({one.site: float(one.a_year) for one in settings.slots}).to_numpy(np.float64)
    basis = np.where(np.isnan(beds), ASSUMED_BEDS, ASSUMED).astype(object)
    basis[len(centres) :] = NEW
    basis[~np.isnan(own)] = YOURS
    return pd.DataFrame(
        {
            "id": ids,
            "name": pd.concat([centres["name"], new["name"]], ignore_index=True),
            "state": np.append(_states(centres), _states(new)),
            "lat": pd.concat([centres["lat"], new["lat"]], ignore_index=True),
            "lon": pd.concat([centres["lon"], new["lon"]], ignore_index=True),
            "new": np.arange(size) >= len(centres),
            "ages": ages,
            "beds": beds,
            "assumed": by_table,
            "slots": np.where(np.isnan(own), scaled, own),
            "basis": basis,
        }
    )


def new_slots(settings: PatientSettings, table: pd.DataFrame) -> float:
    """Slots a year of each new site."""
    if settings.new_slots is not None:
        return float(settings.new_slots)
    return assumption(table, "new_site")


def _states(frame: pd.DataFrame) -> Any:  # noqa: ANN401 - an array of text
    return frame["state"].to_numpy() if "state" in frame else np.full(len(frame), "")


def edited(
    settings: PatientSettings, frame: pd.DataFrame, edits: Mapping[int, Mapping[str, Any]]
) -> tuple[Slots, ...]:
    """Take the changes of a table of slots.

    Parameters
    ----------
    settings : PatientSettings
        With own slots so far.
    frame : DataFrame
        From `table_of`, as it was shown.
    edits : mapping of int to mapping
        Row, and what was written there; an emptied cell goes back to the assumption.

    Returns
    -------
    tuple of Slots
        In order of the sites' ids, at most as many as a URL holds.
    """
    own = {one.site: one for one in settings.slots}
    for row, changes in edits.items():
        if "slots" not in changes:
            continue
        site, count = str(frame["id"].iloc[int(row)]), changes["slots"]
        if count is None:
            own.pop(site, None)
        else:
            own[site] = Slots(site, min(max(round(float(count)), 0), MOST_SLOTS))
    return tuple(own[site] for site in sorted(own))[:MOST_ITEMS]


def read_file(source: Path | str | bytes, sites: Collection[str]) -> tuple[Slots, ...]:
    """Read slots from a file.

    Parameters
    ----------
    source : Path, str or bytes
        A CSV file or its content: columns site (or id) and slots. Other columns are left out, so
        that the downloaded table can be changed and given back. Separators, encodings and case as
        in `data.adapters.user_files.read_facilities`.
    sites : collection of str
        Identifiers that exist.

    Returns
    -------
    tuple of Slots
        In order of the sites' ids.

    Raises
    ------
    UserFileError
        Lists every problem with its row, counted as a text editor counts lines.
    """
    raw = read_table(source)
    site_name, number_name = named(raw, _ID), named(raw, _NUMBER)
    if site_name is None or number_name is None:
        raise UserFileError(missing_columns(raw, _ID, _NUMBER))
    ids, numbers = column(raw, site_name), column(raw, number_name)
    found: dict[str, Slots] = {}
    problems = []
    for (at, site), text in zip(ids.items(), numbers, strict=True):
        if site not in sites:
            problems.append(f"row {at}: there is no site {site[:40]!r}")
        count = pd.to_numeric(text, errors="coerce")
        if not (0 <= count <= MOST_SLOTS) or count != round(count):
            problems.append(
                f"row {at}: slots is {text[:40]!r}; expected a whole number from 0 to "
                f"{MOST_SLOTS:,}"
            )
        else:
            found[site] = Slots(site, int(count))
    if len(ids) > MOST_ITEMS:
        problems.append(f"there are {len(ids):,} rows; at most {MOST_ITEMS} sites can be set")
    raise_if_any([*problems, *duplicates(ids)])
    return tuple(found[site] for site in sorted(found))
