"""Names a reader may type, and how well each fits what was typed (pure).

A name is folded first: no accents, no case, no punctuation, abbreviations written out. Names
are looked up as they are, then word by word, then by the letters they share.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Kind = Literal["zip", "state", "city", "county", "hrr", "cbsa", "treatment", "blood"]
ORDER: Final[tuple[Kind, ...]] = ("state", "city", "county", "hrr", "cbsa", "treatment", "blood")
"""Which of two equally good names is meant first."""
REGIONS: Final = ("state", "hrr", "cbsa", "county")
METRO: Final = "metro area"
REFERRAL: Final = "referral region"
METRO_WORDS: Final = ("metro", METRO, "metropolitan area")
REFERRAL_WORDS: Final = (REFERRAL, "hospital referral region", "hrr")

EXACT: Final = 0
ALIAS: Final = 1
WORDS: Final = 2
PREFIX: Final = 3
SPELLING: Final = 4
"""How a name fits, best first; below `SPELLING` the letters are those that were typed."""

SURE: Final = 0.83
"""Likeness from which a misspelt name is answered; below it, it is only offered."""
LIKE: Final = 0.5
CANDIDATES: Final = 50
TOKEN_WEIGHT: Final = 0.92
"""A name that holds the words typed among others is less like them than one without others."""
MIN_LETTERS: Final = 2
"""One letter is part of thousands of names."""

_SHORT: Final = {
    "st": "saint",
    "ste": "sainte",
    "mt": "mount",
    "ft": "fort",
    "co": "county",
    "cnty": "county",
    "univ": "university",
    "hosp": "hospital",
    "ctr": "center",
    "centre": "center",
    "natl": "national",
}
_NICKNAMES: Final = {"New York City, NY": ("NYC",), "Philadelphia, PA": ("Philly",)}
_COUNTY_TYPE: Final = re.compile(
    r" (county|parish|municipio|city and borough|borough|census area|municipality|city)$"
)
_QUOTES: Final = (
    "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER TURNED COMMA}"
)
_SILENT: Final = re.compile(f"[.'`{_QUOTES}]")
_BREAK: Final = re.compile(r"[^\w]+|_+")
_METRO_STATES: Final = re.compile(r"^(.*), ([A-Z]{2}(?:-[A-Z]{2})*)$")


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the map.

    Parameters
    ----------
    label : str
        As shown, such as "Houston, TX".
    lat, lon : float
        EPSG:4326 degrees.
    """

    label: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Match:
    """Something with a name.

    Parameters
    ----------
    kind : str
        What it is.
    code : str
        Its code: ZIP code, USPS, FIPS or CBSA code, number of a referral region, id of a site;
        for a city its label.
    label : str
        As shown. Typed in full, it finds this very match.
    place : Place or None
        Where a ZIP area, a city or a site lies.
    """

    kind: Kind
    code: str
    label: str
    place: Place | None = None

    @property
    def region(self) -> str:
        """Name of a region in the URL, such as "county:48201"; "" for other kinds."""
        return f"{self.kind}:{self.code}" if self.kind in REGIONS else ""


@dataclass(frozen=True, slots=True)
class Hit:
    """How well a name fits.

    Parameters
    ----------
    match : Match
        What has the name.
    tier : int
        See `EXACT` to `SPELLING`.
    likeness : float
        1 up to `PREFIX`; share of common letters for `SPELLING`.
    weight : float
        People, or beds of a hospital.
    """

    match: Match
    tier: int
    likeness: float
    weight: float


