"""Show the offending text of a file, underlined, as compilers do. Pure."""

from __future__ import annotations

import re
import unicodedata

from bot.model import Source, Span

_CONTROL = re.compile(
    r"""
    [\x00-\x1f\x7f-\x9f]          # C0 and C1: escape sequences, line feeds
    | [\u2028\u2029]               # line and paragraph separators
    | [\u202a-\u202e\u2066-\u2069]  # directions that reorder what is read
    """,
    re.VERBOSE,
)
_WIDE = frozenset({"W", "F"})
_TAB = 4
_LONGEST = 160
"""Columns of a line that are shown; the rest is cut."""


def excerpt(source: Source, span: Span) -> str:
    """Return the first line of *span* with a rule of carets below it."""
    line = source.line(span.start)
    start = source.start_of(line)
    text = source.text[start:].partition("\n")[0].rstrip("\r")
    begin = span.start - start
    end = max(begin + 1, min(span.end - start, len(text)))
    first = max(0, begin - _LONGEST // 2)
    shown = text[first : first + _LONGEST]
    before = _width(text[first:begin])
    carets = max(1, _width(text[begin : min(end, first + _LONGEST)]))
    margin = " " * len(str(line))
    return "\n".join(
        (
            f"{margin} |",
            f"{line} | {printable(shown)}",
            f"{margin} | {' ' * before}{'^' * carets}",
        )
    )


def printable(text: str) -> str:
    """Return *text* without what could steer a terminal; tabs become blanks."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\t", " " * _TAB))


def _width(text: str) -> int:
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if character == "\t":
        return _TAB
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1
