"""The application with a stopwatch at its web socket: ``python -m bench.timed_server LOG serve``.

Writes one line for every rerun: milliseconds from the message that asks for it to the message that
says the script has finished, as both pass the server itself. Nothing else is changed.
"""

import sys
import time
from pathlib import Path
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.runtime import Runtime

from dashboard.__main__ import main


def watch(log: str) -> None:
    """Write down how long each rerun takes.

    Parameters
    ----------
    log : str
        Path of the file; it is made anew.
    """
    # Open for as long as the process lives; a line at a time, so that the reader sees it at once.
    lines = Path(log).open("w", encoding="utf-8", buffering=1)  # noqa: SIM115
    asked: list[float] = []
    receive, send = AppSession.handle_backmsg, Runtime._send_message  # noqa: SLF001

    def received(session: AppSession, message: BackMsg) -> None:
        if message.WhichOneof("type") == "rerun_script":
            asked.append(time.perf_counter())
        receive(session, message)

    def sent(runtime: Runtime, session: Any, message: ForwardMsg) -> None:  # noqa: ANN401 - Streamlit's own
        send(runtime, session, message)
        if message.WhichOneof("type") == "script_finished" and asked:
            lines.write(f"{(time.perf_counter() - asked[0]) * 1000:.3f}\n")
            asked.clear()

    AppSession.handle_backmsg = received  # type: ignore[method-assign]
    Runtime._send_message = sent  # type: ignore[method-assign]  # noqa: SLF001


if __name__ == "__main__":
    watch(sys.argv[1])
    sys.exit(main(sys.argv[2:]))
