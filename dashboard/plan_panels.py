"""Blocks of the planner's page: an answer in, elements drawn. Words come from `plan_text`."""

import math
from dataclasses import replace
from typing import Final, Literal

import streamlit as st

from dashboard import (
    navigation,
    plan_figures,
    plan_map,
    plan_text,
    plan_widgets,
    plan_work,
    scenario_shell,
    seeded,
    services,
    takeout,
    text,
    widgets,
)
from dashboard.map_layers import MapEvent
from dashboard.patient_state import PatientSettings
from dashboard.plan_history import reordered, toggled
from dashboard.plan_outcome import Outcome
from dashboard.plan_state import ERRORS, MOST_IDS, PlanSettings, sampled
from dashboard.planning import BURDEN, SAMPLED, WITH_CURVE
from dashboard.services import plan_pages, planner
from dashboard.state import LABELS as VIEW_LABELS
from dashboard.state import Selection, labelled_query
from dashboard.widgets import Columns
from data import candidate_ids
from geo.siting.curve import Curve
from geo.siting.problem import Plan
from geo.siting.robust import Robust, Spread

MAP_HEIGHT: Final = 470
OFTEN_HEIGHT: Final = 380
ROWS_DRAWN: Final = 40
FORCES: Final[dict[Literal["keep_in", "keep_out"], str]] = {
    "keep_in": "Must open",
    "keep_out": "Must not open",
}
CLICKS: Final = {"detail": "Details", "edit": "Edits the plan"}
SPOT_DECIMALS: Final = 4
SAVED_UNITS: Final = {"minutes": "min", "miles": "mi", "km": "km"}
COURSES: Final = (
    "Of whole courses of care, all at one treatment centre, with the visits, rules and prices of "
    "the Journeys page; many of them are assumptions."
)
OWN_SOURCES: Final = frozenset({"file", "hospitals"})
"""Candidates of tables that other pages do not have."""
_MODE: Final = "plan_click"
_PICKED: Final = "_plan_picked"


@st.fragment
def results(view: Selection, plan: PlanSettings, answer: Plan) -> None:
    """Draw everything that a plan by hand changes; a click on the map reruns this alone."""
    hand = plan_widgets.current().hand
    proven_plan = replace(plan, hand=None)
    proven = planner.outcome_of(view, proven_plan, answer)
    known = planner.candidates_of(replace(plan, hand=hand)).ids
    hand = None if hand is None else tuple(name for name in hand if name in known)
    plan = replace(plan, hand=hand)
    found = proven if hand is None else planner.by_hand(view, plan, hand)
    headline(view, plan, answer, found, proven)
    edits()
    count = len(found.sites)
    finding = plan_text.headline(count, found.totals, answer, plan, view)
    scenario_shell.found(finding, plan_text.figures(count, found.totals, answer, plan))
    draw_map(view, plan, found, finding)
    names = plan_pages.names_of(plan)
    sites(view, plan, found, names)
    groups(view, plan, found)
    remaining(view, plan, found)
    share(view, plan)


def headline(
    view: Selection, plan: PlanSettings, answer: Plan, found: Outcome, proven: Outcome
) -> None:
    """State the finding, the proof and what a plan by hand loses."""
    count = len(found.sites)
    size = len(planner.candidates_of(replace(plan, hand=None)).frame)
    st.markdown(f"## {plan_text.headline(count, found.totals, answer, plan, view)}")
    if plan.hand is not None:
        reached = plan_pages.value_of(view, plan, found)
        gained = (found.totals["gained"], proven.totals["gained"])
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plan_text.by_hand(count, reached, gained, answer, plan, view))
            st.button(
                "Back to the proven plan",
                key="plan_back",
                icon=":material/verified:",
                on_click=plan_widgets.set_hand,
                args=(None,),
            )
    else:
        st.markdown(plan_text.proof(answer, plan, view, size))
    unit = services.engine.travel_unit(view)
    with st.container(horizontal=True):
        st.metric("People gained", text.people(found.totals["gained"]))
        st.metric(
            "Patients a year gained",
            plan_text.round_people(found.totals["patients_gained"]),
            help="Expected patients of all therapies approved today, central value; see Methods.",
        )
        if plan.objective in BURDEN:
            hours, dollars = (found.totals[f"{name}_saved"] for name in ("hours", "dollars"))
            st.metric("Patient hours saved a year", text.people(hours), help=COURSES)
            st.metric("USD saved a year", text.people(dollars), help=COURSES)
        st.metric("With a shorter way", text.people(found.totals["nearer"]))
        st.metric(
            "They save on average",
            text.impedance(found.totals["mean_saved"], view),
            help=f"In {unit}; longer trips than 300, and people without a road, count as 300.",
        )
        if plan.site_role in ("both", "mixed"):
            st.metric(
                f"Near collection, {plan_text.collects(plan, view)}",
                text.people(found.totals["collection_after"]),
                delta=text.people(
                    found.totals["collection_after"] - found.totals["collection_before"]
                ),
            )
        st.metric("Assumed cost", f"${found.totals['cost']:,.1f} million")


