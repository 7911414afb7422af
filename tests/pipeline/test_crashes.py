"""A crash after any step, before it is known to be done, changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest

from bot.job import Job
from tests.pipeline.conftest import NAME, Town

T = TypeVar("T")

DOCKERFILE = "FROM alpine:3.4\nRUN true\n"
MOST = 42
END: tuple[Any, ...] = (
    *(2, 1, 1, 2),
    4,
    [("1 finding", "failure", 1), ("A proven fix is ready", "failure", 1)],
    "FROM alpine:3.6\nRUN true\nCMD true\n",
)
"""What ``posted`` tells of the undisturbed story."""


class Killed(BaseException):
    """The process is gone: nothing in it can catch this."""


@dataclass(slots=True)
class Fragile:
    """A checkpoint that loses the process right after one step's effect."""

    left: int
    kept: dict[tuple[str, int], Any] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)

    async def __call__(self, name: str, step: Callable[[], Awaitable[T]]) -> T:
        """Do the step unless it is known; die before its end is known."""
        call = (name, self.calls[name])
        self.calls[name] += 1
        if call not in self.kept:
            result = await step()
            self.left -= 1
            if self.left == 0:
                raise Killed(name)
            self.kept[call] = result
        known: T = self.kept[call]
        return known


async def survive(town: Town, job: Job, fragile: Fragile) -> list[Job]:
    """Do *job*, again after a crash; return what follows from it."""
    after: dict[str, Job] = {}

    async def follow(job: Job) -> None:
        after[job.id] = job

    for _ in range(2):
        fragile.calls.clear()
        try:
            await town.office.perform(job, fragile, follow)
        except Killed:
            continue
        break
    return list(after.values())


async def story(town: Town, crash: int) -> tuple[bool, tuple[Any, ...]]:
    """Push, review and fix with one crash; tell whether it came, and the end."""
    number, todo = await asked(town)
    left = crash
    while todo:
        fragile = Fragile(left)
        todo += await survive(town, todo.pop(0), fragile)
        left = fragile.left
    return left <= 0, await posted(town, number)


async def asked(town: Town) -> tuple[int, list[Job]]:
    """Push, open a pull request and ask for its fix; return the jobs in order."""
    topic = {"Dockerfile": DOCKERFILE + "CMD true\n"}
    await town.github.commit("alice", NAME, {"Dockerfile": DOCKERFILE})
    await town.github.commit("alice", NAME, topic, branch="topic")
    pull = await town.github.open_pull("alice", NAME, "topic")
    await town.github.comment("alice", NAME, pull["number"], "/multiarch fix")
    return pull["number"], await town.jobs()


async def posted(town: Town, number: int) -> tuple[Any, ...]:
    """Return how much of everything there is."""
    issues, pulls = f"/repos/{NAME}/issues", f"/repos/{NAME}/pulls"
    log = await town.github.repository(NAME).git.run("log", "--oneline", "topic")
    lists = (
        f"{issues}/{number}/comments",
        f"{pulls}/{number}/comments",
        f"{pulls}/{number}/reviews",
        f"{pulls}?state=all",
    )
    counts = [len(await town.github.as_person("alice", "GET", path)) for path in lists]
    runs = sorted(
        (str(run.title), str(run.conclusion), len(run.annotations))
        for run in town.github.check_runs(NAME)
    )
    files = await town.github.read(NAME, "Dockerfile", "topic")
    return (*counts, len(log.splitlines()), runs, files)


@pytest.mark.parametrize("crash", range(MOST))
async def test_the_end_is_the_same_after_a_crash(town: Town, crash: int) -> None:
    """Nothing is posted twice, nothing is left out, wherever the process died.

    The end of the undisturbed run is written down here; a crash that does not
    come (the story is shorter) must lead to the same.
    """
    _, end = await story(town, crash)

    assert end == END


async def test_every_step_of_the_story_is_crashed_in(town: Town) -> None:
    """The cases above reach past the last step of the story."""
    came, _ = await story(town, MOST - 1)

    assert not came
