"""Where to open sites, against PySAL's spopt and the clock: ``python -m bench.siting [PART ...]``.

Parts: mclp, curve, median, capacity, robust, hand, synthetic; all of them by default. A part that
is run alone replaces its figures and leaves the others. See bench/README.md for what each includes.
"""

import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.spatial import cKDTree

from bench import report
from bench.report import Target
from dashboard import planning
from dashboard.plan_state import PlanSettings
from dashboard.services import planner
from dashboard.state import Selection
from geo.results import Floats
from geo.siting.curve import marginal_gain
from geo.siting.demand import People, coverage_gains, entries
from geo.siting.maximal import maximise
from geo.siting.problem import Control, Gains, Plan, Rules
from geo.siting.reduction import reduce
from geo.siting.robust import Spread
from geo.travel import Reach

MINUTES: Final = 60.0
COUNT: Final = 20
FEW: Final = 300
"""Candidates of the full comparison: spopt takes minutes for so many."""
PEER_SECONDS: Final = 900.0
"""Spopt may try all candidates for so long."""
RATIO: Final = 100.0
UPTO: Final = 50
CURVE_SECONDS: Final = 60.0
SEARCH_SECONDS: Final = 60.0
GAP: Final = 0.005
CAPACITIES: Final = (250_000, 1_000_000, 2_000_000)
COUNTS: Final = (20, 50)
SAMPLES: Final = 200
HAND_MS: Final = 300.0
HAND_SITES: Final = 20
HAND_TURNS: Final = 25
POINTS: Final = 84_400
OPTIONS: Final = 1_500
SYNTHETIC_SECONDS: Final = 15.0
SYNTHETIC_GAP: Final = 1e-6
INSTANCES: Final = tuple(
    (kind, radius) for kind in ("uniform", "clustered") for radius in (0.02, 0.04, 0.06)
)
ROUNDS: Final = 5
FAR: Final = 1e6
"""Minutes that stand for no way in a cost matrix."""
ANSWER_HEAD: Final = ("time", "status", "gap", "greedy loses", "share of the ceiling")
PACKAGES: Final = ("numpy", "scipy", "numba", "highspy", "spopt", "pulp")
VIEW: Final = Selection(within=MINUTES)
PLAN: Final = PlanSettings(count=COUNT)

