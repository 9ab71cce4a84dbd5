"""Tables of one region as text for reading and printing (pure)."""

import math
from typing import Final

import pandas as pd

from dashboard import text
from dashboard.details import EVIDENCE_LABELS
from dashboard.state import LABELS, Selection

AGES: Final = {
    "adult": "Adults",
    "pediatric": "Children",
    "adult+pediatric": "Adults and children",
}

NUMBERS: Final = frozenset(
    {
        "People",
        "Beyond",
        "Share beyond",
        "90% band",
        "Half live within",
        "Nation",
        "People beyond",
        "Of",
        "Time",
        "Distance",
        "Nearest for",
        "Share",
        "Half of them within",
    }
)
"""Columns of numbers, written as text; they end at the same edge."""


def compared(frame: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """Region beside its state and the nation.

    Parameters
    ----------
    frame : DataFrame
        label, population, beyond, share_beyond, share_low, share_high (of the share covered),
        median (minutes, or km for a threshold in miles).
    selection : Selection
        The view.

    Returns
    -------
    DataFrame
        Place, People, Beyond, Share beyond, 90% band, Half live within.
    """
    return pd.DataFrame(
        {
            "Place": frame["label"],
            "People": frame["population"].map(whole),
            "Beyond": frame["beyond"].map(whole),
            "Share beyond": frame["share_beyond"].map(text.percent),
            "90% band": _bands(frame),
            "Half live within": [text.impedance(value, selection) for value in frame["median"]],
        }
    )


def groups(frame: pd.DataFrame) -> pd.DataFrame:
    """Set groups of people of a region beside the nation.

    Parameters
    ----------
    frame : DataFrame
        From `regions.compared_groups`.

    Returns
    -------
    DataFrame
        By, Group, People, Beyond, Share beyond, 90% band, Nation. A breakdown is named once.
    """
    first = ~frame["by"].duplicated()
    return pd.DataFrame(
        {
            "By": [
                LABELS["by"][by] if new else "" for by, new in zip(frame["by"], first, strict=True)
            ],
            "Group": frame["label"],
            "People": frame["population"].map(whole),
            "Beyond": frame["beyond"].map(whole),
            "Share beyond": frame["share_beyond"].map(text.percent),
            "90% band": _bands(frame),
            "Nation": frame["nation_share_beyond"].map(text.percent),
        }
    )


def areas(frame: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """ZIP areas of a region.

    Parameters
    ----------
    frame : DataFrame
        From `regions.worst_areas`.
    selection : Selection
        Units.

    Returns
    -------
    DataFrame
        ZIP area, Place, People beyond, Of, Time, Distance.
    """
    return pd.DataFrame(
        {
            "ZIP area": frame["zcta"],
            "Place": frame["city"] + ", " + frame["state"],
            "People beyond": frame["beyond"].map(whole),
            "Of": frame["people"].map(whole),
            "Time": frame["minutes"].map(text.minutes),
            "Distance": [text.distance(km, selection.units) for km in frame["distance_km"]],
        }
    )


def centres_used(frame: pd.DataFrame, inside: frozenset[str]) -> pd.DataFrame:
    """Centres that people of a region go to.

    Parameters
    ----------
    frame : DataFrame
        From `regions.centres_used`.
    inside : frozenset of str
        Ids of the centres in the region.

    Returns
    -------
    DataFrame
        Centre, Place, In the region, Nearest for, Share, Half of them within.
    """
    return pd.DataFrame(
        {
            "Centre": frame["name"],
            "Place": frame["place"],
            "In the region": ["yes" if site in inside else "no" for site in frame["id"]],
            "Nearest for": frame["people"].map(whole),
            "Share": frame["share"].map(lambda share: text.percent(share, 0)),
            "Half of them within": frame["minutes"].map(text.minutes),
        }
    )


def treatment(frame: pd.DataFrame) -> pd.DataFrame:
    """Treatment centres with their evidence.

    Parameters
    ----------
    frame : DataFrame
        The treatment centre table, or a reader's own facilities.

    Returns
    -------
    DataFrame
        Centre, Place, Treats, Evidence.
    """
    count = len(frame)
    own = "best_evidence" not in frame  # a reader's own facilities
    return pd.DataFrame(
        {
            "Centre": frame["name"].tolist(),
            "Place": [""] * count if own else (frame["city"] + ", " + frame["state"]).tolist(),
            "Treats": [""] * count if own else frame["ages_treated"].map(AGES).tolist(),
            "Evidence": ["your own"] * count
            if own
            else frame["best_evidence"].map(lambda word: EVIDENCE_LABELS.get(word, word)).tolist(),
        }
    )


def blood(frame: pd.DataFrame) -> pd.DataFrame:
    """Blood centres with their roles, those that collect cells first.

    Parameters
    ----------
    frame : DataFrame
        The blood centre table.

    Returns
    -------
    DataFrame
        Blood centre, Place, Roles, Network.
    """
    order = ["role_cell_collection", "role_apheresis", "role_processing", "org", "facility"]
    table = frame.sort_values(order, ascending=[False, False, False, True, True], kind="stable")
    return pd.DataFrame(
        {
            "Blood centre": (table["org"] + ": " + table["facility"]).tolist(),
            "Place": (table["city"] + ", " + table["state"]).tolist(),
            "Roles": table["roles"].tolist(),
            "Network": table["network_group"].tolist(),
        }
    )


def ranking(frame: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Regions of one kind, worst share first.

    Parameters
    ----------
    frame : DataFrame
        From `regions.ranking`.
    unit : str
        Of the median's column.

    Returns
    -------
    DataFrame
        The same rows with percent_beyond, band (text) and median (missing where most have no
        road).
    """
    return frame.assign(
        percent_beyond=100 * frame["share_beyond"],
        band=_bands(frame),
        median=frame[f"median_{unit}"].where(frame[f"median_{unit}"] < math.inf),
    )


def whole(count: float) -> str:
    """Write a count of people in full.

    >>> whole(1234567.0), whole(float("nan"))
    ('1,234,567', 'no data')
    """
    return text.NO_NUMBER if math.isnan(count) else f"{count:,.0f}"


def _bands(frame: pd.DataFrame) -> list[str]:
    return [
        text.percent_band(1 - high, 1 - low)
        for low, high in zip(frame["share_low"], frame["share_high"], strict=True)
    ]
