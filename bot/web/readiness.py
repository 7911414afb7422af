"""Whether a webhook could be taken now, and what is known of jobs and runners."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Protocol

from aiohttp import web

from bot.desk import QueueDownError
from bot.remembered import Remembered

LOG = logging.getLogger(__name__)

FRESH = 1.0
"""Seconds for which an answer stands: everybody may ask, and the database counts."""


class State(Protocol):
    """What the database knows."""

    async def depth(self) -> Mapping[str, int]:
        """Return how many jobs wait and are being done."""
        ...

    async def runners(self) -> Mapping[str, str]:
        """Return what is known of each runner's isolation, by its name."""
        ...


class Readiness:
    """Asks *state* at most once in so many *seconds*, however many ask us."""

    def __init__(self, state: State, seconds: float = FRESH) -> None:
        self._state = state
        self._known = Remembered(self._ask, seconds)

    async def answer(self, request: web.Request) -> web.Response:
        """Tell whether a webhook could be taken now, and of open jobs and runners."""
        status, said = await self._known.get()
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
