"""Tests of the socket that leads elsewhere."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

from bot.builds.private_socket import PrivateSocket


def test_each_connection_is_led_on_and_nobody_else_may_connect() -> None:
    """The engine behind it is root on its machine."""

    def lead(connection: socket.socket) -> None:
        with connection:
            connection.sendall(connection.recv(100).upper())

    made = PrivateSocket(lead)
    path = Path(made.url.removeprefix("unix://"))
    answers = []
    for word in (b"one", b"two"):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))
            client.sendall(word)
            answers.append(client.recv(100))
    mode, owner = path.parent.stat().st_mode, path.parent.stat().st_uid
    made.close()

    assert answers == [b"ONE", b"TWO"]
    assert (stat.S_IMODE(mode), owner) == (0o700, os.getuid())
    assert not path.parent.exists()
