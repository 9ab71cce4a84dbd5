"""Finding what a reader means, and the sites nearest to a place."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import places
from dashboard.gazetteer import Gazetteer, Match, Place, fold
from dashboard.places import Found, Index, find, nearest_sites
from dashboard.state import NEAR_CHARS
from data import load
from geo.travel import StraightLine


@pytest.fixture(scope="module")
def index() -> Index:
    return places.index_of_all(
        load.zcta(),
        load.places(),
        load.counties(),
        load.hrr_names(),
        load.treatment_centers(),
        load.blood_centers(),
    )


def labels(found: Found) -> list[str]:
    return [match.label for match in found.others]


@pytest.mark.parametrize(
    ("typed", "kind", "label"),
    [
        ("77030", "zip", "ZIP 77030, Houston, TX"),
        (" 77030 ", "zip", "ZIP 77030, Houston, TX"),
        ("77030-1234", "zip", "ZIP 77030, Houston, TX"),
        ("zip 77030", "zip", "ZIP 77030, Houston, TX"),
        ("Houston, TX", "city", "Houston, TX"),
        ("houston tx", "city", "Houston, TX"),
        ("Houston, Texas", "city", "Houston, TX"),
        ("houston texas", "city", "Houston, TX"),
        ("HOUSTON", "city", "Houston, TX"),
        ("Charleston, West Virginia", "city", "Charleston, WV"),
        ("san juan puerto rico", "city", "San Juan, PR"),
        ("Saint Louis", "city", "St. Louis, MO"),
        ("ft. worth", "city", "Fort Worth, TX"),
        ("mayaguez", "city", "Mayagüez, PR"),
        ("New York, NY", "city", "New York City, NY"),
        ("Washington, D.C.", "city", "Washington, DC"),
        ("Indiana, PA", "city", "Indiana, PA"),
        ("Harris County", "county", "Harris County, TX"),
        ("Harris County, GA", "county", "Harris County, GA"),
        ("Harris, TX county", "county", "Harris County, TX"),
        ("king co wa", "county", "King County, WA"),
        ("Orleans parish", "county", "Orleans Parish, LA"),
        ("Orleans County, LA", "county", "Orleans Parish, LA"),
        ("juneau borough", "county", "Juneau City and Borough, AK"),
        ("Mayaguez municipio", "county", "Mayagüez Municipio, PR"),
        ("Baltimore city", "county", "Baltimore city, MD"),
        ("st. mary's county", "county", "St. Mary's County, MD"),
        ("Texas", "state", "Texas"),
        ("tx", "state", "Texas"),
        ("New York", "state", "New York"),
        ("Washington state", "state", "Washington"),
        ("D.C.", "state", "District of Columbia"),
        ("Houston metro area", "cbsa", "Houston-Pasadena-The Woodlands, TX metro area"),
        ("Houston referral region", "hrr", "Houston, TX referral region"),
        ("Salt Lake City HRR", "hrr", "Salt Lake City, UT referral region"),
        ("MD Anderson", "treatment", "UT MD Anderson Cancer Center, Houston, TX"),
        (
            "anderson cancer gilbert",
            "treatment",
            "Banner MD Anderson Cancer Center / Banner Gateway Medical Center, Gilbert, AZ",
        ),
        ("mayo clinic", "treatment", "Mayo Clinic Rochester (Methodist Campus), Rochester, MN"),
        ("tc183", "treatment", "UT MD Anderson Cancer Center, Houston, TX"),
        ("Vitalant Phoenix", "blood", "Vitalant: Phoenix Donor Center, Phoenix, AZ"),
    ],
)
def test_found(typed: str, kind: str, label: str, index: Index) -> None:
    found = find(typed, index)
    assert found.match is not None
    assert (found.match.kind, found.match.label) == (kind, label)
    assert found.match not in found.others


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("Pheonix", "Phoenix, AZ"),
        ("Houstn", "Houston, TX"),
        ("Huston, TX", "Houston, TX"),
        ("albuquerqe nm", "Albuquerque, NM"),
        ("Los Angles", "Los Angeles, CA"),
        ("slone kettering", "Memorial Sloan Kettering Cancer Center, New York, NY"),
        ("Maricopia County", "Maricopa County, AZ"),
    ],
)
def test_a_typing_error_is_forgiven_and_said(typed: str, label: str, index: Index) -> None:
    found = find(typed, index)
    assert found.match is not None
    assert found.match.label == label
    assert found.note == f'Nothing is called "{typed}"; this is the nearest name.'


def test_what_was_found_says_what_it_is(index: Index) -> None:
    county, site, city = (find(t, index) for t in ("Harris County, TX", "TC183", "Houston, TX"))
    assert (county.county, county.site, county.place) == ("48201", "", None)
    assert (site.county, site.site, site.place) == ("", "TC183", None)
    assert (city.county, city.site) == ("", "")
    assert city.place is not None
    assert city.place.lat == pytest.approx(29.76, abs=0.1)
    assert county.match is not None
    assert county.match.region == "county:48201"
    assert city.match is not None
    assert city.match.region == ""


def test_largest_of_several_is_taken_and_the_others_named(index: Index) -> None:
    found = find("Springfield", index)
    assert found.match is not None
    assert found.match.kind == "city"
    assert found.note == "The largest of that name."
    cities = [match for match in found.others if match.kind == "city"]
    assert len(cities) == 3
    assert all(match.label.startswith("Springfield, ") for match in cities)
    assert {match.kind for match in found.others} > {"city"}


def test_state_decides_between_cities_of_one_name(index: Index) -> None:
    maine, oregon = (find(f"Portland, {state}", index).place for state in ("ME", "OR"))
    assert maine is not None
    assert oregon is not None
    assert oregon.lon < -120 < -71 < maine.lon


@pytest.mark.parametrize("typed", ["Tule", "Wichitonga", "00501", "99999"])
def test_unknown_place_offers_similar_ones_that_are_found(typed: str, index: Index) -> None:
    found = find(typed, index)
    assert found.match is None
    assert typed in found.note
    assert found.others
    for other in found.others:
        assert find(other.label, index).match == other


@pytest.mark.parametrize("typed", ["", "   ", "123", "1234567", "qqqqqqqqqqqq", "a", "?", "_"])
def test_nothing_similar_is_said_plainly(typed: str, index: Index) -> None:
    found = find(typed, index)
    assert found.match is None
    assert found.note.endswith(".")


def test_everything_is_found_by_its_label(index: Index) -> None:
    wrong = [
        match.label
        for match in index.names.matches[::7]
        if (found := find(match.label, index).match) is None or found.label != match.label
    ]
    assert wrong == []


def test_no_label_is_cut_off_by_what_the_url_takes(index: Index) -> None:
    assert max(len(match.label) for match in index.names.matches) <= NEAR_CHARS


@given(text=st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_gets_an_answer(index: Index, text: str) -> None:
    found = find(text, index)
    assert (found.match is not None) or found.note
    assert len(found.others) <= places.MAX_OTHERS
    assert len(set(found.others)) == len(found.others)


@given(st.text(max_size=60))
@settings(deadline=None)
def test_folded_names_are_words_with_single_spaces(text: str) -> None:
    assert re.fullmatch(r"([^\W_]+( [^\W_]+)*)?", fold(text))


def test_small_gazetteer_by_hand() -> None:
    names = Gazetteer()
    big = Match("city", "York, PA", "York, PA", Place("York, PA", 40.0, -76.7))
    small = Match("city", "York, NE", "York, NE", Place("York, NE", 40.9, -97.6))
    state = Match("state", "NY", "New York")
    names.add(state, ["New York"], states=["NY"])
    names.add(big, ["York"], weight=44_000, states=["PA"])
    names.add(small, ["York"], weight=8_000, states=["NE"])
    index = Index(load.zcta(), names)
    assert find("york", index).match == big
    assert find("york ne", index).match == small
    assert find("new york", index).match == state
    assert not list(names.named("new york", "NY"))  # a state lies in no state
    assert find("yor", index).match == state  # an unfinished word, the state first


def test_only_places_are_known_without_the_rest() -> None:
    index = places.index_of_places(load.zcta(), load.places())
    assert find("Harris County", index).match is None
    assert find("59901", index).place is not None
    assert "Houston, TX" in labels(find("Hoton", index))


def test_nearest_sites_are_ranked_by_time_then_order() -> None:
    sites = pd.DataFrame({"id": list("abcd"), "lat": 0.0, "lon": [2.0, 1.0, -1.0, np.nan]})
    found = nearest_sites(StraightLine(), Place("here", 0.0, 0.0), sites, 3)
    assert found["id"].tolist() == ["b", "c", "a"]  # a tie keeps the order of the table
    assert found["distance_km"].is_monotonic_increasing


def test_no_sites_give_an_empty_answer() -> None:
    none = pd.DataFrame({"id": [], "lat": [], "lon": []}, dtype=float)
    assert nearest_sites(StraightLine(), Place("here", 0.0, 0.0), none, 3).empty


def test_a_far_larger_city_spelt_almost_the_same_is_offered(index: Index) -> None:
    found = places.find("Pittsburg", index)
    assert found.match is not None
    assert found.match.label == "Pittsburg, CA"
    assert found.others[0].label == "Pittsburgh, PA"
