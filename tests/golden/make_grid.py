"""Write grid.csv: a 4 x 4 grid of areas whose coverage can be counted on paper.

Areas are numbered 0 to 15, row by row from the top left. Every cell is 10 minutes from the cell
above, below, left and right. Site A is in area 0 (top left), site B in area 15 (bottom right), so
the minutes are 10 times the number of steps. Area 3 (top right) is an island: no road leads out.
Area 12 (bottom left) has no coordinates: nothing is known. Area k has 2**k persons, so every sum
of persons names the areas in it: a wrong sum tells which area went wrong.

Run `python tests/golden/make_grid.py` to write the file again.
"""

import csv
from pathlib import Path

ISLAND, NO_COORDINATES = 3, 12


def minutes(area: int, site: int) -> float:
    if area == NO_COORDINATES:
        return float("nan")
    if area == ISLAND:
        return float("inf")
    steps = abs(area // 4 - site // 4) + abs(area % 4 - site % 4)
    return 10.0 * steps


def rows() -> list[dict[str, float]]:
    return [
        {
            "area": area,
            "row": area // 4,
            "persons": 2**area,
            "minutes_a": minutes(area, 0),
            "minutes_b": minutes(area, 15),
        }
        for area in range(16)
    ]


if __name__ == "__main__":
    with Path(__file__).with_name("grid.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows()[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows())
