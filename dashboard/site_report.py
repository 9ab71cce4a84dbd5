"""The answer of the command `site` in words, and as JSON (pure)."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from dashboard import console, planning, text
from dashboard.plan_outcome import Outcome
from dashboard.plan_state import DEFAULT, LABELS, PlanSettings
from geo.siting.problem import Plan, Progress
from geo.units import km_to_miles

DECIMALS: Final = 6
SLACK: Final = 1e-6
SHARE: Final = "share"
WHOLE: Final = frozenset({"mclp", "capacitated"})
SAVED: Final = {"hours": "hours of travel saved a year", "dollars": "USD saved a year"}
"""Objectives that weigh whole courses of care, and what they count."""
BURDEN: Final = ("hours_before", "hours_saved", "dollars_before", "dollars_saved")
"""Objectives that count persons."""
ROLES: Final = {
    "infusion": "infusion sites",
    "collection": "collection sites",
    "both": "sites that do both",
    "mixed": "sites, each in its best role",
}
STATUSES: Final = {
    "optimal": "proven best",
    "time_limit": "best plan found in the time given",
    "cancelled": "best plan found until it was stopped",
    "infeasible": "there is no such plan",
}


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A plan, and what it changes.

    Parameters
    ----------
    question : Setup
        What was asked.
    plan : Plan
        The answer with its proof.
    outcome : Outcome
        What it changes; nothing where there is no plan.
    tables : str
        Fingerprint of the tables.
    vintage : str
        How old the facts are.
    """

    question: planning.Setup
    plan: Plan
    outcome: Outcome
    tables: str
    vintage: str

    @property
    def found(self) -> bool:
        """Whether there is a plan."""
        return self.plan.status != "infeasible"


def unit_of(asked: PlanSettings, *, miles: bool) -> str:
    """Name what the objective of a plan is counted in.

    Parameters
    ----------
    asked : PlanSettings
        The plan.
    miles : bool
        Whether the threshold is a distance.

    Returns
    -------
    str
        Such as "persons" or "person-minutes".
    """
    travel = "km" if miles else "minutes"
    if asked.objective == "lscp":
        return "sites" if asked.budget is None else "million USD"
    if asked.objective in ("p-center", "worst-off"):
        return travel if asked.objective == "p-center" else SHARE
    weighted = any(
        getattr(asked, name) != getattr(DEFAULT, name)
        for name in ("rural", "low_income", "no_vehicle")
    )
    if asked.objective in SAVED:
        return "weighted " * weighted + SAVED[asked.objective]
    who = "weighted " * weighted + ("persons" if asked.counts == "people" else "patients a year")
    if asked.objective == "p-median":
        who = f"{who} x {travel} saved"
    if asked.objective == "backup" and asked.backup_weight > 0:
        who = f"{who}, second sites counted {text.percent(asked.backup_weight, 0)}"
    return who if asked.site_role in ("infusion", "collection") else f"{who}, half for each role"


def record(answer: Answer) -> dict[str, Any]:
    """Lay the answer out for a program; what is not known or no finite number is None.

    Parameters
    ----------
    answer : Answer
        From `site_command.answer`.

    Returns
    -------
    dict
        Persons are whole numbers.
    """
    question, plan, totals = answer.question, answer.plan, answer.outcome.totals
    asked, view = question.plan, question.view
    miles = view.metric == "miles"
    unit = unit_of(asked, miles=miles)
    persons = unit == "persons" and asked.objective in WHOLE
    better_is_less = asked.objective in planning.LESS_IS_BETTER
    before, after = covered(answer)
    collects = asked.site_role != "infusion"
    reached = plan.objective
    means = planning.mean_travel(question, plan) if asked.objective == "p-median" else (None, None)
    return {
        "status": plan.status,
        "objective": _amount(reached, whole=persons),
        "bound": _amount(_floor(plan.bound) if persons else plan.bound, whole=persons),
        "gap": _amount(plan.gap),
        "seconds": _amount(plan.seconds, 3),
        "ceiling": _amount(plan.ceiling, whole=persons),
        "greedy_objective": _amount(plan.greedy_objective, whole=persons),
        "greedy_share": _share(plan.greedy_objective, reached),
        "share_of_ceiling": None if better_is_less else _share(reached, plan.ceiling),
        "question": {
            "objective": asked.objective,
            "label": LABELS["objective"][asked.objective],
            "unit": unit,
            "better": "less" if better_is_less else "more",
            "role": asked.site_role,
        },
        "count": None if asked.objective == "lscp" else asked.count,
        "budget_million_usd": asked.budget,
        "minutes": None if miles else view.within,
        "miles": view.within if miles else None,
        "collect_minutes": asked.collect_within if collects and not miles else None,
        "collect_miles": asked.collect_within if collects and miles else None,
        "demand": asked.counts,
        "people": round(totals["people"]),
        "baseline": round(before),
        "covered_after": round(after) if answer.found else None,
        "collection_before": _amount(totals.get("collection_before"), whole=True),
        "collection_after": _amount(totals.get("collection_after"), whole=True),
        "mean_before": _travelled(means[0], miles=miles),
        "mean_after": _travelled(means[1], miles=miles),
        "patients_gained": _amount(totals["patients_gained"], 2) if answer.found else None,
        **{
            name: _amount(totals[name], 1)
            for name in (*BURDEN, "without_slot")
            if name in totals and answer.found
        },
        "cost_million_usd": _amount(totals["cost"]) if answer.found else None,
        "candidates": {
            "source": asked.source,
            "number": question.size,
            "left_out": dict(question.candidates.left_out),
        },
        "sites": _sites(answer, miles=miles),
        "left": [
            {"reason": reason, "persons": round(persons)}
            for reason, persons in zip(
                answer.outcome.left["reason"], answer.outcome.left["persons"], strict=True
            )
        ],
        "reasons": list(plan.reasons),
        "notes": [note for note in (question.candidates.note(), question.demand.note()) if note],
        "sizes": {name: int(size) for name, size in plan.sizes.items()},
        "tables": answer.tables,
    }


