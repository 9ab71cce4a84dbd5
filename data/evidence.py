"""How well a claim about a site is supported, from best to worst."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Evidence(StrEnum):
    """The evidence words of the facility tables, best first."""

    DOCUMENTED = "documented"
    LISTED_SECONDARY = "listed_secondary"
    BELIEVED = "believed"
    LIKELY = "likely"
    UNKNOWN = "unknown"
    NO = "no"

    @property
    def rank(self) -> int:
        """Position in the order of strength, 0 for the best.

        >>> Evidence.DOCUMENTED.rank < Evidence.BELIEVED.rank
        True
        """
        return _RANK[self]

    @property
    def meaning(self) -> str:
        """What the word says, in one sentence for a reader."""
        return _MEANING[self]


EVIDENCE_ORDER: Final[tuple[Evidence, ...]] = tuple(Evidence)
_RANK: Final = {word: rank for rank, word in enumerate(EVIDENCE_ORDER)}
_MEANING: Final = {
    Evidence.DOCUMENTED: "A page of the site, its accreditor or its manufacturer says so.",
    Evidence.LISTED_SECONDARY: "A list that somebody else compiled says so.",
    Evidence.BELIEVED: "General knowledge of the field, with no page at hand.",
    Evidence.LIKELY: "Inferred from what the site is known to do.",
    Evidence.UNKNOWN: "Nothing was found either way.",
    Evidence.NO: "A source says that the site does not do this.",
}


def at_least(minimum: Evidence | str) -> tuple[str, ...]:
    """Words that are as strong as `minimum` or stronger.

    Parameters
    ----------
    minimum : Evidence or str
        The weakest word to accept.

    Returns
    -------
    tuple of str
        Best first.

    Raises
    ------
    ValueError
        `minimum` is no evidence word.

    Examples
    --------
    >>> at_least("believed")
    ('documented', 'listed_secondary', 'believed')
    """
    last = Evidence(minimum).rank
    return tuple(word.value for word in EVIDENCE_ORDER[: last + 1])


def best(words: Iterable[str]) -> str:
    """Strongest of several words; `unknown` when there is none.

    An explicit `no` is weaker than `unknown`: it only wins when every word is `no`.

    Parameters
    ----------
    words : iterable of str
        Evidence words.

    Returns
    -------
    str
        One of the evidence words.

    Raises
    ------
    ValueError
        One of the words is no evidence word.

    Examples
    --------
    >>> str(best(["unknown", "likely", "no"]))
    'likely'
    """
    return min((Evidence(word) for word in words), key=_RANK.__getitem__, default=Evidence.UNKNOWN)
