"""How each disease becomes rates by age, sex and race, and the share who may be treated (pure).

Rates, shares and assumptions come from the tables indications, eligibility, rate_ratios and
demand_assumptions; each has its evidence mark, and a figure made of several has the weakest one.
Method: docs/methods.md, Patients.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from dashboard.patient_facts import (
    AGES,
    CHILDREN,
    MARKS,
    RACES,
    REFERENCE,
    SEXES,
    STRATA,
    Facts,
    age_matrix,
    assumption,
    fraction_of,
    men,
    rate_of,
    reference,
    row_of,
)
from geo.demand import level_factor, over_sexes, split_by_sex, spread_over_groups
from geo.results import Floats

Status = Literal["approved", "trials"]
Family = Literal["cancer", "transplant", "gene", "autoimmune"]


@dataclass(frozen=True, slots=True, eq=False)
class Disease:
    """One indication, ready to be applied to areas.

    Parameters
    ----------
    by_sex : ndarray, shape (4, 2, 7, 3)
        Cases per 100,000 persons by age group, sex and race: low, central, high.
    rates : ndarray, shape (4, 7, 3)
        The same of both sexes together.
    fraction : ndarray, shape (4, 3)
        Share of the cases that are patients of a year, or in the pool.
    share : ndarray, shape (3,)
        That share as the eligibility table has it, before it is spread over ages.
    sources : tuple of str
        Where rates and shares come from.
    evidence : str
        The weakest mark of all inputs.
    """

    by_sex: Floats
    rates: Floats
    fraction: Floats
    share: Floats
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
        What a patient a year is here, or who is in the pool.
    disease : callable
        Makes the `Disease` of the facts.
    family : str
        Kind of therapy.
    status : str
        Whether a therapy is approved, or in trials only.
    pool : bool
        Whether what is counted is all who are eligible at one time.
    """

    key: str
    label: str
    indication: str
    definition: str
    counts_as: str
    disease: Callable[[Facts, "Indication"], Disease]
    family: Family = "cancer"
    status: Status = "approved"
    pool: bool = False


def eligibility_of(facts: Facts, entry: Indication) -> pd.Series:
    """Find an indication's row of the eligibility table."""
    table = facts.eligibility
    same = (table["indication"] == entry.indication) & (table["definition"] == entry.definition)
    return table[same].iloc[0]


def starts(facts: Facts) -> Floats:
    """Treatment starts a year for each eligible person, as in sickle cell disease."""
    pool = float(fraction_of(eligibility_of(facts, SICKLE_CELL_POOL))[1])
    share: Floats = fraction_of(eligibility_of(facts, SICKLE_CELL)) / pool
    return share


# --- From rows to rates --------------------------------------------------------------------------


def _made(
    facts: Facts,
    by_sex: Floats,
    fraction: Floats,
    *inputs: pd.Series,
    assumes: tuple[str, ...] = (),
) -> Disease:
    """Put a disease together; the last of `inputs` is its row of the eligibility table."""
    marks = [str(row["evidence"]) for row in inputs] + ["recall"] * bool(assumes)
    sources = [str(row["source"]) for row in inputs]
    listed = dict.fromkeys(name for name in (*sources, *assumes) if name)
    rates = over_sexes(by_sex, men(facts))
    mark = max(marks, key=MARKS.index)
    return Disease(by_sex, rates, fraction, fraction_of(inputs[-1]), tuple(listed), mark)


def _alike(rates: Floats) -> Floats:
    """Rates by age, shape (4, 3), for every sex and race: shape (4, 2, 7, 3)."""
    shape = (len(AGES), len(SEXES), len(RACES), rates.shape[-1])
    return np.broadcast_to(rates[:, None, None, :], shape).copy()


def _spread(facts: Facts, by_age_sex: Floats, ratios: Floats) -> Floats:
    """Spread rates by age and sex, shape (4, 2, 3), over races by ratios of shape (2, 7)."""
    persons = facts.persons
    return np.stack(
        [
            spread_over_groups(by_age_sex[:, sex], ratios[sex], persons, facts.shares)
            for sex in range(len(SEXES))
        ],
        axis=1,
    )


def race_ratios(ratios: pd.DataFrame) -> Floats:
    """How common a disease is in each of `RACES`, as a multiple of White people of the same sex.

    Pacific Islanders are taken as Asian; the study counts people of Hispanic origin within the
    races, most of them as White, and says nothing of the others, who are taken as White too.

    Returns
    -------
    ndarray, shape (2, 7)
        By sex.
    """
    found = ratios.set_index(["comparison", "stratum"])["ratio"]
    rows = []
    for sex in SEXES:
        black, asian = (
            1.0 / float(found[name, f"sex={sex}"]) for name in ("White_to_Black", "White_to_Asian")
        )
        rows.append([1.0, black, 1.0, asian, 1.0, asian, 1.0])
    return np.array(rows)


