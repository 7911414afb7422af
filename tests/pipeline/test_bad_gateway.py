"""Answers of GitHub that are lost, again and again: the end is the same."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.job import Job
from bot.jobs.checkpoint import PASSING
from tests.pipeline.conftest import Town
from tests.pipeline.test_crashes import END, Fragile, asked, posted
from tests.world.github.answers import Answer
from tests.world.github.faults import Faults

NEVER = -1
TRIES = 20


@dataclass(slots=True)
class Weather(Faults):
    """Loses the answer to every call number *every*, its work done or not."""

    every: int = 0
    done: bool = False
    count: int = 0

    def take(self, call: str, *, after_effect: bool) -> Answer | None:
        """Count the calls, and answer some of them as a load balancer does."""
        if after_effect is not self.done:
            return None
        self.count += 1
        return (
            None
            if self.count % self.every
            else Answer(502, b"", content_type="text/html")
        )


async def do(town: Town, job: Job) -> list[Job]:
    """Do *job*, again after each passing error; return what follows from it."""
    after: dict[str, Job] = {}
    checkpoint = Fragile(NEVER)

    async def follow(job: Job) -> None:
        after[job.id] = job

    for _ in range(TRIES):
        checkpoint.calls.clear()
        try:
            await town.office.perform(job, checkpoint, follow)
        except PASSING:
            continue
        return list(after.values())
    raise AssertionError(f"{job.id} does not end")


@pytest.mark.parametrize("done", [False, True], ids=["not done", "done"])
@pytest.mark.parametrize("every", [7, 10])
async def test_the_end_is_the_same_in_bad_weather(
    town: Town,
    every: int,
    done: bool,  # noqa: FBT001 - a case
) -> None:
    """Nothing is posted twice and nothing is left out, whichever answers are lost.

    No step makes as many calls as lie between two losses, or it would never end.
    """
    number, todo = await asked(town)
    town.github.server.faults = Weather(every=every, done=done)
    while todo:
        todo += await do(town, todo.pop(0))
    town.github.server.faults = Faults()

    assert await posted(town, number) == END
