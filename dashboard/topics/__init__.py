"""Topics of the Coverage gaps page: a module each, named as `Selection.topic` names it.

A topic's module is imported when it is first shown, so that the page loads only what it draws.
"""

from importlib import import_module

from dashboard.state import Selection


def draw(view: Selection) -> None:
    """Draw the topic that the view names, by the `draw` of its module."""
    import_module(f"{__name__}.{view.topic}").draw(view)
