"""Accessibility scores against PySAL's access: ``python -m bench.accessibility``.

Both sides get the same ways, people and beds, take turns in one process, and their scores are
compared. See bench/README.md for what each figure includes.
"""

import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
from access import Access, weights  # type: ignore[import-untyped]  # ships no annotations

from bench import report
from bench.report import Target
from bench.travel import Clock
from dashboard import queries, scores
from data import load
from geo.accessibility import THREE_STEPS, Steps, enhanced_two_step, three_step, two_step
from geo.raam import raam
from geo.results import Floats

MINUTES: Final = 60.0
ZONES: Final = {20: 1.0, 40: 0.68, 60: 0.22}
CATCHMENT_RATIO: Final = 5.0
RAAM_RATIO: Final = 50.0
AGREE: Final = 1e-9
ROUNDS: Final = 5
RAAM_TURNS: Final = 3
"""Of ours for each of theirs, which takes long."""
PACKAGES: Final = ("numpy", "scipy", "pandas", "access")
TWO_STEP, ENHANCED, THREE_STEP, RAAM = "2SFCA", "E2SFCA", "3SFCA", "RAAM"
OURS, THEIRS = "ours", "access"
PREPARED = "prepare: long table of ways and Access object"


@dataclass
class Bench:
    """One run: ways, people and beds in both forms, and the clock."""

    clock: Clock = field(default_factory=Clock)
    differences: dict[str, float] = field(default_factory=dict)

    def prepare(self) -> None:
        """Measure all ways, and lay them out as either side wants them."""
        areas, centres = queries.load_areas(), load.treatment_centers()
        road = queries.load_model("road")
        access = queries.access_of(road, areas)
        minutes = queries.matrix_for(road, areas, centres, access).minutes.astype(np.float64)
        persons = areas.persons["adult"] + areas.persons["pediatric"]
        # `access` sends areas without any way to a site of its choice: both leave them out.
        kept = np.isfinite(minutes).any(axis=1) & (persons > 0)
        self.minutes, self.persons = np.ascontiguousarray(minutes[kept]), persons[kept]
        self.beds = scores.supply_of(centres, centres).capacity
        self.pysal = self.clock.time(PREPARED, self._access)
        raam([[0.0, 30.0]], [14], [7, 7])  # loops are compiled, as at the application's start

    def _access(self) -> Any:  # noqa: ANN401 - untyped library
        area, site = np.nonzero(np.isfinite(self.minutes))
        ways = pd.DataFrame({"origin": area, "dest": site, "cost": self.minutes[area, site]})
        demand = pd.DataFrame({"persons": self.persons.astype(np.int64)})
        supply = pd.DataFrame({"beds": self.beds})
        return Access(
            demand_df=demand.rename_axis("geoid"),
            demand_value="persons",
            supply_df=supply.rename_axis("geoid"),
            supply_value="beds",
            cost_df=ways,
            cost_origin="origin",
            cost_dest="dest",
            cost_name="cost",
        )

    def pairs(self) -> dict[str, tuple[Callable[[], Floats], Callable[[], pd.DataFrame]]]:
        """Give the same question to both sides."""
        table = (self.minutes, self.persons, self.beds)
        zones = Steps(tuple(map(float, ZONES)), tuple(ZONES.values()))
        theirs = weights.step_fn(ZONES)
        return {
            TWO_STEP: (
                lambda: two_step(*table, limit=MINUTES),
                lambda: self.pysal.two_stage_fca(max_cost=MINUTES),
            ),
            ENHANCED: (
                lambda: enhanced_two_step(*table, kernel=zones, limit=MINUTES),
                lambda: self.pysal.enhanced_two_stage_fca(weight_fn=theirs, max_cost=MINUTES),
            ),
            THREE_STEP: (
                lambda: three_step(*table, kernel=THREE_STEPS, limit=MINUTES),
                lambda: self.pysal.three_stage_fca(max_cost=MINUTES),
            ),
            RAAM: (
                lambda: raam(*table, scale=MINUTES),
                lambda: self.pysal.raam(tau=MINUTES),
            ),
        }

    def run(self) -> None:
        """Let both sides take turns, and compare their scores."""
        for turn in range(ROUNDS):
            for name, (ours, theirs) in self.pairs().items():
                for _ in range(RAAM_TURNS):
                    mine = self.clock.time(f"{name}: {OURS}", ours)
                # The two slow ones are timed in some of the rounds only.
                if turn < RAAM_TURNS or name in (TWO_STEP, ENHANCED):
                    other = self.clock.time(f"{name}: {THEIRS}", theirs)
                    found = other.iloc[:, -1].fillna(0.0).to_numpy(dtype=np.float64)
                    self.differences[name] = relative(mine, found)

    def ratio(self, name: str) -> float:
        """How many times longer `access` takes, by wall clock."""
        return self.clock.median(f"{name}: {THEIRS}") / self.clock.median(f"{name}: {OURS}")

    def processor_ratio(self, name: str) -> float:
        """Compare processor time in the same way."""
        ours, theirs = (self.clock.processor[f"{name}: {side}"] for side in (OURS, THEIRS))
        return float(np.median(theirs) / np.median(ours))

    def targets(self) -> list[Target]:
        """Compare with what is promised."""
        limits = {TWO_STEP: CATCHMENT_RATIO, ENHANCED: CATCHMENT_RATIO, RAAM: RAAM_RATIO}
        return [
            Target(f"{name}: access's time over ours", "times", self.ratio(name), limit, True)  # noqa: FBT003 - at least
            for name, limit in limits.items()
        ]


def relative(ours: Floats, theirs: Floats) -> float:
    """Largest difference, relative to the larger value."""
    scale = np.maximum(np.maximum(np.abs(ours), np.abs(theirs)), np.finfo(np.float64).tiny)
    return float((np.abs(ours - theirs) / scale).max())


def main() -> None:
    """Run everything and write the results."""
    logging.getLogger("access").setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", message="The inplace keyword")
    loads = [report.load_average()]
    bench = Bench()
    bench.prepare()
    bench.run()
    loads.append(report.load_average())
    targets = bench.targets()
    agree = all(difference <= AGREE for difference in bench.differences.values())
    names = (TWO_STEP, ENHANCED, THREE_STEP, RAAM)
    text = "\n\n".join(
        [
            "# Accessibility scores: results",
            (
                "Written by `python -m bench.accessibility`; "
                "[what each figure includes](../README.md)."
            ),
            report.machine_line(loads, PACKAGES),
            (
                f"{bench.minutes.shape[0]:,} ZCTAs by {bench.minutes.shape[1]} treatment centres, "
                f"{np.isfinite(bench.minutes).sum():,} ways by road."
            ),
            report.table(report.TARGET_HEAD, [target.row() for target in targets]),
            "By processor time, which other work on the machine disturbs less:",
            report.table(
                ("score", "access's time over ours"),
                [[name, f"{report.number(bench.processor_ratio(name))} times"] for name in names],
            ),
            "## Timings",
            report.table(report.TIMING_HEAD, [one.row() for one in bench.clock.timings()]),
            "## Same answers",
            (
                "Largest difference between the scores of any ZCTA, relative "
                f"({'all agree' if agree else '**they do not agree**'} to {AGREE:g}):"
            ),
            report.table(
                ("score", "difference"),
                [[name, f"{value:.1e}"] for name, value in bench.differences.items()],
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
        "largest_relative_difference": bench.differences,
    }
    report.write("accessibility", text + "\n", record)


if __name__ == "__main__":
    main()
