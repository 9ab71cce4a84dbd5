"""The consortium's register as tables, maps and sentences (pure)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard import palette, text
from dashboard.map_assets import AssetPaths
from dashboard.map_key import MapKey
from dashboard.map_layers import LOWER_48, MapSpec, SiteStyle, site_layer
from data.content_schemas import MEETING_KINDS, PRECEDENT_KINDS
from data.register import Register, latest_first

BRINGS: Final = "\N{BLACK CIRCLE}"
ROLES: Final = {
    "role_collection": "Blood collection",
    "role_apheresis": "Apheresis",
    "role_cell_collection": "Cell collection",
    "role_processing": "Processing",
    "role_testing": "Testing",
    "role_distribution": "Distribution",
}
"""Columns of the table of blood centres, in the order of a course of care."""
EVIDENCE: Final = {
    "verified": "Read in the source",
    "abstract": "Only its beginning was read",
    "recall": "Own knowledge; check before printing",
}
PRECEDENT_STYLES: Final = {
    "mobile_collection": SiteStyle(
        PRECEDENT_KINDS["mobile_collection"], "triangle", palette.ACCENT, palette.ACCENT_DARK, 8.0
    ),
    "collection_in_donation_centre": SiteStyle(
        PRECEDENT_KINDS["collection_in_donation_centre"], "diamond", palette.INK, "", 8.0
    ),
    "satellite_clinic": SiteStyle(
        PRECEDENT_KINDS["satellite_clinic"], "circle", palette.BAND_COLOURS[4], "", 7.0
    ),
    "community_infusion": SiteStyle(
        PRECEDENT_KINDS["community_infusion"], "square", palette.WHITE, palette.ACCENT, 6.5
    ),
}


def words(tag: str) -> str:
    """Write a tag as words.

    >>> words("donor_recruitment")
    'Donor recruitment'
    """
    return tag.replace("_", " ").capitalize()


def about(found: Register) -> str:
    """Say what the consortium is."""
    purpose = text.listed([str(line) for line in found.about["purpose"]])
    variants = [one["name"] for one in found.about.get("name_variants", [])]
    also = f" Also written {text.listed(variants)}." if variants else ""
    return (
        f"The {found.about['name']} ({found.about['short_name']}), launched on "
        f"{found.about['launched']}, is an {found.about['type']} that wants to {purpose}.{also}"
    )


def members_sentence(found: Register) -> str:
    """State how many members there are and what they bring."""
    brought = {one["tag"] for member in found.members for one in member["capabilities"]}
    missing = [words(tag).lower() for tag in _ORDER if tag not in brought]
    lacking = f" No member is listed for {text.listed(missing)}." if missing else ""
    return (
        f"{len(found.members)} members bring {len(brought)} of {len(_ORDER)} capabilities.{lacking}"
    )


_ORDER: Final = (
    "donor_recruitment", "collection", "mobile_collection", "processing", "cryopreservation",
    "testing", "logistics", "manufacturing", "devices", "standards", "accreditation", "training",
    "policy_advocacy", "network_of_sites",
)  # fmt: skip


def capabilities(found: Register) -> pd.DataFrame:
    """Set capabilities against members: one row each, a mark where a member brings it."""
    rows = [
        {"Capability": words(tag)}
        | {
            member["short"]: BRINGS
            if any(one["tag"] == tag for one in member["capabilities"])
            else ""
            for member in found.members
        }
        for tag in _ORDER
    ]
    return pd.DataFrame(rows)


def contributions(found: Register) -> pd.DataFrame:
    """List what each member brings, with source and evidence."""
    return pd.DataFrame(
        [
            {
                "Member": member["name"],
                "Role": member["role"],
                "Joined": member["joined"],
                "Brings": words(one["tag"]),
                "In detail": one["detail"],
                "Evidence": EVIDENCE[one["evidence"]],
                "Source": one["source"],
            }
            for member in found.members
            for one in member["capabilities"]
        ]
    )


def by_network(blood: pd.DataFrame) -> pd.DataFrame:
    """Count the facilities of each network by role, the largest network first."""
    named = blood.assign(Network=blood["network_group"].fillna("Other or none"))
    found = named.groupby("Network")[list(ROLES)].sum()
    found.insert(0, "Facilities", named.groupby("Network").size())
    return found.rename(columns=ROLES).sort_values("Facilities", ascending=False).reset_index()


def by_division(blood: pd.DataFrame, states: pd.DataFrame, people: pd.Series) -> pd.DataFrame:
    """Count the facilities of each Census division by role, with the people who live there.

    Parameters
    ----------
    blood : DataFrame
        The table of blood centres.
    states : DataFrame
        state, division.
    people : Series of float
        Persons by state.

    Returns
    -------
    DataFrame
        Division, People, Facilities and the roles; divisions without a facility have zeros.
    """
    division = states.set_index("state")["division"]
    named = blood.assign(Division=blood["state"].map(division))
    found = named.groupby("Division")[list(ROLES)].sum()
    found.insert(0, "Facilities", named.groupby("Division").size())
    found = found.reindex(sorted(division.unique()), fill_value=0)
    found.insert(0, "People", people.groupby(people.index.map(division.to_dict())).sum())
    return found.rename(columns=ROLES).rename_axis("Division").reset_index()


def missing(blood: pd.DataFrame, states: pd.DataFrame, people: pd.Series) -> pd.DataFrame:
    """List the states without a facility of each role.

    Returns
    -------
    DataFrame
        Role, States without, Share of states, People there, Which; the widest gap first.
    """
    rows = []
    for column, label in ROLES.items():
        have = set(blood.loc[blood[column], "state"])
        lacking = states[~states["state"].isin(have)]
        rows.append(
            {
                "Role": label,
                "States without": len(lacking),
                "Share of states": len(lacking) / len(states),
                "People there": float(people.reindex(lacking["state"]).sum()),
                "Which": ", ".join(sorted(lacking["name"])),
            }
        )
    return pd.DataFrame(rows).sort_values("States without", ascending=False, ignore_index=True)


def gap_sentence(found: pd.DataFrame, states: int) -> str:
    """State the gap in cell collection.

    >>> row = {"Role": "Cell collection", "States without": 30, "People there": 90_000_000.0}
    >>> gap_sentence(pd.DataFrame([row]), 52)
    '30 of 52 states, with 90.0 million people, have no blood centre that is known or believed to \
collect cells for therapy.'
    """
    row = found[found["Role"] == ROLES["role_cell_collection"]].iloc[0]
    people = text.people(float(row["People there"]))
    return (
        f"{row['States without']:.0f} of {states} states, with {people} people, have no blood "
        "centre that is known or believed to collect cells for therapy."
    )


def meetings(found: Register, today: str) -> pd.DataFrame:
    """List meetings, those to come first, then the past from the latest on."""
    entries = latest_first(found.meetings)
    ahead = [one for one in entries if (one.get("until") or one["date"]) >= today]
    past = [one for one in entries if one not in ahead]
    return pd.DataFrame(
        [
            {
                "When": one["date"] + (f" to {one['until']}" if one.get("until") else ""),
                "What": one["title"],
                "Kind": MEETING_KINDS[one["kind"]],
                "Where": one["place"] or "",
                "Evidence": EVIDENCE[one["evidence"]],
                "Source": one["source"],
                "about": one["briefing"],
            }
            for one in (*reversed(ahead), *past)
        ]
    )


def calendar_sentence(found: Register, today: str) -> str:
    """Say when the consortium meets next."""
    ahead = sorted(one["date"] for one in found.meetings if one["date"] > today)
    if ahead:
        return f"The next date is {ahead[0]}. The consortium meets {found.rhythm}."
    return (
        f"No date to come is known. The consortium meets {found.rhythm}. "
        "A meeting that is written into data/content/meetings.yaml stands here."
    )


def articles(found: Register) -> pd.DataFrame:
    """List articles and interviews, the latest first."""
    return pd.DataFrame(
        [
            {
                "Date": one["date"] or "",
                "Title": one["title"],
                "Publisher": one["publisher"],
                "Kind": words(one["type"]),
                "People": ", ".join([*([one["author"]] if "author" in one else []),
                                     *one.get("people", [])]),
                "Evidence": EVIDENCE[one["evidence"]],
                "Link": one["url"],
            }
            for one in latest_first(found.articles)
        ]
    )  # fmt: skip


def precedents(found: Register) -> pd.DataFrame:
    """List precedents with their places."""
    return pd.DataFrame(
        [
            {
                "Precedent": one["title"],
                "Kind": PRECEDENT_KINDS[one["kind"]],
                "Where": one["place"],
                "What": one["what"],
                "Evidence": EVIDENCE[one["evidence"]],
                "Source": one["source"],
                "Citation": one.get("citation", ""),
                "lat": one["lat"],
                "lon": one["lon"],
            }
            for one in found.precedents
        ]
    )


def precedent_map(found: Register, assets: AssetPaths) -> tuple[MapSpec, MapKey]:
    """Place the precedents on a map, by kind, with what explains it."""
    kinds = [kind for kind in PRECEDENT_STYLES if any(p["kind"] == kind for p in found.precedents)]
    styles = [PRECEDENT_STYLES[kind] for kind in kinds]
    layer = site_layer(
        np.array([one["lat"] for one in found.precedents], dtype=np.float64),
        np.array([one["lon"] for one in found.precedents], dtype=np.float64),
        [one["id"] for one in found.precedents],
        [f"{one['title']}, {one['place']}" for one in found.precedents],
        styles=styles,
        style=[kinds.index(one["kind"]) for one in found.precedents],
    )
    spec = MapSpec(
        assets=assets, title="Precedents of care brought nearer home", sites=(layer,),
        bounds=LOWER_48,
    )  # fmt: skip
    return spec, MapKey(title="", sites=styles, shaded=False)


def precedents_sentence(found: Register) -> str:
    """State how many precedents there are, and of what."""
    counts: dict[str, int] = {}
    for one in found.precedents:
        counts[one["kind"]] = counts.get(one["kind"], 0) + 1
    parts = [f"{count} of {PRECEDENT_KINDS[kind].lower()}" for kind, count in counts.items()]
    places = len(found.precedents)
    return f"Care has been brought nearer home in {places} places: {text.listed(parts)}."


def steps(entries: Sequence[Mapping[str, Any]], role: str = "") -> pd.DataFrame:
    """List the steps of a path, of one role only where one is named."""
    return pd.DataFrame(
        [
            {
                "Step": one["step"],
                "When": one["when"],
                "What": one["what"],
                "Who": one["who"],
                "Roles": ", ".join(one.get("roles", [])),
                "Citation": one["citation"],
                "Evidence": EVIDENCE[one["evidence"]],
                "Note": one.get("note", ""),
                "Source": one["url"],
            }
            for one in entries
            if not role or role in one.get("roles", [role])
        ]
    )


EARLY: Final = ("dev-01", "dev-02", "dev-03", "dev-05")
"""Steps in which a developer or a site meets the FDA before it files."""


def early_sentence(found: Register) -> str:
    """Name the steps of early engagement."""
    names = [one["step"] for one in found.developer_path if one["id"] in EARLY]
    return f"Engage early: {text.listed(names)}, before and with the IND."


def standards(found: Register) -> pd.DataFrame:
    """List SOP families with the standards that govern them."""
    return pd.DataFrame(
        [
            {
                "SOP family": family["family"],
                "Roles": ", ".join(family["roles"]),
                "Topics": ", ".join(family["topics"]),
                "Standard": one["standard"],
                "Body": one["body"],
                "Evidence": EVIDENCE[one["evidence"]],
                "Source": one["url"],
            }
            for family in found.families
            for one in family["governing"]
        ]
    )
