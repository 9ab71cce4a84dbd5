"""What the Journeys page shows, and the ways of cells, as one frozen value in the URL (pure).

The same discipline as in `state`: every value of a URL is checked, what cannot be used falls back
to its default and is reported, defaults are left out of the link.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Literal

from dashboard import state, url_fields

Topic = Literal["models", "places", "assumptions", "study", "legs"]
Collects = Literal["any", "apheresis", "cell_collection"]
Hubs = Literal["large", "medium"]

LEG_SPAN: Final = (30.0, 720.0, 30.0)
"""Least, most and step of the limit of a leg, in minutes."""

LABELS: Final[dict[str, dict[str, str]]] = {
    "journeys": {
        "models": "Ways to organise care",
        "places": "Where and who",
        "assumptions": "Assumptions",
        "study": "Published study",
        "legs": "Cells on the road",
    },
    "collects": {
        name: state.LABELS["role"][name] for name in ("any", "apheresis", "cell_collection")
    },
    "hubs": {"large": "Large hubs", "medium": "Large and medium hubs"},
}
"""Every closed choice: identifier to the label its widget shows."""


@dataclass(frozen=True, slots=True)
class JourneyView(url_fields.Settings):
    """What the page shows; field metadata `key` is the name in the URL.

    Parameters
    ----------
    topic : str
        Part of the page.
    collects : str
        Role of the blood centres that collect cells.
    leg : float
        Minutes that a product leg may take by road.
    hubs : str
        Which airports are large enough.
    """

    topic: Topic = field(default="models", metadata={"key": "journeys"})
    collects: Collects = field(default="cell_collection", metadata={"key": "collects"})
    leg: float = field(default=240.0, metadata={"key": "leg"})
    hubs: Hubs = field(default="medium", metadata={"key": "hubs"})


KEYS: Final = JourneyView.keys()
NAMES: Final = JourneyView.names()
DEFAULT: Final = JourneyView()


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
    return _READERS[key](text)


_READERS: Final[dict[str, Callable[[str], object]]] = {
    "leg": partial(url_fields.number, least=LEG_SPAN[0], most=LEG_SPAN[1]),
}
