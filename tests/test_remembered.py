"""Tests of answers that are asked for once in a while."""

from __future__ import annotations

import asyncio

import pytest

from bot.remembered import Remembered


class Source:
    """Counts how often it is asked, and fails the first time if it shall."""

    def __init__(self, *, fails: bool = False) -> None:
        self.asked = 0
        self._fails = fails

    async def ask(self) -> int:
        """Answer with the number of the question."""
        self.asked += 1
        await asyncio.sleep(0)
        if self._fails and self.asked == 1:
            raise ConnectionError
        return self.asked


async def test_everybody_gets_the_first_answer() -> None:
    """Asking takes an engine several seconds."""
    kept = Remembered(Source().ask, 600)

    first, second = await asyncio.gather(kept.get(), kept.get())

    assert (first, second) == (1, 1)


async def test_an_old_answer_is_asked_for_again() -> None:
    """The operator may have changed the engine."""
    kept = Remembered(Source().ask, -1)

    assert [await kept.get(), await kept.get()] == [1, 2]


async def test_a_failure_is_not_remembered() -> None:
    """The engine may be up again."""
    kept = Remembered(Source(fails=True).ask, 600)
    with pytest.raises(ConnectionError):
        await kept.get()

    assert await kept.get() == 2