def edits() -> None:
    """Draw what a click on the map does, undo and redo."""
    steps = plan_widgets.history()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            "Map shows",
            list(VIEW_LABELS["shown"]),
            default="after",
            required=True,
            format_func=VIEW_LABELS["shown"].__getitem__,
            key="shown",
            bind=widgets.URL,
        )
        st.segmented_control(
            "Shade",
            ["county", "state"],
            default="county",
            required=True,
            format_func=VIEW_LABELS["level"].__getitem__,
            key="level",
            bind=widgets.URL,
        )
        st.segmented_control(
            "A click",
            list(CLICKS),
            default="detail",
            required=True,
            format_func=CLICKS.__getitem__,
            key=_MODE,
        )
        st.button(
            "Undo", key="plan_undo", icon=":material/undo:", on_click=plan_widgets.undo,
            disabled=not steps.past,
        )  # fmt: skip
        st.button(
            "Redo", key="plan_redo", icon=":material/redo:", on_click=plan_widgets.redo,
            disabled=not steps.future,
        )  # fmt: skip


def draw_map(view: Selection, plan: PlanSettings, found: Outcome, finding: str) -> None:
    """Draw the map; a click shows details, or adds and removes sites."""
    shown = {key: st.session_state.get(key) for key in ("shown", "level")}
    view = replace(view, shown=shown["shown"] or "after", level=shown["level"] or "county")
    chosen = tuple(found.sites["id"])

    def clicked(event: MapEvent) -> None:
        if _edits():  # as it stands at the click, which may come before this is drawn again
            _edit(event, chosen, plan)
        else:
            st.session_state[_PICKED] = (event.kind, event.id)

    spec = plan_pages.map_of(view, plan, found, by_hand=plan.hand is not None)
    takeout.draw_map(
        spec,
        plan_map.legend(
            view,
            by_hand=plan.hand is not None,
            collection=plan.site_role == "collection",
            kept_out=bool(plan.keep_out),
        ),
        key="plan_map",
        height=MAP_HEIGHT,
        finding=finding,
        view=view,
        stamp=plan_pages.provenance(view, plan),
        on_event=clicked,
    )
    if _edits():
        st.caption(
            "Click a small circle to open a site there, a numbered site to close it, or any other "
            "place to open a site at that point. The list below does the same by keyboard."
        )
    else:
        picked(view, plan, found)


def _edits() -> bool:
    return bool(st.session_state.get(_MODE) == "edit")


def _edit(event: MapEvent, chosen: tuple[str, ...], plan: PlanSettings) -> None:
    """Add or remove what was clicked; a callback."""
    known = planner.candidates_of(plan).ids
    if event.kind == "site" and event.id not in known:
        st.toast("This treatment centre is open already; plans add new sites.")
        return
    name = event.id
    if event.kind != "site":
        if event.spot is None or event.kind == "background":
            return
        lat, lon = (round(degrees, SPOT_DECIMALS) for degrees in event.spot)
        name = candidate_ids.point_id(lat, lon)
    after = toggled(chosen, name)
    if len(after) > MOST_IDS:
        st.toast(f"A plan by hand can have at most {MOST_IDS} sites.")
        return
    plan_widgets.set_hand(after)


def picked(view: Selection, plan: PlanSettings, found: Outcome) -> None:
    """Describe the candidate, site or county that was clicked."""
    kind, name = st.session_state.get(_PICKED, ("", ""))
    if kind == "site":
        _site_detail(view, plan, found, name)
    elif kind in ("county", "state"):
        frame = plan_pages.comparison(view, plan, found, kind)
        rows = frame[frame["group"] == name]
        if len(rows):
            with st.container(border=True):
                st.markdown(plan_text.place(rows.iloc[0], plan, view))


