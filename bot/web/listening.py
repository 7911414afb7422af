"""Listen for GitHub, and stay there whoever else knocks."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

from aiohttp import http_exceptions, web

from bot.errors import UserError
from bot.web.connection import Connection
from bot.web.gate import Gate, Limits

LOG = logging.getLogger(__name__)

_AT_ONCE = 16
"""Connections that are taken at once; each needs its descriptor before the gate
can judge it."""
_WAITING = 1024
"""Connections that the kernel keeps for us in the meantime, as far as it may."""
_SWEEP_SECONDS = 1.0
_CHUNK = 64 * 1024


@asynccontextmanager
async def listening(
    application: web.Application, host: str, port: int, limits: Limits
) -> AsyncIterator[None]:
    """Serve *application* until the block ends."""
    running = web.AppRunner(
        application,
        access_log=None,
        logger=_quiet(),
        keepalive_timeout=limits.idle,
        lingering_time=limits.rest,
        read_bufsize=_CHUNK,
    )
    await running.setup()
    server = running.server
    if server is None:  # pragma: no cover - it has been set up
        raise RuntimeError("there is no server")
    _observe(server)
    gate = Gate(limits, asyncio.get_running_loop().time, server)
    sweeping = asyncio.create_task(_sweep(gate))
    try:
        listener = await _listen(gate, host, port)
        try:
            yield
        finally:
            listener.close()
    finally:
        sweeping.cancel()
        with suppress(asyncio.CancelledError):
            await sweeping
        gate.close()
        await running.cleanup()


async def _listen(gate: Gate, host: str, port: int) -> asyncio.Server:
    """Take the port, or say that it cannot be had."""
    loop = asyncio.get_running_loop()
    made = partial(Connection, gate)
    try:
        listener = await loop.create_server(made, host, port, backlog=_AT_ONCE)
    except OSError as error:
        raise UserError(
            f"{host} port {port} cannot be listened on: "
            f"{os.strerror(error.errno or 0)}. HOST and PORT choose another."
        ) from error
    for known in listener.sockets:
        LOG.info("listening on %s port %s", *known.getsockname()[:2])
        # To asyncio both numbers are one: how many are taken at once, and how
        # many may wait. A queue of 16 loses the 17th, which comes a second later.
        with socket.socket(fileno=os.dup(known.fileno())) as same:
            same.listen(_WAITING)
    return listener


def _observe(server: web.Server) -> None:
    """Let each connection know when a request of it begins and ends."""
    answer = server.request_handler

    async def observed(request: web.BaseRequest) -> web.StreamResponse:
        transport = request.transport
        connection = None if transport is None else transport.get_protocol()
        if not isinstance(connection, Connection):
            return await answer(request)
        connection.begins(request)
        try:
            said = await answer(request)
        except web.HTTPException as refusal:
            _last_where_it_must_be(connection, request, refusal)
            raise
        else:
            _last_where_it_must_be(connection, request, said)
            return said
        finally:
            connection.ends()

    server.request_handler = observed


def _last_where_it_must_be(
    connection: Connection, request: web.BaseRequest, answer: web.StreamResponse
) -> None:
    """Close after *answer* where what follows is not read, or has no clear begin."""
    if connection.is_last or not request.content.is_eof():
        answer.force_close()


async def _sweep(gate: Gate) -> None:
    while True:
        await asyncio.sleep(_SWEEP_SECONDS)
        gate.sweep()


def _quiet() -> logging.Logger:
    """Return a log that no stranger fills by sending what is not HTTP."""
    log = logging.getLogger(f"{__name__}.http")
    if not log.filters:
        log.addFilter(_is_ours)
    return log


def _is_ours(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, http_exceptions.HttpProcessingError)
