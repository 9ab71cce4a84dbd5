"""Who is covered: headline, curve, breakdowns and distributions, answered once per question."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from dashboard import (
    details,
    queries,
)
from dashboard.services import engine
from dashboard.services.cache import cached
from dashboard.state import CentreQuery, Selection
from data import load
from geo.coverage import CoverageCurve
from geo.results import CurveResult, DistributionResult, Floats, QuantileBand
from geo.units import km_to_miles

DISTRIBUTION_EDGES: Final = details.DISTRIBUTION_EDGES
MAX_BARS: Final = 25
ORDERED: Final = frozenset({"income", "age", "poverty", "vehicle"})
"""Breakdowns whose groups have an order of their own."""


def counted_centres(view: Selection) -> int:
    """Count the chosen centres that treat the people counted."""
    return len(engine.counted(view))


def documented_centres(view: Selection) -> int:
    """Count those of them, if built in, that have a document for the therapy."""
    return 0 if view.facilities else _documented(view.centres, view.ages, engine.tables())


@cached(engine.ANSWER_ENTRIES)
def _documented(query: CentreQuery, ages: str, tables: str) -> int:
    counted = engine.counted_of(query, ages, tables)
    return int(queries.gives(counted, query.therapy, "documented").sum())


def without_centre(view: Selection) -> list[str]:
    """Audiences of a view whom no chosen centre treats."""
    return [
        audience
        for audience in queries.AUDIENCES[view.ages]
        if not queries.treats(engine.centres(view), audience).any()
    ]


@cached(engine.ANSWER_ENTRIES)
def _headline(scope: engine.Scope, within: float, metric: str) -> details.Headline:
    view = Selection(within=within, metric=metric, model=scope.model)  # type: ignore[arg-type]
    return details.headline(queries.total_of(share_curve(scope, metric), view))


def headline(view: Selection) -> details.Headline:
    """Count the people within and beyond the threshold, with bands."""
    return _headline(engine.Scope.of(view), view.within, view.metric)


@cached(engine.ROWS_ENTRIES)
def share_curve(scope: engine.Scope, metric: str) -> CoverageCurve:
    """Prepare coverage at every threshold at once."""
    view = Selection(metric=metric, model=scope.model)  # type: ignore[arg-type]
    return queries.share_curve(engine.rows_in(scope), view)


@cached(engine.ANSWER_ENTRIES)
def _curve(scope: engine.Scope, metric: str) -> CurveResult:
    return queries.curve(share_curve(scope, metric), Selection(metric=metric))  # type: ignore[arg-type]


def curve(view: Selection) -> CurveResult:
    """Coverage at thresholds up to 300, with its band; the same for every threshold."""
    return _curve(engine.Scope.of(view), view.metric)


@cached(engine.ANSWER_ENTRIES)
def _quantiles(view: Selection, tables: str) -> Floats | None:
    return queries.breakdown_quantiles(engine.areas_of(tables), engine.rows_of(view), view)


@cached(engine.ANSWER_ENTRIES)
def _breakdown(view: Selection, tables: str) -> pd.DataFrame:
    quantiles = _quantiles(replace(view, within=Selection().within), tables)
    return queries.breakdown(engine.areas_of(tables), engine.rows_of(view), view, quantiles)


def breakdown(view: Selection) -> pd.DataFrame:
    """Coverage and travel of every group of `view.by`; see `queries.breakdown`."""
    return _breakdown(engine.bare(view), engine.tables())


@cached(engine.ANSWER_ENTRIES)
def _distribution(view: Selection, tables: str) -> DistributionResult:  # noqa: ARG001 - part of the key
    return queries.distribution(engine.rows_of(view), view, details.DISTRIBUTION_EDGES)


def distribution(view: Selection) -> DistributionResult:
    """Count people by bins of travel."""
    return _distribution(engine.bare(view), engine.tables())


@cached(engine.ANSWER_ENTRIES)
def _percentiles(scope: engine.Scope, metric: str) -> tuple[QuantileBand, ...]:
    return queries.percentiles(share_curve(scope, metric))


@cached(engine.ANSWER_ENTRIES)
def _median(scope: engine.Scope, metric: str) -> QuantileBand:
    return queries.median(share_curve(scope, metric))


def median(view: Selection) -> QuantileBand:
    """Travel within which half of the people live, with its band."""
    return _median(engine.Scope.of(view), view.metric)


def percentiles(view: Selection) -> tuple[QuantileBand, ...]:
    """10th, 50th and 90th percentile of travel with bands."""
    return _percentiles(engine.Scope.of(view), view.metric)


@cached(2)
def _states(tables: str) -> queries.Kinds:
    return queries.kinds_of(engine.areas_of(tables), "state")


@cached(engine.ANSWER_ENTRIES)
def _beyond_by_state(view: Selection, tables: str) -> pd.DataFrame:
    found = share_curve(engine.Scope.of(view), view.metric)
    return queries.beyond_by_state(_states(tables), engine.rows_of(view), found, view)


def worst_states(view: Selection, count: int) -> pd.DataFrame:
    """States, or counties of the state in focus, with the largest share beyond the threshold."""
    by_state = engine.bare(replace(view, by="state"))
    frame = places_frame(view) if view.state else _beyond_by_state(by_state, engine.tables())
    return frame.sort_values(
        ["share_beyond", "beyond"], ascending=False, kind="stable", ignore_index=True
    ).head(count)


def hospital_shares(view: Selection) -> pd.DataFrame:
    """Share of US hospitals that count in a view, by each count of hospitals."""
    return _hospital_shares(replace(view.centres, facilities=""), engine.tables())


@cached(engine.ANSWER_ENTRIES)
def _hospital_shares(query: CentreQuery, tables: str) -> pd.DataFrame:
    return details.hospital_shares(engine.centres_of(query, tables), load.hospital_denominators())


def curve_axis(result: CurveResult, view: Selection) -> Floats:
    """Thresholds of a curve in the unit of the view: minutes or miles."""
    if view.metric == "minutes":
        return result.thresholds
    return np.asarray(km_to_miles(result.thresholds), dtype=np.float64)


def curve_frame(view: Selection) -> pd.DataFrame:
    """Coverage curve as a table."""
    result = curve(view)
    return pd.DataFrame(
        {
            f"within_{view.metric}": curve_axis(result, view),
            "population": result.population,
            "covered": result.covered,
            "uncovered": result.uncovered,
            "unreachable": result.unreachable,
            "no_data": result.no_data,
            "share_covered": result.share_covered,
            "share_low": result.share_low,
            "share_high": result.share_high,
        }
    )


def places_frame(view: Selection) -> pd.DataFrame:
    """Table of all states, or of the counties of the state in focus."""
    return breakdown(replace(view, by="county" if view.state else "state"))


def scaled(shares: Iterable[float]) -> list[float]:
    """Lengths of the bars of small shares: the longest bar stands for a few per cent only."""
    return [share / details.HOSPITAL_SCALE for share in shares]


def for_chart(frame: pd.DataFrame, view: Selection) -> pd.DataFrame:
    """Order the groups for a chart, and keep those with most people beyond when there are many."""
    if view.by in ORDERED:
        return frame
    most = frame.nlargest(MAX_BARS, "beyond")
    return most.sort_values("share_beyond", ascending=False, ignore_index=True)


def group_table(view: Selection) -> pd.DataFrame:
    """Arrange a breakdown for reading: in order, shares in per cent, the band as words."""
    return details.group_table(breakdown(view), ordered=view.by in ORDERED)


def distribution_frame(view: Selection) -> pd.DataFrame:
    """Tabulate the distribution of travel."""
    return details.distribution_table(distribution(view), view.metric)
