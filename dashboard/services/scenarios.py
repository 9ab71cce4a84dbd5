"""Saved scenarios of this Atlas: one database a process."""

from threading import Lock

from dashboard import text
from dashboard.services import coverage, engine
from dashboard.state import Selection
from data import store
from data.store import Draft, Figure, Store

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
    view: Selection, page: str, query: str, *, name: str, description: str, listed: bool
) -> Draft:
    """Describe the present view with its finding and the tables behind it."""
    found = coverage.headline(view)
    return Draft(
        name=name,
        description=description,
        page=page,
        query=query,
        fingerprint=engine.tables(),
        headline=text.headline(found.beyond, view),
        figures=(
            Figure("People", text.people(found.population)),
            Figure(f"Within {text.threshold(view)}", text.people(found.covered)),
            Figure("Share beyond", text.percent(found.share_beyond)),
            Figure(
                "90% band of the share",
                text.percent_band(found.share_beyond_low, found.share_beyond_high),
            ),
            Figure("No road to any centre", text.people(found.unreachable)),
            Figure("Centres counted", f"{coverage.counted_centres(view):,}"),
        ),
        listed=listed,
    )
