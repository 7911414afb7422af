"""The whole App but for its database: webhooks of a stand-in, jobs done at once."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest_asyncio
from gidgethub.sansio import Event

from bot.desk import Context
from bot.github.app import connect
from bot.github.credentials import Identity
from bot.job import Job
from bot.pipeline.office import Office
from bot.publishing import CHECK_NAME
from handlers import ROUTER
from handlers.commands import COMMANDS
from tests.handlers.fake_jobs import FakeJobs
from tests.pipeline.workers import TableRegistry, TableRunner
from tests.world.github.entities import CheckRun
from tests.world.github.fixtures import described, github
from tests.world.github.inbox import Inbox, receive
from tests.world.github.stand_in import StandIn

__all__ = ["described", "github"]

T = TypeVar("T")
NAME = "octo/app"
EVENTS = (
    *("push", "pull_request", "pull_request_review_comment"),
    *("issue_comment", "check_run"),
)
FILES = {
    "Dockerfile": 'FROM alpine:3.4\nCMD ["/bin/true"]\n',
    "README.md": "An app.\n",
}


@dataclass(slots=True)
class Memory:
    """A checkpoint that forgets everything, and counts the steps."""

    steps: list[str] = field(default_factory=list)

    async def __call__(self, name: str, step: Callable[[], Awaitable[T]]) -> T:
        """Do the step."""
        self.steps.append(name)
        return await step()


@dataclass(slots=True)
class Town:
    """A repository with the App at work on it."""

    github: StandIn
    inbox: Inbox
    office: Office
    runner: TableRunner
    read: int = 0
    known: list[Job] = field(default_factory=list)

    async def past(self, key: str) -> tuple[Job, ...]:
        """Return the jobs whose key begins with *key*, as the database does."""
        return tuple(job for job in self.known if job.id.startswith(f"{key}~"))

    async def jobs(self) -> list[Job]:
        """Return the jobs that the webhooks since the last time ask for."""
        await self.github.settle()
        queue = FakeJobs()
        letters, self.read = self.inbox.letters[self.read :], len(self.inbox.letters)
        for letter in letters:
            delivery = letter.headers["X-GitHub-Delivery"]
            event = Event(
                json.loads(letter.body), event=letter.event, delivery_id=delivery
            )
            await ROUTER.dispatch(event, Context(queue))
        self.known += queue.jobs.values()
        return list(queue.jobs.values())

    def wait(self, seconds: int = 300) -> None:
        """Let time pass on GitHub."""
        self.github.advance(timedelta(seconds=seconds))

    async def do(self, job: Job) -> list[Job]:
        """Do one job and return those that follow from it."""
        after: list[Job] = []

        async def follow(job: Job) -> None:
            after.append(job)

        await self.office.perform(job, Memory(), follow)
        return after

    async def nowhere(self, job: Job) -> None:
        """Refuse what would follow from a job that nothing follows from."""
        raise AssertionError(job.id)

    async def work(self) -> list[Job]:
        """Do everything that is asked for, and what follows from that."""
        todo = await self.jobs()
        done: list[Job] = []
        while todo:
            job = todo.pop(0)
            done.append(job)
            todo += await self.do(job)
        return done

    def checks(self, head: str) -> list[CheckRun]:
        """Return the check runs of *head*."""
        runs = self.github.check_runs(NAME)
        return [run for run in runs if run.suite.head_sha == head]

    def verdict(self, head: str) -> tuple[str, str | None, str | None, int]:
        """Return name, title, conclusion and annotations of the one check run."""
        (run,) = self.checks(head)
        assert run.name == CHECK_NAME
        return run.status, run.title, run.conclusion, len(run.annotations)

    def asked(self, method: str = "") -> list[str]:
        """Return what the App asked of GitHub, tokens aside."""
        return [
            f"{seen.method} {seen.path}"
            for seen in self.github.calls()
            if seen.actor.startswith("installation:") and method in {"", seen.method}
        ]


@pytest_asyncio.fixture
async def town(github: StandIn, tmp_path: Path) -> AsyncIterator[Town]:
    """Install the App on a repository whose base image has no arm64."""
    async with receive() as inbox:
        app = github.app(events=EVENTS, webhook_url=inbox.url)
        await github.create_repository(NAME, FILES)
        await github.install(app, "octo")
        for login, level in (("alice", "write"), ("eve", "read")):
            github.person(login, {NAME: level})
        identity = Identity(str(app.id), app.key)
        async with connect(github.url, identity, tmp_path / "cellar") as connected:
            runner = TableRunner()
            office = Office(connected, TableRegistry(), (runner,), COMMANDS)
            town = Town(github, inbox, office, runner)
            town.office = replace(office, past=town.past)
            yield town
