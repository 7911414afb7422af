"""What handlers and jobs work with: their doors to the world, in one value."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Protocol

from bot.github_ports import Publisher, Repository
from bot.job import Job
from bot.judge import Judge, here
from bot.ports import Checkpoint, ImageRegistry, Registries, RunnerHost, Say
from bot.proving import Limits

Past = Callable[[str], Awaitable[tuple[Job, ...]]]
"""Returns the jobs that were asked for before, by their key or its beginning."""


class QueueDownError(Exception):
    """The database does not answer, so nothing can be kept."""


class Jobs(Protocol):
    """Keeps work until it is done; the same job twice is one job."""

    async def submit(self, job: Job) -> None:
        """Return once *job* is durable; QueueDownError where it cannot be."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler may use: it decides and queues, it never works.

    *received* are the seconds since 1970 when the webhook came.
    """

    jobs: Jobs
    received: int = 0


@dataclass(frozen=True, slots=True)
class Desk:
    """What one job works with.

    *images* are the registries as whoever wrote the code may see them: a stranger
    chooses names of images and reads what comes of it, so a fork has no login.
    """

    job: Job
    repository: Repository
    publisher: Publisher
    registries: Registries
    images: ImageRegistry
    runners: tuple[RunnerHost, ...]
    checkpoint: Checkpoint
    follow: Callable[[Job], Awaitable[None]]
    say: Say
    limits: Limits
    past: Past
    judge: Judge = here

    def of_own_code(self) -> Desk:
        """Return this desk for code that is on a branch of the repository itself."""
        name = self.job.place.repository
        return replace(self, images=self.registries.of_repository(name))
