"""What to set so that make takes the branches of a recipe that it leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from bot import architecture
from bot.parse.make_parts import Guard, MakeRule
from bot.parse.make_scope import Scope

_ALONE = re.compile(r"\$[({](?P<name>[A-Za-z_]\w*)[)}]")
_MOST = 5
"""Branches of one recipe; each costs another reading of the Makefile."""

Settings = Mapping[str, str]


def unasked(rule: MakeRule, scope: Scope, known: Iterable[str]) -> Iterator[Settings]:
    """Yield what leads into each branch of *rule* that *scope* leaves out.

    Where the architecture decides (a variable of *known*, or a comparison with
    one), the branch is another platform's and is left out with good reason.
    """
    found: list[Settings] = []
    branches = dict.fromkeys((rule.guards, *(line.guards for line in rule.recipe)))
    for guards in branches:
        if scope.live(guards) is not False:
            continue
        settings = _leading_to(guards, scope, frozenset(known))
        if settings and settings not in found:
            found.append(settings)
    yield from found[:_MOST]


def _leading_to(
    guards: Iterable[Guard], scope: Scope, known: frozenset[str]
) -> Settings:
    settings: dict[str, str] = {}
    for guard in guards:
        if scope.live((guard,)) is not False:
            continue
        name, word = _compared(guard, scope)
        if not name or name in known or architecture.named(word):
            return {}
        equal = (guard.keyword in {"ifeq", "ifdef"}) != guard.negated
        if guard.keyword in {"ifdef", "ifndef"}:
            settings[name] = "1" if equal else ""
        elif equal:
            settings[name] = word
        else:
            settings[name] = "" if word else "1"
    return settings


def _compared(guard: Guard, scope: Scope) -> tuple[str, str]:
    """Return the variable that *guard* looks at, and the word it compares with."""
    if guard.keyword in {"ifdef", "ifndef"}:
        return guard.left.strip(), ""
    for one, other in ((guard.left, guard.right), (guard.right, guard.left)):
        alone = _ALONE.fullmatch(one.strip())
        word = scope.expand(other)
        if alone and word is not None:
            return alone["name"], word.strip()
    return "", ""
