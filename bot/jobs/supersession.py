"""A newer head takes the place of an older one: nobody waits for what is gone."""

from __future__ import annotations

from dbos import DBOS, WorkflowStatus

from bot.job import delivery_of, moment_of, prefix, same_key

_OPEN = frozenset({"ENQUEUED", "DELAYED", "PENDING"})
_LATEST = 100
"""How many jobs about one head are looked at, the latest first."""


async def give_way(job: str) -> bool:
    """Stop older jobs with the key of *job*; tell whether a newer one is known.

    Deliveries may come out of order, so the payload's own time decides, and
    the order of arrival only within the same second. Two that cannot be told
    apart are both done.
    """
    known = await DBOS.list_workflows_async(
        workflow_id_prefix=prefix(job),
        sort_desc=True,
        limit=_LATEST,
        load_input=False,
        load_output=False,
    )
    ages = {one.workflow_id: _age(one) for one in known}
    mine = ages.get(job, (moment_of(job), 0))
    others = [one for one in known if _rivals(one.workflow_id, job)]
    if any(ages[one.workflow_id] > mine for one in others):
        return True
    older = [
        one.workflow_id
        for one in others
        if one.status in _OPEN and ages[one.workflow_id] < mine
    ]
    if older:
        await DBOS.cancel_workflows_async(older)
    return False


def _age(status: WorkflowStatus) -> tuple[int, int]:
    return moment_of(status.workflow_id), status.created_at or 0


def _rivals(one: str, other: str) -> bool:
    """Tell whether two jobs are about one head and go back to two webhooks."""
    return same_key(one, other) and delivery_of(one) != delivery_of(other)
