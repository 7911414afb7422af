"""Bodies that arrive: each in time, and all of them within a bound on memory."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from aiohttp import StreamReader, web

from bot.web.announcement import LARGEST

MOST = 64 * 1024 * 1024
"""Bytes of all bodies that are arriving at once."""
SECONDS = 10.0
"""How long a body may take to arrive; GitHub waits no longer for an answer."""
_OVERHEAD = 64
"""Bytes that a piece takes besides what it holds, be it one byte."""
_AGAIN = {"Retry-After": "10"}
_FULL = "Too much is arriving at once; deliver it again later.\n"
_LATE = "The body did not arrive in time.\n"
_BROKEN = "The body broke off.\n"


@dataclass(slots=True, eq=False)
class _Arrival:
    """One body that is being read; *deadline* ends the wait for more of it.

    It is kept in the pieces that it comes in: one growing block would be copied
    again and again, and leave holes that no other fits into.
    """

    pieces: list[bytes] = field(default_factory=list)
    size: int = 0
    held: int = 0
    deadline: asyncio.Timeout | None = None
    gave_way: bool = False


@dataclass(slots=True)
class Intake:
    """Reads bodies; where there is no room for more, the oldest gives way.

    What counts is what has come, not what is announced: otherwise two requests
    that announce much and send nothing would shut everybody else out. GitHub's
    bodies are there within milliseconds, so the one that has been arriving for
    longest is hardly ever one of them.
    """

    most: int = MOST
    patience: float = SECONDS
    _held: int = 0
    _arriving: dict[_Arrival, None] = field(default_factory=dict)

    async def body(self, content: StreamReader) -> list[bytes]:
        """Return the pieces of the whole *content*, or refuse it in words."""
        arrival = _Arrival()
        self._arriving[arrival] = None
        try:
            async with asyncio.timeout(self.patience) as arrival.deadline:
                await self._read(content, arrival)
        except TimeoutError as error:
            if arrival.gave_way:
                raise _full() from error
            raise web.HTTPRequestTimeout(text=_LATE) from error
        except (web.RequestPayloadError, ConnectionError) as error:
            raise web.HTTPBadRequest(text=_BROKEN) from error
        finally:
            self._forget(arrival)
        return arrival.pieces

    async def _read(self, content: StreamReader, arrival: _Arrival) -> None:
        async for piece in content.iter_any():
            arrival.size += len(piece)
            if arrival.size > LARGEST:
                raise web.HTTPRequestEntityTooLarge(LARGEST, arrival.size)
            held = len(piece) + _OVERHEAD
            self._make_room(held)
            if arrival.gave_way:
                raise _full()
            arrival.pieces.append(piece)
            arrival.held += held
            self._held += held

    def _make_room(self, size: int) -> None:
        while self._held + size > self.most and self._arriving:
            oldest = next(iter(self._arriving))
            self._forget(oldest)
            oldest.gave_way = True
            oldest.pieces.clear()
            if oldest.deadline is not None:
                oldest.deadline.reschedule(asyncio.get_running_loop().time())

    def _forget(self, arrival: _Arrival) -> None:
        if arrival in self._arriving:
            del self._arriving[arrival]
            self._held -= arrival.held


def _full() -> web.HTTPServiceUnavailable:
    return web.HTTPServiceUnavailable(text=_FULL, headers=_AGAIN)
