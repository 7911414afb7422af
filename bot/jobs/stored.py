"""The job in a row of the database, which may hold something else."""

from __future__ import annotations

import logging
from typing import Any

from dbos import WorkflowStatus

from bot.job import Job
from bot.jobs.notation import UnreadableError

LOG = logging.getLogger(__name__)


def job_of(status: WorkflowStatus) -> Job | None:
    """Return the job that *status* is about, or None where it holds none.

    DBOS gives the bare text of what cannot be read.
    """
    return job_in(status.input, status.workflow_id)


def job_in(held: object, name: str) -> Job | None:
    """Return the job called *name* that *held* gives to a worker, if it is one."""
    args = held.get("args") if isinstance(held, dict) else None
    match args:
        case (Job() as job,) if job.id == name:
            return job
    return None


def one_job(
    args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return what the worker is given to do, if that is one job and nothing else.

    Otherwise DBOS ends it with the error.
    """
    match args:
        case (Job(),) if not kwargs:
            return args, kwargs
    raise UnreadableError("it holds no job")


def refuse_other(job: Job, name: str | None) -> None:
    """Refuse to do *job* in the row called *name*, unless that is its own."""
    if job.id != name:
        reason = UnreadableError("it holds a job of another id")
        LOG.error("job %r has failed: %s", name, reason)
        raise reason
