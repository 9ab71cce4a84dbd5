"""Integer programs through HiGHS, with limits, progress, cancel and a bound.

References
----------
Huangfu and Hall (2018), doi:10.1007/s12532-017-0130-5 (HiGHS).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from geo.errors import InputError
from geo.results import Floats
from geo.siting.problem import Bools, Control, Progress, Status

STATUSES: Final[dict[Any, Status]] = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kTimeLimit: "time_limit",
    highspy.HighsModelStatus.kInterrupt: "cancelled",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
    highspy.HighsModelStatus.kModelEmpty: "optimal",
}
LEAST_SECONDS: Final = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """Maximise ``objective @ x`` with ``low <= table @ x <= high`` and ``0 <= x <= upper``.

    Parameters
    ----------
    objective, upper : ndarray, shape (v,)
    table : sparse array, shape (c, v)
    low, high : ndarray, shape (c,)
        Infinite where there is no limit.
    whole : ndarray of bool, shape (v,)
        Variables that take whole numbers only.
    """

    objective: Floats
    upper: Floats
    table: sparse.csr_array
    low: Floats
    high: Floats
    whole: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """What came of it.

    Parameters
    ----------
    status : str
        As in `Plan`.
    x : ndarray or None
        Best solution found.
    objective, bound : float
        Its value, and what no solution exceeds.
    """

    status: Status
    x: Floats | None
    objective: float
    bound: float


def solve(
    program: Program,
    control: Control,
    *,
    start: Floats | None = None,
    apart: float = 1e-6,
    say: Callable[[float, float], Progress] | None = None,
) -> Solution:
    """Solve an integer program as far as the limits allow.

    Parameters
    ----------
    program : Program
        What to maximise.
    control : Control
        Time limit, progress, cancel.
    start : ndarray, shape (v,), optional
        A solution to begin with.
    apart : float
        Two different values of the objective are at least so far apart: the search may stop when
        the bound is nearer.
    say : callable
        Makes a `Progress` of best and bound.

    Returns
    -------
    Solution

    Raises
    ------
    InputError
        When the solver cannot work with the numbers.
    """
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.silent()
    for name, value in (
        ("time_limit", max(control.left, LEAST_SECONDS)),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", apart),
        ("threads", 1),
        ("random_seed", 0),
    ):
        highs.setOptionValue(name, value)
    _pass(highs, program)
    if start is not None:
        given = highspy.HighsSolution()
        given.col_value = start
        highs.setSolution(given)

    def attend(event: Any) -> None:  # noqa: ANN401 - untyped library
        if control.stopped():
            event.interrupt()
        elif say is not None:
            out = event.data_out
            control.report(say(-float(out.mip_primal_bound), -float(out.mip_dual_bound)))

    for callback in (highs.cbMipInterrupt, highs.cbSimplexInterrupt):
        callback.subscribe(attend)
    highs.run()
    return _solution(highs, program, control)


def _pass(highs: highspy.Highs, program: Program) -> None:
    table = program.table.tocsc()
    size = len(program.objective)
    ok = highs.passModel(
        size,
        table.shape[0],
        table.nnz,
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        -program.objective,
        np.zeros(size),
        program.upper,
        program.low,
        program.high,
        table.indptr.astype(np.int32),
        table.indices.astype(np.int32),
        table.data.astype(np.float64),
        program.whole.astype(np.int32),
    )
    if ok == highspy.HighsStatus.kError:
        problem = "The siting model has numbers that the solver cannot work with."
        raise InputError(problem)


def _solution(highs: highspy.Highs, program: Program, control: Control) -> Solution:
    info, model_status = highs.getInfo(), highs.getModelStatus()
    status = STATUSES.get(model_status, "time_limit")
    if status == "cancelled":
        status = control.stopped() or "cancelled"
    solution = highs.getSolution()
    feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    x: NDArray[np.float64] | None = None
    objective, bound = -np.inf, np.inf
    if feasible and status != "infeasible":
        x = np.array(solution.col_value, dtype=np.float64)
        objective = float(program.objective @ x)
    if program.whole.any():
        bound = -float(info.mip_dual_bound)
    elif status == "optimal":
        bound = objective
    return Solution(status, x, objective, max(bound, objective) if x is not None else bound)
