"""One project keeps a runner for so many recipes and so many minutes, no more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot.errors import OverdueError
from bot.ports import BuildResult, Say
from bot.proving import Limits, build, prove
from bot.recipe import Recipe
from bot.workshop import in_time
from tests.pipeline.conftest import NAME, Town, described, github, town
from tests.rehearsing import (
    PASSES,
    CrashError,
    Memory,
    Play,
    ScriptedRunner,
    planted,
    remembering,
    run,
    workshop,
)

__all__ = ["described", "github", "town"]

DOCKERFILE = "FROM alpine:3.6\n"
ONE = "- {{name: r{}, command: make}}\n"
MANY = "builds:\n" + "".join(ONE.format(number) for number in range(2600))
TWO = "builds:\n" + "".join(ONE.format(number) for number in range(2))
FAILS = Play("Step 1/1 : FROM alpine:3.6\nout of luck\n")


@dataclass(slots=True)
class Endless(ScriptedRunner):
    """An engine on which no build ends by itself; it counts those it let go."""

    stopped: int = 0

    async def build(
        self, tree: Path, recipe: Recipe, platform: str, say: Say
    ) -> BuildResult:
        """Build until somebody stops it."""
        try:
            await asyncio.Event().wait()
        finally:
            self.stopped += 1
        raise AssertionError


def clock(*left: float) -> Callable[[], float]:
    """Return what is left of the time, from one look to the next."""
    looks = list(left)
    return lambda: looks.pop(0) if len(looks) > 1 else looks[0]


def tree(folder: Path, config: str) -> Path:
    """Return a project with *config*."""
    files = {"Dockerfile": DOCKERFILE, ".github/multiarch.yml": config}
    return planted(folder, files)


def test_a_configuration_with_2600_recipes_gets_twenty(tmp_path: Path) -> None:
    """It would keep the one runner of an operator for 1,300 days."""
    runner = ScriptedRunner()
    shop = workshop(tree(tmp_path, MANY), runner)
    result = run(build(shop))

    assert len(runner.builds) == 20
    assert not result.story.proven
    (beyond,) = result.story.missing
    names = ", ".join(f"r{number}" for number in range(20, 30))
    assert beyond == (
        "linux/arm64: more recipes than one project gets, so these were not built: "
        f"{names} and 2570 more; whoever runs Multiarch can allow more with "
        "MULTIARCH_RECIPES"
    )


def test_an_operator_can_allow_more(tmp_path: Path) -> None:
    """His machines are his to give."""
    runner = ScriptedRunner()
    shop = workshop(tree(tmp_path, TWO), runner)
    result = run(build(shop, limits=Limits(recipes=2)))

    assert result.story.proven
    assert len(runner.builds) == 2


def test_what_fits_is_proven_on_both_platforms_all_the_same(tmp_path: Path) -> None:
    """What is left out makes nothing else unknown."""
    runner = ScriptedRunner()
    shop = workshop(tree(tmp_path, TWO), runner)
    result = run(prove(shop, limits=Limits(recipes=1)))

    assert [platform for platform, _ in runner.builds] == ["linux/arm64", "linux/amd64"]
    assert len(result.story.missing) == 1


def test_a_build_is_stopped_when_the_time_of_the_job_is_over(tmp_path: Path) -> None:
    """Not when the build ends, which may be an hour later."""
    runner = Endless()
    shop = replace(workshop(tree(tmp_path, TWO), runner), left=clock(0.05, 0.0))
    result = run(prove(shop, limits=Limits(minutes=7)))

    assert runner.stopped == 1
    assert result.story.missing == tuple(
        f"linux/arm64: r{number}: stopped after 7 minutes, the longest that one job "
        "may take"
        for number in range(2)
    )


async def test_what_is_begun_too_late_is_not_begun() -> None:
    """Not even up to the first moment at which it would wait."""
    begun: list[str] = []
    with pytest.raises(OverdueError):
        async with in_time(0.0):
            begun.append("a build")

    assert begun == []


def test_what_was_done_in_time_is_told(tmp_path: Path) -> None:
    """The story is honest: what stood, what failed, and what was not reached."""
    runner = ScriptedRunner({"linux/arm64": [PASSES, FAILS]})
    shop = replace(workshop(tree(tmp_path, TWO), runner), left=clock(60, 60, 0))
    result = run(prove(shop))

    assert not result.story.proven
    assert [each.passed for each in result.story.attempts] == [True, False]


def test_a_job_that_goes_on_after_its_time_ends_with_what_was_done(
    tmp_path: Path,
) -> None:
    """The clock is looked at within a step: what is in the history stays."""
    memory = Memory(steps=4)
    first = workshop(tree(tmp_path, TWO), ScriptedRunner())
    with pytest.raises(CrashError):
        run(prove(remembering(first, memory)))
    again = replace(remembering(first, memory.again()), left=clock(0.0))
    result = run(prove(again))

    assert [each.passed for each in result.story.attempts] == [True, True]
    assert result.story.missing[0].startswith("linux/amd64: r0: stopped after")


async def eight_minutes_ago(name: str, step: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401 - whatever a step returns
    """Do the step; the job began eight minutes ago, and was stopped in between."""
    return time.time() - 8 * 60 if name == "look at the clock" else await step()


@pytest.mark.parametrize(("minutes", "builds"), [(7, 0), (9, 2)])
async def test_the_app_counts_from_the_first_beginning_of_a_job(
    minutes: int, builds: int, town: Town
) -> None:
    """A worker that dies again and again gives no project more than its time."""
    town.office = replace(town.office, limits=Limits(minutes=minutes))
    head = await town.github.commit("alice", NAME, {"Dockerfile": DOCKERFILE})
    (push,) = await town.jobs()
    (prove_,) = await town.do(push)
    await town.office.perform(prove_, eight_minutes_ago, town.nowhere)

    (run,) = town.checks(head)
    assert len(town.runner.builds) == builds
    assert (f"stopped after {minutes} minutes" in str(run.summary)) == (builds == 0)
