"""Ways from every collection site to every centre and airport, kept on disk between starts.

They depend on the tables and on the code of the road model, not on what a reader chooses, so one
file serves every question.
"""

import zipfile
from pathlib import Path
from typing import IO, Final

import numpy as np

from dashboard import kept
from geo.travel import TravelMatrix

SUFFIX: Final = ".matrix"
MAX_FILES: Final = 6
"""Each takes some 1 MB; three travel models, of the tables in use and of the ones before."""


def read(key: str, shape: tuple[int, int], folder: Path = kept.FOLDER) -> TravelMatrix | None:
    """Read kept ways.

    Parameters
    ----------
    key : str
        From `kept.key_of`.
    shape : tuple of int
        Number of origins and of sites it must have.
    folder : Path, optional
        Where results are kept.

    Returns
    -------
    TravelMatrix or None
        None when there is none, or it is damaged.
    """
    try:
        with (
            (folder / f"{key}{SUFFIX}").open("rb") as file,
            np.load(file, allow_pickle=False) as stored,
        ):
            found = TravelMatrix(stored["minutes"], stored["distance_km"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return found if found.minutes.shape == found.distance_km.shape == shape else None


def write(key: str, found: TravelMatrix, folder: Path = kept.FOLDER) -> None:
    """Keep ways; the oldest go when there are more than `MAX_FILES`.

    Parameters
    ----------
    key : str
        From `kept.key_of`.
    found : TravelMatrix
        What to keep.
    folder : Path, optional
        Where results are kept.
    """

    def save(file: IO[bytes]) -> None:
        np.savez(file, minutes=found.minutes, distance_km=found.distance_km)

    kept.put(folder / f"{key}{SUFFIX}", save, MAX_FILES)
