"""Which target to ask make for, and with what, so that a rule runs."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from bot import architecture
from bot.architecture import Architecture, Dialect
from bot.parse.holes import HOLE
from bot.parse.make_functions import matches
from bot.parse.make_parts import MakeRule
from bot.parse.make_publishing import publishes
from bot.parse.make_scope import Scope
from bot.parse.make_unit import Unit

_PLAIN = re.compile(r"[A-Za-z0-9_./@+\-]+")
_WORD = re.compile(r"[._\-/]")
_SERVES = frozenset({"test", "tests", "e2e", "push", "publish", "deploy", "clean"})
"""Targets of which an image is not the end."""
_DEFAULT_NAMES = {"Makefile", "makefile", "GNUmakefile"}


@dataclass(frozen=True, slots=True)
class Goal:
    """A target's name, and the command that makes it for ``$TARGETARCH``."""

    name: str
    command: str


def given(unit: Unit, rule: MakeRule, platform: str) -> dict[str, str]:
    """Return what to set on the command line, so that *rule* builds for *platform*."""
    variable = unit.variable(rule)
    wanted = architecture.of_platform(platform)
    return {variable.name: variable.value(wanted)} if variable and wanted else {}


def scope_of(unit: Unit, rule: MakeRule, platform: str) -> Scope:
    """Return the variables as the recipe of *rule* sees them for *platform*."""
    values = given(unit, rule, platform)
    plain = unit.scope(values, platform)
    target = _first_target(unit, rule, platform, plain)
    needed = plain.outline(" ".join(rule.prerequisites)).split()
    stem = _stem_for(unit, rule, platform) if _is_pattern(rule) else None
    automatic = {
        "@": target,
        "<": needed[0] if needed else "",
        "^": " ".join(dict.fromkeys(needed)),
        "+": " ".join(needed),
        "?": HOLE,
        "*": HOLE if stem is None else stem,
    }
    return unit.scope({**values, **automatic}, platform, target)


def architecture_text(unit: Unit, rule: MakeRule) -> str:
    """Return how the recipe of *rule* writes its architecture; maybe empty."""
    if _is_pattern(rule) and _stem_for(unit, rule, "linux/arm64") is not None:
        return "$*"
    variable = unit.variable(rule)
    return f"$({variable.name})" if variable else ""


def goal_of(unit: Unit, rule: MakeRule, platform: str) -> Goal:
    """Return what to ask make for, so that the recipe of *rule* runs."""
    plain = unit.scope(given(unit, rule, platform), platform)
    target = _first_target(unit, rule, platform, plain)
    name = target if _is_constant(rule) else _alias(unit, rule, target, plain) or target
    if HOLE in name or not name:
        return Goal(name.replace(HOLE, "?"), "")
    words = ["make"]
    if unit.directory != ".":
        words += ["-C", shlex.quote(unit.directory)]
    if posixpath.basename(unit.path) not in _DEFAULT_NAMES:
        words += ["-f", shlex.quote(posixpath.relpath(unit.path, unit.directory))]
    variable = unit.variable(rule)
    words.append(_portable(name, platform, constant=_is_constant(rule)))
    if variable and not _is_pattern(rule):
        words.append(variable.assignment())
    return Goal(name, " ".join(words))


def _is_pattern(rule: MakeRule) -> bool:
    return bool(rule.pattern) or any("%" in target for target in rule.targets)


def _is_constant(rule: MakeRule) -> bool:
    return bool(rule.targets) and bool(_PLAIN.fullmatch(rule.targets[0]))


def _first_target(unit: Unit, rule: MakeRule, platform: str, plain: Scope) -> str:
    targets = plain.outline(" ".join(rule.targets)).split()
    if not _is_pattern(rule):
        return targets[0] if targets else ""
    stem = _stem_for(unit, rule, platform)
    pattern = plain.outline(rule.pattern) or (targets[0] if targets else "")
    return pattern.replace("%", HOLE if stem is None else stem)


def _stem_for(unit: Unit, rule: MakeRule, platform: str) -> str | None:
    """Return the stem that stands for *platform*, where stems are architectures."""
    wanted = architecture.of_platform(platform)
    dialect = next(_stem_dialects(unit, rule), None)
    if not wanted or not dialect:
        return None
    return architecture.spell(wanted, dialect)


def _stem_dialects(unit: Unit, rule: MakeRule) -> Iterator[Dialect]:
    plain = unit.scope({}, "linux/amd64")
    pattern = plain.outline(rule.pattern or " ".join(rule.targets)).strip()
    before, _, after = pattern.partition("%")
    for word in _named_targets(unit, plain):
        if matches(pattern, word):
            stem = word[len(before) : len(word) - len(after)]
            if architecture.named(stem):
                yield architecture.mentions(stem)[0].dialect


def _named_targets(unit: Unit, plain: Scope) -> Iterator[str]:
    for rule in unit.rules:
        named = (*rule.targets, *rule.prerequisites)
        yield from plain.outline(" ".join(named)).split()


def _alias(unit: Unit, rule: MakeRule, target: str, plain: Scope) -> str:
    """Return the plainly named target that exists to have *target* made."""
    wanted = {target, *rule.targets}
    above = [
        other
        for other in unit.rules
        if _is_constant(other)
        and not other.targets[0].startswith(".")
        and _SERVES.isdisjoint(_WORD.split(other.targets[0].lower()))
        and wanted & {*other.prerequisites, *_expanded(other, plain)}
    ]
    closest = min(
        above,
        key=lambda other: (
            publishes(unit, other, other.targets[0]),
            len(other.prerequisites),
            bool(other.recipe),
            other.line,
        ),
        default=None,
    )
    return closest.targets[0] if closest else ""


def _expanded(rule: MakeRule, plain: Scope) -> list[str]:
    return plain.outline(" ".join(rule.prerequisites)).split()


def _portable(name: str, platform: str, *, constant: bool) -> str:
    """Return *name* for a shell, with its architecture left to TARGETARCH."""
    wanted = architecture.of_platform(platform)
    for found in architecture.mentions(name) if not constant else ():
        if found.architecture is wanted and found.text == _go(wanted):
            return f'"{name[: found.start]}$TARGETARCH{name[found.end :]}"'
    return shlex.quote(name)


def _go(wanted: Architecture | None) -> str:
    return wanted.value if wanted else ""
