"""Settings of the planner, bound to the URL.

The address is the one place where a plan lives: each widget shows what is there and writes into
it, by `plan_state`, so that hidden widgets keep their settings and a link reopens all of them.
"""

from dataclasses import replace
from typing import Any, Final, Literal, cast

import streamlit as st

from dashboard import errors, plan_state, plan_text, services, takeout, url_settings
from dashboard.candidates import Candidates
from dashboard.plan_history import Hand, History
from dashboard.plan_state import INDICATIONS, KEYS, LABELS, PlanSettings
from dashboard.services import plan_pages, planner
from dashboard.services import regions as regions_answers
from dashboard.settings_widgets import AddressWidgets
from dashboard.state import Selection
from dashboard.us import STATE_NAMES
from geo.errors import AtlasError

WIDGETS: Final = AddressWidgets("plan", url_settings.PLAN, LABELS)
_HISTORY: Final = "_plan_history"
_TABLES: Final = "_plan_tables"
ROLE_CHOICES: Final = tuple(LABELS["from_role"])
KINDS: Final = {"state": "", "hrr": " referral region", "cbsa": " metro area", "county": ""}
MOST: Final = {
    "count": plan_state.MOST_SITES,
    "patient_capacity": plan_state.MOST_PATIENTS,
    "samples": plan_state.MOST_SAMPLES,
}
"""Largest whole number of a setting, where it is not a number of persons."""
LEAST_SAMPLES: Final = 10
ERRORS: Final = {
    "speed": "All speeds together, %",
    "trip": "Each trip by itself, %",
    "demand": "People of each area, %",
    "threshold": "The threshold, %",
}


# --- The address ----------------------------------------------------------------------------


def arrive() -> None:
    """Reopen the plan that was left when the reader went to another page."""
    if WIDGETS.arrive("objective"):
        st.session_state.pop(_HISTORY, None)


def current() -> PlanSettings:
    """Read the plan of the address, with the session's own tables."""
    tables = st.session_state.get(_TABLES, {})
    for digest, table in tables.values():
        planner.keep(digest, table)
    return replace(
        cast(PlanSettings, WIDGETS.current()),
        own_file=tables["file"][0] if "file" in tables else "",
        hospital_file=tables["hospitals"][0] if "hospitals" in tables else "",
    )


def left() -> PlanSettings | None:
    """Give the plan that was left on the planner's page; None when there was none."""
    query = st.session_state.get(WIDGETS.left)
    if not query:
        return None
    return plan_state.parse(query, known=services.engine.known()).plan


# --- Edits by hand --------------------------------------------------------------------------


def history() -> History:
    """Give the steps that can be undone and redone."""
    found: History = st.session_state.get(_HISTORY, History())
    return found


def set_hand(hand: Hand) -> None:
    """Take another plan by hand, or None for the solver's, as a step that can be undone."""
    plan = current()
    if hand == plan.hand:
        return
    st.session_state[_HISTORY] = history().edited(plan.hand)
    WIDGETS.write(replace(plan, hand=hand))


def force(name: str, field: Literal["keep_in", "keep_out"]) -> None:
    """Force a candidate in or out of the proven plan, or stop forcing it; a callback."""
    plan = current()
    other: Literal["keep_in", "keep_out"] = "keep_out" if field == "keep_in" else "keep_in"
    forced: tuple[str, ...] = getattr(plan, field)
    kept = tuple(one for one in forced if one != name)
    changes: dict[str, Any] = {field: kept if name in forced else (*kept, name)}
    changes[other] = tuple(one for one in getattr(plan, other) if one != name)
    WIDGETS.write(replace(plan, hand=None, **changes))


def undo() -> None:
    """Go one step back; a callback."""
    plan = current()
    st.session_state[_HISTORY], hand = history().undone(plan.hand)
    WIDGETS.write(replace(plan, hand=hand))


def redo() -> None:
    """Take one step again; a callback."""
    plan = current()
    st.session_state[_HISTORY], hand = history().redone(plan.hand)
    WIDGETS.write(replace(plan, hand=hand))


def reset() -> None:
    """Return to the defaults; a callback."""
    WIDGETS.write(plan_state.DEFAULT)


# --- Controls -------------------------------------------------------------------------------


