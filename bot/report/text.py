"""Findings for people at a terminal. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.config import Mistake
from bot.facts import Facts
from bot.model import Finding, Safety, Source, Span
from bot.proof import Change
from bot.report.excerpt import excerpt, printable
from bot.snapshot import Skipped, Snapshot
from bot.suppression import silencer
from bot.view import View

CONFIGURATION = "configuration"
"""What a mistake in `.github/multiarch.yml` is called where rules have a name."""

_HOW = {
    Safety.SAFE: "`multiarch fix` makes this change",
    Safety.UNSAFE: "`multiarch fix --unsafe` makes this change; read it first",
    Safety.DISPLAY: "to be done by hand",
}


def scan(view: View) -> str:
    """Return everything that a scan says, in blocks with a blank line between."""
    blocks = (
        left(view),
        unknown(view.facts),
        summary(view),
    )
    return "\n\n".join(block for block in blocks if block)


def left(view: View) -> str:
    """Return what is wrong with a tree and what of it nobody judged."""
    blocks = (
        mistakes(view.snapshot, view.mistakes),
        findings(view.snapshot, view.findings),
        skipped(view.skipped),
    )
    return "\n\n".join(block for block in blocks if block)


def fixed(view: View, changes: Iterable[Change]) -> str:
    """Return what `fix` changed, and what is left or unknown in *view*."""
    rows = [f"changed: {printable(one.path)} ({one.rule})" for one in changes]
    blocks = ("\n".join(rows), beside(view, done=bool(rows)))
    return "\n\n".join(block for block in blocks if block)


def beside(view: View, *, done: bool) -> str:
    """Return what is to be said beside changes; without any, at least that."""
    missed = _unjudged(view)
    blocks = (
        "" if done else "Nothing to change.",
        left(view),
        unknown(view.facts),
        f"{missed[:1].upper()}{missed[1:]}." if missed else "",
    )
    return "\n\n".join(block for block in blocks if block)


def mistakes(snapshot: Snapshot, made: Iterable[Mistake]) -> str:
    """Return every mistake of the configuration with its place."""
    return "\n\n".join(_mistake(snapshot, item) for item in made)


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


def summary(view: View) -> str:
    """Return the last line of a scan."""
    parts = [_found(view)]
    if view.mistakes:
        parts.append(f"the configuration has {_count(len(view.mistakes), 'mistake')}")
    if _unjudged(view):
        parts.append(_unjudged(view))
    return f"{'; '.join(parts)}."


def _found(view: View) -> str:
    found, files = view.findings, len(view.snapshot.sources)
    read = _count(files, "build file")
    if found:
        safe = sum(1 for item in found if _safety(item) is Safety.SAFE)
        return f"{_count(len(found), 'finding')} in {read}; {safe} can be fixed safely"
    if view.unjudged and not files:
        return "No build file could be judged"
    return f"Nothing found in {read}"


def _unjudged(view: View) -> str:
    """Say how much nobody could judge; above it stands what, and why."""
    counts = ((len(view.unjudged), "file"), (len(view.unknown), "image"))
    told = ", ".join(_count(number, noun) for number, noun in counts if number)
    return f"not judged: {told}" if told else ""


def _mistake(snapshot: Snapshot, item: Mistake) -> str:
    source = snapshot.sources[item.span.path]
    return "\n".join(
        (
            f"{_place(source, item.span)}: {CONFIGURATION}",
            excerpt(source, item.span),
            f"  {printable(item.message)}",
        )
    )


def _place(source: Source, span: Span) -> str:
    line, column = source.line(span.start), source.column(span.start)
    return f"{printable(span.path)}:{line}:{column}"


def _finding(snapshot: Snapshot, item: Finding) -> str:
    match = item.match
    source = snapshot.sources[match.span.path]
    rows = [
        f"{_place(source, match.span)}: {item.severity.value}: {item.rule}",
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
