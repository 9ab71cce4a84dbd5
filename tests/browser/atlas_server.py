"""The Atlas as a reader starts it, on a port of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Final, Self

ROOT: Final = Path(__file__).resolve().parents[2]
HOST: Final = "127.0.0.1"
PATIENCE_S: Final = 90.0
STOP_S: Final = 20.0


class Server:
    """`streamlit run dashboard/app.py`, to be used in a `with`.

    Parameters
    ----------
    log : Path
        File for all that the server writes.
    """

    def __init__(self, log: Path) -> None:
        self.log = log
        with socket.socket() as free:
            free.bind((HOST, 0))
            self.port = int(free.getsockname()[1])
        self.url = f"http://{HOST}:{self.port}"

    def __enter__(self) -> Self:
        """Start, and return when the server says that it is well."""
        self._out = self.log.open("w", encoding="utf-8")
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "streamlit", "run", "dashboard/app.py"),
                *("--server.address", HOST, "--server.port", str(self.port)),
            ],
            cwd=ROOT,
            env=os.environ | {"ATLAS_DATABASE_URL": f"sqlite:///{self.log.resolve()}.sqlite"},
            stdout=self._out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        try:
            self._wait()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def written(self) -> str:
        """All that the server has said so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            if self._process.poll() is not None:
                msg = f"the server ended with code {self._process.returncode}:\n{self.written()}"
                raise RuntimeError(msg)
            if self._is_well():
                return
            time.sleep(0.05)  # between two questions, not instead of one
        msg = f"the server was not well within {PATIENCE_S:.0f} s:\n{self.written()}"
        raise RuntimeError(msg)

    def _is_well(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._out.close()
