"""Findings about equity as sentences (pure)."""

import math
from typing import Final

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.fairness import FEWEST, FIFTH, PHRASES, TENTH, Inequality, capital, share_at
from dashboard.queries import UNKNOWN, travel_unit
from dashboard.state import LABELS, Selection
from geo.inequality import Index
from geo.units import miles_to_km

REFERENCES: Final = (
    (
        "Kakwani, Wagstaff and van Doorslaer 1997, concentration index",
        "10.1016/S0304-4076(96)01807-6",
    ),
    ("Wagstaff 2005, its bounds for a yes or no", "10.1002/hec.953"),
    ("Erreygers 2009, corrected index", "10.1016/j.jhealeco.2008.02.003"),
    ("Lorenz 1905, the curve behind the Gini index", "10.2307/2276207"),
)
"""What is measured by whose method, and its DOI."""
WITH_ARTICLE: Final = frozenset(
    {"District of Columbia", "Northeast", "Midwest", "South", "West", "Middle Atlantic", "Pacific"}
)
"""Places that a sentence gives an article."""
NAMED_STATES: Final = 3
CLEARLY_MORE: Final = 1.05
"""Below this ratio a number of times says nothing that the shares do not."""
ONE_DIGIT_BELOW: Final = 10.0


def phrase(group: str, selection: Selection) -> str:
    """Name a group in a sentence.

    >>> phrase("rural", Selection()), phrase("Asian", Selection(ages="pediatric"))
    ('people in rural areas', 'Asian children')
    """
    return PHRASES[group].replace("people", text.audience(selection))


def named(label: str, selection: Selection) -> str:
    """Name a group of any breakdown in a sentence; a place by the people in it.

    >>> named("Lowest fifth ($2,499-55,011)", Selection()), named("Texas", Selection())
    ('people in the lowest fifth of areas by income', 'people in Texas')
    """
    group = label.split(" ($", maxsplit=1)[0]
    if label == UNKNOWN:
        return label
    if group in PHRASES:
        return phrase(group, selection)
    return f"{text.audience(selection)} in {place_in(label)}"


def place_in(label: str) -> str:
    """Put the article before a place that has one.

    >>> place_in("Texas"), place_in("District of Columbia")
    ('Texas', 'the District of Columbia')
    """
    return f"the {label}" if label in WITH_ARTICLE else label


def points(share: float) -> str:
    """Say a difference of shares in points.

    >>> points(0.3241), points(-0.005)
    ('32.4 points', '-0.5 points')
    """
    return f"{round(100 * share, 1) + 0.0:.1f} points"


def points_band(low: float, high: float) -> str:
    """Say the band of a difference.

    >>> points_band(0.312, 0.332)
    '31.2 to 33.2'
    """
    # Adding 0 takes the sign from a rounded nothing.
    return f"{round(100 * low, 1) + 0.0:.1f} to {round(100 * high, 1) + 0.0:.1f}"


def travel(value: float, selection: Selection) -> str:
    """Say travel that stands in a table, in the unit of the view.

    >>> travel(64.6, Selection()), travel(62.1, Selection(metric="miles"))
    ('65 min', '62 mi')
    """
    return text.impedance(
        miles_to_km(value) if travel_unit(selection) == "miles" else value, selection
    )


def lead(gaps: pd.DataFrame, selection: Selection) -> str:
    """State the gap of the chosen dimension.

    Parameters
    ----------
    gaps : DataFrame
        From `fairness.dimension_gaps`.
    selection : Selection
        `by`, threshold and state.

    Returns
    -------
    str
        One or two sentences; why there is no gap when two groups cannot be compared.
    """
    own = gaps[gaps["dimension"] == selection.by]
    if own.empty:
        return (
            f"{LABELS['by'][selection.by]}: no two groups with at least {FEWEST:,.0f} people can "
            f"be compared in {text.place(selection.state)}. Choose other groups above, or all "
            "states or all ages on the left."
        )
    row = own.iloc[0]
    worse, base = phrase(row["group"], selection), phrase(row["reference"], selection)
    where = f" in {text.place(selection.state)}" if selection.state else ""
    far = f"to live more than {text.threshold(selection)} from {text.centre_phrase(selection)}"
    shares = f"{text.percent(row['share'])} against {text.percent(row['share_reference'])}"
    gap = f"{points(row['gap'])} (90% band {points_band(row['gap_low'], row['gap_high'])})"
    if row["gap"] <= 0:
        return (
            f"No group{where} is more likely than {base} {far}. Next come {worse}: "
            f"{shares}, a difference of {gap}."
        )
    how = "more likely than"
    if row["ratio"] >= CLEARLY_MORE:
        digits = 1 if row["ratio"] < ONE_DIGIT_BELOW else 0
        how = f"{row['ratio']:,.{digits}f} times as likely as"
    return f"{capital(worse)}{where} are {how} {base} {far}: {shares}, a gap of {gap}."


