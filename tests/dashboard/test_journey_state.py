"""Settings of journeys in the URL."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import journey_state, url_settings
from dashboard.journey_state import COURSES, DEFAULT, MEASURES, MODELS, Edit, JourneySettings
from dashboard.url_settings import JOURNEYS, parse_one
from data import load

NUMBERS = st.integers(0, 1000).map(lambda n: n / 8)
EDITS = st.builds(
    lambda key, numbers: Edit(key, numbers[1], numbers[0], numbers[2]),
    st.sampled_from(["mileage", "cart.late", "radius", "room"]),
    st.tuples(NUMBERS, NUMBERS, NUMBERS).map(sorted),
)
SETTINGS = st.builds(
    JourneySettings,
    course=st.sampled_from(["all", *COURSES]),
    model=st.sampled_from([name for name in MODELS if name != "hub"]),
    measure=st.sampled_from(list(MEASURES)),
    bound=st.sampled_from(["low", "central", "high"]),
    split=st.sampled_from(list(journey_state.LABELS["group"])),
    edits=st.lists(EDITS, max_size=4, unique_by=lambda edit: edit.key).map(
        lambda edits: tuple(sorted(edits, key=lambda edit: edit.key))
    ),
)


@given(SETTINGS)
def test_a_link_reopens_the_settings(settings):
    assert parse_one(JOURNEYS, settings.query()) == (settings, ())


def test_defaults_are_left_out():
    assert DEFAULT.query() == {}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"course": "x"}, "is not one of"),
        ({"care": "hub"}, "is not one of"),
        ({"assume": "mileage"}, "is not of the form"),
        ({"assume": "mileage:nan"}, "is not a number from 0"),
        ({"assume": "mileage:-1"}, "is not a number from 0"),
        ({"assume": "mileage:0.3,0.4,0.5"}, "from low over central to high"),
        ({"assume": "patient_works:1.5"}, "is not a number from 0 to 1"),
        ({"assume": [f"p{n}:1" for n in range(101)]}, "more than 100 entries"),
    ],
)
def test_what_cannot_be_used_is_said(query, words):
    settings, problems = parse_one(JOURNEYS, query)
    assert settings == DEFAULT
    assert words in problems[0]


def test_a_parameter_that_does_not_exist():
    known = {"parameter": frozenset(load.journey_parameters()["key"])}
    assert "no such parameter" in parse_one(JOURNEYS, {"assume": "x:1"}, known=known)[1][0]
    settings, problems = parse_one(JOURNEYS, {"assume": "room:90"}, known=known)
    assert settings.edits == (Edit("room", 90.0, 90.0, 90.0),)
    assert problems == ()


def test_the_page_reads_the_settings_of_journeys():
    found = url_settings.parse({"course": "gene", "assume": ["room:90"]})
    assert found.own == {"course": "gene", "assume": ["room:90"]}


def test_shares_are_the_parameters_that_are_shares():
    table = load.journey_parameters()
    shares = table.loc[table["unit"] == "share, 0 to 1", "key"]
    assert set(shares) == journey_state.SHARES
