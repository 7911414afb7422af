"""Jobs that nobody goes on with any more: their end is said all the same."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from dbos import DBOS, error
from sqlalchemy.exc import SQLAlchemyError

from bot.job import Job
from bot.jobs.checkpoint import PASSING
from bot.jobs.kept import LostError
from bot.jobs.stored import job_of

LOG = logging.getLogger(__name__)

Farewell = Callable[[Job, Exception], Awaitable[None]]
"""Says that a job ends without a result, and why."""

_LOST = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"
_AT_ONCE = 20
_SECONDS = 5.0


async def keep(farewell: Farewell) -> None:
    """Look for lost jobs until cancelled."""
    while True:
        try:
            await bury(farewell)
        except (SQLAlchemyError, error.DBOSException) as reason:
            LOG.warning("cannot look for lost jobs: %s", reason)
        await asyncio.sleep(_SECONDS)


async def bury(farewell: Farewell) -> None:
    """Say the end of jobs that were begun too often, each until it is heard."""
    lost = await DBOS.list_workflows_async(
        status=_LOST, limit=_AT_ONCE, load_output=False
    )
    for one in lost:
        job = job_of(one)
        if job is None:
            LOG.error("%s was begun too often and holds no job", one.workflow_id)
        if job is None or await _is_heard(job, farewell):
            # What is cancelled is not lost any more, so this is done once.
            await DBOS.cancel_workflow_async(one.workflow_id)


async def _is_heard(job: Job, farewell: Farewell) -> bool:
    LOG.error("job %s was begun too often and is let go", job.id)
    try:
        await farewell(job, LostError(job.id))
    except PASSING as reason:
        LOG.warning("job %s cannot say that it ends: %s", job.id, reason)
        return False
    except Exception:
        LOG.exception("job %s ends without a word", job.id)
    return True
