"""The shell inside RUN, Makefiles and scripts, with exact positions."""

from __future__ import annotations

from bot.model import Source, Span
from bot.parse import shell_simple, shell_text, shell_tree
from bot.parse.instruction import Instruction
from bot.parse.lines import Joined
from bot.parse.shell_command import Command, Script, Token

__all__ = [
    "Command",
    "Script",
    "Token",
    "parse",
    "parse_instruction",
    "parse_joined",
    "parse_recipe",
    "parse_script",
    "removal_of_word",
]


def parse(source: Source, span: Span, escape: str = "\\") -> Script:
    """Read the body of a RUN in shell form, continued by *escape*."""
    return shell_tree.parse(shell_text.docker(source, span, escape))


def parse_recipe(source: Source, span: Span) -> Script:
    """Read a recipe line of a Makefile with its continuation lines.

    What make expands (``$(ARCH)``, ``$@``) is literal text of the words, and
    ``$$`` is a dollar.
    """
    return shell_tree.parse(shell_text.recipe(source, span))


def parse_script(source: Source, span: Span | None = None) -> Script:
    """Read a shell script, or the part *span* of a file that is one."""
    part = span or source.span(0, len(source.text))
    return shell_tree.parse(shell_text.script(source, part))


def parse_joined(joined: Joined) -> Script:
    """Read a text that was put together from pieces of a file."""
    return shell_tree.parse(shell_text.shell_text(joined))


def parse_instruction(
    source: Source, instruction: Instruction, escape: str = "\\"
) -> Script:
    """Read what RUN, CMD or ENTRYPOINT runs, whichever form it has.

    A JSON array is one command; the script of its ``sh -c`` follows it. A RUN
    that consists of a here-document runs that as a script.
    """
    body = source.cut(instruction.body)
    if instruction.json:
        return _exec_form(source, instruction)
    if instruction.heredocs and body.startswith("<<") and not body.split()[1:]:
        return parse_script(source, instruction.heredocs[0].body)
    if instruction.heredocs:
        text = shell_text.with_documents(source, instruction, escape)
        return shell_tree.parse(text)
    return parse(source, instruction.body, escape)


def _exec_form(source: Source, instruction: Instruction) -> Script:
    words = tuple(
        Token(source.cut(word.span), word.text, word.span) for word in instruction.words
    )
    command = Command(words, (), instruction.body, "", None)
    body = shell_simple.script_after_shell(words)
    if body is None or body.raw != body.value:
        return Script((command,), broken=False)
    inner = parse_script(source, body.span)
    return Script((command, *inner.commands), inner.broken)


def removal_of_word(command: Command, word: Token) -> Span:
    """Return what to delete so that *word* is gone and the rest stays laid out.

    That is the word with the blanks, continuations and comment lines between
    it and what stands before it.
    """
    before = [
        part.span.end
        for part in _parts(command)
        if part.span.end <= word.span.start and part is not word
    ]
    if before:
        return Span(word.span.path, max(before), word.span.end)
    after = [
        part.span.start for part in _parts(command) if part.span.start >= word.span.end
    ]
    return Span(word.span.path, word.span.start, min(after, default=word.span.end))


def _parts(command: Command) -> tuple[Token, ...]:
    values = (value for _, value in command.assignments)
    return (*command.words, *values, *command.redirections)
