"""Topic: slots, load on the centres year by year, and who finds no slot."""

from dataclasses import replace

import streamlit as st

from dashboard import (
    load_figures,
    load_text,
    load_views,
    load_widgets,
    patient_state,
    patient_text,
    patient_widgets,
    plan_work,
    scenario_shell,
    takeout,
)
from dashboard.load_views import Course
from dashboard.patient_state import PatientSettings
from dashboard.services import capacity, planner
from dashboard.services import capacity_pages as answers
from dashboard.services.capacity import Question
from dashboard.state import Selection
from dashboard.widgets import Columns

HEIGHT = 480


def draw(view: Selection, settings: PatientSettings) -> None:
    """State who finds a slot, when the network is full, and how full each centre is."""
    load_widgets.controls(settings)
    new = new_sites(view, settings)
    asked = capacity.question(view, settings, new)
    found = answer(settings, asked)
    headline(view, settings, asked, found)
    by_year = st.container()
    if len(found.years) > 1:
        with by_year:
            years(view, settings, asked, found)
    draw_map(view, settings, asked, found)
    centres(view, settings, found)
    places(view, settings, asked, found)
    slots(view, settings)
    if len(found.years) == 1:
        with by_year:
            count_years(asked)


def answer(settings: PatientSettings, asked: Question) -> Course:
    """Answer all years; or, while they take their time, the year chosen."""
    if capacity.at_once(asked):
        plan_work.forget("load")
        return capacity.every_year(asked)
    job = plan_work.job_of("load", asked)
    if job is not None and job.done and job.outcome() is not None:
        return capacity.every_year(asked)
    if job is None:
        plan_work.forget("load")
    return capacity.of_year(asked, settings.year)


def count_years(asked: Question) -> None:
    """Count all years, with progress; begun when the rest is drawn: it takes all processors."""
    job = plan_work.followed("load", asked, lambda: capacity.counting(asked), 0.0)
    if job.done and job.outcome() is None:
        plan_work.failed("load", job)
    else:
        plan_work.watch("load")


def new_sites(view: Selection, settings: PatientSettings) -> tuple[str, ...]:
    """Ids of the new sites: those of the link, or the planner's best once they are proven."""
    load_widgets.explicit(settings)
    if settings.added:
        _, unknown = capacity.new_sites(settings.added)
        if unknown:
            st.warning(
                f"No candidate has the name {', '.join(unknown[:3])}: left out.",
                icon=":material/link_off:",
            )
        return tuple(name for name in settings.added if name not in unknown)
    if not settings.new:
        plan_work.forget("load_plan")
        return ()
    where, plan = capacity.proven(view, settings)
    job = plan_work.followed("load_plan", (where, plan), lambda: planner.solving(where, plan))
    if not job.done:
        st.caption("The best new sites are being proven; until then, today's centres are shown.")
        plan_work.watch("load_plan")
        return ()
    best = job.outcome()
    if best is None:
        plan_work.failed("load_plan", job)
        return ()
    return capacity.planned(view, settings, best)


def headline(view: Selection, settings: PatientSettings, asked: Question, found: Course) -> None:
    """Give the finding and the figures behind it."""
    frame = answers.by_year(view, asked, found)
    row = frame[frame["year"] == settings.year].iloc[0]
    st.markdown(f"## {load_text.finding(row, view, settings)}")
    outlook = network(settings, asked, found) if len(found.years) > 1 else ""
    if outlook:
        st.markdown(f"**{outlook}** {load_text.meaning(settings)}")
    st.markdown(load_text.beyond(row, view, settings))
    nation = answers.nationwide(asked, found)
    here = nation[nation["year"] == settings.year].iloc[0]
    minutes = float(found.minutes[found.row(settings.year)])
    beyond = float(row["too_far"] + row["unreachable"] + row["no_data"])
    figures = [
        (f"Find a slot in {settings.year}", patient_text.number(float(row["treated"]))),
        ("No slot", patient_text.number(float(row["left_over"]))),
        ("Too far or no road", patient_text.number(beyond)),
    ]
    scenario_shell.found(f"{load_text.finding(row, view, settings)} {outlook}".strip(), figures)
    with st.container(horizontal=True):
        for label, value in figures:
            st.metric(label, value)
        st.metric(
            "Slots taken, whole country",
            load_text.share(float(here["treated"]), float(here["slots"])),
            help=load_text.totals(float(here["slots"]), float(here["patients"]), settings),
        )
        st.metric(
            "Mean trip, one way",
            load_text.mean_trip(minutes, float(here["treated"])),
            help=load_text.proof(float(found.gap[found.row(settings.year)])),
        )
    st.caption(
        f"{load_text.totals(float(here['slots']), float(here['patients']), settings)} "
        f"{load_text.ASSUMPTION}"
    )


def network(settings: PatientSettings, asked: Question, found: Course) -> str:
    """Say when the network is full, today's and with the new sites."""
    today = capacity.without_new(asked)
    before = capacity.every_year(today)
    first = load_views.network_full(answers.nationwide(today, before), settings.full)
    said = load_text.network(first, len(before.sites), settings)
    if not asked.new:
        return said
    after = load_views.network_full(answers.within_today(asked, found, before), settings.full)
    return f"{said} {load_text.extended(first, after, len(asked.new))}"


