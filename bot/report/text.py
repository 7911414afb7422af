"""Findings for people at a terminal. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.facts import Facts
from bot.model import Finding, Safety
from bot.report.excerpt import excerpt, printable
from bot.snapshot import Skipped, Snapshot
from bot.suppression import silencer

_HOW = {
    Safety.SAFE: "`multiarch fix` makes this change",
    Safety.UNSAFE: "`multiarch fix --unsafe` makes this change; read it first",
    Safety.DISPLAY: "to be done by hand",
}


def scan(snapshot: Snapshot, found: tuple[Finding, ...], facts: Facts) -> str:
    """Return everything that a scan says, in blocks with a blank line between."""
    blocks = (
        findings(snapshot, found),
        skipped(snapshot.skipped),
        unknown(facts),
        summary(found, len(snapshot.sources)),
    )
    return "\n\n".join(block for block in blocks if block)


def findings(snapshot: Snapshot, found: Iterable[Finding]) -> str:
    """Return every finding with its place, reason, fix and silencing line."""
    return "\n\n".join(_finding(snapshot, item) for item in found)


def skipped(files: Iterable[Skipped]) -> str:
    """Return a line for every file that was not read."""
    return "\n".join(
        f"skipped: {printable(item.path)} {item.reason}." for item in files
    )


def unknown(facts: Facts) -> str:
    """Return a line for every image that nobody could tell about."""
    images: Mapping[str, str] = {
        image: known.reason
        for image, known in sorted(facts.images.items())
        if known.platforms is None
    }
    return "\n".join(
        f"unknown: {printable(image)}: {printable(reason)}."
        for image, reason in images.items()
    )


def summary(found: tuple[Finding, ...], files: int) -> str:
    """Return the last line of a scan."""
    read = _count(files, "build file")
    if not found:
        return f"Nothing found in {read}."
    safe = sum(1 for item in found if _safety(item) is Safety.SAFE)
    return f"{_count(len(found), 'finding')} in {read}; {safe} can be fixed safely."


def _finding(snapshot: Snapshot, item: Finding) -> str:
    match = item.match
    source = snapshot.sources[match.span.path]
    line, column = source.line(match.span.start), source.column(match.span.start)
    place = f"{printable(match.span.path)}:{line}:{column}"
    rows = [
        f"{place}: {item.severity.value}: {item.rule}",
        excerpt(source, match.span),
        f"  {printable(match.message)}",
    ]
    if match.fix:
        how = _HOW[match.fix.safety]
        rows.append(f"  fix: {printable(match.fix.title)} ({how})")
    rows.append(f"  silence: {silencer(item, source)}")
    return "\n".join(rows)


def _safety(item: Finding) -> Safety | None:
    return item.match.fix.safety if item.match.fix else None


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
