"""How Makefiles call make again (``$(MAKE) -C sub image ARCH=arm64``)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from bot.model import Span
from bot.parse import make_targets
from bot.parse.docker_command import Argument, resolve
from bot.parse.holes import HOLE
from bot.parse.make_functions import matches
from bot.parse.make_parts import MakeRule
from bot.parse.make_unit import Unit

_MAKE = re.compile(r"\$[({]MAKE[)}]|\bmake\b")
_COMMAND = re.compile(r"[;&|]")
"""A call that sets something; any other sees what the Makefile itself says."""
_ASSIGNMENT = re.compile(r"(?P<name>[A-Za-z_]\w*):?:?=(?P<value>.*)", re.DOTALL)
_MOST_COMPARED = 300_000
"""Names that patterns are held against."""
_MOST = 10
_MOST_CALLS = 200
"""Calls that one Makefile is asked for, and makes: each is another reading."""


@dataclass(frozen=True, slots=True)
class Again:
    """One call: in which directory, for which targets, with what set."""

    directory: str
    goals: tuple[str, ...]
    values: tuple[tuple[str, str], ...]


def told(
    units: Sequence[Unit], platform: str
) -> Iterator[tuple[Unit, frozenset[Span]]]:
    """Yield units with the values that a call of make gives, and what it reaches."""
    homes: dict[str, list[Unit]] = {}
    for unit in units:
        if not unit.is_part:
            homes.setdefault(unit.directory, []).append(unit)
    asked = {
        (unit.path, again): unit
        for caller in units
        for again in islice(_calls(caller, platform), _MOST_CALLS)
        for unit in homes.get(again.directory, ())
    }
    followed: dict[str, int] = {}
    for (path, again), unit in asked.items():
        followed[path] = followed.get(path, 0) + 1
        if followed[path] <= _MOST:
            inner = unit.with_values(dict(again.values))
            yield inner, frozenset(rule.span for rule in _reached(inner, again.goals))


def _calls(unit: Unit, platform: str) -> Iterator[Again]:
    for rule in unit.rules:
        if not any(_sets_something(line.text) for line in rule.recipe):
            continue
        for one in make_targets.made(unit, rule, platform):
            scope = make_targets.scope_of(unit, rule, platform, one)
            if scope.live(rule.guards) is False:
                continue
            for command in unit.recipes.commands(rule, scope):
                again = _read(command.words, command.directory)
                if again and again.values:
                    yield again


def _sets_something(text: str) -> bool:
    calls = ((_MAKE.search(each), each) for each in _COMMAND.split(text))
    return any(call and "=" in each[call.end() :] for call, each in calls)


def _read(words: Sequence[Argument], directory: str) -> Again | None:
    texts = [word.text for word in words]
    if not texts or posixpath.basename(texts[0]) != "make" or not directory:
        return None
    goals: list[str] = []
    values: dict[str, str] = {}
    for before, text in pairwise(texts):
        assignment = _ASSIGNMENT.fullmatch(text)
        if before in {"-C", "--directory"}:
            directory = resolve(directory, text)
        elif before in {"-f", "--file", "--makefile"}:
            return None
        elif text.startswith("--directory="):
            directory = resolve(directory, text.partition("=")[2])
        elif assignment and HOLE not in text:
            values[assignment["name"]] = assignment["value"]
        elif not assignment and not text.startswith("-"):
            goals.append(text)
    return Again(directory, tuple(goals), tuple(sorted(values.items())))


def _reached(unit: Unit, goals: Iterable[str]) -> Iterator[MakeRule]:
    """Yield the rules that make runs for *goals*: without any, for the first one."""
    first = (rule.targets[0] for rule in unit.rules if _is_first(rule))
    waiting = [*goals] or [next(first, "")]
    patterns = [
        (target, rule)
        for rule in unit.rules
        for target in rule.targets
        if "%" in target
    ]
    left = _MOST_COMPARED
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        rules = unit.rules_of(name)
        if not rules and left > 0:
            left -= len(patterns)
            rules = tuple(rule for each, rule in patterns if matches(each, name))
        for rule in rules:
            yield rule
            waiting += unit.needs(rule)


def _is_first(rule: MakeRule) -> bool:
    return bool(rule.targets) and not rule.targets[0].startswith(".")
