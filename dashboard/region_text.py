"""Sentences about one region."""

import math
from typing import Final

import pandas as pd

from dashboard import fairness_text, text
from dashboard.details import Headline
from dashboard.regions import KIND_PLURALS, Rank, Region
from dashboard.state import Selection

HALF: Final = 0.5
_TEENS: Final = frozenset({11, 12, 13})
_SUFFIXES: Final = {1: "st", 2: "nd", 3: "rd"}


def headline(region: Region, found: Headline, selection: Selection) -> str:
    """State the main finding about a region.

    Parameters
    ----------
    region : Region
        Which region.
    found : Headline
        Its people.
    selection : Selection
        The view.

    Returns
    -------
    str
        A sentence.
    """
    who, where = text.audience(selection), region.inside
    if not found.population:
        return f"No {who} live in {where}."
    if math.isnan(found.share_beyond):
        return f"No travel is known for the {who} in {where}."
    rest = f"more than {text.threshold(selection)} from {text.centre_phrase(selection)}"
    if round(found.beyond) == 0:
        return f"In {where} nobody lives {rest}."
    return (
        f"In {where} {text.people(found.beyond)} {who} ({text.percent(found.share_beyond)}) live "
        f"{rest}."
    )


def detail(found: Headline, selection: Selection) -> str:
    """Say how sure the headline is; nothing without people."""
    if not found.population or math.isnan(found.share_beyond):
        return ""
    band = text.percent_band(found.share_beyond_low, found.share_beyond_high)
    people = text.people_band(found.beyond_low, found.beyond_high)
    return (
        f"Of {text.people(found.population)} {text.audience(selection)}, "
        f"{text.travel_phrase(selection)}. 90% band: {band}, or {people} people, from errors in "
        "travel times and in where people live within a ZIP area."
    )


def ordinal(number: int) -> str:
    """Write a rank.

    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 112, 1003)]
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '112th', '1,003rd']
    """
    teen = number % 100 in _TEENS
    return f"{number:,}{'th' if teen else _SUFFIXES.get(number % 10, 'th')}"


def rank(region: Region, found: Rank) -> str:
    """State the rank of a region.

    >>> rank(Region("hrr", "397", "Houston, TX"), Rank(211, 30, 306))
    'Of 306 referral regions it has the 211th largest share and the 30th largest number of people \
beyond the threshold.'
    >>> rank(Region("state", "WY", "Wyoming"), Rank(1, 38, 52, 6))
    'Of 52 states, DC and Puerto Rico among them, it has the largest share (as have 6 others) and \
the 38th largest number of people beyond the threshold.'
    >>> rank(Region("state", "DC", "District of Columbia"), Rank(52, 52, 52, none=True))
    'Of 52 states, DC and Puerto Rico among them, it is one of those with nobody beyond the \
threshold.'
    """
    if not found.by_share:
        return "It is not ranked: no travel is known for its people."

    def place(number: int) -> str:
        return "largest" if number == 1 else f"{ordinal(number)} largest"

    kinds = (
        "states, DC and Puerto Rico among them,"
        if region.kind == "state"
        else KIND_PLURALS[region.kind]
    )
    of = f"{found.of:,} {kinds}"
    if found.none:
        return f"Of {of} it is one of those with nobody beyond the threshold."
    equals = f" (as {'has one other' if found.ties == 1 else f'have {found.ties:,} others'})"
    return (
        f"Of {of} it has the {place(found.by_share)} share{equals if found.ties else ''} and the "
        f"{place(found.by_people)} number of people beyond the threshold."
    )


def beside(region: Region) -> str:
    """Head the comparison of a region.

    >>> beside(Region("state", "WY", "Wyoming")), beside(Region("hrr", "397", "Houston, TX"))
    ('Beside the nation', 'Beside its state and the nation')
    """
    return "Beside the nation" if region.kind == "state" else "Beside its state and the nation"


