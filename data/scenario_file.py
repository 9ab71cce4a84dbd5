"""Scenarios as a JSON file, with a schema that says what is in it."""

import json
from collections.abc import Sequence
from typing import Any, Final

from jsonschema import Draft202012Validator

from data.errors import UserFileError
from data.store import DESCRIPTION_CHARS, NAME_CHARS, QUERY_CHARS, Draft, Figure, Scenario

KIND: Final = "bcar-access-atlas/scenarios"
VERSION: Final = 1
MOST: Final = 500
MOST_BYTES: Final = 5_000_000
MOST_PROBLEMS: Final = 20
LONGEST: Final = 160
"""Characters of a problem that quotes the file."""
_DRAFT_TEXTS: Final = ("name", "description", "page", "query", "fingerprint", "headline")

SCHEMA: Final[dict[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": f"urn:{KIND.replace('/', ':')}:{VERSION}",
    "title": "Scenarios of the BCAR Access Atlas",
    "type": "object",
    "required": ["kind", "version", "scenarios"],
    "properties": {
        "kind": {"const": KIND},
        "version": {"const": VERSION},
        "scenarios": {
            "type": "array",
            "maxItems": MOST,
            "items": {
                "type": "object",
                "required": ["name", "page", "query"],
                "properties": {
                    "name": {"type": "string", "minLength": 1, "maxLength": NAME_CHARS},
                    "description": {"type": "string", "maxLength": DESCRIPTION_CHARS},
                    "page": {"type": "string", "pattern": "^[a-z]{0,40}$"},
                    "query": {"type": "string", "maxLength": QUERY_CHARS},
                    "fingerprint": {"type": "string", "maxLength": 128},
                    "headline": {"type": "string", "maxLength": 2_000},
                    "figures": {
                        "type": "array",
                        "maxItems": 40,
                        "items": {
                            "type": "object",
                            "required": ["label", "value"],
                            "properties": {
                                "label": {"type": "string", "maxLength": 200},
                                "value": {"type": "string", "maxLength": 200},
                            },
                        },
                    },
                    "saved": {"type": "string", "maxLength": 40},
                },
            },
        },
    },
}
"""What a file holds; further members are allowed and ignored."""


def written(scenarios: Sequence[Scenario]) -> bytes:
    """Write scenarios as a file; tokens, which open them, are left out."""
    content = {
        "$schema": SCHEMA["$id"],
        "kind": KIND,
        "version": VERSION,
        "scenarios": [
            {name: getattr(one, name) for name in _DRAFT_TEXTS}
            | {
                "figures": [
                    {"label": figure.label, "value": figure.value} for figure in one.figures
                ],
                "saved": one.saved,
            }
            for one in scenarios
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def read(content: bytes) -> list[Draft]:
    """Read a file of scenarios.

    Parameters
    ----------
    content : bytes
        JSON, UTF-8.

    Returns
    -------
    list of Draft
        None of them listed.

    Raises
    ------
    UserFileError
        Lists every problem with the place in the file.
    """
    if len(content) > MOST_BYTES:
        msg = f"The file has {len(content):,} bytes; at most {MOST_BYTES:,} can be read."
        raise UserFileError(msg)
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        msg = "The file is not text in UTF-8."
        raise UserFileError(msg) from None
    except (json.JSONDecodeError, RecursionError) as error:
        where = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        msg = f"The file is not JSON{where}."
        raise UserFileError(msg) from None
    errors = sorted(
        Draft202012Validator(SCHEMA).iter_errors(found), key=lambda one: list(map(str, one.path))
    )
    problems = [f"{_place(error.absolute_path)}: {_words(error)}." for error in errors]
    drafts = []
    if not problems:
        for i, one in enumerate(found["scenarios"], start=1):
            figures = tuple(Figure(f["label"], f["value"]) for f in one.get("figures", ()))
            texts = {name: one.get(name, "") for name in _DRAFT_TEXTS}
            try:
                drafts.append(Draft(**texts, figures=figures).checked())
            except UserFileError:
                raise
            except ValueError as error:
                problems += [f"Scenario {i}: {line}" for line in str(error).splitlines()]
    if problems:
        more = len(problems) - MOST_PROBLEMS
        rest = [f"And {more} more."] if more > 0 else []
        raise UserFileError([*problems[:MOST_PROBLEMS], *rest])
    return drafts


def _place(path: Sequence[str | int]) -> str:
    parts = list(path)
    if len(parts) > 1 and parts[0] == "scenarios":
        rest = ".".join(str(part) for part in parts[2:])
        return f"Scenario {int(parts[1]) + 1}" + (f", {rest}" if rest else "")
    return ".".join(str(part) for part in parts) or "The file"


def _words(error: Any) -> str:  # noqa: ANN401 - jsonschema has no annotations
    if error.validator == "const":
        return f"must be {error.validator_value!r}"
    if error.validator == "pattern":
        return "is not the name of a page"
    message = str(error.message)
    if len(message) <= LONGEST:
        return message
    return f"breaks the rule {error.validator} = {error.validator_value}"
