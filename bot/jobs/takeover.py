"""A living worker goes on with the jobs of a dead one."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

import psycopg
from dbos import DBOS
from dbos._dbos import _get_dbos_instance

from bot.errors import UserError
from bot.jobs.lease import Lease, NotHeldError
from bot.jobs.queues import VERSION

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
        _let_go(self.worker)
        for worker in sorted(_at_work() - {self.worker}):
            with self.lease.is_dead(worker) as dead:
                if dead:
                    LOG.warning("worker %s is dead, its jobs go on here", worker)
                    # The public `resume_workflow` would forget how often a job
                    # has been begun, and so let one that kills its worker kill
                    # all of them, for ever.
                    DBOS._recover_pending_workflows([worker])  # noqa: SLF001
                    _let_go(worker)


def _at_work() -> set[str]:
    running = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
    return {one.executor_id for one in running if one.executor_id}


def _let_go(worker: str) -> None:
    """Give up what *worker* began under another version, which nobody goes on with.

    It would be counted as at work for ever, and keep others from a runner. Jobs
    that are lost are told so, see `burial`.
    """
    begun = DBOS.list_workflows(
        status="PENDING", executor_id=worker, load_input=False, load_output=False
    )
    for one in begun:
        if one.app_version != VERSION:
            LOG.error("job %s was begun under another version", one.workflow_id)
            # There is no public way to have a job buried.
            _get_dbos_instance()._sys_db.dead_letter_workflows(  # noqa: SLF001
                [one.workflow_id], min_recovery_attempts=0
            )
