"""Studies are recomputed as their recipes say, and judged by arithmetic alone."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from four_areas import DEGREE_MINUTES
from shapely.geometry import box

from dashboard import studies
from dashboard.queries import Areas
from data import load
from geo.travel import StraightLine


@pytest.fixture
def counties() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"county_fips": ["01001", "01003", "56001", "72001"], "state": ["AL", "AL", "WY", "PR"]},
        geometry=[box(x - 0.1, -0.1, x + 0.1, 0.1) for x in (0.0, 1.0, 10.0, 20.0)],
        crs="EPSG:4326",
    )


def published(study: str, metric: str, value: float, tolerance: float = 5.0) -> pd.DataFrame:
    row = {
        "row_id": f"{study}__x", "study_id": study, "citation": "c", "url": "u",
        "facilities": "f", "geography": "g", "metric": metric, "value": value,
        "tolerance_points": tolerance, "evidence": "abstract",
    }  # fmt: skip
    return pd.DataFrame([row])


def run(
    table: pd.DataFrame, areas: Areas, counties: gpd.GeoDataFrame, centres: pd.DataFrame
) -> pd.Series:
    return studies.reproduce(table, areas, counties, centres, StraightLine()).iloc[0]


def test_children_travel_to_transplant_centres_that_treat_them(
    areas: Areas, counties: gpd.GeoDataFrame, centres: pd.DataFrame
) -> None:
    # TC002 alone gives transplants to children and is not of low confidence; it stands at C.
    # Within 90 minutes of it, one degree, live the children of B (20) and C (30) of 100.
    table = published("delamater2016_child", "share within 90 min", 0.52)
    row = run(table, areas, counties, centres)
    assert row["computed"] == pytest.approx(0.5)
    assert row["error_points"] == pytest.approx(-2.0)
    assert row["verdict"] == "met"
    assert row["centres"] == 1


def test_a_miss_is_a_miss(areas: Areas, counties: gpd.GeoDataFrame, centres: pd.DataFrame) -> None:
    table = published("delamater2016_child", "share within 90 min", 0.44)
    row = run(table, areas, counties, centres)
    assert row["error_points"] == pytest.approx(6.0)
    assert row["verdict"] == "missed"


def test_error_equal_to_the_tolerance_is_met(
    areas: Areas, counties: gpd.GeoDataFrame, centres: pd.DataFrame
) -> None:
    table = published("delamater2016_child", "share within 90 min", 0.25, tolerance=25.0)
    assert run(table, areas, counties, centres)["verdict"] == "met"


@pytest.mark.parametrize(
    ("metric", "share"),
    [
        # By county: 165 people at the hospital's door, 495 one degree (83 min) and 440 ten
        # degrees (834 min) away.
        ("share of population 0-60 min", 165 / 1100),
        ("share of population 60-120 min", 495 / 1100),
        ("share of population 120-300 min", 0.0),
        ("share of population over 300 min", 440 / 1100),
    ],
)
def test_county_study_counts_everybody_at_the_countys_middle(
    metric: str, share: float, areas: Areas, counties: gpd.GeoDataFrame, centres: pd.DataFrame
) -> None:
    assert pytest.approx(83.4, abs=0.1) == DEGREE_MINUTES
    row = run(published("myeloma_cart_2025", metric, share), areas, counties, centres)
    assert row["computed"] == pytest.approx(share)
    assert row["verdict"] == "met"


def test_studies_without_a_recipe_say_why(
    areas: Areas, counties: gpd.GeoDataFrame, centres: pd.DataFrame
) -> None:
    row = run(published("snyder2021", "share over 60 min", 0.37), areas, counties, centres)
    assert row["verdict"] == "not reproducible"
    assert "academic" in row["recipe"]
    assert np.isnan(row["computed"])


def test_every_study_of_the_table_has_a_recipe_or_a_reason() -> None:
    table = load.validation_studies()
    assert set(table["study_id"]) == set(studies.RECIPES) | set(studies.IRREPRODUCIBLE)
    recipes = table[table["study_id"].isin(studies.RECIPES)]
    assert set(recipes["metric"]) <= set(studies.BINS)
