"""Settings of the Journeys page, bound to the URL."""

from typing import Final, cast

from dashboard import journey_view, url_settings
from dashboard.journey_view import JourneyView
from dashboard.settings_widgets import AddressWidgets

VIEW: Final = AddressWidgets("journeys", url_settings.JOURNEY_VIEW, journey_view.LABELS)


def shell() -> JourneyView:
    """Draw the choice of topic, and return what is shown."""
    VIEW.arrive("topic")
    shown = cast(JourneyView, VIEW.current())
    VIEW.choice("Topic", "topic", shown)
    VIEW.keep(shown)
    return shown
