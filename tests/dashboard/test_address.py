"""The address at one place: what is written stays, whatever a browser sends late."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import address

PAGE = """
import streamlit as st
from dashboard import address

st.button("A", on_click=address.write, args=({"a": "1"},))
st.button("List", on_click=address.write, args=({"a": ["1", "2"]},))
st.button("B", on_click=address.write, args=({"b": "2"},))
st.button("None", on_click=address.write, args=({}, ("a", "b")))
st.json(address.read())
st.text(str(address.single(("a", "z"))))
"""


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_string(PAGE).run()


def press(app: AppTest, label: str, **carried: str) -> dict[str, list[str]]:
    """Press a button while the browser's address is `carried`; give the address after it."""
    app.query_params.clear()
    app.query_params.update(carried)
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception
    found = {key: [*values] for key, values in app.query_params.items()}
    assert app.json[0].value == str(found).replace("'", '"')
    return found


def test_it_reads_and_writes(app: AppTest) -> None:
    assert press(app, "A") == {"a": ["1"]}
    assert press(app, "B", a="1") == {"a": ["1"], "b": ["2"]}
    assert press(app, "List", a="1", b="2") == {"a": ["1", "2"], "b": ["2"]}
    assert app.text[0].value == "{'a': '2'}"
    assert press(app, "None", b="2", c="3") == {"c": ["3"]}


def test_two_changes_within_one_message_there_and_back_both_stay(app: AppTest) -> None:
    press(app, "A")
    assert press(app, "B") == {"a": ["1"], "b": ["2"]}
    assert press(app, "None") == {}
    assert press(app, "B", a="1", b="2") == {"b": ["2"]}  # carries the address before "None"


def test_a_question_of_before_takes_no_change_back(app: AppTest) -> None:
    press(app, "A")
    app.query_params.clear()
    app.run()
    assert app.json[0].value == '{"a": ["1"]}'


def test_what_is_said_meanwhile_about_something_else_counts(app: AppTest) -> None:
    press(app, "A")
    assert press(app, "B", c="3") == {"a": ["1"], "b": ["2"], "c": ["3"]}


def test_another_value_than_those_of_before_is_a_link_followed(app: AppTest) -> None:
    press(app, "A")
    assert press(app, "B", a="7") == {"a": ["7"], "b": ["2"]}


def test_an_undone_change_may_be_made_again(app: AppTest) -> None:
    press(app, "A")
    press(app, "None", a="1")
    assert press(app, "A") == {"a": ["1"]}
    assert press(app, "B", a="1") == {"a": ["1"], "b": ["2"]}


def test_later_the_address_is_taken_as_it_is(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    press(app, "A")
    monkeypatch.setattr(address, "LATE_S", -1.0)
    press(app, "A", a="0")
    assert press(app, "B", a="0") == {"a": ["0"], "b": ["2"]}


@pytest.mark.parametrize("where", ["history", "page"])
def test_a_reader_who_goes_elsewhere_is_followed(
    app: AppTest, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(app, "A")
    if where == "history":
        monkeypatch.setattr(address, "_went_back", lambda: True)
    else:
        monkeypatch.setattr(address, "_page", lambda: "another")
    app.query_params.clear()
    app.run()
    assert app.json[0].value == "{}"
