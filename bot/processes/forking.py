"""The process that judging happens in: it holds no secret, and forks per step.

It has loaded everything that a step needs, so a step costs a fork and not a start
of Python. It never reads what the steps are given: each child does that itself,
under its limits, and the child's end is told to the worker on a line of its own
that the child does not have.
"""

from __future__ import annotations

import gc
import importlib
import os
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from bot.processes.allowance import Allowance, adopt_orphans, confine
from bot.processes.step import carry_out

READY = b"ready"
VERDICT = struct.Struct("!i?")
"""How a child ended, as waitpid tells it, and whether its time on the clock was up."""
_LONGEST_REST = 3600.0
_GONE = select.POLLHUP | select.POLLERR | select.POLLNVAL

Steps = Mapping[str, Callable[..., object]]


@dataclass(slots=True)
class _Child:
    """One step under way; *line* is where its end is told."""

    pid: int
    line: socket.socket
    deadline: float
    late: bool = False


class Server:
    """Forks a child for each message on *control*, until that is closed."""

    def __init__(
        self, control: socket.socket, steps: Steps, allowance: Allowance
    ) -> None:
        self._control = control
        self._steps = steps
        self._allowance = allowance
        self._children: dict[int, _Child] = {}
        self._poll = select.poll()
        self._wake, waker = socket.socketpair()
        waker.setblocking(False)
        self._wake.setblocking(False)
        self._waker = waker

    def run(self) -> None:
        """Serve until the worker is gone; then every child is killed."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        self._poll.register(self._control, select.POLLIN)
        self._poll.register(self._wake, select.POLLIN)
        self._control.send(READY)
        while self._serve(self._poll.poll(self._rest() * 1000)):
            self._reap()
            self._hurry()
        for child in self._children.values():
            _kill(child.pid)

    def _serve(self, events: list[tuple[int, int]]) -> bool:
        lines = {child.line.fileno(): child for child in self._children.values()}
        for place, event in events:
            if place == self._wake.fileno():
                self._wake.recv(4096)
            elif place in lines and event & _GONE:
                _kill(lines[place].pid)  # nobody waits for it any more
                self._poll.unregister(place)
            elif place == self._control.fileno() and not self._accept():
                return False
        return True

    def _accept(self) -> bool:
        """Fork for one message, which brings the two ends of a step."""
        message, places, _, _ = socket.recv_fds(self._control, 16, 2)
        if not message:
            return False
        data, line = (socket.socket(fileno=place) for place in places)
        me = os.getpid()
        pid = os.fork()
        if not pid:
            self._become(data, me)
        data.close()
        until = time.monotonic() + self._allowance.patience
        self._children[pid] = _Child(pid, line, until)
        self._poll.register(line, 0)
        return True

    def _become(self, data: socket.socket, parent: int) -> NoReturn:
        """Be the child: keep one connection, nothing else, and do the step."""
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            os.dup2(data.fileno(), 3)
            os.closerange(4, os.sysconf("SC_OPEN_MAX"))
            confine(self._allowance, parent)
            carry_out(3, self._steps)
        finally:
            os._exit(0)

    def _rest(self) -> float:
        """Return the seconds until a child's time is up."""
        now = time.monotonic()
        waiting = (each for each in self._children.values() if not each.late)
        times = (each.deadline - now for each in waiting)
        return max(0.0, min(times, default=_LONGEST_REST)) + 0.01

    def _hurry(self) -> None:
        for child in self._children.values():
            if not child.late and child.deadline <= time.monotonic():
                child.late = True
                _kill(child.pid)

    def _reap(self) -> None:
        """Tell how children ended, and end what they have left behind."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            _kill_strays(self._children.keys() - {pid})
            child = self._children.pop(pid, None)
            if child is not None:
                self._tell(child, status)

    def _tell(self, child: _Child, status: int) -> None:
        with suppress(KeyError):  # there where the worker still waits
            self._poll.unregister(child.line)
        with child.line, suppress(OSError):
            child.line.send(VERDICT.pack(status, child.late))


def _kill(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)  # it has not begun its session yet


def _kill_strays(ours: set[int]) -> None:
    """Kill what became a child of this process and was never forked by it."""
    me = os.getpid()
    listed = Path(f"/proc/{me}/task/{me}/children")
    for pid in map(int, listed.read_text().split()) if listed.exists() else ():
        if pid not in ours:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def main() -> None:
    """Serve on the connection and with the steps that the command line names."""
    _, place, module, limits = sys.argv[1:5]
    known = importlib.import_module(module)
    steps: Steps = known.STEPS
    known.prepare()
    adopt_orphans()
    gc.collect()
    gc.freeze()  # what is loaded stays shared between the children
    with socket.socket(fileno=int(place)) as control:
        Server(control, steps, Allowance.read(limits)).run()
