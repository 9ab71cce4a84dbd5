"""Hospital tables that a user may add: where treatment could be offered.

Two public tables are known by their columns: Hospital General Information of the Centers for
Medicare & Medicaid Services (CMS), which has no coordinates, and Hospitals of Homeland
Infrastructure Foundation-Level Data (HIFLD), which has.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

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

CMS: Final = "cms"
HIFLD: Final = "hifld"
CMS_COLUMNS: Final = ("Facility ID", "Facility Name", "ZIP Code", "Hospital Type")
HIFLD_COLUMNS: Final = ("ID", "NAME", "LATITUDE", "LONGITUDE", "TYPE", "STATUS")
ACUTE: Final[Mapping[str, frozenset[str]]] = {
    CMS: frozenset(
        {
            "acute care hospitals",
            "acute care - veterans administration",
            "acute care - department of defense",
            "childrens",
            "critical access hospitals",
        }
    ),
    HIFLD: frozenset(
        {
            "general acute care",
            "children",
            "critical access",
            "military",
            "special",
            "women",
        }
    ),
}
"""Types that are kept. HIFLD counts cancer hospitals as special."""
CLOSED: Final = "closed"
NOT_ACUTE: Final = "without acute care"
NO_PLACE: Final = "with unknown ZIP code and city"
ROOFTOP, SECONDARY, ZIP_CENTROID, CITY_CENTROID = (
    "rooftop",
    "point_secondary",
    "zip_centroid",
    "city_centroid",
)
_CCN_DIGITS: Final = 6
_HIFLD_DIGITS: Final = 10
_ZIP_DIGITS: Final = 5
_SHORTEST_ZIP: Final = 3
"""Spreadsheets drop leading zeros: 00601 becomes 601."""


@dataclass(frozen=True, slots=True, eq=False)
class Hospitals:
    """Hospitals of a table, and how many of it were left out.

    Parameters
    ----------
    frame : DataFrame
        Columns id ("cms:010001" or "hifld:0001336420"), name, address, city, state, zip, type,
        lat, lon, coord_quality, beds (nan where unknown), in the order of the file.
    left_out : dict of str to int
        Rows by the reason for which they are not in `frame`; reasons without rows are left out.
    source : {"cms", "hifld"}
        Which table it was.
    """

    frame: pd.DataFrame
    left_out: dict[str, int]
    source: str


def read_hospitals(source: Path | str | bytes, zcta: pd.DataFrame) -> Hospitals:
    """Read a table of hospitals.

    Parameters
    ----------
    source : Path, str or bytes
        CMS Hospital General Information or HIFLD Hospitals as a CSV file, or its content. Names
        of columns in upper or lower case; comma, semicolon or tab between values; UTF-8 or
        Latin-1. Other columns are left out.
    zcta : DataFrame
        Columns zcta, city, state, population, lat, lon: gives CMS hospitals their coordinates,
        those of their ZIP area, or else those of the ZIP area of their city with most people.

    Returns
    -------
    Hospitals
        Open acute care hospitals.

    Raises
    ------
    UserFileError
        Lists every problem with its row, counted as a text editor counts lines.
    """
    raw = read_table(source)
    if is_hospital_table(raw, HIFLD):
        return _hifld(raw)
    if is_hospital_table(raw, CMS):
        return _cms(raw, zcta)
    wanted = HIFLD_COLUMNS if named(raw, ("latitude",)) else CMS_COLUMNS
    title = {CMS_COLUMNS: "CMS Hospital General Information", HIFLD_COLUMNS: "HIFLD Hospitals"}
    advice = (
        f"nearest to it is the table {title[wanted]}: add that as it was downloaded, or sites of "
        "your own with columns name, lat, lon"
    )
    raise UserFileError([*missing_columns(raw, *((name,) for name in wanted)), advice])


def is_hospital_table(raw: pd.DataFrame, source: str = "") -> bool:
    """Say whether a table has the columns of CMS or HIFLD, or of one of them."""
    kinds = {CMS: CMS_COLUMNS, HIFLD: HIFLD_COLUMNS}
    return any(
        not missing_columns(raw, *((name,) for name in columns))
        for kind, columns in kinds.items()
        if source in ("", kind)
    )


def _hifld(raw: pd.DataFrame) -> Hospitals:
    lat_name, lon_name = named(raw, ("latitude",)), named(raw, ("longitude",))
    assert lat_name is not None
    assert lon_name is not None
    lat, lat_problems = degrees(raw[lat_name], 90, may_be_empty=False)
    lon, lon_problems = degrees(raw[lon_name], 180, may_be_empty=False)
    identity = _padded(column(raw, "id"), _HIFLD_DIGITS)
    raise_if_any(
        [
            *swap_hint(lat_name, lon_name, raw),
            *_named_problems(identity, column(raw, "name"), "ID", "NAME"),
            *lat_problems,
            *lon_problems,
        ]
    )
    beds = pd.to_numeric(column(raw, "beds"), errors="coerce")
    imagery = column(raw, "val_method").str.upper().str.startswith("IMAGERY")
    frame = pd.DataFrame(
        {
            "id": f"{HIFLD}:" + identity,
            "name": column(raw, "name"),
            "address": column(raw, "address"),
            "city": column(raw, "city"),
            "state": column(raw, "state").str.upper(),
            "zip": column(raw, "zip"),
            "type": column(raw, "type"),
            "lat": lat,
            "lon": lon,
            "coord_quality": np.where(imagery, ROOFTOP, SECONDARY),
            "beds": beds.where(beds > 0).astype("float64"),
        }
    )
    reasons = {
        CLOSED: column(raw, "status").str.upper() == "CLOSED",
        NOT_ACUTE: ~frame["type"].str.lower().isin(ACUTE[HIFLD]),
    }
    return _kept(frame, reasons, HIFLD)


def _cms(raw: pd.DataFrame, zcta: pd.DataFrame) -> Hospitals:
    identity = _padded(column(raw, "facility id").str.upper(), _CCN_DIGITS)
    names = column(raw, "facility name")
    codes = column(raw, "zip code")
    digits = codes.str.split("-").str[0]
    usable = digits.str.fullmatch(rf"\d{{{_SHORTEST_ZIP},{_ZIP_DIGITS}}}")
    raise_if_any(
        [
            *_named_problems(identity, names, "Facility ID", "Facility Name"),
            *(
                f"row {row}: ZIP Code is {codes[row]!r}; expected five digits"
                for row in codes.index[~usable]
            ),
        ]
    )
    frame = pd.DataFrame(
        {
            "id": f"{CMS}:" + identity,
            "name": names,
            "address": column(raw, "address"),
            "city": _either(raw, "city/town", "city"),
            "state": column(raw, "state").str.upper(),
            "zip": digits.str.zfill(_ZIP_DIGITS),
            "type": column(raw, "hospital type"),
        }
    )
    frame = _located(frame, zcta).assign(beds=np.nan)
    reasons = {
        NOT_ACUTE: ~frame["type"].str.lower().isin(ACUTE[CMS]),
        NO_PLACE: frame["lat"].isna(),
    }
    return _kept(frame, reasons, CMS)


def _located(frame: pd.DataFrame, zcta: pd.DataFrame) -> pd.DataFrame:
    """Take coordinates from the ZIP area, or else from the city's largest."""
    areas = zcta.set_index("zcta")[["lat", "lon"]]
    here = areas.reindex(frame["zip"])
    largest = zcta.sort_values(["population", "zcta"], ascending=[False, True])
    towns = largest.assign(key=_town(largest)).drop_duplicates("key").set_index("key")
    town = towns[["lat", "lon"]].reindex(_town(frame))
    own = here["lat"].notna().to_numpy()
    return frame.assign(
        lat=np.where(own, here["lat"], town["lat"]),
        lon=np.where(own, here["lon"], town["lon"]),
        coord_quality=np.where(own, ZIP_CENTROID, CITY_CENTROID),
    )


