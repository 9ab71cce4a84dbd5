"""The settings of the page Patients and capacity as one frozen value, in the URL (pure).

The same discipline as in `state` and `plan_state`: every value of a URL is checked, what cannot be
used falls back to its default and is reported, defaults are left out of the link, and no key is
one of another page's (`url_settings` knows all of them).
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Literal, NamedTuple

from dashboard import plan_state, state, url_fields
from data import candidate_ids

Part = Literal["demand", "capacity"]
Preset = Literal["today", "autoimmune", "all"]
Bound = Literal["low", "central", "high"]
Split = Literal[
    "state", "county", "cbsa", "hrr", "region", "division", "rurality", "race", "age", "sex"
]
Shade = Literal["rate", "count"]
Rule = Literal["nearest", "overflow", "least-travel"]

FIRST_YEAR: Final = 2026
LAST_YEAR: Final = 2035
MOST_GROWTH: Final = 5.0
"""Percent a year."""
STARTS: Final = (2020, 2040)
MOST_RAMP: Final = 20
"""Years to the peak."""
MOST_LIMIT: Final = 1440.0
"""Minutes."""
MOST_NEW: Final = 50
MOST_SLOTS: Final = 100_000
SLOTS_PERCENT: Final = (10.0, 1000.0)
MOST_FULL: Final = 50.0
"""Percent."""
MOST_ITEMS: Final = 300
"""In one list of a URL."""

TODAY: Final = tuple(plan_state.INDICATIONS)
TRIALS: Final = {
    "sle": "Lupus",
    "ssc": "Systemic sclerosis",
    "ms": "Multiple sclerosis",
    "ra": "Rheumatoid arthritis",
}
STOCKS: Final = {
    "sickle_cell_stock": "Sickle cell disease, all who are eligible",
    "beta_thalassemia_stock": "Beta thalassemia, all who are eligible",
}
INDICATIONS: Final = plan_state.INDICATIONS | TRIALS | STOCKS
REPLACES: Final = {
    "sickle_cell_stock": "sickle_cell",
    "beta_thalassemia_stock": "beta_thalassemia",
}
"""A pool of people, and the starts of today that are drawn from the same people."""
PRESETS: Final[dict[Preset, tuple[str, ...]]] = {
    "today": TODAY,
    "autoimmune": (*TODAY, *TRIALS),
    "all": (*(key for key in TODAY if key not in REPLACES.values()), *TRIALS, *STOCKS),
}
"""Indications that count."""

LABELS: Final[dict[str, dict[str, str]]] = {
    "part": {"demand": "Patients and growth", "capacity": "Capacity"},
    "preset": {
        "today": "Today",
        "autoimmune": "Autoimmune arrives",
        "all": "All approved",
    },
    "bound": {"low": "Low", "central": "Central", "high": "High"},
    "split": {
        **{
            name: state.LABELS["by"][name]
            for name in ("state", "county", "cbsa", "hrr", "region", "division", "rurality", "race")
        },
        "age": "Age group",
        "sex": "Sex",
    },
    "of": {"": "All together", **INDICATIONS},
    "shade": {"rate": "Per 100,000 people", "count": "Patients"},
    "rule": {
        "nearest": "Nearest centre",
        "overflow": "Overflow to the next",
        "least-travel": "Least total travel",
    },
    "on": INDICATIONS,
    "off": INDICATIONS,
}
"""Every closed choice: identifier to the label its widget shows."""


class Uptake(NamedTuple):
    """Share of those eligible who are treated, year by year.

    Parameters
    ----------
    key : str
        Indication.
    start : int
        First year in which more than `before` are treated.
    before, peak : float
        Share a year before it and from the peak on, 0 to 1.
    years : int
        The peak is reached in that year of treatment; 1 for the first.
    """

    key: str
    start: int
    before: float
    peak: float
    years: int

    def __str__(self) -> str:
        """Write it for a URL.

        >>> str(Uptake("sle", 2027, 0.0, 0.05, 5))
        'sle:2027,0,0.05,5'
        """
        return f"{self.key}:{self.start},{self.before:.6g},{self.peak:.6g},{self.years}"


class Eligible(NamedTuple):
    """Share of the people with a disease who may be treated, in the place of the table's.

    Parameters
    ----------
    key : str
        Indication.
    share : float
        0 to 1; it stands for the low and the high share too.
    """

    key: str
    share: float

    def __str__(self) -> str:
        """Write it for a URL.

        >>> str(Eligible("dlbcl", 0.18))
        'dlbcl:0.18'
        """
        return f"{self.key}:{self.share:.6g}"


class Slots(NamedTuple):
    """Patients that a centre can treat in a year, in the place of the assumed number.

    Parameters
    ----------
    site : str
        Identifier of the centre.
    a_year : int
        Patients.
    """

    site: str
    a_year: int

    def __str__(self) -> str:
        """Write it for a URL."""
        return f"{self.site}:{self.a_year}"


@dataclass(frozen=True, slots=True)
class PatientSettings(url_fields.Settings):
    """Everything demand and capacity depend on beyond `Selection`; `key` is the name in the URL.

    Parameters
    ----------
    part : str
        Topic of the page.
    preset : str
        Which indications count, and their uptake.
    on, off : tuple of str
        Indications added to the preset, and taken from it.
    uptake : tuple of Uptake
        In the place of the preset's own, at most one of each indication.
    eligible : tuple of Eligible
        In the place of the table's shares, at most one of each indication.
    renewal : float or None
        Newly eligible people a year as a share of a pool, for all pools; None for the table's.
    year : int
        What map and tables show.
    growth : float
        Percent by which the population grows a year.
    bound : str
        Which end of the range.
    split : str
        Groups of the table.
    of : str
        Indication that map and table show; "" for all together.
    shade : str
        What the map shades.
    rule : str
        How patients find a centre.
    limit : float
        Minutes that patients travel at most.
    full : float
        The network counts as full when more than so many percent of the patients with a centre
        within the limit find no slot.
    slots : tuple of Slots
        In the place of the assumed slots of a centre.
    slots_percent : float
        Percent of the assumed slots that centres have.
    new : int
        New sites, the planner's proven best so many; 0 for none.
    added : tuple of str
        New sites by name, in the place of the planner's.
    new_slots : int or None
        Slots a year of a new site; None for the assumed number.
    """

    part: Part = field(default="demand", metadata={"key": "part"})
    preset: Preset = field(default="today", metadata={"key": "preset"})
    on: tuple[str, ...] = field(default=(), metadata={"key": "on"})
    off: tuple[str, ...] = field(default=(), metadata={"key": "off"})
    uptake: tuple[Uptake, ...] = field(default=(), metadata={"key": "uptake"})
    eligible: tuple[Eligible, ...] = field(default=(), metadata={"key": "eligible"})
    renewal: float | None = field(default=None, metadata={"key": "renewal"})
    year: int = field(default=FIRST_YEAR, metadata={"key": "year"})
    growth: float = field(default=0.0, metadata={"key": "growth"})
    bound: Bound = field(default="central", metadata={"key": "bound"})
    split: Split = field(default="state", metadata={"key": "split"})
    of: str = field(default="", metadata={"key": "of"})
    shade: Shade = field(default="rate", metadata={"key": "shade"})
    rule: Rule = field(default="least-travel", metadata={"key": "rule"})
    limit: float = field(default=240.0, metadata={"key": "limit"})
    full: float = field(default=5.0, metadata={"key": "full"})
    slots: tuple[Slots, ...] = field(default=(), metadata={"key": "slots"})
    slots_percent: float = field(default=100.0, metadata={"key": "slots_percent"})
    new: int = field(default=0, metadata={"key": "new"})
    added: tuple[str, ...] = field(default=(), metadata={"key": "added"})
    new_slots: int | None = field(default=None, metadata={"key": "new_slots"})

    @property
    def chosen(self) -> tuple[str, ...]:
        """Indications that count, in the order of `INDICATIONS`.

        A pool takes the place of today's starts of the same disease: the same people are never
        counted twice.
        """
        wanted = {*PRESETS[self.preset], *self.on} - {*self.off}
        wanted -= {starts for pool, starts in REPLACES.items() if pool in wanted}
        return tuple(key for key in INDICATIONS if key in wanted)


KEYS: Final = PatientSettings.keys()
NAMES: Final = PatientSettings.names()
LISTS: Final = frozenset({"on", "off", "uptake", "eligible", "slots", "added"})
DEFAULT: Final = PatientSettings()
_UPTAKE: Final = re.compile(r"([a-z_]+):(\d{4}),([\d.e+-]+),([\d.e+-]+),(\d{1,2})", re.ASCII)
_SLOTS: Final = re.compile(r"([\w.-]{1,40}):(\d{1,6})", re.ASCII)


def read(key: str, texts: Sequence[str], known: Mapping[str, Collection[str]] | None = None) -> Any:  # noqa: ANN401 - one value of whichever field
    """Read one setting.

    Parameters
    ----------
    key : str
        One of `NAMES`.
    texts : sequence of str
        What was given.
    known : mapping of str to collection of str, optional
        Identifiers that exist; "site" counts for slots.

    Returns
    -------
    object
        The value of its field.

    Raises
    ------
    ValueError
        It cannot be used; with the end of a sentence.
    """
    if key in LISTS:
        return _list(key, [text.strip() for text in texts if text.strip()], known or {})
    text = url_fields.only(texts)
    if key in LABELS:
        return url_fields.choice(LABELS[key], text)
    return _READERS[key](text)


def _list(key: str, texts: Sequence[str], known: Mapping[str, Collection[str]]) -> object:
    if len(texts) > MOST_ITEMS:
        msg = f"has more than {MOST_ITEMS} entries"
        raise ValueError(msg)
    if key == "added":
        return _ids(texts)
    if key == "uptake":
        curves = {curve.key: curve for curve in map(_uptake, texts)}
        return tuple(curves[name] for name in INDICATIONS if name in curves)
    if key == "eligible":
        shares = {one.key: one for one in map(_eligible, texts)}
        return tuple(shares[name] for name in INDICATIONS if name in shares)
    if key == "slots":
        slots = {one.site: one for one in (_slots(text, known) for text in texts)}
        return tuple(slots[name] for name in sorted(slots))
    chosen = {url_fields.choice(INDICATIONS, text) for text in texts}
    return tuple(name for name in INDICATIONS if name in chosen)


def _uptake(text: str) -> Uptake:
    found = _UPTAKE.fullmatch(text)
    if found is None:
        msg = "is not of the form sle:2027,0,0.05,5 (start, share before, peak share, years to it)"
        raise ValueError(msg)
    key, start, before, peak, years = found.groups()
    return Uptake(
        url_fields.choice(INDICATIONS, key),
        url_fields.whole(start, *STARTS),
        url_fields.number(before, 0, 1),
        url_fields.number(peak, 0, 1),
        url_fields.whole(years, 1, MOST_RAMP),
    )


def _eligible(text: str) -> Eligible:
    key, _, share = text.partition(":")
    complaint = "is not of the form dlbcl:0.18 (disease, share who may be treated)"
    return Eligible(url_fields.choice(INDICATIONS, key, complaint), url_fields.number(share, 0, 1))


def _slots(text: str, known: Mapping[str, Collection[str]]) -> Slots:
    found = _SLOTS.fullmatch(text)
    if found is None:
        msg = "is not of the form TC001:120 (centre, slots a year)"
        raise ValueError(msg)
    site, count = found.groups()
    if "site" in known and site not in known["site"]:
        msg = "is not in the tables (no such site)"
        raise ValueError(msg)
    return Slots(site, url_fields.whole(count, 0, MOST_SLOTS))


def _ids(texts: Sequence[str]) -> tuple[str, ...]:
    names = [candidate_ids.tidy(text) for text in texts]
    bad = [text for text, name in zip(texts, names, strict=True) if name is None]
    if bad:
        msg = f"holds what is no name of a site: {', '.join(map(url_fields.shown, bad[:3]))}"
        raise ValueError(msg)
    return tuple(dict.fromkeys(name for name in names if name is not None))


def _year(text: str) -> int:
    years = {str(year): "" for year in range(FIRST_YEAR, LAST_YEAR + 1)}
    return int(url_fields.choice(years, text, f"is not a year from {FIRST_YEAR} to {LAST_YEAR}"))


def _or_none(read_one: Callable[[str], object], text: str) -> object:
    return read_one(text) if text else None


_READERS: Final[dict[str, Callable[[str], object]]] = {
    "renewal": partial(_or_none, partial(url_fields.number, least=0, most=1)),
    "year": _year,
    "growth": partial(url_fields.number, least=-MOST_GROWTH, most=MOST_GROWTH),
    "limit": partial(url_fields.number, least=1, most=MOST_LIMIT),
    "full": partial(url_fields.number, least=0, most=MOST_FULL),
    "slots_percent": partial(url_fields.number, least=SLOTS_PERCENT[0], most=SLOTS_PERCENT[1]),
    "new": partial(url_fields.whole, least=0, most=MOST_NEW),
    "new_slots": partial(_or_none, partial(url_fields.whole, least=0, most=MOST_SLOTS)),
}
