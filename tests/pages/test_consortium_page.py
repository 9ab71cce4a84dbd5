"""The Consortium page through the whole app, its tables and its calendar."""

import datetime as dt
import shutil
from pathlib import Path

import pandas as pd
import pytest
from icalendar import Calendar
from opening import Open

from dashboard import register_views
from dashboard.register_calendar import ics
from dashboard.register_state import LABELS
from dashboard.services import register as answers
from data import load, register


@pytest.mark.parametrize("part", LABELS["register"])
def test_every_part_opens_from_its_link(part: str, open_page: Open) -> None:
    app = open_page("consortium.py", register=part)
    assert not app.error
    assert not app.warning
    assert any(element.value.startswith("### ") for element in app.markdown)
    assert app.get("download_button")


def test_what_members_bring_is_marked_once_for_each() -> None:
    found = answers.content()
    marks = register_views.capabilities(found).set_index("Capability") == register_views.BRINGS
    assert marks.loc["Mobile collection"].sum() == 1
    assert marks.loc["Mobile collection", "BBG"]
    assert not marks.loc["Logistics"].any()
    assert marks.to_numpy().sum() == sum(
        len({one["tag"] for one in member["capabilities"]}) for member in found.members
    )


def test_a_mistake_in_a_file_is_shown_with_its_line(
    open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "content"
    shutil.copytree(register.FOLDER, folder)
    path = folder / "meetings.yaml"
    monkeypatch.setattr(register, "FOLDER", folder)
    monkeypatch.setattr(register.read, "__defaults__", (folder,))
    path.write_text(path.read_text().replace("kind: roundtable", "kind: party"))
    app = open_page("consortium.py")
    assert "meetings.yaml, line " in app.error[0].value
    assert "party" in app.error[0].value
    path.write_text(path.read_text().replace("kind: party", "kind: panel"))
    assert not app.run().error  # mended, and read again


def test_gaps_are_counted_from_the_table_of_blood_centres() -> None:
    blood, states = load.blood_centers(), load.states()
    gaps = answers.gaps().set_index("Role")
    have = set(blood.loc[blood["role_cell_collection"], "state"])
    without = [state for state in states["state"] if state not in have]
    assert gaps.loc["Cell collection", "States without"] == len(without)
    people = load.zcta().groupby("state")["population"].sum()
    assert gaps.loc["Cell collection", "People there"] == people.reindex(without).sum()
    assert f"{len(without)} of {len(states)} states" in answers.gap_sentence()


def test_networks_and_divisions_count_every_facility_once() -> None:
    blood = load.blood_centers()
    networks, divisions = answers.networks(), answers.divisions()
    assert networks["Facilities"].sum() == len(blood)
    assert networks["Cell collection"].sum() == blood["role_cell_collection"].sum()
    assert divisions["Facilities"].sum() == len(blood)
    assert divisions["People"].sum() == load.zcta()["population"].sum()


def test_a_division_without_facilities_has_zeros() -> None:
    roles = {role: [True] for role in register_views.ROLES}
    blood = pd.DataFrame({"state": ["TX"], **roles})
    states = pd.DataFrame(
        {"state": ["TX", "ME"], "division": ["South", "North"], "name": ["T", "M"]}
    )
    people = pd.Series({"TX": 5.0, "ME": 2.0})
    found = register_views.by_division(blood, states, people)
    assert found.set_index("Division").loc["North"].tolist() == [2, 0, 0, 0, 0, 0, 0, 0]
    assert register_views.missing(blood, states, people)["Which"].tolist() == ["M"] * 6


def test_the_calendar_has_every_exact_date_with_its_briefing() -> None:
    found = answers.content()
    content = ics(found.meetings, lambda about: f"https://atlas.example/briefing?{about}")
    events = {str(e["uid"]): e for e in Calendar.from_ical(content).walk("VEVENT")}
    exact = [one for one in found.meetings if register.exact(one)]
    assert len(events) == len(exact)
    panel = events["panel-aabb-2025@bcar-access-atlas"]
    assert panel["dtstart"].dt == dt.date(2025, 10, 25)
    assert panel["dtend"].dt == dt.date(2025, 10, 29)
    assert panel["url"] == "https://atlas.example/briefing?CA"
    assert str(panel["location"]) == "San Diego, CA"
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


def test_what_is_to_come_stands_first() -> None:
    found = answers.content()
    later = register_views.meetings(found, "2025-01-20")["When"].tolist()
    assert later[0] == "2025-01-22"
    assert later[-1] == "2024-12-11"
    assert "next date is 2025-01-22" in register_views.calendar_sentence(found, "2025-01-20")
    assert "No date to come is known" in register_views.calendar_sentence(found, "2030-01-01")
