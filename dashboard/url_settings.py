"""All settings of all pages, read together from one URL (pure).

A page with settings of its own has a module like `plan_state`: a frozen dataclass whose fields
carry their keys, with `DEFAULT`, `KEYS`, `NAMES` and `read`. It is listed in `MODULES`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol, cast

from dashboard import (
    briefing_state,
    comparison_state,
    journey_state,
    journey_view,
    patient_state,
    plan_state,
    register_state,
    state,
    url_fields,
)
from dashboard.state import Selection


class SettingsModule(Protocol):
    """What a module of settings has."""

    DEFAULT: Any
    KEYS: dict[str, str]
    NAMES: dict[str, str]

    def read(
        self, key: str, texts: Sequence[str], known: Mapping[str, Collection[str]] | None = None
    ) -> Any:  # noqa: ANN401 - one value of whichever field
        """Read one setting, or raise ValueError."""


PLAN: Final[SettingsModule] = cast(SettingsModule, plan_state)
PATIENTS: Final[SettingsModule] = cast(SettingsModule, patient_state)
JOURNEY_VIEW: Final[SettingsModule] = cast(SettingsModule, journey_view)
JOURNEYS: Final[SettingsModule] = cast(SettingsModule, journey_state)
COMPARISON: Final[SettingsModule] = cast(SettingsModule, comparison_state)
REGISTER: Final[SettingsModule] = cast(SettingsModule, register_state)
BRIEFING: Final[SettingsModule] = cast(SettingsModule, briefing_state)
MODULES: Final = (PLAN, PATIENTS, JOURNEY_VIEW, JOURNEYS, COMPARISON, REGISTER, BRIEFING)


@dataclass(frozen=True, slots=True)
class ParsedUrl:
    """What a URL said.

    Parameters
    ----------
    selection : Selection
        The view.
    own : url_fields.Written
        Parameters of the settings of all modules, checked.
    problems : tuple of str
        One sentence for each thing that could not be used.
    """

    selection: Selection
    own: url_fields.Written
    problems: tuple[str, ...]

    def query(self) -> url_fields.Written:
        """Parameters as bound widgets read them."""
        return state.labelled_query(self.selection.query()) | self.own


def parse(
    query: url_fields.Query, *, known: Mapping[str, Collection[str]] | None = None
) -> ParsedUrl:
    """Read a URL's parameters; never raises.

    Parameters
    ----------
    query : mapping of str to str or sequence of str
        Parameters as they came, of the view and of all modules.
    known : mapping of str to collection of str, optional
        As in `state.parse`.

    Returns
    -------
    ParsedUrl
    """
    names = {key for module in MODULES for key in module.NAMES}
    view = state.parse(query, known=known, besides=names)
    own: url_fields.Written = {}
    problems = list(view.problems)
    for module in MODULES:
        settings, found = parse_one(module, query, known=known)
        own |= settings.query()
        problems += found
    return ParsedUrl(view.selection, own, tuple(problems))


def parse_one(
    module: SettingsModule,
    query: url_fields.Query,
    *,
    known: Mapping[str, Collection[str]] | None = None,
) -> tuple[Any, tuple[str, ...]]:
    """Read the settings of one module; never raises.

    Parameters
    ----------
    module : module
        One of `MODULES`.
    query : mapping of str to str or sequence of str
        Parameters as they came; keys of others are passed over.
    known : mapping of str to collection of str, optional
        As in `state.parse`.

    Returns
    -------
    settings : object
        Of the module's dataclass, with defaults where the URL was silent or unusable.
    problems : tuple of str
        One sentence for each thing that could not be used.
    """
    values, unusable = url_fields.read_all(
        {key: raw for key, raw in query.items() if key in module.NAMES},
        module.NAMES,
        lambda key, texts: module.read(key, texts, known),
    )
    settings = replace(module.DEFAULT, **{module.NAMES[key]: v for key, v in values.items()})
    return settings, url_fields.sentences(unusable, module.DEFAULT.by_key())
