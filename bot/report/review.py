"""The review of a pull request: remarks and suggestions on shown lines. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot import fixing
from bot.model import Finding, Fix, Safety, Severity, Source
from bot.publishing import Remark, Review
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
    places = "One place" if count == 1 else f"{count} places"
    why = "in this pull request would keep the project from arm64."
    rows = [f"{places} {why}", _HOW]
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
    suggested: set[Fix] = set()
    for finding in findings:
        fix = finding.match.fix
        parts = _suggestions(snapshot, finding, diff) if fix else ()
        if fix is not None and parts:
            if fix not in suggested:
                suggested.add(fix)
                yield from parts
            continue
        yield from _remark(snapshot, finding, diff)


def _suggestions(
    snapshot: Snapshot, finding: Finding, diff: Diff
) -> tuple[_Draft, ...]:
    """Return the suggestions of a fix in the finding's own file and others.

    None at all where a part of it in the finding's file cannot be offered.
    """
    fix, home = finding.match.fix, finding.match.span.path
    if fix is None or fix.safety is Safety.DISPLAY:
        return ()
    paths = sorted({edit.span.path for edit in fix.edits}, key=lambda one: one != home)
    drafts: list[_Draft] = []
    for path in paths:
        source = snapshot.sources[path]
        found = blocks(source, fix.edits)
        shown = diff.lines.get(path, frozenset())
        if found and all(block.lines <= shown for block in found):
            drafts += _offered(snapshot, finding, found, path)
        elif path == home:
            return ()
    return tuple(drafts)


def _offered(
    snapshot: Snapshot, finding: Finding, found: tuple[Block, ...], path: str
) -> Iterator[_Draft]:
    source = snapshot.sources[path]
    for number, block in enumerate(found, start=1):
        whole = len(found) == 1
        part = "" if whole else f" (part {number} of {len(found)} in this file)"
        body = bounded(
            [
                prose(finding.match.message),
                f"{_title(finding)}{part}",
                block.render(),
                *_elsewhere(finding, path),
                _silence(finding, snapshot),
            ]
        )
        replaced = source.text[source.start_of(block.first) :]
        old = "\n".join(replaced.split("\n")[: block.last - block.first + 1])
        key = ("suggestion", finding.rule, path, old, block.text or "")
        yield _Draft(finding.severity, path, block.first, block.last, body, key)


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
    body = bounded([*parts, _silence(finding, snapshot)])
    key = ("remark", finding.rule, path, source.cut(match.span), match.message)
    yield _Draft(finding.severity, path, first, last, body, key)


def _by_hand(snapshot: Snapshot, finding: Finding) -> Iterator[str]:
    fix = finding.match.fix
    if fix is None:
        return
    yield _title(finding)
    paths = sorted({edit.span.path for edit in fix.edits})
    sources = [snapshot.sources[path] for path in paths]
    changes = [_diff(source, fix) for source in sources]
    if changes:
        yield fence("".join(changes), "diff", _DIFF)


def _diff(source: Source, fix: Fix) -> str:
    return fixing.diff(source, fixing.apply(source, fix.edits))


def _title(finding: Finding) -> str:
    fix = finding.match.fix
    if fix is None:
        return ""
    how = "By hand" if fix.safety is Safety.DISPLAY else "Fix"
    return f"**{how}**: {prose(fix.title)}"


def _elsewhere(finding: Finding, path: str) -> Iterator[str]:
    fix = finding.match.fix
    edits = fix.edits if fix else ()
    others = sorted({edit.span.path for edit in edits} - {path})
    if others:
        names = ", ".join(code(one) for one in others)
        yield f"The same fix also changes {names}."


def _silence(finding: Finding, snapshot: Snapshot) -> str:
    source = snapshot.sources[finding.match.span.path]
    comment = code(silencer(finding, source))
    return f"To keep the line as it is, put {comment} above it."
