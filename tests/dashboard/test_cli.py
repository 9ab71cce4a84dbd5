"""The command line: numbers counted on fingers, the pages' numbers on the real tables, and one clear
line for everything that can be wrong with arguments and files.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard import __main__ as command_line
from dashboard import commands, kept, queries, services, serving
from dashboard.services import cache
from dashboard.state import DEFAULT, LABELS, Selection
from data import load
from data.adapters.user_files import read_facilities
from geo.errors import InputError
from geo.travel import Points, StraightLine

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = [
    "group", "population", "covered", "uncovered", "unreachable", "no_data",
    "share_covered", "share_low", "share_high",
]  # fmt: skip
HOUSTON_TO_AUSTIN = "29.76,-95.37,30.27,-97.74"


def run(*arguments: str) -> int:
    """Exit code of the command line, however it ends."""
    try:
        return command_line.main(arguments)
    except SystemExit as end:
        return int(end.code or 0)


def process(*arguments: str, **options) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "dashboard", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, **options)


@pytest.fixture
def small_country(monkeypatch, areas, centres, tmp_path):
    """The country of conftest.py instead of the committed tables, and an empty folder of travel."""
    monkeypatch.setattr(queries, "load_areas", lambda: areas)
    monkeypatch.setattr(load, "treatment_centers", lambda: centres)
    monkeypatch.setattr(queries, "county_labels", lambda: {"01001": "Adam, AL", "56001": "Eve, WY"})
    read, write = kept.read, kept.write
    monkeypatch.setattr(kept, "read", lambda key, size: read(key, size, tmp_path))
    monkeypatch.setattr(kept, "write", lambda key, found: write(key, found, tmp_path))
    return tmp_path


def rows_of(capsys, *arguments: str) -> list[dict]:
    assert run(*arguments, "--json") == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("small_country")
class TestCoverageCounted:
    """Straight lines at 80 km/h: a degree is 83.4 minutes, or 69.1 miles. See conftest.py."""

    ARGUMENTS = ("coverage", "--minutes", "84", "--model", "straight")

    def test_total(self, capsys):
        (row,) = rows_of(capsys, *self.ARGUMENTS)
        assert list(row) == COLUMNS
        assert row["group"] == "United States"
        # Adults of A and B (0 and 1 degree) and children of B and C (1 and 0 degrees).
        assert row["covered"] == 100 + 200 + 20 + 30
        assert row["population"] == 1100
        assert row["uncovered"] == 1100 - 350
        assert row["unreachable"] == row["no_data"] == 0
        assert row["share_covered"] == pytest.approx(350 / 1100)
        assert row["share_low"] <= row["share_covered"] <= row["share_high"]

    @pytest.mark.parametrize(("ages", "covered"), [("adult", 300), ("pediatric", 50)])
    def test_ages(self, capsys, ages, covered):
        (row,) = rows_of(capsys, *self.ARGUMENTS, "--ages", ages)
        assert row["covered"] == covered

    def test_miles(self, capsys):
        (near,) = rows_of(capsys, "coverage", "--miles", "69", "--model", "straight")
        (far,) = rows_of(capsys, "coverage", "--miles", "69.2", "--model", "straight")
        assert near["covered"] == 100 + 30
        assert far["covered"] == 350

    @pytest.mark.parametrize(
        ("by", "expected"),
        [
            ("state", {"Alabama": 350, "Wyoming": 0}),
            # B has a quarter of its people in 01001: of 200 adults 50, of 20 children 5.
            ("county", {"Adam, AL": 100 + 50 + 5, "01003": 150 + 15 + 30, "Eve, WY": 0}),
            ("cbsa", {"Metro": 100 + 200 + 20, "Outside metro and micro areas": 30}),
            (
                "hrr",
                {"Birmingham, AL": 100, "Dothan, AL": 200 + 20 + 30, "Outside referral regions": 0},
            ),
            ("region", {"South": 350, "West": 0}),
        ],
    )
    def test_groups(self, capsys, by, expected):
        found = rows_of(capsys, *self.ARGUMENTS, "--by", by)
        assert all(list(row) == COLUMNS for row in found)
        assert {row["group"]: row["covered"] for row in found} == expected
        assert sum(row["population"] for row in found) == 1100

    def test_low_confidence_adds_a_centre(self, capsys):
        arguments = ("--low-confidence", "--evidence", "likely")
        (row,) = rows_of(capsys, *self.ARGUMENTS, *arguments)
        assert row["covered"] == 350 + 440

    def test_therapy_takes_only_its_centres(self, capsys):
        (row,) = rows_of(capsys, *self.ARGUMENTS, "--therapy", "gene_therapy")
        assert row["covered"] == 20 + 30  # children only: no adult centre gives it
        assert row["unreachable"] == 1000

    def test_own_facilities_replace_the_centres(self, small_country, capsys, tmp_path):
        own = tmp_path / "own.csv"
        own.write_text("name,lat,lon,ages_treated\nD,0,10,adult\n")
        (row,) = rows_of(capsys, *self.ARGUMENTS, "--facilities", str(own))
        assert row["covered"] == 400
        assert row["unreachable"] == 100  # the children
        assert not list(small_country.glob("*.npz")), "a reader's own file stays off the disk"

    def test_unknown_share_is_null(self, capsys, areas, monkeypatch):
        nowhere = np.full(4, np.nan)
        lost = replace(areas, points=Points(lat=nowhere, lon=nowhere))
        monkeypatch.setattr(queries, "load_areas", lambda: lost)
        (row,) = rows_of(capsys, *self.ARGUMENTS)
        assert row["no_data"] == 1100
        assert row["share_covered"] is row["share_low"] is row["share_high"] is None

    def test_table_says_what_was_counted(self, capsys):
        assert run(*self.ARGUMENTS, "--by", "state") == 0
        shown = capsys.readouterr().out
        assert "People within 84 minutes of a treatment centre" in shown
        assert "Straight line" in shown
        assert f"2 (Any advanced therapy; evidence: {LABELS['evidence'][DEFAULT.evidence]}" in shown
        assert "1 treat adults, 1 children" in shown
        assert "American Community Survey" in shown
        assert "31.8%" not in shown  # the states, not the total
        assert shown.splitlines()[-1].split()[:4] == ["Wyoming", "440", "0", "440"]

    def test_second_run_reads_what_the_first_has_kept(self, capsys, monkeypatch):
        first = rows_of(capsys, *self.ARGUMENTS)
        monkeypatch.setattr(queries, "load_model", lambda name: pytest.fail(f"{name} was loaded"))
        assert rows_of(capsys, *self.ARGUMENTS) == first


class TestSameAsThePages:
    def test_headline(self, capsys):
        (row,) = rows_of(capsys, "coverage", "--minutes", "60")
        page = services.coverage.headline(Selection())
        assert row["covered"] == page.covered
        assert row["population"] == page.population
        assert row["share_low"] == pytest.approx(1 - page.share_beyond_high, abs=1e-12)

    @pytest.mark.parametrize(
        "change",
        [{"therapy": "car_t"}, {"evidence": "documented", "ages": "pediatric"}, {"therapy": "til"}],
    )
    def test_filter_by_search_and_by_the_table_of_ways(self, monkeypatch, change):
        """The page before and after the ways are measured, and the command line: one number."""
        monkeypatch.setattr(kept, "read", lambda *_: None)
        monkeypatch.setattr(kept, "write", lambda *_: None)
        view = Selection(**change)
        searched = services.coverage.headline(view)
        cache.clear()
        services.engine.measure_ways()
        monkeypatch.setattr(queries, "nearest_for", lambda *_: pytest.fail("searched"))
        assert services.coverage.headline(view) == searched
        monkeypatch.undo()
        (row,) = commands.coverage(view, None, None).frame.to_dict("records")
        assert row["covered"] == searched.covered
        assert row["share_low"] == pytest.approx(1 - searched.share_beyond_high, abs=1e-12)

    def test_counties_and_their_order(self, capsys):
        arguments = ("--ages", "adult", "--model", "straight", "--by", "county")
        found = rows_of(capsys, "coverage", "--miles", "50", *arguments)
        view = Selection(within=50, metric="miles", ages="adult", model="straight", by="county")
        page = services.coverage.breakdown(view)
        assert [row["group"] for row in found] == list(page["label"])
        assert [row["covered"] for row in found] == list(page["covered"])
        assert len({row["group"] for row in found}) == len(found) > 3000

    @pytest.mark.parametrize("by", ["state", "cbsa", "hrr", "region"])
    def test_groups_add_up_and_are_sorted(self, capsys, by):
        arguments = ("coverage", "--minutes", "60", "--model", "detour")
        (whole,) = rows_of(capsys, *arguments)
        parts = rows_of(capsys, *arguments, "--by", by)
        for name in ("population", "covered", "uncovered", "unreachable", "no_data"):
            assert sum(row[name] for row in parts) == whole[name]
        groups = [row["group"] for row in parts]
        assert groups == sorted(set(groups))
        assert {"state": "Puerto Rico", "region": "Puerto Rico"}.get(by, groups[0]) in groups

    def test_travel_is_shared_with_the_pages(self, monkeypatch):
        asked = []
        key_of = kept.key_of
        monkeypatch.setattr(kept, "key_of", lambda *parts: asked.append(parts) or key_of(*parts))
        view = Selection(model="straight", ages="pediatric", therapy="til", evidence="any")
        services.coverage.headline(view)
        commands.coverage(view, None, None)
        assert len(asked) == 2
        assert asked[0] == asked[1]

    def test_own_facilities(self, capsys, tmp_path):
        own = tmp_path / "own.csv"
        own.write_text("id,name,lat,lon\nH1,Havre,48.55,-109.68\n")
        arguments = ("--model", "straight", "--facilities", str(own))
        (row,) = rows_of(capsys, "coverage", "--minutes", "90", *arguments)
        digest = services.engine.hold_facilities(read_facilities(own))
        page = services.coverage.headline(Selection(within=90, model="straight", facilities=digest))
        assert row["covered"] == page.covered > 0

    def test_nearest(self, capsys):
        found = rows_of(capsys, "nearest", "59901", "--count", "3")
        page = services.maps.nearest(Selection(near="59901")).treatment
        assert [row["id"] for row in found] == list(page["id"])
        assert [row["minutes"] for row in found] == pytest.approx(page["minutes"], abs=0.05)
        assert found[0]["minutes"] <= found[1]["minutes"] <= found[2]["minutes"]

    def test_validate(self, capsys):
        found = pd.DataFrame(rows_of(capsys, "validate"))
        page = services.trust.studies()
        assert list(found["row_id"]) == list(page["row_id"])
        assert list(found["verdict"]) == list(page["verdict"])
        errors = found["error_points"].astype(float)
        np.testing.assert_allclose(errors, page["error_points"].to_numpy(dtype=float))
        shares = 100 * (found["computed"] - found["published"]).astype(float)
        np.testing.assert_allclose(errors, shares)
        assert run("validate") == 0
        table = capsys.readouterr().out
        assert f"{errors[0]:+.1f} points" in table
        assert "published figures" in table.splitlines()[-1]


class TestNearest:
    def test_table(self, capsys):
        assert run("nearest", "77030", "--count", "2", "--model", "straight") == 0
        lines = capsys.readouterr().out.splitlines()
        assert "nearest to ZIP 77030, Houston, TX (straight line)" in lines[0]
        assert len(lines) == 2 + 1 + 2

    def test_count_and_ages(self, capsys):
        found = rows_of(
            capsys, "nearest", "77030", "--count", "7", "--ages", "pediatric", "--model", "detour"
        )
        assert len(found) == 7
        assert all(row["treats_children"] for row in found)

    def test_own_facilities_without_a_city(self, capsys, tmp_path):
        own = tmp_path / "own.csv"
        own.write_text("lat,lon\n29.7,-95.4\n")
        arguments = ("nearest", "77030", "--facilities", str(own), "--model", "straight")
        (row,) = rows_of(capsys, *arguments)
        assert row["id"] == "U001"
        assert row["city"] is row["evidence"] is None
        assert run(*arguments) == 0
        assert "U001" in capsys.readouterr().out

    def test_nothing_can_be_reached(self, capsys):
        assert run("nearest", "00901", "--therapy", "til", "--evidence", "documented") == 0
        assert "no centre that fits can be reached" in capsys.readouterr().out

    def test_zip_without_residents_names_neighbours(self, capsys):
        assert run("nearest", "77002-1234", "--model", "straight") == 0
        capsys.readouterr()
        assert run("nearest", "77999") == 2
        error = capsys.readouterr().err
        assert "No one lives in a ZIP area 77999" in error
        assert "Similar: ZIP 7" in error
        assert error.count("\n") == 1


class TestTrips:
    def test_adds_columns_and_keeps_the_rest(self, tmp_path, capsys):
        source, out = tmp_path / "in.csv", tmp_path / "out.csv"
        source.write_text(
            "note,origin_lat,origin_lon,dest_lat,dest_lon,code\n"
            f'"b, c",{HOUSTON_TO_AUSTIN},007\n'
            ",,,30.27,-97.74,008\n"
            "bush,60.79,-161.75,61.2,-149.9,009\n"
        )
        assert run("trips", str(source), "--out", str(out)) == 0
        assert "3 trips written" in capsys.readouterr().out
        found = pd.read_csv(out, dtype={"code": str})
        assert list(found.columns) == [
            "note", "origin_lat", "origin_lon", "dest_lat", "dest_lon", "code", *commands.TRIP_COLUMNS
        ]  # fmt: skip
        assert list(found["code"]) == ["007", "008", "009"]
        assert found["note"][0] == "b, c"
        assert list(found["status"]) == ["ok", "no_data", "unreachable"]
        assert 140 < found["straight_miles"][0] < found["drive_miles"][0] < 190
        assert 130 < found["drive_minutes"][0] < 210
        assert found[["drive_minutes", "drive_miles"]][1:].isna().all(axis=None)
        assert found["straight_miles"][2] > 300
        assert [path.name for path in tmp_path.iterdir() if ".partial" in path.name] == []

    def test_models_are_those_of_geo(self, tmp_path):
        source, out = tmp_path / "in.csv", tmp_path / "out.csv"
        source.write_text(f"origin_lat,origin_lon,dest_lat,dest_lon\n{HOUSTON_TO_AUSTIN}\n")
        assert run("trips", str(source), "--out", str(out), "--model", "straight") == 0
        found = pd.read_csv(out).iloc[0]
        assert found["drive_miles"] == found["straight_miles"]
        minutes = found["straight_miles"] * 1.609344 / StraightLine().speed_kmh * 60
        assert found["drive_minutes"] == pytest.approx(minutes, abs=0.01)

    def test_mode_and_link_of_an_existing_file_stay(self, tmp_path):
        source, real, link = tmp_path / "in.csv", tmp_path / "real.csv", tmp_path / "link.csv"
        source.write_text(f"origin_lat,origin_lon,dest_lat,dest_lon\n{HOUSTON_TO_AUSTIN}\n")
        real.write_text("old")
        real.chmod(0o640)
        link.symlink_to(real)
        assert run("trips", str(source), "--out", str(link), "--model", "straight") == 0
        assert link.is_symlink()
        assert "drive_minutes" in real.read_text()
        assert real.stat().st_mode & 0o777 == 0o640

    def test_failing_leaves_the_old_file(self, tmp_path, monkeypatch, capsys):
        source, out = tmp_path / "in.csv", tmp_path / "out.csv"
        source.write_text(f"origin_lat,origin_lon,dest_lat,dest_lon\n{HOUSTON_TO_AUSTIN}\n")
        out.write_text("old")

        def full(*_, **__):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "write_text", full)
        assert run("trips", str(source), "--out", str(out), "--model", "straight") == 2
        assert out.read_text() == "old"
        assert "No space left on device" in capsys.readouterr().err
        assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]

    def test_pipe_as_output(self, tmp_path):
        source = tmp_path / "in.csv"
        source.write_text(f"origin_lat,origin_lon,dest_lat,dest_lon\n{HOUSTON_TO_AUSTIN}\n")
        done = process("trips", str(source), "--out", "/dev/stdout", "--model", "straight")
        assert done.returncode == 0
        assert done.stdout.splitlines()[0].endswith("straight_miles,status")
        assert len(done.stdout.splitlines()) == 2


FILES = {
    "missing": (None, "cannot be read: No such file"),
    "empty": (b"", "the file is empty"),
    "binary": (b"\x00\x01\x02\xff" * 40, "the file is no text"),
    "no columns": (b"a,b\n1,2\n", "is missing"),
    "text": (b"origin_lat,origin_lon,dest_lat,dest_lon,lat,lon\nx,1,1,1,x,1\n", "not a number"),
    "range": (b"origin_lat,origin_lon,dest_lat,dest_lon,lat,lon\n91,1,1,1,91,1\n", "outside -90"),
    "header only": (b"origin_lat,origin_lon,dest_lat,dest_lon,lat,lon\n", "but no rows"),
}


class TestOneClearLine:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ((), "required: COMMAND"),
            (("coverage",), "--minutes --miles is required"),
            (("coverage", "--minutes", "60", "--miles", "60"), "not allowed with"),
            (("coverage", "--minutes", "0.9"), "'0.9' is not a number from 1 to 300"),
            (("coverage", "--minutes", "300.1"), "not a number from 1 to 300"),
            (("coverage", "--miles", "nan"), "not a number from 1 to 300"),
            (("coverage", "--miles", "sixty"), "not a number from 1 to 300"),
            (("coverage", "--minutes", "60", "--by", "zip"), "invalid choice: 'zip'"),
            (("coverage", "--minutes", "60", "--model", "air"), "invalid choice: 'air'"),
            (("coverage", "--minutes", "60", "--ages", "old"), "invalid choice: 'old'"),
            (("coverage", "--minutes", "60", "--what"), "unrecognized arguments: --what"),
            (("fly",), "invalid choice: 'fly'"),
            (("nearest",), "required: ZIP"),
            (("nearest", "7703"), "is not a ZIP code"),
            (("nearest", "Xyzzyville\nTX"), "Nothing called"),
            (("nearest", "77030", "--count", "0"), "not a whole number from 1 to 100"),
            (("nearest", "77030", "--count", "²"), "not a whole number from 1 to 100"),
            (("trips", "in.csv"), "required: --out"),
            (("serve", "--port", "65536"), "not a whole number from 1 to 65535"),
            (
                ("coverage", "--minutes", "60", "--facilities", "x.csv", "--therapy", "til"),
                "leave them out with --facilities",
            ),
        ],
    )
    def test_arguments(self, capsys, arguments, said):
        assert run(*arguments) == 2
        shown = capsys.readouterr()
        assert said in shown.err
        assert shown.err.count("\n") == 1
        assert shown.out == ""

    @pytest.mark.parametrize("content", FILES, ids=str)
    @pytest.mark.parametrize("command", ["trips", "coverage", "nearest"])
    def test_files(self, capsys, tmp_path, command, content):
        path, out = tmp_path / "in.csv", tmp_path / "out.csv"
        body, said = FILES[content]
        if body is not None:
            path.write_bytes(body)
        arguments = {
            "trips": ("trips", str(path), "--out", str(out)),
            "coverage": ("coverage", "--minutes", "60", "--facilities", str(path)),
            "nearest": ("nearest", "77030", "--facilities", str(path)),
        }[command]
        assert run(*arguments) == 2
        shown = capsys.readouterr()
        assert said in shown.err
        assert str(path) in shown.err
        assert shown.err.count("\n") == 1
        assert not out.exists()

    def test_folder_as_input(self, capsys, tmp_path):
        assert run("trips", str(tmp_path), "--out", str(tmp_path / "out.csv")) == 2
        assert "Is a directory" in capsys.readouterr().err

    def test_every_problem_of_a_file_in_one_line(self, capsys, tmp_path):
        path = tmp_path / "in.csv"
        path.write_text("lat,lon\n" + "x,y\n" * 50)
        assert run("coverage", "--minutes", "60", "--facilities", str(path)) == 2
        error = capsys.readouterr().err
        assert "row 2: lat is 'x', not a number; row 3:" in error
        assert error.endswith("; and 80 more\n")

    @pytest.mark.parametrize(
        ("out", "said"),
        [
            ("in.csv", "is the input itself"),
            ("link.csv", "is the input itself"),
            ("folder", "is a folder"),
            ("none/out.csv", "there is no folder"),
        ],
    )
    def test_output(self, capsys, tmp_path, out, said):
        source = tmp_path / "in.csv"
        source.write_text("origin_lat,origin_lon,dest_lat,dest_lon\n1,1,1,1\n")
        (tmp_path / "folder").mkdir()
        (tmp_path / "link.csv").symlink_to(source)
        assert run("trips", str(source), "--out", str(tmp_path / out)) == 2
        assert said in capsys.readouterr().err
        assert source.read_text().endswith("1,1,1,1\n")

    def test_result_columns_are_not_overwritten(self, capsys, tmp_path):
        source = tmp_path / "in.csv"
        source.write_text("origin_lat,origin_lon,dest_lat,dest_lon,status\n1,1,1,1,mine\n")
        assert run("trips", str(source), "--out", str(tmp_path / "out.csv")) == 2
        assert "already has a column status" in capsys.readouterr().err


class TestProcess:
    def test_help_and_mistakes_import_nothing_heavy(self):
        check = (
            "import sys, dashboard.__main__ as m\n"
            "try: m.main(['coverage'])\n"
            "except SystemExit: pass\n"
            "print(sorted({'numpy', 'pandas', 'streamlit'} & set(sys.modules)))"
        )
        done = subprocess.run(
            [sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert done.stdout == "[]\n"

    @pytest.mark.parametrize(
        "arguments",
        [
            ["coverage", "--minutes", "60"],
            ["nearest", "77030", "--model", "straight"],
            ["validate"],
        ],
        ids=lambda words: words[0],
    )
    def test_no_interface_library_is_imported(self, arguments):
        check = (
            "import sys, dashboard.__main__ as m\n"
            f"code = m.main({arguments!r})\n"
            "heavy = {'streamlit', 'plotly', 'folium', 'branca', 'altair', 'matplotlib'}\n"
            "print(code, sorted(heavy & set(sys.modules)))"
        )
        done = subprocess.run(
            [sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert done.stdout.splitlines()[-1] == "0 []"

    def test_reader_that_stops_reading(self):
        reading, writing = os.pipe()
        os.close(reading)
        command = [sys.executable, "-m", "dashboard", "coverage", "--minutes", "60"]
        with os.fdopen(writing, "w") as closed:
            done = subprocess.run(
                command, cwd=ROOT, stdout=closed, stderr=subprocess.PIPE, check=False
            )
        assert (done.returncode, done.stderr) == (141, b"")

    def test_output_that_is_full(self):
        command = [sys.executable, "-m", "dashboard", "coverage", "--minutes", "60"]
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False
            )
        assert done.returncode == 2
        assert done.stderr == (
            "python -m dashboard: error: the output cannot be written: No space left on device\n"
        )

    def test_names_survive_a_terminal_without_unicode(self):
        done = process(
            "coverage", "--minutes", "60", "--by", "cbsa", env=os.environ | {"PYTHONIOENCODING": "ascii"}
        )  # fmt: skip
        assert done.returncode == 0
        assert "Mayag?ez" in done.stdout

    def test_interrupt_is_quiet(self, capsys, monkeypatch):
        def interrupted(*_):
            raise KeyboardInterrupt

        monkeypatch.setattr(commands, "coverage", interrupted)
        assert run("coverage", "--minutes", "60") == 130
        assert capsys.readouterr() == ("", "")


class TestServe:
    @pytest.mark.usefixtures("heard")
    def test_starts_answers_and_stops(self):
        with closing(socket.socket()) as trial:
            trial.bind(("localhost", 0))
            port = trial.getsockname()[1]
        command = [sys.executable, "-m", "dashboard", "serve", "--port", str(port)]
        server = subprocess.Popen(
            command, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        try:
            self.wait_until_healthy(server, port)
            server.send_signal(signal.SIGINT)
            printed, _ = server.communicate(timeout=60)
        finally:
            server.kill()
            server.wait()
        assert f"http://localhost:{port}" in printed
        assert "Traceback" not in printed
        assert server.returncode == 130

    @staticmethod
    def wait_until_healthy(server: subprocess.Popen, port: int) -> None:
        for _ in range(600):
            assert server.poll() is None, server.stdout.read()
            try:
                with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        pytest.fail("the server did not answer")

    def test_port_that_is_taken(self, capsys):
        with closing(socket.create_server(("127.0.0.1", 0))) as holder:
            port = holder.getsockname()[1]
            assert run("serve", "--address", "127.0.0.1", "--port", str(port)) == 2
            assert f"port {port} is in use" in capsys.readouterr().err
            assert serving.free_port("127.0.0.1", range(port, port + 20)) > port

    def test_all_ports_taken(self):
        with closing(socket.create_server(("127.0.0.1", 0))) as holder:
            port = holder.getsockname()[1]
            with pytest.raises(InputError, match=f"port {port} is in use"):
                serving.free_port("127.0.0.1", range(port, port + 1))

    def test_address_of_another_machine(self):
        with pytest.raises(InputError, match=r"cannot listen on 192\.0\.2\.1"):
            serving.free_port("192.0.2.1", [8501])
