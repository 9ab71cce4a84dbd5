"""Numbers as people say them, and findings as sentences."""

import math
import re
from string import punctuation
from typing import TYPE_CHECKING, Final

from dashboard.state import LABELS, Selection
from dashboard.us import STATE_NAMES
from geo.units import KM_PER_MILE, km_to_miles

if TYPE_CHECKING:
    from dashboard.catchment import Catchment
    from dashboard.details import CountyDetail
    from dashboard.opening import Opening

MILLION: Final = 1_000_000
EXACT_BELOW: Final = 10_000
NO_NUMBER: Final = "no data"
UNREACHABLE: Final = "no road"
MINUTES_PER_HOUR: Final = 60
HOURS_FROM: Final = 120.0
NAMED_PLACES: Final = 3
FEW: Final = 0.05
"""Share of hospitals that the consortium's own claim names."""

_THERAPY: Final = {
    "any": "advanced cell and gene therapy",
    "hct": "stem-cell transplant",
    "car_t": "CAR-T",
    "gene_therapy": "gene therapy",
    "til": "TIL therapy",
}
_EVIDENCE: Final = {
    "documented": "with documented",
    "listed_secondary": "with listed or documented",
    "believed": "known or believed to give",
    "likely": "known or likely to give",
    "any": "listed for",
}
_MARKS: Final = re.compile(r"[*`]|^#+\s*|(?<=\n)#+\s*")
_SENTENCE: Final = re.compile(r".*?(?<![A-Z])(?<!\bSt)(?<!\bDr)(?<!\bMt)[.!?](?=\s+[A-Z0-9])")
"""The shortest beginning that ends a sentence, not an initial or an abbreviation of a name."""
_PEOPLE: Final = {"all": "people", "adult": "adults", "pediatric": "children"}


def people(count: float) -> str:
    """Say a number of people: exact when small, three digits or so when large.

    >>> people(4_123_456), people(312_345), people(8_412), people(0)
    ('4.1 million', '312,000', '8,412', '0')
    """
    if math.isnan(count):
        return NO_NUMBER
    if round(count) >= MILLION:
        return f"{count / MILLION:,.1f} million"
    if round(count) >= EXACT_BELOW:
        return f"{round(count, -3):,.0f}"
    return f"{count:,.0f}"


def percent(share: float, digits: int = 1) -> str:
    """Say a share of 0 to 1 in per cent.

    >>> percent(0.1472), percent(float("nan"))
    ('14.7%', 'no data')
    """
    return NO_NUMBER if math.isnan(share) else f"{100 * share:.{digits}f}%"


def percent_band(low: float, high: float) -> str:
    """Say a band of shares.

    >>> percent_band(0.129, 0.168)
    '12.9% to 16.8%'
    """
    if math.isnan(low) or math.isnan(high):
        return NO_NUMBER
    return f"{percent(low)} to {percent(high)}"


def people_band(low: float, high: float) -> str:
    """Say a band of counts, "million" once.

    >>> people_band(3_900_000, 4_400_000), people_band(900, 12_400)
    ('3.9 to 4.4 million', '900 to 12,000')
    """
    if round(low) >= MILLION:
        return f"{low / MILLION:,.1f} to {people(high)}"
    return f"{people(low)} to {people(high)}"


def minutes(value: float) -> str:
    """Say a travel time.

    >>> minutes(64.6), minutes(215.2), minutes(float("inf")), minutes(float("nan"))
    ('65 min', '3 h 35 min', 'no road', 'no data')
    """
    if math.isnan(value):
        return NO_NUMBER
    if math.isinf(value):
        return UNREACHABLE
    whole = round(value)
    if whole < HOURS_FROM:
        return f"{whole} min"
    hours, rest = divmod(whole, MINUTES_PER_HOUR)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def distance(distance_km: float, units: str) -> str:
    """Say a distance in the reader's units.

    >>> distance(160.9344, "mi"), distance(160.9344, "km"), distance(5.0, "mi")
    ('100 mi', '161 km', '3.1 mi')
    """
    if math.isnan(distance_km):
        return NO_NUMBER
    if math.isinf(distance_km):
        return UNREACHABLE
    value = km_to_miles(distance_km) if units == "mi" else distance_km
    return f"{value:.1f} {units}" if round(value, 1) < 10 else f"{value:,.0f} {units}"  # noqa: PLR2004 - a decimal matters below ten only


