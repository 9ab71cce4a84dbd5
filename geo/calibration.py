"""How far a travel model is from trips whose road miles and minutes are known."""

from dataclasses import dataclass

import numpy as np

from geo.errors import InputError
from geo.network import Floats


@dataclass(frozen=True, slots=True)
class TripErrors:
    """Errors of a model over some trips, as shares of the known value.

    Attributes
    ----------
    trips : int
        Trips compared: those that the model reaches.
    unreachable : int
        Trips that the model cannot make.
    median : float
        Median of the absolute relative error.
    ninetieth : float
        Ninetieth percentile of the same.
    bias : float
        Geometric mean of model over known value, less 1: above 0 the model is too long.
    spread : float
        Standard deviation of the log ratio, by the median absolute deviation (1.4826 MAD).
    """

    trips: int
    unreachable: int
    median: float
    ninetieth: float
    bias: float
    spread: float


def trip_errors(model: Floats, known: Floats) -> TripErrors:
    """Compare a model's minutes (or distances) with the known ones.

    Parameters
    ----------
    model, known : ndarray, shape (n,)
        In one unit; `model` may be infinite (unreachable). `known` is positive and finite.

    Returns
    -------
    TripErrors
        Not-a-number figures when no trip is reached.

    Raises
    ------
    InputError
        Different lengths, or known values that are not positive and finite.

    Examples
    --------
    >>> errors = trip_errors(np.array([110.0, 90.0, np.inf]), np.array([100.0, 100.0, 50.0]))
    >>> errors.trips, errors.unreachable, round(errors.median, 3)
    (2, 1, 0.1)
    """
    problems = []
    if model.shape != known.shape:
        problems.append("Model and known values must be two lists of the same length.")
    if not (np.isfinite(known).all() and (known > 0).all()):
        problems.append("Known values must be positive and finite.")
    if problems:
        raise InputError(problems)
    reached = np.isfinite(model)
    ratio = model[reached] / known[reached]
    if not len(ratio):
        nan = float("nan")
        return TripErrors(0, len(model), nan, nan, nan, nan)
    off, log_ratio = np.abs(ratio - 1), np.log(ratio)
    return TripErrors(
        trips=len(ratio),
        unreachable=int((~reached).sum()),
        median=float(np.median(off)),
        ninetieth=float(np.quantile(off, 0.9)),
        bias=float(np.exp(log_ratio.mean()) - 1),
        spread=float(1.4826 * np.median(np.abs(log_ratio - np.median(log_ratio)))),
    )
