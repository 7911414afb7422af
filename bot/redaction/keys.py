"""Private keys in PEM, which a log shows over many lines. Pure.

Builds that run side by side write into one log, and BuildKit puts the number of a
step before each line (``#5 0.123 ``): each step has a key of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.redaction.mark import mark

KEY = mark("private key")
_BEGIN = re.compile(
    r"-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}"
    r"|(?<![\w-])Private-Lines: ?[0-9]{1,4}(?![0-9])"
)
_END = re.compile(
    r"-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}"
    r"|(?<![\w-])Private-(?:MAC|Hash): ?[0-9A-Fa-f]{40,64}"
)
"""PEM, SSH2 (with four dashes) and PuTTY."""
_STEP = re.compile(r"(?P<vertex>#\d{1,9}) (?:\d{1,9}\.\d{1,9} )?")
_BODY = re.compile(r"[A-Za-z0-9+/]{0,4096}={0,3}[A-Za-z0-9+/]{0,4}")
_PLACED = re.compile(r"(?:[^\s:]{1,4096}[:-])?[0-9]{1,9}[:-]|[^\s:=]{1,4096}:(?=\S)")
"""Where ``grep`` found a line: its file, its number, or both."""
_AROUND = "\"',+\\ \t<>|-$"
"""What programs write around the lines of a text: as source, as a difference, and
``cat -A`` at its end."""
_HEADERS = ("Proc-Type:", "DEK-Info:", "Version:", "Comment:", "Charset:", "Hash:")
_LONGEST = 400
"""Lines after which a key that does not end is given up; RSA 16,384 has 202."""
_WHOLE, _SURE, _WORDS = 20, 40, 6


@dataclass(slots=True)
class _Open:
    left: int = _LONGEST
    follows: bool = True
    """Whether the line before was one of the key."""


@dataclass(slots=True)
class Keys:
    """The keys that have begun and not ended, by the step that shows them."""

    _open: dict[str, _Open] = field(default_factory=dict)

    def strike(self, line: str) -> str:
        """Return the next *line* of the log without its part of a key."""
        step = _STEP.match(line)
        start, vertex = (step.end(), step["vertex"]) if step else (0, "")
        done, rest = line[:start], line[start:]
        while rest:
            shown, rest = self._next(rest, vertex)
            done += shown
        return done

    def _next(self, text: str, vertex: str) -> tuple[str, str]:
        """Return what is shown of the first part of *text*, and what follows it."""
        known = self._open.get(vertex)
        end = _END.search(text) if known else None
        if end:
            del self._open[vertex]
            return KEY, text[end.end() :]
        begin = _BEGIN.search(text)
        if begin is None:
            return self._within(text, vertex, known) if known else text, ""
        self._open[vertex] = _Open()
        if _END.search(text, begin.end()):
            return text[: begin.start()], text[begin.end() :]
        return text[: begin.start()] + KEY, ""

    def _within(self, text: str, vertex: str, known: _Open) -> str:
        """Return the line *text* that stands behind the beginning of a key."""
        known.left -= 1
        if not known.left:
            del self._open[vertex]
        bare = _bare(text)
        if not bare:
            return text
        known.follows = _is_key(bare, known)
        return KEY if known.follows else text


def _bare(text: str) -> str:
    """Return *text* without what programs write around a line that they show."""
    said = text.strip(_AROUND)
    placed = _PLACED.match(said)
    said = said[placed.end() :].lstrip(_AROUND) if placed else said
    return said.removesuffix("\\n").removesuffix("^M").rstrip(_AROUND)


def _is_key(bare: str, known: _Open) -> bool:
    if bare.startswith(_HEADERS):
        return True
    *before, last = bare.split()
    if not _BODY.fullmatch(last):
        return False
    # Behind a time stamp or the name of a service, only what is long is a line of it.
    least = _SURE if before else 1 if known.follows else _WHOLE
    return len(before) <= _WORDS and len(last) >= least
