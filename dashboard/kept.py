"""Travel times kept on disk between starts, so that the first page needs no road search.

A file holds the way of every area to its nearest centre for one set of centres. Its name is a hash
of all that decides the numbers: the tables, the code of the road model, the centres asked for.
Losing a file, or failing to write one, costs a few seconds and nothing else.
"""

import hashlib
import os
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np

from geo import network, travel
from geo.travel import Nearest

FOLDER: Final = Path(__file__).resolve().parent.parent / ".cache" / "travel"
MAX_FILES: Final = 64
_CODE: Final = tuple(Path(str(module.__file__)) for module in (network, travel))


def key_of(*parts: object) -> str:
    """Name of a kept result.

    Parameters
    ----------
    *parts : object
        What the result depends on beyond the code of the road model; their `repr` counts.

    Returns
    -------
    str
        Hexadecimal digits.
    """
    digest = hashlib.sha256()
    for path in _CODE:
        digest.update(path.read_bytes())
    digest.update("\n".join(repr(part) for part in parts).encode())
    return digest.hexdigest()[:32]


def read(key: str, size: int, folder: Path = FOLDER) -> Nearest | None:
    """Read a kept result.

    Parameters
    ----------
    key : str
        From `key_of`.
    size : int
        Number of areas it must have.
    folder : Path, optional
        Where results are kept.

    Returns
    -------
    Nearest or None
        None when there is none, or it is damaged.
    """
    try:
        with (
            (folder / f"{key}.npz").open("rb") as file,
            np.load(file, allow_pickle=False) as stored,
        ):
            found = Nearest(stored["minutes"], stored["distance_km"], stored["site"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    shapes = {found.minutes.shape, found.distance_km.shape, found.site.shape}
    return found if shapes == {(size,)} else None


def write(key: str, found: Nearest, folder: Path = FOLDER) -> None:
    """Keep a result; the oldest ones go when there are more than `MAX_FILES`.

    Parameters
    ----------
    key : str
        From `key_of`.
    found : Nearest
        What to keep.
    folder : Path, optional
        Where results are kept.
    """
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as file:
            np.savez(file, minutes=found.minutes, distance_km=found.distance_km, site=found.site)
        Path(temporary).replace(folder / f"{key}.npz")
        by_age = sorted(folder.glob("*.npz"), key=lambda path: path.stat().st_mtime)
        for path in by_age[:-MAX_FILES]:
            path.unlink()