def impedance(value: float, selection: Selection) -> str:
    """Say a travel time or, with a distance threshold, a distance in km, as the selection asks."""
    if selection.metric == "minutes":
        return minutes(value)
    return distance(value, selection.units)


def threshold(selection: Selection) -> str:
    """Say the threshold.

    >>> threshold(Selection()), threshold(Selection(within=120.0))
    ('60 minutes', '2 hours')
    >>> threshold(Selection(within=50.0, metric="miles", units="km"))
    '50 miles (80 km)'
    """
    within = selection.within
    if selection.metric == "miles":
        miles = f"{within:g} mile" + ("" if within == 1 else "s")
        return miles if selection.units == "mi" else f"{miles} ({within * KM_PER_MILE:.0f} km)"
    if within >= HOURS_FROM and within % (MINUTES_PER_HOUR / 2) == 0:
        return f"{within / MINUTES_PER_HOUR:g} hours"
    return f"{within:g} minute" + ("" if within == 1 else "s")


def parameters(selection: Selection) -> str:
    """Say in one line what a view counts, for what stands without the page around it.

    >>> parameters(Selection(ages="adult", therapy="car_t", state="TX"))
    'Within 60 minutes by road; adults; CAR-T; evidence: believed or better; Texas'
    """
    evidence = LABELS["evidence"][selection.evidence].lower()
    centres = f"{_THERAPY[selection.therapy]}; evidence: {evidence}"
    if selection.facilities:
        centres = "own facilities as centres"
    low = "low-confidence rows included" if selection.low_confidence else ""
    who = "all people" if selection.ages == "all" else _PEOPLE[selection.ages]
    parts = (
        f"Within {threshold(selection)} {travel_phrase(selection)}",
        who,
        centres,
        low,
        place(selection.state),
    )
    return "; ".join(part for part in parts if part)


def unmarked(markdown: str) -> str:
    """Give a finding without its marks, on one line.

    >>> unmarked("### **4.1 million** people")
    '4.1 million people'
    """
    return " ".join(_MARKS.sub("", markdown).split())


def headline_of(markdown: str) -> str:
    """Give the first sentence of a finding without its marks, as the title of a picture.

    >>> headline_of("### **4.1 million people** in St. Louis live far. The rest is near.")
    '4.1 million people in St. Louis live far.'
    """
    plain = unmarked(markdown)
    found = _SENTENCE.match(plain)
    return found.group() if found else plain


def place(state: str) -> str:
    """Name a state, or the whole country for "".

    >>> place("TX"), place("")
    ('Texas', 'the United States')
    """
    return STATE_NAMES.get(state, "the United States")


def audience(selection: Selection) -> str:
    """Name the people counted: people, adults or children."""
    return _PEOPLE[selection.ages]


def centre_phrase(selection: Selection) -> str:
    """Describe the centres that count.

    >>> centre_phrase(Selection())
    'a hospital known or believed to give advanced cell and gene therapy'
    >>> centre_phrase(Selection(therapy="car_t", evidence="documented"))
    'a hospital with documented CAR-T'
    """
    if selection.facilities:
        return "one of your own facilities"
    return f"a hospital {_EVIDENCE[selection.evidence]} {_THERAPY[selection.therapy]}"


