"""Edits of a plan by hand, with undo and redo (pure).

A plan is a tuple of names of candidates, or None for the solver's own.
"""

from dataclasses import dataclass
from typing import Final

MOST_STEPS: Final = 100

Hand = tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class History:
    """What a plan was before, and what was undone.

    Parameters
    ----------
    past, future : tuple of Hand
        Plans that undo and redo lead to; the nearest one last.
    """

    past: tuple[Hand, ...] = ()
    future: tuple[Hand, ...] = ()

    def edited(self, before: Hand) -> "History":
        """Remember the plan before an edit; what was undone is forgotten."""
        return History((*self.past, before)[-MOST_STEPS:])

    def undone(self, now: Hand) -> tuple["History", Hand]:
        """Go one step back; nothing changes where there is none."""
        if not self.past:
            return self, now
        return History(self.past[:-1], (*self.future, now)), self.past[-1]

    def redone(self, now: Hand) -> tuple["History", Hand]:
        """Take one step again that was undone."""
        if not self.future:
            return self, now
        return History((*self.past, now), self.future[:-1]), self.future[-1]


def toggled(sites: tuple[str, ...], name: str) -> tuple[str, ...]:
    """Add a site at the end, or take it out.

    >>> toggled(("a", "b"), "a"), toggled(("a",), "b")
    (('b',), ('a', 'b'))
    """
    if name in sites:
        return tuple(site for site in sites if site != name)
    return (*sites, name)


def reordered(before: tuple[str, ...], chosen: tuple[str, ...]) -> tuple[str, ...]:
    """Keep the order of sites that stay, and put new ones last.

    >>> reordered(("a", "b", "c"), ("d", "c", "a"))
    ('a', 'c', 'd')
    """
    kept = tuple(site for site in before if site in chosen)
    return (*kept, *(site for site in chosen if site not in before))
