"""What a Makefile is made of: the values that scanning and expanding share."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Span


@dataclass(frozen=True, slots=True)
class Guard:
    """One enclosing conditional: ``ifeq ($(ARCH),amd64)`` and its branch.

    *span* is the directive's own line: guards of both branches share it.
    """

    keyword: str
    """``ifeq``, ``ifneq``, ``ifdef`` or ``ifndef``."""
    left: str
    right: str
    negated: bool
    """True inside the ``else`` branch."""
    span: Span


@dataclass(frozen=True, slots=True)
class Variable:
    """One assignment: name, operator (``=`` ``:=`` ``?=`` ``+=`` …), value.

    *value* has its continuation lines joined as make joins them; *value_span*
    covers it as it is written. ``define`` has the operator ``=`` unless it
    names another one, ``undefine`` has the operator ``undefine``.
    """

    name: str
    operator: str
    value: str
    span: Span
    value_span: Span
    guards: tuple[Guard, ...]
    target: str = ""
    """The targets of a target-specific variable, else empty."""
    modifiers: tuple[str, ...] = ()
    """Of ``export``, ``override``, ``private``, ``unexport`` and ``define``."""


@dataclass(frozen=True, slots=True)
class Include:
    """One ``include`` line: the unexpanded file names."""

    text: str
    span: Span
    guards: tuple[Guard, ...]


@dataclass(frozen=True, slots=True)
class Export:
    """One ``export`` line without an assignment; no names mean every variable."""

    names: tuple[str, ...]
    span: Span
    guards: tuple[Guard, ...]


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
    order_only: tuple[str, ...] = ()
    """The prerequisites behind ``|``."""
    pattern: str = ""
    """The target pattern of a static pattern rule (``a.o b.o: %.o: %.c``)."""


Event = Guard | Variable | Include | Export
"""What changes the meaning of the lines below it, in the order of the file."""
