"""What is prepared before anybody asks."""

from dashboard.services import coverage, maps
from dashboard.state import Selection


def warm_up() -> None:
    """Load what the first view needs."""
    view = Selection()
    coverage.headline(view)
    coverage.curve(view)
    coverage.median(view)
    coverage.worst_states(view, 1)
    maps.overview_map(view)
