"""Whether a make target sends what it builds to a registry."""

from __future__ import annotations

import re

from bot.parse.make_parts import MakeRule
from bot.parse.make_unit import Unit

_PUSHES = re.compile(r"(?<![\w/.])push(?![\w/.]|=false)")
_SAYS = re.compile(r"[@+\-\s]*(?:echo|printf)\b")
_ASKS = re.compile(r"\bif\b|\[\s|\btest\s")
"""What makes the rest of a line depend on a wish, mostly an unspoken one."""


def publishes(unit: Unit, rule: MakeRule, target: str) -> bool:
    """Tell whether making *target* by *rule* pushes something without being asked.

    By its own recipe, or by what it needs, as far as that is named.
    """
    if _pushes(unit, rule):
        return True
    seen: set[str] = set()
    waiting = [target, *unit.needs(rule)]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for other in unit.rules_of(name):
            if _PUSHES.search(name) or _pushes(unit, other):
                return True
            waiting += unit.needs(other)
    return False


def _pushes(unit: Unit, rule: MakeRule) -> bool:
    found = [part for part in rule.recipe if _is_push(part.text)]
    plain = unit.scope({}, "linux/amd64") if found else None
    return any(plain.live(part.guards) is not False for part in found if plain)


def _is_push(text: str) -> bool:
    hit = _PUSHES.search(text)
    if hit is None or _SAYS.match(text):
        return False
    return not _ASKS.search(text[: hit.start()])
