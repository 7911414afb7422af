"""``ifeq`` and its family while a Makefile is read: branches and rules."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Generic, TypeVar

from bot.model import Span
from bot.parse import make_text
from bot.parse.make_parts import Guard

RuleT = TypeVar("RuleT")

MOST = 100
"""Conditions around one line that are kept; who nests deeper is not judged."""

_WORD = re.compile(r"(ifeq|ifneq|ifdef|ifndef|else|endif)(?![\w.\-])")
_QUOTED = re.compile(
    r"""\s* (?:"(?P<a>[^"]*)"|'(?P<b>[^']*)') \s* (?:"(?P<c>[^"]*)"|'(?P<d>[^']*)')""",
    re.VERBOSE,
)


@dataclass(slots=True)
class _Frame(Generic[RuleT]):
    """One open conditional: its branches so far, and the rules they left open."""

    guards: tuple[Guard, ...]
    before: list[RuleT]
    left_open: list[RuleT] = field(default_factory=list)
    has_else: bool = False


@dataclass(slots=True)
class Conditionals(Generic[RuleT]):
    """The open conditionals, and the rules that the next recipe line extends.

    A recipe behind ``endif`` belongs to the rule that was begun in whichever
    branch make took, so all of them stay open.
    """

    open_rules: list[RuleT] = field(default_factory=list)
    _frames: list[_Frame[RuleT]] = field(default_factory=list)

    @property
    def guards(self) -> tuple[Guard, ...]:
        """Return every condition that holds for the current line."""
        every = (guard for frame in self._frames for guard in frame.guards)
        return tuple(islice(every, MOST + 1))

    def directive(self, text: str, start: int, span: Span) -> Guard | bool:
        """Follow a directive: its new guard, or whether the line was one."""
        word = _WORD.match(text, start)
        if not word or text[word.end() :].lstrip()[:1] in {":", "="}:
            return False
        if word[1] == "endif":
            self._leave()
            return True
        if word[1] == "else":
            self._switch()
            return self._else_if(text, word.end(), span)
        guard = _read(word[1], text[word.end() :], span)
        self._frames.append(_Frame((guard,), list(self.open_rules)))
        return guard

    def _else_if(self, text: str, start: int, span: Span) -> Guard | bool:
        rest = len(text) - len(text[start:].lstrip())
        word = _WORD.match(text, rest)
        if not word or word[1] in {"else", "endif"} or not self._frames:
            if self._frames:
                self._frames[-1].has_else = True
            return True
        guard = _read(word[1], text[word.end() :], span)
        if len(self._frames[-1].guards) <= MOST:
            self._frames[-1].guards += (guard,)
        return guard

    def _switch(self) -> None:
        if self._frames:
            frame = self._frames[-1]
            last = frame.guards[-1]
            frame.guards = (*frame.guards[:-1], replace(last, negated=True))
            frame.left_open += self.open_rules
            self.open_rules = list(frame.before)

    def _leave(self) -> None:
        if self._frames:
            frame = self._frames.pop()
            passed_by = [] if frame.has_else else frame.before
            every = (*frame.left_open, *self.open_rules, *passed_by)
            self.open_rules = list({id(rule): rule for rule in every}.values())


def _read(keyword: str, rest: str, span: Span) -> Guard:
    left, right = _operands(keyword, rest.strip())
    return Guard(keyword, left, right, negated=False, span=span)


def _operands(keyword: str, rest: str) -> tuple[str, str]:
    if keyword in {"ifdef", "ifndef"}:
        return rest, ""
    if rest.startswith("("):
        end = make_text.closing(rest, 0)
        inner = rest[1:end] if end > 0 else rest[1:]
        left, _, right = _halves(inner)
        return left.rstrip(), right.lstrip()
    quoted = _QUOTED.match(rest)
    if not quoted:
        return rest, ""
    return quoted["a"] or quoted["b"] or "", quoted["c"] or quoted["d"] or ""


def _halves(inner: str) -> tuple[str, str, str]:
    parts = make_text.split_arguments(inner, limit=2)
    return (parts[0], ",", parts[1]) if len(parts) > 1 else (parts[0], "", "")
