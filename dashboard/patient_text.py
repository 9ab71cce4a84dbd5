"""Findings about patients, as sentences (pure)."""

import math
from typing import Final

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.patient_state import INDICATIONS, LABELS, PatientSettings
from dashboard.patient_views import column_of
from dashboard.state import Selection
from dashboard.us import STATE_NAMES

NAMED: Final = 3
MANY: Final = 50
"""From so many patients in the middle group on, tables have no decimals."""
FEW: Final = 10
"""Groups of less than this part of the mean group are not named for their rate."""
SAME: Final = 0.005
"""A change of less is none."""
SHORT: Final = {
    "hct_auto": "transplants with own cells",
    "hct_allo": "transplants with donor cells",
}
AUDIENCE: Final = {"all": "", "adult": " (adults only)", "pediatric": " (children only)"}
ASSUMPTION: Final = (
    "Assumptions (evidence mark *recall*) are in every figure of this page: the shares who may be "
    "treated, and all uptake. Low and high are every input at its low or high end at once."
)
PRESETS: Final = {
    "today": "Only therapies approved today count; every new candidate of a year is counted, "
    "treated or not.",
    "autoimmune": "Besides the therapies approved today, cell therapies of autoimmune diseases "
    "arrive between 2028 and 2030: an assumption, none is approved.",
    "all": "Cell therapies of autoimmune diseases arrive early and are widely used, and gene "
    "therapy reaches more of all who are eligible: assumptions throughout.",
}


def where(view: Selection) -> str:
    """Name the region shown, with its preposition.

    >>> where(Selection()), where(Selection(state="TX"))
    ('in the US', 'in Texas')
    """
    return f"in {STATE_NAMES[view.state]}" if view.state else "in the US"


def number(count: float) -> str:
    """Say a number of patients: three digits that count.

    >>> number(38_342.1), number(198.3), number(10.7), number(0.42), number(0.0)
    ('38,300', '198', '11', '0.4', '0')
    """
    if math.isnan(count):
        return text.NO_NUMBER
    if 0 < count < 1:
        return f"{count:.1g}"
    digits = max(math.floor(math.log10(count)) - 2, 0) if count > 0 else 0
    return f"{round(count, -digits):,.0f}"


def change(before: float, after: float) -> str:
    """Say how much a number grew.

    >>> change(200.0, 230.0), change(200.0, 190.0), change(200.0, 200.1), change(0.0, 3.0)
    ('15% more', '5% fewer', 'as many', 'none before')
    """
    if before <= 0:
        return "none before" if after > 0 else "as many"
    grown = after / before - 1
    if abs(grown) < SAME:
        return "as many"
    return f"{abs(grown):.0%} {'more' if grown > 0 else 'fewer'}"


def finding(years: pd.DataFrame, view: Selection, settings: PatientSettings) -> str:
    """State patients of the year chosen, and of the last year beside the first.

    Parameters
    ----------
    years : DataFrame
        From `patient_views.by_year`.
    """
    patients = years[column_of(settings)].to_numpy(dtype=np.float64)
    here = float(patients[years["year"] == settings.year][0])
    first, last = int(years["year"].iloc[0]), int(years["year"].iloc[-1])
    before, after = float(patients[0]), float(patients[-1])
    bound = "" if settings.bound == "central" else f", with every assumption {settings.bound}"
    said = (
        f"{number(here)} patients {where(view)} are candidates for cell and gene therapy in "
        f"{settings.year}{AUDIENCE[view.ages]}{bound}"
    )
    if settings.year == last and change(before, after) != "as many":
        return f"{said}, {change(before, after)} than in {first}."
    if change(before, after) == "as many":
        return f"{said}, about as many as in every year from {first} to {last}."
    return f"{said}; in {last} it is {number(after)}, {change(before, after)} than in {first}."


