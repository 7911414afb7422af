"""Here-documents of a Dockerfile: ``<<EOF``, ``<<-EOF``, ``<<"EOF"``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.parse.instruction import Heredoc, Instruction
from bot.parse.lines import SPACES, Lines

_BLANK = "[" + re.escape(SPACES) + "]"
# BuildKit reads these words with the backslash, whatever the escape directive.
_WORD = re.compile(
    rf"""
    (?: (?! {_BLANK} ) [^'"\\]
      | \\ (?: [\s\S] | \Z )
      | ' [^']*+ '
      | " (?: [^"\\] | \\ [\s\S] )*+ "
    )++
    """,
    re.VERBOSE,
)
_HEREDOC = re.compile(r"\d*<<(-?+)([^<]+)")
_MARKS = re.compile(
    r"""
    ' ([^']*) '
    | " ( (?: [^"\\] | \\ [\s\S] )* ) "
    | \\ ([\s\S]?)
    """,
    re.VERBOSE,
)
_ESCAPED_IN_QUOTES = re.compile(r'\\(["$\\])')
_BAD_SUBSTITUTION = re.compile(r"\$\{(?:\w*[^\w:+?#%/}-]|[}:]|\Z)")
_TAKERS = frozenset({"RUN", "COPY", "ADD"})


@dataclass(frozen=True, slots=True)
class Opening:
    """``<<EOF``: what the instruction's line promises."""

    name: str
    expands: bool
    chomps: bool


def openings(instruction: Instruction) -> Iterator[Opening]:
    """Yield the documents that the line of *instruction* opens."""
    taker = instruction.onbuild or instruction
    if taker.name in _TAKERS and not taker.json:
        yield from _openings(" ".join(word.text for word in taker.words))


def take(lines: Lines, opening: Opening) -> tuple[Heredoc, bool, int]:
    """Take a document: itself, whether its last line came, and its end."""
    text = lines.source.text
    start = end = lines.position
    while (line := lines.physical()) is not None:
        content = text[line[0] : line[1]]
        end = line[1]
        if (content.lstrip("\t") if opening.chomps else content) == opening.name:
            return _document(lines, opening, (start, line[0])), True, end
    return _document(lines, opening, (start, len(text))), False, end


def _document(lines: Lines, opening: Opening, body: tuple[int, int]) -> Heredoc:
    span = lines.source.span(*body)
    return Heredoc(opening.name, opening.expands, span, opening.chomps)


def _openings(text: str) -> Iterator[Opening]:
    if "<<" not in text:
        return
    words = _words(text)
    for word in words:
        found = _HEREDOC.fullmatch(word)
        if found is not None:
            name = _MARKS.sub(_unmarked, found[2])
            yield Opening(name, name == found[2], found[1] == "-")


def _words(text: str) -> list[str]:
    """Split *text*; nothing where BuildKit's own lexer would give up."""
    if _BAD_SUBSTITUTION.search(text):
        return []
    words, position = [], 0
    for match in _WORD.finditer(text):
        if text[position : match.start()].strip(SPACES):
            return []
        words.append(match[0])
        position = match.end()
    return [] if text[position:].strip(SPACES) else words


def _unmarked(match: re.Match[str]) -> str:
    single, double, escaped = match.groups()
    if double is not None:
        return _ESCAPED_IN_QUOTES.sub(r"\1", double)
    return single if single is not None else escaped
