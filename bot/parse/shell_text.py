"""The text that a shell sees, made from the file that it is written in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.model import Source, Span
from bot.parse.instruction import Instruction
from bot.parse.lines import Joined, Lines

_NOT_ASCII = re.compile(r"[^\t\n\r -~]")
_SCRIPT_JOIN = re.compile(
    r"""
    (?P<keep> (?:^|(?<=\s)) \#.*  # a comment cannot be continued
            | '[^']*+' | \\[^\r\n] )
    | (?P<cut> \\\r?\n )
    """,
    re.VERBOSE | re.MULTILINE,
)
_MAKE = re.compile(
    r"""
    (?P<cut> \\\r?\n\t? )
    | (?P<dollar> \$\$ )
    | (?P<open> \$[({] )
    | (?P<single> \$[^\s$] )
    """,
    re.VERBOSE,
)
_BRACKETS = re.compile(r"[(){}]")


@dataclass(frozen=True, slots=True)
class ShellText:
    """A text for the shell, and the same text as the grammar gets it.

    *masked* has the length of the text. What must not be read as shell (make's
    own expansions) and what is not ASCII stands in it as ``x``, so that its
    bytes count like characters.
    """

    joined: Joined
    masked: str

    def part(self, start: int, end: int) -> ShellText:
        """Return ``text[start:end]``, at its own place in the file."""
        return ShellText(self.joined.part(start, end), self.masked[start:end])


def assemble(source: Source, pieces: Iterable[tuple[int, str]]) -> Joined:
    """Join *pieces*, each with its offset in the file."""
    texts: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    length = end = 0
    for origin, text in pieces:
        if text or not texts:
            texts.append(text)
            starts.append(length)
            origins.append(origin)
            length += len(text)
            end = origin + len(text)
    return Joined(source, "".join(texts), (*starts,), (*origins,), end)


def shell_text(joined: Joined) -> ShellText:
    """Take *joined* as it is."""
    return ShellText(joined, _NOT_ASCII.sub("x", joined.text))


def docker(source: Source, span: Span, escape: str) -> ShellText:
    """Read a RUN body: continuations joined, comment lines left out."""
    lines = Lines(source, escape, span.start, span.end)
    return shell_text(lines.join(*(lines.physical() or (span.start, span.end))))


def with_documents(source: Source, instruction: Instruction, escape: str) -> ShellText:
    """Read a RUN body and, as the shell gets them, its here-documents."""
    line = docker(source, instruction.body, escape).joined
    start = instruction.heredocs[0].body.start - 1
    rest = source.text[start : instruction.span.end]
    joined = Joined(
        source,
        line.text + rest,
        (*line.starts, len(line.text)),
        (*line.origins, start),
        instruction.span.end,
    )
    return shell_text(joined)


def script(source: Source, span: Span) -> ShellText:
    """Read a shell script or a here-document of RUN: continuations joined."""
    pieces, start = [], span.start
    for found in _SCRIPT_JOIN.finditer(source.text, span.start, span.end):
        if found["cut"]:
            pieces.append((start, source.text[start : found.start()]))
            start = found.end()
    pieces.append((start, source.text[start : span.end]))
    return shell_text(assemble(source, pieces))


def recipe(source: Source, span: Span) -> ShellText:
    """Read a Makefile recipe line: ``$$`` is a dollar, ``$(X)`` is a literal."""
    pieces, masks = [], []
    for start, end, is_make in _make_pieces(source.text, span):
        text = source.text[start:end]
        pieces.append((start, text))
        masks.append("x" * len(text) if is_make else _NOT_ASCII.sub("x", text))
    return ShellText(assemble(source, pieces), "".join(masks))


def _make_pieces(text: str, span: Span) -> Iterator[tuple[int, int, bool]]:
    """Yield the pieces of a recipe line and whether make expands them."""
    closing = _closing(text, span)
    start = position = span.start
    while found := _MAKE.search(text, position, span.end):
        position = found.end()
        if found["open"] and found.end() - 1 not in closing:
            continue
        # The first of two dollars stays, so that a word begins where it is written.
        yield start, found.start() + bool(found["dollar"]), False
        if found["cut"] or found["dollar"]:
            start = found.end()
        else:
            start = position = closing.get(found.end() - 1, found.end())
            yield found.start(), start, True
    yield start, span.end, False


def _closing(text: str, span: Span) -> Mapping[int, int]:
    """Map each opening bracket to the end of its own closing one."""
    waiting: dict[str, list[int]] = {")": [], "}": []}
    found = {}
    for bracket in _BRACKETS.finditer(text, span.start, span.end):
        if bracket[0] in "({":
            waiting[")" if bracket[0] == "(" else "}"].append(bracket.start())
        elif waiting[bracket[0]]:
            found[waiting[bracket[0]].pop()] = bracket.end()
    return found
