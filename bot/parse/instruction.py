"""The parts of a Dockerfile instruction, each with the place it stands at."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.model import Span

_MARKS = re.compile(r"""\\(.)|["']""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Word:
    """One argument of an instruction, as it is written and where.

    *text* is the written text with line continuations taken out, quotes and
    escapes kept; for a string of a JSON array it is the decoded string, and
    *span* lies between its quotes.
    """

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Flag:
    """A ``--name=value`` of an instruction; *value* is a word of its own."""

    name: str
    value: Word
    span: Span

    @property
    def text(self) -> str:
        """The value as Docker reads it, without its quotes."""
        return _MARKS.sub(r"\1", self.value.text)


@dataclass(frozen=True, slots=True)
class Heredoc:
    """A here-document: its delimiter, whether it expands, and its body.

    *body* runs from the first character of the first line to the start of the
    line that ends the document. *chomps* is true for ``<<-``, which strips
    leading tabs.
    """

    name: str
    expands: bool
    body: Span
    chomps: bool = False


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction with all its continuation lines and heredocs.

    *name* is upper-cased. *span* ends before the newline of its last line.
    *body* runs from the first character after the name
    and flags to the end of the last continuation line (heredocs excluded).
    *words* are the arguments as Docker splits them for this instruction; for
    RUN/CMD/ENTRYPOINT/SHELL in JSON form they are the strings of the array
    (*json* is true), in shell form a single word holding the whole body.
    For ARG and ENV see ``assignments``.
    """

    name: str
    span: Span
    keyword: Span
    flags: tuple[Flag, ...]
    body: Span
    words: tuple[Word, ...]
    json: bool
    heredocs: tuple[Heredoc, ...]
    line: int
    assignments: tuple[tuple[Word, Word | None], ...] = ()
    """Key and value of ARG (None: no default), ENV and LABEL."""
    onbuild: Instruction | None = None
    """The instruction behind ONBUILD."""

    @property
    def taken_from(self) -> str:
        """The stage or image that ``--from`` names; empty stands for the context."""
        named = (flag.text for flag in self.flags if flag.name == "from")
        return next(named, "")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something Docker would refuse, and where."""

    span: Span
    message: str
