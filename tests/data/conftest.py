"""Settings of the property tests, and a folder for what loading remembers."""

import pytest
from hypothesis import settings

from data import load

settings.register_profile("atlas", deadline=None)
settings.load_profile("atlas")


@pytest.fixture
def unremembered(monkeypatch, tmp_path):
    """Forget tables in memory and which files were validated; remember into a folder of its own."""
    monkeypatch.setattr(load, "VALIDATED", tmp_path / "validated")
    load._load.cache_clear()
    yield tmp_path / "validated"
    load._load.cache_clear()
