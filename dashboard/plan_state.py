"""The settings of the planner as one frozen value, beside those of every view (`state.Selection`).

Nothing here imports Streamlit. The same discipline as in `state`: a URL is user input, every value
is checked, what cannot be used falls back to its default and is reported, defaults are left out of
the link. No key is one of a selection's, so that one URL holds both. Keys that are given several
times (`in`, `out`, `hand`, `indications`) are lists.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, Literal, get_args

from dashboard import state, url_fields
from dashboard.state import Role, Selection
from data import candidate_ids

Source = Literal["blood_centers", "communities", "hospitals", "file"]
SiteRole = Literal["infusion", "collection", "both", "mixed"]
Objective = Literal[
    "mclp",
    "patients",
    "hours",
    "dollars",
    "lscp",
    "p-median",
    "p-center",
    "backup",
    "capacitated",
    "worst-off",
]
Demand = Literal["people", "patients"]
OnePer = Literal["none", "cbsa", "county", "state", "hrr"]
WorstBy = Literal[
    "rurality", "race", "income", "poverty", "age", "vehicle", "region", "division", "state"
]

MOST_SITES: Final = 100
MOST_PERSONS: Final = 50_000_000
MOST_COST: Final = 10_000.0
"""Million USD."""
MOST_WEIGHT: Final = 10.0
MOST_SPACING_KM: Final = 500.0
MOST_PATIENTS: Final = 100_000
"""A year, at one site."""
MOST_SAMPLES: Final = 1000
MOST_ERROR: Final = 50.0
"""Per cent."""
MOST_IDS: Final = 200
"""In one list of a URL."""
COUNTS_PATIENTS: Final = frozenset({"patients", "hours", "dollars"})
"""Objectives that are about patients, whatever else is set to be counted."""
COUNTY_PEOPLE: Final = 50_000
"""Where the smallest population of counties starts when they are switched on."""

INDICATIONS: Final = {
    "dlbcl": "Diffuse large B-cell lymphoma",
    "fl": "Follicular lymphoma",
    "mcl": "Mantle cell lymphoma",
    "cll": "Chronic lymphocytic leukaemia",
    "myeloma": "Multiple myeloma",
    "b_all_young": "Acute lymphoblastic leukaemia, to 25 years",
    "b_all_adult": "Acute lymphoblastic leukaemia, adults",
    "sickle_cell": "Sickle cell disease",
    "beta_thalassemia": "Beta thalassemia",
    "hct_auto": "Stem-cell transplant, own cells",
    "hct_allo": "Stem-cell transplant, donor cells",
}
"""Those of `patients.TODAY`, which takes long to import."""

LABELS: Final[dict[str, dict[str, str]]] = {
    "candidates": {
        "communities": "Communities",
        "blood_centers": "Blood centres",
        "hospitals": "Hospitals (your table)",
        "file": "Sites of your own",
    },
    "opens": {
        "infusion": "Infusion sites",
        "collection": "Collection sites",
        "both": "Sites that do both",
        "mixed": "The best role for each site",
    },
    "objective": {
        "mclp": "Most people within the threshold",
        "patients": "Most patients reached",
        "hours": "Most patient hours saved",
        "dollars": "Most dollars saved for patients",
        "lscp": "Fewest sites for full coverage",
        "p-median": "Least travel",
        "p-center": "Shortest longest way",
        "backup": "Two sites within the threshold",
        "capacitated": "Most people within capacity",
        "worst-off": "Best coverage of the worst-off group",
    },
    "demand": {"people": "People", "patients": "Patients a year"},
    "one_per": {
        "none": "No limit",
        "cbsa": "One per metro area",
        "county": "One per county",
        "state": "One per state",
        "hrr": "One per referral region",
    },
    "worst_by": {name: state.LABELS["by"][name] for name in get_args(WorstBy)},
    "from_role": state.LABELS["role"],
    "indications": INDICATIONS,
}
"""Every closed choice: identifier to the label its widget shows."""

_LITERALS: Final = {
    "candidates": Source,
    "opens": SiteRole,
    "objective": Objective,
    "demand": Demand,
    "one_per": OnePer,
    "worst_by": WorstBy,
    "from_role": Role,
}


@dataclass(frozen=True, slots=True)
class PlanSettings(url_fields.Settings):
    """Everything a plan depends on beyond `Selection`; field metadata `key` is the name in the URL.

    Parameters
    ----------
    source : str
        Where sites could be.
    where : str
        Region that candidates must lie in, such as "state:TX"; "" for the whole country.
    size : int
        Fewest persons of a candidate's metro area, or of its county outside metro areas.
    county_people : int
        Communities: also counties of at least so many persons; 0 for none.
    from_role, from_network, from_low
        Blood centres: role, network, and whether rows of low confidence count.
    site_role : str
        What new sites do; "mixed" leaves it to the solver, site by site.
    collect_within : float
        Threshold of collection, in minutes or miles as `Selection.metric`; `Selection.within` is
        that of infusion.
    objective : str
        What is best.
    count : int
        New sites at most; set covering has no such limit.
    budget : float or None
        Million USD; None for no limit.
    cost_infusion, cost_collection, cost_both : float
        Million USD for one new site of a role where no file gives a cost: assumptions.
    capacity : int
        Persons that a new site serves at most where no file says so: an assumption.
    patient_capacity : int
        Patients a year that it serves at most, where patients are planned for: an assumption.
    backup_weight : float
        Worth of a second site within the threshold, as a share of the first; 0 to 1.
    rural, low_income, no_vehicle : float
        How much more a person counts who lives in a rural area, below the poverty line, in a
        household without a vehicle; 1 for no more.
    worst_by : str
        Groups of which the worst off counts.
    demand : str
        What is counted; see `counts`.
    indications : tuple of str
        Patients of which diseases, in the order of `INDICATIONS`; () for all.
    one_per : str
        At most one new site in each.
    spacing_km : float
        New sites stay so far from each other in a straight line; 0 for no limit.
    keep_in, keep_out : tuple of str
        Candidates that must, or must not, be opened.
    hand : tuple of str or None
        The plan as edited by hand; None when it is the solver's.
    samples : int
        Samples of the robust choice.
    speed_error, trip_error, demand_error, threshold_error : float
        Standard errors of the robust choice in per cent; see `geo.siting.robust.Spread`.
    own_file, hospital_file : str
        Digest of the session's own tables. Not in the URL: files stay with their owner.
    """

    source: Source = field(default="communities", metadata={"key": "candidates"})
    where: str = field(default="", metadata={"key": "where"})
    size: int = field(default=0, metadata={"key": "size"})
    county_people: int = field(default=0, metadata={"key": "counties"})
    from_role: Role = field(default="any", metadata={"key": "from_role"})
    from_network: str = field(default="", metadata={"key": "from_network"})
    from_low: bool = field(default=False, metadata={"key": "from_low"})
    site_role: SiteRole = field(default="infusion", metadata={"key": "opens"})
    collect_within: float = field(default=60.0, metadata={"key": "collect"})
    objective: Objective = field(default="mclp", metadata={"key": "objective"})
    count: int = field(default=20, metadata={"key": "count"})
    budget: float | None = field(default=None, metadata={"key": "budget"})
    cost_infusion: float = field(default=3.0, metadata={"key": "cost_infusion"})
    cost_collection: float = field(default=1.0, metadata={"key": "cost_collection"})
    cost_both: float = field(default=3.5, metadata={"key": "cost_both"})
    capacity: int = field(default=250_000, metadata={"key": "capacity"})
    patient_capacity: int = field(default=100, metadata={"key": "patient_capacity"})
    backup_weight: float = field(default=0.5, metadata={"key": "backup"})
    rural: float = field(default=1.0, metadata={"key": "rural"})
    low_income: float = field(default=1.0, metadata={"key": "low_income"})
    no_vehicle: float = field(default=1.0, metadata={"key": "no_vehicle"})
    worst_by: WorstBy = field(default="rurality", metadata={"key": "worst_by"})
    demand: Demand = field(default="people", metadata={"key": "demand"})
    indications: tuple[str, ...] = field(default=(), metadata={"key": "indications"})
    one_per: OnePer = field(default="none", metadata={"key": "one_per"})
    spacing_km: float = field(default=0.0, metadata={"key": "spacing_km"})
    keep_in: tuple[str, ...] = field(default=(), metadata={"key": "in"})
    keep_out: tuple[str, ...] = field(default=(), metadata={"key": "out"})
    hand: tuple[str, ...] | None = field(default=None, metadata={"key": "hand"})
    samples: int = field(default=200, metadata={"key": "samples"})
    speed_error: float = field(default=2.5, metadata={"key": "speed_error"})
    trip_error: float = field(default=12.5, metadata={"key": "trip_error"})
    demand_error: float = field(default=5.0, metadata={"key": "demand_error"})
    threshold_error: float = field(default=5.0, metadata={"key": "threshold_error"})
    own_file: str = ""
    hospital_file: str = ""

    @property
    def named(self) -> tuple[str, ...]:
        """Candidates that the plan names, each once: forced in, forced out, chosen by hand."""
        return tuple(dict.fromkeys((*self.keep_in, *self.keep_out, *(self.hand or ()))))

    @property
    def counts(self) -> Demand:
        """What is counted: `demand`, or patients where the objective is about them."""
        return "patients" if self.objective in COUNTS_PATIENTS else self.demand

    @property
    def uses_slots(self) -> bool:
        """Whether the slots of today's centres count: capacity, planned for patients."""
        infusion = self.site_role == "infusion"
        return infusion and self.objective == "capacitated" and self.counts == "patients"