def _site_detail(view: Selection, plan: PlanSettings, found: Outcome, name: str) -> None:
    frame = planner.candidates_of(plan).frame
    rows = frame[frame["id"] == name]
    if rows.empty:
        return
    row = rows.iloc[0]
    inside = found.sites[found.sites["id"] == name]
    with st.container(border=True):
        st.markdown(plan_text.candidate(row))
        if len(inside):
            st.markdown(plan_text.site(inside.iloc[0], plan, view))
        chosen = tuple(found.sites["id"])
        after = toggled(chosen, name)
        with st.container(horizontal=True):
            st.button(
                "Close this site" if len(inside) else "Open a site here",
                key="plan_toggle",
                on_click=plan_widgets.set_hand,
                args=(after,),
                icon=":material/location_off:" if len(inside) else ":material/add_location_alt:",
                disabled=len(after) > MOST_IDS,
            )
            for field, label in FORCES.items():
                forced = name in getattr(plan, field)
                st.button(
                    f"{label}: undo" if forced else label,
                    key=f"plan_{field}",
                    on_click=plan_widgets.force,
                    args=(name, field),
                    icon=":material/push_pin:" if field == "keep_in" else ":material/block:",
                    help="The proven plan is searched again; changes by hand are dropped.",
                )


def sites(view: Selection, plan: PlanSettings, found: Outcome, names: dict[str, str]) -> None:
    """List the sites, with a list to change them by keyboard, and files."""
    st.markdown("### Sites of the plan")
    st.markdown(plan_text.table(found.sites, plan, view))
    number = st.column_config.NumberColumn
    unit = SAVED_UNITS[services.engine.travel_unit(view)]
    saved = {f"{name}_added" for name in BURDEN}
    columns: Columns = {
        "place": number("No.", format="%d"),
        "name": "Site",
        "role": "Role",
        "where": "Address or place",
        "people_added": number("People added", format="localized"),
        "patients_added": number("Patients", format="%.0f"),
        "hours_added": number("Hours saved", format="localized"),
        "dollars_added": number("USD saved", format="localized"),
        "people_nearer": number("Nearest for", format="localized"),
        "saved": number(f"They save, {unit}", format="%.0f"),
        "cost": number("Cost, $m", format="%.1f"),
    }
    st.dataframe(
        plan_text.sites_table(found.sites, view),
        column_config=columns,
        column_order=[
            name
            for name in columns
            if (name != "role" or plan.site_role == "mixed")
            and (name not in saved or name in found.sites)
        ],
        hide_index=True,
        placeholder="",
        alt="Sites of the plan with what each adds",
    )
    st.caption(
        "People added: whom a site newly brings within the threshold, beyond those of the sites "
        "before it in the list; patients a year, of them. Nearest for: people whose way it "
        "shortens, in the same order."
    )
    with st.container(horizontal=True):
        takeout.download(
            "Sites as CSV",
            "plan-sites",
            plan_pages.table_of(lambda: found.sites, view, plan),
        )
        takeout.download(
            "Sites as GeoJSON",
            "plan-sites-map",
            plan_pages.layer_of(found.sites, view, plan),
        )
    _load_link(view, plan, found)
    chosen = list(found.sites["id"])
    if len(chosen) > MOST_IDS:
        st.caption(f"Plans of more than {MOST_IDS} sites cannot be changed by hand.")
        return
    shown = [name for name in chosen if name in names]

    def changed(left: list[str]) -> None:
        plan_widgets.set_hand(reordered(tuple(chosen), tuple(left)))

    with st.expander("Change the sites by name", icon=":material/edit_location_alt:"):
        st.multiselect(
            "Sites of this plan",
            list(names),
            format_func=names.__getitem__,
            max_selections=MOST_IDS,
            placeholder="Type a name",
            **seeded.bound("plan_by_name", shown, changed),
        )


def _load_link(view: Selection, plan: PlanSettings, found: Outcome) -> None:
    """Lead to the load on all centres with these sites, where patients are treated in them."""
    treating = found.sites[found.sites["role"] != "collection"]
    if treating.empty or plan.source in OWN_SOURCES:
        return
    settings = PatientSettings(part="capacity", added=tuple(treating["id"]))
    st.page_link(
        str(navigation.PATIENTS.path),
        label="Load of this plan: slots, patients and the year in which centres fill",
        icon=navigation.PATIENTS.icon,
        query_params=labelled_query(view.query()) | settings.query(),
    )


