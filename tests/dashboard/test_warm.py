"""What is prepared before anybody asks, in a process of its own: this one has prepared other things."""

import os
import subprocess
import sys

FRESH = """
import sys
from pathlib import Path
from dashboard.services import warm
warm.warm_up()
assert "numba" not in sys.modules, "the first view waits for the compiler's library"
warm.compile_loops()
modules = {name: thing for name, thing in sys.modules.items() if name.startswith("geo.")}
code = "".join(Path(module.__file__).read_text() for module in modules.values())
# Loops that only other loops call come with them.
loops = {
    f"{module.rpartition('.')[2]}.{name}": thing.signatures
    for module, content in modules.items() for name, thing in vars(content).items()
    if hasattr(thing, "signatures") and f"{module.rpartition('.')[2]}.{name}(" in code
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
