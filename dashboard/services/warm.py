"""What is prepared before anybody asks."""

from dataclasses import replace
from typing import Any, Final

import numpy as np

from dashboard.services import coverage, engine, maps, trust
from dashboard.state import LABELS, Selection
from geo.travel import FEW_ORIGINS, Road

FILTERS: Final = ("therapy", "evidence", "ages")


def warm_up() -> None:
    """Load what the first view needs."""
    overview(Selection())


def overview(view: Selection) -> None:
    """Answer all that the Overview asks, before any of it is drawn.

    A browser that gets the first answers while the last are computed paints them meanwhile, and
    on a reader's own machine takes the processor from the server.
    """
    coverage.headline(view)
    coverage.curve(view)
    coverage.median(view)
    coverage.worst_states(view, 1)
    coverage.hospital_shares(view)
    maps.overview_map(view)


def neighbours() -> None:
    """Answer what the reader of the first view may ask next: the same with one filter changed."""
    first = Selection()
    changed: list[dict[str, Any]] = [{key: value} for key in FILTERS for value in LABELS[key]]
    for change in (*changed, {"low_confidence": not first.low_confidence}):
        view = replace(first, **change)
        overview(view)
        maps.full_map(view)


def pages() -> None:
    """Answer what the other pages ask when they are first opened, those first that take longest."""
    # Imported here, not above: the first view does without them.
    from dashboard.journey_state import JourneySettings  # noqa: PLC0415
    from dashboard.patient_state import PatientSettings  # noqa: PLC0415
    from dashboard.plan_state import PlanSettings  # noqa: PLC0415
    from dashboard.services import (  # noqa: PLC0415
        journeys,
        patient_pages,
        planner,
        regions,
    )

    first, patients, care = Selection(), PatientSettings(), JourneySettings()
    trust.trips()
    trust.studies()
    journeys.report(first, care)
    regions.labels("state")
    plan = planner.solving(first, PlanSettings())
    if plan.wait(planner.LONG) and plan.result is not None:
        length = planner.curve_length(plan.result)
        planner.drawing_curve(first, PlanSettings(), length).wait(planner.LONG)
    patient_pages.by_indication(first, patients)
    patient_pages.by_group(first, patients)
    patient_pages.map_of(first, patients)
    coverage.breakdown(first)
    coverage.percentiles(first)
    coverage.distribution(first)


def compile_loops() -> None:
    """Use each compiled loop once, so that no reader waits for the compiler.

    It takes some ten seconds once on a machine, then they are read from the disk.
    """
    # Imported here, not above: the first view does without the compiler and the solver.
    from geo import capacity  # noqa: PLC0415
    from geo.raam import raam  # noqa: PLC0415
    from geo.siting.bound import decided, tighten  # noqa: PLC0415
    from geo.siting.branch import branch  # noqa: PLC0415
    from geo.siting.capacity import capacitated  # noqa: PLC0415
    from geo.siting.maximal import maximise  # noqa: PLC0415
    from geo.siting.problem import Control, Gains, Rules  # noqa: PLC0415
    from geo.siting.reduction import reduce  # noqa: PLC0415
    from geo.siting.search import greedy  # noqa: PLC0415

    tables = engine.tables()
    two = engine.areas_of(tables).points.take(np.arange(2))
    road = engine.model_of("road", tables)
    assert isinstance(road, Road)
    road.reach(two, two, 1.0)
    many = engine.areas_of(tables).points.take(np.arange(FEW_ORIGINS + 1))
    road.trips(many, many)
    road.add(road.serve(two, two), two.take(np.arange(1)))
    raam([[0.0, 30.0]], [14], [7, 7])
    # Large enough that no reduction answers it: the search and the bound are needed too.
    draw = np.random.default_rng(1)
    gains = Gains.of(draw.integers(0, 9, (60, 15)) * (draw.random((60, 15)) < 0.4))  # noqa: PLR2004 - two in five
    maximise(gains, Rules(15, 3))
    capacitated(gains, np.full(15, 20.0), Rules(15, 3))
    # The search for large questions, on a small one.
    small, control = reduce(gains, Rules(15, 3)), Control(5)
    proof = tighten(small, greedy(small)[:1], control, steps=1)
    branch(small, proof, decided(small, proof), control, enough=1.0)
    # So many rows that a coarse problem is solved first.
    ways = draw.random((3, capacity.SMALL + 1), dtype=np.float32)
    for rule in capacity.RULES:
        capacity.assign(rule, ways, np.ones(ways.shape[1]), np.full(3, 500.0))