def within(shares: pd.DataFrame, selection: Selection) -> str:
    """State who is most and least often within the threshold.

    Parameters
    ----------
    shares : DataFrame
        From `fairness.cumulative` at the threshold alone.
    selection : Selection
        Threshold.

    Returns
    -------
    str
        A sentence.
    """
    row = shares.iloc[0].drop("within").astype(float)
    if row.empty:
        return "There is nobody to count in this view."
    most, least = str(row.idxmax()), str(row.idxmin())
    best = f"{text.percent(row[most])} of {phrase(most, selection)}"
    if most == least:
        return f"Within {text.threshold(selection)} live {best}."
    return (
        f"Within {text.threshold(selection)} live {best}, and "
        f"{text.percent(row[least])} of {phrase(least, selection)}."
    )


def medians(spreads: pd.DataFrame, selection: Selection) -> str:
    """State in which dimension the medians are farthest apart.

    Parameters
    ----------
    spreads : DataFrame
        From `fairness.spread`.
    selection : Selection
        Units.

    Returns
    -------
    str
        A sentence.
    """
    known = spreads[
        (spreads["group"] != UNKNOWN)
        & (spreads["people"] >= FEWEST)
        & np.isfinite(spreads["median"])
        & (spreads["median"] > 0)
    ]
    if known.empty:
        return "No group has enough people with a way to a centre."
    ends = known.groupby("dimension")["median"].agg(["idxmin", "idxmax", "min", "max"])
    widest = (ends["max"] / ends["min"]).idxmax()
    near, far = (known.loc[ends.loc[widest, end]] for end in ("idxmin", "idxmax"))
    if near["median"] == far["median"]:
        return f"Half of every group lives within {travel(far['median'], selection)}."
    return (
        f"The medians are farthest apart by {LABELS['by'][str(widest)].lower()}: half of "
        f"{phrase(far['group'], selection)} live within {_median(far, selection)}, half of "
        f"{phrase(near['group'], selection)} within {_median(near, selection)}."
    )


def _median(row: pd.Series, selection: Selection) -> str:
    value, low, high = (
        travel(row[name], selection) for name in ("median", "median_low", "median_high")
    )
    return f"{value} ({low} to {high})"


def widest_dimension(gaps: pd.DataFrame, selection: Selection) -> str:
    """State in which dimension the gap is widest.

    Parameters
    ----------
    gaps : DataFrame
        From `fairness.dimension_gaps`.
    selection : Selection
        Threshold.

    Returns
    -------
    str
        A sentence.
    """
    if gaps.empty:
        return f"No dimension has two groups with at least {FEWEST:,.0f} people here."
    row = gaps.sort_values("gap", ascending=False).iloc[0]
    if row["gap"] <= 0:
        return "In no dimension is any group worse off than the reference group."
    return (
        f"The gap is widest by {row['dimension_label'].lower()}: {text.percent(row['share'])} of "
        f"{phrase(row['group'], selection)} live more than {text.threshold(selection)} away, "
        f"{text.percent(row['share_reference'])} of {phrase(row['reference'], selection)}."
    )


def states(found: pd.DataFrame, selection: Selection) -> str:
    """State in which states the gap is widest.

    Parameters
    ----------
    found : DataFrame
        From `fairness.state_gaps`, widest first.
    selection : Selection
        `by` and threshold.

    Returns
    -------
    str
        A sentence.
    """
    if found.empty:
        return f"In no state can two groups with at least {FEWEST:,.0f} people be compared."
    row = found.iloc[0]
    if row["gap"] <= 0:
        return f"In no state is any group worse off than {phrase(row['reference'], selection)}."
    others = [
        f"{name} ({points(gap)})"
        for name, gap in zip(found["label"][1:], found["gap"][1:], strict=True)
        if gap > 0
    ][: NAMED_STATES - 1]
    then = f" Next: {text.listed(others)}." if others else ""
    band = points_band(row["gap_low"], row["gap_high"])
    return (
        f"The gap is widest in {row['label']}: {text.percent(row['share'])} of "
        f"{phrase(row['group'], selection)} live more than {text.threshold(selection)} away and "
        f"{text.percent(row['share_reference'])} of {phrase(row['reference'], selection)}, "
        f"{points(row['gap'])} apart (90% band {band}).{then}"
    )


