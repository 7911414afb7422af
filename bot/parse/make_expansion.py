"""``$(…)`` as make expands it, within bounds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.parse import make_functions, make_text
from bot.parse.holes import HOLE
from bot.parse.make_functions import LONGEST

_DEEPEST = 40
_MOST_WORK = 50_000
_CHARACTERS_PER_WORK = 50
_WORK_PER_PATTERN = 250
_CALL = re.compile(r"([a-z][a-z\-]*)(?:[ \t\r\n]+|\\\r?\n)+", re.DOTALL)
_AUTOMATIC_PART = re.compile(r"([@<^+?*%|])([DF])")


_BUILT_IN = frozenset(
    {"AR", "AS", "CC", "CPP", "CXX", "FC", "LD", "LEX", "M2C", "PC", "RM", "YACC"}
)
"""Variables that make itself sets, of those that Makefiles ask about."""


class Held(Protocol):
    """A variable's value, and whether it was expanded when it was read."""

    @property
    def value(self) -> str:
        """The text."""

    @property
    def simple(self) -> bool:
        """True where the text is final."""


class Around(Protocol):
    """What is known of the world outside the Makefile."""

    @property
    def answers(self) -> Mapping[str, str]:
        """What programs print."""

    @property
    def files(self) -> Callable[[str], Iterable[str]] | None:
        """Lists the paths that match a pattern, where they are known."""


