"""A short name for the exact bytes of some tables, to key caches and to mark results."""

import hashlib
from pathlib import Path

from data.catalogue import DATASETS, dataset
from data.datapackage import checksums
from data.errors import IntegrityError
from data.load import TABLES


def fingerprint(*names: str, folder: Path = TABLES) -> str:
    """Fingerprint of tables.

    Parameters
    ----------
    *names : str
        Tables; all of them when none is named. Order and repetition do not matter.
    folder : Path
        Folder of tables with its `datapackage.json`.

    Returns
    -------
    str
        12 hexadecimal digits that change when any of the tables changes.

    Raises
    ------
    UnknownDatasetError
        There is no such table.
    IntegrityError
        `datapackage.json` does not describe one of the tables.
    """
    wanted = sorted({dataset(name).name for name in names} or set(DATASETS))
    recorded = checksums(folder)
    missing = [name for name in wanted if name not in recorded]
    if missing:
        raise IntegrityError([f"datapackage.json does not describe {name}" for name in missing])
    text = "\n".join(f"{name} {recorded[name]}" for name in wanted)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
