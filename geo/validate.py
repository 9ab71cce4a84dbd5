"""Collect every problem with an input first, then raise once: the user fixes a file in one go."""

from typing import Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import InputError

MAX_EXAMPLES: Final = 3
"""Offending positions quoted per problem; the count is always given in full."""


class Problems:
    """A list of complaints about one set of inputs.

    Every check returns the collector, so checks chain; nothing is raised before
    :meth:`raise_if_any`.

    Examples
    --------
    >>> problems = Problems().lengths(minutes=[1.0, 2.0], persons=[5.0])
    >>> problems.threshold(-1.0).found
    ['lengths differ: minutes 2, persons 1', 'threshold must be positive and finite, got -1.0']
    """

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, problem: str) -> Self:
        """Note one problem in words."""
        self.found.append(problem)
        return self

    def where(self, bad: NDArray[np.bool_], what: str) -> Self:
        """Note `what` when any element of `bad` is true, with the count and first positions."""
        if bad.any():
            # For a matrix, the row is what the reader can look up.
            at = np.flatnonzero(bad.any(axis=tuple(range(1, bad.ndim))))
            first = ", ".join(str(i) for i in at[:MAX_EXAMPLES])
            dots = ", ..." if at.size > MAX_EXAMPLES else ""
            rows = "row" if at.size == 1 else "rows"
            self.found.append(f"{what} in {at.size} {rows} (index {first}{dots})")
        return self

    def lengths(self, **arrays: ArrayLike | None) -> Self:
        """Check that all named arrays that are not None have the same number of rows."""
        sizes = {name: len(np.atleast_1d(a)) for name, a in arrays.items() if a is not None}
        if len(set(sizes.values())) > 1:
            listed = ", ".join(f"{name} {size}" for name, size in sizes.items())
            self.found.append(f"lengths differ: {listed}")
        return self

    def dimensions(self, name: str, array: NDArray[np.generic], ndim: int) -> Self:
        """Check the number of dimensions of an array."""
        if array.ndim != ndim:
            self.found.append(f"{name} must have {ndim} dimension(s), got {array.ndim}")
        return self

    def impedance(self, impedance: NDArray[np.float64]) -> Self:
        """Check travel times or distances: >= 0, inf and nan allowed."""
        return self.where(impedance < 0, "impedance is negative")

    def persons(self, persons: NDArray[np.float64], name: str = "persons") -> Self:
        """Check counts of people: finite and >= 0."""
        self.where(~np.isfinite(persons), f"{name} is missing or infinite")
        return self.where(persons < 0, f"{name} is negative")

    def shares(self, shares: NDArray[np.float64], name: str = "shares") -> Self:
        """Check shares: 0 to 1, nan allowed."""
        return self.where((shares < 0) | (shares > 1), f"{name} is outside 0 to 1")

    def threshold(self, threshold: float, name: str = "threshold") -> Self:
        """Check one threshold: positive and finite."""
        if not (np.isfinite(threshold) and threshold > 0):
            self.found.append(f"{name} must be positive and finite, got {threshold}")
        return self

    def thresholds(self, thresholds: NDArray[np.float64], name: str = "thresholds") -> Self:
        """Check several thresholds: each positive and finite."""
        bad = ~(np.isfinite(thresholds) & (thresholds > 0))
        return self.where(bad, f"{name} is not positive and finite")

    def groups(self, codes: NDArray[np.intp], n_groups: int, name: str = "group") -> Self:
        """Check integer codes: 0 to n_groups - 1."""
        if n_groups < 0:
            return self.add(f"n_groups must not be negative, got {n_groups}")
        if not np.issubdtype(codes.dtype, np.integer):
            return self.add(f"{name} codes must be integers, got {codes.dtype}")
        bad = np.asarray((codes < 0) | (codes >= n_groups))
        return self.where(bad, f"{name} code is outside 0 to {n_groups - 1}")

    def raise_if_any(self) -> None:
        """Raise one InputError that lists everything found.

        Raises
        ------
        InputError
            When at least one problem was noted.
        """
        if self.found:
            raise InputError(self.found)


def floats(values: ArrayLike) -> NDArray[np.float64]:
    """Convert to float64 without copying when it already is.

    Parameters
    ----------
    values : array_like
        Numbers.

    Returns
    -------
    ndarray of float64

    Raises
    ------
    InputError
        When the values are not numbers.

    Examples
    --------
    >>> floats([1, 2])
    array([1., 2.])
    """
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        msg = f"not an array of numbers: {error}"
        raise InputError(msg) from error
