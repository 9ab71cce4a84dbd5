"""Blocks of the Compare page."""

from dataclasses import asdict
from functools import partial
from itertools import chain
from typing import Final, cast

import pandas as pd
import streamlit as st

from dashboard import (
    comparison_state,
    comparison_text,
    plan_widgets,
    plan_work,
    scenario_shell,
    seeded,
    situations,
    state,
    takeout,
    text,
    url_fields,
    url_settings,
    widgets,
)
from dashboard.comparison import Headline, Way
from dashboard.comparison_state import ComparisonSettings
from dashboard.exports import Provenance, Table
from dashboard.plan_state import PlanSettings
from dashboard.scenario_shell import KEYS_OF_SESSION
from dashboard.services import comparison as answers
from dashboard.services import regions
from dashboard.services import scenarios as saved
from dashboard.services.comparison import Asked
from dashboard.settings_widgets import AddressWidgets
from dashboard.situations import Situation
from dashboard.state import Breakdown, Places, Selection
from dashboard.widgets import Columns
from geo.errors import AtlasError

MAP_HEIGHT: Final = 480
WIDGETS: Final = AddressWidgets("compare", url_settings.COMPARISON, comparison_state.LABELS)
OTHER: Final = "other"


def draw(view: Selection) -> None:
    """Choose two situations, then say what lies between them."""
    WIDGETS.arrive("a")
    settings = cast(ComparisonSettings, WIDGETS.current())
    WIDGETS.keep(settings)
    sides(settings)
    plan = plan_widgets.left()
    if not settings.b:
        nothing(view)
        return
    a, b = situations.told_apart(
        answers.situation_of(settings.a, view, plan), answers.situation_of(settings.b, view, plan)
    )
    cautions(a, b)
    one, two = answer(a, "compare_a"), answer(b, "compare_b")
    if one is None or two is None:
        return
    way = answers.way_of(settings, a, b)
    with st.spinner("Counting both sides"):
        found = answers.headline(one, two, way)
    query = url_fields.query_string(view.query() | settings.query())
    results(Comparison(view, settings, one, two, way, found, answers.provenance(view, query)))


class Comparison:
    """Everything that the blocks below draw.

    Parameters
    ----------
    view, settings, a, b, way, found, stamp
        Settings on the left and of the page, both sides, travel to where, the headline, and where
        the figures are from.
    """

    def __init__(
        self,
        view: Selection,
        settings: ComparisonSettings,
        a: Asked,
        b: Asked,
        way: Way,
        found: Headline,
        stamp: Provenance,
    ) -> None:
        self.view, self.settings = view, settings
        self.a, self.b, self.way = a, b, way
        self.found, self.stamp = found, stamp
        self.pair = answers.pair(a, b, way)
        self.finding = comparison_text.finding(found, self.pair)

    def table(self, frame: pd.DataFrame) -> Table:
        """Offer a table as a file, with the names of both sides on each row."""
        names = {"side_a": self.a.situation.name, "side_b": self.b.situation.name}
        return Table(lambda: frame.assign(**names), self.stamp)


def sides(settings: ComparisonSettings) -> None:
    """Draw the choice of both situations."""
    options = choices()
    left, right = st.columns(2)
    for column, name, label in ((left, "a", "A"), (right, "b", "B")):
        with column:
            reference = getattr(settings, name)
            listed = reference in options
            st.selectbox(
                f"Situation {label}",
                [*options, OTHER],
                format_func=lambda key: options.get(key, "A link or a scenario by its link"),
                **seeded.bound(
                    WIDGETS.key_of(name), reference if listed else OTHER, partial(chosen, name)
                ),
            )
            if not listed:
                st.text_input(
                    "Its link",
                    reference,
                    key=f"compare_link_{name}",
                    placeholder="https://.../planner?count=10",
                    on_change=pasted,
                    args=(name,),
                )
    if problem := st.session_state.pop("_compare_problem", ""):
        st.warning(problem, icon=":material/link_off:")


