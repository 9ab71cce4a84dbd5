"""The facts that patients are made of: people by age and sex, and rows of the tables (pure).

Split from `patient_diseases`, which makes rates of them. Method: docs/methods.md, Patients.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from data import load
from geo.demand import PER
from geo.results import Floats

AGES: Final = ("under 18", "18 to 24", "25 to 64", "65 and over")
"""Age groups of the population table, which rates by other ages are turned into."""
CHILDREN: Final = 0
SEXES: Final = ("M", "F")
"""Order of the axis of sexes."""
RACES: Final = (
    "white_share",
    "black_share",
    "hispanic_share",
    "asian_share",
    "native_american_share",
    "pacific_islander_share",
    "other_or_multiple_share",
)
MARKS: Final = ("verified", "abstract", "recall")
"""From best to worst."""
REFERENCE: Final = "NHL (parent of DLBCL/FL/MCL)"
"""Its rows give counts and rates by age and sex, and so the population of 2019 by age and sex."""
STRATA: Final = ("age=0-19", "age=20-49", "age=50-64", "age=65-74", "age=75+")


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """The tables that patients are made of, and the people of all areas.

    Parameters
    ----------
    indications, eligibility, ratios, assumptions : DataFrame
        The tables of those names.
    persons : ndarray, shape (n, 4)
        People of each area by `AGES`.
    shares : ndarray, shape (n, 7)
        Shares of `RACES`.
    """

    indications: pd.DataFrame
    eligibility: pd.DataFrame
    ratios: pd.DataFrame
    assumptions: pd.DataFrame
    persons: Floats
    shares: Floats


def load_facts(areas: pd.DataFrame) -> Facts:
    """Read the tables, and the people of the areas by age.

    Parameters
    ----------
    areas : DataFrame
        The population table (`data.load.zcta`), of the whole country.

    Returns
    -------
    Facts
    """
    return Facts(
        indications=load.indications(),
        eligibility=load.eligibility(),
        ratios=load.rate_ratios(),
        assumptions=load.demand_assumptions().set_index("key"),
        persons=by_age(areas),
        shares=areas[list(RACES)].to_numpy(dtype=np.float64),
    )


def by_age(areas: pd.DataFrame) -> Floats:
    """Split people by `AGES`: children as counted, adults by the shares of their area.

    Parameters
    ----------
    areas : DataFrame
        Columns children, adults, age_under_18_share, age_18_24_share, age_65_plus_share.

    Returns
    -------
    ndarray, shape (n, 4)
        Persons; a row adds up to the people of the area.
    """
    children, adults, under, young, old = (
        areas[name].to_numpy(dtype=np.float64, na_value=np.nan)
        for name in (
            "children",
            "adults",
            "age_under_18_share",
            "age_18_24_share",
            "age_65_plus_share",
        )
    )
    grown = np.where(under < 1, 1 - under, np.inf)
    early = np.clip(young / grown, 0, 1)
    late = np.clip(old / grown, 0, 1 - early)
    parts = np.column_stack([early, 1 - early - late, late])
    return np.column_stack([children, adults[:, None] * parts])


def row_of(facts: Facts, indication: str, stratum: str, year: str = "") -> pd.Series:
    """Find the row of a disease and stratum."""
    table = facts.indications
    found = table[(table["indication"] == indication) & (table["stratum"] == stratum)]
    if year:
        found = found[found["year"] == year]
    return found.iloc[0]


def rate_of(row: pd.Series) -> Floats:
    """Low, central and high rate; a row without bounds has its rate three times."""
    rate = float(row["rate_per_100k"])
    low, high = (float(row[name]) for name in ("ci_low", "ci_high"))
    return np.array([rate if np.isnan(low) else low, rate, rate if np.isnan(high) else high])


def fraction_of(row: pd.Series) -> Floats:
    """Low, central and high share of a row of the eligibility table."""
    return row[["fraction_low", "fraction_central", "fraction_high"]].to_numpy(dtype=np.float64)


def assumption(facts: Facts, key: str) -> Floats:
    """Low, central and high value of an assumption."""
    row = facts.assumptions.loc[key]
    return row[["value_low", "value", "value_high"]].to_numpy(dtype=np.float64)


def reference(facts: Facts, sex: str = "") -> Floats:
    """Persons of 2019 in each of `STRATA`, of both sexes or of one, from counts over rates."""
    suffix = f"; sex={sex}" if sex else ""
    rows = [row_of(facts, REFERENCE, stratum + suffix) for stratum in STRATA]
    return np.array([row["count_us"] / row["rate_per_100k"] * PER for row in rows], dtype=float)


def age_matrix(facts: Facts, sex: str = "") -> Floats:
    """Share of each of `AGES` in each of `STRATA`, shape (4, 5); children by their own stratum."""
    people = reference(facts, sex)
    young = float(facts.persons[:, 1].sum() / facts.persons.sum())
    over_19 = 1 - assumption(facts, "adults_18_19_of_18_24")[1]
    middle = people[1] - young * over_19 * people.sum()  # persons of 25 to 49
    weights = np.zeros((len(AGES), len(STRATA)))
    weights[0, 0] = weights[1, 1] = 1
    weights[2, 1:3] = np.array([middle, people[2]]) / (middle + people[2])
    weights[3, 3:] = people[3:] / people[3:].sum()
    return weights


def men(facts: Facts) -> Floats:
    """Share of men among the people of each of `AGES`, the same in every area.

    The population table does not tell the sexes apart. The reference population of 2019 does, in
    finer ages.

    Returns
    -------
    ndarray, shape (4,)
        0 to 1.
    """
    both = reference(facts, "M") / (reference(facts, "M") + reference(facts, "F"))
    share: Floats = age_matrix(facts) @ both
    return share
