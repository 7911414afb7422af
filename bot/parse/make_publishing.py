"""Whether a make target sends what it builds to a registry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.parse.make_parts import MakeRule

if TYPE_CHECKING:
    from bot.parse.make_unit import Unit

_PUSHES = re.compile(r"(?<![\w/.])push(?![\w/.]|=false)")
_SAYS = re.compile(r"[@+\-\s]*(?:echo|printf)\b")
_ASKS = re.compile(r"\bif\b|\[\s|\btest\s")
"""What makes the rest of a line depend on a wish, mostly an unspoken one."""


def publishes(unit: Unit, rule: MakeRule, target: str) -> bool:
    """Tell whether making *target* by *rule* pushes something without being asked.

    By its own recipe, or by what it needs, as far as that is named.
    """
    if unit.pushes(rule):
        return True
    publishing = unit.publishing
    return not publishing.isdisjoint((target, *unit.needs(rule)))


def publishing(unit: Unit) -> frozenset[str]:
    """Return every target of *unit* that pushes, by itself or by what it needs.

    One way through the graph, against its arrows: from what pushes to whatever
    needs it.
    """
    above: dict[str, list[str]] = {}
    waiting = []
    for name, rules in unit.by_target.items():
        if _PUSHES.search(name) or any(map(unit.pushes, rules)):
            waiting.append(name)
        for rule in rules:
            for needed in unit.needs(rule):
                above.setdefault(needed, []).append(name)
    found = set(waiting)
    while waiting:
        fresh = set(above.pop(waiting.pop(), ())) - found
        found |= fresh
        waiting += fresh
    return frozenset(found)


def pushes(unit: Unit, rule: MakeRule) -> bool:
    """Tell whether the recipe of *rule* itself pushes something."""
    found = [part for part in rule.recipe if _is_push(part.text)]
    plain = unit.scope({}, "linux/amd64") if found else None
    return any(plain.live(part.guards) is not False for part in found if plain)


def _is_push(text: str) -> bool:
    hit = _PUSHES.search(text)
    if hit is None or _SAYS.match(text):
        return False
    return not _ASKS.search(text[: hit.start()])
