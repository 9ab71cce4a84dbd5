"""The Atlas without a browser: ``python -m dashboard coverage --minutes 60``.

Exit codes: 0 done; 1 where no plan of sites follows the rules; 2 with one line on standard error
when arguments or files cannot be used; 130 when interrupted; 141 when the reader of the output has
gone.
"""

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from dashboard import site_arguments
from dashboard.arguments import parser
from dashboard.command_parser import INTERRUPTED, PROGRAM, USAGE_ERROR
from dashboard.state import DEFAULT, Selection
from geo.errors import AtlasError

Printed = tuple[str, int]
"""What a command prints, and its exit code."""
PIPE_CLOSED: Final = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer one question.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the process by default.

    Returns
    -------
    int
        Exit code.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal without Unicode shows "?"
            stream.reconfigure(errors="replace")
    try:
        given = parser().parse_args(arguments)
        printed, code = COMMANDS[given.command](given)
        if printed:
            print(printed)
        if sys.stdout is not None:  # None when the caller has closed it
            sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return PIPE_CLOSED
    except AtlasError as error:
        return _refuse("; ".join(getattr(error, "problems", None) or (str(error),)))
    except OSError as error:
        _drop_output()
        where = f"{error.filename}: " if error.filename else "the output cannot be written: "
        return _refuse(f"{where}{error.strerror}")
    return code


def _coverage(given: argparse.Namespace) -> Printed:
    selection = _selection(given)
    from dashboard import commands, console  # noqa: PLC0415 - two seconds that --help need not wait

    answer = commands.coverage(selection, given.facilities, given.by)
    if given.json:
        return console.to_json(answer.frame), 0
    return console.coverage_table(answer, selection, commands.vintage()), 0


def _trips(given: argparse.Namespace) -> Printed:
    from dashboard import commands, console  # noqa: PLC0415 - see _coverage

    measured = commands.trips(given.file, given.out, given.model)
    return (console.trips_summary(measured, given.out) if given.out.is_file() else ""), 0


def _nearest(given: argparse.Namespace) -> Printed:
    selection = _selection(given)
    from dashboard import commands, console  # noqa: PLC0415 - see _coverage

    answer = commands.nearest(given.zip, selection, given.facilities, given.count)
    if given.json:
        return console.to_json(answer.frame), 0
    return console.nearest_table(answer, selection), 0


def _validate(given: argparse.Namespace) -> Printed:
    from dashboard import commands, console  # noqa: PLC0415 - see _coverage

    frame = commands.validate()
    return (console.to_json(frame) if given.json else console.studies_table(frame)), 0


def _site(given: argparse.Namespace) -> Printed:
    request = site_arguments.request_of(given)
    from dashboard import site_command  # noqa: PLC0415 - see _coverage

    return site_command.run(request)


def _brief(given: argparse.Namespace) -> Printed:
    selection = _selection(given)
    from dashboard import share_commands  # noqa: PLC0415 - see _coverage

    return share_commands.brief(
        selection, given.region, given.situation, given.findings, given.out
    ), 0


def _export(given: argparse.Namespace) -> Printed:
    selection = replace(_selection(given), state=given.state or "")
    from dashboard import share_commands  # noqa: PLC0415 - see _coverage

    if given.list:
        return share_commands.listing(), 0
    return share_commands.export(selection, given.name, given.out), 0


def _serve(given: argparse.Namespace) -> Printed:
    from dashboard import serving  # noqa: PLC0415 - see _coverage

    serving.serve(given.address, given.port)
    return "", 0


COMMANDS: Final[dict[str, Callable[[argparse.Namespace], Printed]]] = {
    "coverage": _coverage,
    "trips": _trips,
    "nearest": _nearest,
    "validate": _validate,
    "site": _site,
    "brief": _brief,
    "export": _export,
    "serve": _serve,
}


def _selection(given: argparse.Namespace) -> Selection:
    """Turn arguments into the selection of a page; what is not given has the page's default."""
    built_in = (given.therapy, given.evidence, given.low_confidence or None)
    own = getattr(given, "facilities", None)
    if own is not None and any(built_in):
        msg = (
            "--therapy, --evidence and --low-confidence choose among the built-in centres: leave "
            "them out with --facilities"
        )
        raise AtlasError(msg)
    minutes, miles = getattr(given, "minutes", None), getattr(given, "miles", None)
    return Selection(
        within=minutes or miles or DEFAULT.within,
        metric="miles" if miles else "minutes",
        model=given.model,
        ages=given.ages,
        therapy=given.therapy or DEFAULT.therapy,
        evidence=given.evidence or DEFAULT.evidence,
        low_confidence=given.low_confidence,
        facilities="" if own is None else str(own),
    )


def _refuse(problem: str) -> int:
    with suppress(OSError):
        print(f"{PROGRAM}: error: {' '.join(problem.split())}", file=sys.stderr)
    return USAGE_ERROR


def _drop_output() -> None:
    """Give what is still buffered nowhere to fail when the interpreter ends."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    raise SystemExit(main())
