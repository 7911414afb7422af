"""Do one job: try it, wait when something is down, say so, and try again."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from dbos import DBOS

from bot.errors import UserError
from bot.github_ports import GitHubRefusedError, GitHubUnavailableError
from bot.job import Job
from bot.jobs import beginnings, queues, supersession
from bot.jobs.checkpoint import PASSING, DurableCheckpoint
from bot.jobs.kept import LostError, Standing
from bot.ports import Checkpoint

LOG = logging.getLogger(__name__)

_LIMITED = 65 * 60.0
"""The longest wait that GitHub can ask for: a rate limit ends within an hour."""

Follow = Callable[[Job], Awaitable[None]]
"""Puts a job into its queue from within another."""


class Performer(Protocol):
    """Knows how each job is done; what it writes can be written twice."""

    async def perform(self, job: Job, checkpoint: Checkpoint, follow: Follow) -> None:
        """Do *job*; a passing error lets it be tried again later."""
        ...

    async def postpone(self, job: Job, why: Exception) -> None:
        """Say that *job* waits because of a passing error."""
        ...

    async def give_up(self, job: Job, why: Exception) -> None:
        """Say that *job* ends without a result."""
        ...

    async def supersede(self, job: Job) -> None:
        """Say that *job* ends because a newer one takes its place."""
        ...


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a job is tried, and how long it waits before the next time."""

    tries: int = 8
    first: float = 15.0
    most: float = 300.0
    longest: float = math.inf
    """Seconds after which a job that was begun does not wait for another try."""

    def pause(self, attempt: int, error: Exception) -> float:
        """Return the seconds to wait after *attempt* (from 0) ended in *error*.

        What GitHub asks for is waited out: who asks again before a rate limit
        ends uses up the tries in vain, and may be locked out.
        """
        asked = error.seconds if isinstance(error, GitHubUnavailableError) else 0.0
        ours = min(self.most, self.first * 2.0**attempt)
        return max(ours, min(_LIMITED, asked))


@dataclass(frozen=True, slots=True)
class Performing:
    """One performer with its patience."""

    performer: Performer
    patience: Patience = field(default_factory=Patience)

    async def do(self, job: Job, seats: asyncio.Semaphore) -> str:
        """Do *job* to the end and return how it ended, for the operator.

        A quick job works on one of *seats*, and leaves it while it waits for
        another try: a rate limit of one owner must not keep the others waiting.
        How many jobs build at once is for their queue to say.
        Only what *perform* does is kept in the history of the job. The waits
        between two tries are not: an error that met no step may be gone when
        the job goes on after a crash, and the history must fit all the same.
        """
        if await beginnings.deaths(job) >= beginnings.MOST:
            LOG.error("job %s stops its worker and is let go", job.id)
            await self._give_up(job, LostError(job.id))
            return "lost"
        standing = await DBOS.run_step_async(
            {"name": "give way"}, supersession.standing, job.id
        )
        if standing.older:
            await DBOS.run_step_async(
                {"name": "stop what is older"}, supersession.stop, standing.older
            )
        checkpoint = DurableCheckpoint()
        end = time.monotonic() + self.patience.longest
        for attempt in range(self.patience.tries):
            checkpoint.rewind()
            try:
                async with nullcontext() if queues.is_slow(job) else seats:
                    return await self._try(job, standing, checkpoint)
            except PASSING as error:
                if not await self._wait(job, error, attempt, end):
                    break
            except (GitHubRefusedError, UserError) as error:
                LOG.warning("job %s ends: %s", job.id, error)
                await self._give_up(job, error)
                return "refused"
            except Exception as error:
                LOG.exception("job %s failed", job.id)
                await self._give_up(job, error)
                raise
        return "gave up"

    async def _try(
        self, job: Job, standing: Standing, checkpoint: DurableCheckpoint
    ) -> str:
        """Say what ends because of *job*, and do it unless that is *job* itself."""
        for one in (job,) if standing.gone else standing.older:
            told = partial(self.performer.supersede, one)
            await checkpoint("tell that it is superseded", told)
        if standing.gone:
            return "superseded"
        await self.performer.perform(job, checkpoint, _follow)
        return "done"

    async def _wait(self, job: Job, error: Exception, attempt: int, end: float) -> bool:
        """Wait for the next try; tell whether there is one.

        Who builds holds the place of others while it waits.
        """
        LOG.warning("job %s, try %d: %s", job.id, attempt + 1, error)
        pause = self.patience.pause(attempt, error)
        is_late = time.monotonic() + pause > end
        if is_late or attempt + 1 == self.patience.tries:
            await self._give_up(job, error)
            return False
        with suppress(*PASSING):
            await self.performer.postpone(job, error)
        await asyncio.sleep(pause)
        return True

    async def _give_up(self, job: Job, error: Exception) -> None:
        """Say it, and wait for GitHub to hear it: nothing stays open for ever."""
        for attempt in range(self.patience.tries):
            try:
                await self.performer.give_up(job, error)
            except PASSING as reason:
                LOG.warning("job %s cannot say that it ends: %s", job.id, reason)
                await asyncio.sleep(self.patience.pause(attempt, reason))
            else:
                return


async def _follow(job: Job) -> None:
    turn = await DBOS.run_step_async({"name": "find its turn"}, queues.turn_of, job)
    options = queues.enqueueing(job, turn)
    await DBOS.enqueue_workflow_with_options_async(options, job)
