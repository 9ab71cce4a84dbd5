"""Travel times on disk: the same back, or none at all."""

from pathlib import Path

import numpy as np

from dashboard import kept
from dashboard.state import CentreQuery
from geo.travel import Nearest

FOUND = Nearest(
    np.array([1.5, np.inf, np.nan]), np.array([2.0, np.inf, np.nan]), np.array([7, -1, -1])
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    kept.write("k", FOUND, tmp_path)
    found = kept.read("k", 3, tmp_path)
    assert found is not None
    for name in ("minutes", "distance_km", "site"):
        np.testing.assert_array_equal(getattr(found, name), getattr(FOUND, name))


def test_nothing_kept_is_none(tmp_path: Path) -> None:
    assert kept.read("k", 3, tmp_path) is None


def test_another_number_of_areas_is_not_taken(tmp_path: Path) -> None:
    kept.write("k", FOUND, tmp_path)
    assert kept.read("k", 4, tmp_path) is None


def test_damaged_file_is_not_taken(tmp_path: Path) -> None:
    kept.write("k", FOUND, tmp_path)
    path = tmp_path / "k.npz"
    path.write_bytes(path.read_bytes()[:100])
    assert kept.read("k", 3, tmp_path) is None
    path.write_bytes(b"")
    assert kept.read("k", 3, tmp_path) is None


def test_folder_stays_bounded(tmp_path: Path) -> None:
    for i in range(kept.MAX_FILES + 5):
        kept.write(f"k{i}", FOUND, tmp_path)
    assert len(list(tmp_path.glob("*"))) == kept.MAX_FILES


def test_unwritable_folder_is_harmless(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    kept.write("k", FOUND, blocked)
    assert kept.read("k", 3, blocked) is None


def test_key_depends_on_every_part() -> None:
    keys = {
        kept.key_of("a", "road", CentreQuery(), "adult"),
        kept.key_of("b", "road", CentreQuery(), "adult"),
        kept.key_of("a", "road", CentreQuery("til"), "adult"),
        kept.key_of("a", "road", CentreQuery(), "pediatric"),
    }
    assert len(keys) == 4
    assert kept.key_of("a", "road", CentreQuery(), "adult") in keys
