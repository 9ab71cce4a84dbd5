"""Values in a URL: how they are written, read, checked and repeated to the reader.

Shared by the settings of all pages (`state`) and of the planner (`plan_state`). Readers raise
ValueError with the end of a sentence that begins with the key and what was given, such as "is not
a number from 1 to 300".
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

RESERVED: Final = frozenset({"embed", "embed_options"})
"""Keys Streamlit itself reads."""
SHOWN_CHARS: Final = 40
"""A URL can carry anything; a warning repeats at most this much of it."""
MOST_DIGITS: Final = 12
"""Longer whole numbers mean nothing here, and reading them takes time."""

Query = Mapping[str, str | Sequence[str]]
Written = dict[str, str | list[str]]

_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_FALSE: Final = frozenset({"0", "false", "no", "off"})


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings that stand in the URL, as one frozen value.

    A field stands there under the key in its metadata, `key`; a field without one does not.
    """

    @classmethod
    @cache
    def keys(cls) -> dict[str, str]:
        """Give the key of every field that has one."""
        return {f.name: f.metadata["key"] for f in fields(cls) if "key" in f.metadata}

    @classmethod
    @cache
    def names(cls) -> dict[str, str]:
        """Give the field of every key."""
        return {key: name for name, key in cls.keys().items()}

    def by_key(self) -> dict[str, object]:
        """Give the values by their keys."""
        return {key: getattr(self, name) for name, key in self.keys().items()}

    def query(self) -> "Written":
        """Parameters of the URL that reopen these settings; defaults are left out."""
        return query_of(self.by_key(), type(self)().by_key())

    def query_string(self) -> str:
        """Return the same as a string, without the question mark."""
        return query_string(self.query())


@dataclass(frozen=True, slots=True)
class Unusable:
    """A key that could not be used.

    Parameters
    ----------
    key : str
        As it came.
    texts : tuple of str
        Its values as they came.
    complaint : str
        End of the sentence; "" for a key that nobody knows.
    """

    key: str
    texts: tuple[str, ...]
    complaint: str


def read_all(
    query: Query,
    keys: Collection[str],
    read: Callable[[str, Sequence[str]], object],
    besides: Collection[str] = (),
) -> tuple[dict[str, Any], tuple[Unusable, ...]]:
    """Read every key of a query; never raises.

    Parameters
    ----------
    query : mapping of str to str or sequence of str
        Parameters as they came.
    keys : collection of str
        Keys that `read` knows.
    read : callable
        Turns a key and its texts into a value, or raises ValueError.
    besides : collection of str
        Keys that others read.

    Returns
    -------
    values : dict of str to object
        By key.
    unusable : tuple of Unusable
        In the order of the query.
    """
    values: dict[str, Any] = {}
    unusable: list[Unusable] = []
    for key, raw in query.items():
        if key in RESERVED or key in besides:
            continue
        texts = texts_of(raw)
        if key not in keys:
            unusable.append(Unusable(key, tuple(texts), ""))
            continue
        try:
            values[key] = read(key, texts)
        except ValueError as error:
            unusable.append(Unusable(key, tuple(texts), str(error)))
    return values, tuple(unusable)


def sentences(unusable: Sequence[Unusable], defaults: Mapping[str, object]) -> tuple[str, ...]:
    """Say what could not be used, and what is used instead.

    Parameters
    ----------
    unusable : sequence of Unusable
        From `read_all`.
    defaults : mapping of str to object
        Default value by key.

    Returns
    -------
    tuple of str
        One sentence each.
    """
    return tuple(
        f"{item.key} = {shown(', '.join(item.texts))} {item.complaint}; "
        f"using {spoken(defaults[item.key])}."
        if item.complaint
        else f"{shown(item.key)} is not a setting of the Atlas; ignored."
        for item in unusable
    )


def query_of(values: Mapping[str, object], defaults: Mapping[str, object]) -> Written:
    """Write values by key for a URL; defaults are left out."""
    return {key: written(value) for key, value in values.items() if value != defaults[key]}


