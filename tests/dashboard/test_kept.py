"""Travel times on disk: the same back, or none at all."""

from pathlib import Path

import numpy as np
import pytest

from dashboard import kept
from dashboard.state import CentreQuery
from geo.travel import Nearest, TravelMatrix

FOUND = Nearest(
    np.array([1.5, np.inf, np.nan]), np.array([2.0, np.inf, np.nan]), np.array([7, -1, -1])
)

MATRIX = TravelMatrix(
    np.array([[1.5, np.inf, 2.0], [np.nan, 0.0, 4.0]], np.float32),
    np.array([[2.5, np.inf, 3.0], [np.nan, 0.0, 5.0]], np.float32),
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


def test_matrix_is_read_as_written(tmp_path: Path) -> None:
    kept.write_matrix("k", MATRIX, tmp_path)
    found = kept.read_matrix("k", (2, 3), tmp_path)
    assert found is not None
    for name in ("minutes", "distance_km"):
        np.testing.assert_array_equal(getattr(found, name), getattr(MATRIX, name))
        assert getattr(found, name).dtype == np.float32
        assert isinstance(getattr(found, name), np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        found.minutes[0, 0] = 7
    assert [path.name for path in tmp_path.iterdir()] == ["k.npy"]


def test_matrix_of_another_shape_is_not_taken(tmp_path: Path) -> None:
    kept.write_matrix("k", MATRIX, tmp_path)
    assert kept.read_matrix("k", (3, 2), tmp_path) is None
    assert kept.read_matrix("other", (2, 3), tmp_path) is None


def test_damaged_matrix_is_not_taken(tmp_path: Path) -> None:
    kept.write_matrix("k", MATRIX, tmp_path)
    path = tmp_path / "k.npy"
    whole = path.read_bytes()
    for broken in (whole[:-4], whole[:20], b"", b"x" * len(whole)):
        path.write_bytes(broken)
        assert kept.read_matrix("k", (2, 3), tmp_path) is None
    np.save(path, np.zeros((2, 2, 3)))  # double precision
    assert kept.read_matrix("k", (2, 3), tmp_path) is None


def test_matrices_and_nearest_files_do_not_push_each_other_out(tmp_path: Path) -> None:
    kept.write_matrix("m", MATRIX, tmp_path)
    for i in range(kept.MAX_FILES + 1):
        kept.write(f"k{i}", FOUND, tmp_path)
    assert kept.read_matrix("m", (2, 3), tmp_path) is not None
    for i in range(kept.MAX_MATRICES + 3):
        kept.write_matrix(f"m{i}", MATRIX, tmp_path)
    assert len(list(tmp_path.glob("*.npy"))) == kept.MAX_MATRICES
    assert len(list(tmp_path.glob("*.npz"))) == kept.MAX_FILES


def test_unfinished_file_is_not_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        msg = "No space left on device"
        raise OSError(msg)

    monkeypatch.setattr(np, "save", full)
    kept.write_matrix("k", MATRIX, tmp_path)
    assert list(tmp_path.iterdir()) == []