def _lymphoid(facts: Facts, entry: Indication) -> Disease:
    """Adults' cancers of lymphoid cells: pattern by age, sex and race, level as published."""
    suffix = {"dlbcl": "; modelled", "fl": "; modelled", "cll": "; modelled"}.get(entry.key, "")
    pattern = REFERENCE if entry.key == "mcl" else entry.indication
    rows = [row_of(facts, pattern, stratum + suffix) for stratum in STRATA]
    by_stratum = np.array([rate_of(row) for row in rows])
    row = eligibility_of(facts, entry)
    level = level_factor(float(row["base_count_us"]), by_stratum[:, 1], reference(facts))
    ratios = facts.ratios[facts.ratios["indication"] == entry.indication]
    if entry.key == "myeloma":
        by_age_sex = np.stack([_by_age_of(facts, entry.indication, sex) for sex in SEXES], axis=1)
    else:
        found = ratios.set_index(["comparison", "stratum"])["ratio"]
        ratio = float(found["male_to_female", "race=White"])
        by_age_sex = split_by_sex(age_matrix(facts) @ by_stratum, ratio, men(facts))
    by_sex = _spread(facts, level * by_age_sex, race_ratios(ratios))
    fraction = np.repeat(fraction_of(row)[None], len(AGES), axis=0)
    fraction[CHILDREN] = 0  # the products are for adults
    return _made(facts, by_sex, fraction, rows[1], ratios.iloc[0], row)


def _by_age_of(facts: Facts, indication: str, sex: str) -> Floats:
    """Rates of one sex by `AGES`, from rows of one sex by `STRATA`."""
    rows = [row_of(facts, indication, f"{stratum}; sex={sex}") for stratum in STRATA]
    found: Floats = age_matrix(facts, sex) @ np.array([rate_of(row) for row in rows])
    return found


def _b_all_young(facts: Facts, entry: Indication) -> Disease:
    """Leukaemia of children and of 18 and 19 year olds, by single ages, sex and race."""
    years = {"age=<1": 1, "age=1-4": 4, "age=5-9": 5, "age=10-14": 5, "age=15-19": 3}
    rows = [row_of(facts, entry.indication, stratum) for stratum in years]
    weights = np.array(list(years.values()), dtype=float)
    rates = np.zeros((len(AGES), 3))
    rates[0] = weights @ np.array([rate_of(row) for row in rows]) / weights.sum()
    rates[1] = rate_of(rows[-1]) * assumption(facts, "adults_18_19_of_18_24")[1]
    row = eligibility_of(facts, entry)
    all_young = row_of(facts, entry.indication, STRATA[0])
    level = level_factor(float(row["base_count_us"]), rate_of(all_young)[1:2], reference(facts)[:1])
    groups = {
        "race=NH White": (0, 6),
        "race=NH Black": (1,),
        "race=Hispanic": (2,),
        "race=Asian/Pacific Islander": (3, 5),
        "race=American Indian/Alaska Native": (4,),
    }
    ratios = np.ones(len(RACES))
    for stratum, columns in groups.items():
        ratios[list(columns)] = rate_of(row_of(facts, entry.indication, f"{stratum}; age=0-19"))[1]
    boys, girls = (
        rate_of(row_of(facts, entry.indication, f"sex={sex}; age=0-19"))[1] for sex in SEXES
    )
    by_age_sex = split_by_sex(level * rates, float(boys / girls), men(facts))
    by_sex = _spread(facts, by_age_sex, np.stack([ratios, ratios]))
    fraction = np.repeat(fraction_of(row)[None], len(AGES), axis=0)
    return _made(facts, by_sex, fraction, all_young, row)


def _b_all_adult(facts: Facts, entry: Indication) -> Disease:
    """Leukaemia of adults from 20, the same at every age and for everybody."""
    rate, row = row_of(facts, entry.indication, "age=20+"), eligibility_of(facts, entry)
    over_19 = 1 - assumption(facts, "adults_18_19_of_18_24")[1]
    level = level_factor(
        float(row["base_count_us"]), rate_of(rate)[1:2], reference(facts)[1:].sum(keepdims=True)
    )
    weights = np.array([0, over_19, 1, 1])
    rates = level * weights[:, None] * rate_of(rate)
    fraction = np.repeat(fraction_of(row)[None], len(AGES), axis=0)
    return _made(facts, _alike(rates), fraction, rate, row)


