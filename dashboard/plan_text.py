"""Findings of the planner as sentences (pure)."""

import math
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.plan_state import ERRORS, LABELS, PlanSettings
from dashboard.state import Selection
from geo.siting.curve import Curve
from geo.siting.problem import PROVEN, Plan, Progress
from geo.siting.robust import EVERY, Robust
from geo.units import KM_PER_MILE

KM_PER: Final = {"mi": KM_PER_MILE, "km": 1.0}
SITES: Final = {
    "infusion": "infusion site",
    "collection": "collection site",
    "both": "site for infusion and collection",
    "mixed": "site",
}
NAMED: Final = 3
SMALL_LOSS: Final = 5e-4
FAST: Final = 0.1
MINUTES_PER_HOUR: Final = 60
WORSE: Final = {"p-center": "longer", "worst-off": "lower", "lscp": "more"}
BETTER: Final = {"p-center": "shorter", "worst-off": "higher", "lscp": "fewer"}
"""How a plan by hand compares with the solver's, where it is not a matter of fewer or more."""
BURDEN: Final = {"hours": "hours of travel a year", "dollars": "USD a year"}
"""Objectives that weigh whole courses of care, and their unit."""
GAINS: Final = frozenset({"mclp", "patients", "p-median", "backup", "capacitated", *BURDEN})
"""Objectives that add up what people gain."""
LESS: Final = frozenset({"p-median", "dollars"})
"""Objectives of which there is less, not fewer."""


def plain(problem: str) -> str:
    """Write a problem so that Markdown shows it as it is."""
    return problem.replace("[", "\\[").replace("*", "\\*").replace("<", "\\<").replace("$", "\\$")


def sites(count: int, plan: PlanSettings) -> str:
    """Count new sites by what they do.

    >>> sites(20, PlanSettings()), sites(1, PlanSettings(site_role="both"))
    ('20 infusion sites', '1 site for infusion and collection')
    """
    noun = SITES[plan.site_role]
    return f"{count:,} {noun if count == 1 else noun.replace('site', 'sites', 1)}"


def reach(plan: PlanSettings, view: Selection) -> str:
    """Say the threshold that a plan is about.

    >>> reach(PlanSettings(site_role="collection", collect_within=45.0), Selection())
    '45 minutes'
    """
    if plan.site_role == "collection":
        return collects(plan, view)
    return text.threshold(view)


def collects(plan: PlanSettings, view: Selection) -> str:
    """Say the threshold of collection.

    >>> collects(PlanSettings(), Selection(within=90, metric="miles"))
    '60 miles'
    """
    return text.threshold(replace(view, within=plan.collect_within))


def objective_line(plan: PlanSettings, view: Selection) -> str:
    """Say in one sentence what the best plan is.

    >>> objective_line(PlanSettings(), Selection())
    'The best plan brings the most people within 60 minutes of a site who are beyond it today.'
    """
    within = reach(plan, view)
    weighted = max(plan.rural, plan.low_income, plan.no_vehicle) > 1
    who = "patients a year" if plan.counts == "patients" else "people"
    who += ", counted with your weights," if weighted else ""
    whole = " over their whole course of care, counted with your weights" if weighted else ""
    whole = whole or " over their whole course of care"
    assumed = (
        "a trip counts up to 5 hours. Visits, days and prices are those of Journeys, many of them "
        "assumptions."
    )
    reached = (
        f"The best plan brings the most {who} within {within} of a site who are beyond it today."
    )
    return {
        "mclp": reached,
        "patients": reached,
        "hours": f"The best plan saves patients the most hours of travel{whole}; {assumed}",
        "dollars": "The best plan saves patients, and those who are with them, the most mileage, "
        f"lodging, meals and wages{whole}; {assumed}",
        "lscp": f"The best plan is the one with fewest sites that brings everyone within {within} "
        "who has a candidate so near.",
        "p-median": f"The best plan saves the most travel of all {who} together; a trip counts up "
        f"to {'300 km' if view.metric == 'miles' else '5 hours'}.",
        "p-center": "The best plan makes the longest way of anybody whom a candidate can help as "
        "short as possible.",
        "backup": f"The best plan brings the most {who} within {within}; a second site so near "
        f"counts {text.percent(plan.backup_weight, 0)} of the first.",
        "capacitated": _within_capacity(who, within, plan),
        "worst-off": "The best plan raises the share within "
        f"{within} of the group that is worst off, by {LABELS['worst_by'][plan.worst_by].lower()}.",
    }[plan.objective]


