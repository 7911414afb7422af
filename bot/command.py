"""The grammar of ``/multiarch <command>`` comments. Pure."""

from __future__ import annotations

import difflib
import enum
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from bot.errors import UserError

RequestT = TypeVar("RequestT")
DeskT = TypeVar("DeskT")

MOST = 3
"""How many commands of one comment are read; the rest is not meant for us."""

_CALL = re.compile(r" {0,3}/multiarch(?:[ \t]++(?P<words>.*))?", re.IGNORECASE)
_FENCE = re.compile(
    r"""
    # It may be what a list holds. Nothing is given back (++, *+): a stranger's
    # line with many marks would be read in every way there is.
    (?:\ {0,3}(?:[-+*]|[0-9]{1,9}[.)])[ \t]++)*+
    \ {0,3}(?P<fence>`{3,}+|~{3,}+)(?P<info>.*)
    """,
    re.VERBOSE,
)
_QUOTE = re.compile(r" {0,3}>")
_HIDING = (("<!--", "-->"), ("<pre", "</pre>"))
_LINE_END = re.compile(r"\r\n|\n|\r")
"""Where Markdown ends a line; what Python takes for one besides is hidden in it."""

Ending = Callable[[str], bool]
"""Tells whether a line ends a block."""


class Permission(enum.IntEnum):
    """What somebody may do in a repository; higher is more."""

    NONE = 0
    READ = 1
    WRITE = 2
    ADMIN = 3


class UsageError(UserError):
    """A command cannot be read as it stands; the text says how it is written."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """One ``/multiarch`` line of a comment: the command's name and its words."""

    name: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Command(Generic[RequestT, DeskT]):
    """A comment command: how it is read, who may use it, what it does.

    *parse* is pure. *run* works on a desk (the job's doors to the world) and
    returns the Markdown of the reply.
    """

    name: str
    usage: str
    summary: str
    needs: Permission
    parse: Callable[[tuple[str, ...]], RequestT]
    run: Callable[[RequestT, DeskT], Awaitable[str]]


def find(comment: str) -> tuple[Invocation, ...]:
    """Return what *comment* asks for, in order, without repetitions.

    Quotes, code blocks and hidden HTML comments are about commands, they are
    not commands: who quotes a stranger does not speak for them. A bare
    ``/multiarch`` asks for help.
    """
    lines = _spoken(_LINE_END.split(comment))
    calls = (_CALL.fullmatch(line.rstrip()) for line in lines)
    found = (_invocation(call["words"] or "help") for call in calls if call)
    return tuple(dict.fromkeys(found))[:MOST]


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the command that was probably meant by *name*."""
    return next(iter(difflib.get_close_matches(name, tuple(known), 1, 0.5)), None)


def choose(
    invocation: Invocation, commands: Mapping[str, Command[RequestT, DeskT]]
) -> Command[RequestT, DeskT]:
    """Return the command that *invocation* names, or say which is nearest."""
    command = commands.get(invocation.name)
    if command is not None:
        return command
    meant = nearest(invocation.name, commands)
    hint = f"Did you mean `/multiarch {meant}`?" if meant else "Try `/multiarch help`."
    raise UsageError(f"There is no such command. {hint}")


def _invocation(words: str) -> Invocation:
    name, *rest = words.split()
    return Invocation(name.lower(), tuple(rest))


def _spoken(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines that readers see as text of the author's own."""
    ends: Ending | None = None
    quoted = False
    for line in lines:
        if ends is not None:
            ends = None if ends(line) else ends
            continue
        ends = _opened(line)
        # CommonMark 5.1: a quote goes on without its mark, up to a blank line.
        quoted = _QUOTE.match(line) is not None or (quoted and bool(line.strip()))
        if not quoted:
            yield line.partition("<!--")[0]


def _opened(line: str) -> Ending | None:
    """Return how to tell the end of the block that *line* opens, if it does."""
    mark = _FENCE.fullmatch(line)
    if mark and _opens(mark):
        return partial(_closes, mark["fence"])
    lower = line.lower()
    for begin, end in _HIDING:
        _, there, rest = lower.partition(begin)
        if there and end not in rest:
            return partial(_holds, end)
    return None


def _holds(end: str, line: str) -> bool:
    return end in line.lower()


def _opens(mark: re.Match[str]) -> bool:
    # CommonMark 4.5: no backtick after an opening fence of backticks.
    return not (mark["fence"].startswith("`") and "`" in mark["info"])


def _closes(fence: str, line: str) -> bool:
    # CommonMark 4.5: the same character, at least as many, nothing behind.
    mark = _FENCE.fullmatch(line)
    return bool(mark and mark["fence"].startswith(fence) and not mark["info"].strip())
