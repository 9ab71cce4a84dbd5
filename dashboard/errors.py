"""What a reader sees when something cannot be done: every problem, and what to do next."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import streamlit as st

from geo.errors import AtlasError

LOG: Final = logging.getLogger(__name__)
MAX_SHOWN: Final = 20
DEFAULT_STEP: Final = "Change the settings on the left, or open the Overview to start again."
UNEXPECTED: Final = (
    "Something went wrong on our side; nothing you did is lost. Reload the page; if it happens "
    "again, copy the address of this page into a report: it reopens the same view. The server's "
    "log has the details."
)


def listing(problems: Sequence[str]) -> str:
    r"""Set problems as a Markdown list, cut at `MAX_SHOWN` with a count of the rest.

    >>> listing(["one", "two"])
    '- one\n- two'
    """
    lines = [f"- {problem}" for problem in problems[:MAX_SHOWN]]
    if len(problems) > MAX_SHOWN:
        lines.append(f"- and {len(problems) - MAX_SHOWN} more")
    return "\n".join(lines)


def show(error: AtlasError, next_step: str = DEFAULT_STEP) -> None:
    """Show an error the Atlas raised on purpose.

    Parameters
    ----------
    error : AtlasError
        Its `problems`, when it has some, are all listed.
    next_step : str, optional
        What the reader can do.
    """
    problems: Sequence[str] = getattr(error, "problems", None) or (str(error),)
    st.error(f"{listing(problems)}\n\n{next_step}", title="This cannot be shown")


@contextmanager
def reported(next_step: str = DEFAULT_STEP) -> Iterator[None]:
    """Turn an `AtlasError` inside the block into a message on the page.

    Parameters
    ----------
    next_step : str, optional
        What the reader can do.
    """
    try:
        yield
    except AtlasError as error:
        LOG.warning("shown to the reader: %s", error)
        show(error, next_step)


def on_script_error(error: Exception) -> bool:
    """Replace Streamlit's traceback box for errors nobody expected; the log keeps the traceback.

    Parameters
    ----------
    error : Exception
        What escaped from a page.

    Returns
    -------
    bool
        True: the message has been shown.
    """
    LOG.error("a page failed", exc_info=error)
    st.error(UNEXPECTED, title="This page failed")
    return True