def _within_capacity(who: str, within: str, plan: PlanSettings) -> str:
    """Say what the best plan within capacity is."""
    rest = f"a new site serves {room(plan)} unless your file says otherwise."
    if plan.uses_slots:
        return (
            f"The best plan treats the most patients a year within {within} of a new site who have "
            "no slot at a centre of today (slots as under Patients and capacity, assumed); " + rest
        )
    return (
        f"The best plan brings the most {who} within {within} of a new site that has room for "
        f"them; {rest}"
    )


def room(plan: PlanSettings) -> str:
    """Say the assumed capacity of a site.

    >>> room(PlanSettings()), room(PlanSettings(demand="patients"))
    ('250,000 people', '100 patients a year')
    """
    if plan.counts == "patients":
        return f"{plan.patient_capacity:,} patients a year"
    return f"{text.people(plan.capacity)} people"


def unit(plan: PlanSettings) -> str:
    """Name what the objective counts.

    >>> unit(PlanSettings()), unit(PlanSettings(demand="patients", rural=2.0))
    ('people', 'weighted patients a year')
    """
    noun = "patients a year" if plan.counts == "patients" else "people"
    noun = BURDEN.get(plan.objective, noun)
    weighted = max(plan.rural, plan.low_income, plan.no_vehicle) > 1
    halves = " (half for each role)" if plan.site_role in ("both", "mixed") else ""
    if plan.objective == "backup":
        halves = " (second sites counted)"
    return f"{'weighted ' if weighted else ''}{noun}{halves}"


def amount(value: float, plan: PlanSettings, view: Selection) -> str:
    """Say a value of the objective with its unit.

    >>> amount(22_178_420.0, PlanSettings(), Selection())
    '22.2 million people'
    >>> amount(0.415, PlanSettings(objective="worst-off"), Selection())
    '41.5%'
    """
    if plan.objective == "worst-off":
        return text.percent(value)
    if plan.objective == "p-center":
        return text.impedance(value, view)
    if plan.objective == "p-median":
        unit_ = f"{view.units} of trips" if view.metric == "miles" else "hours of trips"
        return f"{text.people(value / curve_scale(plan, view))} {unit_}"
    if plan.objective != "lscp":
        return f"{text.people(value)} {unit(plan)}"
    if plan.budget is not None:
        return f"{value:,.1f} million USD"
    return f"{value:,.0f} site{'' if round(value) == 1 else 's'}"


def headline(
    count: int, totals: dict[str, float], answer: Plan, plan: PlanSettings, view: Selection
) -> str:
    """State what a plan brings.

    Parameters
    ----------
    count : int
        New sites.
    totals : dict of str to float
        Of `plan_outcome.Outcome`.
    answer : Plan
        The solver's, for what no outcome says.
    plan, view
        What was asked; `plan.hand` is not None for a plan by hand.

    Returns
    -------
    str
        A sentence.
    """
    who, within = text.audience(view), reach(plan, view)
    if not count and plan.budget is not None and plan.hand is None:
        limit = f"a budget of ${plan.budget:,g} million"
        return f"No new site fits {limit}: {shares(totals, plan)[0]} of {who} are within {within}"
    if not count:
        return f"No new site: {shares(totals, plan)[0]} of {who} are within {within} today"
    subject = ("Your " if plan.hand is not None else "") + sites(count, plan)
    before, after = shares(totals, plan)
    gained = f"{text.people(totals['gained'])} more {who}"
    patients = f"{round_people(totals['patients_gained'])} patients a year"
    where = f" in {text.place(view.state)}" if view.state else ""
    tail = f"within {within}: {after} instead of {before}{_collection(totals, plan, view)}"
    if saves := _saves(totals, where, plan, view):
        return f"{subject} would save {saves}, and bring {gained} {tail}"
    if plan.hand is None and (
        words := _special(subject, gained, where, totals, answer, plan, view)
    ):
        if plan.objective == "lscp":
            return f"{words}: {gained}, {after} instead of {before}"
        return f"{words} {tail}"
    first = f"{gained}{where}, and {patients}"
    if plan.objective == "patients":
        first = f"{patients}{where}, among {gained}"
    return f"{subject} would bring {first}, {tail}"


