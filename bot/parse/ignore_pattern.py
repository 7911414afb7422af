"""One cleaned pattern of an ignore file, matched against paths as moby does.

moby turns a pattern into a regular expression of Go, whose time is linear.
Python's is not, so the expression is read here and run state by state.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from bot.parse import ignore_class

Matcher = Callable[[str], bool]
Test = Callable[[str], bool]

_PIECE = re.compile(
    r"""
    (?P<deep> \*\*/? )
    | (?P<star> \* )
    | (?P<one> \? )
    | (?P<escape> \\ (?P<escaped> . )? )
    | (?P<literal> . )
    """,
    re.VERBOSE | re.DOTALL,
)


class _Kind(enum.Enum):
    """How a step of the expression consumes characters."""

    ONE = "one"
    MANY = "many"
    MAYBE = "maybe"
    """Go on, or leave the next step out."""
    UNTIL_SLASH = "until slash"
    """Anything, up to and with some slash."""


@dataclass(frozen=True, slots=True)
class _Step:
    kind: _Kind
    test: Test = bool


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> Matcher | None:
    """Return what matches *pattern*, or None where Docker refuses it."""
    if pattern in {"", "/"} or not ignore_class.is_valid(pattern):
        return None
    literal = _literal(pattern)
    if literal is not None:
        return literal
    steps = _steps(pattern)
    return None if steps is None else lambda path: _run(steps, path)


def _literal(pattern: str) -> Matcher | None:
    """Match without an expression what moby matches without one."""
    head, tail = pattern.removesuffix("**"), pattern.removeprefix("**")
    if not _is_special(pattern):
        return lambda path: path == pattern
    if not tail:
        return bool
    if not _is_special(tail) and tail != pattern:
        return lambda path: path.endswith(tail) or path == tail.removeprefix("/")
    if not _is_special(head):
        return lambda path: path.startswith(head)
    return None


def _is_special(text: str) -> bool:
    return any(char in text for char in "*?[]\\")


def _steps(pattern: str) -> tuple[_Step, ...] | None:
    """Read *pattern* as moby's expression; None where it has none."""
    expression = _expression(pattern)
    steps: list[_Step] = []
    position = 0
    while position < len(expression):
        if expression.startswith("(.*/)?", position):
            steps += (_Step(_Kind.MAYBE), _Step(_Kind.UNTIL_SLASH))
            position += len("(.*/)?")
            continue
        atom = ignore_class.atom(expression, position)
        if atom is None:
            return None
        test, position = atom
        many = expression.startswith("*", position)
        steps.append(_Step(_Kind.MANY if many else _Kind.ONE, test))
        position += many
    return tuple(steps)


def _expression(pattern: str) -> str:
    """Spell *pattern* as moby's expression, brackets left as they are."""
    parts = []
    for piece in _PIECE.finditer(pattern):
        if piece["deep"]:
            parts.append(".*" if piece.end() == len(pattern) else "(.*/)?")
        elif piece["star"]:
            parts.append("[^/]*")
        elif piece["one"]:
            parts.append("[^/]")
        elif piece["literal"] and piece[0] in ".+()|{}$":
            parts.append("\\" + piece[0])
        else:
            parts.append(piece[0])
    return "".join(parts)


def _run(steps: tuple[_Step, ...], path: str) -> bool:
    states = _reached({0}, steps)
    for char in path:
        states = _reached(_after(states, steps, char), steps)
        if not states:
            return False
    return len(steps) in states


def _after(states: set[int], steps: tuple[_Step, ...], char: str) -> set[int]:
    """Return the states behind *char*."""
    found: set[int] = set()
    for state in states:
        if state == len(steps):
            continue
        step = steps[state]
        if step.kind is _Kind.UNTIL_SLASH:
            found |= {state, state + 1} if char == "/" else {state}
        elif step.kind is not _Kind.MAYBE and step.test(char):
            found.add(state if step.kind is _Kind.MANY else state + 1)
    return found


def _reached(states: set[int], steps: tuple[_Step, ...]) -> set[int]:
    """Add the states that need no further character."""
    waiting = list(states)
    found = set(states)
    while waiting:
        state = waiting.pop()
        kind = steps[state].kind if state < len(steps) else None
        further = _FURTHER.get(kind, ()) if kind else ()
        for ahead in further:
            if state + ahead not in found:
                found.add(state + ahead)
                waiting.append(state + ahead)
    return found


_FURTHER = {_Kind.MANY: (1,), _Kind.MAYBE: (1, 2)}
