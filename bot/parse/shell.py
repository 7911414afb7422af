"""The shell inside RUN, Makefiles and scripts, with exact positions."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Span


@dataclass(frozen=True, slots=True)
class Token:
    """One shell word: as written, and unquoted as far as it is literal."""

    raw: str
    value: str
    """Quotes and escapes removed; expansions (``$x``, ``$(…)``) kept as written."""
    span: Span


@dataclass(frozen=True, slots=True)
class Command:
    """One simple command with its place in the list of commands.

    *span* covers assignments, words and redirections; *separator* is the
    operator that joins it to the command before (``&&``, ``;``, ``|``, ``||``,
    or empty for the first) and where it stands, so that a command can be
    deleted together with its operator. *guards* are the conditions under
    which it runs (text of ``case``/``if`` heads and ``case`` patterns).
    """

    words: tuple[Token, ...]
    assignments: tuple[tuple[str, Token], ...]
    span: Span
    separator: str
    separator_span: Span | None
    guards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """A parsed shell text; *broken* where the grammar found an error."""

    commands: tuple[Command, ...]
    broken: bool
