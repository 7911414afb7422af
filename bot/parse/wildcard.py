"""Shell patterns (``*`` and ``?``) that trim and replace, in bounded time."""

from __future__ import annotations

import enum


class Wild(enum.Enum):
    """What stands for characters that the pattern does not name."""

    ANY = "*"
    ONE = "?"


Token = str | Wild


def tokens(pattern: str) -> tuple[Token, ...] | None:
    """Split *pattern*; None where a backslash escapes what needs no escape."""
    found: list[Token] = []
    position = 0
    while position < len(pattern):
        char = pattern[position]
        position += 1
        if char == "*":
            found.append(Wild.ANY)
        elif char == "?":
            found.append(Wild.ONE)
        elif char != "\\":
            found.append(char)
        elif pattern.startswith(("*", "?", "\\"), position):
            found.append(pattern[position])
            position += 1
        elif not pattern.startswith(("}", "/"), position):
            return None
    return tuple(found)


def without_prefix(pattern: tuple[Token, ...], value: str, *, longest: bool) -> str:
    """Return *value* without the shortest or longest prefix that matches."""
    end = _end(pattern, value, 0, longest=longest)
    return value if end is None else value[end:]


def without_suffix(pattern: tuple[Token, ...], value: str, *, longest: bool) -> str:
    """Return *value* without the shortest or longest suffix that matches."""
    return without_prefix(pattern[::-1], value[::-1], longest=longest)[::-1]


def replaced(
    pattern: tuple[Token, ...], value: str, new: str, *, everywhere: bool
) -> str:
    """Return *value* with the first match, or every match, replaced."""
    parts: list[str] = []
    start = done = 0
    while start <= len(value):
        end = _end(pattern, value, start, longest=True)
        if end is None:
            start += 1
            continue
        parts += (value[done:start], new)
        done = end
        if not everywhere:
            break
        start = end if end > start else start + 1
    return "".join((*parts, value[done:]))


def _end(
    pattern: tuple[Token, ...], value: str, start: int, *, longest: bool
) -> int | None:
    """Return where a match that begins at *start* ends."""
    states = _closure({0}, pattern)
    found = None
    for position in range(start, len(value) + 1):
        if len(pattern) in states:
            found = position
            if not longest:
                return found
        if not states or position == len(value):
            break
        states = _closure(_step(states, pattern, value[position]), pattern)
    return found


def _step(states: set[int], pattern: tuple[Token, ...], char: str) -> set[int]:
    after = set()
    for state in states:
        token = pattern[state] if state < len(pattern) else None
        if token is Wild.ANY:
            after.add(state)
        elif token is Wild.ONE or token == char:
            after.add(state + 1)
    return after


def _closure(states: set[int], pattern: tuple[Token, ...]) -> set[int]:
    """Add the states that need no further character."""
    found = set(states)
    waiting = list(states)
    while waiting:
        state = waiting.pop() + 1
        passes = state <= len(pattern) and pattern[state - 1] is Wild.ANY
        if passes and state not in found:
            found.add(state)
            waiting.append(state)
    return found
