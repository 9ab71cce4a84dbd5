"""Legs of the grid on disk: the same back, or none at all."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from dashboard import kept_legs
from geo.network import Access, Feet
from geo.surface import Grid, Window


@pytest.fixture
def grid() -> Grid:
    land = np.array([shapely.box(-100, 40, -99.9, 40.1)])
    return Grid.over(land, (Window("W", -101.0, 39.0, 0.1, 0.1, 30, 30),))


def legs(grid: Grid) -> Access:
    count = len(grid)
    rng = np.random.default_rng(1)
    return Access(
        np.arange(count + 1), rng.integers(0, 99, count), rng.random(count) * 2.0**50,
        np.full(count, -1), rng.random(count), grid.points.vectors,
        Feet(np.arange(count), rng.integers(0, 99, count), rng.random(count), rng.random(count)),
    )  # fmt: skip


def test_what_is_written_is_read_exactly(grid: Grid, tmp_path: Path) -> None:
    wanted = legs(grid)
    kept_legs.write("k", wanted, tmp_path)
    found = kept_legs.read("k", grid, tmp_path)
    assert found is not None
    for name in ("indptr", "node", "weight", "component", "density", "vectors"):
        np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name))
        assert getattr(found, name).dtype == getattr(wanted, name).dtype
    for name in ("point", "edge", "fraction", "weight"):
        np.testing.assert_array_equal(getattr(found.feet, name), getattr(wanted.feet, name))


def test_nothing_kept_damaged_or_of_another_grid_is_none(grid: Grid, tmp_path: Path) -> None:
    assert kept_legs.read("k", grid, tmp_path) is None
    kept_legs.write("k", legs(grid), tmp_path)
    other = Grid.over(np.array([shapely.box(-100, 40, -99, 41)]), grid.windows)
    assert kept_legs.read("k", other, tmp_path) is None
    path = tmp_path / "k.legs"
    path.write_bytes(path.read_bytes()[:200])
    assert kept_legs.read("k", grid, tmp_path) is None


def test_the_newest_files_stay(grid: Grid, tmp_path: Path) -> None:
    for name in "abc":
        kept_legs.write(name, legs(grid), tmp_path)
    assert len(list(tmp_path.glob("*.legs"))) == kept_legs.MAX_FILES


def test_the_key_depends_on_the_tables() -> None:
    assert kept_legs.key_of("one") != kept_legs.key_of("two")
    assert kept_legs.key_of("one") == kept_legs.key_of("one")
