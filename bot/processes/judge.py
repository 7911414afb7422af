"""Judge a stranger's files in a process of its own, which may take so much and no more.

See docs/decisions/judged-in-a-process-of-its-own.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import typing
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from bot.errors import CostlyError
from bot.processes import step, verdicts
from bot.processes.allowance import Allowance
from bot.processes.forking import READY, VERDICT
from bot.processes.verdicts import JudgementError

P = ParamSpec("P")
T = TypeVar("T")

_ROOT = Path(__file__).parent.parent.parent
_SERVER = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from bot.processes.forking import main; main()"
)
_ENVIRONMENT = {"LANG": "C.UTF-8"}
_CHUNK = 1 << 18
_START = 60.0
_LEFT_OVER = 5.0
"""Seconds in which what a child has said is read once it has ended."""


class _GoneError(Exception):
    """The process that forks is not there any more."""


class ProcessJudge:
    """Carries out each step in a child of a process that knows no secret.

    *module* holds the mapping STEPS; nothing else is carried out.
    """

    def __init__(
        self, allowance: Allowance | None = None, module: str = "bot.judging"
    ) -> None:
        self._allowance = allowance or Allowance()
        self._module = module
        self._control: socket.socket | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._starting = asyncio.Lock()
        self._seats = asyncio.Semaphore(self._allowance.at_once)

    async def __aenter__(self) -> Self:
        """Start the process, so that the first step does not wait for it."""
        await self._started(None)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process, and with it every step."""
        self._stop()

    async def __call__(
        self, what: Callable[P, T], /, *given: P.args, **named: P.kwargs
    ) -> T:
        """Run the step *what*; CostlyError where it takes more than it may."""
        hint = typing.get_type_hints(what)["return"]
        asked = await asyncio.to_thread(step.request, what.__name__, given, named)
        async with self._seats:
            answer = await self._answer(asked)
        made: T = await asyncio.to_thread(verdicts.result, answer, hint)
        return made

    async def _answer(self, asked: bytes) -> bytes:
        control = await self._started(None)
        try:
            return await self._ask(control, asked)
        except _GoneError:  # it was killed, and not by this step: once more
            control = await self._started(control)
        try:
            return await self._ask(control, asked)
        except _GoneError as error:
            raise JudgementError("the process that judges was lost twice") from error

    async def _started(self, lost: socket.socket | None) -> socket.socket:
        """Return the line to the process, which is started where it is not there."""
        async with self._starting:
            if self._control is lost or self._control is None:
                self._stop()
                self._control = await asyncio.to_thread(self._start)
            return self._control

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            place = str(theirs.fileno())
            limits = self._allowance.written()
            python = (sys.executable, "-I", "-c", _SERVER)
            self._server = subprocess.Popen(  # noqa: S603 - nothing of it is a stranger's
                (*python, str(_ROOT), place, self._module, limits),
                env=_ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        ours.settimeout(_START)
        if ours.recv(len(READY)) != READY:
            ours.close()
            raise JudgementError("the process that judges did not start")
        return ours

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._server is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait()
            self._server = None

    async def _ask(self, control: socket.socket, asked: bytes) -> bytes:
        data, theirs = socket.socketpair()
        told, line = socket.socketpair()
        with data, told:
            with theirs, line:
                try:
                    socket.send_fds(
                        control, [b"step"], [theirs.fileno(), line.fileno()]
                    )
                except OSError as error:
                    raise _GoneError from error
            data.setblocking(False)
            told.setblocking(False)
            return await self._conversation(data, told, asked)

    async def _conversation(
        self, data: socket.socket, told: socket.socket, asked: bytes
    ) -> bytes:
        """Send what is asked, and return the answer once the child has ended."""
        loop = asyncio.get_running_loop()
        talking = asyncio.create_task(_talk(data, asked, self._allowance.answer))
        ending = asyncio.create_task(loop.sock_recv(told, VERDICT.size))
        try:
            await asyncio.wait({talking, ending}, return_when=asyncio.FIRST_EXCEPTION)
            if talking.done() and talking.exception():
                await talking
            verdict = await ending
            if len(verdict) < VERDICT.size:
                raise _GoneError
            verdicts.check(verdict, self._allowance)
            try:
                async with asyncio.timeout(_LEFT_OVER):
                    return await talking
            except TimeoutError as error:
                raise JudgementError("the answer of a step has no end") from error
        finally:
            for task in (talking, ending):
                task.cancel()
            await asyncio.gather(talking, ending, return_exceptions=True)


async def _talk(data: socket.socket, asked: bytes, most: int) -> bytes:
    """Send *asked* and return all that comes back, if that is not too much."""
    loop = asyncio.get_running_loop()
    with contextlib.suppress(ConnectionError):
        await loop.sock_sendall(data, asked)
        data.shutdown(socket.SHUT_WR)
    parts, size = [], 0
    with contextlib.suppress(ConnectionError):
        while part := await loop.sock_recv(data, _CHUNK):
            parts.append(part)
            size += len(part)
            if size > most:
                raise CostlyError(verdicts.TOO_MUCH)
    return b"".join(parts)
