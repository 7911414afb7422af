"""Bodies arrive in time and within a bound, or are refused in words."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import StreamReader, web
from aiohttp.base_protocol import BaseProtocol

from bot.web.announcement import LARGEST
from bot.web.intake import Intake
from tests.web.wires import Wire


def stream(*chunks: bytes, ends: bool = False) -> StreamReader:
    """Return what a request has brought so far."""
    loop = asyncio.get_running_loop()
    protocol = BaseProtocol(loop)
    protocol.connection_made(Wire("192.0.2.1"))
    made = StreamReader(protocol, LARGEST, loop=loop)
    for chunk in chunks:
        made.feed_data(chunk)
    if ends:
        made.feed_eof()
    return made


async def read(intake: Intake, content: StreamReader) -> bytes:
    """Return the whole of *content*."""
    return b"".join(await intake.body(content))


async def refusal(intake: Intake, content: StreamReader) -> tuple[int, str | None]:
    """Return the status and the words with which *content* is refused."""
    with pytest.raises(web.HTTPException) as caught:
        await intake.body(content)
    return caught.value.status, caught.value.text


async def test_reads_a_body() -> None:
    """However many pieces it comes in."""
    assert await read(Intake(), stream(b"{", b"}", ends=True)) == b"{}"
    assert await read(Intake(), stream(ends=True)) == b""


async def test_does_not_wait_for_ever() -> None:
    """Whoever opens a thousand requests and sends nothing holds none of them."""
    expected = (408, "The body did not arrive in time.\n")

    assert await refusal(Intake(patience=0.01), stream(b"{")) == expected


async def test_says_that_a_body_broke_off() -> None:
    """That is the sender's, and no error of ours."""
    broken = stream(b"{")
    broken.set_exception(web.RequestPayloadError())
    expected = (400, "The body broke off.\n")

    assert await refusal(Intake(), broken) == expected


async def test_refuses_what_turns_out_too_large() -> None:
    """What is announced is not what has to come."""
    assert (await refusal(Intake(), stream(b" " * (LARGEST + 1))))[0] == 413


FULL = (503, "Too much is arriving at once; deliver it again later.\n")


async def test_the_body_that_takes_longest_gives_way() -> None:
    """So that slow ones, many or large, never keep out one that is there at once."""
    intake = Intake(most=10 + 2 * 64)
    slow = stream(b"12345")
    slower = asyncio.create_task(refusal(intake, slow))
    later = asyncio.create_task(read(intake, second := stream(b"1234")))
    await asyncio.sleep(0)

    assert await read(intake, stream(b"123456", ends=True)) == b"123456"
    assert await slower == FULL
    second.feed_eof()
    assert await later == b"1234"


async def test_counts_more_than_the_bytes() -> None:
    """A body that comes byte by byte takes up many times its size."""
    intake = Intake(most=1000)
    content = stream(ends=False)
    refused = asyncio.create_task(refusal(intake, content))
    for _ in range(20):
        content.feed_data(b"1")
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    assert await refused == FULL


async def test_tells_when_to_come_again() -> None:
    """A proxy or a person may try once more."""
    intake = Intake(most=65)
    with pytest.raises(web.HTTPServiceUnavailable) as caught:
        await intake.body(stream(b"12"))

    assert caught.value.headers["Retry-After"] == "10"


async def test_what_is_over_takes_no_room() -> None:
    """Whether it was read, was too slow or has given way."""
    intake = Intake(most=10 + 64, patience=0.01)
    for _ in range(3):
        assert await read(intake, stream(b"123456", ends=True)) == b"123456"
        assert (await refusal(intake, stream(b"123456")))[0] == 408
        assert await refusal(intake, stream(b"12345678901")) == FULL

    assert await read(intake, stream(b"1234567890", ends=True)) == b"1234567890"