def centres_help(documented: int, selection: Selection) -> str:
    """Say how many of the centres rest on a document.

    >>> centres_help(166, Selection())
    '166 of them have a document for it. Choose what counts under Evidence, on the left.'
    """
    if selection.facilities:
        return "Your own facilities stand in for the built-in centres."
    return (
        f"{documented:,} of them have a document for it. Choose what counts under Evidence, "
        "on the left."
    )


def travel_phrase(selection: Selection) -> str:
    """Say how travel was measured.

    >>> travel_phrase(Selection()), travel_phrase(Selection(model="straight"))
    ('by road', 'in a straight line')
    """
    return {
        "road": "by road",
        "detour": "by straight line times a detour factor",
        "straight": "in a straight line",
    }[selection.model]


def headline(beyond: float, selection: Selection) -> str:
    """State the main finding.

    Parameters
    ----------
    beyond : float
        People beyond the threshold, or from where no centre can be reached.
    selection : Selection
        The view.

    Returns
    -------
    str
        A sentence.

    Examples
    --------
    >>> headline(4_123_456, Selection(state="TX", within=120.0))
    '4.1 million people in Texas live more than 2 hours from a hospital known or \
believed to give advanced cell and gene therapy.'
    """
    who = f"{people(beyond)} {audience(selection)} in {place(selection.state)}"
    if round(beyond) == 0:
        who = f"No {audience(selection)} in {place(selection.state)}"
    return f"{who} live more than {threshold(selection)} from {centre_phrase(selection)}."


def headline_detail(
    *,
    share_beyond: float,
    share_low: float,
    share_high: float,
    beyond_low: float,
    beyond_high: float,
    selection: Selection,
) -> str:
    """State the share behind the headline, and how sure it is.

    Parameters
    ----------
    share_beyond, share_low, share_high : float
        Share beyond the threshold with its band, 0 to 1.
    beyond_low, beyond_high : float
        The same in people.
    selection : Selection
        The view.

    Returns
    -------
    str
        A sentence.
    """
    return (
        f"That is {percent(share_beyond)} of {audience(selection)}, {travel_phrase(selection)}. "
        f"90% band: {percent_band(share_low, share_high)}, or "
        f"{people_band(beyond_low, beyond_high)} people, from errors in travel times and in where "
        "people live within a ZIP area."
    )


def covered_sentence(share: float, selection: Selection) -> str:
    """State the share within the threshold.

    >>> covered_sentence(0.647, Selection(within=90.0))
    '64.7% of people in the United States live within 90 minutes of a hospital known or believed \
to give advanced cell and gene therapy.'
    """
    return (
        f"{percent(share)} of {audience(selection)} in {place(selection.state)} live within "
        f"{threshold(selection)} of {centre_phrase(selection)}."
    )


def worst_places(labels: list[str], share_beyond: list[float], selection: Selection) -> str:
    """State where it is worst.

    >>> worst_places(["Wyoming", "Montana", "Maine"], [1.0, 0.98, 0.5], Selection())
    'It is worst in Wyoming, where 100% live more than 60 minutes away, Montana (98%) and Maine \
(50%).'
    """
    known = [
        (name, share)
        for name, share in zip(labels, share_beyond, strict=True)
        if not math.isnan(share)
    ][:NAMED_PLACES]
    if not known:
        return "There is nobody to count here."
    name, share = known[0]
    first = f"{name}, where {percent(share, 0)} live more than {threshold(selection)} away"
    rest = [f"{other} ({percent(part, 0)})" for other, part in known[1:]]
    return f"It is worst in {listed([first, *rest])}."


def no_centre(audiences: list[str], *, own: bool = False) -> str:
    """Say that nobody can be treated, and what to do.

    >>> no_centre(["pediatric"])
    'No centre that fits these settings treats children, so all of them count as beyond. Take \
weaker evidence, another therapy, or include low-confidence rows, on the left.'
    >>> no_centre(["pediatric"], own=True)
    'None of your own facilities treats children, so all of them count as beyond. Upload a file \
with one that does, or go back to the built-in centres.'
    """
    who = listed([_PEOPLE[audience] for audience in audiences])
    if own:
        return (
            f"None of your own facilities treats {who}, so all of them count as beyond. Upload a "
            "file with one that does, or go back to the built-in centres."
        )
    return (
        f"No centre that fits these settings treats {who}, so all of them count as beyond. Take "
        "weaker evidence, another therapy, or include low-confidence rows, on the left."
    )


