"""Blocks of the Consortium page."""

from collections.abc import Callable
from typing import Final, Literal, cast

import pandas as pd
import streamlit as st

from dashboard import links, register_state, register_views, takeout, text, url_settings
from dashboard.register_state import RegisterView
from dashboard.services import register as answers
from dashboard.settings_widgets import AddressWidgets
from dashboard.state import Selection
from dashboard.widgets import Columns
from data.content_schemas import PRECEDENT_KINDS
from data.register import Register

MAP_HEIGHT: Final = 440
WIDGETS: Final = AddressWidgets("register", url_settings.REGISTER, register_state.LABELS)


def draw(view: Selection) -> None:
    """Draw the chosen part of the register."""
    WIDGETS.arrive("part")
    shown = cast(RegisterView, WIDGETS.current())
    WIDGETS.keep(shown)
    found = answers.content()
    st.markdown("## Who can bring advanced therapies nearer home")
    st.markdown(register_views.about(found))
    WIDGETS.choice("Part", "part", shown, width=None)
    PARTS[shown.part](found, view)


def members(found: Register, view: Selection) -> None:  # noqa: ARG001 - as every part
    """State what the members bring."""
    st.markdown(f"### {register_views.members_sentence(found)}")
    brought = register_views.capabilities(found)
    centred = st.column_config.TextColumn(alignment="center")
    table(
        brought,
        "What each member brings",
        dict.fromkeys(brought.columns[1:], centred),
        height="content",
    )
    frame = register_views.contributions(found)
    st.markdown("##### In detail, with sources")
    table(frame, "What each member brings, with sources", _LINKS)
    takeout.download("Members as CSV", "members", answers.table_of(frame))
    if found.related:
        st.markdown("##### Related, membership not verified")
        table(
            pd.DataFrame(found.related)[["name", "reason", "source"]].rename(columns=str.title),
            "Related organisations",
            _LINKS,
        )


def facilities(found: Register, view: Selection) -> None:  # noqa: ARG001 - as every part
    """Count facilities by network, role and region, and name the gaps."""
    gaps = answers.gaps()
    sentence = answers.gap_sentence()
    st.markdown(f"### {sentence}")
    takeout.bars(
        [
            (role, share, f"{count} states")
            for role, share, count in zip(
                gaps["Role"], gaps["Share of states"], gaps["States without"], strict=True
            )
        ],
        key="register_gaps",
        title="Share of states without a blood centre of the role",
        finding=sentence,
        view=view,
        stamp=answers.provenance(),
    )
    number = st.column_config.NumberColumn
    table(
        gaps.drop(columns="Share of states"),
        "States without a facility of each role",
        {"People there": number("People there", format="compact")},
    )
    takeout.download("Gaps as CSV", "role-gaps", answers.table_of(gaps))
    st.markdown("##### By Census division")
    divisions = answers.divisions()
    table(
        divisions,
        "Facilities by Census division and role",
        {"People": number("People", format="compact")},
    )
    takeout.download("Divisions as CSV", "divisions", answers.table_of(divisions))
    st.markdown("##### By network")
    networks = answers.networks()
    table(networks, "Facilities by network and role", {})
    takeout.download("Networks as CSV", "networks", answers.table_of(networks))
    st.caption(
        "Roles are believed unless the table of blood centres names a document; apheresis is "
        "mostly platelet donation. A facility counts in each of its roles."
    )


def calendar(found: Register, view: Selection) -> None:  # noqa: ARG001 - as every part
    """List meetings with their briefings, and give them to calendars."""
    st.markdown(f"### {register_views.calendar_sentence(found, takeout.today())}")
    frame = register_views.meetings(found, takeout.today())
    frame.insert(4, "Briefing", [briefing_link(about) for about in frame["about"]])
    shown = frame.drop(columns="about")
    table(
        shown,
        "Meetings, roundtables and panels",
        _LINKS | {"Briefing": st.column_config.LinkColumn("Briefing", display_text="Open")},
    )
    with st.container(horizontal=True):
        st.download_button(
            "All dates for a calendar (iCal)",
            lambda: _ics(found),
            "bcar-meetings.ics",
            "text/calendar",
            key="register_ics",
            icon=":material/event:",
            on_click="ignore",
        )
        takeout.download("Meetings as CSV", "meetings", answers.table_of(shown))


