"""Widgets whose values live elsewhere, here in one number of the session."""

import pytest
from streamlit.testing.v1 import AppTest

PAGE = """
import streamlit as st
from dashboard import seeded

def take(shown):
    st.session_state["heard"] = [*st.session_state.get("heard", []), shown]
    st.session_state["number"] = min(shown, 50)

def halve():
    st.session_state["number"] //= 2

number = st.session_state.setdefault("number", 8)
st.number_input("Number", 0, 100, **seeded.bound("number_box", number, take))
st.button("Halve", on_click=halve)
if st.toggle("More", value=True):
    words = st.session_state.setdefault("words", ["b", "a"])

    def take_words(shown):
        st.session_state["heard"] = [*st.session_state.get("heard", []), shown]
        st.session_state["words"] = shown

    st.multiselect("Words", ["a", "b", "c"], **seeded.bound("words_box", words, take_words))
"""


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_string(PAGE).run()


def test_it_shows_the_value_and_hears_the_reader(app: AppTest) -> None:
    assert app.number_input[0].value == 8
    app.number_input[0].set_value(20).run()
    assert (app.session_state["number"], app.number_input[0].value) == (20, 20)
    assert app.number_input[0].key == "number_box"  # the same widget goes on, focus and all


def test_what_the_reader_set_is_not_sent_back(app: AppTest) -> None:
    """A second number may be on its way meanwhile: the answer to the first must not replace it."""
    assert app.number_input[0].proto.set_value
    app.number_input[0].set_value(20).run()
    assert not app.number_input[0].proto.set_value


def test_a_value_that_something_else_changed_is_shown(app: AppTest) -> None:
    app.button[0].click().run()
    assert app.number_input[0].value == 4
    app.number_input[0].set_value(6).run()
    assert app.session_state["heard"] == [6]
    app.number_input[0].set_value(90).run()  # as corrected
    assert (app.session_state["number"], app.number_input[0].value) == (50, 50)


def test_a_message_of_before_is_not_heard(app: AppTest) -> None:
    app.number_input[0].set_value(20).run()
    before = app._tree.get_widget_states()
    app.button[0].click().run()
    app._run(before)
    assert app.session_state["heard"] == [20]
    assert app.number_input[0].value == 10
    app.button[0].click().run()
    app._run(before)
    assert app.number_input[0].value == 5


def test_a_value_that_is_sent_again_is_not_heard(app: AppTest) -> None:
    """Streamlit takes it for new once it has dropped the widget's state."""
    before = app._tree.get_widget_states()
    app.toggle[0].set_value(False).run()
    app._run(before)
    assert app.multiselect[0].value == ["b", "a"]
    assert "heard" not in app.session_state
    app.multiselect[0].set_value(["b"]).run()
    app.multiselect[0].set_value(["b", "a"]).run()
    assert app.session_state["heard"] == [["b"], ["b", "a"]]


def test_order_of_a_list_is_the_readers(app: AppTest) -> None:
    app.session_state["words"] = ["a", "b"]
    app.run()
    assert (app.multiselect[0].value, app.multiselect[0].key) == (["b", "a"], "words_box")
    app.session_state["words"] = ["a"]
    app.run()
    assert app.multiselect[0].value == ["a"]


def test_a_widget_that_was_hidden_shows_the_value_again(app: AppTest) -> None:
    app.toggle[0].set_value(False).run()
    app.session_state["words"] = ["c"]
    app.toggle[0].set_value(True).run()
    assert app.multiselect[0].value == ["c"]