Part = dict[str, Any]
"""What one part found: targets, tables by title, words."""


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that something takes, and what comes of it."""
    started = time.perf_counter()
    done = act()
    return time.perf_counter() - started, done


def target(*given: Any, at_least: bool = False) -> dict[str, Any]:  # noqa: ANN401 - fields of a Target
    """Lay a target out for the JSON file."""
    made = Target(*given, at_least=at_least)
    return report.target_record([made])[0] | {"row": made.row()}


def national() -> planning.Setup:
    """All people, all communities, 60 minutes by road."""
    return planner.setup_of(VIEW, PLAN)


# --- Against spopt ----------------------------------------------------------------------------


def uncovered(question: planning.Setup) -> Floats:
    """People of each area that no centre of today serves within the threshold, shape (areas,)."""
    rows = question.rows
    beyond = ~(question.travel.first <= MINUTES)
    size = len(question.areas.frame)
    return np.bincount(rows.area[beyond], rows.persons[beyond], minlength=size)


def cost_matrix(reach: Reach, kept: Floats) -> Floats:
    """Minutes from the areas kept to all candidates, `FAR` where there is no way."""
    table = np.full((reach.n_origins, len(reach)), FAR)
    table[reach.origin, np.repeat(np.arange(len(reach)), np.diff(reach.indptr))] = reach.minutes
    found: Floats = np.ascontiguousarray(table[kept])
    return found


def from_matrix(cost: Floats, weights: Floats) -> Plan:
    """Answer from what spopt is given: find who is near, merge, search, prove."""
    option, row = np.nonzero(cost.T <= MINUTES)
    indptr = np.searchsorted(option, np.arange(cost.shape[1] + 1))
    gains = Gains(len(weights), indptr, row, weights[row])
    return maximise(gains, Rules(cost.shape[1], COUNT))


def from_reach(reach: Reach, weights: Floats) -> Plan:
    """Answer from the table of ways that the application keeps."""
    people = People(np.arange(len(weights)), weights, np.full(len(weights), np.inf))
    gains = coverage_gains(entries(reach, people, MINUTES), people, MINUTES)
    return maximise(gains, Rules(len(reach), COUNT))


def peer(cost: Floats, weights: Floats) -> dict[str, Any] | None:
    """Ask spopt, in a process of its own; None when it does not end in time."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.npz"
        np.savez(path, cost=cost, weights=weights)
        command = [sys.executable, "-m", "bench.siting_peer", str(path), str(COUNT), str(MINUTES)]
        try:
            done = subprocess.run(command, capture_output=True, check=True, timeout=PEER_SECONDS)
        except subprocess.TimeoutExpired:
            return None
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def against_spopt() -> Part:
    """Answer (a), maximal coverage of the country, model and solver together."""
    question = national()
    weights = uncovered(question)
    kept = np.flatnonzero(weights > 0)
    few = np.linspace(0, len(question.reach) - 1, FEW).astype(np.int64)
    lines, targets, record = [], [], []
    for reach in (question.reach.take(few), question.reach):
        cost, people = cost_matrix(reach, kept), weights[kept]
        from_matrix(cost, people)  # loops are compiled, or read from the disk, at their first use
        ours = [timed(lambda: from_matrix(cost, people)) for _ in range(ROUNDS)]  # noqa: B023 - called at once
        sparse = [timed(lambda: from_reach(reach, weights)) for _ in range(ROUNDS)]  # noqa: B023 - called at once
        theirs = peer(cost, people)
        seconds, again = (float(np.median([s for s, _ in turns])) for turns in (ours, sparse))
        plan = ours[-1][1]
        same = theirs is not None and abs(theirs["objective"] - plan.objective) < 0.5
        spent = PEER_SECONDS if theirs is None else theirs["model"] + theirs["solve"]
        size = f"{len(kept):,} x {len(reach)}"
        lines.append(
            [
                size,
                f"{seconds:.3f} s",
                f"{again:.3f} s",
                f"{spent:,.0f} s" if theirs else f"not ended after {spent:,.0f} s",
                f"{plan.objective:,.0f}, {plan.status}",
                f"{theirs['objective']:,.0f}, {theirs['status'].lower()}" if theirs else "",
                ("the same" if same else "**differs**") if theirs else "",
            ]
        )
        over = "" if theirs else ", more than"
        what = f"(a) {size}: spopt's time over ours, model and solver{over}"
        targets.append(target(what, "times", spent / seconds, RATIO, at_least=True))
        if theirs:
            apart = abs(theirs["objective"] - plan.objective)
            targets.append(target(f"(a) {size}: optimum apart", "persons", apart, 0.0))
        record.append({"size": size, "ours": [s for s, _ in ours], "spopt": theirs})
    head = (
        "areas x candidates",
        "ours, from the matrix",
        "ours, from kept ways",
        "spopt",
        "our optimum",
        "spopt's optimum",
        "",
    )
    return {"targets": targets, "tables": {"Against spopt": [head, lines]}, "record": record}


# --- The country ------------------------------------------------------------------------------


def curve() -> Part:
    """Answer (b), best plan at every number of sites."""
    question = national()
    gains = planning.gains_of(question)
    seconds, found = timed(lambda: marginal_gain(gains, question.rules, UPTO, Control(600.0)))
    proven = int(found.proven.sum())
    nested = int((~found.nested).sum())
    some = found.objective > 0
    loss = float((1 - found.greedy[some] / found.objective[some]).max())
    line = [
        f"{found.count[0]} to {found.count[-1]}",
        f"{seconds:.1f} s",
        f"{proven} of {len(found.count)}",
        f"{nested}",
        f"{loss:.2%}",
    ]
    head = (
        "sites",
        "time",
        "proven",
        "plans that drop a site of the one before",
        "greedy loses at most",
    )
    return {
        "targets": [
            target(f"(b) curve of 0 to {UPTO} sites", "s", seconds, CURVE_SECONDS),
            target("(b) plans of the curve proven", "", proven, float(UPTO + 1), at_least=True),
        ],
        "tables": {"Curve": [head, [line]]},
    }


