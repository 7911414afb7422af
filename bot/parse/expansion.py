"""Docker's substitution of ``$x`` and ``${x…}``, as BuildKit's lexer does it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from bot.parse import wildcard

_DEEPEST = 50
"""Nesting that no author writes; Docker has no limit, our stack has."""

_LARGEST = 1 << 16
"""Characters of a value; ``ENV a=$a$a`` doubles it on every line."""

_MOST_STEPS = 10_000_000
"""Steps of one ``${x//a*b/c}``: pattern by value by value."""

_MARKS = "$\"'"
_SPECIAL = re.compile(r"[$\"'\\`}/]")
"""Every character that may mean more than itself."""
_NAME = re.compile(r"[0-9]+|\w+|[@*#?$!-]")


class _MalformedError(Exception):
    """Docker would refuse the text."""


def expand(
    text: str, variables: Mapping[str, str | None], escape: str = "\\"
) -> str | None:
    """Substitute ``$x``, ``${x}``, ``${x:-d}``, ``${x:+a}`` … as Docker does.

    A name that *variables* maps to None is declared and nobody gave it a
    value: ``${x:-d}`` is then *d*, and a plain ``$x`` has no answer. A name
    that is absent may come from anywhere (the base image, say), so nothing
    that looks at it has an answer. No answer is None; so is the result for a
    text that Docker refuses, or that would grow beyond all measure.
    """
    if _special(text, _MARKS + escape) == len(text):
        return text
    try:
        return _Expander(text, variables, escape).until("")
    except _MalformedError:
        return None


def names(text: str, escape: str = "\\") -> tuple[str, ...]:
    """Return the variables that *text* looks at, each once, in order."""
    expander = _Expander(text, {}, escape)
    with suppress(_MalformedError):
        expander.until("")
    return tuple(dict.fromkeys(expander.used))


def _special(text: str, wanted: str, start: int = 0) -> int:
    """Return where the first character of *wanted* stands in *text*, or its end."""
    for found in _SPECIAL.finditer(text, start):
        if found[0] in wanted:
            return found.start()
    return len(text)


@dataclass(slots=True)
class _Expander:
    """A cursor over a text that is being expanded."""

    text: str
    variables: Mapping[str, str | None]
    escape: str
    position: int = 0
    depth: int = 0
    used: list[str] = field(default_factory=list)

    def until(self, stop: str, *, keep_escapes: bool = False) -> str | None:
        """Expand up to *stop* (or the end) and step over it."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _MalformedError
        escapes = self.escape + "\\" if keep_escapes else self.escape
        parts: list[str | None] = []
        while (char := self._plain(parts, escapes, stop)) != stop:
            if not char:
                raise _MalformedError
            parts.append(self._marked(char, keep_escapes=keep_escapes))
        self.depth -= 1
        return _joined(parts)

    def _plain(self, parts: list[str | None], escapes: str, stop: str) -> str:
        """Take what means itself; return the character that ends it, or ''."""
        end = _special(self.text, _MARKS + escapes + stop, self.position)
        parts.append(self.text[self.position : end])
        self.position = end + 1
        return self.text[end : end + 1]

    def _marked(self, char: str, *, keep_escapes: bool) -> str | None:
        """Take what *char*, which was just read, introduces."""
        if char == "$":
            return self._dollar()
        if char == "'":
            return self._single()
        if char == '"':
            return self._double()
        escaped = self._next()
        return char + escaped if keep_escapes else escaped

    def _next(self) -> str:
        """Take one character; '' at the end."""
        self.position += 1
        return self.text[self.position - 1 : self.position]

    def _single(self) -> str:
        end = self.text.find("'", self.position)
        if end < 0:
            raise _MalformedError
        start, self.position = self.position, end + 1
        return self.text[start:end]

    def _double(self) -> str | None:
        parts: list[str | None] = []
        while True:
            end = _special(self.text, '$"' + self.escape, self.position)
            if end == len(self.text):
                raise _MalformedError
            parts.append(self.text[self.position : end])
            self.position = end + 1
            if self.text[end] == '"':
                return _joined(parts)
            is_name = self.text[end] == "$"
            parts.append(self._dollar() if is_name else self._escaped())

    def _escaped(self) -> str:
        """Take the character behind an escape between double quotes."""
        char = self._next()
        return char if char in {'"', "$", self.escape} else self.escape + char

    def _name(self) -> str:
        found = _NAME.match(self.text, self.position)
        if found is None:
            return ""
        self.position = found.end()
        self.used.append(found[0])
        return found[0]

    def _dollar(self) -> str | None:
        if self.text.startswith("{", self.position):
            self.position += 1
            return self._braced()
        name = self._name()
        return self.variables.get(name) if name else "$"

    def _braced(self) -> str | None:
        name = self._name()
        mark = self._next()
        if not name or mark not in {"}", ":", "+", "-", "?", "#", "%", "/"}:
            raise _MalformedError
        if mark == "}":
            return self.variables.get(name)
        if mark == "/":
            return self._replaced(name)
        empty_counts = mark != ":"
        mark = mark if empty_counts else self._next()
        if mark in {"#", "%"} and empty_counts:
            return self._trimmed(name, mark)
        if mark not in {"+", "-", "?"}:
            raise _MalformedError
        return self._chosen(name, mark, self.until("}"), empty_counts=empty_counts)

    def _chosen(
        self, name: str, mark: str, word: str | None, *, empty_counts: bool
    ) -> str | None:
        """Choose between the value of *name* and *word*."""
        if name not in self.variables:
            return None
        value = self.variables[name]
        has_value = value is not None and (empty_counts or value != "")
        if mark == "+":
            return word if has_value else ""
        if mark == "-" and not has_value:
            return word
        return value if has_value else None

    def _trimmed(self, name: str, mark: str) -> str | None:
        pattern = self.until("}", keep_escapes=True)
        value = self.variables.get(name)
        if pattern is None or value is None:
            return None
        longest = pattern.startswith(mark)
        tokens = _tokens(pattern[1:] if longest else pattern)
        if len(tokens) * len(value) > _MOST_STEPS:
            raise _MalformedError
        trim = wildcard.without_prefix if mark == "#" else wildcard.without_suffix
        return trim(tokens, value, longest=longest)

    def _replaced(self, name: str) -> str | None:
        everywhere = self.text.startswith("/", self.position)
        self.position += everywhere
        pattern = self.until("/", keep_escapes=True)
        replacement = self.until("}", keep_escapes=True)
        value = self.variables.get(name)
        if pattern is None or replacement is None or value is None:
            return None
        tokens = _tokens(pattern)
        if len(tokens) * len(value) ** 2 > _MOST_STEPS:
            raise _MalformedError
        return wildcard.replaced(tokens, value, replacement, everywhere=everywhere)


def _joined(parts: list[str | None]) -> str | None:
    known = [part for part in parts if part is not None]
    if sum(map(len, known)) > _LARGEST:
        raise _MalformedError
    return "".join(known) if len(known) == len(parts) else None


def _tokens(pattern: str) -> tuple[wildcard.Token, ...]:
    found = wildcard.tokens(pattern)
    if found is None:
        raise _MalformedError
    return found
