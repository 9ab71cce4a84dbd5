"""The published comparison of academic hospitals with an expanded network, done anew (pure).

Snyder et al. 2021 (doi:10.1007/s12325-021-01838-z) give the drive times and the travel cost of
patients with relapsed large B-cell lymphoma when only academic hospitals treat, and when community
and specialty sites do too. No table says which centres are academic: three classes that the tables
can tell stand in for them, all shown, none chosen by how well it fits. Nothing is fitted to the
published figures. Methods: docs/methods.md, Journeys.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard import journey_courses, journeys, queries
from dashboard.journey_state import Course
from dashboard.journeys import Parts, Ways
from geo import burden
from geo.results import Floats
from geo.travel import Nearest

PATIENTS: Final = 3922
"""Patients a year of the study."""
DISEASE: Final = "dlbcl"
THERAPY: Final = "car_t"
EVIDENCE: Final = "believed"
"""Weakest evidence for CAR-T of a centre that counts."""
LARGE_BEDS: Final = 500
NAMED: Final = ("documented", "listed_secondary", "believed")
CLASSES: Final = {
    "fact": "Documented FACT accreditation",
    "nmdp": "NMDP centre with donor transplants",
    "large": f"At least {LARGE_BEDS} beds",
}
"""What stands in for academic hospitals."""
HOUR: Final = 60.0
MILLION: Final = 1e6


@dataclass(frozen=True, slots=True)
class Published:
    """What the study says.

    Parameters
    ----------
    over_an_hour : float
        Share of patients more than 60 minutes from an academic hospital.
    change_of_time : float
        Change of the mean travel time in the expanded network, as a share.
    academic_cost, expanded_cost : float
        Million US dollars a year.
    """

    over_an_hour: float
    change_of_time: float
    academic_cost: float
    expanded_cost: float


def published(studies: pd.DataFrame, parameters: pd.DataFrame) -> Published:
    """Find the published figures.

    Parameters
    ----------
    studies, parameters : DataFrame
        `data.load.validation_studies`, `data.load.burden_parameters`.

    Returns
    -------
    Published
    """
    by_study = studies.set_index("study_id")["value"]
    by_name = parameters.set_index("parameter")["value"]
    return Published(
        float(by_study["snyder2021"]),
        float(by_study["snyder2021_expansion"]),
        float(by_name["snyder_travel_cost_academic_only"]),
        float(by_name["snyder_travel_cost_expanded"]),
    )


def expanded(centres: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether each centre gives CAR-T to adults, rows of low confidence left out."""
    keep = queries.gives(centres, THERAPY, EVIDENCE) & queries.treats(centres, "adult")
    return keep & (centres["confidence"] != "low").to_numpy()


def academic(centres: pd.DataFrame, kind: str) -> NDArray[np.bool_]:
    """Whether each centre of the expanded network is of a class of `CLASSES`."""
    if kind == "fact":
        inside = centres["fact_accreditation"] == "documented"
    elif kind == "nmdp":
        inside = centres["nmdp_center"].isin(NAMED) & (centres["hct"] == "allo+auto")
    else:
        inside = centres["beds"].fillna(0) >= LARGE_BEDS
    return expanded(centres) & inside.to_numpy(dtype=bool)


def compare(
    areas: queries.Areas,
    networks: Mapping[str, tuple[int, Nearest]],
    patients: Floats,
    values: Mapping[str, float],
    said: Published,
) -> pd.DataFrame:
    """Set our figures beside the published ones.

    Parameters
    ----------
    areas : Areas
        Where people live.
    networks : mapping of str to (int, Nearest)
        Centres and each area's nearest: "expanded" and the classes of `CLASSES`.
    patients : ndarray, shape (areas,)
        Adults a year with the disease who may be treated.
    values : mapping of str to float
        Parameters of journeys.
    said : Published
        From `published`.

    Returns
    -------
    DataFrame
        Rows by class and measure: class, label, centres, measure, unit, published, atlas, error
        (atlas minus published; nan where nothing is published). Means are of patients who reach
        both networks; dollars are scaled to the patients of the study.
    """
    rows: list[dict[str, object]] = []
    _, wide = networks["expanded"]
    for kind, label in CLASSES.items():
        count, narrow = networks[kind]
        weights = patients * np.isfinite(narrow.minutes) * np.isfinite(wide.minutes)
        before, after = (_mean(found.minutes, weights) for found in (narrow, wide))
        over = _mean((narrow.minutes > HOUR).astype(float), patients * ~np.isnan(narrow.minutes))
        costs = [_cost(areas, found, weights, values) for found in (narrow, wide)]
        figures = (
            ("Share over 60 minutes, academic only", "share", said.over_an_hour, over),
            ("Mean travel time, academic only", "minutes", np.nan, before),
            ("Mean travel time, expanded", "minutes", np.nan, after),
            ("Change of mean travel time", "share", said.change_of_time, _change(before, after)),
            ("Cost, academic only", "million USD a year", said.academic_cost, costs[0]),
            ("Cost, expanded", "million USD a year", said.expanded_cost, costs[1]),
            (
                "Change of cost",
                "share",
                _change(said.academic_cost, said.expanded_cost),
                _change(*costs),
            ),
        )
        rows += [
            {
                "class": kind,
                "label": label,
                "centres": count,
                "expanded_centres": networks["expanded"][0],
                "measure": measure,
                "unit": unit,
                "published": theirs,
                "atlas": ours,
                "error": ours - theirs,
            }
            for measure, unit, theirs, ours in figures
        ]
    return pd.DataFrame(rows)


def _mean(values: Floats, weights: Floats) -> float:
    used = weights > 0
    total = float(weights[used].sum())
    return float((values[used] * weights[used]).sum()) / total if total else float("nan")


def _change(before: float, after: float) -> float:
    """Change as a share; nan from nothing."""
    return after / before - 1 if before else float("nan")


def _cost(
    areas: queries.Areas, found: Nearest, weights: Floats, values: Mapping[str, float]
) -> float:
    """Million dollars a year of the study's patients, all care at the nearest centre."""
    rows = queries.stack_rows(areas, "adult", lambda _: found)
    size = rows.area.size
    ways = Ways(
        rows, np.stack([found.minutes] * 3), np.stack([found.distance_km] * 3), np.ones(size)
    )
    share = values["outpatient_share"]
    everyone = Parts(
        np.arange(size), np.ones(size), np.zeros(size, dtype=np.intp), ["all"], ["All"]
    )
    patients: dict[Course, Floats] = {
        "cart_outpatient": share * weights,
        "cart_inpatient": (1 - share) * weights,
    }
    hub = journeys.spent(ways, patients, values, everyone)["hub"]
    dollars = float(burden.cost(hub.amounts, journey_courses.prices_of(values)).sum())
    reached = float(hub.reached.sum())
    return dollars / reached * PATIENTS / MILLION if reached else float("nan")
