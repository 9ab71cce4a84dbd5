"""Catalogue entries of the tables that expected patients are made of (see `geo.demand`)."""

from typing import Final

from data.fields import Dataset, Field
from data.sources import CC_BY_4

MARKS: Final = ("verified", "abstract", "recall")
"""How a figure was read: in a source, in an abstract only, or known from memory or assumed."""
BOUNDS: Final = ("ci95", "ci95_plus_suppression", "definition_range", "assumption", "none")

_READ_OR_ASSUMED: Final = (
    "Evidence: verified (figure read in a public source), abstract (only an abstract or a page's "
    "beginning was read), recall (from memory, or an assumption). A derived value has the mark of "
    "its weakest input."
)


def _text(name: str, description: str, *, required: bool = True) -> Field:
    return Field(name=name, type="string", description=description, required=required)


def _number(name: str, description: str, unit: str = "", *, required: bool = True) -> Field:
    return Field(
        name=name,
        type="number",
        description=description,
        unit=unit,
        required=required,
        minimum=0,
    )


def _count(name: str, description: str, unit: str) -> Field:
    return Field(
        name=name, type="integer", description=description, unit=unit, required=False, minimum=0
    )


def _share(name: str, description: str, *, required: bool = True) -> Field:
    return Field(
        name=name,
        type="number",
        description=description,
        unit="share, 0 to 1",
        required=required,
        minimum=0,
        maximum=1,
    )


_EVIDENCE: Final = Field(
    name="evidence", type="string", description="How well it was checked", enum=MARKS
)

_INDICATIONS: Final = Dataset(
    name="indications",
    title="How common the diseases are",
    description="Rates of the diseases that cell and gene therapies treat or may treat, by age, "
    "sex or race.",
    sources=("facts",),
    vintage="Rates of 1989 to 2025; the year is in each row",
    licence=CC_BY_4,
    derived="Curated file, with numbers as numbers.",
    fields=(
        _text("indication", "Disease or procedure"),
        Field(
            name="kind",
            type="string",
            description="New cases a year, or people who have it",
            enum=("incidence", "prevalence"),
        ),
        Field(
            name="population",
            type="string",
            description="Whom the rate is of",
            enum=("all", "adult", "pediatric"),
        ),
        _text("stratum", "Group that the rate is of, in words"),
        _number("rate_per_100k", "Rate", "per 100,000 of the group, a year for incidence"),
        _number("ci_low", "Lower bound, of the kind in bounds_type", required=False),
        _number("ci_high", "Upper bound, of the kind in bounds_type", required=False),
        Field(name="bounds_type", type="string", description="What the bounds mean", enum=BOUNDS),
        _count("count_us", "Cases in the US", "cases"),
        _text("year", "Year or years of the rate", required=False),
        Field(
            name="status",
            type="string",
            description="Whether a cell or gene therapy is approved for it",
            enum=("approved_therapy", "trial_stage"),
        ),
        _text("products", "Products and years of approval"),
        _count("first_approval_year", "Year of the first approval", "year"),
        _text("approval_url", "Page about the approval", required=False),
        Field(
            name="approval_evidence",
            type="string",
            description="How well the approval was checked",
            enum=MARKS,
        ),
        _text("source", "Source of the rate"),
        _text("source_url", "Address of that source", required=False),
        _EVIDENCE,
        _text("note", "Remarks", required=False),
    ),
    primary_key=("indication", "kind", "stratum", "year"),
    rules=("~(ci_low > rate_per_100k)", "~(ci_high < rate_per_100k)"),
    quality=(
        _READ_OR_ASSUMED,
        (
            "Rows of one disease overlap: rows by age and rows by race are other splits of the "
            "same cases. Rows marked context, proxy or modelled are never added to the others."
        ),
        "Rates at birth are per 100,000 births; those of hemophilia per 100,000 males.",
    ),
)

_ELIGIBILITY: Final = Dataset(
    name="eligibility",
    title="Who may be treated",
    description="Share of the people with a disease who could plausibly be given the therapy.",
    sources=("facts",),
    vintage="Collected 2026",
    licence=CC_BY_4,
    derived="Curated file, with numbers as numbers.",
    fields=(
        _text("indication", "Disease or procedure"),
        _text("base", "Whom the share is of"),
        _count("base_count_us", "Size of that base in the US", "cases or persons"),
        _text("definition", "Who counts as eligible"),
        _share("fraction_low", "Share, low", required=False),
        _share("fraction_central", "Share, central"),
        _share("fraction_high", "Share, high", required=False),
        _text("per", "A year's new patients (per year), or all at one time (stock)"),
        _count("implied_low", "Base times the share, low", "persons"),
        _count("implied_central", "Base times the share, central", "persons"),
        _count("implied_high", "Base times the share, high", "persons"),
        _text("source", "Source, or that it is an assumption"),
        _text("source_url", "Address of that source", required=False),
        _EVIDENCE,
        _text("note", "Remarks", required=False),
    ),
    primary_key=("indication", "definition"),
    rules=("~(fraction_low > fraction_central)", "~(fraction_high < fraction_central)"),
    quality=(
        _READ_OR_ASSUMED,
        (
            "Most shares are assumptions: the low and high ones are bounds of judgement, not "
            "confidence limits."
        ),
    ),
)

