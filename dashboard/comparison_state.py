"""What the page Compare sets side by side, as one frozen value in the URL (pure).

The same discipline as in `state`: every value of a URL is checked, what cannot be used falls back
to its default and is reported, defaults are left out of the link. What a side may be is said in
`situations`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from dashboard import situations, state, url_fields
from dashboard.state import Selection

Change = Literal["travel", "share"]
Way = Literal["auto", "treatment", "collection"]

LABELS: Final[dict[str, dict[str, str]]] = {
    "change": {"travel": "Travel", "share": "Share within"},
    "way": {"auto": "As planned", "treatment": "Treatment", "collection": "Collection"},
}
"""Every closed choice: identifier to the label its widget shows."""


@dataclass(frozen=True, slots=True)
class ComparisonSettings(url_fields.Settings):
    """What is compared; field metadata `key` is the name in the URL.

    Parameters
    ----------
    a, b : str
        References of the two situations, see `situations.read`; "" for none yet.
    change : str
        What the map shades: the change of travel, or of the share within the threshold.
    way : str
        Travel to which place; "auto" for collection where all that plan open collection sites
        only, else for treatment.
    """

    a: str = field(default=situations.BASELINE, metadata={"key": "a"})
    b: str = field(default="", metadata={"key": "b"})
    change: Change = field(default="travel", metadata={"key": "change"})
    way: Way = field(default="auto", metadata={"key": "way"})


KEYS: Final = ComparisonSettings.keys()
NAMES: Final = ComparisonSettings.names()
DEFAULT: Final = ComparisonSettings()


def read(
    key: str,
    texts: Sequence[str],
    known: Mapping[str, Collection[str]] | None = None,  # noqa: ARG001 - names nothing in a table
) -> Any:  # noqa: ANN401 - one value of whichever field
    """Read one setting.

    Parameters
    ----------
    key : str
        One of `NAMES`.
    texts : sequence of str
        What was given.
    known : mapping of str to collection of str, optional
        Not needed here: no setting names anything in a table.

    Returns
    -------
    object
        The value of its field.

    Raises
    ------
    ValueError
        It cannot be used; with the end of a sentence.
    """
    text = url_fields.only(texts)
    if key in LABELS:
        return url_fields.choice(LABELS[key], text)
    return situations.read(text)


def beginnings(view: Selection) -> list[tuple[str, str]]:
    """Offer questions to begin with, as today's centres under a view against something else.

    Parameters
    ----------
    view : Selection
        Settings on the left.

    Returns
    -------
    list of (str, str)
        What a button says, and the reference of side B.
    """
    therapy: state.Therapy = "hct" if view.therapy == "car_t" else "car_t"
    evidence: state.Evidence = "believed" if view.evidence == "documented" else "documented"
    model: state.ModelName = "straight" if view.model == "road" else "road"
    others = {
        f"Evidence: {state.LABELS['evidence'][evidence].lower()}": replace(view, evidence=evidence),
        state.LABELS["therapy"][therapy]: replace(view, therapy=therapy),
        state.LABELS["model"][model]: replace(view, model=model),
    }
    more_sites = url_fields.query_string({**view.query(), "count": "10"})
    return [("10 more sites", situations.read(f"{situations.PLANNER}?{more_sites}"))] + [
        (label, situations.read(f"overview?{other.query_string()}"))
        for label, other in others.items()
    ]
