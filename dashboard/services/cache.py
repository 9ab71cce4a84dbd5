"""The one decorator by which answers are kept: bounded, shared between readers, never changed."""

import inspect
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import wraps
from threading import Lock, RLock
from typing import Any, Final, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True)
class _Answer(Generic[R]):
    """An answer, or the place of one that is being made."""

    lock: RLock = field(default_factory=RLock)
    made: bool = False
    value: R | None = None


_KEPT: Final[list[OrderedDict[Hashable, _Answer[Any]]]] = []
"""What each decorated function has kept."""


def cached(max_entries: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep the answers of a function of frozen parameters; the oldest go when there are too many.

    A question asked by several readers at once is answered once; a failure is not kept. A rerun
    asks for fifty answers, so looking one up takes microseconds.

    Parameters
    ----------
    max_entries : int
        How many answers are kept; those not asked for longest go first.

    Returns
    -------
    callable
        The decorator. Arguments whose names begin with an underscore are no part of the key.

    Examples
    --------
    >>> asked = []
    >>> @cached(2)
    ... def double(number: int, _note: str = "") -> int:
    ...     asked.append(number)
    ...     return 2 * number
    >>> double(4), double(4, "again"), asked
    (8, 8, [4])
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        names = list(inspect.signature(function).parameters)
        keyed = [place for place, name in enumerate(names) if not name.startswith("_")]
        every = len(keyed) == len(names)
        kept: OrderedDict[Hashable, _Answer[R]] = OrderedDict()
        lock = Lock()
        _KEPT.append(kept)

        @wraps(function)
        def answer(*args: P.args, **kwargs: P.kwargs) -> R:
            given = args if every else tuple(args[i] for i in keyed if i < len(args))
            named = tuple((k, v) for k, v in sorted(kwargs.items()) if not k.startswith("_"))
            key = (given, named)
            with lock:
                found = kept.get(key)
                if found is None:
                    found = kept[key] = _Answer()
                    while len(kept) > max_entries:
                        kept.popitem(last=False)
                else:
                    kept.move_to_end(key)
            if not found.made:
                with found.lock:
                    if not found.made:
                        try:
                            found.value = function(*args, **kwargs)
                        except BaseException:
                            with lock:
                                if kept.get(key) is found:
                                    del kept[key]
                            raise
                        found.made = True
            return found.value  # type: ignore[return-value]  # made

        return answer

    return decorate


def clear() -> None:
    """Forget everything."""
    for kept in _KEPT:
        kept.clear()
