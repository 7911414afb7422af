"""Brackets and escapes in the patterns of an ignore file, as Go reads them."""

from __future__ import annotations

from collections.abc import Callable

Test = Callable[[str], bool]
Ranges = tuple[tuple[str, str], ...]

_PERL: dict[str, Ranges] = {
    "d": (("0", "9"),),
    "s": (("\t", "\n"), ("\f", "\r"), (" ", " ")),
    "w": (("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z")),
}
"""moby hands ``\\d`` to Go's regexp, where it is a digit and no letter."""

_CONTROL = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def is_valid(pattern: str) -> bool:
    """Tell whether Go's ``filepath.Match`` accepts *pattern*, as moby asks first."""
    position = 0
    while position < len(pattern):
        char = pattern[position]
        position += 1
        if char == "\\":
            position += 1
            if position > len(pattern):
                return False
        elif char == "[":
            end = _class_end(pattern, position)
            if end is None:
                return False
            position = end
    return True


def _class_end(pattern: str, position: int) -> int | None:
    """Return where the bracket that opened before *position* ends."""
    position += pattern.startswith("^", position)
    first = True
    while first or not pattern.startswith("]", position):
        low = _character(pattern, position)
        if low is not None and pattern.startswith("-", low):
            low = _character(pattern, low + 1)
        if low is None:
            return None
        position, first = low, False
    return position + 1


def _character(pattern: str, position: int) -> int | None:
    """Step over one character of a bracket; there must be more behind it."""
    if pattern.startswith(("-", "]"), position):
        return None
    position += 1 + pattern.startswith("\\", position)
    return position if position < len(pattern) else None


def alternatives(expression: str) -> list[str]:
    """Split at the ``|`` that moby forgets to escape."""
    found, start, position = [], 0, 0
    while position < len(expression):
        char = expression[position]
        if char == "[":
            bracket = _bracket(expression, position + 1)
            position = bracket[1] if bracket else position + 1
            continue
        if char == "|":
            found.append(expression[start:position])
            start = position + 1
        position += 2 if char == "\\" else 1
    return [*found, expression[start:]]


def atom(expression: str, position: int) -> tuple[Test, int] | None:
    r"""Read what matches one character; None where Go refuses it.

    So it is for the classes that only a regular expression has (``\pL``,
    ``[[:alpha:]]``): no author of an ignore file means them.
    """
    char = expression[position]
    if char == "[":
        return _bracket(expression, position + 1)
    if char == "\\":
        return _escape(expression, position + 1)
    if char == ".":
        return (lambda found: found != "\n"), position + 1
    return (lambda found: found == char), position + 1


def _escape(expression: str, position: int) -> tuple[Test, int] | None:
    char = expression[position : position + 1]
    if char.lower() in _PERL:
        ranges = _PERL[char.lower()]
        return _member(ranges, negated=char.isupper()), position + 1
    if not char.isascii() or (char.isalnum() and char not in _CONTROL) or not char:
        return None
    meant = _CONTROL.get(char, char)
    return (lambda found: found == meant), position + 1


def _bracket(expression: str, position: int) -> tuple[Test, int] | None:
    """Read a bracket of Go's regexp, which may begin with its own ``]``."""
    negated = expression.startswith("^", position)
    position += negated
    ranges: list[tuple[str, str]] = []
    while not ranges or not expression.startswith("]", position):
        low, position = _bracketed(expression, position)
        if not low:
            return None
        high = low
        is_range = expression.startswith("-", position)
        if is_range and not expression.startswith("-]", position):
            high, position = _bracketed(expression, position + 1)
        if not high or high < low:
            return None
        ranges.append((low, high))
    return _member(tuple(ranges), negated=negated), position + 1


def _bracketed(expression: str, position: int) -> tuple[str, int]:
    """Read one character of a bracket; empty where it is more than that."""
    if expression.startswith("[:", position):
        return "", position
    if expression.startswith("\\", position):
        position += 1
        if expression[position : position + 1].isalnum():
            return "", position
    return expression[position : position + 1], position + 1


def _member(ranges: Ranges, *, negated: bool) -> Test:
    return lambda found: any(low <= found <= high for low, high in ranges) != negated
