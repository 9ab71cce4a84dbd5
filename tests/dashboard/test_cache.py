"""Answers kept: once per question, bounded, failures not kept."""

import threading

import pytest

from dashboard.services import cache
from dashboard.services.cache import cached
from dashboard.state import Selection


def test_equal_questions_are_asked_once():
    asked = []

    @cached(4)
    def answer(view: Selection, _hint: str = "") -> str:
        asked.append(view)
        return f"{view.within:g} {_hint}"

    assert answer(Selection(within=30.0), "first") == "30 first"
    assert answer(Selection(within=30.0), "second") == "30 first"
    assert answer(Selection(within=30.0), _hint="third") == "30 first"
    assert answer(Selection(within=31.0)) == "31 "
    assert len(asked) == 2


def test_the_one_not_asked_for_longest_goes_first():
    asked = []

    @cached(2)
    def double(number: int) -> int:
        asked.append(number)
        return 2 * number

    for number in (1, 2, 1, 3, 1, 2):
        assert double(number) == 2 * number
    assert asked == [1, 2, 3, 2]


def test_names_of_arguments_are_part_of_the_question():
    @cached(4)
    def both(one: int = 0, two: int = 0) -> tuple[int, int]:
        return one, two

    assert both(one=1) == (1, 0)
    assert both(two=1) == (0, 1)


def test_no_answer_is_an_answer_and_a_failure_is_none():
    asked = []

    @cached(4)
    def answer(number: int) -> None:
        asked.append(number)
        if len(asked) == 1:
            msg = "once"
            raise ValueError(msg)

    with pytest.raises(ValueError, match="once"):
        answer(1)
    assert answer(1) is None
    assert answer(1) is None
    assert asked == [1, 1]


def test_readers_at_once_wait_for_one_answer():
    asked, found = [], []
    begun, go_on = threading.Event(), threading.Event()

    @cached(4)
    def answer(number: int) -> object:
        asked.append(number)
        begun.set()
        assert go_on.wait(10)
        return object()

    readers = [threading.Thread(target=lambda: found.append(answer(1))) for _ in range(4)]
    for reader in readers:
        reader.start()
    assert begun.wait(10)
    go_on.set()
    for reader in readers:
        reader.join(10)
    assert asked == [1]
    assert len(found) == 4
    assert len(set(map(id, found))) == 1


def test_everything_can_be_forgotten():
    asked = []

    @cached(4)
    def answer(number: int) -> int:
        asked.append(number)
        return number

    answer(1)
    cache.clear()
    answer(1)
    assert asked == [1, 1]
