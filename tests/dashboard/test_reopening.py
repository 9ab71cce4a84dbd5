"""Addresses that reopen a view."""

import pytest

from dashboard import links


def test_a_server_of_the_environment_makes_links_absolute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(links.ADDRESS, raising=False)
    assert links.reopen("gaps", "within=90") == "/gaps?within=90"
    monkeypatch.setenv(links.ADDRESS, "https://atlas.example/tool/")
    assert links.reopen("gaps", "within=90") == "https://atlas.example/tool/gaps?within=90"


def test_the_first_page_keeps_a_path() -> None:
    assert links.with_query("http://localhost:8501", "ages=adult") == (
        "http://localhost:8501/?ages=adult"
    )
    assert links.with_query("", "ages=adult") == "/?ages=adult"
