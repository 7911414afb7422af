"""The shell commands of RUN instructions, and how to take parts of them out. Pure."""

from __future__ import annotations

import posixpath
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.model import Edit, Span
from bot.parse import shell
from bot.parse.dockerfile import Dockerfile, Instruction
from bot.parse.shell import Command, Token


@dataclass(frozen=True, slots=True)
class Run:
    """A RUN instruction in shell form and its commands."""

    instruction: Instruction
    commands: tuple[Command, ...]


def runs(file: Dockerfile, instructions: Iterable[Instruction]) -> tuple[Run, ...]:
    """Return the RUN instructions whose shell can be read."""
    return tuple(_runs(file, instructions))


def _runs(file: Dockerfile, instructions: Iterable[Instruction]) -> Iterator[Run]:
    for instruction in instructions:
        if instruction.name != "RUN" or instruction.json:
            continue
        script = shell.parse_instruction(file.source, instruction, file.escape)
        if not script.broken:
            yield Run(instruction, script.commands)


def program(command: Command) -> str:
    """Return the name of the program that *command* starts, or nothing."""
    return posixpath.basename(command.words[0].value) if command.words else ""


def operands(command: Command) -> tuple[Token, ...]:
    """Return the words of *command* that are neither program nor option."""
    return tuple(
        word for word in command.words[1:] if not word.value.startswith(("-", "+"))
    )


def without(
    file: Dockerfile, run: Run, words: Sequence[Token], whole: Sequence[Command]
) -> tuple[Edit, ...] | None:
    """Return the edits that take *words* and the *whole* commands out of *run*.

    None where the shell leaves no way to do so that keeps its meaning.
    """
    edits = [
        edit
        for command in run.commands
        if command not in whole
        if (edit := _shortened(file, command, words))
    ]
    deleted = _deleted(file, run, whole)
    return None if deleted is None else (*edits, *deleted)


def _shortened(
    file: Dockerfile, command: Command, words: Sequence[Token]
) -> Edit | None:
    """Rewrite *command* from the first of the words that go to its end.

    One edit for the rest of the command, so that no second fix shortens the
    same list at the same time and leaves a command without its operands.
    """
    ends = sorted(part.span.end for part in (*command.words, *command.redirections))
    gone = {word.span for word in words}
    spans = [
        Span(
            word.span.path, ends[bisect_right(ends, word.span.start) - 1], word.span.end
        )
        for word in command.words[1:]
        if word.span in gone
    ]
    if not spans:
        return None
    text, position = "", spans[0].start
    for span in spans:
        text += file.source.text[position : span.start]
        position = span.end
    whole = Span(file.source.path, spans[0].start, command.span.end)
    return Edit(whole, text + file.source.text[position : whole.end])


def _deleted(
    file: Dockerfile, run: Run, whole: Sequence[Command]
) -> tuple[Edit, ...] | None:
    if not whole:
        return ()
    if len(whole) == len(run.commands):
        return (Edit(_lines(file, run.instruction.span), ""),)
    spans: list[Span] = []
    leading = _leading(run, whole)
    if leading:
        heir = run.commands[len(leading)]
        if heir.separator not in {"&&", ";"}:
            return None
        spans.append(Span(file.source.path, leading[0].span.start, heir.span.start))
    for command in whole:
        if command in leading:
            continue
        if command.removal is None:
            return None
        spans.append(command.removal)
    return tuple(Edit(span, "") for span in spans)


def _leading(run: Run, whole: Sequence[Command]) -> tuple[Command, ...]:
    """Return the commands at the start of *run* that all go, if several do."""
    leading: list[Command] = []
    for command in run.commands:
        if command not in whole:
            break
        leading.append(command)
    return tuple(leading) if len(leading) > 1 else ()


def _lines(file: Dockerfile, span: Span) -> Span:
    """Return *span* with the newline that ends it."""
    end = file.source.text.find("\n", span.end)
    return Span(span.path, span.start, len(file.source.text) if end < 0 else end + 1)
