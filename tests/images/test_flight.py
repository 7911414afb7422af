"""One question at a time, one answer for all who ask it."""

from __future__ import annotations

import asyncio

import pytest

from bot.images.flight import Flights


async def test_those_who_ask_together_share_one_answer() -> None:
    """Twenty Dockerfiles with one base image are one request."""
    flights: Flights[int] = Flights()
    starts: list[int] = []
    gate = asyncio.Event()

    async def ask() -> int:
        starts.append(1)
        await gate.wait()
        return 7

    waiting = [asyncio.create_task(flights.share("a", ask)) for _ in range(20)]
    await asyncio.sleep(0)
    gate.set()

    assert await asyncio.gather(*waiting) == [7] * 20
    assert starts == [1]


async def test_the_next_question_is_asked_anew() -> None:
    """Sharing is no cache: how long an answer holds is decided elsewhere."""
    flights: Flights[int] = Flights()
    answers = iter((1, 2))

    async def ask() -> int:
        return next(answers)

    assert [await flights.share("a", ask), await flights.share("a", ask)] == [1, 2]


async def test_one_who_goes_away_takes_nothing_from_the_others() -> None:
    """A job that is superseded must not fail another job's analysis."""
    flights: Flights[int] = Flights()
    gate = asyncio.Event()

    async def ask() -> int:
        await gate.wait()
        return 7

    one = asyncio.create_task(flights.share("a", ask))
    two = asyncio.create_task(flights.share("a", ask))
    await asyncio.sleep(0)
    one.cancel()
    await asyncio.sleep(0)
    gate.set()

    assert await two == 7


async def test_closing_ends_what_is_under_way() -> None:
    """A process that ends leaves no request behind."""
    flights: Flights[int] = Flights()

    async def ask() -> int:
        await asyncio.Event().wait()
        return 7

    one = asyncio.create_task(flights.share("a", ask))
    await asyncio.sleep(0)
    await flights.close()

    with pytest.raises(asyncio.CancelledError):
        await one
