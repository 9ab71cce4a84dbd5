"""The curated CSV files in ``data/facts``: treatment centres, blood centres, their evidence."""

import re
from pathlib import Path
from typing import Final

import pandas as pd

from data.evidence import best
from data.fields import Dataset

FACTS: Final = Path(__file__).resolve().parent.parent / "facts"

CLAIMS: Final = (
    "fact_accreditation",
    "car_t",
    "nmdp_center",
    "hemoglobinopathy_gene_therapy",
    "til",
)
"""Columns of the treatment centre table that hold an evidence word."""

ROLES: Final = {
    "role_collection": "collection",
    "role_apheresis": "apheresis",
    "role_cell_collection": "cell-therapy/HPC collection",
    "role_processing": "processing",
    "role_distribution": "distribution",
    "role_testing": "testing lab",
    "role_headquarters": "headquarters",
}
"""Boolean columns, and the word in `roles` that each stands for; a reference lab tests too."""

NETWORK_GROUPS: Final = {
    "AABB": "AABB",
    "ABC": "ABC/BCA",
    "ARC": "American Red Cross",
    "BCA": "ABC/BCA",
    "BCA (believed) / ABC": "ABC/BCA",
    "BCA (believed) / hospital-based": "hospital-based",
    "BioBridge Global": "BioBridge Global",
    "CTS (ARC / Vitalant et al.)": "Creative Testing Solutions",
    "NMDP": "NMDP",
    "NMDP collection partner": "NMDP",
    "NYBCe": "New York Blood Center Enterprises",
    "Versiti / ABC": "Versiti",
    "Vitalant": "Vitalant",
    "hospital-based": "hospital-based",
}
"""Networks as the curated file writes them, and the group to filter by."""


def read_fact(name: str, folder: Path = FACTS) -> pd.DataFrame:
    """Read one curated file as text; an empty cell is missing.

    Parameters
    ----------
    name : str
        File name without ``.csv``.
    folder : Path
        Folder of the curated files.

    Returns
    -------
    DataFrame
        Every column as text.
    """
    path = folder / f"{name}.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8-sig")


def read_numbers(name: str, numbers: tuple[str, ...], folder: Path = FACTS) -> pd.DataFrame:
    """Read one curated file, with some columns as numbers.

    Parameters
    ----------
    name : str
        File name without ``.csv``.
    numbers : tuple of str
        Columns to convert.
    folder : Path
        Folder of the curated files.

    Returns
    -------
    DataFrame
        The other columns as text.
    """
    frame = read_fact(name, folder)
    return frame.assign(**{column: pd.to_numeric(frame[column]) for column in numbers})


def treatment_centers(raw: pd.DataFrame) -> pd.DataFrame:
    """Add whom a centre treats, and its best evidence.

    Parameters
    ----------
    raw : DataFrame
        ``treatment_centers.csv`` as text.

    Returns
    -------
    DataFrame
        The same columns with numbers as numbers, and treats_adults, treats_children,
        best_evidence; sorted by id.
    """
    frame = raw.sort_values("id", ignore_index=True)
    for name in ("lat", "lon", "beds"):
        frame[name] = pd.to_numeric(frame[name])
    frame["beds"] = frame["beds"].astype("Int64")
    frame["treats_adults"] = frame["ages_treated"].str.contains("adult")
    frame["treats_children"] = frame["ages_treated"].str.contains("pediatric")
    frame["best_evidence"] = [
        best(words) for words in frame[list(CLAIMS)].itertuples(index=False, name=None)
    ]
    return frame


def blood_centers(raw: pd.DataFrame) -> pd.DataFrame:
    """Add roles as booleans, and the network group.

    Parameters
    ----------
    raw : DataFrame
        ``blood_centers.csv`` as text.

    Returns
    -------
    DataFrame
        The same columns with coordinates as numbers, the columns of `ROLES`, and network_group
        ("independent or other" for a network that is not in `NETWORK_GROUPS`); sorted by id.
    """
    frame = raw.sort_values("id", ignore_index=True)
    for name in ("lat", "lon"):
        frame[name] = pd.to_numeric(frame[name])
    words = frame["roles"].map(lambda roles: set(re.split(r"\s*;\s*", roles)))
    for column, word in ROLES.items():
        accepted = {word, "reference lab"} if column == "role_testing" else {word}
        frame[column] = words.map(lambda found, accepted=accepted: bool(found & accepted))
    frame["network_group"] = frame["network"].map(NETWORK_GROUPS).fillna("independent or other")
    return frame


