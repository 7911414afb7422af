"""The grammar of ``/multiarch <command>`` comments. Pure."""

from __future__ import annotations

import difflib
import enum
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.errors import UserError

RequestT = TypeVar("RequestT")
DeskT = TypeVar("DeskT")

MOST = 10
"""How many commands of one comment are read; the rest is not meant for us."""

_CALL = re.compile(r" {0,3}/multiarch(?:[ \t]+(?P<words>.*))?", re.IGNORECASE)
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})(?P<info>.*)")


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
    not commands. A bare ``/multiarch`` asks for help.
    """
    lines = _spoken(comment.splitlines())
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
    """Yield the lines that readers see as text."""
    fence, hidden = "", False
    for line in lines:
        mark = _FENCE.fullmatch(line)
        if fence:
            fence = "" if mark and _closes(mark, fence) else fence
        elif hidden:
            hidden = "-->" not in line
        elif mark and _opens(mark):
            fence = mark["fence"]
        else:
            text, _, rest = line.partition("<!--")
            hidden = text != line and "-->" not in rest
            yield text


def _opens(mark: re.Match[str]) -> bool:
    # CommonMark 4.5: no backtick after an opening fence of backticks.
    return not (mark["fence"].startswith("`") and "`" in mark["info"])


def _closes(mark: re.Match[str], fence: str) -> bool:
    # CommonMark 4.5: the same character, at least as many, nothing behind.
    return mark["fence"].startswith(fence) and not mark["info"].strip()
