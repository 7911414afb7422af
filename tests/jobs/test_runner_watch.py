"""Tests of what becomes known of runners that answer, and of those that do not."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.errors import EngineUnavailableError
from bot.isolation import Isolation
from bot.jobs import runner_states, runner_watch
from bot.jobs.runner_watch import Pauses

HELD = "isolated: from inside a build only public addresses can be reached"


@dataclass(slots=True)
class Trial:
    """Finds that a runner holds, once it is *up*."""

    up: asyncio.Event | None = None
    answers: bool = False
    tries: int = 0

    async def get(self) -> Isolation:
        """Answer, or be as silent as a machine that is down."""
        self.tries += 1
        if self.up is not None and not self.up.is_set():
            if self.answers:
                return Isolation("2026-11-28", untried=("no image",), engine=False)
            raise EngineUnavailableError("the Docker engine gone does not answer: no")
        return Isolation("2026-11-28")


@dataclass(slots=True)
class Hanging:
    """Is asked, and never comes to an end."""

    async def get(self) -> Isolation:
        """Wait."""
        await asyncio.Event().wait()
        return Isolation("2026-11-28")


@dataclass(frozen=True, slots=True)
class Machine:
    """A runner of this test."""

    name: str
    isolation: Trial | Hanging = field(default_factory=Trial)


async def until(claim: Callable[[], bool]) -> None:
    """Wait until *claim* holds."""
    while not claim():  # noqa: ASYNC110 - nothing tells of a new row
        await asyncio.sleep(0.02)


async def seen(
    url: str, machines: list[Machine], claim: Callable[[Mapping[str, str]], bool]
) -> Mapping[str, str]:
    """Watch *machines* until *claim* holds of what is told; return that."""
    pauses = Pauses(usable=60.0, unusable=0.05)
    watching = asyncio.create_task(runner_watch.watch(machines, url, pauses))
    try:
        async with asyncio.timeout(20):
            while not claim(told := await asyncio.to_thread(runner_states.read, url)):  # noqa: ASYNC110 - nothing tells of a new row
                await asyncio.sleep(0.02)
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
    return told


async def test_every_runner_is_told_whatever_is_known_of_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """One that is down looks like none, and one that hangs keeps no other waiting."""
    url = f"sqlite:///{tmp_path}/jobs.sqlite"
    down = Trial(asyncio.Event())
    machines = [Machine("slow", Hanging()), Machine("gone", down), Machine("arm")]
    told = await seen(
        url, machines, lambda now: HELD in now.get("arm", "") and down.tries > 2
    )
    since = re.sub(r"[0-9]", "0", told["gone"])

    assert dict(told) | {"gone": since} == {
        "slow": "not tried yet",
        "gone": "does not answer (since 0000-00-00 00:00 UTC)",
        "arm": f"{HELD} (tried on 2026-11-28)",
    }
    (message,) = caplog.messages
    assert message == (
        "the Docker engine gone does not answer: no; its isolation is tried when it "
        "answers"
    )


@pytest.mark.parametrize("answers", [True, False])
async def test_a_runner_that_comes_back_is_told_at_once(
    tmp_path: Path, *, answers: bool
) -> None:
    """It is asked again after a moment, not with the others once an hour."""
    url = f"sqlite:///{tmp_path}/jobs.sqlite"
    up = asyncio.Event()
    machines = [Machine("pi", Trial(up, answers=answers))]
    words = "NOT USABLE: " if answers else "does not answer"

    def back(now: Mapping[str, str]) -> bool:
        """Come back once the trouble is told."""
        if words in now.get("pi", ""):
            up.set()
        return HELD in now.get("pi", "")

    assert (await seen(url, machines, back)).keys() == {"pi"}


async def test_what_could_not_be_kept_is_kept_soon(tmp_path: Path) -> None:
    """A database that is away for a moment costs no hour of not knowing."""
    folder = tmp_path / "later"
    url = f"sqlite:///{folder}/jobs.sqlite"
    trial = Trial()
    pauses = Pauses(usable=60.0, unusable=0.05)
    watching = asyncio.create_task(
        runner_watch.watch([Machine("arm", trial)], url, pauses)
    )
    async with asyncio.timeout(20):
        await until(lambda: trial.tries > 1)
        folder.mkdir()
        await until(lambda: "arm" in runner_states.read(url))
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching

    assert HELD in runner_states.read(url)["arm"]
