"""The commands of a recipe as the shell gets them, with their places."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from bot.model import Source, Span
from bot.parse import shell
from bot.parse.docker_command import Argument, resolve
from bot.parse.holes import HOLE
from bot.parse.make_parts import MakeRule, RecipeLine, Variable
from bot.parse.make_scope import Scope
from bot.parse.shell_command import Command

_JOINT = re.compile(r"\\\r?\n")
_QUOTING = re.compile(r"[\"'\\]")
_HERE = re.compile(r"\$\(pwd\)|`pwd`|\$PWD\b|\$\{PWD\}")
"""What the shell gives for the directory that a command runs in."""
_SEPARATORS = {"&&", "||", ";", "|", "&"}
_MACRO = re.compile(
    r"\$[({](?:call\s+)?(?P<name>[\w.\-]+)\s*(?:,(?P<given>.*))?[)}]", re.DOTALL
)
_MOST_LINES = 500
_VARIABLE = re.compile(r"\$[({](?P<name>\w+)[)}]")
_ENGINE = re.compile(r"BUILDAH|CONTAINER|CRI|DOCKER|ENGINE|OCI|PODMAN", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RunCommand:
    """One command with the directory and environment that it runs in."""

    words: tuple[Argument, ...]
    environment: tuple[tuple[str, str], ...]
    directory: str
    """A path of the tree; empty where a ``cd`` leads nobody knows where."""
    span: Span


@dataclass(slots=True)
class Recipes:
    """Reads the commands of recipes with the variables of one scope."""

    sources: dict[str, Source]
    macros: dict[str, Variable]
    """The multi-line variables, which recipes use as subroutines."""
    directory: str
    _left: int = 0
    _commands: dict[Span, tuple[Command, ...]] = field(default_factory=dict)

    def commands(self, rule: MakeRule, scope: Scope) -> Iterator[RunCommand]:
        """Yield the commands of every line that make does not leave out."""
        self._left = _MOST_LINES
        for line in rule.recipe:
            if scope.live(line.guards) is not False:
                yield from self._line(line, scope, ())

    def _line(
        self, line: RecipeLine, scope: Scope, inside: tuple[str, ...]
    ) -> Iterator[RunCommand]:
        self._left -= 1
        macro = _MACRO.fullmatch(line.text.strip())
        variable = self.macros.get(macro["name"]) if macro else None
        if macro and variable:
            if variable.name in inside or self._left < 0:
                return  # it refers to itself, or grows beyond all bounds
            inner = scope.with_arguments(macro["name"], macro["given"])
            for body in islice(self._body(variable), max(self._left, 0)):
                yield from self._line(body, inner, (*inside, variable.name))
        elif not line.text.lstrip().startswith("#"):
            yield from self._shell(line, scope)

    def _body(self, variable: Variable) -> Iterator[RecipeLine]:
        source, span = self.sources[variable.value_span.path], variable.value_span
        start = span.start
        for raw in re.split(r"(?<!\\)\n", source.cut(span)):
            text = raw.lstrip("\t @+-")
            begin = start + len(raw) - len(text)
            if text.strip():
                yield RecipeLine(text, source.span(begin, start + len(raw)), ())
            start += len(raw) + 1

    def _read(self, source: Source, span: Span) -> tuple[Command, ...]:
        """Parse a line once, for however many scopes it is read in."""
        if span not in self._commands:
            self._commands[span] = tuple(shell.parse_recipe(source, span).commands)
        return self._commands[span]

    def _shell(self, line: RecipeLine, scope: Scope) -> Iterator[RunCommand]:
        source = self.sources[line.span.path]
        outer: list[str] = []
        exported: list[tuple[str, str]] = []
        here = self.directory
        end = line.span.start
        for command in self._read(source, line.span):
            for bracket in source.text[end : command.span.start]:
                if bracket == "(":
                    outer.append(here)
                elif bracket == ")" and outer:
                    here = outer.pop()
            end = max(end, command.span.end)
            environment = tuple(
                (name, scope.outline(value.value))
                for name, value in command.assignments
            )
            tokens = [token.span for token in command.words]
            for words in _parts(source, tokens, scope):
                if words[0].text == "export":
                    exported += (word.text.partition("=")[::2] for word in words[1:])
                if words[0].text == "cd" and len(words) > 1:
                    here = resolve(here, words[1].text)
                outside = (*exported, *environment)
                yield RunCommand(tuple(words), outside, here, command.span)


def _parts(source: Source, spans: list[Span], scope: Scope) -> list[list[Argument]]:
    """Expand the words of a command; a variable may hold several commands."""
    parts: list[list[Argument]] = [[]]
    for span in spans:
        written = _written(source, span)
        words = _shell_words(_HERE.sub(".", scope.outline(written)))
        if not parts[-1] and words in ([], [HOLE]) and _is_engine(written):
            words = ["docker"]  # an engine that the caller is asked to choose
        for word in words:
            bare = word.removesuffix(";")
            if word not in _SEPARATORS and bare:
                parts[-1].append(Argument(bare, span, whole=len(words) == 1))
            if word in _SEPARATORS or bare != word:
                parts.append([])
    return [part for part in parts if part]


def _is_engine(written: str) -> bool:
    variable = _VARIABLE.fullmatch(written)
    return bool(variable and _ENGINE.search(variable["name"]))


def _written(source: Source, span: Span) -> str:
    start = span.start
    # Of make's ``$$`` the second dollar is the shell's; both belong to the text.
    start -= source.text[start - 1 : start + 1] == "$$"
    return _JOINT.sub(" ", source.text[start : span.end])


def _shell_words(text: str) -> list[str]:
    if not _QUOTING.search(text):
        return text.split()
    try:
        return shlex.split(text)
    except ValueError:  # a quote that opens in one word and closes in another
        return text.split()
