"""Let everybody who asks the same question at once share one answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Flights(Generic[T]):
    """The questions that are being asked now, one task for each."""

    def __init__(self) -> None:
        self._tasks: dict[Hashable, asyncio.Task[T]] = {}

    async def share(
        self, key: Hashable, start: Callable[[], Coroutine[Any, Any, T]]
    ) -> T:
        """Return what the running question under *key* returns, or start it."""
        task = self._tasks.get(key)
        if task is None:
            task = asyncio.get_running_loop().create_task(start())
            self._tasks[key] = task
            task.add_done_callback(lambda _: self._tasks.pop(key, None))
        # One who goes away must not take the answer from the others.
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Cancel every question that is still being asked."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
