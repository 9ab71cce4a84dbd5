"""The view as one frozen value: what a URL may say, and what it means.

Nothing here imports Streamlit. `widgets.py` binds the fields to native widgets; the command line
builds the same `Selection` from its arguments. A URL is user input: every value is checked against
its field, anything unusable falls back to the default and is reported, nothing is deserialised.

In a URL a choice may be written by its identifier (``ages=pediatric``, stable, what our own links
use) or by the label the widget shows (``ages=Children``, what the browser's address bar shows
after a click).
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final, Literal, get_args

from dashboard import url_fields
from dashboard.us import STATE_NAMES

Metric = Literal["minutes", "miles"]
ModelName = Literal["road", "detour", "straight"]
Ages = Literal["all", "adult", "pediatric"]
Therapy = Literal["any", "hct", "car_t", "gene_therapy", "til"]
Evidence = Literal["documented", "listed_secondary", "believed", "likely", "any"]
Units = Literal["mi", "km"]
Level = Literal["auto", "state", "county", "cbsa", "hrr", "bands"]
Layer = Literal["areas", "treatment", "blood"]
Role = Literal[
    "any",
    "collection",
    "apheresis",
    "cell_collection",
    "processing",
    "distribution",
    "testing",
    "headquarters",
]
Breakdown = Literal[
    "state",
    "county",
    "cbsa",
    "hrr",
    "region",
    "division",
    "rurality",
    "race",
    "income",
    "poverty",
    "age",
    "vehicle",
]
Topic = Literal["groups", "equity", "deserts", "catchments", "opportunity", "models", "scores"]
Places = Literal["state", "county", "cbsa", "hrr"]
Cut = Literal["state", "none"]
Score = Literal["2sfca", "e2sfca", "3sfca", "raam"]
Decay = Literal["step", "gaussian", "gravity"]
Shown = Literal["after", "today", "change"]
WITH_DECAY: Final = frozenset({"e2sfca", "3sfca"})
"""Scores that weigh trips within the threshold by their length."""

WITHIN_MIN: Final = 1.0
WITHIN_MAX: Final = 300.0
BLOOD_MAX: Final = 120.0
"""Minutes to a blood centre beyond which nobody would call it near."""
BANDS: Final = (30.0, 60.0, 90.0, 120.0, 180.0, 240.0)
MAX_BANDS: Final = 9
NEAR_CHARS: Final = 140
"""Longer than the longest name of a site."""
RESERVED: Final = url_fields.RESERVED

LABELS: Final[dict[str, dict[str, str]]] = {
    "metric": {"minutes": "Minutes", "miles": "Miles"},
    "model": {"road": "Road network", "detour": "Detour factor", "straight": "Straight line"},
    "ages": {"all": "All", "adult": "Adults", "pediatric": "Children"},
    "therapy": {
        "any": "Any advanced therapy",
        "hct": "Stem-cell transplant",
        "car_t": "CAR-T",
        "gene_therapy": "Gene therapy (sickle cell, thalassemia)",
        "til": "TIL",
    },
    "evidence": {
        "documented": "Documented",
        "listed_secondary": "Listed or better",
        "believed": "Believed or better",
        "likely": "Likely or better",
        "any": "Any listed programme",
    },
    "units": {"mi": "mi", "km": "km"},
    "state": {"": "All states", **STATE_NAMES},
    "level": {
        "auto": "Auto",
        "state": "States",
        "county": "Counties",
        "cbsa": "Metro areas",
        "hrr": "Referral regions",
        "bands": "Drive-time bands",
    },
    "layers": {
        "areas": "Travel time",
        "treatment": "Treatment centres",
        "blood": "Blood centres",
    },
    "role": {
        "any": "Any role",
        "collection": "Collection",
        "apheresis": "Apheresis (mostly platelets)",
        "cell_collection": "Cell collection",
        "processing": "Processing",
        "distribution": "Distribution",
        "testing": "Testing laboratory",
        "headquarters": "Headquarters",
    },
    "by": {
        "state": "State",
        "county": "County",
        "cbsa": "Metro area",
        "hrr": "Hospital referral region",
        "region": "Census region",
        "division": "Census division",
        "rurality": "Rurality",
        "race": "Race and ethnicity",
        "income": "Income quintile",
        "poverty": "Poverty",
        "age": "Age group",
        "vehicle": "Vehicle access",
    },
    "topic": {
        "groups": "By group",
        "equity": "Equity",
        "deserts": "Treatment deserts",
        "catchments": "Catchments",
        "opportunity": "Blood centres",
        "models": "Road against straight line",
        "scores": "Accessibility scores",
    },
    "places": {
        "state": "States",
        "county": "Counties",
        "cbsa": "Metro areas",
        "hrr": "Referral regions",
    },
    "cut": {"state": "End at state lines", "none": "Cross state lines"},
    "score": {"2sfca": "2SFCA", "e2sfca": "E2SFCA", "3sfca": "3SFCA", "raam": "RAAM"},
    "decay": {"step": "Steps", "gaussian": "Gaussian", "gravity": "Gravity"},
    "shown": {"after": "After the plan", "today": "Today", "change": "Change"},
}
"""Every closed choice: identifier to the label its widget shows."""

_LITERALS: Final = {
    "metric": Metric,
    "model": ModelName,
    "ages": Ages,
    "therapy": Therapy,
    "evidence": Evidence,
    "units": Units,
    "level": Level,
    "role": Role,
    "by": Breakdown,
    "layers": Layer,
    "topic": Topic,
    "places": Places,
    "cut": Cut,
    "score": Score,
    "decay": Decay,
    "shown": Shown,
}
LAYERS: Final[tuple[Layer, ...]] = get_args(Layer)


@dataclass(frozen=True, slots=True)
class CentreQuery:
    """Which treatment centres count.

    Parameters
    ----------
    therapy : str
        What the centre must give.
    evidence : str
        The weakest evidence word that still counts; "any" takes every listed programme.
    low_confidence : bool
        Also take rows whose own confidence is low.
    facilities : str
        Digest of a user's own facilities, which then replace the built-in ones; "" for none.
    """

    therapy: Therapy = "any"
    evidence: Evidence = "believed"
    low_confidence: bool = False
    facilities: str = ""


@dataclass(frozen=True, slots=True)
class Selection(url_fields.Settings):
    """Everything a view depends on; field metadata `key` is the name in the URL.

    `within` is in minutes when `metric` is "minutes" and in miles when it is "miles", whatever
    `units` says: `units` only chooses how distances are printed. `bands` are upper edges in
    minutes; `region` is a kind and a code such as "hrr:226"; `desert` a ZIP area inside it;
    `blood_within` the minutes to a blood centre that count as near; `shown` what the planner's map
    shades.
    """

    within: float = field(default=60.0, metadata={"key": "within"})
    metric: Metric = field(default="minutes", metadata={"key": "metric"})
    model: ModelName = field(default="road", metadata={"key": "model"})
    ages: Ages = field(default="all", metadata={"key": "ages"})
    therapy: Therapy = field(default="any", metadata={"key": "therapy"})
    evidence: Evidence = field(default="believed", metadata={"key": "evidence"})
    low_confidence: bool = field(default=False, metadata={"key": "low"})
    units: Units = field(default="mi", metadata={"key": "units"})
    state: str = field(default="", metadata={"key": "state"})
    level: Level = field(default="auto", metadata={"key": "level"})
    layers: tuple[Layer, ...] = field(default=LAYERS, metadata={"key": "layers"})
    role: Role = field(default="any", metadata={"key": "role"})
    network: str = field(default="", metadata={"key": "network"})
    near: str = field(default="", metadata={"key": "near"})
    site: str = field(default="", metadata={"key": "site"})
    county: str = field(default="", metadata={"key": "county"})
    by: Breakdown = field(default="state", metadata={"key": "by"})
    topic: Topic = field(default="groups", metadata={"key": "topic"})
    places: Places = field(default="state", metadata={"key": "places"})
    bands: tuple[float, ...] = field(default=BANDS, metadata={"key": "bands"})
    region: str = field(default="", metadata={"key": "region"})
    cut: Cut = field(default="state", metadata={"key": "cut"})
    desert: str = field(default="", metadata={"key": "desert"})
    blood_within: float = field(default=30.0, metadata={"key": "blood"})
    score: Score = field(default="e2sfca", metadata={"key": "score"})
    decay: Decay = field(default="step", metadata={"key": "decay"})
    shown: Shown = field(default="after", metadata={"key": "shown"})
    facilities: str = ""
    """Digest of the session's own facilities. Not in the URL: the file stays with its owner."""

    @property
    def centres(self) -> CentreQuery:
        """The part that decides which treatment centres count."""
        return CentreQuery(self.therapy, self.evidence, self.low_confidence, self.facilities)


