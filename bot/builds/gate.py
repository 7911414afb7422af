"""Let starts of containers and mounts of a part never happen at the same time.

Whether a path of the workspace is a link can only be said while nobody writes
there. Running containers can be paused; one that is being started cannot, and its
program may run before the engine says so. So a mount waits until every start is
over, and new starts wait until the mount is made.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Gate:
    """Passes many starts at a time, or one mount."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()
        self._starting = 0
        self._mounting = False

    @asynccontextmanager
    async def starting(self) -> AsyncIterator[None]:
        """Enter before a container is started; leave when the engine says it is."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._mounting)
            self._starting += 1
        try:
            yield
        finally:
            self._starting -= 1
            await self._tell()

    @asynccontextmanager
    async def mounting(self) -> AsyncIterator[None]:
        """Enter when no start is under way; none begins until it is left."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._mounting)
            self._mounting = True
        try:
            async with self._changed:
                await self._changed.wait_for(lambda: self._starting == 0)
            yield
        finally:
            self._mounting = False
            await self._tell()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()
