"""Findings as annotations of a check run: plain text on lines of files. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.config import Mistake
from bot.model import Finding, Safety, Severity, Source, Span
from bot.publishing import Annotation, Level
from bot.report.markdown import clean
from bot.snapshot import Snapshot
from bot.suppression import silencer

MOST = 500
"""Annotations of one check run: ten requests."""

HOW = {
    Safety.SAFE: "Fix",
    Safety.UNSAFE: "Fix, to be read first",
    Safety.DISPLAY: "By hand",
}
"""What a fix is called, by how far it may be trusted."""

_LEVELS = {
    Severity.BREAKS: Level.FAILURE,
    Severity.DEGRADES: Level.WARNING,
    Severity.HINT: Level.NOTICE,
}
_MESSAGE = 4000
_TITLE = 255


def of(
    snapshot: Snapshot, findings: Iterable[Finding], mistakes: Iterable[Mistake] = ()
) -> tuple[Annotation, ...]:
    """Return an annotation for every mistake and finding, up to ``MOST``."""
    sources = snapshot.sources
    notes = [
        *(_mistake(one, sources[one.span.path]) for one in mistakes),
        *(_finding(one, sources[one.match.span.path]) for one in findings),
    ]
    return tuple(notes[:MOST])


def left_out(findings: Sequence[Finding], mistakes: Sequence[Mistake]) -> int:
    """Return how many remarks find no place among the annotations."""
    return max(0, len(findings) + len(mistakes) - MOST)


def _finding(finding: Finding, source: Source) -> Annotation:
    match = finding.match
    fix = match.fix
    rows = [match.message]
    if fix is not None:
        rows.append(f"{HOW[fix.safety]}: {fix.title}")
    silence = silencer(finding, source)
    return _annotation(
        source,
        match.span,
        _LEVELS[finding.severity],
        (finding.rule, "\n".join(rows)),
        f"This comment above the line keeps it as it is:\n{silence}",
    )


def _mistake(mistake: Mistake, source: Source) -> Annotation:
    about = ("configuration", mistake.message)
    return _annotation(source, mistake.span, Level.WARNING, about, "")


def _annotation(
    source: Source, span: Span, level: Level, about: tuple[str, str], details: str
) -> Annotation:
    start, end = span.start, max(span.start, span.end - 1)
    first, last = source.line(start), source.line(end)
    # GitHub takes columns for a single line only.
    alone = first == last
    return Annotation(
        path=source.path,
        start_line=first,
        end_line=last,
        level=level,
        title=_cut(about[0], _TITLE),
        message=_cut(clean(about[1]), _MESSAGE),
        start_column=source.column(start) if alone else None,
        end_column=source.column(end) if alone else None,
        details=_cut(clean(details), _MESSAGE),
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
