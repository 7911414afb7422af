"""The log of a build while it is being written: live, whole lines, bounded."""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Iterable

from bot import logs
from bot.model import BuildLog
from bot.ports import Say

WIDEST = 8_192
"""Characters of the longest line that is kept whole."""
_BREAK = re.compile(r"\r\n|\n|\r")


class Transcript:
    """Takes output in pieces, says each line, and keeps the first and last.

    A build that prints without end cannot fill memory: of more than *most*
    lines the middle is left out and the log says so.
    """

    def __init__(self, say: Say, most: int) -> None:
        self._say = say
        self._most = max(most // 2, 1)
        self._first: list[str] = []
        self._last: deque[str] = deque(maxlen=self._most)
        self._dropped = 0

    def add(self, line: str) -> None:
        """Take one whole line."""
        shown = line if len(line) <= WIDEST else line[:WIDEST] + " …"
        self._say(shown)
        if len(self._first) < self._most:
            self._first.append(shown)
            return
        self._dropped += len(self._last) == self._most
        self._last.append(shown)

    def lines(self) -> tuple[str, ...]:
        """Return what was kept, in order."""
        gap = [f"[{self._dropped} lines left out]"] if self._dropped else []
        return (*self._first, *gap, *self._last)

    def log(self, platform: str, dockerfile: str, files: Iterable[str]) -> BuildLog:
        """Return the log, cleaned and split into steps."""
        return logs.read(self.lines(), platform, dockerfile, files)


class Lines:
    """Cuts a stream of bytes into lines for a transcript."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._rest = ""

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the stream."""
        text = self._rest + self._decoder.decode(chunk)
        held = text.endswith("\r")
        *whole, self._rest = _BREAK.split(text[:-1] if held else text)
        self._rest += "\r" if held else ""
        if len(self._rest) > 2 * WIDEST:
            whole, self._rest = [*whole, self._rest], ""
        for line in whole:
            self._transcript.add(line)

    def close(self) -> None:
        """Take what stands behind the last line break."""
        rest = (self._rest + self._decoder.decode(b"", final=True)).rstrip("\r")
        self._rest = ""
        if rest:
            self._transcript.add(rest)
