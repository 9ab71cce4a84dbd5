"""Numbers and sentences."""

import doctest
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import documents, errors, exports, map_spec, text
from dashboard.state import Selection

INF, NAN = math.inf, math.nan


@pytest.mark.parametrize("module", [text, errors, exports, documents, map_spec])
def test_examples_in_docstrings(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted
    assert not result.failed


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0"),
        (999.6, "1,000"),
        (9_999.4, "9,999"),
        (10_000, "10,000"),
        (12_499, "12,000"),
        (999_499, "999,000"),
        (1_000_000, "1.0 million"),
        (334_365_877, "334.4 million"),
        (NAN, "no data"),
    ],
)
def test_people(count: float, said: str) -> None:
    assert text.people(count) == said


@given(st.floats(0, 4e8))
def test_people_are_never_off_by_more_than_a_twentieth(count: float) -> None:
    said = text.people(count)
    value = (
        float(said.removesuffix(" million").replace(",", "")) * 1e6
        if said.endswith("million")
        else float(said.replace(",", ""))
    )
    assert abs(value - count) <= max(0.5, 0.051 * count)


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0 min"), (119.4, "119 min"), (119.6, "2 h"), (120, "2 h"), (200.2, "3 h 20 min")],
)
def test_minutes(value: float, said: str) -> None:
    assert text.minutes(value) == said


def test_unreachable_and_missing_are_words() -> None:
    assert text.minutes(INF) == text.distance(INF, "mi") == "no road"
    assert text.minutes(NAN) == text.distance(NAN, "km") == "no data"
    assert text.percent(NAN) == text.percent_band(NAN, 1.0) == "no data"


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        (Selection(within=1), "1 minute"),
        (Selection(within=90), "90 minutes"),
        (Selection(within=150), "2.5 hours"),
        (Selection(within=145), "145 minutes"),
        (Selection(within=300), "5 hours"),
        (Selection(within=1, metric="miles"), "1 mile"),
        (Selection(within=60, metric="miles"), "60 miles"),
        (Selection(within=60, metric="miles", units="km"), "60 miles (97 km)"),
        (Selection(within=60, units="km"), "60 minutes"),
    ],
)
def test_threshold(selection: Selection, said: str) -> None:
    assert text.threshold(selection) == said


def test_headline_names_everything_that_was_chosen() -> None:
    view = Selection(state="TX", ages="pediatric", therapy="car_t", evidence="likely", within=90)
    assert text.headline(4_100_000, view) == (
        "4.1 million children in Texas live more than 90 minutes from a hospital known or likely "
        "to give CAR-T."
    )


def test_headline_with_nobody_beyond() -> None:
    assert text.headline(0.2, Selection(state="DC")).startswith(
        "No people in District of Columbia live more than 60 minutes"
    )


def test_headline_with_own_facilities() -> None:
    assert "one of your own facilities" in text.headline(5, Selection(facilities="abc"))


def test_headline_detail_without_people() -> None:
    said = text.headline_detail(
        share_beyond=NAN,
        share_low=NAN,
        share_high=NAN,
        beyond_low=0,
        beyond_high=0,
        selection=Selection(),
    )
    assert "no data" in said


def test_worst_places_without_numbers() -> None:
    assert text.worst_places(["A"], [NAN], Selection()) == "There is nobody to count here."
    assert text.worst_places([], [], Selection()) == "There is nobody to count here."


def test_gap_of_a_single_group_compares_nothing() -> None:
    assert text.gap_sentence("state", ["people in Texas"], [0.5], Selection()) == (
        "State: 50.0% of people in Texas live more than 60 minutes away."
    )
    assert "nobody" in text.gap_sentence("state", ["Not reported"], [0.5], Selection())


def test_gap_where_several_groups_are_equally_far() -> None:
    said = text.gap_sentence(
        "state", ["A", "B", "C", "D", "E"], [1.0, 0.0, 1.0, 0.99999, 0.0], Selection()
    )
    assert said == (
        "State: 100.0% of A and 2 others live more than 60 minutes away, 0.0% of B and one other."
    )
    alike = text.gap_sentence("state", ["A", "B"], [0.5, 0.5], Selection())
    assert alike == "State: 50.0% of A and one other live more than 60 minutes away."


def test_hospitals_above_five_per_cent_are_not_called_few() -> None:
    assert "not below 5%" in text.hospital_sentence([600], [0.04, 0.08], Selection())
    assert "fewer than 5%" in text.hospital_sentence([160], [0.02, 0.03], Selection())


def test_nothing_reached_from_a_place() -> None:
    assert text.nearest_sentence("Nome, AK", [], []) == (
        "From Nome, AK no centre can be reached by road."
    )


def test_problems_are_cut_with_a_count_of_the_rest() -> None:
    lines = errors.listing([f"problem {i}" for i in range(25)]).splitlines()
    assert len(lines) == errors.MAX_SHOWN + 1
    assert lines[-1] == "- and 5 more"