def years(view: Selection, settings: PatientSettings, asked: Question, found: Course) -> None:
    """Draw what becomes of the patients year by year, and list it."""
    frame = answers.by_year(view, asked, found)
    takeout.chart(
        load_figures.years(frame, year=settings.year),
        key="capacity_years_chart",
        finding=load_text.finding(frame[frame["year"] == settings.year].iloc[0], view, settings),
        view=view,
        stamp=answers.provenance(view, settings),
        alt="Patients from 2026 to 2035 who find a slot, find none, or live too far, with slots",
    )
    number = st.column_config.NumberColumn
    columns: Columns = {
        "year": number("Year", format="%d"),
        "patients": number("Patients", format="localized"),
        **{name: number(label, format="localized")
           for name, (label, _) in load_figures.PARTS.items()},
        "slots": number("Slots", format="localized"),
        "full": number("Centres full", format="%d"),
        "left_percent": number("No slot, of those in reach", format="%.1f%%"),
    }  # fmt: skip
    with st.expander("Slots and patients by year, as a table", icon=":material/table:"):
        st.dataframe(
            load_text.readable_years(frame),
            column_config=columns,
            column_order=list(columns),
            hide_index=True,
            placeholder="",
            alt="Patients by year who find a slot, find none, or live too far, with slots",
        )
    takeout.download(
        "Load by year as CSV",
        "capacity-by-year",
        answers.table_of(lambda: frame, view, settings),
        view=view,
    )


@st.fragment
def draw_map(view: Selection, settings: PatientSettings, asked: Question, found: Course) -> None:
    """Colour the centres by load."""
    spec, legend = answers.map_of(view, settings, asked, found)
    frame = answers.by_year(view, asked, found)
    takeout.draw_map(
        spec,
        legend,
        key="capacity_map",
        height=HEIGHT,
        finding=load_text.finding(frame[frame["year"] == settings.year].iloc[0], view, settings),
        view=view,
        stamp=answers.provenance(view, settings),
    )


def centres(view: Selection, settings: PatientSettings, found: Course) -> None:
    """List the load on each centre, and the year in which it fills."""
    st.subheader("How full each centre is")
    frame = answers.by_site(view, settings, found)
    st.markdown(load_text.sites(frame, settings, view))
    number = st.column_config.NumberColumn
    columns: Columns = {
        "name": st.column_config.TextColumn("Centre", width=280),
        "state": "State",
        "load": number(f"Patients {settings.year}", format="localized"),
        "slots": number("Slots", format="localized"),
        "percent": st.column_config.ProgressColumn(
            "Load, % of slots", format="%.0f%%", min_value=0, max_value=100
        ),
        "over": number("Beyond its slots", format="localized"),
        "fills": number("Fills in", format="%d"),
        "basis": "Basis of its slots",
    }
    whole = len(found.years) > 1
    left_out = {"over"} if settings.rule != "nearest" else set()
    left_out |= set() if whole else {"fills"}
    st.dataframe(
        load_text.readable_sites(frame),
        column_config=columns,
        column_order=[name for name in columns if name not in left_out],
        hide_index=True,
        placeholder="",
        alt="Patients and slots of each centre, fullest first",
    )
    st.caption(
        "Fills in: first year from 2026 to 2035 with no slot free; empty for none. Patients from "
        "the whole country, also with a state in focus."
    )
    takeout.download(
        "Load of centres as CSV",
        "capacity-by-centre",
        answers.table_of(lambda: frame, view, settings),
        view=view,
    )


def places(view: Selection, settings: PatientSettings, asked: Question, found: Course) -> None:
    """List by place who finds no slot."""
    st.subheader("Where patients find no slot")
    kind = answers.place_of(view, settings)
    labels: dict[str, str] = {
        name: patient_state.LABELS["split"][name] for name in answers.places_of(view)
    }
    patient_widgets.WIDGETS.choice(
        "Break down by", "split", replace(settings, split=kind), labels=labels, width=260
    )
    frame = answers.by_place(view, settings, asked, found, kind)
    st.markdown(load_text.places(frame, settings, view, labels[kind]))
    number = st.column_config.NumberColumn
    columns: Columns = {
        "label": labels[kind],
        "patients": number(f"Patients {settings.year}", format="localized"),
        "treated": number("Find a slot", format="localized"),
        "left_over": number("No slot", format="localized"),
        "too_far": number("No centre within the limit", format="localized"),
        "unreachable": number("No road", format="localized"),
        "percent": number("Not treated", format="%.1f%%"),
    }
    st.dataframe(
        load_text.readable_places(frame),
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt="Patients of each place who find a slot, find none, or live too far",
    )
    takeout.download(
        "Patients without a slot as CSV",
        "capacity-by-place",
        answers.table_of(lambda: frame, view, settings),
        view=view,
    )


def slots(view: Selection, settings: PatientSettings) -> None:
    """Let the reader set slots."""
    with st.expander(
        "Slots of every centre: change them here or by a file", icon=":material/tune:"
    ):
        load_widgets.levels(settings)
        load_widgets.editor(view, settings)
        st.markdown("**How slots are assumed**")
        st.dataframe(
            answers.assumptions(),
            column_order=["meaning", "value", "unit", "source", "evidence", "note"],
            column_config={
                "meaning": "Assumption",
                "value": st.column_config.NumberColumn("Value", format="%g"),
                "unit": "Unit",
                "source": "Source",
                "evidence": "Evidence",
                "note": "Remark",
            },
            hide_index=True,
            alt="Assumed slots by beds and ages treated",
        )
