"""The committed tables: totals, links, geometries, size. Offline, from the files alone."""

import numpy as np
import pandas as pd
import pytest
import shapely

from data import load
from data.catalogue import DATASETS
from data.load import TABLES
from data.schema import problems_between, problems_in

OFFICIAL = """
AK 734821 AL 5028092 AR 3018669 AZ 7172282 CA 39356104 CO 5770790 CT 3611317 DC 670587 DE 993635
FL 21634529 GA 10722325 HI 1450589 IA 3188836 ID 1854109 IL 12757634 IN 6784403 KS 2935922
KY 4502935 LA 4640546 MA 6984205 MD 6161707 ME 1366949 MI 10057921 MN 5695292 MO 6154422
MS 2958846 MT 1091840 NC 10470214 ND 776874 NE 1958939 NH 1379610 NJ 9249063 NM 2112463
NV 3104817 NY 19994379 OH 11774683 OK 3970497 OR 4229374 PA 12989208 PR 3272382 RI 1094250
SC 5142750 SD 890342 TN 6923772 TX 29243342 UT 3283809 VA 8624511 VT 643816 WA 7688549
WI 5882128 WV 1792967 WY 577929
"""  # residents by state, ACS 2018-2022 table B01003; with PR 334,369,975


@pytest.fixture(scope="module")
def frames():
    return {name: load.load(name) for name in DATASETS}


def test_everybody_is_there(frames):
    zcta = frames["zcta"]
    assert len(zcta) == 33_187
    assert zcta["population"].sum() == 334_365_877
    assert zcta["children"].sum() + zcta["adults"].sum() == 334_365_877
    assert zcta["zcta"].is_monotonic_increasing


def test_county_pieces_add_up_to_the_person(frames):
    zcta = frames["zcta"].set_index("zcta")
    pieces = frames["zcta_county"].groupby("zcta")[["population", "children", "weight"]].sum()
    assert pieces.index.equals(zcta.index)
    assert (pieces["population"] == zcta["population"]).all()
    assert (pieces["children"] == zcta["children"]).all()
    np.testing.assert_allclose(pieces["weight"], 1, atol=1e-9)


def test_pieces_are_near_their_weight(frames):
    pieces = frames["zcta_county"].merge(frames["zcta"], on="zcta", suffixes=("", "_whole"))
    # children and adults are each off by less than one person
    assert (pieces["population"] - pieces["weight"] * pieces["population_whole"]).abs().max() < 2


def test_state_totals_are_those_of_the_census_bureau(frames):
    words = OFFICIAL.split()
    official = pd.Series(dict(zip(words[::2], map(int, words[1::2]), strict=True)))
    assert official.sum() == 334_369_975
    state = frames["states"].set_index("state_fips")["state"]
    pieces = frames["zcta_county"]
    ours = pieces.groupby(pieces["county_fips"].str[:2].map(state))["population"].sum()
    by_pieces = (ours - official).abs()
    by_zip = (frames["zcta"].groupby("state")["population"].sum() - official).abs()
    assert by_pieces.sum() < 12_000
    assert by_zip.sum() > 31_000
    assert (by_pieces / official).max() < 0.0008


def test_links_between_tables_hold(frames):
    assert problems_between(frames, list(DATASETS.values())) == []


def test_every_table_obeys_its_schema(frames):
    assert [p for name, frame in frames.items() for p in problems_in(frame, DATASETS[name])] == []


def test_missing_values_stay_missing_and_no_sentinel_is_left(frames):
    zcta = frames["zcta"]
    missing = zcta.isna().sum()
    assert missing["median_household_income_usd"] == 2_566
    assert missing["poverty_share"] == 303
    assert missing["no_vehicle_share"] == 369
    assert missing["median_age"] == 334
    assert (zcta.select_dtypes("number").drop(columns=["lat", "lon"]).min() >= 0).all()
    without_homes = zcta["households"] == 0
    assert zcta.loc[without_homes, "no_vehicle_share"].isna().all()


def test_the_catalogue_says_how_many_points_were_mended(frames):
    zcta = frames["zcta"]
    mended = zcta[zcta["coord_quality"] == "named_place"]
    assert {"83716", "99503", "99701", "99827", "99603"} <= set(mended["zcta"])
    text = " ".join(DATASETS["zcta"].quality)
    assert f"{len(mended)} areas with {mended['population'].sum():,} people" in text


