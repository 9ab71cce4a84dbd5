from pathlib import Path

import pytest

from data.adapters import csv_tables
from data.adapters.user_files import read_facilities, read_trips
from data.errors import UserFileError

GOLDEN = Path(__file__).parent.parent / "golden"


def problems_of(read, source):
    with pytest.raises(UserFileError) as caught:
        read(source)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def test_every_problem_of_a_facilities_file_is_listed_with_its_row():
    assert problems_of(read_facilities, GOLDEN / "facilities_problems.csv") == (
        "row 4: lat is 'north', not a number",
        "row 6: lat is empty",
        "row 5: lat is 129.7, outside -90 to 90",
        "row 6: lon is empty",
        "id 'A1' occurs in rows 2, 3",
        "row 7: ages_treated is 'everyone'; expected adult, pediatric, adult+pediatric or nothing",
    )


def test_byte_order_mark_semicolons_and_upper_case_are_read():
    frame = read_facilities(GOLDEN / "facilities_bom_semicolon.csv")
    assert frame.to_dict("records") == [
        {
            "id": "U001",
            "name": "El Niño Hospital",
            "lat": 29.7107,
            "lon": -95.3962,
            "treats_adults": False,
            "treats_children": True,
        },
        {
            "id": "U002",
            "name": "City Hospital",
            "lat": 30.2672,
            "lon": -97.7431,
            "treats_adults": True,
            "treats_children": True,
        },
    ]


def test_latin_1_is_read():
    assert read_facilities(GOLDEN / "facilities_latin1.csv")["name"].tolist() == ["Hospital Café"]


def test_exchanged_coordinates_are_pointed_out_first():
    problems = problems_of(read_facilities, GOLDEN / "facilities_swapped.csv")
    assert problems[0] == "lat and lon look exchanged: in the US lat is between 17 and 72"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "the file is empty"),
        (b" \n \n", "the file is empty"),
        (b"lat,lon\n", "the file has column names but no rows"),
        (b"PK\x03\x04\x00\x00", "the file is no text: save it as CSV"),
        (b"lat,LAT,lon\n1,2,3\n", "column lat occurs more than once"),
        (b"lat,lon\n1,2,3\n", "row 2: 3 values for 2 columns"),
        (b"lat,lon\n1,inf\n", "row 2: lon is 'inf', not a number"),
        (b"lat,lon\n\n\n1,181\n", "row 4: lon is 181, outside -180 to 180"),
    ],
)
def test_one_problem(content, problem):
    assert problems_of(read_facilities, content) == (problem,)


def test_golden_files_without_use():
    assert problems_of(read_facilities, GOLDEN / "facilities_empty.csv") == ("the file is empty",)
    assert problems_of(read_facilities, GOLDEN / "facilities_no_header.csv") == (
        "the first row has numbers: the file needs a row with column names",
    )


def test_missing_columns_are_named_with_those_found():
    assert problems_of(read_facilities, b"name,x\na,1\n") == (
        "column lat is missing (found: name, x)",
        "column lon is missing (found: name, x)",
    )


def test_a_missing_file_is_a_problem_too(tmp_path):
    (problem,) = problems_of(read_facilities, tmp_path / "none.csv")
    assert problem.endswith("none.csv cannot be read: No such file or directory")


def test_long_lists_are_cut():
    problems = problems_of(read_facilities, b"lat,lon\n" + b"x,5\n" * 50)
    assert len(problems) == csv_tables.MOST_PROBLEMS + 1
    assert problems[-1] == "and 30 more"


def test_huge_files_are_refused(monkeypatch):
    monkeypatch.setattr(csv_tables, "LARGEST_ROWS", 3)
    assert problems_of(read_facilities, b"lat,lon\n" + b"1,5\n" * 4) == (
        "the file has 4 rows; at most 3 are read",
    )
    monkeypatch.setattr(csv_tables, "LARGEST_BYTES", 1_000_000)
    assert problems_of(read_facilities, b" " * 2_000_000) == (
        "the file has 2 MB; at most 1 are read",
    )


def test_quotes_that_never_close_are_a_problem():
    content = b'lat,lon\n1,"' + b"x" * 200_000
    (problem,) = problems_of(read_facilities, content)
    assert "field larger than field limit" in problem


def test_trips_keep_their_columns_and_may_lack_coordinates():
    frame = read_trips(GOLDEN / "trips.csv")
    assert list(frame) == ["trip", "origin_lat", "origin_lon", "dest_lat", "dest_lon"]
    assert frame["trip"].tolist() == ["Houston to Dallas", "no destination"]
    assert frame["dest_lat"].isna().tolist() == [False, True]
    assert frame["origin_lat"].tolist() == [29.7604, 29.7604]


def test_a_ragged_trips_file_is_refused_before_its_values_are_looked_at():
    assert problems_of(read_trips, GOLDEN / "trips_problems.csv") == (
        "row 4: 2 values for 4 columns",
    )


def test_trip_values_out_of_range_and_not_numbers():
    content = b"Origin_Lat,origin_lon,dest_lat,dest_lon\n29.7,-95.3,32.7,-196.7\nabc,-95,32,-96\n"
    assert problems_of(read_trips, content) == (
        "row 3: origin_lat is 'abc', not a number",
        "row 2: dest_lon is -196.7, outside -180 to 180",
    )


def test_missing_trip_columns_are_all_named():
    problems = problems_of(read_trips, b"origin_lat,origin_lon\n1,2\n")
    assert problems == (
        "column dest_lat is missing (found: origin_lat, origin_lon)",
        "column dest_lon is missing (found: origin_lat, origin_lon)",
    )
