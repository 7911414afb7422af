"""Do one job: try it, wait when something is down, say so, and try again."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from dbos import DBOS

from bot.github_ports import GitHubUnavailableError
from bot.job import Job
from bot.jobs import queues, supersession
from bot.jobs.checkpoint import PASSING, DurableCheckpoint
from bot.ports import Checkpoint

LOG = logging.getLogger(__name__)

Follow = Callable[[Job], Awaitable[None]]
"""Puts a job into its queue from within another."""


class Performer(Protocol):
    """Knows how each job is done; everything it writes goes through checkpoints."""

    async def perform(self, job: Job, checkpoint: Checkpoint, follow: Follow) -> None:
        """Do *job*; a passing error lets it be tried again later."""
        ...

    async def postpone(self, job: Job, checkpoint: Checkpoint, why: str) -> None:
        """Say that *job* waits because of a passing error."""
        ...

    async def give_up(self, job: Job, checkpoint: Checkpoint, why: str) -> None:
        """Say that *job* ends without a result; *why* is empty for a fault of ours."""
        ...


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a job is tried, and how long it waits before the next time."""

    tries: int = 8
    first: float = 15.0
    most: float = 900.0

    def pause(self, attempt: int, error: Exception) -> float:
        """Return the seconds to wait after *attempt* (from 0) ended in *error*."""
        asked = error.seconds if isinstance(error, GitHubUnavailableError) else 0.0
        return min(self.most, max(asked, self.first * 2.0**attempt))


@dataclass(frozen=True, slots=True)
class Performing:
    """One performer with its patience."""

    performer: Performer
    patience: Patience = field(default_factory=Patience)

    async def do(self, job: Job) -> str:
        """Do *job* to the end and return how it ended, for the operator."""
        if await DBOS.run_step_async(
            {"name": "give way"}, supersession.give_way, job.id
        ):
            return "superseded"
        checkpoint = DurableCheckpoint()
        for attempt in range(self.patience.tries):
            try:
                await self.performer.perform(job, checkpoint, _follow)
            except PASSING as error:
                await self._wait(job, checkpoint, error, attempt)
            except Exception:
                LOG.exception("job %s failed", job.id)
                await self._give_up(job, checkpoint, "")
                raise
            else:
                return "done"
        return "gave up"

    async def _wait(
        self, job: Job, checkpoint: Checkpoint, error: Exception, attempt: int
    ) -> None:
        last = attempt + 1 == self.patience.tries
        LOG.warning("job %s met %s (try %d)", job.id, error, attempt + 1)
        if last:
            await self._give_up(job, checkpoint, str(error))
            return
        with suppress(*PASSING):
            await self.performer.postpone(job, checkpoint, str(error))
        await DBOS.sleep_async(self.patience.pause(attempt, error))

    async def _give_up(self, job: Job, checkpoint: Checkpoint, why: str) -> None:
        with suppress(*PASSING):
            await self.performer.give_up(job, checkpoint, why)


async def _follow(job: Job) -> None:
    await DBOS.enqueue_workflow_with_options_async(queues.enqueueing(job), job)