def figures(
    count: int, totals: dict[str, float], answer: Plan, plan: PlanSettings
) -> list[tuple[str, str]]:
    """Give the key figures of a plan, for `headline`."""
    before, after = shares(totals, plan)
    found = [
        ("New sites", f"{count}"),
        ("People gained", text.people(totals["gained"])),
        ("Patients a year gained", round_people(totals["patients_gained"])),
        ("Share within the threshold", f"{after} instead of {before}"),
        ("Assumed cost", f"${totals['cost']:,.1f} million"),
    ]
    if plan.hand is None and math.isfinite(answer.gap):
        proof = "none: proven best" if answer.status == "optimal" else f"at most {_gap(answer.gap)}"
        found.append(("Gap to the best possible", proof))
    return found


def _saves(totals: dict[str, float], where: str, plan: PlanSettings, view: Selection) -> str:
    """Say what a plan saves whom; "" where the objective is no saving.

    >>> totals = {"hours_saved": 155_585.7, "hours_before": 1_349_201.1}
    >>> _saves(totals, "", PlanSettings(objective="hours"), Selection())
    'patients 156,000 hours of travel a year, 11.5% of all today'
    """
    who = text.audience(view)
    if plan.objective in BURDEN:
        amount_, today = totals[f"{plan.objective}_saved"], totals[f"{plan.objective}_before"]
        share = f", {text.percent(amount_ / today)} of all today" if today else ""
        return f"patients{where} {text.people(amount_)} {BURDEN[plan.objective]}{share}"
    if plan.objective != "p-median" or not totals["nearer"]:
        return ""
    trip = text.impedance(totals["mean_saved"], view)
    return f"{text.people(totals['nearer'])} {who}{where} {trip} a trip on average"


def _without_slot(totals: dict[str, float]) -> str:
    """Say how many patients have no slot today; "" where that is not asked.

    >>> _without_slot({"without_slot": 10_274.3})
    ' of the 10,000 without a slot today'
    """
    if "without_slot" not in totals:
        return ""
    return f" of the {round_people(totals['without_slot'])} without a slot today"


def _special(
    subject: str,
    gained: str,
    where: str,
    totals: dict[str, float],
    answer: Plan,
    plan: PlanSettings,
    view: Selection,
) -> str:
    """Begin the headline of an objective with a measure of its own; "" for the others."""
    if plan.objective == "p-center":
        longest = text.impedance(answer.objective, view)
        return (
            f"With {subject} nobody{where} whom a candidate can help would live more than "
            f"{longest} away; {gained} would be"
        )
    return {
        "worst-off": f"{subject} would bring every group to at least "
        f"{text.percent(answer.objective)}, and {gained}{where}",
        "capacitated": f"{subject} would have room for {amount(answer.objective, plan, view)}"
        f"{_without_slot(totals)}, and "
        f"{gained}{where} would be"
        if plan.counts == "patients"
        else f"{subject} would have room for {text.people(answer.objective)} of {gained}{where}",
        "lscp": f"{subject} would bring everyone{where} within {reach(plan, view)} who has a "
        "candidate so near",
    }.get(plan.objective, "")


def _collection(totals: dict[str, float], plan: PlanSettings, view: Selection) -> str:
    """End the headline of a plan with both roles."""
    if plan.site_role not in ("both", "mixed"):
        return ""
    before, after = shares(totals, replace(plan, site_role="collection"))
    return f", and within {collects(plan, view)} of collection {after} instead of {before}"


