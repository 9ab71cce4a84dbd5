"""What both benchmarks share: the machine, timings, targets, and the tables that are committed."""

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

RESULTS: Final = Path(__file__).resolve().parent / "results"


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that the project promises, and what was measured.

    Parameters
    ----------
    what, unit : str
        What was measured, and in what.
    measured, limit : float
        The figure and its bound.
    at_least : bool
        Whether the figure must reach the bound; else it must not exceed it.
    """

    what: str
    unit: str
    measured: float
    limit: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the promise is kept."""
        if self.at_least:
            return self.measured >= self.limit
        return self.measured <= self.limit

    def row(self) -> list[str]:
        """Cells of the table of targets."""
        sign = "at least" if self.at_least else "at most"
        return [
            self.what,
            f"{number(self.measured)} {self.unit}",
            f"{sign} {number(self.limit)} {self.unit}",
            "met" if self.met else "**missed**",
        ]


@dataclass(frozen=True, slots=True)
class Timings:
    """Repeats of one measurement.

    Parameters
    ----------
    what : str
        What a repeat does, start to end.
    values : tuple of float
        One per repeat.
    unit : str
        Of the values.
    """

    what: str
    values: tuple[float, ...]
    unit: str = "s"

    @property
    def median(self) -> float:
        """Middle of the repeats."""
        return statistics.median(self.values)

    def row(self) -> list[str]:
        """Cells of the table of timings."""
        return [
            self.what,
            f"{number(self.median)} {self.unit}",
            f"{number(min(self.values))} to {number(max(self.values))}",
            str(len(self.values)),
        ]

    def record(self) -> dict[str, Any]:
        """Return the same for the JSON file."""
        return {
            "what": self.what,
            "unit": self.unit,
            "median": self.median,
            "values": list(self.values),
        }


TARGET_HEAD: Final = ("what", "measured", "target", "")
TIMING_HEAD: Final = ("what", "median", "least to most", "repeats")


def number(value: float) -> str:
    """Three significant digits, and no more than that needs.

    >>> number(0.01234), number(12345.6), number(2.0)
    ('0.0123', '12,346', '2')
    """
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def machine() -> dict[str, Any]:
    """Describe the computer, and what else it was doing."""
    cpu = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory_gb": round(pages / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def load_average() -> float:
    """Average the processes running or waiting over the last minute."""
    return os.getloadavg()[0]


def machine_line(loads: Sequence[float], packages: Sequence[str]) -> str:
    """One line on where the figures come from."""
    found = machine()
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return (
        f"Machine: {found['cores']} cores, {found['cpu']}, {found['memory_gb']} GB, "
        f"{found['system']}; Python {found['python']}; {versions}. "
        f"Load average of the last minute {loads[0]:.1f} at the start, {loads[-1]:.1f} at the end."
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(name: str, text: str, record: dict[str, Any]) -> None:
    """Write `results/NAME.md` and `results/NAME.json`, and print the first."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")
    (RESULTS / f"{name}.json").write_text(
        json.dumps(record, indent=1, default=float) + "\n", encoding="utf-8"
    )
    print(text)


def target_record(targets: Sequence[Target]) -> list[dict[str, Any]]:
    """Return the targets for the JSON file."""
    return [
        {
            "what": target.what,
            "unit": target.unit,
            "measured": target.measured,
            "limit": target.limit,
            "direction": "at least" if target.at_least else "at most",
            "met": target.met,
        }
        for target in targets
    ]
