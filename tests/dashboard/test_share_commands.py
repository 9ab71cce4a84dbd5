"""The commands `brief` and `export`: files opened again, and every problem said at once."""

import io
import json
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pikepdf
import pytest

from dashboard import __main__ as command_line
from dashboard import links, share_commands
from dashboard.services import coverage
from dashboard.state import Selection


@pytest.fixture(autouse=True)
def _address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(links.ADDRESS, "https://atlas.example")


def run(*arguments: object) -> int:
    try:
        return command_line.main([str(one) for one in arguments])
    except SystemExit as end:
        return int(end.code or 0)


def test_a_briefing_on_a_state_is_written_and_its_findings_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "brief.pdf"
    done = run("brief", "--region", "tx", "--out", out, "--model", "straight",
               "--findings", "places,equity")  # fmt: skip
    assert done == 0
    printed = capsys.readouterr().out
    assert "people in Texas live more than 60 minutes" in printed
    assert printed.count("\n- ") == 2
    with pikepdf.open(out) as pdf:
        assert len(pdf.pages) == 2
    assert list(tmp_path.iterdir()) == [out]


def test_a_bundle_holds_what_its_manifest_says(tmp_path: Path) -> None:
    out = tmp_path / "brief.zip"
    assert run("brief", "--region", "VT", "--out", out, "--model", "straight",
               "--findings", "places") == 0  # fmt: skip
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        manifest = json.loads(archive.read("manifest.json"))
        names = {one["name"] for one in manifest["files"]}
        assert names | {"manifest.json"} == set(archive.namelist())
        assert {"briefing.pdf", "briefing.pptx", "data/01-headline.csv"} <= names
        assert manifest["link"].startswith("https://atlas.example/briefing?")
        assert "state=VT" in manifest["link"]
        for one in manifest["files"]:
            assert len(archive.read(one["name"])) == one["bytes"]
        table = pd.read_csv(io.BytesIO(archive.read("data/02-places.csv")))
    assert len(table) == len(coverage.places_frame(Selection(state="VT", model="straight")))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--out", "x.doc"), "does not end in .pdf, .pptx or .zip"),
        (("--region", "ZZ", "--out", "x.pdf"), "is neither US, nor a state such as TX"),
        (("--findings", "gossip", "--with", "no thing!", "--out", "x.pdf"), "--with is neither"),
        (("--region", "hrr:999999", "--out", "x.pdf"), "Choose the referral region"),
        (("--with", "a" * 24, "--out", "x.pdf"), "no scenario with this link"),
    ],
)
def test_what_a_briefing_cannot_be_made_of_is_said(
    arguments: tuple[str, ...], words: str, tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("ATLAS_DATABASE_URL", f"sqlite:///{tmp_path / 'x.sqlite'}")
    monkeypatch.chdir(tmp_path)
    assert run("brief", *arguments) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert not list(tmp_path.glob("x.p*"))


def test_two_problems_of_a_briefing_are_listed_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "x.pdf"
    assert run("brief", "--findings", "gossip", "--with", "no thing!", "--out", out) == 2
    said = capsys.readouterr().err
    assert "--findings does not know 'gossip': choose among places, " in said
    assert "--with is neither" in said


def test_a_table_of_a_page_has_the_settings_of_the_command(tmp_path: Path) -> None:
    out = tmp_path / "places.csv"
    assert run("export", "places", "--out", out, "--state", "tx", "--minutes", "90",
               "--model", "straight") == 0  # fmt: skip
    table = pd.read_csv(out, encoding="utf-8-sig")
    expected = coverage.places_frame(Selection(state="TX", within=90, model="straight"))
    assert table["beyond"].tolist() == expected["beyond"].tolist()
    (link,) = set(table["atlas_view"])
    assert link == "https://atlas.example/?within=90&model=straight&state=TX"


@pytest.mark.parametrize("kind", ["xlsx", "geojson", "parquet"])
def test_a_committed_table_in_every_kind(kind: str, tmp_path: Path) -> None:
    out = tmp_path / f"states.{kind}"
    assert run("export", "states", "--out", out) == 0
    if kind == "xlsx":
        assert openpyxl.load_workbook(out)["Data"].max_row == 53
    else:
        found = gpd.read_file(out) if kind == "geojson" else gpd.read_parquet(out)
        assert len(found) == 52
        assert found.crs.to_epsg() == 4326
        assert found["atlas_source"].str.contains("Census").all()


def test_every_table_of_a_page_can_be_made() -> None:
    view = Selection(state="VT", model="straight")
    for name in (*share_commands.TABLES, *share_commands._MORE):
        wanted = share_commands._table(name, view)
        assert wanted is not None
        assert len(wanted.make().columns), name
        assert wanted.csv().startswith(b"\xef\xbb\xbf"), name
    found = share_commands._layer("map", view)
    assert found is not None
    assert set(found.make()["layer"]) == {"county", "site"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "NAME is missing; --list names everything there is; --out FILE is missing"),
        (("nothing", "--out", "x.csv"), "there is no table or layer 'nothing'"),
        (("places", "--out", "x.geojson"), "end the file in .csv or .xlsx"),
        (("map", "--out", "x.csv"), "end the file in .geojson or .parquet"),
        (("places", "--out", "none/x.csv", "--model", "straight"), "No such file or directory"),
    ],
)
def test_what_cannot_be_exported_is_said(
    arguments: tuple[str, ...], words: str, tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert run("export", *arguments) == 2
    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_list_names_every_table_and_layer(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("export", "--list") == 0
    said = capsys.readouterr().out
    for name in ("places", "map", "zcta", "patients-by-year", "precedents"):
        assert f"{name}" in said
