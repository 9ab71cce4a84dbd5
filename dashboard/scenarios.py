"""Saved scenarios in words and links (pure)."""

from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import parse_qs, urlencode

from dashboard import links, navigation, plan_state, text, url_fields
from dashboard.state import Selection
from data.store import Scenario

OPENS: Final = "scenario"
CHANGES: Final = "edit"
KEYS: Final = (OPENS, CHANGES)
"""Keys of a link to a scenario; they are read before anything else and leave the address."""
MOST_SHOWN: Final = 20
_FROM_FILES: Final = ("file", "hospitals")


def link(token: str, key: str = "", *, base: str = "") -> str:
    """Write the link of a scenario.

    >>> link("abc", base="https://atlas.example")
    'https://atlas.example/scenarios?scenario=abc'
    """
    query = {OPENS: token} | ({CHANGES: key} if key else {})
    return links.reopen("scenarios", urlencode(query), base=base)


def view_link(scenario: Scenario, *, base: str = "") -> str:
    """Write the address of the view that a scenario holds."""
    return links.reopen(scenario.page, scenario.query, base=base)


def query_of(scenario: Scenario) -> dict[str, list[str]]:
    """Give the settings that a scenario holds, for `st.query_params`."""
    found = parse_qs(scenario.query, keep_blank_values=True)
    return {key: texts for key, texts in found.items() if key not in KEYS}


def written(query: url_fields.Query) -> str:
    """Write the settings of the address as a scenario keeps them.

    >>> written({"within": "90", "scenario": "abc"})
    'within=90'
    """
    return url_fields.query_string({key: raw for key, raw in query.items() if key not in KEYS})


def page_of(scenario: Scenario) -> navigation.PageEntry:
    """Page that a scenario opens; the first for one that is no more."""
    found = (page for page in navigation.PAGES if page.url_path == scenario.page)
    return next(found, navigation.PAGES[0])


def cautions(query: url_fields.Query, view: Selection) -> list[str]:
    """Say what of a view a scenario cannot keep."""
    found = []
    if view.facilities:
        found.append(
            "Your own facilities stay in this browser tab. The scenario will count the built-in "
            "centres instead."
        )
    if plan_state.parse(query).plan.source in _FROM_FILES:
        found.append(
            "The plan rests on a file of your own, which is not kept. Whoever opens the scenario "
            "is asked for it."
        )
    return found


def changed(scenario: Scenario, fingerprint: str) -> str:
    """Say that the data have changed since a scenario was saved; "" when they have not."""
    if not scenario.fingerprint or scenario.fingerprint == fingerprint:
        return ""
    then = f" When saved: {text.literal(scenario.headline)}" if scenario.headline else ""
    return (
        f"The data have changed since this was saved on {scenario.saved[:10]}; figures below are "
        f"of the present data.{then}"
    )


def counted(found: Sequence[Scenario], own: Iterable[str]) -> str:
    """Say how many scenarios there are.

    >>> counted([], [])
    'No scenario has been saved yet.'
    """
    mine = sum(one.token in set(own) for one in found)
    if not found:
        return "No scenario has been saved yet."
    listed = sum(one.listed for one in found)
    one = "scenario is" if listed == 1 else "scenarios are"
    yours = f" {mine} can be changed in this browser tab." if mine else ""
    return f"{listed} {one} listed for everybody who uses this Atlas.{yours}"


def matching(found: Sequence[Scenario], words: str) -> list[Scenario]:
    """Keep the scenarios whose name, description or finding holds all words."""
    wanted = words.casefold().split()
    return [
        one
        for one in found
        if all(word in f"{one.name} {one.description} {one.headline}".casefold() for word in wanted)
    ]
