"""Hear the docker calls of a recipe and attend to several at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine

from bot.builds.budget import Budget
from bot.builds.desk import Call, Slot
from bot.errors import UserError
from bot.processes.program import Ended

Listener = Callable[[Call], Awaitable[None]]
_TOGETHER = 4
_FLOOD = (
    "The command calls docker more often at the same time, and with larger "
    "environments, than the runner keeps in memory. Let it wait for its calls."
)


class Hearing:
    """Turns what comes out of a recipe's container into running calls.

    What keeps a call from being attended to at all, for instance that the
    engine is gone or the *budget* spent, is raised to whoever waits in
    ``attend_while``.
    """

    def __init__(self, listener: Listener, budget: Budget) -> None:
        loop = asyncio.get_running_loop()
        self._trouble: asyncio.Future[Ended] = loop.create_future()
        self._tasks: set[asyncio.Task[None]] = set()
        self._listener = listener
        self._budget = budget
        self._room = asyncio.Semaphore(_TOGETHER)
        self._slot = Slot()

    def hear(self, chunk: bytes) -> None:
        """Take the next bytes that come out."""
        self._budget.spend(size=len(chunk))
        for call in self._slot.feed(chunk):
            self._budget.spend(calls=1)
            if not self._budget.hold(call.size):
                raise UserError(_FLOOD)
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
        left = tuple(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        self._trouble.cancel()

    async def _attend(self, call: Call) -> None:
        try:
            async with self._room:
                await self._listener(call)
        finally:
            self._budget.let_go(call.size)

    def _settle(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not self._trouble.done():
            self._trouble.set_exception(error)
