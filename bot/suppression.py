"""``# multiarch: allow <rule> [reason]``: what the author has decided to keep. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.model import Finding, Source

_ALLOW = re.compile(
    r"\# \s* multiarch: \s* allow \s+ (?P<rule>[a-z0-9][a-z0-9-]*) (?:\s|$)",
    re.VERBOSE,
)
_FARTHEST = 1000
"""Lines above a finding that are looked at; no instruction is longer."""
_COMMENT = re.compile(r"\s*#")
_CONTINUED = re.compile(r".*[\\`]\s*$")


def is_allowed(finding: Finding, source: Source) -> bool:
    """Tell whether a comment of *source* allows *finding* where it stands.

    The comment is on the finding's line, in the comments right above it, or
    above the instruction or recipe that the line continues.
    """
    if "multiarch" not in source.text:
        return False
    line = source.line(finding.match.span.start)
    return any(
        hit["rule"] == finding.rule
        for text in _in_force(source, line)
        for hit in _ALLOW.finditer(text)
    )


def silencer(finding: Finding, source: Source) -> str:
    """Return the comment that silences *finding*, to stand above its line."""
    return f"# multiarch: allow {finding.rule}"


def _in_force(source: Source, line: int) -> Iterator[str]:
    """Yield *line* and what stands above it and speaks about it."""
    yield _text(source, line)
    for above in range(line - 1, max(line - 1 - _FARTHEST, 0), -1):
        text = _text(source, above)
        if _COMMENT.match(text):
            yield text
        elif not _CONTINUED.match(text):
            return


def _text(source: Source, line: int) -> str:
    start = source.start_of(line)
    end = source.text.find("\n", start)
    return source.text[start : end if end >= 0 else len(source.text)]
