"""AppTest helpers: the whole app, opened at a page and a URL."""

import pytest
from opening import APP, TIMEOUT_S, Open
from streamlit.testing.v1 import AppTest

from dashboard.services import cache


@pytest.fixture(autouse=True, scope="module")
def _own_caches() -> None:
    """Tests of one file share the tables; no file sees what another has cached."""
    cache.clear()


@pytest.fixture
def open_page() -> Open:
    """Open a page by file name with parameters in the URL; straight lines by default, for speed."""

    def opened(page: str = "overview.py", **query: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=TIMEOUT_S)
        for key, value in ({"model": "straight"} | query).items():
            app.query_params[key] = value
        app.run()
        if page != "overview.py":
            app.switch_page(f"../pages/{page}").run()
        assert not app.exception
        return app

    return opened
