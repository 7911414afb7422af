"""Strip from a log what terminals and CI systems add to a builder's words. Pure."""

from __future__ import annotations

import re

LONGEST = 10_000
"""Characters of one line that are kept: a longer one is data, not speech."""

_ESCAPE = re.compile(
    r"""
    \x1b (?: \[ [0-?]* [ -/]* [@-~]            # colours, cursor moves
           | \] [^\x07\x1b]* (?:\x07|\x1b\\)?  # window titles, links
           | [@-Z\\-_] )
    """,
    re.VERBOSE,
)
_TIMESTAMP = re.compile(
    r"""
    \[? \d{4}-\d\d-\d\d [T ] \d\d:\d\d:\d\d (?:[.,]\d+)?
    (?: Z | [ ]?[+-]\d\d:?\d\d )? \]? [ ]
    """,
    re.VERBOSE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufeff]")


def clean(text: str) -> tuple[str, ...]:
    """Return the lines of *text* as a person reads them on a terminal.

    Of a line that a progress bar wrote many times over, the last state counts.
    """
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    return tuple(_settled(line) for line in lines)


def plain(line: str) -> str:
    """Return *line* without what steers a terminal, which could part a word."""
    return _CONTROL.sub("", _ESCAPE.sub("", line))


def _settled(line: str) -> str:
    bare = _ESCAPE.sub("", line[: 4 * LONGEST])
    states = [state for state in bare.split("\r") if state.strip()]
    last = states[-1] if states else ""
    spoken = _TIMESTAMP.sub("", last, count=1) if _TIMESTAMP.match(last) else last
    return _CONTROL.sub("", spoken).rstrip()[:LONGEST]
