"""The characters of Makefiles: references, words, comments and operators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CLOSERS = {"(": ")", "{": "}"}
_BLANKS = re.compile(r"\s*")
_CONTINUATION = re.compile(r"\\\r?\n")
_JOINT = re.compile(r"(?:(?<![ \t])[ \t]++)?\\\r?\n[ \t]*")
_OPERATOR = re.compile(r":::=|::=|:=|\?=|\+=|!=|=")


@dataclass(frozen=True, slots=True)
class Line:
    """One logical line: ``[start, end)`` without its last newline."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Return the offset behind the last character."""
        return self.start + len(self.text)


def logical_lines(text: str) -> Iterator[Line]:
    """Yield lines with their continuation lines, so that nothing is lost."""
    start = place = 0
    while place < len(text):
        newline = text.find("\n", place)
        end = newline if newline >= 0 else len(text)
        place = end + 1
        if newline < 0 or not _continues(text, start, end):
            yield Line(text[start:end].removesuffix("\r"), start)
            start = place
    if start < len(text):
        yield Line(text[start:], start)  # a continuation that never came


def blank(text: str) -> str:
    """Return *text* with each line joint as blanks of the same length."""
    return _CONTINUATION.sub(lambda hit: " " * len(hit[0]), text)


def join(text: str) -> str:
    """Return *text* with each line joint as one blank, as make reads it."""
    return _JOINT.sub(" ", text)


def comment_start(text: str) -> int:
    """Return where the comment of a line starts, or its length."""
    place = text.find("#")
    while place >= 0 and _backslashes(text, place) % 2:
        place = text.find("#", place + 1)
    return place if place >= 0 else len(text)


def after_blanks(text: str, start: int) -> int:
    """Return where the blanks at *start* end."""
    blanks = _BLANKS.match(text, start)
    return blanks.end() if blanks else start


def closing(text: str, start: int) -> int:
    """Return where the bracket at *start* closes, or -1.

    As in make, only brackets of the same shape count.
    """
    opener, closer = text[start], _CLOSERS[text[start]]
    depth = 0
    for place in range(start, len(text)):
        if text[place] == opener:
            depth += 1
        elif text[place] == closer:
            depth -= 1
            if not depth:
                return place
    return -1


def outside(text: str, start: int = 0) -> Iterator[int]:
    """Yield the offsets of *text* that are outside ``$(…)`` and ``${…}``."""
    place = start
    while place < len(text):
        if text[place] == "$" and text[place + 1 : place + 2] in _CLOSERS:
            end = closing(text, place + 1)
            if end < 0:
                return
            place = end + 1
        else:
            yield place
            place += 1


def find(text: str, characters: str, start: int = 0) -> int:
    """Return the first of *characters* outside references, or -1."""
    return next((at for at in outside(text, start) if text[at] in characters), -1)


def words(text: str) -> tuple[str, ...]:
    """Split *text* at the blanks that are outside references."""
    cuts = [at for at in outside(text) if text[at].isspace()]
    edges = [-1, *cuts]
    ends = [*cuts, len(text)]
    pieces = (text[a + 1 : b] for a, b in zip(edges, ends, strict=True))
    return tuple(piece for piece in pieces if piece)


def split_arguments(text: str, limit: int = 0) -> list[str]:
    """Split at commas outside brackets; at most *limit* parts where it is set."""
    parts: list[str] = []
    depth = start = 0
    for place, character in enumerate(text):
        if character in "({":
            depth += 1
        elif character in ")}":
            depth -= 1
        elif character == "," and depth <= 0 and len(parts) + 1 != limit:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]


def assignment(text: str, start: int) -> tuple[int, int, str] | None:
    """Return end of name, start of value and operator of an assignment.

    None where a colon or a second word comes first: that is not one.
    """
    for place in outside(text, start):
        operator = _OPERATOR.match(text, place)
        if operator:
            return (place, operator.end(), operator[0]) if place > start else None
        if text[place] == ":":
            return None
        if text[place].isspace():
            after = after_blanks(text, place)
            operator = _OPERATOR.match(text, after)
            return (place, operator.end(), operator[0]) if operator else None
    return None


def _continues(text: str, start: int, end: int) -> bool:
    end -= text.endswith("\r", start, end)
    return _backslashes(text, end, start) % 2 == 1


def _backslashes(text: str, end: int, start: int = 0) -> int:
    place = end
    while place > start and text[place - 1] == "\\":
        place -= 1
    return end - place
