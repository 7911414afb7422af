"""The vocabulary of the bot: frozen values that every stage shares.

Nothing in this module performs I/O, reads the clock or knows GitHub.
"""

from __future__ import annotations

import enum
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from bot.facts import Facts
    from bot.project import Project

FileT = TypeVar("FileT")


class Severity(enum.Enum):
    """What happens on arm64 if nobody acts."""

    BREAKS = "breaks"
    DEGRADES = "degrades"
    HINT = "hint"


class Safety(enum.IntEnum):
    """How far the bot may carry a fix without a human; higher is further."""

    DISPLAY = 1
    """Shown as text. The author writes the change."""
    UNSAFE = 2
    """Offered as a one-click suggestion, or taken when a build demands it."""
    SAFE = 3
    """Right on every reading of the file; committed once a build has passed."""


class Confidence(enum.IntEnum):
    """How sure a diagnosis is of its cause; higher is surer."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters, ``[start, end)``, of one file."""

    path: str
    start: int
    end: int


@dataclass(frozen=True)
class Source:
    """The text of one file at one commit, line endings untouched."""

    path: str
    text: str

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        widths = (len(line) + 1 for line in self.text.split("\n")[:-1])
        return (0, *accumulate(widths))

    def span(self, start: int, end: int) -> Span:
        """Return the span of this file from *start* up to *end*."""
        return Span(self.path, start, end)

    def cut(self, span: Span) -> str:
        """Return the text that *span* covers."""
        return self.text[span.start : span.end]

    def line(self, offset: int) -> int:
        """Return the 1-based line that holds *offset*."""
        return bisect_right(self._starts, offset)

    def column(self, offset: int) -> int:
        """Return the 1-based column, in characters, of *offset* in its line."""
        return offset - self._starts[self.line(offset) - 1] + 1

    def start_of(self, line: int) -> int:
        """Return the offset at which the 1-based *line* starts."""
        return self._starts[line - 1]


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text of *span* by *new*."""

    span: Span
    new: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits over any number of files: all of them are applied, or none."""

    title: str
    edits: tuple[Edit, ...]
    safety: Safety


@dataclass(frozen=True, slots=True)
class Match:
    """One place where a rule fires, as the rule itself reports it.

    Several matches may carry the same fix (equal edits): it is applied once.
    *subject* is what the match is about in the words a build log would use
    (an image reference, a path, a package): a cause finds its repair by it.
    """

    span: Span
    message: str
    fix: Fix | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Rule(Generic[FileT]):
    """A rule: its name, what it reads, how it checks, and its page.

    *check* is pure. It gets one file of the kind it reads, the project that
    the file lives in, and what the network said before any rule ran.
    """

    name: str
    summary: str
    reads: type[FileT]
    severity: Severity
    check: Callable[[FileT, Project, Facts], Iterable[Match]]
    doc: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A match stamped with the rule that made it."""

    rule: str
    severity: Severity
    match: Match


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction of a build, as the log names it.

    *number* counts every instruction of the Dockerfile from 1, as the classic
    builder does (0 where the log does not: BuildKit counts only some);
    *line* is the 1-based Dockerfile line where the log or the Dockerfile
    tells (0 where neither does).
    """

    number: int
    instruction: str
    stage: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a build log, without escape codes and timestamps."""

    number: int
    text: str
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class BuildLog:
    """A build log that has been cleaned and split into steps.

    *platform* is the one that was asked for (``linux/arm64``); *files* are the
    paths of the workspace, so that a cause can tell absent from ignored.
    """

    lines: tuple[LogLine, ...]
    platform: str = "linux/arm64"
    dockerfile: str = ""
    files: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Clue:
    """Why a cause believes in itself: the quoted line and its meaning.

    *subject* is what failed (an image reference, a path, a package, a
    program), to be matched with the subject of a finding.
    """

    line: LogLine
    message: str
    confidence: Confidence
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Cause:
    """One known way for a build to fail.

    *rules* repair it, the likeliest first. *transient* causes (a registry
    that is down, a full disk) are nobody's fault: the build is tried again.
    """

    name: str
    summary: str
    search: Callable[[BuildLog], Iterable[Clue]]
    rules: tuple[str, ...]
    doc: str | None
    transient: bool = False


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A clue stamped with its cause and the rules that can repair it."""

    cause: str
    clue: Clue
    rules: tuple[str, ...]
    transient: bool = False
