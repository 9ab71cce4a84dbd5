"""The consortium's register: what is in it, and mistakes named with file and line."""

import shutil
from pathlib import Path

import pytest

from data import load, register
from data.content_schemas import CAPABILITIES, SCHEMAS
from data.register import ContentError, Register


@pytest.fixture(scope="module")
def found() -> Register:
    return register.read(places=load.places())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(register.FOLDER, tmp_path / "content")
    return tmp_path / "content"


def problems(folder: Path) -> list[str]:
    with pytest.raises(ContentError) as raised:
        register.read(folder, places=load.places())
    return list(raised.value.problems)


def edit(folder: Path, name: str, before: str, after: str) -> int:
    """Change a file once, and give the line on which the change is."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return (
        text[: text.index(before)].count("\n")
        + 1
        + before.split(before.lstrip(), maxsplit=1)[0].count("\n")
    )


def test_members_bring_known_capabilities_with_sources(found: Register) -> None:
    names = [member["name"] for member in found.members]
    assert len(names) == len(set(names)) == 7
    for member in found.members:
        assert member["capabilities"]
        assert {one["tag"] for one in member["capabilities"]} <= set(CAPABILITIES)
        assert all(one["source"] or one["evidence"] == "recall" for one in member["capabilities"])


def test_precedents_are_placed_where_their_towns_are(found: Register) -> None:
    places = {one["id"]: (one["lat"], one["lon"]) for one in found.precedents}
    assert places["vitalant-tempe"] == pytest.approx((33.41, -111.91), abs=0.1)
    assert places["bbg-mobile"] == pytest.approx((29.42, -98.49), abs=0.1)
    assert all(one["source"] or one["citation"] for one in found.precedents)


def test_dates_stay_as_precise_as_they_were_written(found: Register) -> None:
    dates = {one["id"]: one for one in found.meetings}
    assert dates["abc-joins"]["date"] == "2025-05"
    assert not register.exact(dates["abc-joins"])
    assert register.exact(dates["roundtable-dallas"])


@pytest.mark.parametrize(
    ("name", "before", "after", "words"),
    [
        ("meetings.yaml", 'date: "2025-01-22"', 'date: "22 January"', "is not a date such as"),
        ("meetings.yaml", 'date: "2025-01-22"', 'date: "2025-02-30"', "is no day of the calendar"),
        ("meetings.yaml", 'until: "2025-10-28"', 'until: "2025-10-01"', "until is before date"),
        ("meetings.yaml", "kind: roundtable", "kind: party", "'party' is not one of"),
        ("meetings.yaml", "place: Dallas, TX", "place: Dallas", "is not a place such as"),
        ("meetings.yaml", "place: Dallas, TX", "place: Nowhere, TX", "not in the table of places"),
        ("meetings.yaml", "briefing: TX", "briefing: Texas", "nor the code of a state"),
        ("meetings.yaml", "id: aabb-seat", "id: launch", "is that of line"),
        ("meetings.yaml", "kind: roundtable", "kind: panel\n    kind: panel", "stands twice"),
        ("precedents.yaml", "what: A vehicle", "waht: A vehicle", "'waht' is not known here"),
        ("precedents.yaml", "evidence: verified", "evidence: sure", "'sure' is not one of"),
        ("consortium.yaml", "tag: devices", "tag: gadgets", "'gadgets' is not one of"),
        ("consortium.yaml", "short: BCA\n", "short: [\n", "expected"),
        ("regulatory_path.yaml", "url: https://www.ecfr", "url: www.ecfr", "begins with https://"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    folder: Path, name: str, before: str, after: str, words: str
) -> None:
    line = edit(folder, name, before, after)
    said = problems(folder)
    hits = [one for one in said if words in one]
    assert hits, said
    lines = {int(one.split("line ")[1].split(":")[0]) for one in hits}
    # A broken structure is noticed a little later than it begins; a missing name at its entry.
    assert any(abs(at - line) <= 3 for at in lines), (lines, line)
    assert all(one.startswith(f"{name}, line ") for one in hits)


def test_all_mistakes_of_all_files_are_listed_at_once(folder: Path) -> None:
    edit(folder, "meetings.yaml", "kind: roundtable", "kind: party")
    edit(folder, "precedents.yaml", "kind: satellite_clinic", "kind: tent")
    (folder / "standards_sops.yaml").unlink()
    (folder / "regulatory_path.yaml").write_bytes(b"\xff\xfe")
    said = "\n".join(problems(folder))
    for words in ("party", "tent", "standards_sops.yaml: the file is missing", "not text in UTF-8"):
        assert words in said


@pytest.mark.parametrize(
    "content",
    ["", "just words", "- a\n- b", "a: &x [*x]", "!!python/object/apply:os.system [ls]", "a: b: c",
     "\t- x", "{" * 5_000],
)  # fmt: skip
def test_no_content_breaks_it(folder: Path, content: str) -> None:
    (folder / "meetings.yaml").write_text(content, encoding="utf-8")
    assert all(one.startswith("meetings.yaml") for one in problems(folder))


def test_every_file_has_a_schema_and_the_reverse() -> None:
    assert {path.name for path in register.FOLDER.glob("*.yaml")} == set(SCHEMAS)
