"""The log of a build while it is being written: live, whole lines, bounded."""

from __future__ import annotations

import asyncio
import codecs
import re
import threading
from collections import deque
from collections.abc import Iterable

from bot import logs
from bot.builds.printed import Attention, Tail
from bot.errors import UserError
from bot.logs.clean import plain
from bot.model import BuildLog
from bot.ports import Say
from bot.redaction import MOST_GIVEN, Striker, secret_values

WIDEST = 8_192
"""Characters of the longest line that is kept whole."""
ROOM = 16 * 1024**2
"""Characters of a whole log that are kept."""
_STEPS = 1_000
_TOO_MANY = (
    f"More than {MOST_GIVEN} different values of this build are named like secrets, "
    "or are lines of them. Each is looked for in every line of the log, so that none "
    "is shown. Give only those that are secrets such names, and longer ones in files."
)
_STEP = re.compile(r"Step \d+(?:/\d+)? : | ---> |#\d+ \[")
_BREAK = re.compile(r"\r\n|\n|\r")
_END = re.compile(rb"\r\n|\n|\r")
_OVER = "[more is printed than is read as it comes: of the rest the end follows]"


class Transcript:
    """Takes output in pieces, says each line, and keeps the first and last.

    A build that prints without end cannot fill memory: of more than *most*
    lines, or *room* characters, the middle is left out and the log says so.
    What begins a step is kept even there, or the end would be told of another.
    Secrets are struck out before a line is said or kept. Any thread may add lines;
    *attention* bounds how many are worth that, in all transcripts of a run.
    """

    def __init__(
        self,
        say: Say,
        most: int,
        room: int = ROOM,
        attention: Attention | None = None,
    ) -> None:
        self.attention = attention or Attention()
        self._say = say
        self._lock = threading.RLock()
        self._most = max(most // 2, 1)
        self._room = room // 2
        self._first: list[str] = []
        self._left = self._room
        self._last: deque[str] = deque()
        self._size = 0
        self._steps: deque[str] = deque(maxlen=_STEPS)
        self._dropped = 0
        self._striker = Striker()

    def hide(self, values: Iterable[str]) -> None:
        """Strike the operator's *values* out of what follows, however many."""
        with self._lock:
            self._striker.hide(values)

    def hide_given(self, settings: Iterable[tuple[str, str]]) -> None:
        """Strike out the values of a stranger's *settings* that are secrets by name.

        UserError where a job has too many of them to look for.
        """
        with self._lock:
            hidden = self._striker.hide_given(secret_values(settings))
        if not hidden:
            raise UserError(_TOO_MANY)

    def add(self, line: str) -> None:
        """Take one whole line."""
        with self._lock:
            line = self._striker.line(plain(line))
            shown = line if len(line) <= WIDEST else line[:WIDEST] + " …"
            self._say(shown)
            self._keep(shown)

    def _keep(self, shown: str) -> None:
        if len(self._first) < self._most and len(shown) <= self._left:
            self._left -= len(shown)
            self._first.append(shown)
            return
        self._left = -1
        self._last.append(shown)
        self._size += len(shown)
        while len(self._last) > self._most or self._size > self._room:
            self._drop(self._last.popleft())

    def lines(self) -> tuple[str, ...]:
        """Return what was kept, in order."""
        with self._lock:
            gap = [f"[{self._dropped} lines left out]"] if self._dropped else []
            return (*self._first, *gap, *self._steps, *self._last)

    def _drop(self, line: str) -> None:
        self._size -= len(line)
        if _STEP.match(line):
            self._steps.append(line)
        else:
            self._dropped += 1

    def log(self, platform: str, dockerfile: str, files: Iterable[str]) -> BuildLog:
        """Return the log, cleaned and split into steps."""
        return logs.read(self.lines(), platform, dockerfile, files)


class Lines:
    """Cuts a stream of bytes into lines for a transcript.

    Of a line without end only the beginning is taken: what was cut out of the
    middle of a secret would not be known for a part of it. Of a stream that is longer
    than the transcript has *attention* for, the end is taken once it has ended.
    """

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._rest = ""
        self._overlong = False
        self._tail: Tail | None = None
        self._lock = threading.Lock()

    async def hear(self, chunk: bytes) -> None:
        """Take the next bytes while others go on: to search them takes its time."""
        await asyncio.to_thread(self.feed, chunk)

    async def finish(self) -> None:
        """Take what is left while others go on."""
        await asyncio.to_thread(self.close)

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes; TooMuchPrintedError where there is no end to them."""
        read = self._transcript.attention.pay(chunk)
        with self._lock:
            if self._tail is None and not read:
                chunk = self._turn(chunk)
            if self._tail is not None:
                self._tail.feed(chunk)
            else:
                self._read(chunk)

    def _turn(self, chunk: bytes) -> bytes:
        """Read *chunk* to the end of the line; return what goes to the tail."""
        begun = _END.search(chunk)
        if begun is None:
            return chunk
        self._read(chunk[: begun.end()])
        self._flush()
        self._tail = Tail()
        if self._transcript.attention.tell():
            self._transcript.add(_OVER)
        return chunk[begun.end() :]

    def _read(self, chunk: bytes) -> None:
        text = self._rest + self._decoder.decode(chunk)
        held = text.endswith("\r")
        *whole, self._rest = _BREAK.split(text[:-1] if held else text)
        self._rest += "\r" if held else ""
        for line in whole:
            self._take(line)
        if len(self._rest) > 2 * WIDEST:
            self._take(self._rest)
            self._overlong, self._rest = True, ""

    def close(self) -> None:
        """Take what stands behind the last line break, or the end of a long stream."""
        with self._lock:
            self._flush()
            for line in self._tail.lines() if self._tail is not None else ():
                self._transcript.add(line)
            self._tail = None

    def _flush(self) -> None:
        rest = (self._rest + self._decoder.decode(b"", final=True)).rstrip("\r")
        self._rest = ""
        if rest:
            self._take(rest)

    def _take(self, line: str) -> None:
        if not self._overlong:
            self._transcript.add(line)
        self._overlong = False
