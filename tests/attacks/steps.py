"""What a process that judges might do once a file has taken it over."""

from __future__ import annotations

import os
import pickle
import signal
import time
from collections.abc import Callable, Mapping


def prepare() -> None:
    """Have everything at hand."""


def length(text: str) -> int:
    """Do what is asked."""
    return len(text)


def spin() -> int:
    """Never end."""
    while True:
        pass


def sleep() -> int:
    """Never end, and take no processor time."""
    while True:
        time.sleep(60)


def allocate() -> int:
    """Take four gigabytes."""
    return len(bytearray(4 << 30))


def die() -> int:
    """Be killed."""
    os.kill(os.getpid(), signal.SIGSEGV)
    return 0


def take_down() -> int:
    """Kill the process that forks."""
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)
    return 0


def fork() -> int:
    """Leave a process behind that sleeps in a session of its own: its number."""
    pid = os.fork()
    if pid:
        return pid
    os.setsid()
    return sleep()


def siblings() -> int:
    """Count the children of the process that forks, this one among them."""
    parent = os.getppid()
    with open(f"/proc/{parent}/task/{parent}/children") as file:  # noqa: PTH123
        return len(file.read().split())


def lives(pid: int) -> bool:
    """Tell whether process *pid* is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def write(path: str) -> int:
    """Write a file."""
    with open(path, "wb") as file:  # noqa: PTH123 - as an attacker would
        return file.write(b"x")


def secrets() -> tuple[str, ...]:
    """Tell what the environment holds."""
    return tuple(sorted(os.environ))


def flood() -> tuple[str, ...]:
    """Say more than anybody wants to hear."""
    return tuple("x" * 1000 for _ in range(20_000))


def wrong() -> tuple[int, ...]:
    """Answer something else than was declared."""
    return ("1",)  # type: ignore[return-value] # the lie that is looked for


class _Call:
    """Unpickled, it is a call that ends who reads it."""

    def __reduce__(self) -> tuple[Callable[[int], None], tuple[int]]:
        return os._exit, (3,)


def pickled() -> int:
    """Answer on the connection itself, with a pickle that runs a command."""
    os.write(3, pickle.dumps(_Call()))
    os._exit(0)


STEPS: Mapping[str, Callable[..., object]] = {
    each.__name__: each
    for each in (
        *(length, spin, sleep, allocate, die, take_down, fork, siblings, lives),
        *(write, secrets, flood, wrong, pickled),
    )
}
