"""Deserts on grids drawn as letters, and against a flood fill in plain Python.

Maps are drawn north up: `#` is land beyond the threshold, `.` land within it, a space is sea. Cells
are one degree wide, and the grid begins at longitude -100 and latitude 30.
"""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.deserts import NONE, Deserts, cell_regions, find_deserts, home_cells, outlines, profile
from geo.errors import InputError
from geo.network import Ints
from geo.surface import Grid, Window
from geo.travel import Points

WEST, SOUTH = -100.0, 30.0


def grid_of(*lines: str) -> Grid:
    """Land wherever there is a letter; the sea around is one ring of cells more."""
    boxes = [
        shapely.box(WEST + x, SOUTH + y, WEST + x + 1, SOUTH + y + 1)
        for y, line in enumerate(reversed(lines))
        for x, letter in enumerate(line)
        if letter != " "
    ]
    window = Window("test", WEST, SOUTH, 1.0, 1.0, len(lines), max(map(len, lines)))
    return Grid.over(np.array(boxes), [window])


def letters(grid: Grid, *lines: str) -> list[str]:
    """Letter of each cell."""
    drawn = [line.ljust(grid.windows[0].columns) for line in reversed(lines)]
    return [drawn[row][column] for row, column in zip(grid.row, grid.column, strict=True)]


def cells(grid: Grid, xy: list[tuple[int, int]]) -> Ints:
    """Cells by (column, row), counted from the south-west."""
    x, y = np.array(xy, dtype=float).reshape(-1, 2).T + 0.5
    return grid.cell_of(SOUTH + y, WEST + x)


def deserts_of(
    lines: tuple[str, ...],
    people: list[tuple[int, int]],
    *,
    away: list[bool] | None = None,
    state_line: int | None = None,
) -> tuple[Grid, Deserts]:
    """Deserts of a drawing with people at some cells, all of them beyond unless said otherwise."""
    grid = grid_of(*lines)
    beyond = np.array([letter == "#" for letter in letters(grid, *lines)])
    region = np.zeros(len(grid), dtype=np.int64)
    if state_line is not None:
        region = (grid.column >= state_line).astype(np.int64)
    own = np.array([True] * len(people) if away is None else away, dtype=bool)
    return grid, find_deserts(grid.adjacent, beyond, region, cells(grid, people), own)


def test_cells_that_touch_at_a_corner_are_two_deserts() -> None:
    _, found = deserts_of(("..#", "##.", "##."), [(0, 0), (2, 2)])
    assert found.count == 2
    assert found.row.tolist() == [0, 1]
    assert np.bincount(found.cell[found.cell != NONE]).tolist() == [4, 1]


def test_a_state_line_cuts_a_desert() -> None:
    drawing = ("####", "####")
    assert deserts_of(drawing, [(0, 0), (3, 1)])[1].row.tolist() == [0, 0]
    assert deserts_of(drawing, [(0, 0), (3, 1)], state_line=2)[1].row.tolist() == [0, 1]


def test_the_sea_parts_deserts() -> None:
    assert deserts_of(("## ##", "## ##"), [(0, 0), (4, 0)])[1].row.tolist() == [0, 1]


def test_a_town_within_is_a_hole() -> None:
    grid, found = deserts_of(("###", "#.#", "###"), [(0, 0)])
    (shape,) = outlines(grid, found)
    assert shape.is_valid
    assert shape.area == pytest.approx(8)
    assert len(shape.interiors) == 1
    assert not shape.contains(shapely.Point(WEST + 1.5, SOUTH + 1.5))


def test_land_where_nobody_is_beyond_is_no_desert() -> None:
    _, found = deserts_of(("#.#",), [(0, 0), (1, 0), (2, 0)], away=[True, False, False])
    assert found.count == 1
    assert found.row.tolist() == [0, NONE, NONE]
    assert (found.cell != NONE).sum() == 1


def test_people_beyond_in_a_cell_that_is_not() -> None:
    """Its middle is within, but they are beyond: the cell counts, and joins what it touches."""
    _, found = deserts_of(("#.#",), [(0, 0), (1, 0)])
    assert found.row.tolist() == [0, 0]
    assert (found.cell != NONE).sum() == 3
    _, alone = deserts_of(("...",), [(1, 0)])
    assert alone.count == 1
    assert (alone.cell != NONE).sum() == 1


def test_no_desert_at_all() -> None:
    grid, found = deserts_of(("..", ".."), [(0, 0)], away=[False])
    assert found.count == 0
    assert outlines(grid, found).tolist() == []
    none = np.array([], dtype=np.int64)
    empty = profile(found, grid.area_km2, none, none * 1.0, none * 1.0, none)
    assert empty.people.tolist() == []


def test_people_beyond_without_a_cell_are_refused() -> None:
    grid = grid_of("#")
    with pytest.raises(InputError, match="in no cell"):
        find_deserts(
            grid.adjacent,
            grid.land,
            np.zeros(len(grid), int),
            np.array([-1]),
            np.array([True]),
        )


def test_a_desert_around_a_corner_gets_a_hole_that_touches_its_shell() -> None:
    grid, found = deserts_of(("##.", "#.#", "###"), [(0, 0)])
    (shape,) = outlines(grid, found)
    assert shape.is_valid
    assert shape.area == pytest.approx(7)


