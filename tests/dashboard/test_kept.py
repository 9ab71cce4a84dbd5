"""Travel times on disk: the same back, or none at all."""

from pathlib import Path

import numpy as np
import pytest

from dashboard import kept
from dashboard.state import CentreQuery
from geo.travel import NO_WAY, Nearest

FOUND = Nearest(
    np.array([1.5, np.inf, np.nan]), np.array([2.0, np.inf, np.nan]), np.array([7, -1, -1])
)

WAYS = np.array([[1, 2, NO_WAY], [4, 0, 6]])


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


def test_ways_are_read_as_written(tmp_path: Path) -> None:
    kept.write_ways("k", WAYS, tmp_path)
    found = kept.read_ways("k", (2, 3), tmp_path)
    assert found is not None
    np.testing.assert_array_equal(found, WAYS)
    assert [path.name for path in tmp_path.iterdir()] == ["k.npy"]


def test_ways_of_another_shape_are_not_taken(tmp_path: Path) -> None:
    kept.write_ways("k", WAYS, tmp_path)
    assert kept.read_ways("k", (3, 2), tmp_path) is None
    assert kept.read_ways("other", (2, 3), tmp_path) is None


def test_damaged_ways_are_not_taken(tmp_path: Path) -> None:
    kept.write_ways("k", WAYS, tmp_path)
    path = tmp_path / "k.npy"
    whole = path.read_bytes()
    for broken in (whole[:-4], whole[:20], b"", b"x" * len(whole)):
        path.write_bytes(broken)
        assert kept.read_ways("k", (2, 3), tmp_path) is None
    np.save(path, np.zeros((2, 3)))  # no whole numbers
    assert kept.read_ways("k", (2, 3), tmp_path) is None


def test_ways_and_nearest_files_do_not_push_each_other_out(tmp_path: Path) -> None:
    kept.write_ways("m", WAYS, tmp_path)
    for i in range(kept.MAX_FILES + 1):
        kept.write(f"k{i}", FOUND, tmp_path)
    assert kept.read_ways("m", (2, 3), tmp_path) is not None
    for i in range(kept.MAX_WAYS + 3):
        kept.write_ways(f"m{i}", WAYS, tmp_path)
    assert len(list(tmp_path.glob("*.npy"))) == kept.MAX_WAYS
    assert len(list(tmp_path.glob("*.npz"))) == kept.MAX_FILES


def test_unfinished_file_is_not_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        msg = "No space left on device"
        raise OSError(msg)

    monkeypatch.setattr(np, "save", full)
    kept.write_ways("k", WAYS, tmp_path)
    assert list(tmp_path.iterdir()) == []
