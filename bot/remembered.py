"""An answer that is slow to get and stays true for a while."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """Asks with *ask* when it is first wanted, and again after *seconds*."""

    def __init__(self, ask: Callable[[], Awaitable[T]], seconds: float) -> None:
        self._ask = ask
        self._seconds = seconds
        self._asking = asyncio.Lock()
        self._known: tuple[float, T] | None = None

    async def get(self) -> T:
        """Return the answer; who comes while it is asked for waits for it."""
        async with self._asking:
            now = time.monotonic()
            if self._known is None or now - self._known[0] > self._seconds:
                self._known = (now, await self._ask())
            return self._known[1]
