"""Jobs: progress, cancel, result; the same question once, two at a time, faults are told."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from dashboard.jobs import AT_ONCE, MAX_JOBS, WAITING, Job, Jobs
from geo.errors import InputError
from geo.siting.problem import Control, Progress

SOON = 20.0
"""Seconds after which a test that waits has failed."""


@contextmanager
def gate() -> Iterator[tuple[Callable[[Control], str], threading.Semaphore, threading.Event]]:
    """Work that waits at a gate; `begun` counts the work that has begun."""
    begun, opened = threading.Semaphore(0), threading.Event()

    def work(control: Control) -> str:
        control.report(Progress("At the gate", 0.5, 3.0, 4.0))
        begun.release()
        assert opened.wait(SOON)
        return "through"

    try:
        yield work, begun, opened
    finally:
        opened.set()


def ended(job: Job) -> Job:
    assert job.wait(SOON)
    assert job.done
    return job


def test_a_result_and_the_progress_before_it() -> None:
    with gate() as (work, begun, opened):
        job = Jobs().ask("question", work, 5.0)
        assert begun.acquire(timeout=SOON)
        assert (job.done, job.result) == (False, None)
        assert job.progress == Progress("At the gate", 0.5, 3.0, 4.0)
        assert not job.wait(0.01)
        opened.set()
        assert ended(job).outcome() == "through"
        assert job.problems == ()


def test_the_time_limit_reaches_the_work() -> None:
    assert ended(Jobs().ask("q", lambda control: control.seconds, 7.5)).outcome() == 7.5


def test_the_same_question_is_worked_on_once() -> None:
    with gate() as (work, begun, opened):
        jobs = Jobs()
        first = jobs.ask("question", work, 5.0)
        assert jobs.ask("question", work, 5.0) is first
        assert jobs.ask("another", lambda _: "other", 5.0) is not first
        opened.set()
        ended(first)
        assert jobs.ask("question", work, 5.0) is first  # also when it has ended
        assert begun.acquire(timeout=SOON)
        assert not begun.acquire(blocking=False)


def test_cancelled_work_gives_what_it_has_and_is_started_anew() -> None:
    begun = threading.Event()

    def work(control: Control) -> str:
        begun.set()
        while control.stopped() is None:
            assert control.left > 0
        return f"best so far: {control.stopped()}"

    jobs = Jobs()
    job = jobs.ask("question", work, SOON)
    assert begun.wait(SOON)
    job.cancel()
    assert job.cancelled
    assert ended(job).outcome() == "best so far: cancelled"
    again = jobs.ask("question", lambda _: "anew", SOON)
    assert again is not job
    assert ended(again).outcome() == "anew"


def test_work_that_was_cancelled_before_its_turn_is_never_begun() -> None:
    with gate() as (work, begun, opened):
        jobs, did = Jobs(), []
        for number in range(AT_ONCE):
            jobs.ask(number, work, 5.0)
            assert begun.acquire(timeout=SOON)
        job = jobs.ask("late", did.append, 5.0)
        job.cancel()
        opened.set()
        assert ended(job).outcome() is None
        assert did == []


def test_so_many_at_once_and_the_next_waits_its_turn() -> None:
    with gate() as (work, begun, opened):
        jobs = Jobs()
        running = [jobs.ask(number, work, 5.0) for number in range(AT_ONCE)]
        for _ in running:
            assert begun.acquire(timeout=SOON)
        late = jobs.ask("late", work, 5.0)
        assert not begun.acquire(timeout=0.2)  # it has not begun
        assert late.progress == WAITING
        opened.set()
        assert [ended(job).outcome() for job in (*running, late)] == ["through"] * (AT_ONCE + 1)


def test_whoever_asks_for_something_else_is_not_kept_waiting() -> None:
    with gate() as (work, begun, _):
        jobs = Jobs()
        jobs.ask("long", work, 5.0)
        assert begun.acquire(timeout=SOON)
        assert ended(jobs.ask("short", lambda _: "done", 5.0)).outcome() == "done"


def test_problems_are_listed_and_faults_are_raised_to_whoever_waits() -> None:
    def refuse(_: Control) -> None:
        raise InputError(["no candidates", "no people"])

    def fail(_: Control) -> None:
        msg = "a fault"
        raise ZeroDivisionError(msg)

    jobs = Jobs()
    refused = ended(jobs.ask("refused", refuse, 5.0))
    assert refused.problems == ("no candidates", "no people")
    assert refused.outcome() is None
    failed = ended(jobs.ask("failed", fail, 5.0))
    with pytest.raises(ZeroDivisionError, match="a fault"):
        failed.outcome()
    # Neither has taken a turn away for good.
    after = [jobs.ask(("after", number), lambda _: "well", 5.0) for number in range(AT_ONCE + 1)]
    assert [ended(job).outcome() for job in after] == ["well"] * (AT_ONCE + 1)


def test_work_stops_when_the_last_who_waits_has_left() -> None:
    with gate() as (work, begun, opened):
        job = Jobs().ask("question", work, 5.0)
        assert begun.acquire(timeout=SOON)
        job.follow()
        job.follow()
        job.leave()
        assert not job.cancelled
        job.leave()
        assert job.cancelled
        opened.set()
        ended(job)


def test_a_result_is_not_cancelled_when_its_readers_leave() -> None:
    job = ended(Jobs().ask("question", lambda _: 1, 5.0))
    job.follow()
    job.leave()
    assert not job.cancelled


def test_the_oldest_are_forgotten() -> None:
    jobs = Jobs()
    first = ended(jobs.ask(0, lambda _: 0, 5.0))
    for number in range(1, MAX_JOBS + 1):
        ended(jobs.ask(number, lambda _: 1, 5.0))
    assert jobs.ask(0, lambda _: 2, 5.0) is not first


def test_work_that_nobody_waits_for_any_more_is_stopped() -> None:
    with gate() as (work, begun, opened):
        job = Jobs().ask("question", work, 5.0)
        assert begun.acquire(timeout=SOON)
        job.follow()
        job.follow()
        job.leave()
        assert not job.cancelled
        job.leave()
        assert job.cancelled
        opened.set()
        ended(job)


def test_leaving_finished_work_keeps_its_result() -> None:
    job = ended(Jobs().ask("question", lambda _: "done", 5.0))
    job.follow()
    job.leave()
    assert (job.cancelled, job.outcome()) == (False, "done")


def test_after_a_fault_was_told_the_question_can_be_asked_again() -> None:
    tries: list[int] = []

    def work(_: Control) -> str:
        tries.append(1)
        if len(tries) == 1:
            msg = "a disk was full"
            raise OSError(msg)
        return "done"

    jobs = Jobs()
    first = jobs.ask("q", work, 5)
    assert first.wait(5)
    assert jobs.ask("q", work, 5) is first
    with pytest.raises(OSError, match="disk"):
        first.outcome()
    second = jobs.ask("q", work, 5)
    assert second.wait(5)
    assert second.outcome() == "done"
