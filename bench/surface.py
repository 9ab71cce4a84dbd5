"""Travel surface and bands: speed, and agreement with point-to-point times.

Run as ``python -m bench.surface``. See bench/README.md for what each figure includes.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
import shapely

from bench import report
from bench.report import Target, Timings
from dashboard import bands as bands_of
from dashboard import kept_legs, queries
from dashboard.state import BANDS, Selection
from data import load
from geo.contours import Bands, bands, regions
from geo.network import Floats, Ints
from geo.surface import Geometries, Grid, Surface, grid_access, surface
from geo.travel import Points, Road

ROUNDS: Final = 5
POINTS: Final = 1_000
SEED: Final = 20260101
NATIONAL_SECONDS: Final = 3.0
SITE_SECONDS: Final = 0.5
SITES: Final = 9
PACKAGES: Final = ("numpy", "scipy", "shapely", "contourpy")

NATIONAL: Final = "national: surface, drawing and polygons"
NATIONAL_MAP: Final = "national: surface and drawing, what the map waits for"
ONE_SITE: Final = "one site: surface and drawing, what a click waits for"
ONE_FILE: Final = "one site: polygons for the file"
LAY: Final = "grid over the land (once)"
LEGS: Final = "legs from the cells to the roads (once for each version of the tables)"
READ: Final = "legs read from the disk (once for each start)"

Done = TypeVar("Done")


@dataclass
class Clock:
    """Wall times by what was measured."""

    taken: dict[str, list[float]] = field(default_factory=dict)

    def time(self, what: str, act: Callable[[], Done]) -> Done:
        """Do something, and note how long it took."""
        began = time.perf_counter()
        done = act()
        self.taken.setdefault(what, []).append(time.perf_counter() - began)
        return done


@dataclass(frozen=True)
class Agreement:
    """Bands and interpolated minutes against a search from the very points."""

    what: str
    points: int
    same_band: float
    same_drawn: float
    median: float
    p90: float
    other_reach: float

    def row(self) -> list[str]:
        """Cells of the table."""
        return [
            self.what,
            f"{self.points:,}",
            f"{100 * self.same_band:.1f}%",
            f"{100 * self.same_drawn:.1f}%",
            f"{self.median:.2f}",
            f"{self.p90:.2f}",
            f"{100 * self.other_reach:.1f}%",
        ]


HEAD: Final = (
    "points", "number", "in the same band", "as drawn on the map",
    "median difference, minutes", "90th percentile, minutes", "reachable in one only",
)  # fmt: skip


def random_land(grid: Grid, land: shapely.Geometry, rng: np.random.Generator) -> Points:
    """Places evenly over the land, by area on the sphere."""
    share = grid.area_km2 / grid.area_km2.sum()
    lat, lon = np.empty(0), np.empty(0)
    while len(lat) < POINTS:
        cell = rng.choice(len(grid), POINTS, p=share)
        window = np.array([(one.step_lat, one.step_lon) for one in grid.windows])[grid.window[cell]]
        shift = (rng.random((POINTS, 2)) - 0.5) * window
        more_lat, more_lon = grid.lat[cell] + shift[:, 0], grid.lon[cell] + shift[:, 1]
        dry = shapely.contains_xy(land, more_lon, more_lat)
        lat, lon = np.r_[lat, more_lat[dry]], np.r_[lon, more_lon[dry]]
    return Points(lat[:POINTS], lon[:POINTS])


def random_people(rng: np.random.Generator) -> Points:
    """ZIP areas, each as likely as it has people."""
    areas = queries.load_areas()
    persons = areas.persons["adult"] + areas.persons["pediatric"]
    known = areas.points.known
    share = np.where(known, persons, 0.0)
    return areas.points.take(rng.choice(len(share), POINTS, p=share / share.sum()))


def band_at(cut: Bands, points: Points) -> Ints:
    """Give the number of the polygon that each point lies in; -1 without a road, -2 in none."""
    found = np.full(len(points), -2)
    for number, shape in enumerate(cut.coverage):
        inside = shapely.intersects_xy(shape, points.lon, points.lat)
        found[inside & (found == -2)] = number if number < len(cut.bands) else -1
    return found


def drawn_at(within: Geometries, no_road: shapely.MultiPolygon, points: Points) -> Ints:
    """Band that the map shows at each point: the uppermost shape."""
    inside = np.array([shapely.intersects_xy(one, points.lon, points.lat) for one in within])
    found = np.where(inside.any(axis=0), inside.argmax(axis=0), len(within))
    return np.where(shapely.intersects_xy(no_road, points.lon, points.lat), -1, found)


def compare(
    what: str, points: Points, exact: Floats, measured: Surface, cut: Bands, drawn: Ints
) -> Agreement:
    """Hold the surface, its polygons and its drawing against exact minutes."""
    between = measured.at(points.lat, points.lon)
    wanted = np.where(np.isfinite(exact), np.searchsorted(cut.edges, exact, side="left"), -1)
    both = np.isfinite(between) & np.isfinite(exact)
    off = np.abs(between[both] - exact[both])
    return Agreement(
        what,
        len(points),
        float((band_at(cut, points) == wanted).mean()),
        float((drawn == wanted).mean()),
        float(np.median(off)),
        float(np.quantile(off, 0.9)),
        float((np.isfinite(between) != np.isfinite(exact)).mean()),
    )


def main() -> None:
    """Measure, compare, write."""
    loads = [report.load_average()]
    clock = Clock()
    land = load.states().geometry.to_numpy()
    whole = shapely.union_all(land)
    shapely.prepare(whole)
    road = queries.load_model("road")
    assert isinstance(road, Road)
    road.access(Points(np.array([40.0]), np.array([-100.0])))
    grid = clock.time(LAY, lambda: Grid.over(land))
    legs = clock.time(LEGS, lambda: grid_access(road, grid))
    with tempfile.TemporaryDirectory() as folder:
        kept_legs.write("bench", legs, Path(folder))
        size = (Path(folder) / f"bench{kept_legs.SUFFIX}").stat().st_size
        clock.time(READ, lambda: kept_legs.read("bench", grid, Path(folder)))
    view = Selection()
    centres = queries.choose_centres(load.treatment_centers(), view.centres)
    sites = queries.points_of(bands_of.for_surface(centres, view.ages))
    drawn = ""
    for _ in range(ROUNDS):
        began = time.perf_counter()
        measured = surface(road, grid, sites, legs)
        within, no_road = regions(measured, BANDS, bands_of.DRAWN_DEGREES)
        layer = bands_of.layer(within, no_road, BANDS, one_site=False)
        clock.taken.setdefault(NATIONAL_MAP, []).append(time.perf_counter() - began)
        cut = bands(measured, BANDS, land)
        clock.taken.setdefault(NATIONAL, []).append(time.perf_counter() - began)
        drawn = layer.points + layer.rings
    for number in np.linspace(0, len(sites) - 1, SITES).astype(np.int64):
        site = sites.take(np.array([number]))
        began = time.perf_counter()
        alone = surface(road, grid, site, legs)
        within, no_road = regions(alone, BANDS, bands_of.DRAWN_DEGREES)
        bands_of.layer(within, no_road, BANDS, one_site=True)
        clock.taken.setdefault(ONE_SITE, []).append(time.perf_counter() - began)
        clock.time(ONE_FILE, lambda alone=alone: bands(alone, BANDS, land))  # type: ignore[misc]  # mypy cannot infer a lambda with a default
    rng = np.random.default_rng(SEED)
    samples = {
        "places over the land, by area": random_land(grid, whole, rng),
        "ZIP areas, by people": random_people(rng),
    }
    within, no_road = regions(measured, BANDS, bands_of.DRAWN_DEGREES)
    agreements = [
        compare(
            what,
            points,
            road.nearest(points, sites).minutes,
            measured,
            cut,
            drawn_at(within, no_road, points),
        )
        for what, points in samples.items()
    ]
    loads.append(report.load_average())
    timings = [Timings(what, tuple(taken)) for what, taken in clock.taken.items()]
    of = {one.what: one.median for one in timings}
    targets = [
        Target("national surface with its polygons", "s", of[NATIONAL], NATIONAL_SECONDS),
        Target("bands of one site", "s", of[ONE_SITE], SITE_SECONDS),
    ]
    text = "\n\n".join(
        [
            "# Travel surface and bands: results",
            "Written by `python -m bench.surface`; [what each figure includes](../README.md).",
            report.machine_line(loads, PACKAGES),
            (
                f"Grid: {len(grid):,} cells, {int(grid.land.sum()):,} of them with land; "
                f"{len(sites)} centres; {int(shapely.get_num_coordinates(cut.coverage).sum()):,} "
                "vertices in the polygons of the file. The map is sent "
                f"{len(drawn) / 1000:,.0f} kB of outlines before compression; the legs take "
                f"{size / 1e6:,.0f} MB on disk."
            ),
            report.table(report.TARGET_HEAD, [target.row() for target in targets]),
            "## Timings",
            report.table(report.TIMING_HEAD, [one.row() for one in timings]),
            "## Agreement with point-to-point times",
            (
                "Each point's own minutes by `Road.nearest`, against the band polygon it lies in "
                f"(of {', '.join(f'{edge:g}' for edge in BANDS)} minutes and beyond), the "
                "simplified drawing, and the minutes interpolated between cells:"
            ),
            report.table(HEAD, [one.row() for one in agreements]),
            f"Polygons valid, without overlap or gap: {'yes' if sound(cut) else '**no**'}.",
        ]
    )
    record = {
        "machine": report.machine(),
        "load_average": loads,
        "targets": report.target_record(targets),
        "timings": [one.record() for one in timings],
        "agreement": [asdict(one) for one in agreements],
        "drawing_characters": len(drawn),
        "legs_bytes": size,
    }
    report.write("surface", text + "\n", record)


def sound(cut: Bands) -> bool:
    """Whether every polygon is valid and neighbours share their borders exactly."""
    return bool(shapely.is_valid(cut.coverage).all() and shapely.coverage_is_valid(cut.coverage))


if __name__ == "__main__":
    main()
