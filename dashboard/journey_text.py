"""Findings of the Journeys page as sentences (pure)."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.journey_state import COURSES, MEASURES, MODELS, JourneySettings, Measure, Model
from dashboard.journeys import Totals
from dashboard.state import Selection
from geo.demand import BOUNDS

MILLION: Final = 1_000_000
THOUSAND: Final = 1_000
WORDS: Final[dict[Measure, tuple[str, str]]] = {
    "trips": ("trip", "trips"),
    "miles": ("mile", "miles"),
    "hours": ("hour of travel", "hours of travel"),
    "nights": ("night away", "nights away"),
    "dollars": ("dollar", "dollars"),
}
PATIENTS: Final = {
    "all": "patients",
    "cart_outpatient": "CAR-T patients who start as outpatients",
    "cart_inpatient": "CAR-T patients who start in hospital",
    "autologous": "patients with a transplant of their own cells",
    "allogeneic": "patients with a transplant from a donor",
    "gene": "patients with gene therapy",
}


def at(settings: JourneySettings) -> int:
    """Give the place of the bound in arrays of low, central, high."""
    return BOUNDS.index(settings.bound)


def amount(measure: Measure, value: float) -> str:
    """Say an amount with its unit.

    >>> amount("hours", 3_141_592.0), amount("dollars", 95_400_000.0), amount("trips", 1.0)
    ('3.1 million hours of travel', '$95.4 million', '1 trip')
    >>> amount("nights", 12.34), amount("dollars", 2_345.6), amount("miles", 4_567.8)
    ('12.3 nights away', '$2,346', '4,568 miles')
    """
    if np.isnan(value):
        return text.NO_NUMBER
    number = figure(value)
    if measure == "dollars":
        return f"${number}"
    one, many = WORDS[measure]
    return f"{number} {one if number == '1' else many}"


def figure(value: float) -> str:
    """Write a number with as many digits as it bears.

    >>> figure(3_141_592.0), figure(312_345.0), figure(4_567.8), figure(12.34), figure(4.0)
    ('3.1 million', '312,000', '4,568', '12.3', '4')
    """
    if abs(value) >= MILLION:
        return f"{value / MILLION:,.1f} million"
    if abs(value) >= text.EXACT_BELOW:
        return f"{round(value, -3):,.0f}"
    if abs(value) >= THOUSAND / 10:
        return f"{value:,.0f}"
    return f"{value:,.1f}".removesuffix(".0")


def metric(measure: Measure, label: str, saved: float) -> tuple[str, str]:
    """Name and say what is saved in a year, or what more it takes.

    >>> metric("trips", "Trips", -9043.0), metric("dollars", "US dollars", 15_000_000.0)
    (('More trips a year', '9,043'), ('US dollars saved a year', '$15.0 million'))
    """
    sign = "$" if measure == "dollars" else ""
    name = f"{label} saved a year"
    if saved < 0:
        name = f"More {label if measure == 'dollars' else label.lower()} a year"
    return name, sign + figure(abs(saved))


def saved(totals: Totals, settings: JourneySettings) -> list[tuple[str, str]]:
    """Name what a model saves all patients of a year, in every measure."""
    i = at(settings)
    return [
        metric(measure, label, float(totals.saved[measure][i]))
        for measure, label in MEASURES.items()
    ]


def headline(totals: Mapping[Model, Totals], settings: JourneySettings, view: Selection) -> str:
    """State what the chosen model saves against all care at the treatment centre."""
    hub, other, i = totals["hub"], totals[settings.model], at(settings)
    where = f" in {text.place(view.state)}" if view.state else ""
    who = PATIENTS[settings.course]
    if not hub.reached[i] > 0:
        return f"No {who}{where} can reach every place of their course by road."
    saved, whole = other.saved[settings.measure][i], hub.amounts[settings.measure][i]
    share = saved / whole if whole > 0 else 0.0
    many = f"{figure(hub.reached[i])} {who}{where}"
    verb = "save" if saved >= 0 else "cost"
    most = amount(settings.measure, abs(saved)) + ("" if saved >= 0 else " more")
    return (
        f"{MODELS[settings.model]} would {verb} {many} {most} a year, "
        f"{text.percent(abs(share))} of what all care at the treatment centre takes."
    )


def detail(totals: Mapping[Model, Totals], settings: JourneySettings) -> str:
    """State what a patient's course takes, with the one model and with the other."""
    hub, other, i = totals["hub"], totals[settings.model], at(settings)
    if not hub.reached[i] > 0:
        return ""
    pairs = {
        measure: (hub.per_patient(measure)[i], other.per_patient(measure)[i]) for measure in WORDS
    }
    parts = [
        f"{amount(measure, new)} instead of {figure(old)}"
        for measure, (old, new) in pairs.items()
        if measure != "dollars"
    ]
    old, new = pairs["dollars"]
    low, high = other.per_patient("dollars")[[0, 2]]
    sentence = (
        f"A course would take a patient {text.listed(parts)} on average, and cost "
        f"{amount('dollars', new)} instead of {amount('dollars', old)} "
        f"({amount('dollars', low)} to {amount('dollars', high)} with all assumptions low or high)."
    )
    lost = other.unreachable[i]
    if round(lost):
        sentence += f" {lost:,.0f} patients a year have no road to some place and are not in these."
    return sentence


