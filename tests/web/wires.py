"""Connections without a network: what comes in is told, what goes out is kept."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.web.connection import Connection
from bot.web.gate import Gate, Limits


class Wire(asyncio.Transport):
    """A transport that remembers what was done to it."""

    def __init__(self, host: str) -> None:
        super().__init__({"peername": (host, 1)})
        self.written = b""
        self.done: list[str] = []

    def write(self, data: object) -> None:
        """Keep what is written."""
        self.written += bytes(data)  # type: ignore[call-overload] # as the port has it

    def close(self) -> None:
        """Note the end."""
        self.done.append("close")

    def abort(self) -> None:
        """Note the sudden end."""
        self.done.append("abort")

    def pause_reading(self) -> None:
        """Note the pause."""
        self.done.append("pause")

    def resume_reading(self) -> None:
        """Note its end."""
        self.done.append("resume")


@dataclass(slots=True)
class Speaker(asyncio.Protocol):
    """Keeps what it hears in place of speaking HTTP."""

    heard: list[bytes] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note it."""
        self.told.append("made")

    def data_received(self, data: bytes) -> None:
        """Keep it."""
        self.heard.append(data)

    def pause_writing(self) -> None:
        """Note it."""
        self.told.append("pause")

    def resume_writing(self) -> None:
        """Note it."""
        self.told.append("resume")

    def eof_received(self) -> None:
        """Note it."""
        self.told.append("eof")

    def connection_lost(self, exc: Exception | None) -> None:
        """Note it."""
        self.told.append("lost")


@dataclass(slots=True)
class Content:
    """The body of a request: there as a whole, or not yet."""

    whole: bool

    def is_eof(self) -> bool:
        """Tell whether it is there."""
        return self.whole


@dataclass(slots=True)
class Asked:
    """As much of a request as a connection looks at."""

    content: Content


@dataclass(slots=True)
class Door:
    """A gate with what knocks at it; its clock stands still until it is moved."""

    limits: Limits
    now: float = 0.0
    speakers: list[Speaker] = field(default_factory=list)
    gate: Gate = field(init=False)

    def __post_init__(self) -> None:
        """Set up the gate."""
        self.gate = Gate(self.limits, lambda: self.now, self._speaker)

    def knock(self, host: str = "192.0.2.1") -> tuple[Connection, Wire]:
        """Return a new connection from *host*, and its other end."""
        connection, wire = Connection(self.gate), Wire(host)
        connection.connection_made(wire)
        return connection, wire

    def _speaker(self) -> Speaker:
        self.speakers.append(Speaker())
        return self.speakers[-1]
