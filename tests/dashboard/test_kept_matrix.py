"""Ways between sites on disk: the same back, or none at all."""

from pathlib import Path

import numpy as np

from dashboard import kept_matrix
from geo.travel import TravelMatrix

WAYS = TravelMatrix(
    np.array([[1.5, np.inf], [np.nan, 0.0], [2.0, 3.0]], np.float32),
    np.array([[2.5, np.inf], [np.nan, 0.0], [4.0, 5.0]], np.float32),
)


def test_what_is_written_is_read_exactly(tmp_path: Path) -> None:
    kept_matrix.write("k", WAYS, tmp_path)
    found = kept_matrix.read("k", (3, 2), tmp_path)
    assert found is not None
    np.testing.assert_array_equal(found.minutes, WAYS.minutes)
    np.testing.assert_array_equal(found.distance_km, WAYS.distance_km)
    assert found.minutes.dtype == np.float32


def test_nothing_kept_damaged_or_of_other_sites_is_none(tmp_path: Path) -> None:
    assert kept_matrix.read("k", (3, 2), tmp_path) is None
    kept_matrix.write("k", WAYS, tmp_path)
    assert kept_matrix.read("k", (2, 3), tmp_path) is None
    path = tmp_path / "k.matrix"
    path.write_bytes(path.read_bytes()[:100])
    assert kept_matrix.read("k", (3, 2), tmp_path) is None


def test_the_newest_files_stay(tmp_path: Path) -> None:
    for name in "abcdefgh":
        kept_matrix.write(name, WAYS, tmp_path)
    assert len(list(tmp_path.glob("*.matrix"))) == kept_matrix.MAX_FILES
