"""A living worker goes on with the jobs of a dead one."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

import psycopg
from dbos import DBOS

from bot.errors import UserError
from bot.jobs.lease import Lease, NotHeldError

LOG = logging.getLogger(__name__)

_SECONDS = 3.0
_TRIES = 10


@dataclass(frozen=True, slots=True)
class Watch:
    """One worker's eye on itself and on the others."""

    worker: str
    lease: Lease

    async def begin(self) -> None:
        """Show that this worker lives, or say who else does under its name.

        A worker that looks whether this one is dead holds its lock for a
        moment, so a refusal counts only when it lasts.
        """
        for _ in range(_TRIES):
            try:
                return await asyncio.to_thread(self.lease.hold)
            except NotHeldError:
                await asyncio.sleep(_SECONDS / _TRIES)
        raise UserError(
            f"A worker called {self.worker} is at work with this database already, "
            "and two of one name would do the same jobs. Stop it; on PostgreSQL "
            "another MULTIARCH_WORKER will do, a SQLite file takes one worker."
        )

    async def keep(self) -> None:
        """Look after the dead until cancelled."""
        while True:
            try:
                await asyncio.to_thread(self._round)
            except (psycopg.Error, NotHeldError, OSError) as error:
                LOG.warning("cannot look after other workers: %s", error)
            await asyncio.sleep(_SECONDS)

    def _round(self) -> None:
        self.lease.hold()
        for worker in sorted(_at_work() - {self.worker}):
            with self.lease.is_dead(worker) as dead:
                if dead:
                    LOG.warning("worker %s is dead, its jobs go on here", worker)
                    # The public `resume_workflow` would forget how often a job
                    # has been begun, and so let one that kills its worker kill
                    # all of them, for ever.
                    DBOS._recover_pending_workflows([worker])  # noqa: SLF001


def _at_work() -> set[str]:
    running = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
    return {one.executor_id for one in running if one.executor_id}