def query_string(query: Query) -> str:
    """Write a query as text, without the question mark."""
    return urlencode(query, doseq=True)


def labelled(query: Query, labels: Mapping[str, Mapping[str, str]]) -> Written:
    """Turn identifiers into the labels that bound widgets read.

    Parameters
    ----------
    query : mapping of str to str or sequence of str
        Parameters as they came; keys and values that are no closed choice stay as they are.
    labels : mapping of str to mapping of str to str
        Labels by key and identifier.

    Returns
    -------
    dict of str to str or list of str
        Parameters for `st.query_params`.
    """
    found: Written = {}
    for key, raw in query.items():
        texts = texts_of(raw)
        if key in labels:
            texts = [labels[key].get(identifier(labels[key], text) or text, text) for text in texts]
        found[key] = texts[0] if len(texts) == 1 else texts
    return found


def texts_of(raw: str | Sequence[str]) -> list[str]:
    """Take one or several values of a key as a list."""
    return [raw] if isinstance(raw, str) else [str(item) for item in raw]


def only(texts: Sequence[str]) -> str:
    """Take the one value of a key that may be given once."""
    if len(texts) != 1:
        msg = "is given more than once"
        raise ValueError(msg)
    return texts[0].strip()


def number(text: str, least: float, most: float) -> float:
    """Read a number from `least` to `most`."""
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not least <= value <= most:  # also catches nan
        msg = f"is not a number from {least:g} to {most:g}"
        raise ValueError(msg)
    return value


def whole(text: str, least: int, most: int) -> int:
    """Read a whole number from `least` to `most`."""
    if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS:
        value = int(text)
        if least <= value <= most:
            return value
    msg = f"is not a whole number from {least:,} to {most:,}"
    raise ValueError(msg)


def switch(text: str) -> bool:
    """Read yes or no."""
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    msg = "is neither true nor false"
    raise ValueError(msg)


def identifier(labels: Mapping[str, str], text: str) -> str | None:
    """Find a choice by its identifier or label, whatever the case; None for neither."""
    folded = text.strip().casefold()
    for name, label in labels.items():
        if folded in (name.casefold(), label.casefold()):
            return name
    return None


def choice(labels: Mapping[str, str], text: str, complaint: str = "") -> str:
    """Read a choice by its identifier or label."""
    found = identifier(labels, text)
    if found is None:
        raise ValueError(complaint or f"is not one of {', '.join(labels)}")
    return found


def matching(text: str, pattern: re.Pattern[str], complaint: str) -> str:
    """Read a name of a known form, with letters and their accents put together.

    >>> matching("State:tx", *REGION)
    'state:TX'
    """
    value = unicodedata.normalize("NFC", text)
    if pattern is REGION[0]:
        kind, colon, code = value.partition(":")
        value = f"{kind.lower()}{colon}{code.upper()}"
    if not pattern.fullmatch(value):
        raise ValueError(complaint)
    return value


def written(value: object) -> str | list[str]:
    """Write one value for a URL."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, tuple) and value and isinstance(value[0], float):
        return ",".join(f"{edge:.12g}" for edge in value)
    if isinstance(value, tuple):
        return [str(item) for item in value] or ""
    return "" if value is None else str(value)


def spoken(value: object) -> str:
    """Write one value for a reader."""
    text = written(value)
    return (", ".join(text) if isinstance(text, list) else text) or "none"


def shown(text: str) -> str:
    """Repeat user input harmlessly: printable, short, and no markup."""
    clean = re.sub(r"[^\w .,:;/=+&%@-]", "?", text)
    short = clean if len(clean) <= SHOWN_CHARS else clean[: SHOWN_CHARS - 1] + "…"
    return f'"{short}"'


NETWORK: Final = (re.compile(r"[\w .,/&'()-]{1,60}"), "is not the name of a network")
REGION: Final = (
    re.compile(r"state:[A-Z]{2}|hrr:\d{1,3}|cbsa:\d{5}|county:\d{5}"),
    "is not a region such as state:TX, hrr:226, cbsa:26420 or county:48201",
)
"""Names that both kinds of settings know: pattern and complaint."""
