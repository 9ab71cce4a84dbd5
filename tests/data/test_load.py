import shutil
import stat

import pandas as pd
import pytest

from data import datapackage, load
from data.catalogue import DATASETS
from data.errors import IntegrityError, SchemaError, UnknownDatasetError
from data.fingerprint import fingerprint
from data.load import TABLES
from data.writers import write

NAME = "hospital_denominators"


@pytest.fixture
def folder(tmp_path):
    """A copy of the tables that a test may spoil."""
    copy = tmp_path / "tables"
    shutil.copytree(TABLES, copy)
    return copy


def test_shorthands_load_their_table():
    for name in DATASETS:
        if hasattr(load, name):
            pd.testing.assert_frame_equal(getattr(load, name)(), load.load(name))
    assert load.counties().crs.to_epsg() == 4326


def test_changing_a_loaded_table_changes_nobody_elses():
    mine = load.states()
    mine["name"] = "spoilt"
    mine.loc[0, "region"] = "spoilt"
    assert "spoilt" not in set(load.states()["name"]) | set(load.states()["region"])


def test_unknown_table():
    with pytest.raises(
        UnknownDatasetError, match="there is no dataset 'moon'; there are airports, blood_"
    ):
        load.load("moon")


@pytest.mark.usefixtures("unremembered")
def test_altered_bytes_are_refused_and_say_what_to_do(folder):
    path = folder / DATASETS[NAME].file_name
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(IntegrityError, match=r"rebuild with `python -m data\.build`"):
        load.load(NAME, folder)


@pytest.mark.usefixtures("unremembered")
def test_missing_table_and_missing_datapackage(folder):
    (folder / DATASETS[NAME].file_name).unlink()
    with pytest.raises(IntegrityError, match="No such file"):
        load.load(NAME, folder)
    (folder / "datapackage.json").unlink()
    with pytest.raises(IntegrityError, match=r"datapackage\.json cannot be read"):
        load.load("states", folder)


@pytest.mark.usefixtures("unremembered")
def test_a_file_that_is_no_parquet(folder):
    path = folder / DATASETS[NAME].file_name
    path.write_bytes(b"nothing like it")
    datapackage.write_datapackage(folder)
    with pytest.raises(IntegrityError, match="no readable Parquet file"):
        load.load(NAME, folder)


def test_a_table_that_breaks_its_schema_is_refused(folder, unremembered):
    entry = DATASETS[NAME]
    write(load.load(NAME).assign(hospitals=[0, -5, 1, 2]), entry, folder)
    datapackage.write_datapackage(folder)
    with pytest.raises(SchemaError) as caught:
        load.load(NAME, folder)
    assert caught.value.problems == (
        f"{NAME}.hospitals: rule `>= 1` broken in 2 rows, for example row 0 = 0",
    )
    assert len(list(unremembered.iterdir())) == 1  # of the good table, not of this one


@pytest.mark.usefixtures("unremembered")
def test_the_same_bytes_are_validated_once(monkeypatch):
    calls = []
    monkeypatch.setattr(load, "validate", lambda _frame, entry: calls.append(entry.name))
    for _ in range(2):
        load.load(NAME)
        load._load.cache_clear()
    assert calls == [NAME]


def test_a_read_only_disk_only_costs_time(monkeypatch, unremembered):
    parent = unremembered.parent / "locked"
    parent.mkdir()
    parent.chmod(stat.S_IRUSR | stat.S_IXUSR)
    monkeypatch.setattr(load, "VALIDATED", parent / "validated")

    def refuse(*_args, **_kwargs):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(load.tempfile, "mkstemp", refuse)  # root may write anywhere
    assert len(load.load(NAME)) == 4


def test_fingerprint_names_bytes():
    whole, one = fingerprint(), fingerprint(NAME)
    assert len(one) == 12
    assert one == fingerprint(NAME, NAME)
    assert fingerprint("zcta", NAME) == fingerprint(NAME, "zcta")
    assert len({whole, one, fingerprint("zcta"), fingerprint("zcta", NAME)}) == 4
    assert fingerprint(*DATASETS) == whole


def test_fingerprint_changes_with_the_table_and_with_no_other(folder):
    entry = DATASETS[NAME]
    write(load.load(NAME).assign(hospitals=[1, 2, 3, 4]), entry, folder)
    datapackage.write_datapackage(folder)
    assert fingerprint(NAME, folder=folder) != fingerprint(NAME)
    assert fingerprint("zcta", folder=folder) == fingerprint("zcta")


def test_fingerprint_of_an_unknown_or_undescribed_table(folder):
    with pytest.raises(UnknownDatasetError):
        fingerprint("moon")
    (folder / "datapackage.json").write_text('{"resources": []}')
    with pytest.raises(IntegrityError, match="does not describe zcta"):
        fingerprint("zcta", folder=folder)
