"""Published figures recomputed by this code, each with its own facility class and threshold (pure).

A recipe says how a study is reproduced: which centres, whose homes, which share, as near to the
study's own words as the committed tables allow. Travel is never tuned to a study, and a miss is
shown as a miss. Studies whose facility class the tables cannot tell apart are listed with why.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from dashboard import queries
from dashboard.state import CentreQuery
from geo.coverage import coverage
from geo.crs import GEOGRAPHIC_CRS
from geo.network import Access
from geo.results import Floats
from geo.travel import Points

PROJECTED_CRS: Final = "EPSG:5070"
"""Albers equal area for the lower 48; centroids of Alaska and Hawaii are off by little."""
OUTSIDE_STUDIES: Final = "PR"
"""The studies are of the states and DC."""

Geography = Literal["zcta", "county"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one study is reproduced.

    Parameters
    ----------
    centres : CentreQuery
        Facility class.
    audience : str
        Who travels to centres that treat them.
    persons : tuple of str
        Audiences that are counted.
    geography : str
        Where trips start: ZCTA points or county centroids.
    words : str
        The same for a reader.
    """

    centres: CentreQuery
    audience: queries.Audience
    persons: tuple[queries.Audience, ...]
    geography: Geography
    words: str


RECIPES: Final = {
    "delamater2016_adult": Recipe(
        CentreQuery("hct", "any"),
        "adult",
        ("adult",),
        "zcta",
        "every listed transplant programme that treats adults; adults by ZIP area",
    ),
    "delamater2016_child": Recipe(
        CentreQuery("hct", "any"),
        "pediatric",
        ("pediatric",),
        "zcta",
        "every listed transplant programme that treats children; children by ZIP area",
    ),
    "myeloma_cart_2025": Recipe(
        CentreQuery("car_t"),
        "adult",
        ("adult", "pediatric"),
        "county",
        "CAR-T centres that treat adults, as the default view counts them and for any disease (the "
        "tables do not tell which treat myeloma); all people at their county's centroid",
    ),
}
"""By study. Low-confidence rows are left out everywhere, as in the default view."""

IRREPRODUCIBLE: Final = {
    "snyder2021": "No column of the committed tables says which hospitals are academic.",
    "snyder2021_expansion": "No column of the committed tables says which hospitals are academic, "
    "community or specialty oncology.",
    "mullen2015_stroke": "About stroke centres: a precedent for planning, with nothing to "
    "recompute from these tables.",
    "trauma2020": "About trauma centres: a precedent for planning, with nothing to recompute from "
    "these tables.",
}

BINS: Final[dict[str, tuple[float, float]]] = {
    "share within 30 min": (0.0, 30.0),
    "share within 90 min": (0.0, 90.0),
    "share within 180 min": (0.0, 180.0),
    "share of population 0-60 min": (0.0, 60.0),
    "share of population 60-120 min": (60.0, 120.0),
    "share of population 120-300 min": (120.0, 300.0),
    "share of population over 300 min": (300.0, np.inf),
}
"""What each published figure counts: minutes above the first and up to the second."""


@dataclass(frozen=True, slots=True, eq=False)
class _Origins:
    """Where the people of a recipe start, without those outside the studies."""

    minutes: Floats
    persons: Floats


def reproduce(
    studies: pd.DataFrame,
    areas: queries.Areas,
    counties: pd.DataFrame,
    centres: pd.DataFrame,
    model: queries.Model,
    access: Access | None = None,
) -> pd.DataFrame:
    """Recompute every published figure that the tables allow.

    Parameters
    ----------
    studies : DataFrame
        The table of published figures.
    areas : Areas
        Where people live.
    counties : GeoDataFrame
        County outlines, EPSG:4326.
    centres : DataFrame
        The treatment centre table.
    model : Model
        How people travel; the Methods page uses the road network.
    access : Access, optional
        From `queries.access_of`.

    Returns
    -------
    DataFrame
        row_id, study, citation, url, facilities, geography, metric, evidence, published, computed,
        error_points (computed minus published, in points of per cent), tolerance_points, verdict
        ("met", "missed" or "not reproducible"), centres (number used), recipe. Missing values
        where nothing could be computed.
    """
    origins = {
        study: _origins(recipe, areas, counties, centres, model, access)
        for study, recipe in RECIPES.items()
        if study in set(studies["study_id"])
    }
    rows = [_outcome(row, origins, centres) for _, row in studies.iterrows()]
    return pd.DataFrame(rows)


