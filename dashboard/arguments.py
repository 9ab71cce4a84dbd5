"""What the command line accepts. Nothing heavy is imported, so that a mistake is told at once."""

import argparse
import math
from pathlib import Path
from typing import Any, Final

from dashboard import share_arguments, site_arguments
from dashboard.command_parser import PROGRAM, Parser
from dashboard.state import DEFAULT, LABELS, WITHIN_MAX, WITHIN_MIN

GROUPINGS: Final = ("state", "county", "cbsa", "hrr", "region")
MOST_SITES: Final = 100
LAST_PORT: Final = 65535


def parser() -> Parser:
    """Build the parser of all commands.

    Returns
    -------
    Parser
        Its result has `command` and the command's own arguments.
    """
    root = Parser(
        prog=PROGRAM,
        description="Who lives too far from advanced cell and gene therapy in the US, without a "
        "browser: the same code, defaults and numbers as the pages.",
    )
    commands = root.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _coverage(commands)
    _trips(commands)
    _nearest(commands)
    _validate(commands)
    site_arguments.add(commands)
    share_arguments.add(commands, _settings)
    _serve(commands)
    return root


def _coverage(commands: Any) -> None:  # noqa: ANN401 - argparse names no public type for it
    command = commands.add_parser(
        "coverage",
        help="how many people live within a travel time or distance",
        description="Count the people within a travel time or distance of a treatment centre. A "
        "place at exactly the threshold is within it.",
    )
    threshold = command.add_mutually_exclusive_group(required=True)
    for unit, what in (("minutes", "travel time"), ("miles", "distance travelled")):
        threshold.add_argument(
            f"--{unit}",
            type=_threshold,
            metavar="N",
            help=f"threshold as {what}, {WITHIN_MIN:g} to {WITHIN_MAX:g}",
        )
    _travel(command)
    _centres(command)
    command.add_argument("--by", choices=GROUPINGS, help="one row for each, instead of the total")
    _json(command)


def _trips(commands: Any) -> None:  # noqa: ANN401 - see _coverage
    command = commands.add_parser(
        "trips",
        help="measure a file of trips",
        description="Add drive_minutes, drive_miles, straight_miles and status (ok, unreachable "
        "or no_data) to a file of trips. Other columns and the order of the rows stay.",
    )
    command.add_argument(
        "file",
        type=Path,
        metavar="FILE.csv",
        help="columns origin_lat, origin_lon, dest_lat, dest_lon in decimal degrees",
    )
    command.add_argument(
        "--out", type=Path, required=True, metavar="FILE.csv", help="file to write"
    )
    _model(command)


def _nearest(commands: Any) -> None:  # noqa: ANN401 - see _coverage
    command = commands.add_parser(
        "nearest",
        help="treatment centres nearest to a ZIP code",
        description="List the treatment centres nearest to a ZIP code, by travel time.",
    )
    command.add_argument("zip", metavar="ZIP", help="ZIP code, or a city such as 'Houston, TX'")
    command.add_argument(
        "--count", type=_count, default=3, metavar="N", help="how many at most (default: 3)"
    )
    _travel(command)
    _centres(command)
    _json(command)


def _validate(commands: Any) -> None:  # noqa: ANN401 - see _coverage
    command = commands.add_parser(
        "validate",
        help="recompute published studies",
        description="Recompute published figures with this code and show the signed error in "
        "points of per cent. A miss is shown as a miss and is no failure of the command.",
    )
    _json(command)


def _serve(commands: Any) -> None:  # noqa: ANN401 - see _coverage
    command = commands.add_parser(
        "serve", help="start the pages", description="Start the pages and print their address."
    )
    command.add_argument(
        "--port", type=_port, metavar="N", help="port (default: the first free one from 8501)"
    )
    command.add_argument(
        "--address",
        default="localhost",
        help="where to listen; 0.0.0.0 lets other machines in (default: localhost)",
    )


def _settings(command: Parser) -> None:
    threshold = command.add_mutually_exclusive_group()
    for unit in ("minutes", "miles"):
        threshold.add_argument(
            f"--{unit}",
            type=_threshold,
            metavar="N",
            help=f"threshold, {WITHIN_MIN:g} to {WITHIN_MAX:g}; default: {DEFAULT.within:g}",
        )
    _travel(command)
    _which(command)


def _travel(command: Parser) -> None:
    _model(command)
    command.add_argument(
        "--ages", choices=tuple(LABELS["ages"]), default=DEFAULT.ages, help=_default("ages")
    )


def _model(command: Parser) -> None:
    command.add_argument(
        "--model", choices=tuple(LABELS["model"]), default=DEFAULT.model, help=_default("model")
    )


def _centres(command: Parser) -> None:
    # No defaults: with --facilities these three must not be given at all.
    _which(command)
    command.add_argument(
        "--facilities",
        type=Path,
        metavar="FILE.csv",
        help="your own facilities (columns lat, lon; if wanted id, name, ages_treated) instead "
        "of the built-in centres",
    )


def _which(command: Parser) -> None:
    command.add_argument("--therapy", choices=tuple(LABELS["therapy"]), help=_default("therapy"))
    command.add_argument("--evidence", choices=tuple(LABELS["evidence"]), help=_default("evidence"))
    command.add_argument(
        "--low-confidence", action="store_true", help="also count rows of low confidence"
    )


def _json(command: Parser) -> None:
    command.add_argument("--json", action="store_true", help="print JSON instead of a table")


def _default(name: str) -> str:
    return f"as on the pages (default: {getattr(DEFAULT, name)})"


def _threshold(text: str) -> float:
    value = _number(text)
    if not WITHIN_MIN <= value <= WITHIN_MAX:
        msg = f"{text!r} is not a number from {WITHIN_MIN:g} to {WITHIN_MAX:g}"
        raise argparse.ArgumentTypeError(msg)
    return value


def _count(text: str) -> int:
    return _whole(text, MOST_SITES)


def _port(text: str) -> int:
    return _whole(text, LAST_PORT)


def _whole(text: str, most: int) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= most:
        return int(text)
    msg = f"{text!r} is not a whole number from 1 to {most}"
    raise argparse.ArgumentTypeError(msg)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
