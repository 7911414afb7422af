"""The process that does the jobs, and finds those again that it left undone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

from dbos import DBOS

from bot.job import Job
from bot.jobs import beginnings, burial, clearing, database, queues, quiet, stored
from bot.jobs.json_serializer import serializer
from bot.jobs.lease import lease
from bot.jobs.performing import Performing
from bot.jobs.takeover import Watch

_BEGINNINGS = 10
"""How often a job is begun at most, though it gets a step further each time."""
_DBOS_LOG = logging.getLogger("dbos")


@dataclass(frozen=True, slots=True)
class Identity:
    """Which worker this is, and which database it works for."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many jobs are done at once: quick ones here, builds over all workers."""

    jobs: int = 4
    builds: int = 1


@dataclass(slots=True)
class Worker:
    """One worker; its jobs run on the event loop that started it."""

    identity: Identity
    performing: Performing
    capacity: Capacity = field(default_factory=Capacity)
    _running: dict[asyncio.Task[object], str] = field(default_factory=dict)
    _watch: Watch | None = None
    _watching: tuple[asyncio.Task[None], ...] = ()

    async def start(self) -> None:
        """Go on with the unfinished jobs of this worker, and take new ones."""
        name, url = self.identity.name, self.identity.url
        await asyncio.to_thread(database.prepare, url)
        self._watch = Watch(name, lease(url, name))
        await self._watch.begin()
        _DBOS_LOG.addFilter(quiet.is_news)
        DBOS(
            config={
                "name": queues.APPLICATION,
                "system_database_url": url,
                "application_version": queues.VERSION,
                "executor_id": name,
                "serializer": serializer(),
                "run_migrations": False,
                "log_level": "WARNING",
            }
        )
        workflow = DBOS.workflow(
            name=queues.WORKFLOW,
            max_recovery_attempts=_BEGINNINGS,
            validate_args=stored.one_job,
        )
        workflow(self._workflow())
        # Not in a thread: DBOS runs jobs on the loop from which it is launched.
        DBOS.launch()
        await asyncio.to_thread(queues.register, self.capacity.builds)
        farewell = self.performing.performer.give_up
        self._watching = (
            asyncio.create_task(self._watch.keep()),
            asyncio.create_task(burial.keep(farewell)),
            asyncio.create_task(clearing.keep(name, self._running.values)),
        )

    async def stop(self, grace: float) -> None:
        """Take no more jobs, and stop those that are not done in *grace* seconds.

        What is stopped is still open: the next worker goes on with it.
        """
        for watching in self._watching:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
        await beginnings.forgive(self._running.values())
        ending = asyncio.create_task(asyncio.to_thread(_end, int(grace) + 60))
        if self._running:
            await asyncio.wait(tuple(self._running), timeout=grace)
        left = tuple(self._running)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await ending
        # DBOS lent the loop its threads (asyncio.to_thread) and took them away.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
        if self._watch is not None:
            await asyncio.to_thread(self._watch.lease.release)

    def _workflow(self) -> Callable[[Job], Coroutine[object, object, str]]:
        seats = asyncio.Semaphore(self.capacity.jobs)

        async def work(job: Job) -> str:
            task = asyncio.current_task()
            if task is None:  # pragma: no cover - a coroutine runs in a task
                raise RuntimeError("a job runs outside of a task")
            stored.refuse_other(job, DBOS.workflow_id)
            self._running[task] = job.id
            try:
                return await self.performing.do(job, seats)
            finally:
                del self._running[task]

        return work


def _end(seconds: int) -> None:
    """Stop dequeuing at once, and the rest when no job runs any more."""
    DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=seconds)
