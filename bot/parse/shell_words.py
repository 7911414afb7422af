"""Shell words out of syntax nodes: as written, unquoted, and where."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tree_sitter import Node

from bot.parse.shell_command import Token
from bot.parse.shell_text import ShellText

SUBSTITUTIONS = frozenset({"command_substitution", "process_substitution"})
_EXPRESSIONS = frozenset(
    {
        "binary_expression",
        "negated_expression",
        "parenthesized_expression",
        "postfix_expression",
        "ternary_expression",
        "unary_expression",
    }
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPE_IN_QUOTES = re.compile(r'\\(["$`\\])')


def token(text: ShellText, node: Node) -> Token:
    """Return the word that *node* stands for."""
    return Token(
        written(text, node),
        _value(text, node),
        text.joined.span(node.start_byte, node.end_byte),
    )


def written(text: ShellText, node: Node) -> str:
    """Return the text of *node*."""
    return text.joined.text[node.start_byte : node.end_byte]


def empty(text: ShellText, offset: int) -> Token:
    """Return the empty word at *offset*."""
    return Token("", "", text.joined.span(offset, offset))


def words(nodes: list[Node]) -> Iterator[Node]:
    """Yield *nodes*, test expressions taken apart into their words."""
    waiting = nodes[::-1]
    while waiting:
        node = waiting.pop()
        if node.type in _EXPRESSIONS:
            waiting.extend(node.children[::-1])
        elif node.start_byte < node.end_byte:
            yield node


def substitutions(node: Node) -> Iterator[Node]:
    """Yield the outermost substitutions of commands in *node*, in order."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        if found.type in SUBSTITUTIONS:
            yield found
        else:
            waiting.extend(found.children[::-1])


def _value(text: ShellText, node: Node) -> str:
    reader = _READERS.get(node.type)
    return reader(text, node) if reader else written(text, node)


def _word(text: ShellText, node: Node) -> str:
    plain = written(text, node)
    return _ESCAPE.sub(r"\1", plain) if "\\" in plain else plain


def _raw_string(text: ShellText, node: Node) -> str:
    return written(text, node)[1:-1]


def _ansi_string(text: ShellText, node: Node) -> str:
    return written(text, node)[2:-1]


def _string(text: ShellText, node: Node) -> str:
    """Unescape between the expansions of a string in double quotes."""
    whole = text.joined.text
    parts: list[str] = []
    position = node.start_byte + 1
    for child in node.children[1:-1]:
        if child.type != "string_content":
            literal = whole[position : child.start_byte]
            parts += (_ESCAPE_IN_QUOTES.sub(r"\1", literal), written(text, child))
            position = child.end_byte
    literal = whole[position : max(position, node.end_byte - 1)]
    return "".join((*parts, _ESCAPE_IN_QUOTES.sub(r"\1", literal)))


def _joined(text: ShellText, node: Node) -> str:
    return "".join(_value(text, child) for child in node.children)


_READERS: dict[str, Callable[[ShellText, Node], str]] = {
    "ansi_c_string": _ansi_string,
    "command_name": _joined,
    "concatenation": _joined,
    "raw_string": _raw_string,
    "string": _string,
    "word": _word,
}
