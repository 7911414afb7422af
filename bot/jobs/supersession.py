"""A newer head takes the place of an older one: nobody waits for what is gone."""

from __future__ import annotations

from dbos import DBOS, WorkflowStatus

from bot.job import Job, delivery_of, is_id, moment_of, prefix, same_key
from bot.jobs.kept import Standing
from bot.jobs.stored import job_of

_OPEN = frozenset({"ENQUEUED", "DELAYED", "PENDING"})
_LATEST = 100
"""How many jobs about one head are looked at, the latest first."""


async def standing(job: str) -> Standing:
    """Tell which jobs with the key of *job* are newer, and which are older.

    Deliveries may come out of order, so the payload's own time decides, and
    the order of arrival only within the same second. Two that cannot be told
    apart are both done.
    """
    found = await DBOS.list_workflows_async(
        workflow_id_prefix=prefix(job),
        sort_desc=True,
        limit=_LATEST,
        load_input=False,
        load_output=False,
    )
    known = [one for one in found if is_id(one.workflow_id)]
    ages = {one.workflow_id: _age(one) for one in known}
    mine = ages.get(job, (moment_of(job), 0))
    others = [one for one in known if _rivals(one.workflow_id, job)]
    if any(ages[one.workflow_id] > mine for one in others):
        return Standing(gone=True)
    older = [
        one.workflow_id
        for one in others
        if one.status in _OPEN and ages[one.workflow_id] < mine
    ]
    return Standing(gone=False, older=await _jobs(older) if older else ())


async def stop(jobs: tuple[Job, ...]) -> None:
    """Stop *jobs*; those that have ended by now are not touched."""
    await DBOS.cancel_workflows_async([one.id for one in jobs])


async def _jobs(names: list[str]) -> tuple[Job, ...]:
    """Return the jobs of these names."""
    known = await DBOS.list_workflows_async(workflow_ids=names, load_output=False)
    return tuple(job for job in map(job_of, known) if job is not None)


def _age(status: WorkflowStatus) -> tuple[int, int]:
    return moment_of(status.workflow_id), status.created_at or 0


def _rivals(one: str, other: str) -> bool:
    """Tell whether two jobs are about one head and go back to two webhooks."""
    return same_key(one, other) and delivery_of(one) != delivery_of(other)
