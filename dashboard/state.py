"""The view as one frozen value: what a URL may say, and what it means.

Nothing here imports Streamlit. `widgets.py` binds the fields to native widgets; the command line
builds the same `Selection` from its arguments. A URL is user input: every value is checked against
its field, anything unusable falls back to the default and is reported, nothing is deserialised.

In a URL a choice may be written by its identifier (``ages=pediatric``, stable, what our own links
use) or by the label the widget shows (``ages=Children``, what the browser's address bar shows
after a click).
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from typing import Any, Final, Literal, get_args
from urllib.parse import urlencode

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
SHOWN_CHARS: Final = 40
"""A URL can carry anything; a warning repeats at most this much of it."""


RESERVED: Final = frozenset({"embed", "embed_options"})
"""Keys Streamlit itself reads."""

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
class Selection:
    """Everything a view depends on; field metadata `key` is the name in the URL.

    `within` is in minutes when `metric` is "minutes" and in miles when it is "miles", whatever
    `units` says: `units` only chooses how distances are printed. `bands` are upper edges in
    minutes; `region` is a kind and a code such as "hrr:226"; `desert` a ZIP area inside it;
    `blood_within` the minutes to a blood centre that count as near.
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
    facilities: str = ""
    """Digest of the session's own facilities. Not in the URL: the file stays with its owner."""

    @property
    def centres(self) -> CentreQuery:
        """The part that decides which treatment centres count."""
        return CentreQuery(self.therapy, self.evidence, self.low_confidence, self.facilities)

    def query(self) -> dict[str, str | list[str]]:
        """Parameters of the URL that reopens this view; defaults are left out."""
        found: dict[str, str | list[str]] = {}
        for name, key in KEYS.items():
            value = getattr(self, name)
            if value != getattr(DEFAULT, name):
                found[key] = _written(value)
        return found

    def query_string(self) -> str:
        """Return the same as a string, without the question mark."""
        return urlencode(self.query(), doseq=True)


KEYS: Final[dict[str, str]] = {
    f.name: f.metadata["key"] for f in fields(Selection) if "key" in f.metadata
}
NAMES: Final[dict[str, str]] = {key: name for name, key in KEYS.items()}
DEFAULT: Final = Selection()
_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_FALSE: Final = frozenset({"0", "false", "no", "off"})


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
    query: Mapping[str, str | Sequence[str]],
    *,
    known: Mapping[str, Collection[str]] | None = None,
) -> Parsed:
    """Read a URL's parameters; never raises.

    Parameters
    ----------
    query : mapping of str to str or sequence of str
        Parameters as they came.
    known : mapping of str to collection of str, optional
        Values that exist in the tables for "site", "county" and "network". Without it only their
        form is checked.

    Returns
    -------
    Parsed
        The selection with every problem found.
    """
    values: dict[str, Any] = {}
    problems: list[str] = []
    for key, raw in query.items():
        if key in RESERVED:
            continue
        if key not in NAMES:
            problems.append(f"{_shown(key)} is not a setting of the Atlas; ignored.")
            continue
        texts = [raw] if isinstance(raw, str) else [str(item) for item in raw]
        try:
            values[key] = _read(key, texts, known or {})
        except ValueError as error:
            default = _spoken(getattr(DEFAULT, NAMES[key]))
            problems.append(f"{key} = {_shown(', '.join(texts))} {error}; using {default}.")
    selection = replace(DEFAULT, **{NAMES[key]: value for key, value in values.items()})
    return Parsed(selection, tuple(problems), frozenset(values))


def label(key: str, value: str) -> str:
    """Label a widget shows for a choice; the value itself when the field is no closed choice."""
    return LABELS.get(key, {}).get(value, value)


def labelled_query(query: Mapping[str, str | Sequence[str]]) -> dict[str, str | list[str]]:
    """Turn identifiers into the labels that bound widgets read.

    Parameters
    ----------
    query : mapping of str to str or sequence of str
        Parameters as they came; keys and values that are no closed choice stay as they are.

    Returns
    -------
    dict of str to str or list of str
        Parameters for `st.query_params`.
    """
    found: dict[str, str | list[str]] = {}
    for key, raw in query.items():
        texts = [raw] if isinstance(raw, str) else [str(item) for item in raw]
        labels = (
            [LABELS[key].get(_identifier(key, text) or text, text) for text in texts]
            if (key in LABELS)
            else texts
        )
        found[key] = labels[0] if len(labels) == 1 else labels
    return found