def to_json(answer: Answer) -> str:
    """Write the record of an answer."""
    return json.dumps(record(answer), indent=2, ensure_ascii=False, allow_nan=False)


def covered(answer: Answer) -> tuple[float, float]:
    """Persons within the threshold before and after, of the role that is planned."""
    totals = answer.outcome.totals
    role = "collection" if answer.question.plan.site_role == "collection" else "covered"
    return totals[f"{role}_before"], totals[f"{role}_after"]


def _sites(answer: Answer, *, miles: bool) -> list[dict[str, Any]]:
    rows = answer.outcome.sites.to_dict(orient="records")
    return [
        {
            "id": row["id"],
            "name": row["name"],
            "role": row["role"],
            "city": row["city"],
            "state": row["state"],
            "lat": _amount(row["lat"]),
            "lon": _amount(row["lon"]),
            "people_added": round(row["people_added"]),
            "patients_added": _amount(row["patients_added"], 2),
            "people_nearer": round(row["people_nearer"]),
            "minutes_saved": _amount(row["minutes_saved"], 1),
            "miles_saved": _travelled(row["km_saved"], miles=True) if miles else None,
            **{
                f"{name}_saved": _amount(row[f"{name}_added"], 1)
                for name in SAVED
                if f"{name}_added" in row
            },
        }
        for row in rows
    ]


def _amount(value: float | None, digits: int = DECIMALS, *, whole: bool = False) -> float | None:
    if value is None or not math.isfinite(value):
        return None
    return round(value) if whole else round(float(value), digits)


def _floor(bound: float) -> float:
    """Take the whole persons of a bound: no plan can reach a part of one more."""
    return math.floor(bound + SLACK) if math.isfinite(bound) else bound


def _share(part: float, whole: float) -> float | None:
    return _amount(part / whole) if whole else None


def _travelled(value: float | None, *, miles: bool) -> float | None:
    """Mean travel in the unit of the threshold."""
    if value is None:
        return None
    return _amount(km_to_miles(value) if miles else value, 2)


# --- In words -------------------------------------------------------------------------------


def table(answer: Answer) -> str:
    """Write the answer for a reader: question, proof, sites, and who remains."""
    question, plan = answer.question, answer.plan
    heading = [_title(answer), *_facts(answer)]
    if not answer.found:
        return "\n".join([*heading, "", "There is no such plan:", *_listed(plan.reasons)])
    lines = [*heading, "", *_site_table(answer)]
    left = answer.outcome.left
    if len(left):
        lines += ["", f"Beyond {_counted_within(question)} with this plan:"]
        counts = {
            "reason": list(left["reason"]),
            "persons": [f"{persons:,.0f}" for persons in left["persons"]],
        }
        lines += console.aligned(counts, left=("reason",))
    return "\n".join(lines)


def _title(answer: Answer) -> str:
    asked = answer.question.plan
    number = len(answer.plan.chosen)
    upto = "" if asked.objective == "lscp" else f" of at most {asked.count}"
    what = ROLES[asked.site_role]
    goal = LABELS["objective"][asked.objective]
    return f"{goal}: {number}{upto} new {what}, {STATUSES[answer.plan.status]}"


def _facts(answer: Answer) -> list[str]:
    question, asked = answer.question, answer.question.plan
    source = LABELS["candidates"][asked.source].lower()
    facts = {
        "Asked": f"within {_threshold(question)}; {LABELS['demand'][asked.counts].lower()} counted",
        "From": f"{question.size:,} candidates ({source}). {question.candidates.note()}".strip(),
    }
    if answer.found:
        facts |= _proof(answer)
    if note := question.demand.note():
        facts["Note"] = note
    facts["Data"] = answer.vintage
    width = max(len(name) for name in facts) + 2
    return [f"{name + ':':<{width}}{words}" for name, words in facts.items()]


