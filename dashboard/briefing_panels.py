"""Blocks of the Briefing page."""

from collections.abc import Sequence
from functools import partial
from typing import Final, cast

import streamlit as st

from dashboard import (
    briefing_state,
    comparison_panels,
    plan_widgets,
    plan_work,
    seeded,
    situations,
    takeout,
    text,
    url_fields,
    url_settings,
    widgets,
)
from dashboard.briefing.document import Briefing
from dashboard.briefing_state import FINDINGS, OF_TEMPLATE, BriefingSettings
from dashboard.jobs import Job
from dashboard.services import briefing as answers
from dashboard.services import comparison, regions
from dashboard.settings_widgets import AddressWidgets
from dashboard.situations import Situation
from dashboard.state import Selection

WIDGETS: Final = AddressWidgets("briefing", url_settings.BRIEFING, briefing_state.LABELS)
LABELS: Final = {"pdf": "PDF", "pptx": "Slides (PPTX)", "zip": "All data and figures (ZIP)"}
_MADE: Final = "_briefing_made"


def draw(view: Selection) -> None:
    """Choose what the briefing says, make it, and give its files."""
    WIDGETS.arrive("template")
    settings = cast(BriefingSettings, WIDGETS.current())
    WIDGETS.keep(settings)
    st.markdown("## A briefing that stands on its own")
    WIDGETS.choice("About", "template", settings)
    view = place(settings, view)
    chosen_findings(settings)
    situation = with_plan(settings, view)
    link = takeout.link_of(url_fields.query_string(view.query() | settings.query()))
    ready = not missing(settings, view)
    key = answers.question_of(settings, view, situation, link)
    if st.button(
        "Make the briefing", key="briefing_make", type="primary", disabled=not ready,
        icon=":material/description:",
    ):  # fmt: skip
        st.session_state[_MADE] = key
    if st.session_state.get(_MADE) != key:
        plan_work.forget("briefing")
        st.caption(
            "It takes some seconds. Text and figures are those of the other pages, with the "
            f"settings on the left: {text.parameters(view)}."
        )
        return
    job = plan_work.followed(
        "briefing", key, lambda: answers.making(settings, view, situation, link)
    )
    if not job.done:
        plan_work.watch("briefing")
        return
    offer(job)


def place(settings: BriefingSettings, view: Selection) -> Selection:
    """Draw the choice of the state or the region, where the template needs one."""
    if settings.template == "state" and not view.state:
        st.info(
            "Choose the state under Focus on, on the left.", icon=":material/location_searching:"
        )
    if settings.template == "region":
        names = regions.labels("hrr")
        now = view.region.removeprefix(answers.REGION)
        st.selectbox(
            "Referral region",
            ["", *sorted(names, key=names.__getitem__)],
            index=0 if now not in names else sorted(names, key=names.__getitem__).index(now) + 1,
            format_func=lambda code: names.get(code, "Choose a region"),
            key="briefing_region",
            on_change=open_region,
            width=420,
        )
    return view


def open_region() -> None:
    """Write the chosen region into the address; a callback."""
    code = st.session_state["briefing_region"]
    widgets.open_region(f"{answers.REGION}{code}" if code else "")


def missing(settings: BriefingSettings, view: Selection) -> bool:
    """Whether the template lacks its state or region."""
    if settings.template == "state":
        return not view.state
    return settings.template == "region" and regions.chosen(view) is None


def chosen_findings(settings: BriefingSettings) -> None:
    """Draw the choice of findings."""
    possible = [name for name in OF_TEMPLATE[settings.template] if name != "plan"]
    chosen = [name for name in possible if not settings.findings or name in settings.findings]
    st.pills(
        "Findings after the first page",
        possible,
        selection_mode="multi",
        format_func=FINDINGS.__getitem__,
        **seeded.bound(
            WIDGETS.key_of("findings"), chosen, partial(change_findings, tuple(possible))
        ),
    )


def change_findings(possible: tuple[str, ...], chosen: Sequence[str]) -> None:
    """Write the chosen findings into the address; all of them are the default; a callback."""
    all_of_them = not chosen or set(chosen) == set(possible)
    WIDGETS.change(findings=() if all_of_them else (*chosen, "plan"))


def with_plan(settings: BriefingSettings, view: Selection) -> Situation | None:
    """Draw the choice of a plan or scenario, and give it."""
    options = comparison_panels.choices()
    options[""] = "Without a plan or scenario"
    options.pop(situations.BASELINE)
    listed = settings.situation in options
    if not listed:
        options[settings.situation] = "The linked plan or scenario"
    st.selectbox(
        "With what a plan or scenario changes",
        list(options),
        format_func=options.__getitem__,
        **WIDGETS.bound("situation", settings.situation),
        width=420,
    )
    if not settings.situation:
        return None
    return comparison.situation_of(settings.situation, view, plan_widgets.left())


def offer(job: Job) -> None:
    """Give the files of a briefing, and show what it says."""
    outcome = job.outcome()
    if outcome is None:
        plan_work.failed("briefing", job)
        return
    made, files = cast(tuple[Briefing, dict[str, bytes]], outcome)
    with st.container(horizontal=True):
        for kind, label in LABELS.items():
            st.download_button(
                label,
                files[kind],
                f"{answers.stem(made)}.{kind}",
                answers.MIME[kind],
                key=f"briefing_{kind}",
                icon=":material/download:",
                type="primary" if kind == "pdf" else "secondary",
                on_click="ignore",
            )
    with st.container(border=True):
        st.markdown(f"### {text.literal(made.title)}")
        for finding in made.findings[1:]:
            st.markdown(f"- {text.literal(finding.sentence)}")
        for caution in made.cautions:
            st.caption(caution)
