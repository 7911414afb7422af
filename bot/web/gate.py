"""How many connections there may be, and which of them goes for a new one."""

from __future__ import annotations

import asyncio
import resource
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bot.web.connection import Connection, Row

_MOST = 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How many connections there may be, and how long each may keep us waiting.

    Seconds: for a head to become whole, for the next request on a connection
    (as proxies keep theirs, for a minute), for the body and what is thrown away,
    and for the latter alone, so that an answer arrives before we close.
    """

    per_address: int
    in_all: int = _MOST
    head: float = 10.0
    idle: float = 75.0
    busy: float = 20.0
    rest: float = 2.0


def as_files_allow() -> int:
    """Return the most connections: the other half is for the database and jobs."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return _MOST
    return max(1, min(_MOST, files // 2))


@dataclass(slots=True)
class Gate:
    """Every connection, in the state that it is in.

    Where there is no room for a new one, that goes which has been silent for
    longest; else the one that has been idle for longest, else the one whose body
    has been coming for longest. What waits for our answer never goes. So a flood
    displaces itself, and GitHub, which says what it has to say at once, gets in.
    """

    limits: Limits
    clock: Callable[[], float]
    speaker: Callable[[], asyncio.Protocol]
    unheard: Row = field(default_factory=dict)
    idle: Row = field(default_factory=dict)
    busy: Row = field(default_factory=dict)
    _origins: Counter[str] = field(default_factory=Counter)

    def __len__(self) -> int:
        """Return how many connections there are."""
        return len(self.unheard) + len(self.idle) + len(self.busy)

    def serve(self) -> asyncio.Protocol:
        """Return what speaks HTTP with one connection."""
        return self.speaker()

    def enter(self, connection: Connection) -> None:
        """Take in *connection*, in place of another where there are too many."""
        origin = connection.origin
        if self._origins[origin] >= self.limits.per_address:
            leaving = next(self._dispensable(origin), connection)
        elif len(self) >= self.limits.in_all:
            leaving = next(self._dispensable(), connection)
        else:
            leaving = None
        if leaving is not None:
            self._drop(leaving)
        if leaving is not connection:
            self._origins[origin] += 1
            connection.row = self.unheard
            self.unheard[connection] = self.clock()

    def move(self, connection: Connection, row: Row) -> None:
        """Note that *connection* is in another state from now on."""
        if connection.row is not None:
            del connection.row[connection]
            connection.row = row
            row[connection] = self.clock()

    def leave(self, connection: Connection) -> None:
        """Forget a connection that has ended."""
        if connection.row is None:
            return
        del connection.row[connection]
        connection.row = None
        self._origins[connection.origin] -= 1
        if not self._origins[connection.origin]:
            del self._origins[connection.origin]

    def sweep(self) -> None:
        """End every connection that keeps us waiting for too long."""
        limits, now = self.limits, self.clock()
        for row, seconds in (
            (self.unheard, limits.head),
            (self.idle, limits.idle),
            (self.busy, limits.busy),
        ):
            late = [one for one, since in row.items() if now - since > seconds]
            for connection in late:
                if not connection.is_owed:
                    self._drop(connection)

    def close(self) -> None:
        """End every connection that asks for nothing."""
        for connection in (*self.unheard, *self.idle):
            self._drop(connection)

    def _dispensable(self, origin: str | None = None) -> Iterator[Connection]:
        for row in (self.unheard, self.idle, self.busy):
            for connection in row:
                ours = origin is None or connection.origin == origin
                if ours and not connection.is_owed:
                    yield connection

    def _drop(self, connection: Connection) -> None:
        self.leave(connection)
        connection.abort()
