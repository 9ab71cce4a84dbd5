"""Tables, groups and shading of patients, for the page and for files (pure).

Everything linear is added up over areas once (`Sums`); a change of an assumption then only
weights a few hundred numbers.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from dashboard import place_groups, queries
from dashboard.patient_diseases import Indication
from dashboard.patient_facts import AGES, CHILDREN, Facts, men
from dashboard.patient_growth import PERCENT, Course, Projection
from dashboard.patient_state import PatientSettings
from dashboard.patients import Audience, Bound, Patients
from dashboard.state import Places
from geo.demand import BOUNDS, PER
from geo.results import Floats

FAMILIES: Final = {
    "cancer": "CAR-T for cancers",
    "transplant": "Stem-cell transplant",
    "gene": "Gene therapy of blood diseases",
    "autoimmune": "Autoimmune diseases",
}
"""Kinds of therapy, in the order of the chart."""
STATUS: Final = {"approved": "Approved", "trials": "In trials"}
PLACES: Final = ("state", "county", "cbsa", "hrr")
GROUPS: Final = ("race", "age", "sex")
"""Groups whose own rates count, not only where they live."""
COLUMNS: Final[dict[str, Bound]] = {
    "patients_low": "low",
    "patients": "central",
    "patients_high": "high",
}
SEX_NAMES: Final = ("Men and boys", "Women and girls")
AGE_NAMES: Final = ("Under 18", "18 to 24", "25 to 64", "65 and over")


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Patients and people of a region by group, for every indication.

    Parameters
    ----------
    base : dict of str to ndarray, shape (k, 3)
        Patients, or people in the pool, by audience: low, central, high.
    groups : ndarray, shape (k, 4, 2, 7, 3)
        The same by age group, sex and race.
    people : ndarray, shape (4, 2, 7)
        Residents by age group, sex and race.
    """

    base: dict[Audience, Floats]
    groups: Floats
    people: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Where the people of every area belong.

    Parameters
    ----------
    ids, labels : list of str
        Identifier and name of each of g groups.
    share : csr_array, shape (g, 2 n)
        Share of an area's adults, then of its children, in each group.
    people : dict of str to ndarray, shape (n,)
        Residents by audience.
    """

    ids: list[str]
    labels: list[str]
    share: csr_array
    people: dict[Audience, Floats]


def sums(patients: Patients, facts: Facts, inside: NDArray[np.bool_]) -> Sums:
    """Add up the areas of a region.

    Parameters
    ----------
    patients : Patients
        k indications, n areas.
    facts : Facts
        People by age and race of the same areas.
    inside : ndarray of bool, shape (n,)
        Areas of the region.

    Returns
    -------
    Sums
    """
    base = {who: block[:, :, inside].sum(axis=2) for who, block in patients.counts.items()}
    by_race = facts.persons[inside].T @ facts.shares[inside]
    share = men(facts)
    people = by_race[:, None, :] * np.stack([share, 1.0 - share], axis=1)[:, :, None]
    groups = np.stack(
        [
            people[..., None] * one.by_sex / PER * one.fraction[:, None, None, :]
            for one in patients.diseases
        ]
    )
    return Sums(base, groups, people)


def split_of(areas: queries.Areas, by: str) -> Split:
    """Find the group of every area; counties divide areas.

    Parameters
    ----------
    areas : Areas
        Where people live, n areas.
    by : str
        "state", "county", "cbsa", "hrr", "region", "division" or "rurality".

    Returns
    -------
    Split
    """
    size = len(areas.frame)
    unknown = np.full(2 * size, np.nan)
    rows = queries.Rows(
        area=np.tile(np.arange(size), 2),
        adult=np.repeat([True, False], size),
        persons=np.concatenate([areas.persons["adult"], areas.persons["pediatric"]]),
        minutes=unknown,
        distance_km=unknown,
        site=np.full(2 * size, -1),
        trip=np.arange(2 * size),
        spread_km=np.tile(areas.spread_km, 2),
    )
    if by in PLACES:
        kind: Places = by  # type: ignore[assignment]  # one of them
        found = place_groups.grouped(areas, rows, kind)
        row, share, code = found.row, found.share, found.code
        ids, labels = found.ids, found.labels
    else:
        _, code, ids, labels = queries.by_codes(areas, rows, by)
        row, share = np.arange(2 * size), np.ones(2 * size)
    matrix = csr_array((share, (code, row)), shape=(len(ids), 2 * size))
    return Split(ids, labels, matrix, areas.persons)


def in_groups(split: Split, values: dict[Audience, Floats], inside: NDArray[np.bool_]) -> Floats:
    """Add up the areas of each group.

    Parameters
    ----------
    split : Split
        g groups, n areas.
    values : dict of str to ndarray, shape (n,)
        By audience; an audience that is not there counts for nothing.
    inside : ndarray of bool, shape (n,)
        Areas that count.

    Returns
    -------
    ndarray, shape (g,)
    """
    nobody = np.zeros(inside.size)
    both = [np.where(inside, values.get(who, nobody), 0.0) for who in ("adult", "pediatric")]
    found: Floats = split.share @ np.concatenate(both)
    return found


def counted(sums: Sums, audiences: tuple[Audience, ...]) -> Floats:
    """Add up the base of the audiences, shape (k, 3)."""
    found: Floats = sum((sums.base[who] for who in audiences), start=np.zeros(3))
    return found


def by_year(
    projected: Projection,
    sums: Sums,
    indications: tuple[Indication, ...],
    audiences: tuple[Audience, ...],
    bound: Bound = "central",
) -> pd.DataFrame:
    """Patients of each year, by kind of therapy.

    Returns
    -------
    DataFrame
        year, a column for each of `FAMILIES` (at the bound), patients_low, patients, patients_high.
    """
    base = counted(sums, audiences)
    patients = base[:, :, None] * projected.scale[:, :, None] * projected.factor[:, None, :]
    frame = pd.DataFrame({"year": projected.years})
    for name in FAMILIES:
        keep = np.array([entry.family == name for entry in indications])
        frame[name] = patients[keep, BOUNDS.index(bound)].sum(axis=0)
    for at, column in enumerate(COLUMNS):
        frame[column] = patients[:, at].sum(axis=0)
    return frame


def by_indication(
    projected: Projection,
    sums: Sums,
    published: pd.DataFrame,
    audiences: tuple[Audience, ...],
    settings: PatientSettings,
) -> pd.DataFrame:
    """Patients of a year by indication, beside what is published for the whole country.

    Parameters
    ----------
    projected : Projection
        k indications.
    sums : Sums
        Of the region shown.
    published : DataFrame
        `patients.reconciliation` of the same indications: the whole country.
    audiences : tuple of str
        Who counts.
    settings : PatientSettings
        Year and bound.

    Returns
    -------
    DataFrame
        key, label, status, counted (bool: switched on), year, patients_low, patients,
        patients_high, waiting (people of the pool not yet treated at the year's end; missing
        where there is none), then the columns of `published` about the whole country.
    """
    at = int(settings.year - projected.years[0])
    base = counted(sums, audiences) * projected.scale
    patients = base * projected.factor[:, [at]]
    frame = published.drop(columns=list(COLUMNS)).rename(
        columns={"adults": "eligible_adults", "children": "eligible_children"}
    )
    eligible = published[list(COLUMNS)].to_numpy()
    frame = frame.assign(
        counted=projected.factor.any(axis=1).tolist(),
        year=settings.year,
        patients_low=patients[:, 0],
        patients=patients[:, 1],
        patients_high=patients[:, 2],
        waiting=[
            base[place, BOUNDS.index(settings.bound)] * projected.pools[key].end[at]
            if key in projected.pools
            else np.nan
            for place, key in enumerate(projected.keys)
        ],
        eligible_low=eligible[:, 0],
        eligible=eligible[:, 1],
        eligible_high=eligible[:, 2],
    )
    frame["status"] = frame["status"].map(STATUS)
    frame["family"] = frame["family"].map(FAMILIES)
    first = ["key", "label", "family", "status", "counted", "year"]
    first += [*COLUMNS, "waiting"]
    return frame[[*first, *(name for name in frame.columns if name not in first)]]


def by_place(
    projected: Projection,
    split: Split,
    settings: PatientSettings,
    inside: NDArray[np.bool_],
    audiences: tuple[Audience, ...],
) -> pd.DataFrame:
    """Patients of a year in each place or kind of place.

    Returns
    -------
    DataFrame
        group, label, population, patients_low, patients, patients_high, per_100k (at the bound);
        groups without people are left out, most patients first.
    """
    columns = {
        name: in_groups(
            split,
            {who: projected.patients(who, bound, settings.year, settings.of) for who in audiences},
            inside,
        )
        for name, bound in COLUMNS.items()
    }
    people = in_groups(split, {who: split.people[who] for who in audiences}, inside)
    frame = pd.DataFrame(
        {"group": split.ids, "label": split.labels, "population": people, **columns}
    )
    return _ranked(frame, settings)


def by_group(
    projected: Projection,
    sums: Sums,
    settings: PatientSettings,
    audiences: tuple[Audience, ...],
    races: list[str],
) -> pd.DataFrame:
    """Patients of a year by race and ethnicity, age or sex.

    Parameters
    ----------
    races : list of str
        Names of `patient_facts.RACES`.

    Returns
    -------
    DataFrame
        As `by_place`.
    """
    ages = [who for who in range(len(AGES)) if _is_counted(who, audiences)]
    chosen = [place for place, key in enumerate(projected.keys) if settings.of in ("", key)]
    weights = projected.factor[:, int(settings.year - projected.years[0])][:, None]
    weights = (weights * projected.scale)[chosen]
    patients = np.einsum("kasrb,kb->asrb", sums.groups[chosen][:, ages], weights)
    people = sums.people[ages]
    over, names = {
        "age": ((1, 2), [AGE_NAMES[age] for age in ages]),
        "sex": ((0, 2), list(SEX_NAMES)),
        "race": ((0, 1), races),
    }[settings.split]
    low, central, high = patients.sum(axis=over).T
    frame = pd.DataFrame(
        {
            "group": names,
            "label": names,
            "population": people.sum(axis=over),
            "patients_low": low,
            "patients": central,
            "patients_high": high,
        }
    )
    return _ranked(frame, settings)


def _is_counted(age: int, audiences: tuple[Audience, ...]) -> bool:
    return ("pediatric" if age == CHILDREN else "adult") in audiences


def column_of(settings: PatientSettings) -> str:
    """Column of the bound chosen."""
    return next(name for name, bound in COLUMNS.items() if bound == settings.bound)


def _ranked(frame: pd.DataFrame, settings: PatientSettings) -> pd.DataFrame:
    column = column_of(settings)
    frame = frame[frame["population"] > 0]
    rate = frame[column] / frame["population"] * PER
    ordered = frame.assign(per_100k=rate).sort_values(
        [column, "label"], ascending=[False, True], kind="stable"
    )
    return ordered.reset_index(drop=True)


def courses(
    found: dict[str, Course], patients: Patients, settings: PatientSettings
) -> pd.DataFrame:
    """List every assumption of growth, for the editor and for files.

    Returns
    -------
    DataFrame
        key, on (bool), label, status, eligible_percent, start, before_percent, peak_percent,
        years_to_peak, renewal_percent (missing where new patients are counted), edited (bool),
        evidence, source, note; one row per indication.
    """
    own = {one.key: one.share for one in settings.eligible}
    records = []
    for entry, disease in zip(patients.indications, patients.diseases, strict=True):
        course = found[entry.key]
        records.append(
            {
                "key": entry.key,
                "on": entry.key in settings.chosen,
                "label": entry.label,
                "status": STATUS[entry.status],
                "eligible_percent": PERCENT * own.get(entry.key, float(disease.share[1])),
                "start": course.curve.start,
                "before_percent": PERCENT * course.curve.before,
                "peak_percent": PERCENT * course.curve.peak,
                "years_to_peak": course.curve.years,
                "renewal_percent": PERCENT * course.renewal,
                "edited": course.edited or entry.key in own,
                "evidence": course.evidence,
                "source": course.source,
                "note": course.note,
            }
        )
    return pd.DataFrame(records)
