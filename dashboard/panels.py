"""Blocks of a page: a view in, elements drawn. Numbers come from `services`, words from `text`."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import (
    address,
    bands_panels,
    details,
    drawings,
    map_spec,
    navigation,
    services,
    takeout,
    text,
    widgets,
)
from dashboard.map_layers import MapEvent
from dashboard.plan_state import PlanSettings, labelled_query, query_of
from dashboard.services import catchments as catchments_answers
from dashboard.services import openings as openings_answers
from dashboard.services import regions as regions_answers
from dashboard.state import Selection

if TYPE_CHECKING:
    import plotly.graph_objects as go


def headline(view: Selection) -> None:
    """State the main finding with its uncertainty, or why there is none."""
    found = services.coverage.headline(view)
    if missing := services.coverage.without_centre(view):
        st.warning(
            text.no_centre(missing, own=bool(view.facilities)),
            title="No centre to travel to",
            icon=":material/location_off:",
        )
    st.markdown(f"## {text.headline(found.beyond, view)}")
    st.markdown(
        text.headline_detail(
            share_beyond=found.share_beyond,
            share_low=found.share_beyond_low,
            share_high=found.share_beyond_high,
            beyond_low=found.beyond_low,
            beyond_high=found.beyond_high,
            selection=view,
        )
    )


def key_figures(view: Selection) -> None:
    """Four numbers that the headline leaves out."""
    found = services.coverage.headline(view)
    median = services.coverage.median(view)
    with st.container(horizontal=True):
        st.metric(f"Within {text.threshold(view)}", text.people(found.covered))
        st.metric(
            "Half live within",
            text.impedance(median.value, view),
            help=f"90% band {text.impedance(median.low, view)} to "
            f"{text.impedance(median.high, view)}.",
        )
        st.metric("No road to any centre", text.people(found.unreachable))
        st.metric(
            "Centres counted",
            f"{services.coverage.counted_centres(view):,}",
            help=text.centres_help(services.coverage.documented_centres(view), view),
        )


@st.fragment
def overview_map(view: Selection, height: int) -> None:
    """Draw the national map with its legend."""
    takeout.draw_map(
        services.maps.overview_map(view),
        map_spec.legend(view, blood=False),
        key="overview_map",
        height=height,
        finding=text.headline(services.coverage.headline(view).beyond, view),
        view=view,
    )


def curve(view: Selection) -> None:
    """Draw how coverage grows with the threshold."""
    result = services.coverage.curve(view)
    drawing = drawings.curve(
        services.coverage.curve_axis(result, view),
        result.share_covered,
        result.share_low,
        result.share_high,
        at=(view.within, services.coverage.headline(view).share_covered),
        unit=view.metric,
        dark=st.context.theme.type == "dark",
    )
    st.image(
        drawing,
        width="stretch",
        alt=f"Share of {text.audience(view)} within each threshold, {text.place(view.state)}",
    )
    st.caption("Shade: 90% band from errors in travel times and in where people live.")
    found = services.coverage.headline(view)
    takeout.picture(
        "coverage_curve",
        takeout.drawn_later(partial(curve_figure, view)),
        text.covered_sentence(found.share_covered, view),
        view,
    )


def curve_figure(view: Selection) -> "go.Figure":
    """Draw the same for a picture."""
    from dashboard import figures  # noqa: PLC0415 - plotly, which the page does without

    result = services.coverage.curve(view)
    return figures.coverage_curve(
        services.coverage.curve_axis(result, view),
        (result.share_covered, result.share_low, result.share_high),
        at=(view.within, services.coverage.headline(view).share_covered),
        unit=view.metric,
    )


def worst_places(view: Selection, count: int) -> None:
    """Rank the states, or the counties of the state in focus, by the share beyond."""
    frame = services.coverage.worst_states(view, count)
    finding = text.worst_places(frame["label"].tolist(), frame["share_beyond"].tolist(), view)
    st.markdown(finding)
    words = [
        f"{text.percent(share, 0)}, {text.people(beyond)}"
        for share, beyond in zip(frame["share_beyond"], frame["beyond"], strict=True)
    ]
    takeout.bars(
        list(zip(frame["label"], frame["share_beyond"], words, strict=True)),
        key="worst_places",
        title="Share of people beyond the threshold",
        finding=finding,
        view=view,
    )


def hospital_shares(view: Selection) -> None:
    """Compare the hospitals that count with all US hospitals, by each count of them."""
    frame = services.coverage.hospital_shares(view)
    finding = text.hospital_sentence(frame["certified"].tolist(), frame["share"].tolist(), view)
    st.markdown(finding)
    takeout.bars(
        [
            (f"of {count:,}", share, text.percent(share))
            for count, share in zip(frame["hospitals"], frame["share"], strict=True)
        ],
        key="hospital_shares",
        title="Share of US hospitals that count, by each count of hospitals",
        finding=finding,
        view=view,
        scale=services.coverage.scaled([1.0])[0],
        mark=(text.FEW, "5%"),
    )
    st.caption(
        "  \n".join(
            f"{count:,}: {label} ({source}, {vintage})"
            for count, label, source, vintage in zip(
                frame["hospitals"], frame["label"], frame["source"], frame["vintage"], strict=True
            )
        )
    )


@st.fragment
def atlas_map(view: Selection, height: int) -> None:
    """Draw every layer; a click selects a county or a site and shows its detail below."""
    view = services.maps.with_clicked(view, address.single(widgets.DERIVED_KEYS))

    def clicked(event: MapEvent) -> None:
        widgets.select_on_map(event.kind, event.id)

    spec = regions_answers.around_search(services.maps.full_map(view), view)
    banded = view.level == "bands"
    if banded:
        spec = bands_panels.on_map(spec, view)
    takeout.draw_map(
        spec,
        bands_panels.legend(view) if banded else map_spec.legend(view, blood=True),
        key="atlas_map",
        height=height,
        finding=text.headline(services.coverage.headline(view).beyond, view),
        view=view,
        on_event=clicked,
    )
    if banded:
        bands_panels.detail(view)
    if view.county:
        county_detail(view)
    if view.site:
        site_detail(view)


def county_detail(view: Selection) -> None:
    """Describe the selected county."""
    found = services.maps.county(view)
    people = found.headline
    with st.container(border=True):
        st.subheader(found.label)
        if not people.population:
            st.markdown("Nobody lives here, so there is nothing to count.")
            return
        st.markdown(text.county_sentence(found, view))
        with st.container(horizontal=True):
            st.metric("People", text.people(people.population))
            st.metric(f"Within {text.threshold(view)}", text.people(people.covered))
            st.metric("Beyond it, by road", text.people(people.beyond - people.unreachable))
            st.metric("No road to any centre", text.people(people.unreachable))
            st.metric("No data", text.people(people.no_data))


def site_detail(view: Selection) -> None:
    """Describe the selected treatment or blood centre with every claim and its evidence."""
    site = services.maps.site_card(view)
    with st.container(border=True):
        st.subheader(site.name)
        st.markdown("  \n".join(site.lines))
        people = st.container()
        if not site.claims.empty:
            st.markdown(details.claim_lines(site.claims))
        with people:  # last, as it takes a search of the roads: the evidence is there meanwhile
            site_catchment(view)
            site_opening(view)


def site_opening(view: Selection) -> None:
    """Say what the selected blood centre would change; nothing for any other site."""
    found = openings_answers.one(view)
    if found is None:
        return
    reach, who = text.threshold(view), text.audience(view)
    st.markdown(text.opening_sentence(found, view))
    with st.container(horizontal=True):
        st.metric(
            f"Newly within {reach}",
            text.people(found.newly),
            help=f"{who.capitalize()} who are within the threshold of no centre today, if this "
            "blood centre gave the treatment to all of them.",
        )
        st.metric("Nearest centre for", text.people(found.nearest), help="At any distance.")
    plan = PlanSettings(source="blood_centers", from_low=True, count=1, keep_in=(view.site,))
    st.page_link(
        str(navigation.PLANNER.path),
        label="Open it in the expansion planner",
        icon=navigation.PLANNER.icon,
        query_params=labelled_query(query_of(replace(view, site=""), plan)),
    )


def site_catchment(view: Selection) -> None:
    """Count the people of the selected treatment centre; nothing for any other site."""
    with st.spinner("Driving from every ZIP area to it"):
        found = catchments_answers.one(view)
    if found is None:
        return
    reach = text.threshold(view)
    with st.container(horizontal=True):
        st.metric(
            f"Within {reach} of it",
            text.people(found.within),
            help=f"{text.audience(view).capitalize()} whom it treats, whatever else is near.",
        )
        st.metric("Nearest centre for", text.people(found.nearest), help="At any distance.")
        st.metric(
            f"Beyond {reach} without it",
            text.people(found.lost),
            help="Of those for whom it is the nearest: within the threshold only thanks to it.",
        )
    st.markdown(text.catchment_sentence(found, view))
