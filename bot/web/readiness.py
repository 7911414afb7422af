"""Whether a webhook could be taken now, and what is known of jobs and runners."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Mapping
from typing import Any, Protocol

from aiohttp import web

from bot.desk import QueueDownError

LOG = logging.getLogger(__name__)

PAUSE = 0.1
"""Seconds from one question to the next: everybody may ask, and the database counts."""


class State(Protocol):
    """What the database knows."""

    async def depth(self) -> Mapping[str, int]:
        """Return how many jobs wait and are being done."""
        ...

    async def runners(self) -> Mapping[str, str]:
        """Return what is known of each runner's isolation, by its name."""
        ...


class Readiness:
    """Asks *state* at most once in so many *seconds*, however many ask us.

    Each is told what was found after he had asked, so that nobody sees a state
    from before what he did himself.
    """

    def __init__(self, state: State, seconds: float = PAUSE) -> None:
        self._state = state
        self._seconds = seconds
        self._asking = asyncio.Lock()
        self._asked = -math.inf
        self._known: tuple[int, Mapping[str, Any]] = (503, {})

    async def answer(self, request: web.Request) -> web.Response:
        """Tell whether a webhook could be taken now, and of open jobs and runners."""
        came = time.monotonic()
        async with self._asking:
            if self._asked < came:
                await asyncio.sleep(self._asked + self._seconds - time.monotonic())
                self._asked = time.monotonic()
                self._known = await self._ask()
        status, said = self._known
        return web.json_response(said, status=status)

    async def _ask(self) -> tuple[int, Mapping[str, Any]]:
        """Return the status and the words of the answer; silence is one, too."""
        try:
            depth = await self._state.depth()
            runners = await self._state.runners()
        except QueueDownError:
            LOG.exception("the database does not answer")
            return 503, {"status": "the database does not answer"}
        return 200, {"status": "ready", "jobs": dict(depth), "runners": dict(runners)}
