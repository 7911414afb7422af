"""Which queue a job waits in, and how many of a queue are done at once."""

from __future__ import annotations

from dbos import DBOS, EnqueueOptions

from bot.job import Conversation, Fixing, Job, Proving, is_id, repository_of
from bot.jobs import turns

APPLICATION = "multiarch"
WORKFLOW = "multiarch.job"
QUICK = "quick"
"""Jobs that build nothing. Those that judge a head are done one at a time per
repository: no two of them can open the same check run twice. Who says a command
waits for none of them."""
BUILDS = "builds"
"""Jobs that build; they wait for a runner and keep nobody else waiting. Their
order is that of their turns."""
VERSION = "3"
"""The order of the steps of a job, and what it is given. A job that was begun under
one version is never gone on with under another: change it when, and only when, these
change."""
_BEGUN = 500
"""How many quick jobs one worker has begun at most. It does far fewer at once: the
others wait until GitHub answers again, and must keep nobody else waiting."""
_POLL_SECONDS = 0.2
_LOOKED_AT = 2000
"""How many jobs that wait are looked at to find a turn, the latest first."""
_SLOW = (Proving, Fixing)


def enqueueing(job: Job, turn: int = turns.FIRST) -> EnqueueOptions:
    """Return how *job* is put into its queue; the same job twice is one job.

    *turn* is when it is done, if it is one that builds.
    """
    options: EnqueueOptions = {
        "workflow_name": WORKFLOW,
        "workflow_id": job.id,
        "queue_name": BUILDS if is_slow(job) else QUICK,
        "application_name": APPLICATION,
    }
    if isinstance(job.task, Conversation):
        options["queue_partition_key"] = job.key
    elif is_slow(job):
        options["priority"] = turn
    else:
        options["queue_partition_key"] = job.place.repository
    return options


async def turn_of(job: Job) -> int:
    """Return the fair turn of *job* among those that build or wait for it."""
    if not is_slow(job):
        return turns.FIRST
    begun = await _open(["PENDING"])
    waiting = await _open(["ENQUEUED", "DELAYED"])
    return turns.turn(job.place.repository, (*begun, *waiting))


async def _open(states: list[str]) -> list[turns.Open]:
    found = await DBOS.list_workflows_async(
        queue_name=BUILDS,
        status=states,
        sort_desc=True,
        limit=_LOOKED_AT,
        load_input=False,
        load_output=False,
    )
    return [
        turns.Open(
            repository_of(one.workflow_id),
            one.priority or turns.FIRST,
            begun=one.status == "PENDING",
        )
        for one in found
        if is_id(one.workflow_id)
    ]


def is_slow(job: Job) -> bool:
    """Tell whether *job* builds."""
    return isinstance(job.task, _SLOW)


def register(builds: int) -> None:
    """Make the queues, with *builds* at once over all workers."""
    DBOS.register_queue(
        QUICK,
        partition_concurrency=1,
        worker_concurrency=_BEGUN,
        polling_interval_sec=_POLL_SECONDS,
        on_conflict="always_update",
    )
    DBOS.register_queue(
        BUILDS,
        global_concurrency=builds,
        polling_interval_sec=_POLL_SECONDS,
        on_conflict="always_update",
    )
