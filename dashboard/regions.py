"""One state, county, metro area or hospital referral region: people, sites, gaps, rank (pure).

A region's numbers are those of its row of the breakdown by its kind; what is added here needs its
people one by one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard import queries
from dashboard.fairness import RURALITIES
from dashboard.state import Breakdown, Places, Selection
from dashboard.us import STATE_NAMES
from geo.crs import EQUAL_AREA_CRS
from geo.equity import weighted_quantile_by_group
from geo.results import Floats

KINDS: Final[tuple[Places, ...]] = get_args(Places)
KIND_NAMES: Final[dict[Places, str]] = {
    "state": "state",
    "county": "county",
    "cbsa": "metro area",
    "hrr": "referral region",
}
KIND_PLURALS: Final[dict[Places, str]] = {
    "state": "states",
    "county": "counties",
    "cbsa": "metro areas",
    "hrr": "referral regions",
}
COLUMNS: Final[dict[Places, str]] = {"state": "state", "cbsa": "cbsa_code", "hrr": "hrr"}
"""Column of the ZCTA table that holds the code; counties split ZIP areas."""
OUTSIDE: Final = "none"
"""Group of the people outside every metro area or referral region; it is no region."""
GROUPINGS: Final[tuple[Breakdown, ...]] = (
    "rurality",
    "race",
    "income",
    "poverty",
    "age",
    "vehicle",
)


@dataclass(frozen=True, slots=True)
class Region:
    """One region.

    Parameters
    ----------
    kind : {'state', 'county', 'cbsa', 'hrr'}
        What it is.
    code : str
        USPS, FIPS or CBSA code, or number of the referral region.
    label : str
        As the breakdown names it, such as "Houston, TX".
    """

    kind: Places
    code: str
    label: str

    @property
    def key(self) -> str:
        """Name in the URL."""
        return f"{self.kind}:{self.code}"

    @property
    def title(self) -> str:
        """Name that tells a metro area from a city.

        >>> Region("hrr", "397", "Houston, TX").title, Region("state", "TX", "Texas").title
        ('Houston, TX referral region', 'Texas')
        """
        if self.kind in ("state", "county"):
            return self.label
        return f"{self.label} {KIND_NAMES[self.kind]}"

    @property
    def inside(self) -> str:
        """Name as it follows "in".

        >>> Region("hrr", "397", "Houston, TX").inside, Region("state", "TX", "Texas").inside
        ('the Houston, TX referral region', 'Texas')
        """
        article = self.kind in ("cbsa", "hrr") or self.code in ("DC", "11001")
        return f"the {self.title}" if article else self.title


def split(key: str) -> tuple[Places, str] | None:
    """Take the name of a region in the URL apart; None for one that is no region's.

    >>> split("hrr:226"), split("planet:3"), split("")
    (('hrr', '226'), None, None)
    """
    kind, _, code = key.partition(":")
    return (kind, code) if kind in KINDS and code else None


def labels(areas: queries.Areas) -> dict[Places, dict[str, str]]:
    """Name of every region in which people live, by kind and code.

    Parameters
    ----------
    areas : Areas
        Where people live.

    Returns
    -------
    dict of dict
        Sorted by name.
    """
    frame = areas.frame
    metros = dict(zip(frame["cbsa_code"], frame["cbsa_name"], strict=True))
    counties, referral = queries.county_labels(), queries.hrr_labels()
    found: dict[Places, dict[str, str]] = {
        "state": {code: STATE_NAMES.get(code, code) for code in frame["state"].unique()},
        "county": {c: counties.get(c, c) for c in areas.pairs["county_fips"].unique()},
        "cbsa": {code: name for code, name in metros.items() if isinstance(code, str)},
        "hrr": {code: referral.get(code, code) for code in frame["hrr"].dropna().unique()},
    }
    return {
        kind: dict(sorted(names.items(), key=lambda item: (item[1], item[0])))
        for kind, names in found.items()
    }


def people_in(areas: queries.Areas, rows: queries.Rows, region: Region) -> queries.Rows:
    """Keep the people of a region; those of a ZIP area that spans counties by their weights.

    Parameters
    ----------
    areas : Areas
        Where people live.
    rows : Rows
        At most one row per area and audience.
    region : Region
        Which people.

    Returns
    -------
    Rows
        At most one row per area and audience.
    """
    if region.kind == "county":
        parts = queries.by_county(areas, rows)
        if region.code not in parts.names:
            return rows.take(np.zeros(rows.area.size, dtype=bool))
        return parts.of(rows).take(parts.county == parts.names.index(region.code))
    code = areas.frame[COLUMNS[region.kind]].to_numpy()
    return rows.take(code[rows.area] == region.code)


def main_state(areas: queries.Areas, people: queries.Rows) -> str:
    """State where most of the people live; "" for nobody, ties to the first by code."""
    weight = pd.Series(people.persons).groupby(areas.frame["state"].to_numpy()[people.area]).sum()
    return str(weight.idxmax()) if len(weight) and weight.max() > 0 else ""


def main_referral_regions(areas: queries.Areas) -> dict[str, str]:
    """Referral region where most people of each county live.

    Parameters
    ----------
    areas : Areas
        Where people live.

    Returns
    -------
    dict of str to str
        Number of the region by county code; counties without any are left out. Ties go to the
        lower number as text.
    """
    pairs = areas.pairs
    frame = pd.DataFrame(
        {
            "county": pairs["county_fips"].to_numpy(),
            "hrr": areas.frame["hrr"].to_numpy()[pairs["area"].to_numpy()],
            "persons": (pairs["adult"] + pairs["pediatric"]).to_numpy(),
        }
    ).dropna(subset=["hrr"])
    people = frame.groupby(["county", "hrr"], observed=True)["persons"].sum().reset_index()
    main = people.sort_values(["county", "persons", "hrr"], ascending=[True, False, True])
    first = main.drop_duplicates("county")
    return dict(zip(first["county"], first["hrr"], strict=True))


def counties_of(
    areas: queries.Areas, counties: pd.DataFrame, main_hrr: Mapping[str, str], region: Region
) -> tuple[str, ...]:
    """Counties that stand for a region on the map.

    Parameters
    ----------
    areas : Areas
        Where people live.
    counties : DataFrame
        county_fips, state, cbsa_code.
    main_hrr : mapping of str to str
        From `main_referral_regions`.
    region : Region
        Which region.

    Returns
    -------
    tuple of str
        Exactly its counties, but for a referral region those where most people live in it; the
        one with most of its people where there is none.
    """
    if region.kind == "county":
        return (region.code,)
    if region.kind != "hrr":
        inside = counties[COLUMNS[region.kind]] == region.code
        return tuple(counties.loc[inside, "county_fips"])
    mostly = tuple(county for county, hrr in main_hrr.items() if hrr == region.code)
    if mostly:
        return mostly
    inside = areas.frame["hrr"].to_numpy()[areas.pairs["area"].to_numpy()] == region.code
    here = areas.pairs.loc[inside]
    if here.empty:
        return ()
    people = (here["adult"] + here["pediatric"]).groupby(here["county_fips"], observed=True).sum()
    return (str(people.idxmax()),)


def painted(values: Mapping[str, float], region_of: Mapping[str, str]) -> dict[str, float]:
    """Give each county the value of its region; counties without one are left out."""
    return {county: values[region] for county, region in region_of.items() if region in values}


@dataclass(frozen=True, slots=True)
class Rank:
    """Place of a region among those of its kind; the first is the worst off.

    Parameters
    ----------
    by_share, by_people : int
        From 1; equals share the better (lower) number. 0 where nobody's travel is known.
    of : int
        How many are ranked.
    ties : int, optional
        Others with the same share.
    none : bool, optional
        Whether nobody there is beyond the threshold.
    """

    by_share: int
    by_people: int
    of: int
    ties: int = 0
    none: bool = False


def rank(frame: pd.DataFrame, code: str) -> Rank:
    """Rank a region by share and by people beyond the threshold.

    Parameters
    ----------
    frame : DataFrame
        Breakdown by the region's kind: group, share_beyond, beyond.
    code : str
        The region.

    Returns
    -------
    Rank
        Among regions with people whose travel is known.
    """
    known = regions_only(frame).dropna(subset=["share_beyond"])
    row = known[known["group"] == code]
    if row.empty:
        return Rank(0, 0, len(known))
    share, beyond = float(row["share_beyond"].iloc[0]), float(row["beyond"].iloc[0])
    return Rank(
        by_share=1 + int((known["share_beyond"] > share).sum()),
        by_people=1 + int((known["beyond"] > beyond).sum()),
        of=len(known),
        ties=int((known["share_beyond"] == share).sum()) - 1,
        none=round(beyond) == 0,
    )


def regions_only(frame: pd.DataFrame) -> pd.DataFrame:
    """Drop the people outside every region of a kind."""
    return frame[frame["group"] != OUTSIDE]


def ranking(frame: pd.DataFrame) -> pd.DataFrame:
    """Regions of a kind, worst share first.

    Parameters
    ----------
    frame : DataFrame
        Breakdown by the kind.

    Returns
    -------
    DataFrame
        Its columns, with rank (equals share one) first.
    """
    table = regions_only(frame).sort_values(
        ["share_beyond", "beyond"], ascending=False, kind="stable", ignore_index=True
    )
    place = table["share_beyond"].rank(method="min", ascending=False)
    return table.assign(rank=place.astype("Int64"))[["rank", *frame.columns]]


def worst_areas(areas: queries.Areas, people: queries.Rows, selection: Selection) -> pd.DataFrame:
    """ZIP areas of a region, those with most people beyond the threshold first.

    Parameters
    ----------
    areas : Areas
        Where people live.
    people : Rows
        From `people_in`.
    selection : Selection
        Threshold and metric.

    Returns
    -------
    DataFrame
        zcta, city, state, people, beyond, minutes, distance_km: the latter two the greater of
        adults' and children's, as both travel; inf unreachable. Areas without anybody beyond are
        left out.
    """
    travel = queries.impedance(people, selection)
    far = np.where(travel > queries.threshold(selection), people.persons, 0.0)  # nan is not far
    frame = pd.DataFrame(
        {
            "area": people.area,
            "people": people.persons,
            "beyond": far,
            "minutes": np.where(far > 0, people.minutes, np.nan),
            "distance_km": np.where(far > 0, people.distance_km, np.nan),
        }
    )
    table = frame.groupby("area", as_index=False).agg(
        people=("people", "sum"),
        beyond=("beyond", "sum"),
        minutes=("minutes", "max"),
        distance_km=("distance_km", "max"),
    )
    table = table[table["beyond"] > 0]
    named = areas.frame.iloc[table["area"]][["zcta", "city", "state"]].reset_index(drop=True)
    joined = pd.concat([named, table.drop(columns="area").reset_index(drop=True)], axis=1)
    return joined.sort_values(
        ["beyond", "minutes", "zcta"], ascending=[False, False, True], ignore_index=True
    )


def centres_used(people: queries.Rows, centres: pd.DataFrame) -> pd.DataFrame:
    """Centres that are the nearest for people of a region, most people first.

    Parameters
    ----------
    people : Rows
        From `people_in`.
    centres : DataFrame
        Chosen centres, which `people.site` counts.

    Returns
    -------
    DataFrame
        id, name, place, people, share (of those who can reach any), minutes (median of those
        people).
    """
    reached = (people.site >= 0) & (people.persons > 0)
    site, persons = people.site[reached], people.persons[reached]
    weight = np.bincount(site, persons, len(centres))
    median = weighted_quantile_by_group(
        people.minutes[reached], persons, [0.5], group=site, n_groups=len(centres)
    )[:, 0]
    used = np.flatnonzero(weight > 0)
    order = used[np.argsort(-weight[used], kind="stable")]
    chosen = centres.iloc[order]
    where = (
        chosen["city"] + ", " + chosen["state"]
        if "city" in chosen  # a reader's own facilities have none
        else pd.Series("", index=chosen.index)
    )
    return pd.DataFrame(
        {
            "id": chosen["id"].to_numpy(),
            "name": chosen["name"].to_numpy(),
            "place": where.to_numpy(),
            "people": weight[order],
            "share": weight[order] / weight.sum(),
            "minutes": median[order],
        }
    )


def compared_groups(
    here: Mapping[str, pd.DataFrame], nation: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Set the groups of people of a region against the same groups in the nation.

    Parameters
    ----------
    here, nation : mapping of str to DataFrame
        Breakdowns by each of `GROUPINGS`: group, label, population, beyond, share_beyond,
        share_low, share_high.

    Returns
    -------
    DataFrame
        by, group, label, population, beyond, share_beyond, share_low, share_high (of the share
        covered), nation_share_beyond; groups in the order of the breakdowns.
    """
    columns = ["group", "label", "population", "beyond", "share_beyond", "share_low", "share_high"]
    parts = []
    for by, frame in here.items():
        share = nation[by].set_index("group")["share_beyond"]
        part = frame[columns].copy()
        if by == "rurality":  # from the city outwards, not by the alphabet
            part = part.sort_values("group", key=_outwards, kind="stable")
        part.insert(0, "by", by)
        parts.append(part.assign(nation_share_beyond=part["group"].map(share)))
    return pd.concat(parts, ignore_index=True)