def _from_twelve(facts: Facts) -> Floats:
    """Weight of each age group when treatment starts at 12, 1 on the mean over all people."""
    weights = np.array([assumption(facts, "children_12_to_17")[1], 1, 1, 1])
    people = facts.persons.sum(axis=0)
    scaled: Floats = weights * people.sum() / (weights @ people)
    return scaled


def _sickle_cell(facts: Facts, entry: Indication) -> Disease:
    """People with the disease by race, treated from 12 years of age."""
    strata = ["race=all other", "race=NH Black", "race=Hispanic"]
    rows = [row_of(facts, entry.indication, stratum) for stratum in strata]
    by_race = np.array([rate_of(rows[k]) for k in (0, 1, 2, 0, 0, 0, 0)])
    shape = (len(AGES), len(SEXES), len(RACES), 3)
    by_sex = np.broadcast_to(by_race, shape).copy()
    row = eligibility_of(facts, entry)
    fraction = _from_twelve(facts)[:, None] * fraction_of(row)
    return _made(facts, by_sex, fraction, rows[1], row, assumes=("treatment from 12 years",))


def _thalassemia(facts: Facts, entry: Indication) -> Disease:
    """People who depend on transfusions, everywhere alike; starts as in sickle cell disease."""
    rate, row = (
        row_of(facts, entry.indication, "transfusion-dependent"),
        eligibility_of(facts, entry),
    )
    by_sex = _alike(np.repeat(rate_of(rate)[None], len(AGES), axis=0))
    each = np.ones(3) if entry.pool else starts(facts)
    fraction = np.repeat((each * fraction_of(row))[None], len(AGES), axis=0)
    assumes = () if entry.pool else ("starts as in sickle cell disease",)
    return _made(facts, by_sex, fraction, rate, row, assumes=assumes)


def _with_children(facts: Facts, share: float) -> Floats:
    """Weight of each age group when a share of all cases is children's, 1 on the mean."""
    people = facts.persons.sum(axis=0)
    children = share * people.sum() / people[CHILDREN]
    adults = (1 - share) * people.sum() / people[CHILDREN + 1 :].sum()
    return np.array([children, adults, adults, adults])


def _transplant(facts: Facts, entry: Indication) -> Disease:
    """Procedures a year, with an assumed share of children, else alike for everybody."""
    rate, row = row_of(facts, entry.indication, "procedures; recent"), eligibility_of(facts, entry)
    key = {"hct_auto": "hct_autologous_children", "hct_allo": "hct_allogeneic_children"}[entry.key]
    weights = _with_children(facts, float(assumption(facts, key)[1]))
    by_sex = _alike(weights[:, None] * rate_of(rate))
    fraction = np.repeat(fraction_of(row)[None], len(AGES), axis=0)
    return _made(
        facts, by_sex, fraction, rate, row, assumes=("share of children among recipients",)
    )


def _lupus(facts: Facts, entry: Indication) -> Disease:
    """Everybody with the disease by sex and race; few of them children."""
    groups = {"White": (0,), "Black": (1,), "Hispanic": (2,), "Asian/Pacific Islander": (3, 5),
              "American Indian/Alaska Native": (4,)}  # fmt: skip
    everybody = row_of(facts, entry.indication, "all")
    relative = rate_of(everybody) / float(everybody["rate_per_100k"])
    by_race = np.zeros((len(SEXES), len(RACES)))
    for at, sex in enumerate(SEXES):
        by_race[at] = rate_of(row_of(facts, entry.indication, f"sex={sex}"))[1]
        for race, columns in groups.items():
            row = row_of(facts, entry.indication, f"sex={sex}; race={race}")
            by_race[at, list(columns)] = rate_of(row)[1]
    weights = _with_children(facts, float(assumption(facts, "lupus_children")[1]))
    by_sex = weights[:, None, None, None] * by_race[None, :, :, None] * relative
    row = eligibility_of(facts, entry)
    fraction = np.repeat(fraction_of(row)[None], len(AGES), axis=0)
    assumes = ("share of children among people with lupus",)
    return _made(facts, by_sex, fraction, everybody, row, assumes=assumes)


def _adults(facts: Facts, entry: Indication, by_group: Floats, *rows: pd.Series) -> Disease:
    """Adults with a disease by sex and race, shape (2, 7, 3), alike at every adult age."""
    by_sex = np.repeat(by_group[None], len(AGES), axis=0)
    by_sex[CHILDREN] = 0
    row = eligibility_of(facts, entry)
    fraction = np.repeat(fraction_of(row)[None], len(AGES), axis=0)
    return _made(facts, by_sex, fraction, *rows, row, assumes=("alike at every adult age",))


