"""What handlers and jobs work with: their doors to the world, in one value."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from bot.github_ports import Publisher, Repository
from bot.job import Job
from bot.judge import Judge, here
from bot.ports import Checkpoint, ImageRegistry, Runner, Say
from bot.proving import Limits


class QueueDownError(Exception):
    """The database does not answer, so nothing can be kept."""


class Jobs(Protocol):
    """Keeps work until it is done; the same job twice is one job."""

    async def submit(self, job: Job) -> None:
        """Return once *job* is durable; QueueDownError where it cannot be."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler may use: it decides and queues, it never works."""

    jobs: Jobs


@dataclass(frozen=True, slots=True)
class Desk:
    """What one job works with."""

    job: Job
    repository: Repository
    publisher: Publisher
    images: ImageRegistry
    runners: tuple[Runner, ...]
    checkpoint: Checkpoint
    follow: Callable[[Job], Awaitable[None]]
    say: Say
    limits: Limits
    judge: Judge = here
