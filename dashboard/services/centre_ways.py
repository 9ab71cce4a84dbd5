"""Minutes from today's centres to all areas, and their assumed slots, kept for all who ask."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard import plan_slots, queries
from dashboard.services import engine
from dashboard.services import patients as patients_answers
from dashboard.services.cache import cached
from dashboard.state import CentreQuery, ModelName
from data import load
from geo.results import Floats
from geo.travel import way_minutes

Minutes = NDArray[np.float32]


@cached(1)
def assumptions_of(tables: str) -> pd.DataFrame:  # noqa: ARG001 - part of the key
    """Assumed slots by beds and ages treated."""
    return load.slot_assumptions()


@cached(2)
def minutes_of(centres: CentreQuery, model: ModelName, tables: str) -> Minutes:
    """Minutes from each centre that counts to each area, shape (m, n)."""
    chosen, areas = engine.centres_of(centres, tables), engine.areas_of(tables)
    ways = engine.ways_of(tables)
    if model == "road" and ways and not centres.facilities:
        rows = pd.Index(load.treatment_centers()["id"]).get_indexer(pd.Index(chosen["id"]))
        return way_minutes(ways[0], rows, areas.points)
    return measured(chosen, model, tables)


def measured(frame: pd.DataFrame, model: ModelName, tables: str) -> Minutes:
    """Measure the minutes from some sites to each area, shape (m, n)."""
    areas, access = engine.areas_of(tables), engine.access_of(model, tables)
    matrix = queries.matrix_for(engine.model_of(model, tables), areas, frame, access)
    return np.ascontiguousarray(matrix.minutes.T)


@cached(4)
def share_with_slot(
    centres: CentreQuery, model: ModelName, ages: str, limit: float, tables: str
) -> Floats:
    """Share of each area's patients who have a slot today; see `plan_slots.share_with_slot`."""
    return plan_slots.share_with_slot(
        minutes_of(centres, model, tables),
        engine.centres_of(centres, tables),
        patients_answers.expected(),
        ages,
        assumptions_of(tables),
        limit,
    )
