"""A proven fix as suggestions, where its changes cannot be committed. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator

from bot import differences
from bot.model import Edit, Source
from bot.publishing import Remark, Review
from bot.report.markdown import bounded
from bot.report.review import Diff
from bot.report.suggestion import Block, blocks
from bot.snapshot import Snapshot

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_BODY = (
    "This fix is proven: with all of it, the project builds and runs on arm64. "
    "The suggestions belong together; part of them is not enough."
)
_REMARK = "This is part of the proven fix."


def render(before: Snapshot, changed: Iterable[Source], diff: Diff) -> Review | None:
    """Return the review with what of the fix lies on shown lines, or nothing."""
    pairs = [(before.sources[now.path], now) for now in changed]
    found = [one for old, now in pairs for one in _remarks(old, now, diff)]
    fresh = tuple(one for one in found if one.fingerprint not in diff.posted)
    return Review(_BODY, fresh) if fresh else None


def _remarks(old: Source, now: Source, diff: Diff) -> Iterator[Remark]:
    shown = diff.lines.get(old.path, frozenset())
    for block in blocks(old, _edits(old, now)):
        if block.lines <= shown:
            body = bounded([_REMARK, block.render()])
            mark = _fingerprint(old, block)
            yield Remark(old.path, block.first, block.last, body, mark)


def _edits(old: Source, now: Source) -> Iterator[Edit]:
    """Yield one edit for each run of lines that differ."""
    lines, after = _LINE.findall(old.text), _LINE.findall(now.text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for part in differences.parts(lines, after):
        span = old.span(starts[part.first], starts[part.last])
        yield Edit(span, "".join(after[part.begin : part.end]))


def _fingerprint(old: Source, block: Block) -> str:
    start = old.start_of(block.first)
    count = block.last - block.first + 1
    replaced = "\n".join(old.text[start:].split("\n")[:count])
    parts = ("fix", old.path, replaced, block.text or "")
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "replace"))
    return digest.hexdigest()[:24]
