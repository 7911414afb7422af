"""Jobs that are asked for in time: what was signed once could be sent for ever."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.desk import Jobs
from bot.events import CheckRequest
from bot.job import Job

LOG = logging.getLogger(__name__)

STALE = 14 * 24 * 3600
"""Seconds after which a delivery is not GitHub's any more: it repeats none that is
older than three days.
https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks"""


@dataclass(frozen=True, slots=True)
class Fresh:
    """Passes on the jobs whose payload speaks of what has just happened.

    The database knows every job that it ever had; this is for the time when it
    is lost, or when somebody clears it. *now* is in seconds since 1970.
    """

    jobs: Jobs
    now: int

    async def submit(self, job: Job) -> None:
        """Keep *job*, unless what it is about is long past."""
        if self.now - job.moment > STALE and not _can_be_old(job):
            LOG.warning("job %s is left alone: its payload is too old", job.id)
            return
        await self.jobs.submit(job)


def _can_be_old(job: Job) -> bool:
    """Tell whether the payload has no time of its own, only that of a check run."""
    return isinstance(job.task, CheckRequest)
