"""What the command `site` accepts; light, so that a mistake is told at once.

Options are read by the readers of the URL, so both know the same words and limits, and all that is
wrong is told at once.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from dashboard import plan_state, state, url_fields
from dashboard.command_parser import PROGRAM, Parser
from dashboard.plan_state import PlanSettings
from dashboard.state import Selection
from geo.errors import InputError
from geo.units import miles_to_km

TIME_LIMIT: Final = 60.0
MOST_SECONDS: Final = 3_600.0
BUILT_IN: Final = ("blood_centers", "communities")
"""Sources of candidates that need no file."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option.

    Parameters
    ----------
    flag, metavar, help : str
        As argparse shows them.
    read : callable
        Turns the texts given into a value; raises ValueError with the end of a sentence.
    many : bool
        May be given several times.
    """

    flag: str
    metavar: str
    help: str
    read: Callable[[list[str]], Any]
    many: bool = False

    @property
    def dest(self) -> str:
        """Attribute of the parsed arguments."""
        return self.flag.removeprefix("--").replace("-", "_")


@dataclass(frozen=True, slots=True)
class SiteRequest:
    """What the command `site` was asked for.

    Parameters
    ----------
    selection : Selection
        Who travels, how, to which centres of today, within what. `facilities` names the file of
        one's own centres.
    plan : PlanSettings
        What is planned. `own_file` names the file of candidates: of one's own sites, or a table
        of hospitals, which is known by its columns.
    candidates_file, facilities : Path or None
        The files.
    time_limit : float
        Seconds.
    json : bool
        JSON instead of a table.
    """

    selection: Selection
    plan: PlanSettings
    candidates_file: Path | None
    facilities: Path | None
    time_limit: float
    json: bool


def _view(key: str) -> Callable[[list[str]], Any]:
    return partial(state.read, key)


def _plan(key: str) -> Callable[[list[str]], Any]:
    return partial(plan_state.read, key)


def _number(least: float, most: float) -> Callable[[list[str]], float]:
    return lambda texts: url_fields.number(url_fields.only(texts), least, most)


def _candidates(texts: list[str]) -> str | Path:
    text = url_fields.only(texts)
    found = url_fields.identifier({name: name for name in BUILT_IN}, text)
    if found is not None:
        return found
    if Path(text).suffix or Path(text).exists():
        return Path(text)
    msg = f"is not one of {', '.join(BUILT_IN)}, nor a file such as FILE.csv"
    raise ValueError(msg)


def _words(key: str) -> str:
    return "|".join(plan_state.LABELS[key])


def _default(name: str, unit: str = "") -> str:
    return f"(default: {url_fields.spoken(getattr(plan_state.DEFAULT, name))}{unit})"


_PLAN_OPTIONS: Final[dict[str, Option]] = {
    "count": Option("--count", "N", f"new sites at most {_default('count')}", _plan("count")),
    "collect_within": Option(
        "--collect-minutes",
        "N",
        f"threshold of collection sites {_default('collect_within')}",
        _plan("collect"),
    ),
    "objective": Option(
        "--objective",
        _words("objective"),
        f"what is best {_default('objective')}",
        _plan("objective"),
    ),
    "site_role": Option(
        "--role", _words("opens"), f"what new sites do {_default('site_role')}", _plan("opens")
    ),
    "budget": Option("--budget", "MILLION", "million USD at most", _plan("budget")),
    "cost_infusion": Option(
        "--cost-infusion",
        "MILLION",
        f"of an infusion site, assumed {_default('cost_infusion')}",
        _plan("cost_infusion"),
    ),
    "cost_collection": Option(
        "--cost-collection",
        "MILLION",
        f"of a collection site, assumed {_default('cost_collection')}",
        _plan("cost_collection"),
    ),
    "cost_both": Option(
        "--cost-both",
        "MILLION",
        f"of a site that does both, assumed {_default('cost_both')}",
        _plan("cost_both"),
    ),
    "capacity": Option(
        "--capacity",
        "PERSONS",
        f"that a new site serves at most {_default('capacity')}",
        _plan("capacity"),
    ),
    "patient_capacity": Option(
        "--patient-capacity",
        "PATIENTS",
        "a year that a new site serves at most, where patients are planned for "
        f"{_default('patient_capacity')}",
        _plan("patient_capacity"),
    ),
    "backup_weight": Option(
        "--backup-weight",
        "SHARE",
        f"worth of a second site within the threshold {_default('backup_weight')}",
        _plan("backup"),
    ),
    "rural": Option(
        "--rural-weight",
        "N",
        f"what a person in a rural area counts {_default('rural')}",
        _plan("rural"),
    ),
    "low_income": Option(
        "--low-income-weight",
        "N",
        f"what a person below the poverty line counts {_default('low_income')}",
        _plan("low_income"),
    ),
    "no_vehicle": Option(
        "--no-vehicle-weight",
        "N",
        f"what a person in a household without a vehicle counts {_default('no_vehicle')}",
        _plan("no_vehicle"),
    ),
    "worst_by": Option(
        "--worst-by",
        _words("worst_by"),
        f"groups of the objective worst-off {_default('worst_by')}",
        _plan("worst_by"),
    ),
    "demand": Option(
        "--demand", _words("demand"), f"what is counted {_default('demand')}", _plan("demand")
    ),
    "indications": Option(
        "--indication",
        "NAME",
        f"patients of these diseases only, of {', '.join(plan_state.INDICATIONS)}",
        _plan("indications"),
        many=True,
    ),
    "one_per": Option(
        "--one-per",
        _words("one_per"),
        f"one new site in each {_default('one_per')}",
        _plan("one_per"),
    ),
    "keep_in": Option("--force-in", "ID", "candidate to be opened", _plan("in"), many=True),
    "keep_out": Option("--force-out", "ID", "candidate not to be opened", _plan("out"), many=True),
    "size": Option(
        "--smallest",
        "PERSONS",
        "fewest people of a candidate's metro area, or of its county outside",
        _plan("size"),
    ),
    "county_people": Option(
        "--counties", "PERSONS", "communities: also counties of so many people", _plan("counties")
    ),
    "from_role": Option(
        "--from-role", _words("from_role"), "blood centres of this role", _plan("from_role")
    ),
    "from_network": Option(
        "--from-network", "NAME", "blood centres of this network", _plan("from_network")
    ),
}
_VIEW_OPTIONS: Final[dict[str, Option]] = {
    name: Option(
        f"--{name}",
        "|".join(state.LABELS[name]),
        f"as on the pages (default: {getattr(state.DEFAULT, name)})",
        _view(name),
    )
    for name in ("model", "ages", "therapy", "evidence")
}
_OTHERS: Final[dict[str, Option]] = {
    "minutes": Option(
        "--minutes",
        "N",
        f"threshold of infusion as travel time (default: {state.DEFAULT.within:g})",
        _number(state.WITHIN_MIN, state.WITHIN_MAX),
    ),
    "miles": Option(
        "--miles", "N", "threshold of infusion as distance", _number(1, state.WITHIN_MAX)
    ),
    "collect_miles": Option(
        "--collect-miles",
        "N",
        "threshold of collection as distance, with --miles",
        _number(1, state.WITHIN_MAX),
    ),
    "candidates": Option(
        "--candidates",
        "|".join((*BUILT_IN, "FILE.csv")),
        "where sites could be; a file of sites (columns name, lat, lon), or of hospitals from CMS "
        f"or HIFLD {_default('source')}",
        _candidates,
    ),
    "spacing_miles": Option(
        "--spacing-miles",
        "N",
        "new sites stay so far from each other",
        _number(0, plan_state.MOST_SPACING_KM / miles_to_km(1.0)),
    ),
    "state": Option("--state", "XX", "people and candidates of this state only", _view("state")),
    "time_limit": Option(
        "--time-limit",
        "SECONDS",
        f"best plan found after so long (default: {TIME_LIMIT:g})",
        _number(1, MOST_SECONDS),
    ),
}
OPTIONS: Final = _OTHERS | _PLAN_OPTIONS | _VIEW_OPTIONS
"""All options with a value, by the field that they set."""


def add(commands: Any) -> None:  # noqa: ANN401 - argparse names no public type for it
    """Add the command to those of `arguments.parser`.

    Parameters
    ----------
    commands : argparse subparsers
        From `ArgumentParser.add_subparsers`.
    """
    command: Parser = commands.add_parser(
        "site",
        help="where new sites would reach most people",
        description="Find where new sites should open, with proof: how far the plan can be from "
        "the best one.",
    )
    for option in OPTIONS.values():
        # Every option collects what it is given, so that nothing is lost before it is checked.
        command.add_argument(
            option.flag,
            action="append",
            dest=option.dest,
            metavar=option.metavar,
            help=option.help,
        )
    command.add_argument(
        "--low-confidence", action="store_true", help="also count centres of low confidence"
    )
    command.add_argument(
        "--from-low-confidence",
        action="store_true",
        help="also take blood centres of low confidence as candidates",
    )
    command.add_argument(
        "--facilities",
        type=Path,
        metavar="FILE.csv",
        help="your own facilities instead of the built-in centres",
    )
    command.add_argument("--json", action="store_true", help="print JSON instead of a table")


def parse(arguments: list[str]) -> SiteRequest:
    """Read the arguments after `site`; ends the process for an option that does not exist.

    Parameters
    ----------
    arguments : list of str
        Such as ["--count", "20"].

    Returns
    -------
    SiteRequest

    Raises
    ------
    InputError
        As `request_of`.
    """
    root = Parser(prog=PROGRAM)
    add(root.add_subparsers(dest="command"))
    return request_of(root.parse_args(["site", *arguments]))


def request_of(given: argparse.Namespace) -> SiteRequest:
    """Turn parsed arguments into the view and the plan of a page.

    Parameters
    ----------
    given : Namespace
        From a parser with `add`.

    Returns
    -------
    SiteRequest
        What is not given has the page's default.

    Raises
    ------
    InputError
        Lists everything that is wrong.
    """
    values, problems = _values(given)
    _clashes(given, problems)
    source = values.get("candidates", plan_state.DEFAULT.source)
    file = source if isinstance(source, Path) else None
    collects = {"collect_within": values["collect_miles"]} if "collect_miles" in values else {}
    plan = replace(
        plan_state.DEFAULT,
        **({name: values[name] for name in _PLAN_OPTIONS if name in values} | collects),
        source=source if file is None else "file",
        own_file="" if file is None else str(file),
        from_low=given.from_low_confidence,
        where=f"state:{values['state']}" if values.get("state") else "",
        spacing_km=miles_to_km(float(values.get("spacing_miles", 0.0))),
    )
    problems += [conflict.what for conflict in plan_state.checked(plan).conflicts]
    if problems:
        raise InputError(problems)
    miles = values.get("miles")
    selection = replace(
        state.DEFAULT,
        **{name: values[name] for name in _VIEW_OPTIONS if name in values},
        within=miles or values.get("minutes", state.DEFAULT.within),
        metric="miles" if miles else "minutes",
        low_confidence=given.low_confidence,
        state=values.get("state", ""),
        facilities="" if given.facilities is None else str(given.facilities),
    )
    return SiteRequest(
        selection,
        plan,
        file,
        given.facilities,
        float(values.get("time_limit", TIME_LIMIT)),
        given.json,
    )


def _values(given: argparse.Namespace) -> tuple[dict[str, Any], list[str]]:
    """Value of every option that was given, and what is wrong with the others."""
    values: dict[str, Any] = {}
    problems: list[str] = []
    for name, option in OPTIONS.items():
        texts: list[str] | None = getattr(given, option.dest)
        if texts is None:
            continue
        try:
            if not option.many:
                url_fields.only(texts)
            values[name] = option.read(texts)
        except ValueError as error:
            shown = ", ".join(map(repr, texts))
            problems.append(f"argument {option.flag}: {shown} {error}")
    return values, problems


def _clashes(given: argparse.Namespace, problems: list[str]) -> None:
    """Note options that exclude each other."""
    if given.minutes is not None and given.miles is not None:
        problems.append("argument --miles: not allowed with argument --minutes")
    if given.collect_minutes is not None and given.miles is not None:
        problems.append("argument --collect-minutes: with --miles, give --collect-miles")
    if given.collect_miles is not None and given.miles is None:
        problems.append("argument --collect-miles: give the threshold of infusion by --miles too")
    built_in = (given.therapy, given.evidence, given.low_confidence or None)
    if given.facilities is not None and any(option is not None for option in built_in):
        problems.append(
            "--therapy, --evidence and --low-confidence choose among the built-in centres: leave "
            "them out with --facilities"
        )
    from_blood = (given.from_role, given.from_network, given.from_low_confidence or None)
    if any(option is not None for option in from_blood) and given.candidates != ["blood_centers"]:
        problems.append(
            "--from-role, --from-network and --from-low-confidence choose among blood centres: "
            "give them with --candidates blood_centers"
        )
