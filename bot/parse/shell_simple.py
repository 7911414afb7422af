"""Simple shell commands out of syntax nodes: words, assignments, redirections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from bot.parse import shell_words
from bot.parse.shell_command import Token
from bot.parse.shell_text import ShellText

KINDS = frozenset(
    {
        "command",
        "declaration_command",
        "test_command",
        "unset_command",
        "variable_assignment",
        "variable_assignments",
    }
)
"""The nodes that are simple commands."""

_SHELLS = frozenset({"sh", "bash", "ash", "dash", "ksh", "zsh"})
_REDIRECTIONS = frozenset({"file_redirect", "heredoc_redirect", "herestring_redirect"})


@dataclass(frozen=True, slots=True)
class Simple:
    """The parts of one simple command."""

    words: tuple[Token, ...]
    assignments: tuple[tuple[str, Token], ...]
    redirections: tuple[Token, ...]
    nodes: tuple[Node, ...]
    """What may hold substitutions."""
    script: ShellText | None
    """The script of ``sh -c '…'``, where its quotes are simple."""


def command(text: ShellText, node: Node) -> Simple:
    """Read *node*, a simple command with or without redirections."""
    whole = tuple(_parts(node))
    parts = tuple(part for each in whole for part in _apart(each))
    declares = any(
        part.type == "declaration_command" for part in (node, *node.children)
    )
    assigned = [part for part in parts if part.type == "variable_assignment"]
    redirected = [part for part in parts if part.type in _REDIRECTIONS]
    apart = redirected if declares else assigned + redirected
    nodes = tuple(part for part in parts if part not in apart)
    words = tuple(shell_words.token(text, part) for part in nodes)
    return Simple(
        words=words,
        assignments=tuple(_assignment(text, part) for part in assigned),
        redirections=tuple(
            _redirection(text, part) for each in redirected for part in _chain(each)
        ),
        nodes=whole,
        script=_script(text, nodes, words),
    )


def _parts(node: Node) -> Iterator[Node]:
    """Yield words, assignments and redirections in their order."""
    if node.type == "variable_assignment":
        yield node
        return
    for child in shell_words.words(node.children):
        if child.type in KINDS and child.type != "variable_assignment":
            yield from _parts(child)
        else:
            yield child


def _assignment(text: ShellText, node: Node) -> tuple[str, Token]:
    name = node.child_by_field_name("name")
    value = node.child_by_field_name("value")
    return (
        shell_words.written(text, name) if name else "",
        shell_words.token(text, value)
        if value
        else shell_words.empty(text, node.end_byte),
    )


def _apart(node: Node) -> Iterator[Node]:
    """Yield *node*, and the words that the grammar counts to a redirection."""
    yield node
    if node.type == "file_redirect":
        yield from node.children_by_field_name("destination")[1:]
    elif node.type == "heredoc_redirect":
        yield from node.children_by_field_name("argument")


def _chain(node: Node) -> Iterator[Node]:
    """Yield a redirection, and those that stand behind a ``<<EOF``."""
    yield node
    yield from (child for child in node.children if child.type in _REDIRECTIONS)


def _redirection(text: ShellText, node: Node) -> Token:
    """Return ``>f`` or ``<<EOF``: of a here-document only its first part."""
    ends = [
        *node.children_by_field_name("destination"),
        *(child for child in node.children if child.type == "heredoc_start"),
    ]
    end = ends[0].end_byte if ends else node.end_byte
    raw = text.joined.text[node.start_byte : end]
    return Token(raw, raw, text.joined.span(node.start_byte, end))


def script_after_shell(words: tuple[Token, ...]) -> Token | None:
    """Find the script of a ``sh -c '…'`` anywhere in a command."""
    for shell, flag, body in zip(words, words[1:], words[2:], strict=False):
        if shell.raw.rpartition("/")[2] in _SHELLS and _runs_text(flag.raw):
            return body
    return None


def _runs_text(flag: str) -> bool:
    return flag.startswith("-") and flag.endswith("c") and not flag.startswith("--")


def _script(
    text: ShellText, nodes: tuple[Node, ...], words: tuple[Token, ...]
) -> ShellText | None:
    """Return the script of a ``sh -c '…'`` at its own place."""
    body = script_after_shell(words)
    if body is None:
        return None
    node = nodes[words.index(body)]
    start, end = node.start_byte + 1, node.end_byte - 1
    is_plain = node.type == "raw_string" or (
        node.type == "string" and "\\" not in text.joined.text[start:end]
    )
    return text.part(start, end) if is_plain and start < end else None
