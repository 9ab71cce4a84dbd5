"""What the planner's page asks besides plans: names, maps, tables and files, kept for reruns."""

from collections.abc import Callable, Hashable
from dataclasses import replace

import numpy as np
import pandas as pd

from dashboard import exports, plan_map, plan_state, plan_views, planning, url_fields
from dashboard.candidates import Candidates
from dashboard.map_layers import MapSpec
from dashboard.plan_outcome import Outcome
from dashboard.plan_state import PlanSettings
from dashboard.services import engine, maps, planner
from dashboard.services.cache import cached
from dashboard.state import Selection
from data import load
from data.adapters import hospitals, user_files
from geo.results import Floats
from geo.siting.curve import Curve
from geo.siting.problem import Plan
from geo.siting.robust import Robust

SITES_TEMPLATE = (
    "id,name,lat,lon,cost,capacity,forced\n"
    "A1,Example clinic,32.5093,-92.1193,2.5,120000,\n"
    "A2,Example collection site,35.2220,-101.8313,1,,in\n"
)


def question_of(view: Selection, plan: PlanSettings) -> Hashable:
    """Name a question: whatever has the same name has the same answer."""
    return (planner.plain(view), replace(plan, hand=None), engine.tables())


def read_table(source: str, content: bytes) -> tuple[str, object, int]:
    """Read and keep a reader's own table of sites or hospitals.

    Parameters
    ----------
    source : {"file", "hospitals"}
        Which kind.
    content : bytes
        Of the CSV file.

    Returns
    -------
    digest : str
        For `PlanSettings.own_file` or `hospital_file`.
    table : object
        For `planner.keep` at later runs.
    count : int
        Its rows that can be used.

    Raises
    ------
    UserFileError
        Lists every problem with its row.
    """
    if source == "file":
        own = user_files.read_candidates(content)
        return planner.hold(content, own), own, len(own)
    table = hospitals.read_hospitals(content, load.zcta())
    return planner.hold(content, table), table, len(table.frame)


def sites_template() -> bytes:
    """Write an example of a file of sites."""
    return SITES_TEMPLATE.encode()


def names_of(plan: PlanSettings) -> dict[str, str]:
    """Name every candidate of a plan for lists."""
    bare = replace(planner.asked(plan), keep_in=plan.named)
    return _names(bare, engine.tables(), planner.candidates_of(plan))


@cached(8)
def _names(bare: PlanSettings, tables: str, _found: Candidates) -> dict[str, str]:  # noqa: ARG001 - part of the key
    return plan_views.names_of(_found)


def map_of(view: Selection, plan: PlanSettings, found: Outcome, *, by_hand: bool) -> MapSpec:
    """Draw a plan: before, after or the change, with candidates and chosen sites."""
    shown = replace(planner.plain(view), shown=view.shown, level=view.level)
    sites = tuple(zip(found.sites["id"], found.sites["role"], strict=True))
    return _map(shown, plan, sites, by_hand, engine.tables(), found)


@cached(16)
def _map(
    view: Selection,
    plan: PlanSettings,
    sites: tuple[tuple[str, str], ...],  # noqa: ARG001 - part of the key
    by_hand: bool,
    tables: str,
    _found: Outcome,
) -> MapSpec:
    question = planner.setup_of(view, plan)
    level = "state" if view.level == "state" and not view.state else "county"
    frame = question.candidates.frame
    return plan_map.build(
        maps.assets(tables),
        view,
        plan_views.shading(question, _found, view.shown, level),
        engine.counted(view),
        frame.assign(kept_out=question.rules.forced_out[: len(frame)]),
        _found.sites,
        by_hand=by_hand,
        collection=plan.site_role == "collection",
    )


def comparison(view: Selection, plan: PlanSettings, found: Outcome, by: str) -> pd.DataFrame:
    """Set coverage before and after side by side; see `plan_outcome.compare`."""
    sites = tuple(zip(found.sites["id"], found.sites["role"], strict=True))
    return _comparison(planner.plain(view), plan, sites, by, engine.tables(), found)


@cached(32)
def _comparison(
    view: Selection,
    plan: PlanSettings,
    sites: tuple[tuple[str, str], ...],  # noqa: ARG001 - part of the key
    by: str,
    tables: str,  # noqa: ARG001 - part of the key
    _found: Outcome,
) -> pd.DataFrame:
    return planner.comparison(view, plan, _found, by)


def value_of(view: Selection, plan: PlanSettings, found: Outcome) -> tuple[float, float]:
    """Say what any plan reaches in the measure of the objective; see `plan_views.value`."""
    return plan_views.value(planner.setup_of(view, plan), found)


def build_up(view: Selection, plan: PlanSettings, answer: Plan) -> Floats:
    """Give what the sites of a plan reach when they open one by one, from none to all."""
    options = tuple(int(option) for option in answer.chosen)
    return _build_up(planner.plain(view), replace(plan, hand=None), options, engine.tables())


@cached(16)
def _build_up(
    view: Selection,
    plan: PlanSettings,
    options: tuple[int, ...],
    tables: str,  # noqa: ARG001 - part of the key
) -> Floats:
    gains = planning.gains_of(planner.setup_of(view, plan))
    order = np.array(options, np.int64)
    return np.array([gains.total(order[:k]) for k in range(len(order) + 1)])


def curve_table(view: Selection, plan: PlanSettings, found: Curve) -> pd.DataFrame:
    """Set the curve of marginal gains out as a table."""
    question = planner.setup_of(view, replace(plan, hand=None))
    names = list(names_of(replace(plan, hand=None)).values())
    options = {int(j) for options in found.plans for j in options}
    return plan_views.curve_table(found, {j: names[question.site(j)[0]] for j in options})


def robust_table(
    view: Selection, plan: PlanSettings, found: Robust, chosen: frozenset[str]
) -> pd.DataFrame:
    """List how often each site was chosen."""
    question = planner.setup_of(view, replace(plan, hand=None))
    return plan_views.robust_table(question, found, chosen)


def robust_map(view: Selection, table: pd.DataFrame) -> MapSpec:
    """Draw how often each site of `robust_table` was chosen."""
    assets = maps.assets(engine.tables())
    return plan_map.how_often(assets, view, table, engine.counted(view))


def provenance(view: Selection, plan: PlanSettings) -> exports.Provenance:
    """Where the figures of a plan are from, with the link that reopens it."""
    return replace(engine.provenance(view), view=query_string(view, plan))


def query_string(view: Selection, plan: PlanSettings) -> str:
    """Write view and plan as the query of a link."""
    return url_fields.query_string(plan_state.query_of(view, plan))


def table_of(
    make: Callable[[], pd.DataFrame], view: Selection, plan: PlanSettings
) -> exports.Table:
    """Offer a table of a plan as a file."""
    return exports.Table(make, provenance(view, plan))


def layer_of(frame: pd.DataFrame, view: Selection, plan: PlanSettings) -> exports.Layer:
    """Offer the sites of a plan as a layer."""
    return exports.Layer(lambda: plan_views.features(frame), provenance(view, plan))
