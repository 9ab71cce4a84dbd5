"""Small results for the pages: headline, hospital shares, one county, one site (pure)."""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from dashboard import queries, text
from dashboard.state import Selection
from geo.equity import quantile_band
from geo.results import CoverageResult, DistributionResult, Floats, QuantileBand

DISTRIBUTION_EDGES: Final[Floats] = np.arange(0.0, 301.0, 15.0)
"""Minutes or miles."""

CLAIM_LABELS: Final = {
    "fact_accreditation": "FACT accreditation",
    "car_t": "CAR-T",
    "nmdp_center": "NMDP transplant centre",
    "hemoglobinopathy_gene_therapy": "Gene therapy (sickle cell, thalassemia)",
    "til": "TIL",
    "apheresis": "Apheresis",
    "cell_collection": "Cell collection",
    "processing": "Processing",
    "distribution": "Distribution",
    "other": "Other",
}
EVIDENCE_LABELS: Final = {
    "documented": "documented",
    "listed_secondary": "listed by a secondary source",
    "believed": "believed",
    "likely": "likely",
    "unknown": "unknown",
    "no": "no",
}
QUALITY_LABELS: Final = {
    "rooftop": "at the building",
    "rooftop_campus": "on the campus",
    "point_secondary": "point from a secondary source",
    "zip_centroid": "middle of the ZIP area (some km off)",
    "city_centroid": "middle of the city (some km off)",
}
HOSPITAL_SCALE: Final = 0.06
"""Share of hospitals at the end of the axis; more than all listed programmes together."""
NO_HOSPITAL_STATE: Final = "PR"
"""The hospital counts are of the 50 states and DC."""


@dataclass(frozen=True, slots=True)
class Headline:
    """One population at one threshold.

    Parameters
    ----------
    population, covered, beyond, unreachable, no_data : float
        Persons; beyond includes unreachable.
    share_covered, share_beyond, share_beyond_low, share_beyond_high : float
        0 to 1, of those with data; nan without people.
    beyond_low, beyond_high : float
        Persons.
    """

    population: float
    covered: float
    beyond: float
    unreachable: float
    no_data: float
    share_covered: float
    share_beyond: float
    share_beyond_low: float
    share_beyond_high: float
    beyond_low: float
    beyond_high: float


def headline(result: CoverageResult) -> Headline:
    """Put the first group of a coverage result in the words of a headline."""
    return Headline(
        population=float(result.population[0]),
        covered=float(result.covered[0]),
        beyond=float(result.beyond[0]),
        unreachable=float(result.unreachable[0]),
        no_data=float(result.no_data[0]),
        share_covered=float(result.share_covered[0]),
        share_beyond=float(1 - result.share_covered[0]),
        share_beyond_low=float(1 - result.share_high[0]),
        share_beyond_high=float(1 - result.share_low[0]),
        beyond_low=float(result.beyond_low[0]),
        beyond_high=float(result.beyond_high[0]),
    )


def distinct_hospitals(centres: pd.DataFrame) -> int:
    """Count hospitals, not programmes: rows with one certification number are one hospital.

    Parameters
    ----------
    centres : DataFrame
        Treatment centres; those in Puerto Rico are left out, as in the hospital counts.

    Returns
    -------
    int
        A row without a certification number counts as a hospital of its own.
    """
    number = centres["ccn"].fillna("")[centres["state"] != NO_HOSPITAL_STATE]
    return int(number[number != ""].nunique() + (number == "").sum())


def hospital_shares(centres: pd.DataFrame, denominators: pd.DataFrame) -> pd.DataFrame:
    """Share of US hospitals that give a therapy, by each count of hospitals.

    Parameters
    ----------
    centres : DataFrame
        Treatment centres that count.
    denominators : DataFrame
        label, hospitals, source, vintage, definition.

    Returns
    -------
    DataFrame
        The denominators with columns certified and share.
    """
    certified = distinct_hospitals(centres)
    return denominators.assign(certified=certified, share=certified / denominators["hospitals"])


@dataclass(frozen=True, slots=True)
class CountyDetail:
    """One county.

    Parameters
    ----------
    label : str
        Name and state.
    headline : Headline
        Its people.
    median : QuantileBand
        Minutes, or km for a threshold in miles.
    centre : str
        Centre that is nearest for most of its people; "" for none.
    centre_id : str
        Its id.
    """

    label: str
    headline: Headline
    median: QuantileBand
    centre: str
    centre_id: str


