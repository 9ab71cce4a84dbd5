"""Findings about slots and load, as sentences (pure)."""

from typing import Final

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.load_views import NEVER
from dashboard.patient_state import FIRST_YEAR, LAST_YEAR, PatientSettings
from dashboard.patient_text import AUDIENCE, number, where
from dashboard.state import Selection

NAMED: Final = 3
SMALL: Final = 0.5
"""Fewer patients are none."""
RULES: Final = {
    "nearest": "Everybody goes to the nearest centre within the limit, also when it is full; a "
    "centre with too few slots treats the same share of all who come.",
    "overflow": "Whoever lives nearest to a centre gets its slot first; who finds it full goes on "
    "to the next one within the limit.",
    "least-travel": "As many patients as possible find a slot, and of all ways to arrange that "
    "this one needs the least travel: the best a network that refers patients well could do.",
}
ASSUMPTION: Final = (
    "Slots are an assumption (evidence mark *recall*): no public register says how many patients "
    "a centre can treat. They follow from beds and ages treated unless you set them below; "
    "patients rest on the assumptions of the topic *Patients and growth*."
)


def finding(row: pd.Series, view: Selection, settings: PatientSettings) -> str:
    """State who finds a slot in the year chosen.

    Parameters
    ----------
    row : Series
        Of `load_views.by_year`.
    """
    patients, treated, left = (float(row[name]) for name in ("patients", "treated", "left_over"))
    if patients < SMALL:
        return f"No patients are counted {where(view)} in {settings.year}."
    if treated + left < SMALL:
        return (
            f"None of {number(patients)} patients {where(view)}{AUDIENCE[view.ages]} has a centre "
            f"within {limit(settings)} in {settings.year}."
        )
    said = (
        f"{number(treated)} of {number(patients)} patients {where(view)}{AUDIENCE[view.ages]} "
        f"find a slot in {settings.year}"
    )
    if left < SMALL:
        return f"{said}; nobody with a centre within {limit(settings)} is left over."
    return f"{said}; {number(left)} have a centre within {limit(settings)}, and no slot there."


def limit(settings: PatientSettings) -> str:
    """Say how far patients travel.

    >>> limit(PatientSettings()), limit(PatientSettings(limit=90.0))
    ('4 hours', '90 minutes')
    """
    hours = settings.limit / 60
    if hours >= 2 and hours == round(hours):  # noqa: PLR2004 - plural
        return f"{hours:.0f} hours"
    return f"{settings.limit:g} minute{'' if settings.limit == 1 else 's'}"


def beyond(row: pd.Series, view: Selection, settings: PatientSettings) -> str:
    """Say who is not within reach of any centre, and what rule holds."""
    parts = [RULES[settings.rule]]
    far, cut, unknown = (float(row[name]) for name in ("too_far", "unreachable", "no_data"))
    if far >= SMALL:
        parts.append(f"{number(far)} patients have no centre within {limit(settings)}.")
    if cut >= SMALL:
        parts.append(f"{number(cut)} have no road to any.")
    if unknown >= SMALL:
        parts.append(f"The way of {number(unknown)} is not known.")
    free = float(row["slots"]) - float(row["treated"])
    if settings.rule != "nearest" and float(row["left_over"]) >= SMALL and not view.state:
        parts.append(f"{number(free)} slots stay free: too far from those who find none.")
    return " ".join(parts)


def network(today: int, centres: int, settings: PatientSettings) -> str:
    """State when the network of today is full.

    Parameters
    ----------
    today : int
        From `load_views.network_full`.
    centres : int
        How many count.

    Examples
    --------
    >>> network(2032, 202, PatientSettings())
    "With today's 202 centres, the network is full in 2032."
    >>> network(0, 202, PatientSettings())
    "With today's 202 centres, the network holds through 2035."
    """
    return f"With today's {centres:,} centres, the network {_until(today, settings)}."


def _until(year: int, settings: PatientSettings) -> str:
    if year == NEVER:
        return f"holds through {LAST_YEAR}" if settings.full else "has a slot for everybody"
    return f"is full in {year}" + (" already" if year == FIRST_YEAR else "")


def extended(today: int, after: int, count: int) -> str:
    """State how long the network holds with new sites.

    Parameters
    ----------
    today, after : int
        First year in which it is full, without and with them.
    count : int
        New sites.

    Examples
    --------
    >>> extended(2028, 2031, 20)
    'With these 20 sites it holds until 2031.'
    >>> extended(2028, 0, 1)
    'With this site it holds through 2035.'
    >>> extended(2026, 2026, 5)
    'With these 5 sites, too, it is full in 2026.'
    """
    these = "this site" if count == 1 else f"these {count} sites"
    if after == NEVER:
        also = ", too," if today == NEVER else ""
        return f"With {these}{also} it holds through {LAST_YEAR}."
    if after == today:
        return f"With {these}, too, it is full in {after}."
    return f"With {these} it holds until {after}."


