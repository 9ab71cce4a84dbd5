"""Patients assigned to slots against SciPy's linprog: ``python -m bench.capacity``.

Both sides get the same minutes, patients and slots. See bench/README.md for what each figure
includes.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from bench import report
from bench.report import Target
from bench.travel import Clock
from dashboard import patients, queries, scores
from data import load
from geo.capacity import Assignment, assign, series
from geo.results import Floats

SECONDS: Final = 10.0
AGREE: Final = 1e-9
ROUNDS: Final = 5
PEER_SECONDS: Final = 900.0
SHARES: Final = (1 / 16, 1 / 4, 1.0)
"""Of all ZCTAs, every so many-th: the peer is asked for small cases before large ones."""
LIMIT: Final = 240.0
PER_PATIENT: Final = 1.2
"""Slots in all, as a multiple of the patients in all."""
YEARS: Final = 10
GROWTH: Final = 1.03
PACKAGES: Final = ("numpy", "scipy", "numba")


@dataclass
class Case:
    """One question, and what both sides said.

    Parameters
    ----------
    name : str
    minutes : ndarray, shape (m, n)
    demand, slots : ndarray
    """

    name: str
    minutes: Floats
    demand: Floats
    slots: Floats
    ours: Assignment | None = None
    theirs: dict[str, Any] | None = None
    clock: Clock = field(default_factory=Clock)

    def run(self) -> None:
        """Let both sides answer."""
        label = f"{self.name}: ours"
        for _ in range(ROUNDS):
            self.ours = self.clock.time(
                label, lambda: assign("least-travel", self.minutes, self.demand, self.slots, LIMIT)
            )
        self.theirs = peer(self.minutes, self.demand, self.slots)

    @property
    def seconds(self) -> float:
        """Ours, in the middle."""
        return self.clock.median(f"{self.name}: ours")

    def difference(self) -> float:
        """Patient-minutes of ours and theirs, relative; nan when theirs did not end."""
        if self.ours is None or not self.theirs or self.theirs["treated"] is None:
            return float("nan")
        treated = abs(self.theirs["treated"] / self.ours.assigned.sum() - 1)
        return max(treated, abs(self.theirs["patient_minutes"] / self.ours.patient_minutes - 1))

    def row(self) -> list[str]:
        """Cells of the table of cases."""
        ours = self.ours
        if ours is None:
            return []
        theirs = f"not within {PEER_SECONDS:,.0f} s"
        ratio = "more than " + report.number(PEER_SECONDS / self.seconds)
        if self.theirs:
            spent = self.theirs["model"] + self.theirs["solve"]
            theirs, ratio = f"{report.number(spent)} s", report.number(spent / self.seconds)
        within = int(np.count_nonzero(self.minutes <= LIMIT))
        return [
            self.name,
            f"{self.minutes.shape[1]:,} by {self.minutes.shape[0]}",
            f"{within:,}",
            f"{ours.assigned.sum():,.1f}",
            f"{ours.left_over.sum():,.1f}",
            f"{ours.gap:.1e}",
            f"{report.number(self.seconds)} s",
            theirs,
            ratio,
            f"{self.difference():.1e}" if self.theirs else "not known",
        ]


HEAD: Final = (
    "case",
    "rows by sites",
    "ways within the limit",
    "treated",
    "left over",
    "our gap",
    "ours",
    "linprog",
    "times",
    "relative difference",
)


def peer(minutes: Floats, demand: Floats, slots: Floats) -> dict[str, Any] | None:
    """Ask linprog; None when it takes too long."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "case.npz"
        np.savez(path, minutes=minutes, demand=demand, slots=slots)
        command = [sys.executable, "-m", "bench.capacity_peer", str(path), str(LIMIT)]
        try:
            done = subprocess.run(command, capture_output=True, check=True, timeout=PEER_SECONDS)
        except subprocess.TimeoutExpired:
            return None
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def national() -> tuple[Floats, Floats, Floats]:
    """Measure all ways; adults and children are rows of their own."""
    areas, centres = queries.load_areas(), load.treatment_centers()
    road = queries.load_model("road")
    access = queries.access_of(road, areas)
    minutes = queries.matrix_for(road, areas, centres, access).minutes.T.astype(np.float32)
    found = patients.expected(patients.load_facts(areas.frame))
    blocks, persons = [], []
    for audience, column in (("adult", "treats_adults"), ("pediatric", "treats_children")):
        treats = centres[column].to_numpy(dtype=bool)
        blocks.append(np.where(treats[:, None], minutes, np.float32(np.inf)))
        persons.append(found.of(audience))  # type: ignore[arg-type]  # one of the two
    demand = np.concatenate(persons)
    beds = scores.supply_of(centres, centres).capacity
    return np.hstack(blocks), demand, PER_PATIENT * demand.sum() * beds / beds.sum()


def main() -> None:
    """Run everything and write the results."""
    loads = [report.load_average()]
    minutes, demand, slots = national()
    assign("least-travel", minutes[:, ::997], demand[::997], slots, LIMIT)  # compiled
    cases = []
    for share in SHARES:
        part = slice(None, None, round(1 / share))
        name = "all ZCTAs" if share == 1 else f"every {round(1 / share)}th ZCTA"
        scale = demand[part].sum() / demand.sum()
        cases.append(Case(name, minutes[:, part], demand[part], slots * scale))
        cases[-1].run()
    whole = cases[-1]
    clock = Clock()
    years = demand * GROWTH ** np.arange(YEARS)[:, None]
    for _ in range(ROUNDS):
        found = clock.time(
            f"{YEARS} years, {GROWTH - 1:.0%} more patients each",
            lambda: series("least-travel", minutes, years, slots, LIMIT),
        )
    loads.append(report.load_average())
    limit = f"exact plan, {minutes.shape[1]:,} rows by {minutes.shape[0]} sites"
    targets = [
        Target(limit, "s", whole.seconds, SECONDS),
        Target(
            "largest relative difference from linprog, where it ended",
            "of patients and patient-minutes",
            max(case.difference() for case in cases if case.theirs),
            AGREE,
        ),
    ]
    text = "\n\n".join(
        [
            "# Patients and slots: results",
            "Written by `python -m bench.capacity`; [what each figure includes](../README.md).",
            report.machine_line(loads, PACKAGES),
            report.table(report.TARGET_HEAD, [target.row() for target in targets]),
            "## Least travel",
            report.table(HEAD, [case.row() for case in cases]),
            "## Timings",
            report.table(
                report.TIMING_HEAD,
                [one.row() for case in cases for one in case.clock.timings()]
                + [one.row() for one in clock.timings()],
            ),
            f"Largest gap of any year: {max(one.gap for one in found):.1e}.",
        ]
    )
    record: dict[str, Any] = {
        "machine": report.machine(),
        "load_average": loads,
        "targets": report.target_record(targets),
        "cases": [dict(zip(HEAD, case.row(), strict=True)) for case in cases],
        "timings": [one.record() for case in cases for one in case.clock.timings()]
        + [one.record() for one in clock.timings()],
    }
    report.write("capacity", text + "\n", record)


if __name__ == "__main__":
    main()
