"""The consortium's register: read from files that people edit, each mistake named with its line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pandas as pd
import yaml
from jsonschema import Draft202012Validator

from data.content_schemas import SCHEMAS
from data.errors import DataError

FOLDER: Final = Path(__file__).resolve().parent / "content"
MOST_BYTES: Final = 1_000_000
LONGEST: Final = 140


class ContentError(DataError):
    """A file of the register has mistakes; each problem names file and line."""


@dataclass(frozen=True, slots=True, eq=False)
class Register:
    """Everything in `data/content`.

    Parameters
    ----------
    about : dict
        The consortium itself: name, short_name, purpose, meeting_rhythm, source, ...
    members, articles, milestones, related : list of dict
        As in the files.
    developer_path, site_path, policy, families : list of dict
        As in the files.
    meetings, precedents : list of dict
        As in the files, with `lat` and `lon` (EPSG:4326) of their place where they have one.
    rhythm : str
        How often the consortium meets.
    as_of : str
        Of the regulatory path.
    """

    about: dict[str, Any]
    members: list[dict[str, Any]]
    articles: list[dict[str, Any]]
    milestones: list[dict[str, Any]]
    related: list[dict[str, Any]]
    meetings: list[dict[str, Any]]
    rhythm: str
    precedents: list[dict[str, Any]]
    developer_path: list[dict[str, Any]]
    site_path: list[dict[str, Any]]
    policy: list[dict[str, Any]]
    as_of: str
    families: list[dict[str, Any]]


class _Loader(yaml.SafeLoader):
    """YAML without dates: "2025-05" and "2025-05-01" stay the words that were written."""


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:timestamp"]
    for letter, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(folder: Path = FOLDER, *, places: pd.DataFrame) -> Register:
    """Read the register.

    Parameters
    ----------
    folder : Path, optional
        Where the files are.
    places : DataFrame
        name, state, lat, lon of towns, EPSG:4326.

    Returns
    -------
    Register

    Raises
    ------
    ContentError
        Lists every mistake of every file with its line.
    """
    problems: list[str] = []
    found: dict[str, Any] = {}
    for name, schema in SCHEMAS.items():
        content, mistakes = _file(folder / name, schema)
        problems += mistakes
        found[name] = content
    if not problems:
        problems = _placed(found, places, folder)
    if problems:
        raise ContentError(problems)
    consortium, path = found["consortium.yaml"], found["regulatory_path.yaml"]
    return Register(
        about=consortium["consortium"],
        members=consortium["members"],
        articles=consortium["articles"],
        milestones=consortium.get("member_milestones", []),
        related=consortium.get("related_organizations_membership_not_verified", []),
        meetings=found["meetings.yaml"]["meetings"],
        rhythm=found["meetings.yaml"]["rhythm"],
        precedents=found["precedents.yaml"]["precedents"],
        developer_path=path["developer_path"],
        site_path=path["site_path"],
        policy=path["policy_pipeline"],
        as_of=path["as_of"],
        families=found["standards_sops.yaml"]["families"],
    )


def _file(path: Path, schema: Mapping[str, Any]) -> tuple[Any, list[str]]:
    """Read one file; its content, or what is wrong with it."""
    try:
        text = _text(path)
        node = yaml.compose(text, Loader=_Loader)
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 - made from the safe loader
    except ContentError as error:
        return None, [f"{path.name}: {error}."]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        return None, [f"{path.name}, line {line}: {error.problem or error.context}."]
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return None, [f"{path.name}: {str(error).splitlines()[0]}."]
    try:
        problems = _problems(node, content, schema)
    except RecursionError:
        return None, [f"{path.name}: an entry contains itself; write it out instead."]
    return content, [f"{path.name}, line {line}: {words}." for line, words in sorted(problems)]


def _problems(
    node: yaml.Node | None,
    content: Any,  # noqa: ANN401 - of a file
    schema: Mapping[str, Any],
) -> list[tuple[int, str]]:
    """List what is wrong with the content of a file, with lines."""
    problems = _twice(node)
    for error in Draft202012Validator(schema).iter_errors(content):
        where = list(error.absolute_path)
        if error.validator == "additionalProperties":
            extra = [name for name in error.instance if name not in error.schema["properties"]]
            problems += [
                (_line(node, [*where, name]), f"{_where(where)}{name!r} is not known here")
                for name in extra
            ]
        else:
            problems.append((_line(node, where), f"{_where(where)}{_words(error)}"))
    return problems or [*_same_ids(node, content), *_dates(node, content)]


def _text(path: Path) -> str:
    """Read a file; raises ContentError with the end of a sentence."""
    try:
        if path.stat().st_size > MOST_BYTES:
            msg = f"larger than {MOST_BYTES:,} bytes"
            raise ContentError(msg)
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        reason = "the file is missing"
    except UnicodeDecodeError:
        reason = "not text in UTF-8; save it so"
    except OSError as error:
        reason = str(error.strerror)
    raise ContentError(reason)


def _line(node: yaml.Node | None, path: Iterable[str | int]) -> int:
    """Line of what a path leads to, or of the last part of it that is there."""
    line = 1
    for part in (*path, None):
        if node is None:
            break
        line = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            inside = [(key, value) for key, value in node.value if key.value == part]
            if inside:
                line = inside[0][0].start_mark.line + 1
            node = inside[0][1] if inside else None
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
        else:
            node = None
    return line


def _where(path: Iterable[str | int]) -> str:
    parts = [f"{part + 1}" if isinstance(part, int) else part for part in path]
    return f"{' '.join(parts)}: " if parts else ""


def _words(error: Any) -> str:  # noqa: ANN401 - jsonschema's own class
    value = repr(error.instance)
    value = value if len(value) <= LONGEST else f"{value[:LONGEST]}..."
    if error.validator == "pattern":
        hints = {
            "^http": "is not an address that begins with https://",
            r"^\d{4}": 'is not a date such as "2025-05-01", "2025-05" or "2025"',
            "^[^,]": 'is not a place such as "Dallas, TX"',
            "^(national": 'is neither "national" nor the code of a state',
        }
        for start, words in hints.items():
            if str(error.validator_value).startswith(start):
                return f"{value} {words}"
    if error.validator == "enum":
        return f"{value} is not one of {', '.join(map(str, error.validator_value))}"
    return str(error.message)[:400]


def _twice(node: yaml.Node | None) -> list[tuple[int, str]]:
    """Find names that stand twice in one entry; YAML would silently keep the second."""
    found = []
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                found.append((key.start_mark.line + 1, f"{key.value} stands twice in one entry"))
            seen.add(key.value)
            found += _twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            found += _twice(value)
    return found


def _entries(content: Any) -> Iterable[tuple[tuple[str | int, ...], dict[str, Any]]]:  # noqa: ANN401 - of a file
    """Give all entries of all lists at the top of a file with their paths."""
    for name, part in content.items():
        if isinstance(part, list):
            for i, entry in enumerate(part):
                if isinstance(entry, dict):
                    yield (name, i), entry


def _same_ids(node: yaml.Node | None, content: Any) -> list[tuple[int, str]]:  # noqa: ANN401 - of a file
    seen: dict[str, int] = {}
    found = []
    for path, entry in _entries(content):
        if "id" in entry:
            line = _line(node, (*path, "id"))
            if entry["id"] in seen:
                found.append((line, f"id {entry['id']} is that of line {seen[entry['id']]} too"))
            seen.setdefault(entry["id"], line)
    return found


def _dates(node: yaml.Node | None, content: Any) -> list[tuple[int, str]]:  # noqa: ANN401 - of a file
    found = []
    for path, entry in _entries(content):
        for name in ("date", "until", "joined", "launched"):
            text = entry.get(name)
            if text and not _is_date(text):
                found.append(
                    (_line(node, (*path, name)), f"{name} {text} is no day of the calendar")
                )
        if (entry.get("until") or "9") < (entry.get("date") or ""):
            found.append((_line(node, (*path, "until")), "until is before date"))
    return found


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _placed(found: Mapping[str, Any], places: pd.DataFrame, folder: Path) -> list[str]:
    """Write coordinates into the entries with a place; what is no town is a problem."""
    towns = {
        f"{name}, {state}": (float(lat), float(lon))
        for name, state, lat, lon in zip(
            places["name"], places["state"], places["lat"], places["lon"], strict=True
        )
    }
    problems = []
    for file, entries in (
        ("meetings.yaml", found["meetings.yaml"]["meetings"]),
        ("precedents.yaml", found["precedents.yaml"]["precedents"]),
    ):
        for i, entry in enumerate(entries):
            if not entry["place"]:
                continue
            if entry["place"] in towns:
                entry["lat"], entry["lon"] = towns[entry["place"]]
            else:
                text = (folder / file).read_text(encoding="utf-8")
                node = yaml.compose(text, Loader=_Loader)
                line = _line(node, (file.partition(".")[0], i, "place"))
                problems.append(
                    f"{file}, line {line}: {entry['place']} is not in the table of places; "
                    "write a larger town nearby."
                )
    return problems


def exact(entry: Mapping[str, Any]) -> bool:
    """Whether the day of an entry is known.

    >>> exact({"date": "2025-05"}), exact({"date": "2025-05-01"})
    (False, True)
    """
    return len(entry["date"] or "") == len("2025-05-01")


def latest_first(entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Order entries by date, the latest first; those without one last."""
    return sorted(entries, key=lambda entry: entry["date"] or "", reverse=True)
