"""Put jobs into the database from a process that does none of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from dbos import DBOSClient, error
from sqlalchemy.exc import SQLAlchemyError

from bot.desk import QueueDownError
from bot.job import Job
from bot.jobs import database, queues, runner_states
from bot.jobs.json_serializer import serializer

MOST = 1000
"""How many open jobs are looked at to tell how deep the queue is."""
_SECONDS = 5.0
_OPEN = ["ENQUEUED", "DELAYED", "PENDING"]


@dataclass(frozen=True, slots=True)
class Outbox:
    """The durable queue as the web process sees it."""

    client: DBOSClient
    url: str

    @classmethod
    def open(cls, url: str) -> Outbox:
        """Make the database ready and connect to it."""
        database.prepare(url)
        client = DBOSClient(
            system_database_url=url,
            application_name=queues.APPLICATION,
            serializer=serializer(),
            retry_connection_errors=False,
        )
        return cls(client, url)

    async def submit(self, job: Job) -> None:
        """Return once *job* is durable; one that is known already stays as it is."""
        async with _answered():
            await self.client.enqueue_async(queues.enqueueing(job), job)

    async def depth(self) -> Mapping[str, int]:
        """Return how many jobs wait (``waiting``) and are being done (``running``).

        More than ``MOST`` are not counted.
        """
        async with _answered():
            known = await self.client.list_workflows_async(
                status=_OPEN, limit=MOST, load_input=False, load_output=False
            )
        states = Counter(status.status == "PENDING" for status in known)
        return {"waiting": states[False], "running": states[True]}

    async def runners(self) -> Mapping[str, str]:
        """Return what workers found out about their runners' isolation."""
        async with _answered():
            return await asyncio.to_thread(runner_states.read, self.url)

    def close(self) -> None:
        """Let go of the database."""
        self.client.destroy()


@asynccontextmanager
async def _answered() -> AsyncIterator[None]:
    """Wait for the database, and say so where it does not answer."""
    try:
        async with asyncio.timeout(_SECONDS):
            yield
    except (TimeoutError, SQLAlchemyError, error.DBOSException) as reason:
        raise QueueDownError(f"{type(reason).__name__}: {reason}") from reason
