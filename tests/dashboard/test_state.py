"""Selection to URL and back; whatever a URL says, a valid selection comes out."""

from dataclasses import fields
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import state
from dashboard.state import DEFAULT, KEYS, LABELS, LAYERS, Selection, labelled_query, parse

selections = st.builds(
    Selection,
    within=st.one_of(
        st.integers(1, 300).map(float), st.floats(1, 300, allow_nan=False, allow_infinity=False)
    ),
    metric=st.sampled_from(list(LABELS["metric"])),
    model=st.sampled_from(list(LABELS["model"])),
    ages=st.sampled_from(list(LABELS["ages"])),
    therapy=st.sampled_from(list(LABELS["therapy"])),
    evidence=st.sampled_from(list(LABELS["evidence"])),
    low_confidence=st.booleans(),
    units=st.sampled_from(list(LABELS["units"])),
    state=st.sampled_from(list(LABELS["state"])),
    level=st.sampled_from(list(LABELS["level"])),
    layers=st.sets(st.sampled_from(LAYERS)).map(
        lambda chosen: tuple(layer for layer in LAYERS if layer in chosen)
    ),
    role=st.sampled_from(list(LABELS["role"])),
    network=st.sampled_from(["", "American Red Cross", "ABC/BCA"]),
    near=st.sampled_from(["", "77030", "Houston, TX", "St. Louis"]),
    site=st.sampled_from(["", "TC001", "BC530"]),
    county=st.sampled_from(["", "48201"]),
    by=st.sampled_from(list(LABELS["by"])),
    topic=st.sampled_from(list(LABELS["topic"])),
    places=st.sampled_from(list(LABELS["places"])),
    bands=st.sets(st.integers(1, 300).map(float), min_size=1, max_size=9).map(
        lambda edges: tuple(sorted(edges))
    ),
    region=st.sampled_from(["", "state:TX", "hrr:226", "cbsa:26420", "county:48201"]),
    cut=st.sampled_from(list(LABELS["cut"])),
    desert=st.sampled_from(["", "79735"]),
    blood_within=st.integers(1, 120).map(float),
    score=st.sampled_from(list(LABELS["score"])),
    decay=st.sampled_from(list(LABELS["decay"])),
)
texts = st.text(max_size=60)
queries = st.dictionaries(
    st.one_of(st.sampled_from(list(KEYS.values())), texts),
    st.one_of(texts, st.lists(texts, max_size=3)),
    max_size=8,
)


@given(selections)
def test_url_reopens_the_same_view(selection: Selection) -> None:
    parsed = parse(selection.query())
    assert parsed.selection == selection
    assert parsed.problems == ()


@given(selections)
def test_labels_reopen_the_same_view(selection: Selection) -> None:
    parsed = parse(labelled_query(selection.query()))
    assert parsed.selection == selection
    assert parsed.problems == ()


@given(queries)
def test_any_url_gives_a_valid_selection(query: dict[str, str | list[str]]) -> None:
    parsed = parse(query)
    again = parse(parsed.selection.query())
    assert again.selection == parsed.selection
    assert again.problems == ()
    unused = [key for key in query if key not in state.RESERVED and key not in parsed.given]
    assert len(parsed.problems) == len(unused)
    assert all(len(problem) < 300 for problem in parsed.problems)
    assert not any("<" in problem for problem in parsed.problems)


def test_default_view_has_an_empty_url() -> None:
    assert DEFAULT.query() == {}
    assert DEFAULT.query_string() == ""
    assert parse({}).selection == DEFAULT


def test_identifiers_and_labels_of_a_choice_are_told_apart() -> None:
    for key, labels in LABELS.items():
        folded = [text.casefold() for pair in labels.items() for text in set(pair)]
        assert len(folded) == len(set(folded)) or all(
            parse({key: text}).selection == parse({key: labels[text]}).selection for text in labels
        ), key


@pytest.mark.parametrize("key", state._LITERALS)
def test_every_identifier_of_a_type_has_a_label(key: str) -> None:
    assert set(get_args(state._LITERALS[key])) == set(LABELS[key])


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("O\N{RIGHT SINGLE QUOTATION MARK}Fallon", "O\N{RIGHT SINGLE QUOTATION MARK}Fallon"),
        ("Winston\N{EN DASH}Salem", "Winston\N{EN DASH}Salem"),
        ("Mayagu\N{COMBINING DIAERESIS}ez", "Mayag\N{LATIN SMALL LETTER U WITH DIAERESIS}ez"),
    ],
)
def test_names_as_telephones_write_them(typed: str, near: str) -> None:
    parsed = parse({"near": typed})
    assert not parsed.problems
    assert parsed.selection.near == near


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("within", "0", "1 to 300"),
        ("within", "300.1", "1 to 300"),
        ("within", "nan", "1 to 300"),
        ("within", "inf", "1 to 300"),
        ("within", "1e1000", "1 to 300"),
        ("ages", "child", "all, adult, pediatric"),
        ("low", "perhaps", "true nor false"),
        ("state", "Tejas", "two letters"),
        ("county", "4820", "five digits"),
        ("site", "HC001", "number of a site"),
        ("near", "<script>", "ZIP code or a name"),
        ("network", "a" * 90, "name of a network"),
        ("blood", "121", "1 to 120"),
        ("layers", "roads", "areas, treatment, blood"),
    ],
)
def test_unusable_values_say_what_is_wanted(key: str, value: str, words: str) -> None:
    parsed = parse({key: value})
    assert parsed.selection == DEFAULT
    assert len(parsed.problems) == 1
    assert words in parsed.problems[0]
    assert key in parsed.problems[0]


def test_all_problems_are_listed_and_the_rest_is_used() -> None:
    parsed = parse({"within": "soon", "ages": "cats", "units": "km", "what": "ever"})
    assert len(parsed.problems) == 3
    assert parsed.selection == Selection(units="km")
    assert parsed.given == {"units"}


def test_repeated_scalar_is_a_problem() -> None:
    parsed = parse({"within": ["60", "90"]})
    assert "more than once" in parsed.problems[0]


def test_unknown_identifiers_are_found_against_the_tables() -> None:
    known = {"site": {"TC001"}, "county": {"48201"}, "network": {"Vitalant"}}
    good = parse({"site": "TC001", "county": "48201", "network": "Vitalant"}, known=known)
    assert good.problems == ()
    bad = parse({"site": "TC002", "county": "99999", "network": "Nobody"}, known=known)
    assert len(bad.problems) == 3
    assert bad.selection == DEFAULT


def test_streamlits_own_keys_are_left_alone() -> None:
    assert parse({"embed": "true", "embed_options": ["a", "b"]}).problems == ()


def test_user_input_is_repeated_harmlessly() -> None:
    problem = parse({"[x](javascript:1)`": "*"}).problems[0]
    assert "[" not in problem
    assert "`" not in problem


def test_every_field_but_the_private_file_is_in_the_url() -> None:
    assert {f.name for f in fields(Selection)} - set(KEYS) == {"facilities"}


def test_centres_depend_on_nothing_else() -> None:
    one = Selection(within=90, units="km", state="TX", near="77030")
    assert one.centres == DEFAULT.centres
    assert Selection(therapy="til").centres != DEFAULT.centres
