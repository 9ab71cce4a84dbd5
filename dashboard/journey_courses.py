"""Courses of care: their phases, where each may happen, and what they are computed with (pure).

Every number of visits, days, prices and rules is a row of the table `journey_parameters`, which
readers change. Methods: docs/methods.md, Journeys.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from dashboard.journey_state import Bound, Course, Edit, Model
from geo.burden import Prices
from geo.journeys import ADMITTED, DAYS, NEARBY, VISITS, Phase, Rules

Stage = Literal["consult", "collection", "bridging", "lymphodepletion", "infusion", "monitoring"]
Therapy = Literal["cart", "autologous", "allogeneic", "gene"]

STAGES: Final[dict[Stage, str]] = {
    "consult": "Consultation",
    "collection": "Collection of cells",
    "bridging": "Bridging",
    "lymphodepletion": "Lymphodepletion or conditioning",
    "infusion": "Infusion",
    "monitoring": "Monitoring",
}
HUB, COLLECTION, NEAR_HOME = range(3)
"""Places, in the order of the ways."""
PLACES: Final = ("treatment centre", "collection site", "site near home")
SITES: Final[dict[Model, dict[Stage, int]]] = {
    "hub": dict.fromkeys(STAGES, HUB),
    "collection": {**dict.fromkeys(STAGES, HUB), "collection": COLLECTION},
    "shared": {
        **dict.fromkeys(STAGES, HUB),
        "collection": COLLECTION,
        "monitoring": NEAR_HOME,
    },
    "local": {**dict.fromkeys(STAGES, NEAR_HOME), "collection": COLLECTION},
}
"""Where each stage happens."""
THERAPIES: Final[dict[Therapy, tuple[str, ...]]] = {
    "cart": (
        "dlbcl",
        "fl",
        "mcl",
        "cll",
        "myeloma",
        "b_all_young",
        "b_all_adult",
        "sle",
        "ssc",
        "ms",
        "ra",
    ),
    "autologous": ("hct_auto",),
    "allogeneic": ("hct_allo",),
    "gene": ("sickle_cell", "beta_thalassemia", "sickle_cell_stock", "beta_thalassemia_stock"),
}
"""Diseases and procedures whose patients are treated with each."""
CENTRAL_PART: Final = "rules"
"""Parameters whose central value counts at both ends of the range."""
DAY_30: Final = 30.0
DAY_100: Final = 100.0
"""Days after the infusion over which visits are spread."""


@dataclass(frozen=True, slots=True)
class Step:
    """A phase of a course.

    Parameters
    ----------
    stage : str
        One of `STAGES`; decides where it happens.
    kind : int
        As in `geo.journeys`.
    key, times : str
        Parameters: how many, and how often ("" for once).
    after : bool
        Whether its days follow the infusion.
    until : float
    apart : bool
        As in `geo.journeys.Phase`.
    """

    stage: Stage
    kind: int
    key: str
    times: str = ""
    after: bool = False
    until: float = 0.0
    apart: bool = False


_CART_BEGINS: Final = (
    Step("consult", VISITS, "cart.consult"),
    Step("collection", VISITS, "cart.line"),
    Step("collection", DAYS, "cart.collection"),
    Step("bridging", VISITS, "cart.bridging"),
    Step("lymphodepletion", DAYS, "cart.lymphodepletion", apart=True),
)
STEPS: Final[dict[Course, tuple[Step, ...]]] = {
    "cart_outpatient": (
        *_CART_BEGINS,
        Step("infusion", DAYS, "cart.infusion"),
        Step("monitoring", DAYS, "cart_outpatient.daily", after=True),
        Step("infusion", ADMITTED, "cart_outpatient.admitted", after=True),
        Step("infusion", NEARBY, "cart.nearby"),
        Step("monitoring", VISITS, "cart_outpatient.twice_weekly", until=DAY_30),
        Step("monitoring", VISITS, "cart.late"),
    ),
    "cart_inpatient": (
        *_CART_BEGINS,
        Step("infusion", ADMITTED, "cart.infusion"),
        Step("infusion", ADMITTED, "cart_inpatient.admitted", after=True),
        Step("infusion", NEARBY, "cart.nearby"),
        Step("monitoring", VISITS, "cart_inpatient.twice_weekly", until=DAY_30),
        Step("monitoring", VISITS, "cart.late"),
    ),
    "autologous": (
        Step("consult", VISITS, "autologous.consult"),
        Step("collection", VISITS, "autologous.line"),
        Step("collection", DAYS, "autologous.collection"),
        Step("lymphodepletion", ADMITTED, "autologous.conditioning", apart=True),
        Step("infusion", ADMITTED, "autologous.infusion"),
        Step("infusion", ADMITTED, "autologous.admitted", after=True),
        Step("infusion", NEARBY, "autologous.nearby"),
        Step("monitoring", VISITS, "autologous.followup", until=DAY_100),
        Step("monitoring", VISITS, "autologous.late"),
    ),
    "allogeneic": (
        Step("consult", VISITS, "allogeneic.consult"),
        Step("lymphodepletion", ADMITTED, "allogeneic.conditioning", apart=True),
        Step("infusion", ADMITTED, "allogeneic.infusion"),
        Step("infusion", ADMITTED, "allogeneic.admitted", after=True),
        Step("infusion", NEARBY, "allogeneic.nearby"),
        Step("monitoring", VISITS, "allogeneic.followup", until=DAY_100),
        Step("monitoring", VISITS, "allogeneic.late"),
    ),
    "gene": (
        Step("consult", VISITS, "gene.consult"),
        Step("bridging", VISITS, "gene.transfusion"),
        Step("collection", DAYS, "gene.collection", times="gene.rounds", apart=True),
        Step("lymphodepletion", ADMITTED, "gene.conditioning", apart=True),
        Step("infusion", ADMITTED, "gene.infusion"),
        Step("infusion", ADMITTED, "gene.admitted", after=True),
        Step("monitoring", VISITS, "gene.followup"),
    ),
}
"""Phases of every course, in order of time. A donor's cells are not collected from the patient."""


