"""Blocks about saved scenarios: saving, the banner of the one that is open, the list."""

from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

import streamlit as st

from dashboard import address, errors, scenarios, services, text
from dashboard.scenario_shell import CONFLICT, FINDING, KEYS_OF_SESSION, MISSING, OPEN, SAVED
from dashboard.services import scenarios as answers
from dashboard.state import Selection
from data import scenario_file
from data.store import (
    DESCRIPTION_CHARS,
    NAME_CHARS,
    ConflictError,
    Draft,
    Scenario,
    ScenarioMissingError,
)
from geo.errors import AtlasError

_DELETED: Final = "_scenario_deleted"
STEP: Final = "Nothing is lost: what you typed is still here."


def own_keys() -> dict[str, str]:
    """Keys of the scenarios that this session may change, by token."""
    found: dict[str, str] = st.session_state.setdefault(KEYS_OF_SESSION, {})
    return found


def adopt() -> None:
    """See `scenario_shell.adopt`."""
    named = address.single(scenarios.KEYS)
    if scenarios.OPENS not in named:
        return
    token, key = named[scenarios.OPENS], named.get(scenarios.CHANGES, "")
    address.write({}, scenarios.KEYS)
    try:
        found = answers.opened().get(token)
        if key and answers.opened().editable(token, key):
            own_keys()[token] = key
        elif key:
            st.session_state[MISSING] = (
                "The part of the link that allows changes is wrong; the scenario can be opened "
                "and forked."
            )
    except AtlasError as error:
        st.session_state[MISSING] = str(error)
        return
    st.session_state[OPEN] = found
    st.switch_page(scenarios.page_of(found).path, query_params=scenarios.query_of(found))


def banner() -> None:
    """See `scenario_shell.banner`."""
    if message := st.session_state.pop(MISSING, ""):
        st.warning(message, title="This link opens no scenario", icon=":material/link_off:")
    found: Scenario | None = st.session_state.get(OPEN)
    if found is None:
        return
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/bookmark: **{text.literal(found.name)}**", width="stretch")
            st.button("Close the scenario", key="scenario_close", type="tertiary", on_click=_close)
        if found.description:
            st.markdown(text.literal(found.description).replace("\n", "  \n"))
        if said := scenarios.changed(found, services.engine.tables()):
            st.warning(said, icon=":material/history:")


def _close() -> None:
    st.session_state.pop(OPEN, None)


@st.dialog("Save this view", width="medium")
def save_dialog(view: Selection, page: str) -> None:
    """Ask for a name, save, and give the links."""
    if saved := st.session_state.get(SAVED):
        _links(*saved)
        return
    found: Scenario | None = st.session_state.get(OPEN)
    mine = found is not None and found.token in own_keys()
    name = st.text_input("Name", found.name if found else "", max_chars=NAME_CHARS)
    description = st.text_area(
        "Description", found.description if found else "", max_chars=DESCRIPTION_CHARS, height=110
    )
    listed = st.toggle(
        "List it for everybody who uses this Atlas",
        found.listed if found else False,
        help="Without it only people with the link can open it.",
    )
    query = address.read()
    for caution in scenarios.cautions(query, view):
        st.info(caution, icon=":material/info:")
    if conflict := st.session_state.get(CONFLICT):
        st.warning(conflict, icon=":material/merge:")
    with st.container(horizontal=True):
        over = mine and st.button("Save changes", type="primary", key="scenario_over")
        new = st.button(
            "Save as a new scenario" if mine else "Save",
            type="secondary" if mine else "primary",
            key="scenario_new",
        )
    if not (over or new):
        return
    with errors.reported(STEP):
        draft = answers.draft(
            view,
            page,
            scenarios.written(query),
            st.session_state.get(FINDING),
            name=name,
            description=description,
            listed=listed,
        )
        if over and found is not None:
            try:
                key = own_keys()[found.token]
                saved = answers.opened().save(found.token, key, found.revision, draft)
            except ConflictError as error:
                st.session_state[CONFLICT] = str(error)
                st.rerun(scope="fragment")
        else:
            parent = found.token if found else ""
            saved, key = answers.opened().create(draft, parent=parent)
            own_keys()[saved.token] = key
        st.session_state[OPEN] = saved
        st.session_state[SAVED] = (saved.token, key)
        st.rerun(scope="fragment")


def _links(token: str, key: str) -> None:
    st.success("Saved.", icon=":material/check:")
    st.markdown("**Link to open it**, for anybody:")
    st.code(scenarios.link(token, base=base()), language=None, wrap_lines=True)
    st.markdown("**Link to change it**, for you: keep it, it cannot be found again.")
    st.code(scenarios.link(token, key, base=base()), language=None, wrap_lines=True)
    if st.button("Done", key="scenario_done", type="primary"):
        st.session_state.pop(SAVED, None)
        st.rerun()


def base() -> str:
    """Address of this Atlas as the reader's browser has it; "" when it is not known."""
    parts = urlsplit(st.context.url or "")
    if not parts.netloc:
        return ""
    return f"{parts.scheme}://{parts.netloc}" + parts.path.rpartition("/")[0]


