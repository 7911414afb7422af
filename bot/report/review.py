"""The review of a pull request: remarks and suggestions on shown lines. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot import fixing
from bot.model import Edit, Finding, Fix, Safety, Severity, Source
from bot.publishing import Remark, Review
from bot.report.annotation import HOW
from bot.report.markdown import bounded, code, fence, prose
from bot.report.patch import shown_lines
from bot.report.suggestion import Block, blocks
from bot.snapshot import Snapshot
from bot.suppression import silencer

__all__ = ["MOST", "Diff", "render", "shown_lines"]

MOST = 20
"""Remarks of one review; more would be noise."""

_ORDER = tuple(Severity)
_DIFF = 3000
_HOW = (
    "A suggestion changes its own lines only; `/multiarch fix` makes all changes "
    "together and builds them first."
)


@dataclass(frozen=True, slots=True)
class Diff:
    """What a pull request shows, and which remarks it already carries.

    *lines* holds the shown lines of the new side per path; *posted* the
    fingerprints of the remarks of earlier reviews.
    """

    lines: Mapping[str, frozenset[int]]
    posted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Draft:
    """A remark before it has a fingerprint; *key* is what makes it the same."""

    severity: Severity
    path: str
    first: int
    last: int
    body: str
    key: tuple[str, ...]


def render(
    snapshot: Snapshot, findings: Iterable[Finding], diff: Diff
) -> Review | None:
    """Return the review of what is new on the shown lines, or nothing."""
    drafts = [*_drafts(snapshot, findings, diff)]
    ordered = sorted(drafts, key=lambda one: _ORDER.index(one.severity))
    fresh = [one for one in _remarks(ordered) if one.fingerprint not in diff.posted]
    if not fresh:
        return None
    left = len(fresh) - MOST
    return Review(_body(len(fresh), left), tuple(fresh[:MOST]))


def _body(count: int, left: int) -> str:
    remarks = "One remark" if count == 1 else f"{count} remarks"
    rows = [f"{remarks} about arm64 on lines of this pull request.", _HOW]
    if left > 0:
        rows.append(f"{left} of them are not shown here; the check run lists all.")
    return "\n\n".join(rows)


def _remarks(drafts: Iterable[_Draft]) -> Iterator[Remark]:
    """Yield remarks; what is the same twice is numbered and told apart."""
    seen: Counter[tuple[str, ...]] = Counter()
    for draft in drafts:
        seen[draft.key] += 1
        parts = (*draft.key, str(seen[draft.key]))
        digest = hashlib.sha256("\0".join(parts).encode("utf-8", "replace"))
        yield Remark(
            draft.path, draft.first, draft.last, draft.body, digest.hexdigest()[:24]
        )


def _drafts(
    snapshot: Snapshot, findings: Iterable[Finding], diff: Diff
) -> Iterator[_Draft]:
    """Yield remarks; findings that share a fix share its suggestions."""
    suggested: set[tuple[Edit, ...]] = set()
    for finding in findings:
        fix = finding.match.fix
        offered = _offered(snapshot, finding, diff) if fix else {}
        if fix is None or not offered:
            yield from _remark(snapshot, finding, diff)
        elif fix.edits not in suggested:
            suggested.add(fix.edits)
            for path, found in offered.items():
                yield from _suggestions(
                    snapshot, finding, _title(fix), (path, found), offered
                )


def _offered(
    snapshot: Snapshot, finding: Finding, diff: Diff
) -> dict[str, tuple[Block, ...]]:
    """Return the blocks of a fix per file, the finding's own file first.

    A file of which the diff does not show every line to change has none; where
    that is the finding's own file, nothing is offered.
    """
    fix, home = finding.match.fix, finding.match.span.path
    if fix is None or fix.safety is Safety.DISPLAY:
        return {}
    paths = {edit.span.path for edit in fix.edits}
    found = {path: blocks(snapshot.sources[path], fix.edits) for path in paths}
    shown = {
        path: found[path]
        for path in sorted(paths, key=lambda path: (path != home, path))
        if found[path] and _is_shown(found[path], diff.lines.get(path, frozenset()))
    }
    return shown if home in shown else {}


def _is_shown(found: tuple[Block, ...], lines: frozenset[int]) -> bool:
    return all(block.lines <= lines for block in found)


def _suggestions(
    snapshot: Snapshot,
    finding: Finding,
    title: str,
    here: tuple[str, tuple[Block, ...]],
    offered: Mapping[str, object],
) -> Iterator[_Draft]:
    """Yield the suggestions of a fix in one file."""
    path, found = here
    source = snapshot.sources[path]
    for number, block in enumerate(found, start=1):
        part = f" (part {number} of {len(found)} in this file)"
        body = bounded(
            [
                *_reason(finding, path),
                f"{title}{part if len(found) > 1 else ''}",
                block.render(),
                *_elsewhere(finding, path, offered),
                *_silence(finding, path, snapshot),
            ]
        )
        rest = source.text[source.start_of(block.first) :].split("\n")
        old = "\n".join(rest[: block.last - block.first + 1])
        key = ("suggestion", finding.rule, path, old, block.text or "")
        yield _Draft(finding.severity, path, block.first, block.last, body, key)


def _reason(finding: Finding, path: str) -> Iterator[str]:
    home = finding.match.span.path
    if path == home:
        yield prose(finding.match.message)
    else:
        yield f"This belongs to the fix of {code(finding.rule)} in {code(home)}."


def _remark(snapshot: Snapshot, finding: Finding, diff: Diff) -> Iterator[_Draft]:
    """Yield a remark without a suggestion, if its line is shown."""
    match = finding.match
    path = match.span.path
    source = snapshot.sources[path]
    first = source.line(match.span.start)
    last = source.line(max(match.span.start, match.span.end - 1))
    shown = diff.lines.get(path, frozenset())
    if first not in shown:
        return
    if not set(range(first, last + 1)) <= shown:
        last = first
    parts = [prose(match.message), *_by_hand(snapshot, finding)]
    body = bounded([*parts, *_silence(finding, path, snapshot)])
    key = ("remark", finding.rule, path, source.cut(match.span), match.message)
    yield _Draft(finding.severity, path, first, last, body, key)


def _by_hand(snapshot: Snapshot, finding: Finding) -> Iterator[str]:
    fix = finding.match.fix
    if fix is None:
        return
    yield _title(fix)
    paths = sorted({edit.span.path for edit in fix.edits})
    sources = [snapshot.sources[path] for path in paths]
    changes = [_diff(source, fix) for source in sources]
    if changes:
        yield fence("".join(changes), "diff", _DIFF)


def _diff(source: Source, fix: Fix) -> str:
    return fixing.diff(source, fixing.apply(source, fix.edits))


def _title(fix: Fix) -> str:
    return f"**{HOW[fix.safety]}**: {prose(fix.title)}"


def _elsewhere(
    finding: Finding, path: str, offered: Mapping[str, object]
) -> Iterator[str]:
    """Say which other files the fix changes, and whether a click is there for it."""
    fix = finding.match.fix
    others = {edit.span.path for edit in fix.edits} - {path} if fix else set()
    beside = ", ".join(code(one) for one in sorted(others & offered.keys()))
    hidden = ", ".join(code(one) for one in sorted(others - offered.keys()))
    if beside:
        yield f"It goes together with the suggestion in {beside}."
    if hidden:
        yield (
            f"It needs a change in {hidden} as well, on lines that this pull request "
            "does not show; `/multiarch fix` makes it."
        )


def _silence(finding: Finding, path: str, snapshot: Snapshot) -> Iterator[str]:
    if path == finding.match.span.path:
        comment = code(silencer(finding, snapshot.sources[path]))
        yield f"To keep the line as it is, put {comment} above it."
