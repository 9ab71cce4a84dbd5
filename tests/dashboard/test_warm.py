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

NEIGHBOURS = """
from dataclasses import replace
from dashboard import map_spec, queries
from dashboard.services import warm
from dashboard.state import Selection

def searched(*_, **__):
    raise AssertionError("not prepared")

warm.warm_up()
warm.neighbours()
queries.share_curve = queries.stack_rows = map_spec.build = searched
changes = {"therapy": "til"}, {"evidence": "any"}, {"ages": "pediatric"}, {"low_confidence": True}
for change in changes:
    warm.overview(replace(Selection(), **change))
try:
    warm.overview(replace(Selection(), therapy="til", ages="pediatric"))
except AssertionError:
    print("two changes are not prepared")
"""

PAGES = """
from pathlib import Path
from streamlit.testing.v1 import AppTest
from dashboard import journeys, patient_views, patients, planning, queries, studies
from dashboard.services import warm
from geo.travel import Road

def searched(*_, **__):
    raise AssertionError("not prepared")

warm.warm_up()
warm.pages()
Road.trips = studies.reproduce = journeys.totals = planning.solve = planning.curve = searched
patient_views.sums = patients.reconciliation = queries.breakdown_quantiles = queries.distribution = searched

def fails(page, **query):
    app = AppTest.from_file(str(Path("dashboard/app.py").resolve()), default_timeout=120)
    app.query_params.update(query)
    return bool(app.run().switch_page(f"../pages/{page}.py").run().exception)

failed = [page for page in ("methods", "journeys", "planner", "patients", "gaps") if fails(page)]
print("\\n", failed, "and for children", fails("gaps", ages="pediatric"))
"""


def in_a_fresh_process(code: str) -> str:
    """Run Python code; what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": "."},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_first_view_needs_no_compiler_and_warm_up_leaves_it_nothing() -> None:
    count, missing = in_a_fresh_process(FRESH).split(maxsplit=1)
    assert int(count) >= 9
    assert missing.strip() == "[]"


def test_the_first_filter_a_reader_changes_is_already_answered() -> None:
    assert in_a_fresh_process(NEIGHBOURS).strip() == "two changes are not prepared"


def test_pages_find_the_answers_to_their_first_question() -> None:
    assert in_a_fresh_process(PAGES).endswith(" [] and for children True\n")