def round_people(count: float) -> str:
    """Say a number of patients without false precision.

    >>> round_people(2581.8), round_people(41.26)
    ('2,600', '41')
    """
    if count < 100:  # noqa: PLR2004 - two digits stay as they are
        return f"{count:.0f}"
    digits = len(str(int(count))) - 2
    return f"{round(count, -digits):,.0f}"


def shares(totals: dict[str, float], plan: PlanSettings) -> tuple[str, str]:
    """Say the shares within the threshold before and after.

    >>> shares({"people": 100.0, "covered_before": 64.7, "covered_after": 71.4}, PlanSettings())
    ('65%', '71%')
    """
    kind = "collection" if plan.site_role == "collection" else "covered"
    one, other = (totals[f"{kind}_{when}"] / totals["people"] for when in ("before", "after"))
    return _apart(one, other)


def _apart(one: float, other: float) -> tuple[str, str]:
    """Say two shares with as many digits as tell them apart, two at most."""
    digits = next((d for d in (0, 1, 2) if text.percent(one, d) != text.percent(other, d)), 0)
    return text.percent(one, digits), text.percent(other, digits)


def proof(answer: Plan, plan: PlanSettings, view: Selection, candidates: int) -> str:
    """Say how sure it is that no plan is better, and how far all plans are from everything.

    Parameters
    ----------
    answer : Plan
        The solver's.
    plan, view
        What was asked.
    candidates : int
        Number of candidates.

    Returns
    -------
    str
        Some sentences.
    """
    return " ".join(
        filter(
            None,
            (
                _status(answer, plan, view, candidates),
                _ceiling(answer, plan, view, candidates),
                _greedy(answer, plan, view),
            ),
        )
    )


def _status(answer: Plan, plan: PlanSettings, view: Selection, candidates: int) -> str:
    took = f"{answer.seconds:,.1f} s" if answer.seconds >= FAST else "under 0.1 s"
    if answer.status == "optimal":
        gap = "gap 0%" if answer.gap <= PROVEN / 2 else f"gap {100 * answer.gap:.4f}%"
        return (
            f"**Proven best** among all choices of {candidates:,} candidates: bound "
            f"{amount(answer.bound, plan, view)}, {gap}, {took}."
        )
    when = "in the time allowed" if answer.status == "time_limit" else "before it was cancelled"
    if not math.isfinite(answer.gap):
        return f"**Best found {when}** ({took}); how far from the best possible is not known."
    side = "above" if plan.objective in ("lscp", "p-center") else "below"
    return (
        f"**Best found {when}** ({took}): at most {_gap(answer.gap)} {side} the best possible "
        f"(bound {amount(answer.bound, plan, view)})."
    )


def progress(now: Progress, kind: str) -> str:
    """Say how good the best so far is, and what cancelling keeps.

    >>> progress(Progress("", 0.5, 100.0, 102.0), "plan")
    'The best plan so far is at most 2.0% from the best possible. Cancel keeps it.'
    """
    if kind == "plan" and math.isfinite(now.best) and math.isfinite(now.bound) and now.best:
        gap = _gap(abs(now.bound - now.best) / abs(now.best))
        return f"The best plan so far is at most {gap} from the best possible. Cancel keeps it."
    return "Cancel keeps what has been found so far."


def _gap(gap: float) -> str:
    return "0.1%" if gap < 0.001 else f"{math.ceil(1000 * gap - 1e-9) / 10:.1f}%"  # noqa: PLR2004 - said as the least


def _ceiling(answer: Plan, plan: PlanSettings, view: Selection, candidates: int) -> str:
    if not math.isfinite(answer.ceiling) or answer.ceiling <= 0:
        return ""
    everything = amount(answer.ceiling, plan, view)
    if plan.objective in GAINS:
        share = text.percent(answer.objective / answer.ceiling)
        verb = "save" if plan.objective == "p-median" or plan.objective in BURDEN else "bring"
        return (
            f"All {candidates:,} together would {verb} {everything}: this plan has {share} of that."
        )
    return f"With all {candidates:,} open it would be {everything}."


