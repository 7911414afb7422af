"""Ways into the network namespace of another process."""

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


def echoes(process: int) -> socket.socket:
    """Return a socket that hears every ``ping`` in the network of *process*."""
    made: list[socket.socket] = []

    def make() -> None:
        _enter(process)
        made.append(socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP))

    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
    return made[0]


def _accept(listener: socket.socket, process: int, port: int) -> None:
    """Lead on whoever comes, until nobody may come any more."""
    with contextlib.suppress(OSError):
        while True:
            near, _ = listener.accept()
            threading.Thread(
                target=_lead, args=(near, process, port), daemon=True
            ).start()


def _lead(near: socket.socket, process: int, port: int) -> None:
    with near:
        _enter(process)
        with socket.create_connection(("127.0.0.1", port)) as far:
            back = threading.Thread(target=_pour, args=(far, near), daemon=True)
            back.start()
            _pour(near, far)
            back.join()


def _enter(process: int) -> None:
    """Take this thread, which ends there, to the network of *process*."""
    with Path(f"/proc/{process}/ns/net").open("rb") as network:
        if _LIBC.setns(network.fileno(), _NETWORK):
            raise OSError(ctypes.get_errno(), "setns")


def _pour(source: socket.socket, target: socket.socket) -> None:
    """Pass on what comes, and the end of it."""
    with contextlib.suppress(OSError):
        while content := source.recv(65_536):
            target.sendall(content)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
