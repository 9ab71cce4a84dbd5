"""Saved scenarios in a database: SQLite by default, PostgreSQL by an address (docs/adr/0019).

Nothing is overwritten. A scenario is a row that never changes and a list of revisions; saving
appends one, deleting appends one that says so. The number of the revision that a reader saw is part
of every save, so that of two saves at once one wins and the other is told, with nothing lost.
"""

import hashlib
import hmac
import json
import os
import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from data.errors import DataError

ADDRESS: Final = "ATLAS_DATABASE_URL"
"""Environment variable with the address of the database."""
DEFAULT_FILE: Final = Path(__file__).resolve().parent.parent / "var" / "scenarios.sqlite"
NAME_CHARS: Final = 120
DESCRIPTION_CHARS: Final = 4_000
QUERY_CHARS: Final = 16_000
TOKEN_BYTES: Final = 18
"""144 bits: a link cannot be guessed."""
BUSY_SECONDS: Final = 15
_KEY_OF_NOBODY: Final = "0" * 64


class StoreError(DataError):
    """The database cannot be used; the message says what to do."""


class ScenarioMissingError(DataError):
    """There is no scenario of this token, or it has been deleted."""


class NotEditableError(DataError):
    """The scenario may be opened with this link, but not changed."""


class ConflictError(DataError):
    """Somebody else saved in between; `present` is what they saved.

    Parameters
    ----------
    present : Scenario
        The latest revision.
    """

    def __init__(self, present: "Scenario") -> None:
        self.present = present
        super().__init__(
            f"“{present.name}” was saved by somebody else at {present.saved[:16]} UTC, after you "
            "opened it. Nothing is lost: save yours as a new scenario, or reload theirs."
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a snapshot.

    Parameters
    ----------
    label, value : str
        In words, with its unit.
    """

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reader saves.

    Parameters
    ----------
    name : str
        1 to 120 characters on one line.
    description : str
        At most 4,000 characters.
    page : str
        Path of the page, such as "planner".
    query : str
        Its settings, without "?".
    fingerprint : str
        Of the tables when it was saved.
    headline : str
        Finding at that time.
    figures : tuple of Figure
        Numbers at that time.
    listed : bool
        Whether everybody who uses this Atlas finds it in the list.
    """

    name: str
    description: str = ""
    page: str = ""
    query: str = ""
    fingerprint: str = ""
    headline: str = ""
    figures: tuple[Figure, ...] = ()
    listed: bool = False

    def checked(self) -> "Draft":
        """Give the same with spaces trimmed; raises DataError listing every problem."""
        name = " ".join(self.name.split(" ")).strip()
        description = self.description.replace("\r\n", "\n").strip()
        problems = []
        if not name:
            problems.append("A scenario needs a name.")
        for what, text, most, lines in (
            ("name", name, NAME_CHARS, False),
            ("description", description, DESCRIPTION_CHARS, True),
            ("settings", self.query, QUERY_CHARS, False),
        ):
            if len(text) > most:
                problems.append(f"The {what} has {len(text):,} characters; at most {most:,} fit.")
            if bad := _unwritable(text, lines=lines):
                problems.append(f"The {what} has characters that cannot be written: {bad}.")
        if problems:
            raise DataError(problems)
        return replace(self, name=name, description=description)


@dataclass(frozen=True, slots=True)
class Scenario(Draft):
    """A saved scenario.

    Parameters
    ----------
    token : str
        Opens it; cannot be guessed.
    revision : int
        1 for the first.
    created, saved : str
        When it was made and last saved, UTC, ISO 8601.
    parent : str
        Token of the scenario it was forked from; "" for none.
    """

    token: str = ""
    revision: int = 0
    created: str = ""
    saved: str = ""
    parent: str = ""


_METADATA: Final = sa.MetaData()
_SCENARIO: Final = sa.Table(
    "scenario",
    _METADATA,
    sa.Column("token", sa.String(64), primary_key=True),
    sa.Column("edit_hash", sa.String(64), nullable=False),
    sa.Column("parent", sa.String(64), nullable=False, default=""),
    sa.Column("created", sa.String(40), nullable=False),
)
_REVISION: Final = sa.Table(
    "scenario_revision",
    _METADATA,
    sa.Column("token", sa.ForeignKey("scenario.token"), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("page", sa.Text, nullable=False),
    sa.Column("query", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("headline", sa.Text, nullable=False),
    sa.Column("figures", sa.Text, nullable=False),
    sa.Column("listed", sa.Boolean, nullable=False),
    sa.Column("deleted", sa.Boolean, nullable=False),
    sa.Column("saved", sa.String(40), nullable=False),
)


class Store:
    """Scenarios of one database.

    Parameters
    ----------
    address : str
        As SQLAlchemy writes it: ``sqlite:////path/file``, ``postgresql://user@host/name``.

    Raises
    ------
    StoreError
        The address cannot be read, or the database cannot be reached.
    """

    def __init__(self, address: str) -> None:
        with _reported():
            self._engine = _engine(address)
            _create(self._engine)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def create(self, draft: Draft, *, parent: str = "") -> tuple[Scenario, str]:
        """Save a new scenario.

        Parameters
        ----------
        draft : Draft
            What to save.
        parent : str, optional
            Token of the scenario it was forked from.

        Returns
        -------
        Scenario
        str
            Key with which it can be changed; kept nowhere but in the link that the reader gets.

        Raises
        ------
        DataError
            Lists what is wrong with the draft.
        StoreError
        """
        draft = draft.checked()
        token, key, now = (
            secrets.token_urlsafe(TOKEN_BYTES),
            secrets.token_urlsafe(TOKEN_BYTES),
            _now(),
        )
        with self._writing() as connection:
            connection.execute(
                _SCENARIO.insert().values(
                    token=token, edit_hash=_hash(key), parent=parent, created=now
                )
            )
            connection.execute(_REVISION.insert().values(_values(token, 1, draft, now)))
        return self.get(token), key

    def get(self, token: str) -> Scenario:
        """Read the latest revision; raises ScenarioMissingError."""
        with self._reading() as connection:
            row = connection.execute(_latest().where(_SCENARIO.c.token == token)).mappings().first()
        if row is None or row["deleted"]:
            raise ScenarioMissingError(_missing(was=row is not None))
        return _scenario(row)

    def revisions(self, token: str) -> list[Scenario]:
        """Read all revisions, the latest first, also those of a deleted scenario."""
        query = _rows().where(_SCENARIO.c.token == token).order_by(_REVISION.c.revision.desc())
        with self._reading() as connection:
            return [_scenario(row) for row in connection.execute(query).mappings()]

    def editable(self, token: str, key: str) -> bool:
        """Whether a key allows to change a scenario."""
        query = sa.select(_SCENARIO.c.edit_hash).where(_SCENARIO.c.token == token)
        with self._reading() as connection:
            kept = connection.execute(query).scalar()
        return hmac.compare_digest(_hash(key), kept or _KEY_OF_NOBODY)

    def save(self, token: str, key: str, revision: int, draft: Draft) -> Scenario:
        """Save a new revision of a scenario.

        Parameters
        ----------
        token, key : str
            From `create`.
        revision : int
            The one the reader has seen.
        draft : Draft
            What to save.

        Returns
        -------
        Scenario
            With the next revision.

        Raises
        ------
        ConflictError
            Somebody saved in between.
        ScenarioMissingError, NotEditableError, DataError, StoreError
        """
        self._append(token, key, revision, draft.checked(), deleted=False)
        return self.get(token)

    def delete(self, token: str, key: str, revision: int) -> None:
        """Delete a scenario; `restore` brings it back. Raises as `save`."""
        self._append(token, key, revision, self.get(token), deleted=True)

    def restore(self, token: str, key: str) -> Scenario:
        """Bring a deleted scenario back; raises as `save`."""
        history = self.revisions(token)
        if not history:
            raise ScenarioMissingError(_missing(was=False))
        self._append(token, key, history[0].revision, history[0], deleted=False)
        return self.get(token)

    def fork(self, token: str, *, name: str = "") -> tuple[Scenario, str]:
        """Save a copy of a scenario as a new one; returns as `create`."""
        original = self.get(token)
        named = name or f"Copy of {original.name}"[:NAME_CHARS]
        return self.create(replace(_draft(original), name=named, listed=False), parent=token)

    def listed(self, tokens: Sequence[str] = ()) -> list[Scenario]:
        """Read the scenarios that everybody finds, and some others, the latest saved first."""
        wanted = sa.or_(_REVISION.c.listed, _SCENARIO.c.token.in_(tuple(tokens)))
        query = _latest().where(~_REVISION.c.deleted, wanted).order_by(_REVISION.c.saved.desc())
        with self._reading() as connection:
            return [_scenario(row) for row in connection.execute(query).mappings()]

    def _append(self, token: str, key: str, revision: int, draft: Draft, *, deleted: bool) -> None:
        if not self.editable(token, key):
            self.get(token)  # tells one that is missing from one of somebody else
            msg = "This scenario can be opened and forked with this link, but not changed."
            raise NotEditableError(msg)
        try:
            with self._writing() as connection:
                last = connection.execute(
                    sa.select(sa.func.max(_REVISION.c.revision)).where(_REVISION.c.token == token)
                ).scalar()
                if last == revision:
                    values = _values(token, revision + 1, draft, _now()) | {"deleted": deleted}
                    connection.execute(_REVISION.insert().values(values))
                    return
        except sa.exc.IntegrityError:
            pass  # another process appended the same number between the two statements
        raise ConflictError(self.get(token))

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with _reported(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with _reported(), self._engine.begin() as connection:
            yield connection


def address() -> str:
    """Address of the database: as the environment says, else a file beside the project."""
    return os.environ.get(ADDRESS, "").strip() or f"sqlite:///{DEFAULT_FILE}"


def _engine(address: str) -> Engine:
    try:
        url = sa.make_url(address)
    except sa.exc.ArgumentError:
        msg = f"{ADDRESS} is not the address of a database, such as postgresql://user@host/name."
        raise StoreError(msg) from None
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername == "postgresql+psycopg":
        return sa.create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    if url.get_backend_name() != "sqlite":
        msg = f"{ADDRESS} names {url.get_backend_name()}; use sqlite or postgresql."
        raise StoreError(msg)
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:  # noqa: ANN401 - of the driver
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")

    return engine


def _create(engine: Engine) -> None:
    try:
        _METADATA.create_all(engine)
    except (sa.exc.IntegrityError, sa.exc.OperationalError, sa.exc.ProgrammingError):
        # Two processes can start at once; the second finds what the first has made.
        _METADATA.create_all(engine)


@contextmanager
def _reported() -> Iterator[None]:
    """Say in one sentence what a database does not do."""
    try:
        yield
    except sa.exc.IntegrityError:
        raise
    except (sa.exc.SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        msg = (
            f"The database of scenarios cannot be used: {reason}. Nothing was saved. Check "
            f"{ADDRESS}, or whether its server runs."
        )
        raise StoreError(msg) from error


def _rows() -> sa.Select[Any]:
    columns = [column for column in _REVISION.c if column.name != "token"]
    return sa.select(_SCENARIO.c.token, _SCENARIO.c.parent, _SCENARIO.c.created, *columns).join(
        _REVISION, _REVISION.c.token == _SCENARIO.c.token
    )


def _latest() -> sa.Select[Any]:
    other = _REVISION.alias()
    newest = (
        sa.select(sa.func.max(other.c.revision))
        .where(other.c.token == _SCENARIO.c.token)
        .scalar_subquery()
    )
    return _rows().where(_REVISION.c.revision == newest)


def _values(token: str, revision: int, draft: Draft, now: str) -> dict[str, Any]:
    return {
        "token": token,
        "revision": revision,
        "name": draft.name,
        "description": draft.description,
        "page": draft.page,
        "query": draft.query,
        "fingerprint": draft.fingerprint,
        "headline": draft.headline,
        "figures": json.dumps([asdict(figure) for figure in draft.figures]),
        "listed": draft.listed,
        "deleted": False,
        "saved": now,
    }


def _scenario(row: Any) -> Scenario:  # noqa: ANN401 - a row of the database
    figures = tuple(Figure(**figure) for figure in json.loads(row["figures"]))
    names = set(Scenario.__slots__) | set(Draft.__slots__)
    return Scenario(**{name: row[name] for name in names if name != "figures"}, figures=figures)


def _draft(scenario: Scenario) -> Draft:
    return Draft(**{name: getattr(scenario, name) for name in Draft.__slots__})


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _now() -> str:
    return datetime.now(tz=UTC).isoformat(timespec="microseconds")


def _missing(*, was: bool) -> str:
    if was:
        return "This scenario has been deleted."
    return "There is no scenario with this link. Check that it was copied whole."


def _unwritable(text: str, *, lines: bool) -> str:
    """List the characters that a database or a file cannot hold."""
    allowed = "\n\t" if lines else ""
    bad = {
        f"U+{ord(character):04X}"
        for character in text
        if unicodedata.category(character) in ("Cc", "Cs") and character not in allowed
    }
    return ", ".join(sorted(bad))
