"""Steps of a job that are done once, however often the job starts again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from dbos import DBOS

from bot.errors import EngineUnavailableError
from bot.github_ports import GitHubUnavailableError
from bot.jobs.kept import Done, Later

T = TypeVar("T")

PASSING = (EngineUnavailableError, GitHubUnavailableError)
"""Errors that go away by themselves: the step is worth doing again later."""


@dataclass(slots=True)
class DurableCheckpoint:
    """The checkpoints of one job.

    A step that ended is never done again, neither after the process was killed
    (DBOS keeps its result) nor when the job is tried again after a passing
    error (it is kept here, by its name and how often the name came before).
    Steps come one after the other: DBOS knows them by their order.
    """

    _done: dict[tuple[str, int], Any] = field(default_factory=dict)
    _calls: Counter[str] = field(default_factory=Counter)
    _running: str = ""

    def rewind(self) -> None:
        """Begin the job once more, with the results of the steps that ended."""
        self._calls.clear()

    async def __call__(self, name: str, step: Callable[[], Awaitable[T]]) -> T:
        """Return what *step* returns, or what it returned the last time.

        The step is cancelled when the job is.
        """
        call = (name, self._calls[name])
        self._calls[name] += 1
        if call not in self._done:
            self._done[call] = await self._do(name, step)
        result: T = self._done[call]
        return result

    async def _do(self, name: str, step: Callable[[], Awaitable[T]]) -> T:
        if self._running:
            raise RuntimeError(f"step {name} began while {self._running} ran")
        self._running = name
        try:
            outcome = await DBOS.run_step_async(
                {"name": name, "preemptible": True}, _attempt, step
            )
        finally:
            self._running = ""
        if isinstance(outcome, Later):
            raise outcome.error
        value: T = outcome.value
        return value


async def _attempt(step: Callable[[], Awaitable[Any]]) -> Done | Later:
    """Turn a passing error into a result: DBOS would keep the error for good."""
    try:
        return Done(await step())
    except PASSING as error:
        return Later(error)
