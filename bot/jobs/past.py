"""What was asked for before: the jobs in the database, ended ones too."""

from __future__ import annotations

from dbos import DBOS

from bot.job import Job, beginning
from bot.jobs.stored import job_of

_LATEST = 200
"""How many jobs of one key are looked at, the latest first."""


async def past(key: str) -> tuple[Job, ...]:
    """Return the jobs whose key is *key*, or goes on after it, the latest first."""
    start = beginning(key)
    known = await DBOS.list_workflows_async(
        workflow_id_prefix=start,
        sort_desc=True,
        limit=_LATEST,
        load_output=False,
    )
    # The database takes `_` in a name for any character.
    ours = (one for one in known if one.workflow_id.startswith(start))
    return tuple(job for job in map(job_of, ours) if job is not None)
