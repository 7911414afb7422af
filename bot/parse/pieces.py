"""Text with variables in it, and what it is once they have values. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NAME = re.compile(r"\w+")


def fit(pieces: Sequence[str], text: str) -> bool:
    """Tell whether *text* is *pieces* in their order, with anything between them.

    Each piece is taken where it comes first, which leaves most to those behind
    it: one way through the text is enough.
    """
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1:
        return first == text
    if not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in pieces[1:-1]:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return at <= end


def between_variables(text: str) -> list[str]:
    """Split *text* at each ``$x`` and ``${…}``, up to the first brace that closes."""
    pieces: list[str] = []
    start = 0
    dollar = text.find("$")
    last = text.rfind("}")
    while dollar >= 0:
        end = _end(text, dollar + 1, last)
        if end:
            pieces.append(text[start:dollar])
            start = end
        dollar = text.find("$", end or dollar + 1)
    return [*pieces, text[start:]]


def _end(text: str, start: int, last: int) -> int:
    """Return where the variable ends whose dollar stands before *start*, or 0."""
    if text.startswith("{", start) and start < last:
        return text.find("}", start) + 1
    name = _NAME.match(text, start)
    return name.end() if name else 0
