"""Work that takes longer than a reader should wait without a word: progress, cancel, result.

Jobs run in threads. The compiled loops and the solver let other threads run, so other sessions
are served meanwhile; at most `AT_ONCE` jobs work at a time, further ones wait their turn.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from geo.errors import AtlasError
from geo.siting.problem import Control, Progress

AT_ONCE: Final = 2
MAX_JOBS: Final = 64
THREAD: Final = "atlas-job"
"""Name of their threads."""
BEGUN: Final = Progress("Getting people and candidates ready", 0.0)
WAITING: Final = Progress("Waiting for other calculations to end", 0.0)


@dataclass
class Job:
    """One piece of work.

    Parameters
    ----------
    progress : Progress
        How far it is.
    result : Any
        What came of it; None until then.
    problems : tuple of str
        Why there is no result.
    """

    progress: Progress = BEGUN
    result: Any = None
    problems: tuple[str, ...] = ()
    _stop: threading.Event = field(default_factory=threading.Event)
    _done: threading.Event = field(default_factory=threading.Event)
    _fault: BaseException | None = None
    _told: bool = False
    _followers: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def done(self) -> bool:
        """Whether it has ended, in whatever way."""
        return self._done.is_set()

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked it to stop."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask it to stop soon with what it has."""
        self._stop.set()

    def follow(self) -> None:
        """Count somebody who waits for it."""
        with self._lock:
            self._followers += 1

    def leave(self) -> None:
        """Count somebody who no longer waits; without anybody left, it is stopped."""
        with self._lock:
            self._followers -= 1
            if self._followers <= 0 and not self.done:
                self.cancel()

    def wait(self, seconds: float) -> bool:
        """Wait for its end, but no longer; whether it has ended."""
        return self._done.wait(seconds)

    def outcome(self) -> Any:  # noqa: ANN401 - whatever the work gives
        """Give the result of a job that has ended.

        Raises
        ------
        Exception
            A fault that was not foreseen.
        """
        if self._fault is not None:
            self._told = True
            raise self._fault
        return self.result

    @property
    def over(self) -> bool:
        """Whether whoever asks again gets a new one: it was stopped, or its fault was told."""
        return self.done and (self.cancelled or self._told)


class Jobs:
    """Jobs by what was asked; the same question is worked on once, whoever asks."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[object, Job] = OrderedDict()
        self._lock = threading.Lock()
        self._turn = threading.Semaphore(AT_ONCE)

    def ask(self, key: object, work: Callable[[Control], Any], seconds: float) -> Job:
        """Give the job of a question, started when there is none yet.

        Parameters
        ----------
        key : hashable
            The question.
        work : callable
            Does it; is given the control to report to and to obey.
        seconds : float
            Time limit of the work, from when its turn comes.

        Returns
        -------
        Job
            One that was cancelled, or whose fault was told, is started anew.
        """
        with self._lock:
            job = self._jobs.get(key)
            if job is not None and not job.over:
                self._jobs.move_to_end(key)
                return job
            job = Job()
            self._jobs[key] = job
            while len(self._jobs) > MAX_JOBS:
                _, oldest = self._jobs.popitem(last=False)
                oldest.cancel()
        threading.Thread(
            target=self._run, args=(job, work, seconds), name=THREAD, daemon=True
        ).start()
        return job

    def _run(self, job: Job, work: Callable[[Control], Any], seconds: float) -> None:
        try:
            if not self._turn.acquire(blocking=False):
                job.progress = WAITING
                self._turn.acquire()
            job.progress = BEGUN
            try:
                if not job.cancelled:
                    control = Control(seconds, lambda p: _note(job, p), lambda: job.cancelled)
                    job.result = work(control)
            finally:
                self._turn.release()
        except AtlasError as error:
            job.problems = tuple(getattr(error, "problems", (str(error),)))
        except Exception as error:  # noqa: BLE001 - told to whoever waits, by `outcome`
            job._fault = error  # noqa: SLF001 - its own
        finally:
            job._done.set()  # noqa: SLF001 - its own


def _note(job: Job, progress: Progress) -> None:
    job.progress = progress
