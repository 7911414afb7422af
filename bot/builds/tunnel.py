"""Reach an engine over SSH through a private socket of this machine.

Each connection to the socket becomes one ``ssh HOST docker system dial-stdio``,
which is also what the docker command does. The ssh program of the machine is
used, with its own keys, agent, and known hosts; it never asks for a password.
"""

from __future__ import annotations

import shlex
import shutil
import socket
import subprocess
import tempfile
import threading
import weakref
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from bot.builds.endpoint import Endpoint

_OPTIONS = (
    *("-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=20"),
    # A connection that a router has forgotten would else look like a long build.
    *("-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=4"),
)
_WAITING = 32


class Tunnel:
    """A socket that leads to the engine of an ``ssh://`` endpoint."""

    def __init__(self, endpoint: Endpoint) -> None:
        folder = tempfile.mkdtemp(prefix="multiarch-ssh-")
        path = str(Path(folder) / "docker.sock")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen(_WAITING)
        self.endpoint = replace(endpoint, url=f"unix://{path}")
        self._close = weakref.finalize(self, _close, listener, folder)
        words = (listener, command(endpoint))
        threading.Thread(target=_accept, args=words, daemon=True).start()

    def close(self) -> None:
        """Let nobody through any more."""
        self._close()


def command(endpoint: Endpoint) -> tuple[str, ...]:
    """Return the command that leads to the engine of *endpoint*."""
    parts = urlsplit(endpoint.url)
    there = ["docker", "system", "dial-stdio"]
    if parts.path.strip("/"):
        there[1:1] = ["--host", f"unix://{parts.path}"]
    user = ("-l", parts.username) if parts.username else ()
    port = ("-p", str(parts.port)) if parts.port else ()
    host = parts.hostname or ""
    return ("ssh", *_OPTIONS, *user, *port, "--", host, shlex.join(there))


def _accept(listener: socket.socket, argv: tuple[str, ...]) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        words = (connection, argv)
        threading.Thread(target=_lead, args=words, daemon=True).start()


def _lead(connection: socket.socket, argv: tuple[str, ...]) -> None:
    with connection:
        subprocess.run(  # noqa: S603 - the operator's own host
            argv,
            stdin=connection.fileno(),
            stdout=connection.fileno(),
            stderr=subprocess.DEVNULL,
            check=False,
        )


def _close(listener: socket.socket, folder: str) -> None:
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    shutil.rmtree(folder, ignore_errors=True)
