"""Shell commands and words, and where they stand in their file."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Span


@dataclass(frozen=True, slots=True)
class Token:
    """One shell word: as written, and unquoted as far as it is literal.

    Line continuations are taken out of both; in a Makefile ``$$`` is one
    dollar in both, and make's own ``$(X)`` stays as it is written.
    """

    raw: str
    value: str
    """Quotes and escapes removed; expansions (``$x``, ``$(…)``) kept as written."""
    span: Span


@dataclass(frozen=True, slots=True)
class Command:
    """One simple command with its place in the list of commands.

    *span* covers assignments, words and redirections; *separator* is the
    operator that joins it to the command before (``&&``, ``;``, ``|``, ``||``,
    a newline, or empty for the first of a list) and where it stands, so that a
    command can be deleted together with its operator. *guards* are the
    conditions under which it runs (text of ``case``/``if`` heads and ``case``
    patterns, and of a test before ``&&``); one that must fail begins with
    ``! ``.
    """

    words: tuple[Token, ...]
    assignments: tuple[tuple[str, Token], ...]
    span: Span
    separator: str
    separator_span: Span | None
    guards: tuple[str, ...] = ()
    redirections: tuple[Token, ...] = ()
    """Each with its operator: ``>f``, ``2>&1``, ``<<EOF``."""
    removal: Span | None = None
    """What to delete so that the rest of the list stays well formed.

    None where nothing valid would remain or the meaning of the rest would
    change: the only command of its list, or a part of a pipeline.
    """


@dataclass(frozen=True, slots=True)
class Script:
    """A parsed shell text; *broken* where the grammar found an error."""

    commands: tuple[Command, ...]
    broken: bool
