"""Where jobs come to: the doors of the bot, and who does which task."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from bot.desk import Desk, Past
from bot.events import CheckRequest, PullRequest, Push
from bot.github_ports import GitHub, GitHubRefusedError
from bot.job import Conversation, Fixing, Job, Proving
from bot.judge import Judge, here
from bot.pipeline import branches, conversations, excuses, fixes, proofs, reviews
from bot.pipeline.conversations import Commands
from bot.pipeline.steady import SteadyHost
from bot.ports import Checkpoint, Registries, RunnerHost
from bot.proving import Limits
from bot.report.excerpt import printable

LOG = logging.getLogger(__name__)

T = TypeVar("T")
Follow = Callable[[Job], Awaitable[None]]


async def _nothing(key: str) -> tuple[Job, ...]:
    """Remember no job."""
    return ()


@dataclass(frozen=True, slots=True)
class Office:
    """Everything that jobs have in common."""

    github: GitHub
    images: Registries
    runners: tuple[RunnerHost, ...]
    commands: Commands
    limits: Limits = field(default_factory=Limits)
    past: Past = _nothing
    judge: Judge = here

    async def perform(self, job: Job, checkpoint: Checkpoint, follow: Follow) -> None:
        """Do *job*."""
        desk = self._desk(job, checkpoint, follow)
        match job.task:
            case Push() as task:
                await branches.push(desk, task)
            case PullRequest() as task:
                await reviews.pull_request(desk, task)
            case CheckRequest() as task:
                await branches.again(desk, task)
            case Conversation() as task:
                await conversations.conversation(desk, task, self.commands)
            case Proving() as task:
                await proofs.proving(desk, task)
            case Fixing() as task:
                await fixes.fixing(desk, task)

    async def postpone(self, job: Job, why: Exception) -> None:
        """Say that *job* waits."""
        with suppress(GitHubRefusedError):
            await excuses.wait(self._desk(job, _directly, _nowhere), why)

    async def give_up(self, job: Job, why: Exception) -> None:
        """Say that *job* ends without a result."""
        with suppress(GitHubRefusedError):
            await excuses.end(self._desk(job, _directly, _nowhere), why)

    async def supersede(self, job: Job) -> None:
        """Say that a newer job takes the place of *job*."""
        with suppress(GitHubRefusedError):
            await excuses.give_way(self._desk(job, _directly, _nowhere))

    def _desk(self, job: Job, checkpoint: Checkpoint, follow: Follow) -> Desk:
        numbered = enumerate(self.runners)
        steady = tuple(SteadyHost(one, n, checkpoint) for n, one in numbered)
        desk = Desk(
            job=job,
            repository=self.github.repository(job.place),
            publisher=self.github.publisher(job.place),
            registries=self.images,
            images=self.images.of_repository(""),
            runners=steady,
            checkpoint=checkpoint,
            follow=follow,
            say=lambda line: LOG.info("%s: %s", job.id, printable(line)),
            limits=self.limits,
            past=self.past,
            judge=self.judge,
        )
        return desk.of_own_code() if _is_own_code(job) else desk


def _is_own_code(job: Job) -> bool:
    """Tell whether *job* is about code that somebody with write access has pushed.

    Of what people ask for, that is known only when it has been looked up.
    """
    match job.task:
        case Push() | Proving():
            return True
        case PullRequest() as task:
            return not task.fork
    return False


async def _directly(name: str, step: Callable[[], Awaitable[T]]) -> T:
    """Run a step that may be run twice."""
    return await step()


async def _nowhere(job: Job) -> None:
    raise RuntimeError(f"{job.id} follows from a job that has ended")
