"""What is prepared before anybody asks, in a process of its own: this one has prepared other things."""

import os
import subprocess
import sys

FRESH = """
import sys
from dashboard.services import warm
warm.warm_up()
assert "numba" not in sys.modules, "the first view waits for the compiler's library"
warm.compile_loops()
loops = {
    f"{module.__name__}.{name}": thing.signatures
    for module in list(sys.modules.values()) if module.__name__.startswith("geo.")
    for name, thing in vars(module).items()
    if hasattr(thing, "signatures") and not name.startswith("_")
}
print(len(loops), [name for name, compiled in loops.items() if not compiled])
"""


def test_first_view_needs_no_compiler_and_warm_up_leaves_it_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FRESH], capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": "."},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    count, missing = done.stdout.split(maxsplit=1)
    assert int(count) >= 9
    assert missing.strip() == "[]"