_RATIOS: Final = Dataset(
    name="rate_ratios",
    title="How much more common in one group than in another",
    description="Ratios of rates between the sexes and between races, to spread a level over "
    "groups.",
    sources=("facts",),
    vintage="1992 to 2001",
    licence=CC_BY_4,
    derived="Curated file, with numbers as numbers.",
    fields=(
        _text("indication", "Disease"),
        Field(
            name="comparison",
            type="string",
            description="Which groups are compared: the first's rate over the second's",
            enum=("male_to_female", "White_to_Black", "White_to_Asian"),
        ),
        _text("stratum", "Group within which they are compared"),
        Field(name="ratio", type="number", description="Ratio of the rates", minimum=0.01),
        _text("year", "Years"),
        _text("source", "Source"),
        _text("source_url", "Address of that source"),
        _EVIDENCE,
        _text("note", "Remarks", required=False),
    ),
    primary_key=("indication", "comparison", "stratum"),
    quality=("Twelve cancer registries; people of Hispanic origin are within the races.",),
)

_ASSUMPTIONS: Final = Dataset(
    name="demand_assumptions",
    title="What expected patients assume besides",
    description="Numbers that the sources leave open and expected patients need.",
    sources=("facts",),
    vintage="2026",
    licence=CC_BY_4,
    derived="Curated file, with numbers as numbers.",
    fields=(
        Field(
            name="key",
            type="string",
            description="Short name",
            unique=True,
            pattern=r"[a-z0-9_]+",
        ),
        _share("value_low", "Low"),
        _share("value", "Central"),
        _share("value_high", "High"),
        _text("unit", "What it is a share of"),
        _text("meaning", "What it says"),
        _text("source", "Source, or that it is an assumption"),
        _EVIDENCE,
        _text("note", "Remarks", required=False),
    ),
    primary_key=("key",),
    rules=("value_low <= value", "value <= value_high"),
    quality=("All are assumptions, to be replaced when a source is found.",),
)

_UPTAKE: Final = Dataset(
    name="uptake_assumptions",
    title="How fast therapies come into use",
    description="Share of the people eligible who are treated in a year, by scenario: from when, "
    "to what peak, in how many years. Readers change every number on the page.",
    sources=("facts",),
    vintage="2026",
    licence=CC_BY_4,
    derived="Curated file, with numbers as numbers.",
    fields=(
        Field(
            name="scenario",
            type="string",
            description="First scenario that has the curve; later ones keep it unless they have "
            "their own",
            enum=("today", "autoimmune", "all"),
        ),
        Field(
            name="key",
            type="string",
            description="Short name of the disease or procedure",
            pattern=r"[a-z_]+",
        ),
        Field(
            name="start_year",
            type="integer",
            description="First year in which more than the share before are treated",
            unit="year",
            minimum=2020,
            maximum=2040,
        ),
        _share("share_before", "Share treated a year before"),
        _share("peak_share", "Share treated a year from the peak on"),
        Field(
            name="years_to_peak",
            type="integer",
            description="The peak is reached in that year of use; 1 for the first",
            unit="years",
            minimum=1,
            maximum=20,
        ),
        _share(
            "renewal",
            "Newly eligible people a year as a share of a pool; missing where the rates are of "
            "new patients",
            required=False,
        ),
        _text("unit", "What the shares are of"),
        _text("meaning", "What they say"),
        _text("source", "Source, or that it is an assumption"),
        _EVIDENCE,
        _text("note", "Remarks", required=False),
    ),
    primary_key=("scenario", "key"),
    quality=("All are assumptions; no therapy is approved for an autoimmune disease.",),
)

_SLOTS: Final = Dataset(
    name="slot_assumptions",
    title="How many patients a centre can treat",
    description="Slots a year by beds and ages treated, and of a new site. Readers change the "
    "slots of every centre on the page.",
    sources=("facts",),
    vintage="2026",
    licence=CC_BY_4,
    derived="Curated file, with numbers as numbers.",
    fields=(
        Field(
            name="key",
            type="string",
            description="Short name",
            unique=True,
            pattern=r"[a-z0-9_]+",
        ),
        _number("value", "Value", "as the row's unit says"),
        _text("unit", "Unit of the value"),
        _text("meaning", "What it says"),
        _text("source", "Source, or that it is an assumption"),
        _EVIDENCE,
        _text("note", "Remarks", required=False),
    ),
    primary_key=("key",),
    quality=("All are assumptions: no public register lists how many patients a centre can take.",),
)

PATIENT_DATASETS: Final = (_INDICATIONS, _ELIGIBILITY, _RATIOS, _ASSUMPTIONS, _UPTAKE, _SLOTS)
