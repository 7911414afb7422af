"""Read a Makefile line by line into events and rules, as GNU make reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.model import Source, Span
from bot.parse import make_text
from bot.parse.make_conditionals import Conditionals
from bot.parse.make_parts import (
    Event,
    Export,
    Guard,
    Include,
    MakeRule,
    RecipeLine,
    Variable,
)
from bot.parse.make_text import Line

_MODIFIER = re.compile(r"(export|unexport|override|private|define|undefine)(?=\s|$)")
_INCLUDE = re.compile(r"(?:-include|sinclude|include)(?=\s)")
_OTHER = re.compile(r"(?:vpath|load|-load)(?=\s|$)")
_NESTED = re.compile(r"\s*(define|endef)(?=\s|$)")
_MOST_MODIFIERS = 8
"""Words before an assignment; there are six, and nobody says one twice."""
_PREFIX = re.compile(r"[@+\- \t]*")


@dataclass(slots=True)
class _Draft:
    """A rule whose recipe may still grow."""

    rule: MakeRule
    recipe: list[RecipeLine] = field(default_factory=list)

    def finished(self) -> MakeRule:
        rule, recipe = self.rule, tuple(self.recipe)
        end = max((line.span.end for line in recipe), default=rule.span.end)
        span = Span(rule.span.path, rule.span.start, max(end, rule.span.end))
        return MakeRule(
            rule.targets,
            rule.prerequisites,
            recipe,
            span,
            rule.line,
            rule.guards,
            rule.order_only,
            rule.pattern,
        )


@dataclass(slots=True)
class _Define:
    """A ``define`` whose ``endef`` has not come yet."""

    name: str
    operator: str
    modifiers: tuple[str, ...]
    start: int
    body: int
    depth: int = 1


@dataclass(slots=True)
class Scanner:
    """Reads one Makefile; *events* and *rules* are its result."""

    source: Source
    events: list[Event] = field(default_factory=list)
    _drafts: list[_Draft] = field(default_factory=list)
    _conditionals: Conditionals[_Draft] = field(default_factory=Conditionals)
    _define: _Define | None = None
    _prefix: str = "\t"

    def run(self) -> tuple[MakeRule, ...]:
        """Read every line and return the rules; ``events`` is filled."""
        for line in make_text.logical_lines(self.source.text):
            self._feed(line)
        if self._define:  # an endef that never came: all of the rest
            self._close_define(self._define, len(self.source.text))
        return tuple(draft.finished() for draft in self._drafts)

    def _feed(self, line: Line) -> None:
        if self._define:
            self._inside_define(self._define, line)
        elif line.text.startswith(self._prefix) and self._conditionals.open_rules:
            self._recipe(line.start + 1, line.end)
        else:
            text = make_text.blank(line.text)
            text = text[: make_text.comment_start(text)]
            start = len(text) - len(text.lstrip())
            if start < len(text):
                self._statement(line, text, start)

    def _statement(self, line: Line, text: str, start: int) -> None:
        if self._assign(line, text, start):
            self._conditionals.open_rules.clear()
            return
        span = self._span(line.start + start, line.end)
        guard = self._conditionals.directive(text, start, span)
        if isinstance(guard, Guard):
            self.events.append(guard)
        elif not guard and not self._directive(text, start, span):
            self._rule(line, text, start)

    def _assign(self, line: Line, text: str, start: int, targets: str = "") -> bool:
        modifiers: tuple[str, ...] = ()
        place = start
        while not (found := make_text.assignment(text, place)):
            modifier = _MODIFIER.match(text, place)
            if not modifier or len(modifiers) == _MOST_MODIFIERS:
                return False
            place = make_text.after_blanks(text, modifier.end())
            modifiers += (modifier[1],)
            if modifier[1] in {"define", "undefine"}:
                return self._definition(line, text, place, modifiers)
        end, value, operator = found
        name = text[place:end].strip()
        if "define" in modifiers:
            return self._definition(line, text, place, modifiers)
        self._variable(
            Variable(
                name,
                operator,
                self._value(line, text, value),
                self._span(line.start + start, line.start + len(text.rstrip())),
                self._value_span(line, text, value),
                self._conditionals.guards,
                targets,
                modifiers,
            )
        )
        return True

    def _variable(self, variable: Variable) -> None:
        self.events.append(variable)
        if variable.name == ".RECIPEPREFIX" and not variable.target:
            self._prefix = variable.value[:1] or "\t"

    def _value_span(self, line: Line, text: str, start: int) -> Span:
        first = start + len(text[start:]) - len(text[start:].lstrip(" \t"))
        return self._span(line.start + first, line.start + len(text))

    def _value(self, line: Line, text: str, start: int) -> str:
        raw = line.text[start : len(text)].lstrip(" \t")
        return make_text.join(raw).removesuffix("\n").lstrip().replace("\\#", "#")

    def _definition(
        self, line: Line, text: str, start: int, modifiers: tuple[str, ...]
    ) -> bool:
        found = make_text.assignment(text, start)
        end, _, operator = found or (len(text), len(text), "=")
        body = min(line.end + 1, len(self.source.text))
        begin = line.start + len(text) - len(text.lstrip())
        opened = _Define(text[start:end].strip(), operator, modifiers, begin, body)
        if modifiers[-1] == "define":
            self._define = opened
        else:
            opened.operator, opened.body = "undefine", line.end
            self._close_define(opened, line.end)
        return True

    def _inside_define(self, opened: _Define, line: Line) -> None:
        nested = _NESTED.match(line.text)
        if nested and not line.text.startswith(self._prefix):
            opened.depth += 1 if nested[1] == "define" else -1
        if not opened.depth:
            self._close_define(opened, max(opened.body, line.start - 1), line.end)

    def _close_define(self, opened: _Define, end: int, last: int = 0) -> None:
        self._define = None
        value = self._span(opened.body, end)
        self._variable(
            Variable(
                opened.name,
                opened.operator,
                self.source.cut(value),
                self._span(opened.start, max(last, end)),
                value,
                self._conditionals.guards,
                "",
                opened.modifiers,
            )
        )

    def _directive(self, text: str, start: int, span: Span) -> bool:
        guards = self._conditionals.guards
        include = _INCLUDE.match(text, start)
        names = text[include.end() :].strip() if include else ""
        if names:
            self.events.append(Include(names, span, guards))
            return True
        modifier = _MODIFIER.match(text, start)
        if modifier and modifier[1] == "export" and make_text.find(text, ":") < 0:
            exported = make_text.words(text[modifier.end() :])
            self.events.append(Export(exported, span, guards))
            return True
        return bool(_OTHER.match(text, start) or modifier)

    def _rule(self, line: Line, text: str, start: int) -> None:
        colon = make_text.find(text, ":", start)
        if colon < 0:
            return  # a macro that make expands to rules: not followed
        targets = make_text.words(text[start:colon].removesuffix("&"))
        after = colon + (2 if text.startswith("::", colon) else 1)
        after = len(text) - len(text[after:].lstrip())
        if self._assign(line, text, after, " ".join(targets)):
            self._conditionals.open_rules.clear()
            return
        recipe = make_text.find(text, ";", after)
        end = recipe if recipe >= 0 else len(text)
        self._open(targets, text[after:end], line, start)
        if recipe >= 0:
            self._recipe(line.start + recipe + 1, line.end)

    def _open(
        self, targets: tuple[str, ...], rest: str, line: Line, start: int
    ) -> None:
        inner = make_text.find(rest, ":")
        pattern = rest[:inner].strip() if inner >= 0 else ""
        rest = rest[inner + 1 :]
        bar = make_text.find(rest, "|")
        needed, ordered = (rest[:bar], rest[bar + 1 :]) if bar >= 0 else (rest, "")
        begin = line.start + start
        rule = MakeRule(
            targets,
            make_text.words(needed),
            (),
            self._span(begin, line.end),
            self.source.line(begin),
            self._conditionals.guards,
            make_text.words(ordered),
            pattern,
        )
        draft = _Draft(rule)
        self._drafts.append(draft)
        self._conditionals.open_rules = [draft]

    def _recipe(self, start: int, end: int) -> None:
        prefix = _PREFIX.match(self.source.text, start, end)
        begin = prefix.end() if prefix else start
        span = self._span(begin, end)
        text = self.source.cut(span)
        for draft in self._conditionals.open_rules:
            draft.recipe.append(RecipeLine(text, span, self._conditionals.guards))

    def _span(self, start: int, end: int) -> Span:
        return self.source.span(start, max(start, end))
