"""The commands of a recipe as the shell gets them, with their places."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from bot.model import Source, Span
from bot.parse import shell
from bot.parse.docker_command import Argument, resolve
from bot.parse.make_parts import MakeRule, RecipeLine, Variable
from bot.parse.make_scope import Scope

_JOINT = re.compile(r"\\\r?\n")
_SEPARATORS = {"&&", "||", ";", "|", "&"}
_MACRO = re.compile(
    r"\$[({](?:call\s+)?(?P<name>[\w.\-]+)\s*(?:,(?P<given>.*))?[)}]", re.DOTALL
)
_DEEPEST_MACRO = 4


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

    def commands(self, rule: MakeRule, scope: Scope) -> Iterator[RunCommand]:
        """Yield the commands of every line that make does not leave out."""
        for line in rule.recipe:
            if scope.live(line.guards) is not False:
                yield from self._line(line, scope, 0)

    def _line(self, line: RecipeLine, scope: Scope, depth: int) -> Iterator[RunCommand]:
        macro = _MACRO.fullmatch(line.text.strip())
        variable = self.macros.get(macro["name"]) if macro else None
        if macro and variable and depth < _DEEPEST_MACRO:
            inner = scope.with_arguments(macro["name"], macro["given"])
            for body in self._body(variable):
                yield from self._line(body, inner, depth + 1)
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

    def _shell(self, line: RecipeLine, scope: Scope) -> Iterator[RunCommand]:
        source = self.sources[line.span.path]
        outer, here = [], self.directory
        end = line.span.start
        for command in shell.parse_recipe(source, line.span).commands:
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
                if len(words) > 1 and words[0].text == "cd":
                    here = resolve(here, words[1].text)
                yield RunCommand(tuple(words), environment, here, command.span)


def _parts(source: Source, spans: list[Span], scope: Scope) -> list[list[Argument]]:
    """Expand the words of a command; a variable may hold several commands."""
    parts: list[list[Argument]] = [[]]
    for span in spans:
        expanded = scope.outline(_JOINT.sub(" ", source.cut(span)))
        words = _shell_words(expanded)
        for word in words:
            bare = word.removesuffix(";")
            if word not in _SEPARATORS and bare:
                parts[-1].append(Argument(bare, span, whole=len(words) == 1))
            if word in _SEPARATORS or bare != word:
                parts.append([])
    return [part for part in parts if part]


def _shell_words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:  # a quote that opens in one word and closes in another
        return text.split()
