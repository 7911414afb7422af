"""From the syntax tree of a shell text to its simple commands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

from bot.model import Span
from bot.parse import shell_list, shell_simple, shell_words
from bot.parse.shell_command import Command, Script
from bot.parse.shell_list import Operator
from bot.parse.shell_text import ShellText

_DEEPEST = 60
"""Nesting that no author writes; our stack must not depend on the input."""

_LARGEST = 1 << 14
"""Characters of one shell text, beyond which it counts as broken.

The grammar's search for the end of an error grows with the square of the text
and cannot be interrupted: measured, 64 KiB of ``>`` take minutes, 16 KiB under
two seconds. The longest RUN of a thousand public Dockerfiles has 3 KiB.
"""

_MOST_BRANCHES = 1000
"""Pipes, brackets and redirections of one text, for the same reason.

20,000 pipes take 10 seconds and 3 GB, 1,000 a twentieth of a second.
"""

_LANGUAGE = Language(tree_sitter_bash.language())
_TESTS = ("[", "test ")
_OPERATORS = frozenset({"&&", "||", "|", "|&"})
_KEYWORDS = frozenset(
    {"(", ")", "{", "}", "do", "done", "while", "until", "$(", "`", "<(", ">("}
)
_BODIES = frozenset({"do_group", "compound_statement", "subshell"})


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a node stands: behind which operator, removable how, guarded by."""

    operator: Operator | None = None
    removal: Span | None = None
    guards: tuple[str, ...] = ()


def parse(text: ShellText) -> Script:
    """Read *text* as a shell script."""
    walk = _Walk(text)
    walk.run(())
    return Script(tuple(walk.commands), walk.broken)