def choices() -> dict[str, str]:
    """Name what can be compared, by reference."""
    found = {
        "": "Choose",
        situations.BASELINE: "Today's centres",
        situations.VIEW: "The planner's present plan",
    }
    try:
        own = tuple(st.session_state.get(KEYS_OF_SESSION, {}))
        for one in saved.opened().listed(own):
            found[one.token] = f"{one.name} ({one.saved[:10]})"
    except AtlasError as error:
        st.info(f"Scenarios cannot be listed: {error}", icon=":material/database:")
    return found


def chosen(name: str, value: str) -> None:
    """Write a chosen situation into the address; a callback."""
    if value != OTHER:
        WIDGETS.change(**{name: value})
    else:
        WIDGETS.change(**{name: "overview?"})


def pasted(name: str) -> None:
    """Write a pasted link into the address, or say what is wrong with it; a callback."""
    words = st.session_state[f"compare_link_{name}"]
    try:
        WIDGETS.change(**{name: situations.read(words)})
    except ValueError as error:
        st.session_state["_compare_problem"] = f"{text.literal(words[:80])} {error}."


def nothing(view: Selection) -> None:
    """Say what to do when there is nothing to compare with, and offer comparisons to begin with."""
    st.markdown("## Set any two situations side by side")
    st.markdown(
        f"A is today's centres, seen as on the left: {text.parameters(view)}. Choose B: the plan "
        "of the Expansion planner, a saved scenario, or paste the link of any view or plan."
    )
    st.markdown("##### Or begin with one of these")
    with st.container(horizontal=True):
        for number, (label, reference) in enumerate(comparison_state.beginnings(view)):
            st.button(
                label,
                key=f"compare_begin_{number}",
                on_click=WIDGETS.change,
                kwargs={"a": situations.BASELINE, "b": reference},
            )


def cautions(a: Situation, b: Situation) -> None:
    """Say what of either side could not be used, and what its reader must know."""
    for letter, one in (("A", a), ("B", b)):
        for problem in one.problems:
            st.warning(f"{letter}: {problem}", icon=":material/link_off:")
        for note in one.notes:
            st.info(f"{letter}: {note}", icon=":material/history:")
    found = situations.differing(a, b, named=region_name)
    with st.expander(comparison_text.differing_sentence(a, b, len(found))):
        st.table(
            pd.DataFrame(
                [asdict(one) for one in found] or {"setting": [], "a": [], "b": []}
            ).rename(columns={"setting": "Setting", "a": f"A: {a.name}", "b": f"B: {b.name}"}),
            hide_index=True,
            border="horizontal",
            alt="Settings in which both differ",
        )


def region_name(key: str) -> str:
    """Name a region such as "hrr:226"."""
    kind, _, code = key.partition(":")
    names = regions.labels(cast(Places, kind)) if kind in state.LABELS["places"] else {}
    return names.get(code, key)


def answer(situation: Situation, kind: str) -> Asked | None:
    """Solve the plan of a side, with progress; None while there is no answer."""
    if situation.plan is None or situation.plan.hand is not None:
        return answers.asked(situation, None)
    plan: PlanSettings = situation.plan
    found = plan_work.answer(situation.view, plan, kind=kind)
    return None if found is None else answers.asked(situation, found)


def results(shown: Comparison) -> None:
    """Draw everything about the difference."""
    st.markdown(f"## {shown.finding}")
    st.markdown(comparison_text.detail(shown.found, shown.pair))
    for proof in (shown.a.proof, shown.b.proof):
        if proof:
            st.caption(proof)
    sides = [
        comparison_text.figures_of(side, shown.found, letter)
        for side, letter in ((shown.pair.a, "A"), (shown.pair.b, "B"))
    ]
    scenario_shell.found(shown.finding, chain.from_iterable(sides))
    for figures in sides:
        with st.container(horizontal=True):
            for label, value in figures:
                st.metric(label, value)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        WIDGETS.choice("Map shows the change of", "change", shown.settings)
        WIDGETS.choice("Travel to", "way", shown.settings)
    change_map(shown)
    places(shown)
    gaps(shown)
    sites(shown)


