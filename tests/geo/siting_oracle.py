"""Brute force over all plans of small siting questions."""

from collections.abc import Callable, Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from geo.siting.problem import Rules

Table = NDArray[np.float64]


def plans(rules: Rules) -> Iterator[NDArray[np.int64]]:
    """Every plan that follows the rules, the empty one included."""
    for size in range(rules.n_options + 1):
        for plan in combinations(range(rules.n_options), size):
            chosen = np.array(plan, np.int64)
            if rules.allows(chosen):
                yield chosen


def gain(table: Table, plan: NDArray[np.int64]) -> float:
    """Every row has the most that an open option gives it."""
    return float(table[:, plan].max(axis=1, initial=0.0).sum())


def best(rules: Rules, value: Callable[[NDArray[np.int64]], float]) -> float | None:
    """Largest value of any plan; None when there is no plan."""
    values = [value(plan) for plan in plans(rules)]
    return max(values, default=None)