def course_line(settings: JourneySettings) -> str:
    """Say what is counted and what it rests on."""
    what = (
        "each patient on the course of the disease"
        if settings.course == "all"
        else f"all on one course: {COURSES[settings.course].lower()}"
    )
    return (
        f"Counted: {what}. Numbers of visits, days and patients are partly assumptions, marked "
        "recall in the table of assumptions; costs are those of patients and caregivers, not of "
        "the treatment. Low and high: every assumption at that end at once."
    )


def mean_saved(totals: Mapping[Model, Totals], settings: JourneySettings) -> float:
    """Give what the chosen model saves a patient on average; nan for nobody."""
    one, i = totals[settings.model], at(settings)
    of = float(one.saved_of[i])
    return float(one.saved[settings.measure][i]) / of if of > 0 else float("nan")


def models_sentence(totals: Mapping[Model, Totals], settings: JourneySettings) -> str:
    """State which model takes a patient least of the chosen measure."""
    i = at(settings)
    values = {model: one.per_patient(settings.measure)[i] for model, one in totals.items()}
    known = {model: value for model, value in values.items() if not np.isnan(value)}
    if not known:
        return "No patient can reach every place by road."
    least = min(known, key=known.__getitem__)
    hub = values["hub"]
    if least == "hub" or np.isnan(hub):
        return f"Least with {MODELS[least].lower()}: {amount(settings.measure, known[least])}."
    return (
        f"Least with {MODELS[least].lower()}: {amount(settings.measure, known[least])} a patient "
        f"instead of {'$' if settings.measure == 'dollars' else ''}{figure(hub)} with all care at "
        "the treatment centre."
    )


def groups_sentence(ranked: pd.DataFrame, settings: JourneySettings) -> str:
    """State which groups save most.

    Parameters
    ----------
    ranked : DataFrame
        From `journey_tables.ranked`.
    settings : JourneySettings
        Measure.

    Returns
    -------
    str
        A sentence.
    """
    column = f"{settings.measure}_saved_per_patient"
    some = ranked.head(text.NAMED_PLACES)
    if some.empty:
        return "Nobody here can reach every place of their course by road."
    named = [
        f"{label}, {amount(settings.measure, value)}"
        for label, value in zip(some["label"], some[column], strict=True)
    ]
    return f"Saved most by a patient of: {'; '.join(named)}."


def parameters_sentence(frame: pd.DataFrame) -> str:
    """State how many of the numbers are assumptions, and how to change them."""
    recalled, own = int((frame["evidence"] == "recall").sum()), int(frame["edited"].sum())
    mine = f" {own} of them {'are' if own != 1 else 'is'} your own." if own else ""
    return (
        f"{recalled} of {len(frame)} numbers are assumptions (recall), the others were read in "
        f"their source.{mine} Change a central, low or high value in the table: the page and its "
        "link follow."
    )
