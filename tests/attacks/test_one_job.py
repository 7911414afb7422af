"""A costly file costs one job: judging happens in a process with limits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from bot.errors import CostlyError
from bot.processes.allowance import Allowance
from bot.processes.answers import BrokenAnswerError
from bot.processes.judge import ProcessJudge
from bot.processes.verdicts import JudgementError
from tests.attacks import steps

SMALL = Allowance(seconds=1, patience=3.0, answer=1 << 20, at_once=4)
COSTLY = [
    pytest.param(steps.spin, "more than 1 s of processor time", id="spins"),
    pytest.param(steps.sleep, "more than 3 s on the clock", id="sleeps"),
    pytest.param(steps.allocate, "too much memory", id="allocates-4-GiB"),
    pytest.param(steps.die, "a sudden end", id="is-killed"),
    pytest.param(steps.flood, "more to say", id="floods"),
]


@pytest.fixture
async def judge() -> AsyncIterator[ProcessJudge]:
    """Return a judge that carries out what an attacker would."""
    async with ProcessJudge(SMALL, "tests.attacks.steps") as opened:
        yield opened


@pytest.mark.parametrize(("step", "words"), COSTLY)
async def test_costs_one_call(
    judge: ProcessJudge, step: Callable[[], object], words: str
) -> None:
    """The author is told, and the next one is answered as if nothing had been."""
    with pytest.raises(CostlyError, match=words):
        await judge(step)

    assert await judge(steps.length, "abc") == 3


async def test_the_others_do_not_notice(judge: ProcessJudge) -> None:
    """Neither the calls beside it nor the event loop wait for a costly one."""
    spinning = asyncio.create_task(judge(steps.spin))
    begun, lengths, longest = time.monotonic(), 0, 0.0
    while not spinning.done():
        before = time.monotonic()
        lengths += await judge(steps.length, "abc")
        longest = max(longest, time.monotonic() - before)

    assert lengths > 3
    assert longest < min(1.0, time.monotonic() - begun)
    assert isinstance(spinning.exception(), CostlyError)


async def alone(judge: ProcessJudge, seconds: float) -> None:
    """Wait until the only child is the one that is asked."""
    async with asyncio.timeout(seconds):
        others = 1
        while others:
            others = await judge(steps.siblings) - 1


async def test_leaves_nothing_behind(judge: ProcessJudge) -> None:
    """A process that a child starts does not outlive it, nor keeps its answer back."""
    left = 0
    with suppress(JudgementError):  # without root it cannot even start one
        left = await judge(steps.fork)
    async with asyncio.timeout(10):
        is_there = bool(left)
        while is_there:
            is_there = await judge(steps.lives, left)


async def test_a_cancelled_call_ends_its_child(judge: ProcessJudge) -> None:
    """A job that a newer push supersedes takes no more processor time."""
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await judge(steps.spin)
    await alone(judge, 0.5)  # a second of processor time is not over


async def test_the_process_that_forks_is_started_again(judge: ProcessJudge) -> None:
    """Whoever kills it gains nothing: the next call has a new one."""
    with pytest.raises(JudgementError, match="was lost twice"):
        await judge(steps.take_down)

    assert await judge(steps.length, "abc") == 3


async def test_holds_no_secret(
    judge: ProcessJudge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key of the App is in the worker's environment, and nowhere else."""
    monkeypatch.setenv("MULTIARCH_PRIVATE_KEY", "secret")
    async with ProcessJudge(SMALL, "tests.attacks.steps") as second:
        assert await second(steps.secrets) == ("LANG",)


async def test_writes_no_file(judge: ProcessJudge, tmp_path: Path) -> None:
    """A disk cannot be filled, nor a file of the worker be changed."""
    with pytest.raises(JudgementError, match="OSError"):
        await judge(steps.write, str(tmp_path / "file"))

    assert (tmp_path / "file").read_bytes() == b""


async def test_a_pickle_is_refused(judge: ProcessJudge) -> None:
    """What a child says is data; that it is a call of os.kill helps nobody."""
    with pytest.raises(BrokenAnswerError, match="begins with"):
        await judge(steps.pickled)

    assert await judge(steps.length, "abc") == 3


async def test_another_type_than_declared_is_refused(judge: ProcessJudge) -> None:
    """A worker that believed it would stumble over it much later."""
    with pytest.raises(BrokenAnswerError, match="str instead of int"):
        await judge(steps.wrong)


async def test_nothing_else_is_carried_out(judge: ProcessJudge) -> None:
    """The process knows its steps by name; another function is none."""

    def other() -> int:
        return 1

    with pytest.raises(JudgementError, match="KeyError: 'other'"):
        await judge(other)
