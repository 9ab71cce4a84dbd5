"""Slots: assumed by beds, changed in a table and by a file."""

import numpy as np
import pandas as pd
import pytest

from dashboard import slots
from dashboard.patient_state import MOST_SLOTS, PatientSettings, Slots
from data import load
from data.errors import UserFileError

TABLE = pd.DataFrame(
    {
        "key": [*slots.KEYS.values(), "beds_unknown", "new_site"],
        "value": [50.0, 40.0, 10.0, 400.0, 120.0],
    }
)
CENTRES = pd.DataFrame(
    {
        "id": ["A", "B", "C", "D"],
        "name": ["Adults", "Both", "Children", "No beds"],
        "state": ["TX", "TX", "OK", "OK"],
        "lat": 30.0,
        "lon": -95.0,
        "beds": pd.array([600, 500, 300, None], dtype="Int64"),
        "treats_adults": [True, True, False, True],
        "treats_children": [False, True, True, False],
    }
)
NOBODY = CENTRES.iloc[:0]
NEW = pd.DataFrame(
    {"id": ["cbsa:1"], "name": ["New"], "state": ["NM"], "lat": [35.0], "lon": [-106.0]}
)


def table(**settings: object) -> pd.DataFrame:
    return slots.table_of(CENTRES, NEW, PatientSettings(**settings), TABLE).set_index("id")


def test_slots_follow_from_beds_and_ages():
    found = table()
    assert found["slots"].to_dict() == {"A": 300, "B": 200, "C": 30, "D": 200, "cbsa:1": 120}
    assert found["basis"].to_list() == [slots.ASSUMED] * 3 + [slots.ASSUMED_BEDS, slots.NEW]
    assert found["new"].to_list() == [False] * 4 + [True]
    assert found["ages"].to_list()[:3] == ["adult", "adult+pediatric", "pediatric"]


def test_own_slots_stand_and_the_percentage_is_of_assumed_ones_only():
    found = table(slots=(Slots("B", 7),), slots_percent=50.0, new_slots=10)
    assert found["slots"].to_dict() == {"A": 150, "B": 7, "C": 15, "D": 100, "cbsa:1": 10}
    assert found.loc["B", "basis"] == slots.YOURS
    assert found["assumed"].to_dict() == {"A": 300, "B": 200, "C": 30, "D": 200, "cbsa:1": 10}


def test_a_readers_own_facilities_have_neither_beds_nor_states():
    own = CENTRES.drop(columns=["beds", "state"])
    found = slots.table_of(own, NOBODY, PatientSettings(), TABLE)
    assert found["slots"].to_list() == [200, 160, 40, 200]
    assert set(found["state"]) == {""}


def test_every_assumption_of_the_table_is_marked_as_one():
    frame = load.slot_assumptions()
    assert set(frame["key"]) == {*slots.KEYS.values(), "beds_unknown", "new_site"}
    assert set(frame["evidence"]) == {"recall"}


def test_edits_of_the_table_become_settings():
    settings = PatientSettings(slots=(Slots("A", 5), Slots("B", 6)))
    frame = slots.table_of(CENTRES, NOBODY, settings, TABLE)
    edits = {0: {"slots": None}, 2: {"slots": 44.0}, 3: {"slots": 10**9}, 1: {"name": "x"}}
    assert slots.edited(settings, frame, edits) == (
        Slots("B", 6),
        Slots("C", 44),
        Slots("D", MOST_SLOTS),
    )


@pytest.mark.parametrize("content", [b"site,slots\nB,7\nA,0\n", b"ID;Slots;x\nB;7;1\nA;0;2\n"])
def test_a_file_gives_slots(content):
    assert slots.read_file(content, {"A", "B"}) == (Slots("A", 0), Slots("B", 7))


def test_the_downloaded_table_can_be_given_back():
    frame = slots.table_of(CENTRES, NOBODY, PatientSettings(), TABLE)
    content = frame.rename(columns={"id": "site"}).to_csv(index=False).encode()
    found = slots.read_file(content, set(CENTRES["id"]))
    again = slots.table_of(CENTRES, NOBODY, PatientSettings(slots=found), TABLE)
    assert np.array_equal(again["slots"], frame["slots"])


def test_every_problem_of_a_file_is_listed_with_its_row():
    content = b"site,slots\nA,5\nZ,5\nB,-1\nC,many\nA,2.5\nA,\n"
    with pytest.raises(UserFileError) as caught:
        slots.read_file(content, {"A", "B", "C"})
    said = "\n".join(caught.value.problems)
    for problem in (
        "row 3: there is no site 'Z'",
        "row 4: slots is '-1'; expected a whole number from 0 to 100,000",
        "row 5: slots is 'many'",
        "row 6: slots is '2.5'",
        "row 7: slots is ''",
        "id 'A' occurs in rows 2, 6, 7",
    ):
        assert problem in said


def test_a_file_without_its_columns_says_which():
    with pytest.raises(UserFileError, match="slots"):
        slots.read_file(b"site,beds\nA,5\n", {"A"})
