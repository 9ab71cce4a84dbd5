"""How the command line says what is wrong: one line, and an exit code. Nothing heavy here."""

import argparse
from typing import Any, Final, NoReturn

PROGRAM: Final = "python -m dashboard"
USAGE_ERROR: Final = 2
INTERRUPTED: Final = 130
"""Exit codes."""


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - argparse's own options
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        """Print one line and end with exit code 2."""
        line = " ".join(f"{self.prog}: error: {message}".split())
        self.exit(USAGE_ERROR, f"{line} (see {self.prog} --help)\n")
