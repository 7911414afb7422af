"""What the bot shows on GitHub: the values that renderers make. Pure.

``bot.report`` makes them, the pipeline hands them on, and the publisher sends
them; none of the three knows how the others do it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from bot.model import Source

CHECK_NAME = "Multiarch / arm64"
"""The name of the one check run that every head gets."""


class Level(enum.Enum):
    """How loud an annotation is, in GitHub's words."""

    NOTICE = "notice"
    WARNING = "warning"
    FAILURE = "failure"


class Conclusion(enum.Enum):
    """How a check run ended, in GitHub's words."""

    SUCCESS = "success"
    NEUTRAL = "neutral"
    FAILURE = "failure"
    ACTION_REQUIRED = "action_required"
    CANCELLED = "cancelled"


class Reaction(enum.Enum):
    """The face put on a comment, in GitHub's words."""

    SEEN = "eyes"
    DONE = "rocket"
    REFUSED = "confused"


@dataclass(frozen=True, slots=True)
class Annotation:
    """One remark of a check run on lines of a file, counted from 1.

    Columns are given only where *start_line* equals *end_line*.
    """

    path: str
    start_line: int
    end_line: int
    level: Level
    title: str
    message: str
    start_column: int | None = None
    end_column: int | None = None
    details: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a check run: 20, 40 and 20 characters at most."""

    label: str
    description: str
    identifier: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The content of a check run; *conclusion* is None while it is running.

    *summary* and *text* are Markdown of at most 65,535 characters each.
    """

    title: str
    summary: str
    conclusion: Conclusion | None = None
    text: str = ""
    annotations: tuple[Annotation, ...] = ()
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """One comment of a review on lines of the new side of the diff.

    *fingerprint* stays the same from push to push while the remark does; the
    publisher hides it in the comment and finds it there again.
    """

    path: str
    start_line: int
    line: int
    body: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Review:
    """One review: its text, and its remarks with their suggestions."""

    body: str
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit to be made: its message and the files as they should be.

    *executable* are the paths among them that are programs.
    """

    message: str
    sources: tuple[Source, ...]
    executable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PullRequestText:
    """What a pull request says: its title and its body in Markdown."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class PullRequestRef:
    """A pull request as the bot met it: where it comes from and where it goes.

    *fork* is true where its branch lives in another repository. *lines* are
    not part of it: the diff is asked for when it is needed.
    """

    number: int
    head: str
    branch: str
    base: str
    fork: bool
    open: bool = True
    draft: bool = False
    url: str = field(default="", compare=False)
    home: str = ""
    """The repository that its branch lives in (``owner/name``)."""