def meaning(settings: PatientSettings) -> str:
    """Say what full means.

    >>> meaning(PatientSettings())
    "Full: more than 5% of the patients with one of today's centres within 4 hours find no slot."
    """
    share = f"more than {settings.full:g}% of the" if settings.full else "some"
    return (
        f"Full: {share} patients with one of today's centres within {limit(settings)} find no slot."
    )


def sites(frame: pd.DataFrame, settings: PatientSettings, view: Selection) -> str:
    """State which sites are full.

    Parameters
    ----------
    frame : DataFrame
        From `load_views.by_site`.
    """
    if frame.empty:
        return f"No centre that counts lies {where(view)}."
    share = frame["share"].fillna(1.0).to_numpy(dtype=np.float64)
    full = int((share >= 1 - 1e-9).sum())
    said = (
        f"{full:,} of {len(frame):,} centres {where(view)} {'is' if full == 1 else 'are'} full in "
        f"{settings.year}"
    )
    over = frame[frame["over"] > SMALL].nlargest(NAMED, "over")
    if len(over):
        named = "; ".join(
            f"{name} ({number(more)} too many)"
            for name, more in zip(over["name"], over["over"], strict=True)
        )
        return f"{said}. Farthest beyond their slots: {named}."
    half = int((share < 0.5).sum())  # noqa: PLR2004 - half
    return f"{said}, and {half:,} use less than half of their slots."


def places(frame: pd.DataFrame, settings: PatientSettings, view: Selection, kind: str) -> str:
    """State where most patients are left over.

    Parameters
    ----------
    frame : DataFrame
        From `load_views.by_place`.
    kind : str
        Name of the places.
    """
    total = float(frame["left_over"].sum())
    if total < SMALL:
        return f"Nobody {where(view)} is without a slot in {settings.year} for want of room."
    most = frame.head(NAMED)
    most = most[most["left_over"] >= SMALL]
    if most.empty:
        return f"{number(total)} patients without a slot are spread over many places."
    named = "; ".join(
        f"{label} ({number(left)})"
        for label, left in zip(most["label"], most["left_over"], strict=True)
    )
    share = float(most["left_over"].sum()) / total
    return (
        f"By {kind.lower()}, most patients without a slot in {settings.year} live in {named}: "
        f"{text.percent(share, 0)} of all {where(view)}."
    )


def totals(slots: float, patients: float, settings: PatientSettings) -> str:
    """Set slots beside patients.

    >>> totals(51_220.0, 38_341.7, PatientSettings())
    '51,200 slots are assumed for 38,300 patients of 2026: 134 for every 100.'
    """
    said = f"{number(slots)} slots are assumed for {number(patients)} patients of {settings.year}"
    return f"{said}: {100 * slots / patients:.0f} for every 100." if patients >= SMALL else said


def share(part: float, whole: float) -> str:
    """Say how much of the slots is taken.

    >>> share(34_990.7, 51_220.0), share(0.0, 0.0)
    ('68%', 'no slots')
    """
    return text.percent(part / whole, 0) if whole > 0 else "no slots"


def mean_trip(patient_minutes: float, treated: float) -> str:
    """Say how long the trip of those treated is on average.

    >>> mean_trip(3_000.0, 40.0), mean_trip(0.0, 0.0)
    ('75 min', 'nobody')
    """
    return f"{patient_minutes / treated:.0f} min" if treated >= SMALL else "nobody"


def readable_years(frame: pd.DataFrame) -> pd.DataFrame:
    """Arrange the table of years for reading: whole patients, a share in per cent."""
    counts = ("patients", "treated", "left_over", "too_far", "unreachable", "no_data", "slots")
    shown = frame.assign(left_percent=100 * frame["left_share"])
    return shown.round(dict.fromkeys(counts, 0))


def readable_sites(frame: pd.DataFrame) -> pd.DataFrame:
    """Arrange the table of sites for reading: decimals only for few patients."""
    few = frame["load"] < 10  # noqa: PLR2004 - two digits
    return frame.assign(
        load=np.where(few, frame["load"].round(1), frame["load"].round()),
        over=frame["over"].round(),
        percent=(100 * frame["share"]).round(1),
    )


def readable_places(frame: pd.DataFrame) -> pd.DataFrame:
    """Arrange the table of places for reading."""
    shown = frame.assign(percent=100 * frame["untreated_share"])
    return shown.round(
        dict.fromkeys(("patients", "treated", "left_over", "too_far", "unreachable"), 1)
    )


def proof(gap: float) -> str:
    """Say what the mean trip is of, and how well it is proven.

    >>> proof(float("nan"))
    'Of those who find a slot, in the whole country.'
    >>> proof(0.0).rpartition(". ")[2]
    'Proven: no plan that treats as many needs less travel (gap at most 0.0001%).'
    """
    said = "Of those who find a slot, in the whole country."
    if np.isnan(gap):
        return said
    most = max(100 * gap, 1e-4)
    return (
        f"{said} Proven: no plan that treats as many needs less travel (gap at most {most:.1g}%)."
    )