def against_nation(both: pd.DataFrame, selection: Selection) -> str:
    """Compare the gap of a state with that of the country.

    Parameters
    ----------
    both : DataFrame
        From `fairness.against_nation`.
    selection : Selection
        Names the people.

    Returns
    -------
    str
        A sentence; what is missing when there is nothing to compare.
    """
    if both.empty:
        return (
            f"This state has no two groups with at least {FEWEST:,.0f} people to compare. Choose "
            "other groups above, or all states on the left."
        )
    here = both.iloc[0]
    own = (
        f"In {here['label']} the gap between {phrase(here['group'], selection)} and "
        f"{phrase(here['reference'], selection)} is {points(here['gap'])} "
        f"(90% band {points_band(here['gap_low'], here['gap_high'])})"
    )
    if len(both) == 1:
        return f"{own}."
    nation = both.iloc[1]
    return (
        f"{own}; between the same groups in the whole country it is {points(nation['gap'])} "
        f"({points_band(nation['gap_low'], nation['gap_high'])})."
    )


def _index(found: Index) -> str:
    value, low, high = (round(part, 3) + 0.0 for part in (found.value, found.low, found.high))
    return f"{value:.3f} (90% band {low:.3f} to {high:.3f})"


def _unit(selection: Selection) -> str:
    return {"minutes": "minutes", "miles": "miles", "km": "kilometres"}[travel_unit(selection)]


def concentration(found: Inequality, selection: Selection) -> str:
    """State what the poorest areas carry.

    Parameters
    ----------
    found : Inequality
        From `fairness.inequality`.
    selection : Selection
        Threshold.

    Returns
    -------
    str
        A sentence; why there is none where nobody can be ranked.
    """
    if math.isnan(found.travel.value):
        return "Nobody here both has a way to a centre and lives where an income is reported."
    share = text.percent(share_at(found.curves, "travel_by_income", FIFTH), 0)
    beyond = share_at(found.curves, "beyond_by_income", FIFTH)
    also = (
        ""
        if math.isnan(beyond)
        else f" and are {text.percent(beyond, 0)} of those beyond {text.threshold(selection)}"
    )
    return (
        f"The fifth of people in the ZIP areas with the lowest incomes travel {share} of all "
        f"{_unit(selection)}{also}. Concentration index of travel {_index(found.travel)}: below 0 "
        "the poorer travel farther, 0 is equal."
    )


def gini(found: Inequality, selection: Selection) -> str:
    """State how much of all travel those farthest away have.

    Parameters
    ----------
    found : Inequality
        From `fairness.inequality`.
    selection : Selection
        Names the unit.

    Returns
    -------
    str
        A sentence; why there is none without travel.
    """
    if math.isnan(found.gini.value):
        return "Nobody here has a way to a centre."
    share = 1 - share_at(found.curves, "travel_by_travel", 1 - TENTH)
    return (
        f"The tenth of people who live farthest travel {text.percent(share, 0)} of all "
        f"{_unit(selection)}. Gini index {_index(found.gini)}: 0 is equal, 1 is one person "
        "travelling all of it."
    )


def left_out(found: Inequality, selection: Selection) -> str:
    """Say whom the indexes leave out.

    Parameters
    ----------
    found : Inequality
        From `fairness.inequality`.
    selection : Selection
        Names people and unit.

    Returns
    -------
    str
        Sentences.
    """
    whole, ranked = found.gini.counted, found.erreygers.counted
    everybody = whole.people + whole.unreachable + whole.no_data
    share = whole.unreachable / everybody if everybody else math.nan
    who = f"{text.people(whole.unreachable)} {text.audience(selection)}"
    said = (
        f"{who} ({text.percent(share, 2)}) have no road to any centre. An endless journey has no "
        f"mean, so the indexes of {_unit(selection)} leave them out; those of people beyond the "
        f"threshold count them as beyond. {text.people(ranked.unranked)} live where no income is "
        "reported and are left out of the indexes by income."
    )
    if whole.no_data:
        said += f" {text.people(whole.no_data)} without known travel are left out of all."
    return said


def reference_lines() -> list[str]:
    """Write the references with links, one a line."""
    links = (doi.replace("(", "%28").replace(")", "%29") for _, doi in REFERENCES)
    return [
        f"{what}: [doi:{doi}](https://doi.org/{link})"
        for (what, doi), link in zip(REFERENCES, links, strict=True)
    ]