def centres(count: int, used: pd.DataFrame, selection: Selection) -> str:
    """State whether a region has centres, and where its people have to go.

    Parameters
    ----------
    count : int
        Treatment centres in the region that count.
    used : DataFrame
        Centres that are the nearest for its people: name, place, share, minutes; most people
        first.
    selection : Selection
        The view.

    Returns
    -------
    str
        One or two sentences.
    """
    how = text.travel_phrase(selection)
    none = "No treatment centre that counts lies in this region"
    lie = "centre that counts lies" if count == 1 else "centres that count lie"
    some = f"{count:,} treatment {lie} in this region"
    if used.empty:
        return f"{some if count else none}. From here no centre can be reached {how}."
    main = used.iloc[0]
    whose = "most" if main["share"] > HALF else f"{text.percent(main['share'], 0)}"
    where = f" in {main['place']}" if main["place"] else ""
    return (
        f"{some if count else none}: for {whose} of its people the nearest is "
        f"**{main['name']}**{where}, half of them within {text.minutes(main['minutes'])} {how}."
    )


def groups(
    labels: list[str],
    here: list[float],
    nation: list[float],
    region: Region,
    selection: Selection,
) -> str:
    """State which group of people is worst off within a region.

    Parameters
    ----------
    labels : list of str
        Groups.
    here, nation : list of float
        Share beyond in the region and in the nation; nan where nobody is counted.
    region : Region
        Which region.
    selection : Selection
        The view.

    Returns
    -------
    str
        A sentence.

    Examples
    --------
    >>> texas = Region("state", "TX", "Texas")
    >>> groups(["rural", "urban"], [0.4, 0.1], [0.5, 0.1], texas, Selection())
    'Worst off in Texas are people in rural areas: 40.0% live beyond, against 50.0% in the nation.'
    """
    known = [
        (share, name, other)
        for name, share, other in zip(labels, here, nation, strict=True)
        if not math.isnan(share)
    ]
    if not known:
        return "There is nobody to count in this view."
    share, name, other = max(known, key=lambda item: item[0])
    if round(share, 4) == 0:
        return f"No group of people in {region.inside} lives beyond the threshold."
    if len(known) > 1 and len({text.percent(one) for one, _, _ in known}) == 1:
        return f"In every group of people in {region.inside} {text.percent(share)} live beyond."
    return (
        f"Worst off in {region.inside} are {fairness_text.named(name, selection)}: "
        f"{text.percent(share)} live beyond, against {text.percent(other)} in the nation."
    )


def areas(count: int, named: list[str], beyond: list[float], selection: Selection) -> str:
    """State where in a region most people beyond the threshold live.

    >>> areas(2, ["59901 Kalispell", "59937 Whitefish"], [52_000.0, 900.0], Selection())
    'People beyond the threshold live in 2 ZIP areas, most of them in 59901 Kalispell (52,000) \
and 59937 Whitefish (900).'
    """
    if not count:
        return f"No ZIP area here has {text.audience(selection)} beyond the threshold."
    parts = [
        f"{name} ({text.people(persons)})"
        for name, persons in zip(named[: text.NAMED_PLACES], beyond, strict=False)
    ]
    if count == 1:
        return f"All of its people beyond the threshold live in {parts[0]}."
    return (
        f"People beyond the threshold live in {count:,} ZIP areas, most of them in "
        f"{text.listed(parts)}."
    )


def counties_note(region: Region, count: int) -> str:
    """Say what the line on the map encloses."""
    if region.kind == "county":
        return "The map shades all counties by the median travel time of their people."
    shaded = "Counties are shaded by the median travel time of their people."
    if region.kind == "hrr":
        which = "county" if count == 1 else f"{count:,} counties"
        return (
            f"{shaded} A referral region is made of ZIP areas: the line encloses the {which} where "
            "most people live in it, and not its exact border."
        )
    return f"{shaded} The line encloses the region."
