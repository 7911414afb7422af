"""A lossless Dockerfile reader: every part knows where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.model import Source, Span


@dataclass(frozen=True, slots=True)
class Word:
    """One argument of an instruction, as it is written and where."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Flag:
    """A ``--name=value`` of an instruction; *value* is a word of its own."""

    name: str
    value: Word
    span: Span


@dataclass(frozen=True, slots=True)
class Heredoc:
    """A here-document: its delimiter, whether it expands, and its body."""

    name: str
    expands: bool
    body: Span


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction with all its continuation lines and heredocs.

    *name* is upper-cased. *body* runs from the first character after the name
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


@dataclass(frozen=True, slots=True)
class Stage:
    """One FROM and the instructions up to the next."""

    index: int
    start: Instruction
    image: Word
    name: str
    platform: Word | None
    instructions: tuple[Instruction, ...]
    """Without the FROM itself."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something Docker would refuse, and where."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """A parsed Dockerfile: everything before the first FROM, then stages."""

    source: Source
    escape: str
    instructions: tuple[Instruction, ...]
    preamble: tuple[Instruction, ...]
    stages: tuple[Stage, ...]
    problems: tuple[Problem, ...]
    comments: tuple[Span, ...]


def parse(source: Source) -> Dockerfile:
    """Read *source* as a Dockerfile."""
    raise NotImplementedError(source.path)


def expand(
    text: str, variables: Mapping[str, str | None], escape: str = "\\"
) -> str | None:
    """Substitute ``$x``, ``${x}``, ``${x:-d}``, ``${x:+a}`` … as Docker does.

    None where a variable without a known value decides the text.
    """
    raise NotImplementedError(text)