def _read(key: str, texts: Sequence[str], known: Mapping[str, Collection[str]]) -> Any:  # noqa: ANN401 - one value of whichever field
    if key == "layers":
        if list(texts) in ([], [""]):
            return ()
        chosen = {_choice(key, text) for text in texts}
        return tuple(layer for layer in LAYERS if layer in chosen)
    if len(texts) != 1:
        msg = "is given more than once"
        raise ValueError(msg)
    text = texts[0].strip()
    if key in _READERS:
        return _READERS[key](text)
    if key in LABELS:
        return _choice(key, text)
    return _reference(key, text, known)


def _within(text: str, most: float = WITHIN_MAX) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not WITHIN_MIN <= value <= most:  # also catches nan
        msg = f"is not a number from {WITHIN_MIN:g} to {most:g}"
        raise ValueError(msg)
    return value


def _blood_within(text: str) -> float:
    return _within(text, BLOOD_MAX)


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


def _switch(text: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    msg = "is neither true nor false"
    raise ValueError(msg)


_READERS: Final[dict[str, Callable[[str], object]]] = {
    "within": _within,
    "blood": _blood_within,
    "bands": _bands,
    "low": _switch,
}
"""Fields that are neither a closed choice nor the name of something in the tables."""


def _identifier(key: str, text: str) -> str | None:
    folded = text.strip().casefold()
    for identifier, shown in LABELS[key].items():
        if folded in (identifier.casefold(), shown.casefold()):
            return identifier
    return None


def _choice(key: str, text: str) -> str:
    found = _identifier(key, text)
    if found is None:
        msg = (
            "is not the name or the two letters of a state, DC or PR"
            if key == "state"
            else f"is not one of {', '.join(get_args(_LITERALS[key]))}"
        )
        raise ValueError(msg)
    return found


_TYPED: Final = (
    "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
    "\N{NON-BREAKING HYPHEN}\N{EN DASH}"
)
"""What telephones and word processors put for an apostrophe and a hyphen."""
_FORMS: Final = {
    "site": (re.compile(r"(TC|BC)\d{3,5}"), "is not the number of a site such as TC001"),
    "county": (re.compile(r"\d{5}"), "is not a county code of five digits"),
    "network": (re.compile(r"[\w .,/&'()-]{1,60}"), "is not the name of a network"),
    "region": (
        re.compile(r"state:[A-Z]{2}|hrr:\d{1,3}|cbsa:\d{5}|county:\d{5}"),
        "is not a region such as state:TX, hrr:226, cbsa:26420 or county:48201",
    ),
    "desert": (re.compile(r"\d{5}"), "is not a ZIP code of five digits"),
    "near": (
        re.compile(rf"[\w .,:;'&/(){_TYPED}-]{{1,{NEAR_CHARS}}}"),
        "is not a ZIP code or a name",
    ),
}


def _reference(key: str, text: str, known: Mapping[str, Collection[str]]) -> str:
    if text == "":
        return ""
    pattern, complaint = _FORMS[key]
    value = unicodedata.normalize("NFC", text)  # a letter and its accent may come apart
    if key == "site":
        value = value.upper()
    if not pattern.fullmatch(value):
        raise ValueError(complaint)
    if key in known and value not in known[key]:
        msg = f"is not in the tables (no such {key})"
        raise ValueError(msg)
    return value


def _written(value: object) -> str | list[str]:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, tuple) and value and isinstance(value[0], float):
        return ",".join(f"{edge:.12g}" for edge in value)
    if isinstance(value, tuple):
        return [str(item) for item in value] or ""
    return str(value)


def _spoken(value: object) -> str:
    written = _written(value)
    text = ", ".join(written) if isinstance(written, list) else written
    return text or "none"


def _shown(text: str) -> str:
    """Repeat user input harmlessly: printable, short, and no markup."""
    clean = re.sub(r"[^\w .,:;/=+&%-]", "?", text)
    short = clean if len(clean) <= SHOWN_CHARS else clean[: SHOWN_CHARS - 1] + "…"
    return f'"{short}"'
