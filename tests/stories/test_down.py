"""An engine that is down is nobody's fault: the job waits and ends well."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.report import pull_request
from tests.stories.town import Town, found, until
from tests.world.github.fixtures import described

__all__ = ["described"]

pytestmark = [pytest.mark.engine, pytest.mark.registry]

NAME = "calico/small"
DOCKERFILE = 'FROM alpine:3.4\nCMD ["/bin/true"]\n'


@pytest_asyncio.fixture
async def town(
    settings: dict[str, str], described: None, tmp_path: Path
) -> AsyncIterator[Town]:
    """Found a town whose one runner has no engine yet."""
    missing = {"MULTIARCH_RUNNERS": f"emulating=unix://{tmp_path}/engine.sock"}
    async with found(tmp_path, {**settings, **missing}) as town:
        yield town


async def test_the_check_run_says_so_and_the_job_is_done_when_it_is_back(
    town: Town, emulating_engine: str, tmp_path: Path
) -> None:
    """Whoever pushed has nothing to do; whoever runs the engine is named it."""
    author = town.author()
    await author.begin(NAME)
    head = await author.push(NAME, {"Dockerfile": DOCKERFILE})

    async def waits() -> bool:
        runs = town.github.check_runs(NAME)
        return [run.title for run in runs] == ["Waiting for a runner"]

    await until(waits, "the check run waits for a runner")
    run = town.check(NAME, head)
    waiting = (run.status, run.conclusion, run.summary)
    before = town.github.pulls(NAME)
    (tmp_path / "engine.sock").symlink_to(emulating_engine.removeprefix("unix://"))
    await town.rest()

    assert waiting[:2] == ("in_progress", None)
    assert (waiting[2] or "").startswith(
        "The runner `emulating` does not answer, so nothing could be built. "
    )
    assert before == []
    assert town.checks(NAME) == [("A proven fix is ready", "failure")]
    (pull,) = town.github.pulls(NAME)
    assert pull.title == "Build and run on arm64"
    fixed = await town.github.read(NAME, "Dockerfile", pull_request.branch("main"))
    assert fixed == DOCKERFILE.replace("3.4", "3.6")