def answers(cases: dict[str, PlanSettings], what: str) -> Part:
    """Solve plans of the country within the time limit."""
    lines, targets = [], []
    for name, plan in cases.items():
        question = planner.setup_of(VIEW, plan)
        seconds, found = timed(lambda: planning.solve(question, Control(SEARCH_SECONDS)))  # noqa: B023 - called at once
        lines.append([name, *in_words(seconds, found)])
        targets.append(target(f"(c) {name}: proven gap", "%", 100 * found.gap, 100 * GAP))
    head = ("question", *ANSWER_HEAD)
    return {"targets": targets, "tables": {what: [head, lines]}}


def in_words(seconds: float, found: Plan) -> list[str]:
    """Cells on an answer."""
    return [
        f"{seconds:.1f} s",
        found.status.replace("_", " "),
        "0" if found.gap == 0 else f"{found.gap:.2e}",
        f"{1 - found.greedy_objective / found.objective:.2%}",
        f"{found.objective / found.ceiling:.1%}",
    ]


def median() -> Part:
    """Answer (c), least travel of the country."""
    plans = {
        f"p-median, {count} sites": replace(PLAN, objective="p-median", count=count)
        for count in COUNTS
    }
    return answers(plans, "Least travel")


def capacity() -> Part:
    """Answer (c), sites that serve only so many."""
    plans = {
        f"capacitated, {count} sites of {most:,} persons": replace(
            PLAN, objective="capacitated", count=count, capacity=most
        )
        for most in CAPACITIES
        for count in COUNTS
    }
    return answers(plans, "Capacities")


def robust() -> Part:
    """Answer (e), how often sites are chosen."""
    question = national()
    seconds, found = timed(
        lambda: planning.robust(question, SAMPLES, Spread(), Control(planner.LONG))
    )
    often = int((found.frequency >= 0.95).sum())
    ever = int((found.frequency > 0).sum())
    line = [f"{found.samples}", f"{seconds:.1f} s", f"{found.unproven}", f"{often}", f"{ever}"]
    head = (
        "samples",
        "time",
        "not proven",
        "sites in 95% of the plans or more",
        "sites in any plan",
    )
    return {"targets": [], "tables": {"Robust choice": [head, [line]]}}


