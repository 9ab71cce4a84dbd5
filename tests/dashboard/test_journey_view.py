"""Settings of the Journeys page in the URL: read, written, and refused with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import journey_view, url_settings
from dashboard.journey_view import JourneyView

MODULE = url_settings.JOURNEY_VIEW


def parsed(**query: str) -> tuple[JourneyView, tuple[str, ...]]:
    return url_settings.parse_one(MODULE, query)


def test_defaults_are_left_out_of_the_link():
    assert JourneyView().query() == {}
    assert JourneyView(collects="any", leg=120.0).query() == {"collects": "any", "leg": "120"}


@given(
    collects=st.sampled_from(list(journey_view.LABELS["collects"])),
    hubs=st.sampled_from(list(journey_view.LABELS["hubs"])),
    topic=st.sampled_from(list(journey_view.LABELS["journeys"])),
    leg=st.floats(30, 720),
)
def test_every_setting_survives_the_link(collects, hubs, topic, leg):
    shown = JourneyView(topic, collects, leg, hubs)
    assert url_settings.parse_one(MODULE, shown.query()) == (shown, ())


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"leg": "29"}, 'leg = "29" is not a number from 30 to 720; using 240.'),
        ({"leg": "nan"}, 'leg = "nan" is not a number from 30 to 720; using 240.'),
        ({"collects": "testing"}, "is not one of any, apheresis, cell_collection"),
        ({"hubs": "<b>"}, 'hubs = "?b?" is not one of large, medium; using medium.'),
    ],
)
def test_what_cannot_be_used_is_said_and_falls_back(query, words):
    shown, problems = parsed(**query)
    assert shown == JourneyView()
    assert len(problems) == 1
    assert words in problems[0]
