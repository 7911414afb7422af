"""Makefiles, far enough to find who builds which image with what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.model import Source
from bot.parse.make_parts import (
    Event,
    Export,
    Guard,
    Include,
    MakeRule,
    RecipeLine,
    Variable,
)
from bot.parse.make_scanner import Scanner
from bot.parse.make_scope import Scope, Surroundings

__all__ = [
    "Event",
    "Export",
    "Guard",
    "Include",
    "MakeRule",
    "Makefile",
    "RecipeLine",
    "Scope",
    "Surroundings",
    "Variable",
    "parse",
]


@dataclass(frozen=True, slots=True)
class Makefile:
    """A parsed Makefile: rules, and what happens between them, in order."""

    source: Source
    events: tuple[Event, ...]
    rules: tuple[MakeRule, ...]

    @property
    def variables(self) -> tuple[Variable, ...]:
        """Return every assignment."""
        return tuple(each for each in self.events if isinstance(each, Variable))

    @property
    def includes(self) -> tuple[str, ...]:
        """Return the file names that ``include`` lines name, unexpanded."""
        lines = (each for each in self.events if isinstance(each, Include))
        return tuple(name for line in lines for name in line.text.split())

    def scope(
        self,
        given: Mapping[str, str],
        surroundings: Surroundings | None = None,
        target: str = "",
    ) -> Scope:
        """Return the variables as they are for ``make TARGET`` with *given*."""
        return Scope(self.events, given, surroundings, target)

    def expand(self, text: str, given: Mapping[str, str]) -> str | None:
        """Expand *text* with the command-line (or environment) values *given*.

        Conditionals are judged with *given*; None where a value cannot be
        known without running a program (``$(shell …)``).
        """
        return self.scope(given).expand(text)


def parse(source: Source) -> Makefile:
    """Read *source* as a Makefile."""
    scanner = Scanner(source)
    rules = scanner.run()
    return Makefile(source, tuple(scanner.events), rules)
