"""Hear the docker calls of a recipe and attend to several at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine

from bot.builds.desk import Call, Slot
from bot.processes.program import Ended

Listener = Callable[[Call], Awaitable[None]]
_TOGETHER = 4


class Hearing:
    """Turns what comes out of a recipe's container into running calls.

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
        self._slot = Slot()

    def hear(self, chunk: bytes) -> None:
        """Take the next bytes that come out."""
        for call in self._slot.feed(chunk):
            if self._left > 0:
                self._left -= 1
                task = asyncio.create_task(self._attend(call))
                task.add_done_callback(self._settle)
                self._tasks.add(task)

    def text(self) -> str:
        """Return what was heard and was no call."""
        return self._slot.text()

    async def attend_while(self, command: Coroutine[None, None, Ended]) -> Ended:
        """Attend to calls until *command* has ended."""
        running = asyncio.create_task(command)
        try:
            waited = (running, self._trouble)
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            return self._trouble.result() if self._trouble.done() else running.result()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await self._stop()

    async def _stop(self) -> None:
        """End every call that is still being attended to."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._trouble.cancel()

    async def _attend(self, call: Call) -> None:
        async with self._room:
            await self._listener(call)

    def _settle(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None and not self._trouble.done():
            self._trouble.set_exception(error)
