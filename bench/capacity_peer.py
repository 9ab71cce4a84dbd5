"""SciPy's linprog in a process of its own: ``python -m bench.capacity_peer FILE.npz LIMIT``.

Reads minutes, patients and slots, solves the transportation problem with HiGHS, and prints what
came of it as JSON. A process of its own can be ended when it takes too long.
"""

import json
import sys
import time

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array


def main(path: str, limit: float) -> None:
    """Time model and solver, reading the file aside."""
    with np.load(path) as stored:
        minutes, demand, slots = stored["minutes"], stored["demand"], stored["slots"]
    started = time.perf_counter()
    site, row = np.nonzero(minutes <= limit)
    ways, n, k = minutes[site, row].astype(np.float64), len(demand), len(site)
    # Nobody who could be treated is left over: somebody left over costs more than any detour.
    last_resort = 2.0 * (ways.max() + 1) * (len(slots) + 1)
    sums = coo_array((np.ones(2 * k), (np.r_[row, n + site], np.r_[np.arange(k), np.arange(k)])))
    made = time.perf_counter()
    found = linprog(
        ways - last_resort, A_ub=sums.tocsr(), b_ub=np.r_[demand, slots], method="highs"
    )
    ended = time.perf_counter()
    solved = found.x is not None
    json.dump(
        {
            "ways": k,
            "model": made - started,
            "solve": ended - made,
            "status": found.message,
            "treated": float(found.x.sum()) if solved else None,
            "patient_minutes": float(found.x @ ways) if solved else None,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