def groups(view: Selection, plan: PlanSettings, found: Outcome) -> None:
    """Set coverage before and after side by side."""
    st.markdown("### Who gains")
    view = widgets.breakdown_control()
    frame = plan_pages.comparison(view, plan, found, view.by)
    st.markdown(plan_text.compared(frame, view.by, view, plan))
    unit = services.engine.travel_unit(view)
    number = st.column_config.NumberColumn
    columns: Columns = {
        "label": VIEW_LABELS["by"][view.by],
        "population": number("People", format="localized"),
        "gained": number("Gained", format="localized"),
        "before": number("Within today", format="%.1f%%"),
        "after": number("With the plan", format="%.1f%%"),
        "points": number("Points", format="%+.1f"),
        f"median_before_{unit}": number(f"Median {unit} today", format="%.0f"),
        f"median_after_{unit}": number("With the plan ", format="%.0f"),
    }
    shown = frame.assign(
        before=100 * frame["share_before"],
        after=100 * frame["share_after"],
        points=100 * (frame["share_after"] - frame["share_before"]),
    ).replace([math.inf], math.nan)
    st.dataframe(
        shown,
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder=text.UNREACHABLE,
        height=min(38 + 35 * len(shown), 390),
        alt="Coverage before and after the plan",
    )
    takeout.download(
        "Before and after as CSV", "plan-compared", plan_pages.table_of(lambda: frame, view, plan)
    )


def remaining(view: Selection, plan: PlanSettings, found: Outcome) -> None:
    """Say who remains beyond, and why."""
    st.markdown("### What remains uncovered")
    st.markdown(plan_text.left(found.left, plan, view))
    if len(found.left):
        st.dataframe(
            found.left,
            column_config={
                "reason": "Why",
                "persons": st.column_config.NumberColumn("People", format="localized"),
            },
            hide_index=True,
            placeholder="",
            alt="Why people remain beyond the threshold",
        )
        takeout.download(
            "Uncovered as CSV", "plan-left", plan_pages.table_of(lambda: found.left, view, plan)
        )


def share(view: Selection, plan: PlanSettings) -> None:
    """Give the address that reopens the plan."""
    plan = sampled(plan, plan_widgets.current())
    with st.expander("Link to this plan", icon=":material/link:"):
        base = (st.context.url or "").split("?")[0]
        st.code(f"{base}?{plan_pages.query_string(view, plan)}", language=None, wrap_lines=True)
        if plan.own_file or plan.hospital_file or view.facilities:
            st.caption("Tables of your own do not travel with a link: upload them again there.")
        stamp = plan_pages.provenance(view, plan)
        st.caption(f"{stamp.source}; {stamp.vintage}. Tables {stamp.dataset}.")


# --- Curve ----------------------------------------------------------------------------------


@st.fragment
def curve(view: Selection, plan: PlanSettings, answer: Plan) -> None:
    """Draw what each further site brings."""
    st.markdown("### What each further site brings")
    if plan.objective not in WITH_CURVE:
        st.markdown(
            "The curve is drawn for the objectives *most people within the threshold*, *most "
            "patients reached*, hours or dollars saved, and *least travel*, whose gains add up."
        )
        return
    upto = planner.curve_length(answer)
    key = (plan_pages.question_of(view, plan), upto)
    slow = plan.objective in ("p-median", *BURDEN) or plan.site_role == "mixed"
    if slow and plan_work.job_of("curve", key) is None and not st.button(
        "Prove every number of sites", key="curve_start", icon=":material/show_chart:",
        help="Takes up to a minute; it can be cancelled.",
    ):  # fmt: skip
        return
    job = plan_work.followed("curve", key, lambda: planner.drawing_curve(view, plan, upto))
    if not job.done:
        plan_work.watch("curve")
        return
    found: Curve | None = job.outcome()
    if found is None or not len(found.count):
        plan_work.failed("curve", job)
        return
    st.markdown(plan_text.curve(found, plan, view))
    hours = plan.objective == "p-median"
    unit = plan_text.curve_unit(plan, view)
    takeout.chart(
        plan_figures.curve(
            found,
            plan_pages.build_up(view, plan, answer),
            unit=unit,
            scale=plan_text.curve_scale(plan, view),
        ),
        key="plan_curve",
        finding=plan_text.curve(found, plan, view),
        view=view,
        stamp=plan_pages.provenance(view, plan),
        alt="Proven gain by number of new sites, with the ceiling and the greedy plans",
    )
    table = plan_pages.curve_table(view, plan, found)
    number = st.column_config.NumberColumn
    columns: Columns = {
        "sites": number("Sites", format="%d"),
        "gain": number("Best" + (", minutes" if hours else ""), format="localized"),
        "proven": "Proven",
        "keeps_earlier_sites": "Keeps the sites before",
        "added": "Comes in",
        "left": "Goes out",
        "greedy": number("One by one", format="localized"),
        "build_up": number(f"First of the best {int(found.count[-1])}", format="localized"),
    }
    with st.expander("Table of the curve", icon=":material/table_rows:"):
        st.dataframe(
            table,
            column_config=columns,
            column_order=list(columns),
            hide_index=True,
            placeholder="",
            alt="Best plan at every number of sites",
        )
    takeout.download("Curve as CSV", "plan-curve", plan_pages.table_of(lambda: table, view, plan))


