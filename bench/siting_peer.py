"""PySAL's spopt in a process of its own: ``python -m bench.siting_peer FILE.npz COUNT RADIUS``.

Reads a cost matrix and weights, makes and solves a maximal covering problem with HiGHS, and prints
what came of it as JSON. A process of its own can be ended when it takes too long.
"""

import json
import sys
import time
import warnings

import numpy as np

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the many packages that spopt imports
    import pulp  # type: ignore[import-untyped]  # ships no annotations
    from spopt.locate import MCLP  # type: ignore[import-untyped]  # ships no annotations


def main(path: str, count: int, radius: float) -> None:
    """Time model and solver, reading the file aside."""
    with np.load(path) as stored:
        cost, weights = stored["cost"], stored["weights"]
    started = time.perf_counter()
    model = MCLP.from_cost_matrix(cost, weights, service_radius=radius, p_facilities=count)
    made = time.perf_counter()
    # Without lists of who is served by whom, which cost more time.
    solved = model.solve(pulp.HiGHS(msg=False, gapRel=0.0), results=False)
    ended = time.perf_counter()
    json.dump(
        {
            "model": made - started,
            "solve": ended - made,
            "objective": float(pulp.value(solved.problem.objective)),
            "status": pulp.LpStatus[solved.problem.status],
            "chosen": [at for at, var in enumerate(solved.fac_vars) if var.value() > 0.5],
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
