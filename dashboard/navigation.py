"""Registry of pages: the only place that knows which there are."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

PAGES_DIR: Final = Path(__file__).resolve().parent.parent / "pages"

Section = Literal["Explore", "Plan", "Share", "Trust"]


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page.

    Parameters
    ----------
    file : str
        File name beneath `pages/`.
    title, icon, help : str
        What the navigation shows; `icon` names a Material symbol.
    url_path : str
        Last part of the page's address.
    section : str
        Heading it stands under.
    """

    file: str
    title: str
    icon: str
    url_path: str
    help: str
    section: Section

    @property
    def path(self) -> Path:
        """File of the page."""
        return PAGES_DIR / self.file


REGION: Final = PageEntry(
    "region.py",
    "Region",
    ":material/location_city:",
    "region",
    "One state, county, metro area or hospital referral region: its people, sites, gaps and rank, "
    "to print or to share by its address.",
    "Explore",
)
"""Other pages link to it."""
PLANNER: Final = PageEntry(
    "planner.py",
    "Expansion planner",
    ":material/add_location_alt:",
    "planner",
    "Where new sites would help most, with proof: candidates, roles, objectives, budgets, "
    "plans by hand, and which sites belong in every plan.",
    "Plan",
)
PATIENTS: Final = PageEntry(
    "patients.py",
    "Patients and capacity",
    ":material/vital_signs:",
    "patients",
    "How many patients a year, of which disease and where, how that grows to 2035, and when "
    "the centres are full.",
    "Plan",
)
"""The planner links to it."""

PAGES: Final = (
    PageEntry(
        "overview.py",
        "Overview",
        ":material/flag:",
        "overview",
        "How many people live too far from advanced therapies, where, and how sure we are.",
        "Explore",
    ),
    PageEntry(
        "map.py",
        "Map",
        ":material/map:",
        "map",
        "Travel time by state and county, treatment centres and blood centres with the evidence "
        "for each, and the nearest centres to any ZIP code or city.",
        "Explore",
    ),
    PageEntry(
        "gaps.py",
        "Coverage gaps",
        ":material/groups:",
        "gaps",
        "Who is beyond the threshold: by place, rurality, race and ethnicity, income, poverty, "
        "age and vehicle access.",
        "Explore",
    ),
    REGION,
    PLANNER,
    PATIENTS,
    PageEntry(
        "journeys.py",
        "Journeys",
        ":material/route:",
        "journeys",
        "The whole course of care: trips, miles, hours, nights and cost for patients, and the ways "
        "of their cells, by where each stage takes place.",
        "Plan",
    ),
    PageEntry(
        "compare.py",
        "Compare",
        ":material/compare_arrows:",
        "compare",
        "Any two situations side by side, such as today and a plan, or two saved scenarios: "
        "people, travel, equity, states and sites.",
        "Plan",
    ),
    PageEntry(
        "briefing.py",
        "Briefing",
        ":material/description:",
        "briefing",
        "Findings on the nation, a state or a referral region as a PDF, slides that can be edited, "
        "and a bundle of all data and figures.",
        "Share",
    ),
    PageEntry(
        "scenarios.py",
        "Scenarios",
        ":material/bookmarks:",
        "scenarios",
        "Views and plans that were saved: open, fork, rename and share them by link, or take them "
        "along as a file.",
        "Share",
    ),
    PageEntry(
        "consortium.py",
        "Consortium",
        ":material/handshake:",
        "consortium",
        "Members and what each brings, facilities and gaps in roles, calendar, articles, "
        "precedents on the map, regulatory path, standards.",
        "Share",
    ),
    PageEntry(
        "methods.py",
        "Methods and validation",
        ":material/rule:",
        "methods",
        "Every formula in words, the road model against real trips, and published studies "
        "recomputed by this code with the signed error.",
        "Trust",
    ),
    PageEntry(
        "data.py",
        "Data",
        ":material/database:",
        "data",
        "Source, vintage, licence and quality of every table, downloads, and your own facilities.",
        "Trust",
    ),
)
"""In the order of the navigation; the first is the default page."""


WITHOUT_VIEW: Final = frozenset({"scenarios", "consortium", "methods", "data"})
"""Pages that show no view that could be saved."""


def sections() -> dict[str, list[PageEntry]]:
    """Pages by section, in order.

    Returns
    -------
    dict of str to list of PageEntry
        Sections in the order of their first page.
    """
    found: dict[str, list[PageEntry]] = {}
    for entry in PAGES:
        found.setdefault(entry.section, []).append(entry)
    return found