def _town(frame: pd.DataFrame) -> pd.Series:
    return frame["city"].str.casefold() + ", " + frame["state"]


def _padded(identity: pd.Series, digits: int) -> pd.Series:
    """Give numbers the leading zeros that spreadsheets drop."""
    return identity.where(identity == "", identity.str.zfill(digits))


def _either(raw: pd.DataFrame, *names: str) -> pd.Series:
    found = next((name for name in names if named(raw, (name,))), names[0])
    return column(raw, found)


def _named_problems(
    identity: pd.Series, names: pd.Series, id_title: str, name_title: str
) -> list[str]:
    return [
        *(f"row {row}: {id_title} is empty" for row in identity.index[identity == ""]),
        *duplicates(identity[identity != ""]),
        *(f"row {row}: {name_title} is empty" for row in names.index[names == ""]),
    ]


def _kept(frame: pd.DataFrame, reasons: Mapping[str, pd.Series], source: str) -> Hospitals:
    """Drop rows for the first reason that holds, and count them."""
    keep = pd.Series(data=True, index=frame.index)
    left_out = {}
    for reason, holds in reasons.items():
        count = int((keep & holds).sum())
        if count:
            left_out[reason] = count
        keep &= ~holds
    return Hospitals(frame[keep].reset_index(drop=True), left_out, source)
