"""What the commands `brief` and `export` accept. Nothing heavy is imported."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from dashboard.command_parser import Parser
from dashboard.us import STATE_NAMES

BRIEF_KINDS: Final = (".pdf", ".pptx", ".zip")
EXPORT_KINDS: Final = (".csv", ".xlsx", ".geojson", ".parquet")
WHOLE: Final = "US"


def add(commands: Any, settings: Callable[[Parser], None]) -> None:  # noqa: ANN401 - argparse names no public type for it
    """Add both commands.

    Parameters
    ----------
    commands : object
        Of `argparse`.
    settings : callable
        Adds the arguments of a view: threshold, travel model, people, centres.
    """
    brief = commands.add_parser(
        "brief",
        help="write a briefing as PDF, slides or a bundle",
        description="Write a briefing on the nation, a state or a referral region. The ending of "
        "the file says which kind: .pdf, .pptx (charts can be edited) or .zip (all data and "
        "figures).",
    )
    brief.add_argument(
        "--region", default=WHOLE, type=_region, metavar="CODE",
        help="US, a state such as TX, or a hospital referral region such as hrr:226 (default: US)",
    )  # fmt: skip
    brief.add_argument(
        "--with", dest="situation", default="", metavar="LINK",
        help="a plan or scenario to set against today: the link of a planner's page, or the token "
        "of a saved scenario",
    )  # fmt: skip
    brief.add_argument(
        "--findings", default="", metavar="NAMES",
        help="which findings follow the first page, with commas between them (default: all)",
    )  # fmt: skip
    _out(brief, BRIEF_KINDS)
    settings(brief)
    export = commands.add_parser(
        "export",
        help="write any table or layer to a file",
        description="Write a table or layer with its provenance. The ending of the file says "
        "which kind: .csv or .xlsx for tables, .geojson or .parquet (GeoParquet) for layers.",
    )
    export.add_argument("name", nargs="?", metavar="NAME", help="which one; see --list")
    export.add_argument("--list", action="store_true", help="list what there is")
    export.add_argument("--state", type=_state, metavar="CODE", help="such as TX")
    _out(export, EXPORT_KINDS, required=False)
    settings(export)


def _out(command: Parser, kinds: tuple[str, ...], *, required: bool = True) -> None:
    def path(text: str) -> Path:
        found = Path(text)
        if found.suffix.lower() not in kinds:
            msg = f"{text!r} does not end in {', '.join(kinds[:-1])} or {kinds[-1]}"
            raise argparse.ArgumentTypeError(msg)
        return found

    command.add_argument(
        "--out", type=path, required=required, metavar="FILE", help="file to write"
    )


def _region(text: str) -> str:
    kind, _, code = text.partition(":")
    if text.upper() == WHOLE or text.upper() in STATE_NAMES:
        return text.upper()
    if kind.lower() == "hrr" and code.isascii() and code.isdigit():
        return f"hrr:{int(code)}"
    msg = f"{text!r} is neither US, nor a state such as TX, nor a region such as hrr:226"
    raise argparse.ArgumentTypeError(msg)


def _state(text: str) -> str:
    if text.upper() in STATE_NAMES:
        return text.upper()
    msg = f"{text!r} is not the code of a state"
    raise argparse.ArgumentTypeError(msg)
