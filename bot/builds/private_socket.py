"""A socket of this machine that only we can open, and where it leads to.

The docker command and library speak to a path. Whoever knows another way to an
engine (over SSH, or into a container) listens here and leads each connection on.
"""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
import weakref
from collections.abc import Callable
from pathlib import Path

Lead = Callable[[socket.socket], None]
"""Carries one connection to its end, and closes it."""
_WAITING = 32


class PrivateSocket:
    """Listens on a path in a directory for us alone; *lead* gets each connection."""

    def __init__(self, lead: Lead) -> None:
        # Short: the path of a socket has room for a hundred characters.
        folder = tempfile.mkdtemp(prefix="engine-", dir=_short_place())
        path = str(Path(folder) / "docker.sock")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen(_WAITING)
        self.url = f"unix://{path}"
        self._close = weakref.finalize(self, _close, listener, folder)
        threading.Thread(target=_accept, args=(listener, lead), daemon=True).start()

    def close(self) -> None:
        """Let nobody through any more."""
        self._close()


def _short_place() -> str | None:
    """Return where temporary files go, or /tmp where that path is too long."""
    place = tempfile.gettempdir()
    return place if len(place) < 64 else "/tmp"  # noqa: PLR2004, S108 - mkdtemp makes it ours


def _accept(listener: socket.socket, lead: Lead) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=lead, args=(connection,), daemon=True).start()


def _close(listener: socket.socket, folder: str) -> None:
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    shutil.rmtree(folder, ignore_errors=True)
