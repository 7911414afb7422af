"""What one run may cost this machine: bytes, entries, calls and seconds, in all.

A recipe costs its runner little when it sends much: a file of holes, a flood of
calls. So everything that comes out of its containers is paid from one budget.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot import disk
from bot.errors import UserError

_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much there is to spend; *held* are bytes in memory at one time."""

    size: int
    entries: int
    calls: int = 0
    seconds: float = 900.0
    held: int = 64 * _MIB


@dataclass(slots=True)
class Budget:
    """What is left of an allowance; any thread may spend from it.

    *what* names in a message what is spent for, *remedy* says how to spend less.
    """

    allowance: Allowance
    what: str
    remedy: str
    size: int = 0
    entries: int = 0
    calls: int = 0
    seconds: float = 0.0
    held: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def spend(
        self, size: int = 0, entries: int = 0, calls: int = 0, seconds: float = 0.0
    ) -> None:
        """Take that much; UserError where there is less."""
        with self.lock:
            self.size += size
            self.entries += entries
            self.calls += calls
            self.seconds += seconds
        self._check()

    def look_ahead(self, size: int, folder: Path) -> None:
        """Refuse a file of *size* that *folder* or the budget has no room for."""
        if self.size + size > self.allowance.size:
            raise self._spent(_sized(self.allowance.size))
        if size > _MIB or self.entries % 1_000 == 0:
            disk.require_room(folder, size)

    def metered(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Yield *chunks*; they are paid for, and so is the time that they take."""
        while True:
            began = time.monotonic()
            chunk = next(chunks, None)
            if chunk is None:
                return
            yield chunk
            self.spend(size=len(chunk), seconds=time.monotonic() - began)

    def hold(self, size: int) -> bool:
        """Take *size* bytes of memory until they are let go; False if it is full."""
        with self.lock:
            if self.held + size > self.allowance.held:
                return False
            self.held += size
        return True

    def let_go(self, size: int) -> None:
        """Give *size* bytes of memory back."""
        with self.lock:
            self.held -= size

    def _check(self) -> None:
        most = self.allowance
        if self.size > most.size:
            raise self._spent(_sized(most.size))
        if self.entries > most.entries:
            raise self._spent(f"{most.entries} files")
        if self.calls > most.calls:
            raise self._spent(f"{most.calls} calls of docker")
        if self.seconds > most.seconds:
            raise self._spent(f"{most.seconds:.0f} seconds of transfer")

    def _spent(self, bound: str) -> UserError:
        return UserError(
            f"{self.what} comes to more than {bound}, which is all that is taken. "
            f"{self.remedy}"
        )


@dataclass(slots=True)
class Kept:
    """The memory that the answer to one call takes, until it has been given."""

    budget: Budget
    size: int = 0
    full: bool = False

    def take(self, chunk: bytes) -> bytes:
        """Return *chunk*, or nothing where there is no room for it any more."""
        if self.full or not self.budget.hold(len(chunk)):
            self.full = True
            return b""
        self.size += len(chunk)
        return chunk

    def let_go(self) -> None:
        """Give the memory back."""
        self.budget.let_go(self.size)
        self.size = 0


def _sized(size: int) -> str:
    return f"{size // _MIB} MiB" if size >= _MIB else f"{size} bytes"