# --- Robust choice --------------------------------------------------------------------------


@st.fragment
def robust(view: Selection, plan: PlanSettings, answer: Plan) -> None:
    """Count how often each site is chosen while the inputs vary."""
    st.markdown("### Sites that belong in every plan")
    if plan.objective not in SAMPLED or plan.site_role not in ("infusion", "collection"):
        st.markdown(
            "Samples are drawn for one role, and for the objectives *most people within the "
            "threshold*, *most patients reached* and *least travel*."
        )
        return
    st.markdown(
        "Speeds, demand and the threshold are not known exactly. Each sample draws them anew "
        "within the errors assumed below and finds the best plan again: sites chosen whatever is "
        "drawn do not hang on those assumptions."
    )
    asked = plan_widgets.errors_of_samples(plan)
    samples = asked.samples
    spread = Spread(**{name: getattr(asked, f"{name}_error") / 100 for name in ERRORS})
    key = (plan_pages.question_of(view, plan), samples, spread)
    if plan_work.job_of("robust", key) is None and not st.button(
        f"Draw {samples} samples", key="robust_start", icon=":material/casino:"
    ):
        return
    job = plan_work.followed("robust", key, lambda: planner.sampling(view, plan, samples, spread))
    if not job.done:
        plan_work.watch("robust")
        return
    found: Robust | None = job.outcome()
    if found is None or not found.samples:
        plan_work.failed("robust", job)
        return
    chosen = frozenset(planner.outcome_of(view, replace(plan, hand=None), answer).sites["id"])
    table = plan_pages.robust_table(view, plan, found, chosen)
    certain = plan_text.certain_names(table)
    st.markdown(plan_text.robust(found, certain, samples))
    st.caption(plan_text.errors(asked))
    st.markdown(plan_text.robust_map(table))
    takeout.draw_map(
        plan_pages.robust_map(view, table),
        plan_map.often_legend(view),
        key="robust_map",
        height=OFTEN_HEIGHT,
        finding=plan_text.robust_map(table),
        view=view,
        stamp=plan_pages.provenance(view, asked),
    )
    takeout.chart(
        plan_figures.robust(table.head(ROWS_DRAWN)),
        key="plan_robust",
        finding=plan_text.robust(found, certain, samples),
        view=view,
        stamp=plan_pages.provenance(view, asked),
        alt="Share of the samples in which each site is chosen, with 95% intervals",
    )
    number = st.column_config.NumberColumn
    columns: Columns = {
        "name": "Site",
        "state": "State",
        "percent": number("Chosen in", format="%.0f%%"),
        "percent_low": number("At least", format="%.0f%%"),
        "percent_high": number("At most", format="%.0f%%"),
        "in_plan": "In the plan above",
    }
    with st.expander(f"Table of the {len(table)} sites", icon=":material/table_rows:"):
        st.dataframe(
            plan_text.in_percent(table),
            column_config=columns,
            column_order=list(columns),
            hide_index=True,
            placeholder="",
            alt="How often each site is chosen",
        )
    with st.container(horizontal=True):
        takeout.download(
            "Samples as CSV", "plan-robust", plan_pages.table_of(lambda: table, view, asked)
        )
        if plan_work.stopped("robust"):
            st.button(
                "Draw all samples",
                key="robust_again",
                on_click=plan_work.forget,
                args=("robust",),
                icon=":material/refresh:",
            )
