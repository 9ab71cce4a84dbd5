"""Travel times kept on disk between starts, so that the first page needs no road search.

A file holds the way of every area to its nearest centre for one set of centres, or the way of every
area to every centre. Its name is a hash of all that decides the numbers: the tables, the code of
the road model, the centres asked for. Losing a file, or failing to write one, costs a few seconds
and nothing else.
"""

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

import numpy as np

from geo import network
from geo.network import Ints
from geo.travel import Nearest, Reach

FOLDER: Final = Path(__file__).resolve().parent.parent / ".cache" / "travel"
MAX_FILES: Final = 64
MAX_WAYS: Final = 2
"""Those to all centres take 61 MB: of the tables in use, and of the ones before."""
_MODEL: Final = Path(str(network.__file__)).parent
MAX_REACHES: Final = 8
"""Each takes about 30 MB."""
REACH_COLUMNS: Final = ("indptr", "origin", "minutes", "distance_km")
_CODE: Final = tuple(_MODEL / name for name in ("network.py", "travel.py", "search.py"))


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

    def save(file: IO[bytes]) -> None:
        np.savez(file, minutes=found.minutes, distance_km=found.distance_km, site=found.site)

    put(folder / f"{key}.npz", save, MAX_FILES)


def read_ways(key: str, shape: tuple[int, int], folder: Path = FOLDER) -> Ints | None:
    """Read kept ways.

    Parameters
    ----------
    key : str
        From `key_of`.
    shape : tuple of int
        Number of centres and of areas it must have.
    folder : Path, optional
        Where results are kept.

    Returns
    -------
    ndarray or None
        None when there is none, or it is damaged.
    """
    try:
        stored = np.load(folder / f"{key}.npy", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return stored if (stored.shape, stored.dtype) == (shape, np.int64) else None


def write_ways(key: str, found: Ints, folder: Path = FOLDER) -> None:
    """Keep ways; the oldest ones go when there are more than `MAX_WAYS`.

    Parameters
    ----------
    key : str
        From `key_of`.
    found : ndarray, shape (centres, areas)
        What to keep, from `geo.travel.Road.ways`.
    folder : Path, optional
        Where results are kept.
    """

    def save(file: IO[bytes]) -> None:
        np.save(file, found)

    put(folder / f"{key}.npy", save, MAX_WAYS)


def read_reach(key: str, n_origins: int, folder: Path = FOLDER) -> Reach | None:
    """Read the kept ways to candidate sites.

    Parameters
    ----------
    key : str
        From `key_of`.
    n_origins : int
        Number of areas it must have.
    folder : Path, optional
        Where results are kept.

    Returns
    -------
    Reach or None
        None when there is none, or it is damaged.
    """
    try:
        with (
            (folder / f"{key}.reach").open("rb") as file,
            np.load(file, allow_pickle=False) as stored,
        ):
            parts = {name: stored[name] for name in REACH_COLUMNS}
            found = Reach(int(stored["n_origins"]), **parts)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    sizes = {len(parts[name]) for name in REACH_COLUMNS[1:]}
    whole = sizes == {int(found.indptr[-1])} if len(found.indptr) else False
    return found if whole and found.n_origins == n_origins else None


def write_reach(key: str, found: Reach, folder: Path = FOLDER) -> None:
    """Keep the ways to candidate sites; the oldest go when there are more than `MAX_REACHES`.

    Parameters
    ----------
    key : str
        From `key_of`.
    found : Reach
        What to keep.
    folder : Path, optional
        Where results are kept.
    """

    def save(file: IO[bytes]) -> None:
        parts = {name: getattr(found, name) for name in REACH_COLUMNS}
        np.savez(file, n_origins=np.int64(found.n_origins), **parts)

    put(folder / f"{key}.reach", save, MAX_REACHES)


def put(path: Path, save: Callable[[IO[bytes]], None], most: int) -> None:
    """Write a whole file or none, then remove the oldest of its kind.

    Parameters
    ----------
    path : Path
        Where; its suffix is the kind.
    save : callable
        Writes to the open file.
    most : int
        Files of this kind to keep.
    """
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                save(file)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        same_kind = path.parent.glob(f"*{path.suffix}")
        by_age = sorted(same_kind, key=lambda other: other.stat().st_mtime)
        for other in by_age[:-most]:
            other.unlink()
