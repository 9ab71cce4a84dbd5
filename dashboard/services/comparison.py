"""Two situations side by side: their answers, kept."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from dashboard import comparison, comparison_map, exports, queries, scenarios, situations
from dashboard.comparison import Pair, Side, Way
from dashboard.comparison_state import ComparisonSettings
from dashboard.map_key import MapKey
from dashboard.map_layers import MapSpec
from dashboard.plan_state import PlanSettings
from dashboard.services import engine, maps, patients, planner
from dashboard.services import scenarios as saved
from dashboard.services.cache import cached
from dashboard.situations import Situation
from dashboard.state import Breakdown, Selection
from geo.results import Floats
from geo.siting.problem import Plan

PAIRS: Final = 4
"""One holds the travel of all people twice: 4 MB."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What decides one side.

    Parameters
    ----------
    situation : Situation
        As it was read.
    options : tuple of int
        Options of its plan in order; none without a plan, or by hand.
    proof : str
        Sentence about what is not proven of its plan.
    """

    situation: Situation
    options: tuple[int, ...] = ()
    proof: str = ""


def situation_of(reference: str, view: Selection, plan: PlanSettings | None) -> Situation:
    """Say what a reference means.

    Parameters
    ----------
    reference : str
        From `situations.read`.
    view : Selection
        The present settings.
    plan : PlanSettings or None
        The planner's present plan, if there is one.

    Raises
    ------
    DataError
        There is no such scenario, or the database cannot be used.
    """
    if reference == situations.BASELINE:
        return situations.of_view(view, None, reference=reference)
    if reference == situations.VIEW:
        return situations.of_view(view, plan or PlanSettings(), reference=reference)
    if situations.is_link(reference):
        return situations.of_link(reference, known=engine.known())
    found = saved.opened().get(reference)
    made = situations.of_link(
        f"{found.page}?{found.query}", known=engine.known(), name=f"“{found.name}”"
    )
    note = scenarios.changed(found, engine.tables())
    return replace(made, reference=reference, notes=(note,) if note else ())


def asked(situation: Situation, found: Plan | None) -> Asked:
    """Put a situation and the answer of its plan together."""
    if found is None:
        return Asked(situation)
    proof = ""
    if found.status != "optimal":
        proof = f"The plan of {situation.name} is not proven best."
    return Asked(situation, tuple(int(option) for option in found.chosen), proof)


def pair(a: Asked, b: Asked, way: Way) -> Pair:
    """Put both sides together over the people of one state, or of the whole country."""
    return _pair(a, b, way, engine.tables())


@cached(PAIRS)
def _pair(a: Asked, b: Asked, way: Way, tables: str) -> Pair:
    state = situations.common_state(a.situation.view, b.situation.view)
    sides = [_side(one, state, way) for one in (a, b)]
    return comparison.pair_of(engine.areas_of(tables), sides[0], sides[1], way)


def _side(one: Asked, state: str, way: Way) -> Side:
    view = planner.plain(replace(one.situation.view, state=state))
    plan, sites = one.situation.plan, _centres(view)
    rows = engine.rows_of(view)
    collection = planner.collection_today(view)
    if plan is not None:
        if plan.hand is not None:
            found = planner.by_hand(view, plan, plan.hand)
        else:
            found = planner.outcome_of(view, plan, one.options)
        rows, collection = found.after, found.collection
        sites = pd.concat([sites, _new(found.sites)], ignore_index=True)
    if way == "collection":
        # Both fields: which of them counts is decided by the view, and they are never mixed.
        rows = replace(rows, minutes=collection, distance_km=collection)
        if plan is not None:
            view = replace(view, within=plan.collect_within)
    return Side(one.situation, view, rows, sites, _patients(rows), one.proof)


def _centres(view: Selection) -> pd.DataFrame:
    found = engine.counted(view)
    frame = found.reindex(columns=list(comparison.SITE_COLUMNS))
    return frame.assign(kind="Treatment centre", role="both")


def _new(sites: pd.DataFrame) -> pd.DataFrame:
    return sites.assign(kind="New site")[list(comparison.SITE_COLUMNS)]


def _patients(rows: queries.Rows) -> Floats:
    adults, children = (patients.per_area(who) for who in ("adult", "pediatric"))
    return np.where(rows.adult, adults[rows.area], children[rows.area])


def way_of(settings: ComparisonSettings, a: Situation, b: Situation) -> Way:
    """Choose the travel that is compared.

    "auto" is travel to collection where all that plan open collection sites only.
    """
    if settings.way != "auto":
        return settings.way
    plans = [side.plan for side in (a, b) if side.plan is not None]
    only = bool(plans) and all(plan.site_role == "collection" for plan in plans)
    return "collection" if only else "treatment"


@cached(PAIRS)
def _headline(a: Asked, b: Asked, way: Way, tables: str) -> comparison.Headline:
    return comparison.headline(_pair(a, b, way, tables))


def headline(a: Asked, b: Asked, way: Way) -> comparison.Headline:
    """Count both sides and what lies between them."""
    return _headline(a, b, way, engine.tables())


@cached(12)
def _places(a: Asked, b: Asked, way: Way, by: Breakdown, tables: str) -> pd.DataFrame:
    return comparison.places(_pair(a, b, way, tables), by)


def places(a: Asked, b: Asked, way: Way, by: Breakdown) -> pd.DataFrame:
    """Set every state, county or group of both sides beside each other."""
    return _places(a, b, way, by, engine.tables())


@cached(PAIRS)
def _gaps(a: Asked, b: Asked, way: Way, tables: str) -> pd.DataFrame:
    return comparison.gaps(_pair(a, b, way, tables))


def gaps(a: Asked, b: Asked, way: Way) -> pd.DataFrame:
    """Compare how unequally travel is shared on both sides."""
    return _gaps(a, b, way, engine.tables())


def sites(a: Asked, b: Asked, way: Way) -> pd.DataFrame:
    """List the open sites of both sides."""
    return comparison.sites(pair(a, b, way))


def map_of(a: Asked, b: Asked, way: Way, change: str) -> tuple[MapSpec, MapKey]:
    """Shade the counties by their change, with the sites of one side only and of both."""
    both = pair(a, b, way)
    values = _shading(a, b, way, change, engine.tables())
    return comparison_map.build(
        maps.assets(engine.tables()), both, values, comparison.sites(both), change
    )


@cached(8)
def _shading(a: Asked, b: Asked, way: Way, change: str, tables: str) -> dict[str, float]:
    return comparison.shading(_pair(a, b, way, tables), change)


def provenance(view: Selection, query: str) -> exports.Provenance:
    """Where the figures are from, with the link that reopens the comparison."""
    return replace(engine.provenance(view), view=query)
