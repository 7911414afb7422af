"""A .dockerignore with Docker's own matching semantics (moby patternmatcher)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Source, Span


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line: as written, cleaned, and whether it takes back (``!``)."""

    raw: str
    pattern: str
    negated: bool
    span: Span
    """The text of the line without its newline."""


@dataclass(frozen=True, slots=True)
class Dockerignore:
    """A parsed ignore file."""

    source: Source
    patterns: tuple[Pattern, ...]

    def ignores(self, path: str) -> bool:
        """Tell whether the file *path* is kept out of the build context."""
        raise NotImplementedError(path)

    def decided_by(self, path: str) -> Pattern | None:
        """Return the last pattern that matched *path* or a parent of it."""
        raise NotImplementedError(path)


def parse(source: Source) -> Dockerignore:
    """Read *source* as a .dockerignore."""
    raise NotImplementedError(source.path)