@st.fragment
def change_map(shown: Comparison) -> None:
    """Shade the counties by their change."""
    spec, key = answers.map_of(shown.a, shown.b, shown.way, shown.settings.change)
    takeout.draw_map(
        spec,
        key,
        key="compare_map",
        height=MAP_HEIGHT,
        finding=shown.finding,
        view=shown.pair.b.view,
        stamp=shown.stamp,
    )


def places(shown: Comparison) -> None:
    """Set states, or the counties of one, side by side."""
    by: Breakdown = "county" if shown.pair.a.view.state else "state"
    kind = "county" if by == "county" else "state"
    frame = answers.places(shown.a, shown.b, shown.way, by)
    st.markdown(f"### By {kind}")
    sentence = comparison_text.places_sentence(frame, kind)
    st.markdown(sentence)
    if (frame["covered_change"] != 0).any():
        takeout.chart(
            comparison_text.places_chart(frame),
            key="compare_places",
            alt=f"Share within the threshold in A and in B by {kind}",
            finding=sentence,
            view=shown.pair.b.view,
            stamp=shown.stamp,
        )
    number = st.column_config.NumberColumn
    unit = shown.pair.unit
    columns: Columns = {
        "label": kind.capitalize(),
        "covered_a": number("Within, A", format="localized"),
        "covered_b": number("Within, B", format="localized"),
        "covered_change": number("Change", format="localized"),
        "percent_a": number("Share, A", format="%.1f%%"),
        "percent_b": number("Share, B", format="%.1f%%"),
        "points": number("Points", format="%+.1f"),
        "median_a": number(f"Median {unit}, A", format="%.0f"),
        "median_b": number(f"Median {unit}, B", format="%.0f"),
    }
    _table(comparison_text.places_table(frame), columns, f"Both sides by {kind}")
    takeout.download("Places as CSV", "compare-places", shown.table(frame))


def gaps(shown: Comparison) -> None:
    """Compare how unequal both are."""
    st.markdown("### Equity")
    with st.spinner("Ranking people by income and by travel"):
        frame = answers.gaps(shown.a, shown.b, shown.way)
    st.markdown(comparison_text.gaps_sentence(frame))
    number = st.column_config.NumberColumn
    columns: Columns = {
        "measure": "Measure",
        "about": st.column_config.TextColumn("Of", width="medium"),
        "unit": "In",
        "a": number("A", format="%.2f"),
        "b": number("B", format="%.2f"),
        "change": number("B less A", format="%+.2f"),
    }
    _table(comparison_text.gaps_table(frame, shown.pair.unit), columns, "Gaps of both sides")
    takeout.download("Equity as CSV", "compare-equity", shown.table(frame))


def sites(shown: Comparison) -> None:
    """List the sites of one side only, then those of both."""
    st.markdown("### Sites")
    frame = answers.sites(shown.a, shown.b, shown.way)
    st.markdown(comparison_text.sites_sentence(frame))
    columns: Columns = {
        "where": "Open",
        "name": st.column_config.TextColumn("Site", width="medium"),
        "kind": "Kind",
        "role_a": "Role in A",
        "role_b": "Role in B",
        "city": "Town",
        "state": "State",
    }
    _table(frame, columns, "Sites of both sides")
    takeout.download("Sites as CSV", "compare-sites", shown.table(frame))


def _table(frame: pd.DataFrame, columns: Columns, alt: str) -> None:
    st.dataframe(
        frame,
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt=alt,
    )


def page() -> None:
    """Draw the page."""
    draw(widgets.selection())
