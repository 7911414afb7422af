"""Lists of shell commands: what joins the members, and how one is deleted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tree_sitter import Node

from bot.model import Span
from bot.parse.shell_text import ShellText

_OPERATORS = frozenset({"&&", "||", ";", "&", ";;", ";&", ";;&"})
_COMMENT = re.compile(r"\n[ \t]*#")
_BLANKS = re.compile(r"[ \t]*")


@dataclass(frozen=True, slots=True)
class Operator:
    """What stands between two members of a list."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a list, and the operator before it (None for the first)."""

    node: Node
    operator: Operator | None
    removal: Span | None


def members(text: ShellText, nodes: Iterable[Node]) -> tuple[Member, ...]:
    """Return the members of the list that *nodes* are, with their removals."""
    pairs = tuple(_pairs(text, nodes))
    return tuple(
        Member(node, operator, _removal(text, pairs, index))
        for index, (operator, node) in enumerate(pairs)
    )


def _pairs(
    text: ShellText, nodes: Iterable[Node]
) -> Iterator[tuple[Operator | None, Node]]:
    operator: Operator | None = None
    last: Node | None = None
    for node in _flat(nodes):
        if node.type in _OPERATORS:
            operator = Operator(node.type, node.start_byte, node.end_byte)
        elif node.is_named and node.type != "comment":
            if last is not None and operator is None:
                operator = _newline(text, last.end_byte, node.start_byte)
            yield operator if last is not None else None, node
            last, operator = node, None


def _flat(nodes: Iterable[Node]) -> Iterator[Node]:
    """Take the nested pairs of a ``a && b && c`` apart."""
    waiting = list(nodes)[::-1]
    while waiting:
        node = waiting.pop()
        if node.type == "list":
            waiting.extend(node.children[::-1])
        elif node.start_byte < node.end_byte:
            yield node


def _newline(text: ShellText, start: int, end: int) -> Operator:
    at = text.joined.text.rfind("\n", start, end)
    return Operator("\n", at, at + 1) if at >= 0 else Operator("", start, start)


def _removal(
    text: ShellText, pairs: tuple[tuple[Operator | None, Node], ...], index: int
) -> Span | None:
    """Return what to delete so that the other members stay a list."""
    if len(pairs) == 1:
        return None
    operator, node = pairs[index]
    if operator is None or (operator.text == "&" and index + 1 < len(pairs)):
        return _first_removal(text, node, pairs[index + 1])
    if operator.text == "&":
        return text.joined.span(operator.end, node.end_byte)
    if operator.text == "\n":
        return text.joined.span(operator.start, node.end_byte)
    return text.joined.span(pairs[index - 1][1].end_byte, node.end_byte)


def _first_removal(
    text: ShellText, node: Node, second: tuple[Operator | None, Node]
) -> Span:
    """Delete up to the second member, but keep a comment that belongs to it."""
    operator, after = second
    joined, start = text.joined, text.joined.at(node.start_byte)
    end = joined.at(after.start_byte)
    if operator is not None and operator.text == "\n":
        done = joined.at(joined.text.find("\n", node.end_byte)) + 1
    else:
        done = joined.at((operator.end if operator else node.end_byte) - 1) + 1
        if not _COMMENT.search(joined.source.text, done, end):
            return joined.source.span(start, end)
    blanks = _BLANKS.match(joined.source.text, done)
    return joined.source.span(start, blanks.end() if blanks else done)