def test_profile_by_hand() -> None:
    grid, found = deserts_of(
        ("##.##",),
        [(0, 0), (0, 0), (1, 0), (2, 0), (3, 0), (4, 0)],
        away=[True, True, True, False, True, True],
    )
    found_profile = profile(
        found,
        grid.area_km2,
        place=np.array([10, 10, 11, 12, 13, 14]),
        persons=np.array([30.0, 20, 40, 1000, 7, 0]),
        travel=np.array([70.0, 90, 80, 10, np.inf, 500]),
        site=np.array([5, 6, 6, 5, -1, 5]),
    )
    assert found_profile.people.tolist() == [90, 7]
    assert found_profile.unreachable.tolist() == [0, 7]
    assert found_profile.median.tolist() == [80, np.inf]
    assert found_profile.worst[0] == 90
    assert np.isnan(found_profile.worst[1])  # the 500 minutes are nobody's
    assert found_profile.site.tolist() == [6, -1]  # 60 of 90 people
    assert found_profile.site_travel[0] == 80
    assert found_profile.anchor.tolist() == [10, 13]  # 50 in two rows against 40 in one
    land = grid.area_km2[grid.land]
    assert found_profile.area_km2 == pytest.approx(land[[0, 3]] * 2)


def test_regions_of_cells_and_homes_of_places() -> None:
    """Two states part within the third cell; the places lie at the border, in the sea, and nowhere."""
    grid = grid_of("....")
    shapes = np.array([shapely.box(-100, 30, -97.4, 31), shapely.box(-97.4, 30, -96, 31)])
    region = cell_regions(grid, shapes)
    land = np.flatnonzero(grid.land)
    assert region[land].tolist() == [0, 0, 0, 1]
    assert set(region[~grid.land]) <= {NONE}
    places = Points(np.array([30.5, 30.5, 31.4, np.nan]), np.array([-97.3, -97.7, -99.5, -99.5]))
    home = home_cells(grid, region, places, np.array([1, 0, 0, 0]))
    assert home.tolist() == [land[3], land[2], land[0], -1]


def test_a_place_of_a_region_without_cells_has_no_home() -> None:
    grid = grid_of("..")
    home = home_cells(
        grid, np.zeros(len(grid), int), Points(np.array([30.5]), np.array([-99.5])), np.array([7])
    )
    assert home.tolist() == [-1]


def flooded(marked: dict[tuple[int, int], int]) -> list[set[tuple[int, int]]]:
    """Groups of places that hang together by their sides and have the same number."""
    groups, left = [], set(marked)
    while left:
        group, todo = set(), [left.pop()]
        while todo:
            row, column = todo.pop()
            group.add((row, column))
            for step in (
                (row + 1, column),
                (row - 1, column),
                (row, column + 1),
                (row, column - 1),
            ):
                if step in left and marked[step] == marked[row, column]:
                    left.remove(step)
                    todo.append(step)
        groups.append(group)
    return groups


drawings = st.tuples(st.integers(2, 7), st.integers(2, 7)).flatmap(
    lambda size: st.lists(
        st.text("##. ", min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    ).filter(lambda lines: any(line.strip() for line in lines))
)


@given(drawings, st.integers(0, 6), st.integers(0, 2**16))
def test_flood_fill_finds_the_same(lines: list[str], line: int, seed: int) -> None:
    grid = grid_of(*lines)
    beyond = np.array([letter == "#" for letter in letters(grid, *lines)])
    region = (grid.column >= line).astype(np.int64)
    rng = np.random.default_rng(seed)
    land = np.flatnonzero(grid.land)
    home = rng.choice(land, 5)
    away = rng.random(5) < 0.7
    persons = rng.integers(0, 99, 5).astype(float)
    found = find_deserts(grid.adjacent, beyond, region, home, away)

    marked = set(np.flatnonzero(beyond)) | set(home[away])
    spots = {(int(grid.row[c]), int(grid.column[c])): int(region[c]) for c in marked}
    lived_in = {(int(grid.row[c]), int(grid.column[c])) for c in home[away]}
    expected = [group for group in flooded(spots) if group & lived_in]
    mine: dict[int, set[tuple[int, int]]] = {}
    for c in np.flatnonzero(found.cell != NONE):
        mine.setdefault(int(found.cell[c]), set()).add((int(grid.row[c]), int(grid.column[c])))
    assert sorted(map(sorted, mine.values())) == sorted(map(sorted, expected))
    assert sorted(mine) == list(range(found.count))
    firsts = [int(np.flatnonzero(found.cell == number)[0]) for number in range(found.count)]
    assert firsts == sorted(firsts)
    assert (found.row != NONE).tolist() == away.tolist()

    described = profile(found, grid.area_km2, np.arange(5), persons, np.full(5, 70.0), home * 0)
    assert described.people.sum() == persons[away].sum()

    shapes = outlines(grid, found)
    assert shapely.is_valid(shapes).all()
    assert shapely.area(shapes) == pytest.approx([len(mine[n]) for n in range(found.count)])
    assert shapely.area(shapely.union_all(shapes)) == pytest.approx(shapely.area(shapes).sum())
    for number, group in mine.items():
        for row, column in group:
            assert shapes[number].contains(shapely.Point(WEST + column + 0.5, SOUTH + row + 0.5))


@given(drawings, st.permutations(range(5)), st.integers(0, 2**16))
def test_the_order_of_the_people_changes_no_desert(
    lines: list[str], order: list[int], seed: int
) -> None:
    grid = grid_of(*lines)
    beyond = np.array([letter == "#" for letter in letters(grid, *lines)])
    region = np.zeros(len(grid), dtype=np.int64)
    rng = np.random.default_rng(seed)
    home, away = rng.choice(np.flatnonzero(grid.land), 5), rng.random(5) < 0.7
    one = find_deserts(grid.adjacent, beyond, region, home, away)
    other = find_deserts(grid.adjacent, beyond, region, home[order], away[order])
    assert one.cell.tolist() == other.cell.tolist()
    assert one.row[order].tolist() == other.row.tolist()
