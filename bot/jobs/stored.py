"""The job in a row of the database, which may hold something else."""

from __future__ import annotations

from typing import Any

from dbos import WorkflowStatus

from bot.job import Job
from bot.jobs.notation import UnreadableError


def job_of(status: WorkflowStatus) -> Job | None:
    """Return the job that *status* is about, or None where it holds none.

    DBOS gives the bare text of what cannot be read.
    """
    held: object = status.input
    args = held.get("args") if isinstance(held, dict) else None
    match args:
        case (Job() as job,) if job.id == status.workflow_id:
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
    raise UnreadableError("what is to be done is no job")