def _arthritis(facts: Facts, entry: Indication) -> Disease:
    """Adults with rheumatoid arthritis by sex."""
    rows = [row_of(facts, entry.indication, f"sex={sex}; age-adjusted") for sex in SEXES]
    by_group = np.stack([np.repeat(rate_of(row)[None], len(RACES), axis=0) for row in rows])
    return _adults(facts, entry, by_group, rows[0])


def _sclerosis(facts: Facts, entry: Indication) -> Disease:
    """Adults with systemic sclerosis, alike for everybody."""
    row = row_of(facts, entry.indication, "all; age/sex-adjusted")
    by_group = np.broadcast_to(rate_of(row), (len(SEXES), len(RACES), 3))
    return _adults(facts, entry, by_group, row)


def _multiple_sclerosis(facts: Facts, entry: Indication) -> Disease:
    """Adults with multiple sclerosis: by race, and within each race by the ratio of the sexes."""
    strata = ("race=NH White", "race=NH Black", "race=Hispanic", "race=other NH")
    rows = [row_of(facts, entry.indication, stratum) for stratum in strata]
    by_race = np.array([rate_of(rows[k]) for k in (0, 1, 2, 3, 3, 3, 3)])
    sexes = [rate_of(row_of(facts, entry.indication, f"sex={sex}"))[1] for sex in SEXES]
    people = facts.persons[:, CHILDREN + 1 :].sum(axis=0)
    share = men(facts)[CHILDREN + 1 :] @ people / people.sum()
    by_group = split_by_sex(by_race, float(sexes[0] / sexes[1]), np.full(len(RACES), share))
    return _adults(facts, entry, by_group.swapaxes(0, 1), rows[0])


# --- The list ------------------------------------------------------------------------------------

_NEW: Final = "new patients of a year who may be given CAR-T"
_POOL: Final = "all who are eligible at one time; the share treated a year is set under Growth"

SICKLE_CELL: Final = Indication(
    "sickle_cell",
    "Sickle cell disease",
    "sickle cell disease",
    "new treatment starts per year",
    "people who start gene therapy in a year, as far as capacity allows, not all who are eligible",
    _sickle_cell,
    "gene",
)
SICKLE_CELL_POOL: Final = Indication(
    "sickle_cell_stock",
    "Sickle cell disease, all who are eligible",
    "sickle cell disease",
    "severe, gene-therapy eligible (stock)",
    _POOL,
    _sickle_cell,
    "gene",
    pool=True,
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
        "gene",
    ),
    Indication(
        "hct_auto",
        "Stem-cell transplant, own cells",
        "HCT autologous",
        "rate is already procedures",
        "transplants of a year",
        _transplant,
        "transplant",
    ),
    Indication(
        "hct_allo",
        "Stem-cell transplant, donor cells",
        "HCT allogeneic",
        "rate is already procedures",
        "transplants of a year",
        _transplant,
        "transplant",
    ),
)
"""Therapies approved today. Melanoma (deaths stand in for cases), hemophilia (hardly used) and
spinal muscular atrophy (given elsewhere) are left out."""

TRIALS: Final = (
    Indication(
        "sle",
        "Lupus",
        "systemic lupus erythematosus",
        "severe refractory (stock)",
        _POOL,
        _lupus,
        "autoimmune",
        "trials",
        pool=True,
    ),
    Indication(
        "ssc",
        "Systemic sclerosis",
        "systemic sclerosis",
        "progressive diffuse or ILD disease (stock)",
        _POOL,
        _sclerosis,
        "autoimmune",
        "trials",
        pool=True,
    ),
    Indication(
        "ms",
        "Multiple sclerosis",
        "multiple sclerosis",
        "highly active, refractory (stock)",
        _POOL,
        _multiple_sclerosis,
        "autoimmune",
        "trials",
        pool=True,
    ),
    Indication(
        "ra",
        "Rheumatoid arthritis",
        "rheumatoid arthritis",
        "refractory, plausible for a future approved therapy (stock)",
        _POOL,
        _arthritis,
        "autoimmune",
        "trials",
        pool=True,
    ),
)
"""Diseases in which cell therapies are tried; none is approved."""
POOLS: Final = (
    SICKLE_CELL_POOL,
    Indication(
        "beta_thalassemia_stock",
        "Beta thalassemia, all who are eligible",
        "beta thalassemia (transfusion-dependent)",
        "gene-therapy eligible (stock)",
        _POOL,
        _thalassemia,
        "gene",
        pool=True,
    ),
)
"""Everybody who is eligible for an approved gene therapy, in the place of today's starts."""
EVERY: Final = (*TODAY, *TRIALS, *POOLS)
"""In the order of `patient_state.INDICATIONS`."""