def test_no_county_is_lost_and_none_is_outside_a_state(frames):
    counties = frames["counties"]
    assert len(counties) == 3_220
    assert counties["state"].nunique() == 52
    assert {"51610", "02261", "46102", "02158", "72001"} <= set(counties["county_fips"])


@pytest.mark.parametrize("name", ["counties", "states"])
def test_boundaries_are_a_clean_coverage(frames, name):
    geometry = frames[name].geometry
    assert geometry.is_valid.all()
    assert shapely.coverage_is_valid(geometry.to_numpy())
    west, south, east, north = geometry.total_bounds
    assert -180 <= west < east < -65
    assert 17 < south < north < 72


def test_state_borders_are_county_borders(frames):
    counties, states = frames["counties"], frames["states"]
    for state_fips in ("44", "48", "72"):
        merged = shapely.coverage_union_all(
            counties.geometry[counties["state_fips"] == state_fips].to_numpy()
        )
        drawn = states.set_index("state_fips").geometry[state_fips]
        assert shapely.equals(merged, drawn)


def test_counties_are_light_enough_for_the_web(frames):
    assert shapely.get_num_coordinates(frames["counties"].geometry.to_numpy()).sum() < 60_000


def test_one_name_for_each_cbsa_and_connecticut_has_some(frames):
    counties = frames["counties"]
    names = counties.dropna(subset=["cbsa_code"]).groupby("cbsa_code")["cbsa_name"].nunique()
    assert names.max() == 1
    assert counties.loc[counties["state"] == "CT", "cbsa_code"].notna().all()
    zcta = frames["zcta"].merge(counties, on="county_fips", suffixes=("", "_county"))
    pd.testing.assert_series_equal(zcta["cbsa_code"], zcta["cbsa_code_county"], check_names=False)


def test_facilities_are_as_many_as_were_collected(frames):
    centers, blood = frames["treatment_centers"], frames["blood_centers"]
    assert (len(centers), len(blood)) == (228, 530)
    assert (centers["best_evidence"] == "documented").sum() == 173
    claims = {"fact_accreditation": 95, "car_t": 125, "nmdp_center": 31, "til": 27}
    claims["hemoglobinopathy_gene_therapy"] = 17
    assert {name: (centers[name] == "documented").sum() for name in claims} == claims
    assert (centers["confidence"] == "low").sum() == 25
    assert (blood["apheresis_evidence"] == "documented").sum() == 38
    assert (blood["hpc_cell_therapy_evidence"] == "documented").sum() == 23
    assert blood["network_group"].value_counts()["ABC/BCA"] == 258


@pytest.mark.parametrize("name", ["treatment_centers", "blood_centers"])
def test_coordinate_quality_is_counted_in_words(frames, name):
    text = next(line for line in DATASETS[name].quality if line.startswith("Coordinates"))
    for count in frames[name]["coord_quality"].value_counts():
        assert f"{count} " in text


def test_hospital_counts(frames):
    hospitals = frames["hospital_denominators"]["hospitals"]
    assert hospitals.tolist() == [7_551, 5_838, 5_381, 5_315]


def test_every_referral_region_with_people_has_a_name_and_every_name_has_people(frames):
    names = frames["hrr_names"]
    assert len(names) == 306
    assert set(names["hrr"]) == set(frames["zcta"]["hrr"].dropna())


def test_the_town_a_referral_region_is_named_after_lies_in_it(frames):
    areas = frames["zcta"].dropna(subset=["hrr"])
    people = areas.groupby(["city", "state", "hrr"])["population"].sum()
    main = people.groupby(level=["city", "state"]).idxmax().map(lambda row: row[2])
    names = frames["hrr_names"].set_index(["city", "state"])["hrr"]
    both = main.index.intersection(names.index)
    assert len(both) == 290  # the others are named after a county or a part of a city
    assert main.loc[both].tolist() == names.loc[both].tolist()


def test_tables_stay_within_their_budget():
    assert sum(path.stat().st_size for path in TABLES.iterdir()) < 15_000_000


def test_the_folder_holds_the_catalogue_and_nothing_else():
    expected = {entry.file_name for entry in DATASETS.values()} | {"datapackage.json"}
    assert {path.name for path in TABLES.iterdir()} == expected
