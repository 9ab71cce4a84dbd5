"""Long work of the planner on the page: wait a moment, then show progress and a way to cancel."""

from collections.abc import Callable, Hashable
from typing import Final

import streamlit as st

from dashboard import errors, plan_text
from dashboard.jobs import Job
from dashboard.plan_state import PlanSettings
from dashboard.services import plan_pages, planner
from dashboard.state import Selection
from geo.siting.problem import Plan

PATIENCE: Final = 0.8
"""Seconds that a page waits before it shows progress."""
EVERY: Final = 0.5
"""Seconds between looks at the progress."""


def _held(kind: str) -> tuple[Hashable, Job] | None:
    found: tuple[Hashable, Job] | None = st.session_state.get(f"_job_{kind}")
    return found


def followed(kind: str, key: Hashable, ask: Callable[[], Job], patience: float = PATIENCE) -> Job:
    """Give the session's job of a kind; another question ends the interest in the one before.

    Parameters
    ----------
    kind : str
        "plan", "curve", "robust" or "load".
    key : hashable
        The question.
    ask : callable
        Starts the work, or joins it.
    patience : float
        Seconds.

    Returns
    -------
    Job
        Waited for up to so many seconds when it is new.
    """
    if (known := job_of(kind, key)) is not None:
        return known
    forget(kind)
    job = ask()
    job.follow()
    st.session_state[f"_job_{kind}"] = (key, job)
    job.wait(patience)
    return job


def forget(kind: str) -> None:
    """End the interest in the session's job of a kind; a callback too."""
    held = _held(kind)
    if held is not None:
        held[1].leave()
        del st.session_state[f"_job_{kind}"]


def job_of(kind: str, key: Hashable) -> Job | None:
    """Give the session's job for a question, if there is one."""
    held = _held(kind)
    return held[1] if held is not None and held[0] == key else None


def stopped(kind: str) -> bool:
    """Whether the session's job of a kind was cancelled."""
    held = _held(kind)
    return held is not None and held[1].cancelled


def answer(view: Selection, plan: PlanSettings, *, kind: str = "plan") -> Plan | None:
    """Give the best plan, or show why there is none yet.

    Parameters
    ----------
    view, plan
        What is asked; a plan by hand makes no difference.
    kind : str, optional
        Name of the work within the session.

    Returns
    -------
    Plan or None
        One that can be shown.
    """
    key = plan_pages.question_of(view, plan)
    job = followed(kind, key, lambda: planner.solving(view, plan))
    if not job.done:
        watch(kind)
        return None
    found: Plan | None = job.outcome()
    if found is None:
        failed(kind, job)
        return None
    if found.status == "infeasible":
        st.markdown("## No plan keeps to these rules")
        st.warning(plan_text.infeasible(found), icon=":material/block:")
        return None
    if found.status != "optimal":
        st.button(
            "Search again",
            key=f"{kind}_search_again",
            icon=":material/refresh:",
            on_click=forget,
            args=(kind,),
            help="The search was stopped before it had a proof.",
        )
    return found


def failed(kind: str, job: Job) -> None:
    """Say why a job has no result."""
    problems = [problem for problem in job.problems if problem]
    if job.cancelled and not problems:
        st.info("It was cancelled before there was anything to show.", icon=":material/cancel:")
    else:
        st.error(
            errors.listing([plan_text.plain(problem) for problem in problems])
            + "\n\nChange the settings above or on the left.",
            title="There is no plan",
        )
    if job.cancelled:
        st.button("Start again", key=f"{kind}_again", on_click=forget, args=(kind,))


@st.fragment(run_every=EVERY)
def watch(kind: str) -> None:
    """Show how far the session's job of a kind is, until it is done; then draw the page anew."""
    held = _held(kind)
    if held is None:
        return
    job = held[1]
    if job.done:
        st.rerun(scope="app")
    now = job.progress
    with st.container(border=True):
        st.progress(min(max(now.done, 0.0), 1.0), text=now.stage)
        st.caption(plan_text.progress(now, kind))
        st.button(
            "Cancel",
            key=f"{kind}_cancel",
            on_click=job.cancel,
            disabled=job.cancelled,
            icon=":material/stop_circle:",
            help="What has been found so far is shown.",
        )