def _outwards(groups: pd.Series) -> pd.Series:
    order = {name: place for place, name in enumerate(RURALITIES)}
    return groups.map(order).fillna(len(order))


def site_places(
    sites: pd.DataFrame, areas: queries.Areas, counties: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Find the state, county, metro area and referral region of every site.

    Parameters
    ----------
    sites : DataFrame
        id, lat, lon and, where known, state and zip.
    areas : Areas
        ZIP areas with their referral regions.
    counties : GeoDataFrame
        county_fips, state, cbsa_code, geometry.

    Returns
    -------
    DataFrame, as many rows
        id, state, county, cbsa, hrr. County: the outline that holds the point, or the nearest one
        (outlines are simple), of the site's own state where that is known. Referral region: that
        of its ZIP area, or of the nearest one where nobody lives in its ZIP code. Missing without
        coordinates, and where there is no region.
    """
    points = gpd.GeoDataFrame(
        {"id": sites["id"].to_numpy()},
        geometry=gpd.points_from_xy(sites["lon"], sites["lat"]),
        crs=counties.crs,
    )
    if "state" in sites:
        points["own_state"] = sites["state"].to_numpy()
    located = points[np.isfinite(sites["lat"].to_numpy(dtype=np.float64))]
    county = _nearest_county(located, counties)
    found = counties.set_index("county_fips")
    codes = county.reindex(points["id"]).to_numpy()
    known = found.reindex(codes)
    return pd.DataFrame(
        {
            "id": points["id"],
            "state": known["state"].to_numpy(),
            "county": codes,
            "cbsa": known["cbsa_code"].to_numpy(),
            "hrr": _referral_region(sites, areas),
        }
    )


def _nearest_county(points: gpd.GeoDataFrame, counties: gpd.GeoDataFrame) -> pd.Series:
    """County code by id of the site."""
    flat = counties[["county_fips", "state", "geometry"]].to_crs(EQUAL_AREA_CRS)
    moved = points.to_crs(EQUAL_AREA_CRS)
    parts = (
        [(group, flat[flat["state"] == state]) for state, group in moved.groupby("own_state")]
        if "own_state" in moved
        else [(moved, flat)]
    )
    joined = [
        gpd.sjoin_nearest(group[["id", "geometry"]], outlines, how="left")
        for group, outlines in parts
        if len(outlines)
    ]
    if not joined:
        return pd.Series([], dtype=object)
    found: pd.DataFrame = pd.concat(joined).sort_values(["id", "county_fips"])
    first = found.drop_duplicates("id").set_index("id")
    return first["county_fips"]


def _referral_region(sites: pd.DataFrame, areas: queries.Areas) -> NDArray[np.object_]:
    frame = areas.frame
    by_zip = dict(zip(frame["zcta"], frame["hrr"], strict=True))
    lat, lon = (frame[name].to_numpy(dtype=np.float64) for name in ("lat", "lon"))
    region = frame["hrr"].to_numpy(dtype=object)
    zips = sites["zip"] if "zip" in sites else pd.Series("", index=sites.index)
    found: list[object] = []
    for code, here_lat, here_lon in zip(zips, sites["lat"], sites["lon"], strict=True):
        if code in by_zip:
            found.append(by_zip[code])
        elif np.isfinite(here_lat):
            found.append(region[_closest(lat, lon, float(here_lat), float(here_lon))])
        else:
            found.append(None)
    return np.array(found, dtype=object)


def _closest(lat: Floats, lon: Floats, here_lat: float, here_lon: float) -> int:
    """Row of the nearest point; on a flat map, which is enough to choose a neighbour."""
    east = (lon - here_lon) * np.cos(np.radians(here_lat))
    return int(np.nanargmin((lat - here_lat) ** 2 + east**2))


def whole(selection: Selection) -> Selection:
    """Lift the focus on a state: a region is counted whole, also where it crosses state lines."""
    return replace(selection, state="")
