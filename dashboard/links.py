"""Addresses that reopen a view (pure)."""

import os
from typing import Final
from urllib.parse import urlsplit, urlunsplit

ADDRESS: Final = "ATLAS_URL"
"""Environment variable: where readers find the Atlas, for links in files made without a browser."""


def server() -> str:
    """Address of the Atlas as the environment says it; "" when it does not."""
    return os.environ.get(ADDRESS, "").rstrip("/")


def reopen(page: str, query: str, *, base: str = "") -> str:
    """Write the address of a page with its settings.

    Parameters
    ----------
    page : str
        Path of the page, such as "gaps"; "" for the first.
    query : str
        Settings, without "?".
    base : str, optional
        Address of the Atlas. When left out, `server` says it.

    Returns
    -------
    str
        Absolute when the Atlas's address is known, else from the page's path on.

    Examples
    --------
    >>> reopen("gaps", "within=90", base="https://atlas.example/")
    'https://atlas.example/gaps?within=90'
    >>> reopen("gaps", "", base="https://atlas.example")
    'https://atlas.example/gaps'
    """
    root = (base or server()).rstrip("/")
    return f"{root}/{page}" + (f"?{query}" if query else "")


def beside(url: str, page: str, query: str) -> str:
    """Give the address of another page of the same Atlas.

    >>> beside("http://localhost:8501/gaps?near=77030", "briefing", "state=TX")
    'http://localhost:8501/briefing?state=TX'
    """
    parts = urlsplit(url)
    path = f"{parts.path.rpartition('/')[0]}/{page}"
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def with_query(url: str, query: str) -> str:
    """Give the address of a page other settings.

    >>> with_query("http://localhost:8501/gaps?near=77030#top", "within=90")
    'http://localhost:8501/gaps?within=90'
    """
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", query, ""))
