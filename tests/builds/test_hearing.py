"""Tests of hearing calls within a budget."""

from __future__ import annotations

import asyncio

import pytest

from bot.builds.desk import Call
from bot.builds.hearing import Hearing
from bot.errors import UserError
from tests.builds import budgets


def written(number: int, environment: str = "") -> bytes:
    """Return the call ``docker ps`` as the script writes it down."""
    fields = (f"{number}.0", "1", "ps", "/", "", "", environment)
    return "".join(f"{field}\0" for field in fields).encode()


async def test_calls_beyond_the_budget_end_the_run() -> None:
    """One that is left without an answer would wait for ever."""
    heard: list[str] = []

    async def listen(call: Call) -> None:
        heard.append(call.name)

    hearing = Hearing(listen, budgets.made(calls=2))
    hearing.hear(written(1) + written(2))
    with pytest.raises(UserError, match="more than 2 calls of docker"):
        hearing.hear(written(3))
    await asyncio.sleep(0)

    assert heard == ["1.0", "2.0"]


async def test_calls_that_wait_take_no_more_memory_than_there_is() -> None:
    """Each may bring an environment of eight mebibytes."""
    done = asyncio.Event()

    async def listen(call: Call) -> None:
        await done.wait()

    hearing = Hearing(listen, budgets.made(held=100_000))
    hearing.hear(written(1, "A=" + "x" * 60_000))
    with pytest.raises(UserError, match="keeps in memory"):
        hearing.hear(written(2, "A=" + "x" * 60_000))
    done.set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    hearing.hear(written(3, "A=" + "x" * 60_000))
    await asyncio.sleep(0)
