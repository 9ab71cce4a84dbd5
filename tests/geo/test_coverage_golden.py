"""Coverage of a grid that is counted by hand; see tests/golden/make_grid.py for the drawing.

The sums are written as arithmetic: area k has 2**k persons, so `2**0 + 2**4` reads "areas 0 and 4".
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.coverage import coverage, coverage_curve, coverage_of_columns, travel_distribution
from geo.equity import group_summary, weighted_quantile_groups

GOLDEN = Path(__file__).parents[1] / "golden"
ISLAND, UNKNOWN = 2**3, 2**12
EVERYBODY = 2**16 - 1
ROW_0 = 2**0 + 2**1 + 2**2 + 2**3
ROW_1 = 2**4 + 2**5 + 2**6 + 2**7
ROW_2 = 2**8 + 2**9 + 2**10 + 2**11
ROW_3 = 2**12 + 2**13 + 2**14 + 2**15


@pytest.fixture(scope="module")
def grid():
    return pd.read_csv(GOLDEN / "grid.csv")


@pytest.fixture
def minutes(grid):
    return grid["minutes_a"].to_numpy()


@pytest.fixture
def persons(grid):
    return grid["persons"].to_numpy()


def test_file_is_what_its_script_writes(grid):
    built = {}
    exec((GOLDEN / "make_grid.py").read_text(encoding="utf-8"), built)  # the drawing is the source
    pd.testing.assert_frame_equal(grid, pd.DataFrame(built["rows"]()))


def test_within_twenty_minutes_of_the_corner(minutes, persons):
    # Two steps from the top left: 0; 1 and 4 at one step; 2, 5 and 8 at two steps.
    result = coverage(minutes, persons, threshold=20)
    near = 2**0 + 2**1 + 2**4 + 2**2 + 2**5 + 2**8
    assert result.covered.tolist() == [near]
    assert result.unreachable.tolist() == [ISLAND]
    assert result.no_data.tolist() == [UNKNOWN]
    assert result.uncovered.tolist() == [EVERYBODY - near - ISLAND - UNKNOWN]
    assert result.population.tolist() == [EVERYBODY]
    assert result.share_covered.tolist() == [near / (EVERYBODY - UNKNOWN)]


def test_just_below_the_boundary_loses_the_boundary(minutes, persons):
    result = coverage(minutes, persons, threshold=np.nextafter(20.0, 0.0))
    assert result.covered.tolist() == [2**0 + 2**1 + 2**4]


def test_all_who_have_a_road_are_covered_at_sixty(minutes, persons):
    result = coverage(minutes, persons, threshold=60)
    assert result.covered.tolist() == [EVERYBODY - ISLAND - UNKNOWN]
    assert result.uncovered.tolist() == [0]


def test_second_site_takes_the_nearer_of_both(grid, persons):
    # Site B in the bottom right adds 15; 11 and 14; 7, 10 and 13.
    nearest = grid[["minutes_a", "minutes_b"]].min(axis=1, skipna=False).to_numpy()
    result = coverage(nearest, persons, threshold=20)
    from_a = 2**0 + 2**1 + 2**4 + 2**2 + 2**5 + 2**8
    from_b = 2**15 + 2**11 + 2**14 + 2**7 + 2**10 + 2**13
    assert result.covered.tolist() == [from_a + from_b]


def test_rows_of_the_grid_as_groups(grid, minutes, persons):
    result = coverage(minutes, persons, threshold=30, group=grid["row"].to_numpy(), n_groups=5)
    # Steps allowed: 3. Row 0 keeps 0 to 2 (3 is the island), row 1 keeps 4 to 6, row 2 keeps 8, 9;
    # row 3 starts at 12, which has no data, and 13 is at four steps. There is no row 4.
    assert result.covered.tolist() == [2**0 + 2**1 + 2**2, 2**4 + 2**5 + 2**6, 2**8 + 2**9, 0, 0]
    assert result.unreachable.tolist() == [2**3, 0, 0, 0, 0]
    assert result.no_data.tolist() == [0, 0, 0, 2**12, 0]
    assert result.population.tolist() == [ROW_0, ROW_1, ROW_2, ROW_3, 0]
    assert result.share_covered[:4].tolist() == [
        (2**0 + 2**1 + 2**2) / ROW_0,
        (2**4 + 2**5 + 2**6) / ROW_1,
        (2**8 + 2**9) / ROW_2,
        0 / (ROW_3 - 2**12),
    ]
    assert np.isnan(result.share_covered[4])


def test_columns_of_persons_as_groups(minutes, persons):
    even = np.where(np.arange(16) % 2 == 0, persons, 0)
    result = coverage_of_columns(
        minutes, np.column_stack([even, persons - even, persons]), threshold=20
    )
    assert result.covered.tolist() == [
        2**0 + 2**2 + 2**4 + 2**8,
        2**1 + 2**5,
        2**0 + 2**1 + 2**2 + 2**4 + 2**5 + 2**8,
    ]
    assert result.no_data.tolist() == [UNKNOWN, 0, UNKNOWN]


def test_curve_counts_diagonals(minutes, persons):
    # A threshold of 10 s keeps the diagonals of the grid up to s steps.
    curve = coverage_curve(minutes, persons, thresholds=[5, 10, 20, 59.9, 60])
    assert curve.covered.tolist() == [
        2**0,
        2**0 + 2**1 + 2**4,
        2**0 + 2**1 + 2**4 + 2**2 + 2**5 + 2**8,
        EVERYBODY - ISLAND - UNKNOWN - 2**15,
        EVERYBODY - ISLAND - UNKNOWN,
    ]
    assert (curve.unreachable, curve.no_data, curve.population) == (ISLAND, UNKNOWN, EVERYBODY)


def test_distribution_counts_each_diagonal_once(minutes, persons):
    result = travel_distribution(minutes, persons, edges=[10, 20, 40])
    assert result.below == 2**0
    # The first bin has both its edges: one step (1, 4) and two steps (2, 5, 8).
    assert result.persons.tolist() == [
        2**1 + 2**4 + 2**2 + 2**5 + 2**8,
        2**6 + 2**9 + 2**7 + 2**10 + 2**13,
    ]
    assert result.above == 2**11 + 2**14 + 2**15
    assert (result.unreachable, result.no_data) == (ISLAND, UNKNOWN)
    assert result.population == EVERYBODY


def test_percentiles_of_the_grid(grid, minutes, persons):
    summary = group_summary(minutes, persons, threshold=20, group=grid["row"].to_numpy())
    # Row 0 is 1, 2, 4 persons at 0, 10, 20 minutes and 8 of 15 on the island: the median person
    # (the 8th) is on the island. Row 1 is 16, 32, 64, 128 at 10, 20, 30, 40: the 120th is at 40.
    # Row 2 the same pattern at 20 to 50. Row 3 without area 12: 8192, 16384, 32768 at 40, 50, 60.
    assert summary.median.tolist() == [np.inf, 40.0, 50.0, 60.0]
    # 10%: the 2nd person of row 0, the 24th of row 1 (16 are nearer), the 384th, the 5735th.
    assert summary.p10.tolist() == [10.0, 20.0, 30.0, 40.0]
    assert summary.p90.tolist() == [np.inf, 40.0, 50.0, 60.0]
    frame = summary.to_frame(["row 0", "row 1", "row 2", "row 3"])
    assert frame.columns.tolist() == [
        *("group", "population", "covered", "uncovered", "unreachable", "no_data"),
        *("share_covered", "share_low", "share_high", "median", "p10", "p90"),
    ]
    assert frame["population"].sum() == EVERYBODY


def test_income_groups_of_the_grid():
    # Income rises with the area's number; 16 areas of 10 persons, 4 groups of 4 areas.
    codes = weighted_quantile_groups(np.arange(16) * 1000.0, np.full(16, 10), n_groups=4)
    assert codes.tolist() == [0] * 4 + [1] * 4 + [2] * 4 + [3] * 4