def hand() -> Part:
    """Answer (f), a plan by hand: one site more, from the list or drawn."""
    question = national()
    names = question.candidates.frame["id"].astype(str).tolist()[:: len(question.reach) // 60]
    plan = names[:HAND_SITES]
    # The roads are loaded once, as in a running server.
    planner.by_hand(VIEW, PLAN, [*plan, "@40.0,-100.0"])
    more = names[HAND_SITES : HAND_SITES + HAND_TURNS]
    rng = np.random.default_rng(1)
    places = question.areas.frame.sample(HAND_TURNS, random_state=1)
    drawn = [
        f"@{lat:.4f},{lon:.4f}"
        for lat, lon in zip(
            places["lat"] + rng.normal(0, 0.02, HAND_TURNS), places["lon"], strict=True
        )
    ]
    lines, targets = [], []
    for what, added in (("of the list", more), ("drawn anywhere", drawn)):
        wall, processor = [], []
        for name in added:
            gc.collect()
            before = time.process_time()
            seconds, _ = timed(lambda: planner.by_hand(VIEW, PLAN, [*plan, name]))  # noqa: B023 - called at once
            wall.append(1000 * seconds)
            processor.append(1000 * (time.process_time() - before))
        worst = max(wall)
        line = [what]
        for turns in (wall, processor):
            line += [f"{np.median(turns):.0f} ms", f"{min(turns):.0f} to {max(turns):.0f}"]
        lines.append([*line, f"{len(wall)}"])
        targets.append(target(f"(f) one site more, {what}: slowest", "ms", worst, HAND_MS))
    head = ("site", "median", "least to most", "of the processor", "least to most", "repeats")
    return {
        "targets": targets,
        "tables": {"By hand": [head, lines]},
    }


# --- Synthetic --------------------------------------------------------------------------------


def synthetic(kind: str, radius: float, seed: int = 1) -> Gains:
    """Make people and candidates in a square of 1 by 1.

    Parameters
    ----------
    kind : {"uniform", "clustered"}
        People spread evenly, candidates too; or around 400 towns, candidates among the people.
    radius : float
        Who is so near a candidate is covered.
    seed : int
        Of the draw.

    Returns
    -------
    Gains
        Persons are whole, log-normal with a median of 400.
    """
    rng = np.random.default_rng(seed)
    if kind == "clustered":
        towns = rng.random((400, 2))
        homes = towns[rng.integers(0, len(towns), POINTS)] + rng.normal(0, 0.02, (POINTS, 2))
        places = homes[rng.choice(POINTS, OPTIONS, replace=False)]
    else:
        homes, places = rng.random((POINTS, 2)), rng.random((OPTIONS, 2))
    persons = np.rint(rng.lognormal(6.0, 1.0, POINTS))
    near = cKDTree(homes).query_ball_point(places, radius, return_sorted=True)
    row = np.concatenate(near).astype(np.int64)
    indptr = np.cumsum([0, *map(len, near)]).astype(np.int64)
    return Gains(POINTS, indptr, row, persons[row])


def instances() -> Part:
    """Answer (d), 84,400 points by 1,500 candidates."""
    lines, targets = [], []
    for kind, radius in INSTANCES:
        gains = synthetic(kind, radius)
        rules = Rules(OPTIONS, 50)
        first, reduced = timed(lambda: reduce(gains, rules))  # noqa: B023 - called at once
        seconds, found = timed(lambda: maximise(gains, rules, Control(SYNTHETIC_SECONDS)))  # noqa: B023 - called at once
        lines.append(
            [
                f"{kind}, {radius:g}",
                f"{len(gains.row):,}",
                f"{reduced.n_rows:,} x {reduced.n_options:,}",
                f"{first:.2f} s",
                *in_words(seconds, found),
            ]
        )
        what = f"(d) {kind}, radius {radius:g}: gap after {SYNTHETIC_SECONDS:g} s"
        targets.append(target(what, "", found.gap, SYNTHETIC_GAP))
    head = ("instance, radius", "ways", "reduced to", "reduction", *ANSWER_HEAD)
    return {"targets": targets, "tables": {"84,400 points by 1,500 candidates": [head, lines]}}


PARTS: Final[dict[str, Callable[[], Part]]] = {
    "mclp": against_spopt,
    "curve": curve,
    "median": median,
    "capacity": capacity,
    "robust": robust,
    "hand": hand,
    "synthetic": instances,
}


def words(parts: dict[str, Part]) -> str:
    """Lay all parts out in Markdown."""
    rows = [one["row"] for part in parts.values() for one in part["targets"]]
    pieces = [
        "# Siting: results",
        "Written by `python -m bench.siting`; [what each figure includes](../README.md).",
        report.table(report.TARGET_HEAD, rows),
    ]
    for part in parts.values():
        for title, (head, lines) in part["tables"].items():
            pieces += [f"## {title}", report.table(head, lines), part["machine"]]
    return "\n\n".join(pieces) + "\n"


def main(names: list[str] | None = None) -> None:
    """Run parts, and write the results."""
    path = report.RESULTS / "siting.json"
    known = path.is_file() and bool(names)
    before = json.loads(path.read_text(encoding="utf-8"))["parts"] if known else {}
    for name in names or list(PARTS):
        loads = [report.load_average()]
        found = PARTS[name]()
        loads.append(report.load_average())
        before[name] = found | {"machine": report.machine_line(loads, PACKAGES)}
        parts = {part: before[part] for part in PARTS if part in before}
        report.write("siting", words(parts), {"machine": report.machine(), "parts": parts})


if __name__ == "__main__":
    main(sys.argv[1:])
