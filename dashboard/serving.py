"""Starts the pages from the command line."""

import errno
import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Final

from geo.errors import InputError

ROOT: Final = Path(__file__).resolve().parent.parent
FIRST_PORT: Final = 8501
PORTS_TRIED: Final = 20


def serve(address: str, port: int | None) -> None:
    """Start the pages; returns when they are stopped.

    Parameters
    ----------
    address : str
        Name or number of the interface to listen on.
    port : int or None
        The first free port from `FIRST_PORT` when None.

    Raises
    ------
    InputError
        The address is not this machine's, or the port is taken.
    """
    chosen = free_port(address, [port] if port else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED))
    os.chdir(ROOT)  # Streamlit reads .streamlit/config.toml of the working folder
    from click import Abort  # noqa: PLC0415 - Streamlit takes a second to import
    from streamlit.web.cli import main  # noqa: PLC0415

    options = ["--server.address", address, "--server.port", str(chosen)]
    try:
        with suppress(SystemExit):
            main(["run", str(ROOT / "dashboard" / "app.py"), *options], standalone_mode=False)
    except Abort as stopped:  # what click makes of Ctrl-C
        raise KeyboardInterrupt from stopped


def free_port(address: str, ports: list[int] | range) -> int:
    """Find the first port that can be listened on.

    Parameters
    ----------
    address : str
        Name or number of the interface.
    ports : sequence of int
        Ports to try, in order.

    Returns
    -------
    int
        One of them.

    Raises
    ------
    InputError
        None can be listened on; says why.
    """
    for port in ports:
        try:
            family, kind, *_, where = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
            with socket.socket(family, kind) as trial:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trial.bind(where)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                continue
            msg = f"cannot listen on {address}:{port}: {error.strerror}"
            raise InputError(msg) from error
        return port
    taken = f"port {ports[0]} is" if len(ports) == 1 else f"ports {ports[0]} to {ports[-1]} are"
    msg = f"{taken} in use: choose another with --port"
    raise InputError(msg)
