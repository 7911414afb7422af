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

_REPEATED = re.compile(r"\{(\d{1,4})(,?)(\d{0,4})\}")
_MOST_STEPS = 10_000
_MOST_REPEATS = 1000

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
    START = "start"
    """Nothing, but only where the path begins."""


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
    choices = [_steps(each) for each in ignore_class.alternatives(_expression(pattern))]
    expressions = [each for each in choices if each is not None]
    if len(expressions) < len(choices):
        return None
    first, last = 0, len(expressions) - 1
    return lambda path: any(
        _run(steps, path, (at == first, at == last))
        for at, steps in enumerate(expressions)
    )


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


def _steps(expression: str) -> tuple[_Step, ...] | None:
    """Read *expression*; None where Go refuses it."""
    steps: list[_Step] = []
    position = 0
    while position < len(expression):
        if expression.startswith("(.*/)?", position):
            steps += (_Step(_Kind.MAYBE), _Step(_Kind.UNTIL_SLASH))
            position += len("(.*/)?")
        elif expression.startswith("^", position):
            steps.append(_Step(_Kind.START))
            position += 1
        else:
            atom = ignore_class.atom(expression, position)
            if atom is None:
                return None
            test, position = atom
            repeated = _repeated(test, expression, position)
            if repeated is None or len(steps) > _MOST_STEPS:
                return None
            steps += repeated[0]
            position = repeated[1]
    return tuple(steps)


def _repeated(
    test: Test, expression: str, position: int
) -> tuple[list[_Step], int] | None:
    """Read how often an atom repeats: ``*``, and moby forgets to escape ``{2}``."""
    one, many = _Step(_Kind.ONE, test), _Step(_Kind.MANY, test)
    count = _REPEATED.match(expression, position)
    if expression.startswith("*", position):
        ends = _REPEATED.match(expression, position + 1)
        return None if ends else ([many], position + 1)
    if count is None:
        return [one], position
    least, most = int(count[1]), int(count[3] or count[1])
    if not least <= most <= _MOST_REPEATS or _REPEATED.match(expression, count.end()):
        return None
    is_open = count[2] and not count[3]
    rest = [many] if is_open else [_Step(_Kind.MAYBE), one] * (most - least)
    return [one] * least + rest, count.end()


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
        elif piece["literal"] and piece[0] in ".+()$":
            parts.append("\\" + piece[0])
        else:
            parts.append(piece[0])
    return "".join(parts)


def _run(steps: tuple[_Step, ...], path: str, anchors: tuple[bool, bool]) -> bool:
    """Match *path*, at its start and its end where *anchors* say so."""
    at_start, at_end = anchors
    end = len(steps)
    states = _reached({0}, steps, begins=True)
    for char in path:
        if not states or (end in states and not at_end):
            break
        states = _after(states, steps, char)
        states = _reached(states if at_start else states | {0}, steps, begins=False)
    return end in states


def _after(states: set[int], steps: tuple[_Step, ...], char: str) -> set[int]:
    """Return the states behind *char*."""
    found: set[int] = set()
    for state in states:
        if state == len(steps):
            continue
        step = steps[state]
        if step.kind is _Kind.UNTIL_SLASH:
            found |= {state, state + 1} if char == "/" else {state}
        elif step.kind in {_Kind.ONE, _Kind.MANY} and step.test(char):
            found.add(state if step.kind is _Kind.MANY else state + 1)
    return found


def _reached(states: set[int], steps: tuple[_Step, ...], *, begins: bool) -> set[int]:
    """Add the states that need no further character."""
    waiting = list(states)
    found = set(states)
    while waiting:
        state = waiting.pop()
        kind = steps[state].kind if state < len(steps) else _Kind.ONE
        if kind is _Kind.START and not begins:
            continue
        for ahead in _FURTHER.get(kind, ()):
            if state + ahead not in found:
                found.add(state + ahead)
                waiting.append(state + ahead)
    return found


_FURTHER = {_Kind.MANY: (1,), _Kind.MAYBE: (1, 2), _Kind.START: (1,)}