def parameters(table: pd.DataFrame, edits: Sequence[Edit]) -> pd.DataFrame:
    """Put a reader's own values in the place of the table's.

    Parameters
    ----------
    table : DataFrame
        `data.load.journey_parameters`.
    edits : sequence of Edit
        Own values; parameters that do not exist are passed over.

    Returns
    -------
    DataFrame
        Rows and columns of the table, and `edited` (bool).
    """
    own = {edit.key: edit for edit in edits}
    found = table.copy()
    keys = found["key"].tolist()
    for name in ("value", "low", "high"):
        listed = found[name].tolist()
        found[name] = [
            getattr(own[key], name) if key in own else value
            for key, value in zip(keys, listed, strict=True)
        ]
    found["edited"] = [key in own for key in keys]
    return found


def values_of(found: pd.DataFrame, bound: Bound) -> dict[str, float]:
    """Value of every parameter at one end of the range; rules keep their central value.

    Parameters
    ----------
    found : DataFrame
        From `parameters`.
    bound : {"low", "central", "high"}
        Which end.

    Returns
    -------
    dict of str to float
        By key.
    """
    ends = found["value"] if bound == "central" else found[bound]
    chosen = ends.where(found["part"] != CENTRAL_PART, found["value"])
    return dict(zip(found["key"], chosen.astype(float), strict=True))


def phases(course: Course, model: Model, values: Mapping[str, float]) -> tuple[Phase, ...]:
    """List the phases of a course under a model.

    Parameters
    ----------
    course : str
        One of `STEPS`.
    model : str
        One of `SITES`.
    values : mapping of str to float
        From `values_of`.

    Returns
    -------
    tuple of Phase
        Days in a row after the infusion are held where it was given, if that is too far to go
        home.
    """
    sites = SITES[model]
    given = sites["infusion"]
    return tuple(
        Phase(
            step.kind,
            sites[step.stage],
            values[step.key],
            values[step.times] if step.times else 1.0,
            step.after,
            given if step.kind == DAYS and step.after and sites[step.stage] != given else -1,
            step.until,
            step.apart,
        )
        for step in STEPS[course]
    )


def rules_of(values: Mapping[str, float]) -> Rules:
    """When patients lodge."""
    return Rules(values["daily_limit"], values["radius"], values["day_trip"])


def prices_of(values: Mapping[str, float]) -> Prices:
    """Prices and persons."""
    return Prices(
        mile=values["mileage"],
        room=values["room"],
        rooms=values["rooms"],
        meals=values["meals"],
        caregivers=values["caregivers"],
        patient_wage=values["patient_wage"],
        caregiver_wage=values["caregiver_wage"],
        patient_works=values["patient_works"],
        visit_hours=values["visit_hours"],
        day_hours=values["day_hours"],
    )


def course_table(values: Mapping[str, float], titles: Mapping[str, str]) -> pd.DataFrame:
    """List every course's phases with how many there are and where each may happen.

    Parameters
    ----------
    values : mapping of str to float
        From `values_of`.
    titles : mapping of str to str
        Title of every parameter.

    Returns
    -------
    DataFrame
        Columns course, stage, phase, count, and the place under each model.
    """
    rows: list[dict[str, object]] = []
    for course, steps in STEPS.items():
        for step in steps:
            times = values[step.times] if step.times else 1.0
            row: dict[str, object] = {
                "course": course,
                "stage": STAGES[step.stage],
                "phase": titles[step.key],
                "count": values[step.key] * times,
            }
            rows.append(row | {model: PLACES[sites[step.stage]] for model, sites in SITES.items()})
    return pd.DataFrame(rows)