def controls(view: Selection) -> PlanSettings:
    """Draw all settings, and return those that can be used together, the usual samples with them.

    Other samples make no other plan; `errors_of_samples` draws them.
    """
    arrive()
    asked = current()
    checked = plan_state.checked(asked)
    plan = checked.plan
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _select("Best is", "objective", plan, width=270)
        if plan.objective != "lscp":
            _whole("New sites", "count", plan, 0, width=120)
        _select("They open as", "site_role", plan, width=205)
        _select("Candidates", "source", asked, width=190)
    with st.container(horizontal=True):
        with st.popover("Which candidates", icon=":material/filter_alt:"):
            _candidates(asked)
        with st.popover("Who counts", icon=":material/groups:"):
            _who(plan)
        with st.popover("Costs and limits", icon=":material/payments:"):
            _costs(plan, view)
        found, problems = _gathered(plan)
        with st.popover("Forced in or out", icon=":material/push_pin:"):
            _forced(plan, found)
        st.button(
            "Defaults", on_click=reset, key="plan_reset", icon=":material/restart_alt:",
            disabled=plan == plan_state.DEFAULT,
        )  # fmt: skip
    st.caption(plan_text.objective_line(plan, view))
    if found is not None:
        again = plan_state.checked(plan, found.ids)
        plan, problems = again.plan, [*problems, *checked.problems, *again.problems]
        if note := found.note():
            st.caption(f"{len(found.frame):,} candidates. {note}")
    if asked.source != plan.source:
        st.info(
            "Upload your table under *Which candidates*; until then communities are the "
            "candidates.",
            icon=":material/upload_file:",
        )
    elif problems:
        st.warning(
            errors.listing([plan_text.plain(problem) for problem in problems]),
            title="Not everything could be used",
            icon=":material/edit_off:",
        )
    WIDGETS.keep(asked)
    return plan_state.sampled(plan)


def _gathered(plan: PlanSettings) -> tuple[Candidates | None, list[str]]:
    try:
        return planner.candidates_of(plan), []
    except AtlasError as error:
        return None, list(getattr(error, "problems", (str(error),)))


def _candidates(plan: PlanSettings) -> None:
    if plan.source in ("file", "hospitals"):
        _upload(plan.source)
    _region(plan)
    _whole(
        "Smallest metro area or county, people", "size", plan, 0, step=10_000,
        hint="Of the candidate's metro area, or of its county outside metro areas.",
    )  # fmt: skip
    if plan.source == "communities":
        _whole(
            "Also counties from so many people on", "county_people", plan, 0, step=10_000,
            hint="0 for none. Counties whose main place is near that of their metro area are "
            "left out.",
        )  # fmt: skip
    if plan.source == "blood_centers":
        _select("Blood centres by role", "from_role", plan)
        st.selectbox(
            "Blood centres by network",
            ["", *services.engine.networks()],
            format_func=lambda name: name or "Any network",
            **WIDGETS.bound("from_network", plan.from_network),
        )
        st.toggle(
            "Include facilities of low confidence",
            **WIDGETS.bound("from_low", plan.from_low),
        )


def _region(plan: PlanSettings) -> None:
    kind = plan.where.partition(":")[0]
    options = [""] + [f"state:{code}" for code in STATE_NAMES if code]
    names = {"": "The whole country"} | {f"state:{c}": n for c, n in STATE_NAMES.items()}
    for other in ("hrr", "cbsa"):
        listed = regions_answers.labels(other)
        options += [f"{other}:{code}" for code in listed]
        names |= {f"{other}:{code}": label + KINDS[other] for code, label in listed.items()}
    if kind == "county":
        names[plan.where] = regions_answers.labels("county").get(plan.where[7:], plan.where)
    if plan.where not in options:
        options.append(plan.where)
    st.selectbox(
        "Candidates in",
        options,
        format_func=lambda key: names.get(key, key),
        **WIDGETS.bound("where", plan.where),
        help="State, metro area or referral region; type to search. Whose people count is the "
        "state in focus on the left.",
    )


def _upload(source: str) -> None:
    label = "Your sites (CSV)" if source == "file" else "Hospitals of CMS or HIFLD (CSV)"
    held = st.session_state.get(_TABLES, {})
    st.markdown(
        "Columns `name`, `lat`, `lon`; if you like `id`, `cost` (million USD), `capacity` "
        "(people), `forced` (`in` or `out`), `address`, `state`."
        if source == "file"
        else "The file *Hospital General Information* of CMS or *Hospitals* of HIFLD, as published."
    )
    file = st.file_uploader(label, type="csv", key=f"plan_upload_{source}")
    if source == "file":
        takeout.download("Template", "sites-template", plan_pages.sites_template)
    if file is not None:
        with errors.reported("Correct the file and upload it again; nothing has changed."):
            content = file.getvalue()
            digest, table, count = plan_pages.read_table(source, content)
            if held.get(source, ("",))[0] != digest:
                st.session_state[_TABLES] = held | {source: (digest, table)}
                st.rerun()
            st.success(f"{count:,} rows can be used.", icon=":material/check:")
    elif source in held:
        st.caption("The table uploaded before is in use.")
    st.caption(
        "The file is read in memory, in this browser tab only. A link to this page does not carry "
        "it."
    )


