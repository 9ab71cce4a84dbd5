"""Road travel against pandana, igraph and scipy: ``python -m bench.travel``.

Everything is timed in one run on one graph, in rounds that take turns, so that whatever else the
machine does hits all alike. See bench/README.md for what each figure includes.
"""

import gc
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

from bench import report
from bench.peers import Floats, Igraph, Ints, Pandana, Scipy
from bench.report import Target, Timings
from dashboard import kept, queries
from data import load
from data.fingerprint import fingerprint
from geo.network import Access, Feet, RoadNetwork, unpack
from geo.travel import Nearest, Points, Reach, Road, Served

PANDANA_RATIO: Final = 10.0
SCIPY_RATIO: Final = 1.2
ADD_ONE_SHARE: Final = 0.01
REACH_SECONDS: Final = 5.0
ROUNDS_NEAREST: Final = 9
ROUNDS_MATRIX: Final = 5
IGRAPH_SAMPLE: Final = 16
PANDANA_SAMPLE: Final = 4
NEW_SITES: Final = 25
REACH_SITES: Final = 1000
REACH_MINUTES: Final = 240.0
ROUNDS_REACH: Final = 5
CHECKED_SITES: Final = 25
AGREE_MINUTES: Final = 0.05
"""Our edges count hundredths of a second, and the longest paths have a thousand edges."""
PACKAGES: Final = ("numpy", "scipy", "numba", "pandana", "igraph")

Done = TypeVar("Done")


@dataclass
class Clock:
    """Wall-clock and processor seconds by label."""

    wall: dict[str, list[float]] = field(default_factory=dict)
    processor: dict[str, list[float]] = field(default_factory=dict)

    def time(self, label: str, act: Callable[[], Done]) -> Done:
        """Do something, and note how long it took."""
        gc.collect()
        wall, processor = time.perf_counter(), time.process_time()
        done = act()
        self.wall.setdefault(label, []).append(time.perf_counter() - wall)
        self.processor.setdefault(label, []).append(time.process_time() - processor)
        return done

    def median(self, label: str) -> float:
        """Middle of the wall-clock seconds."""
        return float(np.median(self.wall[label]))

    def timings(self) -> list[Timings]:
        """All measurements, in the order they were first made."""
        return [Timings(label, tuple(values)) for label, values in self.wall.items()]


OURS_PREPARED = "prepare: road network from its tables"
OURS_ACCESS = "prepare: legs from all ZCTAs to the roads"
PANDANA_PREPARED = "prepare: pandana.Network (contraction hierarchies)"
PANDANA_SNAPPED = "prepare: pandana, snap all ZCTAs"
IGRAPH_PREPARED = "prepare: igraph.Graph"
NEAREST_OURS = "nearest: Road.nearest"
NEAREST_PANDANA = "nearest: pandana set_pois + nearest_pois, minutes only"
NEAREST_PANDANA_NAMED = "nearest: pandana set_pois + nearest_pois, with the site"
NEAREST_IGRAPH = "nearest: igraph distances from a super source, minutes only"
NEAREST_SCIPY = "nearest: scipy dijkstra min_only from the snapped nodes, minutes only"
MATRIX_OURS = "matrix: Road.matrix"
MATRIX_SCIPY = "matrix: scipy dijkstra, minutes only"
MATRIX_IGRAPH = f"matrix: igraph distances, {IGRAPH_SAMPLE} sites"
MATRIX_PANDANA = f"matrix: pandana shortest_path_lengths, {PANDANA_SAMPLE} sites"
SERVE = "one more site, what is kept: Road.serve of all centres"
ADD_ONE = "one more site: Road.add"
REACH_OURS = f"reach: Road.reach, {REACH_SITES:,} sites, {REACH_MINUTES:g} minutes"
REACH_ONE = f"reach: Road.reach, one site, {REACH_MINUTES:g} minutes"
REACH_SCIPY = f"reach: scipy dijkstra with a limit, {REACH_SITES:,} sites, minutes only"
KEPT_READ = "kept result: key from fingerprint and code + read from disk"
KEPT_WRITE = "kept result: write to disk"