def hospital_sentence(certified: list[int], shares: list[float], selection: Selection) -> str:
    """State how few hospitals there are.

    >>> hospital_sentence([167, 167], [0.022, 0.031], Selection())
    '167 hospitals known or believed to give advanced cell and gene therapy: 2.2% to 3.1% of US \
hospitals, fewer than 5% by every count.'
    """
    if selection.facilities:
        return "Your own facilities stand in for the built-in centres."
    what = f"{_EVIDENCE[selection.evidence]} {_THERAPY[selection.therapy]}"
    span = f"{percent(min(shares))} to {percent(max(shares))}"
    few = "fewer than 5% by every count" if max(shares) < FEW else "not below 5% by every count"
    return f"{certified[0]:,} hospitals {what}: {span} of US hospitals, {few}."


def county_sentence(detail: "CountyDetail", selection: Selection) -> str:
    """State how far the people of a county have to go."""
    median = detail.median
    if math.isnan(median.value):
        return "No travel is known for the people here."
    if math.isinf(median.value):
        return f"Most {audience(selection)} here have no road to any centre."
    low, high = impedance(median.low, selection), impedance(median.high, selection)
    return (
        f"Half of the {audience(selection)} here live within "
        f"**{impedance(median.value, selection)}** of a centre (90% band {low} to "
        f"{high}); for most the nearest is **{detail.centre}**."
    )


def catchment_sentence(found: "Catchment", selection: Selection) -> str:
    """State what the people of a centre would have without it."""
    who = audience(selection)
    if not found.nearest:
        return f"It is not the nearest centre for any {who} that it treats."
    if not found.next_centre:
        return f"The {who} for whom it is the nearest could reach no other centre."
    return (
        f"For most of the {who} for whom it is the nearest, the next nearest is "
        f"**{found.next_centre}**."
    )


def opening_sentence(found: "Opening", selection: Selection) -> str:
    """State what a blood centre would change if it gave the treatment."""
    who = audience(selection)
    if not found.nearest:
        return f"If it gave the treatment, it would be the nearest centre for no {who}."
    if math.isinf(found.saved_minutes):
        saved = "most of whom can reach no centre by road today"
    else:
        saved = f"half of whom would save at least {minutes(found.saved_minutes)} on the way"
    return (
        f"If it gave the treatment, it would be the nearest centre for **{people(found.nearest)} "
        f"{who}**, {saved}."
    )


def nearest_sentence(place_label: str, minutes_: list[float], names: list[str]) -> str:
    """State the nearest centre.

    >>> nearest_sentence("Houston, TX", [12.2], ["MD Anderson"])
    'From Houston, TX the nearest centre is MD Anderson, 12 min away.'
    """
    if not names:
        return f"From {place_label} no centre can be reached by road."
    return f"From {place_label} the nearest centre is {names[0]}, {minutes(minutes_[0])} away."


