"""Turn the edits of a fix into blocks of whole lines that one click applies. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot import fixing
from bot.model import Edit, Source
from bot.report import markdown

_GAP = 3
"""Lines between two edits that still go into one block."""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines *first* to *last* of a file, and the text to put in their place.

    *text* ends without a line feed; None stands for deleting the lines.
    """

    first: int
    last: int
    text: str | None

    @property
    def lines(self) -> frozenset[int]:
        """Return the lines that are replaced."""
        return frozenset(range(self.first, self.last + 1))

    def render(self) -> str:
        """Return the block as GitHub's suggestion."""
        text = self.text or ""
        ticks = "`" * max(3, markdown.longest_run(text) + 1)
        body = f"{text}\n" if self.text is not None else ""
        return f"{ticks}suggestion\n{body}{ticks}"


def blocks(source: Source, edits: Iterable[Edit]) -> tuple[Block, ...]:
    """Return the blocks that make *edits* in *source*; none where they cannot.

    Text that holds what readers would not see is not offered for a click. That
    includes carriage returns: GitHub takes them out of comments, so the line
    that came back would end differently.
    """
    mine = sorted(
        (edit for edit in edits if edit.span.path == source.path),
        key=lambda edit: edit.span,
    )
    if not mine or not source.text:
        return ()
    found = tuple(_block(source, group) for group in _groups(source, mine))
    seen = all(_is_seen(block.text or "") for block in found)
    return found if seen else ()


def _groups(source: Source, edits: list[Edit]) -> list[list[Edit]]:
    groups: list[list[Edit]] = []
    last = 0
    for edit in edits:
        first = source.line(edit.span.start)
        if groups and first <= last + _GAP + 1:
            groups[-1].append(edit)
        else:
            groups.append([edit])
        last = max(last, source.line(max(edit.span.start, edit.span.end - 1)))
    return groups


def _block(source: Source, edits: list[Edit]) -> Block:
    count = _line_count(source)
    first = min(source.line(edits[0].span.start), count)
    last = min(
        max(source.line(max(one.span.start, one.span.end - 1)) for one in edits), count
    )
    text = _replaced(source, edits, first, last)
    while text and not text.endswith("\n") and last < count:
        last += 1
        text = _replaced(source, edits, first, last)
    return Block(first, last, text.removesuffix("\n") if text else None)


def _replaced(source: Source, edits: list[Edit], first: int, last: int) -> str:
    """Return lines *first* to *last* as they are after *edits*."""
    start = source.start_of(first)
    end = source.start_of(last + 1) if last < _all_lines(source) else len(source.text)
    after = fixing.apply(source, edits).text
    return after[start : end + len(after) - len(source.text)]


def _line_count(source: Source) -> int:
    """Return how many lines there are to point at."""
    return _all_lines(source) - (1 if source.text.endswith("\n") else 0)


def _all_lines(source: Source) -> int:
    return source.text.count("\n") + 1


def _is_seen(text: str) -> bool:
    return markdown.clean(text) == text.removesuffix("\n")
