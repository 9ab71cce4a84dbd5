"""Patients a year of every ZIP area, with low and high.

A patient here is one person who becomes a candidate for one course of one therapy in one year; of
diseases in trials, and of some others, all who are eligible at one time are counted (a pool).
The facts are read in `patient_facts`, made into rates in `patient_diseases`, applied to areas
here, and carried into later years in `patient_growth`. Method: docs/methods.md, Patients.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from dashboard.patient_diseases import TODAY, Disease, Indication, eligibility_of, starts
from dashboard.patient_facts import CHILDREN, Facts, by_age, fraction_of, load_facts
from geo.demand import BOUNDS, eligible, expected_cases
from geo.results import Floats

__all__ = [
    "TODAY",
    "Audience",
    "Bound",
    "Disease",
    "Facts",
    "Indication",
    "Patients",
    "by_age",
    "expected",
    "load_facts",
    "national",
    "per_area",
    "reconciliation",
]

Bound = Literal["low", "central", "high"]
Audience = Literal["adult", "pediatric"]


@dataclass(frozen=True, slots=True, eq=False)
class Patients:
    """Patients a year of every area.

    Parameters
    ----------
    indications : tuple of Indication
        What is counted.
    counts : dict of str to ndarray, shape (indications, 3, n)
        Patients by audience, low, central and high.
    diseases : tuple of Disease
        How each was made.
    cases : ndarray, shape (indications, 3)
        New cases, or people with the disease, in the whole country.
    """

    indications: tuple[Indication, ...]
    counts: dict[Audience, Floats]
    diseases: tuple[Disease, ...]
    cases: Floats

    def of(self, audience: Audience, bound: Bound = "central", key: str = "") -> Floats:
        """Patients a year of each area.

        Parameters
        ----------
        audience : {"adult", "pediatric"}
            People of 18 and over, or under 18.
        bound : {"low", "central", "high"}
            Which end of the range.
        key : str
            One indication; all together for "".

        Returns
        -------
        ndarray, shape (n,)
            In the order of the population table.
        """
        block = self.counts[audience][:, BOUNDS.index(bound)]
        if not key:
            total: Floats = block.sum(axis=0)
            return total
        one: Floats = block[[i.key for i in self.indications].index(key)]
        return one


def expected(facts: Facts, indications: tuple[Indication, ...] | None = None) -> Patients:
    """Count the patients a year of every area.

    Parameters
    ----------
    facts : Facts
        From `load_facts`.
    indications : tuple of Indication, optional
        What to count; `TODAY` by default.

    Returns
    -------
    Patients
    """
    chosen = TODAY if indications is None else indications
    diseases = tuple(entry.disease(facts, entry) for entry in chosen)
    adult, young, totals = [], [], []
    for disease in diseases:
        cases = expected_cases(facts.persons, facts.shares, disease.rates)
        patients = eligible(cases, disease.fraction)
        young.append(patients[:, CHILDREN].T)
        adult.append(patients[:, CHILDREN + 1 :].sum(axis=1).T)
        totals.append(cases.sum(axis=(0, 1)))
    return Patients(
        chosen,
        {"adult": np.array(adult), "pediatric": np.array(young)},
        diseases,
        np.array(totals),
    )


def per_area(areas: pd.DataFrame, audience: Audience, bound: Bound = "central") -> Floats:
    """Patients a year newly eligible for therapies approved today, in each area.

    Parameters
    ----------
    areas : DataFrame
        The population table, of the whole country.
    audience : {"adult", "pediatric"}
        People of 18 and over, or under 18.
    bound : {"low", "central", "high"}
        Which end of the range.

    Returns
    -------
    ndarray, shape (n,)
        Patients a year, fractions included, in the order of `areas`.
    """
    return expected(load_facts(areas)).of(audience, bound)


def reconciliation(patients: Patients, facts: Facts) -> pd.DataFrame:
    """Set what was computed for the whole country beside what is published.

    Returns
    -------
    DataFrame
        key, label, family, status (approved or trials), pool (bool), counts_as, cases,
        published_cases, cases_difference (share of the published cases), patients_low, patients,
        patients_high, adults, children, published_patients_low, published_patients,
        published_patients_high, difference (share of the published patients), evidence, source,
        published_source, products; one row per indication.
    """
    records = []
    for at, (entry, disease) in enumerate(
        zip(patients.indications, patients.diseases, strict=True)
    ):
        row = eligibility_of(facts, entry)
        of_disease = facts.indications["indication"] == entry.indication
        adults, children = (patients.counts[who][at].sum(axis=1) for who in ("adult", "pediatric"))
        low, central, high = adults + children
        published = _published(facts, entry)
        records.append(
            {
                "key": entry.key,
                "label": entry.label,
                "family": entry.family,
                "status": entry.status,
                "pool": entry.pool,
                "counts_as": entry.counts_as,
                "cases": patients.cases[at, 1],
                "published_cases": float(row["base_count_us"]),
                "cases_difference": patients.cases[at, 1] / float(row["base_count_us"]) - 1,
                "patients_low": low,
                "patients": central,
                "patients_high": high,
                "adults": adults[1],
                "children": children[1],
                "published_patients_low": published[0],
                "published_patients": published[1],
                "published_patients_high": published[2],
                "difference": central / published[1] - 1,
                "evidence": disease.evidence,
                "source": "; ".join(disease.sources),
                "published_source": str(row["source"]),
                "products": str(facts.indications.loc[of_disease, "products"].iloc[0]),
            }
        )
    return pd.DataFrame(records)


def national(patients: Patients) -> tuple[float, float, float]:
    """Patients a year of the whole country: low, central, high."""
    low, central, high = (
        sum(float(patients.of(who, bound).sum()) for who in ("adult", "pediatric"))
        for bound in BOUNDS
    )
    return low, central, high


def _published(facts: Facts, entry: Indication) -> Floats:
    """Patients a year, or in the pool, that the eligibility table itself implies."""
    if entry.key == "beta_thalassemia":
        row = eligibility_of(facts, entry)
        return float(row["base_count_us"]) * starts(facts) * fraction_of(row)
    names = ["implied_low", "implied_central", "implied_high"]
    return eligibility_of(facts, entry)[names].to_numpy(dtype=np.float64)
