"""What journeys and their burden depend on, as one frozen value in the URL (pure).

The same discipline as in `state`: every value of a URL is checked, what cannot be used falls back
to its default and is reported, defaults are left out of the link.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from dashboard import state, url_fields

Course = Literal["all", "cart_outpatient", "cart_inpatient", "autologous", "allogeneic", "gene"]
Model = Literal["hub", "collection", "shared", "local"]
Measure = Literal["trips", "miles", "hours", "nights", "dollars"]
Bound = Literal["low", "central", "high"]
Split = Literal[
    "state", "county", "cbsa", "hrr", "region", "division", "rurality", "income", "poverty"
]

MODELS: Final[dict[Model, str]] = {
    "hub": "All at the treatment centre",
    "collection": "Collection at a blood centre",
    "shared": "Collection and monitoring near home",
    "local": "All near home",
}
"""Ways to organise a course of care, from the least to the most that is near home."""
COURSES: Final[dict[Course, str]] = {
    "cart_outpatient": "CAR-T, outpatient start",
    "cart_inpatient": "CAR-T, inpatient start",
    "autologous": "Transplant of own cells",
    "allogeneic": "Transplant from a donor",
    "gene": "Sickle cell gene therapy",
}
MEASURES: Final[dict[Measure, str]] = {
    "trips": "Trips",
    "miles": "Miles",
    "hours": "Hours of travel",
    "nights": "Nights away",
    "dollars": "US dollars",
}
MOST_EDITS: Final = 100
MOST_VALUE: Final = 100_000.0
SHARES: Final = frozenset({"outpatient_share", "patient_works"})
"""Parameters that go from 0 to 1."""
LABELS: Final[dict[str, dict[str, str]]] = {
    "course": {"all": "All patients", **{str(name): label for name, label in COURSES.items()}},
    "care": {name: label for name, label in MODELS.items() if name != "hub"},
    "measure": {str(name): label for name, label in MEASURES.items()},
    "range": {"low": "Low", "central": "Central", "high": "High"},
    "group": {
        name: state.LABELS["by"][name]
        for name in (
            "state",
            "county",
            "cbsa",
            "hrr",
            "region",
            "division",
            "rurality",
            "income",
            "poverty",
        )
    },
}
"""Every closed choice: identifier to the label its widget shows."""


class Edit(NamedTuple):
    """Values of a parameter in the place of those of the table.

    Parameters
    ----------
    key : str
        Parameter.
    value : float
        Central value, in the unit of the parameter.
    low, high : float
        Ends of the range; `low <= value <= high`.
    """

    key: str
    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Write it for a URL; one number when the range is empty.

        >>> str(Edit("mileage", 0.3, 0.3, 0.3)), str(Edit("mileage", 0.3, 0.2, 0.4))
        ('mileage:0.3', 'mileage:0.3,0.2,0.4')
        """
        if self.low == self.value == self.high:
            return f"{self.key}:{self.value:.6g}"
        return f"{self.key}:{self.value:.6g},{self.low:.6g},{self.high:.6g}"


@dataclass(frozen=True, slots=True)
class JourneySettings(url_fields.Settings):
    """What journeys depend on beyond `Selection`; field metadata `key` is the name in the URL.

    Parameters
    ----------
    course : str
        Course of care; all patients together, each on their own course, for "all".
    model : str
        Way to organise care that map and table set beside all at the treatment centre.
    measure : str
        What map and chart show.
    bound : str
        Which end of the range.
    split : str
        Groups of the table.
    edits : tuple of Edit
        Parameters in the place of the table's, at most one of each, in order of their keys.
    """

    course: Course = field(default="all", metadata={"key": "course"})
    model: Model = field(default="shared", metadata={"key": "care"})
    measure: Measure = field(default="hours", metadata={"key": "measure"})
    bound: Bound = field(default="central", metadata={"key": "range"})
    split: Split = field(default="state", metadata={"key": "group"})
    edits: tuple[Edit, ...] = field(default=(), metadata={"key": "assume"})


KEYS: Final = JourneySettings.keys()
NAMES: Final = JourneySettings.names()
LISTS: Final = frozenset({"assume"})
DEFAULT: Final = JourneySettings()
_EDIT: Final = re.compile(r"([a-z0-9_.]{1,60}):([^,]{1,20})(?:,([^,]{1,20}),([^,]{1,20}))?")


def read(key: str, texts: Sequence[str], known: Mapping[str, Collection[str]] | None = None) -> Any:  # noqa: ANN401 - one value of whichever field
    """Read one setting.

    Parameters
    ----------
    key : str
        One of `NAMES`.
    texts : sequence of str
        What was given.
    known : mapping of str to collection of str, optional
        Identifiers that exist; "parameter" counts for edits.

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
        given = [text.strip() for text in texts if text.strip()]
        if len(given) > MOST_EDITS:
            msg = f"has more than {MOST_EDITS} entries"
            raise ValueError(msg)
        edits = {edit.key: edit for edit in (_edit(text, known or {}) for text in given)}
        return tuple(edits[name] for name in sorted(edits))
    return url_fields.choice(LABELS[key], url_fields.only(texts))


def _edit(text: str, known: Mapping[str, Collection[str]]) -> Edit:
    found = _EDIT.fullmatch(text)
    if found is None:
        msg = "is not of the form mileage:0.3 or mileage:0.3,0.2,0.4 (central, low, high)"
        raise ValueError(msg)
    name, *numbers = found.groups()
    if "parameter" in known and name not in known["parameter"]:
        msg = "is not in the tables (no such parameter)"
        raise ValueError(msg)
    most = 1.0 if name in SHARES else MOST_VALUE
    value = url_fields.number(numbers[0], 0, most)
    low, high = (
        value if number is None else url_fields.number(number, 0, most) for number in numbers[1:]
    )
    if not low <= value <= high:
        msg = "does not go from low over central to high (the order is central, low, high)"
        raise ValueError(msg)
    return Edit(name, value, low, high)