def overview() -> None:
    """List the scenarios, with all that can be done to them."""
    with errors.reported("The rest of the Atlas works without it."):
        found = answers.opened().listed(tuple(own_keys()))
        st.markdown(f"## {scenarios.counted(found, own_keys())}")
        undo()
        st.markdown(
            "Set up a view on any page and press **Save this view** on the left. A scenario keeps "
            "page, settings, plan, finding and the state of the data; its link opens it again."
        )
        if found:
            shown = _filtered(found)
            for one in shown[: scenarios.MOST_SHOWN]:
                card(one)
            if len(shown) > scenarios.MOST_SHOWN:
                st.caption(
                    f"{scenarios.MOST_SHOWN} of {len(shown)}, the latest first. Search to find "
                    "others."
                )
        files(found)


def _filtered(found: list[Scenario]) -> list[Scenario]:
    words = st.text_input(
        "Search", key="scenario_search", placeholder="Texas", icon=":material/search:", width=360
    )
    shown = scenarios.matching(found, words)
    if not shown:
        st.info("No scenario has all these words.", icon=":material/search_off:")
    return shown


def undo() -> None:
    """Offer to bring back what was just deleted."""
    token = st.session_state.get(_DELETED)
    if token is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info("The scenario was deleted.", icon=":material/delete:")
        if st.button("Undo", key="scenario_undo", icon=":material/undo:"):
            st.session_state.pop(_DELETED, None)
            answers.opened().restore(token, own_keys()[token])
            st.rerun()


def card(one: Scenario) -> None:
    """Show a scenario with what can be done to it."""
    with st.container(border=True):
        st.markdown(f"#### {text.literal(one.name)}")
        if one.description:
            st.markdown(text.literal(one.description).replace("\n", "  \n"))
        if one.headline:
            st.markdown(f"When saved: {text.literal(one.headline)}")
        page = scenarios.page_of(one)
        where = "" if one.listed else " · not listed"
        st.caption(f"{page.title} · saved {one.saved[:16].replace('T', ' ')} UTC{where}")
        if said := scenarios.changed(one, services.engine.tables()):
            st.caption(f":material/history: {said}")
        with st.container(horizontal=True):
            if st.button("Open", key=f"open_{one.token}", type="primary"):
                st.session_state[OPEN] = one
                st.switch_page(page.path, query_params=scenarios.query_of(one))
            if st.button("Fork", key=f"fork_{one.token}", icon=":material/fork_right:"):
                copy, key = answers.opened().fork(one.token)
                own_keys()[copy.token] = key
                st.rerun()
            if one.token in own_keys():
                if st.button("Rename", key=f"edit_{one.token}", icon=":material/edit:"):
                    rename(one)
                # With its revision: a click on what somebody has changed meanwhile does nothing.
                if st.button(
                    "Delete", key=f"delete_{one.token}_{one.revision}", icon=":material/delete:"
                ):
                    _delete(one)
            st.download_button(
                "JSON",
                scenario_file.written([one]),
                f"bcar-atlas-scenario-{one.token[:6].lower().strip('-_')}.json",
                "application/json",
                key=f"json_{one.token}",
                type="tertiary",
                on_click="ignore",
            )
        st.code(scenarios.link(one.token, base=base()), language=None, wrap_lines=True)


def _delete(one: Scenario) -> None:
    try:
        answers.opened().delete(one.token, own_keys()[one.token], one.revision)
    except (ConflictError, ScenarioMissingError) as error:
        errors.show(error, "Reload the page to see what there is now.")
        return
    st.session_state[_DELETED] = one.token
    if (opened := st.session_state.get(OPEN)) and opened.token == one.token:
        _close()
    st.rerun()


@st.dialog("Rename", width="medium")
def rename(one: Scenario) -> None:
    """Change the words about a scenario."""
    name = st.text_input("Name", one.name, max_chars=NAME_CHARS)
    description = st.text_area(
        "Description", one.description, max_chars=DESCRIPTION_CHARS, height=110
    )
    listed = st.toggle("List it for everybody who uses this Atlas", one.listed)
    if st.button("Save", type="primary", key="scenario_renamed"):
        with errors.reported(STEP):
            draft = Draft(**{field: getattr(one, field) for field in Draft.__slots__})
            new = replace(draft, name=name, description=description, listed=listed)
            saved = answers.opened().save(one.token, own_keys()[one.token], one.revision, new)
            if (opened := st.session_state.get(OPEN)) and opened.token == one.token:
                st.session_state[OPEN] = saved
            st.rerun()


def files(found: list[Scenario]) -> None:
    """Take scenarios from a file, and write them to one."""
    with st.expander("Files", icon=":material/folder_open:"):
        if found:
            st.download_button(
                "All of this list as JSON",
                lambda: scenario_file.written(found),
                "bcar-atlas-scenarios.json",
                "application/json",
                key="scenarios_json",
                icon=":material/download:",
                on_click="ignore",
            )
        given = st.file_uploader("Scenarios from a file", type="json", key="scenarios_file")
        if given is None:
            return
        with errors.reported("Correct the file and upload it again; nothing was saved."):
            drafts = scenario_file.read(given.getvalue())
            names = ", ".join(text.literal(draft.name) for draft in drafts[:5])
            more = f" and {len(drafts) - 5} more" if len(drafts) > 5 else ""  # noqa: PLR2004
            st.markdown(f"{len(drafts)} in the file: {names}{more}.")
            if st.button("Save them here", key="scenarios_import", disabled=not drafts):
                for draft in drafts:
                    saved, key = answers.opened().create(draft)
                    own_keys()[saved.token] = key
                st.toast(f"{len(drafts)} saved.", icon=":material/check:")
                st.rerun()