@dataclass(slots=True, eq=False)
class Gazetteer:
    """Names with an index of their words and of their three-letter pieces.

    Filled by `add`, and not to be added to once it was asked: what only a search needs is made
    by the first one.
    """

    matches: list[Match] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    states: list[frozenset[str]] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    tier: list[int] = field(default_factory=list)
    whole: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    words: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _vocabulary: list[str] = field(default_factory=list)
    _pieces: dict[str, list[int]] = field(default_factory=dict)

    def add(
        self,
        match: Match,
        names: Iterable[str],
        aliases: Iterable[str] = (),
        *,
        weight: float = 0.0,
        states: Iterable[str] = (),
    ) -> None:
        """Add something with its names, the more important of equal names first."""
        entry = len(self.matches)
        self.matches.append(match)
        self.weights.append(weight)
        self.states.append(frozenset(states))
        self.labels.setdefault(fold(match.label), entry)
        seen: set[str] = set()
        for tier, group in ((EXACT, names), (ALIAS, aliases)):
            for name in group:
                key = fold(name)
                if key and key not in seen:
                    seen.add(key)
                    self._index(key, entry, tier)

    def _index(self, key: str, entry: int, tier: int) -> None:
        number = len(self.keys)
        self.keys.append(key)
        self.owner.append(entry)
        self.tier.append(tier)
        self.whole[key].append(number)
        for word in set(key.split()):
            self.words[word].append(number)

    def labelled(self, text: str) -> Match | None:
        """Match whose label was typed in full."""
        at = self.labels.get(fold(text))
        return None if at is None else self.matches[at]

    def named(self, name: str, state: str) -> Iterator[Hit]:
        """Names that are what was typed, or hold its words, the last one perhaps unfinished.

        Parameters
        ----------
        name : str
            Typed name without its state.
        state : str
            USPS code the match must lie in; "" for any.

        Yields
        ------
        Hit
            In no order; a match may come more than once.
        """
        key = fold(name)
        for number in self.whole.get(key, ()):
            yield from self._hit(number, state, self.tier[number])
        typed = key.split()
        if not typed:
            return
        *first, last = typed
        if len(last) < MIN_LETTERS:
            return
        rest = [set(self.words.get(word, ())) for word in first]
        for tier, found in ((WORDS, set(self.words.get(last, ()))), (PREFIX, self._begun(last))):
            for number in found.intersection(*rest) if rest else found:
                yield from self._hit(number, state, tier)

    def spelt_like(self, name: str, state: str) -> Iterator[Hit]:
        """Names that share most letters with what was typed; see `named`."""
        key = fold(name)
        if len(key) < MIN_LETTERS or not self.keys:
            return
        if not self._pieces:
            self._pieces = _numbers_by_piece(self.keys)
        pieces = _pieces(key)
        shared: NDArray[np.float64] = np.zeros(len(self.keys))
        for piece in pieces:
            shared[self._pieces.get(piece, [])] += 1
        # Shared pieces over those of the longer one favours names as long as what was typed;
        # over those typed finds a word within a long name.
        sizes = np.array([len(other) + 1 for other in self.keys], dtype=np.float64)
        alike = shared / np.maximum(sizes, len(pieces)) + 0.5 * shared / len(pieces)
        if state:
            inside = np.array([state in self.states[entry] for entry in self.owner])
            alike[~inside] = 0
        for number in np.argsort(-alike, kind="stable")[:CANDIDATES].tolist():
            if alike[number] > 0:
                likeness = _likeness(key, self.keys[number])
                yield from self._hit(number, state, SPELLING, likeness)

    def _hit(self, number: int, state: str, tier: int, likeness: float = 1.0) -> Iterator[Hit]:
        entry = self.owner[number]
        match = self.matches[entry]
        # "New York, NY" is not the state: a state lies in no state.
        if not state or (state in self.states[entry] and match.kind != "state"):
            yield Hit(match, tier, likeness, self.weights[entry])

    def _begun(self, start: str) -> set[int]:
        """Numbers of the keys with a word that begins so."""
        if not self._vocabulary:
            self._vocabulary = sorted(self.words)
        found: set[int] = set()
        for word in self._vocabulary[bisect_left(self._vocabulary, start) :]:
            if not word.startswith(start):
                break
            found.update(self.words[word])
        return found