KEYS: Final = PlanSettings.keys()
NAMES: Final = PlanSettings.names()
ERRORS: Final = ("speed", "trip", "demand", "threshold")
SAMPLED: Final = ("samples", *(f"{name}_error" for name in ERRORS))
"""Settings of the robust choice."""
LISTS: Final = frozenset({"in", "out", "hand", "indications"})
DEFAULT: Final = PlanSettings()


@dataclass(frozen=True, slots=True)
class ParsedPlan:
    """What a URL said about a view and a plan.

    Parameters
    ----------
    selection : Selection
        The view.
    plan : PlanSettings
        The plan; both with defaults where the URL was silent or unusable.
    problems : tuple of str
        One sentence for each thing that could not be used.
    given : frozenset of str
        Keys the URL set to a usable value.
    """

    selection: Selection
    plan: PlanSettings
    problems: tuple[str, ...]
    given: frozenset[str]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Settings that do not go together.

    Parameters
    ----------
    what, instead : str
        What is wrong, and what is done instead: two halves of a sentence.
    """

    what: str
    instead: str


@dataclass(frozen=True, slots=True)
class Checked:
    """Settings that go together, and what had to be changed for it.

    Parameters
    ----------
    plan : PlanSettings
        Usable as it is.
    conflicts : tuple of Conflict
        One for each change.
    """

    plan: PlanSettings
    conflicts: tuple[Conflict, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """One sentence for each change."""
        return tuple(f"{conflict.what}: {conflict.instead}." for conflict in self.conflicts)


def parse(
    query: url_fields.Query, *, known: Mapping[str, Collection[str]] | None = None
) -> ParsedPlan:
    """Read a URL's parameters; never raises.

    Parameters
    ----------
    query : mapping of str to str or sequence of str
        Parameters as they came, of the view and of the plan.
    known : mapping of str to collection of str, optional
        As in `state.parse`; "network" and "region" count for the candidates too.

    Returns
    -------
    ParsedPlan
        Settings with every problem found. Settings that do not go together are not looked for:
        `checked` does that.
    """
    view = state.parse(query, known=known, besides=NAMES)
    values, unusable = url_fields.read_all(
        {key: raw for key, raw in query.items() if key in NAMES},
        NAMES,
        lambda key, texts: read(key, texts, known),
    )
    plan = replace(DEFAULT, **{NAMES[key]: value for key, value in values.items()})
    return ParsedPlan(
        view.selection,
        plan,
        (*view.problems, *url_fields.sentences(unusable, DEFAULT.by_key())),
        view.given | frozenset(values),
    )


def query_of(selection: Selection, plan: PlanSettings) -> url_fields.Written:
    """Parameters of the URL that reopens a view with its plan."""
    return selection.query() | plan.query()


def labelled_query(query: url_fields.Query) -> url_fields.Written:
    """Turn identifiers of view and plan into the labels that bound widgets read."""
    return url_fields.labelled(query, state.LABELS | LABELS)


def sampled(plan: PlanSettings, other: PlanSettings = DEFAULT) -> PlanSettings:
    """Take the samples and errors of another plan; by default the usual ones.

    No plan depends on them, only its robust choice.
    """
    changes: dict[str, Any] = {name: getattr(other, name) for name in SAMPLED}
    return replace(plan, **changes)


def label(key: str, value: str) -> str:
    """Label a widget shows for a choice; the value itself when the field is no closed choice."""
    return LABELS.get(key, {}).get(value, value)


def read(key: str, texts: Sequence[str], known: Mapping[str, Collection[str]] | None = None) -> Any:  # noqa: ANN401 - one value of whichever field
    """Read one setting; see `state.read`."""
    if key in LISTS:
        given = [text for text in texts if text.strip()]
        return _indications(given) if key == "indications" else _ids(given)
    text = url_fields.only(texts)
    if key in LABELS:
        return url_fields.choice(LABELS[key], text)
    if key in _READERS:
        return _READERS[key](text)
    return _reference(key, text, known or {})


def _indications(texts: Sequence[str]) -> tuple[str, ...]:
    chosen = {url_fields.choice(INDICATIONS, text) for text in texts}
    return tuple(key for key in INDICATIONS if key in chosen)


def _ids(texts: Sequence[str]) -> tuple[str, ...]:
    names = [candidate_ids.tidy(text) for text in texts]
    bad = [text for text, name in zip(texts, names, strict=True) if name is None]
    if bad:
        msg = f"holds what is no name of a site: {', '.join(map(url_fields.shown, bad[:3]))}"
        raise ValueError(msg)
    found = tuple(dict.fromkeys(name for name in names if name is not None))
    if len(found) > MOST_IDS:
        msg = f"names more than {MOST_IDS} sites"
        raise ValueError(msg)
    return found


def _budget(text: str) -> float | None:
    return url_fields.number(text, 0, MOST_COST) if text else None


def _number(least: float, most: float) -> Callable[[str], float]:
    return partial(url_fields.number, least=least, most=most)


def _whole(least: int, most: int) -> Callable[[str], int]:
    return partial(url_fields.whole, least=least, most=most)


_READERS: Final[dict[str, Callable[[str], object]]] = {
    "size": _whole(0, MOST_PERSONS),
    "counties": _whole(0, MOST_PERSONS),
    "from_low": url_fields.switch,
    "collect": _number(state.WITHIN_MIN, state.WITHIN_MAX),
    "count": _whole(0, MOST_SITES),
    "budget": _budget,
    "cost_infusion": _number(0, MOST_COST),
    "cost_collection": _number(0, MOST_COST),
    "cost_both": _number(0, MOST_COST),
    "capacity": _whole(1, MOST_PERSONS),
    "patient_capacity": _whole(1, MOST_PATIENTS),
    "backup": _number(0, 1),
    "rural": _number(1, MOST_WEIGHT),
    "low_income": _number(1, MOST_WEIGHT),
    "no_vehicle": _number(1, MOST_WEIGHT),
    "spacing_km": _number(0, MOST_SPACING_KM),
    "samples": _whole(10, MOST_SAMPLES),
    "speed_error": _number(0, MOST_ERROR),
    "trip_error": _number(0, MOST_ERROR),
    "demand_error": _number(0, MOST_ERROR),
    "threshold_error": _number(0, MOST_ERROR),
}
_FORMS: Final = {
    "where": ("region", url_fields.REGION),
    "from_network": ("network", url_fields.NETWORK),
}
"""Names of something in the tables: what, and its form."""


def _reference(key: str, text: str, known: Mapping[str, Collection[str]]) -> str:
    if text == "":
        return ""
    kind, form = _FORMS[key]
    value = url_fields.matching(text, *form)
    if kind in known and value not in known[kind]:
        msg = f"is not in the tables (no such {kind})"
        raise ValueError(msg)
    return value


def checked(plan: PlanSettings, candidates: Collection[str] | None = None) -> Checked:
    """Make settings go together, and say what was changed.

    Parameters
    ----------
    plan : PlanSettings
        Each setting usable by itself.
    candidates : collection of str, optional
        Names of the candidates there are; without it no name is looked up. Points on the map
        always exist.

    Returns
    -------
    Checked
        Checking it again changes nothing.
    """
    conflicts: list[Conflict] = []
    plan = _with_a_source(plan, conflicts)
    if candidates is not None:
        plan = _with_known_names(plan, candidates, conflicts)
    both = [name for name in plan.keep_in if name in plan.keep_out]
    if both:
        conflicts.append(Conflict(f"{_list_of(both)} cannot be both in and out", "neither is kept"))
        plan = replace(
            plan,
            keep_in=tuple(name for name in plan.keep_in if name not in both),
            keep_out=tuple(name for name in plan.keep_out if name not in both),
        )
    if len(plan.keep_in) > MOST_SITES:
        what = f"At most {MOST_SITES} sites can be forced in"
        conflicts.append(Conflict(what, "the others are left out"))
        plan = replace(plan, keep_in=plan.keep_in[:MOST_SITES])
    forced = len(plan.keep_in)
    if forced > plan.count and plan.objective != "lscp":
        what = f"{_sites(forced)} forced in, more than the {plan.count} to be opened"
        conflicts.append(Conflict(what, f"up to {forced} may be opened"))
        plan = replace(plan, count=forced)
    return Checked(plan, tuple(conflicts))


def _with_a_source(plan: PlanSettings, conflicts: list[Conflict]) -> PlanSettings:
    lacks = {
        "file": ("There is no file of sites of your own in this session", plan.own_file),
        "hospitals": ("There is no table of hospitals in this session", plan.hospital_file),
    }
    if plan.source not in lacks or lacks[plan.source][1]:
        return plan
    instead = LABELS["candidates"][DEFAULT.source].lower()
    conflicts.append(Conflict(lacks[plan.source][0], f"{instead} are the candidates"))
    return replace(plan, source=DEFAULT.source)


def _with_known_names(
    plan: PlanSettings, candidates: Collection[str], conflicts: list[Conflict]
) -> PlanSettings:
    unknown = {
        name
        for name in plan.named
        if name not in candidates and not name.startswith(candidate_ids.POINT)
    }
    if not unknown:
        return plan
    listed = _list_of([name for name in plan.named if name in unknown])
    verb = "is" if len(unknown) == 1 else "are"
    what = f"{listed} {verb} not among the candidates"
    conflicts.append(Conflict(what, "left out of the plan"))

    def known(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in names if name not in unknown)

    return replace(
        plan,
        keep_in=known(plan.keep_in),
        keep_out=known(plan.keep_out),
        hand=None if plan.hand is None else known(plan.hand),
    )


def _sites(count: int) -> str:
    return "1 site is" if count == 1 else f"{count} sites are"


def _list_of(names: Sequence[str], most: int = 5) -> str:
    shown = [name.replace('"', "") for name in names[:most]]
    more = len(names) - most
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