def _greedy(answer: Plan, plan: PlanSettings, view: Selection) -> str:
    value = answer.greedy_objective
    if not math.isfinite(value):
        return ""
    best = answer.objective
    if plan.objective == "lscp":
        more = value - best
        return (
            f"Choosing one by one would take {amount(more, plan, view)} more."
            if more > 0
            else "Choosing one by one finds as few here."
        )
    loss = abs(best - value) / abs(best) if best else 0.0
    if loss <= PROVEN:
        return "Always adding the site that helps most finds as good a plan here."
    share = text.percent(loss) if loss >= SMALL_LOSS else "less than 0.1%"
    if plan.objective in ("worst-off", "p-center"):
        return f"Always adding the site that helps most reaches {amount(value, plan, view)}."
    lost = amount(abs(best - value), plan, view)
    return f"Always adding the site that helps most would lose {share} of it, {lost}."


def infeasible(answer: Plan) -> str:
    """Say what stands in the way of any plan, and what to do.

    Parameters
    ----------
    answer : Plan
        With reasons.

    Returns
    -------
    str
        Markdown.
    """
    lines = "\n".join(f"- {plain(reason)}" for reason in answer.reasons)
    return (
        f"{lines}\n\nLift one of these: take sites out of those forced in, allow more sites or a "
        "larger budget, or drop the limit per place or the distance between sites."
    )


def by_hand(
    count: int,
    reached: tuple[float, float],
    gained: tuple[float, float],
    answer: Plan,
    plan: PlanSettings,
    view: Selection,
) -> str:
    """Set a plan by hand against the solver's.

    Parameters
    ----------
    count : int
        Sites of the plan by hand.
    reached : tuple of float
        What it reaches in the measure of the objective, and what set covering leaves uncovered;
        from `plan_views.value`.
    gained : tuple of float
        People whom the plan by hand and the solver's bring within the threshold.
    answer : Plan
        The solver's.
    plan, view
        What was asked.

    Returns
    -------
    str
        Some sentences.
    """
    parts = []
    best = len(answer.chosen)
    value, missing = reached
    short = missing > 0.5  # noqa: PLR2004 - one person
    if short:
        parts.append(
            f"**It leaves {text.people(missing)} {unit(plan)} beyond {reach(plan, view)}** who "
            "have a candidate so near, so it does not do what was asked."
        )
    elif math.isfinite(value) and math.isfinite(answer.objective) and answer.objective:
        less_is_better = plan.objective in ("lscp", "p-center")
        loss = (value - answer.objective) if less_is_better else (answer.objective - value)
        name = "proven" if answer.status == "optimal" else "best known"
        if abs(loss) <= PROVEN * abs(answer.objective):
            parts.append(f"As good as the {name} plan.")
        elif loss > 0:
            share = loss / abs(answer.objective)
            words = text.percent(share) if share >= SMALL_LOSS else "less than 0.1%"
            less = "less" if plan.objective in LESS else "fewer"
            verb = WORSE.get(plan.objective, less)
            away = _difference(loss, plan, view)
            parts.append(
                f"**{away} {verb}** than the {name} plan of {best:,} sites: a loss of {words}."
            )
        else:
            verb = BETTER.get(plan.objective, "more")
            parts.append(f"**{_difference(-loss, plan, view)} {verb}** than the {name} plan.")
    else:
        apart = gained[0] - gained[1]
        how = "as many" if abs(apart) < 0.5 else f"{text.people(abs(apart))} "  # noqa: PLR2004 - one person
        how += "" if abs(apart) < 0.5 else ("more" if apart > 0 else "fewer")  # noqa: PLR2004 - one person
        parts.append(
            f"It brings {how} {text.audience(view)} within {reach(plan, view)} compared with the "
            f"plan of the solver, {best:,} sites."
        )
    if plan.objective != "lscp" and count > plan.count:
        over = count - plan.count
        parts.append(
            f"It has {over} site{'' if over == 1 else 's'} more than the {plan.count} asked for."
        )
    elif count < best and (plan.objective != "lscp" or short):
        parts.append(f"It has {best - count} fewer.")
    if plan.site_role == "mixed":
        parts.append("Sites chosen by hand open for both roles.")
    return " ".join(parts)


