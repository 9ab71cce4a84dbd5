"""Saved scenarios of this Atlas: one database a process."""

from threading import Lock

from dashboard import text
from dashboard.services import coverage, engine
from dashboard.state import Selection
from data import store
from data.store import Draft, Figure, Store

Finding = tuple[str, tuple[tuple[str, str], ...]]
"""A sentence, and figures with their names."""

_LOCK = Lock()
_OPEN: dict[str, Store] = {}


def opened() -> Store:
    """Give the database, opened at the first use; raises StoreError."""
    address = store.address()
    with _LOCK:
        if address not in _OPEN:
            _OPEN[address] = Store(address)
        return _OPEN[address]


def draft(
    view: Selection,
    page: str,
    query: str,
    finding: Finding | None = None,
    *,
    name: str,
    description: str,
    listed: bool,
) -> Draft:
    """Describe the present view with its finding and the tables behind it.

    Parameters
    ----------
    view, page, query
        What is on the screen.
    finding : Finding, optional
        What the page says; coverage when it says nothing of its own.
    name, description, listed
        What the reader typed.

    Returns
    -------
    Draft
    """
    sentence, figures = _coverage(view) if finding is None else finding
    return Draft(
        name=name,
        description=description,
        page=page,
        query=query,
        fingerprint=engine.tables(),
        headline=sentence,
        figures=tuple(Figure(label, value) for label, value in figures),
        listed=listed,
    )


def _coverage(view: Selection) -> Finding:
    found = coverage.headline(view)
    return text.headline(found.beyond, view), (
        ("People", text.people(found.population)),
        (f"Within {text.threshold(view)}", text.people(found.covered)),
        ("Share beyond", text.percent(found.share_beyond)),
        (
            "90% band of the share",
            text.percent_band(found.share_beyond_low, found.share_beyond_high),
        ),
        ("No road to any centre", text.people(found.unreachable)),
        ("Centres counted", f"{coverage.counted_centres(view):,}"),
    )