def evidence(raw: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    """Keep the claims of the sites that are in the site table.

    The curated file also records counter-evidence that led to a site's removal; such rows have
    no site to show them at.

    Parameters
    ----------
    raw : DataFrame
        An evidence file as text.
    sites : DataFrame
        Column id.

    Returns
    -------
    DataFrame
        Sorted by id, claim and source.
    """
    kept = raw[raw["id"].isin(sites["id"])]
    return kept.sort_values(["id", "claim", "source_url", "note"], ignore_index=True)


def validation_studies(raw: pd.DataFrame) -> pd.DataFrame:
    """Give each published figure an id.

    Parameters
    ----------
    raw : DataFrame
        ``validation_studies.csv`` as text.

    Returns
    -------
    DataFrame
        The same columns with numbers as numbers, and row_id = study_id and a slug of the metric;
        in the order of the file.
    """
    frame = raw.copy()
    for name in ("value", "tolerance_points"):
        frame[name] = pd.to_numeric(frame[name])
    slug = frame["metric"].str.split(":").str[0].str.lower()
    slug = slug.str.replace(r"[^a-z0-9]+", "_", regex=True).str.strip("_")
    frame.insert(0, "row_id", frame["study_id"] + "__" + slug)
    return frame


def calibration_trips(raw: pd.DataFrame) -> pd.DataFrame:
    """Real trips, with numbers as numbers.

    Parameters
    ----------
    raw : DataFrame
        ``calibration_trips.csv`` as text.

    Returns
    -------
    DataFrame
        The same columns, sorted by trip_id.
    """
    frame = raw.sort_values("trip_id", ignore_index=True)
    ends = [f"{end}_{axis}" for end in ("origin", "destination") for axis in ("lat", "lon")]
    for name in (*ends, "road_miles", "road_minutes"):
        frame[name] = pd.to_numeric(frame[name])
    frame["held_out"] = frame["held_out"] == "true"
    return frame


def method_references(raw: pd.DataFrame) -> pd.DataFrame:
    """Sort the literature by key, with the year as a number.

    Parameters
    ----------
    raw : DataFrame
        ``method_references.csv`` as text.

    Returns
    -------
    DataFrame
        The same columns.
    """
    return raw.assign(year=pd.to_numeric(raw["year"])).sort_values("key", ignore_index=True)


def hospital_denominators(raw: pd.DataFrame) -> pd.DataFrame:
    """Turn the hospital counts into numbers.

    Parameters
    ----------
    raw : DataFrame
        ``hospital_denominators.csv`` as text.

    Returns
    -------
    DataFrame
        The same columns, in the file's order.
    """
    return raw.assign(hospitals=pd.to_numeric(raw["hospitals"]))


def hrr_names(raw: pd.DataFrame) -> pd.DataFrame:
    """Sort the names of hospital referral regions by number.

    Parameters
    ----------
    raw : DataFrame
        ``hrr_names.csv`` as text.

    Returns
    -------
    DataFrame
        The same columns.
    """
    return raw.sort_values("hrr", key=pd.to_numeric, ignore_index=True)


def with_numbers(raw: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """Turn text into numbers where the catalogue says so.

    Parameters
    ----------
    raw : DataFrame
        A curated file as text.
    dataset : Dataset
        Its catalogue entry.

    Returns
    -------
    DataFrame
        The same columns in the file's order; whole numbers with gaps keep them.
    """
    frame = raw.copy()
    for field in dataset.fields:
        if field.type in ("integer", "number"):
            frame[field.name] = pd.to_numeric(frame[field.name])
        if field.type == "integer":
            frame[field.name] = frame[field.name].astype("Int64")
    return frame
