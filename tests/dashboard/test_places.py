"""Finding the place a reader means, and the sites nearest to it."""

import numpy as np
import pandas as pd
import pytest

from dashboard.places import Place, find, nearest_sites
from data import load
from geo.travel import StraightLine


@pytest.fixture(scope="module")
def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    return load.zcta(), load.places()


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("77030", "ZIP 77030, Houston, TX"),
        (" 77030 ", "ZIP 77030, Houston, TX"),
        ("77030-1234", "ZIP 77030, Houston, TX"),
        ("Houston, TX", "Houston, TX"),
        ("houston tx", "Houston, TX"),
        ("Houston, Texas", "Houston, TX"),
        ("houston texas", "Houston, TX"),
        ("HOUSTON", "Houston, TX"),
        ("Charleston, West Virginia", "Charleston, WV"),
        ("san juan puerto rico", "San Juan, PR"),
    ],
)
def test_found(typed: str, label: str, tables: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    found = find(typed, *tables)
    assert found.place is not None
    assert found.place.label == label
    assert -180 <= found.place.lon <= -60


def test_largest_of_several_is_taken_and_the_others_named(
    tables: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    found = find("Springfield", *tables)
    assert found.place is not None
    assert found.note
    assert all(other.startswith("Springfield, ") for other in found.others)
    assert found.place.label not in found.others


def test_state_decides_between_cities_of_one_name(
    tables: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    maine, oregon = (find(f"Portland, {state}", *tables).place for state in ("ME", "OR"))
    assert maine is not None
    assert oregon is not None
    assert oregon.lon < -120 < -71 < maine.lon


@pytest.mark.parametrize("typed", ["Housston", "Huston, TX", "00501", "99999"])
def test_unknown_place_offers_similar_ones_that_are_found(
    typed: str, tables: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    found = find(typed, *tables)
    assert found.place is None
    assert found.note
    assert found.others
    for other in found.others:
        assert find(other, *tables).place is not None


@pytest.mark.parametrize("typed", ["", "   ", "123", "1234567", "qqqqqqqqqqqq"])
def test_nothing_similar_is_said_plainly(
    typed: str, tables: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    found = find(typed, *tables)
    assert found.place is None
    assert found.note.endswith(".")


def test_nearest_sites_are_ranked_by_time_then_order() -> None:
    sites = pd.DataFrame({"id": list("abcd"), "lat": 0.0, "lon": [2.0, 1.0, -1.0, np.nan]})
    found = nearest_sites(StraightLine(), Place("here", 0.0, 0.0), sites, 3)
    assert found["id"].tolist() == ["b", "c", "a"]  # a tie keeps the order of the table
    assert found["distance_km"].is_monotonic_increasing


def test_no_sites_give_an_empty_answer() -> None:
    none = pd.DataFrame({"id": [], "lat": [], "lon": []}, dtype=float)
    assert nearest_sites(StraightLine(), Place("here", 0.0, 0.0), none, 3).empty
