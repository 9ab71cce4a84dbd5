"""Patients a year of every ZIP area, for the therapies approved today, with low and high.

A patient here is one person who becomes a candidate for one course of one therapy in one year.
Rates, shares and assumptions come from the tables indications, eligibility, rate_ratios and
demand_assumptions; each has its evidence mark, and a figure made of several has the weakest one.
Method: docs/methods.md, Patients.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from data import load
from geo.demand import (
    BOUNDS,
    PER,
    eligible,
    expected_cases,
    level_factor,
    spread_over_groups,
)
from geo.results import Floats

Bound = Literal["low", "central", "high"]
Audience = Literal["adult", "pediatric"]

AGES: Final = ("under 18", "18 to 24", "25 to 64", "65 and over")
"""Age groups of the population table, which rates by other ages are turned into."""
CHILDREN: Final = 0
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
"""Its rows give counts and rates by age, and so the population of 2019 by age."""
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


@dataclass(frozen=True, slots=True, eq=False)
class Disease:
    """One indication, ready to be applied to areas.

    Parameters
    ----------
    rates : ndarray, shape (4, 7, 3)
        Cases per 100,000 by age group and race.
    fraction : ndarray, shape (4, 3)
        Share of the cases that are patients of a year.
    sources : tuple of str
        Where rates and shares come from.
    evidence : str
        The weakest mark of all inputs.
    """

    rates: Floats
    fraction: Floats
    sources: tuple[str, ...]
    evidence: str


@dataclass(frozen=True, slots=True)
class Indication:
    """One indication of the list.

    Parameters
    ----------
    key, label : str
        Identifier, and name for readers.
    indication, definition : str
        Row of the eligibility table.
    counts_as : str
        What a patient a year is here.
    disease : callable
        Makes the `Disease` of the facts.
    """

    key: str
    label: str
    indication: str
    definition: str
    counts_as: str
    disease: Callable[[Facts, "Indication"], Disease]


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
        label, counts_as, cases, published_cases (missing where none), patients_low, patients,
        patients_high, adults, children, published_patients_low, published_patients,
        published_patients_high, difference (share of the published patients), evidence, source;
        one row per indication.
    """
    records = []
    for at, (entry, disease) in enumerate(
        zip(patients.indications, patients.diseases, strict=True)
    ):
        row = _eligibility(facts, entry)
        adults, children = (patients.counts[who][at].sum(axis=1) for who in ("adult", "pediatric"))
        low, central, high = adults + children
        published = _published(facts, entry)
        records.append(
            {
                "label": entry.label,
                "counts_as": entry.counts_as,
                "cases": patients.cases[at, 1],
                "published_cases": float(row["base_count_us"]),
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


def _row(facts: Facts, indication: str, stratum: str, year: str = "") -> pd.Series:
    table = facts.indications
    found = table[(table["indication"] == indication) & (table["stratum"] == stratum)]
    if year:
        found = found[found["year"] == year]
    return found.iloc[0]


def _rate(row: pd.Series) -> Floats:
    """Low, central and high rate; a row without bounds has its rate three times."""
    rate = float(row["rate_per_100k"])
    low, high = (float(row[name]) for name in ("ci_low", "ci_high"))
    return np.array([rate if np.isnan(low) else low, rate, rate if np.isnan(high) else high])


def _eligibility(facts: Facts, entry: Indication) -> pd.Series:
    table = facts.eligibility
    same = (table["indication"] == entry.indication) & (table["definition"] == entry.definition)
    return table[same].iloc[0]


def _fraction(row: pd.Series) -> Floats:
    return row[["fraction_low", "fraction_central", "fraction_high"]].to_numpy(dtype=np.float64)


def _published(facts: Facts, entry: Indication) -> Floats:
    """Patients a year that the eligibility table itself implies."""
    if entry.key == "beta_thalassemia":
        row = _eligibility(facts, entry)
        return float(row["base_count_us"]) * _starts(facts) * _fraction(row)
    names = ["implied_low", "implied_central", "implied_high"]
    return _eligibility(facts, entry)[names].to_numpy(dtype=np.float64)


def _assumption(facts: Facts, key: str) -> Floats:
    row = facts.assumptions.loc[key]
    return row[["value_low", "value", "value_high"]].to_numpy(dtype=np.float64)


def _made(
    rates: Floats, fraction: Floats, *inputs: pd.Series, assumes: tuple[str, ...] = ()
) -> Disease:
    marks = [str(row["evidence"]) for row in inputs] + ["recall"] * bool(assumes)
    sources = [str(row["source"]) for row in inputs]
    listed = dict.fromkeys(name for name in (*sources, *assumes) if name)
    return Disease(rates, fraction, tuple(listed), max(marks, key=MARKS.index))


def _reference(facts: Facts) -> Floats:
    """Persons of 2019 in each of `STRATA`, from counts over rates."""
    rows = [_row(facts, REFERENCE, stratum) for stratum in STRATA]
    return np.array([row["count_us"] / row["rate_per_100k"] * PER for row in rows], dtype=float)


def _age_matrix(facts: Facts) -> Floats:
    """Share of each of `AGES` in each of `STRATA`, shape (4, 5); children by their own stratum."""
    people = _reference(facts)
    young = float(facts.persons[:, 1].sum() / facts.persons.sum())
    over_19 = 1 - _assumption(facts, "adults_18_19_of_18_24")[1]
    middle = people[1] - young * over_19 * people.sum()  # persons of 25 to 49
    weights = np.zeros((len(AGES), len(STRATA)))
    weights[0, 0] = weights[1, 1] = 1
    weights[2, 1:3] = np.array([middle, people[2]]) / (middle + people[2])
    weights[3, 3:] = people[3:] / people[3:].sum()
    return weights


def _lymphoid(facts: Facts, entry: Indication) -> Disease:
    """Adults' cancers of lymphoid cells: pattern by age and race, level as published."""
    suffix = {"dlbcl": "; modelled", "fl": "; modelled", "cll": "; modelled"}.get(entry.key, "")
    pattern = REFERENCE if entry.key == "mcl" else entry.indication
    rows = [_row(facts, pattern, stratum + suffix) for stratum in STRATA]
    by_stratum = np.array([_rate(row) for row in rows])
    row = _eligibility(facts, entry)
    level = level_factor(float(row["base_count_us"]), by_stratum[:, 1], _reference(facts))
    rates = level * (_age_matrix(facts) @ by_stratum)
    ratios = facts.ratios[facts.ratios["indication"] == entry.indication]
    spread = spread_over_groups(rates, _race_ratios(ratios), facts.persons, facts.shares)
    fraction = np.repeat(_fraction(row)[None], len(AGES), axis=0)
    fraction[CHILDREN] = 0  # the products are for adults
    return _made(spread, fraction, rows[1], ratios.iloc[0], row)


def _race_ratios(ratios: pd.DataFrame) -> Floats:
    """How common a disease is in each of `RACES`, as a multiple of White people.

    Both sexes together, taken as equally many. Pacific Islanders are taken as Asian; the study
    counts people of Hispanic origin within the races, most of them as White, and says nothing of
    the others, who are taken as White too.
    """
    found = ratios.set_index(["comparison", "stratum"])["ratio"]
    sexes = {"M": found["male_to_female", "race=White"], "F": 1.0}
    both = sum(sexes.values())
    black, asian = (
        sum(rate / found[comparison, f"sex={sex}"] for sex, rate in sexes.items()) / both
        for comparison in ("White_to_Black", "White_to_Asian")
    )
    return np.array([1.0, black, 1.0, asian, 1.0, asian, 1.0])


def _b_all_young(facts: Facts, entry: Indication) -> Disease:
    """Leukaemia of children and of 18 and 19 year olds, by single ages and race."""
    years = {"age=<1": 1, "age=1-4": 4, "age=5-9": 5, "age=10-14": 5, "age=15-19": 3}
    rows = [_row(facts, entry.indication, stratum) for stratum in years]
    weights = np.array(list(years.values()), dtype=float)
    rates = np.zeros((len(AGES), 3))
    rates[0] = weights @ np.array([_rate(row) for row in rows]) / weights.sum()
    rates[1] = _rate(rows[-1]) * _assumption(facts, "adults_18_19_of_18_24")[1]
    row = _eligibility(facts, entry)
    all_young = _row(facts, entry.indication, STRATA[0])
    level = level_factor(float(row["base_count_us"]), _rate(all_young)[1:2], _reference(facts)[:1])
    groups = {
        "race=NH White": (0, 6),
        "race=NH Black": (1,),
        "race=Hispanic": (2,),
        "race=Asian/Pacific Islander": (3, 5),
        "race=American Indian/Alaska Native": (4,),
    }
    ratios = np.ones(len(RACES))
    for stratum, columns in groups.items():
        ratios[list(columns)] = _rate(_row(facts, entry.indication, f"{stratum}; age=0-19"))[1]
    spread = spread_over_groups(level * rates, ratios, facts.persons, facts.shares)
    fraction = np.repeat(_fraction(row)[None], len(AGES), axis=0)
    return _made(spread, fraction, all_young, row)


def _b_all_adult(facts: Facts, entry: Indication) -> Disease:
    """Leukaemia of adults from 20, the same at every age and for every race."""
    rate, row = _row(facts, entry.indication, "age=20+"), _eligibility(facts, entry)
    over_19 = 1 - _assumption(facts, "adults_18_19_of_18_24")[1]
    level = level_factor(
        float(row["base_count_us"]), _rate(rate)[1:2], _reference(facts)[1:].sum(keepdims=True)
    )
    weights = np.array([0, over_19, 1, 1])
    rates = level * weights[:, None] * _rate(rate)
    fraction = np.repeat(_fraction(row)[None], len(AGES), axis=0)
    return _made(_for_every_race(rates), fraction, rate, row)


def _for_every_race(rates: Floats) -> Floats:
    return np.repeat(rates[:, None, :], len(RACES), axis=1)


def _from_twelve(facts: Facts) -> Floats:
    """Weight of each age group when treatment starts at 12, 1 on the mean over all people."""
    weights = np.array([_assumption(facts, "children_12_to_17")[1], 1, 1, 1])
    people = facts.persons.sum(axis=0)
    scaled: Floats = weights * people.sum() / (weights @ people)
    return scaled


def _sickle_cell(facts: Facts, entry: Indication) -> Disease:
    """People with the disease by race; treatment starts a year, from 12 years of age."""
    strata = ["race=all other", "race=NH Black", "race=Hispanic"]
    rows = [_row(facts, entry.indication, stratum) for stratum in strata]
    by_race = np.array([_rate(rows[k]) for k in (0, 1, 2, 0, 0, 0, 0)])
    rates = np.repeat(by_race[None], len(AGES), axis=0)
    row = _eligibility(facts, entry)
    fraction = _from_twelve(facts)[:, None] * _fraction(row)
    return _made(rates, fraction, rows[1], row, assumes=("treatment from 12 years",))


def _starts(facts: Facts) -> Floats:
    """Treatment starts a year for each eligible person, as in sickle cell disease."""
    stock = float(_fraction(_eligibility(facts, SICKLE_CELL_STOCK))[1])
    starts: Floats = _fraction(_eligibility(facts, SICKLE_CELL)) / stock
    return starts


def _thalassemia(facts: Facts, entry: Indication) -> Disease:
    """People who depend on transfusions, everywhere alike; starts as in sickle cell disease."""
    rate, row = _row(facts, entry.indication, "transfusion-dependent"), _eligibility(facts, entry)
    rates = _for_every_race(np.repeat(_rate(rate)[None], len(AGES), axis=0))
    fraction = np.repeat((_starts(facts) * _fraction(row))[None], len(AGES), axis=0)
    return _made(rates, fraction, rate, row, assumes=("starts as in sickle cell disease",))


def _transplant(facts: Facts, entry: Indication) -> Disease:
    """Procedures a year, with an assumed share of children, else alike for everybody."""
    rate, row = _row(facts, entry.indication, "procedures; recent"), _eligibility(facts, entry)
    key = {"hct_auto": "hct_autologous_children", "hct_allo": "hct_allogeneic_children"}[entry.key]
    share = float(_assumption(facts, key)[1])
    people = facts.persons.sum(axis=0)
    children = share * people.sum() / people[CHILDREN]
    adults = (1 - share) * people.sum() / people[CHILDREN + 1 :].sum()
    weights = np.array([children, adults, adults, adults])
    rates = _for_every_race(weights[:, None] * _rate(rate))
    fraction = np.repeat(_fraction(row)[None], len(AGES), axis=0)
    return _made(rates, fraction, rate, row, assumes=("share of children among recipients",))


_NEW: Final = "new patients of a year who may be given CAR-T"

SICKLE_CELL: Final = Indication(
    "sickle_cell",
    "Sickle cell disease",
    "sickle cell disease",
    "new treatment starts per year",
    "people who start gene therapy in a year, as far as capacity allows, not all who are eligible",
    _sickle_cell,
)
SICKLE_CELL_STOCK: Final = Indication(
    "sickle_cell_stock",
    "Sickle cell disease",
    "sickle cell disease",
    "severe, gene-therapy eligible (stock)",
    "all who are eligible at one time",
    _sickle_cell,
)
TODAY: Final = (
    Indication(
        "dlbcl",
        "Diffuse large B-cell lymphoma",
        "DLBCL",
        "r/r after >=2 lines and fit for CAR-T, share of incident",
        _NEW,
        _lymphoid,
    ),
    Indication(
        "fl",
        "Follicular lymphoma",
        "follicular lymphoma",
        "third line or later",
        _NEW,
        _lymphoid,
    ),
    Indication(
        "mcl",
        "Mantle cell lymphoma",
        "mantle cell lymphoma",
        "r/r after BTK inhibitor",
        _NEW,
        _lymphoid,
    ),
    Indication(
        "cll",
        "Chronic lymphocytic leukaemia",
        "CLL",
        "r/r after BTK and BCL2 inhibitors",
        _NEW,
        _lymphoid,
    ),
    Indication(
        "myeloma",
        "Multiple myeloma",
        "multiple myeloma",
        "second line or later and CAR-T fit, share of incident",
        _NEW,
        _lymphoid,
    ),
    Indication(
        "b_all_young",
        "Acute lymphoblastic leukaemia, to 25 years",
        "B-ALL pediatric/young adult",
        "refractory or second/later relapse, to age 25",
        _NEW,
        _b_all_young,
    ),
    Indication(
        "b_all_adult",
        "Acute lymphoblastic leukaemia, adults",
        "B-ALL adult",
        "relapsed or refractory",
        _NEW,
        _b_all_adult,
    ),
    SICKLE_CELL,
    Indication(
        "beta_thalassemia",
        "Beta thalassemia",
        "beta thalassemia (transfusion-dependent)",
        "gene-therapy eligible (stock)",
        "people who start gene therapy in a year, as often as in sickle cell disease",
        _thalassemia,
    ),
    Indication(
        "hct_auto",
        "Stem-cell transplant, own cells",
        "HCT autologous",
        "rate is already procedures",
        "transplants of a year",
        _transplant,
    ),
    Indication(
        "hct_allo",
        "Stem-cell transplant, donor cells",
        "HCT allogeneic",
        "rate is already procedures",
        "transplants of a year",
        _transplant,
    ),
)
"""Therapies approved today. Melanoma (deaths stand in for cases), hemophilia (hardly used) and
spinal muscular atrophy (given elsewhere) are left out."""
