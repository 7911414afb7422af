"""Show the offending text of a file, underlined, as compilers do. Pure."""

from __future__ import annotations

import re
import unicodedata

from bot.model import Source, Span

_CONTROL = re.compile(
    r"""
    [\x00-\x1f\x7f-\x9f]          # C0 and C1: escape sequences, line feeds
    | [\u2028\u2029]               # line and paragraph separators
    | [\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]  # directions: they reorder
    | [\ud800-\udfff]              # bytes of a path that are not UTF-8
    """,
    re.VERBOSE,
)
_WIDE = frozenset({"W", "F"})
_NO_WIDTH = frozenset({"Mn", "Me", "Cf"})
_SOFT_HYPHEN = "\N{SOFT HYPHEN}"
"""The one format character that terminals give a column."""
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
    invisible = unicodedata.category(character) in _NO_WIDTH
    if invisible and character != _SOFT_HYPHEN and printable(character) == character:
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1
