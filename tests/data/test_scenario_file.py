"""Scenarios as JSON: round trip, schema, every problem with its place."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from data.errors import UserFileError
from data.scenario_file import KIND, MOST, SCHEMA, VERSION, read, written
from data.store import Draft, Figure, Scenario

ONE = Scenario(
    "Texas", "Two\nlines", "planner", "within=90", "abc", "Far.", (Figure("Beyond", "4"),),
    listed=True, token="secret-token-that-opens", revision=3, created="2026", saved="2026-11-23",
)  # fmt: skip


def file_of(*scenarios: object, **other: object) -> bytes:
    content = {"kind": KIND, "version": VERSION, "scenarios": list(scenarios)} | other
    return json.dumps(content).encode()


def test_round_trip_without_what_opens_or_lists_it() -> None:
    content = written([ONE, ONE])
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(json.loads(content))
    assert b"secret-token" not in content
    draft = Draft(
        "Texas", "Two\nlines", "planner", "within=90", "abc", "Far.", (Figure("Beyond", "4"),)
    )
    assert read(content) == [draft, draft]


def test_every_problem_is_listed_with_its_place() -> None:
    good = {"name": "a", "page": "map", "query": ""}
    content = file_of(
        good,
        {"name": "", "page": "../etc", "query": 3},
        {"page": "map", "query": "", "figures": [{"label": "x"}]},
    )
    with pytest.raises(UserFileError) as raised:
        read(content)
    said = "\n".join(raised.value.problems)
    for words in (
        "Scenario 2, name", "Scenario 2, page: is not the name of a page", "Scenario 2, query",
        "Scenario 3: 'name' is a required property", "Scenario 3, figures.0",
    ):  # fmt: skip
        assert words in said
    assert "Scenario 1" not in said


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe", "not text in UTF-8"),
        (b"{", "not JSON, line 1"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "The file: "),
        (b"{}", "'kind' is a required property"),
        (file_of(kind="other"), "must be"),
        (file_of(version=2), "must be 1"),
        (file_of(*[{"name": "a", "page": "", "query": ""}] * (MOST + 1)), "scenarios: "),
        (file_of({"name": "a\0", "page": "", "query": ""}), "Scenario 1: The name has characters"),
        (b" " * 5_000_001, "at most 5,000,000"),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, words: str) -> None:
    with pytest.raises(UserFileError) as raised:
        read(content)
    assert any(words in problem for problem in raised.value.problems), raised.value.problems


@given(st.binary(max_size=200))
def test_no_bytes_break_it(content: bytes) -> None:
    with pytest.raises(UserFileError) as raised:  # no such file is one of scenarios
        read(content)
    assert raised.value.problems
