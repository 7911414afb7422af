"""What a build prints beyond all reading: counted, dropped, and its end kept.

A loop prints more in a second than can be searched for secrets in minutes. So only so
much of a run's output is read as it comes; of the rest the end is read, which says what
failed, and what begins a step, or the end would be told of another.
"""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.errors import UserError

_MIB = 1 << 20
_LONGEST = 16_384
"""Bytes of a line that are kept; the rest of a longer one is dropped."""
_TAIL = 256 * 1024
_TAIL_LINES = 2_000
_STEPS = 1_000
_STEPS_SIZE = _MIB
_BREAK = re.compile(rb"\r\n|\n|\r")
_MARKS = re.compile(rb"Step \d|--->|#\d+ \[|PRIVATE KEY")
_STEP = re.compile(rb"Step \d+(?:/\d+)? : | ---> |#\d+ \[")


class TooMuchPrintedError(UserError):
    """A run prints more than anybody takes."""


@dataclass(slots=True)
class Attention:
    """How much of what one run prints is read as it comes, whoever prints it.

    That are so many *lines* and so much *size*; what prints more than *most* bytes is
    stopped.
    """

    lines: int = 40_000
    size: int = 8 * _MIB
    most: int = 256 * _MIB
    printed: int = 0
    told: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def pay(self, chunk: bytes) -> bool:
        """Tell whether *chunk*, which was printed, is to be read."""
        with self.lock:
            self.printed += len(chunk)
            self.lines -= chunk.count(b"\n") + chunk.count(b"\r")
            self.size -= len(chunk)
            if self.printed > self.most:
                raise TooMuchPrintedError(
                    f"stopped: it printed more than {self.most // _MIB} MiB"
                )
            return self.lines >= 0 and self.size >= 0

    def tell(self) -> bool:
        """Tell whether nobody has said yet that it is over."""
        with self.lock:
            before, self.told = self.told, True
        return not before


class Tail:
    """Takes output from the beginning of a line on, and keeps its end.

    Of what it drops it keeps the lines that begin a step, or a private key: a part of
    one would not be known without its beginning.
    """

    def __init__(self) -> None:
        self._end = bytearray()
        self._marked: deque[bytes] = deque()
        self._marked_size = 0
        self._lines = 0
        self._size = 0
        self._within = False

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self._end += chunk
        if len(self._end) > 2 * _TAIL:
            self._drop(len(self._end) - _TAIL)

    def lines(self) -> Iterator[str]:
        """Yield what is to be read in the end: how much was dropped comes first."""
        if len(self._end) > _TAIL:
            self._drop(len(self._end) - _TAIL)
        whole = _BREAK.split(bytes(self._end))
        if self._within:
            whole = whole[1:]
        if whole and not whole[-1]:
            whole.pop()
        most = max(len(whole) - _TAIL_LINES, 0)
        self._mark(whole[:most])
        self._lines += most
        self._size += sum(len(line) + 1 for line in whole[:most])
        if self._size:
            left = self._lines - len(self._marked)
            yield f"[{left} lines left out: {self._size / _MIB:.1f} MiB]"
        for line in (*self._marked, *whole[most:]):
            yield line[:_LONGEST].decode("utf-8", errors="replace")

    def _drop(self, size: int) -> None:
        """Drop what stands before *size*, up to the end of a line where it has one."""
        ends = (self._end.rfind(end, 0, size) for end in (b"\n", b"\r"))
        at = max(ends) + 1
        dropped = bytes(self._end[: at or size])
        del self._end[: at or size]
        self._size += len(dropped)
        self._lines += dropped.count(b"\n")
        if _MARKS.search(dropped):
            whole = _BREAK.split(dropped)
            self._mark(whole[1:] if self._within else whole)
        self._within = not at

    def _mark(self, lines: list[bytes]) -> None:
        for line in lines:
            if _STEP.match(line) or b"PRIVATE KEY" in line:
                self._marked.append(line[:_LONGEST])
                self._marked_size += len(self._marked[-1])
        while len(self._marked) > _STEPS or self._marked_size > _STEPS_SIZE:
            self._marked_size -= len(self._marked.popleft())