def _difference(value: float, plan: PlanSettings, view: Selection) -> str:
    """Say how far two values of the objective are apart.

    >>> _difference(0.025, PlanSettings(objective="worst-off"), Selection())
    '2.50 percentage points'
    """
    if plan.objective == "worst-off":
        return f"{100 * value:.2f} percentage points"
    return amount(value, plan, view)


def table(frame: pd.DataFrame, plan: PlanSettings, view: Selection) -> str:
    """State what the first sites of a plan bring.

    Parameters
    ----------
    frame : DataFrame
        Sites of `plan_outcome.Outcome`.
    plan, view
        What was asked.

    Returns
    -------
    str
        A sentence.
    """
    if frame.empty:
        return "There is no site in this plan."
    saves = plan.objective in BURDEN
    column = f"{plan.objective}_added" if saves else "people_added"
    added = frame[column].to_numpy(dtype=np.float64)
    total = float(added.sum())
    if not total and saves:
        return "None of the sites saves any patient anything."
    if not total:
        return (
            f"None of the sites brings anybody within {reach(plan, view)} who is beyond it today."
        )
    order = [i for i in np.argsort(-added, kind="stable")[:NAMED] if added[i] > 0]
    names = [text.literal(f"{frame['name'].iloc[i]}") for i in order]
    half = int(np.searchsorted(np.cumsum(np.sort(added)[::-1]), total / 2) + 1)
    most = f"Most people are added by {text.listed(names)}"
    if saves:
        most = f"Most is saved by {text.listed(names)}"
    if len(frame) <= NAMED:
        return f"{most}."
    if saves:
        return f"{most}; {half} of the {len(frame)} sites save half of all that is saved."
    return f"{most}; {half} of the {len(frame)} sites bring half of all who are gained."


def compared(frame: pd.DataFrame, by: str, view: Selection, plan: PlanSettings) -> str:
    """State which groups or places gain most.

    Parameters
    ----------
    frame : DataFrame
        From `plan_outcome.compare`, most gained first.
    by : str
        Breakdown.
    view, plan
        What was asked.

    Returns
    -------
    str
        A sentence.
    """
    known = frame[(frame["population"] > 0) & (frame["label"] != "Not reported")]
    if known.empty or known["gained"].max() <= 0:
        return "Nobody is newly within the threshold."
    most = known.iloc[0]
    rise = (known["share_after"] - known["share_before"]).to_numpy(dtype=np.float64)
    top = known.iloc[int(np.nanargmax(rise))]
    who, within = text.audience(view), reach(plan, view)
    first = (
        f"Most people are gained in the group {most['label']}"
        if by not in ("state", "county", "cbsa", "hrr", "region", "division")
        else f"Most people are gained in {most['label']}"
    )
    first += f": {text.people(most['gained'])} more {who} within {within}"
    where = "there" if top["label"] == most["label"] else f"for {top['label']}"
    before, after = _apart(float(top["share_before"]), float(top["share_after"]))
    second = f"the share rises most {where}, from {before} to {after}"
    return f"{first}; {second}."


def left(frame: pd.DataFrame, plan: PlanSettings, view: Selection) -> str:
    """State how many remain beyond, and the main reason.

    >>> frame = pd.DataFrame({"reason": ["No candidate within the threshold"], "persons": [8e6]})
    >>> left(frame, PlanSettings(), Selection())
    '8.0 million people remain beyond 60 minutes. No candidate within the threshold: 8.0 million.'
    """
    if frame.empty:
        return f"Nobody remains beyond {reach(plan, view)}."
    total = float(frame["persons"].sum())
    most = frame.iloc[int(frame["persons"].to_numpy().argmax())]
    return (
        f"{text.people(total)} {text.audience(view)} remain beyond {reach(plan, view)}. "
        f"{most['reason']}: {text.people(most['persons'])}."
    )


