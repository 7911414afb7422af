"""The job in a row of the database, which may hold something else."""

from __future__ import annotations

from dbos import WorkflowStatus

from bot.job import Job


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
