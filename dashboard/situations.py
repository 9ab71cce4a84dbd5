"""Situations that can be compared: what a side of a comparison may be, and what it means (pure).

A situation is referred to by a short text that a URL can carry: "baseline" (today's centres under
the present view), "view" (the planner's present plan under it), the token of a saved scenario, or
a page with a query such as "planner?count=10&where=state%3ATX". The last is what is left of a link
that a reader pastes.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from dashboard import navigation, plan_state, state, url_fields
from dashboard.plan_state import PlanSettings
from dashboard.state import Selection
from dashboard.us import STATE_NAMES

BASELINE: Final = "baseline"
VIEW: Final = "view"
PLANNER: Final = "planner"
COMPARE: Final = "compare"
SCENARIO_KEY: Final = "scenario"
"""Key of a link that opens a saved scenario by its token."""
MOST_CHARS: Final = 8_000
"""A plan of 200 sites by hand is about half as long."""
TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
NOT_USABLE: Final = (
    "is neither baseline, view, the token of a saved scenario, nor a link to a page of the Atlas"
)
NONE: Final = "\N{EM DASH}"

VIEW_WORDS: Final = {
    "within": "Threshold",
    "model": "Travel by",
    "ages": "Who",
    "therapy": "Therapy",
    "evidence": "Evidence",
    "low_confidence": "Low-confidence rows",
    "facilities": "Treatment centres",
    "state": "People of",
}
"""Settings of a view that change its figures, in the order in which they are listed."""
PLAN_WORDS: Final = {
    "objective": "Best is",
    "count": "New sites at most",
    "site_role": "They open as",
    "collect_within": "Collection within",
    "source": "Candidates",
    "where": "Candidates in",
    "size": "Smallest metro area or county, people",
    "county_people": "Also counties of so many people",
    "from_role": "Blood centres by role",
    "from_network": "Blood centres by network",
    "from_low": "Blood centres of low confidence",
    "demand": "What is counted in the plan",
    "indications": "Patients with",
    "budget": "Budget, million USD",
    "cost_infusion": "Assumed cost of an infusion site, million USD",
    "cost_collection": "Assumed cost of a collection site, million USD",
    "cost_both": "Assumed cost of a site that does both, million USD",
    "capacity": "Assumed capacity of a site, people",
    "patient_capacity": "Assumed capacity of a site, patients a year",
    "backup_weight": "Worth of a second site",
    "rural": "Weight of rural people",
    "low_income": "Weight of people below the poverty line",
    "no_vehicle": "Weight of people without a vehicle",
    "worst_by": "Worst-off group by",
    "one_per": "New sites in one place",
    "spacing_km": "New sites at least so far apart, km",
    "keep_in": "Must open",
    "keep_out": "Must not open",
    "hand": "Sites by hand",
    "own_file": "Own file of sites",
    "hospital_file": "Own table of hospitals",
}
"""Settings of a plan that change it, in the order in which they are listed."""


@dataclass(frozen=True, slots=True)
class Situation:
    """One side of a comparison.

    Parameters
    ----------
    reference : str
        As `read` gives it.
    name : str
        How a sentence calls it, such as "today" or "plan 'Texas 20'".
    view : Selection
        Who is counted, how travel is measured, what is near.
    plan : PlanSettings or None
        What opens besides today's centres; None for nothing.
    problems : tuple of str
        Sentences about what of its settings could not be used.
    notes : tuple of str
        Sentences about what a reader must know, such as data that have changed.
    link : str
        Page and query that reopen it.
    """

    reference: str
    name: str
    view: Selection
    plan: PlanSettings | None = None
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    link: str = ""

    @property
    def title(self) -> str:
        """The name at the beginning of a line."""
        return self.name[:1].upper() + self.name[1:]


@dataclass(frozen=True, slots=True)
class Difference:
    """One setting in which two situations differ.

    Parameters
    ----------
    setting : str
        Its name for readers.
    a, b : str
        Its values in words.
    """

    setting: str
    a: str
    b: str


def read(text: str) -> str:
    """Read a reference from a URL or from what a reader pasted.

    Parameters
    ----------
    text : str
        A reference, or the address of a page of the Atlas.

    Returns
    -------
    str
        "", "baseline", "view", a token, or page and query without anything that is not of a view
        or a plan.

    Raises
    ------
    ValueError
        It is none of these; with the end of a sentence.

    Examples
    --------
    >>> read("http://localhost:8501/planner?count=5&near=77030")
    'planner?count=5'
    >>> read("Baseline")
    'baseline'
    """
    text = text.strip()
    if text.casefold() in ("", BASELINE, VIEW):
        return text.casefold()
    if len(text) > MOST_CHARS:
        msg = f"is longer than {MOST_CHARS:,} characters"
        raise ValueError(msg)
    if TOKEN.fullmatch(text) and text not in _pages():
        return text
    try:
        parts = urlsplit(text)
    except ValueError:
        raise ValueError(NOT_USABLE) from None
    page = parts.path.rstrip("/").rpartition("/")[2]
    if parts.scheme not in ("", "http", "https") or (page and page not in _pages()):
        raise ValueError(NOT_USABLE)
    if not (parts.query or page):
        if parts.netloc:  # the address of the Atlas itself: its first page
            return f"{navigation.PAGES[0].url_path}?"
        raise ValueError(NOT_USABLE)
    query = parse_qs(parts.query, keep_blank_values=True)
    token = query.get(SCENARIO_KEY, [""])[0]
    if TOKEN.fullmatch(token):
        return token
    if page == COMPARE:
        msg = "is a link to a comparison; paste the link of one of its two situations"
        raise ValueError(msg)
    kept = {key: texts for key, texts in query.items() if key in _OF_A_SITUATION}
    return f"{page}?{url_fields.query_string(kept)}"


_OF_A_SITUATION: Final = frozenset(
    {state.KEYS[name] for name in VIEW_WORDS if name in state.KEYS}
    | {state.KEYS["metric"], state.KEYS["units"]}
    | {plan_state.KEYS[name] for name in PLAN_WORDS if name in plan_state.KEYS}
)
"""Keys of a URL that a situation depends on."""


def _pages() -> frozenset[str]:
    return frozenset(page.url_path for page in navigation.PAGES)


def is_link(reference: str) -> bool:
    """Whether a reference is a page with a query."""
    return "?" in reference


def is_token(reference: str) -> bool:
    """Whether a reference is the token of a saved scenario."""
    return bool(reference) and reference not in (BASELINE, VIEW) and not is_link(reference)


def of_link(
    reference: str,
    *,
    known: Mapping[str, Collection[str]] | None = None,
    name: str = "",
) -> Situation:
    """Say what a page with a query means.

    Parameters
    ----------
    reference : str
        From `read`; `is_link` holds.
    known : mapping of str to collection of str, optional
        As in `state.parse`.
    name : str, optional
        How a sentence calls it; made from its settings when left out.

    Returns
    -------
    Situation
        With a plan when the page is the planner, or the query holds settings of a plan.
    """
    page, _, written = reference.partition("?")
    query = parse_qs(written, keep_blank_values=True)
    query = {key: texts for key, texts in query.items() if key in _OF_A_SITUATION}
    found = plan_state.parse(query, known=known)
    plans = page == PLANNER or bool(found.given & plan_state.NAMES.keys())
    checked = plan_state.checked(found.plan) if plans else None
    plan = None if checked is None else checked.plan
    return Situation(
        reference=reference,
        name=name or ("the linked plan" if plans else "the linked view"),
        view=found.selection,
        plan=plan,
        problems=found.problems + (() if checked is None else checked.problems),
        link=reference,
    )


def of_view(view: Selection, plan: PlanSettings | None, *, reference: str) -> Situation:
    """Make a situation of the present view, with the planner's present plan or without one.

    Parameters
    ----------
    view : Selection
        As the settings on the left say.
    plan : PlanSettings or None
        The planner's, for the reference "view".
    reference : str
        "baseline" or "view".

    Returns
    -------
    Situation
    """
    page = navigation.PAGES[0].url_path if plan is None else PLANNER
    query = view.query() if plan is None else plan_state.query_of(view, plan)
    return Situation(
        reference=reference,
        name="today" if plan is None else "the present plan",
        view=view,
        plan=plan,
        link=f"{page}?{url_fields.query_string(query)}",
    )


def told_apart(a: Situation, b: Situation) -> tuple[Situation, Situation]:
    """Give two situations of one name different ones."""
    if a.name != b.name or a.reference == b.reference:
        return a, b
    return replace(a, name=f"{a.name} (A)"), replace(b, name=f"{b.name} (B)")


def common_state(a: Selection, b: Selection) -> str:
    """State whose people are compared: that of both, or of the one that has a focus.

    Two plans for two states are compared over the whole country.

    >>> common_state(Selection(), Selection(state="TX"))
    'TX'
    """
    if not a.state or not b.state or a.state == b.state:
        return a.state or b.state
    return ""


def differing(
    a: Situation,
    b: Situation,
    *,
    named: Callable[[str], str] = str,
) -> list[Difference]:
    """List in words in which settings two situations differ, sites aside.

    Parameters
    ----------
    a, b : Situation
        As they were saved or set.
    named : callable, optional
        Name of a region such as "hrr:226".

    Returns
    -------
    list of Difference
        Settings of a plan only where both plan; where one does, what it plans in one line.
    """
    found = [
        Difference(words, one, other)
        for name, words in VIEW_WORDS.items()
        if (one := view_value(a.view, name)) != (other := view_value(b.view, name))
    ]
    if a.plan is None or b.plan is None:
        one, other = plan_line(a), plan_line(b)
        return found if one == other else [*found, Difference("New sites", one, other)]
    for name, words in PLAN_WORDS.items():
        first, second = getattr(a.plan, name), getattr(b.plan, name)
        if first != second:
            one, other = (
                plan_value(side, name, value, named) for side, value in ((a, first), (b, second))
            )
            found.append(Difference(words, one, other))
    return found


def view_value(view: Selection, name: str) -> str:
    """Say one setting of a view.

    >>> view_value(Selection(within=90), "within"), view_value(Selection(), "state")
    ('90 minutes', 'The whole country')
    """
    value = getattr(view, name)
    if name == "within":
        return f"{value:g} {view.metric}"
    if name == "state":
        return STATE_NAMES[value] if value else "The whole country"
    if name == "facilities":
        return "Your own facilities" if value else "Built in"
    if isinstance(value, bool):
        return "Included" if value else "Left out"
    return state.label(state.KEYS[name], value)


def plan_value(
    situation: Situation,
    name: str,
    value: Any,  # noqa: ANN401 - of whichever field
    named: Callable[[str], str] = str,
) -> str:
    """Say one setting of a plan.

    >>> plan_value(Situation("view", "the present plan", Selection()), "budget", None)
    'No limit'
    """
    if name == "where" and value:
        return named(value)
    if name == "collect_within":
        return f"{value:g} {situation.view.metric}"
    if name in _EMPTY and not value and value != 0:
        return _EMPTY[name]
    if name in _PLAN_READERS:
        return _PLAN_READERS[name](value)
    if isinstance(value, int | float):
        return f"{value:,g}"
    return plan_state.label(plan_state.KEYS[name], value)


def plan_line(situation: Situation) -> str:
    """Say in one line what a situation opens.

    >>> plan_line(Situation("baseline", "today", Selection()))
    'None'
    """
    plan = situation.plan
    if plan is None:
        return "None"
    if plan.hand is not None:
        return f"{len(plan.hand)} by hand"
    goal = plan_state.label("objective", plan.objective)
    source = plan_state.label("candidates", plan.source)
    count = "" if plan.objective == "lscp" else f"at most {plan.count} "
    return f"{goal}; {count}of {source.lower()}"


def _sites(names: tuple[str, ...]) -> str:
    most = 5
    more = f" and {len(names) - most} more" if len(names) > most else ""
    one = "site" if len(names) == 1 else "sites"
    listed = f": {', '.join(names[:most])}{more}" if names else ""
    return f"{len(names)} {one}{listed}"


def _indications(keys: tuple[str, ...]) -> str:
    return ", ".join(plan_state.INDICATIONS[key] for key in keys)


_EMPTY: Final = {
    "keep_in": "None",
    "keep_out": "None",
    "indications": "All diseases",
    "where": "The whole country",
    "own_file": "None",
    "hospital_file": "None",
    "budget": "No limit",
    "from_network": "Any",
}
"""What a setting of a plan means that is not given."""
_PLAN_READERS: Final[dict[str, Callable[[Any], str]]] = {
    "hand": lambda names: "The proven plan" if names is None else _sites(names),
    "from_low": lambda included: "Included" if included else "Left out",
    "keep_in": _sites,
    "keep_out": _sites,
    "indications": _indications,
    "own_file": "File {}".format,
    "hospital_file": "File {}".format,
}