def county(
    fips: str,
    areas: queries.Areas,
    rows: queries.Rows,
    centres: pd.DataFrame,
    selection: Selection,
) -> CountyDetail:
    """Describe one county.

    Parameters
    ----------
    fips : str
        Its code.
    areas, rows
        People of the whole country, or of the county's state.
    centres : DataFrame
        Chosen centres, which `rows.site` counts.
    selection : Selection
        The view.

    Returns
    -------
    CountyDetail
        Also for a county without people.
    """
    parts = queries.by_county(areas, rows)
    here = parts.of(rows).take(np.array(parts.names)[parts.county] == fips)
    travel, errors = queries.impedance(here, selection), queries.uncertainty(here, selection)
    weight = np.bincount(here.site[here.site >= 0], here.persons[here.site >= 0], len(centres))
    main = int(weight.argmax()) if weight.size and weight.max() > 0 else -1
    row = centres.iloc[main] if main >= 0 else None
    return CountyDetail(
        label=queries.county_labels().get(fips, fips),
        headline=headline(queries.total(here, selection)),
        median=quantile_band(travel, here.persons, q=0.5, uncertainty=errors),
        centre="" if row is None else f"{row['name']}",
        centre_id="" if row is None else str(row["id"]),
    )


def claims(site: pd.Series, evidence: pd.DataFrame) -> pd.DataFrame:
    """List every claim about a site with its evidence, page and date.

    Parameters
    ----------
    site : Series
        Row of the treatment or blood centre table.
    evidence : DataFrame
        The matching evidence table.

    Returns
    -------
    DataFrame
        claim, evidence, source_url, source_date, note. Claims of the site's own columns that no
        page supports come last, with the site's general source as note.
    """
    pages = evidence[evidence["id"] == site["id"]]
    listed = pages[["claim", "evidence", "source_url", "source_date", "note"]]
    columns = {
        "apheresis_evidence": "apheresis",
        "hpc_cell_therapy_evidence": "cell_collection",
        **{claim: claim for claim in CLAIM_LABELS if claim in site.index},
    }
    rest = [
        {"claim": claim, "evidence": site[column], "note": site["source"]}
        for column, claim in columns.items()
        if column in site.index
        and isinstance(site[column], str)
        and site[column]
        and claim not in set(pages["claim"])
    ]
    table: pd.DataFrame = (
        pd.concat([listed, pd.DataFrame(rest)], ignore_index=True) if rest else listed
    )
    return table.assign(
        claim=table["claim"].map(lambda claim: CLAIM_LABELS.get(claim, claim)),
        evidence=table["evidence"].map(lambda word: EVIDENCE_LABELS.get(word, word)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class SiteCard:
    """One treatment or blood centre.

    Parameters
    ----------
    name : str
        Name, city and state.
    lines : tuple of str
        What is known about it, one Markdown line each.
    claims : DataFrame
        See `claims`; empty for a reader's own facility.
    """

    name: str
    lines: tuple[str, ...]
    claims: pd.DataFrame


def site_card(site: pd.Series, evidence: pd.DataFrame) -> SiteCard:
    """Put together what is known about a site.

    Parameters
    ----------
    site : Series
        Row of the treatment or blood centre table, or a reader's own facility.
    evidence : DataFrame
        Evidence tables of both.

    Returns
    -------
    SiteCard
        Name, facts, claims.
    """
    known = site.dropna()
    if "coord_quality" not in known:  # a reader's own facility
        where = f"Your own facility at {known['lat']:.4f}, {known['lon']:.4f}."
        return SiteCard(str(known["name"]), (where,), pd.DataFrame())
    blood = "org" in known
    name = f"{known['org']}: {known['facility']}" if blood else str(known["name"])
    address = ", ".join(
        str(known[part]) for part in ("address", "city", "state", "zip") if part in known
    )
    if blood:
        facts = [f"**Roles:** {known['roles']}", f"**Network:** {known['network_group']}"]
    else:
        facts = [f"**Treats:** {str(known['ages_treated']).replace('+', ' and ')} patients"]
        facts += [f"**Transplant:** {known['hct']}"] if "hct" in known else []
        facts += [f"**Beds:** {known['beds']:,.0f}"] if "beds" in known else []
    quality = QUALITY_LABELS.get(known["coord_quality"], known["coord_quality"])
    trust = f"**Confidence:** {known['confidence']}. **Position:** {quality}"
    notes = [f"**Note:** {known['notes']}"] if known.get("notes") else []
    return SiteCard(
        f"{name}, {known['city']}, {known['state']}",
        (address, " · ".join(facts), f"{trust} ({known['coord_source']})", *notes),
        claims(site, evidence),
    )


def claim_lines(table: pd.DataFrame) -> str:
    """Write claims as a Markdown list: claim, evidence, page with its date, note.

    Parameters
    ----------
    table : DataFrame
        From `claims`.

    Returns
    -------
    str
        One line per claim; a page that is no web address is left out.
    """
    lines = []
    for row in table.fillna("").to_dict("records"):
        parts = [f"**{row['claim']}**: {row['evidence']}"]
        url = str(row["source_url"])
        if re.fullmatch(r"https?://[^\s<>()\[\]]+", url):
            parts.append(f"[{url.split('/')[2]}]({url}), {row['source_date'] or 'undated'}")
        if row["note"]:
            parts.append(_plain(str(row["note"])))
        lines.append("- " + " · ".join(parts))
    return "\n".join(lines)


def _plain(words: str) -> str:
    """Escape what Markdown would take for markup."""
    return re.sub(r"([\\`*_\[\]<>$#|~])", r"\\\1", words)


def nearest_table(treatment: pd.DataFrame, blood: pd.DataFrame, units: str) -> pd.DataFrame:
    """Answer of a search as a table.

    Parameters
    ----------
    treatment, blood : DataFrame
        Nearest sites with columns minutes and distance_km.
    units : {'mi', 'km'}
        Of the distances.

    Returns
    -------
    DataFrame
        Kind, Site, Place, Time, Distance: text for reading.
    """
    blood = blood.assign(name=blood["org"] + ": " + blood["facility"])
    rows = [
        {
            "Kind": kind,
            "Site": site["name"],
            "Place": f"{site['city']}, {site['state']}" if "city" in site.index else "",
            "Time": text.minutes(float(site["minutes"])),
            "Distance": text.distance(float(site["distance_km"]), units),
        }
        for kind, frame in (("Treatment", treatment), ("Blood centre", blood))
        for _, site in frame.iterrows()
    ]
    return pd.DataFrame(rows, columns=["Kind", "Site", "Place", "Time", "Distance"])


def distribution_table(result: DistributionResult, metric: str) -> pd.DataFrame:
    """Tabulate a distribution of travel.

    Parameters
    ----------
    result : DistributionResult
        With the edges of `DISTRIBUTION_EDGES`.
    metric : {'minutes', 'miles'}
        Unit of the edges.

    Returns
    -------
    DataFrame
        Bins with their edges, then those beyond the last edge, without road, without data.
    """
    last = float(DISTRIBUTION_EDGES[-1])
    return pd.DataFrame(
        {
            f"above_{metric}": [*DISTRIBUTION_EDGES[:-1], last, np.nan, np.nan],
            f"up_to_{metric}": [*DISTRIBUTION_EDGES[1:], np.nan, np.nan, np.nan],
            "state": ["reachable"] * result.persons.size + ["reachable", "unreachable", "no_data"],
            "persons": [*result.persons, result.above, result.unreachable, result.no_data],
        }
    )


def group_table(frame: pd.DataFrame, *, ordered: bool) -> pd.DataFrame:
    """Arrange a breakdown for reading.

    Parameters
    ----------
    frame : DataFrame
        From `queries.breakdown`.
    ordered : bool
        Keep the order of the groups; otherwise those with the largest share beyond come first.

    Returns
    -------
    DataFrame
        With columns percent_beyond and band (text).
    """
    table = frame.assign(
        percent_beyond=100 * frame["share_beyond"],
        band=[
            text.percent_band(1 - high, 1 - low)
            for low, high in zip(frame["share_low"], frame["share_high"], strict=True)
        ],
    ).replace([np.inf], np.nan)
    if ordered:
        return table
    return table.sort_values("share_beyond", ascending=False, ignore_index=True)
