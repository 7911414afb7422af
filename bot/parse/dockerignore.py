"""A .dockerignore with Docker's own matching semantics (moby patternmatcher)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from bot.model import Source, Span
from bot.parse import ignore_pattern
from bot.parse.instruction import Problem
from bot.parse.lines import SPACES

_REFUSED = "Docker refuses the pattern {!r}, or takes it for what nobody means."


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line: as written, cleaned, and whether it takes back (``!``)."""

    raw: str
    pattern: str
    negated: bool
    span: Span
    """The text of the line without its newline."""

    def matches(self, path: str) -> bool:
        """Tell whether the pattern names *path* itself (not a parent of it)."""
        matcher = ignore_pattern.compiled(self.pattern)
        return matcher is not None and matcher(path)


@dataclass(frozen=True, slots=True)
class Dockerignore:
    """A parsed ignore file."""

    source: Source
    patterns: tuple[Pattern, ...]
    problems: tuple[Problem, ...] = ()
    """Lines that match nothing here, and may make Docker refuse the file."""

    def ignores(self, path: str) -> bool:
        """Tell whether the file *path* is kept out of the build context."""
        decisive = self.decided_by(path)
        return decisive is not None and not decisive.negated

    def decided_by(self, path: str) -> Pattern | None:
        """Return the last pattern that matched *path* or a parent of it.

        The engine walks down the tree: a directory hands on the patterns that
        matched it, and a pattern is only tried where it would change anything
        (MatchesUsingParentResults of github.com/moby/patternmatcher). Docker
        before 22 differed where ``**`` or a wildcard behind ``!`` meets a folder.
        """
        decisive: Pattern | None = None
        matched: frozenset[int] = frozenset()
        for parent in _downwards(path):
            decisive, matched = self._step(parent, matched)
        return decisive

    def _step(
        self, path: str, inherited: frozenset[int]
    ) -> tuple[Pattern | None, frozenset[int]]:
        """Decide on *path*, whose directory matched the patterns *inherited*."""
        decisive: Pattern | None = None
        ignored = False
        matched = set()
        for index, pattern in enumerate(self.patterns):
            if index in inherited or (
                pattern.negated == ignored and pattern.matches(path)
            ):
                matched.add(index)
                decisive, ignored = pattern, not pattern.negated
        return decisive, frozenset(matched)


def _downwards(path: str) -> Iterator[str]:
    """Yield the parents of *path*, the outermost first, then itself."""
    parts = posixpath.normpath(path).lstrip("/").split("/")
    return accumulate(parts, "{}/{}".format)


def parse(source: Source) -> Dockerignore:
    """Read *source* as a .dockerignore."""
    patterns = tuple(_patterns(source))
    problems = tuple(
        Problem(pattern.span, _REFUSED.format(pattern.raw.strip()))
        for pattern in patterns
        if not _is_readable(pattern)
    )
    return Dockerignore(source, patterns, problems)


def _is_readable(pattern: Pattern) -> bool:
    """Tell whether moby accepts *pattern*; a lone slash only matches nothing."""
    if pattern.pattern == "/":
        return not pattern.negated
    return ignore_pattern.compiled(pattern.pattern) is not None


def _patterns(source: Source) -> Iterator[Pattern]:
    for span in _lines(source):
        raw = source.cut(span)
        text = raw.strip(SPACES)
        if not text or raw.startswith("#"):
            continue
        cleaned = _twice_cleaned(text)
        if cleaned:
            negated = cleaned.startswith("!")
            yield Pattern(raw, cleaned.removeprefix("!"), negated, span)


def _twice_cleaned(text: str) -> str:
    """Clean as moby does when it reads a line, and again when it uses it.

    Only then does it look for the ``!``, so that ``./!x`` has one, too.
    """
    mark = "!" if text.startswith("!") else ""
    again = (mark + _cleaned(text.removeprefix("!"))).strip(SPACES)
    return posixpath.normpath(again) if again else ""


def _lines(source: Source) -> Iterator[Span]:
    """Yield the lines without newlines and without a byte order mark."""
    start = int(source.text.startswith("\ufeff"))
    for line in source.text[start:].split("\n"):
        end = start + len(line)
        yield source.span(start, end - line.endswith("\r"))
        start = end + 1


def _cleaned(text: str) -> str:
    """Clean a pattern as Go's ``filepath.Clean`` does, relative to the context."""
    text = text.strip(SPACES)
    if not text:
        return ""
    cleaned = posixpath.normpath(text)
    # Two leading slashes mean something to POSIX, nothing to Go.
    rooted = cleaned.lstrip("/")
    return rooted or "/"
