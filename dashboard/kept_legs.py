"""Ways from the cells of the grid to the roads, kept on disk: they take seconds to find.

They depend on the roads and on the grid, not on the sites, so one file serves every question.
"""

import zipfile
from pathlib import Path
from typing import IO, Final

import numpy as np

from dashboard import kept
from geo import surface
from geo.network import Access, Feet
from geo.surface import WINDOWS, Grid

SUFFIX: Final = ".legs"
MAX_FILES: Final = 2
"""One takes 70 MB: of the tables in use, and of the ones before."""
_FIELDS: Final = {"indptr": np.int32, "node": np.int32, "component": np.int32}
_FLOATS: Final = ("weight", "density")
_FEET: Final = {"point": np.int32, "edge": np.int32, "fraction": np.float64, "weight": np.float64}


def key_of(tables: str) -> str:
    """Name the legs of the grid.

    Parameters
    ----------
    tables : str
        Fingerprint of the tables.

    Returns
    -------
    str
        Hexadecimal digits; the code of the grid counts too.
    """
    return kept.key_of(tables, WINDOWS, Path(str(surface.__file__)).read_bytes())


def read(key: str, grid: Grid, folder: Path = kept.FOLDER) -> Access | None:
    """Read kept legs.

    Parameters
    ----------
    key : str
        From `key_of`.
    grid : Grid
        Whose cells they start from.
    folder : Path, optional
        Where results are kept.

    Returns
    -------
    Access or None
        None when there is none, or it is damaged.
    """
    try:
        with (
            (folder / f"{key}{SUFFIX}").open("rb") as file,
            np.load(file, allow_pickle=False) as stored,
        ):
            legs = {name: stored[name] for name in (*_FIELDS, *_FLOATS)}
            feet = {name: stored[f"feet_{name}"] for name in _FEET}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    if len(legs["component"]) != len(grid):
        return None
    wide = {name: legs[name].astype(np.int64) for name in _FIELDS}
    return Access(
        **wide,
        **{name: legs[name] for name in _FLOATS},
        vectors=grid.points.vectors,
        feet=Feet(
            feet["point"].astype(np.int64),
            feet["edge"].astype(np.int64),
            feet["fraction"],
            feet["weight"],
        ),
    )


def write(key: str, access: Access, folder: Path = kept.FOLDER) -> None:
    """Keep legs; the oldest ones go when there are more than `MAX_FILES`.

    Parameters
    ----------
    key : str
        From `key_of`.
    access : Access
        From `geo.surface.grid_access`.
    folder : Path, optional
        Where results are kept.
    """

    def save(file: IO[bytes]) -> None:
        arrays = {name: getattr(access, name).astype(kind) for name, kind in _FIELDS.items()}
        arrays |= {name: getattr(access, name) for name in _FLOATS}
        arrays |= {
            f"feet_{name}": getattr(access.feet, name).astype(kind) for name, kind in _FEET.items()
        }
        np.savez(file, **arrays)

    kept.put(folder / f"{key}{SUFFIX}", save, MAX_FILES)
