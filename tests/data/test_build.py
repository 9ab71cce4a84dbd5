"""The build from tables in memory on: order, types, bytes. No downloads."""

import json

import pandas as pd
import pytest

from data import build, load
from data.catalogue import DATASETS
from data.datapackage import describe
from data.document import PAGE, markdown
from data.errors import BuildError
from data.fetch import sha256
from data.load import TABLES
from data.sources import SOURCES
from data.writers import to_arrow


@pytest.fixture(scope="module")
def frames():
    return {name: load.load(name) for name in DATASETS}


def test_a_second_run_writes_the_same_bytes(frames, tmp_path):
    paths = build.write_tables(frames, tmp_path)
    assert {path.name for path in paths} == {path.name for path in TABLES.iterdir()}
    for path in paths:
        assert sha256(path) == sha256(TABLES / path.name), path.name


def test_only_catalogued_columns_and_types_get_into_a_file(frames):
    entry = DATASETS["places"]
    messy = frames["places"].assign(note="left out")[[*reversed(entry.columns), "note"]]
    messy.attrs["when"] = "now"
    table = to_arrow(messy.set_index("name", drop=False), entry)
    assert table.schema.equals(entry.arrow_schema, check_metadata=True)
    assert table.schema.metadata is None


def test_columns_that_do_not_fit_are_all_listed(frames):
    bad = frames["places"].drop(columns="state").assign(population="many", lat="north")
    with pytest.raises(BuildError) as caught:
        to_arrow(bad, DATASETS["places"])
    assert [problem.split(":")[1] for problem in caught.value.problems] == [
        " column state is missing",
        " column lat",
        " column population",
    ]


def test_nothing_is_written_when_anything_is_wrong(frames, tmp_path):
    spoilt = {name: frame for name, frame in frames.items() if name != "places"}
    spoilt["moon"] = pd.DataFrame()
    spoilt["hospital_denominators"] = frames["hospital_denominators"].assign(hospitals=0)
    spoilt["treatment_centers"] = frames["treatment_centers"].assign(state="ZZ")
    with pytest.raises(BuildError) as caught:
        build.write_tables(spoilt, tmp_path / "out")
    assert caught.value.problems == (
        "moon is not in the catalogue",
        "places was not built",
        "hospital_denominators.hospitals: rule `>= 1` broken in 4 rows, for example row 0 = 0",
        "treatment_centers.state: not in states.state in 228 rows, for example 'ZZ'",
    )
    assert not list((tmp_path / "out").iterdir())


def test_a_failed_build_is_reported_in_words_and_exits_with_2(monkeypatch, capsys, tmp_path):
    def refuse(cache):
        msg = f"npm is not installed: it is needed to fetch the source packages ({cache.name})"
        raise BuildError(msg)

    monkeypatch.setattr(build, "fetch_all", refuse)
    monkeypatch.setattr("sys.argv", ["data.build", "--cache", str(tmp_path / "c")])
    assert build.main() == 2
    assert capsys.readouterr().err == (
        "The tables could not be built:\n"
        "npm is not installed: it is needed to fetch the source packages (c)\n"
    )


def test_the_build_reports_sizes(monkeypatch, capsys, tmp_path, frames):
    monkeypatch.setattr(build, "fetch_all", lambda _cache: None)
    monkeypatch.setattr(build, "build_frames", lambda _cache: frames)
    monkeypatch.setattr("sys.argv", ["data.build", "--out", str(tmp_path)])
    assert build.main() == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(DATASETS) + 2
    assert lines[-1].endswith("MB  together")


def test_datapackage_agrees_with_catalogue_and_files():
    recorded = json.loads((TABLES / "datapackage.json").read_text(encoding="utf-8"))
    assert recorded == json.loads(json.dumps(describe(TABLES)))
    for resource in recorded["resources"]:
        path = TABLES / resource["path"]
        assert resource["hash"] == f"sha256:{sha256(path)}"
        assert resource["bytes"] == path.stat().st_size
        assert resource["licenses"]
        assert resource["sources"]
        assert resource["vintage"]


def test_datapackage_describes_the_columns_that_are_there(frames):
    recorded = json.loads((TABLES / "datapackage.json").read_text(encoding="utf-8"))
    for resource in recorded["resources"]:
        columns = [field["name"] for field in resource["schema"]["fields"]]
        assert columns == list(frames[resource["name"]].columns)
        assert all(field["description"] for field in resource["schema"]["fields"])
        assert set(resource["schema"].get("primaryKey", [])) <= set(columns)


def test_every_source_of_a_table_is_known_and_every_known_source_is_used():
    used = {key for entry in DATASETS.values() for key in entry.sources}
    assert used == set(SOURCES)


def test_the_page_about_data_is_the_catalogue():
    page = PAGE.read_text(encoding="utf-8")
    assert page == markdown()
    assert all(f"(`{name}`)" in page for name in DATASETS)


def test_notice_credits_every_source_with_its_version():
    notice = (PAGE.parent.parent / "NOTICE").read_text(encoding="utf-8")
    packages = [source for source in SOURCES.values() if source.version]
    assert all(f"{source.key} {source.version}" in notice for source in packages)
    assert "© OpenStreetMap contributors" in notice
    for entry in DATASETS.values():
        if entry.licence.name == "ODbL-1.0":
            assert f"data/tables/{entry.file_name}" in notice
