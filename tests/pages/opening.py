"""Where the app is, and what opens it."""

import time
from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "dashboard" / "app.py"
TIMEOUT_S = 120
WAIT_S = 60.0

Open = Callable[..., AppTest]


def waited(app: AppTest) -> AppTest:
    """Run until no work is under way."""
    end = time.monotonic() + WAIT_S
    while any(button.label == "Cancel" for button in app.button):
        assert time.monotonic() < end, "the work does not end"
        time.sleep(0.1)
        app.run()
    assert not app.exception
    return app


def sent_late(app: AppTest, change: Callable[[], AppTest]) -> AppTest:
    """Make a change, then let the browser send its widgets and its address as before it."""
    states, address = app._tree.get_widget_states(), {**app.query_params}
    change()
    app.query_params = address
    return waited(app._run(states))
