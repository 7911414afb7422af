"""Run a program with bounded time, and leave nothing of it behind.

The program gets a process group of its own, which is ended as a whole when
time is up or the caller is cancelled. Where the machine has ``setpriv``, the
program also ends when this process is killed outright.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.processes.tether import tethered

Sink = Callable[[bytes], Awaitable[None] | None]
"""Takes output; no more is read until it has done so."""
Source = Callable[[], Awaitable[bytes]]
_CHUNK = 65_536
_GRACE = 3.0


@dataclass(frozen=True, slots=True)
class Command:
    """A program to run: nothing of our own environment is added to *env*."""

    argv: tuple[str, ...]
    env: Mapping[str, str]
    seconds: float
    stdin: Path | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended; *code* is negative where a signal ended it."""

    code: int
    timed_out: bool = False


async def run(
    command: Command,
    out: Sink,
    err: Sink | None = None,
    source: Source | None = None,
) -> Ended:
    """Run *command*; *out* gets its output as it comes, *err* the errors'.

    Without *err* both go to *out* in the order in which they were written.
    What *source* returns is typed in, time after time, until the program ends.
    """
    given = asyncio.subprocess.PIPE if source else asyncio.subprocess.DEVNULL
    process = await _start(command, given, separate=err is not None)
    streams = (process.stdout, process.stderr)
    tasks = [
        asyncio.create_task(_pour(stream, sink))
        for stream, sink in zip(streams, (out, err or out), strict=True)
    ]
    typing = asyncio.create_task(_type(process.stdin, source))
    try:
        async with asyncio.timeout(command.seconds):
            await asyncio.gather(*tasks)
            return Ended(await process.wait())
    except TimeoutError:
        return Ended(await _end(process), timed_out=True)
    finally:
        for task in (*tasks, typing):
            task.cancel()
        if process.stdin is not None:
            process.stdin.close()
        await _end(process)
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*map(_drain, streams))


async def _start(
    command: Command, given: int, *, separate: bool
) -> asyncio.subprocess.Process:
    errors = asyncio.subprocess.PIPE if separate else asyncio.subprocess.STDOUT
    with contextlib.ExitStack() as stack:
        if command.stdin is not None:
            given = stack.enter_context(command.stdin.open("rb")).fileno()
        return await asyncio.create_subprocess_exec(
            *tethered(command.argv, command.env),
            env=dict(command.env),
            stdin=given,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )


async def _pour(stream: asyncio.StreamReader | None, sink: Sink) -> None:
    while stream is not None and (chunk := await stream.read(_CHUNK)):
        taken = sink(chunk)
        if taken is not None:
            await taken


async def _drain(stream: asyncio.StreamReader | None) -> None:
    """Throw away what was not read, or the pipe would stay open."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_GRACE):
            while stream is not None and await stream.read(_CHUNK):
                pass


async def _type(stream: asyncio.StreamWriter | None, source: Source | None) -> None:
    with contextlib.suppress(ConnectionError):
        while stream is not None and source is not None:
            stream.write(await source())
            await stream.drain()


async def _end(process: asyncio.subprocess.Process) -> int:
    """End the whole group: first with a word, then by force."""
    for word in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, word)
        if process.returncode is None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), _GRACE)
    return process.returncode if process.returncode is not None else -signal.SIGKILL
