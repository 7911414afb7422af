"""The variables of a Makefile as make has them after reading it.

Nothing is run: what only a program could tell stays unknown (a HOLE), and a
condition on it is neither true nor false. Recursion, work and length are
bounded, so that no Makefile can hold the bot up.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from bot.model import Span
from bot.parse import make_functions
from bot.parse.holes import HOLE
from bot.parse.make_expansion import Expansion
from bot.parse.make_parts import Event, Export, Guard, Include, Variable
from bot.parse.make_text import split_arguments

_DEEPEST_INCLUDE = 8
_MOST_INCLUDED = 50_000
"""Lines that includes may bring: each file may name all others, many times."""
_SIMPLE = {":=", "::=", ":::="}
_FROM_ENVIRONMENT = (
    *("CI", "GOPATH", "HOME", "HOSTNAME", "LOGNAME", "PATH", "TMPDIR", "USER"),
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What make finds around it, as far as the asker knows.

    *answers* is what ``$(shell …)`` prints, by command (``uname -m``);
    *files* lists the paths that match a pattern, seen from make's directory;
    *included* gives the events of a file that an ``include`` names.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    files: Callable[[str], Iterable[str]] | None = None
    included: Callable[[str], Iterable[Event] | None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Defined:
    """A variable and whether its references are expanded when it is read."""

    value: str
    simple: bool


class Scope:
    """Expands text with the variables that hold behind the last line.

    *given* are the values of the command line, which win over the file's.
    """

    def __init__(
        self,
        events: Iterable[Event],
        given: Mapping[str, str],
        surroundings: Surroundings | None = None,
        target: str = "",
    ) -> None:
        self._around = surroundings or Surroundings()
        self._given = given
        self._decided: dict[Span, bool | None] = {}
        self._late: list[Variable] = []
        self._included = 0
        self._is_read = False
        self._outlines: dict[str, str] = {}
        self.exported: frozenset[str] = frozenset()
        self.variables: dict[str, Defined] = {
            name: Defined(HOLE, simple=True) for name in _FROM_ENVIRONMENT
        }
        self._expansion = Expansion(self.variables, self._around)
        self._preset({"MAKE": "make", "CURDIR": ".", "PWD": ".", "SHELL": "/bin/sh"})
        self._preset(given)
        self._read(events, 0)
        self._assign_late(target)

    def outline(self, text: str) -> str:
        """Expand *text*; what cannot be known is a HOLE in it."""
        if not self._is_read or "$" not in text:
            return self._expansion.expand(text)
        if text not in self._outlines:
            self._outlines[text] = self._expansion.expand(text)
        return self._outlines[text]

    def expand(self, text: str) -> str | None:
        """Expand *text*; None where a part of it cannot be known."""
        outline = self.outline(text)
        return None if HOLE in outline else outline

    def live(self, guards: Iterable[Guard]) -> bool | None:
        """Tell whether make reads what stands behind *guards*."""
        holds = [self._holds(guard) for guard in guards]
        if False in holds:
            return False
        return None if None in holds else True

    def with_arguments(self, name: str, given: str | None) -> Scope:
        """Return the scope inside ``$(call name,given)``."""
        values = [name] if given is None else [name, *split_arguments(given)]
        return self._within(
            {str(place): self.outline(value) for place, value in enumerate(values)}
        )

    def for_target(self, target: str, automatic: Mapping[str, str]) -> Scope:
        """Return the scope in the recipe of *target*, with ``$@`` and the like."""
        inner = self._within(automatic)
        inner._assign_late(target)  # noqa: SLF001 - a Scope too
        return inner

    def _within(self, values: Mapping[str, str]) -> Scope:
        """Return a copy in which *values*, which are final, hold too."""
        inner = copy.copy(self)
        final = {name: Defined(each, simple=True) for name, each in values.items()}
        inner.variables = {**self.variables, **final}
        inner._expansion = Expansion(inner.variables, self._around)  # noqa: SLF001
        inner._outlines = {}  # noqa: SLF001 - a Scope too
        return inner

    def _assign_late(self, target: str) -> None:
        """Assign what holds for *target* alone; nothing changes behind that."""
        self._is_read = False
        for variable in self._late:
            if any(make_functions.matches(t, target) for t in variable.target.split()):
                self._assign(variable)
        self._is_read = True

    def _preset(self, values: Mapping[str, str]) -> None:
        for name, value in values.items():
            self.variables[name] = Defined(value.replace("$", "$$"), simple=False)

    def _read(self, events: Iterable[Event], depth: int) -> None:
        for event in events:
            match event:
                case Guard():
                    self._decide(event)
                case Variable() if event.target:
                    self._late.append(event)
                case Variable():
                    self._assign(event)
                case Export():
                    self._export(event)
                case Include():
                    self._include(event, depth)

    def _include(self, include: Include, depth: int) -> None:
        if depth >= _DEEPEST_INCLUDE or self.live(include.guards) is False:
            return
        for name in self.outline(include.text).split():
            if self._included > _MOST_INCLUDED:
                return
            events = tuple(self._around.included(name) or ())
            self._included += len(events) + 1
            self._read(events, depth + 1)

    def _export(self, export: Export) -> None:
        if self.live(export.guards) is not False:
            names = " ".join(self.outline(name) for name in export.names).split()
            self.exported |= frozenset(names or self.variables)

    def _assign(self, variable: Variable) -> None:
        live = self.live(variable.guards)
        if live is False:
            return
        name = self.outline(variable.name).strip()
        if "export" in variable.modifiers:
            self.exported |= {name}
        if name in self._given and "override" not in variable.modifiers:
            return
        before = self.variables.get(name)
        after = self._result(variable, before)
        if live is None and after != before:
            after = Defined(HOLE, simple=True)
        if after is None:
            self.variables.pop(name, None)
        else:
            self.variables[name] = after

    def _result(self, variable: Variable, before: Defined | None) -> Defined | None:
        value = variable.value
        if variable.operator == "undefine":
            return None
        if variable.operator == "?=" and before:
            return before
        if variable.operator == "!=":
            return Defined(self.outline(f"$(shell {value})"), simple=True)
        if variable.operator in _SIMPLE:
            return Defined(self.outline(value), simple=True)
        if variable.operator == "+=" and before:
            more = self.outline(value) if before.simple else value
            longer = f"{before.value} {more}" if before.value else more
            fits = len(longer) <= make_functions.LONGEST
            return Defined(longer if fits else HOLE, before.simple or not fits)
        return Defined(value, simple=False)

    def _decide(self, guard: Guard) -> None:
        left, right = self.outline(guard.left), self.outline(guard.right)
        if guard.keyword in {"ifdef", "ifndef"}:
            held = self.variables.get(left.strip())
            same: bool | None = bool(held and held.value)
            if HOLE in left or (held and held.value == HOLE):
                same = None
        else:
            same = None if HOLE in left + right else left == right
        negative = guard.keyword in {"ifneq", "ifndef"}
        self._decided[guard.span] = same if same is None else same != negative

    def _holds(self, guard: Guard) -> bool | None:
        truth = self._decided.get(guard.span)
        return truth if truth is None else truth != guard.negated
