"""Errors a user can act on; each lists every problem found, not only the first."""

from collections.abc import Iterable


class AtlasError(Exception):
    """Base of every error the Atlas raises on purpose."""


class InputError(AtlasError, ValueError):
    """Values handed in are unusable; `problems` lists all of them.

    Parameters
    ----------
    problems : str or iterable of str
        One sentence per problem.
    """

    def __init__(self, problems: str | Iterable[str]) -> None:
        self.problems: tuple[str, ...] = (
            (problems,) if isinstance(problems, str) else tuple(problems)
        )
        super().__init__("\n".join(self.problems))


class CrsError(InputError):
    """A coordinate reference system is missing, or not of the kind that is needed."""
