"""The endpoint over real sockets: what stays open, what is closed, what is said."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import pytest
from aiohttp import web

from bot.errors import UserError
from bot.web.gate import Limits
from bot.web.listening import listening
from tests.world.places import LOOPBACK, free_port

LIMITS = Limits(per_address=9, rest=0.2)
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
SECONDS = 10.0


async def hello(request: web.Request) -> web.Response:
    """Answer without a look at the body."""
    return web.Response(text="hello")


async def refuse(request: web.Request) -> web.Response:
    """Answer that it may not be."""
    raise web.HTTPForbidden(text="no")


@asynccontextmanager
async def served(limits: Limits = LIMITS) -> AsyncIterator[int]:
    """Serve both, and give the port."""
    application = web.Application()
    application.router.add_route("*", "/", hello)
    application.router.add_post("/refuse", refuse)
    port = free_port()
    async with asyncio.timeout(SECONDS), listening(application, LOOPBACK, port, limits):
        yield port


@asynccontextmanager
async def dialled(
    port: int,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Hold a connection as long as the block lasts."""
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def said(reader: asyncio.StreamReader, text: bytes) -> bytes:
    """Return what comes until *text* has come."""
    return await reader.readuntil(text)


async def test_answers_request_after_request() -> None:
    """On one connection, as a proxy uses it."""
    async with served() as port, dialled(port) as (reader, writer):
        for _ in range(2):
            writer.write(GET)

            assert (await said(reader, b"hello")).startswith(b"HTTP/1.1 200 ")


async def test_answers_requests_that_come_at_once() -> None:
    """One after the other, each as if it had come alone."""
    async with served() as port, dialled(port) as (reader, writer):
        writer.write(GET * 3 + b"GET / HT")
        for _ in range(3):
            assert (await said(reader, b"hello")).startswith(b"HTTP/1.1 200 ")
        writer.write(b"TP/1.1\r\nHost: a\r\n\r\n")

        assert (await said(reader, b"hello")).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("path", "status"), [("/", b"200"), ("/refuse", b"403"), ("/none", b"404")]
)
async def test_closes_where_a_body_is_not_read(path: str, status: bytes) -> None:
    """The answer comes before the body does, and the rest is nobody's request."""
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 999999\r\n\r\n"
    async with served() as port, dialled(port) as (reader, writer):
        writer.write(head.encode())
        answer = await said(reader, b"\r\n\r\n")
        writer.write(GET * 2)

        assert answer.startswith(b"HTTP/1.1 " + status)
        assert b"Connection: close\r\n" in answer
        # The body of the one answer, and none to what stands in the request's body.
        assert (await reader.read()).count(b"HTTP/1.1") == 0


async def test_closes_what_is_silent() -> None:
    """The clock of the gate is looked at, not only set."""
    soon = Limits(per_address=9, head=0.01)
    async with served(soon) as port, dialled(port) as (reader, _):
        assert await reader.read() == b""


async def test_says_nothing_of_what_is_not_http(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A stranger would fill the log with it."""
    async with served() as port, dialled(port) as (reader, writer):
        writer.write(b"\x16\x03\x01 nonsense\r\n\r\n")

        assert (await said(reader, b"\r\n")).startswith(b"HTTP/1.0 400 ")
    errors = [one for one in caplog.records if one.levelno > logging.INFO]
    assert errors == []


async def test_ends_at_once_when_nobody_asks() -> None:
    """Silent and idle connections hold up no deployment."""
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(served())
        async with dialled(port) as (silent, _), dialled(port) as (idle, writer):
            writer.write(GET)
            await said(idle, b"hello")
            await stack.aclose()

            assert [await silent.read(), await idle.read()] == [b"", b""]


async def test_says_that_the_port_is_taken() -> None:
    """Two of one machine is a common first try, and no defect of ours."""
    async with served() as port:
        with pytest.raises(UserError, match=f"{LOOPBACK} port {port} cannot be"):
            async with listening(web.Application(), LOOPBACK, port, LIMITS):
                raise AssertionError("nobody listens twice")