@dataclass(slots=True)
class _Walk:
    """The commands found so far in one text."""

    text: ShellText
    depth: int = 0
    commands: list[Command] = field(default_factory=list)
    broken: bool = False

    def run(self, guards: tuple[str, ...]) -> None:
        """Walk the whole text."""
        if _is_too_much(self.text.masked):
            self.broken = True
            return
        root = Parser(_LANGUAGE).parse(self.text.masked.encode("ascii")).root_node
        self.broken = root.has_error
        self.item(root, _Place(guards=guards))

    def item(self, node: Node, place: _Place) -> None:
        """Walk one statement, unless it is nested too deeply."""
        if self.depth >= _DEEPEST:
            self.broken = True
            return
        self.depth += 1
        _HANDLERS.get(node.type, _Walk.words)(self, node, place)
        self.depth -= 1

    def walk_list(
        self,
        nodes: Iterable[Node],
        guards: tuple[str, ...],
        first: Operator | None = None,
    ) -> None:
        """Walk the members of a list; a test guards what ``&&`` joins to it."""
        tests: tuple[str, ...] = ()
        before = ""
        for member in shell_list.members(self.text, nodes):
            tests = _tests(tests, before, member.operator)
            operator = member.operator or first
            place = _Place(operator, member.removal, (*guards, *tests))
            self.item(member.node, place)
            before = shell_words.written(self.text, member.node)

    def group(self, node: Node, place: _Place) -> None:
        """Walk the lists between the keywords of *node*."""
        inside: list[Node] = []
        for child in node.children:
            if child.type not in _KEYWORDS and child.type not in _BODIES:
                inside.append(child)
                continue
            self.walk_list(inside, place.guards)
            inside = []
            if child.type in _BODIES:
                self.item(child, _Place(guards=place.guards))
        self.walk_list(inside, place.guards)

    def sequence(self, node: Node, place: _Place) -> None:
        """Walk *node*, all of whose children are one list."""
        self.walk_list(node.children, place.guards, place.operator)

    def words(self, node: Node, place: _Place) -> None:
        """Walk the substitutions inside of words."""
        for found in shell_words.substitutions(node):
            self.item(found, _Place(guards=place.guards))

    def conditional(self, node: Node, place: _Place) -> None:
        """Walk an ``if``."""
        self._branch(node, place.guards)

    def _branch(self, node: Node, guards: tuple[str, ...]) -> str:
        """Walk ``if``, ``elif`` or ``else``; return the text of its head."""
        part: list[Node] = []
        head, outer = "", guards
        for child in node.children:
            if child.type == "then":
                head = self._span_text(part)
                self.walk_list(part, outer)
                part, guards = [], (*outer, head)
            elif child.type in {"elif_clause", "else_clause"}:
                self.walk_list(part, guards)
                part, outer = [], (*outer, f"! {head}")
                head = self._branch(child, outer)
            elif child.is_named or child.type not in {"if", "elif", "else", "fi"}:
                part.append(child)
        self.walk_list(part, guards)
        return head

    def case(self, node: Node, place: _Place) -> None:
        """Walk a ``case``: its word, and its branches with their patterns."""
        value = node.child_by_field_name("value")
        head = shell_words.written(self.text, value) if value else ""
        for child in node.children:
            if child.type == "case_item":
                self._case_item(child, (*place.guards, head))
            else:
                self.words(child, place)

    def _case_item(self, node: Node, guards: tuple[str, ...]) -> None:
        children = node.children
        closing = [at for at, child in enumerate(children) if child.type == ")"]
        end = closing[0] if closing else 0
        patterns = [child for child in children[:end] if child.type != "("]
        self.walk_list(children[end + 1 :], (*guards, self._span_text(patterns)))

    def _span_text(self, nodes: Iterable[Node]) -> str:
        """Return the text from the first to the last of *nodes*."""
        found = [node for node in nodes if node.type != ";"]
        if not found:
            return ""
        return self.text.joined.text[found[0].start_byte : found[-1].end_byte]

    def pipeline(self, node: Node, place: _Place) -> None:
        """Walk the parts of a pipeline, none of which can be deleted alone."""
        self._joined(node, place.operator, place.guards)

    def negated(self, node: Node, place: _Place) -> None:
        """Walk the statement behind ``!``."""
        for child in node.children:
            if child.is_named:
                self.item(child, place)

    def _joined(
        self, node: Node, operator: Operator | None, guards: tuple[str, ...]
    ) -> None:
        for child in node.children:
            if child.type in _OPERATORS:
                operator = Operator(child.type, child.start_byte, child.end_byte)
            elif child.is_named:
                self.item(child, _Place(operator, None, guards))

    def redirected(self, node: Node, place: _Place) -> None:
        """Walk a statement that has redirections behind it."""
        body = node.child_by_field_name("body")
        if body is None or body.type in shell_simple.KINDS:
            self.simple(node, place)
            return
        self.item(body, _Place(guards=place.guards))
        self._inside(node.children_by_field_name("redirect"), place)

    def simple(self, node: Node, place: _Place) -> None:
        """Keep a simple command, then walk what its words hold."""
        found = shell_simple.command(self.text, node)
        operator = place.operator
        span = self.text.joined.span
        self.commands.append(
            Command(
                words=found.words,
                assignments=found.assignments,
                span=span(node.start_byte, node.end_byte),
                separator=operator.text if operator else "",
                separator_span=span(operator.start, operator.end) if operator else None,
                guards=place.guards,
                redirections=found.redirections,
                removal=place.removal,
            )
        )
        self._inside(found.nodes, place)
        if found.script is not None:
            self._nested(found.script, place)

    def _inside(self, nodes: Iterable[Node], place: _Place) -> None:
        """Walk the substitutions in words, and what stands behind a ``<<EOF``."""
        for node in nodes:
            if node.type != "heredoc_redirect":
                self.words(node, place)
                continue
            self._joined(node, None, place.guards)

    def _nested(self, part: ShellText, place: _Place) -> None:
        """Walk the script of a ``sh -c '…'``."""
        inner = _Walk(part, self.depth)
        inner.run(place.guards)
        self.commands += inner.commands
        self.broken = self.broken or inner.broken


def _is_too_much(text: str) -> bool:
    branches = max(sum(map(text.count, "|(<>")), text.count(")"))
    return len(text) > _LARGEST or branches > _MOST_BRANCHES


def _tests(
    tests: tuple[str, ...], before: str, operator: Operator | None
) -> tuple[str, ...]:
    """Return the tests that guard a member, given those of the one before."""
    is_test = before.startswith(_TESTS)
    if operator is not None and operator.text == "&&":
        return (*tests, before) if is_test else tests
    if operator is not None and operator.text == "||" and is_test:
        return (f"! {before}",)
    return ()


_HANDLERS: dict[str, Callable[[_Walk, Node, _Place], None]] = {
    "ERROR": _Walk.group,
    "case_statement": _Walk.case,
    "command_substitution": _Walk.group,
    "compound_statement": _Walk.group,
    "c_style_for_statement": _Walk.group,
    "do_group": _Walk.group,
    "for_statement": _Walk.group,
    "function_definition": _Walk.group,
    "if_statement": _Walk.conditional,
    "list": _Walk.sequence,
    "negated_command": _Walk.negated,
    "pipeline": _Walk.pipeline,
    "process_substitution": _Walk.group,
    "program": _Walk.sequence,
    "redirected_statement": _Walk.redirected,
    "subshell": _Walk.group,
    "while_statement": _Walk.group,
    **dict.fromkeys(shell_simple.KINDS, _Walk.simple),
}