def _outcome(
    row: pd.Series, origins: dict[str, _Origins], centres: pd.DataFrame
) -> dict[str, object]:
    study = str(row["study_id"])
    result: dict[str, object] = {
        "row_id": row["row_id"],
        "study": study,
        "citation": row["citation"],
        "url": row["url"],
        "facilities": row["facilities"],
        "geography": row["geography"],
        "metric": row["metric"],
        "evidence": row["evidence"],
        "published": float(row["value"]),
        "computed": np.nan,
        "error_points": np.nan,
        "tolerance_points": row["tolerance_points"],
        "verdict": "not reproducible",
        "centres": np.nan,
        "recipe": IRREPRODUCIBLE.get(study, "No recipe for this figure has been written."),
    }
    if study not in origins or row["metric"] not in BINS:
        return result
    recipe = RECIPES[study]
    computed = _share(origins[study], *BINS[str(row["metric"])])
    error = 100 * (computed - float(row["value"]))
    column = "treats_adults" if recipe.audience == "adult" else "treats_children"
    chosen = queries.choose_centres(centres, recipe.centres)
    return result | {
        "computed": computed,
        "error_points": error,
        "verdict": "met" if abs(error) <= float(row["tolerance_points"]) else "missed",
        "centres": int(chosen[column].sum()),
        "recipe": recipe.words,
    }


def _share(origins: _Origins, above: float, upto: float) -> float:
    """Share of people with minutes above the first bound and up to the second."""

    def within(limit: float) -> float:
        if limit == 0:
            return 0.0
        if np.isinf(limit):
            return 1.0
        found = coverage(origins.minutes, origins.persons, threshold=limit)
        return float(found.share_covered[0])

    return within(upto) - within(above)


def _origins(
    recipe: Recipe,
    areas: queries.Areas,
    counties: pd.DataFrame,
    centres: pd.DataFrame,
    model: queries.Model,
    access: Access | None,
) -> _Origins:
    chosen = queries.choose_centres(centres, recipe.centres)
    make: Callable[..., _Origins] = _from_counties if recipe.geography == "county" else _from_areas
    return make(recipe, areas, counties, chosen, model, access)


def _from_areas(
    recipe: Recipe,
    areas: queries.Areas,
    _: pd.DataFrame,
    chosen: pd.DataFrame,
    model: queries.Model,
    access: Access | None,
) -> _Origins:
    found = queries.nearest_for(model, areas, chosen, recipe.audience, access)
    inside = (areas.frame["state"] != OUTSIDE_STUDIES).to_numpy()
    persons = np.sum([areas.persons[audience] for audience in recipe.persons], axis=0)
    return _Origins(found.minutes[inside], persons[inside])


def _from_counties(
    recipe: Recipe,
    areas: queries.Areas,
    counties: pd.DataFrame,
    chosen: pd.DataFrame,
    model: queries.Model,
    _: Access | None,
) -> _Origins:
    inside = counties[counties["state"] != OUTSIDE_STUDIES]
    middle = inside.geometry.to_crs(PROJECTED_CRS).centroid.to_crs(GEOGRAPHIC_CRS)
    column = "treats_adults" if recipe.audience == "adult" else "treats_children"
    sites = queries.points_of(chosen.loc[chosen[column]])
    found = model.nearest(Points(lat=middle.y.to_numpy(), lon=middle.x.to_numpy()), sites)
    people = areas.pairs.groupby("county_fips")[list(recipe.persons)].sum().sum(axis=1)
    persons = people.reindex(inside["county_fips"], fill_value=0.0).to_numpy(dtype=np.float64)
    return _Origins(found.minutes, persons)