def curve(found: Curve, plan: PlanSettings, view: Selection) -> str:
    """State what further sites bring, and whether best plans build on one another.

    Parameters
    ----------
    found : Curve
        Best plan at every number of sites.
    plan, view
        What was asked.

    Returns
    -------
    str
        Some sentences.
    """
    if not len(found.count):
        return "No number of sites was proven in time."
    last = int(found.count[-1])
    proven = int(found.proven.sum())
    size = len(found.count)
    every = (
        f"Proven at every number of sites from {int(found.count[0])} to {last}"
        if proven == size
        else f"Proven at {proven} of the {size} numbers of sites to {last}"
    )
    share = (
        f": the last of these plans has {text.percent(found.objective[-1] / found.ceiling, 0)} of "
        "what all candidates together would bring"
        if found.ceiling
        else ""
    )
    broken = found.count[~found.nested]
    if len(broken):
        shown = [f"{number}" for number in broken[:NAMED]]
        more = f" and {len(broken) - NAMED} more" if len(broken) > NAMED else ""
        nested = (
            f"The best plans do not simply build on one another: at {', '.join(shown)}{more} a "
            "site of the smaller plan is given up"
        )
    else:
        nested = (
            "Each best plan keeps all sites of the one before, so nothing built early is regretted"
        )
    worst = float(np.max(found.objective - found.greedy, initial=0.0))
    greedy = (
        f"Adding the best site each time falls behind by up to {amount(worst, plan, view)}."
        if found.objective[-1] and worst > PROVEN * found.objective[-1]
        else "Adding the best site each time does as well at every number."
    )
    return f"{every}{share}. {nested}. {greedy}"


def robust(found: Robust, names: list[str], wanted: int) -> str:
    """State which sites belong in every plan.

    Parameters
    ----------
    found : Robust
        Choices over all samples.
    names : list of str
        Of the certain sites.
    wanted : int
        Samples asked for.

    Returns
    -------
    str
        Some sentences.
    """
    if not found.samples:
        return "It was cancelled before a sample was solved."
    count = len(names)
    share = text.percent(EVERY, 0)
    some = int((found.frequency > 0).sum())
    first = {
        0: f"No site belongs in every plan: none is chosen in at least {share} of the samples",
        1: f"1 site belongs in every plan, chosen in at least {share} of the samples",
    }.get(count, f"{count} sites belong in every plan, chosen in at least {share} of the samples")
    listed = f": {text.literal(text.listed(names[:5]))}" if names else ""
    listed += f" and {count - 5} more" if count > 5 else ""  # noqa: PLR2004 - as many as are named
    second = f"{some} sites are chosen in some sample"
    third = f"{found.samples:,} samples" + (
        f" of the {wanted:,} asked for, then it was stopped" if found.samples < wanted else ""
    )
    more = f" {found.unproven} of them were not proven best in time." if found.unproven else ""
    return f"{first}{listed}. {second} ({third}).{more}"


def robust_map(table: pd.DataFrame) -> str:
    """State how sure the choice is, for the map of how often each site is chosen.

    Parameters
    ----------
    table : DataFrame
        From `plan_views.robust_table`.

    Returns
    -------
    str
        A sentence.
    """
    share = table["frequency"].to_numpy(dtype=np.float64)
    inside = table["in_plan"].to_numpy(dtype=bool)
    half = share >= 0.5  # noqa: PLR2004 - as it reads
    ours = int((inside & half).sum())
    first = (
        f"Of the {inside.sum()} sites of the plan, {ours} {'is' if ours == 1 else 'are'} chosen in "
        "at least half of the samples"
    )
    others = int((half & ~inside).sum())
    second = f"; {others} other {'site is' if others == 1 else 'sites are'} too" if others else ""
    least = table[inside].tail(1)
    third = (
        f". The least sure of them is {text.literal(str(least['name'].iloc[0]))}, chosen in "
        f"{text.percent(float(least['frequency'].iloc[0]), 0)}"
        if len(least)
        else ""
    )
    return f"{first}{second}{third}."


