"""Sorting of travel, in half the time of comparing."""

import numpy as np
from numpy.typing import NDArray

from geo.results import Floats


def ascending(values: Floats) -> NDArray[np.intp]:
    """Positions of the values from the least to the greatest.

    The 32 bits of a rounded number that is not negative sort as whole numbers do, in two passes of
    counting. The comparing sort behind them, which decides, finds little left to do.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Not nan. Negative ones are sorted too, only no faster.

    Returns
    -------
    ndarray of int, shape (n,)
        Positions; equal values in the order in which they stand.

    Examples
    --------
    >>> ascending(np.array([30.0, np.inf, 0.0, 30.0])).tolist()
    [2, 0, 3, 1]
    """
    with np.errstate(over="ignore"):  # what is too large becomes inf, and is compared
        bits = (values + 0.0).astype(np.float32).view(np.uint32)  # -0 becomes 0
    order = np.argsort((bits & 0xFFFF).astype(np.uint16), kind="stable")
    order = order[np.argsort((bits[order] >> 16).astype(np.uint16), kind="stable")]
    return order[np.argsort(values[order], kind="stable")]
