"""How much one step of judging may take, and how a process is held to it."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
from dataclasses import asdict, dataclass

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_FILES = 16
_MOST_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Allowance:
    """The limits of one step.

    *seconds* are of processor time, *patience* of time on the clock: a loaded
    machine makes a step wait. *memory* is address space and *answer* what the
    step may say, in bytes. *at_once* steps run side by side.
    """

    seconds: int = 20
    patience: float = 120.0
    memory: int = 1 << 30
    answer: int = 64 << 20
    at_once: int = _MOST_AT_ONCE

    def written(self) -> str:
        """Return the limits as one word of a command line."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Allowance:
        """Return the limits that *text* tells."""
        return cls(**json.loads(text))


def confine(allowance: Allowance, parent: int) -> None:
    """Hold this process to *allowance*, and let it end with process *parent*."""
    most = (allowance.seconds, allowance.seconds + 1)
    resource.setrlimit(resource.RLIMIT_CPU, most)
    resource.setrlimit(resource.RLIMIT_AS, (allowance.memory, allowance.memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, _FILES))
    for nothing in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC):
        resource.setrlimit(nothing, (0, 0))
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    end_with(parent)


def end_with(parent: int) -> None:
    """Let this process be killed when *parent*, who started it, is gone."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)  # it was gone before it could be said


def adopt_orphans() -> None:
    """Become the parent of what a child leaves behind, so that it can be ended."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _prctl(option: int, value: int) -> None:
    """Tell the kernel; where it is not Linux, the limits have to do."""
    call = getattr(ctypes.CDLL(None), "prctl", None)
    if call is not None:
        call(option, value, 0, 0, 0)
