"""Which variable of a Makefile says for which architecture it builds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot import architecture
from bot.architecture import Architecture, Dialect
from bot.parse import make_text
from bot.parse.holes import HOLE
from bot.parse.make_parts import Event, Guard, Variable

_NAME = re.compile(r"[A-Za-z_]\w*")
_ALONE = re.compile(r"""["']?\$[({](?P<name>[A-Za-z_]\w*)[)}]["']?""")
_FILTER = re.compile(r"\$[({](?:filter|filter-out|findstring)(?=\s)")
_ASKS_THE_HOST = re.compile(
    r"uname\s+-[mp]|GO(?:HOST)?ARCH|--print-architecture|\barch\b"
)
_OF_THE_HOST = re.compile(r"BUILD|HOST|NATIVE|LOCAL|UNAME|MACHINE", re.IGNORECASE)
_CUSTOMARY = {"ARCH": 3, "TARGETARCH": 3, "TARGET_ARCH": 3, "GOARCH": 2}

_DEFAULT, _HOST_DEFAULT, _COMPARED, _ASKED_FOR, _USED = 3, 2, 2, 1, 4
_OF_THE_HOST_COST = 6
_MOST = 25
"""Variables that are tried; each costs several readings of the Makefile."""


Evidence = tuple[str, int, str]
"""A variable's name, how much speaks for it, and a word it holds, if known."""


@dataclass(frozen=True, slots=True)
class ArchitectureVariable:
    """A variable and the dialect in which its values are spelled."""

    name: str
    dialect: Dialect

    def value(self, wanted: Architecture) -> str:
        """Return what to set the variable to for *wanted*."""
        return architecture.spell(wanted, self.dialect) or wanted.value

    def assignment(self) -> str:
        """Return the assignment for make, from a shell with TARGETARCH."""
        cases = [
            (each.value, self.value(each))
            for each in Architecture
            if self.value(each) != each.value
        ]
        if not cases:
            return f"{self.name}=$TARGETARCH"
        arms = " ".join(f"{ours}) echo {theirs};;" for ours, theirs in cases)
        choice = f"case $TARGETARCH in {arms} *) echo $TARGETARCH;; esac"
        return f'{self.name}="$({choice})"'


def find(
    found: Iterable[Evidence], is_used: Callable[[str], bool]
) -> ArchitectureVariable | None:
    """Return the variable that an engineer would set, or None.

    *is_used* tells whether a variable decides anything where the asker looks.
    """
    score: Counter[str] = Counter()
    spoken: dict[str, Dialect] = {}
    for name, points, word in found:
        score[name] = max(score[name], points)
        if word:
            spoken.setdefault(name, _dialect(word))
    for name, _ in score.most_common()[_MOST:]:
        del score[name]
    for name, points in tuple(score.items()):
        used = is_used(name)
        offered = points > _DEFAULT and not _OF_THE_HOST.search(name)
        if not (used or offered or name in _CUSTOMARY):
            del score[name]  # it would do nothing
            continue
        score[name] += _CUSTOMARY.get(name, 0)
        score[name] += _USED if used else 0
        score[name] -= _OF_THE_HOST_COST if _OF_THE_HOST.search(name) else 0
    if not score:
        return None
    best = max(score, key=lambda name: (score[name], name))
    return ArchitectureVariable(best, spoken.get(best, Dialect.GO))


def evidence(
    events: Iterable[Event], expand: Callable[[str], str]
) -> Iterator[Evidence]:
    """Yield names with what speaks for them, and a word that they hold.

    *expand* gives values as they are without anything set.
    """
    for event in events:
        if isinstance(event, Variable) and _NAME.fullmatch(event.name):
            yield from _by_default(event, expand)
        elif isinstance(event, Guard):
            yield from _by_comparison(event, expand)


def given(values: Mapping[str, str]) -> Iterator[Evidence]:
    """Yield the variables that a caller of make sets to an architecture."""
    for name, word in values.items():
        if architecture.named(word):
            yield name, _DEFAULT + _COMPARED, word


def _by_default(variable: Variable, expand: Callable[[str], str]) -> Iterator[Evidence]:
    word = expand(variable.value).strip()
    asked = _ASKED_FOR if variable.operator == "?=" else 0
    if any(_compares_architectures(guard) for guard in variable.guards):
        if variable.name in _CUSTOMARY:  # else it follows from another variable
            yield variable.name, _ASKED_FOR, word
    elif architecture.named(word):
        yield variable.name, _DEFAULT + asked, word
    elif _ASKS_THE_HOST.search(variable.value) and "shell" in variable.value:
        yield variable.name, _HOST_DEFAULT + asked, ""
    elif variable.name in _CUSTOMARY and HOLE in word:
        yield variable.name, _ASKED_FOR + asked, ""


def _by_comparison(guard: Guard, expand: Callable[[str], str]) -> Iterator[Evidence]:
    for one, other in ((guard.left, guard.right), (guard.right, guard.left)):
        alone = _ALONE.fullmatch(one.strip())
        word = expand(other).strip().strip("\"'")
        if alone and architecture.named(word):
            yield alone["name"], _DEFAULT + _COMPARED, word
    for one, other in _filtered(guard.left) or _filtered(guard.right):
        alone = _ALONE.fullmatch(one.strip())
        word = next((each for each in other.split() if architecture.named(each)), "")
        if alone and word:
            yield alone["name"], _DEFAULT + _COMPARED, word


def _filtered(text: str) -> tuple[tuple[str, str], ...]:
    """Return what a ``$(filter …)`` of *text* compares, both ways round."""
    found = _FILTER.search(text)
    end = make_text.closing(text, found.start() + 1) if found else -1
    inner = text[found.end() : end] if found and end > 0 else ""
    one, comma, other = inner.partition(",")
    return ((one, other), (other, one)) if comma else ()


def _compares_architectures(guard: Guard) -> bool:
    return any(_by_comparison(guard, lambda text: text))


def _dialect(word: str) -> Dialect:
    found = architecture.mentions(word)
    return found[0].dialect if found else Dialect.GO
