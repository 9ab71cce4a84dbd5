"""Keeps the examples of the README real: ``make examples``.

Every fenced block of the README whose first line is ``$ .venv/bin/python -m dashboard ...`` gets
the lines that this command prints now. `tests/test_repository.py` fails while they differ.
"""

import contextlib
import io
import re
import shlex
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(
    r"^```text\n\$ \.venv/bin/python -m dashboard (?P<arguments>.+)\n(?P<shown>(?:.*\n)*?)```$",
    flags=re.MULTILINE,
)


def refreshed(text: str) -> str:
    """Return the README with the output of its commands as it is now."""
    return BLOCK.sub(_run, text)


def _run(block: re.Match[str]) -> str:
    from dashboard.__main__ import main  # noqa: PLC0415 - the path is set below

    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = main(shlex.split(block["arguments"]))
    if code:
        msg = f"the example `{block['arguments']}` of the README ends with {code}"
        raise SystemExit(msg)
    command = f"$ .venv/bin/python -m dashboard {block['arguments']}"
    return f"```text\n{command}\n{printed.getvalue()}```"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    README.write_text(refreshed(README.read_text(encoding="utf-8")), encoding="utf-8")
