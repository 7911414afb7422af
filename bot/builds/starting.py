"""Start a container and know when its program may be running."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine

from docker import APIClient
from docker.errors import NotFound

from bot.builds.engine import Engine
from bot.builds.gate import Gate
from bot.builds.words import CallError
from bot.processes.program import Ended

Program = Callable[[], Coroutine[None, None, Ended]]
_POLL = 0.05
_LONGEST_POLL = 0.5
_WITHIN = 30.0


async def run(engine: Engine, gate: Gate, name: str, program: Program) -> Ended:
    """Run *program*, the docker command that starts the container *name*.

    It takes part in the *gate* from before it begins until the engine says that
    the container runs or has ended.
    """
    running: asyncio.Task[Ended] | None = None
    try:
        async with gate.starting():
            running = asyncio.create_task(program())
            await _begun(engine, name, running)
        return await running
    finally:
        if running is not None:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


def wait(client: APIClient, name: str) -> None:
    """Wait until the container *name* has been started, or never will be."""
    deadline = time.monotonic() + _WITHIN
    while time.monotonic() < deadline:
        if _has_begun(client, name):
            return
        time.sleep(_POLL)
    client.remove_container(name, force=True)
    raise CallError("the container did not start in time")


async def _begun(engine: Engine, name: str, running: asyncio.Task[Ended]) -> None:
    pause = _POLL
    deadline = time.monotonic() + _WITHIN
    while not await engine.call(lambda client: _has_begun(client, name)):
        if running.done() or time.monotonic() > deadline:
            # The engine may still be about to start it.
            await engine.call(lambda client: _prevent(client, name))
            return
        await asyncio.wait((running,), timeout=pause)
        pause = min(pause * 2, _LONGEST_POLL)


def _has_begun(client: APIClient, name: str) -> bool:
    try:
        state = client.inspect_container(name)["State"]
    except NotFound:
        return True
    return bool(state["Status"] != "created" or state["Error"])


def _prevent(client: APIClient, name: str) -> None:
    """Remove the container *name* unless it has been started."""
    if not _has_begun(client, name):
        client.remove_container(name, force=True)
