"""SIGKILL after each kind of write, before its answer: the end is the same."""

from __future__ import annotations

import asyncio
import re
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.job import Conversation, Job
from bot.jobs.enqueueing import Outbox
from tests.jobs.conftest import ROOT, fresh
from tests.pipeline.conftest import Town
from tests.pipeline.mortal import Orders
from tests.pipeline.test_crashes import END, asked, posted
from tests.world.github.answers import Answer
from tests.world.github.faults import Faults

PATIENCE = 120.0
WRITES = (
    "POST .*/check-runs$",
    "PATCH .*/check-runs/",
    "POST .*/git/refs$",
    "POST .*/pulls$",
    "POST .*/reviews$",
    "POST .*/reactions$",
    "PATCH .*/git/refs/heads/topic$",
    "POST .*/issues/.*/comments$",
)
"""Everything that the story leaves on GitHub, each killed after once."""


@dataclass(slots=True)
class Reaper(Faults):
    """Calls *kill* when the first call of each kind has had its effect."""

    kill: Callable[[], None] = lambda: None
    left: list[str] = field(default_factory=lambda: [*WRITES])

    def take(self, call: str, *, after_effect: bool) -> Answer | None:
        """Let the worker die before it hears the answer."""
        kind = next((one for one in self.left if re.search(one, call)), None)
        if after_effect and kind is not None:
            self.left.remove(kind)
            self.kill()
        return None


@dataclass(slots=True)
class Crew:
    """The workers of one database, one at a time."""

    orders: Orders
    outbox: Outbox
    names: Callable[[int], str]
    lives: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        """Let the next worker begin."""
        command = self.orders.command(self.names(len(self.lives)))
        with (Path(self.orders.folder) / "worker.log").open("ab") as log:
            self.lives.append(
                subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)  # noqa: S603 - our own module
            )

    def end(self) -> None:
        """End the worker as a power cut does."""
        self.lives[-1].kill()
        self.lives[-1].wait()

    def replace(self) -> None:
        """End the worker and let the next one go on."""
        self.end()
        self.start()

    async def do(self, jobs: list[Job]) -> None:
        """Have *jobs* done, and what follows from them."""
        for job in jobs:
            await self.outbox.submit(job)
        end = time.monotonic() + PATIENCE
        while sum((await self.outbox.depth()).values()):
            assert time.monotonic() < end, "the jobs do not end"
            await asyncio.sleep(0.05)


@asynccontextmanager
async def hired(town: Town, folder: Path, url: str, kind: str) -> AsyncIterator[Crew]:
    """Give a crew that goes home with the block; *kind* names its workers."""
    (app,) = town.github.state.apps.values()
    orders = Orders(url, town.github.url, str(app.id), app.key, str(folder))
    outbox = await asyncio.to_thread(Outbox.open, url)
    crew = Crew(orders, outbox, kind.format)
    crew.start()
    try:
        yield crew
    finally:
        crew.end()
        outbox.close()


async def survive(town: Town, folder: Path, url: str, kind: str) -> None:
    """Have the story done by workers that die after each kind of write."""
    async with hired(town, folder, url, kind) as crew:
        number, asked_for = await asked(town)
        talks = [job for job in asked_for if isinstance(job.task, Conversation)]
        first = [job for job in asked_for if job not in talks]
        reaper = Reaper(kill=crew.replace)
        town.github.server.faults = reaper
        for jobs in (first, talks):
            await crew.do(jobs)

    assert reaper.left == []
    assert len(crew.lives) == len(WRITES) + 1
    assert await posted(town, number) == END


async def test_a_worker_that_comes_back_posts_nothing_twice(
    town: Town, tmp_path: Path
) -> None:
    """Nothing is left out either: one machine that is switched off and on."""
    await survive(town, tmp_path, f"sqlite:///{tmp_path}/jobs.sqlite", "one")


@pytest.mark.postgres
async def test_another_worker_that_goes_on_posts_nothing_twice(
    town: Town, tmp_path: Path, postgres_url: str
) -> None:
    """Nothing is left out either: each machine is gone for good."""
    url = fresh(postgres_url, tmp_path.name)
    await survive(town, tmp_path, url, "number-{}")
