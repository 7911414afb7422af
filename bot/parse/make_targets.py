"""Which target to ask make for, and with what, so that a rule runs."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

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
_MOST_MADE = 50
"""Targets of one rule that are looked at; more are a program's work."""
_DEFAULT_NAMES = {"Makefile", "makefile", "GNUmakefile"}


@dataclass(frozen=True, slots=True)
class Goal:
    """A target's name, and the command that makes it for ``$TARGETARCH``."""

    name: str
    command: str


@dataclass(frozen=True, slots=True)
class Made:
    """One target that a rule makes, and what ``%`` stands for in it."""

    target: str
    stem: str = HOLE


def given(unit: Unit, rule: MakeRule, platform: str) -> dict[str, str]:
    """Return what to set on the command line, so that *rule* builds for *platform*."""
    variable = unit.variable(rule)
    wanted = architecture.of_platform(platform)
    return {variable.name: variable.value(wanted)} if variable and wanted else {}


def made(unit: Unit, rule: MakeRule, platform: str) -> tuple[Made, ...]:
    """Return every target that *rule* makes for *platform*, as far as it is named."""
    plain = unit.scope(given(unit, rule, platform), platform)
    targets = plain.outline(" ".join(rule.targets)).split()
    if not _is_pattern(rule):
        return tuple(map(Made, targets[:_MOST_MADE])) or (Made(""),)
    pattern = _pattern(rule, plain)
    mine = targets if rule.pattern else unit.named_like(pattern)
    architectures = _stem_for(unit, rule, platform)
    stems = [architectures] if architectures else _stems(pattern, mine)[:_MOST_MADE]
    return tuple(Made(pattern.replace("%", each, 1), each) for each in stems or [HOLE])


def scope_of(
    unit: Unit,
    rule: MakeRule,
    platform: str,
    one: Made,
    settings: Mapping[str, str] | None = None,
) -> Scope:
    """Return the variables as the recipe of *rule* sees them when it makes *one*."""
    values = {**given(unit, rule, platform), **(settings or {})}
    plain = unit.scope(values, platform)
    wanted = " ".join(rule.prerequisites)
    if _is_pattern(rule):
        wanted = wanted.replace("%", one.stem)
    needed = plain.outline(wanted).split()
    automatic = {
        "@": one.target,
        "<": needed[0] if needed else "",
        "^": " ".join(dict.fromkeys(needed)),
        "+": " ".join(needed),
        "?": HOLE,
        "*": one.stem,
    }
    return plain.for_target(one.target, automatic)


def architecture_text(unit: Unit, rule: MakeRule) -> str:
    """Return how the recipe of *rule* writes its architecture; maybe empty."""
    if _is_pattern(rule) and _stem_for(unit, rule, "linux/arm64") is not None:
        return "$*"
    variable = unit.variable(rule)
    if not variable:
        return ""
    text = f"$({variable.name})"
    if unit.unasked.plain.outline(text):
        return text
    # Empty unless it is given: an empty argument would replace the default.
    return f"$(or {text},{variable.value(Architecture.AMD64)})"


def goal_of(unit: Unit, rule: MakeRule, platform: str, one: Made) -> Goal:
    """Return what to ask make for, so that the recipe of *rule* makes *one*."""
    plain = unit.scope(given(unit, rule, platform), platform)
    constant = bool(_PLAIN.fullmatch(rule.targets[0])) if rule.targets else False
    alias = "" if constant else _alias(unit, rule, one.target, plain)
    name = alias or one.target
    if HOLE in name or not name:
        return Goal(name.replace(HOLE, "?"), "")
    words = ["make"]
    if unit.directory != ".":
        words += ["-C", shlex.quote(unit.directory)]
    if posixpath.basename(unit.path) not in _DEFAULT_NAMES:
        words += ["-f", shlex.quote(posixpath.relpath(unit.path, unit.directory))]
    words.append(_portable(name, platform, constant=constant))
    variable = unit.variable(rule)
    words += (
        shlex.quote(f"{each}={value}")
        for each, value in unit.values.items()
        if not variable or each != variable.name
    )
    says_itself = not alias and architecture_text(unit, rule) == "$*"
    if variable and not says_itself:
        words.append(variable.assignment())
    return Goal(name, " ".join(words))


def _is_pattern(rule: MakeRule) -> bool:
    return bool(rule.pattern) or any("%" in target for target in rule.targets)


def _pattern(rule: MakeRule, plain: Scope) -> str:
    """Return the pattern of a pattern rule, static or not."""
    return plain.outline(rule.pattern or " ".join(rule.targets[:1])).strip()


def _stems(pattern: str, names: Iterable[str]) -> list[str]:
    """Return what ``%`` of *pattern* stands for in those of *names* that match."""
    before, _, after = pattern.partition("%")
    if not before and not after:
        return []
    return [
        name[len(before) : len(name) - len(after)]
        for name in names
        if matches(pattern, name) and "%" not in name and HOLE not in name
    ]


def _stem_for(unit: Unit, rule: MakeRule, platform: str) -> str | None:
    """Return the stem that stands for *platform*, where stems are architectures."""
    wanted = architecture.of_platform(platform)
    dialect = next(_stem_dialects(unit, rule), None)
    if not wanted or not dialect:
        return None
    return architecture.spell(wanted, dialect)


def _stem_dialects(unit: Unit, rule: MakeRule) -> Iterator[Dialect]:
    pattern = _pattern(rule, unit.plain)
    for stem in _stems(pattern, unit.named_like(pattern)):
        if architecture.named(stem):
            yield architecture.mentions(stem)[0].dialect


def _alias(unit: Unit, rule: MakeRule, target: str, plain: Scope) -> str:
    """Return the plainly named target that exists to have *target* made."""
    wanted = {target, *rule.targets}
    own = _pattern(rule, plain) if architecture_text(unit, rule) == "$*" else target
    above = [
        other
        for other in unit.needing(wanted, plain)
        if other.targets
        and _PLAIN.fullmatch(other.targets[0])
        and not other.targets[0].startswith(".")
        and _SERVES.isdisjoint(_WORD.split(other.targets[0].lower()))
        and {target} >= set(filter(partial(matches, own), _expanded(other, plain)))
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