def scenario(settings: PatientSettings) -> str:
    """Say what the preset assumes, and what the reader changed."""
    own = len({one.key for one in settings.uptake} | {one.key for one in settings.eligible})
    parts = [PRESETS[settings.preset]]
    if settings.growth:
        parts.append(f"The population grows by {settings.growth:g}% a year.")
    else:
        parts.append("The population stays as it is (an assumption, too).")
    if own or settings.on or settings.off or settings.renewal is not None:
        parts.append(
            "You have changed assumptions"
            + (f" of {own} disease{'' if own == 1 else 's'}." if own else ".")
        )
    return " ".join(parts)


def diseases(frame: pd.DataFrame, settings: PatientSettings) -> str:
    """State which diseases bring most patients, and how totals compare with published ones.

    Parameters
    ----------
    frame : DataFrame
        From `patient_views.by_indication`.
    """
    counted = frame[frame["counted"]]
    column = column_of(settings)
    total = float(counted[column].sum())
    if total <= 0:
        return f"No patients are counted in {settings.year}: every indication is off or not begun."
    most = counted.nlargest(NAMED, column)
    named = [
        SHORT.get(key, _lower(label)) for key, label in zip(most["key"], most["label"], strict=True)
    ]
    share = float(most[column].sum()) / total
    differences = frame["cases_difference"].to_numpy(dtype=np.float64)
    worst = int(np.abs(differences).argmax())
    name, off = str(frame["label"].iloc[worst]), float(differences[worst])
    return (
        f"{_listed(named)} make up {text.percent(share, 0)} of all patients in {settings.year}. "
        f"The national number with each disease is within {abs(off):.0%} of the "
        f"published one, farthest for {_lower(name)} ({off:+.1%}): rates are of "
        "earlier years, people of 2018 to 2022."
    )


def places(frame: pd.DataFrame, settings: PatientSettings, view: Selection) -> str:
    """State where or in whom most patients are, and where the rate is highest.

    Parameters
    ----------
    frame : DataFrame
        From `services.patients.by_group`.
    """
    what = f" with {_lower(INDICATIONS[settings.of])}" if settings.of else ""
    column = column_of(settings)
    if frame.empty or not frame[column].sum() > 0:
        return f"No patients{what} are counted {where(view)} in {settings.year}."
    top = frame.iloc[0]
    share = float(top[column] / frame[column].sum())
    least = _floor(float(frame["population"].sum()) / (FEW * len(frame)))
    most = frame[frame["population"] >= least].nlargest(1, "per_100k").iloc[0]
    kind = LABELS["split"][settings.split].lower()
    return (
        f"By {kind}, most patients{what} in {settings.year} are counted for {top['label']}: "
        f"{number(float(top[column]))}, {text.percent(share, 0)} of all {where(view)}. "
        f"Of groups of at least {least:,.0f} residents the rate is highest for {most['label']}: "
        f"{most['per_100k']:.3g} per 100,000."
    )


def _floor(count: float) -> float:
    """Round down to one digit.

    >>> _floor(4_712.0), _floor(0.4)
    (4000.0, 0.0)
    """
    if count < 1:
        return 0.0
    size = 10.0 ** math.floor(math.log10(count))
    return math.floor(count / size) * size


def _listed(names: list[str]) -> str:
    said = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return said[0].upper() + said[1:]


def _lower(label: str) -> str:
    return label[0].lower() + label[1:]


def readable(frame: pd.DataFrame) -> pd.DataFrame:
    """Arrange the table of diseases for reading: whole patients, differences in per cent."""
    shown = frame.assign(
        cases_percent=100 * frame["cases_difference"], percent=100 * frame["difference"]
    )
    counts = ["patients", "patients_low", "patients_high", "waiting", "cases", "eligible"]
    return shown.round(dict.fromkeys([*counts, "published_patients"], 0))


def rounded(frame: pd.DataFrame) -> pd.DataFrame:
    """Arrange the table of groups for reading: decimals only where groups are small."""
    decimals = 0 if frame["patients"].median() >= MANY else 1
    counts = ("patients", "patients_low", "patients_high")
    return frame.round({"population": 0, **dict.fromkeys(counts, decimals)})
