"""Blood centres near people who live far from treatment: tables and sentences (pure).

Method: docs/methods.md, Blood-centre opportunity.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard import details, queries, text
from dashboard.place_groups import grouped
from dashboard.state import LABELS, Role, Selection
from geo.equity import weighted_quantile_by_group
from geo.opportunity import NEAR, STATES, Limits, joint_coverage, joint_states
from geo.results import Floats, whole_persons
from geo.travel import Nearest

COMPARED: Final[tuple[Role, ...]] = ("any", "apheresis", "cell_collection")
"""Roles set side by side."""
BOUNDS: Final = ("low", "central", "high")
CHART_PLACES: Final = 15
SHARE_EDGES: Final = (20.0, 40.0, 60.0, 80.0)
"""Per cent, upper edges of the map's classes."""
ROLE_PHRASES: Final = {
    "any": "a blood centre",
    "collection": "a blood centre that collects blood",
    "apheresis": "a blood centre with apheresis",
    "cell_collection": "a blood centre that collects cells",
    "processing": "a blood centre that processes",
    "distribution": "a blood centre that distributes",
    "testing": "a blood centre with a laboratory",
    "headquarters": "the headquarters of a blood centre",
}


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Who travels where, to treatment and to a blood centre, row by row.

    Parameters
    ----------
    treatment : Rows
        With the way to the nearest treatment centre.
    blood : Rows
        The same people with the way to the nearest blood centre; `site` counts blood centres.
    patients : ndarray, shape (3, n)
        Patients a year: low, central, high.
    """

    treatment: queries.Rows
    blood: queries.Rows
    patients: Floats


@dataclass(frozen=True, slots=True)
class Headline:
    """The people beyond the threshold of treatment, by what is near them.

    Parameters
    ----------
    population, beyond, near, far, unknown, no_data : float
        Persons; beyond = near + far + unknown.
    near_low, near_high : float
        90% band of `near`.
    share : float
        `near` of those beyond whose way to a blood centre is known; nan when nobody is beyond.
    near_unreachable, unreachable : float
        Those of `near`, and of `beyond`, who have no way to any treatment centre.
    patients_beyond, patients_near : tuple of float
        Patients a year: low, central, high.
    """

    population: float
    beyond: float
    near: float
    far: float
    unknown: float
    no_data: float
    near_low: float
    near_high: float
    share: float
    near_unreachable: float
    unreachable: float
    patients_beyond: tuple[float, float, float]
    patients_near: tuple[float, float, float]


def people_of(rows: queries.Rows, found: Nearest, patients: dict[str, Floats]) -> People:
    """Put the way to the nearest blood centre, and the patients, beside each row.

    Parameters
    ----------
    rows : Rows
        People with their way to treatment; one row per area and audience.
    found : Nearest
        Nearest blood centre of every area.
    patients : dict of str to ndarray, shape (3, areas)
        Patients a year by audience: low, central, high.

    Returns
    -------
    People
    """
    blood = replace(
        rows,
        minutes=found.minutes[rows.area],
        distance_km=found.distance_km[rows.area],
        site=found.site[rows.area],
        trip=np.unique(rows.area, return_inverse=True)[1],
    )
    adult, children = (patients[who][:, rows.area] for who in ("adult", "pediatric"))
    return People(rows, blood, np.where(rows.adult, adult, children))


def limits(view: Selection) -> Limits:
    """Thresholds of a view: of treatment in its own unit, of blood centres in minutes."""
    return Limits(queries.threshold(view), view.blood_within)


def states_of(people: People, view: Selection) -> NDArray[np.intp]:
    """Position in `geo.opportunity.STATES` of each row."""
    treatment = queries.impedance(people.treatment, view)
    return joint_states(treatment, people.blood.minutes, limits(view))


def headline(people: People, view: Selection) -> Headline:
    """Count the people beyond treatment who live near a blood centre, with a band.

    Parameters
    ----------
    people : People
        All that count.
    view : Selection
        Thresholds, metric and travel model.

    Returns
    -------
    Headline
    """
    treatment = queries.impedance(people.treatment, view)
    errors = (
        queries.uncertainty(people.treatment, view),
        queries.uncertainty(people.blood, replace(view, metric="minutes")),
    )
    persons = people.treatment.persons
    found = joint_coverage(
        treatment, people.blood.minutes, persons, limits=limits(view), errors=errors
    )
    state = states_of(people, view)
    near, beyond = state == NEAR, _is_beyond(state)
    roadless = np.isposinf(treatment)
    return Headline(
        population=float(found.population[0]),
        beyond=float(found.beyond[0]),
        near=float(found.near[0]),
        far=float(found.far[0]),
        unknown=float(found.unknown[0]),
        no_data=float(found.no_data[0]),
        near_low=float(found.near_low[0]),
        near_high=float(found.near_high[0]),
        share=float(found.share_near[0]),
        near_unreachable=float(persons[near & roadless].sum()),
        unreachable=float(persons[roadless].sum()),
        patients_beyond=_three(people.patients[:, beyond]),
        patients_near=_three(people.patients[:, near]),
    )


def places(areas: queries.Areas, people: People, view: Selection) -> pd.DataFrame:
    """Count by state, county, metro area or referral region.

    Parameters
    ----------
    areas : Areas
        Where people live.
    people : People
        All that count.
    view : Selection
        `places`, thresholds, metric.

    Returns
    -------
    DataFrame
        group, label, population, beyond, near, far, unknown, no_data (whole persons that add up),
        share_near, patients_near, treatment_minutes and blood_minutes (medians of those beyond;
        inf where at least half have no way). Places without people are left out; those with most
        people near a blood centre first.
    """
    groups = grouped(areas, people.treatment, view.places)
    count, code = groups.count, groups.code
    treatment = queries.impedance(people.treatment, view)[groups.row]
    to_blood = people.blood.minutes[groups.row]
    found = joint_coverage(
        treatment, to_blood, groups.persons, limits=limits(view), group=code, n_groups=count
    )
    whole = whole_persons(np.column_stack([getattr(found, name) for name in STATES]))
    state = joint_states(treatment, to_blood, limits(view))
    beyond = _is_beyond(state)
    medians = [
        weighted_quantile_by_group(
            minutes[beyond], groups.persons[beyond], [0.5], group=code[beyond], n_groups=count
        )[:, 0]
        for minutes in (people.treatment.minutes[groups.row], to_blood)
    ]
    patients = people.patients[1, groups.row] * groups.share * (state == NEAR)
    frame = pd.DataFrame(
        {
            "group": groups.ids,
            "label": groups.labels,
            "population": whole.sum(axis=1).astype(np.int64),
            "beyond": whole[:, 1:4].sum(axis=1).astype(np.int64),
            **{
                name: whole[:, STATES.index(name)].astype(np.int64)
                for name in ("near", "far", "unknown", "no_data")
            },
            "share_near": found.share_near,
            "patients_near": np.bincount(code, patients, count),
            "treatment_minutes": medians[0],
            "blood_minutes": medians[1],
        }
    )
    return frame[frame["population"] > 0].sort_values(
        ["near", "beyond", "label"], ascending=[False, False, True], ignore_index=True
    )


def candidates(blood: pd.DataFrame, people: People, view: Selection) -> pd.DataFrame:
    """Rank the blood centres by the people beyond treatment whose nearest they are.

    Parameters
    ----------
    blood : DataFrame
        Blood centres that count, in the order that `People.blood` counts them.
    people : People
        All that count.
    view : Selection
        Thresholds.

    Returns
    -------
    DataFrame
        id, org, facility, city, state, people, patients, patients_low, patients_high, roles,
        cell_evidence, apheresis_evidence, network, confidence, coordinates; those with nobody are
        left out. Over all rows `people` adds up to the people near a blood centre.
    """
    near = states_of(people, view) == NEAR
    site = people.blood.site[near]
    persons = np.bincount(site, people.treatment.persons[near], len(blood))
    patients = [np.bincount(site, row[near], len(blood)) for row in people.patients]
    frame = pd.DataFrame(
        {
            "id": blood["id"].to_numpy(),
            **{name: blood[name].to_numpy() for name in ("org", "facility", "city", "state")},
            "people": np.rint(persons).astype(np.int64),
            "patients": patients[1],
            "patients_low": patients[0],
            "patients_high": patients[2],
            "roles": blood["roles"].to_numpy(),
            "cell_evidence": _words(blood["hpc_cell_therapy_evidence"]),
            "apheresis_evidence": _words(blood["apheresis_evidence"]),
            "network": blood["network_group"].to_numpy(),
            "confidence": blood["confidence"].to_numpy(),
            "coordinates": blood["coord_quality"].map(details.QUALITY_LABELS).to_numpy(),
        }
    )
    return frame[persons > 0].sort_values(
        ["people", "id"], ascending=[False, True], ignore_index=True
    )


def county_shares(counties: pd.DataFrame) -> dict[str, float]:
    """Per cent of each county's people beyond treatment who are near a blood centre.

    Parameters
    ----------
    counties : DataFrame
        From `places`, by county.

    Returns
    -------
    dict of str to float
        By county code; counties where nobody is beyond are left out.
    """
    known = counties[counties["beyond"] > counties["unknown"]]
    return {
        str(group): 100 * float(share)
        for group, share in zip(known["group"], known["share_near"], strict=True)
    }


def sentence(found: Headline, view: Selection) -> str:
    """State the finding.

    Examples
    --------
    >>> some = Headline(10e6, 4e6, 2.5e6, 1.5e6, 0, 0, 2e6, 3e6, 0.625, 0, 0, (1,) * 3, (1,) * 3)
    >>> sentence(some, Selection())
    '2.5 million of the 4.0 million people in the United States beyond 60 minutes of treatment \
live within 30 minutes of a blood centre.'
    """
    where, who = text.place(view.state), text.audience(view)
    if round(found.beyond) == 0:
        return f"No {who} in {where} live beyond {text.threshold(view)} of treatment."
    count = text.people(found.near) if round(found.near) else "None"
    return (
        f"{count} of the {text.people(found.beyond)} {who} in {where} beyond "
        f"{text.threshold(view)} of treatment live within {blood_threshold(view)} of "
        f"{ROLE_PHRASES[view.role]}."
    )


def detail(found: Headline, view: Selection) -> str:
    """State the share, its band, the patients and those without a road."""
    if round(found.beyond) == 0:
        return "Choose a shorter threshold, or all states, on the left."
    share = f"That is {text.percent(found.share)} of those beyond, {text.travel_phrase(view)}."
    band = (
        f"90% band: {text.people_band(found.near_low, found.near_high)} people, from errors in "
        "both trips and in where people live within a ZIP area."
    )
    parts = [share, band]
    if round(found.patients_beyond[1]):
        parts.append(
            f"Among those beyond are about {patients(found.patients_beyond)} a year for the "
            f"therapies approved today; {patients(found.patients_near)} of them live near a "
            "blood centre (these rest on assumptions about who is eligible)."
        )
    if round(found.unreachable):
        parts.append(
            f"Counted as beyond are {text.people(found.unreachable)} {text.audience(view)} without "
            f"a road to any treatment centre; {text.people(found.near_unreachable)} of them are "
            "near a blood centre."
        )
    if round(found.unknown):
        parts.append(f"For {text.people(found.unknown)} the way to a blood centre is not known.")
    return " ".join(parts)


def parts(found: Headline, view: Selection) -> list[tuple[str, str]]:
    """Name and say the parts that add up to the people beyond, and the patients near."""
    unknown = [("Way to one not known", text.people(found.unknown))] if found.unknown else []
    return [
        (f"Beyond {text.threshold(view)} of treatment", text.people(found.beyond)),
        (f"Within {blood_threshold(view)} of a blood centre", text.people(found.near)),
        ("Not near one", text.people(found.far)),
        *unknown,
        ("Patients a year, near one", f"{_round(found.patients_near[1]):,.0f}"),
    ]


def table(frame: pd.DataFrame) -> pd.DataFrame:
    """Arrange a table for reading: shares in per cent, no way as an empty cell."""
    return frame.assign(percent=100 * frame["share_near"]).replace([np.inf], np.nan)


def patients(three: tuple[float, float, float]) -> str:
    """Say patients with their range.

    >>> patients((1234.0, 2345.0, 4567.0)), patients((0.2, 0.6, 3.0))
    ('2,300 patients (1,200 to 4,600)', '1 patient (0 to 3)')
    """
    low, central, high = (f"{_round(value):,.0f}" for value in three)
    return f"{central} patient{'' if central == '1' else 's'} ({low} to {high})"


def _round(value: float) -> float:
    """Two significant digits are all that the assumptions bear."""
    digits = 2 - len(str(round(value)))
    return round(value, min(digits, 0))


def blood_threshold(view: Selection) -> str:
    """Say the minutes to a blood centre that count as near."""
    return f"{view.blood_within:g} minute" + ("" if view.blood_within == 1 else "s")


def roles_frame(answers: dict[Role, Headline]) -> pd.DataFrame:
    """Tabulate the headline by role of the blood centre.

    Returns
    -------
    DataFrame
        role, label, beyond, near, near_low, near_high, share_near; one row per role.
    """
    return pd.DataFrame(
        [
            {
                "role": role,
                "label": LABELS["role"][role],
                "beyond": found.beyond,
                "near": found.near,
                "near_low": round(found.near_low),
                "near_high": round(found.near_high),
                "share_near": found.share,
            }
            for role, found in answers.items()
        ]
    )


def roles_sentence(frame: pd.DataFrame, view: Selection) -> str:
    """Compare the roles."""
    names = {
        "any": "of any blood centre",
        "apheresis": "of one with apheresis",
        "cell_collection": "of one that collects cells",
    }
    shares = [
        f"{text.percent(share)} {names[role]}"
        for role, share in zip(frame["role"], frame["share_near"], strict=True)
    ]
    near = f"live within {blood_threshold(view)}"
    return f"Of those beyond, {shares[0].replace(' ', f' {near} ', 1)}" + (
        f", {text.listed(shares[1:])}." if shares[1:] else "."
    )


def places_sentence(frame: pd.DataFrame, view: Selection) -> str:
    """State where most of the people are."""
    some = frame[(frame["near"] > 0) & (frame["group"] != "none")].head(text.NAMED_PLACES)
    if some.empty:
        return (
            f"Nobody beyond {text.threshold(view)} of treatment lives within "
            f"{blood_threshold(view)} of {ROLE_PHRASES[view.role]}. Allow more minutes to the "
            "blood centre, or another role."
        )
    named = [
        f"{label} ({text.people(near)})"
        for label, near in zip(some["label"], some["near"], strict=True)
    ]
    return f"Most of them live in {text.listed(named)}."


def candidates_sentence(frame: pd.DataFrame, view: Selection) -> str:
    """State which blood centre is the nearest for most."""
    if frame.empty:
        return "No blood centre is near people who live beyond the threshold."
    first = frame.iloc[0]
    return (
        f"{len(frame):,} blood centres are the nearest within {blood_threshold(view)} for somebody "
        f"beyond treatment; {first['org']} in {first['city']}, {first['state']} for most: "
        f"{text.people(float(first['people']))} {text.audience(view)}."
    )


def map_title(view: Selection) -> str:
    """Say what the map's shading means."""
    return (
        f"Per cent of people beyond {text.threshold(view)} of treatment within "
        f"{blood_threshold(view)} of {ROLE_PHRASES[view.role]}"
    )


def _is_beyond(state: NDArray[np.intp]) -> NDArray[np.bool_]:
    beyond = [STATES.index(name) for name in ("near", "far", "unknown")]
    return np.isin(state, beyond)


def _three(patients: Floats) -> tuple[float, float, float]:
    low, central, high = patients.sum(axis=1).tolist()
    return low, central, high


def _words(evidence: pd.Series) -> NDArray[np.object_]:
    words: NDArray[np.object_] = evidence.fillna("unknown").to_numpy(dtype=object)
    return words