def briefing_link(about: str) -> str:
    """Address of the briefing for a meeting."""
    query = "" if about == "national" else f"template=state&state={about}"
    return links.beside(st.context.url or "", "briefing", query)


def _ics(found: Register) -> bytes:
    from dashboard.register_calendar import ics  # noqa: PLC0415 - only when asked for

    return ics(found.meetings, briefing_link)


def articles(found: Register, view: Selection) -> None:  # noqa: ARG001 - as every part
    """List articles and interviews."""
    frame = register_views.articles(found)
    latest = frame["Date"].iloc[0]
    st.markdown(f"### {len(frame)} articles, interviews and releases, the latest of {latest}")
    table(frame, "Articles and interviews", _LINKS)
    takeout.download("Articles as CSV", "articles", answers.table_of(frame))


@st.fragment
def precedents(found: Register, view: Selection) -> None:
    """Place real examples on the map."""
    sentence = register_views.precedents_sentence(found)
    st.markdown(f"### {sentence}")
    spec, key = answers.precedent_map()
    takeout.draw_map(
        spec,
        key,
        key="precedents_map",
        height=MAP_HEIGHT,
        finding=sentence,
        view=view,
        stamp=answers.provenance(),
    )
    frame = register_views.precedents(found)
    for one in found.precedents:
        with st.container(border=True):
            kind = PRECEDENT_KINDS[one["kind"]]
            st.markdown(f"**{text.literal(one['title'])}** · {kind} · {one['place']}")
            st.markdown(text.literal(one["what"]))
            cited = text.literal(one.get("citation", ""))
            source = f"[Source]({one['source']})" if one["source"] else cited
            st.caption(f"{source} · {register_views.EVIDENCE[one['evidence']]}")
    takeout.download("Precedents as CSV", "precedents", answers.table_of(frame))


def path(found: Register, view: Selection) -> None:  # noqa: ARG001 - as every part
    """List the steps of developers and of sites with their citations."""
    st.markdown(f"### {register_views.early_sentence(found)}")
    st.caption(f"Not legal advice. From {found.as_of}.")
    for title, stem, entries in (
        ("For developers", "developer-path", found.developer_path),
        ("For collection and infusion sites", "site-path", found.site_path),
    ):
        st.markdown(f"##### {title}")
        for one in entries:
            with st.expander(f"{one['step']} · {one['when']}"):
                st.markdown(text.literal(one["what"]))
                st.markdown(f"**Who:** {text.literal(one['who'])}")
                st.markdown(f"**Citation:** {text.literal(one['citation'])}")
                if one.get("note"):
                    st.markdown(f"**Note:** {text.literal(one['note'])}")
                source = f"[Source]({one['url']}) · " if one["url"] else ""
                st.caption(source + register_views.EVIDENCE[one["evidence"]])
        takeout.download("Steps as CSV", stem, answers.table_of(register_views.steps(entries)))
    st.markdown("##### Under way")
    for one in found.policy:
        source = f" [Source]({one['url']})" if one["url"] else ""
        st.markdown(f"- {text.literal(one['what'])}.{source}")


def standards(found: Register, view: Selection) -> None:  # noqa: ARG001 - as every part
    """Index SOP families by the standards that govern them."""
    frame = register_views.standards(found)
    st.markdown(
        f"### {len(found.families)} families of SOPs, governed by {frame['Standard'].nunique()} "
        "standards"
    )
    st.caption("An index: no standard's text is repeated; most standards are licensed or for sale.")
    table(frame, "SOP families and standards", _LINKS)
    takeout.download("Standards as CSV", "standards", answers.table_of(frame))


_LINKS: Final[Columns] = {
    "Source": st.column_config.LinkColumn("Source", display_text=r"https?://(?:www\.)?([^/]+)"),
    "Link": st.column_config.LinkColumn("Link", display_text=r"https?://(?:www\.)?([^/]+)"),
}


def table(
    frame: pd.DataFrame, alt: str, columns: Columns, height: Literal["auto", "content"] = "auto"
) -> None:
    """Draw a table."""
    st.dataframe(
        frame,
        height=height,
        column_config={name: one for name, one in columns.items() if name in frame},
        hide_index=True,
        placeholder="",
        alt=alt,
    )


PARTS: Final[dict[str, Callable[[Register, Selection], None]]] = {
    "members": members,
    "facilities": facilities,
    "calendar": calendar,
    "articles": articles,
    "precedents": precedents,
    "path": path,
    "standards": standards,
}
