"""Who reads and judges a stranger's files: this process, or one made for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Judge(Protocol):
    """Runs one step of `bot.judging` and returns what it returns.

    Raises CostlyError where the files ask for more time or memory than one
    step may take.
    """

    async def __call__(
        self, step: Callable[P, T], /, *given: P.args, **named: P.kwargs
    ) -> T:
        """Run *step* with what it is *given*."""
        ...


async def here(step: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> T:
    """Run *step* in this process, off the event loop.

    For somebody's own files on their own machine: nothing bounds it but them.
    """
    return await asyncio.to_thread(step, *given, **named)
