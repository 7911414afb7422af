"""A queue that only remembers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.desk import QueueDownError
from bot.job import Job


@dataclass(slots=True)
class FakeJobs:
    """Keeps jobs by id, as the durable queue does; *down* refuses them."""

    jobs: dict[str, Job] = field(default_factory=dict)
    down: bool = False

    async def submit(self, job: Job) -> None:
        """Keep *job*."""
        if self.down:
            raise QueueDownError("no database")
        self.jobs.setdefault(job.id, job)

    async def depth(self) -> Mapping[str, int]:
        """Return how many there are."""
        if self.down:
            raise QueueDownError("no database")
        return {"waiting": len(self.jobs), "running": 0}

    async def runners(self) -> Mapping[str, str]:
        """Return what is known of one runner."""
        return {"arm": "isolated: only public addresses"}
