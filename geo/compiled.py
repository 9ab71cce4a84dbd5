"""How loops are compiled.

Importing this module, or one with such loops, takes 0.4 seconds: do it where they are first used.
"""

from collections.abc import Callable
from typing import TypeVar

from numba import njit

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def compiled(function: Kernel) -> Kernel:
    """Compile a function at its first call, without the interpreter's lock, and keep it on disk.

    Where nothing may be written, as in a read-only install without a home, it is compiled anew in
    every process.

    Parameters
    ----------
    function : callable
        Loops over arrays and numbers.

    Returns
    -------
    callable
        With the same arguments and results.
    """
    try:
        made: Kernel = njit(function, nogil=True, cache=True)
    except RuntimeError:  # no place to keep it
        made = njit(function, nogil=True)
    return made