KEYS: Final = Selection.keys()
NAMES: Final = Selection.names()
DEFAULT: Final = Selection()


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a URL said.

    Parameters
    ----------
    selection : Selection
        The view, with defaults where the URL was silent or unusable.
    problems : tuple of str
        One sentence for each thing that could not be used.
    given : frozenset of str
        Keys the URL set to a usable value.
    """

    selection: Selection
    problems: tuple[str, ...]
    given: frozenset[str]


def parse(
    query: url_fields.Query,
    *,
    known: Mapping[str, Collection[str]] | None = None,
    besides: Collection[str] = (),
) -> Parsed:
    """Read a URL's parameters; never raises.

    Parameters
    ----------
    query : mapping of str to str or sequence of str
        Parameters as they came.
    known : mapping of str to collection of str, optional
        Values that exist in the tables for "site", "county" and "network". Without it only their
        form is checked.
    besides : collection of str
        Keys that others read, such as the planner's.

    Returns
    -------
    Parsed
        The selection with every problem found.
    """
    values, unusable = url_fields.read_all(
        query, NAMES, lambda key, texts: read(key, texts, known), besides
    )
    selection = replace(DEFAULT, **{NAMES[key]: value for key, value in values.items()})
    problems = url_fields.sentences(unusable, DEFAULT.by_key())
    return Parsed(selection, problems, frozenset(values))


def label(key: str, value: str) -> str:
    """Label a widget shows for a choice; the value itself when the field is no closed choice."""
    return LABELS.get(key, {}).get(value, value)


def labelled_query(query: url_fields.Query) -> url_fields.Written:
    """Turn identifiers into the labels that bound widgets read; see `url_fields.labelled`."""
    return url_fields.labelled(query, LABELS)


def read(key: str, texts: Sequence[str], known: Mapping[str, Collection[str]] | None = None) -> Any:  # noqa: ANN401 - one value of whichever field
    """Read one setting.

    Parameters
    ----------
    key : str
        One of `NAMES`.
    texts : sequence of str
        What was given.
    known : mapping of str to collection of str, optional
        As in `parse`.

    Returns
    -------
    object
        Value of the field.

    Raises
    ------
    ValueError
        It cannot be used; the message is the end of a sentence.
    """
    if key == "layers":
        if list(texts) in ([], [""]):
            return ()
        chosen = {_choice(key, text) for text in texts}
        return tuple(layer for layer in LAYERS if layer in chosen)
    text = url_fields.only(texts)
    if key in _READERS:
        return _READERS[key](text)
    if key in LABELS:
        return _choice(key, text)
    return _reference(key, text, known or {})


def _within(text: str) -> float:
    return url_fields.number(text, WITHIN_MIN, WITHIN_MAX)


def _blood_within(text: str) -> float:
    return url_fields.number(text, WITHIN_MIN, BLOOD_MAX)


def _bands(text: str) -> tuple[float, ...]:
    try:
        edges = tuple(float(part) for part in text.split(","))
    except ValueError:
        edges = ()
    inside = all(WITHIN_MIN <= edge <= WITHIN_MAX for edge in edges)  # also catches nan
    rising = all(low < high for low, high in pairwise(edges))
    if not (1 <= len(edges) <= MAX_BANDS and inside and rising):
        msg = (
            f"is not a list of 1 to {MAX_BANDS} rising numbers of minutes from {WITHIN_MIN:g} to "
            f"{WITHIN_MAX:g}, such as 30,60,120"
        )
        raise ValueError(msg)
    return edges


_READERS: Final[dict[str, Callable[[str], object]]] = {
    "within": _within,
    "blood": _blood_within,
    "bands": _bands,
    "low": url_fields.switch,
}
"""Fields that are neither a closed choice nor the name of something in the tables."""


def _choice(key: str, text: str) -> str:
    complaint = ""
    if key == "state":
        complaint = "is not the name or the two letters of a state, DC or PR"
    return url_fields.choice(LABELS[key], text, complaint)


_TYPED: Final = (
    "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
    "\N{NON-BREAKING HYPHEN}\N{EN DASH}"
)
"""What telephones and word processors put for an apostrophe and a hyphen."""
_FORMS: Final = {
    "site": (re.compile(r"(TC|BC)\d{3,5}"), "is not the number of a site such as TC001"),
    "county": (re.compile(r"\d{5}"), "is not a county code of five digits"),
    "network": url_fields.NETWORK,
    "region": url_fields.REGION,
    "desert": (re.compile(r"\d{5}"), "is not a ZIP code of five digits"),
    "near": (
        re.compile(rf"[\w .,:;'&/(){_TYPED}-]{{1,{NEAR_CHARS}}}"),
        "is not a ZIP code or a name",
    ),
}


def _reference(key: str, text: str, known: Mapping[str, Collection[str]]) -> str:
    if text == "":
        return ""
    value = url_fields.matching(text.upper() if key == "site" else text, *_FORMS[key])
    if key in known and value not in known[key]:
        msg = f"is not in the tables (no such {key})"
        raise ValueError(msg)
    return value
