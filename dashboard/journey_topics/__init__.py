"""Topics of the Journeys page: a module each, named as `JourneyView.topic`.

A topic's module is imported when it is first shown, so that the page loads only what it draws.
"""

from importlib import import_module

from dashboard.journey_view import JourneyView
from dashboard.state import Selection


def draw(view: Selection, shown: JourneyView) -> None:
    """Draw the topic that the settings name, by the `draw` of its module."""
    import_module(f"{__name__}.{shown.topic}").draw(view, shown)
