"""What differs between two lists of lines, found in bounded time. Pure.

Python's own difflib compares every line with every equal one: of a file of half a
million equal lines that has no end. Here it is asked about small parts only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_SMALL = 40_000
"""Pairs of lines that are compared; a larger part counts as replaced."""
CONTEXT = 3
"""Lines that a patch shows around what it changes."""


@dataclass(frozen=True, slots=True)
class Part:
    """Lines ``[first, last)`` of the old text that become ``[begin, end)``."""

    first: int
    last: int
    begin: int
    end: int


def parts(old: Sequence[str], new: Sequence[str]) -> list[Part]:
    """Return what differs, in order."""
    found: list[Part] = []
    for part in _between(old, new, _anchors(old, new)):
        found += _compared(old, new, _trimmed(old, new, part))
    return found


def unified(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Yield the hunks of a patch, line by line."""
    group: list[Part] = []
    for part in parts(old, new):
        if group and part.first - group[-1].last > 2 * CONTEXT:
            yield from _hunk(old, new, group)
            group = []
        group.append(part)
    if group:
        yield from _hunk(old, new, group)


def _anchors(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the lines that both texts hold once, as far as they keep their order."""
    often, now = Counter(old), Counter(new)
    places = {line: at for at, line in enumerate(new) if now[line] == 1}
    reached = -1
    for at, line in enumerate(old):
        place = places.get(line, -1)
        if place > reached and often[line] == 1:
            reached = place
            yield at, place


def _between(
    old: Sequence[str], new: Sequence[str], anchors: Iterator[tuple[int, int]]
) -> Iterator[Part]:
    first = begin = 0
    for at, place in anchors:
        yield Part(first, at, begin, place)
        first, begin = at + 1, place + 1
    yield Part(first, len(old), begin, len(new))


def _trimmed(old: Sequence[str], new: Sequence[str], part: Part) -> Part:
    """Return *part* without the equal lines at its two ends."""
    first, last, begin, end = part.first, part.last, part.begin, part.end
    while first < last and begin < end and old[first] == new[begin]:
        first, begin = first + 1, begin + 1
    while first < last and begin < end and old[last - 1] == new[end - 1]:
        last, end = last - 1, end - 1
    return Part(first, last, begin, end)


def _compared(old: Sequence[str], new: Sequence[str], part: Part) -> Iterator[Part]:
    size = (part.last - part.first) * (part.end - part.begin)
    if not size or size > _SMALL:
        if part.first < part.last or part.begin < part.end:
            yield part
        return
    before, after = old[part.first : part.last], new[part.begin : part.end]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, first, last, begin, end in matcher.get_opcodes():
        if kind != "equal":
            yield Part(
                part.first + first,
                part.first + last,
                part.begin + begin,
                part.begin + end,
            )


def _hunk(
    old: Sequence[str], new: Sequence[str], group: Sequence[Part]
) -> Iterator[str]:
    before = min(CONTEXT, group[0].first)
    after = min(CONTEXT, len(old) - group[-1].last)
    start, stop = group[0].first - before, group[-1].last + after
    begin, end = group[0].begin - before, group[-1].end + after
    yield f"@@ -{_range(start, stop)} +{_range(begin, end)} @@\n"
    at = start
    for part in group:
        yield from (f" {line}" for line in old[at : part.first])
        yield from (f"-{line}" for line in old[part.first : part.last])
        yield from (f"+{line}" for line in new[part.begin : part.end])
        at = part.last
    yield from (f" {line}" for line in old[at:stop])


def _range(start: int, stop: int) -> str:
    """Return a range of lines as a patch writes it: of none, the line before."""
    count = stop - start
    first = start + 1 if count else start
    return f"{first}" if count == 1 else f"{first},{count}"