def _who(plan: PlanSettings) -> None:
    if plan.objective not in plan_state.COUNTS_PATIENTS:
        _select("Count", "demand", plan)
    if plan.counts == "patients":
        st.multiselect(
            "Patients with",
            list(INDICATIONS),
            format_func=INDICATIONS.__getitem__,
            **WIDGETS.bound("indications", list(plan.indications), tuple),
            placeholder="All diseases",
        )
    st.markdown("A person counts so many times more who")
    for name, text_ in (
        ("rural", "lives in a rural area"),
        ("low_income", "is below the poverty line"),
        ("no_vehicle", "has no vehicle at home"),
    ):
        _number(text_, name, plan, 1.0, plan_state.MOST_WEIGHT, step=0.5)
    if plan.objective == "worst-off":
        _select("Groups by", "worst_by", plan)
    if plan.objective == "backup":
        _number("Worth of a second site, share of the first", "backup_weight", plan, 0.0, 1.0, 0.1)


def _costs(plan: PlanSettings, view: Selection) -> None:
    if plan.site_role != "infusion":
        _number(
            f"Collection within ({view.metric})", "collect_within", plan, 1.0, 300.0, step=5.0,
            hint="Infusion has the threshold on the left.",
        )  # fmt: skip
    st.number_input(
        "Budget, million USD",
        min_value=0.0,
        max_value=plan_state.MOST_COST,
        step=1.0,
        format="%g",
        **WIDGETS.bound("budget", plan.budget),
        placeholder="No limit",
    )
    st.markdown("**Assumed cost of a new site**, million USD, where your file gives none")
    for name, text_ in (
        ("cost_infusion", "Infusion"),
        ("cost_collection", "Collection"),
        ("cost_both", "Both"),
    ):
        _number(text_, name, plan, 0.0, plan_state.MOST_COST, step=0.5)
    if plan.objective == "capacitated" and plan.counts == "patients":
        _whole("Assumed capacity of a site, patients a year", "patient_capacity", plan, 1, step=10)
    elif plan.objective == "capacitated":
        _whole("Assumed capacity of a site, people", "capacity", plan, 1, step=10_000)
    _select("New sites in one place", "one_per", plan)
    far = plan_text.KM_PER[view.units]
    st.number_input(
        f"New sites at least so far apart, {view.units}",
        min_value=0.0,
        max_value=round(plan_state.MOST_SPACING_KM / far, 1),
        step=5.0,
        format="%g",
        **WIDGETS.bound(
            "spacing_km",
            round(plan.spacing_km / far, 1),
            lambda shown: min(shown * far, plan_state.MOST_SPACING_KM),
        ),
        help="In a straight line; 0 for no limit.",
    )


def _forced(plan: PlanSettings, found: Candidates | None) -> None:
    if found is None:
        st.markdown("There are no candidates yet.")
        return
    names = plan_pages.names_of(plan)
    for name, text_ in (("keep_in", "Sites that must open"), ("keep_out", "Sites that must not")):
        chosen = [one for one in getattr(plan, name) if one in names]
        st.multiselect(
            text_,
            list(names),
            format_func=names.__getitem__,
            **WIDGETS.bound(name, chosen, tuple),
            max_selections=plan_state.MOST_SITES,
            placeholder="Type a name",
        )


def errors_of_samples(plan: PlanSettings) -> PlanSettings:
    """Draw number of samples and errors; returns the plan with those of the address."""
    plan = plan_state.sampled(plan, current())
    with st.expander("Samples and assumed errors", icon=":material/tune:"):
        _whole("Samples", "samples", plan, LEAST_SAMPLES, step=10)
        for name, text_ in ERRORS.items():
            _number(text_, f"{name}_error", plan, 0.0, plan_state.MOST_ERROR, step=0.5)
        st.caption(
            "One standard error each, on a logarithmic scale. Speeds and trips as found against "
            "real trips (Methods, Uncertainty); demand and threshold are assumptions."
        )
    return plan


def _select(text_: str, name: str, plan: PlanSettings, width: int | None = None) -> None:
    labels = LABELS[KEYS[name]]
    st.selectbox(
        text_,
        list(labels),
        format_func=labels.__getitem__,
        **WIDGETS.bound(name, getattr(plan, name)),
        width=width or "stretch",
    )


def _whole(
    text_: str,
    name: str,
    plan: PlanSettings,
    least: int,
    *,
    step: int = 1,
    hint: str | None = None,
    width: int | None = None,
) -> None:
    most = MOST.get(name, plan_state.MOST_PERSONS)
    st.number_input(
        text_,
        min_value=least,
        max_value=most,
        step=step,
        **WIDGETS.bound(name, max(getattr(plan, name), least)),
        help=hint,
        width=width or "stretch",
    )


def _number(
    text_: str,
    name: str,
    plan: PlanSettings,
    least: float,
    most: float,
    step: float,
    hint: str | None = None,
) -> None:
    st.number_input(
        text_,
        min_value=least,
        max_value=most,
        step=step,
        format="%g",
        **WIDGETS.bound(name, float(getattr(plan, name))),
        help=hint,
    )