@dataclass(slots=True)
class Expansion:
    """Expands with *variables* as they are now, and counts the work it may do.

    A Makefile that asks for more than its share gets HOLEs from then on.
    """

    variables: Mapping[str, Held]
    around: Around
    left: int = _MOST_WORK
    _open: set[str] = field(default_factory=set)

    def expand(self, text: str) -> str:
        """Return *text* with its references replaced; unknown parts are HOLEs."""
        return self.text(text, {}, 0) if "$" in text else text

    def text(self, text: str, local: Mapping[str, str], depth: int) -> str:
        """Expand every reference of *text*."""
        parts: list[str] = []
        size = place = 0
        while place < len(text):
            dollar = text.find("$", place)
            end = dollar if dollar >= 0 else len(text)
            parts.append(text[place:end])
            if dollar < 0:
                break
            if self.left <= 0:
                return HOLE
            piece, place = self._reference(text, dollar, local, depth)
            parts.append(piece)
            size += len(parts[-1]) + len(parts[-2])
            self.left -= len(piece) // _CHARACTERS_PER_WORK
            if size > LONGEST or self.left <= 0:
                return HOLE
        return "".join(parts)

    def _reference(
        self, text: str, dollar: int, local: Mapping[str, str], depth: int
    ) -> tuple[str, int]:
        self.left -= 1
        opener = text[dollar + 1 : dollar + 2]
        if opener in {"$", ""}:
            return "$", dollar + 2
        if depth >= _DEEPEST:
            return HOLE, len(text)
        if opener not in {"(", "{"}:
            return self._variable(opener, local, depth), dollar + 2
        end = make_text.closing(text, dollar + 1)
        if end < 0:
            return HOLE, len(text)
        inner = text[dollar + 2 : end]
        return self._bracketed(inner, local, depth + 1), end + 1

    def _bracketed(self, inner: str, local: Mapping[str, str], depth: int) -> str:
        call = _CALL.match(inner)
        if call:
            done = self._function(call[1], inner[call.end() :], local, depth)
            if done is not None:
                return done
        colon = make_text.find(inner, ":")
        equals = make_text.find(inner, "=", colon + 1) if colon > 0 else -1
        if equals < 0:
            return self._variable(self.text(inner, local, depth), local, depth)
        value = self._variable(self.text(inner[:colon], local, depth), local, depth)
        old = self.text(inner[colon + 1 : equals], local, depth)
        new = self.text(inner[equals + 1 :], local, depth)
        if "%" not in old:
            old, new = "%" + old, "%" + new
        return self._bounded(make_functions.patsubst(old, new, value))

    def _variable(self, name: str, local: Mapping[str, str], depth: int) -> str:
        if name in local:
            return local[name]
        held = self.variables.get(name)
        if held:
            return self._value(name, held, local, depth)
        part = _AUTOMATIC_PART.fullmatch(name)
        if part and part[1] in self.variables:
            function = "$(patsubst %/,%,$(dir $({0})))"
            function = function if part[2] == "D" else "$(notdir $({0}))"
            return self.text(function.format(part[1]), local, depth + 1)
        return HOLE if HOLE in name else ""

    def _value(
        self, name: str, held: Held, local: Mapping[str, str], depth: int
    ) -> str:
        if held.simple:
            return held.value
        if name in self._open:
            return HOLE  # make refuses a variable that refers to itself
        self._open.add(name)
        try:
            return self.text(held.value, local, depth + 1)
        finally:
            self._open.discard(name)

    def _function(
        self, name: str, rest: str, local: Mapping[str, str], depth: int
    ) -> str | None:
        known = make_functions.pure(name)
        if known:
            function, count, compares = known
            given = make_text.split_arguments(rest, limit=count)
            given += [""] * (count - len(given))
            values = [self.text(each, local, depth) for each in given]
            if compares and any(HOLE in value for value in values):
                return HOLE
            return self._bounded(function(*values))
        special = _SPECIAL.get(name)
        return special(self, rest, local, depth) if special else None

    @staticmethod
    def _bounded(text: str) -> str:
        return text if len(text) <= LONGEST else HOLE

    def if_(self, rest: str, local: Mapping[str, str], depth: int) -> str:
        """Expand the branch that the condition chooses."""
        parts = make_text.split_arguments(rest, limit=3)
        condition = self.text(parts[0].strip(), local, depth).strip()
        if condition and not condition.replace(HOLE, "").strip():
            return HOLE
        chosen = parts[1:2] if condition else parts[2:3]
        return self.text("".join(chosen), local, depth)

    def or_(self, rest: str, local: Mapping[str, str], depth: int) -> str:
        """Expand to the first argument that is not empty."""
        for part in make_text.split_arguments(rest):
            value = self.text(part.strip(), local, depth)
            if value:
                return value
        return ""

    def and_(self, rest: str, local: Mapping[str, str], depth: int) -> str:
        """Expand to the last argument where none is empty."""
        value = ""
        for part in make_text.split_arguments(rest):
            value = self.text(part.strip(), local, depth)
            if not value:
                return ""
        return value

    def foreach(self, rest: str, local: Mapping[str, str], depth: int) -> str:
        """Expand the body once per word."""
        parts = make_text.split_arguments(rest, limit=3)
        if len(parts) < len(("name", "words", "body")):
            return ""
        name = self.text(parts[0], local, depth).strip()
        words = self.text(parts[1], local, depth).split()
        done = []
        for word in words:
            if self.left <= 0:
                return HOLE
            self.left -= 1
            done.append(self.text(parts[2], {**local, name: word}, depth))
        return self._bounded(" ".join(done))

    def call(self, rest: str, local: Mapping[str, str], depth: int) -> str:
        """Expand a variable with ``$(1)``, ``$(2)`` … in place."""
        values = [
            self.text(part, local, depth) for part in make_text.split_arguments(rest)
        ]
        name = values[0].strip()
        held = self.variables.get(name)
        numbered = {str(index): value for index, value in enumerate(values)}
        if held:
            return self._value(name, held, numbered, depth)
        return HOLE if HOLE in name else ""

    def shell(self, rest: str, local: Mapping[str, str], depth: int) -> str:
        """Answer for the few programs whose output is known."""
        command = " ".join(self.text(rest, local, depth).split())
        return self.around.answers.get(command, HOLE)

    def wildcard(self, rest: str, local: Mapping[str, str], depth: int) -> str:
        """List the known files that match."""
        files = self.around.files
        patterns = self.text(rest, local, depth)
        if files is None or HOLE in patterns:
            return HOLE
        found: list[str] = []
        for pattern in patterns.split():
            self.left -= _WORK_PER_PATTERN
            found += files(pattern) if self.left > 0 else [HOLE]
        return self._bounded(" ".join(found))

    def value(self, rest: str, local: Mapping[str, str], depth: int) -> str:
        """Return a variable unexpanded."""
        held = self.variables.get(self.text(rest, local, depth).strip())
        return held.value if held else ""

    def nothing(self, rest: str, local: Mapping[str, str], depth: int) -> str:
        """Expand a function that only speaks to the terminal."""
        return ""

    def origin(self, rest: str, local: Mapping[str, str], depth: int) -> str:
        """Tell that nothing set a variable; where it came from stays open."""
        name = self.text(rest, local, depth).strip()
        known = name in self.variables or name in _BUILT_IN or HOLE in name
        return HOLE if known else "undefined"

    def unknown(self, rest: str, local: Mapping[str, str], depth: int) -> str:
        """Leave open what depends on where a variable came from."""
        return HOLE


_SPECIAL: Mapping[str, Callable[[Expansion, str, Mapping[str, str], int], str]] = {
    "if": Expansion.if_,
    "or": Expansion.or_,
    "and": Expansion.and_,
    "foreach": Expansion.foreach,
    "call": Expansion.call,
    "shell": Expansion.shell,
    "wildcard": Expansion.wildcard,
    "value": Expansion.value,
    "info": Expansion.nothing,
    "warning": Expansion.nothing,
    "error": Expansion.nothing,
    "eval": Expansion.unknown,
    "origin": Expansion.origin,
    "flavor": Expansion.unknown,
    "file": Expansion.unknown,
    "guile": Expansion.unknown,
}