def _proof(answer: Answer) -> dict[str, str]:
    shown, asked = record(answer), answer.question.plan
    unit = shown["question"]["unit"]
    found = {
        "Change": _change(answer, *covered(answer), _counted_within(answer.question)),
        "Reached": _counted(shown["objective"], unit),
    }
    if asked.site_role in ("both", "mixed"):
        near = answer.outcome.totals["collection_before"], shown["collection_after"]
        within = f"{_collects_within(answer.question)} of collection"
        found = {"Change": found["Change"], "Also": _change(answer, *near, within)} | found
    if asked.uses_slots:
        left = answer.outcome.totals["without_slot"]
        found["Slots"] = f"{left:,.0f} patients a year have none today; slots are assumptions"
    if asked.objective in SAVED:
        saved = answer.outcome.totals
        found["Saved"] = (
            f"{saved['hours_saved']:,.0f} of {saved['hours_before']:,.0f} hours of travel and "
            f"{saved['dollars_saved']:,.0f} of {saved['dollars_before']:,.0f} USD a year; courses "
            "of care and prices are partly assumptions"
        )
    limit = "reaches more" if shown["question"]["better"] == "more" else "needs less"
    gap = answer.plan.gap
    found["Proof"] = (
        f"no plan {limit} than {_counted(shown['bound'], unit)}"
        f"{'' if gap <= 0 else f' (gap {_gap(gap)})'}; {answer.plan.seconds:.1f} s"
    )
    if shown["share_of_ceiling"] is not None:
        share = text.percent(shown["share_of_ceiling"])
        found["Ceiling"] = f"{share} of what all candidates together would reach"
    if shown["greedy_objective"] is not None and shown["greedy_share"] is not None:
        found["Greedy"] = (
            f"always adding the best site gives {_counted(shown['greedy_objective'], unit)} "
            f"({text.percent(shown['greedy_share'], 2)} of this plan)"
        )
    if shown["mean_before"] is not None:
        found["Travel"] = (
            f"{shown['mean_before']:.1f} {_unit(answer.question)} on average today, "
            f"{shown['mean_after']:.1f} with the plan (at most {_longest(answer.question)} count)"
        )
    return found


def _change(answer: Answer, before: float, after: float, within: str) -> str:
    people = answer.outcome.totals["people"]
    return (
        f"{text.people(before)} of {text.people(people)} people are within {within} today "
        f"({text.percent(before / people)}), {text.people(after)} with the plan "
        f"({text.percent(after / people)})"
    )


def _site_table(answer: Answer) -> list[str]:
    sites = answer.outcome.sites
    if sites.empty:
        return ["No new site would change anything."]
    unit = _unit(answer.question)
    travel = sites["km_saved" if unit == "miles" else "minutes_saved"].to_numpy(dtype=np.float64)
    saved = km_to_miles(travel) if unit == "miles" else travel
    columns = {
        "#": [str(place) for place in sites["place"]],
        "site": list(sites["name"]),
        "place": [
            ", ".join(part for part in (city, state) if part)
            for city, state in zip(sites["city"], sites["state"], strict=True)
        ],
        "role": list(sites["role"]),
        "people added": [f"{count:,.0f}" for count in sites["people_added"]],
        "patients a year": [f"{count:,.0f}" for count in sites["patients_added"]],
        f"{unit} saved": [f"{value:.0f}" for value in saved],
        **{
            f"patient {name} saved": [f"{value:,.0f}" for value in sites[f"{name}_added"]]
            for name in SAVED
            if f"{name}_added" in sites
        },
        "id": list(sites["id"]),
    }
    return console.aligned(columns, left=("site", "place", "role", "id"))


def _threshold(question: planning.Setup) -> str:
    """Thresholds of the roles that are planned."""
    counted = _counted_within(question)
    if question.plan.site_role in ("infusion", "collection"):
        return counted
    return f"{counted} of infusion and {_collects_within(question)} of collection"


def _collects_within(question: planning.Setup) -> str:
    return f"{question.plan.collect_within:g} {_unit(question)}"


def _counted_within(question: planning.Setup) -> str:
    """Threshold by which people are counted before and after: that of infusion where both are."""
    if question.plan.site_role == "collection":
        return _collects_within(question)
    return f"{question.view.within:g} {question.view.metric}"


def _unit(question: planning.Setup) -> str:
    return "miles" if question.view.metric == "miles" else "minutes"


def _longest(question: planning.Setup) -> str:
    return f"{planning.LONGEST:g} {'km' if question.view.metric == 'miles' else 'minutes'}"


def _counted(value: float | None, unit: str) -> str:
    if value is None:
        return text.NO_NUMBER
    if unit == SHARE:
        return f"{text.percent(value)} of the worst-off group"
    number = f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.4g}"  # noqa: PLR2004 - as it reads
    return f"{number} {unit}"


def _gap(gap: float) -> str:
    return f"{gap:.2%}" if gap >= 1e-4 else f"{gap:.1e}"  # noqa: PLR2004 - as it reads


def _listed(reasons: tuple[str, ...]) -> list[str]:
    return [f"- {reason}" for reason in reasons]


def progress_line(progress: Progress) -> str:
    """Say in one line how far the work is."""
    known: Mapping[str, float] = {"best": progress.best, "bound": progress.bound}
    parts = [f"{name} {value:,.0f}" for name, value in known.items() if math.isfinite(value)]
    return f"{progress.stage}: {progress.done:.0%}{'; ' * bool(parts)}{', '.join(parts)}"
