"""Hear the docker calls of a recipe and attend to several at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine

from bot.builds import desk
from bot.builds.process import Ended

Listener = Callable[[str], Awaitable[None]]
_TOGETHER = 4


class Hearing:
    """Turns what the doorman prints into running calls.

    What keeps a call from being attended to at all, for instance that the
    engine is gone, is raised to whoever waits in ``attend_while``.
    """

    def __init__(self, listener: Listener, most: int) -> None:
        loop = asyncio.get_running_loop()
        self._trouble: asyncio.Future[Ended] = loop.create_future()
        self._tasks: set[asyncio.Task[None]] = set()
        self._listener = listener
        self._left = most
        self._room = asyncio.Semaphore(_TOGETHER)
        self._rest = b""

    def hear(self, chunk: bytes) -> None:
        """Take the next bytes that the doorman prints."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            call = line.decode("ascii", errors="replace").strip()
            if desk.is_call(call) and self._left > 0:
                self._left -= 1
                task = asyncio.create_task(self._attend(call))
                task.add_done_callback(self._settle)
                self._tasks.add(task)

    async def attend_while(self, doorman: Coroutine[None, None, Ended]) -> None:
        """Attend to calls until *doorman* has ended."""
        knocking = asyncio.create_task(doorman)
        try:
            waited = (knocking, self._trouble)
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            if self._trouble.done():
                self._trouble.result()
        finally:
            knocking.cancel()
            await asyncio.gather(knocking, return_exceptions=True)

    async def stop(self) -> None:
        """End every call that is still being attended to."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._trouble.cancel()

    async def _attend(self, call: str) -> None:
        async with self._room:
            await self._listener(call)

    def _settle(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None and not self._trouble.done():
            self._trouble.set_exception(error)