def fold(text: str) -> str:
    """Write a name as it is compared.

    >>> fold("  St. Mary's"), fold("Mayagüez"), fold("Winston-Salem"), fold("Blood & Tissue Ctr.")
    ('saint marys', 'mayaguez', 'winston salem', 'blood and tissue center')
    """
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text)
        if not unicodedata.combining(letter)
    )
    plain = _SILENT.sub("", plain.casefold()).replace("&", " and ")
    words = [_SHORT.get(word, word) for word in _BREAK.sub(" ", plain).split()]
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def _numbers_by_piece(keys: list[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, key in enumerate(keys):
        for piece in _pieces(key):
            found[piece].append(number)
    return dict(found)


def _pieces(key: str) -> set[str]:
    padded = f" {key} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


def _likeness(typed: str, key: str) -> float:
    """Share of common letters, of the whole names or of each typed word with its best word."""
    whole = SequenceMatcher(None, key, typed, autojunk=False).ratio()
    others = key.split()
    total = 0.0
    matcher = SequenceMatcher(autojunk=False)
    for word in typed.split():
        matcher.set_seq2(word)
        best = 0.0
        for other in others:
            matcher.set_seq1(other)
            if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best:
                best = max(best, matcher.ratio())
        total += best * len(word)
    letters = sum(len(word) for word in typed.split())
    return max(whole, TOKEN_WEIGHT * total / letters)


def add_cities(names: Gazetteer, cities: pd.DataFrame) -> None:
    """Add cities and towns.

    Parameters
    ----------
    names : Gazetteer
        Is filled.
    cities : DataFrame
        name, state, lat, lon, population; largest first.
    """
    for name, state, lat, lon, people in zip(
        *(cities[column] for column in ("name", "state", "lat", "lon", "population")), strict=True
    ):
        label = f"{name}, {state}"
        short = [name.removesuffix(" City"), *_NICKNAMES.get(label, ())]
        names.add(
            Match("city", label, label, Place(label, float(lat), float(lon))),
            [name],
            short,
            weight=float(people),
            states=[state],
        )


def add_states(names: Gazetteer, states: dict[str, str]) -> None:
    """Add states by name; a code such as TX is read by the caller, who knows its context."""
    for code, name in states.items():
        aliases = [f"{name} state", f"state of {name}"]
        names.add(Match("state", code, name), [name], aliases, states=[code])


def add_counties(names: Gazetteer, counties: pd.DataFrame) -> None:
    """Add counties and their equivalents.

    Parameters
    ----------
    names : Gazetteer
        Is filled.
    counties : DataFrame
        county_fips, name, state, population; most people first.
    """
    for code, name, state, people in zip(
        *(counties[column] for column in ("county_fips", "name", "state", "population")),
        strict=True,
    ):
        base = _COUNTY_TYPE.sub("", fold(name))
        aliases = [base] if name.endswith(" city") else [base, f"{base} county"]
        names.add(
            Match("county", code, f"{name}, {state}"),
            [name],
            aliases,
            weight=float(people),
            states=[state],
        )


def add_metros(names: Gazetteer, metros: pd.DataFrame) -> None:
    """Add metro areas.

    Parameters
    ----------
    names : Gazetteer
        Is filled.
    metros : DataFrame
        cbsa_code, cbsa_name such as "Houston-Pasadena-The Woodlands, TX", population.
    """
    for code, full, people in zip(
        *(metros[column] for column in ("cbsa_code", "cbsa_name", "population")), strict=True
    ):
        found = _METRO_STATES.match(full)
        name, states = (found[1], found[2].split("-")) if found else (full, [])
        first = name.split("-")[0]
        names.add(
            Match("cbsa", code, f"{full} {METRO}"),
            [name, *(f"{part} {words}" for part in (first, name) for words in METRO_WORDS)],
            [first],
            weight=float(people),
            states=states,
        )


def add_referral_regions(names: Gazetteer, regions: pd.DataFrame) -> None:
    """Add hospital referral regions.

    Parameters
    ----------
    names : Gazetteer
        Is filled.
    regions : DataFrame
        hrr, city, state, population.
    """
    for code, city, state, people in zip(
        *(regions[column] for column in ("hrr", "city", "state", "population")), strict=True
    ):
        names.add(
            Match("hrr", code, f"{city}, {state} {REFERRAL}"),
            [f"{city} {words}" for words in REFERRAL_WORDS],
            [city],
            weight=float(people),
            states=[state],
        )


def add_sites(names: Gazetteer, kind: Literal["treatment", "blood"], sites: pd.DataFrame) -> None:
    """Add treatment or blood centres.

    Parameters
    ----------
    names : Gazetteer
        Is filled.
    kind : {'treatment', 'blood'}
        Which.
    sites : DataFrame
        id, name, city, state, lat, lon, weight.
    """
    columns = ("id", "name", "city", "state", "lat", "lon", "weight")
    for code, name, city, state, lat, lon, weight in zip(
        *(sites[column] for column in columns), strict=True
    ):
        label = f"{name}, {city}, {state}"
        names.add(
            Match(kind, code, label, Place(label, float(lat), float(lon))),
            [name, f"{name} {city}"],
            [code],
            weight=float(weight),
            states=[state],
        )