def node_access(network: RoadNetwork, nodes: Ints) -> Access:
    """Points that sit on a node, as the peers see them."""
    none, zeros = np.empty(0, np.int64), np.zeros(len(nodes))
    return Access(
        np.arange(len(nodes) + 1),
        nodes,
        zeros,
        network.component[nodes],
        zeros,
        np.random.default_rng(1).random((len(nodes), 3)),
        Feet(none, none, np.empty(0), np.empty(0)),
    )


def largest_difference(a: Floats, b: Floats) -> float:
    """Largest difference of two answers, infinite when one has none where the other has one."""
    if not np.array_equal(np.isfinite(a), np.isfinite(b)):
        return float("inf")
    both = np.isfinite(a)
    return float(np.abs(a[both] - b[both]).max(initial=0.0))


@dataclass
class Bench:
    """One run: the graph, the points, the peers, the clock."""

    clock: Clock = field(default_factory=Clock)

    def prepare(self) -> None:
        """Build everything that is prepared once, on both sides."""
        time_of = self.clock.time
        frames = (load.road_nodes(), load.road_edges())
        water, roadless = load.water_cells(), load.roadless_places()
        self.network = time_of(
            OURS_PREPARED,
            lambda: RoadNetwork.from_frames(*frames, water_cells=water, roadless=roadless),
        )
        self.road = Road(self.network)
        self.areas = queries.load_areas().points
        self.sites = queries.points_of(load.treatment_centers())
        blood = queries.points_of(load.blood_centers())
        self.new_sites = blood.take(np.linspace(0, len(blood) - 1, NEW_SITES).astype(np.int64))
        self.access = time_of(OURS_ACCESS, lambda: self.road.access(self.areas))
        found = self.nearest()
        self.farthest = float(np.max(found.minutes[np.isfinite(found.minutes)]))
        self.scipy = Scipy(self.network)
        limit = np.ceil(self.farthest / 100) * 100
        self.pandana = time_of(PANDANA_PREPARED, lambda: Pandana(self.network, limit))
        self.area_nodes = time_of(PANDANA_SNAPPED, lambda: self.pandana.snap(self.areas))
        self.site_nodes = self.pandana.snap(self.sites)
        self.igraph = time_of(IGRAPH_PREPARED, lambda: Igraph(self.network))

    def nearest(self) -> Nearest:
        """Answer as the application asks: legs of the areas kept, everything else new."""
        return self.road.nearest(self.areas, self.sites, self.access)

    def time_nearest(self) -> dict[str, float]:
        """Time (a), the nearest centre of every area; returns differences between the answers."""
        time_of = self.clock.time
        peers: dict[str, Callable[[], Floats]] = {
            NEAREST_PANDANA: lambda: self.pandana.nearest(self.sites, self.area_nodes, names=False),
            NEAREST_PANDANA_NAMED: lambda: self.pandana.nearest(
                self.sites, self.area_nodes, names=True
            ),
            NEAREST_IGRAPH: lambda: self.igraph.nearest(self.site_nodes, self.area_nodes),
            NEAREST_SCIPY: lambda: self.scipy.nearest(self.site_nodes)[self.area_nodes],
        }
        answers: dict[str, Floats] = {}
        for _ in range(ROUNDS_NEAREST):
            self.found = time_of(NEAREST_OURS, self.nearest)
            for label, act in peers.items():
                answers[label] = time_of(label, act)
        weight, _ = self.network.search_nearest(node_access(self.network, self.site_nodes))
        ours = unpack(weight)[0][self.area_nodes]
        # Pandana gives no answer beyond its limit.
        ours[ours > self.pandana.limit_minutes] = np.inf
        for found in answers.values():
            found[found > self.pandana.limit_minutes] = np.inf
        return {label: largest_difference(ours, found) for label, found in answers.items()}

    def time_matrix(self) -> dict[str, float]:
        """Time (b), every centre by every area; returns differences between the answers."""
        time_of = self.clock.time
        piece = self.network.component
        mainland = np.bincount(piece).argmax()
        # Pandana spends time on a warning for every pair without a way: ask it for none.
        origins = self.area_nodes[piece[self.area_nodes] == mainland]
        nodes = np.unique(self.site_nodes)
        nodes = nodes[piece[nodes] == mainland]
        few, more = nodes[:PANDANA_SAMPLE], nodes[:IGRAPH_SAMPLE]
        self.sampled = len(origins) / len(self.areas)
        for turn in range(ROUNDS_MATRIX):
            time_of(MATRIX_OURS, lambda: self.road.matrix(self.areas, self.sites, self.access))
            time_of(MATRIX_SCIPY, lambda: self.scipy.matrix(self.site_nodes))
            if turn < 3:
                by_igraph = time_of(MATRIX_IGRAPH, lambda: self.igraph.matrix(more, origins))
                by_pandana = time_of(MATRIX_PANDANA, lambda: self.pandana.matrix(few, origins))
        weight = self.network.search(node_access(self.network, more))
        ours = unpack(weight)[0][:, origins]
        by_scipy = self.scipy.matrix(more)[:, origins]
        return {
            MATRIX_SCIPY: largest_difference(ours, by_scipy),
            MATRIX_IGRAPH: largest_difference(ours, by_igraph),
            MATRIX_PANDANA: largest_difference(ours[: len(few)], by_pandana),
        }

    def time_one_more(self) -> None:
        """Time (c), one site more on top of a computed result."""
        served = self.clock.time(
            SERVE, lambda: self.road.serve(self.areas, self.sites, self.access)
        )

        def add(number: int) -> Served:
            site = self.new_sites.take(np.array([number]))
            return self.road.add(served, site, self.access)

        for number in range(len(self.new_sites)):
            added = self.clock.time(ADD_ONE, lambda number=number: add(number)).nearest  # type: ignore[misc]  # mypy cannot infer a lambda with a default
            both = Points(
                np.r_[self.sites.lat, self.new_sites.lat[number]],
                np.r_[self.sites.lon, self.new_sites.lon[number]],
            )
            again = self.road.nearest(self.areas, both, self.access)
            if not all(
                np.array_equal(getattr(added, name), getattr(again, name), equal_nan=True)
                for name in ("minutes", "distance_km", "site")
            ):
                msg = "one site added gives another answer than all sites together"
                raise AssertionError(msg)

    def time_reach(self) -> None:
        """Time (d), the ways within a limit of many sites, and of one."""
        sites = self.areas.take(np.linspace(0, len(self.areas) - 1, REACH_SITES).astype(np.int64))
        nodes = self.pandana.snap(sites)
        few = sites.take(np.arange(0, REACH_SITES, REACH_SITES // CHECKED_SITES))

        def ours(some: Points) -> Reach:
            return self.road.reach(self.areas, some, REACH_MINUTES, self.access)

        matrix = self.road.matrix(self.areas, few, self.access)
        near = matrix.minutes.T <= REACH_MINUTES
        found = ours(few)
        if not (
            np.array_equal(found.origin, np.nonzero(near)[1])
            and np.array_equal(found.minutes, matrix.minutes.T[near])
            and np.array_equal(found.distance_km, matrix.distance_km.T[near])
        ):
            msg = "the ways within a limit are not those of the full matrix"
            raise AssertionError(msg)
        for turn in range(ROUNDS_REACH):
            self.clock.time(REACH_OURS, lambda: ours(sites))
            if turn < 3:
                self.clock.time(REACH_SCIPY, lambda: self.scipy.reach(nodes, REACH_MINUTES))
        for number in range(NEW_SITES):
            self.clock.time(REACH_ONE, lambda number=number: ours(few.take(np.array([number]))))  # type: ignore[misc]  # mypy cannot infer a lambda with a default

    def time_kept(self) -> None:
        """Time a result that an earlier start of the application has left on the disk."""
        with tempfile.TemporaryDirectory() as folder:
            tables = fingerprint()
            where = Path(folder)
            for _ in range(ROUNDS_NEAREST):
                key = kept.key_of(tables, "bench")
                self.clock.time(KEPT_WRITE, lambda key=key: kept.write(key, self.found, where))  # type: ignore[misc]  # mypy cannot infer a lambda with a default
                self.clock.time(
                    KEPT_READ,
                    lambda: kept.read(kept.key_of(tables, "bench"), len(self.areas), where),
                )

    def targets(self) -> list[Target]:
        """Compare with what issue 2 promises."""
        of = self.clock.median
        fastest = min(of(NEAREST_PANDANA), of(NEAREST_PANDANA_NAMED))
        return [
            Target(
                "(a) nearest centre of all ZCTAs: pandana's time over ours",
                "times",
                fastest / of(NEAREST_OURS),
                PANDANA_RATIO,
                at_least=True,
            ),
            Target(
                "(b) full time matrix: our time over plain scipy dijkstra's",
                "times",
                of(MATRIX_OURS) / of(MATRIX_SCIPY),
                SCIPY_RATIO,
            ),
            Target(
                "(c) one site added: share of the full matrix's time",
                "",
                of(ADD_ONE) / of(MATRIX_OURS),
                ADD_ONE_SHARE,
            ),
            Target(
                f"(d) ways within {REACH_MINUTES:g} minutes of {REACH_SITES:,} sites",
                "s",
                of(REACH_OURS),
                REACH_SECONDS,
            ),
        ]


def scaled(bench: Bench) -> list[list[str]]:
    """Rows on the peers that were timed on some sites only."""
    rows = []
    sites = len(bench.sites)
    ours = bench.clock.median(MATRIX_OURS)
    # Igraph searches the whole graph whatever the origins; pandana goes pair by pair.
    for label, part in (
        (MATRIX_IGRAPH, IGRAPH_SAMPLE / sites),
        (MATRIX_PANDANA, PANDANA_SAMPLE / sites * bench.sampled),
    ):
        whole = bench.clock.median(label) / part
        rows.append(
            [label, f"{report.number(whole)} s", f"{report.number(whole / ours)} times ours"]
        )
    return rows


def main() -> None:
    """Run everything and write the results."""
    loads = [report.load_average()]
    bench = Bench()
    bench.prepare()
    differences = bench.time_nearest() | bench.time_matrix()
    bench.time_one_more()
    bench.time_reach()
    bench.time_kept()
    loads.append(report.load_average())
    targets = bench.targets()
    agree = all(difference <= AGREE_MINUTES for difference in differences.values())
    text = "\n\n".join(
        [
            "# Road travel: results",
            "Written by `python -m bench.travel`; [what each figure includes](../README.md).",
            report.machine_line(loads, PACKAGES),
            (
                f"Graph: {len(bench.network.lat):,} nodes, {len(bench.network.u):,} edges; "
                f"{len(bench.areas):,} ZCTAs, {len(bench.sites)} treatment centres. The farthest "
                f"ZCTA that has a way is {report.number(bench.farthest)} minutes from its centre; "
                f"pandana searches {report.number(bench.pandana.limit_minutes)} minutes far."
            ),
            report.table(report.TARGET_HEAD, [target.row() for target in targets]),
            "## Timings",
            report.table(report.TIMING_HEAD, [one.row() for one in bench.clock.timings()]),
            f"Scaled to all {len(bench.sites)} sites:",
            report.table(("sampled", "whole", "against Road.matrix"), scaled(bench)),
            "## Same answers",
            (
                "Largest difference in minutes between our search and each peer's, points snapped "
                f"alike ({'all agree' if agree else '**they do not agree**'}; at most "
                f"{AGREE_MINUTES} is rounding of weights):"
            ),
            report.table(
                ("peer", "minutes"),
                [[label, f"{value:.4f}"] for label, value in differences.items()],
            ),
        ]
    )
    record: dict[str, Any] = {
        "machine": report.machine(),
        "load_average": loads,
        "targets": report.target_record(targets),
        "timings": [
            one.record() | {"processor_seconds": bench.clock.processor[one.what]}
            for one in bench.clock.timings()
        ],
        "largest_difference_minutes": differences,
    }
    report.write("travel", text + "\n", record)


if __name__ == "__main__":
    main()