def listed(parts: list[str]) -> str:
    """Join with commas and a last "and".

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def literal(words: str) -> str:
    r"""Write words so that Markdown shows them as they are: no markup, no links.

    >>> print(literal("St. Mary's [x](y)"))
    St\. Mary\'s \[x\]\(y\)
    """
    return "".join(f"\\{letter}" if letter in punctuation else letter for letter in words)


def map_title(selection: Selection) -> str:
    """Say what the Map page shows.

    >>> map_title(Selection())
    'How far people live from a hospital known or believed to give advanced cell and gene therapy, \
by road'
    """
    return f"How far people live from {centre_phrase(selection)}, {travel_phrase(selection)}"


def study_sentence(verdicts: list[str]) -> str:
    """Count the studies that were met.

    >>> study_sentence(["met", "met", "missed", "not reproducible"])
    'Of 4 published figures, 2 are met within their tolerance, 1 is missed, and 1 cannot be \
reproduced from the committed tables.'
    """
    met, missed = verdicts.count("met"), verdicts.count("missed")
    rest = len(verdicts) - met - missed

    def verb(count: int) -> str:
        return f"{count} is" if count == 1 else f"{count} are"

    return (
        f"Of {len(verdicts)} published figures, {verb(met)} met within their tolerance, "
        f"{verb(missed)} missed, and {rest} cannot be reproduced from the committed tables."
    )


def percentile_sentence(values: list[tuple[float, float, float]], selection: Selection) -> str:
    """State the 10th, 50th and 90th percentile, each as value, low, high.

    >>> far = (math.inf, 90.0, math.inf)
    >>> percentile_sentence([(9, 8, 10), far, far], Selection(state="HI"))
    'Distance of people in Hawaii from the nearest centre: one in ten within **9 min** (8 min to \
10 min). Fewer than half have a road to any centre.'
    >>> percentile_sentence([far, far, far], Selection(state="PR"))
    'Fewer than one in ten people in Puerto Rico have a road to any centre.'
    """
    who = f"{audience(selection)} in {place(selection.state)}"
    named = list(zip(("one in ten", "half", "nine in ten"), values, strict=True))
    parts = [
        f"{name} within **{impedance(value, selection)}** ({impedance(low, selection)} to "
        f"{impedance(high, selection)})"
        for name, (value, low, high) in named
        if not math.isinf(value)
    ]
    if len(parts) == len(named):
        return f"Distance of {who} from the nearest centre: {listed(parts)}."
    few = f"Fewer than {named[len(parts)][0]}"
    if not parts:
        return f"{few} {who} have a road to any centre."
    return (
        f"Distance of {who} from the nearest centre: {listed(parts)}. {few} have a road to any "
        "centre."
    )


def gap_sentence(
    breakdown: str, names: list[str], share_beyond: list[float], selection: Selection
) -> str:
    """State the widest gap between the groups of a breakdown.

    Parameters
    ----------
    breakdown : str
        As `Selection.by`.
    names : list of str
        Groups as a sentence names them.
    share_beyond : list of float
        Of each; nan where nobody is counted.
    selection : Selection
        The view.

    Returns
    -------
    str
        A sentence; of groups with equal shares the first by name stands for the others.

    Examples
    --------
    >>> gap_sentence("rurality", ["rural people", "urban people"], [0.61, 0.02], Selection())
    'Rurality: 61.0% of rural people live more than 60 minutes away, 2.0% of urban people.'
    >>> states = ["people in Maine", "people in Ohio", "people in Utah"]
    >>> gap_sentence("state", states, [1.0, 0.3, 1.0], Selection())
    'State: 100.0% of people in Maine and one other live more than 60 minutes away, 30.0% of \
people in Ohio.'
    """
    known = sorted(
        (share, name)
        for name, share in zip(names, share_beyond, strict=True)
        if not math.isnan(share) and name != "Not reported"
    )
    if not known:
        return "There is nobody to count in this view."
    lowest, highest = percent(known[0][0]), percent(known[-1][0])
    first = (
        f"{LABELS['by'][breakdown]}: {highest} of "
        f"{_first_of([name for share, name in known if percent(share) == highest])} live more "
        f"than {threshold(selection)} away"
    )
    if lowest == highest:
        return f"{first}."
    least = _first_of([name for share, name in known if percent(share) == lowest])
    return f"{first}, {lowest} of {least}."


def _first_of(names: list[str]) -> str:
    """Name the first of some equals, and count the others."""
    first, others = min(names), len(names) - 1
    if not others:
        return first
    return f"{first} and {'one other' if others == 1 else f'{others:,} others'}"
