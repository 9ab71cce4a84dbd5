"""What the Consortium page shows, as one frozen value in the URL (pure)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from dashboard import url_fields

Part = Literal["members", "facilities", "calendar", "articles", "precedents", "path", "standards"]

LABELS: Final[dict[str, dict[str, str]]] = {
    "register": {
        "members": "Members",
        "facilities": "Facilities and gaps",
        "calendar": "Calendar",
        "articles": "Articles",
        "precedents": "Precedents",
        "path": "Regulatory path",
        "standards": "Standards and SOPs",
    }
}
"""Every closed choice: identifier to the label its widget shows."""


@dataclass(frozen=True, slots=True)
class RegisterView(url_fields.Settings):
    """What the page shows; field metadata `key` is the name in the URL.

    Parameters
    ----------
    part : str
        Part of the page.
    """

    part: Part = field(default="members", metadata={"key": "register"})


KEYS: Final = RegisterView.keys()
NAMES: Final = RegisterView.names()
DEFAULT: Final = RegisterView()


def read(
    key: str,
    texts: Sequence[str],
    known: Mapping[str, Collection[str]] | None = None,  # noqa: ARG001 - names nothing in a table
) -> Any:  # noqa: ANN401 - one value of whichever field
    """Read one setting; raises ValueError with the end of a sentence."""
    return url_fields.choice(LABELS[key], url_fields.only(texts))
