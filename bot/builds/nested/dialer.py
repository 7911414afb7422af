"""Reach a nested engine: each connection is one program in its container.

The engine listens on a socket inside its container and nowhere else. What
leads there is ``docker system dial-stdio``, started through the runner's own
engine, wherever that is. Starting it takes a moment, so one is always ready.
"""

from __future__ import annotations

import contextlib
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from socket import SHUT_RD, SHUT_RDWR, SHUT_WR, SocketIO
from socket import socket as Socket  # noqa: N812 - a class, named like its module

from docker import APIClient
from docker.errors import DockerException
from requests.exceptions import RequestException

from bot.builds.nested.script import DIAL

Connect = Callable[[], APIClient]
"""Returns a client of the engine that the container runs on."""
_HEADER = struct.Struct(">BxxxL")
"""Docker's frame: which output, three zeros, how many bytes follow."""
_OUTPUT = 1
_CHUNK = 65_536
_READY_FOR = 120.0
"""Seconds after which a line that nobody used may have been given up there."""


@dataclass(slots=True)
class Line:
    """A program in the container that leads to its engine."""

    client: APIClient
    stream: SocketIO
    socket: Socket
    opened: float = field(default_factory=time.monotonic)

    def send(self, source: Socket) -> None:
        """Pass on what *source* says, until it falls silent."""
        with contextlib.suppress(OSError):
            while chunk := source.recv(_CHUNK):
                self.socket.sendall(chunk)
        with contextlib.suppress(OSError):
            self.socket.shutdown(SHUT_WR)

    def receive(self, target: Socket) -> None:
        """Pass on to *target* what the engine answers, until it hangs up."""
        with contextlib.suppress(OSError):
            for content in self._frames():
                target.sendall(content)
        with contextlib.suppress(OSError):
            target.shutdown(SHUT_WR)

    def close(self) -> None:
        """Hang up, which ends the program."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(SHUT_RDWR)
        self.socket.close()
        self.stream.close()  # it holds the socket open, too
        self.client.close()

    def _frames(self) -> Iterator[bytes]:
        """Yield what comes out, as it comes; what the program complains of is not."""
        while len(header := self._exactly(_HEADER.size)) == _HEADER.size:
            kind, left = _HEADER.unpack(header)
            while left and (content := self.socket.recv(min(left, _CHUNK))):
                left -= len(content)
                if kind == _OUTPUT:
                    yield content
            if left:
                return

    def _exactly(self, size: int) -> bytes:
        found = b""
        while len(found) < size and (more := self.socket.recv(size - len(found))):
            found += more
        return found


class Dialer:
    """Opens lines into the container *name* of an engine."""

    def __init__(self, connect: Connect, name: str) -> None:
        self._connect = connect
        self._name = name
        self._lock = threading.Lock()
        self._ready: list[Line] = []
        self._wanted = True

    def lead(self, connection: Socket) -> None:
        """Carry *connection* to the engine and back, until both have ended."""
        with connection:
            try:
                line = self._take() or self._open()
            except (DockerException, RequestException, OSError):
                return  # whoever connected sees that nobody answers
            threading.Thread(target=self._prepare, daemon=True).start()
            sending = threading.Thread(
                target=line.send, args=(connection,), daemon=True
            )
            sending.start()
            line.receive(connection)
            line.close()
            with contextlib.suppress(OSError):
                connection.shutdown(SHUT_RD)
            sending.join()

    def wake(self) -> None:
        """Keep a line ready from now on."""
        with self._lock:
            self._wanted = True
        threading.Thread(target=self._prepare, daemon=True).start()

    def rest(self) -> None:
        """Hang up what nobody uses: the engine may then see that it is idle."""
        with self._lock:
            self._wanted = False
            ready, self._ready = self._ready, []
        for line in ready:
            line.close()

    def _take(self) -> Line | None:
        """Return a line that is ready, if it is young enough to be trusted."""
        with self._lock:
            line = self._ready.pop() if self._ready else None
        if line is not None and time.monotonic() - line.opened > _READY_FOR:
            line.close()
            return None
        return line

    def _prepare(self) -> None:
        with self._lock:
            if self._ready or not self._wanted:
                return
        try:
            line = self._open()
        except (DockerException, RequestException, OSError):
            return  # whoever needs one next is told why
        with self._lock:
            if self._may_keep():
                self._ready.append(line)
                return
        line.close()

    def _may_keep(self) -> bool:
        return self._wanted and not self._ready

    def _open(self) -> Line:
        client = self._connect()
        try:
            program = client.exec_create(self._name, ["/bin/sh", DIAL], stdin=True)
            stream = client.exec_start(program["Id"], socket=True)
        except BaseException:
            client.close()
            raise
        plain: object = getattr(stream, "_sock", stream)
        if not isinstance(plain, Socket) or not isinstance(stream, SocketIO):
            raise TypeError(f"the engine's client gave a {type(stream).__name__}")
        plain.settimeout(None)
        return Line(client, stream, plain)
