"""Dockerfile lines: comments, directives, and lines joined by continuations."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from bot.model import Source, Span
from bot.parse.instruction import Problem, Word

SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
"""What Go calls a space; Python's own idea of it differs in four characters."""

_DIRECTIVE = re.compile(
    r"""
    \#\s*
    ([a-zA-Z][a-zA-Z0-9]*)  # the name
    \s*=\s*
    (\S(?:.*\S)?)           # the value
    """,
    re.VERBOSE,
)
_DIRECTIVES = frozenset({"escape", "syntax", "check"})


@dataclass(frozen=True, slots=True)
class Joined:
    """A logical line: pieces of a file joined, and where each came from."""

    source: Source
    text: str
    starts: tuple[int, ...]
    """Where each piece starts in *text*."""
    origins: tuple[int, ...]
    """Where each piece starts in the file."""
    end: int
    """The end of its last physical line in the file, newline excluded."""

    def piece(self, index: int) -> int:
        """Return which piece holds the character at *index*."""
        return bisect_right(self.starts, index) - 1

    def at(self, index: int) -> int:
        """Return the offset in the file of the character at *index*."""
        piece = self.piece(index)
        return self.origins[piece] + index - self.starts[piece]

    def part(self, start: int, end: int) -> Joined:
        """Return ``text[start:end]`` (not empty), at its own place in the file."""
        first, last = self.piece(start), self.piece(end - 1)
        return Joined(
            self.source,
            self.text[start:end],
            (0, *(at - start for at in self.starts[first + 1 : last + 1])),
            (self.at(start), *self.origins[first + 1 : last + 1]),
            self.at(end - 1) + 1,
        )

    def index(self, offset: int) -> int:
        """Return the place in *text* of the character at *offset* in the file."""
        piece = bisect_right(self.origins, offset) - 1
        return self.starts[piece] + offset - self.origins[piece]

    def span(self, start: int, end: int) -> Span:
        """Return where ``text[start:end]`` stands in the file."""
        if start < end:
            return self.source.span(self.at(start), self.at(end - 1) + 1)
        here = self.at(start - 1) + 1 if start else self.at(0)
        return self.source.span(here, here)

    def word(self, start: int, end: int) -> Word:
        """Return ``text[start:end]`` as a word."""
        return Word(self.text[start:end], self.span(start, end))


@dataclass(slots=True)
class Lines:
    """A cursor over a Dockerfile that takes one logical line at a time."""

    source: Source
    escape: str = "\\"
    position: int = 0
    limit: int = -1
    """Where to stop; -1 is the end of the file."""
    comments: list[Span] = field(default_factory=list)
    directives: dict[str, Word] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _in_head: bool = True

    def __post_init__(self) -> None:
        """Step over a byte order mark, and find the end."""
        if not self.position and self.source.text.startswith("\ufeff"):
            self.position = 1
        if self.limit < 0:
            self.limit = len(self.source.text)

    def physical(self) -> tuple[int, int] | None:
        """Take one line of the file: its start, and its end without newline."""
        text, start = self.source.text, self.position
        if start >= self.limit:
            return None
        newline = text.find("\n", start, self.limit)
        self.position = self.limit if newline < 0 else newline + 1
        end = self.position
        while end > start and text[end - 1] in "\r\n":
            end -= 1
        return start, end

    def logical(self) -> Joined | None:
        """Take one instruction's line with all its continuation lines."""
        while (line := self.physical()) is not None:
            start, end = self._without_indent(*line)
            if start == end or self._is_comment(start, end):
                self._in_head = self._in_head and start != end
                continue
            self._in_head = False
            joined = self.join(start, end)
            if joined.text.strip(SPACES):
                return joined
        return None

    def join(self, start: int, end: int) -> Joined:
        """Join the line ``[start, end)`` with those that continue it."""
        pieces, last = [(start, self._continued(start, end))], end
        line: tuple[int, int] | None = (start, end)
        while self._goes_on(end, pieces[-1][1]) and (line := self.physical()):
            last = line[1]
            visible, _ = self._without_indent(*line)
            if visible == last or self._is_comment(visible, last):
                continue
            end = last
            pieces.append((line[0], self._continued(line[0], end)))
        return self._joined(pieces, last)

    def _joined(self, pieces: list[tuple[int, int]], last: int) -> Joined:
        texts, starts, origins, length = [], [], [], 0
        for start, end in pieces:
            if start < end:
                texts.append(self.source.text[start:end])
                starts.append(length)
                origins.append(start)
                length += end - start
        if not starts:
            return Joined(self.source, "", (0,), (pieces[0][0],), last)
        return Joined(self.source, "".join(texts), (*starts,), (*origins,), last)

    def _continued(self, start: int, end: int) -> int:
        """Return where the text of a line ends before its escape character."""
        text, stop = self.source.text, end
        while stop > start and text[stop - 1] in " \t":
            stop -= 1
        escaped = stop - start > 1 and text[stop - 2] == self.escape
        if stop == start or text[stop - 1] != self.escape or escaped:
            return end
        return stop - 1

    @staticmethod
    def _goes_on(end: int, text_end: int) -> bool:
        return text_end < end

    def _without_indent(self, start: int, end: int) -> tuple[int, int]:
        text = self.source.text
        while start < end and text[start] in SPACES:
            start += 1
        return start, end

    def _is_comment(self, start: int, end: int) -> bool:
        """Keep the comment of a line, if it is one, and obey a directive."""
        if self.source.text[start] != "#":
            return False
        self.comments.append(self.source.span(start, end))
        if self._in_head:
            self._direct(start, end)
        return True

    def _direct(self, start: int, end: int) -> None:
        """Read the comment ``[start, end)`` as a parser directive, if it is one."""
        found = _DIRECTIVE.match(self.source.text, start, end)
        name = found[1].lower() if found else ""
        self._in_head = name in _DIRECTIVES
        if found is None or not self._in_head:
            return
        span = self.source.span(*found.span(2))
        if name in self.directives:
            message = f"Docker accepts the directive {name!r} only once."
            self.problems.append(Problem(span, message))
            return
        self.directives[name] = Word(found[2], span)
        if name == "escape":
            self._set_escape(found[2], span)

    def _set_escape(self, value: str, span: Span) -> None:
        if value in {"\\", "`"}:
            self.escape = value
            return
        message = f"The escape character must be \\ or `, not {value!r}."
        self.problems.append(Problem(span, message))
