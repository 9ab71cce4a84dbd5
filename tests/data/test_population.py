import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import population
from data.errors import BuildError

pieces_of_one = st.lists(st.floats(1e-6, 1), min_size=1, max_size=8)
zctas = st.lists(st.tuples(st.integers(0, 200_000), pieces_of_one), min_size=1, max_size=6)


@given(zctas)
def test_largest_remainder_loses_nobody_and_stays_within_one(cases):
    total = np.array([persons for persons, _ in cases])
    owner = np.repeat(np.arange(len(cases)), [len(weights) for _, weights in cases])
    weight = np.array([w for _, weights in cases for w in weights])
    split = population.largest_remainder(total, owner, weight)
    np.testing.assert_array_equal(np.bincount(owner, weights=split), total)
    quota = total[owner] * weight / np.bincount(owner, weights=weight)[owner]
    assert (np.abs(split - quota) < 1 + 1e-6).all()
    assert (split >= 0).all()


@pytest.mark.parametrize(
    ("total", "weights", "expected"),
    [
        (10, [0.5, 0.5], [5, 5]),
        (3, [0.5, 0.5], [2, 1]),  # a tie goes to the earlier piece
        (1, [0.2, 0.5, 0.3], [0, 1, 0]),
        (7, [0.7, 0.2, 0.1], [5, 1, 1]),  # 4.9 + 1.4 + 0.7: the two largest remainders
        (0, [0.7, 0.3], [0, 0]),
    ],
)
def test_largest_remainder_by_hand(total, weights, expected):
    owner = np.zeros(len(weights), dtype=np.intp)
    split = population.largest_remainder(np.array([total]), owner, np.array(weights))
    assert split.tolist() == expected


RESIDENTS = pd.DataFrame(
    {
        "zcta": ["00001", "00002", "00003"],
        "county_fips": ["51019", "02063", "51019"],
        "county_name": ["Bedford County", "Chugach Census Area", "Bedford County"],
        "cbsa_code": ["31340", None, "31340"],
        "cbsa_name": ["Lynchburg, VA", None, "Lynchburg, VA"],
        "population": [100, 50, 10],
    }
)
COUNTIES = pd.Series(["02261", "51019", "51530"])


def test_codes_of_other_years_are_folded_and_summed():
    crosswalk = pd.DataFrame(
        {
            "zcta": ["00001", "00001", "00001", "99999"],
            "county_fips": ["51515", "51019", "51530", "01001"],
            "weight": [0.25, 0.5, 0.25, 1.0],
        }
    )
    pieces = population.county_weights(RESIDENTS, crosswalk, COUNTIES)
    assert pieces.to_dict("list") == {
        "zcta": ["00001", "00001", "00002", "00003"],
        "county_fips": ["51019", "51530", "02261", "51019"],
        "weight": [0.75, 0.25, 1.0, 1.0],  # 2 and 3 are not in the crosswalk
    }


def test_every_county_without_a_boundary_is_listed():
    crosswalk = pd.DataFrame(
        {"zcta": ["00001", "00002"], "county_fips": ["66010", "78010"], "weight": [1.0, 1.0]}
    )
    with pytest.raises(BuildError) as caught:
        population.county_weights(RESIDENTS, crosswalk, COUNTIES)
    assert caught.value.problems == (
        "county 66010 has residents but no boundary",
        "county 78010 has residents but no boundary",
    )


def test_main_county_is_the_majority_and_ties_go_to_the_lower_code():
    pieces = pd.DataFrame(
        {
            "zcta": ["1", "1", "2", "2"],
            "county_fips": ["B", "A", "C", "D"],
            "weight": [0.5, 0.5, 0.4, 0.6],
        }
    )
    assert population.main_county(pieces).to_dict() == {"1": "A", "2": "D"}


def test_supplement_names_what_the_source_lacks():
    supplement = pd.DataFrame(
        {
            "county_fips": ["02261", "51530"],
            "name": ["Valdez-Cordova Census Area", "Buena Vista city"],
            "cbsa_code": [None, "31340"],
            "cbsa_name": [None, "Lynchburg and beyond, VA"],
        }
    )
    named = population.county_names_and_cbsa(RESIDENTS, supplement, COUNTIES)
    assert named["name"].tolist() == [
        "Valdez-Cordova Census Area",
        "Bedford County",
        "Buena Vista city",
    ]
    assert named["cbsa_name"].tolist()[1:] == ["Lynchburg and beyond, VA"] * 2
    assert pd.isna(named["cbsa_code"].iloc[0])


def test_a_nameless_county_is_an_error():
    empty = pd.DataFrame(columns=["county_fips", "name", "cbsa_code", "cbsa_name"], dtype=str)
    with pytest.raises(BuildError, match="county 51530 has no name"):
        population.county_names_and_cbsa(RESIDENTS, empty, COUNTIES)


@given(st.integers(0, 500), st.integers(0, 500), pieces_of_one)
def test_no_piece_has_more_children_than_people(children, adults, weights):
    zcta = pd.DataFrame({"zcta": ["1"], "children": [children], "adults": [adults]})
    pieces = pd.DataFrame(
        {"zcta": "1", "county_fips": [f"{i:05d}" for i in range(len(weights))], "weight": weights}
    )
    split = population.zcta_county_table(zcta, pieces)
    assert (split["children"] <= split["population"]).all()
    assert split[["population", "children"]].sum().tolist() == [children + adults, children]


def test_zcta_table_takes_place_from_the_main_county():
    residents = RESIDENTS.assign(
        state="XX", age_under_18_share=[0.255, 1.0, 0.05], density_per_km2=1.23456789
    )
    pieces = pd.DataFrame(
        {
            "zcta": ["00001", "00001", "00002", "00003"],
            "county_fips": ["51019", "51530", "02261", "51019"],
            "weight": [0.4, 0.6, 1.0, 1.0],
        }
    )
    areas = pd.DataFrame(
        {
            "county_fips": COUNTIES,
            "cbsa_code": [None, "31340", None],
            "cbsa_name": [None, "Lynchburg, VA", None],
        }
    )
    states = pd.DataFrame(
        {
            "state_fips": ["02", "51"],
            "state": ["AK", "VA"],
            "region": ["West", "South"],
            "division": ["Pacific", "South Atlantic"],
        }
    )
    hrr = pd.DataFrame({"zcta": ["00001"], "hrr": ["427"]})
    table = population.zcta_table(residents, pieces, hrr, areas, states)
    assert table["county_fips"].tolist() == ["51530", "02261", "51019"]
    assert table["state"].tolist() == ["VA", "AK", "VA"]
    assert table["children"].tolist() == [26, 50, 1]  # 25.5 and 0.5 are rounded up
    assert table["adults"].tolist() == [74, 0, 9]
    assert table["hrr"].isna().tolist() == [False, True, True]
    assert table["density_per_km2"].iloc[0] == 1.2346