def errors(plan: PlanSettings) -> str:
    """Say what varies in the samples.

    >>> errors(PlanSettings())
    'Standard errors: speed 2.5%, trip 12.5%, demand 5%, threshold 5%.'
    """
    parts = [f"{name} {getattr(plan, f'{name}_error'):g}%" for name in ERRORS]
    return f"Standard errors: {', '.join(parts)}."


def curve_scale(plan: PlanSettings, view: Selection) -> float:
    """How many of the objective's own units make one of `curve_unit`."""
    if plan.objective != "p-median":
        return 1.0
    return KM_PER[view.units] if view.metric == "miles" else float(MINUTES_PER_HOUR)


def curve_unit(plan: PlanSettings, view: Selection) -> str:
    """Name what the curve counts.

    >>> curve_unit(PlanSettings(), Selection())
    'people gained'
    """
    if plan.objective in BURDEN:
        return f"{BURDEN[plan.objective].removesuffix(' a year')} saved a year"
    if plan.objective != "p-median":
        return f"{unit(plan)} gained"
    return f"{view.units} saved" if view.metric == "miles" else "hours of trips saved"


def candidate(row: pd.Series) -> str:
    """Describe a candidate in Markdown."""
    parts = [str(row[name]) for name in ("org", "address", "city", "state") if row.get(name)]
    named = f"**{text.literal(str(row['name']))}**"
    where = f" {text.literal(', '.join(dict.fromkeys(parts)))}." if parts else ""
    persons = float(row["persons"])
    around = (
        ""
        if math.isnan(persons)
        else f" Its metro area or county has {text.people(persons)} people."
    )
    return f"{named}.{where}{around}"


def site(row: pd.Series, plan: PlanSettings, view: Selection) -> str:
    """Say what one site of the plan brings."""
    saved = float(row["km_saved" if view.metric == "miles" else "minutes_saved"])
    added, nearer = float(row["people_added"]), float(row["people_nearer"])
    who = text.audience(view)
    return (
        f"Number {row['place']} of the plan: {text.people(added)} more {who} within "
        f"{reach(plan, view)}; the nearest for {text.people(nearer)}, who save "
        f"{text.impedance(saved, view)} on average."
    )


def place(row: pd.Series, plan: PlanSettings, view: Selection) -> str:
    """Say what changes in a county or state."""
    before, after = float(row["share_before"]), float(row["share_after"])
    gained = float(row["gained"])
    named = f"**{text.literal(str(row['label']))}**"
    who, within = text.audience(view), reach(plan, view)
    if math.isnan(before):
        return f"{named}: nobody is counted here."
    if gained < 0.5:  # noqa: PLR2004 - one person
        return f"{named}: {text.percent(before)} of {who} are within {within}, as without the plan."
    return (
        f"{named}: {text.people(gained)} more {who} within {within}, {text.percent(after)} instead "
        f"of {text.percent(before)}."
    )


def sites_table(frame: pd.DataFrame, view: Selection) -> pd.DataFrame:
    """Add what readers want beside each site: where it is, and what is saved in their units."""
    saved = (
        frame["minutes_saved"]
        if view.metric == "minutes"
        else frame["km_saved"] / KM_PER[view.units]
    )
    where = [
        ", ".join(part for part in (address, city, state) if part)
        for address, city, state in zip(
            frame["address"], frame["city"], frame["state"], strict=True
        )
    ]
    whole = {
        f"{name}_added": frame[f"{name}_added"].round()
        for name in BURDEN
        if f"{name}_added" in frame
    }
    return frame.assign(where=where, saved=saved, **whole)


def certain_names(frame: pd.DataFrame) -> list[str]:
    """Sites of `plan_views.robust_table` that belong in every plan."""
    return [str(name) for name in frame.loc[frame["frequency"] >= EVERY, "name"]]


def in_percent(frame: pd.DataFrame) -> pd.DataFrame:
    """Add shares in per cent to a table of `plan_views.robust_table`."""
    return frame.assign(
        percent=100 * frame["frequency"],
        percent_low=100 * frame["low"],
        percent_high=100 * frame["high"],
    )
