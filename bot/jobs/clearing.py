"""Rows that no worker can do anything with end, so that they keep nobody waiting.

DBOS gives such a row to a worker and leaves it there where it cannot even write
down what is wrong with it: where it names an unknown serialization, holds nothing,
or asks for another function. It would hold its place in the queue for ever.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection

from dbos import DBOS, error
from dbos._dbos import _get_dbos_instance
from dbos._sys_db import WorkflowStatusInternal
from sqlalchemy.exc import SQLAlchemyError

from bot.jobs import json_serializer, notation, stored
from bot.jobs.notation import UnreadableError
from bot.jobs.queues import WORKFLOW

LOG = logging.getLogger(__name__)

Running = Callable[[], Collection[str]]
"""Tells the ids of the jobs that this process is doing."""

_SECONDS = 5.0
_AT_ONCE = 100


async def keep(worker: str, running: Running) -> None:
    """End what *worker* was given and cannot do, until cancelled."""
    while True:
        try:
            await clear(worker, running)
        except (SQLAlchemyError, error.DBOSException) as reason:
            LOG.warning("cannot look for what is no job: %s", reason)
        await asyncio.sleep(_SECONDS)


async def clear(worker: str, running: Running) -> None:
    """End what is begun by *worker*, or by nobody, and is no job that runs."""
    begun = await DBOS.list_workflows_async(
        status="PENDING", load_input=False, load_output=False
    )
    ours = (one.workflow_id for one in begun if one.executor_id in {worker, "", None})
    idle = [one for one in ours if one not in running()][:_AT_ONCE]
    for name in idle:
        await asyncio.to_thread(_end_if_no_job, name)


def _end_if_no_job(name: str) -> None:
    # There is no public way to see how a row is written, nor to end what was given
    # to a worker and has not been begun.
    database = _get_dbos_instance()._sys_db  # noqa: SLF001
    row = database.get_workflow_status(name)
    if row and row["status"] == "PENDING" and (why := _flaw(row)):
        reason = UnreadableError(why)
        LOG.error("job %r has failed: %s", name, reason)
        database.update_workflow_outcome(name, "ERROR", error=notation.write(reason))


def _flaw(row: WorkflowStatusInternal) -> str:
    """Return why *row* is no job that a worker could do; nothing where it is one."""
    if row["name"] != WORKFLOW or row["class_name"] or row["config_name"]:
        return f"it asks for {row['name']!r}, which no worker does"
    if not row["executor_id"]:
        return "it says that it was begun, but by nobody"
    if row["serialization"] not in json_serializer.OURS:
        return f"it is written as {row['serialization']!r}, which is not read"
    return _misread(row["inputs"], row["workflow_uuid"])


def _misread(text: str | None, name: str) -> str:
    """Return why *text* is not the job called *name*; nothing where it is."""
    try:
        held = notation.read(text or "null")
    except UnreadableError as reason:
        return reason.why
    return "" if stored.job_in(held, name) else "it holds no job"
