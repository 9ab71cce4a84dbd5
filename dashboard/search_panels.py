"""Blocks of the search: its answer, and what else may be meant."""

from collections.abc import Iterable

import streamlit as st

from dashboard import navigation, services, text, widgets
from dashboard.places import Found, Match
from dashboard.services import regions as regions_answers
from dashboard.state import Selection, labelled_query


def answer(view: Selection) -> None:
    """Say what was found on the Map page, and from a place the nearest centres."""
    found = services.maps.search(view)
    if not _said(view, found):
        return
    match = found.match
    if match is None:
        _alternatives(found.others, "Similar")
        return
    if found.place is not None:
        _nearest(view, found.place.label)
    elif match.region:
        _region(match)
    else:
        st.markdown(f"{text.literal(match.label)}: see below the map.")
    _alternatives(found.others, "Also")


def region_answer(view: Selection) -> None:
    """Say what was found on the Region page, and offer the regions that hold it."""
    found = services.maps.search(view)
    if not _said(view, found):
        return
    if found.match is None:
        _alternatives(found.others, "Similar")
        return
    holding = regions_answers.containing(found.match)
    if not found.match.region and holding:
        st.caption(f"{text.literal(found.match.label)} lies in these regions; open another:")
        with st.container(horizontal=True, key="search_regions"):
            for region in holding.values():
                st.button(
                    region.title,
                    key=f"open_{region.key}",
                    on_click=widgets.open_region,
                    args=(region.key,),
                )
    _alternatives(found.others, "Also")


def _said(view: Selection, found: Found) -> bool:
    """Say what has to be said about a search; whether there was one."""
    if not view.near:
        if st.session_state.get("near"):
            st.warning(
                "Search for letters, digits and plain punctuation only.",
                icon=":material/search_off:",
            )
        return False
    if found.match is None:
        st.warning(text.literal(found.note), icon=":material/search_off:")
    elif found.note:
        st.caption(text.literal(found.note))
    return True


def _alternatives(others: Iterable[Match], word: str) -> None:
    """Offer what else may be meant, as buttons that search for it."""
    listed = list(others)
    if not listed:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="search_others"):
        st.caption(f"{word}:", width="content")
        for number, match in enumerate(listed):
            st.button(
                match.label,
                key=f"search_other_{number}",
                type="tertiary",
                on_click=widgets.search_for,
                args=(match.label,),
            )


def _region(match: Match) -> None:
    """Offer the page of a region, and for a state the focus on it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if match.kind == "state":
            st.button(
                f"Focus on {match.label}",
                icon=":material/center_focus_strong:",
                on_click=widgets.focus_on,
                args=(match.code,),
                key="focus_on",
            )
        query = widgets.selection().query() | {"region": match.region}
        st.page_link(
            str(navigation.REGION.path),
            label=f"Everything about {match.label}: people, sites, gaps, rank",
            icon=":material/location_city:",
            query_params={key: v for key, v in labelled_query(query).items() if key != "near"},
        )


def _nearest(view: Selection, label: str) -> None:
    treatment = services.maps.nearest(view).treatment
    minutes, names = treatment["minutes"].tolist(), treatment["name"].tolist()
    st.markdown(text.nearest_sentence(label, minutes, names))
    frame = services.maps.nearest_table(view)
    if not frame.empty:
        st.table(frame, hide_index=True, border="horizontal", alt="Nearest centres")
