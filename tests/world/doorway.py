"""A port of this machine that leads to one in another network namespace."""

from __future__ import annotations

import contextlib
import ctypes
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

_LIBC = ctypes.CDLL(None, use_errno=True)
_NETWORK = 0x4000_0000
"""CLONE_NEWNET, as in Linux' sched.h."""


@contextlib.contextmanager
def into(process: int, port: int) -> Iterator[int]:
    """Give a port that leads to *port* on the loopback of *process*' network."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(
            target=_accept, args=(listener, process, port), daemon=True
        ).start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, process: int, port: int) -> None:
    """Lead on whoever comes, until nobody may come any more."""
    with contextlib.suppress(OSError):
        while True:
            near, _ = listener.accept()
            threading.Thread(
                target=_lead, args=(near, process, port), daemon=True
            ).start()


def _lead(near: socket.socket, process: int, port: int) -> None:
    # A network namespace belongs to a thread: this one goes, and ends, there.
    with near, Path(f"/proc/{process}/ns/net").open("rb") as network:
        if _LIBC.setns(network.fileno(), _NETWORK):
            raise OSError(ctypes.get_errno(), "setns")
        with socket.create_connection(("127.0.0.1", port)) as far:
            back = threading.Thread(target=_pour, args=(far, near), daemon=True)
            back.start()
            _pour(near, far)
            back.join()


def _pour(source: socket.socket, target: socket.socket) -> None:
    """Pass on what comes, and the end of it."""
    with contextlib.suppress(OSError):
        while content := source.recv(65_536):
            target.sendall(content)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
