"""How often a job stopped its worker without getting a step further.

A job that stops its worker would stop it for ever, and the next worker too. One
that is interrupted again and again, but does its steps, is no such job.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import TypeVar

from dbos import DBOS

from bot.job import Job

T = TypeVar("T")

MOST = 3
"""How often a job is begun that stops its worker in the same step; then it is let
go."""
_DEATHS, _STEPS = "deaths", "steps"


async def deaths(job: Job) -> int:
    """Tell how often *job* ended its worker after the steps that it has done.

    To ask is to begin it: where nobody says otherwise, that ends in a death too.
    """
    return await _aside(lambda: _counted(job.id))


async def forgive(jobs: Iterable[str]) -> None:
    """Forget the deaths of jobs that are stopped on purpose."""
    names = tuple(jobs)
    await _aside(lambda: _forget(names))


def _counted(job: str) -> int:
    (known,) = DBOS.list_workflows(
        workflow_ids=[job], load_input=False, load_output=False
    )
    steps = len(DBOS.list_workflow_steps(job, load_output=False))
    kept = known.attributes or {}
    before = int(kept.get(_DEATHS, 0)) if kept.get(_STEPS) == steps else 0
    died = before + 1 if _STEPS in kept else 0
    now = {_DEATHS: died, _STEPS: steps}
    DBOS.update_workflow_attributes(job, now, merge=True)
    return died


def _forget(jobs: tuple[str, ...]) -> None:
    for job in jobs:
        DBOS.update_workflow_attributes(job, None)


async def _aside(work: Callable[[], T]) -> T:
    """Do *work* outside of the job: its history must not hold what is counted.

    A thread of the executor has no part in the context of the job, which that
    of `asyncio.to_thread` would.
    """
    return await asyncio.get_running_loop().run_in_executor(None, work)
