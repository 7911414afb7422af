"""Makefiles, far enough to find who builds which image with what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.model import Source, Span


@dataclass(frozen=True, slots=True)
class Guard:
    """One enclosing conditional: ``ifeq ($(ARCH),amd64)`` and its branch."""

    keyword: str
    """``ifeq``, ``ifneq``, ``ifdef`` or ``ifndef``."""
    left: str
    right: str
    negated: bool
    """True inside the ``else`` branch."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One assignment: name, operator (``=`` ``:=`` ``?=`` ``+=`` …), value."""

    name: str
    operator: str
    value: str
    span: Span
    value_span: Span
    guards: tuple[Guard, ...]
    target: str = ""
    """The target of a target-specific variable, else empty."""


@dataclass(frozen=True, slots=True)
class RecipeLine:
    """One logical recipe line (continuations joined by the shell, not here).

    *span* starts after the tab and the ``@-+`` prefix and covers all
    continuation lines.
    """

    text: str
    span: Span
    guards: tuple[Guard, ...]


@dataclass(frozen=True, slots=True)
class MakeRule:
    """Targets, prerequisites and recipe of one rule, unexpanded."""

    targets: tuple[str, ...]
    prerequisites: tuple[str, ...]
    recipe: tuple[RecipeLine, ...]
    span: Span
    line: int
    guards: tuple[Guard, ...]


@dataclass(frozen=True, slots=True)
class Makefile:
    """A parsed Makefile."""

    source: Source
    variables: tuple[Variable, ...]
    rules: tuple[MakeRule, ...]
    includes: tuple[str, ...]

    def expand(self, text: str, given: Mapping[str, str]) -> str | None:
        """Expand *text* with the command-line (or environment) values *given*.

        Conditionals are judged with *given*; None where a value cannot be
        known without running a program (``$(shell …)``).
        """
        raise NotImplementedError(text, given)


def parse(source: Source) -> Makefile:
    """Read *source* as a Makefile."""
    raise NotImplementedError(source.path)
