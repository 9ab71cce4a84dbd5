"""Files of candidate sites: hospitals from two public tables, and a reader's own sites."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data import load
from data.adapters import csv_tables
from data.adapters.hospitals import is_hospital_table, read_hospitals
from data.adapters.user_files import read_candidates
from data.errors import UserFileError

GOLDEN = Path(__file__).parent.parent / "golden"
CMS, HIFLD = GOLDEN / "hospitals_cms.csv", GOLDEN / "hospitals_hifld.csv"


@pytest.fixture(scope="module")
def zcta() -> pd.DataFrame:
    return load.zcta()


def problems_of(read, *arguments):
    with pytest.raises(UserFileError) as caught:
        read(*arguments)
    return caught.value.problems


def test_own_sites_from_a_spreadsheet():
    frame = read_candidates(GOLDEN / "candidates.csv")
    assert frame.drop(columns=["cost", "capacity"]).to_dict("records") == [
        {
            "id": "mine-1", "name": "Clínica del Río", "lat": 29.76, "lon": -95.37,
            "forced": "in", "kind": "own", "address": "1 Main St", "state": "TX",
        },
        {
            "id": "own:2", "name": "Hill Country site", "lat": 30.27, "lon": -97.74,
            "forced": "", "kind": "hospital", "address": "", "state": "",
        },
        {
            "id": "BC001", "name": "Tampa", "lat": 28.03931, "lon": -82.39243,
            "forced": "out", "kind": "blood_center", "address": "5301 E Fletcher Ave",
            "state": "FL",
        },
    ]  # fmt: skip
    assert np.array_equal(frame["cost"], [2.5, np.nan, 0.0], equal_nan=True)
    assert np.array_equal(frame["capacity"], [np.nan, 120_000.0, np.nan], equal_nan=True)


def test_every_problem_of_own_sites_is_listed_with_its_row():
    assert problems_of(read_candidates, GOLDEN / "candidates_problems.csv") == (
        "row 3: name is empty",
        "row 4: lat is 'north', not a number",
        "row 3: lat is 95, outside -90 to 90",
        (
            "row 4: id is '@1'; expected 1 to 60 letters, digits, spaces or . : / # + - _, "
            "beginning with a letter or digit"
        ),
        "id 'A' occurs in rows 2, 3",
        "row 3: cost is '-1'; expected a number of million USD, at least 0, or nothing",
        "row 4: cost is '3,5'; expected a number of million USD, at least 0, or nothing",
        "row 3: capacity is '0'; expected a number of persons, more than 0, or nothing",
        "row 3: forced is 'maybe'; expected in, out or nothing",
        "row 3: kind is 'shop'; expected blood_center, community, hospital, own or nothing",
        "row 3: state is 'TEXAS'; expected two letters such as TX, or nothing",
    )


def test_own_sites_need_three_columns():
    assert problems_of(read_candidates, b"title,latitude\nA,1\n") == (
        "column name is missing (found: title, latitude)",
        "column lon is missing (found: title, latitude)",
    )


def test_an_id_that_a_row_without_one_would_get_is_taken():
    assert problems_of(read_candidates, b"id,name,lat,lon\n,A,1,1\nown:1,B,2,2\n") == (
        "id 'own:1' occurs in rows 2, 3",
    )


def test_exchanged_coordinates_are_pointed_out_first():
    problems = problems_of(read_candidates, b"name,lat,lon\nA,-95.37,29.76\n")
    assert problems[0].startswith("lat and lon look exchanged")


def test_cms_hospitals_stand_in_their_zip_area(zcta):
    found = read_hospitals(CMS, zcta)
    frame = found.frame.set_index("id")
    assert found.source == "cms"
    assert found.left_out == {"without acute care": 1}  # the psychiatric one
    assert list(frame.index) == [
        "cms:010001", "cms:010005", "cms:010055", "cms:01014F", "cms:011300", "cms:013300",
        "cms:050133",
    ]  # fmt: skip
    areas = zcta.set_index("zcta")
    at_home = frame.drop(index="cms:010055")
    for column in ("lat", "lon"):
        assert at_home[column].tolist() == areas.loc[at_home["zip"], column].tolist()
    assert set(at_home["coord_quality"]) == {"zip_centroid"}
    assert frame["beds"].isna().all()


def test_cms_hospitals_with_a_post_box_stand_in_their_citys_largest_area(zcta):
    flowers = read_hospitals(CMS, zcta).frame.set_index("id").loc["cms:010055"]
    dothan = zcta[(zcta["city"] == "Dothan") & (zcta["state"] == "AL")]
    assert len(dothan) > 1
    largest = dothan.loc[dothan["population"].idxmax()]
    assert (flowers["zip"], flowers["coord_quality"]) == ("36302", "city_centroid")
    assert (flowers["lat"], flowers["lon"]) == (largest["lat"], largest["lon"])


def test_hifld_hospitals_that_are_open_and_acute(zcta):
    found = read_hospitals(HIFLD, zcta)
    assert found.source == "hifld"
    assert found.left_out == {"closed": 1, "without acute care": 1}
    frame = found.frame.set_index("id")
    assert list(frame.index) == [
        "hifld:0001336420", "hifld:0025977030", "hifld:0196784305", "hifld:0000496913",
        "hifld:0196784898",
    ]  # fmt: skip
    assert np.array_equal(frame["beds"], [88, 631, np.nan, 158, 8], equal_nan=True)
    assert frame["coord_quality"].tolist() == ["rooftop"] * 4 + ["point_secondary"]
    anderson = frame.loc["hifld:0025977030"]
    assert (anderson["lat"], anderson["lon"]) == (29.70703136, -95.39707717)
    assert anderson["type"] == "SPECIAL"


def test_leading_zeros_that_a_spreadsheet_dropped_come_back(zcta):
    content = (
        b"\xef\xbb\xbfFacility ID;FACILITY NAME;zip code;hospital type;City;State\r\n"
        b"10001;A;601;Acute Care Hospitals;Adjuntas;PR\r\n"
    )
    frame = read_hospitals(content, zcta).frame
    assert frame[["id", "zip", "coord_quality"]].to_numpy().tolist() == [
        ["cms:010001", "00601", "zip_centroid"]
    ]


def test_every_problem_of_a_hospital_table_is_listed(zcta):
    head = b"Facility ID,Facility Name,ZIP Code,Hospital Type\n"
    content = head + b"010001,A,36301,Psychiatric\n10001,,3630A,Childrens\n,C,1,Childrens\n"
    assert problems_of(read_hospitals, content, zcta) == (
        "row 4: Facility ID is empty",
        "id '010001' occurs in rows 2, 3",
        "row 3: Facility Name is empty",
        "row 3: ZIP Code is '3630A'; expected five digits",
        "row 4: ZIP Code is '1'; expected five digits",
    )
    head = b"ID,NAME,LATITUDE,LONGITUDE,TYPE,STATUS\n"
    content = head + b"1,A,north,-95,CHILDREN,OPEN\n2,B,30,,CHILDREN,OPEN\n"
    assert problems_of(read_hospitals, content, zcta) == (
        "row 2: LATITUDE is 'north', not a number",
        "row 3: LONGITUDE is empty",
    )


def test_a_place_that_cannot_be_found_is_counted(zcta):
    content = (
        b"Facility ID,Facility Name,City/Town,State,ZIP Code,Hospital Type\n"
        b"1,A,NOWHERE,ZZ,99999,Childrens\n2,B,HOUSTON,TX,77030,Childrens\n"
    )
    found = read_hospitals(content, zcta)
    assert found.frame["id"].tolist() == ["cms:000002"]
    assert found.left_out == {"with unknown ZIP code and city": 1}


def test_a_table_of_something_else_is_told_what_to_do(zcta):
    problems = problems_of(read_hospitals, b"Facility ID,x\n1,2\n", zcta)
    assert problems[:-1] == tuple(
        f"column {name} is missing (found: Facility ID, x)"
        for name in ("Facility Name", "ZIP Code", "Hospital Type")
    )
    assert "CMS Hospital General Information" in problems[-1]
    assert "HIFLD" in problems_of(read_hospitals, b"LATITUDE,x\n1,2\n", zcta)[-1]


def test_tables_are_known_by_their_columns():
    kinds = {
        name: [
            is_hospital_table(csv_tables.read_table(GOLDEN / name), kind)
            for kind in ("", "cms", "hifld")
        ]
        for name in ("hospitals_cms.csv", "hospitals_hifld.csv", "candidates.csv")
    }
    assert kinds == {
        "hospitals_cms.csv": [True, True, False],
        "hospitals_hifld.csv": [True, False, True],
        "candidates.csv": [False, False, False],
    }


def test_wide_tables_name_some_of_their_columns():
    content = ",".join(f"c{n}" for n in range(40)).encode() + b"\n" + b",".join([b"x"] * 40) + b"\n"
    (first, *_) = problems_of(read_candidates, content)
    assert first.endswith("c10, c11 and 28 more)")
